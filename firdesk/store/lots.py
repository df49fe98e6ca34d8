"""Imports as the history knows them: in force or undone, with who wrote them and when they were taken back.

An undone import is in the journal only; its number may serve again, so that its operation names it.
"""

from dataclasses import fields

from firdesk.domain.execution import LigneExecution
from firdesk.domain.lot import Constat, Lot, Suivi
from firdesk.store import journal, plages
from firdesk.store.database import Base

_NAMES = {f.name for f in fields(Lot)}
_CREATED = (
    "FROM journal j JOIN journal_format f ON f.id = j.format_id JOIN operation o ON o.id = j.operation_id "
    "WHERE f.nom_table = 'import_lot' AND j.avant IS NULL AND o.nature = 'import'"
)


class Lots:
    """Reads only: what writes an import is elsewhere."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def tous(self, en_vigueur: list[Lot]) -> list[Suivi]:
        """Every import ever written, latest first; ``en_vigueur`` are those of the base."""
        written = {
            lot: (operation, author)
            for lot, operation, author in self._base.conn.execute(
                f"SELECT j.ligne_id, o.id, o.auteur {_CREATED} AND o.annulee_par IS NULL ORDER BY o.id"
            )
        }
        found = [Suivi(lot, *written.get(lot.id or 0, (None, ""))) for lot in en_vigueur]
        found += self._annules()
        return sorted(found, key=lambda s: (s.lot.importe_le, s.operation or 0), reverse=True)

    def annule(self, operation: int) -> Suivi | None:
        """The import that an operation wrote and that was undone since."""
        return next(iter(self._annules(operation)), None)

    def constats(self, operation: int) -> list[Constat]:
        """What was said of the cells of an undone import, in its order."""
        found: list[tuple[int, list[str], str]] = []
        for number, names in journal.formats(self._base.conn, "import_constat").items():
            rows = self._base.conn.execute(
                "SELECT ligne_id, apres FROM journal "
                "WHERE operation_id = ? AND format_id = ? AND avant IS NULL AND jusqu_a IS NULL",
                (operation, number),
            )
            found += [(key, names, image) for key, image in rows]
        for plage in plages.of_operation(self._base.conn, operation):
            if plage.table == "import_constat":
                found += [
                    (row, names.split(","), image)
                    for row, names, image in plages.opened(self._base.conn, plage, plage.first, plage.last)
                ]
        return [_constat(names, image) for _, names, image in sorted(found)]

    def lignes_execution(self, lot: int) -> list[LigneExecution]:
        """What an import in force wrote of the budget's execution and that no later one has changed."""
        rows = self._base.conn.execute(
            "SELECT destination, libelle, enveloppe, ae_ouvertes, cp_ouverts, ej_valides, decaissements, cellule, "
            "lot_id FROM execution_ligne WHERE lot_id = ? ORDER BY id",
            (lot,),
        )
        return [LigneExecution(*row) for row in rows]

    def _annules(self, operation: int | None = None) -> list[Suivi]:
        rows = self._base.conn.execute(
            "SELECT o.id, o.auteur, f.colonnes, j.apres, u.faite_le, u.id "
            f"{_CREATED.replace('WHERE', 'JOIN operation u ON u.id = o.annulee_par WHERE')} "
            "AND (? IS NULL OR o.id = ?) ORDER BY o.id DESC",
            (operation, operation),
        )
        found = []
        for number, author, names, image, undone, undo in rows:
            values = dict(zip(names.split(","), journal.parse_image(image), strict=True))
            lot = Lot(**{k: v for k, v in values.items() if k in _NAMES})
            found.append(Suivi(lot, number, author, undone, undo))
        return found


def _constat(names: list[str], image: str) -> Constat:
    values = dict(zip(names, journal.parse_image(image), strict=True))
    return Constat(*(str(values.get(f.name) or "") for f in fields(Constat)))
