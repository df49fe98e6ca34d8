"""What comes in: cumuls at a day, fléchages consumed, titres, the balance of the exercice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain.problem import Invalide, Refus
from firdesk.domain.recette import Flechage, Recette
from firdesk.services import allocations, engagements, recettes
from firdesk.services.session import Session
from tests.services.budget_bases import CANCER, GERIATRIE, delegate, fund, open_small, snapshot


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_small(tmp_path / "budget.firdesk") as opened:
        yield opened


@pytest.fixture
def demo(base_demo: Path) -> Iterator[Session]:
    with Session.open(base_demo) as opened:
        yield opened


def recette(session: Session, number: int) -> Recette:
    found = session.recettes.get(number)
    assert found is not None
    return found


def test_2025_received_what_is_published_and_engaged_more(demo: Session) -> None:
    added = recettes.cumul(demo, 2025)
    assert (added.deleguees, added.propres, added.total) == (522_300_000_00, 3_500_000_00, 525_800_000_00)
    balance, source = recettes.equilibre(demo, 2025)
    assert source == "SIBC au 31/12/2025"
    assert balance.engage_sans_recette == 526_971_763_00 - 525_800_000_00
    assert balance.tresorerie == 525_800_000_00 + 1_260_000_00 - 526_874_764_00


def test_the_carried_over_cash_is_a_part_of_the_balance_and_is_undone(session: Session) -> None:
    snapshot(session, MI2_3_8=(None, None, 90_00, 80_00))
    delegate(session, 70_00)
    recettes.fixer_report(session, 2025, 20_00)
    assert recettes.equilibre(session, 2025)[0].tresorerie == 10_00
    session.undo()
    assert recettes.equilibre(session, 2025)[0].tresorerie == -10_00


def test_what_was_recovered_is_no_payment_less(session: Session) -> None:
    fund(session, GERIATRIE, engagement=100_00, paiement=80_00, reprise=30_00)
    delegate(session, 100_00)
    assert recettes.equilibre(session, 2025)[0].decaisse == 80_00


def test_at_a_day_the_snapshot_of_that_day_or_before_is_balanced(session: Session) -> None:
    snapshot(session, "2025-06-30", MI2_3_8=(None, None, 40_00, 30_00))
    snapshot(session, "2025-12-31", MI2_3_8=(None, None, 90_00, 80_00))
    delegate(session, 100_00, date="2025-03-12")
    assert recettes.equilibre(session, 2025, "2025-07-14")[0].decaisse == 30_00
    balance, told = recettes.equilibre(session, 2025, "2025-05-01")
    assert (balance.decaisse, told) == (None, "aucune situation SIBC au 01/05/2025")


def test_without_any_recette_nothing_is_balanced(session: Session) -> None:
    snapshot(session, MI2_3_8=(None, None, 90_00, 80_00))
    assert recettes.equilibre(session, 2025)[0].tresorerie is None


def test_the_report_of_a_closed_exercice_is_left_alone(session: Session) -> None:
    with session.operation("Clore 2025"):
        session.base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2025")
    with pytest.raises(Refus, match="clos"):
        recettes.fixer_report(session, 2025, 5)
    with pytest.raises(Refus, match="clos"):
        delegate(session, 5)


def test_a_theme_counts_what_was_notified_until_something_is_engaged(session: Session) -> None:
    delegate(session, 100_00, flechages=(Flechage(60_00, theme="PA"),))
    fund(session, GERIATRIE, notification=50_00)
    (before,) = recettes.suivi(session, 2025)
    fund(session, GERIATRIE, engagement=20_00)
    (after,) = recettes.suivi(session, 2025)
    assert (before.consomme, before.mesure, before.reste) == (50_00, "notifié", 10_00)
    assert (after.consomme, after.mesure, after.reste) == (20_00, "engagé", 40_00)


def test_a_destination_counts_what_sibc_engaged_under_it(session: Session) -> None:
    delegate(session, 100_00, flechages=(Flechage(60_00, destination="MI2-3"),))
    snapshot(session, MI2_3_8=(None, None, 15_00, 0), MI2_3_9=(None, None, 5_00, 0), MI2_30=(None, None, 99_00, 0))
    (found,) = recettes.suivi(session, 2025)
    assert (found.consomme, found.mesure) == (20_00, "engagé (SIBC)")


def test_two_recettes_reserved_to_one_theme_are_followed_together(session: Session) -> None:
    delegate(session, 100_00, flechages=(Flechage(60_00, theme="PA"),))
    delegate(session, 100_00, date="2025-09-01", flechages=(Flechage(30_00, theme="PA"),))
    fund(session, GERIATRIE, notification=70_00)
    assert [(x.fleche, x.reste) for x in recettes.suivi(session, 2025)] == [(90_00, 20_00)]
    assert [x.fleche for x in recettes.suivi(session, 2025, "2025-06-30")] == [60_00]


def test_a_flechage_changed_leaves_the_others_as_they_were(session: Session) -> None:
    number = delegate(session, 100_00, flechages=(Flechage(60_00, theme="PA"), Flechage(5_00, destination=CANCER)))
    before = recette(session, number)
    kept = before.flechages[1]
    recettes.enregistrer(session, replace(before, flechages=(kept, Flechage(7_00, theme="CANCER"))))
    after = recette(session, number)
    assert after.flechages[0] == kept
    assert [(f.theme, f.montant) for f in after.flechages[1:]] == [("CANCER", 7_00)]
    session.undo()
    assert recette(session, number) == before


def test_a_titre_recovers_a_reprise_of_an_allocation(session: Session) -> None:
    fund(session, GERIATRIE, paiement=80_00, reprise=30_00)
    (reprise,) = session.recettes.reprises(2025)
    assert (reprise.allocation, reprise.montant, reprise.recette) == ("2025-0001", 30_00, None)
    number = delegate(session, 30_00, nature="titre", source="ressources_propres", mouvement_id=reprise.id)
    assert session.recettes.reprises(2025)[0].recette == number


@pytest.mark.parametrize("whole", [False, True], ids=["the amount", "the allocation"])
def test_a_titre_outlives_the_reprise_that_it_recovered(session: Session, *, whole: bool) -> None:
    owner = fund(session, GERIATRIE, paiement=80_00, reprise=30_00)
    (reprise,) = session.recettes.reprises(2025)
    number = delegate(session, 30_00, nature="titre", source="ressources_propres", mouvement_id=reprise.id)
    kept = recette(session, number)
    if whole:
        allocations.delete(session, [owner])
    else:
        engagements.supprimer(session, owner, [reprise.id])
    assert recette(session, number) == replace(kept, mouvement_id=None)
    session.undo()
    assert recette(session, number) == kept
    assert session.recettes.reprises(2025)[0].recette == number


def test_only_a_titre_recovers_a_reprise(session: Session) -> None:
    fund(session, GERIATRIE, reprise=30_00)
    with pytest.raises(Invalide, match="Seul un titre"):
        delegate(session, 30_00, mouvement_id=session.recettes.reprises(2025)[0].id)


def test_the_remainder_of_the_parts_is_proposed_in_fongible() -> None:
    draft = Recette(2025, "arrete_initial", "cnsa", 100, protege_prevention=30, sanctuarise=20)
    assert recettes.remettre_parts(draft).fongible == 50


def test_the_same_arrete_typed_twice_is_a_warning(session: Session) -> None:
    delegate(session, 5_00, numero="12")
    draft = Recette(2025, "arrete_initial", "assurance_maladie", 0, "12", "2025-03-12")
    (problem,) = recettes.problems(session, draft)
    assert (problem.field, problem.blocking) == ("numero", False)


def test_collected_whole_on_a_day(session: Session) -> None:
    number = delegate(session, 100_00)
    other = delegate(session, 5_00, date="2025-09-01")
    recettes.encaisser(session, [recette(session, number), recette(session, other)], "2025-04-02")
    assert [r.montant - r.encaisse for r in session.recettes.de(2025)] == [0, 0]
    session.undo()
    assert [r.encaisse for r in session.recettes.de(2025)] == [0, 0]


def test_recettes_deleted_come_back_with_their_flechages(session: Session) -> None:
    number = delegate(session, 100_00, flechages=(Flechage(60_00, theme="PA"),))
    before = recette(session, number)
    recettes.supprimer(session, [before])
    assert session.recettes.get(number) is None
    session.undo()
    assert recette(session, number) == before
