"""The page of imports: reading a file, deciding, looking at the differences."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QTableView

from firdesk.domain import money
from firdesk.services.importing import run
from firdesk.services.progress import Progress
from firdesk.sheets import process
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import COLONNES, DECIDER, DIFFERENCES, FICHIER
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars, write_xlsx
from tests.ui.pages.imports.shown import Drop, rows, said


@pytest.fixture
def page(imports: Imports) -> Imports:
    return imports


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
    words = page.assistant.differences.texts()
    assert words[:3] == ["Par mission", "Par thème", "Par opérateur"]
    assert words[3:6] == ["Nouvelles 1", "Modifiées 1", "Disparues 1"]


def test_a_reject_is_listed_with_its_cell_and_how_to_mend(page: Imports, drop: Drop, tmp_path: Path) -> None:
    lines = [*(stars(n) for n in range(1, 61)), stars(61, notifie="n.c.")]
    drop(write_stars(tmp_path / "rejet.csv", lines))
    page.assistant.differences.go("rejetees")
    ((cell, read, expected, mend),) = rows(page.assistant.differences.table)
    assert (cell, read) == ("AG62", "n.c.")
    assert "montant" in expected
    assert mend.startswith("Corriger")


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


@pytest.mark.parametrize("axe", ["mission", "theme", "operateur"])
def test_the_amounts_along_each_axis_add_up_to_the_totals_of_the_plan(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, vintage: Path, axe: str
) -> None:
    drop(ten)
    write()
    drop(vintage)
    plan = page.encours.plan
    assert plan is not None
    page.assistant.differences.go(axe)
    expected = (plan.notifie_avant, plan.notifie_apres, plan.notifie_apres - plan.notifie_avant)
    totals = page.assistant.differences.table.totals.texts()
    assert tuple(totals[k] for k in ("avant", "apres", "ecart")) == tuple(
        money.euros(c, decimals=True) for c in expected
    )


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
    assert colonnes.grille.titles()["A"] == "Code ARS"
    letter = {label: place for place, label in colonnes.grille.titles().items()}["Raison sociale"]
    numbers = dict(colonnes.grille.modele.rows)
    assert numbers[5][ord(letter) - ord("A")] == "Association fictive n° 1"


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
    colonnes = page.assistant.colonnes
    assert colonnes.grille.modele.rows[1] == (2, ["Les Amis", "12"])
    assert colonnes.grille.titles() == {"A": "Opérateur", "B": "Montant notifié"}
    assert "destination" in colonnes.panneau.continuer.toolTip()


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


def test_an_import_is_decided_by_keyboard_alone(
    page: Imports, drop: Drop, ambiguous: Path, worker: ManualExecutor
) -> None:
    drop(ambiguous)
    first = page.assistant.decider.cards()[0].buttons()[0]
    assert first.hasFocus()
    for focused, step in ((first, DECIDER), (page.assistant.suite, DIFFERENCES)):
        assert focused.hasFocus()
        QTest.keyClick(focused, Qt.Key.Key_Return)
        worker.run()
        assert page.assistant.etape == step
    assert page.assistant.suite.hasFocus()


def test_after_a_refusal_the_focus_is_on_the_way_out(page: Imports, drop: Drop, tmp_path: Path) -> None:
    path = tmp_path / "rapport.xlsx"
    path.write_bytes(b"%PDF-1.7")
    drop(path)
    assert page.assistant.fichier.buttons()[0].hasFocus()
