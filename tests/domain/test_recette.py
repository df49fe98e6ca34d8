"""Recettes: parts that add up, cumuls at a day, the balance."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.recette import Equilibre, Flechage, Recette, cumuler

#: A machine at work elsewhere is slow, not wrong.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ARRETE = Recette(2025, "arrete_initial", "assurance_maladie", 1000, "12", "2025-03-12", fongible=700, sanctuarise=300)
DAYS = st.sampled_from(["", "2025-01-31", "2025-06-30", "2025-12-31"])


def blocking(recette: Recette) -> list[str]:
    return [p.field for p in recette.problems() if p.blocking]


def test_a_recette_whose_parts_add_up_is_sound() -> None:
    assert ARRETE.problems() == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fongible": 699}, "parts"),
        ({"nature": "don"}, "nature"),
        ({"source": "etat"}, "source"),
        ({"date": "2025-02-30"}, "date"),
        ({"encaissee_le": "2025-04-01"}, "encaisse"),
        ({"flechages": (Flechage(1001, theme="CANCER"),)}, "flechages"),
        ({"flechages": (Flechage(1, theme="CANCER", destination="MI2-3-8"),)}, "flechages"),
        ({"flechages": (Flechage(1),)}, "flechages"),
    ],
)
def test_a_recette_says_what_prevents_saving(changed: dict[str, object], field: str) -> None:
    assert blocking(replace(ARRETE, **changed)) == [field]  # type: ignore[arg-type]


def test_the_gap_of_the_parts_is_said_to_the_cent() -> None:
    (problem,) = replace(ARRETE, fongible=650).problems()
    assert "écart 0,50\u00a0€" in problem.message


def test_more_collected_than_expected_is_a_warning() -> None:
    (problem,) = replace(ARRETE, encaisse=1001, encaissee_le="2025-04-01").problems()
    assert (problem.field, problem.blocking) == ("encaisse", False)


@UNHURRIED
@given(st.lists(st.tuples(DAYS, st.integers(0, 10**9), st.booleans()), max_size=8), DAYS)
def test_a_cumul_counts_what_is_dated_at_the_latest_of_its_day(rows: list[tuple[str, int, bool]], day: str) -> None:
    every = [
        replace(ARRETE, date=when, montant=cents, fongible=cents, sanctuarise=0)
        if delegated
        else replace(ARRETE, source="ressources_propres", date=when, montant=cents, fongible=cents, sanctuarise=0)
        for when, cents, delegated in rows
    ]
    found = cumuler(every, day)
    kept = [r for r in every if not day or (r.date and r.date <= day)]
    assert found.total == sum(r.montant for r in kept) == sum(found.parts)
    assert found.propres == sum(r.montant for r in kept if r.source == "ressources_propres")
    assert found.nombre + (sum(bool(day) and (not r.date or r.date > day) for r in every)) == len(every)


def test_an_undated_recette_is_told_when_a_day_leaves_it_out() -> None:
    undated = replace(ARRETE, date="")
    assert (cumuler([ARRETE, undated]).sans_date, cumuler([ARRETE, undated], "2025-12-31").sans_date) == (0, 1)


def test_what_is_collected_after_the_day_is_not_collected_yet() -> None:
    late = replace(ARRETE, encaisse=1000, encaissee_le="2025-07-01")
    assert (cumuler([late], "2025-06-30").encaisse, cumuler([late], "2025-07-01").encaisse) == (0, 1000)


def test_the_balance_shows_both_gaps() -> None:
    found = Equilibre(recettes=525, report=4, engage=527, decaisse=526)
    assert (found.tresorerie, found.engage_sans_recette) == (3, 2)


@pytest.mark.parametrize("unknown", ["recettes", "decaisse"])
def test_what_is_unknown_balances_nothing(unknown: str) -> None:
    known = Equilibre(1, 2, 3, 4)
    assert replace(known, **{unknown: None}).tresorerie is None  # type: ignore[arg-type]
