"""The page of imports: writing, the lot that is left, taking it back, files that wait."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.operateur import Operateur
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import DECIDER, DIFFERENCES
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars
from tests.ui.pages.imports.shown import Drop, rows, said


@pytest.fixture
def page(imports: Imports) -> Imports:
    return imports


def test_nothing_is_written_before_importer(page: Imports, drop: Drop, ten: Path) -> None:
    before = page.session.operations.next_undo()
    drop(ten)
    assert page.session.imports.lots() == []
    assert page.session.operations.next_undo() == before


def test_importer_writes_and_shows_the_lot(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, workspace: Workspace
) -> None:
    drop(ten)
    write()
    (lot,) = page.session.imports.lots()
    assert page.stack.currentWidget() is page.page_lot
    assert page.page_lot.lot == lot
    assert page.page_lot.bilan.figure("Nouvelles") == "10"
    assert "10 nouvelles" in said(workspace)
    assert page.page_lot.voir.hasFocus()


def test_the_list_shows_the_lot_that_was_written(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path
) -> None:
    drop(ten)
    write()
    page.page_lot.retour.click()
    assert page.stack.currentWidget() is page.liste
    (row,) = rows(page.liste.table)
    assert row[1:4] == (ten.name, "StarsFIR 2025", "10")
    assert row[-2:] == (money.euros(10 * 1000_50, decimals=True), "En vigueur")


def test_enter_on_the_differences_imports(page: Imports, drop: Drop, ten: Path, worker: ManualExecutor) -> None:
    drop(ten)
    assert page.assistant.suite.hasFocus()
    QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
    worker.run()
    assert len(page.session.imports.lots()) == 1


def test_enter_on_another_button_never_imports(page: Imports, drop: Drop, ten: Path) -> None:
    drop(ten)
    page.assistant.retour.setFocus()
    QTest.keyClick(page.assistant.retour, Qt.Key.Key_Return)
    assert page.assistant.etape == DECIDER
    assert page.encours.etat == "pret"


def test_the_message_takes_the_import_back_and_the_list_is_empty_again(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, workspace: Workspace, worker: ManualExecutor
) -> None:
    drop(ten)
    write()
    workspace.messages.run_action()
    worker.run()
    assert page.session.imports.lots() == []
    assert page.stack.currentWidget() is page.liste


def test_an_import_changed_since_says_what_stands_in_the_way(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, workspace: Workspace, worker: ManualExecutor
) -> None:
    drop(ten)
    write()
    (lot,) = page.session.imports.lots()
    (number,) = page.session.allocations.ids(Filtre(lots=(lot.id or 0,)))[:1]
    with page.session.operation("Corriger l'objet de la première ligne"):
        page.session.allocations.assign(number, {"objet": "Corrigé à la main"})
    page.page_lot.annuler.click()
    worker.run()
    assert len(page.session.imports.lots()) == 1
    assert "Corriger l'objet de la première ligne" in said(workspace)


def test_voir_les_lignes_asks_for_the_allocations_of_the_lot(
    page: Imports, write: Callable[[], None], ten: Path, worker: ManualExecutor, asked: list[tuple[str, object]]
) -> None:
    page.accept([ten])
    worker.run()
    write()
    (lot,) = page.session.imports.lots()
    page.page_lot.voir.click()
    assert asked == [("allocations", Filtre(exercice=None, lots=(lot.id or 0,)))]


def test_a_lot_keeps_its_rejects(
    page: Imports, drop: Drop, write: Callable[[], None], tmp_path: Path, workspace: Workspace
) -> None:
    lines = [*(stars(n) for n in range(1, 61)), stars(61, notifie="n.c.")]
    drop(write_stars(tmp_path / "rejet.csv", lines))
    write()
    assert page.page_lot.constats.texts()[0] == "Rejets 1"
    assert rows(page.page_lot.constats.table)[0][:2] == ("AG62", "n.c.")


def test_a_file_already_imported_says_when(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, vintage: Path
) -> None:
    drop(ten)
    write()
    drop(ten)
    assert "déjà été importé le" in page.assistant.bilan.connu.accessibleName()
    page.assistant.abandonner.click()
    drop(vintage)
    assert not page.assistant.bilan.connu.isVisible()


def test_a_cancelled_writing_leaves_the_base_as_it_was(
    page: Imports, drop: Drop, ten: Path, window: MainWindow, worker: ManualExecutor, workspace: Workspace
) -> None:
    drop(ten)
    page.assistant.suite.click()
    window.jobs.cancel()
    worker.run()
    assert page.session.imports.lots() == []
    assert page.assistant.etape == DIFFERENCES
    assert "la base n'a pas changé" in said(workspace)


def test_two_dropped_files_come_one_after_the_other(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, tmp_path: Path
) -> None:
    second = write_sibc(tmp_path / "SIBC_20251231.csv", [sibc()])
    drop(ten, second)
    assert page.encours.plan is not None
    assert page.encours.plan.fichier == ten.name
    assert "fichier 1 sur 2" in page.subtitle
    write()
    assert page.encours.plan is not None
    assert page.encours.plan.fichier == second.name
    assert "fichier 2 sur 2" in page.subtitle
    write()
    assert [x.fichier for x in page.session.imports.lots()] == [second.name, ten.name]


def test_giving_up_a_file_goes_to_the_next_one(
    page: Imports, drop: Drop, ten: Path, vintage: Path, worker: ManualExecutor
) -> None:
    drop(ten, vintage)
    page.assistant.abandonner.click()
    worker.run()
    assert page.encours.plan is not None
    assert page.encours.plan.fichier == vintage.name
    page.assistant.abandonner.click()
    assert page.stack.currentWidget() is page.liste
    assert page.session.imports.lots() == []


def test_leaving_the_page_and_returning_keeps_the_plan(
    page: Imports, drop: Drop, ambiguous: Path, worker: ManualExecutor, workspace: Workspace
) -> None:
    drop(ambiguous)
    page.assistant.decider.cards()[0].buttons()[0].click()
    worker.run()
    plan = page.encours.plan
    workspace.go("historique")
    workspace.go("imports")
    worker.run()
    assert page.encours.plan is plan
    assert page.assistant.etape == DECIDER


def test_a_base_changed_meanwhile_is_planned_again_before_anything_is_written(
    page: Imports, drop: Drop, ten: Path, worker: ManualExecutor, workspace: Workspace
) -> None:
    drop(ten)
    plan = page.encours.plan
    workspace.go("historique")
    workspace.bridge.perform(lambda: _add_operateur(page))
    workspace.go("imports")
    worker.run()
    assert page.encours.plan is not plan
    page.assistant.suite.click()
    worker.run()
    assert len(page.session.imports.lots()) == 1


def _add_operateur(page: Imports) -> None:
    with page.session.operation("Créer un opérateur"):
        page.session.operateurs.add(Operateur(nom="Les Amis de Guise", departement="02"))


def test_too_many_rejects_must_be_asked_for_twice(
    page: Imports, drop: Drop, write: Callable[[], None], tmp_path: Path, worker: ManualExecutor
) -> None:
    lines = [stars(n, notifie="n.c." if n < 5 else "1000.50") for n in range(1, 11)]
    drop(write_stars(tmp_path / "mauvais.csv", lines))
    write()
    refus = page.assistant.refus
    assert page.session.imports.lots() == []
    assert refus.isVisible()
    assert "4 lignes sur 10 sont rejetées" in refus.accessibleName()
    refus.action.emit()
    worker.run()
    (lot,) = page.session.imports.lots()
    assert (lot.nouvelles, lot.rejetees) == (6, 4)
