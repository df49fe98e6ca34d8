"""Tests of the window run without a screen; what the screenless plugin says of itself is no warning of ours."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.execution import LigneExecution, Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.settings import Settings
from firdesk.ui.workspace import Workspace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of two exercices, four operators and six allocations, with a budget and a SIBC snapshot of 2025."""
    from firdesk.services import session as sessions

    path = tmp_path_factory.mktemp("petite") / "petite.firdesk"
    sessions.create(path, (2024, 2025))
    with sessions.Session.open(path) as session:
        with session.operation("Importer les allocations", nature="import"):
            names = (("CH de Laon", "02"), ("CHU de Lille", "59"), ("GIP Inéa", "59"), ("CPTS de Guise", "02"))
            o = [session.operateurs.add(Operateur(nom=n, departement=d)) for n, d in names]
            rows = (
                (2025, o[0], "MI2-3-8", "PA", 1_000_000_00),
                (2025, o[1], "MI2-3-8", "PA", 500_000_00),
                (2025, o[1], "MI1-2-9", "CANCER", 300_000_50),
                (2025, o[2], "MI3-3-2", "PDS", 4_000_000_00),
                (2025, o[3], "MI4-2-8", "INVEST", 5_000_000_00),
                (2024, o[0], "MI2-3-8", "PA", 800_000_00),
            )
            session.allocations.add_many(
                Allocation(year, who, where, theme=theme, mouvements=(Mouvement(Nature.NOTIFICATION, year, cents),))
                for year, who, where, theme, cents in rows
            )
        with session.operation("Saisir le BR1 2025"):
            lines = [("MI2-3-8", 1_600_000_00), ("MI1-2-9", 400_000_00), ("MI3-3-2", 9_000_000_00)]
            session.budgets.add_version(
                VersionBudget(2025, "BR1", 1, "Budget rectificatif n° 1", "2025-11-14"),
                [LigneBudget(code, "SANITAIRE", cents, cents) for code, cents in lines],
            )
        with session.operation("Importer l'exécution SIBC", nature="import"):
            number = session.budgets.add_instantane(2025, "2025-12-31", None)
            session.budgets.add_lignes_execution(
                number,
                [
                    LigneExecution("MI2-3-8", "", "SANITAIRE", None, None, 1_500_000_00, 1_400_000_00),
                    LigneExecution("MI3-3-2", "", "SANITAIRE", None, None, 4_000_000_00, 3_900_000_00),
                ],
            )
    return path


@pytest.fixture
def base(_small: Path, tmp_path: Path) -> Path:
    """A small base, the test's own."""
    return Path(shutil.copy(_small, tmp_path / "petite.firdesk"))


@pytest.fixture
def worker() -> ManualExecutor:
    """The worker of the window: runs its jobs when told."""
    return ManualExecutor()


@pytest.fixture
def empty_window(qtbot: QtBot, worker: ManualExecutor) -> Iterator[MainWindow]:
    """The window on Accueil, which remembers nothing."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.install(app, "clair")
    window = MainWindow(Settings(theme="clair"), executor=worker)
    qtbot.addWidget(window)
    window.show()
    yield window
    worker.run()
    window.close_base()
    window.close()
    style.install(app, "clair")


@pytest.fixture
def window(empty_window: MainWindow, base: Path, worker: ManualExecutor) -> MainWindow:
    """The window on the small base, at its dashboard."""
    assert empty_window.open_base(base)
    worker.run()
    return empty_window


@pytest.fixture
def workspace(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


class Asked(list[tuple[str, object]]):
    """What pages asked to be shown: ``(key, argument)``; nothing is shown."""


@pytest.fixture
def asked(workspace: Workspace) -> Asked:
    """Hear where pages want to go, without going there."""
    heard = Asked()
    workspace.bridge.navigate.disconnect(workspace.go)
    workspace.bridge.navigate.connect(lambda key, argument: heard.append((key, argument)))
    return heard


def kept(field: QWidget, key: Qt.Key) -> bool:
    """Whether the field keeps Ctrl and this key for itself, rather than leave it to the window."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
    event.ignore()
    QCoreApplication.sendEvent(field, event)
    return event.isAccepted()
