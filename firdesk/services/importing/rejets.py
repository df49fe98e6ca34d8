"""The rejects of an import given back in a copy of the user's own file: coloured, commented, listed first.

The original is only read, and only where its bytes are those that were imported.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from firdesk.domain.jour import french_date
from firdesk.domain.lot import Constat, Lot
from firdesk.domain.problem import Refus
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.reglages import Reglages
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session
from firdesk.sheets import annotate, marked_copy, preflight, writer
from firdesk.sheets.cell import address, column_index

#: What a finding must be to be given back to whoever made the file.
GENRES = ("rejet",)
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ENTETE = ("Feuille", "Cellule", "Lu", "Attendu", "Que faire")


class Deplace(Refus):
    """The file is not where it was: the user knows where."""


class Change(Refus):
    """The file is not the one that was imported: its cells may have moved; only the list can be given."""


@dataclass(frozen=True, slots=True)
class Demande:
    """Which file, and what was said of its cells."""

    fichier: str
    chemin: str
    sha256: str
    feuille: str
    reglages: Reglages
    importe_le: str
    constats: tuple[Constat, ...]


@dataclass(frozen=True, slots=True)
class Copie:
    """What was written; ``notes`` say what of the original is not in it."""

    chemin: Path
    cellules: int
    notes: tuple[str, ...] = ()


def du_plan(plan: Plan) -> Demande:
    """The rejects of an import not written yet."""
    return Demande(plan.fichier, plan.chemin, plan.sha256, plan.feuille, plan.reglages, "", plan.rejets)


def du_lot(lot: Lot, constats: Sequence[Constat]) -> Demande:
    """The rejects of an import that was written."""
    kept = tuple(c for c in constats if c.genre in GENRES)
    reglages = Reglages.from_json(lot.reglages)
    return Demande(lot.fichier, lot.chemin, lot.sha256, lot.feuille, reglages, lot.importe_le, kept)


def de_la_base(session: Session, number: int) -> Demande:
    """The rejects of a lot by its number; ``Refus`` where it is not in force."""
    lot = session.imports.lot(number)
    if lot is None:
        raise Refus(f"Il n'y a pas d'import n° {number} en vigueur : voir la liste des imports.")
    return du_lot(lot, session.imports.constats(number))


def nom_propose(demande: Demande) -> str:
    """``2025_engagements - rejets.xlsx``; a workbook with macros stays one."""
    path = Path(demande.fichier)
    return f"{path.stem} - rejets{suffixe(demande)}"


def suffixe(demande: Demande) -> str:
    """The only extension that the copy may bear."""
    return ".xlsm" if Path(demande.fichier).suffix.lower() == ".xlsm" else ".xlsx"


def exporter(
    demande: Demande,
    sortie: Path,
    *,
    original: Path | None = None,
    liste_seule: bool = False,
    progress: Progress | None = None,
) -> Copie:
    """Write the copy at ``sortie``.

    ``original`` is where the file is now, ``liste_seule`` does without it. :class:`Deplace` or :class:`Change`
    where it cannot be used, ``Refus`` where there is nothing to say or the copy cannot be written.
    """
    told = progress or Silent()
    if not demande.constats:
        raise Refus(f"« {demande.fichier} » : aucune ligne n'a été rejetée, il n'y a rien à exporter.")
    wanted = ".xlsx" if liste_seule else suffixe(demande)
    if sortie.suffix.lower() != wanted:
        raise Refus(f"« {sortie.name} » : la copie de ce fichier s'enregistre en {wanted}.")
    cells = len({(c.feuille, c.cellule) for c in demande.constats})
    if liste_seule:
        _write_list(demande, sortie)
        return Copie(sortie, cells, ("Liste seule : le fichier d'origine n'a pas été repris.",))
    path = original or Path(demande.chemin)
    data = _original(demande, path)
    if sortie.exists() and path.exists() and sortie.samefile(path):
        raise Refus(f"« {sortie.name} » est le fichier d'origine, qui n'est jamais modifié : choisir un autre nom.")
    told.check()
    listing = annotate.Listing(_heading(demande), _ENTETE, _rows(demande))
    kind = preflight.inspect(data, path.name)
    if kind in ("xlsx", "xlsm"):
        notes = annotate.annotate(data, path.name, sortie, _marks(demande, 0), listing, _Counter(told, len(data)))
    else:
        notes = _rewrite(demande, path, sortie, listing, told)
    return Copie(sortie, cells, notes)


def _rewrite(demande: Demande, path: Path, sortie: Path, listing: annotate.Listing, told: Progress) -> tuple[str, ...]:
    workbook = run.scan(path, told, demande.reglages)
    if workbook.sha256 != demande.sha256:
        raise _changed(demande, path)
    alone = workbook.kind == "csv"  # its only table bears the name of the file, which may have changed
    grid = next((g for g in workbook.grids if alone or g.name == demande.feuille), None)
    if grid is None:
        raise _changed(demande, path)
    total, grid.name = len(grid.rows), demande.feuille

    def on_row(row: int) -> None:
        told.check()
        told.report(row, total, "Écriture de la copie")

    notes = marked_copy.rewrite(grid, sortie, _marks(demande, grid.first_column), listing, on_row)
    others = [g.name for g in workbook.grids if g.rows and g is not grid]
    if not alone:
        notes = (f"Copie au format .xlsx : les valeurs de la feuille « {grid.name} », sans sa mise en forme.", *notes)
    if others:
        notes = (*notes, "Feuilles non reprises : " + ", ".join(f"« {n} »" for n in others) + ".")
    return notes


def _original(demande: Demande, path: Path) -> bytes:
    if not demande.chemin and not path.name:
        raise Deplace(f"L'endroit d'où « {demande.fichier} » a été importé n'est pas connu : indiquer où il est.")
    if not path.is_file():
        raise Deplace(f"« {demande.fichier} » n'est plus dans « {path.parent} » : indiquer où il est maintenant.")
    data = preflight.load(path)
    if hashlib.sha256(data).hexdigest() != demande.sha256:
        raise _changed(demande, path)
    return data


def _changed(demande: Demande, path: Path) -> Change:
    since = f" le {french_date(demande.importe_le)}" if demande.importe_le else ""
    return Change(
        f"« {path.name} » n'est pas le fichier lu{since} (empreinte {demande.sha256[:12]}…) : il a changé, ses "
        "cellules ont pu bouger. Retrouver l'original, ou exporter la liste seule."
    )


class _Counter:
    """Adds up the bytes of the sheets; their unpacked total is only a guess (ten times the file)."""

    def __init__(self, told: Progress, size: int) -> None:
        self._told, self._total, self._done = told, 10 * size, 0

    def __call__(self, count: int) -> None:
        self._told.check()
        self._done += count
        self._told.report(min(self._done, self._total), self._total, "Écriture de la copie")


def _place(constat: Constat, first_column: int) -> tuple[int, int]:
    """0-based row and column of a finding; a whole row is shown by its first cell."""
    found = _ADDRESS.search(constat.cellule)
    if found:
        return int(found.group(2)) - 1, column_index(found.group(1))
    number = re.search(r"\d+", constat.cellule)
    return (int(number.group()) - 1 if number else 0), first_column


def _marks(demande: Demande, first_column: int) -> list[annotate.Mark]:
    return [annotate.Mark(c.feuille, *_place(c, first_column), commentaire(c)) for c in demande.constats]


def commentaire(constat: Constat) -> str:
    """What a marked cell says."""
    lines = [f"Lu : « {constat.lu} »" if constat.lu else "Lu : (rien)"]
    lines += [f"Attendu : {constat.attendu}"] if constat.attendu else []
    lines += [f"Remède : {constat.remede}"] if constat.remede else []
    return "\n".join(lines)


def _rows(demande: Demande) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for c in demande.constats:
        row, column = _place(c, 0)
        cell = c.cellule if _ADDRESS.fullmatch(c.cellule) else address(row, column)
        rows.append((c.feuille, cell, c.lu, c.attendu, c.remede))
    return rows


def _heading(demande: Demande) -> tuple[str, ...]:
    count = len({(c.feuille, c.cellule) for c in demande.constats})
    since = f" (import du {french_date(demande.importe_le)})" if demande.importe_le else ""
    return (
        f"Rejets de « {demande.fichier} »{since} : {count} cellule{'s' if count > 1 else ''} à corriger",
        "Corriger les cellules colorées, enregistrer, puis importer ce classeur dans FIRDesk : les lignes corrigées y "
        "entrent, les autres restent inchangées. Cette feuille et les commentaires de FIRDesk ne sont pas lus.",
    )


def _write_list(demande: Demande, sortie: Path) -> None:
    columns = [writer.Column(title, "texte") for title in _ENTETE]
    heading = _heading(demande)
    spec = writer.SheetSpec(annotate.SHEET, columns, _rows(demande), title=heading[0])
    writer.write_xlsx(sortie, [spec])
