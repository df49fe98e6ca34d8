"""Each verification finds what was done behind the program's back, and nothing else."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.store import database, verifications
from firdesk.store.database import Base


def _behind_the_back(file: Path, *statements: str) -> Base:
    conn = sqlite3.connect(file)
    for sql in statements:
        conn.execute(sql)
    conn.commit()
    conn.close()
    return database.open_base(file)


TAMPERING = {
    "a row changed": (
        ["DROP TRIGGER journal_theme_u", "UPDATE theme SET libelle = 'x' WHERE id = 1"],
        ["trigger journal_theme_u : absent ou différent de l'attendu."],
        ["theme : 1 ligne(s) modifiée(s) sans passer par le journal."],
        [],
    ),
    "a row deleted": (
        ["DROP TRIGGER journal_theme_d", "DELETE FROM theme WHERE id = 1"],
        ["trigger journal_theme_d : absent ou différent de l'attendu."],
        ["theme : 1 ligne(s) effacée(s) sans passer par le journal."],
        [],
    ),
    "a column added": (
        ["ALTER TABLE theme ADD COLUMN x TEXT"],
        ["table theme : absent ou différent de l'attendu."],
        [],
        [],
    ),
    "an index dropped": (
        ["DROP INDEX journal_par_ligne"],
        ["index journal_par_ligne : absent ou différent de l'attendu."],
        [],
        [],
    ),
    "a table added": (["CREATE TABLE intruse (id INTEGER PRIMARY KEY)"], ["table intruse : inattendu."], [], []),
    "a sum changed": (
        ["INSERT INTO cumul_operateur (exercice, campagne, operateur_id, notifie) VALUES (2025, 2025, 1, 5)"],
        [],
        [],
        ["cumul_operateur : 1 ligne(s) diffère(nt) du recalcul."],
    ),
}


@pytest.mark.parametrize(("statements", "schema", "journal", "sums"), TAMPERING.values(), ids=TAMPERING)
def test_what_was_done_behind_the_back_is_found(
    file: Path, statements: list[str], schema: list[str], journal: list[str], sums: list[str]
) -> None:
    base = _behind_the_back(file, *statements)
    found = verifications.schema(base)
    assert set(schema) <= set(found)
    assert bool(found) == bool(schema)
    assert verifications.journal_complete(base) == journal
    assert verifications.summaries(base) == sums
    assert verifications.foreign_keys(base) == []
    base.close()


def test_a_broken_link_is_found(file: Path) -> None:
    base = _behind_the_back(
        file, "DROP TRIGGER journal_operateur_u", "UPDATE operateur SET departement = '99' WHERE id = 1"
    )
    assert verifications.foreign_keys(base) == ["operateur n° 1 renvoie à une ligne absente de departement."]
    base.close()


def test_a_sound_base_passes_every_verification(
    base: Base, fund: Callable[..., int], check: Callable[[Base], None]
) -> None:
    with base.operation("Créer"):
        fund(base, ("notification", 100))
    check(base)


def test_a_spoiled_page_is_found(file: Path) -> None:
    conn = sqlite3.connect(file)
    start = (conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'theme'").fetchone()[0] - 1) * 4096
    conn.close()
    body = bytearray(file.read_bytes())
    body[start : start + 8] = b"\x0d\xff\xff\xff\xff\xff\xff\xff"
    file.write_bytes(body)
    base = database.open_base(file)
    assert verifications.integrity(base) != []
    assert "reprendre une sauvegarde" in verifications.journal_complete(base)[0]
    base.close()
