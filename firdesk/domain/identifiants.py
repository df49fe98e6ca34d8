"""French identifiers as text: SIREN, SIRET, FINESS, RNA, postal codes, départements (DOMAIN, "Identifiers").

Nothing is repaired silently: a repair comes back as :class:`Reparation` for the caller to list or to ask about.
"""

import re
from dataclasses import dataclass

from stdnum import luhn
from stdnum.fr import siren as _siren
from stdnum.fr import siret as _siret

DEPARTEMENTS_REGION = {"02": "Aisne", "59": "Nord", "60": "Oise", "62": "Pas-de-Calais", "80": "Somme"}


@dataclass(frozen=True, slots=True)
class Reparation:
    """A proposed value; ``certaine`` when a check digit or a closed list proves it."""

    valeur: str
    motif: str
    certaine: bool


def compact(text: str) -> str:
    """The identifier without spaces, points and Excel's ``="…"`` wrapping."""
    body = text.strip()
    if body.startswith('="') and body.endswith('"'):
        body = body[2:-1]
    return re.sub(r"[\s\u00a0\u202f.]", "", body).upper()


def siren_valide(value: str) -> bool:
    return bool(_siren.is_valid(value)) and len(value) == 9


def siret_valide(value: str) -> bool:
    """Luhn over 14 digits, with La Poste's exception (its digits add up to a multiple of 5)."""
    if not re.fullmatch(r"\d{14}", value):
        return False
    return bool(_siret.is_valid(value)) or (value.startswith("356000000") and sum(map(int, value)) % 5 == 0)


def finess_valide(value: str) -> bool:
    """Nine characters, Luhn with A→1 and B→2 for Corsica."""
    if not re.fullmatch(r"(\d{2}|2[AB])\d{7}", value):
        return False
    return bool(luhn.is_valid(value.replace("A", "1").replace("B", "2")))


def rna_valide(value: str) -> bool:
    return re.fullmatch(r"W\d{9}", value) is not None


def siret_arrondi(text: str) -> bool:
    """Whether Excel rounded this SIRET: scientific notation, or five final zeros with a wrong check digit."""
    body = compact(text)
    if re.fullmatch(r"\d[.,]?\d*E\+?\d+", body.replace(",", ".")) or re.match(r"^\s*\d+[.,]\d*E\+?\d+", text):
        return True
    return re.fullmatch(r"\d{9,14}", body) is not None and body.endswith("00000") and not siret_valide(body)


def reparer_siret(text: str) -> Reparation | None:
    """A lost leading zero, proved by the check digits."""
    body = compact(text)
    if 11 <= len(body) < 14 and body.isdigit() and siret_valide(body.zfill(14)):
        return Reparation(body.zfill(14), "zéro de tête perdu, prouvé par la clé du SIRET", certaine=True)
    return None


def reparer_finess(text: str) -> Reparation | None:
    """A lost leading zero (Ain to Ariège, Aisne among them), proved by the check digit."""
    body = compact(text)
    if len(body) == 8 and body.isdigit() and finess_valide("0" + body):
        return Reparation("0" + body, "zéro de tête perdu, prouvé par la clé du FINESS", certaine=True)
    return None


def departement_valide(value: str) -> bool:
    if value in {"2A", "2B"}:
        return True
    if re.fullmatch(r"97[1-8]|98[4-8]", value):
        return True
    return re.fullmatch(r"0[1-9]|[1-8]\d|9[0-5]", value) is not None and value != "20"


def reparer_departement(text: str) -> Reparation | None:
    """``2`` → ``02``; a three-character ``002`` or ``059`` loses its zero."""
    body = compact(text)
    if re.fullmatch(r"[1-9]", body):
        return Reparation(body.zfill(2), "zéro de tête perdu, département à deux caractères", certaine=True)
    if re.fullmatch(r"0\d{2}", body) and departement_valide(body[1:]):
        return Reparation(body[1:], "département écrit sur trois chiffres", certaine=True)
    return None


def departement_du_code_postal(code: str) -> str | None:
    """The département of a five-character postal code: two digits, ``20`` → 2A/2B, ``97``/``98`` → three."""
    if not re.fullmatch(r"\d{5}", code):
        return None
    if code.startswith("20"):
        return "2A" if code < "20200" else "2B"
    if code[:2] in {"97", "98"}:
        return code[:3]
    return code[:2]


def affiche_siret(value: str) -> str:
    """``443 061 841 00047`` for reading."""
    return f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}" if len(value) == 14 else value
