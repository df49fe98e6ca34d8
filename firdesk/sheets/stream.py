"""The rows of one Open XML sheet while its XML is unpacked: scanned and read in one pass, never held whole.

Only for sheets written as spreadsheets write them; any doubt is an :class:`UnusualError`, and python-calamine reads
the sheet again from its beginning.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise, zip_longest
from operator import attrgetter, itemgetter
from typing import IO

from firdesk.sheets import wire
from firdesk.sheets.cell import Grid, Value
from firdesk.sheets.meanings import END, START, Cell, Meanings, UnusualError
from firdesk.sheets.scan import SheetRuns

_ROW = re.compile(rb'\s*<row\b(?: (?!r=)[\w:]+="[^"<>]*")* r="(\d{1,7})"(?: [\w:]+="[^"<>]*")*\s*(/?)>')
_END = re.compile(rb"\s*</sheetData>")
_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_VALUE, _FOLLOWING = attrgetter("value"), attrgetter("following")
#: How many rows must have as many cells to be read column by column.
_ALIKE = 32
_Row = tuple[Value, ...]
_Bunch = tuple[int, list[Sequence[Value]]]
_Columns = dict[int, Sequence[Value]]
#: The number of a row as it is written, and its pieces; then as it is counted, with values and layout.
_Pieces = tuple[bytes, list[bytes]]
_Read = tuple[int, _Row, tuple[int, ...]]


class SheetStream:
    """The filled rectangle of a sheet, by bunches of rows; :meth:`grid` describes it once they have been read."""

    def __init__(self, stream: IO[bytes], meanings: Meanings, *, computed: bool, most: int) -> None:
        self._runs = SheetRuns(stream, computed=computed)
        if self._runs.prefix:
            raise UnusualError("names with a prefix")
        self.scan = self._runs.scan
        #: How many rows the sheet says that it has, for want of knowing.
        self.expected = self._runs.expected
        self._meanings = meanings
        self._most = most
        self._hidden = False
        self._known: set[tuple[int, ...]] = set()
        self._placers: dict[tuple[int, ...], Callable[[_Row], _Row]] = {}
        self._first_row = self._first_column = -1
        #: Rows read and not sent yet, and how many of them end with a filled one.
        self._waiting: list[_Row] = []
        self._filled = 0
        self._row = -1
        self._sent = self._cells = self._width = 0

    def bunches(self) -> Iterator[_Bunch]:
        """Height and columns of some rows in order, without the empty ones at the end."""
        for run in self._runs:
            yield from self._take(run)
            while self._filled >= wire.ROWS_A_LINE:
                yield self._bunch(wire.ROWS_A_LINE)
        if self._filled:
            yield self._bunch(self._filled)

    def grid(self, name: str) -> Grid:
        """All but the rows, once they have been read."""
        scan, first_column = self.scan, max(self._first_column, 0)
        last_row, last_column = max(self._first_row, 0) + self._sent, first_column + self._width
        hidden = (range(first, min(last + 1, last_column)) for first, last in scan.hidden_columns)
        return Grid(
            name=name,
            first_row=max(self._first_row, 0),
            first_column=first_column,
            hidden_rows=frozenset(r for r in scan.hidden_rows if r < last_row),
            hidden_columns=frozenset(column for columns in hidden for column in columns),
            errors=scan.errors,
            uncached=frozenset(scan.uncached),
            merged=tuple(sorted(a for a in scan.merged if a[0] < last_row and a[1] < last_column)),
            cells_seen=self._cells + len(scan.uncached),
        )

    def _bunch(self, height: int) -> _Bunch:
        columns: list[Sequence[Value]] = list(zip_longest(*self._waiting[:height]))
        del self._waiting[:height]
        self._filled -= height
        return self._sending(height, columns)

    def _sending(self, height: int, columns: list[Sequence[Value]]) -> _Bunch:
        self._sent += height
        for number, column in enumerate(columns, 1):
            if filled := height - column.count(None):
                self._cells += filled
                self._width = max(self._width, number)
        return height, columns

    def _take(self, run: bytes) -> Iterator[_Bunch]:
        if b"\0" in run or b"<!" in run or b"<?" in run:
            raise UnusualError("something else than elements")
        known, first = len(self.scan.errors), self._row + 1
        self._hidden = False
        rows = self._split(run)
        groups = [list(group) for _, group in groupby(rows, lambda row: len(row[1]))]
        alike = [self._columns(group) if len(group) >= _ALIKE else None for group in groups]
        read = [self._rows(g) if a is None or self._meanings.marked else [] for g, a in zip(groups, alike, strict=True)]
        if self._hidden or self._meanings.marked:
            self._runs.feed(run)
        if self.scan.area > self._most:
            raise UnusualError("an area to be measured exactly")
        patches: dict[tuple[int, int], Value] = dict(list(self.scan.errors.items())[known:])
        patches.update((place, None) for place in self.scan.uncached if place[0] >= first)
        if self._first_column < 0:
            self._begin(alike, chain.from_iterable(read), patches)
        for group, columns, lines in zip(groups, alike, read, strict=True):
            if columns is not None and not lines:
                yield from self._send_alike(group, columns)
            for number, values, following in lines:
                self._add(number, self._place(values, following))
        for (number, column), value in patches.items():
            self._patch(number, column, value)

    def _columns(self, group: list[_Pieces]) -> _Columns | None:
        """The columns of rows of one layout that follow each other, all filled; ``None`` where they do not."""
        first, last = int(group[0][0]), int(group[-1][0])
        if last - first + 1 != len(group):
            return None
        values: list[Sequence[Value]] = []
        layout: list[int] = []
        for pieces in zip(*[pieces for _, pieces in group], strict=True):
            found = self._meanings.column(pieces)
            if found is None:
                return None
            values.append(found[0])
            layout.append(found[1])
        if not _in_order(layout) or all(None in column for column in values):
            return None
        inside = [layout[0] - START, *layout[1:-1]]
        if 0 <= inside[0] < self._first_column:
            return None
        self.scan.last_column = max(self.scan.last_column, inside[-1])
        self.scan.last_row = last - 1
        return dict(zip(inside, values[1:], strict=True))

    def _send_alike(self, group: list[_Pieces], columns: _Columns) -> Iterator[_Bunch]:
        number = int(group[0][0]) - 1
        if self._first_row < 0:
            self._first_row = number
        self._waiting += [()] * (number - self._first_row - self._sent - len(self._waiting))
        self._filled = len(self._waiting)
        if self._waiting:
            yield self._bunch(len(self._waiting))
        nothing = (None,) * len(group)
        yield self._sending(len(group), [columns.get(c, nothing) for c in range(self._first_column, max(columns) + 1)])

    def _rows(self, group: list[_Pieces]) -> list[_Read]:
        cells = [list(map(self._meanings.__getitem__, pieces)) for _, pieces in group]
        self._meanings.learn()
        return [(int(row[0]) - 1, *self._read(known, *row)) for known, row in zip(cells, group, strict=True)]

    def _split(self, run: bytes) -> list[_Pieces]:
        """Number of each row and its pieces; rows without cells are left out."""
        *whole, last = run.split(b"</row>")
        found = []
        for text in whole:
            row, _ = self._open(text, 0)
            if row is None:
                raise UnusualError("something else between the rows")
            number = row[1]
            pieces = text[row.end() :].split(number + b'"')
            if len(pieces) > 1 or pieces[0].strip():
                found.append((number, pieces))
        _, end = self._open(last, 0)
        if last[end:].strip() and not _END.match(last, end) and (self._row >= 0 or b"<c" in last):
            raise UnusualError("something else after the rows")
        return found

    def _open(self, text: bytes, start: int) -> tuple[re.Match[bytes] | None, int]:
        """The row that begins there, after those that are empty, and where the text goes on."""
        while row := _ROW.match(text, start):
            number = int(row[1]) - 1
            if number <= self._row:
                raise UnusualError("rows in disorder")
            self._row, start = number, row.end()
            self._hidden |= b"hidden" in row[0]
            if not row[2]:
                return row, start
        return None, start

    def _read(self, cells: list[Cell], number: bytes, pieces: list[bytes]) -> tuple[_Row, tuple[int, ...]]:
        """Values of a row, the first of them before its first cell, and the columns that follow each."""
        columns = tuple(map(_FOLLOWING, cells))
        if columns not in self._known:
            if not _in_order(columns):
                cells = list(map(self._meanings.__getitem__, _respelled(number, pieces)))
                self._meanings.learn()
                columns = tuple(map(_FOLLOWING, cells))
                if not _in_order(columns):
                    raise UnusualError("cells that are not told apart")
            self._known.add(columns)
            last = columns[-2] if len(columns) > 2 else columns[0] - START
            self.scan.last_column = max(self.scan.last_column, last)
        self.scan.last_row = int(number) - 1
        return tuple(map(_VALUE, cells)), columns

    def _begin(
        self, alike: Iterable[_Columns | None], rows: Iterable[_Read], patches: dict[tuple[int, int], Value]
    ) -> None:
        """The first column is that of the first filled cell of the first rows; no later row may begin before."""
        starts = [column for (_, column), value in patches.items() if value is not None]
        for columns in alike:
            starts += [c for c, values in (columns or {}).items() if values.count(None) < len(values)][:1]
        for _, values, following in rows:
            found = next((i for i, value in enumerate(values) if value is not None), 0)
            if found:
                starts.append(following[found - 1] % START)
        self._first_column = min(starts, default=-1)

    def _place(self, values: _Row, columns: tuple[int, ...]) -> _Row:
        """The values of a row each in its column."""
        placer = self._placers.get(columns)
        if placer is None:
            if self._first_column < 0:
                return ()
            placer = self._placers[columns] = _placer(columns, self._first_column)
        return placer(values)

    def _add(self, number: int, row: _Row) -> None:
        empty = row.count(None) == len(row)
        if self._first_row < 0:
            if empty:
                return
            self._first_row = number
        self._waiting += [()] * (number - self._first_row - self._sent - len(self._waiting))
        self._waiting.append(row)
        if not empty:
            self._filled = len(self._waiting)

    def _patch(self, number: int, column: int, value: Value) -> None:
        """Put what the scan found in the place of what was read."""
        if value is None and self._first_row < 0:
            return
        index, place = number - self._first_row - self._sent, column - self._first_column
        if self._first_row < 0:
            self._add(number, (None,) * place + (value,))
            return
        if index < 0 or place < 0:
            raise UnusualError("a cell in error before all others")
        if index >= len(self._waiting):
            self._waiting += [()] * (index + 1 - len(self._waiting))
        row = list(self._waiting[index])
        row += [None] * (place + 1 - len(row))
        row[place] = value
        self._waiting[index] = tuple(row)
        if value is not None:
            self._filled = max(self._filled, index + 1)


def _in_order(columns: Sequence[int]) -> bool:
    """Whether pieces make a row: its beginning, then cells from left to right up to its end."""
    if len(columns) < 2 or columns[0] < START or columns[-1] != END:
        return False
    inside = [columns[0] - START, *columns[1:-1]]
    return inside[0] >= 0 and all(a < b < START for a, b in pairwise(inside))


def _respelled(number: bytes, pieces: list[bytes]) -> list[bytes]:
    """The pieces of a row in which something else than an address ends with its number."""
    start, *cells = (number + b'"').join(pieces).split(b'<c r="')
    found = [start]
    for cell in cells:
        reference, _, text = cell.partition(b'"')
        told = _REFERENCE.fullmatch(reference)
        if told is None or told[2] != number:
            raise UnusualError("an address that is none")
        found[-1] += b'<c r="' + told[1]
        found.append(text)
    return found


def _placer(columns: tuple[int, ...], first: int) -> Callable[[_Row], _Row]:
    """Puts the values of such a row in their columns from ``first`` on; the value 0 of a row is an empty one."""
    inside = [columns[0] - START, *columns[1:-1]]
    if inside == list(range(first, first + len(inside))):
        return itemgetter(slice(1, None))
    before = [i for i, column in enumerate(inside, 1) if column < first]
    places = {column - first: i for i, column in enumerate(inside, 1)}
    pick = itemgetter(*[places.get(j, 0) for j in range(max(inside[-1] + 1 - first, 0))], 0, 0)

    def place(values: _Row) -> _Row:
        if before and any(values[i] is not None for i in before):
            raise UnusualError("a cell before the first column")
        return pick(values)[:-2]  # type: ignore[no-any-return]

    return place
