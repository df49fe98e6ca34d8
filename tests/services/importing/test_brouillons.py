"""An import left before it was written is found again, whatever happened to its file meanwhile."""

from pathlib import Path

import pytest

from firdesk.services.importing.brouillons import FICHIER, GARDES, Brouillons
from firdesk.services.importing.reglages import Reglages

REGLAGES = Reglages(
    feuille="Engagements", decisions={"notifie:1.234": "milliers", "cellule:AG3:n.c.": "=5", "siret:1": ""}
)


def test_what_was_kept_is_read_again_by_another_run(tmp_path: Path) -> None:
    base, file = tmp_path / "a.firdesk", tmp_path / "export.csv"
    Brouillons(tmp_path).garder(base, file, "abc", REGLAGES, [tmp_path / "suivant.csv"])
    (found,) = Brouillons(tmp_path).de(base)
    assert (found.chemin, found.sha256, found.reglages) == (file, "abc", REGLAGES)
    assert (found.reponses, found.suite, found.disparu) == (2, (tmp_path / "suivant.csv",), True)


def test_a_file_that_changed_keeps_the_answers_that_are_not_of_one_cell(tmp_path: Path) -> None:
    kept = Brouillons(tmp_path)
    kept.garder(tmp_path / "a.firdesk", tmp_path / "x.csv", "abc", REGLAGES)
    (found,) = kept.de(tmp_path / "a.firdesk")
    assert found.pour("abc") == REGLAGES
    assert found.pour("def").decisions == {"notifie:1.234": "milliers", "siret:1": ""}
    assert found.pour("def").feuille == "Engagements"


def test_each_base_has_its_own_the_latest_first_and_a_few_only(tmp_path: Path) -> None:
    kept = Brouillons(tmp_path)
    for n in range(GARDES + 2):
        kept.garder(tmp_path / "a.firdesk", tmp_path / f"{n}.csv", "abc", Reglages())
    kept.garder(tmp_path / "b.firdesk", tmp_path / "b.csv", "abc", Reglages())
    assert [b.nom for b in kept.de(tmp_path / "a.firdesk")] == ["6.csv", "5.csv", "4.csv", "3.csv", "2.csv"]
    kept.oublier(tmp_path / "a.firdesk", tmp_path / "5.csv")
    assert [b.nom for b in kept.de(tmp_path / "a.firdesk")][:2] == ["6.csv", "4.csv"]
    assert [b.nom for b in kept.de(tmp_path / "b.firdesk")] == ["b.csv"]


def test_an_import_kept_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    kept = Brouillons(tmp_path)
    for answers in ({}, {"masquees": "ignorer"}):
        kept.garder(tmp_path / "a.firdesk", tmp_path / "x.csv", "abc", Reglages(decisions=answers))
    (found,) = kept.de(tmp_path / "a.firdesk")
    assert found.reponses == 1


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 3}', '{"x": [3, {}, {"chemin": 1}]}', "\x00"])
def test_a_damaged_file_only_loses_comfort(tmp_path: Path, text: str) -> None:
    (tmp_path / FICHIER).write_text(text.replace('"x"', f'"{tmp_path / "a.firdesk"}"'), encoding="utf-8")
    kept = Brouillons(tmp_path)
    assert kept.de(tmp_path / "a.firdesk") == []
    kept.garder(tmp_path / "a.firdesk", tmp_path / "x.csv", "abc", Reglages())
    assert len(kept.de(tmp_path / "a.firdesk")) == 1


def test_without_a_folder_or_a_writable_one_nothing_is_kept(tmp_path: Path) -> None:
    for kept in (Brouillons(None), Brouillons(tmp_path / "absent")):
        kept.garder(tmp_path / "a.firdesk", tmp_path / "x.csv", "abc", Reglages())
        assert kept.de(tmp_path / "a.firdesk") == []
        kept.oublier(tmp_path / "a.firdesk", tmp_path / "x.csv")
