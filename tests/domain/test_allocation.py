"""What prevents an allocation from being saved, and what only deserves a look."""

from dataclasses import replace

import pytest

from firdesk.domain import money
from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import COMPOSITION, LIBELLES_MESURES, LIBELLES_NATURES, Mesure, Mouvement, Nature
from firdesk.domain.historique import Modification, Operation
from firdesk.domain.problem import Invalide, Problem, Severity

SOUND = Allocation(exercice=2025, operateur_id=1, destination="MI2-3-8", theme="gem", numero=12)


def test_a_sound_allocation_has_no_problem() -> None:
    assert SOUND.problems() == ()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("operateur", {"operateur_id": 0}),
        ("destination", {"destination": ""}),
        ("exercice", {"exercice": 1999}),
        ("exercice", {"exercice": 2101}),
        ("caractere", {"caractere": "autre"}),
        ("canal", {"canal": "autre"}),
        ("date_notification", {"date_notification": "31/12/2025"}),
        ("date_notification", {"date_notification": "2025-02-30"}),
        ("montant", {"mouvements": (Mouvement(Nature.NOTIFICATION, 2025, money.LIMIT + 1),)}),
        ("montant", {"mouvements": (Mouvement(Nature.PAIEMENT, 2025, 1, date="2025-13-01"),)}),
        ("objet", {"objet": "a\x00b"}),
    ],
)
def test_what_the_file_would_refuse_prevents_saving(field: str, change: dict[str, object]) -> None:
    (problem,) = replace(SOUND, **change).problems()  # type: ignore[arg-type]
    assert (problem.field, problem.blocking) == (field, True)


def test_a_missing_theme_is_only_an_alert() -> None:
    (problem,) = replace(SOUND, theme="").problems()
    assert (problem.field, problem.severity) == ("theme", Severity.ALERTE)


def test_the_greatest_amount_is_accepted() -> None:
    assert replace(SOUND, mouvements=(Mouvement(Nature.RETRAIT, 2025, -money.LIMIT),)).problems() == ()


def test_an_allocation_is_named_by_its_exercice_and_number() -> None:
    assert SOUND.reference == "2025-0012"


def test_a_filter_on_the_exercice_alone_is_empty() -> None:
    assert Filtre(exercice=2025).empty
    assert not Filtre(exercice=2025, themes=("",)).empty


def test_every_nature_but_the_intermediate_validation_enters_a_measure() -> None:
    used = {nature for signs in COMPOSITION.values() for nature in signs}
    assert used == set(Nature) - {Nature.VALIDATION_INTER}
    assert set(COMPOSITION) == set(Mesure) == set(LIBELLES_MESURES)
    assert set(LIBELLES_NATURES) == set(Nature)


def test_withdrawals_lower_the_commitment_and_recoveries_the_payment() -> None:
    assert COMPOSITION[Mesure.ENGAGE] == {Nature.ENGAGEMENT: 1, Nature.RETRAIT: -1}
    assert COMPOSITION[Mesure.PAYE] == {Nature.PAIEMENT: 1, Nature.REPRISE: -1}


def test_a_modification_names_the_fields_that_changed() -> None:
    assert Modification("allocation", 1, {"a": 1, "b": 2}, {"a": 1, "b": 3}).champs == ["b"]
    assert Modification("allocation", 1, {}, {"a": 1}).champs == ["a"]
    assert Modification("allocation", 1, {"a": 1}, {}).champs == ["a"]


@pytest.mark.parametrize(
    ("nature", "undone", "possible"),
    [("saisie", False, True), ("import", False, True), ("saisie", True, False), ("systeme", False, False)],
)
def test_only_what_the_user_did_and_is_in_force_can_be_undone(nature: str, undone: bool, possible: bool) -> None:
    operation = Operation(1, "x", nature, "2025-01-01T00:00:00+01:00", "", None, undone, 1)
    assert operation.annulable is possible


def test_an_invalid_value_carries_its_problems_and_says_them_all() -> None:
    error = Invalide((Problem("a", "Un."), Problem("b", "Deux.")))
    assert str(error) == error.message == "Un. Deux."
