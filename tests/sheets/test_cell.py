"""Addresses, and the text by which a person recognises a value."""

from datetime import date, datetime

import pytest

from firdesk.sheets.cell import Grid, Value, address, column_index, column_name, shown


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_a_column_has_the_letters_of_a_spreadsheet(index: int, name: str) -> None:
    assert column_name(index) == name
    assert column_index(name) == index


def test_an_address_counts_rows_from_one() -> None:
    assert address(41, 5) == "F42"


def test_a_negative_column_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="negative"):
        column_name(-1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  a ", "  a "),
        (35181600000000, "35181600000000"),
        (1234.5, "1234,5"),
        (0.1 + 0.2, "0,3"),
        (7.86e25, "7,86E+25"),
        (True, "VRAI"),
        (date(2025, 3, 1), "01/03/2025"),
        (datetime(2025, 3, 1, 9, 5), "01/03/2025 09:05"),  # noqa: DTZ001
        (datetime(2025, 3, 1, 9, 5, 7), "01/03/2025 09:05:07"),  # noqa: DTZ001
    ],
)
def test_a_value_is_shown_as_a_french_spreadsheet_shows_it(value: Value, text: str) -> None:
    assert shown(value) == text


def test_positions_are_those_of_the_sheet_wherever_the_table_starts() -> None:
    grid = Grid("A", first_row=2, first_column=3, rows=[["nom", 5], [], [None, 7.5]])
    assert grid.value(4, 4) == 7.5
    assert grid.raw(4, 4) == "7,5"
    assert grid.address(4, 4) == "E5"
    assert [number for number, _ in grid.numbered()] == [2, 3, 4]
    assert (grid.last_row, grid.width) == (4, 2)


def test_a_position_outside_the_table_is_empty() -> None:
    grid = Grid("A", first_row=2, first_column=3, rows=[["nom"]])
    assert [grid.value(*p) for p in ((0, 0), (2, 2), (2, 9), (9, 3))] == [None] * 4
    assert grid.raw(0, 0) == ""


def test_a_cell_in_error_and_a_formula_without_result_say_so() -> None:
    grid = Grid("A", rows=[["#REF!"]], errors={(0, 0): "#REF!"}, uncached=frozenset({(0, 1)}))
    assert grid.cell(0, 0).error
    assert grid.cell(0, 0).raw == "#REF!"
    assert grid.cell(0, 0).address == "A1"
    assert grid.raw(0, 1) == "(formule non calculée)"
