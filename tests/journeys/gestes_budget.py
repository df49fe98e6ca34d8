"""Moving about the Budget page with nothing but the keyboard."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.budget import Budget
from firdesk.ui.volet import Volet
from tests.journeys.conftest import Finish
from tests.journeys.gestes import focused, press, regain, shown, workspace

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
FAR = 40

V = TypeVar("V", bound=Volet)


def reach(window: MainWindow, kind: type[V]) -> V:
    """Ctrl+5, then from tab to tab until the one looked for is shown."""
    regain(window)
    press(Qt.Key.Key_5, CTRL)
    page = shown(window)
    assert isinstance(page, Budget)
    for _ in page.classes:
        if isinstance(found := page.volet, kind):
            return found
        press(Qt.Key.Key_PageDown, CTRL)
    raise AssertionError(kind)


def tab_to(name: str, *, back: bool = False) -> None:
    """Strike the tab key until the cursor is on what bears this name."""
    for _ in range(FAR):
        press(Qt.Key.Key_Tab, SHIFT if back else Qt.KeyboardModifier.NoModifier)
        if name in called():
            return
    raise AssertionError(f"{name} : hors de portée de la tabulation")


def called() -> tuple[str, str]:
    """What the widget under the cursor is called, to the ear and to the eye."""
    widget = focused()
    return widget.accessibleName(), widget.text() if isinstance(widget, QAbstractButton) else ""


def type_keys(text: str) -> None:
    """Type where the cursor is, over what is selected; the first key may open the editor that has the next ones."""
    for key in text:
        QTest.keyClicks(focused(), key)


def choose_in_menu(text: str) -> None:
    """Open the menu of the line under the cursor, go down to an entry, take it."""
    under = focused().window()
    press(Qt.Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    for action in menu.actions():
        QTest.keyClick(menu, Qt.Key.Key_Down)
        if action.text().startswith(text):
            QTest.keyClick(menu, Qt.Key.Key_Return)
            regain(under)
            return
    raise AssertionError(text)


def undo(finish: Finish) -> None:
    press(Qt.Key.Key_Z, CTRL)
    finish()


def told(window: MainWindow) -> str:
    """What the message bar says."""
    return workspace(window).messages.text()
