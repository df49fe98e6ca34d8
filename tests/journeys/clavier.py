"""The keyboard and nothing else: keys for whoever has the focus, and ways to get somewhere with them."""

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from firdesk.ui.main_window import MainWindow
from tests.journeys.gestes import focused


def keys(*sequences: str) -> None:
    """Strike keys one after the other: ``"Ctrl+4", "Ins", "Return"``; an open list hears them first."""
    for sequence in sequences:
        QApplication.processEvents()
        QTest.keySequence(QApplication.activePopupWidget() or focused(), QKeySequence(sequence))


def here() -> str:
    """What has the focus, as it is called."""
    found = focused()
    return found.accessibleName() or (found.text() if isinstance(found, QAbstractButton) else "")


def tab_to(name: str, key: str = "Tab") -> None:
    """Strike the tab key until it comes to what is called so."""
    for _ in range(40):
        if here() == name:
            return
        keys(key)
    raise AssertionError(f"{key} never comes to {name}")


def sit_at(window: MainWindow, qtbot: QtBot) -> None:
    """Have keys go to the window: at first, and after a sheet, which the screenless platform follows by nothing."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def open_sheet(qtbot: QtBot, *sequences: str) -> None:
    """Strike the keys that open a sheet over the window, and wait until keys go to it."""
    keys(*sequences)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is QApplication.activeModalWidget())
