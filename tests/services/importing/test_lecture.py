"""What a cell means: tables of cases."""

from datetime import date, datetime

import pytest

from firdesk.services.importing import lecture
from firdesk.services.importing.lecture import ALERTE, QUESTION, REJET, REPARATION, Destination, Lu
from firdesk.sheets.cell import Value

NOON = datetime.fromisoformat("2025-03-15T12:00:00")


def genre(read: lecture.Lecture) -> str:
    return read.genre if isinstance(read, Lu) else ""


def valeur(read: lecture.Lecture) -> lecture.Valeur:
    return read.valeur if isinstance(read, Lu) else read


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        (None, None),
        (" ", None),
        ("#", None),
        ("NA", None),
        ("0", 0),
        (0, 0),
        ("1234.5", 123450),
        ("1234.50", 123450),
        ("-1234.50", -123450),
        ("1 234,50 €", 123450),
        ("1\u202f234,50\u00a0€", 123450),
        ("12 345 678,90", 1234567890),
        ("1.234.567", 123456700),
        ("(1 200,00)", -120000),
        ("1200 €", 120000),
        ('="1200,50"', 120050),
        (1200, 120000),
        (1200.5, 120050),
        (0.1 + 0.2, 30),
        (526874763.37, 52687476337),
    ],
)
def test_an_amount_is_read(value: Value, cents: int | None) -> None:
    assert lecture.montant(value) == cents


@pytest.mark.parametrize(
    "value", ["douze", "12 34,5", "#REF!", "12/03", date(2025, 3, 1), NOON, 1e30, "1,2,3", "1 2 3"]
)
def test_what_is_no_amount_is_rejected_with_a_mend(value: Value) -> None:
    read = lecture.montant(value)
    assert genre(read) == REJET
    assert isinstance(read, Lu)
    assert read.attendu
    assert read.remede


@pytest.mark.parametrize(("value", "readings"), [("1.234", (123400, 123)), ("12,500", (1250000, 1250))])
def test_an_ambiguous_amount_is_asked_with_both_readings(value: str, readings: tuple[int, int]) -> None:
    read = lecture.montant(value)
    assert isinstance(read, Lu)
    assert read.genre == QUESTION
    assert tuple(c.valeur for c in read.choix) == readings
    assert read.defaut == ""


@pytest.mark.parametrize("value", [1234.567, "12345,678", "0.125"])
def test_figures_beyond_the_cents_are_rounded_and_said(value: Value) -> None:
    assert genre(lecture.montant(value)) == ALERTE


@pytest.mark.parametrize(
    ("value", "cents", "precision"),
    [
        ("12 k€", 1200000, "500"),
        ("225 K€", 22500000, "500"),
        ("15,598 M€", 1559800000, "500"),
        ("2,5 M€", 250000000, "50\u202f000"),
    ],
)
def test_an_amount_in_thousands_keeps_its_precision(value: str, cents: int, precision: str) -> None:
    read = lecture.montant(value)
    assert isinstance(read, Lu)
    assert (read.valeur, read.genre) == (cents, ALERTE)
    assert f"à {precision}\u00a0€ près" in read.remede


def test_accents_encoded_twice_are_a_question_of_the_whole_file() -> None:
    read = lecture.Cache(lecture.libelle)["DÃ©partement"]
    assert isinstance(read, Lu)
    assert (read.question, read.defaut) == ("accents", "garder")
    assert [c.valeur for c in read.choix] == ["Département", "DÃ©partement"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (" ", ""), ("#", ""), ("NA", ""), ('="10004"', "10004"), (12, "12"), ("  a b ", "a b")],
)
def test_a_text_is_read(value: Value, text: str) -> None:
    assert lecture.texte(value) == text


def test_nul_is_removed_and_said() -> None:
    read = lecture.without_nul(lecture.texte, "a\0b")
    assert (valeur(read), genre(read)) == ("ab", ALERTE)


def test_an_amount_with_a_nul_inside_is_refused() -> None:
    read = lecture.without_nul(lecture.montant, "12\x0050,00")
    assert (valeur(read), genre(read)) == (None, "rejet")


def test_a_label_loses_its_stray_commas() -> None:
    assert lecture.libelle("Équipe  mobile,, ") == "Équipe mobile"


