"""The page of imports: from a dropped file to the lot, and back."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QTableView

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.operateur import Operateur
from firdesk.services.importing import run
from firdesk.services.progress import Progress
from firdesk.sheets import process
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.kit.table_model import TableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import COLONNES, DECIDER, DIFFERENCES, FICHIER
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars, write_xlsx

Drop = Callable[..., None]


@pytest.fixture
def page(workspace: Workspace) -> Imports:
    workspace.go("imports")
    found = workspace.current
    assert isinstance(found, Imports)
    return found


@pytest.fixture
def drop(window: MainWindow, page: Imports, worker: ManualExecutor) -> Drop:
    """Drop files on the window and let the work finish."""

    def dropped(*files: Path) -> None:
        window.import_files(files)
        worker.run()

    return dropped


@pytest.fixture
def write(page: Imports, worker: ManualExecutor) -> Callable[[], None]:
    """Click on *Importer* and let the work finish."""

    def written() -> None:
        assert page.assistant.etape == DIFFERENCES
        page.assistant.suite.click()
        worker.run()

    return written


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten StarsFIR lines."""
    return write_stars(tmp_path / "2025_engagements_exporter_20260112.csv", [stars(n) for n in range(1, 11)])


@pytest.fixture
def vintage(tmp_path: Path) -> Path:
    """The same export later: the first amount changed, the last line gone, one line new."""
    lines = [stars(1, notifie="2500.00"), *(stars(n) for n in range(2, 10)), stars(11)]
    return write_stars(tmp_path / "2025_engagements_exporter_20260318.csv", lines)


@pytest.fixture
def ambiguous(tmp_path: Path) -> Path:
    """Ten lines, two of which have the amount ``12.450``."""
    lines = [stars(n, notifie="12.450") if n < 3 else stars(n) for n in range(1, 11)]
    return write_stars(tmp_path / "ambigu.csv", lines)


def rows(table: DataTable) -> list[tuple[str, ...]]:
    """What a table shows."""
    model = table.model
    assert isinstance(model, TableModel)
    return [tuple(c.text for c in model.cells(r)) for r in range(model.rowCount())]


def said(workspace: Workspace) -> str:
    return workspace.messages.text()


def test_without_any_import_the_page_invites_to_drop_a_file(page: Imports) -> None:
    assert page.stack.currentWidget() is page.liste
    assert page.liste.depot.isVisible()
    assert not page.liste.table.isVisible()


def test_a_recognised_file_goes_straight_to_the_differences(page: Imports, drop: Drop, ten: Path) -> None:
    drop(ten)
    assert page.assistant.etape == DIFFERENCES
    assert page.assistant.steps.states() == ["fait", "fait", "fait", "courant", "venir"]


def test_the_steps_behind_can_be_looked_at_again(page: Imports, drop: Drop, ten: Path) -> None:
    drop(ten)
    page.assistant.steps.step_clicked.emit(COLONNES)
    assert page.assistant.stack.currentWidget() is page.assistant.colonnes
    page.assistant.suite.click()
    page.assistant.suite.click()
    assert page.assistant.etape == DIFFERENCES


def test_the_counts_and_totals_shown_are_those_of_the_plan(page: Imports, drop: Drop, vintage: Path, ten: Path) -> None:
    drop(ten)
    page.assistant.suite.click()
    drop(vintage)
    plan, bilan = page.encours.plan, page.assistant.bilan
    assert plan is not None
    assert [bilan.figure(x) for x in ("Lignes lues", "Nouvelles", "Modifiées", "Inchangées", "Disparues")] == [
        "10",
        "1",
        "1",
        "8",
        "1",
    ]
    assert bilan.figure("Notifié après") == money.euros(plan.notifie_apres, decimals=True)
    assert money.euros(plan.total_fichier, decimals=True) in bilan.controle.text()
    assert "écart 0,00" in bilan.controle.text()
    assert bilan.controle.sound
    assert page.assistant.differences.texts()[:3] == ["Nouvelles 1", "Modifiées 1", "Disparues 1"]


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


def test_the_list_shows_the_lot_that_was_written(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path
) -> None:
    drop(ten)
    write()
    page.page_lot.retour.click()
    assert page.stack.currentWidget() is page.liste
    (row,) = rows(page.liste.table)
    assert row[1:6] == (ten.name, "StarsFIR", "2025", "10", "10")
    assert row[-1] == money.euros(10 * 1000_50, decimals=True)


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


def test_a_reject_is_listed_with_its_cell_and_how_to_mend(page: Imports, drop: Drop, tmp_path: Path) -> None:
    lines = [*(stars(n) for n in range(1, 61)), stars(61, notifie="n.c.")]
    drop(write_stars(tmp_path / "rejet.csv", lines))
    page.assistant.differences.go("rejetees")
    ((cell, read, expected, mend),) = rows(page.assistant.differences.table)
    assert (cell, read) == ("AG62", "n.c.")
    assert "montant" in expected
    assert mend.startswith("Corriger")


