"""Finding the table in a workbook: the sheet, the header row under its title lines, the columns wherever they are.

Refuses, saying what was found and what was expected, when nothing looks like a known export.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from firdesk.domain.problem import Refus
from firdesk.services.importing.lecture import Valeur
from firdesk.services.importing.profiles import PROFILS, Champ, Profil, fold, names, signes
from firdesk.services.importing.reglages import Reglages
from firdesk.sheets.cell import MARKS_SHEET, Grid, Value, Workbook, column_name

#: How many rows of a sheet may come before the header.
_TITLES = 60


@dataclass(frozen=True, slots=True)
class Colonne:
    """One header as read: sheet column, text, and the column of the profile it stands for (``""`` if none)."""

    lettre: str
    entete: str
    champ: str
    libelle: str


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

    def adresse(self, ligne: int, champ: str) -> str:
        """The address of a column on a sheet row; the whole row (``L12``) when the column is not there."""
        if champ not in self.positions:
            return f"ligne {ligne + 1}"
        return self.grid.address(ligne, self.grid.first_column + self.positions[champ])

    def brut(self, ligne: int, champ: str) -> str:
        """The text of a cell as a person sees it; a NUL, which a base cannot hold, as its symbol."""
        if champ not in self.positions:
            return ""
        return self.grid.raw(ligne, self.grid.first_column + self.positions[champ]).replace("\0", "␀")


@dataclass(frozen=True, slots=True)
class _Candidat:
    profil: Profil
    grid: Grid
    row: int
    positions: dict[str, int]
    exact: int
    manquants: tuple[str, ...]

    @property
    def score(self) -> tuple[bool, bool, int, int, int]:
        """Complete first, then visible, then the most headers met word for word, then the most rows."""
        return not self.manquants, not self.grid.hidden, self.exact, len(self.positions), len(self.grid.rows)


def recognise(workbook: Workbook, reglages: Reglages) -> Reconnu:
    """The best table of the workbook; ``Refus`` when there is none. An ``exercice`` given replaces its column."""
    profil, exercice = reglages.profil, reglages.exercice
    grids = _sheets(workbook, reglages.feuille)
    if profil is not None and profil not in PROFILS:
        raise Refus(f"Le profil « {profil} » n'existe pas : choisir parmi {', '.join(PROFILS)}.")
    profils = [PROFILS[profil]] if profil else list(PROFILS.values())
    found = [c for grid in grids for c in _candidates(grid, profils, exercice)]
    if not found or max(c.score for c in found)[0] is False:
        raise _unknown(workbook, grids, profils, found)
    best = max(found, key=lambda c: c.score)
    others = {c.grid.name for c in found if not c.manquants and c.grid is not best.grid}
    notes = [f"Autres feuilles du même genre, non importées : {', '.join(sorted(others))}."] if others else []
    return _recognised(best, notes)


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


def _candidates(grid: Grid, profils: list[Profil], exercice: int | None) -> Iterator[_Candidat]:
    for index, row in enumerate(grid.rows[:_TITLES]):
        headers = [(j, fold(v)) for j, v in enumerate(row) if isinstance(v, str) and v.strip()]
        for profil in profils:
            positions, exact = _match(profil, headers)
            if len(positions) < 2:
                continue
            missing = _missing(profil, positions, exercice)
            if len(profils) > 1 and not _signed(profil, headers):
                missing += (" ou ".join(profil.signes[:2]),)
            yield _Candidat(profil, grid, grid.first_row + index, positions, exact, missing)


def _match(profil: Profil, headers: list[tuple[int, str]]) -> tuple[dict[str, int], int]:
    """Column → index in the row; a header met word for word wins over another name, then the leftmost."""
    known = names(profil.nom)
    positions: dict[str, int] = {}
    own: set[str] = set()
    for index, header in headers:
        if header not in known:
            continue
        code, exact = known[header]
        if code not in positions or (exact and code not in own):
            positions[code] = index
        if exact:
            own.add(code)
    return positions, len(own)


def _signed(profil: Profil, headers: list[tuple[int, str]]) -> bool:
    return not profil.signes or any(header in signes(profil.nom) for _, header in headers)


def _missing(profil: Profil, positions: dict[str, int], exercice: int | None) -> tuple[str, ...]:
    absent = [
        c.entete
        for c in profil.champs
        if c.requis and c.code not in positions and not (exercice and c.code == profil.identite[0])
    ]
    for group in profil.un_parmi:
        if not any(code in positions for code in group) and not (exercice and profil.identite[0] in group):
            absent.append(" ou ".join(profil.champ(code).entete for code in group))
    return tuple(absent)


def _recognised(best: _Candidat, notes: list[str]) -> Reconnu:
    by_index = {index: code for code, index in best.positions.items()}
    grid, profil = best.grid, best.profil
    colonnes = []
    for index, value in enumerate(grid.rows[best.row - grid.first_row]):
        text = "" if value is None else str(value).strip()
        champ = by_index.get(index, "")
        if text or champ:
            libelle = profil.champ(champ).entete if champ else ""
            colonnes.append(Colonne(column_name(grid.first_column + index), " ".join(text.split()), champ, libelle))
    unused = [f"« {c.entete} » ({c.lettre})" for c in colonnes if not c.champ]
    if unused:
        notes.append(f"Colonnes inconnues, non reprises : {', '.join(unused)}.")
    absent = [c.entete for c in profil.champs if c.code not in best.positions and c.code != "theme"]
    if absent:
        notes.append(f"Colonnes absentes, laissées telles quelles dans la base : {', '.join(absent)}.")
    return Reconnu(profil, grid, best.row, best.positions, tuple(colonnes), tuple(notes))


def _unknown(workbook: Workbook, grids: list[Grid], profils: list[Profil], found: list[_Candidat]) -> Refus:
    """The refusal that lists sheets, headers found and what the nearest profile lacks."""
    lines = [f"« {workbook.name} » ne ressemble à aucun export connu ({', '.join(p.nom for p in profils)})."]
    if found:
        near = max(found, key=lambda c: (len(c.positions), c.exact))
        lines.append(
            f"Le plus proche est {near.profil.nom} (feuille « {near.grid.name} », ligne {near.row + 1}) ; "
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

    widest = max((texts(row) for row in grid.rows[:_TITLES]), key=len, default=[])
    cut = ", …" if len(widest) > most else ""
    return ", ".join(t[:40] for t in widest[:most]) + cut if widest else "aucun texte"


def _expected(profils: list[Profil]) -> str:
    return "\n".join(f"{p.nom} attend : {', '.join(c.entete for c in p.champs)}" for p in profils)
