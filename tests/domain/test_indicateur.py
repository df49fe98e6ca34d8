"""Numbers read as the French write them, and what they say of a scheme in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain import indicateur
from firdesk.domain.dispositif import Indicateur, ValeurIndicateur


def gem(sens: str = "hausse", *values: tuple[int, int | None, int | None]) -> Indicateur:
    return Indicateur("GEM", "Groupes", "GEM", sens, 1, tuple(ValeurIndicateur(e, e, v, c) for e, v, c in values))


@pytest.mark.parametrize(
    ("text", "thousandths"),
    [("12,5", 12_500), ("1\u202f204", 1_204_000), ("7260", 7_260_000), ("\u22123", -3_000), ("0,125", 125), ("", None)],
)
def test_a_number_is_read_with_its_comma(text: str, thousandths: int | None) -> None:
    assert indicateur.lire(text) == thousandths


@pytest.mark.parametrize("text", ["1.234", "une dizaine", "42/46", "1,2345", "+26", "12 34"])
def test_a_text_with_no_single_reading_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="attendu"):
        indicateur.lire(text)


@given(st.integers(-(10**14), 10**14))
def test_a_number_is_read_back_as_it_is_written(value: int) -> None:
    assert indicateur.lire(indicateur.ecrit(value)) == value


def test_the_trend_is_told_in_words_and_by_an_arrow() -> None:
    i = gem("hausse", (2024, 48_000, None), (2025, 51_000, 50_000))
    assert indicateur.dite(i, indicateur.tendances(i)[-1]) == (
        "51\u00a0GEM en 2025 · ↗ en hausse de 3 depuis 2024 (+6,3\u00a0%), favorable · cible 50\u00a0GEM dépassée de 1"
    )


def test_less_is_better_where_the_indicator_is_to_be_reduced() -> None:
    i = gem("baisse", (2024, 12_000, None), (2025, 9_500, 10_000))
    last = indicateur.tendances(i)[-1]
    assert (last.fleche, last.favorable, last.atteinte) == ("↘", True, True)
    assert "dépassée de 0,5" in indicateur.dite(i, last)


def test_nothing_is_judged_of_a_neutral_indicator() -> None:
    i = gem("neutre", (2024, 1_000, None), (2025, 2_000, 3_000))
    last = indicateur.tendances(i)[-1]
    assert (last.favorable, last.atteinte) == (None, None)
    assert "favorable" not in indicateur.dite(i, last)


def test_a_year_without_value_has_no_trend_and_is_jumped_over() -> None:
    i = gem("hausse", (2023, 4_000, None), (2024, None, 9_000), (2025, 4_000, None))
    told = indicateur.tendances(i)
    assert [t.valeur.exercice for t in told] == [2023, 2025]
    assert "stable depuis 2023" in indicateur.dite(i, told[-1])


def test_the_grid_has_a_row_for_each_exercice_and_each_value() -> None:
    i = gem("hausse", (2020, 31_000, None), (2025, 51_000, None))
    shown = [(v.exercice, v.valeur) for v in indicateur.serie(i, [2024, 2025])]
    assert shown == [(2020, 31_000), (2024, None), (2025, 51_000)]