def test_a_lot_keeps_its_rejects(
    page: Imports, drop: Drop, write: Callable[[], None], tmp_path: Path, workspace: Workspace
) -> None:
    lines = [*(stars(n) for n in range(1, 61)), stars(61, notifie="n.c.")]
    drop(write_stars(tmp_path / "rejet.csv", lines))
    write()
    assert page.page_lot.constats.texts()[0] == "Rejets 1"
    assert rows(page.page_lot.constats.table)[0][:2] == ("AG62", "n.c.")


def test_a_second_vintage_shows_the_amount_before_and_after(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, vintage: Path
) -> None:
    drop(ten)
    write()
    drop(vintage)
    page.assistant.differences.go("modifiees")
    (row,) = rows(page.assistant.differences.table)
    expected = [money.euros(c, decimals=True) for c in (1000_50, 2500_00, 1499_50)]
    assert list(row[-4:]) == ["Notifié", *expected]


def test_the_table_of_missions_adds_up_to_the_totals_of_the_plan(page: Imports, drop: Drop, ten: Path) -> None:
    drop(ten)
    plan = page.encours.plan
    assert plan is not None
    page.assistant.differences.go("missions")
    *_, total = rows(page.assistant.differences.table)
    # The base of the tests holds 10 800 000,50 € for 2025 that no export brought.
    expected = [10_800_000_50 + plan.notifie_avant, 10_800_000_50 + plan.notifie_apres]
    assert total[:3] == ("Total", *(money.euros(c, decimals=True) for c in expected))
    assert money.euros(10_800_000_50, decimals=True) in page.assistant.differences.phrase.text()


def test_an_execution_file_speaks_of_commitments(page: Imports, drop: Drop, tmp_path: Path) -> None:
    drop(write_sibc(tmp_path / "SIBC_20251231.csv", [sibc(), sibc("MI2-3-8", ej_valides="1234.5")]))
    assert page.assistant.bilan.figure("EJ validés après") == money.euros(2034_50, decimals=True)
    page.assistant.differences.go("nouvelles")
    assert rows(page.assistant.differences.table)[1][-2:] == ("MI2-3-8", money.euros(1234_50, decimals=True))


def test_an_ambiguous_amount_is_asked_before_the_differences(
    page: Imports, drop: Drop, ambiguous: Path, worker: ManualExecutor
) -> None:
    drop(ambiguous)
    assert page.assistant.etape == DECIDER
    assert not page.assistant.suite.isEnabled()
    (card,) = page.assistant.decider.cards()
    assert [b.text() for b in card.buttons()][:2] == [money.euros(c, decimals=True) for c in (12_450_00, 12_45)]
    assert page.assistant.bilan.figure("À décider") == "2"
    assert page.assistant.bilan.figure("Rejetées") == "0"
    card.buttons()[1].click()
    worker.run()
    plan = page.encours.plan
    assert plan is not None
    assert plan.rejetees == 0
    assert plan.total_importe == 8 * 1000_50 + 2 * 12_45
    assert page.assistant.suite.isEnabled()


def test_an_answer_can_be_taken_back(page: Imports, drop: Drop, ambiguous: Path, worker: ManualExecutor) -> None:
    drop(ambiguous)
    page.assistant.decider.cards()[0].buttons()[0].click()
    worker.run()
    (done,) = page.assistant.decider.cards()[0].buttons()
    assert done.text() == "Fait · revenir"
    done.click()
    worker.run()
    assert not page.assistant.suite.isEnabled()


def test_lines_that_nobody_can_read_can_be_rejected(
    page: Imports, drop: Drop, ambiguous: Path, worker: ManualExecutor
) -> None:
    drop(ambiguous)
    page.assistant.decider.cards()[0].buttons()[-1].click()
    worker.run()
    assert page.assistant.suite.isEnabled()
    assert page.assistant.bilan.figure("Rejetées") == "2"


def test_a_question_with_a_default_lets_go_on(page: Imports, drop: Drop, tmp_path: Path) -> None:
    drop(write_xlsx(tmp_path / "masquees.xlsx", [stars(n) for n in range(1, 11)], hidden=(2, 3)))
    assert page.assistant.etape == DECIDER
    page.assistant.suite.click()
    assert page.assistant.etape == DIFFERENCES
    assert page.assistant.bilan.figure("À décider") == "0"


