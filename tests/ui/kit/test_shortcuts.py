"""A key belongs to its widget."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from firdesk.ui.kit.shortcuts import shortcut


@pytest.mark.parametrize(("alone", "expected"), [(True, ["self"]), (False, ["self", "inside"])])
def test_a_key_is_heard_in_its_widget_only(qtbot: QtBot, alone: bool, expected: list[str]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box, inside, beside = QWidget(window), QPushButton("dedans"), QPushButton("à côté")
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    QVBoxLayout(box).addWidget(inside)
    layout = QVBoxLayout(window)
    layout.addWidget(box)
    layout.addWidget(beside)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    heard: list[str] = []
    places = {"self": box, "inside": inside, "beside": beside}
    shortcut("Del", box, lambda: heard.append(next(n for n, w in places.items() if w.hasFocus())), alone=alone)
    for widget in places.values():
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Delete)
    assert heard == expected
