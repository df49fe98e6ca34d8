"""The choices made for an import go to text and back."""

import pytest

from firdesk.services.importing.reglages import Reglages


@pytest.mark.parametrize(
    "made",
    [
        Reglages(),
        Reglages(profil="HAPI", exercice=2024),
        Reglages(feuille="Été", entete=4, correspondance={"nom": "B", "notifie": "AA"}),
        Reglages(separateur="\t", encodage="cp1252", decisions={"notifie:1.234": "=1 234,00 €", "masquees": "ignorer"}),
    ],
)
def test_choices_survive_being_written_down(made: Reglages) -> None:
    assert Reglages.from_json(made.to_json()) == made


def test_choices_left_alone_are_not_written() -> None:
    assert Reglages().to_json() == "{}"


def test_names_of_another_version_are_left_out() -> None:
    assert Reglages.from_json('{"profil": "SIBC", "couleur": "bleu"}') == Reglages(profil="SIBC")


def test_any_other_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not the choices"):
        Reglages.from_json("[1]")
