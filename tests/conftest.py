"""The demonstration base, built once for each process of the suite: tests that write take a copy of their own."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of ``demonstration.firdesk`` and, under ``fichiers``, of the files it was imported from.

    Shared by all tests: read the files, never open the base (take ``base_demo``).
    """
    from firdesk.services.demonstration import build

    folder = tmp_path_factory.mktemp("demonstration")
    build(folder / "demonstration.firdesk", fichiers=folder / "fichiers")
    return folder


@pytest.fixture
def fichiers_demo(demonstration: Path) -> Path:
    """The folder of the finance files of the demonstration, to be read only."""
    return demonstration / "fichiers"


@pytest.fixture
def base_demo(demonstration: Path, tmp_path: Path) -> Path:
    """A fresh copy of the demonstration base, the test's own."""
    return Path(shutil.copy(demonstration / "demonstration.firdesk", tmp_path / "demonstration.firdesk"))
