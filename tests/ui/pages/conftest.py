"""The page of allocations alone, on a real file: half the price of the whole window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from firdesk.services.session import Session
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import Jobs, ManualExecutor
from firdesk.ui.pages.allocations import Allocations


class Said(list[tuple[str, str]]):
    """What the page said to the user: ``(kind, text)``."""

    @property
    def last(self) -> str:
        return self[-1][1] if self else ""


@pytest.fixture
def allocations(base: Path, worker: ManualExecutor, qtbot: QtBot) -> Iterator[Allocations]:
    """The page, shown on the first line of 2025."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.install(app, "clair")
    with Session.open(base) as session:
        jobs = Jobs(executor=worker)
        page = Allocations(Bridge(session, jobs, 2025))
        qtbot.addWidget(page)
        page.resize(1118, 640)
        page.show()
        page.activateWindow()
        yield page
        worker.run()
        page.hide()


@pytest.fixture
def said(allocations: Allocations) -> Said:
    heard = Said()
    allocations.bridge.message.connect(lambda kind, text, _action, _run: heard.append((kind, text)))
    return heard


def type_in(widget: QWidget, text: str) -> None:
    """Replace the text of a field as a user does, and leave it."""
    line = widget if isinstance(widget, QLineEdit) else widget.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(text)
    line.textEdited.emit(text)
    line.editingFinished.emit()


def occupy(bridge: Bridge) -> None:
    """Start a job that lasts until the worker runs: every quick write is refused meanwhile."""
    assert bridge.run("Export vers Excel", lambda _: None, lambda _: None)
