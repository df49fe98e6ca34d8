"""Which columns of a table are shown: those that its width has room for, until the user chooses them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.table_view import DataTable


class ColumnChoice(QObject):
    """Follows the width of ``table``; the columns ``least_first`` go one after the other until the others fit.

    ``absent`` gives the keys of those that nothing fills.
    """

    def __init__(
        self, table: DataTable, least_first: Sequence[str], absent: Callable[[], Collection[str]] = frozenset
    ) -> None:
        super().__init__(table)
        self._table, self._least_first, self._absent = table, least_first, absent
        self._own: frozenset[str] | None = None
        table.installEventFilter(self)

    def fit(self) -> None:
        """Show what there is room for, or what the user chose; to call when the columns or the lines changed."""
        hidden = self._without_room() if self._own is None else self._own
        model = self._table.model
        for place, spec in enumerate(model.columns if model is not None else ()):
            self._table.view.setColumnHidden(place, spec.key in hidden)
        self._table.totals.update()

    def _without_room(self) -> set[str]:
        hidden = set(self._absent())
        widths = self._table.natural_widths()
        need = sum(width for key, width in widths.items() if key not in hidden) + style.MARGIN
        for key in self._least_first:
            if need <= self._table.width():
                break
            if key not in hidden:
                hidden.add(key)
                need -= widths.get(key, 0)
        return hidden

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
