"""Ranges of the journal: rows that entered as a set, one entry for all, without an image of each.

What a row held when it entered is what its first entry afterwards found there (``avant``), or what it still holds:
nothing is written outside the journal. Such an entry has an empty ``apres`` and goes from ``ligne_id`` to ``jusqu_a``.
"""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from firdesk.store import journal

#: How many rows an entry of the journal ``j`` is about.
COUNT = "IFNULL(j.jusqu_a, j.ligne_id) - j.ligne_id + 1"


class Plage(NamedTuple):
    """The rows ``first`` to ``last`` of a table, added by one entry of the journal."""

    entry: int
    table: str
    first: int
    last: int


def record(conn: sqlite3.Connection, table: str, first: int, last: int) -> None:
    """Journal the rows of these numbers, all of them just added, as one entry of the current operation."""
    conn.execute(
        "INSERT INTO journal (operation_id, format_id, ligne_id, apres, jusqu_a) VALUES ("
        f"{journal.CURRENT}, {journal.format_id(conn, table)}, {first}, '', {last})"
    )


def record_runs(conn: sqlite3.Connection, table: str, ids: str) -> None:
    """Journal rows just added: one entry for each run of numbers without a gap. ``ids`` is a SELECT of their ``id``."""
    count, first, last = conn.execute(
        f"SELECT COUNT(*), (SELECT MIN(id) FROM ({ids})), (SELECT MAX(id) FROM ({ids})) FROM ({ids})"
    ).fetchone()
    if not count:
        return
    runs = [(first, last)]
    if last - first + 1 != count:
        runs = conn.execute(
            "SELECT MIN(id), MAX(id) FROM (SELECT id, id - ROW_NUMBER() OVER (ORDER BY id) AS run "
            f"FROM ({ids})) GROUP BY run ORDER BY 1"
        ).fetchall()
    for first, last in runs:
        record(conn, table, first, last)


def entries_of(table: str, row: str) -> str:
    """SQL for the journal's entries on one row of a table; ``row`` is an expression that may be used twice."""
    formats = f"SELECT id FROM journal_format WHERE nom_table = '{table}'"
    return (
        f"SELECT id FROM journal WHERE format_id IN ({formats}) AND ligne_id = {row} UNION "
        f"SELECT id FROM journal WHERE format_id IN ({formats}) AND jusqu_a IS NOT NULL "
        f"AND ligne_id <= {row} AND jusqu_a >= {row}"
    )


def of_operation(conn: sqlite3.Connection, operation: int) -> list[Plage]:
    """The ranges that an operation added, in its order."""
    rows = conn.execute(
        "SELECT j.id, f.nom_table, j.ligne_id, j.jusqu_a FROM journal j JOIN journal_format f ON f.id = j.format_id "
        "WHERE j.jusqu_a IS NOT NULL AND j.operation_id = ? ORDER BY j.id",
        (operation,),
    )
    return [Plage(*row) for row in rows]


def held(conn: sqlite3.Connection, table: str, entry: int, row: int) -> tuple[str, str]:
    """What a row of a range held when it entered: its columns, joined by commas, and its image.

    The image is empty where the row is gone and no entry says so.
    """
    later = conn.execute(
        "SELECT f.colonnes, j.avant FROM journal_format f JOIN journal j ON j.format_id = f.id "
        "WHERE f.nom_table = ? AND j.ligne_id = ? AND j.id > ? AND j.jusqu_a IS NULL ORDER BY j.id LIMIT 1",
        (table, row, entry),
    ).fetchone()
    if later:
        return str(later[0]), str(later[1] or "")
    names = journal.columns(conn, table)
    found = conn.execute(f"SELECT {journal.image(conn, table)} FROM {table} WHERE id = ?", (row,)).fetchone()
    return ",".join(names), found[0] if found else ""


def opened(conn: sqlite3.Connection, plage: Plage, first: int, last: int) -> Iterator[tuple[int, str, str]]:
    """Row, columns and image of each of some rows of a range when they entered."""
    for row in range(first, last + 1):
        yield (row, *held(conn, plage.table, plage.entry, row))


def changed(conn: sqlite3.Connection, plage: Plage, first: int, last: int) -> int | None:
    """The last of some rows of a range that does not hold any more what it held when it entered."""
    formats = journal.formats(conn, plage.table)
    numbers = ",".join(map(str, formats))
    present = journal.image_as_written(conn, plage.table, formats, "d.format_id", "d.avant")
    since = (
        f"SELECT ligne_id, format_id, avant, MIN(id) FROM journal WHERE format_id IN ({numbers}) "
        f"AND ligne_id BETWEEN {first} AND {last} AND id > {plage.entry} AND jusqu_a IS NULL GROUP BY ligne_id"
    )
    differs = conn.execute(
        f"SELECT MAX(d.ligne_id) FROM ({since}) d LEFT JOIN {plage.table} t ON t.id = d.ligne_id "
        f"WHERE t.id IS NULL OR d.avant IS NOT {present}"
    ).fetchone()[0]
    rows = conn.execute(f"SELECT id FROM {plage.table} WHERE id BETWEEN {first} AND {last} ORDER BY id DESC").fetchall()
    gone = None
    if len(rows) < last - first + 1:
        there = {row for (row,) in rows}
        gone = next(row for row in range(last, first - 1, -1) if row not in there)
    return max((row for row in (differs, gone) if row is not None), default=None)
