"""Low, central and high are sums of their parts, in that order where all is positive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.atterrissage import Atterrissage, Ligne, Parametres, base_non_renouvelee, par_axe, part

cents = st.integers(0, 10**12)
shares = st.builds(Parametres, *[st.integers(0, 10_000)] * 3)
lignes = st.builds(
    Ligne, st.just("PA"), st.just(""), cents, st.none() | cents, cents, cents, cents, st.none() | cents, shares
)


@given(lignes)
def test_low_central_and_high_come_in_that_order(x: Ligne) -> None:
    assert x.bas <= x.central <= x.haut


@given(st.lists(lignes))
def test_the_total_is_the_sum_of_the_lines(rows: list[Ligne]) -> None:
    total = Atterrissage(2025, "theme", "notifie", "", "", Parametres(), tuple(rows)).total
    assert (total.bas, total.central, total.haut) == tuple(
        sum(getattr(x, n) for x in rows) for n in ("bas", "central", "haut")
    )


def test_what_is_engaged_above_notified_may_hold_what_was_decided_and_is_not_counted_twice() -> None:
    assert Ligne("PA", "", 90, 100, 10, 0, 0).central == 100
    assert Ligne("PA", "", 90, 95, 10, 0, 0).central == 100
    assert Ligne("PA", "", 90, 80, 10, 0, 0).central == 100


def test_where_engaged_is_unknown_what_is_notified_is_certain() -> None:
    x = Ligne("PA", "", 90, None, 10, 30, 0)
    assert (x.bas, x.central, x.haut, x.marge) == (90, 100, 130, None)


def test_shares_weigh_each_part() -> None:
    x = Ligne("PA", "", 1000, 800, 100, 40, 0, 1200, Parametres(5_000, 2_500, 10_000))
    assert (x.bas, x.central, x.haut, x.marge) == (800, 800 + 50 + 50, 940, 300)


@pytest.mark.parametrize(("amount", "share", "found"), [(1, 5_000, 1), (-1, 5_000, -1), (3, 3_333, 1), (100, 0, 0)])
def test_a_share_is_rounded_to_the_nearest_cent(amount: int, share: int, found: int) -> None:
    assert part(amount, share) == found


def test_a_share_beyond_the_whole_is_refused() -> None:
    assert [p.field for p in Parametres(10_001, -1).problems()] == ["part_decide", "part_notifie"]


@given(st.dictionaries(st.tuples(st.sampled_from("AB"), st.sampled_from("XY")), cents))
def test_a_base_wholly_renewed_leaves_nothing(base: dict[tuple[str, str], int]) -> None:
    assert base_non_renouvelee(base, base) == {}
    assert sum(par_axe(base_non_renouvelee(base, {}), "theme").values()) == sum(base.values())


def test_what_is_renewed_in_another_cell_renews_nothing() -> None:
    assert base_non_renouvelee({("A", "X"): 100}, {("A", "Y"): 100, ("A", "X"): 30}) == {("A", "X"): 70}
