"""The versions of a budget by keyboard: created, typed, pasted, moved between lines, compared; all undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.services import budgets
from firdesk.services import session as sessions
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.budget_versions import Versions
from tests.journeys.clavier import CTRL, choose_in_menu, focused, press, reach, regain, tab_to, type_keys, undo, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, told

KEY = Qt.Key
BLOCK = "Destination\tEnveloppe\tAE\tCP\nMI2-3-8\t\t1 600 000\t1 600 000\nMI1-2-9\t\tdouze\t400 000\n"


def voted(volet: Versions, code: str = "BI") -> list[tuple[str, int, int]]:
    """Destination, AE and CP of the lines of a version as they were voted."""
    version = next(v for v in volet.session.budgets.versions(2025) if v.code == code)
    return [(x.destination, x.ae, x.cp) for x in volet.session.budgets.lignes(version.id or 0)]


@pytest.fixture
def budgeted(base: Path) -> Path:
    """A BI of two lines, and a BR1 that opens 50 000 € more on the first."""
    first, second = LigneBudget("MI1-2-9", "", 400_000_00, 400_000_00), LigneBudget("MI2-3-8", "", 100_00, 100_00)
    with sessions.Session.open(base) as made:
        budgets.creer(made, VersionBudget(2025, "BI", 1, "", "2024-12-11"), [first, second])
        more = LigneBudget("MI1-2-9", "", 450_000_00, 450_000_00)
        budgets.creer(made, VersionBudget(2025, "BR1", 2, "", "2025-06-11"), [more, second])
    return base


def test_a_first_budget_is_created_and_filled_then_undone(window: MainWindow, finish: Finish, qtbot: QtBot) -> None:
    """From an empty tab: Ctrl+N and Enter create the BI, Inser opens a line, its amounts are typed over."""
    volet = reach(window, Versions)
    press(KEY.Key_N, CTRL)
    assert focused() is volet.version_form.code
    assert volet.version_form.code.value() == "BI"
    press(KEY.Key_Return)
    assert voted(volet) == []

    press(KEY.Key_Insert)
    write("MI2-3-8", "", "1 000", "900")
    press(KEY.Key_Return)
    regain(window)
    assert voted(volet) == [("MI2-3-8", 1_000_00, 900_00)]
    assert focused() is volet.lignes.table.view

    type_keys("1 500")
    press(KEY.Key_Tab)
    qtbot.waitUntil(lambda: voted(volet) == [("MI2-3-8", 1_500_00, 900_00)])
    type_keys("1 400")
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: voted(volet) == [("MI2-3-8", 1_500_00, 1_400_00)])

    for _ in range(4):
        undo(finish)
    assert volet.session.budgets.versions(2025) == []


def test_a_block_is_pasted_and_its_bad_cell_is_told_with_its_place(window: MainWindow, finish: Finish) -> None:
    """The version has no line yet: Ctrl+V writes what can be read, says what cannot, and where."""
    budgets.creer(session(window), VersionBudget(2025, "BI", 1), [])
    volet = reach(window, Versions)
    QGuiApplication.clipboard().setText(BLOCK)
    press(KEY.Key_V, CTRL)
    assert voted(volet) == [("MI2-3-8", 1_600_000_00, 1_600_000_00)]
    assert "1 refus : Ligne 3, colonne 3 (AE) : « douze »" in told(window)
    assert "attendu" in told(window)
    assert focused() is volet.lignes.table.view
    undo(finish)
    assert voted(volet) == []


class TestWithTwoVersions:
    @pytest.fixture
    def base(self, budgeted: Path) -> Path:
        return budgeted

    def test_credits_are_moved_for_a_reason_then_given_back(self, window: MainWindow, finish: Finish) -> None:
        """From the line they leave: its menu, the other line, the amount; the reason lacks, is asked, is given."""
        volet = reach(window, Versions)
        press(KEY.Key_Down)
        choose_in_menu("Virer des crédits")
        panel = volet.virements
        assert focused() is panel.vers
        write("MI2-3-8", "40 000", "40 000")
        press(KEY.Key_Return)
        assert focused() is panel.motif
        type_keys("Renfort des gardes")
        press(KEY.Key_Return)
        assert [(v.de_destination, v.vers_destination, v.ae, v.motif) for v in panel.connus] == [
            ("MI1-2-9", "MI2-3-8", 40_000_00, "Renfort des gardes")
        ]
        press(KEY.Key_Escape)
        assert focused() is volet.lignes.table.view
        undo(finish)
        assert panel.connus == []

    def test_two_versions_stand_side_by_side(self, window: MainWindow) -> None:
        """Back to the list of the other versions, one key down, and the gap of each line is shown."""
        volet = reach(window, Versions)
        tab_to("Comparer avec", back=True)
        press(KEY.Key_Down)
        assert volet.autre is not None
        assert volet.autre.code == "BI"
        gap = volet.lignes.model.column_of("ae_ecart")
        assert volet.lignes.model.row(0)[gap] == 50_000_00
        press(KEY.Key_Up)
        assert volet.autre is None
