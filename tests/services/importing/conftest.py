"""A real base for each test, copied from one made once, and the import of a file in two words."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.lot import Lot
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session, create
from firdesk.sheets.assembly import Assembly
from firdesk.sheets.cell import Workbook
from firdesk.sheets.reader import read_lines


@pytest.fixture(scope="session")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("modele") / "modele.firdesk"
    create(path, (2025,))
    return path


@pytest.fixture
def session(modele: Path, tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "base.firdesk"
    shutil.copy(modele, path)
    with Session.open(path) as opened:
        yield opened


@pytest.fixture
def autre(modele: Path, tmp_path: Path) -> Iterator[Session]:
    """A second base, to compare with the first."""
    path = tmp_path / "autre.firdesk"
    shutil.copy(modele, path)
    with Session.open(path) as opened:
        yield opened


def lire(path: Path) -> Workbook:
    """The workbook, read without the child process that the program uses."""
    assembly = Assembly()
    for line in read_lines(path):
        assembly.add(line)
    assert assembly.workbook is not None
    return assembly.workbook


@pytest.fixture
def preparer(session: Session) -> Callable[..., Plan]:
    def prepare(path: Path, *, decisions: Mapping[str, str] | None = None, exercice: int | None = None) -> Plan:
        return run.plan(session, lire(path), run.Reglages(decisions=decisions or {}, exercice=exercice))

    return prepare


@pytest.fixture
def importer(session: Session, preparer: Callable[..., Plan]) -> Callable[..., Lot]:
    def do(path: Path, *, decisions: Mapping[str, str] | None = None, insister: bool = False) -> Lot:
        return run.execute(session, preparer(path, decisions=decisions), insister=insister)

    return do


def contenu(session: Session) -> list[tuple[object, ...]]:
    """All that an import wrote, but for its file, cells and raw texts."""
    found: list[tuple[object, ...]] = []
    numbers = session.allocations.ids(Filtre())
    operateurs = {o.id: o for o in session.operateurs.all()}
    for number in numbers:
        a = session.allocations.get(number)
        assert a is not None
        moves = tuple((m.nature, m.exercice, m.montant, m.date, m.reference) for m in a.mouvements)
        found.append((a.reference, operateurs[a.operateur_id], *_champs(a), moves))
    for annee in session.nomenclatures.exercices():
        for i in session.budgets.instantanes(annee):
            lines = session.budgets.lignes_execution(i.id)
            values = sorted(
                (x.destination, x.enveloppe, x.libelle, x.ae_ouvertes, x.cp_ouverts, x.ej_valides, x.decaissements)
                for _, x in lines.values()
            )
            found.append((i.exercice, i.date, tuple(values)))
    return found


def _champs(a: Allocation) -> tuple[object, ...]:
    return (
        a.exercice,
        a.destination,
        a.theme,
        a.enveloppe,
        a.objet,
        a.ej,
        a.notification,
        a.decision,
        a.type_decision,
        a.date_notification,
        a.payeur,
        a.motivation,
        a.projet,
        a.code_ars,
        a.cle,
        a.statut,
    )
