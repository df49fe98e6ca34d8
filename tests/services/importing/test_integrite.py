"""What always holds: totals to the cent, one import one undo, a cancelled import leaves nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Filtre
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Annulation, Refus
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from firdesk.services.verification import verify
from firdesk.store import insertion
from tests.services.importing.conftest import contenu, lire
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars, write_xlsx

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


def sound(session: Session) -> bool:
    return [c for c in verify(session) if c.constats] == []


class Impatient:
    """Gives up after some looks at the clock."""

    def __init__(self, patience: int) -> None:
        self.left = patience

    def report(self, done: int, total: int | None, text: str) -> None:
        return

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Annulation


EUROS = st.decimals(-10_000, 1_000_000, places=2)
AMOUNT = st.one_of(
    EUROS.map(str),
    EUROS.map(lambda d: f"{d:,.2f}".replace(",", " ").replace(".", ",") + " €"),
    st.sampled_from(["", "0", "1.234", "12,500", "illisible", "12 34", "7 €", "-5,25"]),
)
YEAR = st.sampled_from(["2025", "2025", "2025", "2024", "mille"])
TWIN = st.integers(1, 4)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.tuples(TWIN, AMOUNT, YEAR), min_size=1, max_size=25),
    exercice=st.sampled_from([None, 2025]),
    choice=st.sampled_from(["", "milliers", "decimale"]),
)
def test_the_total_of_the_file_is_imported_ignored_or_rejected(
    tmp_path: Path,
    session: Session,
    lines: list[tuple[int, str, str]],
    exercice: int | None,
    choice: str,
) -> None:
    rows = [stars(n, notifie=amount, campagne=year) for n, amount, year in lines]
    decisions = {f"notifie:{text}": choice for text in ("1.234", "12,500")} if choice else {}
    with undone(session):
        workbook = lire(write_stars(tmp_path / "a.csv", rows))
        plan = run.plan(session, workbook, run.Reglages(exercice=exercice, decisions=decisions))
        assert plan.total_fichier == plan.total_importe + plan.total_ignore + plan.total_rejete
        kept = len(plan.nouvelles) + len(plan.modifiees) + plan.inchangees
        assert plan.lues == len(lines) == kept + plan.rejetees + plan.ignorees_lignes
        assert plan.total_importe == sum(line.montant for line in plan.nouvelles)
        try:
            run.execute(session, plan, insister=True)
        except Refus:
            return
        assert session.allocations.somme(Filtre()).notifie == plan.total_importe == plan.notifie_apres
        again = run.plan(session, workbook, run.Reglages(exercice=exercice, decisions=decisions))
        assert (len(again.nouvelles), len(again.modifiees), len(again.disparues)) == (0, 0, 0)
        assert again.total_fichier == again.total_lu


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Take back what the block imported, so that the next example starts from the same base."""
    before = session.allocations.count()
    yield
    if session.allocations.count() != before:
        session.undo()


@pytest.mark.parametrize("patience", range(6))
def test_a_cancelled_import_leaves_the_base_as_it_was(tmp_path: Path, session: Session, patience: int) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(i) for i in range(1, 20)])
    with pytest.raises(Annulation):
        give_up(session, path, Impatient(patience))
    assert session.operations.next_undo() is None
    assert (session.allocations.count(), session.imports.lots(), session.operateurs.all()) == (0, [], [])
    assert sound(session)


@pytest.mark.parametrize("patience", [10, 30, 100])
def test_a_long_statement_is_cancelled_in_the_middle(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch, patience: int
) -> None:
    monkeypatch.setattr(insertion, "TICK", 200)
    with pytest.raises(Annulation):
        give_up(session, write_stars(tmp_path / "a.csv", [stars(i) for i in range(1, 200)]), Impatient(patience))
    assert session.operations.next_undo() is None
    assert session.allocations.count() == 0
    assert sound(session)


def give_up(session: Session, path: Path, progress: Impatient) -> None:
    run.execute(session, run.plan(session, lire(path), progress=progress), progress)
    progress.left = 0
    progress.check()


def test_one_import_one_undo_one_redo(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(i) for i in range(1, 9)]))
    first = contenu(session)
    importer(write_stars(tmp_path / "v2.csv", [stars(i, notifie=f"{i}.00") for i in range(5, 15)]))
    second = contenu(session)
    assert sound(session)
    session.undo()
    assert contenu(session) == first
    assert sound(session)
    session.redo()
    assert contenu(session) == second
    assert sound(session)
    session.undo()
    session.undo()
    assert contenu(session) == []
    assert session.imports.lots() == []
    assert sound(session)


def test_a_snapshot_is_undone_too(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_sibc(tmp_path / "SIBC_20260105.csv", [sibc()]))
    first = contenu(session)
    importer(write_sibc(tmp_path / "SIBC_20260105.csv", [sibc(ej_valides="1.0"), sibc("MI2-3-8")]))
    session.undo()
    assert contenu(session) == first
    assert sound(session)


def test_an_import_is_named_in_the_history(tmp_path: Path, session: Session, importer: Importer) -> None:
    lot = importer(write_stars(tmp_path / "2025_engagements.csv", [stars(i) for i in range(1, 4)]))
    operation = session.operations.next_undo()
    assert operation is not None
    assert (operation.libelle, operation.nature) == ("Importer 2025_engagements.csv (3 lignes)", "import")
    assert session.imports.operation_of(lot.id or 0) == operation.id


def test_the_summary_has_the_keys_of_the_command_line(tmp_path: Path, session: Session, preparer: Preparer) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1)]))
    keys = [
        "lot",
        "profil",
        "exercices",
        "lues",
        "nouvelles",
        "modifiees",
        "inchangees",
        "disparues",
        "rejetees",
        "ignorees",
        "reparees",
        "total_fichier_centimes",
        "total_importe_centimes",
        "rejets",
        "orphelines",
        "orphelins",
    ]
    before = run.summary(plan)
    lot = run.execute(session, plan)
    assert list(before) == keys
    assert before["lot"] is None
    assert run.summary(lot) == before | {"lot": lot.id}
    stored = session.imports.lot(lot.id or 0)
    assert stored is not None
    assert run.summary(stored) == run.summary(lot)


def test_a_file_is_scanned_in_a_child_process(tmp_path: Path, session: Session) -> None:
    workbook = run.scan(write_xlsx(tmp_path / "a.xlsx", [stars(1)]))
    assert run.plan(session, workbook).total_fichier == int(Decimal("1000.50") * 100)


def test_giving_up_during_the_scan_is_a_cancellation(tmp_path: Path) -> None:
    with pytest.raises(Annulation):
        run.scan(write_stars(tmp_path / "a.csv", [stars(1)]), Impatient(0))


def test_a_note_says_how_a_csv_was_read(tmp_path: Path, preparer: Preparer) -> None:
    assert "Séparateur « | », encodage utf-8." in preparer(write_stars(tmp_path / "a.csv", [stars(1)])).notes
