"""What the cells of each column look like: identifiers that check, amounts, dates, codes; on a sample of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from firdesk.domain import identifiants
from firdesk.services.importing import lecture
from firdesk.services.importing.correspondance import ECHANTILLON, largeur, ressemble_a_un_code
from firdesk.services.importing.lecture import QUESTION, Lu
from firdesk.services.importing.profiles import Genre
from firdesk.sheets.cell import Grid, Value

#: The two first characters of a FINESS of the region, where a SIREN would be as likely.
_REGION = set(identifiants.DEPARTEMENTS_REGION)


@dataclass(slots=True)
class Contenu:
    """One column: cells filled, how many of them are of each kind, distinct texts and their length together."""

    remplies: int = 0
    genres: dict[Genre, int] = field(default_factory=dict)
    distincts: set[Value] = field(default_factory=set)
    longueur: int = 0

    def part(self, genre: Genre) -> float:
        """The share of the filled cells that are of a kind."""
        return self.genres.get(genre, 0) / self.remplies if self.remplies else 0.0


def contenus(grid: Grid, entete: int, most: int = ECHANTILLON) -> list[Contenu]:
    """One :class:`Contenu` a column of the grid, from the first rows below the header."""
    start = max(0, entete - grid.first_row + 1)
    rows = list(islice(grid.rows, start, start + most))
    width = max((len(row) for row in rows), default=0)
    known: dict[tuple[type, Value], frozenset[Genre]] = {}
    found = [Contenu() for _ in range(max(width, largeur(grid)))]
    for row in rows:
        for column, value in zip(found, row, strict=False):
            _count(column, value, known)
    return found


def _count(column: Contenu, value: Value, known: dict[tuple[type, Value], frozenset[Genre]]) -> None:
    if value is None or (isinstance(value, str) and not lecture.texte(value)):
        return
    key = (type(value), value)
    if key not in known:
        known[key] = genres(value)
    column.remplies += 1
    for genre in known[key]:
        column.genres[genre] = column.genres.get(genre, 0) + 1
    column.distincts.add(value)
    column.longueur += len(value) if isinstance(value, str) else 0


def genres(value: Value) -> frozenset[Genre]:
    """All that one cell could be."""
    if isinstance(value, bool):
        return frozenset({Genre.TEXTE})
    if isinstance(value, date):
        return frozenset({Genre.DATE})
    found = set(_identifiers(value))
    if isinstance(lecture.exercice(value), int):
        found.add(Genre.EXERCICE)
    amount = lecture.montant(value)
    if isinstance(amount, int) or (
        isinstance(amount, Lu) and (amount.genre == QUESTION or isinstance(amount.valeur, int))
    ):
        found.add(Genre.MONTANT)
    if isinstance(value, str):
        day = lecture.jour(value)
        if (isinstance(day, str) and day) or (isinstance(day, Lu) and day.valeur):
            found.add(Genre.DATE)
        if ressemble_a_un_code(value):
            found.add(Genre.DESTINATION)
        if any(c.isalpha() for c in value):
            found.add(Genre.LIBELLE)
    return frozenset(found)


def _identifiers(value: Value) -> Sequence[Genre]:
    text = identifiants.compact(lecture.plain(value))
    if len(text) <= 5:
        postal = identifiants.departement_du_code_postal(text)
        place = text.zfill(2) if text.isdigit() else text
        good = identifiants.departement_valide(postal or place)
        short = len(text) == 4 and identifiants.departement_du_code_postal(text.zfill(5))
        found = [Genre.DEPARTEMENT] if good else []
        return [*found, Genre.CODE_POSTAL] if postal or short else found
    if not text[2:].isdigit():
        return []
    if 11 <= len(text) <= 14:
        siret = identifiants.siret_valide(text) or identifiants.reparer_siret(text) is not None
        return [Genre.SIRET] if siret else []
    if len(text) not in (8, 9):
        return []
    found = []
    if identifiants.finess_valide(text) or identifiants.reparer_finess(text):
        likely = text.zfill(9)[:2] in _REGION
        found += [Genre.IDENTIFIANT] if likely else []
    if identifiants.siren_valide(text):
        found.append(Genre.SIREN)
    return found
