"""The widths of the columns of a table: figures whole, text readable, the table scrolls where both do not fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QHeaderView, QTableView

from firdesk.ui.kit.columns import Cell, ColumnSpec
from firdesk.ui.kit.table_model import TableModel
from firdesk.ui.kit.totals import TotalsRow
from firdesk.ui.kit.widths import needed

#: Width below which a column of text says nothing.
READABLE = 96
_MODE = QHeaderView.ResizeMode


class ColumnRoom(QObject):
    """Follows the model, the totals and the width of ``view``; a column of figures only grows."""

    def __init__(self, view: QTableView, totals: TotalsRow) -> None:
        super().__init__(view)
        self._view, self._totals = view, totals
        self._header = view.horizontalHeader()
        self._sized: tuple[ColumnSpec, ...] = ()
        view.viewport().installEventFilter(self)
        self._header.sectionResized.connect(self._resized)

    @property
    def _model(self) -> TableModel | None:
        model = self._view.model()
        return model if isinstance(model, TableModel) else None

    def follow(self, model: TableModel, old: TableModel | None) -> None:
        """Give the columns of another model their widths, and listen to it instead of the former one."""
        if old is not None:
            old.fetched.disconnect(self._fetched)
        # Not while a page is painted: a column that grows paints them all again.
        model.fetched.connect(self._fetched, Qt.ConnectionType.QueuedConnection)
        self._start(model)

    def fit(self) -> bool:
        """To call when the rows of the model are others; whether its columns were too."""
        model = self._model
        if model is None or self._header.count() != len(model.columns):
            return False
        if model.columns != self._sized:
            self._start(model)
            return True
        self.widen_for(model.known())
        return False

    def natural(self) -> dict[str, int]:
        """Pixels that each column wants, by key."""
        model = self._model
        if model is None:
            return {}
        exact = needed(model.columns, model.known(), self._totals.texts())
        return {spec.key: max(spec.width, exact.get(place, 0)) for place, spec in enumerate(model.columns)}

    def _start(self, model: TableModel) -> None:
        self._sized = model.columns
        for column, spec in enumerate(model.columns):
            self._header.setSectionResizeMode(column, _MODE.Stretch if spec.stretch else _MODE.Interactive)
            if not spec.stretch:
                self._header.resizeSection(column, spec.width)
        self.widen_for(model.known())

    @Slot(object)
    def _fetched(self, page: Sequence[Sequence[Cell]]) -> None:
        model = self._model
        if model is not None and page and len(page[0]) == len(model.columns):  # else they changed meanwhile
            self.widen_for(page)

    def widen_for(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Widen the columns of figures that these rows or the total would be cut in."""
        model, header = self._model, self._header
        for column, width in needed(model.columns, rows, self._totals.texts()).items() if model is not None else ():
            if not header.isSectionHidden(column) and header.sectionSize(column) < width:
                header.resizeSection(column, width)
        self._share()

    def _share(self) -> None:
        """Columns of text take what figures leave, never less than they can be read in."""
        model, header = self._model, self._header
        columns = model.columns if model is not None and header.count() == len(model.columns) else ()
        shown = [i for i in range(len(columns)) if not header.isSectionHidden(i)]
        texts = [i for i in shown if columns[i].stretch]
        left = self._view.viewport().width() - sum(header.sectionSize(i) for i in shown if i not in texts)
        narrow = bool(texts) and left < READABLE * len(texts)
        for i in texts:
            wanted = _MODE.Interactive if narrow else _MODE.Stretch
            if header.sectionResizeMode(i) != wanted:
                header.setSectionResizeMode(i, wanted)
            if narrow:
                header.resizeSection(i, READABLE)

    @Slot(int, int, int)
    def _resized(self, column: int, before: int, now: int) -> None:
        if now and not before and (model := self._model) is not None:  # shown again
            self.widen_for(model.known())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._share()
        return super().eventFilter(watched, event)
