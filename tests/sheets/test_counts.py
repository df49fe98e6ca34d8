"""As many cells are seen as another reader counts in every odd file, or the user is told of the difference."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from firdesk.sheets.cell import Workbook
from tests.sheets.odd_files import TRANSITIONAL, all_files, rewritten

FILES = all_files()
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
#: What the writers of the binary files put in them, counted by hand.
WRITTEN = {"binaire.xlsb": 8, "vieux.xls": 10}


def counted(data: bytes, name: str) -> int:
    """Cells with a content, or a formula, by a reader that shares nothing with the program."""
    if name in WRITTEN:
        return WRITTEN[name]
    if name.endswith("csv"):
        return _of_text(data)
    if name.endswith("ods"):
        return _of_open_document(data)
    book = openpyxl.load_workbook(io.BytesIO(_transitional(data)))
    return sum(1 for s in book.worksheets for line in s.iter_rows() for cell in line if cell.value not in (None, ""))


def _transitional(data: bytes) -> bytes:
    """openpyxl does not know the namespaces of Strict Open XML."""

    def change(text: str) -> str:
        for usual, strict in TRANSITIONAL.items():
            text = text.replace(strict, usual)
        return text

    return rewritten(data, change)


def _of_text(data: bytes) -> int:
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else "utf-16-le" if b"\0" in data else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    text = text.removeprefix("sep=;\n")
    delimiter = next(c for c in "\t|;" if c in text)
    return sum(1 for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for value in row if value)


def _of_open_document(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ET.fromstring(archive.read("content.xml"))  # noqa: S314
    total = 0
    for row in root.iter(_TABLE + "table-row"):
        for cell in row:
            value = [v for k, v in cell.attrib.items() if k.startswith(_OFFICE) and not k.endswith("type")]
            if value or cell.get(_TABLE + "formula") or cell.find(_TEXT + "p") is not None:
                repeated = int(cell.get(_TABLE + "number-columns-repeated", "1"))
                total += repeated * int(row.get(_TABLE + "number-rows-repeated", "1"))
    return total


def explained(workbook: Workbook) -> int:
    """Cells that the notes say are there and hold nothing."""
    said = [re.search(r": (une|\d+) formules? qui ne donne", note.replace("\u00a0", " ")) for note in workbook.notes]
    return sum(1 if match[1] == "une" else int(match[1]) for match in said if match)


@pytest.mark.parametrize("name", FILES)
def test_as_many_cells_are_seen_as_another_reader_counts(
    tmp_path: Path, load: Callable[..., Workbook], name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    workbook = load(path)
    assert sum(grid.cells_seen for grid in workbook.grids) + explained(workbook) == counted(FILES[name], name)


@pytest.mark.parametrize("name", FILES)
def test_the_cells_seen_are_those_that_the_rows_hold(tmp_path: Path, load: Callable[..., Workbook], name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    for grid in load(path).grids:
        held = sum(1 for row in grid.rows for value in row if value not in (None, ""))
        assert grid.cells_seen == held + len(grid.uncached)
        assert all(grid.value(*position) == text for position, text in grid.errors.items())


def test_the_odd_files_are_odd(tmp_path: Path, load: Callable[..., Workbook]) -> None:
    seen: set[str] = set()
    for name, data in FILES.items():
        path = tmp_path / name
        path.write_bytes(data)
        for grid in load(path).grids:
            facts = {"merged": grid.merged, "errors": grid.errors, "uncached": grid.uncached, "hidden": grid.hidden,
                     "rows": grid.hidden_rows, "columns": grid.hidden_columns}  # fmt: skip
            seen |= {f"{fact} {path.suffix}" for fact, value in facts.items() if value}
    assert {f"{fact} .xlsx" for fact in ("merged", "errors", "uncached", "hidden", "rows", "columns")} <= seen
    assert {"errors .xls", "errors .xlsb", "errors .ods", "uncached .xls", "uncached .xlsb", "merged .ods"} <= seen
