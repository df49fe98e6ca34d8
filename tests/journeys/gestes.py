"""What a person does and sees in the window, in a few words each."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Nature
from firdesk.services import allocations
from firdesk.services.session import Session
from firdesk.ui.main_window import MainWindow
from firdesk.ui.page import Page
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.volet import PageAVolets, Volet
from firdesk.ui.workspace import Workspace


def workspace(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def session(window: MainWindow) -> Session:
    return workspace(window).bridge.session


def shown(window: MainWindow) -> Page:
    page = workspace(window).current
    assert page is not None
    return page


def first_line(window: MainWindow) -> Allocation:
    number = session(window).allocations.ids(Filtre(2025), tri="reference")[0]
    found = session(window).allocations.get(number)
    assert found is not None
    return found


def amount(window: MainWindow) -> int | None:
    return allocations.total(first_line(window), Nature.NOTIFICATION)


def edit_first_amount(window: MainWindow, text: str) -> None:
    """Correct the notified amount of the first line in the form, by keyboard."""
    window.go("allocations", Filtre(2025))
    page = shown(window)
    assert isinstance(page, Allocations)
    number = first_line(window).id or 0
    page.table.select([number], current=number)
    field = page.form.fields.montants[Nature.NOTIFICATION]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Strike a key in the field under the cursor."""
    QTest.keyClick(focused(), key, modifier)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


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


def regain(window: QWidget) -> None:
    """Have the keyboard: the screenless platform does not give it back when a list or a menu closes."""
    QApplication.processEvents()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)


def page_by_key(window: MainWindow, qtbot: QtBot, place: int) -> Page:
    """Ctrl and the figure of a page, whatever has the focus."""
    come_to_the_front(window, qtbot)
    press(Qt.Key(Qt.Key.Key_0 + place), Qt.KeyboardModifier.ControlModifier)
    return shown(window)


def volet_by_key(window: MainWindow, qtbot: QtBot, key: str) -> Volet:
    """The Budget page, then Ctrl+Page suivante until the tab is there."""
    page = page_by_key(window, qtbot, 5)
    assert isinstance(page, PageAVolets)
    for _ in page.classes:
        if page.volet.key == key:
            break
        press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert page.volet.key == key
    return page.volet


def come_to_the_front(window: MainWindow, qtbot: QtBot) -> None:
    """The screenless platform does not do it, nor gives it back when a dialog closes."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window and QApplication.focusWidget() is not None)


def tab_to(field: QWidget, *, at_most: int = 16) -> None:
    """Strike the tab key until the cursor is in a field."""
    for _ in range(at_most):
        if focused() is field:
            return
        press(Qt.Key.Key_Tab)
    assert focused() is field, f"{focused()} has the focus"


def retype(text: str) -> None:
    """Replace what is in the field under the cursor."""
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), text)


def menu_by_key(*letters: Qt.Key) -> None:
    """Open a menu of the window by Alt and its letter, then take an entry by its own."""
    press(letters[0], Qt.KeyboardModifier.AltModifier)
    for letter in letters[1:]:
        opened = QApplication.activePopupWidget()
        assert opened is not None
        QTest.keyClick(opened, letter)


def in_dialog(dialog: QWidget, qtbot: QtBot) -> None:
    """A dialog that was opened has the cursor in one of its fields."""
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog and dialog.isAncestorOf(focused()))
