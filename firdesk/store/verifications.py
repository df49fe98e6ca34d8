"""Is the file what it claims to be: integrity, keys, schema as generated, journal complete, summaries true."""

import re
import sqlite3
from collections.abc import Callable
from functools import wraps

import sqlite_utils

from firdesk.store import clotures, cumul_axes, cumuls, journal, migrations
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
    """Every row equals its latest journal image, and no image survives a row that is gone.

    An image written before a migration is compared on the columns it has.
    """
    found = []
    for table in journal.tables(base.conn):
        formats = journal.formats(base.conn, table)
        if not formats:  # not one of ours: the schema check says so
            continue
        numbers = ",".join(map(str, formats))
        latest = (
            "WITH dernier AS (SELECT ligne_id, format_id, apres, MAX(id) FROM journal "
            f"WHERE format_id IN ({numbers}) GROUP BY ligne_id)"
        )
        sql = (
            f"{latest} SELECT COUNT(*) FROM {table} t LEFT JOIN dernier d ON d.ligne_id = t.id "
            f"WHERE d.apres IS NOT {_image_as_written(base.conn, table, formats)}"
        )
        silent = base.conn.execute(sql).fetchone()[0]
        if silent:
            found.append(f"{table} : {silent} ligne(s) modifiée(s) sans passer par le journal.")
        sql = (
            f"{latest} SELECT COUNT(*) FROM dernier d WHERE d.apres IS NOT NULL "
            f"AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = d.ligne_id)"
        )
        gone = base.conn.execute(sql).fetchone()[0]
        if gone:
            found.append(f"{table} : {gone} ligne(s) effacée(s) sans passer par le journal.")
    return found


def _image_as_written(conn: sqlite3.Connection, table: str, formats: dict[int, list[str]]) -> str:
    live = journal.columns(conn, table)
    cases = ""
    for number, names in formats.items():
        # A column that a migration took away leaves nothing to compare with.
        image = journal.image(conn, table, "t.", names) if set(names) <= set(live) else "d.apres"
        cases += f" WHEN {number} THEN {image}"
    return f"CASE d.format_id{cases} ELSE '' END"


@_unreadable_is_a_finding
def summaries(base: Base) -> list[str]:
    return cumuls.differences(base.conn)


def _objects(conn: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = conn.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {(kind, name): _plain(sql) for kind, name, sql in rows}


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip().rstrip(";")
