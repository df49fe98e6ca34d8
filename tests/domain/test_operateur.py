"""Operators: what is wrong with one, and when two names are the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.operateur import Operateur, nom_normalise, sans_accents
from firdesk.domain.problem import Severity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Centre Hospitalier de Laon", "CH LAON"),
        ("C.H. de Laon", "CH Laon"),
        ("CHU d'Amiens", "centre hospitalier universitaire Amiens"),
        ("Association L'Étape", "ASSOC. ETAPE"),
        ("Hôpital Saint-Quentin", "HOPITAL ST QUENTIN"),
        ("Maison du Cœur", "maison coeur"),
        ("ÆTHER", "æther"),
        ("  Les   Œuvres ", "oeuvres"),
    ],
)
def test_two_writings_of_a_name_are_the_same_name(one: str, other: str) -> None:
    assert nom_normalise(one) == nom_normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("CH Laon", "CHU Laon"), ("GEM 1", "GEM 2"), ("Aide 59", "Aide 62"), ("URPS A", "URPS B")]
)
def test_two_names_stay_two_names(one: str, other: str) -> None:
    assert nom_normalise(one) != nom_normalise(other)


@given(st.text())
def test_a_normalised_name_is_already_normalised(name: str) -> None:
    assert nom_normalise(nom_normalise(name)) == nom_normalise(name)
    assert sans_accents(sans_accents(name)) == sans_accents(name)


def test_an_operator_needs_a_name() -> None:
    (problem,) = Operateur("  ").problems()
    assert (problem.field, problem.blocking) == ("nom", True)


def test_false_identifiers_are_alerts_since_exports_carry_some() -> None:
    found = Operateur("A", siret="1", siren="2", finess="3").problems()
    assert {(p.field, p.severity) for p in found} == {(f, Severity.ALERTE) for f in ("siret", "siren", "finess")}


def test_an_unknown_departement_is_an_error() -> None:
    (problem,) = Operateur("A", departement="2").problems()
    assert problem.blocking
    assert "« 2 »" in problem.message


def test_a_good_operator_has_no_problem() -> None:
    assert Operateur("A", siret="44306184100047", finess="020000063", departement="02").problems() == ()


def test_a_cleaned_operator_has_compact_identifiers_and_the_siren_of_its_siret() -> None:
    cleaned = Operateur("  Le   Cap ", siret="443 061 841 00047", finess="02 000 006 3").cleaned()
    assert cleaned == Operateur("Le Cap", siret="44306184100047", siren="443061841", finess="020000063")


def test_a_false_siret_gives_no_siren() -> None:
    assert Operateur("A", siret="44306184100048").cleaned().siren == ""
