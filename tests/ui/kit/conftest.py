"""What the tests of the kit share: the style installed, and jobs that run when told."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import ManualExecutor


@pytest.fixture(autouse=True)
def _styled(qapp: QApplication) -> Iterator[None]:
    style.install(qapp, "clair")
    yield
    if style.current() is not style.CLAIR:
        style.install(qapp, "clair")


@pytest.fixture
def executor() -> ManualExecutor:
    return ManualExecutor()
