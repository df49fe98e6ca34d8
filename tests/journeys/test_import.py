"""The delegate's main job through the real window, worker thread included: import, correct, undo, close, come back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.synthese import Axe
from firdesk.services import syntheses
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import DIFFERENCES
from firdesk.ui.pages.imports import Imports
from firdesk.ui.pages.tableau_de_bord import TableauDeBord
from tests.journeys.conftest import Finish
from tests.journeys.gestes import amount, edit_first_amount, session, shown_as, workspace
from tests.services.importing.fichiers import hapi, sibc, stars, write_hapi, write_sibc, write_stars, write_xlsx


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The three exports of the finance department, as they come: CSV of 2025 and 2024, execution of 2025."""
    return [
        write_stars(tmp_path / "2025_engagements_exporter_20260112.csv", [stars(n) for n in range(1, 21)]),
        write_hapi(tmp_path / "ENGAGEMENTS_PAR_BENEFICIAIRE_2024_31012025184502.csv", [hapi(n) for n in range(1, 11)]),
        write_sibc(tmp_path / "SIBC_execution_FIR_20251231.csv", [sibc(), sibc("MI2-3-8")]),
    ]


def write_all(window: MainWindow, finish: Finish, files: list[Path]) -> None:
    """Drop the files and press Enter on each."""
    window.import_files(files)
    for done in range(len(files)):
        finish()
        page = shown_as(window, Imports)
        assert page.assistant.etape == DIFFERENCES
        QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
        finish()
        assert len(session(window).imports.lots()) == done + 1


def notifie(window: MainWindow, year: int) -> int:
    return syntheses.table(session(window), (Axe.MISSION,), year).total.notifie


def test_the_three_exports_are_imported_one_after_the_other(
    window: MainWindow, finish: Finish, files: list[Path]
) -> None:
    write_all(window, finish, files)
    assert [x.profil for x in session(window).imports.lots()] == ["SIBC", "HAPI", "StarsFIR"]
    assert (notifie(window, 2025), notifie(window, 2024)) == (20 * 1000_50, 10 * 500_00)
    assert session(window).budgets.instantanes(2025)[0].date == "2025-12-31"


def test_the_dashboard_is_fresh_after_an_import(window: MainWindow, finish: Finish, files: list[Path]) -> None:
    dashboard = workspace(window).page("tableau_de_bord")
    assert isinstance(dashboard, TableauDeBord)
    write_all(window, finish, files)
    window.go("tableau_de_bord")
    finish()
    assert dashboard.notifie.figure().startswith("20\u202f010")


def test_saved_from_excel_the_same_export_changes_nothing(
    window: MainWindow, finish: Finish, files: list[Path], tmp_path: Path
) -> None:
    write_all(window, finish, files[:1])
    again = write_xlsx(tmp_path / "2025_engagements_enregistre.xlsx", [stars(n) for n in range(1, 21)])
    window.import_files([again])
    finish()
    page = shown_as(window, Imports)
    plan = page.encours.plan
    assert plan is not None
    assert (len(plan.nouvelles), len(plan.modifiees), plan.inchangees, len(plan.disparues)) == (0, 0, 20, 0)


def test_import_edit_undo_redo_close_reopen_and_undo_again(
    window: MainWindow, finish: Finish, files: list[Path], base: Path
) -> None:
    write_all(window, finish, files)
    edit_first_amount(window, "2 500,00")
    assert amount(window) == 2500_00
    window.menus.undo.trigger()
    finish()
    assert amount(window) == 1000_50
    window.menus.redo.trigger()
    finish()
    assert amount(window) == 2500_00
    assert notifie(window, 2025) == 19 * 1000_50 + 2500_00

    assert window.close_base()
    assert window.open_base(base)
    finish()
    window.menus.undo.trigger()
    finish()
    assert amount(window) == 1000_50
    for _ in files:
        window.menus.undo.trigger()
        finish()
    assert session(window).imports.lots() == []
    assert session(window).allocations.count(2025) == 0


def test_an_import_corrected_since_is_not_taken_back_and_says_why(
    window: MainWindow, finish: Finish, files: list[Path]
) -> None:
    write_all(window, finish, files[:1])
    lot = session(window).imports.lots()[0].id
    edit_first_amount(window, "2 500,00")
    window.go("imports", lot)
    page = shown_as(window, Imports)
    page.page_lot.annuler.click()
    finish()
    assert len(session(window).imports.lots()) == 1
    assert "Modifier" in workspace(window).messages.text()


def test_an_amount_corrected_by_hand_is_kept_by_the_next_export(
    window: MainWindow, finish: Finish, files: list[Path], tmp_path: Path
) -> None:
    write_all(window, finish, files[:1])
    edit_first_amount(window, "2 500,00")
    later = write_stars(tmp_path / "2025_engagements_exporter_20260318.csv", [stars(n) for n in range(1, 21)])
    window.import_files([later])
    finish()
    page = shown_as(window, Imports)
    assert [c.question.id for c in page.assistant.decider.cards()] == ["conflits"]
    page.assistant.suite.click()
    page.assistant.suite.click()
    finish()
    assert amount(window) == 2500_00
