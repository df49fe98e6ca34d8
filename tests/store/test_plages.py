"""Rows that enter as a set make one entry of the journal, and all that reads the journal still knows each of them."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk import paths
from firdesk.domain.problem import Refus
from firdesk.store import (
    bulk,
    clotures,
    cumul_axes,
    cumul_engagements,
    cumuls,
    database,
    insertion,
    migrations,
    obstacles,
    plages,
    verifications,
)
from firdesk.store.database import Base
from firdesk.store.imports import Imports
from firdesk.store.operations import Operations
from firdesk.store.provenances import Provenances

from .conftest import populate

Check = Callable[[Base], None]
Content = Callable[[Base], dict[str, list[object]]]
MANY = 30


def _import(base: Base, count: int = MANY) -> int:
    """Allocations 1 to ``count`` with a mouvement each, of the same number; returns the operation."""
    with base.operation("Importer", nature="import") as done:
        conn = base.conn
        with insertion.bulk_insert(conn, "allocation", "mouvement"):
            conn.executemany(
                "INSERT INTO allocation (id, exercice, numero, operateur_id, destination, objet) "
                "VALUES (?, 2025, ?, 1, 'MI2-3-8', ?)",
                [(i, i, f"l'action\n{i}") for i in range(1, count + 1)],
            )
            conn.executemany(
                "INSERT INTO mouvement (id, allocation_id, nature, exercice, montant, origine) "
                "VALUES (?, ?, 'notification', 2025, ?, 'import')",
                [(i, i, i * 101) for i in range(1, count + 1)],
            )
    return done[0].operation


def _do(base: Base, label: str, *statements: str) -> int:
    with base.operation(label) as done:
        for sql in statements:
            base.conn.execute(sql)
    return done[0].operation


@pytest.fixture(params=[1000, 1], ids=["row by row", "by sets"], autouse=True)
def worth(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "WORTH", request.param)


def test_a_set_of_new_rows_is_one_entry_of_the_journal(base: Base) -> None:
    number = _import(base)
    found = [(p.table, p.first, p.last) for p in plages.of_operation(base.conn, number)]
    assert found == [("allocation", 1, MANY), ("mouvement", 1, MANY)]
    assert base.conn.execute("SELECT COUNT(*) FROM journal WHERE operation_id = ?", (number,)).fetchone() == (2,)


def test_the_history_counts_and_tells_every_row_of_a_set(base: Base) -> None:
    operation = Operations(base).get(_import(base))
    assert operation.lignes == 2 * MANY
    told = Operations(base).modifications(operation.id, limit=MANY + 2)
    assert [(m.table, m.ligne) for m in told[-3:]] == [("allocation", MANY), ("mouvement", 1), ("mouvement", 2)]
    assert told[6].avant == {}
    assert told[6].apres["objet"] == "l'action\n7"


def test_numbers_with_gaps_make_several_entries(base: Base, check: Check) -> None:
    with base.operation("Lot") as done, insertion.bulk_insert(base.conn, "theme"):
        for number in (11, 12, 20, 22, 23):
            base.conn.execute(f"INSERT INTO theme (id, code, libelle, ordre) VALUES ({number}, 'c{number}', 'x', 1)")
    found = [(p.first, p.last) for p in plages.of_operation(base.conn, done[0].operation)]
    assert found == [(11, 12), (20, 20), (22, 23)]
    check(base)


def test_the_history_tells_what_a_row_held_when_it_entered(base: Base) -> None:
    number = _import(base)
    _do(base, "Corriger", "UPDATE allocation SET objet = 'corrigé' WHERE id = 7")
    _do(base, "Effacer", "DELETE FROM mouvement WHERE id = 8", "DELETE FROM allocation WHERE id = 8")
    told = {m.ligne: m.apres["objet"] for m in Operations(base).modifications(number) if m.table == "allocation"}
    assert (told[7], told[8], told[9]) == ("l'action\n7", "l'action\n8", "l'action\n9")


def test_a_set_is_undone_redone_and_undone_again(base: Base, content: Content, check: Check) -> None:
    before = content(base)
    number = _import(base)
    after = content(base)
    operations = Operations(base)
    for _ in range(2):
        undo = operations.undo(number)
        assert content(base) == before
        check(base)
        operations.undo(undo.operation)
        assert content(base) == after
        check(base)


def test_a_row_changed_then_changed_back_is_no_obstacle(base: Base, content: Content, check: Check) -> None:
    before = content(base)
    number = _import(base)
    _do(base, "Corriger", "UPDATE allocation SET objet = 'x' WHERE id = 7")
    _do(base, "Remettre", "UPDATE allocation SET objet = 'l''action\n7' WHERE id = 7")
    _do(base, "Effacer", "DELETE FROM mouvement WHERE id = 8")
    _do(
        base,
        "Retaper",
        "INSERT INTO mouvement (id, allocation_id, nature, exercice, montant, origine) "
        "VALUES (8, 8, 'notification', 2025, 808, 'import')",
    )
    Operations(base).undo(number)
    assert content(base) == before
    check(base)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("UPDATE allocation SET objet = 'x' WHERE id = 7", {("allocation", 7)}),
        ("DELETE FROM mouvement WHERE id = 7", {("mouvement", 7)}),
        (
            "INSERT INTO mouvement (id, allocation_id, nature, exercice, montant) VALUES (99, 7, 'paiement', 2025, 1)",
            {("mouvement", 99)},
        ),
    ],
    ids=["changed", "deleted", "with a new child"],
)
def test_what_was_done_since_to_a_row_of_a_set_stands_in_the_way(
    base: Base, content: Content, check: Check, sql: str, rows: set[tuple[str, int]]
) -> None:
    number = _import(base)
    later = _do(base, "Intervenir", sql)
    before = content(base)
    with pytest.raises(Refus, match="Annuler d'abord : « Intervenir »"):
        Operations(base).undo(number)
    assert content(base) == before
    assert obstacles.following(base.conn, number) == {later: rows}
    check(base)


def test_a_set_that_hangs_on_another_stands_in_its_way(base: Base) -> None:
    number = _import(base)
    with base.operation("Payer", nature="import") as done, insertion.bulk_insert(base.conn, "mouvement"):
        base.conn.executemany(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (?, 'paiement', 2025, 1)",
            [(3,), (4,)],
        )
    (later,) = [c.operation for c in done]
    assert obstacles.following(base.conn, number) == {later: {("mouvement", MANY + 1), ("mouvement", MANY + 2)}}
    with pytest.raises(Refus, match="Annuler d'abord : « Payer »"):
        Operations(base).undo(number)


def test_a_set_that_took_the_numbers_of_an_undone_one_keeps_it_from_being_redone(base: Base) -> None:
    undo = Operations(base).undo(_import(base)).operation
    later = _import(base, 4)
    assert set(obstacles.following(base.conn, undo)) == {later}
    assert ("allocation", 4) in obstacles.following(base.conn, undo)[later]
    with pytest.raises(Refus, match="Annuler d'abord : « Importer »"):
        Operations(base).undo(undo)


def test_a_correction_is_known_beside_what_the_set_held(base: Base) -> None:
    _import(base)
    _do(
        base,
        "Corriger",
        "UPDATE allocation SET objet = 'x' WHERE id = 7",
        "UPDATE mouvement SET montant = 5 WHERE id = 8",
    )
    _do(base, "Corriger encore", "UPDATE allocation SET objet = 'y' WHERE id = 7")
    assert Imports(base).corrections() == {7: {"objet": "l'action\n7"}, 8: {"mouvement:notification": 808}}


def test_the_steps_of_an_amount_begin_with_the_set_that_brought_it(base: Base) -> None:
    number = _import(base)
    later = _do(base, "Corriger", "UPDATE mouvement SET montant = 5 WHERE id = 8")
    steps = Provenances(base).du_mouvement(8)
    assert [(s.operation, s.montant) for s in steps] == [(later, 5), (number, 808)]
    assert [(s.operation, s.montant) for s in Provenances(base).du_mouvement(9)] == [(number, 909)]


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["DROP TRIGGER journal_mouvement_d", "DELETE FROM mouvement WHERE id IN (5, 6)"], "2 ligne(s) effacée(s)"),
        (
            [
                "DROP TRIGGER journal_mouvement_i",
                "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (1, 'saisie', 2025, 0)",
            ],
            "1 ligne(s) modifiée(s)",
        ),
        (
            ["DROP TRIGGER journal_mouvement_u", "UPDATE mouvement SET reference = 'x' WHERE id = 9"],
            "1 ligne(s) modifiée(s)",
        ),
    ],
    ids=["deleted", "added", "changed after a change"],
)
def test_the_verification_finds_what_the_journal_of_a_set_does_not_tell(
    base: Base, statements: list[str], said: str
) -> None:
    _import(base)
    _do(base, "Corriger", "UPDATE mouvement SET montant = 5 WHERE id = 9", "DELETE FROM mouvement WHERE id = 8")
    path = base.path
    base.close()
    conn = sqlite3.connect(path)
    for sql in statements:
        conn.execute(sql)
    conn.commit()
    conn.close()
    base = database.open_base(path)
    assert verifications.journal_complete(base) == [f"mouvement : {said} sans passer par le journal."]
    base.close()


@pytest.mark.parametrize("later", [["000[2-9]*"], ["000[3-9]*"], ["0005*"]], ids=["format 1", "format 2", "format 4"])
def test_an_import_of_a_former_format_is_still_undone_and_redone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Content, check: Check, later: list[str]
) -> None:
    path = tmp_path / "ancienne.firdesk"
    with monkeypatch.context() as former:
        folder = tmp_path / "migrations"
        shutil.copytree(paths.MIGRATIONS, folder, ignore=shutil.ignore_patterns(*later))
        former.setattr(paths, "MIGRATIONS", folder)
        former.setattr(plages, "COUNT", "1")
        for summary in (cumuls, cumul_axes, cumul_engagements):  # they name columns that the former format has not
            former.setattr(summary, "trigger_statements", list)
        former.setattr(clotures, "trigger_statements", lambda _conn: [])
        former.setattr(cumuls, "rebuild", lambda _conn: None)
        database.create(path, populate)
        base = database.open_base(path)
        with base.operation("Importer", nature="import") as done:
            base.conn.executemany(
                "INSERT INTO allocation (id, exercice, numero, operateur_id, destination) "
                "VALUES (?, 2025, ?, 1, 'MI2-3-8')",
                [(i, i) for i in range(1, MANY)],
            )
            base.conn.execute(
                "INSERT INTO mouvement (allocation_id, nature, exercice, montant) "
                "SELECT id, 'notification', 2025, 101 * id FROM allocation"
            )
        base.close()
    assert migrations.latest() > 2
    base = database.open_base(path)
    check(base)
    after = content(base)
    undo = Operations(base).undo(done[0].operation)
    assert base.conn.execute("SELECT COUNT(*) FROM allocation").fetchone() == (0,)
    Operations(base).undo(undo.operation)
    assert content(base) == after
    check(base)
    base.close()
