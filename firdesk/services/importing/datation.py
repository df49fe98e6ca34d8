"""At which date a SIBC file is a snapshot: the one given, else that of its name, else today's to confirm."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from firdesk.domain.jour import french_date
from firdesk.domain.problem import Refus
from firdesk.services.importing import lecture
from firdesk.services.importing.lu import Lu
from firdesk.services.importing.plan import Question
from firdesk.services.importing.profiles import Genre
from firdesk.services.session import Session
from firdesk.sheets.cell import Workbook

_DATES = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)[-_. ]?(?P<m>\d\d)[-_. ]?(?P<d>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d\d)[-_. ](?P<m>\d\d)[-_. ](?P<y>20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d\d)(?P<m>\d\d)(?P<y>20\d\d)(?:\d{4}|\d{6})?(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\d{4}|\d{6})(?!\d)"),
)


class Datation(NamedTuple):
    """The date of the snapshot of each exercice, where it was found, what to ask."""

    jours: Mapping[int, str]
    origine: str
    questions: tuple[Question, ...] = ()


def dater(
    session: Session, workbook: Workbook, exercices: Sequence[int], imposee: str | None, decisions: Mapping[str, str]
) -> Datation:
    """``imposee`` is the date that the user gave; the snapshot that the same bytes made keeps its own."""
    if imposee:
        return _toutes(exercices, lire_date(imposee), "choisie à l'import")
    fichier, sha256 = workbook.name, workbook.sha256
    deja = [lot.importe_le for lot in session.imports.lots() if lot.sha256 == sha256]
    found, origine = instantane_du(fichier, deja, datetime.now(UTC).astimezone().date())
    connues = session.budgets.dates_du_fichier(sha256)
    if known := {annee: connues[annee] for annee in exercices if annee in connues}:
        return Datation(dict.fromkeys(exercices, found) | known, "celle déjà donnée à ce même fichier")
    if date_du_nom(fichier):
        return _toutes(exercices, found, origine)
    asked = _question(exercices, found, sha256, decisions)
    chosen = _read(asked.reponse) or found
    origine = origine if chosen == found else "choisie à l'import"
    return _toutes(exercices, chosen, origine)._replace(questions=(asked,))


def lire_date(text: str) -> str:
    """An ISO date from ``31/12/2025`` or ``2025-12-31``; ``Refus`` for any other text."""
    if found := _read(text):
        return found
    raise Refus(f"« {text} » n'est pas une date : écrire JJ/MM/AAAA, par exemple 31/12/2025.")


def _toutes(exercices: Sequence[int], jour: str, origine: str) -> Datation:
    return Datation(dict.fromkeys(exercices, jour), origine)


def _read(text: str) -> str:
    read = lecture.jour(text.removeprefix("=").strip())
    value = read.valeur if isinstance(read, Lu) else read
    return value if isinstance(value, str) and "2000" <= value[:4] <= "2100" else ""


def _question(exercices: Sequence[int], found: str, sha256: str, decisions: Mapping[str, str]) -> Question:
    choices = [(found, french_date(found))]
    choices += [(f"{annee}-12-31", f"31/12/{annee}, fin d'exercice") for annee in exercices if f"{annee}-12-31" < found]
    ident = f"date:{sha256[:12]}"
    return Question(
        ident,
        "À quelle date est cette situation SIBC ?",
        "Le nom du fichier ne le dit pas. Deux situations de dates différentes se comparent et ne s'ajoutent jamais.",
        1,
        tuple(choices),
        found,
        decisions.get(ident, found),
        saisie=True,
        relecture=Genre.DATE,
    )


def date_du_nom(fichier: str) -> str:
    """The ISO date in a file name (``AAAAMMJJ``, ``JJ-MM-AAAA``, ``JJMMAAAAHHMMSS``…), ``""`` when there is none."""
    for pattern in _DATES:
        for match in pattern.finditer(fichier):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
            except ValueError:
                continue
    return ""


def instantane_du(fichier: str, memes_octets: Iterable[str], aujourdhui: date) -> tuple[str, str]:
    """The date of a snapshot and where it was found: the name, an earlier import of the same bytes, else today."""
    if found := date_du_nom(fichier):
        return found, "lue dans le nom du fichier"
    earlier = sorted(memes_octets)
    if earlier:
        return earlier[0][:10], "celle du premier import de ce fichier"
    return aujourdhui.isoformat(), "celle d'aujourd'hui, faute d'une date dans le nom du fichier"
