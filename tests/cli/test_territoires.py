"""Territory, schemes, indicators and one operator's card from the command line."""

from pathlib import Path

import pytest

from tests.cli.test_commands import read, run


@pytest.mark.parametrize("mesure", ["notifie", "engage", "paye"])
def test_both_ways_of_telling_departements_add_up_to_the_same(base_demo: Path, mesure: str) -> None:
    found = [read("territoire", base_demo, "--par", par, "--mesure", mesure) for par in ("siege", "lieu")]
    for told in found:
        assert sum(x["montant_centimes"] for x in told["lignes"]) == told["total"]["montant_centimes"]
        assert sum(x["nombre"] for x in told["lignes"]) == told["total"]["nombre"]
    assert found[0]["total"] == found[1]["total"]
    assert {"par", "exercice", "mesure", "lignes", "total"} == found[0].keys()


def test_the_region_stands_apart_in_words_and_in_a_workbook(base_demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "territoire.xlsx"
    result = run("territoire", base_demo, "--par", "lieu", "--sortie", file)
    assert result.exit_code == 0
    assert "Région entière" in result.stdout
    assert file.exists()


def test_schemes_are_listed_after_a_report_is_loaded(base_demo: Path) -> None:
    described = {x["code"] for x in read("dispositifs", base_demo)["dispositifs"]}
    assert described == {"CEGIDD", "CLS", "DAC", "EMG", "EMSP", "GEM"}
    loaded = run("indicateurs", base_demo, "--charger-bilan", "2025")
    assert loaded.exit_code == 0
    assert "laissé de côté" in loaded.stderr
    found = {x["code"]: x for x in read("dispositifs", base_demo)["dispositifs"]}
    assert found["Prévention en addictologie"]["dont"][0]["montant_centimes"] == 3_100_000_00
    assert found["EMSP"]["decrit"]
    told = read("indicateurs", base_demo, "--exercice", "2025")["indicateurs"]
    assert next(i for i in told if i["libelle"] == "équipes")["valeurs"][0]["valeur_milliemes"] == 33_000
    assert run("indicateurs", base_demo, "--charger-bilan", "2025").exit_code == 1
    assert run("indicateurs", base_demo, "--charger-bilan", "1999").exit_code == 1


def test_the_card_of_an_operator_is_found_by_number_or_siret(base_demo: Path) -> None:
    found = read("operateurs", base_demo, "--fiche", "5")
    assert read("operateurs", base_demo, "--fiche", found["siret"])["numero"] == 5
    known = next(o for o in read("operateurs", base_demo)["operateurs"] if o["numero"] == 5)
    sums = {x["exercice"]: x["notifie_centimes"] for x in known["exercices"]}
    assert {x["exercice"]: x["notifie_centimes"] for x in found["exercices"] if x["notifie_centimes"]} == sums
    assert found["nom"] in run("operateurs", base_demo, "--fiche", "5").stdout
    assert run("operateurs", base_demo, "--fiche", "personne").exit_code == 1
