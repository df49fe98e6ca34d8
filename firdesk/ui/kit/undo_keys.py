"""Ctrl+Z and Ctrl+Y in a field undo what was typed there; with nothing typed, they are the window's."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


class UndoKeys(QObject):
    """Watches the fields that ``parent`` holds when it is made, and those it is told of."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        for field in parent.findChildren(QWidget):
            if isinstance(field, (QLineEdit, QPlainTextEdit)):
                self.watch(field)

    def watch(self, field: QWidget) -> None:
        """Watch one more field."""
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
            if (undo and not _typed(watched, undo=True)) or (redo and not _typed(watched, undo=False)):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _typed(field: QObject, *, undo: bool) -> bool:
    """Whether the field has something of its own to undo (or to redo)."""
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() if undo else field.isRedoAvailable()
    if isinstance(field, QPlainTextEdit):
        document = field.document()
        return document.isUndoAvailable() if undo else document.isRedoAvailable()
    return False
