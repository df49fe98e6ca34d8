"""Carrying codes from one exercice to the next never makes nor loses a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.exercice import Evenement, Exercice, Passage
from firdesk.domain.perimetre import (
    NON_REPARTI,
    ComparaisonExercices,
    comparer,
    evenements_par_code,
    evolution,
    heritiers,
    transposer,
)

codes = st.sampled_from(["A", "B", "C", "D", "E", ""])
cents = st.integers(-(10**12), 10**12)
amounts = st.dictionaries(codes, cents)
passages = st.lists(
    st.builds(Passage, st.integers(2024, 2027), st.just("theme"), codes, codes),
    unique_by=lambda p: (p.exercice, p.code_avant),
)


@given(amounts, passages)
def test_transposing_never_creates_nor_loses_a_cent(before: dict[str, int], written: list[Passage]) -> None:
    carried = transposer(before, heritiers(written, 2023, 2027))
    assert sum(carried.values()) == sum(before.values())


@given(amounts, amounts, passages, amounts, amounts)
def test_the_total_of_a_comparison_is_that_of_both_sides(
    before: dict[str, int], after: dict[str, int], written: list[Passage], gone: dict[str, int], come: dict[str, int]
) -> None:
    lines = comparer(before, after, heritiers(written, 2023, 2027), gone, come)
    total = ComparaisonExercices(2023, 2027, "theme", "notifie", "", "", tuple(lines)).total
    assert (total.avant, total.apres) == (sum(before.values()), sum(after.values()))
    assert total.ecart_constant == sum(x.ecart_constant for x in lines)
    assert total.ecart_constant == total.ecart + sum(gone.values()) - sum(come.values())


def test_two_codes_that_swap_are_not_carried_twice() -> None:
    swap = [Passage(2025, "theme", "A", "B"), Passage(2025, "theme", "B", "A")]
    assert transposer({"A": 1, "B": 10}, heritiers(swap, 2024, 2025)) == {"B": 1, "A": 10}


def test_a_code_is_carried_year_after_year() -> None:
    written = [Passage(2025, "theme", "A", "B"), Passage(2026, "theme", "B", "C"), Passage(2026, "theme", "A", "D")]
    assert heritiers(written, 2024, 2026)["A"] == "C"
    assert heritiers(written, 2025, 2026)["A"] == "D"


def test_a_code_without_heir_keeps_its_own_line() -> None:
    assert transposer({"A": 7}, heritiers([Passage(2025, "theme", "A", "")], 2024, 2025)) == {"A": 7}


def test_a_sortie_follows_its_code_an_entree_keeps_its_own() -> None:
    heirs = heritiers([Passage(2025, "theme", "A", "B")], 2024, 2025)
    events = [
        Evenement(2025, "sortie", "EMG", 5, theme="A"),
        Evenement(2025, "entree", "SAS", 3, theme="A"),
        Evenement(2025, "entree", "Ailleurs", 2, destination="MI1"),
    ]
    to_last = {2024: heirs, 2025: {}}
    assert evenements_par_code(events, "sortie", "theme", to_last) == {"B": 5}
    assert evenements_par_code(events, "entree", "theme", to_last) == {"A": 3, NON_REPARTI: 2}


@pytest.mark.parametrize(("before", "after", "rate"), [(100, 150, 50), (-100, -50, 50), (0, 5, None)])
def test_an_evolution_is_told_of_what_was_there(before: int, after: int, rate: int | None) -> None:
    assert evolution(before, after) == (None if rate is None else Decimal(rate))


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (Exercice(1999), ["annee"]),
        (Passage(2025, "theme", "A", "A"), ["code_apres"]),
        (Passage(2025, "lieu", "", "A"), ["genre", "code_avant"]),
        (Evenement(2025, "sortie", " ", 0), ["libelle", "montant", "destination"]),
        (Evenement(2025, "ailleurs", "EMG", 5, theme="PA"), ["sens"]),
    ],
)
def test_what_cannot_be_saved_says_which_field(value: Exercice | Passage | Evenement, fields: list[str]) -> None:
    assert [p.field for p in value.problems()] == fields
