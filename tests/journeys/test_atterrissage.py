"""By keyboard: the rule read, a share changed with its source, the figures that follow, their lines, all undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.allocation import Filtre
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget_atterrissage import AtterrissageVolet
from tests.journeys.clavier import focused, press, reach, retype, tab_to
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as


@pytest.fixture
def base(base_demo: Path) -> Path:
    return base_demo


@pytest.fixture
def volet(window: MainWindow) -> AtterrissageVolet:
    found = reach(window, AtterrissageVolet)
    assert focused() is found.table.view
    return found


def landing(volet: AtterrissageVolet) -> tuple[int, int, int]:
    assert volet.found is not None
    t = volet.found.total
    return t.bas, t.central, t.haut


def test_a_share_is_changed_with_its_source_and_undone(
    window: MainWindow, volet: AtterrissageVolet, finish: Finish
) -> None:
    assert "100\u00a0% de ce qui est décidé et pas encore notifié" in volet.regle.phrase.text()
    low, central, high = landing(volet)
    assert (low, central, high) == (526_874_764_00, 532_362_464_00, 532_362_464_00)

    press(Qt.Key.Key_Tab)
    assert focused() is volet.regle.parts["part_decide"]
    retype("50")
    tab_to(volet.regle.source)
    QTest.keyClicks(focused(), "Comptes au 15 novembre")
    press(Qt.Key.Key_Return)
    half = (central - low) // 2
    assert landing(volet) == (low, low + half, low + half)
    assert "50\u00a0% de ce qui est décidé et pas encore notifié" in volet.regle.phrase.text()
    assert session(window).atterrissages.parametres().source == "Comptes au 15 novembre"

    assert focused() is volet.table.view
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    finish()
    assert landing(volet) == (low, central, high)
    assert volet.regle.parts["part_decide"].text() == "100\u00a0%"
    assert volet.regle.source.value() == ""


def test_a_theme_opens_its_lines_and_the_total_opens_all(window: MainWindow, volet: AtterrissageVolet) -> None:
    assert volet.found is not None
    press(Qt.Key.Key_Down)
    theme = volet.found.lignes[1]
    press(Qt.Key.Key_Return)
    page = shown_as(window, Allocations)
    assert page.filtre == Filtre(2025, themes=(theme.cle,))
    assert session(window).allocations.somme(page.filtre).notifie == theme.notifie
    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert volet.table.current_id() == 1
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.filtre == Filtre(2025)


def test_a_share_that_is_none_is_refused_then_given_up(volet: AtterrissageVolet) -> None:
    press(Qt.Key.Key_Tab)
    field = volet.regle.parts["part_decide"]
    retype("120")
    press(Qt.Key.Key_Return)
    assert focused() is field
    assert "attendu un pourcentage de 0 à 100" in volet.regle.form.field("part_decide").problems()[0].message
    press(Qt.Key.Key_Escape)
    assert field.text() == "100\u00a0%"
    assert focused() is volet.table.view
