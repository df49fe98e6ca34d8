"""The keyboard and nothing else: keys for whoever has the focus, and ways to get somewhere with them.

The screenless platform does not give the keyboard back when a list, a menu or a sheet closes: see :func:`regain`.
"""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from firdesk.ui.main_window import MainWindow
from firdesk.ui.page import Page
from firdesk.ui.volet import PageAVolets, Volet
from tests.journeys.conftest import Finish
from tests.journeys.gestes import shown

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
FAR = 40
V = TypeVar("V", bound=Volet)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def here() -> tuple[str, str]:
    """What has the focus is called so, to the ear and to the eye."""
    found = focused()
    return found.accessibleName(), found.text() if isinstance(found, QAbstractButton) else ""


def regain(window: QWidget) -> None:
    """Have the keyboard, at first and after what was over the window."""
    QApplication.processEvents()
    window.activateWindow()
    _until(lambda: QApplication.activeWindow() is window and QApplication.focusWidget() is not None)


def _until(condition: Callable[[], bool]) -> None:
    for _ in range(200):
        if condition():
            return
        QTest.qWait(10)
    raise AssertionError("nothing came of these keys")


# Striking


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Strike a key in the field under the cursor."""
    QTest.keyClick(focused(), key, modifier)


def keys(*sequences: str) -> None:
    """Strike keys one after the other: ``"Ctrl+4", "Ins", "Return"``; an open list hears them first."""
    for sequence in sequences:
        QApplication.processEvents()
        QTest.keySequence(QApplication.activePopupWidget() or focused(), QKeySequence(sequence))


def type_keys(text: str) -> None:
    """Type where the cursor is, over what is selected; the first key may open the editor that has the next ones."""
    for key in text:
        QTest.keyClicks(focused(), key)


def retype(text: str) -> None:
    """Replace what is in the field under the cursor."""
    press(Qt.Key.Key_A, CTRL)
    QTest.keyClicks(focused(), text)


def write(*texts: str) -> None:
    """Type in the field under the cursor, then in those the tab key comes to; a list gives its first proposition."""
    for place, text in enumerate(texts):
        if place:
            press(Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), text)
        accept_proposed()


def accept_proposed() -> None:
    """Take the first proposition of an open list."""
    under = focused().window()
    QApplication.processEvents()
    if (proposed := QApplication.activePopupWidget()) is not None:
        QTest.keyClick(proposed, Qt.Key.Key_Down)
        QTest.keyClick(proposed, Qt.Key.Key_Return)
        regain(under)


def undo(finish: Finish) -> None:
    press(Qt.Key.Key_Z, CTRL)
    finish()


# Getting somewhere


def tab_to(target: QWidget | str, *, back: bool = False) -> None:
    """Strike the tab key until it comes to a field, or to what is called so."""
    for _ in range(FAR):
        if focused() is target or target in here():
            return
        press(Qt.Key.Key_Tab, SHIFT if back else NONE)
    raise AssertionError(f"the tab key never comes to {target}")


def page_by_key(window: MainWindow, place: int) -> Page:
    """Ctrl and the figure of a page, whatever has the focus."""
    regain(window)
    press(Qt.Key(Qt.Key.Key_0 + place), CTRL)
    return shown(window)


def reach(window: MainWindow, kind: type[V]) -> V:
    """The Budget page by Ctrl+5, then from tab to tab until the one looked for is shown."""
    page = page_by_key(window, 5)
    assert isinstance(page, PageAVolets)
    for _ in page.classes:
        if isinstance(found := page.volet, kind):
            return found
        press(Qt.Key.Key_PageDown, CTRL)
    raise AssertionError(kind)


def menu_by_key(*letters: Qt.Key) -> None:
    """Open a menu of the window by Alt and its letter, then take an entry by its own."""
    press(letters[0], Qt.KeyboardModifier.AltModifier)
    for letter in letters[1:]:
        opened = QApplication.activePopupWidget()
        assert opened is not None
        QTest.keyClick(opened, letter)


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


def in_dialog(dialog: QWidget) -> None:
    """A dialog that was opened has the cursor in one of its fields."""
    _until(lambda: QApplication.activeWindow() is dialog and dialog.isAncestorOf(focused()))


def open_sheet(*sequences: str) -> None:
    """Strike the keys that open a sheet over the window, and wait until keys go to it."""
    keys(*sequences)
    _until(lambda: QApplication.activeModalWidget() is not None)
    _until(lambda: QApplication.activeWindow() is QApplication.activeModalWidget())
