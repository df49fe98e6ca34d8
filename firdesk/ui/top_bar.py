"""What stands above every page: its title, what is looked at, the exercice, the search."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import ElidedText, Text
from firdesk.ui.search_field import SearchField


class TopBar(QWidget):
    """Title and subtitle at the left; exercice and search at the right."""

    exercice_chosen = Signal(int)

    def __init__(self, search: SearchField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Text("", "titre")
        self.subtitle = ElidedText("", "petit", "faible")
        self.exercice = QComboBox()
        self.exercice.setAccessibleName("Exercice")
        self.exercice.setToolTip("Exercice regardé dans toutes les pages")
        self.exercice.setFixedWidth(144)
        self.exercice.activated.connect(lambda _: self.exercice_chosen.emit(self.exercice.currentData()))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(words, 3)
        layout.addWidget(self.exercice)
        layout.addWidget(search, 2)

    def set_page(self, title: str, subtitle: str) -> None:
        self.title.setText(title)
        self.set_subtitle(subtitle)

    def set_subtitle(self, text: str) -> None:
        # A space keeps the line: the page below does not move.
        self.subtitle.setText(text or " ")

    def set_exercices(self, years: Sequence[int], current: int) -> None:
        if [self.exercice.itemData(i) for i in range(self.exercice.count())] != list(years):
            self.exercice.clear()
            for year in years:
                self.exercice.addItem(f"Exercice {year}", year)
        self.exercice.setCurrentIndex(self.exercice.findData(current))
