"""Who looks like whom: measured on invented operators, and the traps one by one."""

from dataclasses import replace

import pytest

from firdesk.domain.operateur import Operateur
from firdesk.services.operateurs_proches import noms_proches, paires, proches
from tests.services.identifiants_vrais import FINESS_A, SIREN_A, SIREN_B, siret
from tests.services.noms_operateurs import composer


def test_other_writings_are_proposed_and_other_operators_are_not() -> None:
    """Measured: 98,7 % found (false negatives 1,3 %), 1,1 % of the others proposed (false positives)."""
    found = written = wrong = others = 0
    for graine in range(3):
        jeu = composer(graine)
        for (_, place), near in zip(jeu.memes, proches([o for o, _ in jeu.memes], jeu.base), strict=True):
            written += 1
            found += place in [p.place for p in near]
        others += len(jeu.autres)
        wrong += sum(map(bool, proches(jeu.autres, jeu.base)))
    assert written > 700
    assert others > 500
    assert found / written > 0.97, f"{written - found} false negatives of {written}"
    assert wrong / others < 0.03, f"{wrong} false positives of {others}"


def near(one: Operateur, other: Operateur) -> bool:
    return bool(proches([one], [other])[0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("CH DE LENS", "62"), ("Hôpital de Lens", "62"), True),
        (("CH DE LENS", "62"), ("Centre hospitalier Docteur Schaffner de Lens", "62"), True),
        (("CH DE LENS", ""), ("Hôpital de Lens", "62"), True),
        (("CH DE LENS", "62"), ("CH DE SENS", "62"), False),
        (("CH DE LENS", "62"), ("EHPAD de Lens", "62"), False),
        (("CCAS de Lens", "62"), ("EHPAD du CCAS de Lens", "62"), True),
        (("EHPAD Les Lilas", "02"), ("EHPAD Les Lilas", "59"), False),
        (("GEM n° 1", "02"), ("GEM n° 2", "02"), False),
        (("Association fictive n° 12", "02"), ("Association fictive n° 13", "02"), False),
        (("Lille", "59"), ("CHU de Lille", "59"), False),
    ],
)
def test_name_and_departement(one: tuple[str, str], other: tuple[str, str], expected: bool) -> None:
    first, second = (Operateur(n, departement=d) for n, d in (one, other))
    assert near(first, second) is expected
    assert near(second, first) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"siret": siret(SIREN_A, 1)}, {"siret": siret(SIREN_A, 2)}, True),
        ({"siret": siret(SIREN_A, 1)}, {"siren": SIREN_A}, True),
        ({"siret": siret(SIREN_A, 1)}, {"siret": siret(SIREN_B, 1)}, False),
        ({"siret": "12345678901234"}, {"siret": siret(SIREN_B, 1)}, True),
        ({"finess": FINESS_A}, {"finess": FINESS_A}, True),
        ({"finess": FINESS_A, "siren": SIREN_A}, {"finess": FINESS_A, "siren": SIREN_B}, True),
        ({"commune": "Laon"}, {"commune": "Guise"}, False),
        ({"commune": "St-Quentin"}, {"commune": "SAINT QUENTIN"}, True),
    ],
)
def test_identifiers_and_town(one: dict[str, str], other: dict[str, str], expected: bool) -> None:
    first = replace(Operateur("EHPAD Les Lilas", departement="02"), **one)  # type: ignore[arg-type]
    second = replace(Operateur("Résidence LES LILAS (EHPAD)", departement="02"), **other)  # type: ignore[arg-type]
    assert near(first, second) is expected


def test_a_word_that_everybody_bears_tells_nobody_apart() -> None:
    known = [Operateur(f"EHPAD {n} (fictif)", departement="02") for n in "Lilas Roses Cyprès Tilleul".split()]
    known += [Operateur(f"Foyer {chr(97 + i)}bcdef{chr(122 - i)} (fictif)", departement="59") for i in range(26)]
    assert [p.place for p in proches([Operateur("EHPAD Lilas", departement="02")], known)[0]] == [0]
    assert proches([Operateur("EHPAD Muguet (fictif)", departement="02")], known) == [[]]


def test_three_at_most_the_nearest_first() -> None:
    known = [Operateur(n) for n in ("Clinique du Parc fleury", "CLINIQUE DU PARC FLEURI", "SAS Clinique Parc-Fleuri")]
    (found,) = proches([Operateur("Clinique du Parc fleuri")], [*known, *known])
    assert [p.place for p in found] == [1, 4, 2]


def test_nothing_is_near_when_there_is_nobody() -> None:
    assert proches([Operateur("CH de Laon")], []) == [[]]
    assert proches([], [Operateur("CH de Laon")]) == []
    assert paires([Operateur("CH de Laon")]) == []


def test_pairs_of_one_list_come_once_each() -> None:
    found = paires([Operateur("CH de Laon"), Operateur("CCAS de Guise"), Operateur("Hôpital de LAON")])
    assert [(a, b) for a, b, _ in found] == [(0, 2)]


def test_names_alone() -> None:
    assert noms_proches("CH Laon", "Centre hospitalier de Laon")
    assert not noms_proches("CH Laon", "Autre")
