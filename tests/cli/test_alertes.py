"""Alerts as scripts see them."""

from pathlib import Path

from tests.cli.test_commands import read, run


def test_alerts_give_the_agreed_keys_and_text_says_the_same(base_demo: Path) -> None:
    found = read("alertes", base_demo, "--exercice", 2025)
    assert found["exercice"] == 2025
    assert found["alertes"]
    for x in found["alertes"]:
        assert x.keys() == {"regle", "gravite", "texte", "montant_centimes", "lignes", "source"}
    told = run("alertes", base_demo, "--exercice", 2025).stdout
    assert all(x["texte"] in told for x in found["alertes"])
