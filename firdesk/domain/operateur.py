"""Who receives the money, and when two names are the same name."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import NamedTuple

from firdesk.domain import identifiants
from firdesk.domain.problem import Problem, Severity, texts_with_nul

PERIMETRES = {
    "inconnu": "Périmètre non précisé",
    "departemental": "Un département",
    "plusieurs": "Plusieurs départements",
    "regional": "Toute la région",
}
#: The sectors that exports give.
SECTEURS = (
    "Public",
    "Privé non lucratif",
    "Privé mission de service public",
    "Privé commercial",
    "Privé libéral",
)
#: The fields of a fiche in the order they are shown, with their labels.
LIBELLES = {
    "nom": "Nom",
    "siret": "SIRET",
    "siren": "SIREN",
    "finess": "FINESS",
    "code_interne": "Code interne",
    "departement": "Département",
    "code_postal": "Code postal",
    "commune": "Commune",
    "territoire": "Territoire",
    "type": "Type",
    "categorie": "Catégorie",
    "statut_juridique": "Statut juridique",
    "secteur": "Secteur",
    "perimetre": "Périmètre",
}


@dataclass(frozen=True, slots=True)
class Operateur:
    """An operator; identifiers are text, empty when unknown."""

    nom: str
    siret: str = ""
    siren: str = ""
    finess: str = ""
    code_interne: str = ""
    departement: str = ""
    code_postal: str = ""
    commune: str = ""
    type: str = ""
    categorie: str = ""
    statut_juridique: str = ""
    secteur: str = ""
    territoire: str = ""
    perimetre: str = "inconnu"
    id: int | None = None

    def problems(self) -> tuple[Problem, ...]:
        """What is invalid, field by field; a doubtful identifier is an alert since exports carry false ones."""
        found: list[Problem] = []
        if not self.nom.strip():
            found.append(Problem("nom", "Donner le nom de l'opérateur."))
        if self.siret and not identifiants.siret_valide(self.siret):
            found.append(_alert("siret", f"Le SIRET {self.siret} n'a pas 14 chiffres ou sa clé est fausse."))
        if self.siren and not identifiants.siren_valide(self.siren):
            found.append(_alert("siren", f"Le SIREN {self.siren} n'a pas 9 chiffres ou sa clé est fausse."))
        if self.finess and not identifiants.finess_valide(self.finess):
            found.append(_alert("finess", f"Le FINESS {self.finess} n'a pas 9 caractères ou sa clé est fausse."))
        if self.departement and not identifiants.departement_valide(self.departement):
            found.append(Problem("departement", f"« {self.departement} » n'est pas un département (ex. : 02, 59, 2A)."))
        return (*found, *texts_with_nul(self))

    def cleaned(self) -> "Operateur":
        """The same with compact identifiers and a SIREN taken from a valid SIRET when it lacks."""
        siret, siren = identifiants.compact(self.siret), identifiants.compact(self.siren)
        if not siren and identifiants.siret_valide(siret):
            siren = siret[:9]
        return replace(
            self,
            nom=" ".join(self.nom.split()),
            siret=siret,
            siren=siren,
            finess=identifiants.compact(self.finess),
        )


class Alias(NamedTuple):
    """Another name or identifier of an operator; ``departement`` limits a name to the operators of that place."""

    nature: str
    valeur: str
    operateur_id: int
    departement: str = ""
    id: int | None = None


#: What each nature of alias is called.
NATURES_ALIAS = {"nom": "Nom", "siret": "SIRET", "finess": "FINESS", "code_interne": "Code interne"}


class MontantsAnnuels(NamedTuple):
    """What one operator had for the allocations of one exercice: their number, and sums in cents."""

    exercice: int
    nombre: int
    notifie: int
    engage: int
    paye: int


def _alert(field: str, message: str) -> Problem:
    return Problem(field, message, Severity.ALERTE)


_STOP = {"de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "pour"}
_ABREGES = {
    "ch": "centre hospitalier",
    "chu": "centre hospitalier universitaire",
    "assoc": "association",
    "ass": "association",
    "st": "saint",
    "ste": "sainte",
}


class _SansAccents(dict[int, str]):
    """What each character becomes, found once."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        plain = self[code] = "".join(c for c in parts if not unicodedata.combining(c))
        return plain


_SANS_ACCENTS = _SansAccents({ord("œ"): "oe", ord("æ"): "ae"})


def sans_accents(text: str) -> str:
    """Lower case without accents nor ligatures, for comparing and searching."""
    if text.isascii():
        return text.lower()
    # Lowering may bring accents (İ), decomposing may bring capitals (㎐): once more settles both.
    for _ in range(2):
        text = text.lower().translate(_SANS_ACCENTS)
    return text


def nom_normalise(nom: str) -> str:
    """The name reduced to what distinguishes it: no accent, no punctuation, no small word, abbreviations open."""
    initials = re.sub(r"\b(?:[a-z]\.){2,}", lambda m: m.group().replace(".", "") + " ", sans_accents(nom))
    words = re.findall(r"[a-z0-9]+", initials)
    return " ".join(_ABREGES.get(w, w) for w in words if w not in _STOP)
