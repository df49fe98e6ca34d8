"""Destination, theme and enveloppe of a line, by the reference tables; an unknown one is asked, with the nearest known.

Whatever the answer, nothing is lost: an unknown destination is added and flagged, unless another is chosen for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from firdesk.domain.nomenclature import code_destination
from firdesk.services.importing.champs import fold
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.etat import Etat
from firdesk.services.importing.lu import ALERTE, REPARATION, Destination
from firdesk.services.importing.plan import LigneLue

AJOUTER, DEFAUT = "ajouter", "defaut"
#: How many known codes are proposed in the place of an unknown one.
PROCHES = 3
#: How typed codes are read again: a table, and the exercice of a destination.
THEMES, ENVELOPPES, DESTINATIONS = "themes", "enveloppes", "destinations"


@dataclass(frozen=True, slots=True)
class _Inconnu:
    """What is asked of one unknown code, made once."""

    ident: str
    titre: str
    detail: str
    choix: tuple[tuple[str, str], ...]
    defaut: str
    relecture: str


class Codes:
    """Codes of the reference tables for the lines of one file."""

    def __init__(self, etat: Etat, constats: Constats) -> None:
        self.etat = etat
        self._constats = constats
        self.nouvelles: dict[tuple[int, str], str] = {}
        self._themes = par_nom(etat.themes)
        self._enveloppes = par_nom(etat.enveloppes)
        self._inconnus: dict[tuple[str, int, str], _Inconnu] = {}

    def destination(self, ligne: LigneLue, where: Destination, *, demander: bool = True) -> Destination:
        """The destination of a line: its own, or the one chosen for an unknown code; asked for a new line only."""
        annee = ligne.campagne
        known = self.etat.destinations[annee]
        if where.code in known:
            return where
        ident = f"destination:{where.code}"
        champ = "mesure3" if ligne.mesure3 else "mesure2"
        answer = self._constats.decisions.get(ident, "")
        if demander:
            asked = self._once("destination", annee, where.code, lambda: self._destination(ident, annee, where))
            answer = self._ask(ligne, champ, asked)
        chosen = code_destination(answer.removeprefix("=")) or "" if answer else ""
        labels = self.etat.libelles.get(annee, {})
        if chosen in known:
            if demander:
                remede = f"Destination {where.code} remplacée par {chosen}, comme choisi."
                self._constats.grouper(REPARATION, ligne.numero, champ, "un code de la nomenclature", remede)
            return Destination(chosen, labels.get(chosen, ""))
        remede = f"Destination {where.code} ajoutée à l'exercice {annee} et signalée comme inconnue."
        self._constats.grouper(ALERTE, ligne.numero, champ, "un code de la nomenclature", remede)
        self.nouvelles.setdefault((annee, where.code), where.libelle)
        return where

    def theme(self, ligne: LigneLue, where: Destination) -> str:
        """The theme that the file itself gives; empty when it gives none that is known."""
        text = ligne.theme
        if not text:
            return ""
        if code := self._themes.get(fold(text)):
            return code
        default = self.etat.themes.get(self.theme_par_defaut(where), "aucun")
        detail = "Thème absent de la liste."
        asked = self._once(
            "theme", 0, text, lambda: self._listed("theme", text, "Thème inconnu", detail, self.etat.themes, THEMES)
        )
        alerte = f"Thème inconnu ; thème par défaut retenu : {default}."
        return self._listed_answer(ligne, "theme", asked, self._themes, alerte)

    def theme_par_defaut(self, where: Destination) -> str:
        return self.etat.themes_par_destination.get(where.code, "")

    def enveloppe(self, ligne: LigneLue, where: Destination) -> str:
        """The sub-enveloppe of the file, else that of the destination."""
        text = ligne.sous_enveloppe
        if text:
            code = self._enveloppes.get(fold(text), "")
            if not code:
                detail = "Enveloppe absente de la liste."
                labels = self.etat.enveloppes
                asked = self._once(
                    "sous_enveloppe",
                    0,
                    text,
                    lambda: self._listed("sous_enveloppe", text, "Enveloppe inconnue", detail, labels, ENVELOPPES),
                )
                alerte = "Enveloppe inconnue : celle de la destination est retenue."
                code = self._listed_answer(ligne, "sous_enveloppe", asked, self._enveloppes, alerte)
            if code:
                return code
        default = "PAI" if where.code.startswith("BA-PAI") and "PAI" in self.etat.enveloppes else None
        return self.etat.destinations[ligne.campagne].get(where.code, default) or ""

    def _once(self, what: str, annee: int, text: str, make: Callable[[], _Inconnu]) -> _Inconnu:
        key = (what, annee, text)
        if key not in self._inconnus:
            self._inconnus[key] = make()
        return self._inconnus[key]

    def _destination(self, ident: str, annee: int, where: Destination) -> _Inconnu:
        labels = self.etat.libelles.get(annee, {})
        near = proches(where.code, where.libelle, labels)
        named = f" « {where.libelle} »" if where.libelle else ""
        choix = ((AJOUTER, "Ajouter la destination, signalée"), *((code, f"{code} {labels[code]}") for code in near))
        detail = f"Absente de la nomenclature {annee}."
        return _Inconnu(
            ident,
            f"Destination inconnue en {annee} : {where.code}{named}",
            detail,
            choix,
            AJOUTER,
            f"{DESTINATIONS}:{annee}",
        )

    def _listed(
        self, champ: str, text: str, titre: str, detail: str, labels: Mapping[str, str], relecture: str
    ) -> _Inconnu:
        near = proches("", text, labels)
        choix = ((DEFAUT, "Prendre celle de la destination"), *((code, labels[code]) for code in near))
        return _Inconnu(f"{champ}:{text}", f"{titre} : « {text} »", detail, choix, DEFAUT, relecture)

    def _listed_answer(
        self, ligne: LigneLue, champ: str, asked: _Inconnu, known: Mapping[str, str], alerte: str
    ) -> str:
        answer = self._ask(ligne, champ, asked)
        code = known.get(fold(answer.removeprefix("=")), "") if answer != DEFAUT else ""
        if code:
            remede = f"Remplacé par « {code} », comme choisi."
            self._constats.grouper(REPARATION, ligne.numero, champ, "une valeur de la liste", remede)
        else:
            self._constats.grouper(ALERTE, ligne.numero, champ, "une valeur de la liste", alerte)
        return code

    def _ask(self, ligne: LigneLue, champ: str, x: _Inconnu) -> str:
        return self._constats.demander(
            ligne.numero, champ, x.ident, x.titre, x.detail, x.choix, x.defaut, relecture=x.relecture
        )


def par_nom(labels: Mapping[str, str]) -> dict[str, str]:
    """Folded code or label → code."""
    return {fold(text): code for code, label in labels.items() for text in (label, code)}


def proches(code: str, libelle: str, labels: Mapping[str, str], most: int = PROCHES) -> list[str]:
    """The codes whose label (and whose own text) look most like these, best first; none that looks like nothing."""
    wanted = fold(libelle)

    def score(item: tuple[str, str]) -> float:
        by_label = fuzz.token_set_ratio(wanted, fold(item[1])) if wanted else 0.0
        return by_label + (fuzz.ratio(code, item[0]) / 2 if code else 0.0)

    scored: Iterable[tuple[float, str]] = ((score(item), item[0]) for item in labels.items())
    return [found for points, found in sorted(scored, key=lambda x: (-x[0], x[1])) if points > 40][:most]
