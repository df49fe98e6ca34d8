"""SIREN, SIRET, FINESS, RNA, postal codes and départements; repairs are proposed only when proved."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from firdesk.domain import identifiants as ids
from firdesk.domain.identifiants import Reparation


def _luhn(digits: str) -> str:
    """The digits with the key that makes them valid."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@pytest.mark.parametrize(
    ("written", "compacted"),
    [
        (" 443 061 841 00047 ", "44306184100047"),
        ("443\u00a0061\u202f841", "443061841"),
        ("443.061.841", "443061841"),
        ('="020000063"', "020000063"),
        ("2a0000014", "2A0000014"),
        ("44306184100047.0", "44306184100047"),
    ],
)
def test_an_identifier_loses_spaces_points_and_excel_wrapping(written: str, compacted: str) -> None:
    assert ids.compact(written) == compacted


@pytest.mark.parametrize("value", ["443061841", "356000000", "732829320"])
def test_a_siren_with_a_right_key_is_valid(value: str) -> None:
    assert ids.siren_valide(value)


@pytest.mark.parametrize("value", ["", "443061842", "44306184", "443 061 841", "ABCDEFGHI", "000000000"])
def test_a_siren_with_a_wrong_key_or_length_is_not(value: str) -> None:
    assert not ids.siren_valide(value)


@pytest.mark.parametrize("value", ["44306184100047", "73282932000074"])
def test_a_siret_with_a_right_key_is_valid(value: str) -> None:
    assert ids.siret_valide(value)


@pytest.mark.parametrize(
    "value", ["", "44306184100048", "4430618410004", "443061841000470", "00000000000000", "W595001234"]
)
def test_a_siret_with_a_wrong_key_or_length_is_not(value: str) -> None:
    assert not ids.siret_valide(value)


@pytest.mark.parametrize("value", ["35600000000048", "35600000049837", "35600000009075"])
def test_an_office_of_la_poste_is_valid_by_luhn_or_by_fives(value: str) -> None:
    assert ids.siret_valide(value)


def test_an_office_of_la_poste_with_neither_is_not() -> None:
    assert not ids.siret_valide("35600000009076")


@given(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True), st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_one_wrong_digit_is_always_seen(company: str, office: str) -> None:
    siret = _luhn(_luhn(company) + office)
    assume(not siret.startswith("356000000"))
    assert ids.siret_valide(siret)
    assert not ids.siret_valide(siret[:4] + str((int(siret[4]) + 1) % 10) + siret[5:])


@pytest.mark.parametrize("value", ["020000063", "590000618", "010008407"])
def test_a_finess_with_a_right_key_is_valid(value: str) -> None:
    assert ids.finess_valide(value)


@pytest.mark.parametrize("prefix", ["2A", "2B"])
def test_a_finess_of_corsica_counts_a_as_1_and_b_as_2(prefix: str) -> None:
    numeric = prefix.replace("A", "1").replace("B", "2")
    right = prefix + _luhn(numeric + "000001")[2:]
    assert ids.finess_valide(right)
    assert not ids.finess_valide(right[:-1] + str((int(right[-1]) + 1) % 10))


@pytest.mark.parametrize("value", ["", "20000063", "020000064", "2C0000014", "000000000", "H1665474439531"])
def test_a_finess_with_a_wrong_key_or_shape_is_not(value: str) -> None:
    assert not ids.finess_valide(value)


@pytest.mark.parametrize(("value", "valid"), [("W595001234", True), ("w595001234", False), ("W59500123", False)])
def test_a_rna_is_w_and_nine_digits(value: str, valid: bool) -> None:
    assert ids.rna_valide(value) is valid


@pytest.mark.parametrize("text", ["7,86E+13", "7.86E+13", "7,86151E13", "35181600000000", "3518160000000", "786100000"])
def test_a_siret_rounded_by_excel_is_seen(text: str) -> None:
    assert ids.siret_arrondi(text)


@pytest.mark.parametrize("text", ["44306184100047", "443061841", "", "E2024000477_01", "2A0000014", "356000000"])
def test_a_true_identifier_is_not_taken_for_rounded(text: str) -> None:
    assert not ids.siret_arrondi(text)


def test_a_siret_that_lost_its_zero_is_repaired_by_its_key() -> None:
    siret = _luhn(_luhn("00652019") + "0001")
    assert ids.reparer_siret(siret[2:]) == Reparation(
        siret, "zéro de tête perdu, prouvé par la clé du SIRET", certaine=True
    )


@pytest.mark.parametrize("text", ["4430618410004", "44306184100047", "443061841", "", "00000000000", "3518160000000"])
def test_a_siret_without_proof_is_not_repaired(text: str) -> None:
    assert ids.reparer_siret(text) is None


def test_a_finess_of_aisne_that_lost_its_zero_is_repaired_by_its_key() -> None:
    repair = ids.reparer_finess("20000063")
    assert repair is not None
    assert (repair.valeur, repair.certaine) == ("020000063", True)


@pytest.mark.parametrize("text", ["20000064", "020000063", "2000006", "00000000"])
def test_a_finess_without_proof_is_not_repaired(text: str) -> None:
    assert ids.reparer_finess(text) is None


@pytest.mark.parametrize("value", ["01", "02", "19", "21", "59", "62", "80", "95", "2A", "2B", "971", "976", "988"])
def test_a_departement_of_the_list_is_valid(value: str) -> None:
    assert ids.departement_valide(value)


@pytest.mark.parametrize("value", ["", "0", "00", "2", "20", "96", "97", "98", "99", "970", "979", "002", "2C", "2a"])
def test_what_is_no_departement_is_refused(value: str) -> None:
    assert not ids.departement_valide(value)


@pytest.mark.parametrize(("text", "value"), [("2", "02"), (" 9 ", "09"), ("002", "02"), ("059", "59"), ("02A", "2A")])
def test_a_departement_written_short_or_long_is_repaired(text: str, value: str) -> None:
    repair = ids.reparer_departement(text)
    assert repair is not None
    assert repair.valeur == value


@pytest.mark.parametrize("text", ["", "0", "59", "000", "020", "971", "Nord"])
def test_a_departement_without_proof_is_not_repaired(text: str) -> None:
    assert ids.reparer_departement(text) is None


@pytest.mark.parametrize(
    ("code", "departement"),
    [
        *(("02000", "02"), ("59000", "59"), ("20000", "2A"), ("20167", "2A"), ("20200", "2B"), ("20620", "2B")),
        *(("97400", "974"), ("97600", "976"), ("98800", "988")),
        *(("2000", None), ("", None), ("00100", None), ("96000", None), ("99123", None), ("98000", None)),
    ],
)
def test_a_postal_code_gives_its_departement_or_nothing(code: str, departement: str | None) -> None:
    assert ids.departement_du_code_postal(code) == departement


@given(st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_a_departement_taken_from_a_postal_code_is_always_one(code: str) -> None:
    found = ids.departement_du_code_postal(code)
    assert found is None or ids.departement_valide(found)


def test_a_siret_is_shown_in_groups() -> None:
    assert ids.affiche_siret("44306184100047") == "443 061 841 00047"
    assert ids.affiche_siret("123") == "123"
