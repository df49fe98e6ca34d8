"""OpenDocument workbooks, written by hand as LibreOffice writes them."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Workbook
from firdesk.sheets.preflight import check

Load = Callable[..., Workbook]
_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for short, long in [("office", "office"), ("table", "table"), ("text", "text"), ("style", "style")]
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
NAME = '<table:table-cell office:value-type="string"><text:p>nom</text:p></table:table-cell>'
NUMBER = '<table:table-cell office:value-type="float" office:value="12.5"><text:p>12,50</text:p></table:table-cell>'
DAY = '<table:table-cell office:value-type="date" office:date-value="2025-03-01"/>'
ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)


def ods(tmp_path: Path, tables: str) -> Path:
    path = tmp_path / "classeur.ods"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} {_CALC}>'
        '<office:automatic-styles><style:style style:name="cache" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def table(*rows: str, columns: str = "", name: str = "A", style: str = "") -> str:
    body = "".join(r if r.startswith("<table:table-row") else f"<table:table-row>{r}</table:table-row>" for r in rows)
    return f'<table:table table:name="{name}" {style}>{columns}{body}</table:table>'


def test_values_keep_their_types(tmp_path: Path, load: Load) -> None:
    workbook = load(ods(tmp_path, table(NAME + NUMBER + DAY)))
    assert workbook.kind == "ods"
    assert workbook.grids[0].rows == [["nom", 12.5, date(2025, 3, 1)]]


def test_a_cell_in_error_is_listed_after_repeated_rows_and_cells(tmp_path: Path, load: Load) -> None:
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    skip = '<table:table-cell table:number-columns-repeated="2"/>'
    grid = load(ods(tmp_path, table(NAME, blank, skip + ERROR + NUMBER))).grids[0]
    assert grid.errors == {(4, 2): "#DIV/0!"}
    assert grid.rows[4] == [None, None, "#DIV/0!", 12.5]


def test_hidden_rows_columns_and_sheets_are_said(tmp_path: Path, load: Load) -> None:
    hidden = f'<table:table-row table:visibility="filter">{NAME}{NUMBER}{NAME}</table:table-row>'
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    tables = table(NAME, hidden, columns=columns) + table(NAME, name="B", style='table:style-name="cache"')
    first, second = load(ods(tmp_path, tables)).grids
    assert first.hidden_rows == {1}
    assert first.hidden_columns == {1}
    assert second.hidden


def test_merged_areas_are_listed_and_absurd_spans_bounded(tmp_path: Path, load: Load) -> None:
    wide = NAME.replace("<table:table-cell ", '<table:table-cell table:number-columns-spanned="3" ', 1)
    tall = NAME.replace("<table:table-cell ", '<table:table-cell table:number-rows-spanned="999999999" ', 1)
    grid = load(ods(tmp_path, table(wide, "<table:table-cell/>" + tall))).grids[0]
    assert grid.merged == ((0, 0, 0, 2), (1, 1, 1_048_576, 1))


def test_two_sheets_of_the_same_name_are_refused(tmp_path: Path, load: Load) -> None:
    with pytest.raises(Refus, match="deux feuilles"):
        load(ods(tmp_path, table(NAME) + table(NUMBER)))


def test_the_million_empty_rows_that_libreoffice_writes_are_no_area(tmp_path: Path) -> None:
    rest = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert check(ods(tmp_path, table(NAME, rest))) == "ods"


def test_a_value_repeated_over_the_whole_sheet_is_refused(tmp_path: Path) -> None:
    bomb = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{bomb}</table:table-row>'
    with pytest.raises(Refus, match="XFD1048576"):
        check(ods(tmp_path, table(row)))


def test_damaged_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="abîmé"):
        check(ods(tmp_path, "<table:table>"))
