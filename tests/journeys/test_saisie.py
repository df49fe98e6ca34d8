"""Typing by keyboard alone in the real window, on a real file; what was typed is undone even after it was closed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services import session as sessions
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.settings import Settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CONTROL = Qt.KeyboardModifier.ControlModifier
BEFORE, AFTER = 240_000_00, 250_000_50


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Three allocations of 2025 to two operators."""
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2025,))
    with sessions.Session.open(path) as session, session.operation("Importer", nature="import"):
        laon = session.operateurs.add(Operateur("CH de Laon", departement="02", commune="Laon"))
        urps = session.operateurs.add(Operateur("URPS Infirmiers", departement="59", siret="44306184100047"))
        for who, where, cents in ((laon, "MI2-3-8", 30_000_00), (urps, "MI2-3-8", BEFORE), (laon, "MI1-2-9", 5_000_00)):
            moves = (Mouvement(Nature.NOTIFICATION, 2025, cents),)
            session.allocations.add(Allocation(2025, who, where, theme="PA", mouvements=moves))
    return path


class Desk:
    """The window and the keyboard."""

    def __init__(self, window: MainWindow, worker: ManualExecutor, qtbot: QtBot) -> None:
        self.window, self.worker, self._qtbot = window, worker, qtbot

    def open(self, path: Path) -> None:
        assert self.window.open_base(path)
        self.worker.run()
        self.window.go("allocations")
        self._qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    @property
    def page(self) -> Allocations:
        assert self.window.workspace is not None
        page = self.window.workspace.current
        assert isinstance(page, Allocations)
        return page

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key for whoever has the focus, and the work it started."""
        QTest.keyClick(self.focus, key, modifier)
        self.worker.run()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def close_list(self) -> None:
        """Leave the list of propositions as it is."""
        if (shown := QApplication.activePopupWidget()) is not None:
            QTest.keyClick(shown, Qt.Key.Key_Escape)

    def tab_to(self, name: str) -> None:
        for _ in range(30):
            if self.focus.objectName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {name}")

    def choose(self, reference: str) -> None:
        """Find a line by its text and enter its form."""
        self.press(Qt.Key.Key_F, CONTROL)
        self.type(reference)
        self.press(Qt.Key.Key_Return)
        self.page.table.view.setFocus()
        self.press(Qt.Key.Key_Return)

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def notified(self) -> int:
        """What the base holds in all."""
        assert self.window.session is not None
        return self.window.session.allocations.somme(Filtre(exercice=2025)).notifie


@pytest.fixture
def desk(qtbot: QtBot, base: Path) -> Iterator[Desk]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.install(app, "clair")
    worker = ManualExecutor()
    window = MainWindow(Settings(theme="clair"), executor=worker)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    made = Desk(window, worker, qtbot)
    made.open(base)
    yield made
    if window.workspace is not None and window.workspace.current is made.page:
        made.page.form.revert()
    window.close_base()
    window.close()


def test_an_amount_typed_is_undone_redone_and_undone_again_after_reopening(desk: Desk, base: Path) -> None:
    before = desk.notified()
    desk.choose("2025-0002")
    desk.tab_to("notification")
    desk.press(Qt.Key.Key_A, CONTROL)
    desk.type("250 000,50")
    desk.press(Qt.Key.Key_S, CONTROL)
    after = before - BEFORE + AFTER
    assert desk.notified() == after
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.notified() == before
    desk.press(Qt.Key.Key_Y, CONTROL)
    assert desk.notified() == after
    assert desk.window.close_base()
    desk.open(base)
    assert desk.notified() == after
    desk.page.table.view.setFocus()
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.notified() == before
    assert desk.page.table.totals.texts()["notifie"].startswith("275")


def test_undo_in_a_field_first_takes_back_what_was_typed_there(desk: Desk) -> None:
    before = desk.notified()
    desk.choose("2025-0002")
    desk.tab_to("objet")
    desk.type("Astreintes")
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.page.form.fields.textes["objet"].text() == ""
    assert desk.notified() == before
    assert not desk.page.form.dirty


def test_a_line_is_typed_from_nothing_with_the_keyboard_alone(desk: Desk) -> None:
    before = desk.notified()
    desk.press(Qt.Key.Key_N, CONTROL)
    desk.type("44306184100047")
    popup = desk.page.form.fields.operateur.popup()
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    desk.tab_to("destination")
    desk.type("MI1-2-9")
    desk.close_list()
    desk.tab_to("objet")
    desk.type("Prevention")
    desk.tab_to("notification")
    desk.type("1 000")
    desk.press(Qt.Key.Key_Return, CONTROL)
    assert desk.notified() == before + 1_000_00
    made = desk.window.session.allocations.get(4) if desk.window.session else None
    assert made is not None
    assert (made.destination, made.theme, made.objet) == ("MI1-2-9", "CANCER", "Prevention")
    assert desk.page.form.creating


def test_a_line_is_deleted_and_given_back_by_its_message(desk: Desk) -> None:
    assert desk.window.workspace is not None
    desk.page.table.view.setFocus()
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Delete)
    assert desk.page.model.rowCount() == 2
    desk.window.workspace.messages.run_action()
    desk.worker.run()
    assert desk.page.model.rowCount() == 3


def test_a_block_of_excel_is_pasted_and_undone(desk: Desk) -> None:
    page = desk.page
    before = desk.notified()
    page.table.view.setColumnHidden(page.model.column_of("notifie"), False)
    page.table.view.setFocus()
    page.table.view.setCurrentIndex(page.model.index(0, page.model.column_of("notifie")))
    QGuiApplication.clipboard().setText("1\n2\n3\n")
    desk.press(Qt.Key.Key_V, CONTROL)
    assert desk.notified() == 6_00
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.notified() == before


def test_what_is_not_saved_keeps_the_page_and_the_base_open(desk: Desk) -> None:
    desk.choose("2025-0001")
    desk.tab_to("objet")
    desk.type("Astreintes")
    assert not desk.window.go("historique")
    assert not desk.window.close_base()
    desk.page.form.warning.save.click()
    assert desk.window.go("historique")
    assert desk.window.go("allocations")
