"""A marked copy differs from the workbook by its marks and by nothing else."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from firdesk.domain.problem import Refus
from firdesk.sheets.annotate import SHEET, Listing, Mark, annotate
from firdesk.sheets.assembly import Assembly
from firdesk.sheets.reader import read_lines
from firdesk.sheets.style_part import FILL

#: openpyxl, which only reads here, says what it would lose.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
LISTING = Listing(("Rejets",), ("Feuille", "Cellule", "Lu", "Attendu", "Que faire"), [("L'an", "F10", "x", "y", "z")])
MARKS = [Mark("L'an", 9, 5, "Lu : « x »"), Mark("L'an", 60, 5, "ligne vide"), Mark("L'an", 9, 30, "loin à droite")]


def pixel() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """Formulas, formats, a chart, an image, a table, data bars, a name, a print area, somebody's comment."""
    path = tmp_path / "riche.xlsx"
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    first, other = book.add_worksheet("L'an"), book.add_worksheet("Autre")
    euros = book.add_format({"num_format": '#,##0.00\\ "€"', "bold": True, "bg_color": "#FFFF00"})
    first.set_column(5, 5, 20, euros)
    for row in range(50):
        first.write_string(row, 0, f"opérateur {row}")
        first.write_number(row, 5, row * 10.5, euros)
        first.write_formula(row, 6, f"=F{row + 1}*2", None, row * 21)
    first.conditional_format("F1:F50", {"type": "data_bar", "bar_solid": True})
    first.data_validation("H1:H50", {"validate": "list", "source": ["oui", "non"]})
    first.write_comment("A3", "à revoir", {"author": "Mme Petit"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='L''an'!$F$1:$F$50"})
    first.insert_chart("J2", chart)
    first.insert_image("J30", "x.png", {"image_data": io.BytesIO(pixel())})
    first.add_table("L1:M5")
    first.autofilter("A1:G50")
    first.print_area("A1:G50")
    first.freeze_panes(1, 1)
    book.define_name("taux", "='Autre'!$A$1")
    other.write(0, 0, 0.5)
    other.activate()
    book.close()
    return path


def marked(source: Path, marks: list[Mark] | None = None) -> Path:
    target = source.with_name(f"{source.stem} - rejets{source.suffix}")
    assert annotate(source.read_bytes(), source.name, target, MARKS if marks is None else marks, LISTING) == ()
    return target


def described(cell: Any) -> tuple[object, ...]:
    return cell.value, cell.number_format, cell.font.b, cell.alignment.horizontal, cell.border.left.style


def cells(path: Path) -> dict[tuple[str, str], tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, c.coordinate): (*described(c), c.value is not None and c.fill.fgColor.rgb)
        for sheet in book
        if sheet.title != SHEET
        for row in sheet.iter_rows()
        for c in row
        if c.value is not None
    }


def test_values_formulas_and_formats_are_those_of_the_original(rich: Path) -> None:
    before, after = cells(rich), cells(marked(rich))
    different = {place for place in before | after if before.get(place) != after.get(place)}
    assert different == {("L'an", "F10")}
    assert before["L'an", "F10"][:-1] == after["L'an", "F10"][:-1]
    assert after["L'an", "F10"][-1] == FILL


def test_results_of_formulas_are_still_there(rich: Path) -> None:
    sheet = openpyxl.load_workbook(marked(rich), data_only=True)["L'an"]
    assert sheet["G10"].value == 9 * 21


def test_parts_that_are_not_about_marks_are_the_same_bytes(rich: Path) -> None:
    with zipfile.ZipFile(rich) as before, zipfile.ZipFile(marked(rich)) as after:
        changed = {n for n in before.namelist() if before.read(n) != after.read(n)}
        added = set(after.namelist()) - set(before.namelist())
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert added == {"xl/worksheets/sheet3.xml"}


def test_what_surrounds_the_rows_is_untouched(rich: Path) -> None:
    def around(path: Path) -> tuple[str, ...]:
        with zipfile.ZipFile(path) as archive:
            text = archive.read("xl/worksheets/sheet1.xml").decode()
        head, _, rest = text.partition("<sheetData>")
        return head, rest.partition("</sheetData>")[2]

    assert around(marked(rich)) == around(rich)


def test_every_mark_is_coloured_and_says_why_even_where_no_cell_was(rich: Path) -> None:
    sheet = openpyxl.load_workbook(marked(rich))["L'an"]
    for address, text in (("F10", "Lu : « x »"), ("F61", "ligne vide"), ("AE10", "loin à droite")):
        assert (sheet[address].fill.fgColor.rgb, sheet[address].comment.text) == (FILL, text)
        assert sheet[address].comment.author == "FIRDesk"
    assert sheet["F61"].number_format == sheet["F10"].number_format
    assert sheet["A3"].comment.text == "à revoir"


def test_the_list_comes_first_with_links_to_the_cells(rich: Path) -> None:
    book = openpyxl.load_workbook(marked(rich))
    assert book.sheetnames == [SHEET, "L'an", "Autre"]
    assert book.active is book[SHEET]
    sheet = book[SHEET]
    assert [c.value for c in sheet[3]] == ["L'an", "F10", "x", "y", "z"]
    assert sheet["B3"].hyperlink.location == "'L''an'!F10"


def test_names_print_areas_and_filters_follow_their_sheet(rich: Path) -> None:
    book = openpyxl.load_workbook(marked(rich))
    assert book["L'an"].print_area == "'L''an'!$A$1:$G$50"
    assert book["L'an"].auto_filter.ref == "A1:G50"
    assert book.defined_names["taux"].value == "'Autre'!$A$1"


def test_only_the_list_is_selected_lest_typing_go_to_several_sheets(rich: Path) -> None:
    with zipfile.ZipFile(marked(rich)) as archive:
        selected = [n for n in archive.namelist() if b'tabSelected="1"' in archive.read(n)]
    assert selected == ["xl/worksheets/sheet3.xml"]


def test_somebody_else_comment_is_kept_above_ours(rich: Path) -> None:
    sheet = openpyxl.load_workbook(marked(rich, [Mark("L'an", 2, 0, "Lu : « opérateur 2 »")]))["L'an"]
    assert sheet["A3"].comment.text == "à revoir\nLu : « opérateur 2 »"
    assert sheet["A3"].comment.author == "Mme Petit"


def test_two_marks_of_one_cell_are_one_comment(rich: Path) -> None:
    sheet = openpyxl.load_workbook(marked(rich, [Mark("L'an", 9, 5, "un"), Mark("L'an", 9, 5, "deux")]))["L'an"]
    assert sheet["F10"].comment.text == "un\n\ndeux"


def test_marking_a_copy_again_replaces_the_former_marks(rich: Path) -> None:
    again = marked(marked(rich), [Mark("Autre", 0, 0, "encore")])
    book = openpyxl.load_workbook(again)
    assert book.sheetnames == [SHEET, "L'an", "Autre"]
    assert book["L'an"]["F10"].comment is None
    assert book["L'an"]["F10"].fill.fgColor.rgb == "FFFFFF00"
    assert book["Autre"]["A1"].comment.text == "encore"
    assert cells(again).keys() == cells(rich).keys()


def test_macros_are_kept_byte_for_byte(rich: Path) -> None:
    path = rich.with_suffix(".xlsm")
    with zipfile.ZipFile(rich) as before, zipfile.ZipFile(path, "w") as out:
        for name in before.namelist():
            out.writestr(name, before.read(name))
        out.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macros")
    with zipfile.ZipFile(marked(path)) as archive:
        assert archive.read("xl/vbaProject.bin") == b"\xd0\xcf\x11\xe0 macros"


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The same workbook with other members."""
    made = path.with_name("autre.xlsx")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(made, "w") as out:
        for name in before.namelist():
            out.writestr(name, change(name, before.read(name)))
    return made


def test_a_writer_that_prefixes_its_elements_or_omits_addresses_is_understood(rich: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name == "xl/worksheets/sheet2.xml":
            return (
                b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
                b"<x:row><x:c><x:v>1</x:v></x:c><x:c/><x:c><x:v>3</x:v></x:c></x:row><x:row/><x:row r='4'/>"
                b"</x:sheetData></x:worksheet>"
            )
        return data

    marks = [Mark("Autre", 0, 2, "C1"), Mark("Autre", 1, 0, "A2"), Mark("Autre", 2, 1, "B3"), Mark("Autre", 3, 0, "A4")]
    sheet = openpyxl.load_workbook(marked(rewritten(rich, change), marks))["Autre"]
    assert {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment} == {
        "C1": "C1", "A2": "A2", "B3": "B3", "A4": "A4",
    }  # fmt: skip
    assert [c.fill.fgColor.rgb for c in (sheet["C1"], sheet["A2"], sheet["B3"], sheet["A4"])] == [FILL] * 4
    assert (sheet["A1"].value, sheet["C1"].value) == (1, 3)


def test_strict_open_xml_keeps_its_name_spaces(rich: Path) -> None:
    def change(_name: str, data: bytes) -> bytes:
        data = data.replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        return data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )

    copy = marked(rewritten(rich, change))
    with zipfile.ZipFile(copy) as archive:
        for name in archive.namelist():
            assert b"schemas.openxmlformats.org/spreadsheetml" not in archive.read(name)
    assembly = Assembly()
    for line in read_lines(copy):
        assembly.add(line)
    assert assembly.workbook is not None
    assert [g.name for g in assembly.workbook.grids] == [SHEET, "L'an", "Autre"]


def test_a_workbook_without_styles_or_comments_gets_its_own(tmp_path: Path) -> None:
    path = tmp_path / "nu.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "L'an"
    book.active["F10"] = 12
    book.save(path)

    def change(name: str, data: bytes) -> bytes:
        if name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            return re.sub(rb"<(?:Override|Relationship) [^>]*styles[^>]*/>", b"", data)
        return data

    bare = rewritten(path, change)
    with zipfile.ZipFile(bare) as before, zipfile.ZipFile(path, "w") as out:
        for name in before.namelist():
            if name != "xl/styles.xml":
                out.writestr(name, before.read(name))
    sheet = openpyxl.load_workbook(marked(path))["L'an"]
    assert (sheet["F10"].value, sheet["F10"].fill.fgColor.rgb) == (12, FILL)


def test_what_progress_raises_leaves_no_file(rich: Path) -> None:
    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    target = rich.with_name("copie.xlsx")
    with pytest.raises(KeyboardInterrupt):
        annotate(rich.read_bytes(), rich.name, target, MARKS, LISTING, stop)
    assert list(rich.parent.iterdir()) == [rich]


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refus, match=r"a\.csv"):
        annotate(b"a;b\n1;2\n", "a.csv", tmp_path / "copie.xlsx", MARKS, LISTING)
