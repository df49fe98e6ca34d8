"""Above the list of imports: those left before they were written, and the way to the remembered answers."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.services.importing.brouillons import Brouillon
from firdesk.ui.kit import style
from firdesk.ui.kit.text import Icon, Text, button
from firdesk.ui.pages.import_question import clear


class EnCours(QFrame):
    """One import left under way, with the two things to do about it; a file that is gone can only be forgotten."""

    resumed = Signal(object)
    forgotten = Signal(object)

    def __init__(self, brouillon: Brouillon) -> None:
        super().__init__()
        self.setProperty("kind", "encart")
        self.setProperty("tone", "alerte" if brouillon.disparu else "accent")
        text = phrase(brouillon)
        self.texte = Text(text, wrap=True)
        self.reprendre = button("Reprendre", "secondaire", partial(self.resumed.emit, brouillon))
        self.reprendre.setAccessibleName(f"Reprendre l'import de {brouillon.nom}")
        self.reprendre.setVisible(not brouillon.disparu)
        self.oublier = button("Oublier", "lien", partial(self.forgotten.emit, brouillon))
        self.oublier.setAccessibleName(f"Oublier l'import de {brouillon.nom}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.SPACE, style.WIDE, style.SPACE)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(Icon("history-line" if not brouillon.disparu else "error-warning-line", "accent"))
        layout.addWidget(self.texte, 1)
        layout.addWidget(self.reprendre)
        layout.addWidget(self.oublier)
        self.setAccessibleName(text)


class Reprise(QWidget):
    """Nothing at all when there is neither an import under way nor a remembered answer."""

    resumed = Signal(object)
    forgotten = Signal(object)
    answers_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.encours: list[EnCours] = []
        self.retenues: QPushButton = button("", "lien", self.answers_asked.emit, icon="bookmark-line")
        self._list = QVBoxLayout()
        self._list.setSpacing(style.SPACE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, style.MARGIN)
        layout.setSpacing(style.SPACE)
        layout.addLayout(self._list)
        layout.addWidget(self.retenues, 0, Qt.AlignmentFlag.AlignRight)

    def show_state(self, brouillons: Sequence[Brouillon], retenues: int) -> None:
        clear(self._list)
        self.encours = []
        for brouillon in brouillons:
            line = EnCours(brouillon)
            line.resumed.connect(self.resumed)
            line.forgotten.connect(self.forgotten)
            self._list.addWidget(line)
            self.encours.append(line)
        self.retenues.setText(f"Décisions retenues ({money.nombre(retenues)})")
        self.retenues.setVisible(bool(retenues))
        self.setVisible(bool(brouillons) or bool(retenues))


def phrase(brouillon: Brouillon) -> str:
    """``Import en cours : suivi.xlsx, 3 décisions prises, laissé le 22/11/2026.``"""
    count = brouillon.reponses
    taken = f"{count} décision{'s' if count > 1 else ''} prise{'s' if count > 1 else ''}" if count else "rien de décidé"
    when = f", laissé le {french_date(brouillon.quand)}" if brouillon.quand else ""
    if brouillon.disparu:
        return (
            f"Import en cours : {brouillon.nom} n'est plus là. Il était dans {brouillon.chemin.parent} ({taken}{when})."
        )
    return f"Import en cours : {brouillon.nom}, {taken}{when}."
