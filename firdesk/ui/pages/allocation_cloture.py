"""A line of a closed exercice: a banner that says it is read-only, the fields that no longer take anything."""

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from firdesk.services.session import Changes
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.cards import Note


class Cloture(Note):
    """Follows the exercice of the line shown, and that exercice when it is closed or reopened."""

    def __init__(self, bridge: Bridge, fields: QWidget) -> None:
        super().__init__("", "accent")
        self._bridge, self._fields = bridge, fields
        self._exercice = 0
        self.closed = False
        self.action.connect(lambda: bridge.navigate.emit("budget", ("exercices", self._exercice)))
        bridge.changed.connect(self._changed)

    def follow(self, exercice: int) -> None:
        """Say whether the exercice of the line is closed; 0 for no line at all."""
        self._exercice = exercice
        closed = bool(exercice) and self._bridge.session.exercices.clos(exercice)
        text = f"Exercice {exercice} clos : cette ligne est en lecture seule." if closed else ""
        self.set_note(text, "accent", "Rouvrir…" if closed else "")
        if closed == self.closed:
            return
        self.closed = closed
        for field in self._fields.findChildren(QWidget):
            if isinstance(field, (QLineEdit, QPlainTextEdit)):
                field.setReadOnly(closed)
            if isinstance(field, (QComboBox, QAbstractButton)):
                field.setEnabled(not closed)

    def _changed(self, changes: Changes) -> None:
        if "exercice" in changes.tables:
            self.follow(self._exercice)
