"""What one cell means: a text, an amount in cents, a date, an identifier, a code.

A cell that means what it shows gives its plain value; any other gives :class:`Lu`, which says what was made of
it. Readers are pure, so that each distinct value is read once.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from firdesk.domain import identifiants, money
from firdesk.domain.nomenclature import code_destination, libelle_destination
from firdesk.services.importing.profiles import Genre
from firdesk.sheets.cell import Value, shown

REPARATION, ALERTE, REJET, QUESTION = "reparation", "alerte", "rejet", "question"

_BLANK = " \u00a0\u2007\u2009\u202f\u200b\ufeff\t\r\n"
_ABSENT = {"#", "na", "n/a", "#n/a", "n.a.", "néant", "-"}
#: The usual writings of an amount, cents included: no other reading is possible.
_USUAL = re.compile(r"(-?)(\d{1,3}(?:[ \u00a0\u202f]\d{3})*|\d+)[.,](\d\d)(?:[ \u00a0\u202f]?€)?")
_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_GROUPING = str.maketrans("", "", " \u00a0\u202f")
_ACCOUNT = re.compile(r"\s*\(\d{5,}\)\s*$")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_YEAR = re.compile(r"(20\d\d)(?:[.,]0+)?")
_EIGHT = re.compile(r"[1-9]\d{7}")
_SERIAL = (36526, 73050)  # 2000 to 2099 in Excel's 1900 system


class Destination(NamedTuple):
    """A code and the label beside it in the cell."""

    code: str
    libelle: str


class Choix(NamedTuple):
    """One answer to a question, and the value it gives."""

    code: str
    libelle: str
    valeur: "Valeur"


class Lu(NamedTuple):
    """A value with what must be said of it; a ``question`` with no ``defaut`` rejects the line unless answered."""

    valeur: "Valeur"
    genre: str
    attendu: str
    remede: str
    choix: tuple[Choix, ...] = ()
    defaut: str = ""


Valeur = str | int | Destination | None
Lecture = Valeur | Lu


def plain(value: Value) -> str:
    """The text of a cell without blanks around it nor ``="…"``."""
    text = value if isinstance(value, str) else shown(value)
    text = text.strip(_BLANK)
    if text.startswith("=") and (match := _WRAPPED.fullmatch(text)):
        text = match.group(1).strip(_BLANK)
    return text


def texte(value: Value) -> str:
    """A text; ``" "``, ``#`` and ``NA`` are empty."""
    if value is None:
        return ""
    text = plain(value)
    if _absent(text):
        return ""
    return text


def _absent(text: str) -> bool:
    return len(text) < 6 and text.lower() in _ABSENT


def libelle(value: Value) -> Lecture:
    """A label on one line, without the stray commas that some exports leave at its end."""
    return _label(texte(value))


def _label(text: str) -> str:
    return " ".join(text.split()).rstrip(",").rstrip()


def montant(value: Value) -> Lecture:
    """Cents, ``None`` for an empty cell; ``1.234`` is a question, what is no amount a reject."""
    if value is None:
        return None
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
    read = money.parse("" if _absent(text) else text)
    if isinstance(read, money.Illisible):
        return _no_amount(read.raison)
    if isinstance(read, money.Ambigu):
        choices = (
            Choix("milliers", money.euros(read.milliers, decimals=True), read.milliers),
            Choix("decimale", money.euros(read.decimale, decimals=True), read.decimale),
        )
        attendu = " ou ".join(c.libelle for c in choices)
        remede = "Écrire les milliers avec une espace et les centimes avec une virgule, ou choisir une lecture."
        return Lu(None, QUESTION, attendu, remede, choices)
    if read is not None and _lost_digits(text):
        return _rounded(read)
    return read


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
    if body != text and body[-1:].lower() in {"k", "m", "d"}:
        return False
    match = re.search(r"[.,](\d+)$", body)
    if not match or body.count(match.group(0)[0]) > 1:
        return False
    return len(match.group(1)) > 2 and match.group(1)[2:].strip("0") != ""


def _no_amount(attendu: str) -> Lu:
    return Lu(None, REJET, attendu, "Corriger le montant dans le fichier, puis importer à nouveau.")


