"""The tables of an import: rows made from its lines when they are looked at, sorted here, whatever their number."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject

from firdesk.domain import money
from firdesk.domain.lot import Constat
from firdesk.services.importing.plan import ChangedField, Conflit, Disparue, Plan, PlannedLine
from firdesk.services.importing.profiles import Famille
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.table_model import PagedTableModel
from firdesk.ui.kit.table_view import DataTable

T = TypeVar("T")
Row = tuple[Any, ...]

LIGNE = ColumnSpec("ligne", "Ligne", "entier", 68, tooltip="Numéro de ligne dans le fichier")
OPERATEUR = ColumnSpec("operateur", "Opérateur", width=220, stretch=True)
REFERENCE = ColumnSpec("reference", "Référence", "code", 98)

NOUVELLES = (
    LIGNE,
    OPERATEUR,
    ColumnSpec("objet", "Objet", width=180, stretch=True),
    ColumnSpec("destination", "Destination", "code", 104),
    ColumnSpec("montant", "Montant", "montant", 132, decimals=True),
)
MODIFIEES = (
    LIGNE,
    OPERATEUR,
    REFERENCE,
    ColumnSpec("champ", "Champ", width=104),
    ColumnSpec("avant", "Avant", "montant", 120, decimals=True),
    ColumnSpec("apres", "Après", "montant", 120, decimals=True),
    ColumnSpec("ecart", "Écart", "montant", 112, decimals=True),
)
DISPARUES = (
    OPERATEUR,
    REFERENCE,
    ColumnSpec("montant", "Montant dans la base", "montant", 172, decimals=True),
)
CONFLITS = (
    LIGNE,
    OPERATEUR,
    REFERENCE,
    ColumnSpec("champ", "Champ", width=104),
    ColumnSpec("base", "Corrigé à la main", width=132),
    ColumnSpec("fichier", "Dans le fichier", width=132),
)
CONSTATS = (
    ColumnSpec("cellule", "Cellule", width=84),
    ColumnSpec("lu", "Lu", width=112),
    ColumnSpec("attendu", "Attendu", width=240, stretch=True),
    ColumnSpec("remede", "Que faire", width=260, stretch=True),
)

#: Titles of the same columns for the budget's execution.
_EXECUTION = {"operateur": "Libellé", "objet": "Libellé", "reference": "Destination", "montant": "EJ validés"}


class Lines(Generic[T]):
    """A source of rows for the kit's paged table."""

    def __init__(self, items: Sequence[T], row: Callable[[T], Row], columns: Sequence[ColumnSpec]) -> None:
        self._items, self._row, self._columns = items, row, columns
        self._order = array("q", range(len(items)))

    def ids(self) -> array[int]:
        return self._order

    def rows(self, ids: Sequence[int]) -> list[Row]:
        return [self._row(self._items[i]) for i in ids]

    def sort(self, key: str, descending: bool) -> None:
        column = next((i for i, c in enumerate(self._columns) if c.key == key), -1)
        if column >= 0:
            folded = cache(fold)
            values = [_sortable(self._row(item)[column], folded) for item in self._items]
            self._order = array("q", sorted(range(len(values)), key=values.__getitem__, reverse=descending))


def _sortable(raw: object, folded: Callable[[str], str]) -> tuple[int, int | float, str]:
    """Nothing first, then numbers, then texts whatever their accents."""
    if raw is None or raw == "":
        return 0, 0, ""
    if isinstance(raw, int | float):
        return 1, raw, ""
    return 2, 0, folded(str(raw))


def model(
    columns: Sequence[ColumnSpec], items: Sequence[T], row: Callable[[T], Row], parent: QObject
) -> PagedTableModel:
    """A table of ``items`` that sorts itself."""
    source = Lines(items, row, columns)
    made = PagedTableModel(source, columns, parent)

    def sort(key: str, descending: bool) -> None:
        source.sort(key, descending)
        made.reload()

    made.sort_requested.connect(sort)
    return made


def nouvelles(plan: Plan, parent: QObject) -> PagedTableModel:
    """Lines that the base does not hold yet."""

    def row(line: PlannedLine) -> Row:
        return line.ligne, line.operateur, line.libelle, line.destination, line.montant

    return _of(plan, NOUVELLES, plan.nouvelles, row, parent)


def modifiees(plan: Plan, parent: QObject) -> PagedTableModel:
    """One row for each field that changes, amounts as amounts."""
    pairs = [(line, champ) for line in plan.modifiees for champ in line.champs]
    execution = plan.famille is Famille.EXECUTION

    def row(pair: tuple[PlannedLine, ChangedField]) -> Row:
        line, champ = pair
        who = line.libelle if execution else line.operateur
        if not execution and not champ.champ.startswith("mouvement:"):
            return line.ligne, who, line.reference, champ.libelle, champ.avant, champ.apres, None
        avant, apres = cents(champ.avant), cents(champ.apres)
        return line.ligne, who, line.reference, champ.libelle, avant, apres, (apres or 0) - (avant or 0)

    return _of(plan, MODIFIEES, pairs, row, parent)


def cents(text: str) -> int | None:
    """The amount written in a changed field, ``None`` where there was none."""
    read = money.parse(text)
    return read if isinstance(read, int) else None


def _of(
    plan: Plan, columns: Sequence[ColumnSpec], items: Sequence[T], row: Callable[[T], Row], parent: QObject
) -> PagedTableModel:
    """A table of lines; the budget's execution has destinations where allocations have operators."""
    if plan.famille is Famille.EXECUTION:
        drop = {"operateur"} if columns is NOUVELLES else set()
        titles = _EXECUTION
    else:
        # Line and operator say which line it is: the room goes to the values.
        drop, titles = ({"reference"} if columns in (MODIFIEES, CONFLITS) else set()), {}
    kept = [i for i, c in enumerate(columns) if c.key not in drop]
    specs = [replace(columns[i], title=titles.get(columns[i].key, columns[i].title)) for i in kept]

    def cut(item: T) -> Row:
        values = row(item)
        return tuple(values[i] for i in kept)

    return model(specs, items, cut, parent)


def disparues(plan: Plan, parent: QObject) -> PagedTableModel:
    """Lines of the base that the file does not hold any more."""

    def row(line: Disparue) -> Row:
        return line.operateur, line.reference, line.montant

    return _of(plan, DISPARUES, plan.disparues, row, parent)


def conflits(plan: Plan, parent: QObject) -> PagedTableModel:
    """Values corrected by hand that the file contradicts."""

    def row(line: Conflit) -> Row:
        return line.ligne, line.operateur, line.reference, line.libelle, line.base, line.fichier

    return _of(plan, CONFLITS, plan.conflits, row, parent)


def constats(found: Sequence[Constat], parent: QObject) -> PagedTableModel:
    """Cells with what was read, what was expected (where anything was) and how to mend."""
    if any(c.attendu for c in found):
        return model(CONSTATS, found, lambda c: (c.cellule, c.lu, c.attendu, c.remede), parent)
    columns = [c for c in CONSTATS if c.key != "attendu"]
    return model(columns, found, lambda c: (c.cellule, c.lu, c.remede), parent)


def fit(table: DataTable, rows: int, most: int = 8) -> None:
    """Make a table as high as its rows, up to ``most``, for a page that scrolls."""
    shown = max(1, min(rows, most))
    table.setFixedHeight(style.HEADER + shown * style.ROW + 4)
