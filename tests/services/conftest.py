"""Small bases of several exercices, copied for each test from ones made once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation
from firdesk.domain.operateur import Operateur
from firdesk.services.session import Session, create
from tests.services.budget_annees import Annees, creer


@pytest.fixture(scope="session")
def modele_deux_annees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annees") / "annees.firdesk"
    creer(path)
    return path


@pytest.fixture(scope="session")
def annees_modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annees") / "annees.firdesk"
    create(path, tuple(range(2020, 2027)))
    with Session.open(path) as session, session.operation("Créer les opérateurs"):
        session.operateurs.add(Operateur(nom="CH de Laon", departement="02"))
        session.operateurs.add(Operateur(nom="URPS Infirmiers", departement="59"))
    return path


@pytest.fixture
def annees(annees_modele: Path, tmp_path: Path) -> Iterator[Session]:
    """The open session of such a base, the test's own."""
    with Session.open(Path(shutil.copy(annees_modele, tmp_path / "annees.firdesk"))) as session:
        yield session


Allouer = Callable[..., int]


@pytest.fixture
def allouer(annees: Session) -> Allouer:
    """Create an allocation of an exercice (first operator, MI2-3-8); returns its number."""

    def make(exercice: int, **fields: object) -> int:
        values: dict[str, object] = {"operateur_id": 1, "destination": "MI2-3-8", "theme": "PA"} | fields
        with annees.operation("Créer une allocation"):
            return annees.allocations.add(Allocation(exercice=exercice, **values))  # type: ignore[arg-type]

    return make


@pytest.fixture
def deux_ans(modele_deux_annees: Path, tmp_path: Path) -> Iterator[Annees]:
    """2024 and 2025, one operator, no allocation."""
    path = Path(shutil.copy(modele_deux_annees, tmp_path / "annees.firdesk"))
    with Session.open(path) as session:
        yield Annees(session, 1)
