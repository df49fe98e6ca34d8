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
    if re.fullmatch(r"\d+\.0", body):  # a number read as text
        body = body[:-2]
    return re.sub(r"[\s.]", "", body).upper()


def siren_valide(value: str) -> bool:
    return re.fullmatch(r"\d{9}", value) is not None and value != "0" * 9 and bool(_siren.is_valid(value))


def siret_valide(value: str) -> bool:
    """Luhn over 14 digits, with La Poste's exception (its digits add up to a multiple of 5)."""
    if not re.fullmatch(r"\d{14}", value) or value == "0" * 14:
        return False
    return bool(_siret.is_valid(value)) or (value.startswith("356000000") and sum(map(int, value)) % 5 == 0)


def finess_valide(value: str) -> bool:
    """Nine characters, Luhn with A→1 and B→2 for Corsica."""
    if not re.fullmatch(r"(\d{2}|2[AB])\d{7}", value) or value == "0" * 9:
        return False
    return bool(luhn.is_valid(value.replace("A", "1").replace("B", "2")))


def rna_valide(value: str) -> bool:
    return re.fullmatch(r"W\d{9}", value) is not None


def siret_arrondi(text: str) -> bool:
    """Whether Excel rounded this SIRET: scientific notation, or five final zeros with a wrong check digit."""
    body = compact(text)
    if re.fullmatch(r"\d[.,]?\d*E\+?\d+", body.replace(",", ".")) or re.match(r"^\s*\d+[.,]\d*E\+?\d+", text):
        return True
    rounded = re.fullmatch(r"\d{4,9}0{5}", body) is not None
    return rounded and not siret_valide(body) and not siren_valide(body)


def reparer_siret(text: str) -> Reparation | None:
    """A lost leading zero, proved by the check digits."""
    body = compact(text)
    if re.fullmatch(r"\d{11,13}", body) and not siret_arrondi(body) and siret_valide(body.zfill(14)):
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
    """``2`` → ``02``; a three-character ``002``, ``059`` or ``02A`` loses its zero."""
    body = compact(text)
    if re.fullmatch(r"[1-9]", body):
        return Reparation(body.zfill(2), "zéro de tête perdu, département à deux caractères", certaine=True)
    if re.fullmatch(r"0(\d{2}|2[AB])", body) and departement_valide(body[1:]):
        return Reparation(body[1:], "département écrit sur trois caractères", certaine=True)
    return None


def departement_du_code_postal(code: str) -> str | None:
    """The département of a five-character postal code: two digits, ``20`` → 2A/2B, ``97``/``98`` → three.

    ``None`` for what is no French place (``99…`` abroad, Monaco): it would be no row of the list.
    """
    if not re.fullmatch(r"\d{5}", code):
        return None
    if code.startswith("20"):
        return "2A" if code < "20200" else "2B"
    found = code[:3] if code[:2] in {"97", "98"} else code[:2]
    return found if departement_valide(found) else None


def affiche_siret(value: str) -> str:
    """``443 061 841 00047`` for reading."""
    return f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}" if len(value) == 14 else value


_EJ = re.compile(r"(?:EJ?)?0*(\d{4,})(?:[-_./](\d{1,4}))?")
_POSTE_ECARTE = re.compile(r"(EJ?\s*\d{10})\s+(\d{1,3})")
_POSTE = re.compile(r"(.+)_0*(\d{1,4})")


def numero_ej(text: str) -> tuple[str, str]:
    """Number and item of a commitment however it is written: ``E2024000477_01``, `` e 2024000477`` or ``2024000477``.

    The item is empty where there is none; so are both of an empty text.
    """
    body = text.replace("\u00a0", " ").replace("\u202f", " ").strip().upper()
    body = re.sub(r"^N\s*[°º]\s*", "", body)
    if apart := _POSTE_ECARTE.fullmatch(body):
        body = "_".join(apart.groups())
    body = re.sub(r"\s", "", body)
    if found := _EJ.fullmatch(body):
        return found[1], (found[2] or "").lstrip("0")
    if found := _POSTE.fullmatch(body):
        return found[1], found[2]
    return body, ""
