"""Many rows into a table, several a statement; whole sets of new rows checked, journaled and added up at once."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from graphlib import TopologicalSorter
from itertools import chain, islice

from firdesk.store import clotures, cumul_axes, cumul_engagements, cumuls, journal, plages

_ONLY_INSERTS = "seules des lignes nouvelles entrent en lot"
_ROWS = 200
#: From how many new rows each axis is added up anew at the end rather than by triggers.
_WORTH = 5_000
#: A condition that only some texts meet.
_LISTED = re.compile(r"(\w+) IN \('[^']*'(?:, '[^']*')*\)")
#: How many instructions SQLite runs between two looks at whether the user cancelled (some milliseconds).
TICK = 100_000


def insert_rows(conn: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Insert rows of as many values as ``columns``, in their order."""
    insert_patterned(conn, table, columns, [", ".join("?" * len(columns))], rows)


def insert_patterned(
    conn: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    patterns: Sequence[str],
    items: Iterable[Sequence[object]],
) -> None:
    """Insert for each item one row a pattern: values of the columns, with ``?`` or ``?1``, ``?2``… of the item.

    Less is bound, and Python does less, than with one item a row: half the time again.
    """
    pending = iter(items)
    first = next(pending, None)
    if first is None:
        return
    size = max(1, _ROWS // len(patterns))
    statement = partial(_statement, table, tuple(columns), tuple(patterns), len(first))
    last: list[Sequence[object]] = []

    def full() -> Iterator[list[object]]:
        whole = chain([first], pending)
        while chunk := list(islice(whole, size)):
            if len(chunk) < size:
                last.extend(chunk)
                return
            yield list(chain.from_iterable(chunk))

    conn.executemany(statement(size), full())
    if last:
        conn.executemany(statement(1), last)


@lru_cache(maxsize=64)
def _statement(table: str, columns: tuple[str, ...], patterns: tuple[str, ...], width: int, size: int) -> str:
    rows = [f"({_shifted(pattern, width * item)})" for item in range(size) for pattern in patterns]
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join(rows)}"


def _shifted(pattern: str, by: int) -> str:
    return re.sub(r"[?]([0-9]+)", lambda mark: f"?{int(mark[1]) + by}", pattern)


@contextmanager
def bulk_insert(conn: sqlite3.Connection, *names: str, indexes: Sequence[str] = ()) -> Iterator[None]:
    """Inside an operation, check, journal and add up whole sets of new rows at once instead of row by row.

    The block may only add rows to ``names``, with ids above those already there: their triggers are put away, the
    new rows are checked, journaled (parents first, so that undoing in reverse never meets a child) and accumulated,
    and the triggers come back. The indexes of the tables ``indexes`` are built again at the end, which pays where
    most rows are new. A block that raises takes the whole operation back.
    """
    if conn.execute(f"SELECT {journal.CURRENT}").fetchone()[0] is None:
        raise sqlite3.IntegrityError(journal.OUTSIDE)
    marks = {t: _highest(conn, t) for t in _parents_first(conn, names)}
    counts = {t: _count(conn, t) for t in marks}
    with triggers_away(conn, *names), _nothing_to_erase(conn):
        for table in marks:
            for letter, event in (("u", "UPDATE"), ("d", "DELETE")):
                conn.execute(
                    f"CREATE TRIGGER journal_lot_{table}_{letter} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_ONLY_INSERTS}'); END"
                )
        with _indexes_away(conn, indexes), _checked_afterwards(conn, marks):
            before = conn.total_changes
            yield
            added = {t: _count(conn, t, f"id > {mark}") for t, mark in marks.items()}
            if any(_count(conn, t) != counts[t] + added[t] for t in marks) or conn.total_changes - before != sum(
                added.values()
            ):
                raise sqlite3.IntegrityError(_ONLY_INSERTS)
        for table in marks:
            for letter in "ud":
                conn.execute(f"DROP TRIGGER journal_lot_{table}_{letter}")
        for table, mark in marks.items():
            clotures.refuse(conn, table, f"> {mark}")
            plages.record_runs(conn, table, f"SELECT id FROM {table} WHERE id > {mark}")
        if sum(added.values()) < _WORTH:
            cumuls.accumulate_above(conn, marks)
            return
        with triggers_away(conn, "cumul", *cumul_engagements.FED_BY):
            cumuls.accumulate_above(conn, marks)
            cumul_axes.refill(conn)
            if "mouvement" in marks:
                new = f"SELECT allocation_id FROM mouvement WHERE id > {marks['mouvement']}"
                cumul_engagements.follow(conn, f"IN ({new})")
                cumul_engagements.recount(conn)


