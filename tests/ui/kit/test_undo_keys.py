"""Whose Ctrl+Z and Ctrl+Y are: the field's when something was typed in it, else the window's."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from firdesk.ui.kit.undo_keys import UndoKeys
from tests.ui.conftest import kept


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_a_field_keeps_ctrl_z_only_while_it_has_something_to_undo(
    kind: type[QLineEdit] | type[QPlainTextEdit], qtbot: QtBot
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field = kind(parent)
    QVBoxLayout(parent).addWidget(field)
    UndoKeys(parent)
    parent.show()
    assert not kept(field, Qt.Key.Key_Z)
    QTest.keyClicks(field, "abc")
    assert kept(field, Qt.Key.Key_Z)
    field.undo()
    assert not kept(field, Qt.Key.Key_Z)
    assert kept(field, Qt.Key.Key_C), "other keys are the field's"
