"""The window around the pages: opening, closing, undoing, searching, dropping, waiting."""

import sqlite3
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from firdesk.domain.allocation import Filtre
from firdesk.domain.synthese import Axe
from firdesk.services import demonstration
from firdesk.services import session as sessions
from firdesk.ui.dialogs import a_propos, guide, raccourcis
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import ManualExecutor, Progress
from firdesk.ui.main_window import MainWindow
from firdesk.ui.settings import Recent
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


def dropped(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in paths])
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, buttons, modifiers, QEvent.Type.Drop)
    window.dropEvent(event)


def add_note(workspace: Workspace, text: str) -> None:
    """One operation, as a page makes it."""
    session = workspace.bridge.session

    def change() -> None:
        from dataclasses import replace

        with session.operation(f"Noter {text}"):
            found = session.allocations.get(1)
            assert found is not None
            session.allocations.update(replace(found, note=text))

    workspace.bridge.perform(change)


def long_work(progress: Progress) -> None:
    progress.report(1, 10, "Lecture")
    progress.check()


def test_title_names_the_open_base(window: MainWindow) -> None:
    assert window.windowTitle() == "petite.firdesk — FIRDesk"


def test_accueil_is_shown_while_no_base_is_open(empty_window: MainWindow) -> None:
    assert empty_window.accueil.isVisible()
    assert len(empty_window.accueil.choices) == 3


def test_closing_the_base_comes_back_to_accueil_with_the_base_among_the_recent_ones(
    window: MainWindow, base: Path
) -> None:
    assert window.close_base()
    assert window.accueil.isVisible()
    assert [r.path for r in window.settings.recents] == [base]
    assert window.accueil.recents.count() == 1


