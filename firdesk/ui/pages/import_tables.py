"""The tables of an import: rows made from its lines when they are looked at, sorted here, whatever their number."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar, overload

from PySide6.QtCore import QObject

from firdesk.domain.lot import Constat
from firdesk.domain.synthese import LIBELLES_AXES
from firdesk.services.importing.ecarts import Ecarts
from firdesk.services.importing.plan import NOTIFIE, PAYE, ChangedField, Conflit, Disparue, Plan, PlannedLine
from firdesk.services.importing.profiles import Famille
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.pages.import_choix import etat
from firdesk.ui.pages.import_lines import Lines, LinesModel, Row

T = TypeVar("T")

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
AXE = ColumnSpec("axe", "", width=240, stretch=True)
AVANT_APRES = (
    ColumnSpec("avant", "Notifié avant", "montant", 148, decimals=True),
    ColumnSpec("apres", "Notifié après", "montant", 148, decimals=True),
    ColumnSpec("ecart", "Écart", "montant", 140, decimals=True),
)
DISPARUES = (
    OPERATEUR,
    REFERENCE,
    ColumnSpec("montant", "Montant dans la base", "montant", 172, decimals=True),
)
SORT = (
    ColumnSpec("choix", "Décision", "etat", 112),
    ColumnSpec("remarque", "Remarque", width=160, stretch=True),
)
CONFLITS = (
    LIGNE,
    OPERATEUR,
    REFERENCE,
    ColumnSpec("champ", "Champ", width=92),
    ColumnSpec("importe", "Dernier import", width=116),
    ColumnSpec("base", "Corrigé à la main", width=136),
    ColumnSpec("fichier", "Dans le fichier", width=116),
    ColumnSpec("choix", "Décision", "etat", 108),
)
CONSTATS = (
    ColumnSpec("cellule", "Cellule", width=84),
    ColumnSpec("lu", "Lu", width=112),
    ColumnSpec("attendu", "Attendu", width=168),
    ColumnSpec("remede", "Que faire", width=320, stretch=True),
)

ORPHELINES = (
    ColumnSpec("cellule", "Cellule", width=84),
    ColumnSpec("lu", "EJ lu", width=148),
    ColumnSpec("remede", "Paiement", width=260, stretch=True),
)

#: The changed fields that the sums count.
_COUNTED = {NOTIFIE, PAYE, "ej_valides"}
#: Titles of the same columns for payments, and for the budget's execution.
_PAIEMENTS = {"objet": "Paiement"}
_EXECUTION = {"operateur": "Libellé", "objet": "Libellé", "reference": "Destination", "montant": "EJ validés"}


class Champs(Sequence[tuple[PlannedLine, ChangedField]]):
    """Each changed field beside its line, without keeping the lines themselves."""

    def __init__(self, lines: Sequence[PlannedLine]) -> None:
        self._lines = lines
        counts = [len(line.champs) for line in lines]
        self._line = array("q", (i for i, n in enumerate(counts) for _ in range(n)))
        self._field = array("q", (j for n in counts for j in range(n)))

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[tuple[PlannedLine, ChangedField]]:
        return ((line, champ) for line in self._lines for champ in line.champs)

    @overload
    def __getitem__(self, index: int) -> tuple[PlannedLine, ChangedField]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[PlannedLine, ChangedField]]: ...
    def __getitem__(
        self, index: int | slice
    ) -> tuple[PlannedLine, ChangedField] | Sequence[tuple[PlannedLine, ChangedField]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        line = self._lines[self._line[index]]
        return line, line.champs[self._field[index]]


def model(
    columns: Sequence[ColumnSpec],
    items: Sequence[T],
    row: Callable[[T], Row],
    parent: QObject,
    *,
    counted: Callable[[T], bool] | None = None,
) -> LinesModel:
    """A table of ``items`` that sorts, searches and adds itself up, amount by amount."""
    summed = [c.key for c in columns if c.kind == "montant"]
    return LinesModel(Lines(items, row, columns, counted), columns, parent, summed)


def nouvelles(plan: Plan, parent: QObject) -> LinesModel:
    """Lines that the base does not hold yet."""

    def row(line: PlannedLine) -> Row:
        return line.ligne, line.operateur, line.libelle, line.destination, line.montant

    return _of(plan, NOUVELLES, plan.nouvelles, row, parent)


def modifiees(plan: Plan, parent: QObject) -> LinesModel:
    """One row for each field that changes, amounts as amounts."""
    pairs = Champs(plan.modifiees)
    execution = plan.famille is Famille.EXECUTION

    def row(pair: tuple[PlannedLine, ChangedField]) -> Row:
        line, champ = pair
        who = line.libelle if execution else line.operateur
        avant, apres = champ.avant_cents, champ.apres_cents
        if avant is None and apres is None:
            return line.ligne, who, line.reference, champ.libelle, champ.avant, champ.apres, None
        return line.ligne, who, line.reference, champ.libelle, avant, apres, (apres or 0) - (avant or 0)

    return _of(plan, MODIFIEES, pairs, row, parent, counted=lambda pair: pair[1].champ in _COUNTED)


def _of(
    plan: Plan,
    columns: Sequence[ColumnSpec],
    items: Sequence[T],
    row: Callable[[T], Row],
    parent: QObject,
    *,
    counted: Callable[[T], bool] | None = None,
) -> LinesModel:
    """A table of lines; the budget's execution has destinations where allocations have operators."""
    if plan.famille is Famille.EXECUTION:
        drop = {"operateur"} if columns is NOUVELLES else set()
        titles = _EXECUTION
    else:
        # Line and operator say which line it is: the room goes to the values.
        drop = {"reference"} if columns in (MODIFIEES, CONFLITS) else set()
        titles = _PAIEMENTS if plan.famille is Famille.PAIEMENTS else {}
    kept = [i for i, c in enumerate(columns) if c.key not in drop]
    specs = [replace(columns[i], title=titles.get(columns[i].key, columns[i].title)) for i in kept]

    def cut(item: T) -> Row:
        values = row(item)
        return tuple(values[i] for i in kept)

    return model(specs, items, cut, parent, counted=counted)


