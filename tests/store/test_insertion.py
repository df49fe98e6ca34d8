"""Rows enter in any number; sets of new ones are checked, journaled and added up as if one by one."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from firdesk.domain.problem import Refus
from firdesk.store import database, insertion, journal
from firdesk.store.database import Base
from firdesk.store.operations import Operations


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


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO destination (exercice, code, niveau, libelle) VALUES (1999, 'x', 3, 'x')",
        "UPDATE operateur SET departement = '99' WHERE id = 3",
        "DELETE FROM departement WHERE code = '02'",
    ],
)
def test_keys_checked_last_are_checked(
    base: Base, content: Callable[[Base], object], check: Callable[[Base], None], sql: str
) -> None:
    before = content(base)
    refused = pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY")
    with refused, base.keys_last(), base.operation("Lot"):
        base.conn.execute(sql)
    assert content(base) == before
    check(base)


def test_keys_are_checked_at_once_again_after_an_operation_that_checked_them_last(base: Base) -> None:
    with base.keys_last(), base.operation("Lot"):
        base.conn.execute("INSERT INTO destination (exercice, code, niveau, libelle) VALUES (2027, 'x', 3, 'x')")
        base.conn.execute("INSERT INTO exercice (annee) VALUES (2027)")
    assert base.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), base.operation("Un"):
        base.conn.execute("DELETE FROM exercice WHERE annee = 2027")
