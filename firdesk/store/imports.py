"""Imports kept for ever: the lot, its lines, what was said of its cells, and the mappings the user chose."""

from collections.abc import Iterable
from dataclasses import astuple, fields

from firdesk.domain.lot import Constat, Lot
from firdesk.store.database import Base

_FIELDS = [f.name for f in fields(Lot) if f.name != "id"]


class Imports:
    """Reads and writes of imports; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def add_lot(self, lot: Lot) -> int:
        marks = ", ".join("?" * len(_FIELDS))
        cursor = self._base.conn.execute(
            f"INSERT INTO import_lot ({', '.join(_FIELDS)}) VALUES ({marks})", astuple(lot)[:-1]
        )
        return int(cursor.lastrowid or 0)

    def lots(self) -> list[Lot]:
        """The imports in force, latest first (an undone import is in the history only)."""
        rows = self._base.conn.execute(f"SELECT {', '.join(_FIELDS)}, id FROM import_lot ORDER BY id DESC")
        return [Lot(*row) for row in rows]

    def lot(self, number: int) -> Lot | None:
        row = self._base.conn.execute(
            f"SELECT {', '.join(_FIELDS)}, id FROM import_lot WHERE id = ?", (number,)
        ).fetchone()
        return Lot(*row) if row else None

    def operation_of(self, lot: int) -> int | None:
        """The operation that wrote a lot, to undo it."""
        row = self._base.conn.execute(
            "SELECT MAX(j.operation_id) FROM journal j JOIN journal_format f ON f.id = j.format_id "
            "JOIN operation o ON o.id = j.operation_id "
            "WHERE f.nom_table = 'import_lot' AND j.ligne_id = ? AND j.avant IS NULL AND o.nature = 'import'",
            (lot,),
        ).fetchone()
        return row[0] if row else None

    def next_ligne(self) -> int:
        return int(self._base.conn.execute("SELECT IFNULL(MAX(id), 0) + 1 FROM import_ligne").fetchone()[0])

    def add_lignes(self, rows: Iterable[tuple[int, int, str, int, str, int | None]]) -> None:
        """Rows (id, lot, sheet, row number of the sheet, status, allocation)."""
        self._base.conn.executemany(
            "INSERT INTO import_ligne (id, lot_id, feuille, ligne, statut, allocation_id) VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )

    def add_constats(self, lot: int, constats: Iterable[Constat]) -> None:
        self._base.conn.executemany(
            "INSERT INTO import_constat (lot_id, genre, feuille, cellule, lu, attendu, remede) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(lot, *astuple(c)) for c in constats],
        )

    def constats(self, lot: int) -> list[Constat]:
        rows = self._base.conn.execute(
            "SELECT genre, feuille, cellule, lu, attendu, remede FROM import_constat WHERE lot_id = ? ORDER BY id",
            (lot,),
        )
        return [Constat(*row) for row in rows]

    def known(self, sha256: str) -> Lot | None:
        """The latest import of the very same bytes."""
        row = self._base.conn.execute(
            f"SELECT {', '.join(_FIELDS)}, id FROM import_lot WHERE sha256 = ? ORDER BY id DESC LIMIT 1", (sha256,)
        ).fetchone()
        return Lot(*row) if row else None

    def touched_by_hand(self) -> set[int]:
        """Allocations that an operation other than an import changed after their last import."""
        rows = self._base.conn.execute(
            "SELECT DISTINCT j.ligne_id FROM journal j JOIN journal_format f ON f.id = j.format_id "
            "JOIN operation o ON o.id = j.operation_id "
            "WHERE f.nom_table = 'allocation' AND o.nature = 'saisie' AND o.annulee_par IS NULL AND j.avant IS NOT NULL"
        )
        return {row[0] for row in rows}
