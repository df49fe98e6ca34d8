"""Before and after images of every row, written by generated triggers; a write outside an operation is refused.

An image is the list of ``quote()`` of the row's columns, in the order kept by ``journal_format``. Rows that enter as a
set have none (``plages``).
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence

#: Tables that are not business facts: the journal itself, what is computed from facts, SQLite's and the migrations'.
_APART = re.compile(r"operation|operation_courante|journal|journal_format|cumul.*|_sqlite_.*|sqlite_.*")
OUTSIDE = "écriture hors opération"
NUL = "caractère nul dans un texte"
_NEW_ID = "une ligne ne change pas de numéro"
#: SQL of the number of the operation at work, ``NULL`` outside.
CURRENT = "(SELECT operation_id FROM operation_courante WHERE id = 1)"

Value = int | float | str | bytes | None


def tables(conn: sqlite3.Connection) -> list[str]:
    """The journaled tables, in the order of their creation."""
    rows = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    return [name for (name,) in rows if not _APART.fullmatch(name)]


def columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]


def image(conn: sqlite3.Connection, table: str, prefix: str = "", names: Sequence[str] | None = None) -> str:
    """SQL expression of the image of a row: ``quote()`` of its columns (or of ``names``), joined by commas.

    ``prefix`` is ``NEW.`` or ``OLD.`` in a trigger. One ``printf()`` says it in two thirds of the time.
    """
    kinds = {
        row[1]: "%Q" if row[2] == "TEXT" else "%lld" if row[2] == "INTEGER" and (row[3] or row[5]) else "%s"
        for row in conn.execute(f"PRAGMA table_info({table})")
    }
    chosen = list(kinds) if names is None else names
    values = (f"quote({prefix}{name})" if kinds[name] == "%s" else f"{prefix}{name}" for name in chosen)
    return f"printf('{','.join(kinds[name] for name in chosen)}', {', '.join(values)})"


def has_nul(conn: sqlite3.Connection, table: str, prefix: str = "") -> str:
    """SQL condition: a text of the row holds U+0000, where ``quote()`` would stop and the image lose the rest."""
    texts = [f"{prefix}{row[1]}" for row in conn.execute(f"PRAGMA table_info({table})") if row[2] == "TEXT"]
    return " OR ".join(f"instr({text}, char(0))" for text in texts) or "0"


def image_as_written(
    conn: sqlite3.Connection, table: str, formats: dict[int, list[str]], number: str, unknown: str
) -> str:
    """SQL expression of the image of a row ``t`` in the format that the expression ``number`` says.

    A column that a migration took away leaves nothing to compare with: then it is ``unknown``.
    """
    live = set(columns(conn, table))
    cases = ""
    for which, names in formats.items():
        cases += f" WHEN {which} THEN {image(conn, table, 't.', names) if set(names) <= live else unknown}"
    return f"CASE {number}{cases} ELSE '' END"


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
    yield (
        "CREATE TRIGGER journal_garde_operation_u "
        "BEFORE UPDATE OF id, libelle, nature, faite_le, auteur, cible_id ON operation "
        "BEGIN SELECT RAISE(ABORT, 'le journal ne se modifie pas'); END"
    )


def format_id(conn: sqlite3.Connection, table: str) -> int:
    """The number of the table's present columns in ``journal_format``; 0 when they were never journaled."""
    row = conn.execute(
        "SELECT id FROM journal_format WHERE nom_table = ? AND colonnes = ?",
        (table, ",".join(columns(conn, table))),
    ).fetchone()
    return int(row[0]) if row else 0


def formats(conn: sqlite3.Connection, table: str) -> dict[int, list[str]]:
    """The lists of columns that images of a table were written with, oldest first."""
    rows = conn.execute("SELECT id, colonnes FROM journal_format WHERE nom_table = ? ORDER BY id", (table,))
    return {number: names.split(",") for number, names in rows}


def _triggers(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    names = columns(conn, table)
    number = format_id(conn, table)
    new, old = image(conn, table, "NEW."), image(conn, table, "OLD.")
    changed = " OR ".join(f"OLD.{n} IS NOT NEW.{n}" for n in names)
    for letter, event, row, before, after in (
        ("i", "INSERT", "NEW", "NULL", new),
        ("u", "UPDATE", "NEW", old, new),
        ("d", "DELETE", "OLD", old, "NULL"),
    ):
        when = f" WHEN {changed}" if letter == "u" else ""
        checks = f"SELECT RAISE(ABORT, '{OUTSIDE}') WHERE {CURRENT} IS NULL; "
        if letter != "d":
            checks += f"SELECT RAISE(ABORT, '{NUL}') WHERE {has_nul(conn, table, 'NEW.')}; "
        if letter == "u":
            checks += f"SELECT RAISE(ABORT, '{_NEW_ID}') WHERE OLD.id IS NOT NEW.id; "
        yield (
            f"CREATE TRIGGER journal_{table}_{letter} AFTER {event} ON {table}{when} BEGIN {checks}"
            f"INSERT INTO journal (operation_id, format_id, ligne_id, avant, apres) "
            f"VALUES ({CURRENT}, {number}, {row}.id, {before}, {after}); END"
        )


def drop_triggers(conn: sqlite3.Connection) -> None:
    """Remove the generated triggers before a migration rewrites tables."""
    rows = conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in rows:
        if name.startswith(("journal_", "cumul_", "cloture_")):
            conn.execute(f"DROP TRIGGER {name}")


def parents(conn: sqlite3.Connection, table: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The foreign keys of a table: the table referred to, and the pairs (own column, its column)."""
    keys: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for number, _, parent, own, other, *_ in conn.execute(f"PRAGMA foreign_key_list({table})"):
        keys.setdefault(number, (parent, []))[1].append((own, other or "id"))
    return list(keys.values())


def tables_of(conn: sqlite3.Connection, operation: int) -> frozenset[str]:
    rows = conn.execute(
        "SELECT nom_table FROM journal_format WHERE id IN "
        "(SELECT DISTINCT format_id FROM journal WHERE operation_id = ?)",
        (operation,),
    )
    return frozenset(name for (name,) in rows)


_PIECE = re.compile(r"X?'[^']*(?:''[^']*)*'|[^,']+")
_BLOB = re.compile(r"X'((?:[0-9A-Fa-f]{2})*)'")
_INTEGER = re.compile(r"-?[0-9]+")
_REAL = re.compile(r"-?[0-9.]+(?:[eE][-+]?[0-9]+)?|-?Inf")


def parse_image(text: str) -> list[Value]:
    """The values of an image; ``ValueError`` if it is not a list of SQL literals (nothing is ever executed)."""
    pieces: list[str] = _PIECE.findall(text)
    if not pieces or ",".join(pieces) != text:
        raise ValueError("not a journal image")
    return [piece[1:-1].replace("''", "'") if piece[0] == "'" else _unquoted(piece) for piece in pieces]


def _unquoted(piece: str) -> Value:
    if _INTEGER.fullmatch(piece):
        return int(piece)
    if piece == "NULL":
        return None
    if blob := _BLOB.fullmatch(piece):
        return bytes.fromhex(blob[1])
    if _REAL.fullmatch(piece):
        return float(piece)
    raise ValueError("not a journal image")
