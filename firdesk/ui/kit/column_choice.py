"""Which columns of a table are shown: those that its width has room for, until the user chooses them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from firdesk.ui.kit.table_view import DataTable


class ColumnChoice(QObject):
    """Follows the width of ``table``; ``hidden`` says the keys of the columns to hide at a width."""

    def __init__(self, table: DataTable, hidden: Callable[[int], Collection[str]]) -> None:
        super().__init__(table)
        self._table, self._hidden = table, hidden
        self._own: frozenset[str] | None = None
        table.installEventFilter(self)

    def fit(self) -> None:
        """Show what there is room for, or what the user chose; to call when the columns or the lines changed."""
        hidden = self._hidden(self._table.width()) if self._own is None else self._own
        model = self._table.model
        for place, spec in enumerate(model.columns if model is not None else ()):
            self._table.view.setColumnHidden(place, spec.key in hidden)
        self._table.totals.update()

    def menu(self) -> QMenu:
        """A menu of the columns; from the first tick on they are the user's."""
        menu = self._table.columns_menu()
        for action in menu.actions():
            action.toggled.connect(self._chosen)
        return menu

    def popup(self, under: QWidget) -> None:
        """Open the menu below a button."""
        self.menu().popup(under.mapToGlobal(QPoint(0, under.height())))

    def _chosen(self) -> None:
        view, model = self._table.view, self._table.model
        columns = model.columns if model is not None else ()
        self._own = frozenset(spec.key for place, spec in enumerate(columns) if view.isColumnHidden(place))
        self._table.totals.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.fit()
        return super().eventFilter(watched, event)
