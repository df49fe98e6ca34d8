"""What is read of a workbook: values, addresses, and what a reader of values does not tell."""

import hashlib
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Value, Workbook
from tests.sheets.odd_files import strict

Packager = Callable[..., Path]
Load = Callable[..., Workbook]


def row(*cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def test_each_type_of_value_keeps_its_type(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "types.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    values: list[Value] = [
        "texte",
        1,
        1.5,
        True,
        date(2025, 3, 1),
        datetime(2025, 3, 1, 12, 30),  # noqa: DTZ001
        " bord",
        35181600000000,
        -0.05,
    ]
    sheet.append(values)  # type: ignore[union-attr]
    book.save(path)
    grid = load(path).grids[0]
    read = grid.rows[0]
    assert read == values
    assert [type(v) for v in read] == [type(v) for v in values]


def test_the_file_is_named_and_fingerprinted(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "Suivi été.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("A").write(0, 0, 1)
    workbook = load(path)
    assert workbook.name == "Suivi été.xlsx"
    assert workbook.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert workbook.size == path.stat().st_size
    assert workbook.kind == "xlsx"


@pytest.mark.parametrize("old_mac", [False, True])
def test_a_date_is_the_same_day_in_both_calendars_of_excel(tmp_path: Path, load: Load, old_mac: bool) -> None:
    path = tmp_path / "dates.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": old_mac}) as book:
        style = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet().write_datetime(0, 0, datetime(2025, 3, 1), style)  # noqa: DTZ001
    assert load(path).grids[0].rows == [[date(2025, 3, 1)]]


