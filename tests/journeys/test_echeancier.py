"""By keyboard, in Budget: what is left to pay by year read, the lines behind a figure opened, the table exported."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.synthese import Axe
from firdesk.services import echeanciers
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_echeancier import EcheancierEtReste
from tests.journeys.clavier import focused, here, keys, regain, tab_to
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as


@pytest.fixture
def base(base_demo: Path) -> Path:
    return base_demo


def volet(window: MainWindow) -> EcheancierEtReste:
    page = shown_as(window, Budget)
    found = page.volet
    assert isinstance(found, EcheancierEtReste)
    return found


def lines(window: MainWindow) -> Allocations:
    return shown_as(window, Allocations)


def go(window: MainWindow) -> EcheancierEtReste:
    """The third tab of Budget, the focus in its table."""
    regain(window)
    keys("Ctrl+5", "Ctrl+PgDown", "Ctrl+PgDown")
    return volet(window)


def test_what_is_left_to_pay_is_read_by_year_of_origin_and_its_lines_are_opened(window: MainWindow) -> None:
    """A second way to look, chosen by an arrow; Enter on the figure of a year opens the lines of that year alone."""
    page = go(window)
    tab_to("Montrer", back=True)
    keys("Down")
    tab_to("Échéancier des CP")
    found = echeanciers.origines(session(window), Axe.DESTINATION)
    assert page.chart.table.totals.texts()["reste"] == money.euros(found.total)
    owing = next(i for i, x in enumerate(found.lignes) if x.restes.get(2024))
    keys("Ctrl+Home", "Down", *["Down"] * owing, "Right", "Right", "Return")  # the first arrow chooses the line itself
    wanted = Filtre(2024, destinations=(found.lignes[owing].cle,))
    assert lines(window).filtre == wanted
    somme = session(window).allocations.somme(wanted)
    assert somme.engage - somme.paye == found.lignes[owing].restes[2024]


def test_a_line_opens_the_allocations_of_every_exercice_and_its_total_all_of_them(window: MainWindow) -> None:
    """By year to come, Enter opens what is behind the line, Ctrl+Entrée what is behind the total."""
    page = go(window)
    assert "Échéancier des CP" in here()
    key = page.chart.rows()[0].key
    keys("Down", "Up", "Return")
    assert lines(window).filtre == Filtre(None, destinations=(key,))
    keys("Ctrl+5", "Ctrl+Return")
    assert lines(window).filtre == Filtre(None)


def test_the_chart_and_its_table_are_one_key_away_from_each_other(window: MainWindow) -> None:
    """T and T again: the focus goes with what is shown, the tab key comes back to it."""
    page = go(window)
    keys("T")
    assert focused() is page.chart.plot()
    assert "Échéancier des CP" in here()
    keys("Ctrl+PgUp", "Ctrl+PgDown")
    assert "Échéancier des CP" in here()
    keys("T")
    assert focused() is page.chart.table.view


def test_the_table_is_exported_beside_the_base(window: MainWindow, finish: Finish, base: Path) -> None:
    """The button is reached by the tab key; the name that the dialog proposes is taken by Enter."""
    page = go(window)
    tab_to("Exporter…", back=True)
    answer = QTimer(window, interval=20)
    answer.timeout.connect(take_proposed)
    answer.start()
    keys("Return")
    answer.stop()
    finish()
    (sheet,) = openpyxl.load_workbook(base.with_name("echeancier-destination-2025.xlsx")).worksheets
    assert page.chart.rows()[0].key in str([*sheet.iter_rows(values_only=True)])


def take_proposed() -> None:
    """Enter in the dialog of files, once it is there."""
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QFileDialog):
        QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
