"""The delegate's main job through the real window, worker thread included: import, correct, undo, close, come back."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.synthese import Axe
from firdesk.services import allocations, syntheses
from firdesk.services import session as sessions
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.main_window import MainWindow
from firdesk.ui.page import Page
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.import_assistant import DIFFERENCES
from firdesk.ui.pages.imports import Imports
from firdesk.ui.pages.tableau_de_bord import TableauDeBord
from firdesk.ui.settings import Settings
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import hapi, sibc, stars, write_hapi, write_sibc, write_stars, write_xlsx

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Finish = Callable[[], None]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2025,))
    return path


@pytest.fixture
def window(qtbot: QtBot, base: Path) -> Iterator[MainWindow]:
    """The window on a base without any line, its worker a real thread."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.install(app, "clair")
    shown = MainWindow(Settings(theme="clair"))
    qtbot.addWidget(shown)
    shown.show()
    assert shown.open_base(base)
    yield shown
    shown.jobs.cancel()
    qtbot.waitUntil(lambda: not shown.jobs.running)
    shown.close_base()
    shown.close()


@pytest.fixture
def finish(window: MainWindow, qtbot: QtBot) -> Finish:
    """Let the work of the worker end."""

    def finished() -> None:
        qtbot.waitUntil(lambda: not window.jobs.running, timeout=30_000)

    return finished


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The three exports of the finance department, as they come: CSV of 2025 and 2024, execution of 2025."""
    return [
        write_stars(tmp_path / "2025_engagements_exporter_20260112.csv", [stars(n) for n in range(1, 21)]),
        write_hapi(tmp_path / "ENGAGEMENTS_PAR_BENEFICIAIRE_2024_31012025184502.csv", [hapi(n) for n in range(1, 11)]),
        write_sibc(tmp_path / "SIBC_execution_FIR_20251231.csv", [sibc(), sibc("MI2-3-8")]),
    ]


def workspace(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def session(window: MainWindow) -> Session:
    return workspace(window).bridge.session


def shown(window: MainWindow) -> Page:
    page = workspace(window).current
    assert page is not None
    return page


def write_all(window: MainWindow, finish: Finish, files: list[Path]) -> None:
    """Drop the files and press Enter on each."""
    window.import_files(files)
    for done in range(len(files)):
        finish()
        page = shown(window)
        assert isinstance(page, Imports)
        assert page.assistant.etape == DIFFERENCES
        QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
        finish()
        assert len(session(window).imports.lots()) == done + 1


def notifie(window: MainWindow, year: int) -> int:
    return syntheses.table(session(window), (Axe.MISSION,), year).total.notifie


def first_line(window: MainWindow) -> Allocation:
    number = session(window).allocations.ids(Filtre(2025), tri="reference")[0]
    found = session(window).allocations.get(number)
    assert found is not None
    return found


def amount(window: MainWindow) -> int | None:
    return allocations.total(first_line(window), Nature.NOTIFICATION)


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
    page = shown(window)
    assert isinstance(page, Imports)
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


def edit_first_amount(window: MainWindow, text: str) -> None:
    """Correct the notified amount of the first line in the form, by keyboard."""
    window.go("allocations", Filtre(2025))
    page = shown(window)
    assert isinstance(page, Allocations)
    number = first_line(window).id or 0
    page.table.select([number], current=number)
    field = page.form.fields.montants[Nature.NOTIFICATION]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def test_an_import_corrected_since_is_not_taken_back_and_says_why(
    window: MainWindow, finish: Finish, files: list[Path]
) -> None:
    write_all(window, finish, files[:1])
    lot = session(window).imports.lots()[0].id
    edit_first_amount(window, "2 500,00")
    window.go("imports", lot)
    page = shown(window)
    assert isinstance(page, Imports)
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
    page = shown(window)
    assert isinstance(page, Imports)
    assert [c.question.id for c in page.assistant.decider.cards()] == ["conflits"]
    page.assistant.suite.click()
    page.assistant.suite.click()
    finish()
    assert amount(window) == 2500_00
