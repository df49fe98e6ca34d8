"""Workbooks written part by part, and a reading without the child process for what cannot abort it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.sheets.assembly import Assembly
from firdesk.sheets.cell import Workbook
from firdesk.sheets.reader import read_lines

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK_TYPE}"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}"/></Types>'
)
_ROOT_RELS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)

Packager = Callable[..., Path]


@pytest.fixture
def package(tmp_path: Path) -> Packager:
    """Writes ``tmp_path/NAME`` from the inside of ``sheetData``, or from whole members given by keyword."""

    def write(
        rows: str = "",
        *,
        name: str = "classeur.xlsx",
        before: str = "",
        book: str = "",
        sheet: str | bytes | None = None,
        extra: dict[str, bytes] | None = None,
    ) -> Path:
        path = tmp_path / name
        body = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'
        members: dict[str, str | bytes] = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _ROOT_RELS,
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f'<sheets><sheet name="Données" sheetId="1" r:id="rId1"/></sheets>{book}</workbook>',
            "xl/_rels/workbook.xml.rels": _BOOK_RELS,
            "xl/worksheets/sheet1.xml": sheet if sheet is not None else body,
            **(extra or {}),
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    return write


@pytest.fixture
def load() -> Callable[..., Workbook]:
    """The workbook as the child would send it, read in this process."""

    def read(path: Path, **options: str) -> Workbook:
        assembly = Assembly()
        for line in read_lines(path, **options):  # type: ignore[arg-type]
            assembly.add(line)
        assert assembly.workbook is not None
        return assembly.workbook

    return read
