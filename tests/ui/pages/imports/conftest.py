"""What the tests of the page of imports share: files, dropping them, writing them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import DIFFERENCES
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import stars, write_stars
from tests.ui.pages.imports.shown import Drop


@pytest.fixture
def imports(workspace: Workspace) -> Imports:
    workspace.go("imports")
    found = workspace.current
    assert isinstance(found, Imports)
    return found


@pytest.fixture
def drop(window: MainWindow, imports: Imports, worker: ManualExecutor) -> Drop:
    """Drop files on the window and let the work finish."""

    def dropped(*files: Path) -> None:
        window.import_files(files)
        worker.run()

    return dropped


@pytest.fixture
def write(imports: Imports, worker: ManualExecutor) -> Callable[[], None]:
    """Click on *Importer* and let the work finish."""

    def written() -> None:
        assert imports.assistant.etape == DIFFERENCES
        imports.assistant.suite.click()
        worker.run()

    return written


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten StarsFIR lines."""
    return write_stars(tmp_path / "2025_engagements_exporter_20260112.csv", [stars(n) for n in range(1, 11)])


@pytest.fixture
def vintage(tmp_path: Path) -> Path:
    """The same export later: the first amount changed, the last line gone, one line new."""
    lines = [stars(1, notifie="2500.00"), *(stars(n) for n in range(2, 10)), stars(11)]
    return write_stars(tmp_path / "2025_engagements_exporter_20260318.csv", lines)


@pytest.fixture
def ambiguous(tmp_path: Path) -> Path:
    """Ten lines, two of which have the amount ``12.450``."""
    lines = [stars(n, notifie="12.450") if n < 3 else stars(n) for n in range(1, 11)]
    return write_stars(tmp_path / "ambigu.csv", lines)
