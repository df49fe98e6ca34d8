"""The execution of an exercice: the published rates, provisional twelfths, sums at every grain."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from firdesk.domain import money
from firdesk.domain.budget import LigneBudget
from firdesk.domain.budget_execution import missions
from firdesk.domain.synthese import Axe
from firdesk.services import budget_execution, budget_paroles, budgets, reports
from firdesk.services.session import Session
from tests.services.budget_bases import CANCER, GERIATRIE, fund, open_small, snapshot, virement, vote


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_small(tmp_path / "budget.firdesk") as opened:
        yield opened


@pytest.fixture
def demo(base_demo: Path) -> Iterator[Session]:
    with Session.open(base_demo) as opened:
        yield opened


def test_2025_is_executed_as_published(demo: Session) -> None:
    total = budget_execution.execution(demo, 2025).total
    assert (total.engage, total.ae) == (526_971_763_00, 527_499_262_00)
    assert (total.paye, total.cp) == (526_874_764_00, 527_930_625_00)
    rates = [money.pourcent(rate or 0) for rate in (total.taux_ae, total.taux_cp)]
    assert rates == ["99,9\u00a0%", "99,8\u00a0%"]


def test_every_grain_adds_up_to_the_total(demo: Session) -> None:
    found = budget_execution.execution(demo, 2025)
    for name in ("ae", "cp", "notifie", "engage", "paye", "disponible_ae", "disponible_cp"):
        sums = {
            sum(getattr(x, name) for x in lines)
            for lines in (found.lignes, found.destinations, [m for m, _ in missions(found.lignes)])
        }
        assert sums == {getattr(found.total, name)}
    assert found.total.notifie == demo.syntheses.par((Axe.MISSION,), 2025).total.notifie


def test_missions_are_those_of_the_dashboard(demo: Session) -> None:
    shown = [
        (m.mission, m.ae, m.cp, m.engage, m.paye) for m, _ in missions(budget_execution.execution(demo, 2025).lignes)
    ]
    kept = [(x.cle, x.ae_ouvertes, x.cp_ouverts, x.ae_engagees, x.cp_payes) for x in demo.budgets.situations(2025)]
    assert shown == kept


def test_cp_are_split_between_commande_publique_and_operateurs(session: Session) -> None:
    fund(session, GERIATRIE, paiement=524_700_000_00)
    fund(session, CANCER, canal="commande_publique", paiement=2_200_000_00)
    found = budget_execution.execution(session, 2025)
    assert found.mesure_canaux == "paye"
    assert {x.code: x.montant for x in found.canaux} == {"operateur": 524_700_000_00, "commande_publique": 2_200_000_00}
    assert sum(x.montant for x in found.canaux) == found.total.paye


def test_what_sibc_paid_and_no_allocation_tells_is_a_part_of_its_own(session: Session) -> None:
    snapshot(session, MI2_3_8=(None, None, 0, 100_00))
    fund(session, GERIATRIE, canal="guichet", paiement=30_00)
    found = budget_execution.execution(session, 2025)
    assert [(x.libelle, x.montant) for x in found.canaux] == [("Guichet", 30_00), ("Non réparti", 70_00)]


def test_a_snapshot_says_what_was_engaged_and_mouvements_what_was_notified(session: Session) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, notification=80_00, engagement=999_00, paiement=999_00)
    snapshot(session, MI2_3_8=(None, None, 70_00, 60_00))
    found = budget_execution.execution(session, 2025)
    line = next(x for x in found.lignes if x.destination == GERIATRIE)
    assert (found.source, line.notifie, line.engage, line.paye) == ("sibc", 80_00, 70_00, 60_00)


def test_nothing_known_of_execution_is_unknown_not_zero(session: Session) -> None:
    vote(session, "BI")
    found = budget_execution.execution(session, 2025)
    assert not found.connue
    assert budget_execution.as_json(session, found)["total"]["cp_payes_centimes"] is None  # type: ignore[index]


def test_payments_alone_do_not_say_what_was_engaged(session: Session) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, paiement=60_00)
    found = budget_execution.execution(session, 2025)
    told = budget_execution.as_json(session, found)["total"]
    assert isinstance(told, dict)
    unknown = ("ae_engagees_centimes", "ae_disponibles_centimes", "taux_ae")
    assert [told[name] for name in unknown] == [None, None, None]
    assert (told["cp_payes_centimes"], told["taux_cp"] is None) == (60_00, False)
    line = budget_paroles.execution(session, found)[-3]
    assert (line.split()[0], line.count("—")) == ("Total", 2)


def test_the_report_prints_no_consumption_that_nothing_tells(session: Session) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, notification=60_00)
    assert _printed(session) == ["Notifié"]
    fund(session, GERIATRIE, paiement=10_00)
    assert _printed(session) == ["Notifié", "CP payés"]
    snapshot(session, MI2_3_8=(None, None, 0, 0))
    assert _printed(session) == ["Notifié", "AE engagées", "CP payés"]


def _printed(session: Session) -> list[str]:
    figures = reports.data(session, "missions", 2025)["chiffres"]
    assert isinstance(figures, list)
    return [x["libelle"] for x in figures]


def test_without_a_voted_budget_last_year_opens_a_twelfth_a_month(session: Session) -> None:
    last = vote(session, "BI", 2025)
    budgets.virer(session, last, virement(last, ae=100_00))
    found = budget_execution.execution(session, 2026, mois=3)
    assert (found.etalon.nature, found.etalon.mois) == ("douziemes", 3)
    assert budget_execution.etalon_dit(found.etalon) == "provisoire, 3/12 du BI 2025"
    assert {x.destination: x.ae for x in found.lignes}[GERIATRIE] == 900_00 * 3 // 12
    vote(session, "BI", 2026)
    assert budget_execution.execution(session, 2026).etalon.nature == "version"


@pytest.mark.parametrize(("jour", "mois"), [(date(2026, 3, 5), 3), (date(2027, 1, 1), 12), (date(2025, 12, 31), 1)])
def test_twelfths_are_counted_up_to_the_day(jour: date, mois: int) -> None:
    assert budget_execution.mois_du(2026, jour) == mois


def test_what_sibc_opens_serves_before_twelfths(session: Session) -> None:
    vote(session, "BI", 2024)
    snapshot(session, MI2_3_8=(700_00, 600_00, 0, 0))
    found = budget_execution.execution(session, 2025)
    assert (found.etalon.nature, found.total.ae) == ("sibc", 700_00)


def test_an_earlier_version_may_be_the_yardstick(session: Session) -> None:
    first = vote(session, "BI")
    vote(session, "BR1", lignes=(LigneBudget(GERIATRIE, "Intervention", 1, 1),))
    assert budget_execution.execution(session, 2025, version=first).total.ae == 4_500_00
    assert budget_execution.execution(session, 2025).total.ae == 1


def test_an_exercice_without_anything_is_empty(session: Session) -> None:
    found = budget_execution.execution(session, 2025)
    assert (found.lignes, found.etalon.nature) == ((), "aucun")
