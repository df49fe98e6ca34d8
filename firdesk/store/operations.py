"""The history read back: what was done, undoing it by its before images, redoing by undoing the undo."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime

from firdesk.domain.historique import Modification, Operation
from firdesk.domain.problem import Refus
from firdesk.store import journal
from firdesk.store.database import Base, Changes

_CHUNK = 1000
_SELECT = (
    "SELECT o.id, o.libelle, o.nature, o.faite_le, o.auteur, o.cible_id, o.annulee_par IS NOT NULL, "
    "(SELECT COUNT(*) FROM journal j WHERE j.operation_id = o.id) FROM operation o "
)
_Entry = tuple[int, str, str, int, str | None, str | None]


class Operations:
    """The operations of one base."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def recent(self, *, limit: int = 500, texte: str = "") -> list[Operation]:
        """The latest operations first."""
        rows = self._base.conn.execute(
            _SELECT + "WHERE o.libelle LIKE ? ORDER BY o.id DESC LIMIT ?", (f"%{texte}%", limit)
        )
        return [_operation(row) for row in rows]

    def get(self, number: int) -> Operation:
        row = self._base.conn.execute(_SELECT + "WHERE o.id = ?", (number,)).fetchone()
        if row is None:
            raise Refus(f"Il n'y a pas d'opération n° {number} dans l'historique.")
        return _operation(row)

    def modifications(self, number: int, *, limit: int = 200) -> list[Modification]:
        """The rows an operation changed, in the order it changed them."""
        rows = self._base.conn.execute(
            "SELECT f.nom_table, f.colonnes, j.ligne_id, j.avant, j.apres FROM journal j "
            "JOIN journal_format f ON f.id = j.format_id WHERE j.operation_id = ? ORDER BY j.id LIMIT ?",
            (number, limit),
        )
        return [
            Modification(table, row_id, _named(names, before), _named(names, after))
            for table, names, row_id, before, after in rows
        ]

    def next_undo(self) -> Operation | None:
        """What Ctrl+Z undoes: the latest operation of the user that is still in force."""
        row = self._base.conn.execute(
            _SELECT + "WHERE o.nature IN ('saisie', 'import') AND o.annulee_par IS NULL ORDER BY o.id DESC LIMIT 1"
        ).fetchone()
        return _operation(row) if row else None

    def next_redo(self) -> Operation | None:
        """The undo that Ctrl+Y reverts: the latest one still in force, unless something new was done since."""
        row = self._base.conn.execute(
            _SELECT + "WHERE o.nature = 'annulation' AND o.annulee_par IS NULL AND o.id > "
            "(SELECT IFNULL(MAX(id), 0) FROM operation WHERE nature IN ('saisie', 'import', 'systeme')) "
            "ORDER BY o.id DESC LIMIT 1"
        ).fetchone()
        return _operation(row) if row else None

    def undo(self, number: int, check: Callable[[int, int], None] = lambda done, total: None) -> Changes:
        """Undo (or redo, when ``number`` is an undo) one operation; refused when a later change stands in the way.

        ``check(done, total)`` is called now and then; raising from it cancels, the file stays as it was.
        """
        target = self.get(number)
        if target.nature == "systeme":
            raise Refus(f"« {target.libelle} » fait partie de la création de la base : elle ne s'annule pas.")
        if target.nature == "retablissement" and target.cible is not None:
            return self.undo(self.get(target.cible).cible or 0, check)
        if target.annulee:
            raise Refus(f"« {target.libelle} » est déjà annulée.")
        redo = target.nature == "annulation"
        original = self.get(target.cible) if redo and target.cible else target
        label = f"{'Rétablir' if redo else 'Annuler'} : {original.libelle}"
        nature = "retablissement" if redo else "annulation"
        conn = self._base.conn
        with self._base.operation(label, nature=nature, cible=number) as done:
            current = int(conn.execute("SELECT operation_id FROM operation_courante").fetchone()[0])
            for position, entry in enumerate(self._entries(number)):
                if position % _CHUNK == 0:
                    check(position, target.lignes)
                self._revert(entry, target)
            conn.execute("UPDATE operation SET annulee_par = ? WHERE id = ?", (current, number))
            if redo:
                conn.execute("UPDATE operation SET annulee_par = NULL WHERE id = ?", (target.cible,))
        return done[0]

    def _entries(self, number: int) -> Iterator[_Entry]:
        """The journal of an operation, latest entry first, read by chunks while the tables change."""
        last = 1 << 62
        while True:
            rows: list[_Entry] = self._base.conn.execute(
                "SELECT j.id, f.nom_table, f.colonnes, j.ligne_id, j.avant, j.apres FROM journal j "
                "JOIN journal_format f ON f.id = j.format_id WHERE j.operation_id = ? AND j.id < ? "
                "ORDER BY j.id DESC LIMIT ?",
                (number, last, _CHUNK),
            ).fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][0]

    def _revert(self, entry: _Entry, target: Operation) -> None:
        entry_id, table, names, row_id, before, after = entry
        conn = self._base.conn
        columns = names.split(",")
        found = conn.execute(f"SELECT {journal.image(columns)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
        if (found[0] if found else None) != after:
            raise self._obstacle(table, row_id, entry_id, target)
        try:
            if before is None:
                conn.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
                return
            values = journal.parse_image(before)
            if after is None:
                marks = ",".join("?" * len(columns))
                conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
            else:
                assign = ", ".join(f"{c} = ?" for c in columns)
                conn.execute(f"UPDATE {table} SET {assign} WHERE id = ?", (*values, row_id))
        except sqlite3.IntegrityError as error:
            raise self._obstacle(table, row_id, entry_id, target) from error

    def _obstacle(self, table: str, row_id: int, entry_id: int, target: Operation) -> Refus:
        """The refusal that names the later operations which touched the row or rows that depend on it."""
        touched = [(table, row_id), *self._dependents(table, row_id)]
        numbers: set[int] = set()
        for name, key in touched:
            numbers |= {
                row[0]
                for row in self._base.conn.execute(
                    "SELECT j.operation_id FROM journal j JOIN journal_format f ON f.id = j.format_id "
                    "WHERE f.nom_table = ? AND j.ligne_id = ? AND j.id > ? AND j.operation_id <> ?",
                    (name, key, entry_id, target.id),
                )
            }
        later = [self.get(n) for n in sorted(numbers)]
        standing = [o for o in later if o.annulable] or [o for o in later if o.nature != "annulation"]
        names = " ; ".join(f"« {o.libelle} » ({_french(o.faite_le)})" for o in standing[:5])
        reason = f"Annuler d'abord : {names}." if names else "Une modification plus récente touche les mêmes lignes."
        return Refus(f"« {target.libelle} » ne peut pas être annulée : les mêmes lignes ont changé depuis. {reason}")

    def _dependents(self, table: str, row_id: int) -> list[tuple[str, int]]:
        conn = self._base.conn
        found: list[tuple[str, int]] = []
        for child in journal.tables(conn):
            keys: dict[int, list[tuple[str, str]]] = {}
            for key in conn.execute(f"PRAGMA foreign_key_list({child})"):
                if key[2] == table:
                    keys.setdefault(key[0], []).append((key[3], key[4] or "id"))
            for pairs in keys.values():
                match = " AND ".join(f"c.{own} = p.{other}" for own, other in pairs)
                rows = conn.execute(
                    f"SELECT c.id FROM {child} c JOIN {table} p ON {match} WHERE p.id = ? LIMIT 20", (row_id,)
                )
                found += [(child, row[0]) for row in rows]
        return found


def _operation(row: tuple[int, str, str, str, str, int | None, int, int]) -> Operation:
    number, label, nature, at, who, target, undone, lines = row
    return Operation(number, label, nature, at, who, target, bool(undone), lines)


def _named(names: str, image: str | None) -> dict[str, object]:
    return dict(zip(names.split(","), journal.parse_image(image), strict=True)) if image else {}


def _french(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%d/%m/%Y %H:%M")
