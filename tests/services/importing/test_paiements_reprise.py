"""Payments imported again: new, unchanged, changed or gone, nothing doubled, corrections by hand kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.services import allocations, provenance
from firdesk.services.importing import ecarts, run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from firdesk.services.verification import verify
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import stars, write_stars
from tests.services.importing.paiements_fichiers import HEADERS, Row, allouer, paiement, paye, write_paiements
from tests.services.importing.test_engagements import counts

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]
EJ = "E2025000001_01"


@pytest.fixture
def feuille(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: Row, headers: tuple[str, ...] = HEADERS) -> Path:
        return write_paiements(tmp_path / "paiements.xlsx", rows, headers=headers)

    return write


@pytest.fixture(autouse=True)
def _base(session: Session) -> None:
    allouer(session, (EJ, 1000_00), ("E2025000002_01", 500_00))


def test_the_same_file_changes_nothing(session: Session, importer: Importer, feuille: Callable[..., Path]) -> None:
    path = feuille(paiement(), paiement(), paiement(dp="2"), paiement("E2025000002_01", -3))
    assert counts(importer(path)) == (4, 0, 0, 0, 0, 0)
    assert counts(importer(path)) == (0, 0, 4, 0, 0, 0)
    assert paye(session) == {EJ: 300_00, "E2025000002_01": -3_00}


def test_a_longer_file_adds_what_it_has_more(
    session: Session, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(feuille(paiement(), paiement(dp="2")))
    longer = feuille(paiement(jour=date(2025, 5, 1), dp="3"), paiement(dp="2"), paiement(), paiement())
    assert counts(importer(longer)) == (2, 0, 2, 0, 0, 0)
    assert paye(session) == {EJ: 400_00}


def test_a_request_whose_amount_changed_is_shown_before_and_after(
    session: Session, preparer: Preparer, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(feuille(paiement(), paiement(dp="2")))
    path = feuille(paiement(montant=130.5), paiement(dp="2", jour=date(2025, 3, 20)))
    plan = preparer(path)
    (first, second) = (line.champs for line in plan.modifiees)
    assert (first[0].libelle, money.parse(first[0].avant), money.parse(first[0].apres)) == (
        "Paiement (CP)",
        100_00,
        130_50,
    )
    assert second[0][1:4] == ("Date", "15/03/2025", "20/03/2025")
    assert (plan.notifie_avant, plan.notifie_apres) == (200_00, 230_50)
    importer(path)
    assert paye(session) == {EJ: 230_50}
    assert preparer(path).inchangees == 2


def test_a_payment_gone_is_kept_or_withdrawn_as_told(
    session: Session, preparer: Preparer, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(feuille(paiement(), paiement(dp="2", montant=7)))
    path = feuille(paiement())
    plan = preparer(path)
    assert (plan.questions[0].id, plan.questions[0].bloquante, len(plan.disparues)) == ("disparues", False, 1)
    importer(path)
    assert paye(session) == {EJ: 107_00}
    importer(path, decisions={"disparues": "retirer"})
    assert paye(session) == {EJ: 100_00}


def test_the_file_of_another_month_makes_nothing_disappear(
    preparer: Preparer, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(feuille(paiement()))
    assert preparer(feuille(paiement(jour=date(2025, 4, 2), dp="9"))).disparues == ()


def test_a_file_without_request_numbers_or_items_doubles_nothing(
    session: Session, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(feuille(paiement(), paiement(dp="2", montant=7)))
    rows = [("2025000001", date(2025, 3, 15), 100), ("2025000001", date(2025, 3, 15), 7)]
    lot = importer(feuille(*rows, headers=("EJ", "Date de paiement", "EUR")))
    assert counts(lot) == (0, 0, 2, 0, 0, 0)
    assert paye(session) == {EJ: 107_00}


def test_a_payment_corrected_by_hand_is_kept_unless_told(
    session: Session, preparer: Preparer, importer: Importer, feuille: Callable[..., Path]
) -> None:
    path = feuille(paiement())
    importer(path)
    (number,) = (n for n in [1, 2] if session.allocations.somme_ids([n]).paye)
    draft = allocations.brouillon(session, number)
    assert draft is not None
    allocations.save(session, replace(draft, montants=draft.montants | {Nature.PAIEMENT: 90_00}))
    plan = preparer(path)
    (conflict,) = plan.conflits
    assert (money.parse(conflict.base), money.parse(conflict.fichier)) == (90_00, 100_00)
    assert plan.total_fichier == plan.total_lu
    importer(path)
    assert paye(session) == {EJ: 90_00}
    importer(path, decisions={"conflits": "fichier"})
    assert paye(session) == {EJ: 100_00}


def test_undoing_an_import_gives_back_what_was_there(
    session: Session, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(feuille(paiement(), paiement(dp="2", montant=7)))
    importer(feuille(paiement(montant=130), paiement("E2025000002_01", 5)), decisions={"disparues": "retirer"})
    assert paye(session) == {EJ: 130_00, "E2025000002_01": 5_00}
    session.undo()
    assert paye(session) == {EJ: 107_00}
    session.undo()
    assert paye(session) == {}
    session.redo()
    assert paye(session) == {EJ: 107_00}


LIGNES = st.lists(
    st.tuples(
        st.sampled_from(["E2025000001_01", "2025000002", "E2025000003", "E2025000099", ""]),
        st.integers(-500_00, 2000_00).map(lambda c: c / 100),
        st.sampled_from(["", "1", "2", "3"]),
        st.dates(date(2024, 11, 1), date(2025, 4, 30)),
    ),
    min_size=1,
    max_size=8,
)
GESTES = st.lists(st.one_of(LIGNES, st.just("annuler"), st.just("retablir")), min_size=1, max_size=6)
CHOIX = st.sampled_from([{}, {"disparues": "retirer", "rattachement:2025000003": "prorata"}])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestes=GESTES, decisions=CHOIX)
def test_whatever_is_imported_and_undone_paid_is_the_sum_of_the_payments(
    modele: Path, tmp_path_factory: pytest.TempPathFactory, gestes: list[object], decisions: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("suite")
    base = folder / "base.firdesk"
    base.write_bytes(modele.read_bytes())
    with Session.open(base) as session:
        numbers = allouer(
            session,
            ("E2025000001_01", 100_00),
            ("E2025000002_01", 500_00),
            ("E2025000003", 10_00),
            ("E2025000003", 20_00),
        )
        for geste in gestes:
            _faire(session, folder / "p.xlsx", geste, decisions)
            for number in numbers:
                a = session.allocations.get(number)
                assert a is not None
                signs = {Nature.PAIEMENT: 1, Nature.REPRISE: -1}
                total = sum(signs.get(m.nature, 0) * m.montant for m in a.mouvements)
                assert session.allocations.somme_ids([number]).paye == total
        assert [c for c in verify(session) if c.constats] == []


def _faire(session: Session, path: Path, geste: object, decisions: dict[str, str]) -> None:
    if geste == "annuler":
        target = session.operations.next_undo()
        if target is not None and target.nature == "import":
            session.undo()
    elif geste == "retablir":
        if session.operations.next_redo() is not None:
            session.redo()
    elif isinstance(geste, list):
        rows = [paiement(ej, cents, dp, jour) for ej, cents, dp, jour in geste]
        workbook = lire(write_paiements(path, rows))
        plan = run.plan(session, workbook, run.Reglages(decisions=decisions))
        assert plan.total_fichier == plan.total_importe + plan.total_ignore + plan.total_rejete
        kept = len(plan.nouvelles) + len(plan.modifiees) + plan.inchangees
        assert plan.lues == kept + plan.rejetees + plan.ignorees_lignes
        told = ecarts.tous(session, plan)
        assert {(e.avant, e.apres) for e in told.values()} == {(plan.notifie_avant, plan.notifie_apres)}
        run.execute(session, plan)
        assert sum(session.paiements.totaux().get(annee, 0) for annee in plan.exercices) == plan.notifie_apres
        again = run.plan(session, workbook, run.Reglages(decisions=decisions))
        assert (len(again.nouvelles), len(again.modifiees)) == (0, 0)


def test_a_payment_does_not_hide_that_the_export_lost_its_line(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, feuille: Callable[..., Path]
) -> None:
    importer(write_stars(tmp_path / "a.csv", [stars(n) for n in range(3, 8)]))
    importer(feuille(paiement("E2025000003_01")))
    assert len(preparer(write_stars(tmp_path / "b.csv", [stars(n) for n in range(4, 8)])).disparues) == 1
    (number,) = session.allocations.ids(Filtre(texte="E2025000003"))
    assert provenance.origine(session, number).startswith("importée de StarsFIR")
