"""One pass over the records of a binary workbook (.xlsb), for what python-calamine does not tell of it.

Results of formulas in error, formulas never computed, hidden rows and columns, merged areas, whole days (it
gives them as numbers), texts in several fonts (it drops them), the area really used.
"""

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from struct import Struct
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from firdesk.sheets.cell import Value
from firdesk.sheets.package import check_area, check_sums
from firdesk.sheets.preflight import UNREADABLE, refusal
from firdesk.sheets.scan import DamagedError, SheetScan
from firdesk.sheets.xls import ERRORS

_ROW, _BLANK, _RK, _ERROR, _FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 1, 2, 3, 8, 9, 11
_SHORT = range(12, 19)
#: Cells of which the parser does not tell all.
_TOLD = frozenset((_RK, _ERROR, _FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_ERROR, 62))
_FORMAT, _STYLE, _COLUMN, _RICH = 44, 47, 60, 62
_SHEETS_END, _DATA_END, _PROPERTIES, _SHEET, _CALCULATION, _MERGED = 144, 146, 153, 156, 157, 176
_STYLES, _STYLES_END = 617, 618
_LONG = Struct("<I").unpack_from
_PAIR = Struct("<II").unpack_from
_FOUR = Struct("<IIII").unpack_from
_SHORTS = Struct("<HH").unpack_from
_SIGNED = Struct("<i").unpack_from
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
#: Formats of dates that need no description; those of times alone hold no whole days.
_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def scan_xlsb(data: bytes, name: str) -> dict[str, SheetScan]:
    """A scan of each sheet by sheet name; ``Refus`` for damaged parts and for a sheet too wide to be held."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_sums(archive)
            book = _Book(archive)
            scans = {}
            for title, member in book.sheets:
                scans[title] = _scan_sheet(archive.read(member), book)
                check_area(scans[title], title, name)
    except (
        *UNREADABLE, ParseError, DefusedXmlException, DamagedError, KeyError, IndexError, struct.error,
    ) as error:  # fmt: skip
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error
    return scans


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of each record."""
    position, end = 0, len(data)
    while position < end:
        kind = data[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | (data[position] & 0x7F) << 7
            position += 1
        size = data[position]
        position += 1
        if size & 0x80:
            size &= 0x7F
            for shift in (7, 14, 21):
                byte = data[position]
                position += 1
                size |= (byte & 0x7F) << shift
                if not byte & 0x80:
                    break
        if position + size > end:
            raise DamagedError("a record without its end")
        yield kind, position, size
        position += size


def _text(data: bytes, at: int) -> str:
    length = _LONG(data, at)[0]
    return data[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace")


class _Book:
    """The sheets in order, whether formulas were computed, and which styles show a number as a day."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.computed = True
        self.epoch = date(1899, 12, 30)
        members = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
        relations = fromstring(archive.read(members["xl/_rels/workbook.bin.rels"]), forbid_dtd=True)
        targets = {r.get("Id"): r.get("Target", "") for r in relations if r.get("Type", "").endswith("/worksheet")}
        data = archive.read(members["xl/workbook.bin"])
        for kind, at, size in _records(data):
            if kind == _PROPERTIES and data[at] & 1:
                self.epoch = date(1904, 1, 1)
            elif kind == _SHEET:
                length = _LONG(data, at + 8)[0]
                target = targets.get(_text(data, at + 8)) if length < size else None
                if target is not None:
                    path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()
                    self.sheets.append((_text(data, at + 12 + 2 * length), members[path]))
            elif kind == _CALCULATION and size >= 26:
                self.computed = not data[at + 24] & 1
        styles = members.get("xl/styles.bin")
        self.dates = _date_styles(archive.read(styles)) if styles else frozenset()

    def day(self, number: int) -> Value:
        """The day that a whole number shows as; the number itself outside the calendar."""
        if not 0 < number < 2_958_466:
            return number
        # Excel believes in 29 February 1900: the first days of its calendar are one too many.
        early = self.epoch.year == 1899 and number < 60
        return self.epoch + timedelta(days=number + early)


def _date_styles(data: bytes) -> frozenset[int]:
    formats = dict.fromkeys(_DATES, True)
    found: set[int] = set()
    styles, inside = 0, False
    for kind, at, _size in _records(data):
        if kind == _FORMAT:
            bare = _LITERAL.sub("", _text(data, at + 2)).lower()
            formats[_SHORTS(data, at)[0]] = bool(re.search("[dy]|mmm", bare)) and "general" not in bare
        elif kind == _STYLES:
            inside = True
        elif kind == _STYLES_END:
            break
        elif kind == _STYLE and inside:
            if formats.get(_SHORTS(data, at)[1]):
                found.add(styles)
            styles += 1
    return frozenset(found)


def _scan_sheet(data: bytes, book: _Book) -> SheetScan:
    scan = SheetScan()
    row = last_row = last_column = -1
    for kind, at, _size in _records(data):
        if kind == _ROW:
            row = _LONG(data, at)[0]
            if row > _LAST_ROW:
                raise DamagedError("a row beyond the last")
            if data[at + 11] & 0x10:
                scan.hidden_rows.add(row)
            continue
        if kind > _FORMULA_ERROR and kind != _RICH:
            if kind in _SHORT:
                raise DamagedError("a kind of cells that no program writes")
            _layout(data, kind, at, scan)
            continue
        if kind == _BLANK:
            continue
        column = _LONG(data, at)[0]
        if column > _LAST_COLUMN or row < last_row:
            raise DamagedError("a cell before its row or beyond the last column")
        last_row = row
        last_column = max(last_column, column)
        if kind in _TOLD:
            _cell(data, kind, at, (row, column), scan, book)
    scan.last_row, scan.last_column = last_row, last_column
    return scan


def _cell(data: bytes, kind: int, at: int, position: tuple[int, int], scan: SheetScan, book: _Book) -> None:
    if kind == _RK:
        number = _SIGNED(data, at + 8)[0]
        if number & 3 == 2 and _LONG(data, at + 4)[0] & 0xFFFFFF in book.dates:
            scan.values[position] = book.day(number >> 2)
    elif kind in (_ERROR, _FORMULA_ERROR):
        scan.errors[position] = ERRORS.get(data[at + 8], "#ERREUR")
    elif kind == _FORMULA_NUMBER:
        if data[at + 8 : at + 16] == bytes(8) and (not book.computed or data[at + 16] & 2):
            scan.uncached.add(position)
    elif kind == _FORMULA_TEXT:
        scan.blank += not _LONG(data, at + 8)[0]
    elif kind == _RICH:
        scan.values[position] = _text(data, at + 9)


def _layout(data: bytes, kind: int, at: int, scan: SheetScan) -> None:
    if kind == _MERGED:
        top, bottom, left, right = _FOUR(data, at)
        scan.merged.append((top, left, bottom, right))
    elif kind == _COLUMN and data[at + 16] & 1:
        first, last = _PAIR(data, at)
        scan.hidden_columns.append((first, min(last, _LAST_COLUMN)))
