"""Above the table: a text to look for, the filters in force, the way to add and to remove them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from firdesk.domain.allocation import Filtre
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.chips import ChipBar
from firdesk.ui.kit.text import button
from firdesk.ui.pages.allocation_filters import FilterPopup, chips, critere, without

SEARCH_MS = 150
_SEARCH_WIDTH = 320


class FilterBar(QWidget):
    """Holds the filter and shows its chips, the page places ``search``; ``changed`` when the user changed it."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.filtre = Filtre(exercice=bridge.exercice)
        self.search = QLineEdit()
        self.chips = ChipBar()
        self.popup = FilterPopup(bridge.session, self)
        self.clear_button = button("Effacer les filtres", "lien", self.clear)
        self._typing = QTimer(self, interval=SEARCH_MS, singleShot=True)
        self._lay_out()
        self.search.textEdited.connect(lambda _: self._typing.start())
        self.search.returnPressed.connect(self.apply_text)
        self._typing.timeout.connect(self.apply_text)
        self.chips.add_clicked.connect(self.open_popup)
        self.chips.chip_clicked.connect(self._chip_clicked)
        self.chips.removed.connect(self.remove)
        self.popup.changed.connect(self.set_criterion)

    def _lay_out(self) -> None:
        self.search.setProperty("kind", "recherche")
        self.search.addAction(style.icon("search-line"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setPlaceholderText("Filtrer par un texte")
        self.search.setToolTip("Opérateur, objet, EJ, SIRET, FINESS, destination, motivation (Ctrl+F)")
        self.search.setAccessibleName("Filtrer par un texte")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.clear_button.setFont(style.font("petit"))
        style.set_tone(self.clear_button, "faible")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(self.chips, 1)
        layout.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignTop)

    def set_filtre(self, filtre: Filtre) -> None:
        """Take a filter asked by another page."""
        self.filtre = filtre
        self._typing.stop()
        self.search.setText(filtre.texte)

    def show_chips(self) -> int:
        """Show the filters in force; how many there are."""
        shown = chips(self._bridge.session, self.filtre, self._bridge.exercice)
        self.chips.set_chips(shown)
        self.clear_button.setVisible(len(shown) > 1)
        return len(shown)

    def set_exercice(self, annee: int) -> None:
        """Follow the exercice of the window, unless all of them are looked at."""
        if self.filtre.exercice is not None:
            self.filtre = replace(self.filtre, exercice=annee)

    def clear(self) -> None:
        """No filter but the exercice."""
        self.set_filtre(Filtre(exercice=self._bridge.exercice))
        self.changed.emit()

    def remove(self, field: str) -> None:
        self.set_filtre(without(self.filtre, field, self._bridge.exercice))
        self.changed.emit()

    def set_criterion(self, field: str, values: tuple[Any, ...]) -> None:
        wanted: dict[str, Any] = {field: values}
        self.filtre = replace(self.filtre, **wanted)
        self.changed.emit()

    def apply_text(self) -> None:
        """What the end of the typing does."""
        self._typing.stop()
        text = " ".join(self.search.text().split())
        if text != self.filtre.texte:
            self.filtre = replace(self.filtre, texte=text)
            self.changed.emit()

    def start_typing(self) -> None:
        """What Ctrl+F does."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def open_popup(self, field: str = "") -> None:
        """Propose the criteria, or the values of one, under the button that was pressed."""
        shown = self.chips.keys()
        under: QWidget = self.chips.chip(field) if field in shown else self.chips.add_button
        where = under.mapToGlobal(QPoint(0, under.height() + style.HALF))
        self.popup.open(self.filtre, self._bridge.exercice, where, field)

    def _chip_clicked(self, field: str) -> None:
        if field == "texte":
            self.start_typing()
        elif critere(field) is not None:
            self.open_popup(field)