def jour(value: Value) -> Lecture:
    """An ISO date, empty when there is none; never rejects a line."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and _SERIAL[0] <= value <= _SERIAL[1]:
        day = date(1899, 12, 30) + timedelta(days=value)
        remede = f"Nombre lu comme la date du {day:%d/%m/%Y} : mettre la cellule au format date."
        return Lu(day.isoformat(), ALERTE, "une date (31/12/2025)", remede)
    text = texte(value)
    if not text:
        return ""
    if (iso := _ISO_DAY.fullmatch(text)) and (day_ := _date(iso.group(1), iso.group(2), iso.group(3))):
        return day_
    if (found := _DAY.fullmatch(text)) and (day_ := _date(found.group(3), found.group(2), found.group(1))):
        if len(found.group(3)) == 2:
            return Lu(day_, REPARATION, "une date (31/12/2025)", f"Année sur deux chiffres, lue {day_[:4]}.")
        return day_
    return Lu("", ALERTE, "une date (31/12/2025)", "Date laissée vide : la corriger dans le fichier ou sur la ligne.")


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat()
    except ValueError:
        return None


def exercice(value: Value) -> Lecture:
    """A year; ``None`` when empty, a reject when it is none."""
    if value is None or plain(value) == "":
        return None
    text = plain(value)
    if not isinstance(value, date) and (match := _YEAR.fullmatch(text)):
        return int(match.group(1))
    return Lu(None, REJET, "une année (2025)", "Écrire l'année de la campagne en quatre chiffres.")


def departement(value: Value) -> Lecture:
    """A département of the list; a lost zero is repaired, another text is a question (left empty by default)."""
    text = _as_text(value)
    if not text or identifiants.departement_valide(text):
        return text
    if repaired := identifiants.reparer_departement(text):
        return Lu(repaired.valeur, REPARATION, f"« {repaired.valeur} »", f"Complété : {repaired.motif}.")
    postal = identifiants.departement_du_code_postal(text)
    if postal and identifiants.departement_valide(postal):
        return Lu(postal, REPARATION, f"« {postal} »", f"Code postal {text} : département {postal}.")
    choices = (Choix("vide", "Laisser sans département", ""), Choix("rejeter", "Rejeter ces lignes", None))
    remede = "Importé sans département : écrire les deux caractères (02, 59, 2A)."
    return Lu("", QUESTION, "un département (02, 59, 2A)", remede, choices, "vide")


def siret(value: Value) -> Lecture:
    """Fourteen digits; a zero that the check digits prove is put back, a rounded one is no identifier."""
    text = _as_text(value)
    if not text or identifiants.siret_valide(text):
        return text
    if repaired := identifiants.reparer_siret(text):
        return Lu(repaired.valeur, REPARATION, f"« {repaired.valeur} »", f"Complété : {repaired.motif}.")
    if identifiants.siret_arrondi(shown(value) if value is not None else text):
        remede = "Arrondi par Excel, ce n'est plus un identifiant : laissé vide."
        return Lu("", ALERTE, "un SIRET à 14 chiffres", remede)
    return Lu(text, ALERTE, "un SIRET à 14 chiffres dont la clé est juste", "Gardé tel quel : vérifier le SIRET.")


def siren(value: Value) -> Lecture:
    text = _as_text(value)
    if text.isdigit() and len(text) < 9 and identifiants.siren_valide(text.zfill(9)):
        full = text.zfill(9)
        return Lu(full, REPARATION, f"« {full} »", "Complété : zéro de tête perdu, prouvé par la clé du SIREN.")
    return text


def identifiant(value: Value) -> Lecture:
    """FINESS or internal code of the operator; a zero that the FINESS key proves is put back."""
    text = _as_text(value)
    if len(text) == 8 and (repaired := identifiants.reparer_finess(text)):
        return Lu(repaired.valeur, REPARATION, f"« {repaired.valeur} »", f"Complété : {repaired.motif}.")
    if _EIGHT.fullmatch(text):
        remede = "Huit chiffres dont la clé ne prouve pas le zéro manquant : gardé tel quel, à vérifier."
        return Lu(text, ALERTE, "un FINESS à 9 caractères ou un code interne", remede)
    return text


def code_ars(value: Value) -> Lecture:
    """``032`` or ``A59``; three figures where Excel took the zero away."""
    text = _as_text(value)
    if len(text) < 3 and text.isdigit():
        return Lu(text.zfill(3), REPARATION, f"« {text.zfill(3)} »", "Complété : code d'agence à trois caractères.")
    return text


def destination(value: Value) -> Lecture:
    """Code and label of a nomenclature cell; ``None`` when empty, a reject when there is no code in it."""
    if value is None:
        return None
    if isinstance(value, date | int | float):
        why = "Excel a changé le code en date ou en nombre : remettre la colonne au format texte."
        return Lu(None, REJET, "un code de destination (MI2-3-8)", why)
    text = _ACCOUNT.sub("", _label(plain(value)))
    if not text or _absent(text):
        return None
    code = code_destination(text)
    if code is None:
        remede = "Écrire le code de la nomenclature devant le libellé, puis importer à nouveau."
        return Lu(None, REJET, "un code de destination (MI2-3-8 : …)", remede)
    return Destination(code, _label(_ACCOUNT.sub("", libelle_destination(text))))


def _as_text(value: Value) -> str:
    """An identifier as compact text; the placeholders for nothing are empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return identifiants.compact(shown(value))
    text = plain(value)
    return "" if _absent(text) else identifiants.compact(text)


READERS: dict[Genre, Callable[[Value], Lecture]] = {
    Genre.TEXTE: texte,
    Genre.LIBELLE: libelle,
    Genre.MONTANT: montant,
    Genre.DATE: jour,
    Genre.EXERCICE: exercice,
    Genre.DEPARTEMENT: departement,
    Genre.SIRET: siret,
    Genre.SIREN: siren,
    Genre.IDENTIFIANT: identifiant,
    Genre.CODE_ARS: code_ars,
    Genre.DESTINATION: destination,
}


#: Values kept by a reader: beyond, a column holds a text of its own on every line.
_CACHED = 10_000


class Cache(dict[Value, Lecture]):
    """A reader that reads each distinct value once; booleans must have become text before (``True == 1``)."""

    def __init__(self, reader: Callable[[Value], Lecture]) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, value: Value) -> Lecture:
        if len(self) > _CACHED:
            self.clear()
        read = self[value] = without_nul(self._reader, value)
        return read


def without_nul(reader: Callable[[Value], Lecture], value: Value) -> Lecture:
    """Read a cell; NUL characters, which no base can hold, are taken out and it is said."""
    if not isinstance(value, str) or "\0" not in value:
        return reader(value)
    read = reader(value.replace("\0", ""))
    if isinstance(read, Lu) and read.genre in (REJET, QUESTION):
        return read
    kept = read.valeur if isinstance(read, Lu) else read
    return Lu(kept, ALERTE, "un texte sans caractère nul", "Caractères nuls retirés : vérifier le texte.")
