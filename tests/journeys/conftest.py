"""What whole tasks start from: the real window on an empty base, its worker a real thread."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.services import session as sessions
from firdesk.ui.kit import style
from firdesk.ui.main_window import MainWindow
from firdesk.ui.settings import Settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Finish = Callable[[], None]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2025,))
    return path


@pytest.fixture
def window(qtbot: QtBot, base: Path) -> Iterator[MainWindow]:
    """The window on a base without any line, its worker a real thread."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.install(app, "clair")
    shown = MainWindow(Settings(theme="clair"))
    qtbot.addWidget(shown)
    shown.show()
    assert shown.open_base(base)
    yield shown
    shown.jobs.cancel()
    qtbot.waitUntil(lambda: not shown.jobs.running)
    shown.close_base()
    shown.close()


@pytest.fixture
def finish(window: MainWindow, qtbot: QtBot) -> Finish:
    """Let the work of the worker end."""

    def finished() -> None:
        qtbot.waitUntil(lambda: not window.jobs.running, timeout=30_000)

    return finished
