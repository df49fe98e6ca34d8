"""What a page shows when it has no data to show: loading, empty, nothing under this filter, error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Icon, Text, button

State = Literal["chargement", "vide", "filtre_vide", "erreur", "donnees"]
Action = tuple[str, Callable[[], object]]

_ICONS = {
    "chargement": ("loader-4-line", "texte_faible"),
    "vide": ("inbox-line", "texte_faible"),
    "filtre_vide": ("filter-off-line", "texte_faible"),
    "erreur": ("error-warning-line", "erreur"),
}
_DEFAULTS = {
    "chargement": "Lecture en cours…",
    "vide": "Rien à afficher pour l'instant.",
    "filtre_vide": "Aucune ligne ne répond à ces filtres.",
    "erreur": "Ces données n'ont pas pu être lues.",
}


class EmptyState(QWidget):
    """An icon, a title, a sentence and buttons in the middle of the room left free."""

    def __init__(
        self,
        icon: str = "inbox-line",
        title: str = "",
        sentence: str = "",
        actions: Sequence[Action] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = Icon(icon, size=32)
        self._title = Text("", "sous_titre")
        self._sentence = Text("", "corps", "faible", wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(style.SPACE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.PAGE_MARGIN, style.PAGE_MARGIN, style.PAGE_MARGIN)
        layout.setSpacing(style.SPACE)
        layout.addStretch(2)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addSpacing(style.SPACE)
        layout.addLayout(self._buttons)
        layout.addStretch(3)
        self.set_content(icon, title, sentence, actions)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(style.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def set_content(
        self,
        icon: str,
        title: str,
        sentence: str = "",
        actions: Sequence[Action] = (),
        *,
        tone: str = "texte_faible",
    ) -> None:
        """Replace everything; the first action is the main one."""
        self._icon.set_icon(icon, tone)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.setAccessibleName(" ".join(t for t in (title, sentence) if t))
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._buttons.addStretch()
        for place, (text, callback) in enumerate(actions):
            self._buttons.addWidget(button(text, "principal" if place == 0 else "secondaire", callback))
        self._buttons.addStretch()

    def set_state(
        self,
        state: State,
        message: str = "",
        action_text: str = "",
        callback: Callable[[], object] | None = None,
    ) -> None:
        """One of the states of a page; ``message`` defaults to a sentence of its own."""
        name, tone = _ICONS.get(state, ("inbox-line", "texte_faible"))
        actions = [(action_text, callback)] if action_text and callback else []
        self.set_content(name, message or _DEFAULTS.get(state, ""), "", actions, tone=tone)

    def buttons(self) -> list[QPushButton]:
        """The buttons of the actions, in order."""
        items = (self._buttons.itemAt(i) for i in range(self._buttons.count()))
        return [w for i in items if i is not None and isinstance(w := i.widget(), QPushButton)]

    def message(self) -> str:
        return self._title.text()
