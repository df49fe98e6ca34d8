"""Payments and SIBC snapshots from the command line."""

from pathlib import Path

from tests.cli.test_commands import read, run
from tests.services.importing.fichiers import sibc, write_sibc

PAIEMENTS = "N° EJ;N° DP;Date de paiement;Montant payé\nE9999000001_01;1;15/03/2025;12,34\n"


def test_a_payment_without_its_allocation_is_listed_in_words_and_in_json(base_demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "paiements.csv"
    path.write_text(PAIEMENTS, encoding="utf-8")
    found = read("importer", base_demo, path, "--simuler")
    assert (found["profil"], found["orphelines"], found["ignorees"]) == ("Paiements", 1, 1)
    assert (found["orphelins"][0]["cellule"], found["total_importe_centimes"]) == ("A2", 0)
    result = run("importer", base_demo, path)
    assert "1 en attente d'une allocation" in result.stdout
    assert "lu « E9999000001_01 »" in result.stdout


def test_situations_are_listed_and_compared_to_the_cent(base_demo: Path, tmp_path: Path) -> None:
    path = write_sibc(tmp_path / "SIBC.csv", [sibc(), sibc("MI2-3-8", ej_valides="12.34")])
    assert run("importer", base_demo, path, "--date", "30/06/2025").exit_code == 0
    known = read("situations", base_demo, "--exercice", "2025")["situations"]
    assert [x["date"] for x in known][-1] == "2025-06-30"
    sortie = tmp_path / "ecarts.xlsx"
    args = ("situations", base_demo, "--exercice", "2025", "--comparer", "30/06/2025")
    found = read(*args, known[0]["date"], "--sortie", sortie)
    assert sortie.exists()
    for name in ("ae_ouvertes", "cp_ouverts", "ej_valides", "decaissements"):
        assert found["total"][f"{name}_ecart_centimes"] == known[0][f"{name}_centimes"] - known[-1][f"{name}_centimes"]
        assert sum(x[f"{name}_ecart_centimes"] for x in found["lignes"]) == found["total"][f"{name}_ecart_centimes"]
    assert run(*args, "01/01/2025").exit_code == 1
    assert run("situations", base_demo, "--sortie", sortie).exit_code == 2
