"""An act: what prevents saving it, when it ends, what its avenants change, what will not be paid."""

from dataclasses import replace

import pytest

from firdesk.domain.convention import AnneeConvention, Convention, Suivi, fin_engagement
from firdesk.domain.echeancier import Annee, Echeancier

ACTE = Convention("convention", "2023-014", 1, debut="2023-01-01", fin="2025-12-31", id=1)


def suivi(acte: Convention = ACTE, *avenants: Convention, jour: str = "2025-03-01", **annee: int) -> Suivi:
    return Suivi(acte, "CH de Laon", avenants, 1, Echeancier(2025, (Annee(2025, **annee),)), jour)


@pytest.mark.parametrize(
    ("jour", "etat"), [("2025-03-01", "en_cours"), ("2025-07-01", "a_renouveler"), ("2026-01-01", "echue")]
)
def test_the_state_is_judged_from_a_day(jour: str, etat: str) -> None:
    assert suivi(jour=jour).etat == etat


def test_an_act_without_end_is_under_way() -> None:
    assert suivi(replace(ACTE, fin="")).etat == "en_cours"


def test_the_latest_avenant_says_the_end_and_adds_its_years() -> None:
    first = Convention("avenant", "2023-014-A1", 1, signee_le="2024-02-01", fin="2027-12-31", parent_id=1, id=2)
    second = replace(first, id=3, signee_le="2025-02-01", fin="2026-06-30", annees=(AnneeConvention(2026, 50),))
    found = suivi(replace(ACTE, annees=(AnneeConvention(2025, 100), AnneeConvention(2026, 10))), second, first)
    assert [a.id for a in found.actes] == [1, 2, 3]
    assert found.fin == "2026-06-30"
    assert (found.montants, found.montant) == ({2025: 100, 2026: 60}, 160)


def test_a_duty_of_five_years_lasts_longer_than_the_payment() -> None:
    contrat = Convention("contrat", "CRAI-01", 1, debut="2021-09-01", fin="2022-08-31", duree_engagement=5)
    assert fin_engagement(contrat) == "2026-08-31"
    assert suivi(contrat, jour="2026-01-15").etat == "en_cours"
    assert fin_engagement(replace(contrat, debut="2024-02-29")) == "2029-02-28"


def test_what_is_left_once_the_act_has_ended_is_to_be_withdrawn() -> None:
    assert suivi(jour="2026-01-01", engage=100, paye=60).a_retirer == 40
    assert suivi(jour="2025-03-01", engage=100, paye=60).a_retirer == 0


def test_what_is_left_once_all_the_act_foresees_is_paid_is_to_be_withdrawn() -> None:
    acte = replace(ACTE, annees=(AnneeConvention(2025, 60),))
    assert suivi(acte, engage=100, paye=60).a_retirer == 40
    assert suivi(acte, engage=100, paye=59).a_retirer == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numero": " "}, "numero"),
        ({"operateur_id": 0}, "operateur"),
        ({"fin": "2022-01-01"}, "fin"),
        ({"debut": "2023-02-30"}, "debut"),
        ({"nature": "bail"}, "nature"),
        ({"parent_id": 1}, "parent"),
        ({"annees": (AnneeConvention(2025, 1), AnneeConvention(2025, 2))}, "annees"),
    ],
)
def test_what_is_not_sound_is_told_by_its_field(changed: dict[str, object], field: str) -> None:
    assert [p.field for p in replace(ACTE, **changed).problems() if p.blocking] == [field]  # type: ignore[arg-type]
