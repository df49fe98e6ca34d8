"""Table models: one that keeps only ids and fetches what is visible, one for small tables held in memory.

They know nothing of SQL: a source answers ids and rows. Sorting is asked of whoever owns the source.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from firdesk.ui.kit.columns import EMPTY, Cell, ColumnSpec, cell
from firdesk.ui.kit.folding import fold

__all__ = ["ColumnSpec", "PagedTableModel", "SimpleTableModel", "Source", "TableModel"]

Index = QModelIndex | QPersistentModelIndex
PAGE = 128
PAGES_KEPT = 48

_DISPLAY = 0
_EDIT = int(Qt.ItemDataRole.EditRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Source(Protocol):
    """Where a paged table takes its rows: all ids in order, and one tuple per id asked, in the order asked,
    with one value per column.
    """

    def ids(self) -> array[int]: ...
    def rows(self, ids: Sequence[int]) -> list[tuple[Any, ...]]: ...


class TableModel(QAbstractTableModel):
    """What both models share: columns, roles, ids; subclasses say how a row is made."""

    sort_requested = Signal(str, bool)
    #: id, column key, new text: for an editable column; the owner writes and reloads.
    edit_requested = Signal(object, str, str)
    #: Rows that were just formatted, for what depends on their texts.
    fetched = Signal(object)

    def __init__(self, columns: Sequence[ColumnSpec], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[ColumnSpec, ...] = tuple(columns)
        self.sort_key: str = ""
        self.sort_descending: bool = False
        self._ids: array[int] = array("q")

    def cells(self, row: int) -> tuple[Cell, ...]:
        """The formatted cells of one row."""
        raise NotImplementedError

    def known(self) -> Iterator[tuple[Cell, ...]]:
        """The rows formatted so far, in any order."""
        raise NotImplementedError

    def total(self, key: str, raw: int | Decimal) -> str:
        """The total of a column, written as its lines are."""
        return cell(self.columns[self.column_of(key)], raw).text

    def strong(self, row: int) -> bool:
        """Whether the row is a sub-total, painted semi-bold."""
        return False

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def ids_between(self, first: int, last: int) -> list[int]:
        """Ids of a range of rows, both ends included."""
        return self._ids[first : last + 1].tolist()

    def row_of(self, id: int) -> int:
        """The row of an id, -1 where it is not shown."""
        try:
            return self._ids.index(id)
        except ValueError:
            return -1

    def column_of(self, key: str) -> int:
        return next((i for i, c in enumerate(self.columns) if c.key == key), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            return self.cells(index.row())[index.column()].text
        if role == _ALIGN:
            return _RIGHT if self.columns[index.column()].right else _LEFT
        if role == _ACCESSIBLE:
            text = self.cells(index.row())[index.column()].text
            return f"{self.columns[index.column()].title or 'Signalement'} : {text or 'vide'}"
        if role == _TOOLTIP:
            return self.cells(index.row())[index.column()].text or None
        if role == _EDIT:
            return self.cells(index.row())[index.column()].text
        return None

    def setData(self, index: Index, value: Any, role: int = _EDIT) -> bool:
        spec = self.columns[index.column()]
        if role != _EDIT or not spec.editable or str(value) == self.cells(index.row())[index.column()].text:
            return False
        self.edit_requested.emit(self.id_at(index.row()), spec.key, str(value))
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        made = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        if index.isValid() and self.columns[index.column()].editable:
            made |= Qt.ItemFlag.ItemIsEditable
        return made if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        spec = self.columns[section]
        if role == _DISPLAY:
            return spec.title
        if role == _ALIGN:
            return _RIGHT if spec.right else _LEFT
        if role == _TOOLTIP:
            return spec.tooltip or None
        if role == _ACCESSIBLE:
            return spec.title or "Signalement"
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; the owner answers with ``reload``."""
        if 0 <= column < len(self.columns):
            self.sort_key = self.columns[column].key
            self.sort_descending = order is Qt.SortOrder.DescendingOrder
            self.sort_requested.emit(self.sort_key, self.sort_descending)