@contextmanager
def interruptible(conn: sqlite3.Connection, check: Callable[[], None]) -> Iterator[None]:
    """Call ``check`` now and then, in the middle of long statements too: what it raises comes out of the block."""
    raised: list[BaseException] = []

    def tick() -> int:
        if not raised:
            try:
                check()
            except BaseException as error:  # an exception cannot cross SQLite: it interrupts, then comes out below
                raised.append(error)
                return 1
        return 0

    conn.set_progress_handler(tick, TICK)
    try:
        yield
    except sqlite3.OperationalError:
        if raised:
            raise raised[0] from None
        raise
    finally:
        conn.set_progress_handler(None, 0)


@contextmanager
def triggers_away(conn: sqlite3.Connection, *names: str) -> Iterator[None]:
    """Put the triggers of these tables away for the block, which journals and adds up by itself.

    A block that raises takes the whole operation back: no file can be left without its triggers.
    """
    put_away = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
        f"AND tbl_name IN ({','.join('?' * len(names))}) ORDER BY rowid",
        names,
    ).fetchall()
    try:
        for name, _ in put_away:
            conn.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in put_away:
            conn.execute(sql)
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


@contextmanager
def _nothing_to_erase(conn: sqlite3.Connection) -> Iterator[None]:
    """Rows are only added here, and sums counted anew: overwriting freed bytes would cost a fifth of the time to hide
    sums of what the file holds anyway.
    """
    conn.execute("PRAGMA secure_delete = OFF")
    try:
        yield
    finally:
        conn.execute("PRAGMA secure_delete = ON")


@contextmanager
def _indexes_away(conn: sqlite3.Connection, tables: Sequence[str]) -> Iterator[None]:
    """Build the indexes of these tables after the block rather than row by row."""
    put_away = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
        f"AND tbl_name IN ({','.join('?' * len(tables))}) ORDER BY rowid",
        tables,
    ).fetchall()
    for name, _ in put_away:
        conn.execute(f"DROP INDEX {name}")
    yield
    for _, sql in put_away:
        conn.execute(sql)


@contextmanager
def _checked_afterwards(conn: sqlite3.Connection, marks: dict[str, int]) -> Iterator[None]:
    """Check what the file asks of each row (CHECK constraints, no null character) once for all the rows above marks.

    The keys are checked row by row all the same.
    """
    conn.execute("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        conn.execute("PRAGMA ignore_check_constraints = OFF")
    for table, mark in marks.items():
        asked = checks(conn, table)
        wrong = {name: f"NOT ({condition})" for name, condition in asked.items()}
        wrong[journal.NUL] = _has_nul(conn, table, asked.values())
        anything = " OR ".join(wrong.values())
        if conn.execute(f"SELECT 1 FROM {table} WHERE id > {mark} AND ({anything}) LIMIT 1").fetchone():
            for name, condition in wrong.items():
                if conn.execute(f"SELECT 1 FROM {table} WHERE id > {mark} AND {condition} LIMIT 1").fetchone():
                    raise sqlite3.IntegrityError(name if name == journal.NUL else f"CHECK constraint failed: {name}")


def _has_nul(conn: sqlite3.Connection, table: str, conditions: Iterable[str]) -> str:
    """:func:`journal.has_nul` of rows that meet these conditions: not looked for in what has a list of values."""
    listed = {found[1] for condition in conditions if (found := _LISTED.fullmatch(condition))}
    texts = [row[1] for row in conn.execute(f"PRAGMA table_info({table})") if row[2] == "TEXT"]
    return " OR ".join(f"({text} <> '' AND instr({text}, char(0)))" for text in texts if text not in listed) or "0"


def checks(conn: sqlite3.Connection, table: str) -> dict[str, str]:
    """The CHECK constraints of a table, by name: every constraint of the schema has one."""
    (sql,) = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    found = {}
    for match in re.finditer(r"CONSTRAINT (\w+) CHECK \(", sql):
        depth, end = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        found[match[1]] = sql[match.end() : end - 1]
    return found


def _highest(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"SELECT IFNULL(MAX(id), 0) FROM {table}").fetchone()[0])


def _count(conn: sqlite3.Connection, table: str, condition: str = "true") -> int:
    return int(conn.execute(f"SELECT COUNT(*) FROM {table} WHERE {condition}").fetchone()[0])


def _parents_first(conn: sqlite3.Connection, names: Sequence[str]) -> list[str]:
    above = {name: {parent for parent, _ in journal.parents(conn, name)} & set(names) - {name} for name in names}
    return list(TopologicalSorter(above).static_order())
