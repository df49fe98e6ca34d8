"""What a cell of text or a date means; a date that cannot be one is asked, and never rejects its line."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from firdesk.domain.encodage import SIGNES
from firdesk.services.importing.lu import ALERTE, QUESTION, VIDE, Choix, Groupe, Lecture, Lu, repare
from firdesk.sheets.cell import Value, shown

_BLANK = " \u00a0\u2007\u2009\u202f\u200b\ufeff\t\r\n"
_ABSENT = {"#", "na", "n/a", "#n/a", "n.a.", "néant", "-"}
_LONGEST = 6
#: In a text that shows any of these, something may have to be taken away or repaired.
_SIGNS = ("\0", "\u200b", "\ufeff", *SIGNES)
_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_DAYS = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)")
_SERIAL = (36526, 73050)  # 2000 to 2099 in Excel's 1900 system
#: The years that a decision about the FIR may bear: it was created in 2012, its forerunners in 2010.
_ANNEES = range(2000, 2100)
_ATTENDU = "une date (31/12/2025)"
_SANS = Choix(VIDE, "Laisser sans date", "")


def plain(value: Value) -> str:
    """The text of a cell without blanks around it nor ``="…"``."""
    text = value if isinstance(value, str) else shown(value)
    text = text.strip(_BLANK)
    if text[:1] == "=" and (match := _WRAPPED.fullmatch(text)):
        text = match.group(1).strip(_BLANK)
    return text


def texte(value: Value) -> str:
    """A text; ``" "``, ``#`` and ``NA`` are empty."""
    if value is None:
        return ""
    text = plain(value)
    return "" if len(text) < _LONGEST and absent(text) else text


def absent(text: str) -> bool:
    """Whether a text stands for nothing."""
    return len(text) < _LONGEST and text.lower() in _ABSENT


def ordinaires(texts: Sequence[str]) -> bool:
    """Whether :func:`texte` surely gives each of these texts as it is, NUL and accents encoded twice looked for too."""
    joined = "\n".join(texts)
    if "\n=" in joined or joined.startswith("=") or any(sign in joined for sign in _SIGNS):
        return False
    return list(map(str.strip, texts)) == texts and _ABSENT.isdisjoint(map(str.lower, texts))


def libelles_ordinaires(texts: Sequence[str]) -> bool:
    """The same of :func:`libelle`."""
    return ordinaires(texts) and list(map(label, texts)) == texts


def libelle(value: Value) -> Lecture:
    """A label on one line, without the stray commas that some exports leave at its end."""
    return label(texte(value))


def label(text: str) -> str:
    return " ".join(text.split()).rstrip(",").rstrip()


def jour(value: Value) -> Lecture:
    """An ISO date, empty when there is none; what is no single date of our time is a question (left empty)."""
    if value is None:
        return ""
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return _plausible(day.isoformat())
    if isinstance(value, int) and _SERIAL[0] <= value <= _SERIAL[1]:
        day = date(1899, 12, 30) + timedelta(days=value)
        remede = f"Nombre lu comme la date du {day:%d/%m/%Y} : mettre la cellule au format date."
        return Lu(day.isoformat(), ALERTE, _ATTENDU, remede)
    text = texte(value)
    if not text:
        return ""
    if (iso := _ISO_DAY.fullmatch(text)) and (day_ := _date(iso.group(1), iso.group(2), iso.group(3))):
        return _plausible(day_)
    if (found := _DAY.fullmatch(text)) and (day_ := _date(found.group(3), found.group(2), found.group(1))):
        if len(found.group(3)) == 2:
            why = f"Année sur deux chiffres, lue {day_[:4]}."
            return repare(day_, french(day_), why, _SANS, Groupe("annee_courte", "Année sur deux chiffres"))
        return _plausible(day_)
    return _several(text)


def _several(text: str) -> Lu:
    days = [d for d in (_day(found) for found in _DAYS.findall(text)) if d]
    days = [d for d in dict.fromkeys(days) if int(d[:4]) in _ANNEES]
    if len(days) > 1:
        first, last = days[0], days[-1]
        choices = (Choix("premiere", french(first), first), Choix("derniere", french(last), last), _SANS)
        remede = "Plusieurs dates dans la cellule : laissée vide, sauf si vous choisissez laquelle compte."
        groupe = Groupe("plusieurs", "Plusieurs dates dans une cellule")
        return Lu("", QUESTION, "une seule date (31/12/2025)", remede, choices, VIDE, groupe)
    remede = "Date laissée vide : la saisir ici, ou la corriger dans le fichier ou sur la ligne."
    return Lu("", QUESTION, _ATTENDU, remede, (_SANS,), VIDE, Groupe("illisible", "Date illisible"))


def _plausible(iso: str) -> Lecture:
    if int(iso[:4]) in _ANNEES:
        return iso
    choices = (_SANS, Choix("telle", f"Garder le {french(iso)}", iso))
    remede = f"L'année {int(iso[:4])} n'est pas celle d'une décision : date laissée vide, sauf si vous la saisissez."
    return Lu("", QUESTION, _ATTENDU, remede, choices, VIDE, Groupe("annee", "Date d'une autre époque"))


def french(iso: str) -> str:
    """``2025-03-15`` as ``15/03/2025``."""
    return f"{iso[8:]}/{iso[5:7]}/{iso[:4]}"


def _day(text: str) -> str | None:
    found = _DAY.fullmatch(text)
    return _date(found.group(3), found.group(2), found.group(1)) if found else None


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat()
    except ValueError:
        return None
