"""Who receives the money, and when two names are the same name."""

import re
import unicodedata
from dataclasses import dataclass, replace

from firdesk.domain import identifiants
from firdesk.domain.problem import Problem, Severity

PERIMETRES = {
    "inconnu": "Périmètre non précisé",
    "departemental": "Un département",
    "plusieurs": "Plusieurs départements",
    "regional": "Toute la région",
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
        return tuple(found)

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


def sans_accents(text: str) -> str:
    """Lower case without accents nor ligatures, for comparing and searching."""
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def nom_normalise(nom: str) -> str:
    """The name reduced to what distinguishes it: no accent, no punctuation, no small word, abbreviations open."""
    words = re.findall(r"[a-z0-9]+", sans_accents(nom))
    return " ".join(_ABREGES.get(w, w) for w in words if w not in _STOP)
