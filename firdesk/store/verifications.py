"""Is the file what it claims to be: integrity, keys, schema as generated, journal complete, summaries true."""

import re
import sqlite3
from collections.abc import Callable
from functools import wraps

import sqlite_utils

from firdesk.store import clotures, cumul_axes, cumul_engagements, cumuls, journal, migrations
from firdesk.store.database import Base


def _unreadable_is_a_finding(check: Callable[[Base], list[str]]) -> Callable[[Base], list[str]]:
    @wraps(check)
    def run(base: Base) -> list[str]:
        try:
            return check(base)
        except sqlite3.DatabaseError as error:
            return [f"Le fichier ne se lit pas jusqu'au bout ({error}) : reprendre une sauvegarde."]

    return run


@_unreadable_is_a_finding
def integrity(base: Base) -> list[str]:
    rows = base.conn.execute("PRAGMA integrity_check(20)").fetchall()
    return [] if rows == [("ok",)] else [str(row[0]) for row in rows]


@_unreadable_is_a_finding
def foreign_keys(base: Base) -> list[str]:
    rows = base.conn.execute("PRAGMA foreign_key_check").fetchall()
    return [f"{table} n° {row_id} renvoie à une ligne absente de {parent}." for table, row_id, parent, _ in rows[:20]]


@_unreadable_is_a_finding
def schema(base: Base) -> list[str]:
    """Compare tables and indexes with a base built anew, and triggers with what the live schema calls for."""
    fresh = sqlite_utils.Database(sqlite3.connect(":memory:", isolation_level=None), execute_plugins=False)
    try:
        migrations.apply(fresh)
        expected = {k: v for k, v in _objects(fresh.conn).items() if k[0] != "trigger"}
    finally:
        fresh.close()
    triggers = [
        *cumuls.trigger_statements(),
        *cumul_axes.trigger_statements(),
        *cumul_engagements.trigger_statements(),
        *clotures.trigger_statements(base.conn),
        *journal.trigger_statements(base.conn),
    ]
    expected |= {("trigger", sql.split()[2]): _plain(sql) for sql in triggers}
    found = _objects(base.conn)
    missing = [
        f"{kind} {name} : absent ou différent de l'attendu."
        for (kind, name), sql in expected.items()
        if found.get((kind, name)) != sql
    ]
    extra = [f"{kind} {name} : inattendu." for kind, name in found.keys() - expected.keys()]
    return missing + extra


@_unreadable_is_a_finding
def journal_complete(base: Base) -> list[str]:
    """Every row equals its latest journal image or stands in a range, and nothing survives a row that is gone.

    An image written before a migration is compared on the columns it has.
    """
    found = []
    for table in journal.tables(base.conn):
        formats = journal.formats(base.conn, table)
        if not formats:  # not one of ours: the schema check says so
            continue
        silent, gone = _silent(base.conn, table, formats), _gone(base.conn, table, formats)
        if silent:
            found.append(f"{table} : {silent} ligne(s) modifiée(s) sans passer par le journal.")
        if gone:
            found.append(f"{table} : {gone} ligne(s) effacée(s) sans passer par le journal.")
    return found


def _latest(numbers: str) -> str:
    return (
        "WITH dernier AS (SELECT ligne_id, format_id, apres, MAX(id) AS id FROM journal "
        f"WHERE format_id IN ({numbers}) AND jusqu_a IS NULL GROUP BY ligne_id)"
    )


def _silent(conn: sqlite3.Connection, table: str, formats: dict[int, list[str]]) -> int:
    """How many rows no entry accounts for as they are."""
    numbers = ",".join(map(str, formats))
    written = journal.image_as_written(conn, table, formats, "d.format_id", "d.apres")
    sql = (
        f"{_latest(numbers)} SELECT COUNT(*) FROM {table} t LEFT JOIN dernier d ON d.ligne_id = t.id "
        f"WHERE d.apres IS NOT {written} AND NOT EXISTS (SELECT 1 FROM journal p WHERE p.format_id IN ({numbers}) "
        "AND p.jusqu_a >= t.id AND p.ligne_id <= t.id AND p.id > IFNULL(d.id, 0))"
    )
    return int(conn.execute(sql).fetchone()[0])


def _gone(conn: sqlite3.Connection, table: str, formats: dict[int, list[str]]) -> int:
    """How many rows are missing of which no entry says that they were deleted."""
    numbers = ",".join(map(str, formats))
    absent = f"NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = d.ligne_id)"
    sql = f"{_latest(numbers)} SELECT COUNT(*) FROM dernier d WHERE d.apres IS NOT NULL AND {absent}"
    count = int(conn.execute(sql).fetchone()[0])
    for entry, first, last in conn.execute(
        f"SELECT id, ligne_id, jusqu_a FROM journal WHERE format_id IN ({numbers}) AND jusqu_a IS NOT NULL"
    ).fetchall():
        there = conn.execute(f"SELECT COUNT(*) FROM {table} WHERE id BETWEEN {first} AND {last}").fetchone()[0]
        if there < last - first + 1:
            told = conn.execute(
                f"SELECT COUNT(DISTINCT d.ligne_id) FROM journal d WHERE d.format_id IN ({numbers}) "
                f"AND d.ligne_id BETWEEN {first} AND {last} AND d.id > {entry} AND {absent}"
            ).fetchone()[0]
            count += last - first + 1 - there - told
    return count


@_unreadable_is_a_finding
def summaries(base: Base) -> list[str]:
    return cumuls.differences(base.conn)


def _objects(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = conn.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {(kind, name): _plain(sql) for kind, name, sql in rows}


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip().rstrip(";")
