"""Where a group of widgets is entered when the focus is given to the whole of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


class _Entry(QObject):
    def __init__(self, group: QWidget) -> None:
        super().__init__(group)
        self.target = group
        group.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.type() is QEvent.Type.FocusIn:
            self.target.setFocus(event.reason())
        return super().eventFilter(watched, event)


def lead_focus(group: QWidget, target: QWidget) -> None:
    """Hand the focus given to ``group`` on to ``target``, which it holds; calling it again changes the target.

    A focus proxy makes of the group itself a stop of the tab key, which then jumps over all that stands before
    the proxy, and stays where it is when the proxy is hidden.
    """
    found = group.findChild(_Entry, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (found or _Entry(group)).target = target
