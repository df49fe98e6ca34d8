"""The history read back: what was done, undoing it by its before images, redoing by undoing the undo."""

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

from firdesk.domain.historique import Modification, Obstacle, Operation
from firdesk.domain.problem import Refus
from firdesk.store import bulk, clotures, cumul_engagements, insertion, journal, obstacles, plages
from firdesk.store.database import Base, Changes
from firdesk.store.obstacles import Entry
from firdesk.store.plages import Plage

_CHUNK = 5000
#: How many of the allocations concerned an obstacle names.
_NAMED = 5
Check = Callable[[int, int], None]
_SELECT = (
    "SELECT o.id, o.libelle, o.nature, o.faite_le, o.auteur, o.cible_id, o.annulee_par IS NOT NULL, "
    "o.lignes FROM operation o "
)


class Operations:
    """The operations of one base."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._columns = cache(partial(journal.columns, base.conn))

    def recent(self, *, limit: int = 500, texte: str = "") -> list[Operation]:
        """The latest operations first."""
        literal = re.sub(r"([\\%_])", r"\\\1", texte)
        rows = self._base.conn.execute(
            _SELECT + "WHERE o.libelle LIKE ? ESCAPE '\\' ORDER BY o.id DESC LIMIT ?", (f"%{literal}%", limit)
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
            "SELECT j.id, f.nom_table, f.colonnes, j.ligne_id, j.jusqu_a, j.avant, j.apres FROM journal j "
            "JOIN journal_format f ON f.id = j.format_id WHERE j.operation_id = ? ORDER BY j.id LIMIT ?",
            (number, limit),
        ).fetchall()
        found: list[Modification] = []
        for entry, table, names, first, last, before, after in rows:
            if last is None:
                found.append(Modification(table, first, _named(names, before), _named(names, after)))
            else:
                wanted = Plage(entry, table, first, min(last, first + limit - len(found) - 1))
                found += [
                    Modification(table, row, {}, _named(columns, image))
                    for row, columns, image in plages.opened(self._base.conn, wanted, wanted.first, wanted.last)
                ]
        return found[:limit]

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

    def obstacles(self, number: int) -> list[Obstacle]:
        """What must be undone before this operation, latest first; empty where nothing stands in the way."""
        found = []
        for later, rows in obstacles.following(self._base.conn, number).items():
            operation = self.get(later)
            references = obstacles.allocations(self._base.conn, rows)
            brought_back = self._original(operation).libelle if operation.nature == "annulation" else ""
            count = len(references) or len(rows)
            found.append(Obstacle(operation, tuple(references[:_NAMED]), count, brought_back))
        return found

    def undo(self, number: int, check: Check = lambda done, total: None) -> Changes:
        """Undo (or redo, when ``number`` is an undo) one operation; refused when a later change stands in the way.

        ``check(done, total)`` is called now and then; raising from it cancels, the file stays as it was.
        """
        target = self.get(number)
        if target.nature == "systeme":
            raise Refus(f"« {target.libelle} » fait partie de la création de la base : elle ne s'annule pas.")
        if target.nature == "retablissement" and target.cible is not None:
            return self.undo(self._original(target).id, check)
        if target.annulee:
            raise Refus(f"« {target.libelle} » est déjà annulée.")
        redo = target.nature == "annulation"
        label = f"{'Rétablir' if redo else 'Annuler'} : {self._original(target).libelle}"
        nature = "retablissement" if redo else "annulation"
        conn = self._base.conn
        with self._base.operation(label, nature=nature, cible=number) as done:
            current = int(conn.execute("SELECT operation_id FROM operation_courante").fetchone()[0])
            reverted = 0

            def about_to(rows: int) -> None:
                nonlocal reverted
                check(reverted, target.lignes)
                reverted += rows

            for segment in bulk.segments(conn, number):
                revert = self._revert_set if segment.table else self._revert_rows
                revert(segment, target, about_to)
            conn.execute("UPDATE operation SET annulee_par = ? WHERE id = ?", (current, number))
            if redo:
                conn.execute("UPDATE operation SET annulee_par = NULL WHERE id = ?", (target.cible,))
        return done[0]

    def _revert_set(self, segment: bulk.Segment, target: Operation, about_to: Callable[[int], None]) -> None:
        conn = self._base.conn
        feeds = segment.table == "mouvement"
        with insertion.triggers_away(conn, segment.table, *(bulk.AWAY if feeds else ())):
            for first, last in segment.chunks(_CHUNK):
                about_to(last - first + 1)
                if (found := bulk.changed(conn, segment, first, last)) is not None:
                    raise self._obstacle(self._entries(segment, found, found)[0], target)
                if segment.added:
                    clotures.refuse(conn, segment.table, bulk.chosen(segment, first, last))
                try:
                    bulk.revert(conn, segment, first, last)
                except sqlite3.IntegrityError:
                    for one in self._entries(segment, first, last):  # which of them?
                        self._revert(one, target)
                    raise
                if not segment.added:
                    clotures.refuse(conn, segment.table, bulk.chosen(segment, first, last))
            if not segment.added:
                bulk.record(conn, segment)
            if feeds:
                cumul_engagements.recount(conn)

    def _revert_rows(self, segment: bulk.Segment, target: Operation, about_to: Callable[[int], None]) -> None:
        for first, last in segment.chunks(_CHUNK):
            about_to(last - first + 1)
            for entry in self._entries(segment, first, last):
                self._revert(entry, target)

    def _entries(self, segment: bulk.Segment, first: int, last: int) -> list[Entry]:
        """A chunk of the journal of one operation, latest entry first."""
        conn = self._base.conn
        if (plage := segment.plage) is not None:
            rows = [*plages.opened(conn, plage, first, last)][::-1]
            return [(plage.entry, plage.table, names, row, None, image) for row, names, image in rows]
        return conn.execute(
            "SELECT j.id, f.nom_table, f.colonnes, j.ligne_id, j.avant, j.apres FROM journal j "
            "JOIN journal_format f ON f.id = j.format_id WHERE j.id BETWEEN ? AND ? ORDER BY j.id DESC",
            (first, last),
        ).fetchall()

    def _revert(self, entry: Entry, target: Operation) -> None:
        _, table, names, row_id, before, after = entry
        conn = self._base.conn
        columns = names.split(",")
        if not set(columns) <= set(self._columns(table)):
            raise Refus(f"{self._cannot(target)} : elle date d'un format du fichier qui n'existe plus.")
        image = journal.image(conn, table, names=columns)
        found = conn.execute(f"SELECT {image} FROM {table} WHERE id = ?", (row_id,)).fetchone()
        if (found[0] if found else None) != after:
            raise self._obstacle(entry, target)
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
            if clotures.CLOS in str(error):
                raise
            raise self._obstacle(entry, target) from error

    def _obstacle(self, entry: Entry, target: Operation) -> Refus:
        """The refusal that names what to undo (or to redo) first."""
        later = [self.get(n) for n in obstacles.operations(self._base.conn, entry)]
        later += [self._original(o) for o in later if o.nature == "retablissement"]
        undo = {o.id: f"« {o.libelle} » ({_french(o.faite_le)})" for o in later if o.annulable}
        redo = {o.id: f"« {self._original(o).libelle} »" for o in later if o.nature == "annulation" and not o.annulee}
        reason = "Une modification plus récente touche les mêmes lignes."
        for verb, names in (("Rétablir", redo), ("Annuler", undo)):
            if names:
                reason = f"{verb} d'abord : {' ; '.join(list(names.values())[:5])}."
        return Refus(f"{self._cannot(target)} : les mêmes lignes ont changé depuis. {reason}")

    def _original(self, operation: Operation) -> Operation:
        """What the user did that an undo or a redo is about."""
        while operation.cible is not None:
            operation = self.get(operation.cible)
        return operation

    def _cannot(self, target: Operation) -> str:
        verb = "rétablie" if target.nature == "annulation" else "annulée"
        return f"« {self._original(target).libelle} » ne peut pas être {verb}"


def _operation(row: tuple[int, str, str, str, str, int | None, int, int]) -> Operation:
    number, label, nature, at, who, target, undone, lines = row
    return Operation(number, label, nature, at, who, target, bool(undone), lines)


def _named(names: str, image: str | None) -> dict[str, object]:
    return dict(zip(names.split(","), journal.parse_image(image), strict=True)) if image else {}


def _french(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%d/%m/%Y %H:%M")
