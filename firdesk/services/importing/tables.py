"""The tables of a workbook: several sheets, one under the other, side by side; which export each one looks like.

Finds and lists them; reading one is for :mod:`recognise`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from firdesk.domain import money
from firdesk.domain.problem import Refus
from firdesk.services.importing.entetes import (
    MOT_DE_TOTAL,
    TOTAL,
    Entete,
    Fusion,
    Sondage,
    double,
    fusions,
    segments,
    simple,
    sonder,
    vraisemblable,
)
from firdesk.services.importing.profiles import PROFILS, Profil, fold, names, signes, vague_names
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.signature import Signature, connus, signature
from firdesk.sheets.cell import MARKS_SHEET, Grid, Value, Workbook, column_index, column_name


@dataclass(frozen=True, slots=True)
class Table:
    """One table as listed: ``entete`` and ``colonne`` are those of :class:`Reglages`, ``profil`` empty if unknown."""

    feuille: str
    entete: int
    colonne: str
    plage: str
    profil: str
    lignes: int
    masquee: bool
    entetes: tuple[str, ...]

    @property
    def colonnes(self) -> tuple[int, int]:
        """The sheet columns of its first and last header, from 0."""
        first, last = (column_index("".join(filter(str.isalpha, cell))) for cell in self.plage.split(":"))
        return first, last

    def cotoie(self, toutes: "Sequence[Table]") -> bool:
        """Whether another one of these stands beside it on its sheet, so that its column must be told."""
        left, right = self.colonnes
        others = (t.colonnes for t in toutes if t.feuille == self.feuille)
        return any(last < left or right < first for first, last in others)

    def designation(self, toutes: "Sequence[Table]") -> str:
        """``Feuil2 (masquée) · ligne 3, colonne H · StarsFIR, 40 lignes``."""
        where = f", colonne {self.colonne}" if self.cotoie(toutes) else ""
        rows = f"{money.nombre(self.lignes)} ligne{'s' if self.lignes > 1 else ''}"
        hidden = " (masquée)" if self.masquee else ""
        return f"{self.feuille}{hidden} · ligne {self.entete}{where} · {self.profil or 'aucun profil'}, {rows}"

    def reglages(self, toutes: "Sequence[Table]") -> dict[str, Any]:
        """The choices that read this table among these: sheet, header row, column where it is needed."""
        beside = [t for t in toutes if not self.profil or t.entete == self.entete]
        colonne = self.colonne if self.cotoie(beside) else None
        return {"feuille": self.feuille, "entete": self.entete, "colonne": colonne}


@dataclass(slots=True)
class Candidat:
    """A header that a profile may have written; ``debut`` and ``apres`` bound its columns, ``fin`` its rows."""

    profil: Profil | None
    sondage: Sondage
    entete: Entete
    debut: int
    apres: int
    signature: Signature
    manquants: tuple[str, ...] = ()
    fin: int = 0
    nombre: int = 0
    autres: list[int] = field(default_factory=list)

    @property
    def grid(self) -> Grid:
        return self.sondage.grid

    @property
    def score(self) -> tuple[bool, bool, int, int, bool, int]:
        """Complete first, then visible, then the most headers met word for word, then the most rows."""
        found = self.signature
        told = len(found.positions) - len(found.proches)
        return not self.manquants, not self.grid.hidden, found.exact, told, self.entete.sure, self.nombre

    def same(self, other: "Candidat") -> bool:
        """Whether the other is the same header once more, further down."""
        return self.profil is other.profil and self.signature.positions == other.signature.positions

    def meets(self, other: "Candidat") -> bool:
        return self.debut < other.apres and other.debut < self.apres


def tables(workbook: Workbook) -> tuple[Table, ...]:
    """All the tables of a workbook in the order of its sheets; what looks like no export has no ``profil``."""
    profils = [p for p in PROFILS.values() if p.automatique]
    found: list[Table] = []
    for grid in workbook.grids:
        if grid.rows and not grid.name.startswith(MARKS_SHEET):
            sondage = sonder(grid)
            known = complets(candidats(sondage, profils, Reglages()))
            every = sorted([*known, *_inconnus(sondage, known)], key=lambda c: (c.entete.ligne, c.debut))
            found += listees(every)
    return tuple(found)


def listees(every: Sequence[Candidat]) -> list[Table]:
    """These tables as they are listed, their lines counted in one pass over each sheet."""
    counts = [0] * len(every)
    for grid in {id(c.grid): c.grid for c in every}.values():
        here = [
            (n, c.entete.ligne, min([c.fin, *c.autres]), c.debut, c.apres, list(c.sondage.row(c.entete.ligne)))
            for n, c in enumerate(every)
            if c.grid is grid
        ]
        for index, row in enumerate(grid.rows):
            for n, header, end, left, right, names_ in here:
                counts[n] += header < index < end and _est_ligne(row[left:right], names_[left:right])
    return [_listed(c, count) for c, count in zip(every, counts, strict=True)]


def _est_ligne(cells: Sequence[Value], header: Sequence[Value]) -> bool:
    """Whether the cells of a table are those of a line, by their look alone: no note, total or header once more."""
    held = len(cells) - cells.count(None) - cells.count("") - cells.count(" ")
    if held <= 1 or cells == header:
        return False
    texts = (v for v in cells if isinstance(v, str) and v.strip())
    looked = islice(texts, 1 if 2 * held > len(header) else None)
    return not any(MOT_DE_TOTAL.search(text) and TOTAL.fullmatch(fold(text)) for text in looked)


def cotes(grid: Grid, ligne: int) -> list[tuple[int, int]]:
    """The tables side by side under one header row of the sheet, as indices of columns; few rows are looked at."""
    index = ligne - grid.first_row
    first = max(0, index - 1)
    rows = dict(enumerate(islice(grid.rows, first, index + 12), first))
    merged: dict[int, list[Fusion]] = {}
    for f in fusions(grid):
        merged.setdefault(f.r1 - grid.first_row, []).append(f)
    sondage = Sondage(grid, rows, (), index + 12, merged)
    two = double(sondage, index - 1) if index else None
    return segments(sondage, two if two is not None and two.sure else simple(sondage, index))


def bornes(grid: Grid, ligne: int, colonne: str | None) -> tuple[int, int] | None:
    """The columns of the table that holds a column (its letters), where several stand side by side."""
    if not colonne:
        return None
    wanted = column_index(colonne.upper()) - grid.first_column
    runs = cotes(grid, ligne)
    return next(((a, b) for a, b in runs if a <= wanted < b), None) if len(runs) > 1 else None


def candidats(sondage: Sondage, profils: Iterable[Profil], reglages: Reglages) -> list[Candidat]:
    """Every header that looks like one of these profiles, complete or not."""
    known = list(profils)
    found = []
    if reglages.entete is not None:
        sondage = at(sondage, reglages.entete - 1 - sondage.grid.first_row)
    told = frozenset(name for p in known for name in (*names(p.nom), *vague_names(p.nom)))
    for entete in _entetes(sondage, reglages.entete):
        met = connus(entete, told)
        if len(met) < 2 and not reglages.correspondance:
            continue
        texts = {text for i in met for name, others in [entete.lectures(i)] for text in (name, *others)}
        for profil in known:
            if reglages.entete is None and len(names(profil.nom).keys() & texts) < 2:
                continue
            of_profile = _of_profile(sondage, entete, profil, reglages, met)
            if len(known) > 1 and of_profile and not _signed(profil, entete):
                for c in of_profile:
                    c.manquants += (" ou ".join(profil.signes[:2]),)
            found += of_profile
    return found


def _signed(profil: Profil, entete: Entete) -> bool:
    return not profil.signes or any(entete.lectures(i)[0] in signes(profil.nom) for i in entete.indices)


def _entetes(sondage: Sondage, chosen: int | None) -> Iterator[Entete]:
    """The headers to try: each row alone, and with the one below."""
    indices: Sequence[int] = sondage.candidats()
    if chosen is not None:
        index = chosen - 1 - sondage.grid.first_row
        indices = [index - 1, index] if index else [index]
    for index in indices:
        one = simple(sondage, index)
        if len(one.noms) >= 2 and (chosen is None or one.ligne == indices[-1]):
            yield one
        two = double(sondage, index)
        if two and (chosen is None or two.ligne == indices[-1] or two.sure):
            yield two


def at(sondage: Sondage, index: int) -> Sondage:
    """The same sheet with the rows around a header chosen by hand."""
    if not 0 <= index < sondage.nombre:
        grid = sondage.grid
        last = grid.first_row + sondage.nombre
        raise Refus(
            f"La feuille « {grid.name} » n'a pas de ligne {grid.first_row + index + 1} : choisir la ligne d'en-têtes "
            f"entre {grid.first_row + 1} et {last}."
        )
    around = range(max(0, index - 1), min(sondage.nombre, index + 12))
    rows = {**sondage.rows, **{i: sondage.grid.rows[i] for i in around}}
    return replace(sondage, rows=rows)


def _of_profile(
    sondage: Sondage, entete: Entete, profil: Profil, reglages: Reglages, met: Sequence[int]
) -> list[Candidat]:
    runs = segments(sondage, entete) if reglages.colonne else []
    if reglages.colonne:
        wanted = column_index(reglages.colonne.upper()) - sondage.grid.first_column
        runs = [(a, b) for a, b in runs if a <= wanted < b]
        return [c for run in runs if (c := _candidat(sondage, entete, profil, reglages, met, run))]
    indices = entete.indices
    whole = _candidat(sondage, entete, profil, reglages, met, (indices[0], indices[-1] + 1))
    if whole is None or whole.manquants:
        return [whole] if whole else []
    runs = segments(sondage, entete)
    if whole.signature.doubles and len(runs) > 1:
        parts = [_candidat(sondage, entete, profil, reglages, met, run) for run in runs]
        complete = [c for c in parts if c and not c.manquants]
        if len(complete) > 1:
            return complete
    used = [run for run in runs if any(run[0] <= i < run[1] for i in whole.signature.positions.values())]
    if used:
        whole.debut, whole.apres = used[0][0], used[-1][1]
    return [whole]


def _candidat(
    sondage: Sondage, entete: Entete, profil: Profil, reglages: Reglages, met: Sequence[int], run: tuple[int, int]
) -> Candidat | None:
    found = signature(profil, entete, [i for i in entete.noms if run[0] <= i < run[1]], met)
    if len(found.positions) < 2 and not (reglages.entete and reglages.correspondance):
        return None
    chosen = {code for code, text in reglages.correspondance.items() if text}
    missing = manquants(profil, {*found.positions, *chosen}, reglages)
    made = Candidat(profil, sondage, entete, run[0], run[1], found, missing)
    made.fin = sondage.nombre
    made.nombre = _count(made)
    return made


def manquants(profil: Profil, present: set[str], reglages: Reglages) -> tuple[str, ...]:
    """The headers that a profile must have and that are not there; an exercice given stands for its column."""
    year = profil.identite[0]
    absent = [
        c.entete
        for c in profil.champs
        if c.requis and c.code not in present and not (reglages.exercice and c.code == year)
    ]
    for group in profil.un_parmi:
        if not present.intersection(group) and not (reglages.exercice and year in group):
            absent.append(" ou ".join(profil.champ(code).entete for code in group))
    return tuple(absent)


def complets(found: Iterable[Candidat]) -> list[Candidat]:
    """The best candidate of each place, without repeated headers, each cut where another begins."""
    kept: list[Candidat] = []
    for c in sorted((c for c in found if not c.manquants), key=lambda c: c.score, reverse=True):
        rows = {c.entete.premiere, c.entete.ligne}
        if not any(c.meets(k) and rows & {k.entete.premiere, k.entete.ligne} for k in kept):
            kept.append(c)
    kept.sort(key=lambda c: (c.entete.ligne, c.debut))
    first: list[Candidat] = []
    for c in kept:
        above = [k for k in first if k.meets(c)]
        if not (above and above[-1].same(c)):
            first.append(c)
    for c in first:
        c.fin = min((k.entete.premiere for k in first if k.entete.ligne > c.entete.ligne and k.meets(c)), default=c.fin)
        c.autres = etrangers(c)
        c.nombre = _count(c)
    return first


def etrangers(c: Candidat) -> list[int]:
    """The rows of a table where what looks like another, unknown one begins."""
    breaks = set(c.sondage.ruptures)
    own = {c.entete.lectures(i)[0] for i in c.entete.indices}
    found = []
    for index in c.sondage.candidats():
        if c.entete.ligne < index < c.fin and index - 1 in breaks and vraisemblable(c.sondage, index):
            texts = simple(c.sondage, index)
            again = sum(1 for i in texts.indices if texts.noms[i] == c.entete.noms.get(i))
            if again < min(3, len(own)):
                found.append(index)
    return found


def autour(grid: Grid, ligne: int, indices: Iterable[int]) -> Candidat:
    """The bounds of a table whose header row (of the sheet) and columns were chosen by hand."""
    index = ligne - grid.first_row
    sondage = at(sonder(grid), index)
    two = double(sondage, index - 1) if index else None
    entete = two if two is not None and two.sure else simple(sondage, index)
    chosen = sorted(indices)
    used = [run for run in segments(sondage, entete) if any(run[0] <= i < run[1] for i in chosen)]
    first, last = [*(a for a, _ in used), *chosen], [*(b for _, b in used), *(i + 1 for i in chosen)]
    made = Candidat(None, sondage, entete, min(first), max(last), Signature(), fin=sondage.nombre)
    made.autres = etrangers(made)
    return made


def _count(c: Candidat) -> int:
    """Rows below the header that hold several cells, up to where another table begins."""
    end = min([c.fin, *c.autres])
    return max(0, end - c.entete.ligne - 1 - sum(1 for i in c.sondage.ruptures if c.entete.ligne < i < end))


def _inconnus(sondage: Sondage, known: Sequence[Candidat]) -> list[Candidat]:
    """Tables that no profile claims: the likely headers at the top or below a blank row."""
    starts = [i for c in known for i in c.autres]
    if not known:
        likely = [i for i in sondage.candidats() if vraisemblable(sondage, i)]
        breaks = {-1, *sondage.ruptures}
        starts = likely[:1] + [i for i in likely[1:] if i - 1 in breaks]
    found: list[Candidat] = []
    first: dict[tuple[tuple[int, str], ...], int] = {}
    for index in starts:
        first.setdefault(tuple(simple(sondage, index).noms.items()), index)
    starts = list(first.values())
    ends = sorted({*starts, *(c.entete.premiere for c in known), sondage.nombre})
    for index in starts:
        entete = simple(sondage, index)
        if (two := double(sondage, index)) and two.sure:
            entete = two
        runs = segments(sondage, entete)
        for a, b in runs if len(runs) > 1 else [(entete.indices[0], entete.indices[-1] + 1)]:
            c = Candidat(None, sondage, entete, a, b, Signature())
            c.fin = next(e for e in ends if e > index)
            c.nombre = _count(c)
            found.append(c)
    return found


def _listed(c: Candidat, lignes: int) -> Table:
    grid = c.grid
    breaks = set(c.sondage.ruptures)
    last = min([c.fin, *c.autres]) - 1
    while last > c.entete.ligne and last in breaks:
        last -= 1
    left, right = column_name(grid.first_column + c.debut), column_name(grid.first_column + c.apres - 1)
    return Table(
        feuille=grid.name,
        entete=grid.first_row + c.entete.ligne + 1,
        colonne=left,
        plage=f"{left}{grid.first_row + c.entete.premiere + 1}:{right}{grid.first_row + last + 1}",
        profil=c.profil.nom if c.profil else "",
        lignes=lignes,
        masquee=grid.hidden,
        entetes=tuple(" ".join(c.entete.texte(i).split()) for i in c.entete.indices if c.debut <= i < c.apres),
    )
