"""A version of the budget out of a file: a plain table of destinations, enveloppes, AE and CP, all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.problem import Invalide, Problem, Refus, require
from firdesk.services import budgets
from firdesk.services.budget_collage import Case, lire
from firdesk.services.importing.datation import lire_date
from firdesk.services.session import Session
from firdesk.sheets import process
from firdesk.sheets.cell import Grid, Workbook, address

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Demande:
    """What the user asks: the version to type in, made where it is not there; ``date`` as written."""

    exercice: int
    version: str
    feuille: str | None = None
    date: str = ""
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class Saisie:
    """What was written: the lines of the file, how many changed the version, what deserves a look."""

    version: VersionBudget
    lignes: tuple[LigneBudget, ...]
    ecrites: int
    totaux: int
    alertes: tuple[str, ...]

    @property
    def ae(self) -> int:
        return sum(x.ae for x in self.lignes)

    @property
    def cp(self) -> int:
        return sum(x.cp for x in self.lignes)

    def as_json(self) -> dict[str, object]:
        return {
            "exercice": self.version.exercice,
            "version": self.version.code,
            "lues": len(self.lignes),
            "ecrites": self.ecrites,
            "totaux_ignores": self.totaux,
            "ae_centimes": self.ae,
            "cp_centimes": self.cp,
            "alertes": list(self.alertes),
        }


def saisir(session: Session, fichier: Path, demande: Demande, *, simuler: bool = False) -> Saisie:
    """Write a version in one operation; every bad cell is said and then nothing is written (``Invalide``)."""
    rows = list(_rows(_grid(process.read(fichier), demande.feuille)))
    known = next((v for v in session.budgets.versions(demande.exercice) if _same(v.code, demande.version)), None)
    before = session.budgets.lignes(known.id or 0) if known is not None and known.id else []
    read = lire(session, demande.exercice, rows, before)
    if not read.lignes and not read.refus:
        raise Refus(f"« {fichier.name} » : aucune ligne de budget sous les titres destination, enveloppe, AE, CP.")
    if read.refus:
        more = len(read.refus) - _SHOWN
        told = [*read.refus[:_SHOWN], *([f"Et {more} autre(s)."] if more > 0 else []), "Rien n'a été écrit."]
        raise Invalide(tuple(Problem("fichier", t if i == len(told) - 1 else t + "\n") for i, t in enumerate(told)))
    wanted = _version(session, known, demande)
    written = sum(x not in before for x in read.lignes)
    if not simuler:
        _write(session, wanted, known, read.lignes, fichier)
    return Saisie(wanted, tuple(read.lignes), written, read.totaux, tuple(read.alertes))


def _write(
    session: Session, wanted: VersionBudget, known: VersionBudget | None, lines: Sequence[LigneBudget], fichier: Path
) -> None:
    require(budgets.problems(session, wanted))
    with session.operation(f"Saisir le {wanted.nom} depuis {fichier.name}"):
        if known is None:
            session.nomenclatures.open_exercice(wanted.exercice)
            session.budgets.add_version(wanted, lines)
        else:
            if wanted != known:
                session.budgets.update_version(wanted)
            before = {x.cle: x for x in session.budgets.lignes(known.id or 0)}
            session.budgets.put_lignes(known.id or 0, [x for x in lines if before.get(x.cle) != x])


def _version(session: Session, known: VersionBudget | None, demande: Demande) -> VersionBudget:
    day = lire_date(demande.date) if demande.date else ""
    if known is None:
        rank = budgets.rang_suivant(session, demande.exercice)
        return VersionBudget(demande.exercice, demande.version.strip(), rank, demande.libelle, day)
    return replace(known, date=day or known.date, libelle=demande.libelle or known.libelle)


def _same(a: str, b: str) -> bool:
    return a.casefold() == b.strip().casefold()


def _grid(workbook: Workbook, feuille: str | None) -> Grid:
    names = [g.name for g in workbook.grids]
    for grid in workbook.grids:
        if (feuille is None and grid.rows) or (feuille is not None and _same(grid.name, feuille)):
            return grid
    told = f"pas de feuille « {feuille} » (il y a {', '.join(names)})" if feuille else "aucune feuille remplie"
    raise Refus(f"« {workbook.name} » : {told}.")


def _rows(grid: Grid) -> list[list[Case]]:
    return [
        [
            Case(
                address(grid.first_row + i, grid.first_column + j),
                _value(grid, grid.first_row + i, grid.first_column + j, v),
            )
            for j, v in enumerate(row)
        ]
        for i, row in enumerate(grid.rows)
    ]


def _value(grid: Grid, row: int, column: int, value: object) -> object:
    """A formula whose result the file does not hold is no empty cell."""
    return "(formule non calculée)" if (row, column) in grid.uncached else value
