"""Nothing is written outside an operation, and every image reads back."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.problem import Refus
from firdesk.store import journal
from firdesk.store.database import Base

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])) | st.sampled_from(
    ["'", "''", "','", "NULL", "X'00'", "1,2", "a\nb\r\n", "é\u202f\U0001f600", ""]
)
VALUES = st.none() | st.integers(-(2**63), 2**63 - 1) | TEXTS | st.binary(max_size=20)

WRITES = [
    "INSERT INTO theme (code, libelle, ordre) VALUES ('x', 'x', 1)",
    "UPDATE theme SET libelle = 'x'",
    "DELETE FROM theme",
    "INSERT OR REPLACE INTO theme (id, code, libelle, ordre) VALUES (1, 'gem', 'x', 1)",
]


def _entries(base: Base) -> list[tuple[Any, ...]]:
    return base.conn.execute("SELECT operation_id, format_id, ligne_id, avant, apres FROM journal").fetchall()


@pytest.mark.parametrize("sql", WRITES)
def test_a_write_outside_an_operation_is_refused_by_the_file(base: Base, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="hors opération"):
        base.conn.execute(sql)


@pytest.mark.parametrize("sql", WRITES)
def test_another_program_cannot_write_outside_an_operation_either(file: Path, sql: str) -> None:
    conn = sqlite3.connect(file)
    with pytest.raises(sqlite3.IntegrityError, match="hors opération"):
        conn.execute(sql)
    conn.close()


def test_every_table_of_facts_is_guarded(base: Base) -> None:
    for table in journal.tables(base.conn):
        triggers = {
            name
            for (name,) in base.conn.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
            )
        }
        assert {f"journal_{table}_{letter}" for letter in "iud"} <= triggers


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET avant = 'x'",
        "DELETE FROM journal",
        "DELETE FROM operation",
        "UPDATE operation SET libelle = 'x'",
        "UPDATE operation SET faite_le = 'x'",
    ],
)
def test_the_journal_is_neither_changed_nor_erased(base: Base, sql: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="le journal ne s"), base.operation("Essai"):
        base.conn.execute(sql)


def test_an_update_that_changes_nothing_leaves_no_trace(base: Base) -> None:
    before = _entries(base)
    operations = base.conn.execute("SELECT COUNT(*) FROM operation").fetchone()
    with base.operation("Rien") as done:
        base.conn.execute("UPDATE theme SET libelle = libelle, ordre = ordre")
    assert done == []
    assert _entries(base) == before
    assert base.conn.execute("SELECT COUNT(*) FROM operation").fetchone() == operations


def test_an_operation_says_its_number_its_label_and_its_tables(base: Base) -> None:
    with base.operation("Deux tables") as done:
        base.conn.execute("UPDATE theme SET libelle = 'x'")
        base.conn.execute("UPDATE operateur SET commune = 'Laon' WHERE id = 1")
    (changes,) = done
    assert (changes.operation, changes.libelle) == (2, "Deux tables")
    assert changes.tables == {"theme", "operateur"}


def test_a_replaced_row_is_journaled_as_deleted_and_added(base: Base) -> None:
    with base.operation("Remplacer") as done:
        base.conn.execute("INSERT OR REPLACE INTO theme (id, code, libelle, ordre) VALUES (9, 'gem', 'x', 1)")
    entries = [e for e in _entries(base) if e[0] == done[0].operation]
    assert sorted((row, before is None) for _, _, row, before, _ in entries) == [(1, False), (9, True)]


def test_a_row_never_changes_its_number(base: Base) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="numéro"), base.operation("Renuméroter"):
        base.conn.execute("UPDATE theme SET id = 99 WHERE code = 'cls'")


def test_an_operation_inside_another_is_a_bug(base: Base) -> None:
    with base.operation("Dehors"), pytest.raises(RuntimeError, match="inside another"), base.operation("Dedans"):
        pass


def test_an_operation_that_raises_leaves_the_file_as_it_was(base: Base) -> None:
    before = _entries(base)

    def fail() -> None:
        with base.operation("Raté"):
            base.conn.execute("UPDATE theme SET libelle = 'x'")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert base.conn.execute("SELECT COUNT(*) FROM theme WHERE libelle = 'x'").fetchone() == (0,)
    assert _entries(base) == before
    assert not base.conn.in_transaction


def test_an_operation_that_cannot_begin_does_not_prevent_the_next(base: Base) -> None:
    base.conn.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError), base.operation("Impossible"):
        pass
    with base.operation("Possible") as done:
        base.conn.execute("UPDATE theme SET libelle = 'x'")
    assert len(done) == 1


@given(st.lists(VALUES, min_size=1, max_size=8))
def test_an_image_reads_back_to_its_values(values: list[journal.Value]) -> None:
    kinds = {str: "TEXT", int: "INTEGER", float: "REAL", bytes: "BLOB"}
    columns = [f"c{i} {kinds.get(type(v), 'TEXT')}" for i, v in enumerate(values)]
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, {', '.join(columns)}) STRICT")
    conn.execute(f"INSERT INTO t VALUES (7, -3, {', '.join('?' * len(values))})", values)
    (image,) = conn.execute(f"SELECT {journal.image(conn, 't')} FROM t").fetchone()
    (quoted,) = conn.execute(
        "SELECT " + "||','||".join(f"quote({name})" for name in journal.columns(conn, "t")) + " FROM t"
    ).fetchone()
    conn.close()
    assert journal.parse_image(image) == [7, -3, *values]
    assert image == quoted


@pytest.mark.parametrize("text", ["", "1,", ",1", "abc", "'a", "1 2", "'a'b", "DROP TABLE x", "NULLNULL"])
def test_what_is_no_image_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="image"):
        journal.parse_image(text)


@given(text=TEXTS)
def test_any_text_is_kept_and_journaled_whole(text: str) -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT NOT NULL) STRICT")
    conn.execute("INSERT INTO t VALUES (1, ?)", (text,))
    (image,) = conn.execute(f"SELECT {journal.image(conn, 't')} FROM t").fetchone()
    assert journal.parse_image(image) == [1, text]
    assert conn.execute(f"SELECT {journal.has_nul(conn, 't')} FROM t").fetchone() == (0,)
    conn.close()


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO theme (code, libelle, ordre) VALUES ('x', ?, 1)",
        "UPDATE theme SET libelle = ?",
        "UPDATE operateur SET commune = ?",
    ],
)
def test_a_text_with_a_null_character_is_refused_since_the_journal_would_lose_its_end(base: Base, sql: str) -> None:
    with pytest.raises(Refus, match="caractère nul"), base.operation("Nul"):
        base.conn.execute(sql, ("début\x00fin",))
    assert base.conn.execute("SELECT COUNT(*) FROM theme WHERE instr(libelle, char(0))").fetchone() == (0,)
