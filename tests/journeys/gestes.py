"""What a person does and sees in the window, in a few words each."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Nature
from firdesk.services import allocations
from firdesk.services.session import Session
from firdesk.ui.main_window import MainWindow
from firdesk.ui.page import Page
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.workspace import Workspace

P = TypeVar("P", bound=Page)


def workspace(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def session(window: MainWindow) -> Session:
    return workspace(window).bridge.session


def shown(window: MainWindow) -> Page:
    page = workspace(window).current
    assert page is not None
    return page


def shown_as(window: MainWindow, kind: type[P]) -> P:
    """The page shown, which is of this kind."""
    page = shown(window)
    assert isinstance(page, kind)
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
    page = shown_as(window, Allocations)
    number = first_line(window).id or 0
    page.table.select([number], current=number)
    field = page.form.fields.montants[Nature.NOTIFICATION]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)


def told(window: MainWindow) -> str:
    """What the message bar says."""
    return workspace(window).messages.text()
