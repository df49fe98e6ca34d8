"""A small base of two exercices, copied for each test from one made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from firdesk.services.session import Session
from tests.services.budget_annees import Annees, creer


@pytest.fixture(scope="session")
def modele_annees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annees") / "annees.firdesk"
    creer(path)
    return path


@pytest.fixture
def annees(modele_annees: Path, tmp_path: Path) -> Iterator[Annees]:
    """2024 and 2025, one operator, no allocation."""
    path = Path(shutil.copy(modele_annees, tmp_path / "annees.firdesk"))
    with Session.open(path) as session:
        yield Annees(session, 1)