@pytest.mark.parametrize(
    ("value", "iso", "kind"),
    [
        ("15/03/2025", "2025-03-15", ""),
        ("02/05/2024 00:00:00", "2024-05-02", ""),
        ("2025-03-15", "2025-03-15", ""),
        (date(2025, 3, 15), "2025-03-15", ""),
        (NOON, "2025-03-15", ""),
        (" ", "", ""),
        ("15/03/25", "2025-03-15", REPARATION),
        (45731, "2025-03-15", ALERTE),
        ("31/02/2025", "", QUESTION),
        ("15/03/2025 et 16/03/2025", "", QUESTION),
        ("15/03/0205", "", QUESTION),
        (date(1925, 3, 15), "", QUESTION),
    ],
)
def test_a_date_is_read(value: Value, iso: str, kind: str) -> None:
    read = lecture.jour(value)
    assert (valeur(read), genre(read)) == (iso, kind)


@pytest.mark.parametrize(
    ("value", "code", "kind"),
    [
        ("02", "02", ""),
        ("2A", "2A", ""),
        (59, "59", ""),
        ("", "", ""),
        (2, "02", REPARATION),
        ("2", "02", REPARATION),
        ("059", "59", REPARATION),
        ("02000", "02", REPARATION),
        ("Aisne", "02", REPARATION),
        ("2000", "", QUESTION),
        ("20", "", QUESTION),
        ("Aine", "", QUESTION),
        (99, "", QUESTION),
    ],
)
def test_a_departement_is_read(value: Value, code: str, kind: str) -> None:
    read = lecture.departement(value)
    assert (valeur(read), genre(read)) == (code, kind)


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("02000", "02000", ""),
        (59000, "59000", ""),
        (2000, "02000", QUESTION),
        ("", "", ""),
        ("99000", "", ALERTE),
        ("Laon", "", ALERTE),
    ],
)
def test_a_postal_code_is_read(value: Value, text: str, kind: str) -> None:
    read = lecture.code_postal(value)
    assert (valeur(read), genre(read)) == (text, kind)


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("020000063", "020000063", ""),
        (20000063, "020000063", REPARATION),
        ("20000063", "020000063", REPARATION),
        ("H1665474439531", "H1665474439531", ""),
        (20000064, "20000064", QUESTION),
        ("020000064", "020000064", ALERTE),
    ],
)
def test_a_finess_gets_its_zero_back_only_when_its_key_proves_it(value: Value, text: str, kind: str) -> None:
    read = lecture.identifiant(value)
    assert (valeur(read), genre(read)) == (text, kind)


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("73282932000074", "73282932000074", ""),
        (73282932000074, "73282932000074", ""),
        ("732 829 320 00074", "73282932000074", ""),
        ("35181600000000", "", ALERTE),
        ("7,86E+13", "", ALERTE),
        ("123", "123", ALERTE),
        ("7328293200007", "7328293200007", QUESTION),
    ],
)
def test_a_siret_is_read_and_a_rounded_one_is_none(value: Value, text: str, kind: str) -> None:
    read = lecture.siret(value)
    assert (valeur(read), genre(read)) == (text, kind)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("MI2-3-8 : Equipes mobiles de gériatrie", Destination("MI2-3-8", "Equipes mobiles de gériatrie")),
        ("MI2-3-8 : Equipes mobiles (657342)", Destination("MI2-3-8", "Equipes mobiles")),
        ("3.3 : Permanence,", Destination("MI3-3", "Permanence")),
        (" 2-3", Destination("MI2-3", "")),
        ("BA-PAIA", Destination("BA-PAIA", "")),
        (" ", None),
        (None, None),
    ],
)
def test_a_destination_is_read(value: Value, expected: Destination | None) -> None:
    assert lecture.destination(value) == expected


@pytest.mark.parametrize("value", [date(1900, 1, 5), NOON, 5, 2.3, "Permanence des soins"])
def test_what_has_no_code_is_rejected(value: Value) -> None:
    assert genre(lecture.destination(value)) == REJET


@pytest.mark.parametrize(("value", "year"), [("2025", 2025), (2025, 2025), ("2025.0", 2025), ("", None), (None, None)])
def test_a_campagne_is_a_year(value: Value, year: int | None) -> None:
    assert lecture.exercice(value) == year


@pytest.mark.parametrize("value", ["mille", 25, date(2025, 1, 1)])
def test_what_is_no_year_is_rejected(value: Value) -> None:
    assert genre(lecture.exercice(value)) == REJET


@pytest.mark.parametrize(("value", "code"), [("032", "032"), ("A59", "A59"), (32, "032")])
def test_the_code_of_an_agency_has_three_characters(value: Value, code: str) -> None:
    assert valeur(lecture.code_ars(value)) == code
