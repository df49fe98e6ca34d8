"""The schema is numbered SQL files; an older file is backed up, then brought up to date in one transaction."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk import paths
from firdesk.store import backups, database, journal, migrations, schema
from firdesk.store.database import Base
from firdesk.store.operations import Operations

NEXT = "ALTER TABLE theme ADD COLUMN couleur TEXT NOT NULL DEFAULT 'gris';\n"
CONSTRAINT = re.compile(r"CONSTRAINT \w+ (?:UNIQUE|CHECK|FOREIGN KEY|PRIMARY KEY|REFERENCES)\b")
ANY = re.compile(r"\b(?:UNIQUE|CHECK|FOREIGN KEY|REFERENCES|PRIMARY KEY)\b")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program that knows one more migration."""
    folder = tmp_path / "migrations"
    shutil.copytree(paths.MIGRATIONS, folder)
    (folder / f"{migrations.latest() + 1:04d}_ajouter_couleur.sql").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(paths, "MIGRATIONS", folder)
    return folder


def _tables(base: Base) -> dict[str, str]:
    rows = base.conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    return dict(rows.fetchall())


def test_every_table_is_strict(base: Base) -> None:
    assert [name for name, sql in _tables(base).items() if not re.search(r"\) STRICT(, WITHOUT ROWID)?$", sql)] == []


def test_every_constraint_has_a_name(base: Base) -> None:
    unnamed = []
    for name, sql in _tables(base).items():
        for line in sql.splitlines()[1:]:
            own_key = re.search(r"\bid INTEGER PRIMARY KEY,", line)
            if ANY.search(line) and not CONSTRAINT.search(line) and not own_key:
                unnamed.append(f"{name}: {line.strip()}")
    assert unnamed == []


def test_every_foreign_key_restricts_deletion(base: Base) -> None:
    for name in _tables(base):
        for key in base.conn.execute(f"PRAGMA foreign_key_list({name})"):
            assert key[6] == "RESTRICT", (name, key)


def test_every_amount_of_facts_is_bounded_by_the_file(base: Base) -> None:
    with base.operation("Ouvrir"):
        base.conn.execute("INSERT INTO budget_version (id, exercice, code, ordre) VALUES (1, 2025, 'BI', 1)")
    sql = "INSERT INTO budget_ligne (version_id, destination, ae, cp) VALUES (1, 'MI2', 10000000000000000, 0)"
    with pytest.raises(sqlite3.IntegrityError, match="budget_ligne_ae_bornee"), base.operation("Trop"):
        base.conn.execute(sql)


def test_the_dump_of_the_schema_is_up_to_date() -> None:
    written = schema.FILE.read_text(encoding="utf-8")
    assert written == schema.dump(), "run: python -m firdesk.store.schema"


def test_an_older_file_is_backed_up_then_migrated(file: Path, newer: Path, check: Callable[[Base], None]) -> None:
    old = migrations.latest() - 1
    base = database.open_base(file)
    assert base.conn.execute("PRAGMA user_version").fetchone() == (old + 1,)
    assert base.conn.execute("SELECT DISTINCT couleur FROM theme").fetchall() == [("gris",)]
    check(base)
    base.close()
    (copy,) = backups.folder(file).iterdir()
    conn = sqlite3.connect(copy)
    assert conn.execute("PRAGMA user_version").fetchone() == (old,)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()


def test_what_was_done_before_a_migration_can_still_be_undone(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    base = database.open_base(file)
    with base.operation("Renommer") as done:
        base.conn.execute("UPDATE theme SET libelle = 'Avant' WHERE code = 'gem'")
    with base.operation("Effacer") as erased:
        base.conn.execute("DELETE FROM theme WHERE code = 'cls'")
    base.close()
    request.getfixturevalue("newer")
    base = database.open_base(file)
    Operations(base).undo(done[0].operation)
    Operations(base).undo(erased[0].operation)
    rows = base.conn.execute("SELECT code, libelle, couleur FROM theme ORDER BY code").fetchall()
    assert rows == [("cls", "CLS", "gris"), ("gem", "GEM", "gris")]
    request.getfixturevalue("check")(base)
    base.close()


def test_a_migrated_table_journals_its_new_column(file: Path, newer: Path, check: Callable[[Base], None]) -> None:
    base = database.open_base(file)
    with base.operation("Peindre") as done:
        base.conn.execute("UPDATE theme SET couleur = 'bleu' WHERE code = 'gem'")
    (change,) = Operations(base).modifications(done[0].operation)
    assert (change.avant["couleur"], change.apres["couleur"]) == ("gris", "bleu")
    check(base)
    base.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(file: Path, newer: Path) -> None:
    (last,) = newer.glob("*_ajouter_couleur.sql")
    last.write_text(NEXT + "INSERT INTO nulle_part VALUES (1);\n", encoding="utf-8")
    before = file.read_bytes()
    with pytest.raises(sqlite3.OperationalError, match="nulle_part"):
        database.open_base(file)
    assert file.read_bytes() == before
    assert not database.lock_file(file).exists()


def test_a_migration_interrupted_by_a_crash_is_taken_back_and_done_again(file: Path, newer: Path) -> None:
    """The header on disk announces the new format while the journal beside it still holds the old one."""
    crashed = file.with_name("plantee.firdesk")
    conn = sqlite3.connect(file, isolation_level=None)
    conn.execute("PRAGMA cache_size = 5")  # so that the old pages reach the journal on disk before the commit
    conn.execute("BEGIN IMMEDIATE")
    conn.execute(f"PRAGMA user_version = {migrations.latest()}")
    conn.execute("CREATE TABLE gros (x)")
    conn.executemany("INSERT INTO gros VALUES (?)", [("x" * 4000,) for _ in range(200)])
    shutil.copy(f"{file}-journal", f"{crashed}-journal")
    conn.execute("COMMIT")
    conn.close()
    shutil.copy(file, crashed)
    base = database.open_base(crashed)
    assert base.conn.execute("SELECT name FROM sqlite_master WHERE name = 'gros'").fetchone() is None
    assert base.conn.execute("SELECT DISTINCT couleur FROM theme").fetchall() == [("gris",)]
    base.close()


@pytest.mark.parametrize("name", ["0002_x.sql", "2_ajouter_x.sql", "0003_ajouter_x.sql", "0002-ajouter-x.sql"])
def test_a_migration_with_a_wrong_name_or_number_stops_everything(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "0001_creer_socle.sql").write_text("SELECT 1;", encoding="utf-8")
    (tmp_path / name).write_text("SELECT 1;", encoding="utf-8")
    monkeypatch.setattr(paths, "MIGRATIONS", tmp_path)
    with pytest.raises(RuntimeError, match="migration"):
        migrations.latest()


def test_migrating_regenerates_every_trigger(file: Path, newer: Path) -> None:
    base = database.open_base(file)
    triggers = {name for (name,) in base.conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert {f"journal_{t}_{x}" for t in journal.tables(base.conn) for x in "iud"} <= triggers
    base.close()
