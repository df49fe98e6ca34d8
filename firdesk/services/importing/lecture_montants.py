"""What a cell of money or a year means: exact cents, or why not."""

import re
from datetime import date

from firdesk.domain import money
from firdesk.services.importing.lecture_textes import absent, plain
from firdesk.services.importing.lu import ALERTE, QUESTION, REJET, VIDE, Choix, Groupe, Lecture, Lu
from firdesk.sheets.cell import Value

#: The usual writings of an amount, cents included: no other reading is possible.
_USUAL = re.compile(r"(-?)(\d{1,3}(?:[ \u00a0\u202f]\d{3})*|\d+)[.,](\d\d)(?:[ \u00a0\u202f]?€)?")
#: Below, the cents written by a number are surely found by multiplying it.
_SURE = 1e12
_GROUPING = str.maketrans("", "", " \u00a0\u202f")
_YEAR = re.compile(r"(20\d\d)(?:[.,]0+)?")
_UNIT = re.compile(r"(?:[.,](\d+))?\s*(k€|keur|m€|meur|md€)\s*[-)]?$", re.IGNORECASE)
_ZEROS = {"k": 3, "m": 6, "md": 9}
_AMBIGU = Groupe("ambigu", "Montant ambigu : milliers ou virgule ?")


def montant(value: Value) -> Lecture:
    """Cents, ``None`` for an empty cell; ``1.234`` is a question, what is no amount a reject."""
    if value is None:
        return None
    if value.__class__ is float and abs(value) < _SURE and (cents := round(value * 100)) / 100 == value:
        return cents
    if isinstance(value, bool | date):
        return _no_amount("un montant, pas une date" if isinstance(value, date) else "un montant")
    if isinstance(value, int | float):
        return _number(value)
    if usual := _USUAL.fullmatch(value):
        sign, whole, rest = usual.groups()
        cents = int(whole.translate(_GROUPING)) * 100 + int(rest)
        if cents <= money.LIMIT:
            return -cents if sign else cents
    text = plain(value)
    read = money.parse("" if absent(text) else text)
    if isinstance(read, money.Illisible):
        return _no_amount(read.raison)
    if isinstance(read, money.Ambigu):
        choices = (
            Choix("milliers", money.euros(read.milliers, decimals=True), read.milliers),
            Choix("decimale", money.euros(read.decimale, decimals=True), read.decimale),
        )
        attendu = " ou ".join(c.libelle for c in choices)
        remede = "Écrire les milliers avec une espace et les centimes avec une virgule, ou choisir une lecture."
        return Lu(None, QUESTION, attendu, remede, choices, groupe=_AMBIGU)
    if read is not None and (unit := _UNIT.search(text)):
        return _in_thousands(read, unit)
    if read is not None and _lost_digits(text):
        return _rounded(read)
    return read


def _in_thousands(cents: int, unit: re.Match[str]) -> Lu:
    """An amount in k€ or M€ is read, and it is said how precise it is."""
    decimals = len(unit.group(1) or "")
    step = 10 ** (_ZEROS[unit.group(2).lower().removesuffix("€").removesuffix("eur")] - decimals + 2)
    if step < 100:
        return Lu(cents, ALERTE, "un montant en euros", f"Lu {money.euros(cents, decimals=True)}.")
    remede = f"Lu {money.euros(cents, decimals=True)}, à {money.euros(step // 2)} près comme il est écrit."
    return Lu(cents, ALERTE, "un montant en euros", remede)


def _number(value: int | float) -> Lecture:
    try:
        cents = money.from_number(value)
    except (ValueError, ArithmeticError):
        return _no_amount("un montant en euros et centimes (1 234,56)")
    return _rounded(cents) if abs(value * 100 - cents) > max(1e-4, abs(cents) * 1e-12) else cents


def _rounded(cents: int) -> Lu:
    return Lu(cents, ALERTE, "un nombre entier de centimes", f"Arrondi à {money.euros(cents, decimals=True)}.")


def _lost_digits(text: str) -> bool:
    """Whether an unambiguous text has figures beyond the cents (``12,345678``, but not ``1 234 567``)."""
    body = text.rstrip(" \u00a0\u202f€EURour-)")
    match = re.search(r"[.,](\d+)$", body)
    if not match or body.count(match.group(0)[0]) > 1:
        return False
    return len(match.group(1)) > 2 and match.group(1)[2:].strip("0") != ""


def _no_amount(attendu: str) -> Lu:
    remede = "Corriger le montant dans le fichier, puis importer à nouveau."
    sans = (Choix(VIDE, "Importer sans ce montant"),)
    return Lu(None, REJET, attendu, remede, sans, groupe=Groupe("illisible", "Montant illisible"))


def exercice(value: Value) -> Lecture:
    """A year; ``None`` when empty, a reject when it is none."""
    if value is None or plain(value) == "":
        return None
    text = plain(value)
    if not isinstance(value, date) and (match := _YEAR.fullmatch(text)):
        return int(match.group(1))
    remede = "Écrire l'année de la campagne en quatre chiffres."
    return Lu(None, REJET, "une année (2025)", remede, groupe=Groupe("illisible", "Année illisible"))
