"""The focus given to a group goes to what it leads to, and the tab key stops at all that the group holds."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import button

Show = Callable[..., None]


@pytest.fixture
def shown(qtbot: QtBot) -> Show:
    """Put widgets in a window that has the keyboard."""
    window = QWidget()
    qtbot.addWidget(window)

    def show(*widgets: QWidget) -> None:
        layout = QVBoxLayout(window)
        for widget in widgets:
            layout.addWidget(widget)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    return show


def test_the_tab_key_stops_before_the_widget_that_a_group_leads_to(shown: Show) -> None:
    outside, group, first, second = QLineEdit(), QWidget(), QLineEdit(), QLineEdit()
    inside = QVBoxLayout(group)
    inside.addWidget(first)
    inside.addWidget(second)
    lead_focus(group, second)
    shown(outside, group)
    outside.setFocus()
    QTest.keyClick(outside, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is first
    group.setFocus()
    assert QApplication.focusWidget() is second
    lead_focus(group, first)
    group.setFocus()
    assert QApplication.focusWidget() is first


def test_a_table_keeps_the_focus_and_the_paste_when_its_rows_go_and_come_back(shown: Show) -> None:
    table = DataTable(SimpleTableModel([ColumnSpec("a", "A")], [("1",)]), name="Lignes")
    shown(table, QLineEdit())
    pasted: list[str] = []
    table.paste_requested.connect(pasted.append)
    table.setFocus()
    table.set_state("vide", "Aucune ligne.")
    assert QApplication.focusWidget() is table.empty
    table.set_state("vide", "Aucune ligne.", "En ouvrir une", table.copy)
    action = table.empty.buttons()[0]
    assert QApplication.focusWidget() is action
    QGuiApplication.clipboard().setText("2")
    QTest.keyClick(action, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert pasted == ["2"]
    table.set_state("donnees")
    assert QApplication.focusWidget() is table.view


def test_an_empty_table_does_not_hold_the_tab_key(shown: Show) -> None:
    before, table, after = QLineEdit(), DataTable(SimpleTableModel([ColumnSpec("a", "A")])), QLineEdit()
    shown(before, table, after)
    table.set_state("vide", "Aucune ligne.")
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    QTest.keyClick(table.empty, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after


def test_enter_pushes_the_button_under_the_cursor(shown: Show) -> None:
    pushed: list[bool] = []
    made = button("Clore", on_click=lambda: pushed.append(True))
    shown(made)
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert pushed == [True]


def test_shift_f10_opens_the_menu_of_the_line_under_the_cursor(shown: Show) -> None:
    table = DataTable(SimpleTableModel([ColumnSpec("a", "A")], [("1",), ("2",)]), name="Lignes")
    asked: list[list[int]] = []
    table.set_context_menu(lambda _menu, ids: asked.append(ids))
    shown(table)
    table.setFocus()
    table.select([1], current=1)
    QTest.keyClick(table.view, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert asked == [[1]]
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Escape)