def test_the_columns_are_shown_with_the_first_rows_of_the_file(page: Imports, drop: Drop, tmp_path: Path) -> None:
    drop(write_xlsx(tmp_path / "deplace.xlsx", [stars(n) for n in range(1, 11)]))
    page.assistant.go(COLONNES)
    colonnes = page.assistant.colonnes
    assert "En-tête en ligne 4" in colonnes.faits.text()
    assert [c.title for c in colonnes.model.columns][-3:] == ["Ligne 5", "Ligne 6", "Ligne 7"]
    found = {r[2]: r for r in rows(colonnes.table)}
    assert found["Raison sociale"][3] == "Association fictive n° 1"
    assert found["Code ARS"][0] == "A"


def test_another_profile_is_refused_in_the_page_and_the_first_comes_back(
    page: Imports, drop: Drop, ten: Path, worker: ManualExecutor
) -> None:
    drop(ten)
    page.assistant.go(COLONNES)
    page.encours.choose_profil("SIBC")
    worker.run()
    assert page.assistant.etape == COLONNES
    assert "SIBC" in page.assistant.colonnes.refus.accessibleName()
    assert not page.assistant.suite.isEnabled()
    page.encours.choose_profil(None)
    worker.run()
    assert page.assistant.suite.isEnabled()


def test_a_workbook_without_known_table_shows_its_rows_and_what_is_missing(
    page: Imports, drop: Drop, tmp_path: Path
) -> None:
    path = tmp_path / "suivi.csv"
    path.write_text("Association;Somme\nLes Amis;12\nLes Autres;30\n", encoding="utf-8")
    drop(path)
    assert page.assistant.etape == COLONNES
    assert "ne ressemble à aucun export connu" in page.assistant.colonnes.refus.accessibleName()
    assert rows(page.assistant.colonnes.table)[1] == ("2", "Les Amis", "12")


def test_a_file_that_kills_the_reader_gives_one_message_and_the_page_goes_on(
    page: Imports, drop: Drop, ten: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(process, "child_command", lambda *_: [sys.executable, "-c", "import os; os.abort()"])
        drop(ten)
    assert page.assistant.etape == FICHIER
    assert page.assistant.fichier.message() == f"{ten.name} n'a pas pu être lu"
    assert "n'a pas pu être lu" in page.assistant.fichier.accessibleName()
    assert said(workspace) == ""
    assert page.session.imports.lots() == []
    page.assistant.abandonner.click()
    drop(ten)
    assert page.assistant.etape == DIFFERENCES


def test_a_bug_while_reading_is_told_and_the_page_goes_on(
    page: Imports, drop: Drop, ten: Path, monkeypatch: pytest.MonkeyPatch, workspace: Workspace, tmp_path: Path
) -> None:
    def broken(path: Path, progress: Progress | None = None) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "donnees"))
    monkeypatch.setattr(run, "scan", broken)
    drop(ten)
    assert "erreur imprévue" in said(workspace)
    assert page.encours.etat == "refus"
    assert [b.text() for b in page.assistant.fichier.buttons()] == ["Choisir un autre fichier", "Lire à nouveau"]


def test_a_cancelled_reading_leaves_the_base_and_may_be_tried_again(
    page: Imports, window: MainWindow, ten: Path, worker: ManualExecutor
) -> None:
    window.import_files([ten])
    assert page.loading
    window.jobs.cancel()
    worker.run()
    assert page.assistant.fichier.message() == "Lecture interrompue"
    page.assistant.fichier.buttons()[0].click()
    worker.run()
    assert page.assistant.etape == DIFFERENCES


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
    refus = page.assistant.bilan.refus
    assert page.session.imports.lots() == []
    assert refus.isVisible()
    assert "4 lignes sur 10 sont rejetées" in refus.accessibleName()
    refus.action.emit()
    worker.run()
    (lot,) = page.session.imports.lots()
    assert (lot.nouvelles, lot.rejetees) == (6, 4)


def test_a_rejected_amount_turns_the_check_amber_and_says_where_the_money_is(
    page: Imports, drop: Drop, tmp_path: Path
) -> None:
    lines = [*(stars(n) for n in range(1, 61)), stars(61, campagne="vingt-cinq")]
    drop(write_stars(tmp_path / "ecart.csv", lines))
    controle = page.assistant.bilan.controle
    assert not controle.sound
    assert f"rejeté {money.euros(1000_50, decimals=True)}" in controle.text()


def test_everything_one_can_act_on_has_a_name(page: Imports, drop: Drop, ambiguous: Path) -> None:
    drop(ambiguous)
    for step in (FICHIER, COLONNES, DECIDER, DIFFERENCES):
        page.assistant.go(step)
        shown = page.assistant.stack.currentWidget()
        assert shown is not None
        for kind in (QAbstractButton, QComboBox, QTableView):
            for widget in shown.findChildren(kind):
                if widget.isVisible() and widget.objectName() != "qt_tableview_cornerbutton":
                    text = widget.text() if isinstance(widget, QAbstractButton) else ""
                    assert widget.accessibleName() or text, widget
