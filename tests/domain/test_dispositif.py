"""A scheme's rules: how much the FIR may pay, what cannot be saved, a « dont » larger than what holds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.dispositif import Cofinancement, Dispositif, Dont, Plafond, fir_maximal

CLS = Dispositif("CLS", "Contrats locaux de santé", part_max=5000, plafond_unite=30_000_00, unite="ETP")


@pytest.mark.parametrize(
    ("others", "quantity", "most"),
    [
        (30_000_00, 100, 30_000_00),  # one post of 60 000: half, which is the cap
        (40_000_00, 100, 30_000_00),  # half would be 40 000: the cap of one post holds
        (20_000_00, 100, 20_000_00),  # the others pay less than the cap: half of the cost
        (30_000_00, 50, 15_000_00),  # half a post
        (0, 100, 0),  # nobody else pays
    ],
)
def test_the_fir_pays_half_of_a_coordinator_and_thirty_thousand_a_post_at_most(
    others: int, quantity: int, most: int
) -> None:
    assert fir_maximal(CLS, others, quantity) == most


def test_a_scheme_without_rule_has_no_limit() -> None:
    assert fir_maximal(Dispositif("GEM", "GEM"), 0, 0) is None


@given(st.integers(1, 9_999), st.integers(0, 10**12))
def test_the_share_of_the_fir_never_passes_its_maximum(part: int, others: int) -> None:
    most = fir_maximal(Dispositif("X", "X", part_max=part), others, 0)
    assert most is not None
    assert most * 10_000 <= part * (most + others)
    assert (most + 1) * 10_000 > part * (most + 1 + others)


def test_a_dont_above_what_holds_it_is_an_alert_and_never_an_error() -> None:
    dont = Dont(2025, "FLCA", 560_000_01, theme="ADDICT")
    told = dont.depassement(560_000_00)
    assert told is not None
    assert not told.blocking
    assert dont.depassement(560_000_01) is None


def test_a_dont_must_be_inside_something() -> None:
    assert [p.field for p in Dont(2025, "FLCA", 1).problems()] == ["theme"]
    assert Dont(2025, "FLCA", 1, destination="MI1-2-30").problems() == ()


def test_what_prevents_saving_a_scheme_names_its_field() -> None:
    wrong = Dispositif(" ", "", part_max=0, plafond_unite=-1, plafonds=(Plafond(2025, 1, 1), Plafond(2025, 2, 2)))
    assert {p.field for p in wrong.problems() if p.blocking} == {
        "code", "libelle", "part_max", "plafond_unite", "plafond_ae"
    }  # fmt: skip


def test_a_ceiling_by_the_unit_wants_its_unit_named() -> None:
    assert [(p.field, p.blocking) for p in Dispositif("CLS", "CLS", plafond_unite=1).problems()] == [("unite", False)]


def test_a_cofinancing_belongs_to_a_scheme_or_an_allocation() -> None:
    assert [p.field for p in Cofinancement(2025, "cofinancement", "Ville", 1).problems()] == ["dispositif"]
    assert Cofinancement(2025, "hors_fir", "ONDAM", 1, dispositif="CLS").problems() == ()
