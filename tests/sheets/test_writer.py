"""Workbooks and CSV files out, read back by another library."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from firdesk.domain.problem import Refus
from firdesk.sheets import writer
from firdesk.sheets.writer import Column, SheetSpec, write_csv, write_xlsx

COLUMNS = [
    Column("Opérateur", "texte"),
    Column("Nombre", "entier"),
    Column("Montant notifié", "montant"),
    Column("Part", "pourcent"),
    Column("Notifié le", "date"),
]
ROWS: list[tuple[object, ...]] = [
    ("CH de Laon", 3, 123_456_789_01, Decimal("26.6"), date(2025, 3, 1)),
    ("020000063", 1, -5, 0, None),
]


def written(path: Path, spec: SheetSpec) -> Worksheet:
    write_xlsx(path, [spec])
    sheet = openpyxl.load_workbook(path)[spec.name]
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "synthèse.xlsx"


def test_each_column_has_real_values_of_its_kind(target: Path) -> None:
    sheet = written(target, SheetSpec("A", COLUMNS, ROWS))
    first = [c.value for c in sheet[2]]
    assert first[:4] == ["CH de Laon", 3, 123456789.01, 0.266]
    assert sheet["E2"].value.date() == date(2025, 3, 1)
    assert [c.value for c in sheet[3]] == ["020000063", 1, -0.05, 0, None]


def test_amounts_show_two_decimals_and_the_euro(target: Path) -> None:
    sheet = written(target, SheetSpec("A", COLUMNS, ROWS))
    assert sheet["C2"].number_format == '#,##0.00\\ "€"'
    assert sheet["E2"].number_format == "dd/mm/yyyy"


@pytest.mark.parametrize("text", ["=1+1", "+33 3 23", "@somme", "http://exemple.fr", "12", "{=A1}", "mailto:a@b"])
def test_a_text_is_never_taken_for_something_else(target: Path, text: str) -> None:
    cell = written(target, SheetSpec("A", [Column("T", "texte")], [(text,)]))["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, cell.data_type, None)
    assert cell.data_type in ("s", "inlineStr", "f")
    raw = _sheet_xml(target)
    assert b"<f>" not in raw
    assert b"hyperlink" not in raw


def _sheet_xml(path: Path) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_the_total_is_bold_and_made_of_the_values_given(target: Path) -> None:
    spec = SheetSpec("A", COLUMNS, ROWS, total=("Total", 4, 123_456_788_96, None, None))
    sheet = written(target, spec)
    assert [c.value for c in sheet[4]] == ["Total", 4, 123456788.96, None, None]
    assert all(sheet.cell(4, c).font.b for c in range(1, 6))


def test_the_filter_leaves_the_total_out(target: Path) -> None:
    sheet = written(target, SheetSpec("A", COLUMNS, ROWS, total=("Total", 4, 0, None, None)))
    assert sheet.auto_filter.ref == "A1:E3"


def test_the_header_is_frozen_and_printed_on_each_page(target: Path) -> None:
    spec = SheetSpec("A", COLUMNS, ROWS, title="Synthèse par thème", notes=("Au 1er mars.",))
    sheet = written(target, spec)
    assert sheet["A1"].value == "Synthèse par thème"
    assert sheet["A2"].value == "Au 1er mars."
    assert sheet["A4"].value == "Opérateur"
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"


def test_a_page_is_landscape_and_as_wide_as_the_paper(target: Path) -> None:
    setup = written(target, SheetSpec("A", COLUMNS, ROWS)).page_setup
    assert (setup.orientation, setup.fitToWidth or 1, setup.fitToHeight) == ("landscape", 1, 0)


def test_widths_follow_the_content_within_reason(target: Path) -> None:
    columns = [Column("Court", "texte"), Column("Long", "texte"), Column("Fixe", "texte", width=17)]
    sheet = written(target, SheetSpec("A", columns, [("a" * 30, "b" * 500, "c")]))
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert [round(w) for w in widths] == [33, 61, 18]


def test_the_workbook_bears_the_title(target: Path) -> None:
    write_xlsx(target, [SheetSpec("A", COLUMNS, ROWS, title="Bilan 2025")])
    assert openpyxl.load_workbook(target).properties.title == "Bilan 2025"


def test_names_of_sheets_are_made_acceptable_and_different(target: Path) -> None:
    names = ["Mission 1/2 : [parcours]", "a" * 40, "A" * 40, "", "History"]
    write_xlsx(target, [SheetSpec(n, COLUMNS, ROWS) for n in names])
    read = openpyxl.load_workbook(target).sheetnames
    assert read[0] == "Mission 1 2    parcours"
    assert read[1:] == ["a" * 31, "A" * 27 + " (2)", "Feuille", "History_"]


def test_a_text_too_long_for_excel_says_that_it_was_cut(target: Path) -> None:
    value = written(target, SheetSpec("A", [Column("T", "texte")], [("x" * 40_000,)]))["A2"].value
    assert isinstance(value, str)
    assert len(value) == writer.MAX_TEXT
    assert value.endswith("[texte coupé]")


def test_a_date_before_excel_is_a_text(target: Path) -> None:
    sheet = written(target, SheetSpec("A", [Column("D", "date")], [(date(1789, 7, 14),)]))
    assert sheet["A2"].value == "14/07/1789"


def test_rows_of_unknown_number_are_written_as_they_come(target: Path) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for i in range(50):
            yield (f"ligne {i}", i, i, 0, None)

    assert written(target, SheetSpec("A", COLUMNS, rows(), total=("Total", 1, 2, 3, None))).max_row == 52


def test_an_amount_that_is_no_cents_is_a_mistake_of_the_program(target: Path) -> None:
    with pytest.raises(TypeError, match="cents"):
        write_xlsx(target, [SheetSpec("A", [Column("M", "montant")], [(1.5,)])])
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("rows", [ROWS * 1000, iter(ROWS * 1000)], ids=["list", "stream"])
def test_giving_up_leaves_the_target_and_the_folder_as_they_were(target: Path, rows: object) -> None:
    target.write_bytes(b"ancien")

    def give_up(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_xlsx(target, [SheetSpec("A", COLUMNS, rows)], on_row=give_up)  # type: ignore[arg-type]
    assert target.read_bytes() == b"ancien"
    assert list(target.parent.iterdir()) == [target]


def test_a_target_open_in_excel_is_to_be_closed(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_source: object, _target: object) -> None:
        raise PermissionError(13, "used by another process")

    monkeypatch.setattr("firdesk.sheets.writer.os.replace", locked)
    with pytest.raises(Refus, match="le fermer"):
        write_xlsx(target, [SheetSpec("A", COLUMNS, ROWS)])
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("large", [False, True])
def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGE", 0 if large else 20_000)
    with pytest.raises(Refus, match="autre dossier"):
        write_xlsx(tmp_path / "absent" / "a.xlsx", [SheetSpec("A", COLUMNS, ROWS)])


def test_a_csv_file_holds_amounts_to_the_cent(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [("CH", 5), ("CH", -5), ("CH", 999_999_999_999_99), ("CH", 0), ("CH", None)]
    write_csv(path, ["Nom", Column("Montant", "montant")], rows)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines == ["Nom;Montant", "CH;0,05", "CH;-0,05", "CH;999999999999,99", "CH;0,00", "CH;"]


def test_a_csv_file_is_one_that_excel_opens_in_french(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["Né", "b", "c"], [(date(2025, 3, 1), Decimal("26.60"), 1.5), ('a;"b"', True, 12)])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfN\xc3\xa9;b;c\r\n")
    assert list(csv.reader(content.decode("utf-8-sig").splitlines(), delimiter=";"))[1:] == [
        ["01/03/2025", "26,60", "1,5"],
        ['a;"b"', "oui", "12"],
    ]


@pytest.mark.parametrize(
    ("text", "in_file"),
    [("=1", "'=1"), ("@a", "'@a"), ("+a", "'+a"), ("-1 234,5", "-1 234,5"), ("+33 3", "+33 3"), ("a=1", "a=1")],
)
def test_a_csv_text_that_excel_would_run_is_held_back(tmp_path: Path, text: str, in_file: str) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["t"], [(text,)])
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == in_file
