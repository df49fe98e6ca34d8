"""Where each amount comes from, and what it was before: read from the journal, operation by operation.

Operations that were undone do not count.
"""

from collections.abc import Mapping

from firdesk.domain.execution import Etape, LigneExecution, Nature, Provenance
from firdesk.store import journal, plages
from firdesk.store.database import Base

_LIEU = (
    "SELECT l.fichier, l.sha256, i.feuille, l.importe_le, l.id FROM import_ligne i "
    "JOIN import_lot l ON l.id = i.lot_id WHERE i.id = ?"
)


class Provenances:
    """Reads only."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def du_mouvement(self, number: int) -> list[Etape]:
        """What was written of one amount, the latest first; that of an amount deleted since begins with nothing."""
        rows = self._base.conn.execute(
            "SELECT j.id, j.jusqu_a, o.id, o.libelle, o.faite_le, o.nature, f.colonnes, j.avant, j.apres "
            "FROM journal j JOIN journal_format f ON f.id = j.format_id JOIN operation o ON o.id = j.operation_id "
            f"WHERE j.id IN ({plages.entries_of('mouvement', '?1')}) "
            "AND o.annulee_par IS NULL AND o.nature IN ('saisie', 'import', 'systeme') ORDER BY j.id DESC",
            (number,),
        )
        found: list[Etape] = []
        for entry, plage, operation, label, day, nature, names, before, after in rows.fetchall():
            if plage is not None:
                names, after = plages.held(self._base.conn, "mouvement", entry, number)  # noqa: PLW2901
            if after is None and found:
                break  # another amount had this number before
            values = dict(zip(names.split(","), journal.parse_image(after or before), strict=True))
            old = dict(zip(names.split(","), journal.parse_image(before), strict=True)) if before and after else None
            if old is not None and not _told(old, values):
                continue
            lieu = self._lieu(values) if after is not None and nature != "saisie" else None
            cents = _int(values["montant"]) if after is not None else None
            kind, year = Nature(str(values["nature"])), _int(values["exercice"])
            found.append(Etape(kind, year, cents, operation, label, day, lieu))
            if before is None:
                break
        return found

    def allocation(self, exercice: int, numero: int) -> int | None:
        """The number of an allocation in the base by its reference."""
        row = self._base.conn.execute(
            "SELECT id FROM allocation WHERE exercice = ? AND numero = ?", (exercice, numero)
        ).fetchone()
        return int(row[0]) if row else None

    def des_mouvements(self, allocation: int) -> list[int]:
        """The amounts of an allocation, by exercice then in the order they were written."""
        rows = self._base.conn.execute(
            "SELECT id FROM mouvement WHERE allocation_id = ? ORDER BY exercice, id", (allocation,)
        )
        return [number for (number,) in rows]

    def de_l_execution(self, exercice: int) -> list[tuple[LigneExecution, Provenance | None]]:
        """The lines of the latest SIBC snapshot of an exercice, each with the file and cell of its EJ validés."""
        rows = self._base.conn.execute(
            "SELECT x.destination, x.libelle, x.enveloppe, x.ae_ouvertes, x.cp_ouverts, x.ej_valides, "
            "x.decaissements, x.cellule, x.lot_id, l.fichier, l.sha256, l.feuille, l.importe_le "
            "FROM execution_ligne x JOIN execution e ON e.id = x.execution_id "
            "LEFT JOIN import_lot l ON l.id = x.lot_id WHERE e.id = "
            "(SELECT id FROM execution WHERE exercice = ? ORDER BY date DESC LIMIT 1) ORDER BY x.id",
            (exercice,),
        )
        found: list[tuple[LigneExecution, Provenance | None]] = []
        for *line, fichier, sha256, feuille, importe_le in rows:
            x = LigneExecution(*line)
            lieu = Provenance(fichier, sha256, feuille, x.cellule, "", importe_le, x.lot or 0) if fichier else None
            found.append((x, lieu))
        return found

    def _lieu(self, values: Mapping[str, journal.Value]) -> Provenance | None:
        row = self._base.conn.execute(_LIEU, (values.get("ligne_id"),)).fetchone()
        if row is None:
            return None
        fichier, sha256, feuille, importe_le, lot = row
        return Provenance(fichier, sha256, feuille, str(values["cellule"]), str(values["brut"]), importe_le, lot)


def _told(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether a change says anything of the amount or of its cell."""
    return any(old.get(name) != new.get(name) for name in ("montant", "nature", "exercice", "cellule", "ligne_id"))


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
