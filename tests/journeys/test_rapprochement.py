"""By keyboard: the largest gap found, both its sides opened, a note written, the rest fallen to nothing, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Filtre
from firdesk.ui.dialogs.provenance import TOUCHE, Provenance
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget_rapprochement import RapprochementVolet
from tests.journeys.clavier import focused, press, reach, regain, retype, tab_to
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def base(base_demo: Path) -> Path:
    return base_demo


def test_the_largest_gap_is_explained_and_undone_by_keyboard(window: MainWindow, finish: Finish, qtbot: QtBot) -> None:
    page = reach(window, RapprochementVolet)
    assert focused() is page.table.view
    first = page.chosen
    assert first is not None
    assert first.destination == "MI3-3-3"
    assert abs(first.inexplique) == max(abs(x.inexplique) for x in page.shown)

    assert TOUCHE == "Ctrl+Shift+O"
    press(Qt.Key.Key_O, CTRL | SHIFT)
    sheet = window.findChild(Provenance)
    assert sheet is not None
    assert sum(x.montant or 0 for x in sheet.lignes if "EJ" in x.quoi) == first.engage
    qtbot.waitUntil(lambda: QApplication.activeWindow() is sheet)
    press(Qt.Key.Key_Escape)

    regain(window)
    assert focused() is page.table.view
    press(Qt.Key.Key_A, CTRL | SHIFT)
    lines = shown_as(window, Allocations)
    assert lines.filtre == Filtre(2025, destinations=(first.destination,))
    assert session(window).allocations.somme(lines.filtre).notifie == first.notifie

    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.chosen == first
    press(Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "Transport de garde, commande publique")
    press(Qt.Key.Key_Return)
    now = next(x for x in page.shown if x.destination == first.destination)
    assert (now.inexplique, now.rapprochee) == (0, True)
    assert page.found is not None
    assert page.found.rapprochees == 2  # the other one is explained in the demonstration already

    assert focused() is page.table.view
    press(Qt.Key.Key_Z, CTRL)
    finish()
    assert page.chosen is not None
    assert next(x for x in page.shown if x.destination == first.destination).inexplique == first.inexplique
    assert [n.destination for n in session(window).rapprochements.notes(2025)] == ["MI2-3-1"]


def test_a_possible_explanation_is_retained_in_part_from_the_list(window: MainWindow) -> None:
    page = reach(window, RapprochementVolet)
    first = page.chosen
    assert first is not None
    tab_to(page.detail.table.view)
    press(Qt.Key.Key_F2)
    assert focused() is page.detail.texte
    assert page.detail.texte.value() == first.pistes[0].libelle
    press(Qt.Key.Key_Backtab)
    retype("76 457")
    press(Qt.Key.Key_Return)
    assert page.found is not None
    assert next(x for x in page.found.lignes if x.destination == first.destination).inexplique == 0


def test_a_note_given_up_leaves_the_gap_and_comes_back_to_its_line(window: MainWindow) -> None:
    page = reach(window, RapprochementVolet)
    press(Qt.Key.Key_Down)
    second = page.chosen
    press(Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "À voir")
    press(Qt.Key.Key_Escape)
    assert focused() is page.table.view
    assert page.chosen == second
    assert not page.detail.dirty
