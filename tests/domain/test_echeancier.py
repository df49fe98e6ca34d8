"""Planned payments: each proposal and each new plan adds up to the AE to the cent, whatever was paid."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain import echeancier
from firdesk.domain.echeancier import Annee, Echeancier, de_annees, replanifier, somme
from firdesk.domain.problem import Invalide

CENTS = st.integers(-(10**13), 10**13)
YEARS = st.integers(2018, 2030)
AMOUNTS = st.dictionaries(YEARS, st.integers(0, 10**12), max_size=6)


def test_equal_parts_leave_their_cents_on_the_first_years() -> None:
    assert echeancier.parts_egales(100_00, (2025, 2026, 2027)) == {2025: 33_34, 2026: 33_33, 2027: 33_33}


def test_two_years_of_night_nurses_are_two_equal_parts() -> None:
    assert echeancier.parts_egales(240_000_00, (2025, 2026)) == {2025: 120_000_00, 2026: 120_000_00}


def test_a_market_of_eighteen_months_from_mid_year_is_paid_by_its_months() -> None:
    assert echeancier.prorata(1_700_000_00, "2025-07-01", "2026-12-31") == {2025: 566_666_67, 2026: 1_133_333_33}


def test_a_month_begun_counts_by_its_days() -> None:
    assert echeancier.prorata(31_00, "2025-12-17", "2026-01-16") == {2025: 15_00, 2026: 16_00}


def test_months_of_several_years_count_for_twelve() -> None:
    found = echeancier.prorata(36_00, "2024-01-01", "2026-12-31")
    assert found == {2024: 12_00, 2025: 12_00, 2026: 12_00}


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(Invalide, match="La fin précède le début"):
        echeancier.prorata(1, "2025-02-01", "2025-01-31")


def test_a_payment_on_account_of_seventy_percent_leaves_the_balance() -> None:
    assert echeancier.acompte_et_solde(100_01, 2025, 2026) == {2025: 70_01, 2026: 30_00}


@pytest.mark.parametrize("part", [-1, 101])
def test_a_part_outside_the_whole_is_refused(part: int) -> None:
    with pytest.raises(Invalide, match="de 0 à 100"):
        echeancier.acompte_et_solde(100, 2025, 2026, pourcent=part)


def test_the_year_left_empty_takes_the_rest() -> None:
    assert echeancier.libre(100, {2025: 30, 2026: None}) == {2025: 30, 2026: 70}


@pytest.mark.parametrize("typed", [{2025: 30}, {2025: 300}, {2025: None, 2026: None}])
def test_amounts_that_do_not_add_up_are_refused(typed: dict[int, int | None]) -> None:
    with pytest.raises(Invalide, match="n'égalent pas l'AE"):
        echeancier.libre(100, typed)


@given(CENTS, st.lists(YEARS, min_size=1, max_size=6, unique=True), st.integers(0, 100))
def test_every_proposal_adds_up_to_the_ae(ae: int, years: list[int], part: int) -> None:
    assert sum(echeancier.parts_egales(ae, years).values()) == ae
    assert sum(echeancier.acompte_et_solde(ae, years[0], years[-1], pourcent=part).values()) == ae


@given(CENTS, st.dates(), st.integers(0, 2000))
def test_the_prorata_of_any_two_days_adds_up_to_the_ae(ae: int, first: date, days: int) -> None:
    last = min(date.max - timedelta(days=40), first + timedelta(days=days))
    first = min(first, last)
    assert sum(echeancier.prorata(ae, first.isoformat(), last.isoformat()).values()) == ae


@given(CENTS, AMOUNTS, AMOUNTS, YEARS)
def test_a_new_plan_always_adds_up_to_the_ae(
    ae: int, prevu: dict[int, int], paye: dict[int, int], exercice: int
) -> None:
    made = replanifier(ae, prevu, paye, exercice)
    assert sum(made.values()) == ae
    assert {y: c for y, c in made.items() if y < exercice} == {y: c for y, c in paye.items() if y < exercice and c}


@given(CENTS, AMOUNTS, AMOUNTS, YEARS)
def test_a_plan_that_covers_what_was_paid_is_not_changed_by_planning_again(
    ae: int, prevu: dict[int, int], paye: dict[int, int], exercice: int
) -> None:
    made = replanifier(ae, prevu, paye, exercice)
    if all(made.get(year, 0) >= cents for year, cents in paye.items()) and all(cents > 0 for cents in made.values()):
        assert replanifier(ae, made, paye, exercice) == made


def test_what_was_not_paid_in_a_past_year_is_spread_over_the_next_ones() -> None:
    planned = {2020: 300_000_00, 2021: 300_000_00, 2022: 300_000_00}
    made = replanifier(900_000_00, planned, {2020: 44_976_00}, 2021)
    assert made == {2020: 44_976_00, 2021: 427_512_00, 2022: 427_512_00}


def test_a_withdrawal_lowers_the_years_left_in_proportion() -> None:
    assert replanifier(70, {2025: 60, 2026: 30, 2027: 10}, {}, 2025) == {2025: 42, 2026: 21, 2027: 7}


def test_more_paid_this_year_than_planned_lowers_the_next_ones() -> None:
    assert replanifier(200, {2025: 100, 2026: 100}, {2025: 120}, 2025) == {2025: 120, 2026: 80}


def test_less_paid_this_year_than_planned_changes_nothing_until_the_year_has_passed() -> None:
    assert replanifier(200, {2025: 100, 2026: 100}, {2025: 40}, 2025) == {2025: 100, 2026: 100}
    assert replanifier(200, {2025: 100, 2026: 100}, {2025: 40}, 2026) == {2025: 40, 2026: 160}


def test_without_any_year_left_the_rest_falls_on_the_current_one() -> None:
    assert replanifier(100, {2024: 100}, {2024: 60}, 2025) == {2024: 60, 2025: 40}


def test_years_before_the_current_one_count_what_was_paid_the_others_what_is_planned() -> None:
    found = Echeancier(2025, (Annee(2024, 100, 0, 30, 50), Annee(2025, 0, 10, 20, 40), Annee(2026, 0, 0, 0, 15)))
    assert (found.ae, found.cp, found.reste_a_payer) == (90, 50, 40)
    assert (found.echeances, found.a_planifier) == ({2024: 30, 2025: 40, 2026: 15}, 5)
    assert Echeancier(2024, found.annees).echeances == {2024: 50, 2025: 40, 2026: 15}


def test_what_was_paid_this_year_without_an_echeance_is_not_left_to_plan() -> None:
    found = Echeancier(2025, (Annee(2025, 100, 0, 80, 30), Annee(2026, 0, 0, 0, 20)))
    assert (found.a_planifier, found.deja_paye) == (50, 50)
    assert Echeancier(2025, (Annee(2025, 100, 0, 10, 30),)).deja_paye == 0


@given(st.lists(st.lists(st.builds(Annee, YEARS, CENTS, CENTS, CENTS, CENTS), max_size=4), max_size=4), YEARS)
def test_the_figures_are_linear_and_always_add_up(groups: list[list[Annee]], exercice: int) -> None:
    parts = [de_annees(exercice, g) for g in groups]
    whole = somme(exercice, parts)
    assert whole.ae == sum(p.ae for p in parts)
    assert whole.a_planifier == sum(p.a_planifier for p in parts)
    assert sum(whole.echeances.values()) + whole.a_planifier == whole.ae
    assert whole.ae - whole.cp == whole.reste_a_payer
