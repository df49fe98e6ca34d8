"""Shares that make a whole, and money that moves from its seat to where it acts without a cent lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain import territoire
from firdesk.domain.synthese import Ligne
from firdesk.domain.territoire import ENTIER, REGION, Deplacement, Lieu

CODES = ("02", "59", "60", "62", "80")
amounts = st.integers(-(10**12), 10**12)


def ligne(code: str, nombre: int, notifie: int, engage: int = 0, paye: int = 0) -> Ligne:
    return Ligne((code,), (code,), nombre, notifie, engage, paye)


@st.composite
def lieux(draw: st.DrawFn) -> tuple[Lieu, ...]:
    """No place, or some that add up to the whole."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True))
    count = max(0, len(codes) - 1)
    cuts = sorted(draw(st.lists(st.integers(1, ENTIER - 1), min_size=count, max_size=count, unique=True)))
    edges = [0, *cuts, ENTIER]
    return tuple(Lieu(code, b - a) for code, a, b in zip(codes, edges, edges[1:], strict=False)) if codes else ()


@st.composite
def deplacements(draw: st.DrawFn) -> list[Deplacement]:
    made = []
    for _ in range(draw(st.integers(0, 6))):
        sums = Ligne((), (), draw(st.integers(0, 3)), draw(amounts), draw(amounts), draw(amounts))
        made.append(Deplacement(draw(st.sampled_from(CODES)), sums, draw(lieux())))
    return made


@given(deplacements(), st.lists(amounts, min_size=5, max_size=5))
def test_telling_money_by_place_keeps_every_total_to_the_cent(moved: list[Deplacement], stays: list[int]) -> None:
    seats = {code: ligne(code, 1, cents, cents // 2, cents // 3) for code, cents in zip(CODES, stays, strict=True)}
    for d in moved:
        x = seats[d.siege]
        m = d.montants
        seats[d.siege] = ligne(
            d.siege, x.nombre + m.nombre, x.notifie + m.notifie, x.ae_engagee + m.ae_engagee, x.cp_paye + m.cp_paye
        )
    found = territoire.par_lieu(seats.values(), moved)
    for name in ("nombre", "notifie", "ae_engagee", "cp_paye"):
        assert sum(getattr(x, name) for x in found) == sum(getattr(x, name) for x in seats.values())


def test_an_amount_split_in_three_follows_its_shares_by_largest_remainder() -> None:
    moved = Deplacement("59", ligne("", 1, 100), (Lieu("02", 3334), Lieu("60", 3333), Lieu("80", 3333)))
    found = {x.cle[0]: x.notifie for x in territoire.par_lieu([ligne("59", 2, 150)], [moved])}
    assert found == {"59": 50, "02": 34, "60": 33, "80": 33}


def test_an_operator_of_the_whole_region_without_place_stands_apart() -> None:
    found = territoire.par_lieu([ligne("59", 3, 500)], [Deplacement("59", ligne("", 2, 400))])
    assert {x.cle[0]: (x.nombre, x.notifie) for x in found} == {"59": (1, 100), REGION: (2, 400)}


def test_a_split_allocation_is_numbered_once_where_its_share_is_the_largest() -> None:
    moved = Deplacement("59", ligne("", 1, 100), (Lieu("02", 4000), Lieu("80", 6000)))
    found = {x.cle[0]: x.nombre for x in territoire.par_lieu([ligne("59", 1, 100)], [moved])}
    assert found == {"02": 0, "80": 1}


@given(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
def test_equal_shares_make_the_whole(codes: list[str]) -> None:
    made = territoire.parts_egales(codes)
    assert sum(x.part for x in made) == ENTIER
    assert territoire.problems(made) == ()


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ([Lieu("02", 6000), Lieu("80", 3000)], "il manque 10"),
        ([Lieu("02", 6000), Lieu("80", 5000)], "il y a en trop 10"),
        ([Lieu("02", 5000), Lieu("02", 5000)], "figure deux fois"),
        ([Lieu("02", 10000), Lieu("80", 0)], "supérieure à 0"),
        ([Lieu("", 10000)], "Choisir le département"),
    ],
)
def test_places_that_do_not_make_a_whole_are_refused_with_what_to_mend(places: list[Lieu], told: str) -> None:
    assert told in " ".join(p.message for p in territoire.problems(places))


@given(st.integers(1, ENTIER))
def test_a_share_is_read_back_as_it_is_written(part: int) -> None:
    assert territoire.lire_part(territoire.part_dite(part)) == part


@pytest.mark.parametrize("text", ["", "moitié", "12,345", "101", "-5", "1 0"])
def test_a_text_that_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="attendu"):
        territoire.lire_part(text)