def test_a_base_locked_by_someone_else_says_so_on_accueil(empty_window: MainWindow, base: Path) -> None:
    other = sqlite3.connect(base, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert not empty_window.open_base(base)
    finally:
        other.close()
    assert empty_window.accueil.isVisible()
    assert "déjà ouverte" in empty_window.accueil.note.accessibleName()
    assert empty_window.accueil.note.isVisible()


def test_a_base_that_cannot_be_opened_leaves_the_other_open(window: MainWindow, tmp_path: Path) -> None:
    wrong = tmp_path / "faux.firdesk"
    wrong.write_bytes(b"rien")
    assert not window.open_base(wrong)
    assert window.windowTitle() == "petite.firdesk — FIRDesk"
    assert window.workspace is not None
    assert "n'est pas une base FIRDesk" in window.workspace.messages.text()


def test_a_missing_recent_base_is_greyed(empty_window: MainWindow, base: Path, tmp_path: Path) -> None:
    empty_window.accueil.set_recents([Recent(base), Recent(tmp_path / "perdue.firdesk")])
    enabled = [bool(empty_window.accueil.recents.item(i).flags() & Qt.ItemFlag.ItemIsEnabled) for i in range(2)]
    assert enabled == [True, False]


def test_a_recent_base_opens_at_once(empty_window: MainWindow, base: Path) -> None:
    empty_window.accueil.recent.emit(base)
    assert empty_window.session is not None


def test_dropping_a_file_asks_to_import_it(window: MainWindow, asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "export.xlsx"
    dropped(window, file)
    assert asked == [("imports", [file])]


def test_dropping_a_base_opens_it(empty_window: MainWindow, base: Path) -> None:
    dropped(empty_window, base)
    assert empty_window.windowTitle() == "petite.firdesk — FIRDesk"


def test_ctrl_z_undoes_and_ctrl_y_redoes(window: MainWindow, workspace: Workspace, worker: ManualExecutor) -> None:
    add_note(workspace, "essai")
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    worker.run()
    found = workspace.bridge.session.allocations.get(1)
    assert found is not None
    assert found.note == ""
    assert window.saved.text().startswith("Annulé : Noter essai")
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    worker.run()
    found = workspace.bridge.session.allocations.get(1)
    assert found is not None
    assert found.note == "essai"


def test_the_menu_names_what_would_be_undone(window: MainWindow, workspace: Workspace) -> None:
    add_note(workspace, "essai")
    assert window.menus.undo.text() == "&Annuler « Noter essai »"
    assert not window.menus.redo.isEnabled()


def test_status_says_what_was_saved(window: MainWindow, workspace: Workspace) -> None:
    add_note(workspace, "essai")
    assert window.saved.text() == "Enregistré : Noter essai · Annuler (Ctrl+Z)"


def test_a_cancelled_job_says_that_the_base_has_not_changed(
    window: MainWindow, workspace: Workspace, worker: ManualExecutor
) -> None:
    workspace.bridge.run("Lecture", long_work, lambda _: None)
    window.progress.cancel_button.click()
    worker.run()
    assert workspace.messages.text() == "Interrompu : la base n'a pas changé."


def test_pages_take_no_order_while_a_job_runs(window: MainWindow, workspace: Workspace, worker: ManualExecutor) -> None:
    workspace.bridge.run("Lecture", long_work, lambda _: None)
    entry = workspace.rail.entry("syntheses")
    QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert workspace.current is workspace.page("tableau_de_bord")
    worker.run()
    QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert workspace.current is workspace.page("syntheses")


def test_no_shortcut_works_while_a_job_runs(window: MainWindow, workspace: Workspace, worker: ManualExecutor) -> None:
    workspace.bridge.run("Lecture", long_work, lambda _: None)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert workspace.current is workspace.page("tableau_de_bord")
    worker.run()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert workspace.current is workspace.page("allocations")


def test_a_change_is_refused_while_a_job_runs(workspace: Workspace, worker: ManualExecutor) -> None:
    workspace.bridge.run("Lecture", long_work, lambda _: None)
    add_note(workspace, "essai")
    worker.run()
    found = workspace.bridge.session.allocations.get(1)
    assert found is not None
    assert found.note == ""


def test_closing_while_a_job_runs_asks_then_interrupts(
    window: MainWindow, workspace: Workspace, worker: ManualExecutor
) -> None:
    workspace.bridge.run("Import", long_work, lambda _: None)
    assert not window.close()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "« Import » est en cours."
    stop = next(b for b in box.buttons() if isinstance(b, QPushButton) and "Interrompre" in b.text())
    stop.click()
    worker.run()
    assert not window.isVisible()


def test_theme_changes_at_once_and_is_remembered(window: MainWindow) -> None:
    window.set_theme("sombre")
    assert style.current() is style.SOMBRE
    assert window.settings.theme == "sombre"


def test_the_exercice_chosen_holds_for_every_page_and_is_remembered(
    window: MainWindow, workspace: Workspace, base: Path
) -> None:
    combo = workspace.top_bar.exercice
    combo.setCurrentIndex(combo.findData(2024))
    combo.activated.emit(combo.currentIndex())
    assert workspace.bridge.exercice == 2024
    assert window.settings.exercices[str(base)] == 2024
    assert "1 allocation" in workspace.top_bar.subtitle.text()


def test_the_latest_exercice_with_allocations_is_looked_at_first(workspace: Workspace) -> None:
    with workspace.bridge.session.operation("Ouvrir 2026"):
        workspace.bridge.session.nomenclatures.open_exercice(2026)
    assert workspace.bridge.exercice == 2025


def test_search_finds_pages_commands_themes_destinations_and_operators(workspace: Workspace) -> None:
    found = {text: (workspace.search.suggest(text), workspace.search.suggestions())[1] for text in ("hist", "vérif")}
    assert "Historique" in found["hist"]
    assert "Vérifier la base" in found["vérif"]
    for text, title in (
        ("cancer", "Parcours Cancer"),
        ("2-3-8", "MI2-3-8 Equipes mobiles de gériatrie"),
        ("inea", "GIP Inéa"),
    ):
        workspace.search.suggest(text)
        assert title in workspace.search.suggestions()


def test_enter_in_the_search_opens_the_allocations_that_hold_the_text(workspace: Workspace, asked: Asked) -> None:
    QTest.keyClicks(workspace.search, "guise")
    QTest.keyClick(workspace.search._completer.list, Qt.Key.Key_Return)
    assert asked == [("allocations", Filtre(exercice=2025, texte="guise"))]


def test_a_page_called_by_its_name_comes_first_in_the_search(workspace: Workspace) -> None:
    workspace.search.suggest("rapp")
    assert workspace.search.suggestions()[0] == "Rapports"


def test_a_hidden_page_is_fresh_when_shown_again(workspace: Workspace) -> None:
    workspace.go("historique")
    workspace.go("tableau_de_bord")
    add_note(workspace, "essai")
    workspace.go("historique")
    assert workspace.top_bar.subtitle.text().startswith("5 opérations")


def test_a_page_that_holds_unsaved_text_keeps_the_user(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace.page("tableau_de_bord"), "leave", lambda: False)
    assert not workspace.go("syntheses")
    assert workspace.current is workspace.page("tableau_de_bord")
    assert workspace.rail.entry("tableau_de_bord").isChecked()


def test_creating_a_base_opens_it(empty_window: MainWindow, worker: ManualExecutor, tmp_path: Path) -> None:
    empty_window.menus.files.create_at(tmp_path / "neuve.firdesk", [])
    worker.run()
    assert empty_window.windowTitle() == "neuve.firdesk — FIRDesk"


def test_the_demonstration_base_says_that_it_is_fictitious(empty_window: MainWindow, base_demo: Path) -> None:
    empty_window.menus.files.demonstration_at(base_demo)
    assert empty_window.workspace is not None
    assert empty_window.workspace.banner.isVisible()


def test_the_demonstration_base_is_built_when_it_is_not_there(
    empty_window: MainWindow, worker: ManualExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demonstration, "build", lambda path, progress: sessions.create(path, (2025,)))
    empty_window.menus.files.demonstration_at(tmp_path / "demonstration.firdesk")
    worker.run()
    assert empty_window.windowTitle() == "demonstration.firdesk — FIRDesk"


def test_a_cancelled_creation_is_told_on_accueil(
    empty_window: MainWindow, worker: ManualExecutor, tmp_path: Path
) -> None:
    empty_window.menus.files._run("Création", long_work, lambda _: None)
    empty_window.jobs.cancel()
    worker.run()
    assert empty_window.accueil.note.accessibleName() == "Interrompu : rien n'a été écrit."


def test_the_base_is_verified_from_the_menu(window: MainWindow, worker: ManualExecutor) -> None:
    window.menus.files.verify()
    worker.run()
    sheet = QApplication.activeModalWidget()
    assert sheet is not None
    assert sheet.windowTitle() == "Vérification de la base"
    sheet.close()


def test_the_allocations_are_exported_from_the_menu(window: MainWindow, worker: ManualExecutor, tmp_path: Path) -> None:
    window.menus.files.export_to(tmp_path / "tout.xlsx")
    worker.run()
    assert (tmp_path / "tout.xlsx").read_bytes().startswith(b"PK")
    assert window.workspace is not None
    assert window.workspace.messages.text() == "Exporté : tout.xlsx"


def test_every_page_has_a_key_of_its_own(workspace: Workspace, window: MainWindow) -> None:
    shown = [a.shortcut().toString() for a in window.menus._page_actions]
    assert shown == [f"Ctrl+{(i + 1) % 10}" for i in range(len(workspace.page_classes))]


def test_the_synthese_asked_for_is_shown(workspace: Workspace) -> None:
    workspace.go("syntheses", (Axe.MISSION,))
    assert workspace.top_bar.subtitle.text().startswith("Par mission")


def test_nothing_moves_where_a_drop_brings_no_file(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("texte")
    event = QDropEvent(
        QPoint(4, 4).toPointF(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    window.dropEvent(event)
    assert window.windowTitle() == "petite.firdesk — FIRDesk"


@pytest.mark.parametrize("sheet", [a_propos, raccourcis, guide], ids=lambda m: m.__name__.rpartition(".")[2])
def test_help_opens_beside_the_work(window: MainWindow, sheet: ModuleType) -> None:
    shown = sheet.show(window)
    assert shown.isVisible()
    shown.close()


@pytest.mark.parametrize(
    ("page", "shown"), [("imports", "Guide : Importer"), ("allocations", "Guide : Prendre en main")]
)
def test_the_guide_opens_at_the_page_looked_at(window: MainWindow, workspace: Workspace, page: str, shown: str) -> None:
    workspace.go(page)
    window.menus.files.guide()
    dialog = window.findChild(guide.Guide)
    assert dialog is not None
    assert dialog.vue.accessibleName() == shown
    dialog.close()


def test_another_base_is_not_opened_under_a_running_job(
    window: MainWindow, workspace: Workspace, worker: ManualExecutor, base_demo: Path
) -> None:
    workspace.bridge.run("Lecture", long_work, lambda _: None)
    assert not window.open_base(base_demo)
    assert workspace.messages.text() == "« Lecture » est en cours : attendre la fin ou l'annuler."
    worker.run()