class PagedTableModel(TableModel):
    """A table of any length: an array of ids, pages of 128 rows fetched and formatted when looked at."""

    def __init__(
        self,
        source: Source,
        columns: Sequence[ColumnSpec],
        parent: QObject | None = None,
        *,
        sort_by: Callable[[str, bool], object] | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self._source = source
        self._pages: OrderedDict[int, list[tuple[Cell, ...]]] = OrderedDict()
        self._ids = source.ids()
        if sort_by is not None:
            self.sort_requested.connect(sort_by)

    def reload(self, ids: array[int] | None = None) -> None:
        """Show these ids, or ask the source again; every page is forgotten."""
        self.beginResetModel()
        self._ids = self._source.ids() if ids is None else ids
        self._pages.clear()
        self.endResetModel()

    def refresh(self, ids: Iterable[int]) -> None:
        """Fetch again the rows of some ids that changed in place."""
        for id in ids:
            row = self.row_of(id)
            if row >= 0:
                self._pages.pop(row // PAGE, None)
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def cells(self, row: int) -> tuple[Cell, ...]:
        number, offset = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._fetch(number)
        else:
            self._pages.move_to_end(number)
        return page[offset]

    def _fetch(self, number: int) -> list[tuple[Cell, ...]]:
        wanted = self._ids[number * PAGE : (number + 1) * PAGE]
        columns = self.columns
        rows = self._source.rows(wanted)
        page = [tuple([cell(c, v) for c, v in zip(columns, r, strict=True)]) for r in rows]
        # Ids deleted meanwhile leave empty rows until the owner reloads.
        page += [(EMPTY,) * len(columns)] * (len(wanted) - len(page))
        self._pages[number] = page
        if len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        self.fetched.emit(page)
        return page

    def known(self) -> Iterator[tuple[Cell, ...]]:
        return chain.from_iterable(self._pages.values())


class SimpleTableModel(TableModel):
    """A small table held in memory; sorts itself. Ids are the positions in the rows given."""

    def __init__(
        self,
        columns: Sequence[ColumnSpec],
        rows: Iterable[Sequence[Any]] = (),
        parent: QObject | None = None,
        *,
        strong_rows: Iterable[int] = (),
    ) -> None:
        super().__init__(columns, parent)
        self._rows: list[tuple[Any, ...]] = []
        self._cells: list[tuple[Cell, ...]] = []
        self._strong: frozenset[int] = frozenset()
        self._under: dict[int, int] = {}
        self._shown: list[ColumnSpec] = []
        self._fill(rows, strong_rows)

    def set_rows(
        self,
        rows: Iterable[Sequence[Any]],
        *,
        strong_rows: Iterable[int] = (),
        under: Mapping[int, int] | None = None,
    ) -> None:
        """Replace everything; ``strong_rows`` are sub-totals (then the table keeps the order given).

        ``under`` says which rows detail another one (child to parent): they stay under it whatever the order.
        """
        self.beginResetModel()
        self._under = dict(under or {})
        self._fill(rows, strong_rows)
        self.endResetModel()

    def set_columns(self, columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Any]] = ()) -> None:
        """Replace columns and rows together."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.sort_key = ""
        self._under = {}
        self._fill(rows, ())
        self.endResetModel()

    def row(self, id: int) -> tuple[Any, ...]:
        """The raw values of the row given at this position."""
        return self._rows[id]

    def cells(self, row: int) -> tuple[Cell, ...]:
        return self._cells[self._ids[row]]

    def known(self) -> Iterator[tuple[Cell, ...]]:
        return iter(self._cells)

    def total(self, key: str, raw: int | Decimal) -> str:
        return cell(self._shown[self.column_of(key)], raw).text

    def strong(self, row: int) -> bool:
        return self._ids[row] in self._strong

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if self._strong or not 0 <= column < len(self.columns):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._ids[i.row()] for i in before]
        descending = order is Qt.SortOrder.DescendingOrder
        self._ids = self._sorted(column, descending)
        place = {id: row for row, id in enumerate(self._ids)}
        self.changePersistentIndexList(
            before, [self.index(place[n], i.column()) for n, i in zip(ids, before, strict=True)]
        )
        self.layoutChanged.emit()
        super().sort(column, order)

    def _sorted(self, column: int, descending: bool) -> array[int]:
        """The rows in the order of a column, each followed by those that detail it."""
        details: dict[int, list[int]] = {}
        for child, parent in self._under.items():
            details.setdefault(parent, []).append(child)
        whole = [i for i in range(len(self._rows)) if i not in self._under]
        whole.sort(key=self._key(column), reverse=descending)
        return array("q", [i for parent in whole for i in (parent, *details.get(parent, ()))])

    def _key(self, column: int) -> Callable[[int], tuple[bool, Any]]:
        spec = self.columns[column]
        numeric = spec.right and all(r[column] is None or not isinstance(r[column], str) for r in self._rows)

        def key(id: int) -> tuple[bool, Any]:
            raw = self._rows[id][column]
            if numeric:
                return (raw is not None, 0 if raw is None else raw)
            return (raw is not None, str(raw) if spec.kind == "date" else fold(self._cells[id][column].text))

        return key

    def _aligned(self, column: int) -> ColumnSpec:
        """Amounts of one column show their cents all or none, so that their units stand under each other."""
        spec = self.columns[column]
        if spec.kind != "montant" or spec.decimals is not None:
            return spec
        return replace(spec, decimals=any(isinstance(r[column], int) and r[column] % 100 for r in self._rows))

    def _fill(self, rows: Iterable[Sequence[Any]], strong_rows: Iterable[int]) -> None:
        self._rows = [tuple(r) for r in rows]
        self._shown = [self._aligned(i) for i in range(len(self.columns))]
        self._cells = [tuple(cell(c, v) for c, v in zip(self._shown, r, strict=True)) for r in self._rows]
        self._strong = frozenset(strong_rows)
        self._ids = array("q", range(len(self._rows)))
        if self.sort_key and not self._strong and (column := self.column_of(self.sort_key)) >= 0:
            self._ids = self._sorted(column, self.sort_descending)
