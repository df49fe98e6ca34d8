"""A closed exercice is read-only, by the file itself: generated triggers refuse what would change its figures.

An operator may still be merged, and payments may be planned anew: neither changes a figure of the past. What the report
of the year tells later stays open: « dont », other funders, indicators, notes.
"""

import sqlite3
from collections.abc import Iterator

#: Raised by the triggers; said in French by :mod:`firdesk.store.database`.
CLOS = "exercice clos"

#: For each table whose rows belong to an exercice, its year as SQL on a row ``{0}``.
_YEARS = {
    "allocation": "{0}exercice",
    "mouvement": "CASE WHEN {0}nature = 'echeance' THEN 0 ELSE {0}exercice END",
    "recette": "{0}exercice",
    "flechage": "(SELECT exercice FROM recette WHERE id = {0}recette_id)",
    "budget_version": "{0}exercice",
    "budget_ligne": "(SELECT exercice FROM budget_version WHERE id = {0}version_id)",
    "virement": "(SELECT exercice FROM budget_version WHERE id = {0}version_id)",
    "execution": "{0}exercice",
    "execution_ligne": "(SELECT exercice FROM execution WHERE id = {0}execution_id)",
    "dispositif_plafond": "{0}exercice",
    "allocation_lieu": "(SELECT exercice FROM allocation WHERE id = {0}allocation_id)",
}
#: Columns that say nothing of what was opened, decided, committed or paid.
_FREE = {
    "allocation": {"operateur_id", "convention_id", "caractere", "note", "statut", "cle"},
    "recette": {"mouvement_id"},
}


def install(conn: sqlite3.Connection) -> None:
    for sql in trigger_statements(conn):
        conn.execute(sql)


def trigger_statements(conn: sqlite3.Connection) -> Iterator[str]:
    """Three triggers a table: a row may neither enter a closed exercice, nor leave it, nor change in it.

    One more for what the exercice itself carries: the cash of the one before.
    """
    yield (
        "CREATE TRIGGER cloture_exercice_u BEFORE UPDATE OF annee, report ON exercice "
        f"WHEN OLD.statut = 'clos' AND NEW.statut = 'clos' BEGIN SELECT RAISE(ABORT, '{CLOS}'); END"
    )
    for table, year in _YEARS.items():
        names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        held = ", ".join(n for n in names if n not in _FREE.get(table, set()))
        for letter, event, rows in (
            ("i", "INSERT", ("NEW.",)),
            ("u", f"UPDATE OF {held}", ("OLD.", "NEW.")),
            ("d", "DELETE", ("OLD.",)),
        ):
            closed = " OR ".join(_closed(year.format(row)) for row in rows)
            yield (
                f"CREATE TRIGGER cloture_{table}_{letter} BEFORE {event} ON {table} "
                f"WHEN {closed} BEGIN SELECT RAISE(ABORT, '{CLOS}'); END"
            )


def refuse(conn: sqlite3.Connection, table: str, condition: str) -> None:
    """The same for whole sets of rows (``id`` meets ``condition``), written while the triggers are away."""
    year = _YEARS.get(table)
    if year is None:
        return
    sql = f"SELECT 1 FROM {table} x WHERE x.id {condition} AND {_closed(year.format('x.'))} LIMIT 1"
    if conn.execute("SELECT 1 FROM exercice WHERE statut = 'clos' LIMIT 1").fetchone() and conn.execute(sql).fetchone():
        raise sqlite3.IntegrityError(CLOS)


def _closed(year: str) -> str:
    return f"EXISTS (SELECT 1 FROM exercice WHERE annee = {year} AND statut = 'clos')"
