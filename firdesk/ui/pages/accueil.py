"""What is shown while no base is open: three ways to begin, and the bases opened before."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from firdesk.domain.jour import french_date
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.text import ElidedText, Icon, Text, button
from firdesk.ui.settings import Recent

WIDTH = 840
RECENT_ROW = 44
_PATH = int(Qt.ItemDataRole.UserRole)


class Choice(QFrame):
    """A big button with an icon, a title and a sentence."""

    clicked = Signal()

    def __init__(self, icon: str, title: str, sentence: str) -> None:
        super().__init__()
        self.setProperty("kind", "carte")
        self.setProperty("bouton", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.SPACE)
        layout.addWidget(Icon(icon, "accent", 24))
        layout.addWidget(Text(title, "sous_titre", wrap=True))
        layout.addWidget(Text(sentence, "petit", "faible", wrap=True))
        layout.addStretch()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class Accueil(QWidget):
    """Says what the user wants; the window does it."""

    demonstration = Signal()
    importer = Signal()
    creer = Signal()
    ouvrir = Signal()
    recent = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = Note("")
        self.choices = self._choices()
        self.recents = QListWidget()
        self.recents.setAccessibleName("Bases récentes")
        self.recents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.recents.itemActivated.connect(self._open)
        self.recents.itemClicked.connect(self._open)
        self._none = Text("Aucune base ouverte jusqu'ici.", "corps", "faible")
        self._card = Card("Bases récentes")
        self.open_button = button("Ouvrir une autre base…", "lien", self.ouvrir.emit)
        self._card.add_action(self.open_button)
        self._card.body.addWidget(self._none)
        self._card.body.addWidget(self.recents)
        self._lay_out()
        self.set_recents([])

    def _choices(self) -> list[Choice]:
        made: list[Choice] = []
        told: list[tuple[str, str, str, Callable[[], object]]] = [
            (
                "compass-3-line",
                "Découvrir avec la base de démonstration",
                "Des données fictives, calées sur le bilan 2025 publié : tout essayer sans risque.",
                self.demonstration.emit,
            ),
            (
                "file-excel-2-line",
                "Importer un fichier de la direction financière",
                "Export StarsFIR, HAPI ou SIBC, ou un classeur de suivi. Le déposer ici suffit aussi.",
                self.importer.emit,
            ),
            (
                "file-add-line",
                "Créer une base vide",
                "Avec la nomenclature, les thèmes et les départements déjà en place.",
                self.creer.emit,
            ),
        ]
        for icon, title, sentence, run in told:
            choice = Choice(icon, title, sentence)
            choice.clicked.connect(run)
            made.append(choice)
        return made

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(style.WIDE)
        for choice in self.choices:
            row.addWidget(choice, 1)
        column = QVBoxLayout()
        column.setSpacing(style.WIDE)
        column.addStretch(2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text("FIRDesk", "titre"))
        words.addWidget(
            Text("Suivre le fonds d'intervention régional dans un seul fichier, sur ce poste.", "corps", "faible")
        )
        column.addLayout(words)
        column.addWidget(self.note)
        column.addLayout(row)
        column.addWidget(self._card)
        column.addStretch(3)
        inner = QWidget()
        inner.setLayout(column)
        inner.setMaximumWidth(WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.PAGE_MARGIN, style.PAGE_MARGIN, style.PAGE_MARGIN)
        layout.addStretch(1)
        layout.addWidget(inner, 100)
        layout.addStretch(1)

    def set_recents(self, recents: Sequence[Recent]) -> None:
        """Show the bases opened before, the missing ones greyed."""
        self.recents.clear()
        for entry in recents:
            item = QListWidgetItem()
            item.setData(_PATH, entry.path)
            item.setToolTip(str(entry.path))
            when = "introuvable" if entry.missing else french_date(entry.opened[:16])
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.path.name}, {entry.path.parent}, {when}")
            if entry.missing:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.recents.addItem(item)
            row = _row(entry, when)
            item.setSizeHint(row.sizeHint())
            self.recents.setItemWidget(item, row)
        self.recents.setFixedHeight(min(6, len(recents)) * RECENT_ROW + 2)
        self.recents.setVisible(bool(recents))
        self._none.setVisible(not recents)

    def say(self, text: str, tone: style.Tone = "erreur") -> None:
        """Tell why a base could not be opened; an empty text clears it."""
        self.note.set_note(text, tone)

    def _open(self, item: QListWidgetItem) -> None:
        path = item.data(_PATH)
        if isinstance(path, Path) and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.recent.emit(path)


def _row(entry: Recent, when: str) -> QWidget:
    """Name and folder at the left, date at the right."""
    row = QWidget()
    row.setFixedHeight(RECENT_ROW)
    row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(ElidedText(entry.path.name, "corps", "faible" if entry.missing else "normal"))
    words.addWidget(ElidedText(str(entry.path.parent), "petit", "faible"))
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, style.HALF, style.HALF, style.HALF)
    layout.addLayout(words, 1)
    layout.addWidget(Text(when, "petit", "faible"))
    return row