def test_a_code_that_excel_turned_into_a_date_shows_as_that_date(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "dates.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        style = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet().write_number(0, 0, 5, style)
    assert load(path).grids[0].rows == [[date(1900, 1, 5)]]


def test_a_time_and_a_duration_are_texts(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "heures.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 0.5, book.add_format({"num_format": "hh:mm"}))
        sheet.write_number(0, 1, 1.5, book.add_format({"num_format": "[h]:mm"}))
    assert load(path).grids[0].rows == [["12:00:00", "36:00:00"]]


def test_a_percentage_is_a_number(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "part.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_number(0, 0, 0.266, book.add_format({"num_format": "0.0%"}))
    assert load(path).grids[0].rows == [[0.266]]


def test_a_cell_in_error_is_listed_with_its_address_and_never_empty(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "erreurs.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Suivi")
        sheet.write_row(1, 1, ["Nom", "Montant"])
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    workbook = load(path)
    grid = workbook.grids[0]
    assert grid.errors == {(2, 2): "#DIV/0!"}
    assert grid.value(2, 2) == "#DIV/0!"
    assert grid.cell(2, 2).address == "C3"
    assert workbook.notes == ("Feuille «\u00a0Suivi\u00a0»\u00a0: une cellule en erreur.",)


def test_an_error_alone_on_its_line_or_in_its_column_is_kept(package: Packager, load: Load) -> None:
    rows = (
        row('<c r="A1" t="e"><v>#REF!</v></c>')
        + row('<c r="B3"><v>1</v></c>', number=3)
        + row("<c r='D5' t='e'><v>#N/A</v></c>", number=5)
    )
    grid = load(package(rows)).grids[0]
    assert grid.errors == {(0, 0): "#REF!", (4, 3): "#N/A"}
    assert grid.rows == [["#REF!"], [], [None, 1], [], [None, None, None, "#N/A"]]


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_a_formula_without_result_is_listed_and_never_zero(package: Packager, load: Load, value: str) -> None:
    rows = row(f'<c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f>{value}</c><c r="C1"><v>3</v></c>')
    grid = load(package(rows)).grids[0]
    assert grid.uncached == {(0, 1)}
    assert grid.rows == [[1, None, 3]]
    assert grid.raw(0, 1) == "(formule non calculée)"


def test_a_formula_never_computed_is_not_the_zero_stored_beside_it(tmp_path: Path, load: Load) -> None:
    """Programs that write workbooks store 0 beside a formula and ask Excel to compute it on opening."""
    path = tmp_path / "total.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [10, 20])
        sheet.write_formula(0, 2, "=A1+B1")
        sheet.write_formula(0, 3, "=A1+B1", None, 30)
    grid = load(path).grids[0]
    assert grid.uncached == {(0, 2)}
    assert grid.rows == [[10, 20, None, 30]]


def test_a_zero_computed_by_excel_is_a_zero(package: Packager, load: Load) -> None:
    rows = row('<c r="A1"><f>B1-B1</f><v>0</v></c>')
    grid = load(package(rows)).grids[0]
    assert (grid.uncached, grid.rows) == (frozenset(), [[0]])


def test_a_formula_that_gives_an_empty_text_is_computed(package: Packager, load: Load) -> None:
    rows = row('<c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c>')
    assert load(package(rows)).grids[0].uncached == frozenset()


def test_shared_formulas_without_result_are_seen_too(package: Packager, load: Load) -> None:
    rows = row('<c r="A1"><f t="shared" ref="A1:B1" si="0">1+1</f><v>2</v></c><c r="B1"><f t="shared" si="0"/></c>')
    assert load(package(rows)).grids[0].uncached == {(0, 1)}


def test_the_formulas_of_openpyxl_have_no_result(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "formules.xlsx"
    book = openpyxl.Workbook()
    book.active["B2"] = "=SUM(A1:A9)"  # type: ignore[index]
    book.save(path)
    workbook = load(path)
    assert workbook.grids[0].uncached == {(1, 1)}
    assert workbook.grids[0].cells_seen == 1


def test_hidden_rows_columns_and_sheets_are_said(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "caches.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Vu")
        for i in range(6):
            sheet.write_row(i, 0, ["a", "b", "c"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(9, 16383, None, None, {"hidden": True})
        other = book.add_worksheet("Caché")
        other.write(0, 0, "x")
        other.hide()
    workbook = load(path)
    seen, hidden = workbook.grids
    assert seen.hidden_rows == {2, 4}
    assert seen.hidden_columns == {1}
    assert (seen.hidden, hidden.hidden) == (False, True)
    assert [n.replace("\u00a0", " ") for n in workbook.notes] == [
        "Feuille « Vu » : 2 lignes masquées.",
        "Feuille « Vu » : une colonne masquée.",
        "Feuille « Caché » : masquée.",
    ]


def test_merged_areas_are_listed(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "fusions.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "Titre")
        sheet.merge_range(2, 1, 5, 1, "Nord")
        sheet.write(6, 3, "fin")
        sheet.merge_range(90, 0, 95, 3, "")
    assert load(path).grids[0].merged == ((0, 0, 0, 3), (2, 1, 5, 1))


@pytest.mark.parametrize("old_mac", [False, True])
def test_strict_open_xml_is_read_as_the_usual_one(tmp_path: Path, load: Load, old_mac: bool) -> None:
    path = tmp_path / "classeur.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": old_mac}) as book:
        sheet = book.add_worksheet("Suivi")
        sheet.merge_range(0, 0, 0, 2, "Titre")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(1, 0, datetime(2025, 3, 1), day)  # noqa: DTZ001
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.write(2, 2, "fin")
    target = tmp_path / "strict.xlsx"
    target.write_bytes(strict(path.read_bytes()))
    usual, other = load(path), load(target)
    assert other.grids == usual.grids
    assert other.grids[0].value(1, 0) == date(2025, 3, 1)
    assert other.grids[0].errors == {(1, 1): "#DIV/0!"}
    assert other.notes == usual.notes


def test_a_sheet_that_starts_far_from_a1_keeps_its_addresses(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "loin.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(4, 3, "nom")
        sheet.write(6, 5, 12)
    grid = load(path).grids[0]
    assert (grid.first_row, grid.first_column) == (4, 3)
    assert grid.rows == [["nom"], [], [None, None, 12]]
    assert grid.value(6, 5) == 12


def test_a_formula_above_the_table_does_not_move_it(package: Packager, load: Load) -> None:
    rows = row('<c r="A1"><f>1+1</f></c>') + row('<c r="C3"><v>5</v></c>', number=3)
    grid = load(package(rows)).grids[0]
    assert grid.value(2, 2) == 5
    assert grid.raw(0, 0) == "(formule non calculée)"


@pytest.mark.parametrize("inline", [False, True])
def test_texts_are_the_same_inline_or_shared(tmp_path: Path, load: Load, inline: bool) -> None:
    path = tmp_path / "textes.xlsx"
    texts = ["020000063", "a & b < c", " bords ", "ligne 1\nligne 2", "=1+1", "œuvre"]
    with xlsxwriter.Workbook(str(path), {"constant_memory": inline, "strings_to_formulas": False}) as book:
        book.add_worksheet().write_row(0, 0, texts)
    with zipfile.ZipFile(path) as archive:
        assert (b"inlineStr" in archive.read("xl/worksheets/sheet1.xml")) is inline
    assert load(path).grids[0].rows == [texts]


def test_cells_and_rows_without_reference_are_counted(package: Packager, load: Load) -> None:
    rows = (
        "<row><c><v>1</v></c><c t='e'><v>#REF!</v></c></row><row hidden='1'><c><v>2</v></c><c/><c><f>A1</f></c></row>"
    )
    grid = load(package(rows)).grids[0]
    assert grid.errors == {(0, 1): "#REF!"}
    assert grid.uncached == {(1, 2)}
    assert grid.hidden_rows == {1}


def test_a_prefix_before_every_name_changes_nothing(package: Packager, load: Load) -> None:
    sheet = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<x:cols><x:col min="2" max="2" hidden="1"/></x:cols><x:sheetData><x:row r="1" hidden="1">'
        '<x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1" t="e"><x:v>#N/A</x:v></x:c>'
        '<x:c r="C1"><x:f>A1</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    )
    grid = load(package(sheet=sheet)).grids[0]
    assert grid.errors == {(0, 1): "#N/A"}
    assert grid.uncached == {(0, 2)}
    assert grid.hidden_rows == {0}
    assert grid.hidden_columns == {1}


def test_a_dimension_that_lies_changes_nothing(package: Packager, load: Load) -> None:
    path = package(row('<c r="A1"><v>1</v></c>'), before='<dimension ref="A1:XFD1048576"/>')
    assert load(path).grids[0].rows == [[1]]


def test_a_far_cell_that_is_only_coloured_is_not_read(package: Packager, load: Load) -> None:
    rows = row('<c r="A1"><v>1</v></c>') + row('<c r="XFD1048576" s="0"/>', number=1048576)
    assert load(package(rows)).grids[0].rows == [[1]]


def test_a_number_that_is_none_stays_visible(package: Packager, load: Load) -> None:
    assert load(package(row('<c r="A1"><v>abc</v></c>'))).grids[0].rows == [["abc"]]


def test_a_sheet_of_charts_is_left_out(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "graphique.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Données").write_column(0, 0, [1, 2])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Données!$A$1:$A$2"})
        book.add_chartsheet("Graphe").set_chart(chart)
    assert [g.name for g in load(path).grids] == ["Données"]


def test_an_empty_sheet_is_an_empty_grid(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "vide.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Vide")
    grid = load(path).grids[0]
    assert (grid.rows, grid.cells_seen, grid.width) == ([], 0, 0)


def test_as_many_cells_are_seen_as_another_reader_sees(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "compte.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for i in range(1200):
            sheet.write_row(i, 1, [i, f"texte {i}", None, i / 3] if i % 7 else [None, "seul"])
        sheet.write_formula(3, 9, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 9, "=1+1")
    other = openpyxl.load_workbook(path).active
    assert isinstance(other, Worksheet)
    counted = len([cell for line in other.iter_rows() for cell in line if cell.value is not None])
    assert load(path).grids[0].cells_seen == counted


def test_a_workbook_with_macros_is_read_and_named(package: Packager, load: Load) -> None:
    path = package(row('<c r="A1"><v>1</v></c>'), extra={"xl/vbaProject.bin": b"\xd0\xcf"})
    assert load(path).kind == "xlsm"


def test_an_old_workbook_that_cannot_be_understood_is_refused(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "vieux.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(2000))
    with pytest.raises(Refus, match="abîmé"):
        load(path)
