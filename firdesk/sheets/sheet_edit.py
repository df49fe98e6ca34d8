"""Colouring cells of one sheet in a stream: every byte that is not about them goes through as it came.

Rows are met one after the other, so that a sheet of any length takes little memory; the members have passed
:mod:`firdesk.sheets.preflight` (UTF-8, no entities).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from firdesk.sheets.cell import address, column_index
from firdesk.sheets.scan import DamagedError

_CHUNK = 1 << 20
_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet\b")
_SELECTED = re.compile(rb"""\s+tabSelected=["'](?:1|true|on)["']""")
_ROW_NUMBER = re.compile(rb"""(?<=\s)r=["'](\d{1,8})["']""")
_REF = re.compile(rb"""(?<=\s)r=["']([A-Z]{1,4})\d{1,8}["']""")
_STYLE = re.compile(rb"""(?<=\s)s=["'](\d{1,6})["']""")
_COLUMN = re.compile(rb"""(?<=\s)(min|max|style)=["'](\d{1,6})["']""")
#: What may only come after the legacy drawing of a sheet.
_AFTER = {
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
}


@dataclass(slots=True)
class Order:
    """What to do to one sheet.

    ``marks`` are 0-based columns by 0-based row. ``marked(style)`` is the style to give to a marked cell that has
    that one, ``restored`` the styles to take back from cells that are marked no more. ``drawing`` is told the
    relation of the legacy drawing already there and gives the one to write, ``None`` to write none.
    """

    marks: Mapping[int, frozenset[int]]
    marked: Callable[[int], int]
    drawing: Callable[[str | None], str | None]
    restored: Mapping[int, int]
    relations: str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    on_bytes: Callable[[int], None] = lambda _count: None


def edit_sheet(source: IO[bytes], out: IO[bytes], order: Order) -> None:
    """Copy a sheet from ``source`` to ``out`` with its marks; :class:`DamagedError` if it is no sheet."""
    buffer = source.read(_CHUNK)
    root = _ROOT.search(buffer)
    if root is None:
        raise DamagedError("no worksheet element")
    prefix = root.group(1) + b":" if root.group(1) else b""
    opening = re.compile(rb"<%bsheetData\b[^>]*>" % re.escape(prefix))
    while not (data := opening.search(buffer)):
        chunk = source.read(_CHUNK)
        if not chunk:
            raise DamagedError("no sheetData element")
        buffer += chunk
    head = _SELECTED.sub(b"", buffer[: data.start()])
    rows = _Rows(out, order, prefix, _column_styles(head, prefix))
    start = data.group()
    out.write(head + (start[:-2].rstrip() + b">" if start.endswith(b"/>") else start))
    closing = b"</" + prefix + b"sheetData>"
    tail = _copy_rows(source, buffer[data.end() :], rows, closing, empty=start.endswith(b"/>"))
    rows.finish()
    out.write(closing + _with_drawing(tail, prefix, order))


def _copy_rows(source: IO[bytes], rest: bytes, rows: "_Rows", closing: bytes, *, empty: bool) -> bytes:
    """Hand the rows over as they come; what follows them."""
    if empty:
        return rest + source.read()
    while True:
        chunk = source.read(_CHUNK)
        rows.order.on_bytes(len(chunk))
        rest += chunk
        if not chunk:
            body, found, tail = rest.partition(closing)
            if not found:
                raise DamagedError("rows without end")
            rows.feed(body)
            return tail
        end = rest.rfind(rows.row_end) + len(rows.row_end)
        if end >= len(rows.row_end):
            rows.feed(rest[:end])
            rest = rest[end:]


def _column_styles(head: bytes, prefix: bytes) -> list[tuple[int, int, int]]:
    """(first, last, style) of the columns that have one, 0-based."""
    found = []
    for text in re.findall(rb"<%bcol\b([^>]*)>" % re.escape(prefix), head):
        values = {name: int(value) for name, value in _COLUMN.findall(text)}
        if b"style" in values and b"min" in values:
            found.append((values[b"min"] - 1, values.get(b"max", values[b"min"]) - 1, values[b"style"]))
    return sorted(found)


class _Rows:
    """The rows of one sheet, numbered as they pass; those with marks are rewritten, missing ones added."""

    def __init__(self, out: IO[bytes], order: Order, prefix: bytes, columns: list[tuple[int, int, int]]) -> None:
        self.out, self.order, self.prefix, self.columns = out, order, prefix, columns
        p = re.escape(prefix)
        self.row = re.compile(rb"<%brow\b([^>]*)>" % p)
        self.cell = re.compile(rb"<%bc\b([^>]*)>" % p)
        self.row_end = b"</" + prefix + b"row>"
        self.number = -1
        self.pending = sorted(order.marks)
        self.restore = None
        if order.restored:
            numbers = b"|".join(str(n).encode() for n in order.restored)
            self.restore = re.compile(rb"""(<%bc\b[^>]*\ss=["'])(%b)(["'])""" % (p, numbers))

    def feed(self, block: bytes) -> None:
        """Whole rows, or what stands between them."""
        if self.restore is not None:
            block = self.restore.sub(lambda m: m[1] + str(self.order.restored[int(m[2])]).encode() + m[3], block)
        written = 0
        for match in self.row.finditer(block):
            found = _ROW_NUMBER.search(match.group(1))
            self.number = int(found.group(1)) - 1 if found else self.number + 1
            if not self.pending or self.pending[0] > self.number:
                continue
            self.out.write(block[written : match.start()])
            written = match.start()
            while self.pending and self.pending[0] < self.number:
                self._missing(self.pending.pop(0))
            if self.pending and self.pending[0] == self.number:
                self.pending.pop(0)
                written = self._marked(block, match)
        self.out.write(block[written:])

    def finish(self) -> None:
        """Add the marked rows below the last one."""
        for number in self.pending:
            self._missing(number)
        self.pending = []

    def _missing(self, number: int) -> None:
        cells = b"".join(self._new(number, column) for column in sorted(self.order.marks[number]))
        self.out.write(b'<%brow r="%d">%b%b' % (self.prefix, number + 1, cells, self.row_end))

    def _new(self, row: int, column: int) -> bytes:
        style = self.order.marked(self._column_style(column))
        return b'<%bc r="%b" s="%d"/>' % (self.prefix, address(row, column).encode(), style)

    def _column_style(self, column: int) -> int:
        place = bisect_right(self.columns, (column, 1 << 30, 0)) - 1
        return self.columns[place][2] if place >= 0 and self.columns[place][1] >= column else 0

    def _marked(self, block: bytes, match: re.Match[bytes]) -> int:
        """Write one marked row; where it ends in the block."""
        number, start = self.number, match.group()
        wanted = sorted(self.order.marks[number])
        if start.endswith(b"/>"):
            cells = b"".join(self._new(number, c) for c in wanted)
            self.out.write(start[:-2].rstrip() + b">" + cells + self.row_end)
            return match.end()
        end = block.index(self.row_end, match.end())
        self.out.write(start + self._cells(block[match.end() : end], wanted) + self.row_end)
        return end + len(self.row_end)

    def _cells(self, inner: bytes, wanted: list[int]) -> bytes:
        made: list[bytes] = []
        written, column = 0, -1
        for match in self.cell.finditer(inner):
            found = _REF.search(b" " + match.group(1))
            column = column_index(found.group(1).decode()) if found else column + 1
            while wanted and wanted[0] < column:
                made += [inner[written : match.start()], self._new(self.number, wanted.pop(0))]
                written = match.start()
            if wanted and wanted[0] == column:
                wanted.pop(0)
                made += [inner[written : match.start()], self._restyled(match.group())]
                written = match.end()
        more = inner.find(b"<" + self.prefix + b"extLst", written)
        end = more if more >= 0 else len(inner)
        made.append(inner[written:end])
        made += [self._new(self.number, c) for c in wanted]
        return b"".join(made) + inner[end:]

    def _restyled(self, tag: bytes) -> bytes:
        found = _STYLE.search(tag)
        if found:
            style = self.order.marked(int(found.group(1)))
            return tag[: found.start(1)] + str(style).encode() + tag[found.end(1) :]
        name = b"<" + self.prefix + b"c"
        return name + b' s="%d"' % self.order.marked(0) + tag[len(name) :]


def _with_drawing(tail: bytes, prefix: bytes, order: Order) -> bytes:
    """What follows the rows, with a legacy drawing where the schema wants it."""
    there, place = _legacy_drawing(tail, prefix)
    relation = order.drawing(there)
    if relation is None or there is not None:
        return tail
    values = (prefix, order.relations.encode(), relation.encode())
    element = b'<%blegacyDrawing xmlns:r="%b" r:id="%b"/>' % values
    return tail[:place] + element + tail[place:]


def _legacy_drawing(tail: bytes, prefix: bytes) -> tuple[str | None, int]:
    """The relation of the legacy drawing, if any, and where one may be written."""
    root = b"<" + prefix + b"worksheet>"
    found: list[str] = []
    after: list[int] = []
    path: list[tuple[str, int]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if len(path) == 1 and local == "legacyDrawing":
            found.extend(v for k, v in attributes.items() if k.rpartition(":")[2] == "id")
        inside = len(path) > 1 and path[1][0] == "AlternateContent"
        if local in _AFTER and (len(path) == 1 or (inside and len(path) == 3)):
            after.append(path[1][1] if inside else parser.CurrentByteIndex)
        path.append((local, parser.CurrentByteIndex))

    def end(_name: str) -> None:
        path.pop()
        if not path:
            after.append(parser.CurrentByteIndex)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(root + tail, True)
    except expat.ExpatError as error:
        raise DamagedError(str(error)) from error
    return (found[0] if found else None), min(after) - len(root)
