"""Destinations of an office's workbook that are written by their label alone, found in the nomenclature.

The same label, but for capitals and accents, is taken and said; one that merely looks like others is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from firdesk.services.importing import lecture
from firdesk.services.importing.champs import Genre, fold
from firdesk.services.importing.codes import proches
from firdesk.services.importing.etat import libelles_de
from firdesk.services.importing.lecture_textes import label, plain
from firdesk.services.importing.litiges import below
from firdesk.services.importing.lu import QUESTION, REJETER, Choix, Destination, Groupe, Lecture, Lu, repare
from firdesk.services.importing.profiles import PROFILS
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.session import Session
from firdesk.sheets.cell import Value

CHAMP = "mesure3"
_ATTENDU = "un code de destination (MI2-3-8)"
_GROUPE = Groupe("libelle", "Destination sans code, retrouvée par son libellé")
_REJETER = Choix(REJETER, "Rejeter ces lignes")


def retrouver(session: Session, table: Reconnu, exercice: int | None) -> Reconnu:
    """The table whose destinations may be labels; an export, which has codes, stays as it is."""
    if table.profil.nom in PROFILS or CHAMP not in table.positions:
        return table
    years = _annees(table, exercice)
    if not years:
        return table
    return replace(table, lecteurs={**table.lecteurs, Genre.DESTINATION: lecteur(libelles_de(session, years))})


def _annees(table: Reconnu, exercice: int | None) -> list[int]:
    """The years of the lines, by their column, else the one given for the whole file."""
    index = table.positions.get("campagne")
    if exercice is not None or index is None:
        given = exercice if exercice is not None else table.constantes.get("campagne")
        return [given] if isinstance(given, int) else []
    found = set()
    for _, row in below(table.grid, table.ligne_entete, table.fin):
        value = row[index] if index < len(row) else None
        year = None if value is None or isinstance(value, bool) else lecture.exercice(value)
        if isinstance(year, int):
            found.add(year)
    return sorted(found)


@dataclass(frozen=True, slots=True)
class _Nomenclature:
    """Codes by folded label, and the labels of all years together, those of the latest kept."""

    codes: dict[str, set[str]] = field(default_factory=dict)
    libelles: dict[str, str] = field(default_factory=dict)


def _nomenclature(annees: Mapping[int, Mapping[str, str]]) -> _Nomenclature:
    made = _Nomenclature()
    for _, labels in sorted(annees.items()):
        for code, text in labels.items():
            made.codes.setdefault(fold(text), set()).add(code)
            made.libelles[code] = text
    return made


def lecteur(annees: Mapping[int, Mapping[str, str]]) -> Callable[[Value], Lecture]:
    """The reader of destinations that knows the labels of these years: year → code → label."""
    known = _nomenclature(annees)
    years = ", ".join(map(str, sorted(annees)))

    def lire(value: Value) -> Lecture:
        read = lecture.destination(value)
        if not isinstance(read, Lu) or not isinstance(value, str):
            return read
        text = label(plain(value))
        codes = known.codes.get(fold(text), set())
        if len(codes) == 1:
            (code,) = codes
            found = Destination(code, known.libelles[code])
            return repare(
                found, f"{code} {found.libelle}", f"Libellé de la nomenclature {years} : {code}.", _REJETER, _GROUPE
            )
        return _demander(known, text, sorted(codes) or proches("", text, known.libelles), exact=bool(codes)) or read

    return lire


def _demander(known: _Nomenclature, text: str, codes: Iterable[str], *, exact: bool) -> Lu | None:
    choix = [Choix(c, f"{c} {known.libelles[c]}", Destination(c, known.libelles[c])) for c in codes]
    if not choix:
        return None
    why = "Plusieurs destinations ont ce libellé" if exact else "Libellé sans code, proche de ceux proposés"
    remede = f"{why} : choisir, ou saisir le code."
    return Lu(None, QUESTION, _ATTENDU, remede, (*choix, _REJETER))
