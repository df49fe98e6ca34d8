"""Lines after virements, provisional twelfths, two versions side by side: nothing is made or lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.budget import LigneBudget, VersionBudget, Virement
from firdesk.domain.budget_versions import appliquer, comparer, douziemes, negatives

#: A machine at work elsewhere is slow, not wrong.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CODES = ("MI1-2-9", "MI2-3-8", "MI2-3-10", "MI4-2-8", "BA-PAIA")
CLES = st.tuples(st.sampled_from(CODES), st.sampled_from(["", "Intervention", "PREVENTION"]))
CENTS = st.integers(-(10**9), 10**12)
LIGNES = st.dictionaries(CLES, st.tuples(CENTS, CENTS), max_size=8).map(
    lambda made: [LigneBudget(*cle, *amounts) for cle, amounts in made.items()]
)
VIREMENTS = st.lists(
    st.tuples(CLES, CLES, st.integers(0, 10**12), st.integers(0, 10**12))
    .filter(lambda v: v[0] != v[1])
    .map(lambda v: Virement(1, *v[0], *v[1], v[2], v[3], "motif")),
    max_size=8,
)
BI, BR1 = VersionBudget(2025, "BI", 1), VersionBudget(2025, "BR1", 2)


def totals(lines: list[LigneBudget] | tuple[LigneBudget, ...]) -> tuple[int, int]:
    return sum(x.ae for x in lines), sum(x.cp for x in lines)


@UNHURRIED
@given(LIGNES, VIREMENTS)
def test_virements_leave_the_total_as_it_was_voted(lines: list[LigneBudget], moves: list[Virement]) -> None:
    assert totals(appliquer(lines, moves)) == totals(lines)


@UNHURRIED
@given(LIGNES, VIREMENTS)
def test_the_order_of_virements_does_not_matter(lines: list[LigneBudget], moves: list[Virement]) -> None:
    assert appliquer(lines, moves) == appliquer(lines, moves[::-1])


def test_a_virement_moves_ae_and_cp_apart_and_opens_the_line_it_reaches() -> None:
    lines = [LigneBudget("MI2-3-8", "Intervention", 1000, 900)]
    made = appliquer(lines, [Virement(1, "MI2-3-8", "Intervention", "MI1-2-9", "", 400, 0, "motif")])
    assert made == (LigneBudget("MI1-2-9", "", 400, 0), LigneBudget("MI2-3-8", "Intervention", 600, 900))


def test_lines_below_zero_are_told_apart() -> None:
    lines = (LigneBudget("MI2-3-8", "", -1, 5), LigneBudget("MI1-2-9", "", 5, -1), LigneBudget("MI4-2-8", "", 0, 0))
    assert negatives(lines) == lines[:2]


@pytest.mark.parametrize(("mois", "attendu"), [(1, 8), (6, 50), (11, 91), (12, 100)])
def test_twelfths_add_up_month_by_month_rounded_down(mois: int, attendu: int) -> None:
    assert douziemes([LigneBudget("MI2-3-8", "", 100, 100)], mois)[0].ae == attendu


@UNHURRIED
@given(LIGNES)
def test_december_opens_the_whole_of_last_year(lines: list[LigneBudget]) -> None:
    assert list(douziemes(lines, 12)) == lines


@pytest.mark.parametrize("mois", [0, 13, -1])
def test_there_is_no_thirteenth_month(mois: int) -> None:
    with pytest.raises(ValueError, match="not a month"):
        douziemes([], mois)


@UNHURRIED
@given(LIGNES, LIGNES)
def test_the_gaps_of_lines_missions_and_total_are_one(before: list[LigneBudget], after: list[LigneBudget]) -> None:
    found = comparer(BI, before, BR1, after)
    for place in (0, 1):
        gap = totals(after)[place] - totals(before)[place]
        assert found.total.ecart(place) == gap
        assert sum(x.ecart(place) for x in found.lignes) == gap
        assert sum(x.ecart(place) for x in found.missions) == gap


def test_a_line_that_one_version_lacks_has_no_amount_there() -> None:
    found = comparer(BI, [LigneBudget("MI2-3-8", "", 5, 5)], BR1, [LigneBudget("MI1-2-9", "", 7, 7)])
    assert [(x.destination, x.avant, x.apres) for x in found.lignes] == [
        ("MI1-2-9", None, (7, 7)),
        ("MI2-3-8", (5, 5), None),
    ]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Virement(1, "", "", "MI1-2-9", "", 1, 0, "m"), "de"),
        (Virement(1, "MI1-2-9", "", "MI1-2-9", "", 1, 0, "m"), "vers"),
        (Virement(1, "MI1-2-9", "", "MI2-3-8", "", 0, 0, "m"), "ae"),
        (Virement(1, "MI1-2-9", "", "MI2-3-8", "", -1, 0, "m"), "ae"),
        (Virement(1, "MI1-2-9", "", "MI2-3-8", "", 1, 0, ""), "motif"),
        (Virement(1, "MI1-2-9", "", "MI2-3-8", "", 1, 0, "m", "2025-02-30"), "date"),
    ],
)
def test_a_virement_says_what_prevents_it(draft: Virement, field: str) -> None:
    assert [p.field for p in draft.problems() if p.blocking] == [field]


def test_a_version_has_a_code_and_a_day_of_the_calendar() -> None:
    assert [p.field for p in VersionBudget(2025, "", 1, date="2025-13-01").problems()] == ["code", "date"]
