"""Exercices, rapprochement and atterrissage as scripts see them."""

from pathlib import Path

import pytest

from tests.cli.test_commands import read, run


def test_an_exercice_is_opened_closed_and_reopened_for_a_reason(base_demo: Path) -> None:
    assert run("exercice-ouvrir", base_demo, 2027).exit_code == 0
    closed = run("exercice-clore", base_demo, 2024)
    assert closed.exit_code == 0
    assert "À savoir : 14 lignes à notifier" in closed.stdout
    again = run("exercice-clore", base_demo, 2024)
    assert (again.exit_code, "déjà clos" in again.stderr) == (1, True)
    assert run("exercice-rouvrir", base_demo, 2024).exit_code == 2
    assert run("exercice-rouvrir", base_demo, 2024, "--motif", "titre").exit_code == 0
    found = {x["annee"]: x for x in read("exercices", base_demo)["exercices"]}
    assert list(found) == [2027, 2026, 2025, 2024]
    assert (found[2024]["statut"], found[2024]["motif"]) == ("ouvert", "titre")
    assert (found[2025]["notifie_centimes"], found[2026]["ae_engagee_centimes"]) == (52_687_476_400, None)
    assert "titre" in run("exercices", base_demo).stdout
    assert "conforme" in run("verifier", base_demo).stdout


def test_an_import_into_a_closed_exercice_is_refused_and_changes_nothing(base_demo: Path, fichiers_demo: Path) -> None:
    before = read("exercices", base_demo)
    assert run("exercice-clore", base_demo, 2025).exit_code == 0
    file = next(fichiers_demo.glob("SIBC*2025*"))
    result = run("importer", base_demo, file, "--date", "30/06/2025")
    assert (result.exit_code, "clos, donc en lecture seule" in result.stderr) == (1, True)
    after = read("exercices", base_demo)["exercices"]
    assert [x["ae_engagee_centimes"] for x in after] == [x["ae_engagee_centimes"] for x in before["exercices"]]


@pytest.mark.parametrize("par", ["theme", "destination"])
def test_two_exercices_are_compared_line_by_line(base_demo: Path, tmp_path: Path, par: str) -> None:
    sortie = tmp_path / "c.xlsx"
    found = read("comparer", base_demo, 2024, 2025, "--par", par, "--sortie", sortie)
    assert sortie.exists()
    for name in ("avant", "apres", "ecart", "ecart_constant"):
        assert sum(x[f"{name}_centimes"] for x in found["lignes"]) == found["total"][f"{name}_centimes"]
    assert "à périmètre constant" in run("comparer", base_demo, 2024, 2025, "--par", par).stdout
    assert run("comparer", base_demo, 2025, 2024).exit_code == 1


def test_rapprochement_gives_the_agreed_keys_and_every_gap_adds_up(base_demo: Path, tmp_path: Path) -> None:
    sortie = tmp_path / "r.xlsx"
    found = read("rapprochement", base_demo, "--exercice", 2025, "--sortie", sortie)
    assert sortie.exists()
    assert {"exercice", "situation", "version", "lignes", "total"} <= found.keys()
    assert (found["situation"], found["version"]) == ("2025-12-31", "BR3")
    for x in found["lignes"]:
        assert x["ecart_centimes"] == x["ae_engagee_centimes"] - x["notifie_centimes"]
        told = sum(e["montant_centimes"] for e in x["explications"]) + sum(n["montant_centimes"] for n in x["notes"])
        assert x["inexplique_centimes"] == x["ecart_centimes"] - told
    for key in ("notifie", "ae_engagee", "ecart", "inexplique", "ae_ouvertes"):
        assert sum(x[f"{key}_centimes"] for x in found["lignes"]) == found["total"][f"{key}_centimes"]
    assert "Total" in run("rapprochement", base_demo).stdout
    refused = run("rapprochement", base_demo, "--exercice", 2019)
    assert (refused.exit_code, "2019 n'est pas ouvert" in refused.stderr) == (1, True)


@pytest.mark.parametrize("par", ["theme", "destination"])
def test_atterrissage_says_its_rule_and_adds_up(base_demo: Path, tmp_path: Path, par: str) -> None:
    sortie = tmp_path / "a.xlsx"
    found = read("atterrissage", base_demo, "--par", par, "--sortie", sortie)
    assert sortie.exists()
    for name in ("bas", "central", "haut", "base_suivante"):
        assert sum(x[f"{name}_centimes"] for x in found["lignes"]) == found["total"][f"{name}_centimes"]
    assert found["regle"] in run("atterrissage", base_demo, "--par", par).stdout
