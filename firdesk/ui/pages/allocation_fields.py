"""The fields of an allocation: what each holds, read and written by key; knows nothing of saving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from firdesk.domain import identifiants, money
from firdesk.domain.allocation import CANAUX, CARACTERES, Allocation, Filtre
from firdesk.domain.convention import NATURES
from firdesk.domain.execution import Nature
from firdesk.domain.jour import french_date
from firdesk.domain.nomenclature import Destination
from firdesk.domain.operateur import Operateur
from firdesk.services.allocations import NATURES_SAISIES, Brouillon
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.form import Choix, DateEdit, Form, MontantEdit, Recherche, TexteEdit, TexteLong
from firdesk.ui.kit.text import Text
from firdesk.ui.pages.allocation_engagements import Engagements

#: Key of the field to attribute of the allocation, where the names differ.
_ATTRIBUTES = {"operateur": "operateur_id", "numero": "notification", "convention": "convention_id"}
_TEXTS = ("objet", "ej", "numero", "decision", "payeur", "note")
_CODES = ("destination", "theme", "caractere", "canal", "enveloppe", "type_decision")
KEYS = ("operateur", "convention", *_CODES, "theme_choisi", *_TEXTS, "date_notification")
_LABELS = {
    Nature.SAISIE: "Saisi",
    Nature.NOTIFICATION: "Notifié",
    Nature.ENGAGEMENT: "AE engagée",
    Nature.PAIEMENT: "CP payé",
}
_TYPES = {"A": "Arrêté", "DA": "Décision d'attribution", "C": "Convention"}
Values = dict[str, Any]


def values_of(draft: Brouillon) -> Values:
    """What the fields show of a draft, by key."""
    a = draft.allocation
    values: Values = {key: getattr(a, _ATTRIBUTES.get(key, key)) for key in KEYS}
    return values | {str(n): draft.montants.get(n) for n in NATURES_SAISIES}


def applied(draft: Brouillon, values: Mapping[str, Any]) -> Brouillon:
    """The draft with other values."""
    own = {_ATTRIBUTES.get(k, k): v for k, v in values.items() if k in KEYS}
    amounts = {n: values[str(n)] for n in NATURES_SAISIES if str(n) in values}
    return Brouillon(replace(draft.allocation, **own), draft.montants | amounts)


class AllocationFields(Form):
    """The rows of the form, the lists of the exercice, and the sentences under the fields."""

    def __init__(self, bridge: Bridge, operateur_form: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session = bridge.session
        self._destinations: dict[str, Destination] = {}
        self._exercice = 0
        self._theme_choisi = False
        self.operateur = Recherche(self._search, placeholder="Nom, SIRET, FINESS ou commune", creatable=True)
        self.convention = Recherche(self._search_acts, placeholder="Numéro ou opérateur", creatable=True)
        self.choix = {key: Choix() for key in _CODES}
        self.textes = {key: TexteEdit() for key in _TEXTS if key != "note"}
        self.note, self.date = TexteLong(lines=2), DateEdit()
        self.montants = {n: MontantEdit() for n in NATURES_SAISIES}
        for field in self.montants.values():
            field.setPlaceholderText("—")
        self.motivation = Text("", "petit", "faible", wrap=True)
        self.add_row("Opérateur", self.operateur, key="operateur")
        self.add_widget(operateur_form)
        self.add_row("Destination", self.choix["destination"], key="destination")
        self.add_pair(("Thème", self.choix["theme"], "theme"), ("Caractère", self.choix["caractere"], "caractere"))
        self.add_row("Objet", self.textes["objet"], key="objet")
        self._add_amount_pair(Nature.SAISIE, Nature.NOTIFICATION)
        self._add_amount_pair(Nature.ENGAGEMENT, Nature.PAIEMENT)
        self.add_pair(("Canal", self.choix["canal"], "canal"), ("Convention", self.convention, "convention"))
        self.engagements = Engagements(bridge)
        self.add_widget(self.engagements)
        self.add_section("Décision et engagement")
        self.add_pair(("N° d'EJ", self.textes["ej"], "ej"), ("N° de notification", self.textes["numero"], "numero"))
        self.add_pair(
            ("Décision, arrêté ou convention", self.textes["decision"], "decision"),
            ("Nature de l'acte", self.choix["type_decision"], "type_decision"),
        )
        self.add_pair(
            ("Date de notification", self.date, "date_notification"),
            ("Enveloppe", self.choix["enveloppe"], "enveloppe"),
        )
        self.add_row("Payeur", self.textes["payeur"], key="payeur")
        self.add_row("Note", self.note, key="note")
        self.add_widget(self.motivation)
        self.choix["caractere"].set_items(list(CARACTERES.items()), empty=None)
        self.choix["canal"].set_items(list(CANAUX.items()), empty=None)
        self.choix["theme"].set_items(list(session.nomenclatures.themes().items()), empty="")
        self.choix["enveloppe"].set_items(list(session.nomenclatures.enveloppes().items()), empty="")

    def _add_amount_pair(self, first: Nature, second: Nature) -> None:
        self.add_pair(*[(_LABELS[n], self.montants[n], str(n)) for n in (first, second)])

    # Values

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Write these fields without saying ``edited``."""
        for key, value in values.items():
            if key in self.choix:
                if key == "type_decision":
                    self._set_types(str(value))
                self.choix[key].set_code(value or None)
            elif key in self.textes:
                self.textes[key].set_value(value)
            elif key == "operateur":
                self.operateur.set_value(value or None, self._session.operateurs.get(value).nom if value else "")
            elif key == "convention":
                act = self._session.conventions.get(value) if value else None
                self.convention.set_value(value or None, act.numero if act else "")
            elif key == "theme_choisi":
                self._theme_choisi = bool(value)
            elif key == "note":
                self.note.set_value(value)
            elif key == "date_notification":
                self.date.set_iso(value or None)
            else:
                self.montants[Nature(key)].set_cents(value)

    def values(self) -> Values:
        """Every value that can be read; a field whose text has none is left out."""
        unread = {p.field for p in self.input_problems()}
        found: Values = {"theme_choisi": self._theme_choisi, "note": self.note.value()}
        found |= {k: w.value() for k, w in self.textes.items()}
        found |= {k: w.code() or "" for k, w in self.choix.items() if k not in unread}
        found |= {str(n): w.cents() for n, w in self.montants.items() if str(n) not in unread}
        if "operateur" not in unread:
            found["operateur"] = self.operateur.id() or 0
        if "convention" not in unread:
            found["convention"] = self.convention.id()
        if "date_notification" not in unread:
            found["date_notification"] = self.date.iso() or ""
        return found

    def _set_types(self, kept: str) -> None:
        known = _TYPES if not kept or kept in _TYPES else _TYPES | {kept: kept}
        self.choix["type_decision"].set_items(list(known.items()), empty="")

    # What depends on the exercice and the destination

    def set_exercice(self, exercice: int) -> None:
        """Propose the nomenclature of an exercice; it is read once."""
        if exercice == self._exercice:
            return
        self._exercice = exercice
        found = self._session.nomenclatures.destinations(exercice)
        self._destinations = {d.code: d for d in found}
        self._themes = self._session.nomenclatures.themes_par_destination()
        self.choix["destination"].set_items([(d.code, f"{d.code} {d.libelle}") for d in found])

    def follow(self, key: str, before: str) -> None:
        """What a change of one field brings to others; ``before`` is the destination shown until then."""
        if key == "theme":
            chosen = self._code("theme")
            self._theme_choisi = bool(chosen) and chosen != self._themes.get(self._code("destination"), "")
        code = self._code("destination")
        if key != "destination" or code not in self._destinations:
            return
        if not self._theme_choisi:
            self.choix["theme"].set_code(self._themes.get(code))
        old = self._destinations[before].enveloppe if before in self._destinations else None
        if self._code("enveloppe") in ("", old or ""):
            self.choix["enveloppe"].set_code(self._destinations[code].enveloppe)

    def tell(self, allocation: Allocation) -> None:
        """Write the quiet lines under operator, destination, theme and money."""
        self.set_help("operateur", self._about_operateur())
        destination = self._destinations.get(self._code("destination"))
        self.set_help("destination", self._about_destination(destination))
        self.set_help("theme", self._about_theme())
        self.set_help("convention", self._about_convention())
        self.motivation.setText(f"Motivation de l'export : {allocation.motivation}" if allocation.motivation else "")
        self.motivation.setVisible(bool(allocation.motivation))
        for nature, minus, name in (
            (Nature.ENGAGEMENT, Nature.RETRAIT, "retraits"),
            (Nature.PAIEMENT, Nature.REPRISE, "reprises"),
        ):
            out = sum(m.montant for m in allocation.mouvements if m.nature is minus)
            total = sum(m.montant for m in allocation.mouvements if m.nature is nature)
            net = f"{name} {money.euros(out)}, reste {money.euros(total - out)}"
            self.set_help(str(nature), net if out else "")

    def _code(self, key: str) -> str:
        field = self.choix[key]
        return "" if field.problem() else field.code() or ""

    def _about_operateur(self) -> str:
        number = None if self.operateur.problem() else self.operateur.id()
        if number is None:
            return ""
        count = self._session.allocations.somme(Filtre(exercice=self._exercice, operateurs=(number,))).nombre
        told = f"{count} allocation{'s' * (count > 1)} en {self._exercice}"
        return " · ".join([*about(self._session.operateurs.get(number)), told])

    def _about_destination(self, destination: Destination | None) -> str:
        if destination is None:
            return ""
        enveloppe = self._session.nomenclatures.enveloppes().get(destination.enveloppe or "", "")
        told = [f"Mission {destination.mission}"] if destination.mission else []
        told += [f"enveloppe {enveloppe.lower()}"] if enveloppe else []
        told += [] if destination.connue else [f"absente de la nomenclature {self._exercice}"]
        return " · ".join(told)

    def _about_theme(self) -> str:
        theme, proposed = self._code("theme"), self._themes.get(self._code("destination"), "")
        if theme and theme == proposed:
            return "proposé par la destination"
        if theme and proposed:
            label = self._session.nomenclatures.themes().get(proposed, proposed)
            return f"choisi ; la destination propose « {label} »"
        return "choisi" if theme else ""

    def _about_convention(self) -> str:
        number = None if self.convention.problem() else self.convention.id()
        act = self._session.conventions.get(number) if number is not None else None
        if act is None:
            return ""
        end = f", jusqu'au {french_date(act.fin)}" if act.fin else ""
        return f"{NATURES[act.nature].lower()}{end}"

    def _search_acts(self, text: str) -> list[tuple[int, str, str]]:
        mine = None if self.operateur.problem() else self.operateur.id()
        found = self._session.conventions.search(text, operateur=mine, limit=12)
        names = {c.operateur_id: self._session.operateurs.get(c.operateur_id).nom for c in found}
        return [(c.id or 0, c.numero, f"{NATURES[c.nature]} · {names[c.operateur_id]}") for c in found]

    def _search(self, text: str) -> list[tuple[int, str, str]]:
        found = self._session.operateurs.search(text, limit=12)
        return [(o.id or 0, o.nom, " · ".join(about(o))) for o in found]


def about(operateur: Operateur) -> list[str]:
    """Identifier and place of an operator, for the line under its name."""
    told = []
    if operateur.siret:
        told.append(f"SIRET {identifiants.affiche_siret(operateur.siret)}")
    elif operateur.finess:
        told.append(f"FINESS {operateur.finess}")
    place = operateur.commune
    if operateur.departement:
        place = f"{place} ({operateur.departement})" if place else f"dép. {operateur.departement}"
    return [*told, place] if place else told
