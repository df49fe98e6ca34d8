"""An import after it was written: remembered for ever, taken back with what depends on it, done again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Refus
from firdesk.services import allocations
from firdesk.services.importing import lots, run
from firdesk.services.session import Session
from tests.services.importing.conftest import contenu
from tests.services.importing.fichiers import stars, write_stars

Importer = Callable[..., Lot]


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    return write_stars(tmp_path / "envoi.csv", [stars(n) for n in range(1, 11)])


def change(session: Session, row: int, objet: str) -> int:
    """Correct the object of one line by hand; the operation."""
    number = session.allocations.ids(Filtre(), tri="reference")[row]
    draft = allocations.brouillon(session, number)
    assert draft is not None
    allocations.save(session, replace(draft, allocation=replace(draft.allocation, objet=objet)))
    return session.operations.recent(limit=1)[0].id


def operation_of(session: Session, lot: Lot) -> int:
    number = session.imports.operation_of(lot.id or 0)
    assert number is not None
    return number


def test_an_import_knows_its_operation_and_who_wrote_it(session: Session, importer: Importer, ten: Path) -> None:
    lot = importer(ten)
    found = lots.suivi(session, lot.id or 0)
    assert found is not None
    assert (found.lot.fichier, found.operation, found.en_vigueur) == ("envoi.csv", operation_of(session, lot), True)
    assert found.auteur == session.operations.get(found.operation or 0).auteur


def test_an_undone_import_is_still_listed_with_its_figures_and_findings(
    session: Session, importer: Importer, tmp_path: Path
) -> None:
    lot = importer(write_stars(tmp_path / "a.csv", [stars(1), stars(2, notifie="douze"), stars(3)]))
    said = session.imports.constats(lot.id or 0)
    session.revert(operation_of(session, lot))
    assert session.imports.lots() == []
    (found,) = lots.tous(session)
    assert (found.en_vigueur, bool(found.annule_le)) == (False, True)
    assert found.lot == Lot(**{f: getattr(lot, f) for f in Lot.__slots__})
    assert lots.constats(session, found) == said


def test_an_undone_import_is_done_again(session: Session, importer: Importer, ten: Path) -> None:
    lot = importer(ten)
    before = contenu(session)
    session.revert(operation_of(session, lot))
    lots.retablir(session, lots.tous(session)[0])
    assert contenu(session) == before
    assert [s.en_vigueur for s in lots.tous(session)] == [True]
    with pytest.raises(Refus, match="déjà en vigueur"):
        lots.retablir(session, lots.tous(session)[0])


def test_a_number_that_serves_again_does_not_mix_two_imports(session: Session, importer: Importer, ten: Path) -> None:
    first = importer(ten)
    session.revert(operation_of(session, first))
    again = importer(ten)
    assert first.id == again.id
    assert [s.en_vigueur for s in lots.tous(session)] == [True, False]
    assert len({s.operation for s in lots.tous(session)}) == 2


def test_what_stands_in_the_way_is_named_with_its_lines(session: Session, importer: Importer, ten: Path) -> None:
    lot = importer(ten)
    edit, other = change(session, 0, "corrigé"), change(session, 2, "corrigé aussi")
    with pytest.raises(Refus):
        session.revert(operation_of(session, lot))
    found = lots.obstacles(session, operation_of(session, lot))
    assert [(o.operation.id, o.references, o.nombre) for o in found] == [
        (other, ("2025-0003",), 1),
        (edit, ("2025-0001",), 1),
    ]
    assert all(o.operation.libelle.startswith("Modifier") for o in found)


def test_what_was_undone_since_does_not_stand_in_the_way(session: Session, importer: Importer, ten: Path) -> None:
    lot = importer(ten)
    change(session, 0, "corrigé")
    session.undo()
    assert lots.obstacles(session, operation_of(session, lot)) == []
    session.redo()
    assert len(lots.obstacles(session, operation_of(session, lot))) == 1


def test_a_line_typed_on_an_imported_operator_stands_in_the_way_and_so_does_its_change(
    session: Session, importer: Importer, ten: Path
) -> None:
    lot = importer(ten)
    operateur = session.operateurs.all()[0].id or 0
    with session.operation("Saisir une allocation"):
        session.allocations.add(Allocation(2025, operateur, "MI1-2-3", objet="Ajoutée"))
    change(session, 10, "Modifiée ensuite")
    found = lots.obstacles(session, operation_of(session, lot))
    assert [(o.operation.libelle, o.references) for o in found][1] == ("Saisir une allocation", ("2025-0011",))
    assert len(found) == 2


def test_the_next_export_stands_in_the_way_of_the_first(session: Session, importer: Importer, tmp_path: Path) -> None:
    first = importer(write_stars(tmp_path / "a.csv", [stars(1), stars(2)]))
    importer(write_stars(tmp_path / "b.csv", [stars(1), stars(2, notifie="7.00")]))
    (found,) = lots.obstacles(session, operation_of(session, first))
    assert (found.operation.nature, found.references) == ("import", ("2025-0001", "2025-0002"))


def test_all_that_depends_is_undone_in_order_then_the_import(session: Session, importer: Importer, ten: Path) -> None:
    before = contenu(session)
    lot = importer(ten)
    change(session, 0, "corrigé")
    change(session, 0, "corrigé deux fois")
    operation = operation_of(session, lot)
    undone = lots.annuler(session, operation, lots.obstacles(session, operation))
    assert len(undone) == 3
    assert contenu(session) == before
    assert session.operations.get(operation).annulee


def test_nothing_is_undone_where_one_of_them_is_refused(session: Session, importer: Importer, ten: Path) -> None:
    lot = importer(ten)
    change(session, 0, "corrigé")
    change(session, 1, "corrigé")
    before = contenu(session)
    operation = operation_of(session, lot)
    with pytest.raises(Refus):
        lots.annuler(session, operation, lots.obstacles(session, operation)[:1])
    assert contenu(session) == before
    assert len(lots.obstacles(session, operation)) == 2


def test_the_choices_are_told_in_words(session: Session, tmp_path: Path) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, notifie="1.234"), stars(2)])
    reglages = run.Reglages(exercice=2025, separateur="|", decisions={"notifie:1.234": "milliers"})
    lot = run.execute(session, run.plan(session, run.scan(path, reglages=reglages), reglages))
    told = lots.choix(lot, session.imports.constats(lot.id or 0))
    assert ("Profil", "StarsFIR", "reconnu") in told
    assert ("Exercice", "2025", "choisi") in told
    assert ("Séparateur", "« | »", "choisi") in told
    question, answer, who = told[-1]
    assert "1.234" in question
    assert (answer, who) == ("1\u202f234,00\u00a0€", "choisi")


def test_an_answer_that_nobody_gave_is_told_as_the_default(session: Session, tmp_path: Path) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, departement="Ailleurs"), stars(2)])
    lot = run.execute(session, run.plan(session, run.scan(path)))
    told = lots.choix(lot, session.imports.constats(lot.id or 0))
    assert [who for question, _, who in told if "Ailleurs" in question] == ["par défaut"]
