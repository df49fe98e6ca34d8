"""The list of suggestions under a field: two lines each, chosen by keyboard or mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from firdesk.ui.kit import style

KEY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
SUBTITLE_ROLE = KEY_ROLE + 1
CREATE_ROLE = KEY_ROLE + 2
VISIBLE = 12


class Suggestion(NamedTuple):
    """One entry; ``create`` marks the one that makes something new out of what was typed."""

    key: object
    title: str
    subtitle: str = ""
    create: bool = False


class SuggestionDelegate(QStyledItemDelegate):
    """Title and, under it, a quiet subtitle."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, 44 if index.data(SUBTITLE_ROLE) else style.ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect
        active = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
        if option.state & active:
            painter.fillRect(rect, style.color("accent_doux"))
        room = rect.adjusted(10, 0, -10, 0)
        subtitle = str(index.data(SUBTITLE_ROLE) or "")
        if subtitle:
            below = QRect(room.left(), rect.center().y() + 1, room.width(), 18)
            self._write(painter, below, subtitle, "petit", "texte_faible")
            room = QRect(room.left(), rect.top() + 4, room.width(), 18)
        tone = "accent" if index.data(CREATE_ROLE) else "texte"
        self._write(painter, room, str(index.data() or ""), "corps", tone)

    @staticmethod
    def _write(painter: QPainter, room: QRect, text: str, role: style.Role, colour: str) -> None:
        painter.setFont(style.font(role))
        painter.setPen(style.color(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class Completer(QCompleter):
    """A completer that shows exactly what :meth:`suggest` was given, in that order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(VISIBLE)
        self.list = popup = QListView()
        popup.setProperty("kind", "suggestions")
        popup.setMouseTracking(True)
        popup.setUniformItemSizes(False)
        popup.setFont(style.font("corps"))
        self.setPopup(popup)
        # The popup's own delegate is set by QCompleter.setPopup: ours comes after.
        self._delegate = SuggestionDelegate(self)
        popup.setItemDelegate(self._delegate)

    def suggest(self, suggestions: Sequence[Suggestion]) -> None:
        """Fill the list and open it, or close it when there is nothing to show."""
        self._items.clear()
        for entry in suggestions:
            item = QStandardItem(entry.title)
            item.setData(entry.key, KEY_ROLE)
            item.setData(entry.subtitle, SUBTITLE_ROLE)
            item.setData(entry.create, CREATE_ROLE)
            item.setData(f"{entry.title}, {entry.subtitle}".rstrip(", "), Qt.ItemDataRole.AccessibleTextRole)
            self._items.appendRow(item)
        if suggestions:
            self.complete()
        else:
            self.list.hide()

    def suggestions(self) -> list[str]:
        """The titles shown."""
        return [self._items.item(r).text() for r in range(self._items.rowCount())]
