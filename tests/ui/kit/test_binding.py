"""The Qt binding itself: a release of PySide6 dropped a reference to ``None`` at most void calls."""

import sys

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 4_000
#: What other threads and caches may move meanwhile; the bug takes one reference a call.
NOISE = 200


def test_void_calls_keep_the_references_to_none(qtbot: QtBot) -> None:
    label, parent, timer = QLabel("a"), QObject(), QTimer()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(CALLS):
        label.setText("a")
        label.setEnabled(True)
        label.update()
        timer.setInterval(number)
        parent.setObjectName("b")
    assert abs(sys.getrefcount(None) - before) < NOISE
