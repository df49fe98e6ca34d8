"""The card beside the list of schemes: its identity, what is inside and beside its amounts, its indicators."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.services import donts
from firdesk.services.dispositifs import LigneDispositif
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import icon_button
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.pages.dispositif_donts import DispositifDonts
from firdesk.ui.pages.dispositif_financements import DispositifFinancements
from firdesk.ui.pages.dispositif_form import DispositifForm
from firdesk.ui.pages.dispositif_indicateurs import DispositifIndicateurs

ONGLETS = {
    "description": "Description",
    "donts": "Dont",
    "financements": "Financeurs",
    "indicateurs": "Indicateurs",
}


class DispositifFiche(Card):
    """Shows one scheme; something typed in its description keeps it until it is saved or given up."""

    #: the code of the scheme described or changed
    saved = Signal(str)
    #: the user gave up what was typed
    abandoned = Signal()
    #: describe, under the name its allocations bear, the scheme shown
    describe = Signal(str)
    #: the user is done in the card
    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._bridge = bridge
        self.ligne: LigneDispositif | None = None
        self.form = DispositifForm(bridge)
        self.donts = DispositifDonts(bridge)
        self.financements = DispositifFinancements(bridge)
        self.indicateurs = DispositifIndicateurs(bridge)
        self.unsaved = Note("", "alerte", "Abandonner")
        self.inconnu = Note("", "accent", "Décrire")
        self.alerte = Note()
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName("Volets du dispositif")
        self.stack = QStackedWidget()
        for title, widget in zip(
            ONGLETS.values(), (self.form, self.donts, self.financements, self.indicateurs), strict=True
        ):
            self.bar.addTab(title)
            self.stack.addWidget(widget)
        self.nothing = EmptyState("cursor-line", "Aucun dispositif choisi", "En choisir un, ou en créer un (Ctrl+N).")
        self.voir = icon_button("list-check-2", "Voir les allocations de ce dispositif", self.open_lines)
        self.add_action(self.voir)
        for shown in (self.unsaved, self.inconnu, self.alerte, self.bar, self.stack, self.nothing):
            self.body.addWidget(shown, int(shown in (self.stack, self.nothing)))
        self.bar.currentChanged.connect(self._go)
        self.unsaved.action.connect(self.form.revert)
        self.inconnu.action.connect(lambda: self.describe.emit(self.ligne.code if self.ligne else ""))
        self.form.saved.connect(self._saved)
        self.form.abandoned.connect(self._abandoned)
        lead_focus(self, self.form.libelle)
        for details in (self.donts, self.financements, self.indicateurs):
            details.left.connect(self.left)
        UndoKeys(self)
        self.clear()

    @property
    def code(self) -> str:
        return self.ligne.code if self.ligne is not None else ""

    @property
    def dirty(self) -> bool:
        """Whether something typed in the description would be lost."""
        return self.stack.isVisibleTo(self) and self.form.dirty

    @property
    def creating(self) -> bool:
        return self.stack.isVisibleTo(self) and self.ligne is None

    def load(self, ligne: LigneDispositif, exercice: int) -> None:
        """Show a scheme as the base has it."""
        self.ligne = ligne
        self._open(True)
        d, count = ligne.dispositif, ligne.nombre
        title = d.libelle if d.libelle == d.code else f"{d.code} · {d.libelle}"
        told = (
            f"{money.nombre(count)} allocation{'s' * (count > 1)} en {exercice}, {money.euros(ligne.notifie)} notifiés"
        )
        self.set_title(title, told)
        text = "" if ligne.decrit else "Ce nom vient des allocations : il n'est pas encore décrit."
        self.inconnu.set_note(text, "accent", "Décrire")
        self.form.load(ligne, exercice)
        self.load_details(exercice)

    def load_details(self, exercice: int) -> None:
        """Read again what stands beside the description, and what deserves a look."""
        self.alerte.set_note("")
        if self.ligne is not None:
            rules = donts.alertes(self._bridge.session, exercice, self.code) if self.ligne.decrit else []
            told = [*self.ligne.alertes(), *(p for p in rules if p.field == "part_max")]
            self.alerte.set_note(" ".join(p.message for p in told), "alerte")
            for details in (self.donts, self.financements, self.indicateurs):
                details.load(self.ligne, exercice)

    def refresh(self, ligne: LigneDispositif, exercice: int) -> None:
        """Read the scheme again under what is being typed."""
        if self.dirty:
            self.ligne = ligne
            self.load_details(exercice)
        else:
            self.load(ligne, exercice)

    def start(self, exercice: int) -> None:
        """A new scheme."""
        self.ligne = None
        self._open(True)
        self.set_title("Nouveau dispositif", "pas encore enregistré")
        self.inconnu.set_note("")
        self.alerte.set_note("")
        self.bar.setCurrentIndex(0)
        self._enable_details(False)
        self.form.start(exercice)

    def clear(self) -> None:
        """No scheme at all."""
        self.ligne = None
        self.set_title("", "")
        self._open(False)

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost; where something would, say so."""
        if not self.dirty:
            return True
        self.bar.setCurrentIndex(0)
        text = "Modifications non enregistrées : les enregistrer (Ctrl+S) ou les abandonner (Échap)."
        self.unsaved.set_note(text, "alerte", "Abandonner")
        self.form.save_button.setFocus()
        return False

    def go(self, key: str) -> None:
        """Show one of the tabs."""
        self.bar.setCurrentIndex(list(ONGLETS).index(key))

    def open_lines(self) -> None:
        """The allocations of the scheme shown."""
        if self.code:
            wanted = Filtre(exercice=self._bridge.exercice, dispositifs=(self.code,))
            self._bridge.navigate.emit("allocations", wanted)

    def _open(self, shown: bool) -> None:
        for widget in (self.bar, self.stack, self.voir):
            widget.setVisible(shown)
        self.nothing.setVisible(not shown)
        self.unsaved.set_note("")
        if not shown:
            self.inconnu.set_note("")
            self.alerte.set_note("")
        self._enable_details(self.ligne is not None)

    def _enable_details(self, on: bool) -> None:
        for place in range(1, self.bar.count()):
            self.bar.setTabEnabled(place, on)
        self.voir.setEnabled(on)

    def _go(self, place: int) -> None:
        self.stack.setCurrentIndex(place)
        lead_focus(self, (self.form.libelle, self.donts, self.financements, self.indicateurs)[place])

    def _saved(self, code: str) -> None:
        self.unsaved.set_note("")
        self.saved.emit(code)

    def _abandoned(self) -> None:
        self.unsaved.set_note("")
        if self.ligne is None:
            self.clear()
        self.abandoned.emit()
