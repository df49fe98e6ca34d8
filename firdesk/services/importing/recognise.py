"""Finding the table in a workbook: the sheet, the header row under its title lines, the columns wherever they are.

Refuses, saying what was found and what was expected, when nothing looks like a known export.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from firdesk.domain.problem import Refus
from firdesk.services.importing.colonnes import choisir, decrire
from firdesk.services.importing.entetes import TITRES, Colonne, sonder
from firdesk.services.importing.lecture import Lecture, Valeur
from firdesk.services.importing.litiges import Litige, decalages, fusions_de_corps
from firdesk.services.importing.plan import Question
from firdesk.services.importing.profiles import PROFILS, Champ, Genre, Profil
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.tables import Candidat, autour, candidats, complets, listees
from firdesk.sheets.cell import MARKS_SHEET, Grid, Value, Workbook, shown

__all__ = ["Colonne", "Reconnu", "achever", "recognise"]

#: How many other tables are named in a note.
_NOMMES = 5


@dataclass(frozen=True, slots=True)
class Reconnu:
    """A table found: ``ligne_entete`` is a sheet row (0-based), ``positions`` indices in the rows of the grid."""

    profil: Profil
    grid: Grid
    ligne_entete: int
    positions: dict[str, int]
    colonnes: tuple[Colonne, ...]
    notes: tuple[str, ...] = ()
    #: Values for the whole file, where a line has none of its own.
    constantes: Mapping[str, Valeur] = field(default_factory=dict)
    #: Keeps the keys of one workbook of the office from those of another; empty for the known exports.
    espace: str = ""
    #: Sheet row of the group row above the names, where there is one.
    premiere_entete: int | None = None
    #: Indices of its columns, first and after the last, where other tables stand beside it.
    etendue: tuple[int, int] | None = None
    #: Sheet row after its last, where another table begins below.
    fin: int | None = None
    #: Sheet rows from which what looks like an unknown table begins.
    autres: tuple[int, ...] = ()
    #: Rows read otherwise than the sheet gives them: decimals put back together, merged labels written on each row.
    corrigees: Mapping[int, list[Value]] = field(default_factory=dict)
    #: Rows that are rejected unless a question is answered.
    litiges: Mapping[int, Litige] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    #: Readers in the place of those of :mod:`lecture`, for what only the base can tell.
    lecteurs: Mapping[Genre, Callable[[Value], Lecture]] = field(default_factory=dict)

    @property
    def telle_quelle(self) -> bool:
        """Whether all its rows are read as the sheet gives them."""
        return not self.corrigees and not self.etendue

    def lue(self, ligne: int, row: list[Value]) -> list[Value]:
        """A row of the sheet as this table reads it."""
        if self.corrigees:
            row = self.corrigees.get(ligne, row)
        if self.etendue:
            row = [None] * self.etendue[0] + row[slice(*self.etendue)]
        return row

    def adresse(self, ligne: int, champ: str) -> str:
        """The address of a column on a sheet row; the whole row (``L12``) when the column is not there."""
        if champ not in self.positions:
            return f"ligne {ligne + 1}"
        return self.grid.address(ligne, self.grid.first_column + self.positions[champ])

    def brut(self, ligne: int, champ: str) -> str:
        """The text of a cell as a person sees it; a NUL, which a base cannot hold, as its symbol."""
        index = self.positions.get(champ)
        if index is None:
            return ""
        if row := self.corrigees.get(ligne):
            text = shown(row[index]) if index < len(row) else ""
        else:
            text = self.grid.raw(ligne, self.grid.first_column + index)
        return text.replace("\0", "␀")


def recognise(workbook: Workbook, reglages: Reglages) -> Reconnu:
    """The best table of the workbook; ``Refus`` when there is none. An ``exercice`` given replaces its column."""
    profil = reglages.profil
    grids = _sheets(workbook, reglages.feuille)
    if profil is not None and profil not in PROFILS:
        raise Refus(f"Le profil « {profil} » n'existe pas : choisir parmi {', '.join(PROFILS)}.")
    profils = [PROFILS[profil]] if profil else [p for p in PROFILS.values() if p.automatique]
    every: list[Candidat] = []
    found: list[Candidat] = []
    for grid in grids:
        tried = candidats(sonder(grid), profils, reglages)
        every += tried
        found += complets(tried)
    if not found:
        raise _unknown(workbook, grids, profils, every)
    best = max(found, key=lambda c: c.score)
    return _recognised(workbook, best, [c for c in found if c is not best], reglages)


def _sheets(workbook: Workbook, feuille: str | None) -> list[Grid]:
    filled = [g for g in workbook.grids if g.rows and not g.name.startswith(MARKS_SHEET)]
    if not filled:
        raise Refus(f"« {workbook.name} » ne contient aucune ligne : vérifier que l'export n'est pas vide.")
    if feuille is None:
        return filled
    chosen = [g for g in filled if g.name == feuille]
    if not chosen:
        names_ = ", ".join(f"« {g.name} »" for g in filled)
        raise Refus(f"« {workbook.name} » n'a pas de feuille « {feuille} » : choisir parmi {names_}.")
    return chosen


def _recognised(workbook: Workbook, best: Candidat, others: list[Candidat], reglages: Reglages) -> Reconnu:
    profil, grid = best.profil, best.grid
    if profil is None:  # only tables of a profile are candidates
        raise TypeError("a table without profile")
    chosen = choisir(best, profil, reglages)
    colonnes, notes = decrire(best, profil, chosen.positions)
    ligne = grid.first_row + best.entete.ligne
    after = max([best.apres, *(i + 1 for i in chosen.positions.values())])
    beside = any(c.grid is grid and not c.meets(best) for c in others) or after <= max(best.entete.indices)
    return Reconnu(
        profil,
        grid,
        ligne,
        chosen.positions,
        colonnes,
        (*_autres_tables(best, others), *chosen.notes, *notes),
        constantes=chosen.constantes,
        premiere_entete=grid.first_row + best.entete.premiere,
        etendue=(best.debut, after) if beside or best.debut > min(best.entete.indices) else None,
        fin=grid.first_row + best.fin if best.fin < best.sondage.nombre else None,
        autres=tuple(grid.first_row + i for i in best.autres),
        questions=tuple(chosen.questions),
    )


def achever(workbook: Workbook, table: Reconnu, reglages: Reglages) -> Reconnu:
    """The table with the rows that must be read otherwise than the sheet gives them, and what is asked of them."""
    if table.premiere_entete is None and table.positions:
        table = _borner(table)
    where = (table.grid, table.ligne_entete, table.fin, table.positions, table.profil, reglages.decisions)
    found = [fusions_de_corps(*where)]
    if workbook.kind == "csv" and workbook.delimiter == ",":
        found.append(decalages(*where))
    if not any(x.rows or x.litiges for x in found):
        return table
    return replace(
        table,
        notes=(*table.notes, *(note for x in found for note in x.notes)),
        corrigees={n: row for x in found for n, row in x.rows.items()},
        litiges={n: litige for x in found for n, litige in x.litiges.items()},
        questions=(*table.questions, *(q for x in found for q in x.questions)),
    )


def _borner(table: Reconnu) -> Reconnu:
    """The table of columns chosen by hand, without what stands beside and below it."""
    grid = table.grid
    found = autour(grid, table.ligne_entete, table.positions.values())
    indices = found.entete.indices or [found.debut]
    whole = found.debut <= min(indices) and max(indices) < found.apres
    return replace(
        table,
        premiere_entete=grid.first_row + found.entete.premiere,
        etendue=None if whole else (found.debut, found.apres),
        autres=tuple(grid.first_row + i for i in found.autres),
    )


def _autres_tables(best: Candidat, others: list[Candidat]) -> list[str]:
    """What else looks like an export in the workbook, and is not imported this time."""
    if not others:
        return []
    every = listees([best, *others])
    named = [t.designation(every) for t in every[1 : 1 + _NOMMES]]
    more = len(others) - len(named)
    text = " ; ".join([*named, f"{more} de plus"] if more else named)
    return [f"Autres tableaux du même genre, non importés : {text}. Les choisir pour les importer."]


def _unknown(workbook: Workbook, grids: list[Grid], profils: list[Profil], found: list[Candidat]) -> Refus:
    """The refusal that lists sheets, headers found and what the nearest profile lacks."""
    lines = [f"« {workbook.name} » ne ressemble à aucun export connu ({', '.join(p.nom for p in profils)})."]
    if found:
        near = max(found, key=lambda c: (len(c.signature.positions), c.signature.exact))
        lines.append(
            f"Le plus proche est {near.profil.nom if near.profil else ''} (feuille « {near.grid.name} », "
            f"ligne {near.grid.first_row + near.entete.ligne + 1}) ; "
            f"il manque : {', '.join(near.manquants)}. Rétablir ces en-têtes, puis recommencer."
        )
    else:
        expected: list[Champ] = [c for c in profils[0].champs if c.requis]
        lines.append(
            f"Attendu, par exemple pour {profils[0].nom}, une ligne d'en-têtes avec : "
            f"{', '.join(c.entete for c in expected)}."
        )
    lines += [f"Feuille « {g.name} », lu : {_headers(g, 12)}." for g in grids[:5]]
    detail = "\n".join(f"Feuille « {g.name} » : {_headers(g, 60)}" for g in grids[:20])
    return Refus(" ".join(lines), detail=detail + f"\n{_expected(profils)}")


def _headers(grid: Grid, most: int) -> str:
    """The texts of the widest row among the first ones, which is the likeliest header."""

    def texts(row: list[Value]) -> list[str]:
        return [" ".join(v.split()) for v in row if isinstance(v, str) and v.strip()]

    widest = max((texts(row) for row in islice(grid.rows, TITRES)), key=len, default=[])
    cut = ", …" if len(widest) > most else ""
    return ", ".join(t[:40] for t in widest[:most]) + cut if widest else "aucun texte"


def _expected(profils: list[Profil]) -> str:
    return "\n".join(f"{p.nom} attend : {', '.join(c.entete for c in p.champs)}" for p in profils)
