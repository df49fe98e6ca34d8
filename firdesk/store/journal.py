"""Before and after images of every row, written by generated triggers; a write outside an operation is refused.

An image is the list of ``quote()`` of the row's columns, in the order kept by ``journal_format``.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from firdesk.store import cumuls

#: Tables that are not business facts: the journal itself, what is computed from facts, SQLite's and the migrations'.
_APART = re.compile(r"operation|operation_courante|journal|journal_format|cumul.*|_sqlite_.*|sqlite_.*")
_OUTSIDE = "écriture hors opération"
_CURRENT = "(SELECT operation_id FROM operation_courante WHERE id = 1)"

Value = int | float | str | bytes | None


def tables(conn: sqlite3.Connection) -> list[str]:
    """The journaled tables, in the order of their creation."""
    rows = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    return [name for (name,) in rows if not _APART.fullmatch(name)]


def columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]


def image(names: Sequence[str], prefix: str = "") -> str:
    """SQL expression of the image of a row; ``prefix`` is ``NEW.`` or ``OLD.`` in a trigger."""
    return "||','||".join(f"quote({prefix}{name})" for name in names)


def install(conn: sqlite3.Connection) -> None:
    """Create the triggers of every business table and of the journal's own protection."""
    for table in tables(conn):
        names = columns(conn, table)
        conn.execute(
            "INSERT OR IGNORE INTO journal_format (nom_table, colonnes) VALUES (?, ?)",
            (table, ",".join(names)),
        )
    for sql in trigger_statements(conn):
        conn.execute(sql)


def trigger_statements(conn: sqlite3.Connection) -> Iterator[str]:
    """Every journal trigger the live schema calls for (the verification compares with what is there)."""
    for table in tables(conn):
        yield from _triggers(conn, table)
    for table in ("journal", "operation"):
        yield (
            f"CREATE TRIGGER journal_garde_{table}_d BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'le journal ne s''efface pas'); END"
        )
    yield (
        "CREATE TRIGGER journal_garde_journal_u BEFORE UPDATE ON journal "
        "BEGIN SELECT RAISE(ABORT, 'le journal ne se modifie pas'); END"
    )


def format_id(conn: sqlite3.Connection, table: str) -> int:
    row = conn.execute(
        "SELECT id FROM journal_format WHERE nom_table = ? AND colonnes = ?",
        (table, ",".join(columns(conn, table))),
    ).fetchone()
    return int(row[0])


def _triggers(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    names = columns(conn, table)
    number = format_id(conn, table)
    new, old = image(names, "NEW."), image(names, "OLD.")
    changed = " OR ".join(f"OLD.{n} IS NOT NEW.{n}" for n in names)
    for letter, event, row, before, after in (
        ("i", "INSERT", "NEW", "NULL", new),
        ("u", "UPDATE", "NEW", old, new),
        ("d", "DELETE", "OLD", old, "NULL"),
    ):
        when = f" WHEN {changed}" if letter == "u" else ""
        yield (
            f"CREATE TRIGGER journal_{table}_{letter} AFTER {event} ON {table}{when} BEGIN "
            f"SELECT RAISE(ABORT, '{_OUTSIDE}') WHERE {_CURRENT} IS NULL; "
            f"INSERT INTO journal (operation_id, format_id, ligne_id, avant, apres) "
            f"VALUES ({_CURRENT}, {number}, {row}.id, {before}, {after}); END"
        )


def drop_triggers(conn: sqlite3.Connection) -> None:
    """Remove the generated triggers, journal's and summaries', before a migration rewrites tables."""
    rows = conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in rows:
        if name.startswith(("journal_", "cumul_")):
            conn.execute(f"DROP TRIGGER {name}")


@contextmanager
def bulk_insert(conn: sqlite3.Connection, *names: str) -> Iterator[None]:
    """Inside an operation, journal and add up whole sets of new rows at once instead of row by row.

    Only inserts into ``names`` are allowed in the block: their triggers are put away, then the rows above the
    former highest id are journaled and accumulated, and the triggers come back, all in the same transaction.
    """
    if conn.execute(f"SELECT {_CURRENT}").fetchone()[0] is None:
        raise sqlite3.IntegrityError(_OUTSIDE)
    marks = {t: int(conn.execute(f"SELECT IFNULL(MAX(id), 0) FROM {t}").fetchone()[0]) for t in names}
    put_away = conn.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({','.join('?' * len(names))})",
        names,
    ).fetchall()
    for name, _ in put_away:
        conn.execute(f"DROP TRIGGER {name}")
    yield
    for table in names:
        conn.execute(
            f"INSERT INTO journal (operation_id, format_id, ligne_id, avant, apres) "
            f"SELECT {_CURRENT}, {format_id(conn, table)}, id, NULL, {image(columns(conn, table))} "
            f"FROM {table} WHERE id > ? ORDER BY id",
            (marks[table],),
        )
    cumuls.accumulate(conn, allocation_after=marks.get("allocation"), mouvement_after=marks.get("mouvement"))
    for _, sql in put_away:
        conn.execute(sql)


def tables_of(conn: sqlite3.Connection, operation: int) -> frozenset[str]:
    rows = conn.execute(
        "SELECT nom_table FROM journal_format WHERE id IN (SELECT DISTINCT format_id FROM journal WHERE operation_id = ?)",
        (operation,),
    )
    return frozenset(name for (name,) in rows)


_LITERAL = re.compile(r"NULL|X'([0-9A-Fa-f]*)'|'((?:[^']|'')*)'|(-?\d+)(?![\d.eE])|(-?[\d.]+(?:[eE][-+]?\d+)?|-?Inf)")


def parse_image(text: str) -> list[Value]:
    """The values of an image; ``ValueError`` if it is not a list of SQL literals (nothing is ever executed)."""
    values: list[Value] = []
    at = 0
    while True:
        match = _LITERAL.match(text, at)
        if not match:
            raise ValueError(f"not a journal image at {at}")
        blob, string, integer, real = match.groups()
        if string is not None:
            values.append(string.replace("''", "'"))
        elif integer is not None:
            values.append(int(integer))
        elif blob is not None:
            values.append(bytes.fromhex(blob))
        elif real is not None:
            values.append(float(real))
        else:
            values.append(None)
        at = match.end()
        if at == len(text):
            return values
        if text[at] != ",":
            raise ValueError(f"not a journal image at {at}")
        at += 1
