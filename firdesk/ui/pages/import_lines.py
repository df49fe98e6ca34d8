"""Rows of an import made when they are looked at, whatever their number: sorted, searched and added up here.

Knows items by their place; what a row says is the caller's business.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.table_model import PagedTableModel

T = TypeVar("T")
Row = tuple[Any, ...]

#: How many rows are made ready for a search before the window is let live.
SLICE = 4000


class Lines(Generic[T]):
    """A source of rows for the kit's paged table; ``counted`` says which items the sums take."""

    def __init__(
        self,
        items: Sequence[T],
        row: Callable[[T], Row],
        columns: Sequence[ColumnSpec],
        counted: Callable[[T], bool] | None = None,
    ) -> None:
        self._items, self._row, self._columns, self._counted = items, row, columns, counted
        self._order = array("q", range(len(items)))
        self._shown = self._order
        self._words: list[str] = []
        self._texts: list[str] = []
        self._left: Iterator[T] | None = None
        self._amounts: dict[str, array[int]] = {}

    def ids(self) -> array[int]:
        return self._shown

    def rows(self, ids: Sequence[int]) -> list[Row]:
        return [self._row(self._items[i]) for i in ids]

    def item(self, id: int) -> T:
        return self._items[id]

    def sort(self, key: str, descending: bool) -> None:
        column = next((i for i, c in enumerate(self._columns) if c.key == key), -1)
        if column >= 0:
            folded = cache(fold)
            values = [_sortable(self._row(item)[column], folded) for item in self._items]
            self._order = array("q", sorted(range(len(values)), key=values.__getitem__, reverse=descending))
            self._keep()

    def prepare(self, count: int = SLICE) -> bool:
        """Make ready the texts of some more rows for a search; whether all are."""
        if self._left is None:
            self._left = iter(self._items)
        for item in islice(self._left, count):
            pairs = zip(self._columns, self._row(item), strict=True)
            self._texts.append(fold(" ".join(_plain(c, v) for c, v in pairs if v is not None)))
        return len(self._texts) == len(self._items)

    def search(self, words: list[str]) -> None:
        """Show the rows that hold every word, folded; no word shows them all."""
        self._words = words
        self._keep()

    def _keep(self) -> None:
        if not self._words:
            self._shown = self._order
            return
        found = (i for i in self._order if all(w in self._texts[i] for w in self._words))
        self._shown = array("q", found)

    def sums(self, keys: Iterable[str], ids: Iterable[int]) -> dict[str, int]:
        """Cents of these columns over some rows."""
        wanted = list(keys)
        if wanted and not self._amounts:
            self._add_up(wanted)
        numbers = list(ids)
        return {k: sum(map(self._amounts[k].__getitem__, numbers)) for k in wanted}

    def _add_up(self, keys: list[str]) -> None:
        places = [next(i for i, c in enumerate(self._columns) if c.key == k) for k in keys]
        made = [array("q") for _ in keys]
        for item in self._items:
            taken = self._counted is None or self._counted(item)
            row = self._row(item) if taken else ()
            for values, place in zip(made, places, strict=True):
                value = row[place] if taken else 0
                values.append(value if isinstance(value, int) else 0)
        self._amounts = dict(zip(keys, made, strict=True))


def _plain(spec: ColumnSpec, value: object) -> str:
    if spec.kind == "montant" and isinstance(value, int):
        return f"{'-' if value < 0 else ''}{abs(value) // 100},{abs(value) % 100:02d}"
    return str(value[1]) if isinstance(value, tuple) else str(value)


def _sortable(raw: object, folded: Callable[[str], str]) -> tuple[int, int | float, str]:
    """Nothing first, then numbers, then texts whatever their accents."""
    if raw is None or raw == "":
        return 0, 0, ""
    if isinstance(raw, int | float):
        return 1, raw, ""
    return 2, 0, folded(str(raw[1] if isinstance(raw, tuple) else raw))


class LinesModel(PagedTableModel):
    """A table over :class:`Lines` that sorts and searches itself; ``summed`` are the keys its footer adds up."""

    def __init__(
        self, lines: Lines[Any], columns: Sequence[ColumnSpec], parent: QObject, summed: Sequence[str] = ()
    ) -> None:
        super().__init__(lines, columns, parent)
        self.lines, self.summed = lines, tuple(summed)
        self._words: list[str] = []
        self._waiting = False
        self.sort_requested.connect(self._sort)

    def search(self, text: str) -> None:
        """Keep the rows that hold every word of ``text``; a long table is made ready by slices first."""
        self._words = fold(text).split()
        if not self._waiting:
            self._advance()

    def sums(self, ids: Iterable[int] | None = None) -> dict[str, int]:
        """Cents of the columns added up, over these rows or over all that are shown."""
        return self.lines.sums(self.summed, self._ids if ids is None else ids)

    def _sort(self, key: str, descending: bool) -> None:
        self.lines.sort(key, descending)
        self.reload()

    def _advance(self) -> None:
        self._waiting = bool(self._words) and not self.lines.prepare()
        if self._waiting:
            QTimer.singleShot(0, self, self._advance)
            return
        self.lines.search(self._words)
        self.reload()
