"""Undoing whole sets of rows at once, with the checks of the row by row way: what an import added, or gave up.

Does in SQL, a few thousand rows at a time, what the triggers do for each row.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from firdesk.store import cumul_engagements, cumuls, journal
from firdesk.store import plages as ranges
from firdesk.store.insertion import insert_rows
from firdesk.store.plages import Plage

#: The tables whose triggers :func:`revert` does the work of, besides the one it empties or fills.
AWAY = cumul_engagements.FED_BY
#: From how many successive rows of one table a set is worth putting its triggers away.
WORTH = 1000


@dataclass(frozen=True, slots=True)
class Segment:
    """Successive journal entries of one operation; ``table`` is empty when they are to be taken one by one.

    ``added`` tells rows that the operation added (to delete) from rows that it deleted (to put back). ``plage`` are
    the rows of an entry that added many: then ``first`` and ``last`` are that entry.
    """

    first: int
    last: int
    table: str = ""
    added: bool = True
    plage: Plage | None = None

    def chunks(self, size: int) -> Iterator[tuple[int, int]]:
        """Ranges of journal ids (of rows, for a ``plage``), latest first."""
        bottom, top = (self.plage.first, self.plage.last) if self.plage else (self.first, self.last)
        for last in range(top, bottom - 1, -size):
            yield max(bottom, last - size + 1), last


def segments(conn: sqlite3.Connection, operation: int) -> list[Segment]:
    """The journal of an operation cut into sets of one table, ranges and the rest, latest first."""
    tables = {journal.format_id(conn, table): table for table in journal.tables(conn)}
    plages = {p.entry: p for p in ranges.of_operation(conn, operation)}
    rows = conn.execute(
        "SELECT id, format_id, (avant IS NULL) - (apres IS NULL), IIF(jusqu_a IS NULL, 0, id) FROM journal "
        "WHERE operation_id = ? ORDER BY id DESC",
        (operation,),
    )
    found: list[Segment] = []
    for (number, kind, entry), group in groupby(rows, key=lambda row: row[1:]):
        ids = [row[0] for row in group]
        if entry:
            plage = plages[entry]
            large = plage.last - plage.first + 1 >= WORTH
            found.append(Segment(entry, entry, plage.table if large else "", plage=plage))
        elif kind and number in tables and len(ids) >= WORTH:
            found.append(Segment(ids[-1], ids[0], tables[number], kind > 0))
        elif found and not found[-1].table and not found[-1].plage:
            found[-1] = Segment(ids[-1], found[-1].last)
        else:
            found.append(Segment(ids[-1], ids[0]))
    return found


def changed(conn: sqlite3.Connection, segment: Segment, first: int, last: int) -> int | None:
    """The latest journal entry (or row of a ``plage``) of a chunk that is no longer as the operation left it."""
    if segment.plage:
        return ranges.changed(conn, segment.plage, first, last)
    differs = f"j.apres IS NOT {journal.image(conn, segment.table, 't.')}" if segment.added else "t.id IS NOT NULL"
    row = conn.execute(
        f"SELECT j.id FROM journal j LEFT JOIN {segment.table} t ON t.id = j.ligne_id "
        f"WHERE j.id BETWEEN ? AND ? AND {differs} ORDER BY j.id DESC LIMIT 1",
        (first, last),
    ).fetchone()
    return int(row[0]) if row else None


def chosen(segment: Segment, first: int, last: int) -> str:
    """SQL condition on the ``id`` of the rows of a chunk."""
    if segment.plage:
        return f"BETWEEN {first} AND {last}"
    return f"IN (SELECT ligne_id FROM journal WHERE id BETWEEN {first} AND {last})"


def revert(conn: sqlite3.Connection, segment: Segment, first: int, last: int) -> None:
    """Delete or put back the rows of a chunk, accounted for; their triggers must be away (``AWAY`` too for mouvements).

    Deleted rows are journaled too, those put back by :func:`record`. What a constraint refuses raises
    ``sqlite3.IntegrityError`` and leaves the chunk as it was.
    """
    entries = f"journal WHERE id BETWEEN {first} AND {last}"
    rows = chosen(segment, first, last)
    images = f"format_id, ligne_id, apres, avant FROM {entries} ORDER BY id DESC"
    if segment.plage:
        number, image = journal.format_id(conn, segment.table), journal.image(conn, segment.table)
        images = f"{number}, id, {image}, NULL FROM {segment.table} WHERE id {rows} ORDER BY id DESC"
    conn.execute("SAVEPOINT lot")
    try:
        if segment.added:
            _accumulate(conn, segment.table, rows, minus=True)
            conn.execute(
                "INSERT INTO journal (operation_id, format_id, ligne_id, avant, apres) "
                f"SELECT {journal.CURRENT}, {images}"
            )
            conn.execute(f"DELETE FROM {segment.table} WHERE id {rows}")
        else:
            _put_back(conn, segment.table, first, last)
            _accumulate(conn, segment.table, rows)
    except sqlite3.IntegrityError:
        conn.execute("ROLLBACK TO lot")
        conn.execute("RELEASE lot")
        raise
    conn.execute("RELEASE lot")


def _accumulate(conn: sqlite3.Connection, table: str, rows: str, *, minus: bool = False) -> None:
    cumuls.accumulate(conn, table, rows, minus=minus)
    if table == "mouvement":
        cumul_engagements.follow(conn, f"IN (SELECT allocation_id FROM mouvement WHERE id {rows})")


def record(conn: sqlite3.Connection, segment: Segment) -> None:
    """Journal the rows that a whole segment has put back."""
    ranges.record_runs(
        conn, segment.table, f"SELECT ligne_id AS id FROM journal WHERE id BETWEEN {segment.first} AND {segment.last}"
    )


def _put_back(conn: sqlite3.Connection, table: str, first: int, last: int) -> None:
    images = conn.execute("SELECT avant FROM journal WHERE id BETWEEN ? AND ? ORDER BY id DESC", (first, last))
    rows = (journal.parse_image(image) for (image,) in images.fetchall())
    insert_rows(conn, table, journal.columns(conn, table), rows)
