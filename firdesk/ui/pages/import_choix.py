"""The row of choices above vanished lines and conflicts: for the lines chosen in the table, by button or by letter."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, button


class Choix(NamedTuple):
    """One choice: its code, its letter, its button, what the table says of a line that has it."""

    code: str
    lettre: str
    libelle: str
    etat: str
    ton: style.Tone


DISPARUES = (
    Choix("garder", "G", "Garder", "gardée", "normal"),
    Choix("marquer", "M", "Marquer disparue", "marquée", "alerte"),
    Choix("retirer", "R", "Retirer", "retirée", "erreur"),
)
CONFLITS = (
    Choix("garder", "G", "Garder la correction", "correction", "normal"),
    Choix("fichier", "F", "Prendre le fichier", "fichier", "accent"),
)
PAR_CODE = {"disparues": {c.code: c for c in DISPARUES}, "conflits": {c.code: c for c in CONFLITS}}


def etat(onglet: str, code: str) -> tuple[str, str]:
    """Tone and word of a choice, for a cell."""
    choix = PAR_CODE[onglet].get(code)
    return (choix.ton, choix.etat) if choix is not None else ("normal", code)


class Barre(QWidget):
    """Buttons of the choices; their letters work in the table that :meth:`listen` was told of."""

    #: the code of a choice
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choix: Sequence[Choix] = ()
        self._words = Text("Lignes choisies (Ctrl+A : toutes) :", "petit", "faible")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(style.SPACE)
        self._row.addWidget(self._words)
        self._buttons: list[QPushButton] = []
        self._row.addStretch(1)
        self.hide()

    def listen(self, view: QWidget) -> None:
        """Hear the letters typed in a table."""
        view.installEventFilter(self)

    def set_choix(self, choix: Sequence[Choix]) -> None:
        """Show these choices; none hides the row."""
        self.setVisible(bool(choix))
        if list(choix) == list(self._choix):
            return
        self._choix = choix
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for place, c in enumerate(choix, start=1):
            made = button(f"{c.libelle} ({c.lettre})", "secondaire", partial(self.chosen.emit, c.code))
            self._row.insertWidget(place, made)
            self._buttons.append(made)

    def buttons(self) -> list[QPushButton]:
        return list(self._buttons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._choix and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            found = [c.code for c in self._choix if plain and event.text().upper() == c.lettre]
            if found:
                self.chosen.emit(found[0])
                return True
        return super().eventFilter(watched, event)
