"""One code for the many writings of a destination, its mission, its order."""

import csv
from datetime import date, datetime

import pytest

from firdesk import paths
from firdesk.domain import nomenclature as nom


@pytest.mark.parametrize(
    "written",
    [
        *("MI2-3-8", "2.3.8", "2-3-8", " 2-3-8", "2 - 3 - 8", "mi2-3-8", "M2-3-8", "MI 2-3-8", "MI2-03-08"),
        *("MI2-3-8 : Equipes mobiles de gériatrie", "MI2-3-8: Equipes", "2-3-8 Equipes", "MI2\u20113\u20118"),
        *("MI2\u20133\u20138", "\u00a0MI2-3-8\u00a0", "MI2-3-8\n"),
    ],
)
def test_every_writing_of_a_code_gives_the_same_code(written: str) -> None:
    assert nom.code_destination(written) == "MI2-3-8"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3 : Permanence des soins", "MI3"),
        ("3.3 : Autre", "MI3-3"),
        (" 2-3", "MI2-3"),
        ("MI1-2-10", "MI1-2-10"),
        ("BA-PAIA", "BA-PAIA"),
        ("BA - PAIESMS : Investissement", "BA-PAIESMS"),
        ("ba-paiquot", "BA-PAIQUOT"),
    ],
)
def test_ranks_and_investment_lines_are_read(written: str, code: str) -> None:
    assert nom.code_destination(written) == code


@pytest.mark.parametrize(
    "value",
    [None, "", " ", 5, 2.3, True, date(1900, 1, 5), datetime(1900, 1, 5), "05/01/1900", "1-2-2025", "25 rue", "Total"],  # noqa: DTZ001
)
def test_a_date_a_number_or_a_sentence_never_becomes_a_code(value: object) -> None:
    assert nom.code_destination(value) is None


def test_codes_sort_by_number() -> None:
    ordered = ["MI1", "MI1-2", "MI1-2-2", "MI1-2-10", "MI1-10-1", "MI2-1-1", "MI5-3", "BA-PAIA"]
    shuffled = ordered[::-2] + ordered[::2][::-1]
    assert sorted(shuffled, key=nom.rang) == ordered


@pytest.mark.parametrize(
    ("code", "mission"), [("MI2-3-8", "2"), ("MI5", "5"), ("BA-PAIH", "4"), ("MI6-1", None), ("MI", None), ("", None)]
)
def test_the_first_digit_gives_the_mission(code: str, mission: str | None) -> None:
    assert nom.mission_de(code) == mission


@pytest.mark.parametrize(("code", "parent"), [("MI2-3-8", "MI2-3"), ("MI2-3", "MI2"), ("MI2", ""), ("BA-PAIA", "")])
def test_a_code_has_the_parent_of_the_rank_above(code: str, parent: str) -> None:
    assert nom.parent_de(code) == parent


@pytest.mark.parametrize(
    ("cell", "label"),
    [("MI3-3-5 : Télésanté, ", "Télésanté"), ("2 : Parcours : suite", "Parcours : suite"), ("MI3-3-5", "")],
)
def test_the_label_follows_the_colon_without_stray_commas(cell: str, label: str) -> None:
    assert nom.libelle_destination(cell) == label


def test_every_code_of_the_reference_reads_back_as_itself() -> None:
    file = paths.REFERENCE / "nomenclature-fir.csv"
    with file.open(encoding="utf-8", newline="") as text:
        codes = [row["code"] for row in csv.DictReader(text, delimiter=";")]
    assert len(codes) > 200
    assert [c for c in codes if nom.code_destination(c) != c] == []