def ecarts(found: Ecarts, parent: QObject) -> LinesModel:
    """What the import does along one axis, before and after."""
    name = replace(AXE, key=str(found.axe), title=LIBELLES_AXES[found.axe])
    return model((name, *AVANT_APRES), found.lignes, lambda x: (x.libelle, x.avant, x.apres, x.ecart), parent)


def disparues(plan: Plan, parent: QObject) -> LinesModel:
    """Lines of the base that the file does not hold any more."""

    def row(line: Disparue) -> Row:
        return line.operateur, line.reference, line.montant

    def decided(line: Disparue) -> Row:
        return *row(line), etat("disparues", line.choix), line.remarque

    if any(x.choix for x in plan.disparues):
        return model((*DISPARUES, *SORT), plan.disparues, decided, parent)
    return _of(plan, DISPARUES, plan.disparues, row, parent)


def conflits(plan: Plan, parent: QObject) -> LinesModel:
    """Values corrected by hand that the file contradicts."""

    def row(line: Conflit) -> Row:
        said = etat("conflits", line.choix)
        return line.ligne, line.operateur, line.reference, line.libelle, line.importe, line.base, line.fichier, said

    return _of(plan, CONFLITS, plan.conflits, row, parent)


def constats(found: Sequence[Constat], parent: QObject) -> LinesModel:
    """Cells with what was read, what was expected (where anything was) and how to mend."""
    if any(c.attendu for c in found):
        return model(CONSTATS, found, lambda c: (c.cellule, c.lu, c.attendu, c.remede), parent)
    columns = [c for c in CONSTATS if c.key != "attendu"]
    return model(columns, found, lambda c: (c.cellule, c.lu, c.remede), parent)


def orphelines(found: Sequence[Constat], parent: QObject) -> LinesModel:
    """Payments without an allocation: the EJ read, the payment and why it waits."""
    return model(ORPHELINES, found, lambda c: (c.cellule, c.lu, c.remede), parent)


def fit(table: DataTable, rows: int, most: int = 8) -> None:
    """Make a table as high as its rows, up to ``most``, for a page that scrolls."""
    shown = max(1, min(rows, most))
    table.setFixedHeight(style.HEADER + shown * style.ROW + 4)
