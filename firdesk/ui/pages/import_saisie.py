"""Typing the right value in the place of what was read: one line, checked before it is taken."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, button

WIDTH = 176


class _Ligne(QLineEdit):
    """Enter takes what is typed, and goes no further: elsewhere on the page it means the next step."""

    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.taken.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class Saisie(QWidget):
    """A field that emits the text once it can be read; what cannot is told under it and is not taken."""

    typed = Signal(str)

    def __init__(self, name: str, check: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._check = check
        self.champ = _Ligne()
        self.champ.setPlaceholderText("Saisir la bonne valeur")
        self.champ.setAccessibleName(f"Bonne valeur : {name}")
        self.champ.setMinimumWidth(WIDTH)
        self.champ.setMaximumWidth(int(WIDTH * 1.4))
        self.prendre = button("Appliquer", "lien", self._take)
        self.prendre.setAccessibleName(f"Appliquer la valeur saisie : {name}")
        self.prendre.setEnabled(False)
        self.probleme = Text("", "petit", "erreur", wrap=True)
        self.probleme.hide()
        self.champ.taken.connect(self._take)
        self.champ.textEdited.connect(self._edited)
        line = QHBoxLayout()
        line.setSpacing(style.SPACE)
        line.addWidget(self.champ)
        line.addWidget(self.prendre)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.probleme)

    def text(self) -> str:
        return self.champ.text()

    def set_text(self, text: str) -> None:
        self.champ.setText(text)
        self.prendre.setEnabled(bool(text.strip()))

    def _edited(self, text: str) -> None:
        self.prendre.setEnabled(bool(text.strip()))
        self._tell("")

    def _take(self) -> None:
        text = self.champ.text().strip()
        if not text:
            return
        why = self._check(text)
        self._tell(why)
        if why:
            self.champ.setFocus()
            self.champ.selectAll()
        else:
            self.typed.emit(text)

    def _tell(self, why: str) -> None:
        self.probleme.setText(why)
        self.probleme.setVisible(bool(why))
        self.champ.setAccessibleDescription(why)
        self.champ.setProperty("probleme", "erreur" if why else "")
        style.repolish(self.champ)
