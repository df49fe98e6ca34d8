"""The exercices: opened and closed, two compared at constant scope, how their codes follow, what entered and left."""

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.pages.budget_exercices_comparaison import ComparaisonVue
from firdesk.ui.pages.budget_exercices_passages import PassagesVue
from firdesk.ui.pages.budget_exercices_perimetre import PerimetreVue
from firdesk.ui.pages.budget_exercices_statuts import StatutsVue
from firdesk.ui.volet import Volet

_VUES = {
    "statuts": "Ouverture et clôture",
    "comparaison": "Comparaison",
    "passages": "Passage des codes",
    "perimetre": "Périmètre",
}


class ExercicesVolet(Volet):
    """Four views of the years of the file, Ctrl+Tab and Ctrl+Maj+Tab move among them.

    Another page asks for one by its key, or for the state of a year.
    """

    key = "exercices"
    title = "Exercices"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.statuts = StatutsVue(bridge)
        self.comparaison = ComparaisonVue(bridge)
        self.passages = PassagesVue(bridge)
        self.perimetre = PerimetreVue(bridge)
        self.vues = (self.statuts, self.comparaison, self.passages, self.perimetre)
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName("Vues des exercices")
        self.bar.setToolTip("Vue suivante : Ctrl+Tab")
        self.stack = QStackedWidget()
        for label, vue in zip(_VUES.values(), self.vues, strict=True):
            self.bar.addTab(label)
            self.stack.addWidget(vue)
            vue.told.connect(self._say)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        lead_focus(self, self.statuts)
        self.bar.currentChanged.connect(self._show)
        shortcut("Ctrl+Tab", self, lambda: self._step(1))
        shortcut("Ctrl+Shift+Tab", self, lambda: self._step(-1))
        UndoKeys(self)

    def accept(self, argument: object) -> None:
        """A view by its key, or the state of a year."""
        if isinstance(argument, int):
            self.go("statuts")
            self.statuts.choose(argument)
        elif argument in _VUES:
            self.go(str(argument))

    def go(self, vue: str) -> None:
        """Show one of the views."""
        self.bar.setCurrentIndex(list(_VUES).index(vue))

    def refresh(self) -> None:
        vue = self.vues[self.bar.currentIndex()]
        vue.refresh()
        lead_focus(self, vue)
        years = self.session.exercices.all()
        closed = sum(e.clos for e in years)
        told = f"{len(years)} exercice{'s' * (len(years) > 1)}"
        self.set_subtitle(told + (f", dont {closed} clos" if closed else ", aucun clos"))

    def leave(self) -> bool:
        return all(vue.leave() for vue in self.vues)

    def _step(self, by: int) -> None:
        before = self.stack.currentIndex()
        self.bar.setCurrentIndex((before + by) % self.bar.count())
        if self.stack.currentIndex() != before:
            self.setFocus()

    def _show(self, index: int) -> None:
        before = self.vues[self.stack.currentIndex()]
        if index != self.stack.currentIndex() and not before.leave():
            self.bar.blockSignals(True)
            self.bar.setCurrentIndex(self.stack.currentIndex())
            self.bar.blockSignals(False)
            return
        self.stack.setCurrentIndex(index)
        self.refresh()

    def _say(self, text: str) -> None:
        if self.sender() is self.vues[self.bar.currentIndex()]:
            self.set_status(text)
