"""A second reading of a workbook that shares nothing with the program: which figures its bytes really hold.

Slow and plain on purpose: the XML library of Python for .xlsx and .ods, a search of the very bytes for the others.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from xml.etree import ElementTree as ET

Figures = dict[tuple[int, int], set[float]]
_DAMAGED = (
    zipfile.BadZipFile, KeyError, ET.ParseError, zlib.error, OSError, ValueError, NotImplementedError, EOFError,
    IndexError, RuntimeError, UnicodeError, LookupError,
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def figures(data: bytes, name: str) -> dict[str, Figures] | None:
    """Figures of each sheet by position; ``None`` where the file is too damaged for a reader by the rules."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if name.endswith("ods"):
                return _open_document(ET.fromstring(archive.read("content.xml")))  # noqa: S314
            return _open_xml(archive)
    except _DAMAGED:
        return None


def literals(data: bytes) -> set[float]:
    """Every number written anywhere in the XML parts, in values or in attributes."""
    found: set[float] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode("utf-8", "replace")
                found.update(float(n) for n in _NUMBER.findall(text))
    except _DAMAGED:
        pass
    return found


def encoded(value: float, data: bytes) -> bool:
    """Whether a binary file holds that number in one of the ways in which it may be written."""
    ways = [struct.pack("<d", value)]
    for scaled, hundredth in ((value, 0), (value * 100, 1)):
        if abs(scaled) < 1 << 29 and round(scaled) / (100 if hundredth else 1) == value:
            ways.append(struct.pack("<i", round(scaled) << 2 | 2 | hundredth))
        high = struct.pack("<d", scaled)[4:]
        ways.append(bytes([high[0] & 0xFC | hundredth]) + high[1:])
    return any(way in part for part in _parts(data) for way in ways)


def _parts(data: bytes) -> list[bytes]:
    parts = [data]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                try:
                    parts.append(archive.read(name))
                except _DAMAGED:
                    continue
    except _DAMAGED:
        return parts
    return parts


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _open_xml(archive: zipfile.ZipFile) -> dict[str, Figures]:
    targets = {
        r.get("Id"): r.get("Target", "")
        for r in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    found: dict[str, Figures] = {}
    for sheet in ET.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314
        if _local(sheet) != "sheet":
            continue
        link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
        path = posixpath.normpath(posixpath.join("/xl", targets[link])).lstrip("/")
        found[sheet.get("name", "")] = _sheet(ET.fromstring(archive.read(path)))  # noqa: S314
    return found


def _sheet(root: ET.Element) -> Figures:
    found: Figures = {}
    row = -1
    for line in (e for e in root.iter() if _local(e) == "row"):
        row = int(line.get("r", "")) - 1 if line.get("r", "").isdecimal() else row + 1
        column = -1
        for cell in (e for e in line if _local(e) == "c"):
            said = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", "").upper())
            column = _column(said[1]) if said else column + 1
            at = (int(said[2]) - 1 if said else row, column)
            for value in (e for e in cell if _local(e) == "v"):
                text = (value.text or "").strip()
                if _NUMBER.fullmatch(text) and cell.get("t", "n") in ("n", "str", ""):
                    found.setdefault(at, set()).add(float(text))
    return found


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _open_document(root: ET.Element) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for table in root.iter(_TABLE + "table"):
        cells: Figures = found.setdefault(table.get(_TABLE + "name", ""), {})
        row = 0
        for line in table.iter(_TABLE + "table-row"):
            count = int(line.get(_TABLE + "number-rows-repeated", "1"))
            column = 0
            for cell in line:
                if _local(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                wide = int(cell.get(_TABLE + "number-columns-repeated", "1"))
                text = cell.get(_OFFICE + "value", "")
                if _NUMBER.fullmatch(text) and count * wide <= 2000:
                    for r in range(row, row + count):
                        for c in range(column, column + wide):
                            cells.setdefault((r, c), set()).add(float(text))
                column += wide
            row += count
    return found
