"""By keyboard: the largest gap found, both its sides opened, a note written, the rest fallen to nothing, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.allocation import Filtre
from firdesk.ui.dialogs.provenance import TOUCHE, Provenance
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_rapprochement import RapprochementVolet
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown, workspace


@pytest.fixture
def base(base_demo: Path) -> Path:
    return base_demo


def volet(window: MainWindow) -> RapprochementVolet:
    page = shown(window)
    assert isinstance(page, Budget)
    found = page.volet
    assert isinstance(found, RapprochementVolet)
    return found


def test_the_largest_gap_is_explained_and_undone_by_keyboard(window: MainWindow, finish: Finish) -> None:
    window.go("budget", "rapprochement")
    page = volet(window)
    view = page.table.view
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    view.setFocus()
    first = page.chosen
    assert first is not None
    assert first.destination == "MI3-3-3"
    assert abs(first.inexplique) == max(abs(x.inexplique) for x in page.shown)

    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    assert TOUCHE == "Ctrl+Shift+O"
    QTest.keyClick(view, Qt.Key.Key_O, control | shift)
    sheet = window.findChild(Provenance)
    assert sheet is not None
    assert sum(x.montant or 0 for x in sheet.lignes if "EJ" in x.quoi) == first.engage
    sheet.accept()

    QTest.keyClick(view, Qt.Key.Key_A, control | shift)
    lines = shown(window)
    assert isinstance(lines, Allocations)
    assert lines.filtre == Filtre(2025, destinations=(first.destination,))
    assert session(window).allocations.somme(lines.filtre).notifie == first.notifie

    window.go("budget")
    page = volet(window)
    page.table.select([0], current=0)
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    QTest.keyClicks(page.detail.texte, "Transport de garde, commande publique")
    QTest.keyClick(page.detail.texte, Qt.Key.Key_Return)
    now = next(x for x in page.shown if x.destination == first.destination)
    assert (now.inexplique, now.rapprochee) == (0, True)
    assert page.found is not None
    assert page.found.rapprochees == 2  # the other one is explained in the demonstration already

    workspace(window).bridge.undo()
    finish()
    assert page.chosen is not None
    assert next(x for x in page.shown if x.destination == first.destination).inexplique == first.inexplique
    assert [n.destination for n in session(window).rapprochements.notes(2025)] == ["MI2-3-1"]
