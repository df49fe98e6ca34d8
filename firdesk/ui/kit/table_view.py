"""The table of the program: a view set up once, its total, its states, its copy; speaks of ids, not rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from firdesk.ui.kit import style
from firdesk.ui.kit.column_room import ColumnRoom
from firdesk.ui.kit.columns import plain
from firdesk.ui.kit.delegates import CellDelegate, Header
from firdesk.ui.kit.states import EmptyState, State
from firdesk.ui.kit.table_model import TableModel
from firdesk.ui.kit.totals import TotalsRow

COPY_LIMIT = 100_000
RESTORE_LIMIT = 2_000


class DataTable(QFrame):
    """A table with its frame, footer and states. Set a model with :meth:`set_model`."""

    selection_changed = Signal(list)
    activated = Signal(object)
    sort_requested = Signal(str, bool)
    #: Text of the clipboard when the user pastes on the table.
    paste_requested = Signal(str)

    def __init__(self, model: TableModel | None = None, *, name: str = "Tableau", parent: Any = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "table")
        self._menu: Callable[[QMenu, list[int]], object] | None = None
        self._kept: tuple[list[int], int | None, int] = ([], None, 0)
        self.view = _view(self)
        self.view.setAccessibleName(name)
        self.totals = TotalsRow(self.view)
        self._room = ColumnRoom(self.view, self.totals)
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.totals)
        self.setFocusProxy(self.view)
        self.view.installEventFilter(self)
        self.view.doubleClicked.connect(self._activate)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.view.horizontalHeader().sectionClicked.connect(self._header_clicked)
        style.themed.connect(self.view.viewport().update)
        if model is not None:
            self.set_model(model)

    # Model

    def set_model(self, model: TableModel) -> None:
        """Show another model; its ``sort_requested`` is passed on by the table."""
        old = self.model
        if old is not None:
            old.sort_requested.disconnect(self.sort_requested)
            old.modelAboutToBeReset.disconnect(self._keep)
            old.modelReset.disconnect(self._restore)
        selection = self.view.selectionModel()
        self.view.setModel(model)
        if selection is not None:
            selection.deleteLater()
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        model.sort_requested.connect(self.sort_requested)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        self._room.follow(model, old)
        self._allow_editing(model)

    @property
    def model(self) -> TableModel | None:
        model = self.view.model()
        return model if isinstance(model, TableModel) else None

    def _allow_editing(self, model: TableModel) -> None:
        trigger = QAbstractItemView.EditTrigger
        editable = any(spec.editable for spec in model.columns)
        self.view.setEditTriggers(trigger.EditKeyPressed if editable else trigger.NoEditTriggers)

    # Selection

    def selected_ids(self) -> list[int]:
        """Ids selected, from top to bottom."""
        model, selection = self.model, self.view.selectionModel()
        if model is None or selection is None:
            return []
        return [i for top, bottom in self._ranges() for i in model.ids_between(top, bottom)]

    def _ranges(self) -> list[tuple[int, int]]:
        """First and last row of each run of selected rows; a million selected rows are one run."""
        chosen = self.view.selectionModel().selection()
        return sorted({(r.top(), r.bottom()) for r in (chosen.at(i) for i in range(chosen.count()))})

    def current_id(self) -> int | None:
        model, index = self.model, self.view.currentIndex()
        return model.id_at(index.row()) if model is not None and index.isValid() else None

    def select(self, ids: Iterable[int], *, current: int | None = None) -> None:
        """Select these ids (those that are shown) and bring the current one in sight."""
        model = self.model
        if model is None:
            return
        wanted = list(ids)
        last = max(0, model.columnCount() - 1)
        chosen = QItemSelection()
        rows = [r for r in (model.row_of(i) for i in wanted[:RESTORE_LIMIT]) if r >= 0]
        for row in rows:
            chosen.select(model.index(row, 0), model.index(row, last))
        selection = self.view.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        row = model.row_of(current) if current is not None else (rows[0] if rows else -1)
        if row >= 0:
            index = model.index(row, max(0, self.view.horizontalHeader().logicalIndex(0)))
            selection.setCurrentIndex(index, flag.NoUpdate)
            self.view.scrollTo(index)
        selection.select(chosen, flag.ClearAndSelect | flag.Rows)

    @Slot()
    def _selection_changed(self) -> None:
        self.selection_changed.emit(self.selected_ids())

    @Slot()
    def _keep(self) -> None:
        ids = self.selected_ids()
        column = self.view.currentIndex().column()
        self._kept = (ids if len(ids) <= RESTORE_LIMIT else [], self.current_id(), column)

    @Slot()
    def _restore(self) -> None:
        ids, current, column = self._kept
        if self._room.fit() and self.model is not None:
            self._allow_editing(self.model)
        if ids or current is not None:
            self.select(ids, current=current)
            self._back_to(column)
        self.totals.update()

    def _back_to(self, column: int) -> None:
        """The column of the cursor, where the rows read again still have it."""
        index = self.view.currentIndex()
        if index.isValid() and 0 <= column < self.view.model().columnCount():
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.view.selectionModel().setCurrentIndex(index.siblingAtColumn(column), flag)

    def natural_widths(self) -> dict[str, int]:
        """What each column wants, hidden ones too: its own width, more where its figures need it."""
        return self._room.natural()

    # Footer, states, columns, menu

    def set_totals(self, totals: Mapping[str, str | int | Decimal], label: str = "Total du filtre") -> None:
        """What stands under the columns of these keys, written as their lines are unless it is a text already; an
        empty mapping hides the line.
        """
        model = self.model
        texts = {
            key: str(made) if isinstance(made, str) or model is None else model.total(key, made)
            for key, made in totals.items()
        }
        self.totals.set_totals(texts, label)
        self._room.widen_for(())

    def set_state(
        self,
        state: State,
        message: str = "",
        action_text: str = "",
        callback: Callable[[], object] | None = None,
    ) -> None:
        """``donnees`` shows the rows, any other state its message (and its action) in their place."""
        if state == "donnees" and self._stack.currentWidget() is self.view:
            return
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        if state == "donnees":
            self._enter(self.view)
        else:
            self.empty.set_state(state, message, action_text, callback)
            self._enter(self.empty)
        if held:
            self.setFocus()

    def _enter(self, shown: QWidget) -> None:
        """Show the rows or what stands in their place; the focus given to the table goes where keys are of use."""
        self._stack.setCurrentWidget(shown)
        action = next(iter(self.empty.buttons()), None) if shown is self.empty else None
        self.empty.setFocusPolicy(Qt.FocusPolicy.NoFocus if action else Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(action or shown)

    def set_context_menu(self, build: Callable[[QMenu, list[int]], object]) -> None:
        """``build(menu, ids)`` fills the menu of the selection before it opens."""
        self._menu = build

    def columns_menu(self) -> QMenu:
        """A menu of the columns, each shown or hidden by a tick."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column, spec in enumerate(self.model.columns if self.model else ()):
            action = menu.addAction(spec.title or "Signalement")
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(column))
            action.toggled.connect(lambda shown, column=column: self.view.setColumnHidden(column, not shown))
        return menu

    def column_state(self) -> dict[str, Any]:
        """Order, widths and hidden columns, as plain data for a saved view."""
        model, header = self.model, self.view.horizontalHeader()
        if model is None:
            return {}
        order = [model.columns[header.logicalIndex(v)].key for v in range(header.count())]
        return {
            "ordre": order,
            "largeurs": {c.key: header.sectionSize(i) for i, c in enumerate(model.columns) if not c.stretch},
            "masquees": [c.key for i, c in enumerate(model.columns) if self.view.isColumnHidden(i)],
        }

    def restore_columns(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`column_state` gave; unknown columns are passed over."""
        model, header = self.model, self.view.horizontalHeader()
        if model is None:
            return
        for key, width in dict(state.get("largeurs", {})).items():
            if (column := model.column_of(key)) >= 0 and width > 0:
                header.resizeSection(column, int(width))
        hidden = set(state.get("masquees", ()))
        for column, spec in enumerate(model.columns):
            self.view.setColumnHidden(column, spec.key in hidden)
        for place, key in enumerate(k for k in state.get("ordre", ()) if model.column_of(k) >= 0):
            header.moveSection(header.visualIndex(model.column_of(key)), place)

    # What the user does

    def copy(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text with the titles of the columns."""
        model = self.model
        if model is None or not (ids := self.selected_ids()):
            return
        header = self.view.horizontalHeader()
        order = map(header.logicalIndex, range(header.count()))
        shown = [c for c in order if not self.view.isColumnHidden(c)]
        lines = ["\t".join(model.columns[c].title for c in shown)]
        for top, bottom in self._ranges():
            for row in range(top, min(bottom, top + COPY_LIMIT) + 1):
                cells = model.cells(row)
                lines.append("\t".join(plain(model.columns[c], cells[c]) for c in shown))
        QGuiApplication.clipboard().setText("\n".join(lines[: min(len(ids), COPY_LIMIT) + 1]) + "\n")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A block can be pasted where there is no row yet."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self._key(event)
        else:
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_requested.emit(QGuiApplication.clipboard().text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            # Enter in a cell being typed comes here too: it belongs to the cell.
            if self.view.state() != QAbstractItemView.State.EditingState:
                self._activate(self.view.currentIndex())
        elif event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._show_menu(self.view.visualRect(self.view.currentIndex()).center())
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() and self._unselected():
            self._select_current()
        else:
            return False
        return True

    def _unselected(self) -> bool:
        """Whether the focus came to the table before any line was chosen: Qt then has a cursor and no selection."""
        return self.view.currentIndex().isValid() and not self.view.selectionModel().hasSelection()

    def _select_current(self) -> None:
        flag = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(self.view.currentIndex(), flag.ClearAndSelect | flag.Rows)

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        model = self.model
        if model is not None and index.isValid():
            if self._unselected():
                self._select_current()
            self.activated.emit(model.id_at(index.row()))

    @Slot(int)
    def _header_clicked(self, column: int) -> None:
        model = self.model
        if model is None or not model.columns[column].sortable:
            return
        spec = model.columns[column]
        # Amounts are looked at from the largest, words from the first; a second click turns the order.
        down = not model.sort_descending if model.sort_key == spec.key else spec.right
        model.sort(column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        self.view.horizontalHeader().viewport().update()

    @Slot(QPoint)
    def _show_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._menu is not None:
            self._menu(menu, self.selected_ids())
        if menu.actions():
            menu.addSeparator()
        menu.addAction("Copier", self.copy)
        menu.popup(self.view.viewport().mapToGlobal(where))


def _view(parent: DataTable) -> QTableView:
    view = QTableView(parent)
    view.setHorizontalHeader(Header(view))
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(style.ROW)
    view.setItemDelegate(CellDelegate(view))
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setMouseTracking(True)
    view.setTabKeyNavigation(False)
    view.setCornerButtonEnabled(False)
    view.viewport().setAutoFillBackground(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    return view
