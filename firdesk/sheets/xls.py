"""One pass over the records of an old Excel workbook (.xls), for what python-calamine does not tell of it.

Cells in error, formulas never computed, hidden rows and columns, merged areas, the area really used.
"""

import struct
from collections.abc import Iterator
from struct import Struct

from firdesk.sheets import ole
from firdesk.sheets.package import check_area
from firdesk.sheets.preflight import PASSWORD, refusal
from firdesk.sheets.scan import DamagedError, SheetScan

#: Codes of cells in error, the same in .xls and .xlsb.
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_EOF, _BOF = 0x000A, 0x0809
_FILE_PASS, _CODE_PAGE, _BOUND_SHEET = 0x002F, 0x0042, 0x0085
_COL_INFO, _MERGED, _DIMENSIONS, _ROW = 0x007D, 0x00E5, 0x0200, 0x0208
_MUL_RK, _BOOL_ERR, _RICH = 0x00BD, 0x0205, 0x00D6
_FORMULAS = (0x0006, 0x0206, 0x0406)
#: Cells with a value: number, label, RK, shared string.
_CELLS = frozenset((0x0203, 0x0204, 0x027E, 0x00FD))
_HEAD = Struct("<HH").unpack_from
_FOUR = Struct("<HHHH").unpack_from
_LONG = Struct("<I").unpack_from
_PTG_STR = 0x17
_SHEET = 0
_BIFF8 = 0x0600


def scan_xls(data: bytes, name: str) -> dict[str, SheetScan]:
    """A scan of each sheet by sheet name; ``Refus`` for damage, a password, a sheet too wide to be held."""
    try:
        stream = ole.stream(data, ("Workbook", "Book"))
        if stream is None:
            raise DamagedError("no workbook")
        book = _Book(stream)
        if book.encrypted:
            raise refusal(name, PASSWORD)
        scans = {}
        for start, title in book.sheets:
            scans[title] = _scan_sheet(stream, start, book)
            check_area(scans[title], title, name)
    except (DamagedError, struct.error, IndexError) as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error
    return scans


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of each record, as far as the end of the substream; those inside are left out."""
    depth = 0
    length = len(stream)
    while position + 4 <= length:
        kind, size = _HEAD(stream, position)
        start = position + 4
        position = start + size
        if position > length:
            raise DamagedError("a record without its end")
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth <= 1:
            yield kind, start, size


class _Book:
    """What the first substream says of the whole workbook."""

    def __init__(self, stream: bytes) -> None:
        self.encrypted = False
        self.wide = True
        self.encoding = "cp1252"
        self.sheets: list[tuple[int, str]] = []
        for kind, start, size in _records(stream, 0):
            if kind == _BOF:
                self.wide = _HEAD(stream, start)[0] == _BIFF8
            elif kind == _FILE_PASS:
                self.encrypted = True
                return
            elif kind == _CODE_PAGE:
                self.encoding = _codec(_HEAD(stream, start - 2)[1])
            elif kind == _BOUND_SHEET and stream[start + 5] == _SHEET:
                title = self.text(stream[start + 7 : start + size], stream[start + 6])
                self.sheets.append((_LONG(stream, start)[0], title.replace("\0", "")))

    def text(self, content: bytes, length: int) -> str:
        """A string of ``length`` characters; those of the last version begin with the size of their characters."""
        if not self.wide:
            return content[:length].decode(self.encoding, "replace")
        if content[0] & 1:
            return content[1 : 1 + 2 * length].decode("utf-16-le", "replace")
        return content[1 : 1 + length].decode("latin-1")


def _codec(page: int) -> str:
    try:
        "".encode(f"cp{page}")
    except LookupError:
        return "cp1252"
    return f"cp{page}"


def _scan_sheet(stream: bytes, start: int, book: _Book) -> SheetScan:
    scan = SheetScan()
    last_row = last_column = -1
    for kind, at, size in _records(stream, start):
        if kind in _CELLS:
            row, column = _HEAD(stream, at)
        elif kind == _MUL_RK:
            row, column = _HEAD(stream, at)[0], _HEAD(stream, at + size - 4)[1]
        elif kind in _FORMULAS:
            row, column = _HEAD(stream, at)
            _formula(stream[at : at + size], row, column, scan)
        elif kind == _BOOL_ERR:
            row, column = _HEAD(stream, at)
            if stream[at + 7]:
                scan.errors[row, column] = ERRORS.get(stream[at + 6], "#ERREUR")
        elif kind == _RICH:
            row, column = _HEAD(stream, at)
            text = book.text(stream[at + 8 : at + size], _HEAD(stream, at + 4)[1])
            scan.values[row, column] = text
        else:
            _layout(stream, kind, at, size, scan)
            continue
        last_row = max(last_row, row)
        last_column = max(last_column, column)
    scan.last_row, scan.last_column = last_row, last_column
    return scan


def _layout(stream: bytes, kind: int, at: int, size: int, scan: SheetScan) -> None:
    if kind == _ROW:
        if size >= 16 and stream[at + 12] & 0x20:
            scan.hidden_rows.add(_HEAD(stream, at)[0])
    elif kind == _COL_INFO:
        if stream[at + 8] & 1:
            first, last = _HEAD(stream, at)
            scan.hidden_columns.append((first, last))
    elif kind == _DIMENSIONS and size == 14:
        if _LONG(stream, at + 4)[0] > 65_536 or _HEAD(stream, at + 8)[1] > 256:
            raise DamagedError("dimensions beyond those of any sheet")  # the parser would set memory aside for them
    elif kind == _MERGED:
        for index in range(min(_HEAD(stream, at - 2)[1], (size - 2) // 8)):
            top, bottom, left, right = _FOUR(stream, at + 2 + 8 * index)
            scan.merged.append((top, left, bottom, right))


def _formula(record: bytes, row: int, column: int, scan: SheetScan) -> None:
    """An error, or a result that no program has computed yet: writers put a zero, or an empty text, instead."""
    if record[12:14] == b"\xff\xff":
        if record[6] == 2:
            scan.errors[row, column] = ERRORS.get(record[8], "#ERREUR")
        elif record[6] == 3 and _PTG_STR not in record[22:]:
            scan.uncached.add((row, column))
        elif record[6] == 3:
            scan.blank += 1
    elif record[6:14] == bytes(8) and record[14] & 3:
        scan.uncached.add((row, column))
