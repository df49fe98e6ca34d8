"""Which later operations stand in the way of undoing one: they touched the row, its children, parents or rivals.

Reads the journal only when an undo is refused, so that the refusal can name what to undo first.
"""

import sqlite3
from collections.abc import Iterator

from firdesk.store import journal, plages
from firdesk.store.plages import Plage

#: Journal entry: id, table, columns (joined by commas), row, image before, image after.
Entry = tuple[int, str, str, int, str | None, str | None]
_Row = tuple[str, int]


def operations(conn: sqlite3.Connection, entry: Entry) -> list[int]:
    """Numbers of the later operations on the rows that keep the entry from being reverted, latest first."""
    entry_id, table, names, row_id, before, _ = entry
    wanted = dict(zip(names.split(","), journal.parse_image(before), strict=True)) if before else {}
    rows = {(table, row_id), *_children(conn, table, row_id)}
    if wanted:
        rows |= {*_rivals(conn, table, row_id, wanted), *_lost_parents(conn, table, entry_id, wanted)}
    numbers: set[int] = set()
    for name, key in rows:
        numbers |= {
            number
            for (number,) in conn.execute(
                f"SELECT j.operation_id FROM journal j WHERE j.id IN ({plages.entries_of(name, str(key))}) "
                "AND j.id > ? AND j.operation_id <> (SELECT operation_id FROM journal WHERE id = ?) "
                "AND j.operation_id IS NOT (SELECT operation_id FROM operation_courante)",
                (entry_id, entry_id),
            )
        }
    return sorted(numbers, reverse=True)


def _children(conn: sqlite3.Connection, table: str, row_id: int) -> Iterator[_Row]:
    for child in journal.tables(conn):
        for parent, pairs in journal.parents(conn, child):
            if parent == table:
                match = " AND ".join(f"c.{own} = p.{other}" for own, other in pairs)
                sql = f"SELECT c.id FROM {child} c JOIN {table} p ON {match} WHERE p.id = ? LIMIT 20"
                yield from ((child, key) for (key,) in conn.execute(sql, (row_id,)).fetchall())


def _rivals(conn: sqlite3.Connection, table: str, row_id: int, wanted: dict[str, journal.Value]) -> Iterator[_Row]:
    """Rows that now hold what must be unique."""
    for _, index, unique, *_ in conn.execute(f"PRAGMA index_list({table})").fetchall():
        names = [row[2] for row in conn.execute(f"PRAGMA index_info({index})")]
        if unique and set(names) <= set(wanted):
            match = " AND ".join(f"{n} = ?" for n in names)
            sql = f"SELECT id FROM {table} WHERE {match} AND id <> ?"
            values = (*(wanted[n] for n in names), row_id)
            yield from ((table, key) for (key,) in conn.execute(sql, values).fetchall())


def _lost_parents(
    conn: sqlite3.Connection, table: str, entry_id: int, wanted: dict[str, journal.Value]
) -> Iterator[_Row]:
    """Rows that a foreign key of the row names and that were changed or deleted since."""
    for parent, pairs in journal.parents(conn, table):
        values = {other: wanted.get(own) for own, other in pairs}
        match = " AND ".join(f"{other} = ?" for other in values)
        if (
            None in values.values()
            or conn.execute(f"SELECT 1 FROM {parent} WHERE {match}", list(values.values())).fetchone()
        ):
            continue
        for number, columns in journal.formats(conn, parent).items():
            for key, image in conn.execute(
                "SELECT ligne_id, avant FROM journal WHERE format_id = ? AND id > ? AND avant IS NOT NULL",
                (number, entry_id),
            ):
                was = dict(zip(columns, journal.parse_image(image), strict=True))
                if all(was.get(name) == value for name, value in values.items()):
                    yield parent, key


#: Later than ``:operation`` and in force; an undo counts where it took back something older.
_LATER = (
    "o.id > :operation AND o.annulee_par IS NULL AND (o.cible_id IS NULL OR o.cible_id <= :operation) "
    "AND o.nature IN ('saisie', 'import', 'annulation', 'retablissement')"
)


def _written(table: str, row: str, how: str = "true") -> str:
    """SQL condition: ``:operation`` wrote (``how`` it is said) the row of a table, both expressions; ranges count.

    Looked up row by row: by the index of operations, each of thousands of rows would read a whole import again.
    """
    by_row, by_range = (
        f"EXISTS (SELECT 1 FROM journal_format g CROSS JOIN journal k INDEXED BY {index} ON k.format_id = g.id "
        f"WHERE g.nom_table = {table} AND k.ligne_id {{}} AND k.operation_id = :operation AND {how})"
        for index in ("journal_par_ligne", "journal_par_plage")
    )
    return f"({by_row.format(f'= {row}')} OR {by_range.format(f'<= {row} AND k.jusqu_a >= {row}')})"


