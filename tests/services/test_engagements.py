"""What moves on an allocation: the program finds which withdrawal it is, plans anew, warns and never refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.echeancier import Echeancier, prorata
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.problem import Invalide, Problem, Refus
from firdesk.domain.synthese import Axe
from firdesk.services import allocations, engagements, syntheses
from firdesk.services.session import Session
from firdesk.store import cumuls

Allouer = Callable[..., int]


def typed(session: Session, number: int, nature: Nature, exercice: int, euros: int, **more: Any) -> None:
    engagements.ajouter(session, number, Mouvement(nature, exercice, euros * 100, **more))


def natures(session: Session, number: int) -> list[tuple[str, int, int]]:
    found = session.allocations.get(number)
    assert found is not None
    return [(str(m.nature), m.exercice, m.montant) for m in found.mouvements]


def plan(session: Session, number: int, exercice: int) -> Echeancier:
    return engagements.echeancier(session, number, exercice)


def stored(session: Session, number: int) -> dict[int, int]:
    return {a.exercice: a.prevu for a in session.engagements.annees(number) if a.prevu}


def messages(found: tuple[Problem, ...]) -> str:
    return " ".join(p.message for p in found)


@pytest.fixture
def qvt(annees: Session, allouer: Allouer) -> int:
    """Quality of life at work 2020-2022: 900 000 € committed in 2020, planned in three equal parts."""
    number = allouer(2020, objet="QVT 2020-2022", ej="E2020000477_01")
    typed(annees, number, Nature.ENGAGEMENT, 2020, 900_000)
    engagements.planifier(annees, number, {2020: 300_000_00, 2021: 300_000_00, 2022: 300_000_00})
    return number


def test_what_is_left_of_the_quality_of_life_is_planned_over_the_two_years_left(annees: Session, qvt: int) -> None:
    typed(annees, qvt, Nature.PAIEMENT, 2020, 44_976, date="2020-11-30", piece="DP 1")
    assert engagements.replanifier(annees, [qvt], 2021) == 1
    found = plan(annees, qvt, 2021)
    assert found.reste_a_payer == 855_024_00
    assert found.echeances == {2020: 44_976_00, 2021: 427_512_00, 2022: 427_512_00}
    assert found.a_planifier == 0


def test_a_market_of_eighteen_months_is_planned_by_its_months(annees: Session, allouer: Allouer) -> None:
    number = allouer(2025, canal="commande_publique")
    typed(annees, number, Nature.ENGAGEMENT, 2025, 1_700_000)
    engagements.planifier(annees, number, prorata(1_700_000_00, "2025-07-01", "2026-12-31"))
    assert plan(annees, number, 2025).echeances == {2025: 566_666_67, 2026: 1_133_333_33}


def test_a_withdrawal_of_the_year_of_its_commitment_gives_credits_back(annees: Session, qvt: int) -> None:
    typed(annees, qvt, Nature.RETRAIT, 2020, 100_000)
    assert ("retrait", 2020, 100_000_00) in natures(annees, qvt)


def test_a_withdrawal_two_years_later_changes_what_is_left_of_that_commitment_and_nothing_else(
    annees: Session, qvt: int, allouer: Allouer
) -> None:
    typed(annees, allouer(2022), Nature.ENGAGEMENT, 2022, 50_000)
    typed(annees, allouer(2020), Nature.ENGAGEMENT, 2020, 70_000)
    axes = [*((a,) for a in Axe), (Axe.EXERCICE, Axe.MISSION), (Axe.EXERCICE, Axe.OPERATEUR)]
    before = {a: annees.syntheses.par(a).lignes for a in axes}
    told = ("nombre", "notifie", "ae_engagee", "cp_paye", "saisi", "repris")
    typed(annees, qvt, Nature.RETRAIT, 2022, 200_000, reference="Avenant 2")
    assert ("retrait_anterieur", 2022, 200_000_00) in natures(annees, qvt)
    for axe, lines in before.items():
        now = annees.syntheses.par(axe).lignes
        was, is_ = ({x.cle: v for x in side if any(v := [getattr(x, n) for n in told])} for side in (lines, now))
        assert was == is_
        assert sum(x.reste_a_payer for x in lines) - sum(x.reste_a_payer for x in now) == 200_000_00
    assert plan(annees, qvt, 2020).reste_a_payer == 700_000_00


@pytest.mark.parametrize(("year", "nature"), [(2021, "retrait"), (2022, "retrait_anterieur"), (2020, "retrait")])
def test_the_commitment_taken_back_is_that_of_the_ej(annees: Session, allouer: Allouer, year: int, nature: str) -> None:
    first, second = allouer(2020, ej="E2020000001_01"), allouer(2021, ej="E2021000009_02")
    typed(annees, first, Nature.ENGAGEMENT, 2021, 500, ej="E2021000009_01")
    typed(annees, second, Nature.ENGAGEMENT, 2020, 40)
    typed(annees, first, Nature.RETRAIT, year, 100, ej="e2021000009-1")
    assert (nature, year, 100_00) in natures(annees, first)


def test_an_ej_committed_on_another_allocation_says_the_year_of_the_withdrawal(
    annees: Session, allouer: Allouer
) -> None:
    typed(annees, allouer(2021, ej="E2021000009_01"), Nature.ENGAGEMENT, 2021, 500)
    number = allouer(2023, ej="E2021000009_01")
    typed(annees, number, Nature.RETRAIT, 2023, 100)
    assert natures(annees, number) == [("retrait_anterieur", 2023, 100_00)]


def test_moving_an_engagement_to_another_year_classes_its_withdrawals_again(annees: Session, allouer: Allouer) -> None:
    number = allouer(2024)
    typed(annees, number, Nature.ENGAGEMENT, 2024, 500)
    typed(annees, number, Nature.RETRAIT, 2025, 100)
    engagement, retrait = annees.allocations.mouvements(number)
    assert retrait.nature is Nature.RETRAIT_ANTERIEUR
    engagements.modifier(annees, number, Mouvement(Nature.ENGAGEMENT, 2025, 500_00, id=engagement.id))
    assert natures(annees, number) == [("engagement", 2025, 500_00), ("retrait", 2025, 100_00)]


def test_a_plan_follows_a_withdrawal_in_the_same_operation(annees: Session, qvt: int) -> None:
    typed(annees, qvt, Nature.RETRAIT, 2020, 300_000)
    assert stored(annees, qvt) == {2020: 200_000_00, 2021: 200_000_00, 2022: 200_000_00}
    annees.undo()
    assert stored(annees, qvt) == {2020: 300_000_00, 2021: 300_000_00, 2022: 300_000_00}


def test_a_plan_follows_the_total_typed_in_the_form(annees: Session, qvt: int) -> None:
    draft = allocations.brouillon(annees, qvt)
    assert draft is not None
    allocations.save(annees, allocations.Brouillon(draft.allocation, draft.montants | {Nature.ENGAGEMENT: 600_000_00}))
    assert stored(annees, qvt) == {2020: 200_000_00, 2021: 200_000_00, 2022: 200_000_00}


def test_a_plan_still_being_typed_is_left_alone(annees: Session, allouer: Allouer) -> None:
    number = allouer(2025)
    typed(annees, number, Nature.ENGAGEMENT, 2025, 100)
    typed(annees, number, Nature.ECHEANCE, 2026, 40)
    typed(annees, number, Nature.PAIEMENT, 2025, 10)
    assert stored(annees, number) == {2026: 40_00}
    assert plan(annees, number, 2025).a_planifier == 60_00


def test_more_planned_than_committed_is_said_below_zero(annees: Session, allouer: Allouer) -> None:
    number = allouer(2025)
    typed(annees, number, Nature.ENGAGEMENT, 2025, 100)
    typed(annees, number, Nature.ECHEANCE, 2026, 140)
    assert plan(annees, number, 2025).a_planifier == -40_00


def test_several_echeances_of_a_year_share_its_new_amount_and_keep_their_dates(
    annees: Session, allouer: Allouer
) -> None:
    number = allouer(2025)
    typed(annees, number, Nature.ENGAGEMENT, 2025, 100)
    for day, euros in (("2025-06-30", 30), ("2025-12-15", 70)):
        typed(annees, number, Nature.ECHEANCE, 2025, euros, date=day)
    typed(annees, number, Nature.RETRAIT, 2025, 50)
    kept = [(m.date, m.montant) for m in annees.allocations.mouvements(number) if m.nature is Nature.ECHEANCE]
    assert kept == [("2025-06-30", 15_00), ("2025-12-15", 35_00)]


def test_what_is_not_sound_is_refused_with_the_field_to_mend(annees: Session, qvt: int) -> None:
    bad = Mouvement(Nature.SAISIE, 1999, 0, date="2025-02-30")
    with pytest.raises(Invalide) as refused:
        engagements.ajouter(annees, qvt, bad)
    assert [p.field for p in refused.value.problems] == ["nature", "montant", "exercice", "date"]


def test_paid_above_committed_and_too_large_a_withdrawal_only_warn(annees: Session, qvt: int) -> None:
    paid = Mouvement(Nature.PAIEMENT, 2020, 900_001_00)
    assert "Payé au-dessus de l'engagé de l'EJ E2020000477_01 : 1,00\u00a0€ de trop." in messages(
        engagements.problems(annees, qvt, paid)
    )
    back = Mouvement(Nature.RETRAIT, 2020, 900_001_00)
    assert "dépasse le reste à payer" in messages(engagements.problems(annees, qvt, back))
    engagements.ajouter(annees, qvt, paid)
    assert plan(annees, qvt, 2020).reste_a_payer == -1_00


def test_a_payment_is_compared_with_its_own_item(annees: Session, qvt: int) -> None:
    other = Mouvement(Nature.PAIEMENT, 2020, 1_00, ej="E2020000999_01")
    assert messages(engagements.problems(annees, qvt, other)) == "Aucun engagement de l'EJ E2020000999_01 n'est saisi."


def test_an_imported_amount_is_replaced_only_when_one_says_so(annees: Session, allouer: Allouer) -> None:
    number = allouer(2025)
    with annees.operation("Importer", nature="import"):
        annees.allocations.add_mouvement(
            number, Mouvement(Nature.PAIEMENT, 2025, 100_00, origine="import", cellule="E5", brut="100")
        )
    (paid,) = annees.allocations.mouvements(number)
    changed = Mouvement(Nature.PAIEMENT, 2025, 90_00, id=paid.id)
    with pytest.raises(Invalide, match="vient d'un import"):
        engagements.modifier(annees, number, changed)
    engagements.modifier(annees, number, changed, corriger=True)
    (kept,) = annees.allocations.mouvements(number)
    assert (kept.montant, kept.origine, kept.cellule) == (90_00, "import", "E5")


def test_the_date_of_an_imported_payment_may_be_completed(annees: Session, allouer: Allouer) -> None:
    number = allouer(2025)
    with annees.operation("Importer", nature="import"):
        annees.allocations.add_mouvement(number, Mouvement(Nature.PAIEMENT, 2025, 100_00, origine="import"))
    (paid,) = annees.allocations.mouvements(number)
    engagements.modifier(annees, number, Mouvement(Nature.PAIEMENT, 2025, 100_00, date="2025-06-30", id=paid.id))
    assert annees.allocations.mouvements(number)[0].date == "2025-06-30"


def test_a_deleted_mouvement_comes_back_with_undo(annees: Session, qvt: int) -> None:
    before = natures(annees, qvt)
    ids = [m.id or 0 for m in annees.allocations.mouvements(qvt) if m.nature is Nature.ENGAGEMENT]
    engagements.supprimer(annees, qvt, ids)
    assert all(nature != "engagement" for nature, _, _ in natures(annees, qvt))
    annees.undo()
    assert natures(annees, qvt) == before
    with pytest.raises(Refus, match="n'est plus dans l'allocation"):
        engagements.supprimer(annees, qvt, [9999])


def test_an_ej_gathers_its_items_whatever_the_allocation(annees: Session, qvt: int, allouer: Allouer) -> None:
    other = allouer(2021, operateur_id=2, ej="2020000477_02")
    typed(annees, other, Nature.ENGAGEMENT, 2021, 1_000)
    typed(annees, other, Nature.PAIEMENT, 2022, 400)
    typed(annees, qvt, Nature.PAIEMENT, 2020, 44_976)
    found = engagements.ej(annees, "E2020000477_01")
    assert [(p.reference, p.ae, p.cp) for p in found.postes] == [
        ("2021-0001", 1_000_00, 400_00),
        ("2020-0001", 900_000_00, 44_976_00),
    ]
    assert found.reste_a_payer == found.ae - found.cp == sum(p.reste_a_payer for p in found.postes)
    with pytest.raises(Refus, match="Aucun engagement ni paiement"):
        engagements.ej(annees, "E1999")


def test_a_closed_exercice_refuses_a_payment_and_lets_payments_be_planned(annees: Session, qvt: int) -> None:
    with annees.operation("Clore 2020"):
        annees.base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2020")
    with pytest.raises(Refus, match="clos"):
        typed(annees, qvt, Nature.PAIEMENT, 2020, 10)
    assert engagements.replanifier(annees, [qvt], 2021) == 1
    assert stored(annees, qvt) == {2021: 450_000_00, 2022: 450_000_00}


#: What the program calls a withdrawal is found out: both are tried.
TYPED = [*engagements.LIBELLES, Nature.RETRAIT_ANTERIEUR]
_moves = st.lists(
    st.tuples(
        st.sampled_from([*TYPED, "undo", "redo", "delete", "change", "plan", "replan", "form"]),
        st.integers(2022, 2025),
        st.integers(1, 10**9),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=10,
)


def _play(session: Session, numbers: list[int], what: object, year: int, cents: int, which: int) -> None:
    number = numbers[which]
    moves = session.allocations.mouvements(number)
    match what:
        case "undo" | "redo":
            getattr(session, str(what))()
        case "delete":
            engagements.supprimer(session, number, [moves[cents % len(moves)].id or 0] if moves else [])
        case "change" if moves:
            nature = TYPED[cents % len(TYPED)]
            engagements.modifier(session, number, Mouvement(nature, year, cents, id=moves[cents % len(moves)].id))
        case "plan":
            engagements.planifier(session, number, {year: cents, year + 1: plan(session, number, year).ae - cents})
        case "replan":
            engagements.replanifier(session, numbers, year)
        case "form":
            draft = allocations.brouillon(session, number)
            if draft is not None:  # an undo may have taken the allocation back
                amounts = draft.montants | {Nature.ENGAGEMENT: cents}
                allocations.save(session, allocations.Brouillon(draft.allocation, amounts))
        case Nature():
            engagements.ajouter(session, number, Mouvement(what, year, cents))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(moves=_moves)
def test_figures_hold_at_any_grain_after_any_moves(
    annees: Session, allouer: Allouer, moves: list[tuple[object, int, int, int]]
) -> None:
    annees.base.conn.execute("PRAGMA synchronous = OFF")
    numbers = [allouer(2022, ej="E2022000001_01"), allouer(2023, operateur_id=2, ej="E2022000001_02", theme="CANCER")]
    for move in moves:
        try:
            _play(annees, numbers, *move)
        except Refus:
            continue
        assert cumuls.differences(annees.base.conn) == []
    for year in (2022, 2024):
        own = [plan(annees, n, year) for n in numbers]
        for e in own:
            assert sum(e.echeances.values()) + e.a_planifier == e.ae
            assert e.ae - e.cp == e.reste_a_payer
    for axe in Axe:
        lines = syntheses.table(annees, [axe], None).lignes
        everything = annees.base.conn.execute(
            "SELECT IFNULL(SUM(CASE nature WHEN 'engagement' THEN montant WHEN 'retrait' THEN -montant "
            "WHEN 'retrait_anterieur' THEN -montant WHEN 'paiement' THEN -montant WHEN 'reprise' THEN montant END), 0) "
            "FROM mouvement"
        ).fetchone()[0]
        assert sum(x.reste_a_payer for x in lines) == everything
