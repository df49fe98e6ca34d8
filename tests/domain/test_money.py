"""Reading and writing money: every French way of DOMAIN, and nothing guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain import money
from firdesk.domain.money import Ambigu, Illisible

CENTS = st.integers(-money.LIMIT, money.LIMIT)

WRITINGS = {
    "1 234,56": 123456,
    "1\u00a0234,56": 123456,
    "1\u202f234,56": 123456,
    "1\u2009234,56": 123456,
    "1'234,56": 123456,
    "1\u2019234.56": 123456,
    "1234,56": 123456,
    "1234.56": 123456,
    "1.234,56": 123456,
    "1,234.56": 123456,
    "1.234.567": 123456700,
    "1,234,567.8": 123456780,
    "139 972 565 €": 13997256500,
    "12\u202f€": 1200,
    "12\u2009€": 1200,
    "12\t€": 1200,
    "12 EUR": 1200,
    "12 euros": 1200,
    "1 euro": 100,
    "225 K€": 22500000,
    "225 k€": 22500000,
    "12 kEUR": 1200000,
    "15,598 M€": 1559800000,
    "2,5 M€": 250000000,
    "-1,2 Md€": -120000000000,
    "-12": -1200,
    "\u221212": -1200,
    "– 12": -1200,
    "12-": -1200,
    "12 -": -1200,
    "12 €-": -1200,
    "12- €": -1200,
    "(12)": -1200,
    "(1 234,56 €)": -123456,
    "(1 234,56) €": -123456,
    "+12": 1200,
    "0,123": 12,
    "0.125": 13,
    "-0,005": -1,
    "5,": 500,
    ",5": 50,
    "1 234.5": 123450,
    "12345,678": 1234568,
    "1,234 k€": 123400,
}


@pytest.mark.parametrize(("text", "cents"), WRITINGS.items())
def test_every_french_writing_is_read(text: str, cents: int) -> None:
    assert money.parse(text) == cents


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\t\n"])
def test_an_empty_text_is_no_amount_and_not_zero(text: str) -> None:
    assert money.parse(text) is None


@pytest.mark.parametrize(
    ("text", "milliers", "decimale"),
    [("1.234", 123400, 123), ("1,234", 123400, 123), ("12,500", 1250000, 1250), ("-1.234 €", -123400, -123)],
)
def test_a_lone_separator_before_three_digits_has_two_readings(text: str, milliers: int, decimale: int) -> None:
    assert money.parse(text) == Ambigu(milliers, decimale)


def test_an_ambiguous_text_is_refused_with_both_readings() -> None:
    with pytest.raises(ValueError, match="1\u202f234\u00a0€ ou 1,23\u00a0€"):
        money.parse_strict("1.234")


@pytest.mark.parametrize(
    "text",
    [
        *("abc", "#REF!", "12 34", "1234 567", "1  234", "1,2,3", "1.23.456", "12 €€", "-", "€", "()", "1e5", "NaN"),
        *("1 234,5 6", "1 234.567 890", "--5", "-5-", "(-5)", "- (5)", "-+5", "+-5", "5 € 20", "1/2", "12 %"),
        *("9" * 20, "1 001 Md€", "2025-01-01"),
    ],
)
def test_what_is_no_amount_says_what_was_expected(text: str) -> None:
    read = money.parse(text)
    assert isinstance(read, Illisible)
    assert "1 234,56" in read.raison
    with pytest.raises(ValueError, match="n'est pas un montant"):
        money.parse_strict(text)


@given(CENTS)
def test_a_written_amount_is_read_back_to_the_cent(cents: int) -> None:
    assert money.parse(money.euros(cents)) == cents
    assert money.parse(money.euros(cents, decimals=True, unit=False)) == cents


@given(st.text(alphabet="0123456789 .,-+()€kM\u202f\u2212'", max_size=12))
def test_reading_never_raises(text: str) -> None:
    assert isinstance(money.parse(text), int | Ambigu | Illisible | None)


@given(CENTS)
def test_a_spreadsheet_number_is_never_off_by_a_cent(cents: int) -> None:
    assert money.from_number(cents / 100) == cents


@pytest.mark.parametrize(
    ("number", "cents"),
    [(1.005, 101), (-1.005, -101), (0.1 + 0.2, 30), (1e12, 10**14), (2.675, 268), (1234, 123400), (4.35 * 100, 43500)],
)
def test_a_spreadsheet_number_is_rounded_as_it_prints(number: float, cents: int) -> None:
    assert money.from_number(number) == cents


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 1e13, -1e300])
def test_a_number_out_of_bounds_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="amount"):
        money.from_number(number)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (123450, "1\u202f234,50\u00a0€"),
        (123400, "1\u202f234\u00a0€"),
        (-5, "\u22120,05\u00a0€"),
        (0, "0\u00a0€"),
        (13997256500, "139\u202f972\u202f565\u00a0€"),
    ],
)
def test_an_amount_is_written_with_thin_spaces_and_its_cents_if_any(cents: int, text: str) -> None:
    assert money.euros(cents) == text


@pytest.mark.parametrize(("cents", "text"), [(149, "1"), (150, "2"), (-150, "\u22122"), (-40, "0"), (99, "1")])
def test_an_amount_without_decimals_is_rounded_and_never_minus_zero(cents: int, text: str) -> None:
    assert money.euros(cents, decimals=False, unit=False) == text


@pytest.mark.parametrize(
    ("cents", "text"),
    [(4_120_000_000, "41,2"), (-4_125_000_000, "\u221241,3"), (-1, "0,0"), (12_345_678_900_000, "123\u202f456,8")],
)
def test_millions_are_rounded_half_up(cents: int, text: str) -> None:
    assert money.millions(cents) == f"{text}\u00a0M€"


@given(st.lists(st.integers(0, 10**14), min_size=1, max_size=40), st.integers(0, 3))
def test_shares_of_a_column_add_up_to_exactly_100(values: list[int], decimals: int) -> None:
    shares = money.parts(values, decimals=decimals)
    assert sum(shares) == (100 if sum(values) else 0)
    assert all(share == 0 for share, value in zip(shares, values, strict=True) if value == 0)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20))
def test_shares_with_withdrawals_add_up_to_exactly_100_too(values: list[int]) -> None:
    assert sum(money.parts(values)) == (100 if sum(values) else 0)


def test_equal_values_may_differ_by_one_unit_of_the_last_decimal() -> None:
    assert money.parts([1, 1, 1]) == [Decimal("33.4"), Decimal("33.3"), Decimal("33.3")]


def test_a_percentage_has_a_comma_a_true_minus_and_no_minus_zero() -> None:
    assert money.pourcent(Decimal("26.6")) == "26,6\u00a0%"
    assert money.pourcent(-3.21) == "\u22123,2\u00a0%"
    assert money.pourcent(-0.01) == "0,0\u00a0%"
    assert money.pourcent(1071.34) == "1\u202f071,3\u00a0%"