def following(conn: sqlite3.Connection, operation: int) -> dict[int, set[_Row]]:
    """The later operations that must be undone before this one, latest first, with the rows they hold on to.

    Those in the way of an operation in the way are in it too: undone in this order, nothing is left that depends.
    """
    found: dict[int, set[_Row]] = {}
    todo = [operation]
    while todo:
        for number, rows in _touching(conn, todo.pop()).items():
            if number not in found:
                todo.append(number)
            found.setdefault(number, set()).update(rows)
    return dict(sorted(found.items(), reverse=True))


def _touching(conn: sqlite3.Connection, operation: int) -> dict[int, set[_Row]]:
    """Later operations on a row of this one, or on a row that refers to one it created."""
    found: dict[int, set[_Row]] = {}
    bound = {"operation": operation}
    same = (
        "SELECT DISTINCT j.operation_id, f.nom_table, j.ligne_id FROM operation o "
        "CROSS JOIN journal j ON j.operation_id = o.id JOIN journal_format f ON f.id = j.format_id "
        f"WHERE {_LATER} AND j.jusqu_a IS NULL AND {_written('f.nom_table', 'j.ligne_id')}"
    )
    for number, table, key in conn.execute(same, bound):
        found.setdefault(number, set()).add((table, key))
    for number, plage in _later_ranges(conn, operation):
        for key in _rows_within(conn, operation, plage):
            found.setdefault(number, set()).add((plage.table, key))
    for child in journal.tables(conn):
        for parent, pairs in journal.parents(conn, child):
            match = " AND ".join(f"c.{own} = p.{other}" for own, other in pairs)
            created = _written(f"'{parent}'", "p.id", "k.avant IS NULL")
            hanging = (
                "SELECT DISTINCT j.operation_id, c.id FROM operation o CROSS JOIN journal j ON j.operation_id = o.id "
                f"CROSS JOIN {child} c ON c.id BETWEEN j.ligne_id AND IFNULL(j.jusqu_a, j.ligne_id) "
                f"CROSS JOIN {parent} p ON {match} WHERE {_LATER} "
                f"AND j.format_id IN (SELECT id FROM journal_format WHERE nom_table = '{child}') "
                f"AND {created}"
            )
            for number, key in conn.execute(hanging, bound):
                found.setdefault(number, set()).add((child, key))
    return found


def _later_ranges(conn: sqlite3.Connection, operation: int) -> list[tuple[int, Plage]]:
    rows = conn.execute(
        "SELECT o.id, j.id, f.nom_table, j.ligne_id, j.jusqu_a FROM journal j "
        "JOIN operation o ON o.id = j.operation_id "
        f"JOIN journal_format f ON f.id = j.format_id WHERE j.jusqu_a IS NOT NULL AND {_LATER}",
        {"operation": operation},
    )
    return [(number, Plage(*plage)) for number, *plage in rows]


def _rows_within(conn: sqlite3.Connection, operation: int, plage: Plage) -> set[int]:
    """The rows of a range that an operation wrote."""
    rows = conn.execute(
        "SELECT DISTINCT j.ligne_id FROM journal_format f JOIN journal j ON j.format_id = f.id "
        "WHERE f.nom_table = ? AND j.ligne_id BETWEEN ? AND ? AND j.operation_id = ?",
        (plage.table, plage.first, plage.last, operation),
    )
    found = {row for (row,) in rows}
    for own in plages.of_operation(conn, operation):
        if own.table == plage.table:
            found.update(range(max(own.first, plage.first), min(own.last, plage.last) + 1))
    return found


def allocations(conn: sqlite3.Connection, rows: set[_Row]) -> list[str]:
    """The references (``2025-0412``) of the allocations that rows belong to, in order."""
    numbers: set[int] = {key for table, key in rows if table == "allocation"}
    for table in ("mouvement", "import_ligne"):
        for key in {key for name, key in rows if name == table}:
            row = conn.execute(f"SELECT allocation_id FROM {table} WHERE id = ?", (key,)).fetchone()
            numbers.update(n for (n,) in [row or (None,)] if n is not None)
    found = []
    for number in numbers:
        row = conn.execute("SELECT exercice, numero FROM allocation WHERE id = ?", (number,)).fetchone()
        if row:
            found.append(row)
    return [f"{year}-{number:04d}" for year, number in sorted(found)]
