"""Undo, redo and the refusals that name what stands in the way."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from firdesk.domain.problem import Annulation, Refus
from firdesk.store import bulk, database, insertion
from firdesk.store.database import Base
from firdesk.store.operations import Operations

Fund = Callable[..., int]
Content = Callable[[Base], object]
Check = Callable[[Base], None]


def _do(base: Base, label: str, *statements: str, nature: str = "saisie") -> int:
    with base.operation(label, nature=nature) as done:
        for sql in statements:
            base.conn.execute(sql)
    return done[0].operation


def _refusal(base: Base, number: int) -> str:
    with pytest.raises(Refus) as caught:
        Operations(base).undo(number)
    return caught.value.message


def test_undoing_puts_back_what_was_before(base: Base, fund: Fund, content: Content, check: Check) -> None:
    before = content(base)
    with base.operation("Créer") as done:
        number = fund(base, ("notification", 100), ("engagement", 90))
        base.conn.execute("UPDATE allocation SET objet = 'Deux fois dans la même opération' WHERE id = ?", (number,))
        base.conn.execute("UPDATE operateur SET departement = '80' WHERE id = 1")
    changes = Operations(base).undo(done[0].operation)
    assert content(base) == before
    assert changes.libelle == "Annuler : Créer"
    assert changes.tables == {"allocation", "mouvement", "operateur"}
    check(base)


def test_redoing_puts_the_change_back_and_it_can_be_undone_again(base: Base, fund: Fund, content: Content) -> None:
    operations = Operations(base)
    before = content(base)
    with base.operation("Créer"):
        fund(base, ("notification", 100))
    after = content(base)
    for _ in range(3):
        undo = operations.next_undo()
        assert undo is not None
        operations.undo(undo.id)
        assert content(base) == before
        redo = operations.next_redo()
        assert redo is not None
        assert operations.undo(redo.id).libelle == "Rétablir : Créer"
        assert content(base) == after
        assert operations.next_redo() is None


def test_undo_and_redo_walk_the_operations_in_order(base: Base) -> None:
    operations = Operations(base)
    for letter in "abc":
        _do(base, letter, f"UPDATE theme SET libelle = '{letter}' WHERE code = 'gem'")
    seen = []
    while (undo := operations.next_undo()) is not None:
        seen.append(undo.libelle)
        operations.undo(undo.id)
    while (redo := operations.next_redo()) is not None:
        seen.append(operations.undo(redo.id).libelle)
    assert seen == ["c", "b", "a", "Rétablir : a", "Rétablir : b", "Rétablir : c"]
    assert base.conn.execute("SELECT libelle FROM theme WHERE code = 'gem'").fetchone() == ("c",)


def test_a_new_operation_ends_what_could_be_redone(base: Base) -> None:
    operations = Operations(base)
    operations.undo(_do(base, "Un", "UPDATE theme SET libelle = 'x'"))
    _do(base, "Deux", "UPDATE theme SET libelle = 'y'")
    assert operations.next_redo() is None


def test_undo_survives_a_restart(base: Base, content: Content) -> None:
    before = content(base)
    _do(base, "Renommer", "UPDATE theme SET libelle = 'L''été'")
    base.close()
    again = database.open_base(base.path)
    operations = Operations(again)
    undo = operations.next_undo()
    assert undo is not None
    operations.undo(undo.id)
    assert content(again) == before
    again.close()


def test_undoing_a_redo_undoes_the_original(base: Base) -> None:
    operations = Operations(base)
    first = _do(base, "Renommer", "UPDATE theme SET libelle = 'x' WHERE code = 'gem'")
    redo = operations.undo(operations.undo(first).operation)
    assert operations.undo(redo.operation).libelle == "Annuler : Renommer"
    assert operations.get(first).annulee


def test_what_is_already_undone_or_redone_is_refused(base: Base) -> None:
    operations = Operations(base)
    first = _do(base, "Renommer", "UPDATE theme SET libelle = 'x' WHERE code = 'gem'")
    undo = operations.undo(first).operation
    assert "« Renommer » est déjà annulée" in _refusal(base, first)
    operations.undo(undo)
    assert "déjà annulée" in _refusal(base, undo)


def test_the_creation_of_the_base_cannot_be_undone(base: Base) -> None:
    assert "création de la base" in _refusal(base, 1)
    assert Operations(base).next_undo() is None


def test_an_unknown_operation_is_refused(base: Base) -> None:
    assert "pas d'opération n° 999" in _refusal(base, 999)


CONFLICTS = {
    "the row was changed again": (
        ["UPDATE theme SET libelle = 'a' WHERE code = 'gem'"],
        ["UPDATE theme SET libelle = 'b' WHERE code = 'gem'"],
    ),
    "the row was deleted": (
        ["UPDATE theme SET libelle = 'a' WHERE code = 'cls'"],
        ["DELETE FROM theme WHERE code = 'cls'"],
    ),
    "the new row has got children": (
        ["INSERT INTO operateur (id, nom, nom_normalise) VALUES (9, 'N', 'n')"],
        ["INSERT INTO operateur_alias (operateur_id, nature, valeur) VALUES (9, 'nom', 'M')"],
    ),
    "the new row is named by its code": (
        ["INSERT INTO theme (code, libelle, ordre) VALUES ('neuf', 'N', 3)"],
        ["INSERT INTO destination_theme (destination, theme) VALUES ('MI2-3-8', 'neuf')"],
    ),
    "the number of the deleted row was taken": (
        ["DELETE FROM operateur WHERE id = 3"],
        ["INSERT INTO operateur (id, nom, nom_normalise) VALUES (3, 'Autre', 'autre')"],
    ),
    "what must be unique was taken": (
        ["DELETE FROM theme WHERE code = 'cls'"],
        ["INSERT INTO theme (id, code, libelle, ordre) VALUES (77, 'cls', 'Autre', 3)"],
    ),
    "what must be unique was taken by a change": (
        ["UPDATE theme SET code = 'autre' WHERE code = 'cls'"],
        ["UPDATE theme SET code = 'cls' WHERE code = 'gem'"],
    ),
}


@pytest.mark.parametrize(("first", "second"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_later_change_stands_in_the_way_and_is_named(
    base: Base, content: Content, check: Check, first: list[str], second: list[str]
) -> None:
    before = content(base)
    one = _do(base, "Première", *first)
    two = _do(base, "Seconde", *second)
    after = content(base)
    message = _refusal(base, one)
    assert message.startswith("« Première » ne peut pas être annulée")
    assert "Annuler d'abord : « Seconde » (" in message
    assert content(base) == after
    Operations(base).undo(two)
    Operations(base).undo(one)
    assert content(base) == before
    check(base)


def test_a_parent_deleted_since_is_named(base: Base) -> None:
    _do(base, "Alias", "INSERT INTO operateur_alias (id, operateur_id, nature, valeur) VALUES (1, 3, 'nom', 'M')")
    gone = _do(base, "Sans alias", "DELETE FROM operateur_alias")
    _do(base, "Sans opérateur", "DELETE FROM operateur WHERE id = 3")
    assert "Annuler d'abord : « Sans opérateur »" in _refusal(base, gone)


def test_a_parent_named_by_its_code_and_gone_since_is_named(base: Base) -> None:
    _do(base, "Thème", "INSERT INTO destination_theme (id, destination, theme) VALUES (1, 'MI2-3-8', 'cls')")
    gone = _do(base, "Sans thème", "DELETE FROM destination_theme")
    _do(base, "Recoder", "UPDATE theme SET code = 'autre' WHERE code = 'cls'")
    assert "Annuler d'abord : « Recoder »" in _refusal(base, gone)


def test_when_an_undo_stands_in_the_way_the_refusal_says_what_to_redo(base: Base) -> None:
    created = _do(base, "Créer", "INSERT INTO operateur (id, nom, nom_normalise) VALUES (9, 'N', 'n')")
    _do(base, "Alias", "INSERT INTO operateur_alias (id, operateur_id, nature, valeur) VALUES (1, 9, 'nom', 'M')")
    gone = _do(base, "Sans alias", "DELETE FROM operateur_alias")
    operations = Operations(base)
    operations.undo(created)
    assert "Rétablir d'abord : « Créer »" in _refusal(base, gone)


def test_a_redo_that_is_refused_says_so(base: Base) -> None:
    operations = Operations(base)
    undo = operations.undo(_do(base, "Un", "UPDATE theme SET libelle = 'x' WHERE code = 'gem'")).operation
    _do(base, "Deux", "UPDATE theme SET libelle = 'y' WHERE code = 'gem'")
    message = _refusal(base, undo)
    assert message.startswith("« Un » ne peut pas être rétablie")
    assert "Annuler d'abord : « Deux »" in message


def test_an_older_operation_on_other_rows_is_undone_alone(base: Base, check: Check) -> None:
    first = _do(base, "Un", "UPDATE theme SET libelle = 'x' WHERE code = 'gem'")
    _do(base, "Deux", "UPDATE theme SET libelle = 'y' WHERE code = 'cls'")
    Operations(base).undo(first)
    assert base.conn.execute("SELECT code, libelle FROM theme ORDER BY code").fetchall() == [
        ("cls", "y"),
        ("gem", "GEM"),
    ]
    check(base)


def test_the_history_is_found_by_a_part_of_its_labels(base: Base) -> None:
    for label in ("Taux à 100 %", "Taux à 1000", "Import_1"):
        _do(base, label, f"UPDATE theme SET libelle = '{label}'")
    operations = Operations(base)
    assert [o.libelle for o in operations.recent(limit=2)] == ["Import_1", "Taux à 1000"]
    assert [o.libelle for o in operations.recent(texte="100 %")] == ["Taux à 100 %"]
    assert [o.libelle for o in operations.recent(texte="t_1")] == ["Import_1"]
    assert operations.recent(texte="\\") == []


def test_the_history_shows_each_field_before_and_after(base: Base) -> None:
    number = _do(base, "Renommer", "UPDATE theme SET libelle = 'L''été' WHERE code = 'gem'")
    (change,) = Operations(base).modifications(number)
    assert (change.table, change.ligne, change.champs) == ("theme", 1, ["libelle"])
    assert (change.avant["libelle"], change.apres["libelle"]) == ("GEM", "L'été")


# -- large imports, undone by sets -------------------------------------------------------------------------------


@pytest.fixture
def imported(base: Base) -> int:
    """An import of a few thousand rows, with one changed row in the middle."""
    many = 2 * bulk.WORTH + 17
    with base.operation("Importer", nature="import") as done:
        conn = base.conn
        conn.execute("UPDATE operateur SET commune = 'Laon' WHERE id = 1")
        with insertion.bulk_insert(conn, "allocation", "mouvement"):
            conn.executemany(
                "INSERT INTO allocation (id, exercice, numero, operateur_id, destination, theme, objet, cle) "
                "VALUES (?, 2025, ?, ?, 'MI2-3-8', ?, ?, ?)",
                [(i, i, 1 + i % 3, (None, "gem")[i % 2], f"l'action\n{i}", f"k{i}") for i in range(1, many)],
            )
            conn.executemany(
                "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (?, ?, 2025, ?)",
                [(i, ("notification", "retrait")[i % 2], i * 101) for i in range(1, many)],
            )
        conn.execute("UPDATE operateur SET commune = 'Amiens' WHERE id = 2")
    return done[0].operation


def test_a_large_import_is_undone_and_redone_exactly(base: Base, imported: int, content: Content, check: Check) -> None:
    after = content(base)
    operations = Operations(base)
    kinds = [(s.table, s.added) for s in bulk.segments(base.conn, imported)]
    assert kinds == [("", True), ("mouvement", True), ("allocation", True), ("", True)]
    undo = operations.undo(imported)
    assert base.conn.execute("SELECT COUNT(*) FROM allocation").fetchone() == (0,)
    check(base)
    operations.undo(undo.operation)
    assert content(base) == after
    check(base)


def test_undoing_by_sets_writes_the_same_journal_as_row_by_row(
    base: Base, imported: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = "SELECT format_id, ligne_id, avant, apres FROM journal WHERE operation_id = ? ORDER BY id"

    def undone() -> list[Any]:
        operations = Operations(base)
        undo = operations.undo(imported)
        rows = base.conn.execute(images, (undo.operation,)).fetchall()
        operations.undo(undo.operation)
        return rows

    by_sets = undone()
    monkeypatch.setattr(bulk, "WORTH", 1 << 60)
    assert undone() == by_sets


def test_one_row_changed_since_prevents_undoing_a_large_import(
    base: Base, imported: int, content: Content, check: Check
) -> None:
    _do(base, "Corriger", "UPDATE allocation SET objet = 'x' WHERE id = 1500")
    before = content(base)
    assert "Annuler d'abord : « Corriger »" in _refusal(base, imported)
    assert content(base) == before
    check(base)


def test_one_new_child_prevents_undoing_a_large_import(
    base: Base, imported: int, content: Content, check: Check
) -> None:
    _do(
        base,
        "Payer",
        "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (7, 'paiement', 2025, 1)",
    )
    before = content(base)
    assert "Annuler d'abord : « Payer »" in _refusal(base, imported)
    assert content(base) == before
    check(base)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO allocation (id, exercice, numero, operateur_id, destination) VALUES (1500, 2026, 1, 1, 'MI2-3-8')",
        "INSERT INTO allocation (exercice, numero, operateur_id, destination, cle) "
        "VALUES (2026, 1, 1, 'MI2-3-8', 'k70')",
    ],
    ids=["number", "unique key"],
)
def test_one_row_in_the_place_prevents_redoing_a_large_import(
    base: Base, imported: int, content: Content, check: Check, sql: str
) -> None:
    undo = Operations(base).undo(imported).operation
    _do(base, "Prendre la place", sql)
    before = content(base)
    message = _refusal(base, undo)
    assert "« Importer » ne peut pas être rétablie" in message
    assert "Annuler d'abord : « Prendre la place »" in message
    assert content(base) == before
    check(base)


def test_cancelling_an_undo_leaves_the_file_as_it_was(
    base: Base, imported: int, content: Content, check: Check
) -> None:
    before = content(base)
    seen: list[tuple[int, int]] = []

    def cancel(done: int, total: int) -> None:
        seen.append((done, total))
        if done:
            raise Annulation

    with pytest.raises(Annulation):
        Operations(base).undo(imported, cancel)
    assert content(base) == before
    assert seen[0][0] == 0
    assert 0 < seen[1][0] < seen[1][1]
    assert [o.annulee for o in Operations(base).recent()] == [False, False]
    check(base)


def test_a_refused_row_of_the_file_is_not_an_undo_in_disguise(base: Base) -> None:
    """A bug (a constraint broken by the program) stays an error: it is never said to be the user's."""
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), base.operation("Doublon"):
        base.conn.execute("INSERT INTO theme (code, libelle, ordre) VALUES ('gem', 'x', 1)")
