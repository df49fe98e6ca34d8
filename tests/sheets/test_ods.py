"""OpenDocument workbooks, written by hand as LibreOffice writes them."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Workbook
from firdesk.sheets.preflight import check
from tests.sheets.open_document import DAY, ERROR, NAME, NUMBER, table, workbook

Load = Callable[..., Workbook]


def ods(tmp_path: Path, tables: str) -> Path:
    path = tmp_path / "classeur.ods"
    path.write_bytes(workbook(tables))
    return path


def test_values_keep_their_types(tmp_path: Path, load: Load) -> None:
    book = load(ods(tmp_path, table(NAME + NUMBER + DAY)))
    assert book.kind == "ods"
    assert book.grids[0].rows == [["nom", 12.5, date(2025, 3, 1)]]


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


def test_what_a_link_keeps_of_another_file_is_no_sheet(tmp_path: Path, load: Load) -> None:
    kept = table(NUMBER * 9).replace('table:name="A"', "")
    link = f"<table:dde-links><table:dde-link>{kept}</table:dde-link></table:dde-links>"
    book = load(ods(tmp_path, table(NAME) + link))
    assert [(g.name, g.cells_seen) for g in book.grids] == [("A", 1)]


def test_a_sheet_without_a_name_is_not_left_out_silently(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="abîmé"):
        check(ods(tmp_path, table(NAME) + table(NUMBER).replace('table:name="A"', "")))


def test_other_prefixes_than_the_usual_ones_are_refused_not_read_as_empty(tmp_path: Path) -> None:
    usual, path = ods(tmp_path, table(NAME)), tmp_path / "autre.ods"
    with zipfile.ZipFile(usual) as source, zipfile.ZipFile(path, "w") as archive:
        for member in source.namelist():
            content = source.read(member).replace(b"table:t", b"t:t").replace(b"xmlns:table=", b"xmlns:t=")
            archive.writestr(member, content)
    with pytest.raises(Refus, match="abîmé"):
        check(path)


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
