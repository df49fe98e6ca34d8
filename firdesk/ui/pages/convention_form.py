"""The fields of an act: what it is, with whom, from when to when, what it foresees each year."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from firdesk.domain import money
from firdesk.domain.convention import NATURES, AnneeConvention, Convention, fin_engagement
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Problem
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.form import Choix, DateEdit, Form, Recherche, TexteEdit, TexteLong
from firdesk.ui.kit.montants_annuels import MontantsAnnuels

#: Years proposed to a new act.
_YEARS = 3


class ConventionFields(Form):
    """Reads and writes a :class:`Convention`; knows nothing of saving."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loaded: Convention | None = None
        self.nature, self.numero = Choix(), TexteEdit()
        self.operateur = Recherche(self._search_operateur, placeholder="Nom, SIRET, FINESS ou commune")
        self.parent_act = Recherche(self._search_acts, placeholder="Numéro ou opérateur")
        self.objet, self.note, self.duree = TexteEdit(), TexteLong(lines=2), TexteEdit("0")
        self.jours = {key: DateEdit() for key in ("signee_le", "debut", "fin")}
        self.montants = MontantsAnnuels(self._conclude)
        self.nature.set_items(list(NATURES.items()), empty=None)
        self.add_pair(("Nature de l'acte", self.nature, "nature"), ("Numéro", self.numero, "numero"))
        self.add_row("Opérateur", self.operateur, key="operateur")
        self.add_row("Objet", self.objet, key="objet")
        self.add_pair(
            ("Signé le", self.jours["signee_le"], "signee_le"),
            ("Début", self.jours["debut"], "debut"),
            ("Fin", self.jours["fin"], "fin"),
        )
        self.add_pair(
            ("Avenant de", self.parent_act, "parent"), ("Durée d'engagement (ans)", self.duree, "duree_engagement")
        )
        self.add_section("AE prévue par exercice")
        self.add_row("", self.montants, key="annees").label.hide()
        self.add_row("Note", self.note, key="note")
        self.montants.edited.connect(lambda: self.edited.emit("annees"))

    def load(self, convention: Convention, exercice: int) -> None:
        """Show an act; a new one gets three years from ``exercice``."""
        self._loaded = convention
        self.fill(convention, exercice)

    def fill(self, typed: Convention, exercice: int) -> None:
        """Write an act over the one that was loaded, as if it were typed."""
        c = typed
        self.nature.set_code(c.nature)
        self.numero.set_value(c.numero)
        who = self._session.operateurs.find(c.operateur_id)
        self.operateur.set_value(who.id if who else None, who.nom if who else "")
        act = self._session.conventions.get(c.parent_id) if c.parent_id else None
        self.parent_act.set_value(act.id if act else None, act.numero if act else "")
        self.objet.set_value(c.objet)
        self.note.set_value(c.note)
        self.duree.set_value(str(c.duree_engagement) if c.duree_engagement else "")
        for key, field in self.jours.items():
            field.set_iso(getattr(c, key) or None)
        years: dict[int, int | None] = {a.exercice: a.montant for a in c.annees}
        self.montants.set_values(years or dict.fromkeys(range(exercice, exercice + _YEARS)))
        self.clear_problems()
        self.tell()

    @property
    def changed(self) -> bool:
        """Whether something typed is not what was loaded."""
        return self._loaded is not None and (bool(self.unread()) or self.convention() != self._loaded)

    def convention(self) -> Convention:
        """The act as it is typed; ``Invalide`` where a field cannot be read."""
        if self._loaded is None:
            raise ValueError("no act was loaded")
        known = {a.exercice: a for a in self._loaded.annees}
        years = [
            replace(known[year], montant=cents) if year in known else AnneeConvention(year, cents)
            for year, cents in self.montants.values().items()
        ]
        return replace(
            self._loaded,
            nature=self.nature.code() or "",
            numero=self.numero.value(),
            operateur_id=self.operateur.id() or 0,
            parent_id=self.parent_act.id(),
            objet=self.objet.value(),
            note=self.note.value(),
            duree_engagement=int(self.duree.value() or 0),
            annees=tuple(years),
            signee_le=self.jours["signee_le"].iso() or "",
            debut=self.jours["debut"].iso() or "",
            fin=self.jours["fin"].iso() or "",
        )

    def unread(self) -> list[Problem]:
        """What cannot even be read."""
        found = self.input_problems()
        text = self.duree.value()
        if text and not (text.isdigit() and int(text) <= 30):
            found.append(Problem("duree_engagement", f"« {text} » n'est pas une durée : de 0 à 30 ans."))
        return found

    def tell(self) -> None:
        """Write the quiet lines under the fields."""
        told = ""
        if not self.unread():
            end = fin_engagement(self.convention())
            told = f"jusqu'au {french_date(end)}" if end else ""
        self.set_help("duree_engagement", told)

    def _conclude(self, values: dict[int, int]) -> tuple[style.Tone, str]:
        years = [year for year, cents in values.items() if cents]
        if not years:
            return "faible", ""
        mean = sum(values.values()) // len(years)
        return (
            "faible",
            f"{len(years)} exercice{'s' * (len(years) > 1)}, {money.euros(mean, decimals=False)} en moyenne",
        )

    def _search_operateur(self, text: str) -> list[tuple[int, str, str]]:
        return [(o.id or 0, o.nom, o.commune) for o in self._session.operateurs.search(text, limit=12)]

    def _search_acts(self, text: str) -> list[tuple[int, str, str]]:
        own = self._loaded.id if self._loaded is not None else None
        mine = None if self.operateur.problem() else self.operateur.id()
        found = self._session.conventions.search(text, operateur=mine, limit=12)
        return [(c.id or 0, c.numero, NATURES[c.nature]) for c in found if c.id != own and c.parent_id is None]
