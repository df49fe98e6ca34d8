"""Nothing is written outside an operation, every image reads back, bulk inserts leave what single ones would."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.problem import Refus
from firdesk.store import database, insertion, journal
from firdesk.store.database import Base
from firdesk.store.operations import Operations

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


# -- sets of new rows --------------------------------------------------------------------------------------------


def _rows(count: int) -> tuple[list[Any], list[Any], list[Any]]:
    natures = ["notification", "engagement", "retrait", "paiement", "reprise", "saisie", "demande", "validation"]
    allocations = [
        (
            i,
            2024 + i % 3,
            i,
            1 + i % 3,
            f"MI2-3-{8 + i % 2}",
            (None, "gem", "cls")[i % 3],
            (None, "SAN")[i % 2],
            f"O'{i}",
        )
        for i in range(1, count + 1)
    ]
    lignes = [(i, 1, "Feuil1", i, "nouvelle", i) for i in range(1, count + 1)]
    mouvements = [(1 + i % count, natures[i % 8], 2024 + i % 3, i * 37 - 500, 1 + i % count) for i in range(3 * count)]
    return allocations, lignes, mouvements


def _insert(base: Base, count: int = 40) -> None:
    allocations, lignes, mouvements = _rows(count)
    conn = base.conn
    conn.execute(
        "INSERT INTO import_lot (id, fichier, sha256, taille, feuille, profil, importe_le, exercices, lues, nouvelles, "
        "modifiees, inchangees, disparues, rejetees, ignorees, reparees, total_fichier, total_importe) "
        "VALUES (1, 'f', 's', 1, 'x', 'p', 'd', '2025', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)"
    )
    conn.executemany(
        "INSERT INTO allocation (id, exercice, numero, operateur_id, destination, theme, enveloppe, objet) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        allocations,
    )
    conn.executemany("INSERT INTO import_ligne VALUES (?, ?, ?, ?, ?, ?)", lignes)
    conn.executemany(
        "INSERT INTO mouvement (allocation_id, nature, exercice, montant, ligne_id) VALUES (?, ?, ?, ?, ?)", mouvements
    )


TABLES = ("mouvement", "import_ligne", "allocation", "import_lot")


def test_rows_added_in_bulk_are_journaled_and_added_up_as_one_by_one(
    file: Path, tmp_path: Path, content: Callable[[Base], object], check: Callable[[Base], None]
) -> None:
    other = tmp_path / "autre.firdesk"
    other.write_bytes(file.read_bytes())
    found = []
    for path, bulk in ((file, True), (other, False)):
        base = database.open_base(path)
        with base.operation("Importer") as done:
            if bulk:
                with insertion.bulk_insert(base.conn, *TABLES):
                    _insert(base)
            else:
                _insert(base)
        check(base)
        told = Operations(base).modifications(done[0].operation, limit=1000)
        found.append((content(base), sorted(told, key=lambda m: (m.table, m.ligne))))
        base.close()
    assert found[0] == found[1]


def test_a_bulk_insert_after_others_adds_to_the_sums(base: Base, check: Callable[[Base], None]) -> None:
    with base.operation("Un"), insertion.bulk_insert(base.conn, *TABLES):
        _insert(base)
    with base.operation("Deux"), insertion.bulk_insert(base.conn, "mouvement"):
        base.conn.execute(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (1, 'reprise', 2025, 7)"
        )
    with base.operation("Trois"):
        with insertion.bulk_insert(base.conn, "allocation"):
            base.conn.execute(
                "INSERT INTO allocation (exercice, numero, operateur_id, destination) VALUES (2025, 99, 2, 'MI2-3-8')"
            )
        base.conn.execute(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) "
            "SELECT MAX(id), 'saisie', 2025, 5 FROM allocation"
        )
        base.conn.execute("UPDATE operateur SET departement = '80' WHERE id = 1")
    check(base)


def test_an_empty_bulk_insert_leaves_no_trace(base: Base, check: Callable[[Base], None]) -> None:
    with base.operation("Rien") as done, insertion.bulk_insert(base.conn, *TABLES):
        pass
    assert done == []
    check(base)


def test_a_bulk_insert_outside_an_operation_is_refused(base: Base, check: Callable[[Base], None]) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="hors opération"), insertion.bulk_insert(base.conn, "theme"):
        pass
    check(base)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE theme SET libelle = 'x'",
        "DELETE FROM theme",
        "INSERT OR REPLACE INTO theme (id, code, libelle, ordre) VALUES (1, 'gem', 'x', 1)",
        "INSERT INTO theme (id, code, libelle, ordre) VALUES (-1, 'x', 'x', 1)",
        "INSERT INTO mission (code, libelle, libelle_court) VALUES ('9', 'x', 'x')",
    ],
)
def test_a_bulk_insert_accepts_only_new_rows(base: Base, sql: str, check: Callable[[Base], None]) -> None:
    refused = pytest.raises(sqlite3.IntegrityError, match="lignes nouvelles")
    with refused, base.operation("Lot"), insertion.bulk_insert(base.conn, "theme"):
        base.conn.execute(sql)
    check(base)


def test_a_bulk_insert_refuses_a_null_character_too(base: Base, check: Callable[[Base], None]) -> None:
    with pytest.raises(Refus, match="caractère nul"), base.operation("Lot"), insertion.bulk_insert(base.conn, "theme"):
        base.conn.execute("INSERT INTO theme (code, libelle, ordre) VALUES ('x', ?, 1)", ("a\x00b",))
    check(base)


def _fail_in_bulk(base: Base) -> None:
    with insertion.bulk_insert(base.conn, *TABLES):
        _insert(base)
        raise ZeroDivisionError


def test_a_bulk_insert_that_raises_takes_the_operation_back(
    base: Base, content: Callable[[Base], object], check: Callable[[Base], None]
) -> None:
    before = content(base)
    with pytest.raises(ZeroDivisionError), base.operation("Lot"):
        _fail_in_bulk(base)
    assert content(base) == before
    check(base)


def test_swallowing_the_error_of_a_bulk_insert_cannot_leave_a_file_without_triggers(
    base: Base, content: Callable[[Base], object], check: Callable[[Base], None]
) -> None:
    before = content(base)
    with pytest.raises(RuntimeError, match="taken back"), base.operation("Lot"), suppress(ZeroDivisionError):
        _fail_in_bulk(base)
    assert content(base) == before
    check(base)


def test_a_bulk_block_gives_back_the_erasing_of_deleted_bytes(base: Base) -> None:
    with base.operation("lot"), insertion.bulk_insert(base.conn, "allocation"):
        assert base.conn.execute("PRAGMA secure_delete").fetchone() == (0,)
    assert base.conn.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_a_bulk_block_checks_what_the_file_asks_of_each_row(
    base: Base, content: Callable[[Base], object], check: Callable[[Base], None]
) -> None:
    before = content(base)
    refused = pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed: exercice_annee_plausible")
    with refused, base.operation("Lot"), insertion.bulk_insert(base.conn, "exercice"):
        base.conn.execute("INSERT INTO exercice (annee) VALUES (2027), (1999)")
    assert content(base) == before
    check(base)
    with pytest.raises(sqlite3.IntegrityError, match="exercice_annee_plausible"), base.operation("Un"):
        base.conn.execute("INSERT INTO exercice (annee) VALUES (1999)")


def test_a_bulk_block_checks_the_keys(base: Base, check: Callable[[Base], None]) -> None:
    refused = pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY")
    with refused, base.operation("Lot"), insertion.bulk_insert(base.conn, "destination"):
        base.conn.execute("INSERT INTO destination (exercice, code, niveau, libelle) VALUES (1999, 'x', 3, 'x')")
    check(base)


def test_every_check_of_the_schema_is_known(base: Base) -> None:
    for table in journal.tables(base.conn):
        (sql,) = base.conn.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        found = insertion.checks(base.conn, table)
        assert len(found) == sql.count("CHECK")
        for condition in found.values():
            base.conn.execute(f"SELECT {condition} FROM {table}")


def test_indexes_put_away_for_a_bulk_block_come_back(base: Base, check: Callable[[Base], None]) -> None:
    with base.operation("Lot"), insertion.bulk_insert(base.conn, *TABLES, indexes=["allocation"]):
        assert base.conn.execute(
            "SELECT COUNT(*) FROM pragma_index_list('allocation') WHERE origin = 'c'"
        ).fetchone() == (0,)
        _insert(base)
    check(base)


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 130])
def test_rows_are_inserted_whatever_their_number(base: Base, count: int) -> None:
    with base.operation("Lot"):
        base.conn.execute("UPDATE theme SET libelle = 'x'")
        insertion.insert_rows(
            base.conn, "theme", ["code", "libelle", "ordre"], ((f"c{i}", "x", i) for i in range(count))
        )
    rows = base.conn.execute(
        "SELECT code, ordre FROM theme WHERE code LIKE 'c%' AND code <> 'cls' ORDER BY id"
    ).fetchall()
    assert rows == [(f"c{i}", i) for i in range(count)]


@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 60])
def test_an_item_may_make_several_rows(base: Base, count: int) -> None:
    patterns = ["'a' || ?1, ?2, 1", "'b' || ?1, 'x', ?1 + 5"]
    with base.operation("Lot"):
        base.conn.execute("UPDATE theme SET libelle = 'x'")
        insertion.insert_patterned(
            base.conn, "theme", ["code", "libelle", "ordre"], patterns, ((i, f"l{i}") for i in range(count))
        )
    rows = base.conn.execute("SELECT code, libelle, ordre FROM theme WHERE id > 2 ORDER BY id").fetchall()
    assert rows == [row for i in range(count) for row in ((f"a{i}", f"l{i}", 1), (f"b{i}", "x", i + 5))]
