"""One pass over the content of an OpenDocument workbook, for what python-calamine does not tell of it."""

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from firdesk.sheets.cell import Value
from firdesk.sheets.package import MAX_AREA, check_area
from firdesk.sheets.preflight import UNREADABLE, refusal
from firdesk.sheets.scan import DamagedError, SheetScan

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_PREFIXES = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("table", "office", "text")}
_VALUE_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_LINK = _TABLE + "dde-link"
_BREAKS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
#: Spaces that a text may hold in a row.
_LONGEST = 32_767
_ROWS, _COLUMNS = 1_048_576, 16_384
_ERRORS = ("#", "Err:", "Erreur:", "Erreur :")


def scan_ods(data: bytes, name: str) -> dict[str, SheetScan]:
    """A scan of each sheet by sheet name; ``Refus`` for damaged content and for a sheet too wide to be held."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as stream:
            scans: dict[str, SheetScan] = {}
            reader: _TableReader | None = None
            linked = False
            for event, element in iterparse(stream, events=("start", "end", "start-ns"), forbid_dtd=True):
                if event == "start-ns":
                    _check_space(*element)
                elif event == "start":
                    # What a link to another file keeps of it is no sheet.
                    linked = linked or element.tag == _LINK
                    if element.tag == _TABLE + "table" and not linked:
                        reader = _TableReader(scans.setdefault(element.get(_TABLE + "name", ""), SheetScan()))
                elif element.tag == _LINK:
                    linked = False
                elif reader is not None and element.tag == _TABLE + "table-column":
                    reader.column(element)
                elif reader is not None and element.tag == _TABLE + "table-row":
                    if not linked:
                        reader.take(element)
                    element.clear()
                    check_area(reader.scan, list(scans)[-1], name)
                    if reader.scan.last_row >= _ROWS or reader.scan.last_column >= _COLUMNS:
                        raise DamagedError("cells beyond the last row or column of any program")
            if "" in scans and scans[""].area:
                raise DamagedError("a sheet without a name")
            return scans
    except (*UNREADABLE, ParseError, DefusedXmlException, DamagedError, KeyError, RecursionError) as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error


def _check_space(prefix: str, space: str) -> None:
    """The parser goes by the usual prefixes: it would see nothing behind others."""
    if (prefix in _PREFIXES or space in _PREFIXES.values()) and _PREFIXES.get(prefix) != space:
        raise DamagedError(f"prefix {prefix} for {space}")


class _TableReader:
    """Rows and columns of one table, counted with their repetitions."""

    def __init__(self, scan: SheetScan) -> None:
        self.scan = scan
        self.row = 0
        self.columns = 0
        self.hidden: list[tuple[int, int]] = []

    def column(self, element: Element) -> None:
        """Take a column description."""
        count = _repeated(element, "number-columns-repeated")
        if element.get(_TABLE + "visibility") in ("collapse", "filter"):
            self.scan.hidden_columns.append((self.columns, self.columns + count - 1))
        self.columns += count

    def take(self, element: Element) -> None:
        """Take one row element, which may stand for many rows."""
        count = _repeated(element, "number-rows-repeated")
        last = -1
        errors: dict[int, str] = {}
        uncached: list[int] = []
        texts: dict[int, Value] = {}
        for column, repeated, cell in _cells(element):
            self._merge(column, cell)
            text = _text(cell)
            if text or any(key.startswith(_OFFICE) for key in cell.attrib):
                last = column + repeated - 1
            formula, kind = cell.get(_TABLE + "formula"), cell.get(_OFFICE + "value-type")
            if cell.get(_VALUE_TYPE) == "error" or (formula and text.startswith(_ERRORS)):
                errors.update(dict.fromkeys(range(column, column + min(repeated, _COLUMNS)), text or "#ERREUR"))
            elif formula and kind is None:
                uncached += range(column, column + min(repeated, _COLUMNS))
            elif formula and kind == "string" and not text and not cell.get(_OFFICE + "string-value"):
                self.scan.blank += repeated * count
            elif text and (kind is None or (kind == "string" and _spaced(cell))):
                # The parser reads no text without a type, and joins the words on each side of a tabulation.
                texts.update(dict.fromkeys(range(column, column + min(repeated, _COLUMNS)), text))
        if last >= 0:
            self.scan.last_column = max(self.scan.last_column, last)
            self.scan.last_row = self.row + count - 1
        if element.get(_TABLE + "visibility") in ("collapse", "filter"):
            self.hidden.append((self.row, self.row + count))
        if last >= 0 and self.scan.area <= MAX_AREA:
            # Only now: a file may hide a million rows after the last one.
            for first, end in self.hidden:
                self.scan.hidden_rows.update(range(first, end))
            self.hidden.clear()
        if (errors or uncached or texts) and self.scan.area <= MAX_AREA:
            for row in range(self.row, self.row + min(count, _ROWS)):
                self.scan.errors.update({(row, column): text for column, text in errors.items()})
                self.scan.uncached.update((row, column) for column in uncached)
                self.scan.values.update({(row, column): text for column, text in texts.items()})
        self.row += count

    def _merge(self, column: int, cell: Element) -> None:
        rows, columns = _repeated(cell, "number-rows-spanned"), _repeated(cell, "number-columns-spanned")
        if rows > 1 or columns > 1:
            bottom, right = self.row + min(rows, _ROWS) - 1, column + min(columns, _COLUMNS) - 1
            self.scan.merged.append((self.row, column, bottom, right))


def _cells(row: Element) -> Iterator[tuple[int, int, Element]]:
    """Position, repetitions and element of each cell."""
    column = 0
    for cell in row:
        if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            repeated = _repeated(cell, "number-columns-repeated")
            yield column, repeated, cell
            column += repeated


def _text(cell: Element) -> str:
    return "\n".join("".join(_runs(p)) for p in cell.iterfind(_TEXT + "p"))


def _runs(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == _TEXT + "s":
            yield " " * min(int(child.get(_TEXT + "c", "1")), _LONGEST)
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _runs(child)
        yield child.tail or ""


def _spaced(cell: Element) -> bool:
    return any(element.tag in _BREAKS for p in cell.iterfind(_TEXT + "p") if len(p) for element in p.iter())


def _repeated(element: Element, name: str) -> int:
    value = element.get(_TABLE + name, "1")
    return int(value) if value.isdecimal() and len(value) <= 18 else 1
