"""Reading headers: one row or two, merged or not, and which rows of a sheet may be one.

Knows cells and texts; what a header stands for is decided elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from firdesk.services.importing.champs import fold
from firdesk.sheets.cell import Grid, Value

#: How many rows of a sheet may come before the header.
TITRES = 60
#: Rows looked at below a blank one, where another table may begin, and how many blank ones are looked below.
_APRES, _RUPTURES = 12, 100
#: Columns beyond which no header is looked for.
LARGEUR = 1000
_NUMBER = re.compile(r"[-+−(]?\s*\d[\d\s\u00a0\u202f.,'/:%-]*\)?\s*(?:[kKmM]?€|EUR|E[+-]?\d+)?")

#: What a total has in its text, and the folded text that makes a row one.
MOT_DE_TOTAL = re.compile(r"tota|ensemble", re.IGNORECASE)
TOTAL = re.compile(r"(sous )?tota(l|ux)\b.*|.*\btotal|ensemble")

_NOTHING = (None, "", " ")

Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Colonne:
    """One header as read: sheet column, text, and the column of the profile it stands for (``""`` if none)."""

    lettre: str
    entete: str
    champ: str
    libelle: str


class Fusion(NamedTuple):
    """A merged area: first row, first column, last row, last column."""

    r1: int
    c1: int
    r2: int
    c2: int


@dataclass(frozen=True, slots=True)
class Sondage:
    """The rows of a sheet where a header may be, by index, and the indices of those with one cell at most."""

    grid: Grid
    rows: Mapping[int, Row]
    ruptures: Sequence[int]
    nombre: int
    #: Merged areas by the index of their first row.
    fusions: Mapping[int, Sequence[Fusion]]

    def row(self, index: int) -> Row:
        return self.rows.get(index, ())

    def candidats(self) -> list[int]:
        """The indices of the rows that may be a header: the first ones, then those just below an empty one."""
        breaks = set(self.ruptures)
        return [i for i in sorted(self.rows) if i < TITRES or not breaks.isdisjoint((i - 1, i - 2, i - 3))]


def sonder(grid: Grid) -> Sondage:
    """One pass over a sheet."""
    rows: dict[int, Row] = {}
    ruptures: list[int] = []
    near = TITRES
    count = 0
    for _, bunch in grid.bunches():
        first, count = count, count + len(bunch)
        if first >= near and len(bunch.columns) > 1 and all(map(_told, bunch.columns[:2])):
            continue
        for index, row in enumerate(bunch, first):
            if index < near:
                rows[index] = row
            elif len(row) > 1 and row[0] not in _NOTHING and row[1] not in _NOTHING:
                continue
            if len(row) - row.count(None) - row.count("") - row.count(" ") <= 1:
                ruptures.append(index)
                if len(ruptures) <= _RUPTURES:
                    near = max(near, index + _APRES)
    merged: dict[int, list[Fusion]] = {}
    for f in fusions(grid):
        merged.setdefault(f.r1 - grid.first_row, []).append(f)
    return Sondage(grid, rows, ruptures, count, merged)


def _told(column: Sequence[Value]) -> bool:
    """Whether no cell of a column is empty."""
    return set(column).isdisjoint(_NOTHING)


@dataclass(frozen=True, slots=True)
class Entete:
    """The header of a table, by index in the rows: names, and the group above each where there are two rows.

    ``premiere`` and ``ligne`` are indices of rows; ``sure`` says that merged cells agree with the number of rows.
    """

    premiere: int
    ligne: int
    noms: Mapping[int, str]
    groupes: Mapping[int, str] = field(default_factory=dict)
    sure: bool = True

    def texte(self, index: int) -> str:
        """The header as told: ``Montants / Notifié``."""
        return " / ".join(t for t in (self.groupes.get(index, ""), self.noms.get(index, "")) if t)

    def lectures(self, index: int) -> tuple[str, tuple[str, ...]]:
        """The name folded, and other folded texts that may tell what it stands for."""
        return _lectures(self.noms.get(index, ""), self.groupes.get(index, ""))

    @property
    def indices(self) -> list[int]:
        return sorted(self.noms)


@lru_cache(maxsize=20_000)
def _lectures(nom: str, groupe: str) -> tuple[str, tuple[str, ...]]:
    name = fold(nom)
    others: list[str] = []
    if groupe:
        above = fold(groupe)
        others += [f"{above} {name}", f"{name} {above}", f"{above.removesuffix('s')} {name}"]
    if parts := re.split(r"\s[/>–—-]\s|\n|\s:\s", nom)[1:]:
        group = fold(nom[: len(nom) - len(parts[-1])])
        last = fold(parts[-1])
        others += [f"{group.removesuffix('s')} {last}", f"{last} {group}", last]
    return name, tuple(dict.fromkeys(t for t in others if t and t != name))


def filled(value: Value) -> bool:
    """Whether a cell holds something to see."""
    return value is not None and (not isinstance(value, str) or bool(value.strip(" \u00a0\u202f\t\r\n")))


def texte(value: Value) -> str:
    """The text of a header cell on one line, ``""`` for what is no text."""
    return value.strip() if isinstance(value, str) else ""


def simple(sondage: Sondage, index: int) -> Entete:
    """The header made of one row."""
    noms = {i: t for i, v in enumerate(sondage.row(index)[:LARGEUR]) if (t := texte(v))}
    return Entete(index, index, noms, sure=not _fusionne(sondage, index))


def double(sondage: Sondage, index: int) -> Entete | None:
    """The header made of a row of groups and the row of names below it; ``None`` where there are no names below."""
    above = {i: t for i, v in enumerate(sondage.row(index)[:LARGEUR]) if (t := texte(v))}
    below = {i: t for i, v in enumerate(sondage.row(index + 1)[:LARGEUR]) if (t := texte(v))}
    if not above or not below:
        return None
    groups = _groupes(sondage, index, above, max([*above, *below]) + 1)
    if len({groups.get(i) for i in below}) == 1 and None not in {groups.get(i) for i in below}:
        return None  # a title over the whole table
    noms = {i: below.get(i, above.get(i, "")) for i in sorted({*above, *below})}
    kept = {i: groups[i] for i in below if i in groups and groups[i] != below[i]}
    return Entete(index, index + 1, noms, kept, sure=_fusionne(sondage, index))


def _groupes(sondage: Sondage, index: int, above: Mapping[int, str], width: int) -> dict[int, str]:
    """The group over each column: as far as its merged cell goes, else up to the next group."""
    left = sondage.grid.first_column
    spans = {f.c1 - left: f.c2 - left for f in sondage.fusions.get(index, ())}
    found: dict[int, str] = {}
    starts = sorted(above)
    for start, following in zip(starts, [*starts[1:], width], strict=True):
        last = spans.get(start, start if spans else following - 1)
        for i in range(start, min(last + 1, following, width)):
            found[i] = above[start]
    return found


def _fusionne(sondage: Sondage, index: int) -> bool:
    """Whether merged cells say that the row below belongs to the header too."""
    row, left = sondage.grid.first_row + index, sondage.grid.first_column
    found = sondage.fusions.get(index, ())
    if any(f.r2 == row + 1 for f in found):
        return True
    names = sondage.row(index + 1)
    wide = [f for f in found if f.r2 == row]
    below = [texte(v) for f in wide for v in names[max(0, f.c1 - left) : f.c2 - left + 1]]
    return len(below) >= sum(f.c2 - f.c1 + 1 for f in wide) > 0 and all(t and not nombre(t) for t in below)


def fusions(grid: Grid) -> list[Fusion]:
    return [Fusion(*area) for area in grid.merged]


def nombre(text: str) -> bool:
    """Whether a text is a figure, an amount or a date rather than a name."""
    return _NUMBER.fullmatch(text.strip()) is not None


def vraisemblable(sondage: Sondage, index: int) -> bool:
    """Whether a row looks like the header of some table: distinct short names, and figures in a row below."""
    held = [v for v in sondage.row(index) if filled(v)]
    texts = [t for v in held if (t := texte(v)) and not nombre(t) and len(t) <= 120]
    if len(texts) < 2 or len(texts) < len(held) or not _distincts(sondage, index, texts):
        return False
    for below in (index + 1, index + 2):
        row = sondage.row(below)
        values = [v for v in row if filled(v)]
        if len(values) >= 2 and any(not isinstance(v, str) or nombre(v) for v in values):
            return True
    return False


def _distincts(sondage: Sondage, index: int, texts: Sequence[str]) -> bool:
    """Whether no header comes twice, or only in tables side by side."""
    if len(set(map(fold, texts))) == len(texts):
        return True
    entete = simple(sondage, index)
    runs = [[fold(entete.noms[i]) for i in range(a, b) if i in entete.noms] for a, b in segments(sondage, entete)]
    return len(runs) > 1 and all(len(set(run)) == len(run) for run in runs)


def segments(sondage: Sondage, entete: Entete) -> list[tuple[int, int]]:
    """The runs of columns between columns that are empty in the header and below it: tables side by side."""
    used = set(entete.noms)
    for index in range(entete.ligne + 1, entete.ligne + 9):
        used |= {i for i, v in enumerate(sondage.row(index)) if filled(v)}
    runs: list[tuple[int, int]] = []
    for i in sorted(used):
        if runs and i == runs[-1][1]:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return [(a, b) for a, b in runs if sum(1 for i in range(a, b) if i in entete.noms) >= 2]
