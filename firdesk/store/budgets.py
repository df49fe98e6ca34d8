"""Budget versions and dated execution snapshots."""

from collections.abc import Iterable

from firdesk.domain.budget import Instantane, LigneBudget, Situation, VersionBudget, Virement
from firdesk.domain.budget_versions import Cle, appliquer
from firdesk.domain.execution import LigneExecution
from firdesk.domain.nomenclature import mission_de
from firdesk.store import cumul_axes
from firdesk.store.database import Base

_VIREMENT = "version_id, de_destination, de_enveloppe, vers_destination, vers_enveloppe, ae, cp, motif, date"
_LIGNE = "destination, libelle, enveloppe, ae_ouvertes, cp_ouverts, ej_valides, decaissements, cellule, lot_id"


class Budgets:
    """Reads and writes of what was opened and consumed; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def versions(self, exercice: int) -> list[VersionBudget]:
        """The versions of an exercice in order, with their totals."""
        rows = self._base.conn.execute(
            "SELECT v.exercice, v.code, v.ordre, v.libelle, v.date, v.id, IFNULL(SUM(l.ae), 0), IFNULL(SUM(l.cp), 0) "
            "FROM budget_version v LEFT JOIN budget_ligne l ON l.version_id = v.id WHERE v.exercice = ? "
            "GROUP BY v.id ORDER BY v.ordre",
            (exercice,),
        )
        return [VersionBudget(*row) for row in rows]

    def lignes(self, version: int) -> list[LigneBudget]:
        rows = self._base.conn.execute(
            "SELECT destination, enveloppe, ae, cp FROM budget_ligne WHERE version_id = ?", (version,)
        )
        return [LigneBudget(*row) for row in rows]

    def add_version(self, version: VersionBudget, lignes: Iterable[LigneBudget]) -> int:
        conn = self._base.conn
        cursor = conn.execute(
            "INSERT INTO budget_version (exercice, code, ordre, libelle, date) VALUES (?, ?, ?, ?, ?)",
            (version.exercice, version.code, version.ordre, version.libelle, version.date),
        )
        number = int(cursor.lastrowid or 0)
        conn.executemany(
            "INSERT INTO budget_ligne (version_id, destination, enveloppe, ae, cp) VALUES (?, ?, ?, ?, ?)",
            [(number, x.destination, x.enveloppe, x.ae, x.cp) for x in lignes],
        )
        return number

    def update_version(self, version: VersionBudget) -> None:
        """Write the code, order, label and date of a version (not its lines)."""
        self._base.conn.execute(
            "UPDATE budget_version SET code = ?, ordre = ?, libelle = ?, date = ? WHERE id = ?",
            (version.code, version.ordre, version.libelle, version.date, version.id),
        )

    def delete_version(self, number: int) -> None:
        """Remove a version, its virements and its lines (the journal keeps them)."""
        for sql in (
            "DELETE FROM virement WHERE version_id = ?",
            "DELETE FROM budget_ligne WHERE version_id = ?",
            "DELETE FROM budget_version WHERE id = ?",
        ):
            self._base.conn.execute(sql, (number,))

    def put_lignes(self, version: int, lignes: Iterable[LigneBudget]) -> None:
        """Write the amounts of lines, new or known; the other lines of the version are left alone."""
        self._base.conn.executemany(
            "INSERT INTO budget_ligne (version_id, destination, enveloppe, ae, cp) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (version_id, destination, enveloppe) DO UPDATE SET ae = excluded.ae, cp = excluded.cp",
            [(version, x.destination, x.enveloppe, x.ae, x.cp) for x in lignes],
        )

    def delete_lignes(self, version: int, cles: Iterable[Cle]) -> None:
        self._base.conn.executemany(
            "DELETE FROM budget_ligne WHERE version_id = ? AND destination = ? AND enveloppe = ?",
            [(version, *cle) for cle in cles],
        )

    def virements(self, version: int) -> list[Virement]:
        """The virements of a version, in the order they were made."""
        rows = self._base.conn.execute(
            f"SELECT {_VIREMENT}, id FROM virement WHERE version_id = ? ORDER BY id", (version,)
        )
        return [Virement(*row) for row in rows]

    def add_virement(self, v: Virement) -> int:
        cursor = self._base.conn.execute(
            f"INSERT INTO virement ({_VIREMENT}) VALUES ({', '.join('?' * 9)})",
            (v.version_id, *v.de, *v.vers, v.ae, v.cp, v.motif, v.date),
        )
        return int(cursor.lastrowid or 0)

    def delete_virement(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM virement WHERE id = ?", (number,))

    def lignes_virees(self, version: int) -> tuple[LigneBudget, ...]:
        """The lines of a version with its virements, in the order of codes."""
        return appliquer(self.lignes(version), self.virements(version))

    def etalon(self, exercice: int) -> VersionBudget | None:
        """The version that execution is judged against: the last one."""
        versions = self.versions(exercice)
        return versions[-1] if versions else None

    def instantanes(self, exercice: int) -> list[Instantane]:
        """The SIBC snapshots of an exercice, latest first, with their totals."""
        rows = self._base.conn.execute(
            "SELECT e.exercice, e.date, e.id, IFNULL(SUM(ae_ouvertes), 0), IFNULL(SUM(cp_ouverts), 0), "
            "IFNULL(SUM(ej_valides), 0), IFNULL(SUM(decaissements), 0), COUNT(l.id), IFNULL(i.fichier, ''), e.lot_id "
            "FROM execution e LEFT JOIN execution_ligne l ON l.execution_id = e.id "
            "LEFT JOIN import_lot i ON i.id = e.lot_id WHERE e.exercice = ? "
            "GROUP BY e.id ORDER BY e.date DESC",
            (exercice,),
        )
        return [Instantane(*row) for row in rows]

    def lignes_execution(self, instantane: int) -> dict[tuple[str, str], tuple[int, LigneExecution]]:
        """The lines of a snapshot by (destination, enveloppe), each with its number."""
        rows = self._base.conn.execute(
            f"SELECT id, {_LIGNE} FROM execution_ligne WHERE execution_id = ?", (instantane,)
        )
        return {(row[1], row[3]): (row[0], LigneExecution(*row[1:])) for row in rows}

    def add_instantane(self, exercice: int, date: str, lot: int | None) -> int:
        cursor = self._base.conn.execute(
            "INSERT INTO execution (exercice, date, lot_id) VALUES (?, ?, ?)", (exercice, date, lot)
        )
        return int(cursor.lastrowid or 0)

    def exercices_executes(self) -> list[int]:
        """The exercices that have a snapshot, latest first."""
        rows = self._base.conn.execute("SELECT DISTINCT exercice FROM execution ORDER BY exercice DESC")
        return [annee for (annee,) in rows]

    def dates_du_fichier(self, sha256: str) -> dict[int, str]:
        """The dates of the snapshots that an import of these very bytes made, by exercice."""
        return dict(
            self._base.conn.execute(
                "SELECT e.exercice, e.date FROM execution e JOIN import_lot i ON i.id = e.lot_id "
                "WHERE i.sha256 = ? ORDER BY e.id",
                (sha256,),
            )
        )

    def redater(self, instantane: int, date: str) -> None:
        """Write another date on a snapshot."""
        self._base.conn.execute("UPDATE execution SET date = ? WHERE id = ?", (date, instantane))

    def delete_instantane(self, number: int) -> None:
        """Remove a snapshot and its lines (the journal keeps them)."""
        self._base.conn.execute("DELETE FROM execution_ligne WHERE execution_id = ?", (number,))
        self._base.conn.execute("DELETE FROM execution WHERE id = ?", (number,))

    def add_lignes_execution(self, instantane: int, lignes: Iterable[LigneExecution]) -> None:
        marks = ", ".join("?" * 10)
        self._base.conn.executemany(
            f"INSERT INTO execution_ligne (execution_id, {_LIGNE}) VALUES ({marks})",
            [(instantane, *_values(x)) for x in lignes],
        )

    def update_ligne_execution(self, number: int, ligne: LigneExecution) -> None:
        assign = ", ".join(f"{name.strip()} = ?" for name in _LIGNE.split(","))
        self._base.conn.execute(f"UPDATE execution_ligne SET {assign} WHERE id = ?", (*_values(ligne), number))

    def delete_ligne_execution(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM execution_ligne WHERE id = ?", (number,))

    def situations(self, exercice: int) -> list[Situation]:
        """Opened, engaged and paid by mission: the last version with its virements against the last snapshot.

        Without a version the snapshot's own opened credits serve; without a snapshot engaged and paid are those of
        mouvements; empty where nothing is known.
        """
        version, snapshots = self.etalon(exercice), self.instantanes(exercice)
        totals: dict[str, list[int]] = {}

        def add(destination: str, *amounts: int) -> None:
            row = totals.setdefault(mission_de(destination) or "", [0, 0, 0, 0])
            totals[mission_de(destination) or ""] = [a + b for a, b in zip(row, amounts, strict=True)]

        for _, x in (self.lignes_execution(snapshots[0].id) if snapshots else {}).values():
            opened = (0, 0) if version else (x.ae_ouvertes or 0, x.cp_ouverts or 0)
            add(x.destination, *opened, x.ej_valides or 0, x.decaissements or 0)
        if version is not None:
            for y in self.lignes_virees(version.id or 0):
                add(y.destination, y.ae, y.cp, 0, 0)
        for destination, engaged, paid in [] if snapshots else self._mouvements(exercice):
            add(destination, 0, 0, engaged, paid)
        labels = dict(self._base.conn.execute("SELECT code, libelle_court FROM mission"))
        return [Situation(k, labels.get(k, "Sans mission"), *totals[k]) for k in sorted(totals)]

    def _mouvements(self, exercice: int) -> list[tuple[str, int, int]]:
        """(destination, engaged, paid) of mouvements."""
        return self._base.conn.execute(
            f"SELECT destination, SUM(engage), SUM(paye) FROM {cumul_axes.source('destination')} "
            "WHERE exercice = ? GROUP BY 1 HAVING SUM(engage) <> 0 OR SUM(paye) <> 0",
            (exercice,),
        ).fetchall()


def _values(x: LigneExecution) -> tuple[object, ...]:
    return (
        x.destination,
        x.libelle,
        x.enveloppe,
        x.ae_ouvertes,
        x.cp_ouverts,
        x.ej_valides,
        x.decaissements,
        x.cellule,
        x.lot,
    )
