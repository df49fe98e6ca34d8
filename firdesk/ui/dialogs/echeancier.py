"""The sheet where the CP of an allocation are planned: a proposal, then any amount changed by hand."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from firdesk.domain import echeancier as plans
from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.echeancier import Echeancier
from firdesk.domain.problem import Invalide, Problem
from firdesk.services import engagements
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.saisie import Saisie
from firdesk.ui.kit import style
from firdesk.ui.kit.form import Choix, DateEdit, Field, Row, TexteEdit
from firdesk.ui.kit.montants_annuels import MontantsAnnuels
from firdesk.ui.kit.text import Text, button

EGALES, PRORATA, ACOMPTE, RESTE = "egales", "prorata", "acompte", "reste"
PROPOSITIONS = {
    EGALES: "Parts égales",
    PRORATA: "Au prorata des mois",
    ACOMPTE: "Acompte et solde",
    RESTE: "Replanifier ce qui reste",
}
#: The fields that each proposal asks for.
_ASKED = {EGALES: ("de", "a"), PRORATA: ("debut", "fin"), ACOMPTE: ("de", "a", "part"), RESTE: ()}
_LABELS = {"de": "Première année", "a": "Dernière année", "debut": "Du", "fin": "Au", "part": "Acompte (%)"}


class EcheancierSheet(Saisie):
    """The years of ``allocation`` seen from ``exercice``; *Répartir* fills the amounts, *Enregistrer* writes them."""

    def __init__(self, bridge: Bridge, parent: QWidget, allocation: Allocation, exercice: int) -> None:
        self._e: Echeancier = engagements.echeancier(bridge.session, allocation.id or 0, exercice)
        ae = money.euros(self._e.ae, decimals=True)
        subtitle = f"Allocation {allocation.reference} · AE {ae}, retraits déduits"
        super().__init__(parent, "Échéancier des CP", subtitle, self.save, 520)
        self._bridge, self._session, self._allocation = bridge, bridge.session, allocation
        self.proposition = Choix()
        self.proposition.set_items(list(PROPOSITIONS.items()), empty=None)
        self.proposition.setAccessibleName("Proposition")
        self.de, self.a, self.part = Choix(), Choix(), TexteEdit()
        self.debut, self.fin = DateEdit(), DateEdit()
        self._shown = {key: Field(Row(_LABELS[key], getattr(self, key), key)) for key in _LABELS}
        self.refus = Text("", "petit", "erreur", wrap=True)
        self.montants = MontantsAnnuels(self._conclude)
        self.repartir_button = button("Répartir", "secondaire", self.repartir)
        self._lay_out()
        self._fill()
        self.proposition.edited.connect(self._ask)
        self._ask()

    def _lay_out(self) -> None:
        self.repartir_button.setToolTip("Remplir les montants selon cette proposition (Entrée)")
        choice = QHBoxLayout()
        choice.setSpacing(style.SPACE)
        choice.addWidget(self.proposition, 1)
        choice.addWidget(self.repartir_button)
        asked = QGridLayout()
        asked.setHorizontalSpacing(style.MARGIN)
        for column, key in enumerate(("debut", "fin", "de", "a", "part")):
            asked.addWidget(self._shown[key], 0, column)
        self.body.addLayout(choice)
        self.body.addLayout(asked)
        self.body.addWidget(self.refus)
        self.body.addWidget(self.montants)
        self.body.addStretch(1)
        place: QWidget = self.proposition
        for key in ("debut", "fin", "de", "a", "part"):
            QWidget.setTabOrder(place, self._shown[key].widget)
            place = self._shown[key].widget
        QWidget.setTabOrder(place, self.repartir_button)

    def _fill(self) -> None:
        year = max(self._e.exercice, self._allocation.exercice)
        known = {a.exercice for a in self._e.annees if a.prevu or a.paye}
        years = range(min({year, *known}) - 1, max({year, *known}) + 8)
        for field, wanted in ((self.de, year), (self.a, year + 1)):
            field.set_items([(str(y), str(y)) for y in years], empty=None)
            field.set_code(str(wanted))
        self.part.set_value(str(plans.ACOMPTE))
        self.proposition.set_code(RESTE if self._e.planifie else EGALES)
        planned: dict[int, int | None] = {a.exercice: a.prevu for a in self._e.annees if a.prevu}
        self._show(planned or {year: None, year + 1: None})
        self.refus.hide()
        self.proposition.setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self, planned: Mapping[int, int | None]) -> None:
        years: dict[int, int | None] = {a.exercice: None for a in self._e.annees if a.paye}
        years.update(planned)
        notes = {a.exercice: f"payé {money.euros(a.paye, decimals=True)}" for a in self._e.annees if a.paye}
        self.montants.set_values(years, notes)

    def _ask(self) -> None:
        chosen = "" if self.proposition.problem() else self.proposition.code() or ""
        for key, field in self._shown.items():
            field.setVisible(key in _ASKED.get(chosen, ()))

    def repartir(self) -> None:
        """Fill the amounts by the proposal chosen."""
        self.refus.hide()
        try:
            found = self._proposed()
        except Invalide as refusal:
            self.refus.setText(refusal.message)
            self.refus.show()
            if (field := self._shown.get(refusal.problems[0].field)) is not None:
                field.widget.setFocus()
            return
        self._show(found)
        self.montants.field(self.montants.years[0]).setFocus(Qt.FocusReason.TabFocusReason)

    def entered(self) -> None:
        """In the proposal Enter fills the amounts; in the amounts it saves them."""
        if self.montants.isAncestorOf(self.focusWidget() or self):
            self.save()
        else:
            self.repartir()

    def _proposed(self) -> dict[int, int]:
        e = self._e
        match self.proposition.code():
            case "prorata":
                first, last = self.debut.iso(), self.fin.iso()
                if not (first and last):
                    raise _refused("debut", "Donner le premier et le dernier jour (JJ/MM/AAAA).")
                return plans.prorata(e.ae, first, last)
            case "acompte":
                return plans.acompte_et_solde(e.ae, _year(self.de), _year(self.a), pourcent=self._part())
            case "reste":
                prevu = {a.exercice: a.prevu for a in e.annees}
                return plans.replanifier(e.ae, prevu, {a.exercice: a.paye for a in e.annees}, e.exercice)
        first_year, last_year = _year(self.de), _year(self.a)
        if last_year < first_year:
            raise _refused("a", "La dernière année précède la première : corriger l'une des deux.")
        return plans.parts_egales(e.ae, range(first_year, last_year + 1))

    def _part(self) -> int:
        text = self.part.value().removesuffix("%").strip()
        if not text.isdigit():
            raise _refused("part", f"« {self.part.value()} » n'est pas une part : écrire 70 pour 70 %.")
        return int(text)

    def _conclude(self, values: dict[int, int]) -> tuple[style.Tone, str]:
        left = self._e.ae - sum(values.values())
        if not left:
            return "succes", "La somme est égale à l'AE."
        if left < 0:
            return "alerte", f"{money.euros(-left, decimals=True)} de plus que l'AE."
        return "alerte", f"{money.euros(left, decimals=True)} de l'AE restent à planifier."

    def save(self) -> None:
        """Write the amounts, whether they add up to the AE or not: what is missing is told everywhere."""
        if self.montants.problem():
            next(f for y in self.montants.years if (f := self.montants.field(y)).problem()).setFocus()
            return
        wanted, session = self.montants.values(), self._session
        said = f"Échéancier de l'allocation {self._allocation.reference} enregistré"
        number = self._allocation.id or 0
        if self._bridge.perform(lambda: engagements.planifier(session, number, wanted), done=said) is not None:
            self.accept()


def _year(field: Choix) -> int:
    code = field.code()
    if code is None:
        raise _refused(field.objectName(), "Donner la première et la dernière année.")
    return int(code)


def _refused(field: str, text: str) -> Invalide:
    return Invalide((Problem(field, text),))


def show(bridge: Bridge, parent: QWidget, allocation: Allocation, exercice: int) -> EcheancierSheet:
    """Open the sheet over the window of ``parent``."""
    sheet = EcheancierSheet(bridge, parent.window(), allocation, exercice)
    sheet.open()
    return sheet
