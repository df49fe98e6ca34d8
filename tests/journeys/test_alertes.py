"""By keyboard: each alert opens exactly its lines and is found again as it was; so is a line of the execution."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from firdesk.domain.allocation import Filtre
from firdesk.ui.main_window import MainWindow
from firdesk.ui.page import Page
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_alertes import AlertesVolet
from firdesk.ui.pages.budget_execution import Execution
from firdesk.ui.pages.budget_rapprochement import RapprochementVolet
from tests.journeys.clavier import focused, press, reach, tab_to
from tests.journeys.gestes import session, shown, shown_as, workspace

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def base(base_demo: Path) -> Path:
    return base_demo


def alertes(window: MainWindow) -> AlertesVolet:
    volet = reach(window, AlertesVolet)
    assert focused() is volet.table.view
    return volet


def test_each_alert_opens_exactly_its_lines_and_is_found_again(window: MainWindow) -> None:
    volet = alertes(window)
    budget, found = shown(window), list(volet.shown)
    assert len(found) == 21
    opened: list[Page] = []
    for alert in found:
        press(Qt.Key.Key_Down if opened else Qt.Key.Key_Home)
        assert volet.chosen == alert
        press(Qt.Key.Key_Return)
        page = shown(window)
        if alert.filtre is not None:
            assert isinstance(page, Allocations)
            assert (page.filtre, page.model.rowCount()) == (alert.filtre, alert.lignes)
        else:
            assert isinstance(page, Budget)
            assert isinstance(page.volet, RapprochementVolet)
            assert page.volet.chosen is not None
            assert ("budget", ("rapprochement", page.volet.chosen.destination)) == alert.page
        opened.append(page)
        press(Qt.Key.Key_Left, ALT)
        assert shown(window) is budget
        assert focused() is volet.table.view
        assert volet.chosen == alert
    assert any(page is budget for page in opened), "one alert is about no line, and is explained in Rapprochement"


def test_an_alert_on_lines_of_another_year_comes_back_to_the_year_looked_at(window: MainWindow) -> None:
    volet, bridge = alertes(window), workspace(window).bridge
    tab_to(workspace(window).top_bar.exercice)
    press(Qt.Key.Key_Up)
    assert bridge.exercice == 2026
    tab_to(volet.table.view)
    while volet.chosen is None or volet.chosen.regle != "prescription":
        press(Qt.Key.Key_Down)
    alert = volet.chosen
    press(Qt.Key.Key_Return)
    assert bridge.exercice == 2024
    assert session(window).allocations.somme(alert.filtre or Filtre()).nombre == alert.lignes
    press(Qt.Key.Key_Left, ALT)
    assert (bridge.exercice, volet.chosen) == (2026, alert)


def test_a_line_of_the_execution_opens_its_lines_and_is_found_again(window: MainWindow) -> None:
    volet = reach(window, Execution)
    budget = shown(window)
    assert volet.grille is not None
    for _ in range(3):
        press(Qt.Key.Key_Down)
    row = volet.table.current_id() or 0
    line = volet.grille.lignes[row]
    press(Qt.Key.Key_Return)
    page = shown_as(window, Allocations)
    assert page.filtre == Filtre(2025, destinations=(line.destination,))
    assert session(window).allocations.somme(page.filtre).notifie == line.notifie
    press(Qt.Key.Key_Left, ALT)
    assert shown(window) is budget
    assert focused() is volet.table.view
    assert volet.table.current_id() == row
