"""Moving about by keyboard alone: every field met by Tab, the rail by arrows."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_echeancier import EcheancierEtReste
from firdesk.ui.pages.budget_execution import Execution
from tests.journeys.clavier import focused, page_by_key, press, reach, tab_to
from tests.journeys.gestes import shown, shown_as, workspace


@pytest.fixture
def base(base_demo: Path) -> Path:
    return base_demo


def round_trip(key: Qt.Key) -> list[QWidget]:
    """What a key meets until it comes back to where it started."""
    met = [focused()]
    while len(met) < 60:
        press(key)
        if focused() is met[0]:
            return met
        met.append(focused())
    raise AssertionError(f"{key} goes round {focused()}")


def test_tab_meets_what_stands_above_the_table_both_ways(window: MainWindow) -> None:
    volet = reach(window, Execution)
    page = shown_as(window, Budget)
    assert focused() is volet.table.view
    met = round_trip(Qt.Key.Key_Tab)
    assert {page.bar, volet.recherche, volet.detail, volet.depassements, volet.exporter} <= set(met)
    assert round_trip(Qt.Key.Key_Backtab) == [met[0], *reversed(met[1:])]


def test_tab_goes_through_the_allocations_from_top_to_bottom(window: MainWindow) -> None:
    page = page_by_key(window, 2)
    assert isinstance(page, Allocations)
    met = round_trip(Qt.Key.Key_Tab)
    above = [page.bar.search, page.columns, page.new, page.bar.chips.add_button]
    assert met[0] is page.table.view
    assert met[-len(above) :] == above
    assert page.form.isAncestorOf(met[1])


def test_tab_leaves_a_chart_that_is_shown_as_a_table(window: MainWindow) -> None:
    reach(window, EcheancierEtReste)
    page = shown_as(window, Budget)
    assert page.bar in round_trip(Qt.Key.Key_Tab)


def test_the_rail_is_walked_by_arrows_and_enter_goes_into_the_page(window: MainWindow) -> None:
    page_by_key(window, 5)
    rail = workspace(window).rail
    tab_to(rail.entry("budget"))
    press(Qt.Key.Key_Down)
    assert focused() is rail.entry("dispositifs")
    press(Qt.Key.Key_Return)
    assert shown(window).key == "dispositifs"
    assert shown(window).isAncestorOf(focused())
