"""Something typed and not saved: the note that says so with its two ways out, and whose Ctrl+Z it is."""

from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, button


class Unsaved(QFrame):
    """« Modifications non enregistrées », *Enregistrer* and *Abandonner*."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "encart")
        self.setProperty("tone", "alerte")
        self.save, self.abandon = button("Enregistrer", "lien"), button("Abandonner", "lien")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.HALF, style.MARGIN, style.HALF)
        layout.setSpacing(style.SPACE)
        for link in (self.save, self.abandon):
            link.setFont(style.font("petit"))
            link.setMinimumWidth(link.sizeHint().width())
        layout.addWidget(Text("Modifications non enregistrées", "petit", "alerte"), 1)
        layout.addWidget(self.save)
        layout.addWidget(self.abandon)
        self.hide()


def leaves_undo(watched: QObject, event: QEvent) -> bool:
    """Whether Ctrl+Z or Ctrl+Y in this field is the window's, since nothing was typed there."""
    if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
        return False
    undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
    return (undo and not _can(watched, "undo")) or (redo and not _can(watched, "redo"))


def _can(field: Any, what: str) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable() if what == "undo" else field.isRedoAvailable()
    if isinstance(field, QPlainTextEdit):
        document = field.document()
        return document.isUndoAvailable() if what == "undo" else document.isRedoAvailable()
    return False
