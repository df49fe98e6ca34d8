"""The command line as scripts see it: exit status, messages on stderr, keys of the JSON objects."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from firdesk.cli import cli
from firdesk.domain.allocation import Filtre
from firdesk.services.session import Session
from tests.services.importing.classeurs import classeur, lignes
from tests.services.importing.fichiers import stars, write_stars


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def read(*args: object) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_synthese_gives_the_agreed_keys_and_lines_that_add_up(base_demo: Path) -> None:
    found = read("synthese", base_demo, "--par", "theme", "--exercice", "2025")
    keys = {"cle", "libelle", "nombre", "notifie_centimes", "ae_engagee_centimes", "cp_paye_centimes", "part"}
    keys |= {"reste_a_payer_centimes", "cp_prevu_centimes"}
    assert {"axes", "exercice", "mesure", "lignes", "total"} <= found.keys()
    assert found["mesure"] == "notifie"
    assert all(line.keys() == keys for line in found["lignes"])
    assert sum(line["notifie_centimes"] for line in found["lignes"]) == found["total"]["notifie_centimes"]


def test_importer_gives_the_agreed_keys_and_knows_a_file_again(base_demo: Path, fichiers_demo: Path) -> None:
    file = next(fichiers_demo.glob("*engagements*.csv"))
    found = read("importer", base_demo, file)
    assert found.keys() == {
        "lot", "profil", "exercices", "lues", "nouvelles", "modifiees", "inchangees", "disparues", "rejetees",
        "ignorees", "reparees", "orphelines", "orphelins", "total_fichier_centimes", "total_importe_centimes", "rejets",
    }  # fmt: skip
    assert (found["nouvelles"], found["modifiees"], found["inchangees"]) == (0, 0, found["lues"])


def test_importer_takes_the_columns_of_a_workbook_once(tmp_path: Path) -> None:
    base = tmp_path / "a.firdesk"
    assert run("nouveau", base, "--exercice", "2025").exit_code == 0
    first = classeur(tmp_path / "Suivi GEM 2025.xlsx", lignes())
    refused = run("importer", base, first)
    assert (refused.exit_code, "Il manque : la destination" in refused.stderr) == (1, True)
    columns = "nom=A,notifie=B,departement=C,objet=D,destination==MI2-3-8"
    found = read("importer", base, first, "--correspondance", columns, "--entete", "3", "--feuille", "Suivi")
    assert (found["profil"], found["nouvelles"]) == ("Suivi GEM", 10)
    later = classeur(tmp_path / "mars.xlsx", lignes(9), titres=("FIR 2025",))
    assert read("importer", base, later, "--simuler")["inchangees"] == 9
    assert read("importer", base, later, "--profil", "Suivi GEM")["inchangees"] == 9


@pytest.mark.parametrize("columns", ["nom", "nom=A,B"])
def test_a_mapping_that_is_not_written_as_one_is_a_wrong_usage(tmp_path: Path, columns: str) -> None:
    assert run("importer", tmp_path / "a.firdesk", "x.csv", "--correspondance", columns).exit_code == 2


def test_a_text_file_is_read_with_the_separator_and_encoding_given(tmp_path: Path) -> None:
    base, path = tmp_path / "a.firdesk", tmp_path / "suivi.txt"
    assert run("nouveau", base, "--exercice", "2025").exit_code == 0
    path.write_bytes("Porteur/Montant\nÉcole de Laon/12\n".encode("cp437"))
    options = ("--separateur", "/", "--encodage", "cp437", "--exercice", "2025")
    found = read("importer", base, path, "--correspondance", "nom=A,notifie=B,mesure3==MI2-3-8", *options)
    assert (found["nouvelles"], found["total_importe_centimes"]) == (1, 1200)


def test_a_simulated_import_writes_nothing(base_demo: Path, fichiers_demo: Path) -> None:
    before = base_demo.read_bytes()
    assert read("importer", base_demo, *fichiers_demo.glob("*engagements*.csv"), "--simuler")["lot"] is None
    assert base_demo.read_bytes() == before


def test_the_tables_of_a_workbook_are_listed_and_one_is_chosen(base_demo: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Suivi")
    names = list(stars(1))
    for first in (1, 50):
        sheet.append([] if first == 1 else ["Compléments"])
        sheet.append(names if first == 1 else names[::-1])
        for number in range(first, first + 4 - first // 50):
            line = stars(number)
            sheet.append([line[n] for n in (names if first == 1 else names[::-1])])
        sheet.append([])
    book.save(tmp_path / "a.xlsx")
    found = read("tables", tmp_path / "a.xlsx")["tableaux"]
    assert [(t["feuille"], t["entete"], t["profil"], t["lignes"]) for t in found] == [
        ("Suivi", 2, "StarsFIR", 4),
        ("Suivi", 9, "StarsFIR", 3),
    ]
    chosen = read("importer", base_demo, tmp_path / "a.xlsx", "--feuille", "Suivi", "--entete", 9, "--simuler")
    assert (chosen["lues"], chosen["rejetees"]) == (3, 0)
    said = run("tables", tmp_path / "a.xlsx").output
    assert '--feuille "Suivi" --entete 9 --colonne A' in said


def test_operateurs_are_listed_with_what_they_had_and_two_become_one(base_demo: Path) -> None:
    found = read("operateurs", base_demo)["operateurs"]
    assert {"numero", "nom", "siret", "finess", "alias", "exercices"} <= found[0].keys()
    assert {"exercice", "nombre", "notifie_centimes"} <= found[0]["exercices"][0].keys()
    first, second = found[0], found[1]
    assert run("fusionner", base_demo, first["numero"], second["siret"] or second["nom"]).exit_code == 0
    left = read("operateurs", base_demo)["operateurs"]
    assert len(left) == len(found) - 1
    assert second["nom"] in [a["valeur"] for a in left[0]["alias"]]
    assert read("verifier", base_demo)["saine"]
    assert run("annuler", base_demo).exit_code == 0
    assert read("operateurs", base_demo)["operateurs"] == found


def test_likely_doubles_are_listed(base_demo: Path) -> None:
    found = read("operateurs", base_demo, "--doublons")["doublons"]
    assert all(d.keys() == {"premier", "second", "score", "motif"} for d in found)
    assert run("operateurs", base_demo, "--doublons").exit_code == 0
    assert "SIRET" in run("operateurs", base_demo).stdout


def test_annuler_takes_back_the_latest_operation(base_demo: Path) -> None:
    last = read("historique", base_demo)["operations"][0]
    assert run("annuler", base_demo).exit_code == 0
    operations = {o["id"]: o for o in read("historique", base_demo)["operations"]}
    assert operations[last["id"]]["annulee"]


def test_verifier_finds_a_new_base_sound(tmp_path: Path) -> None:
    assert run("nouveau", tmp_path / "a.firdesk", "--exercice", "2025").exit_code == 0
    assert read("verifier", tmp_path / "a.firdesk")["saine"]


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["synthese", "absente.firdesk", "--par", "theme"], 1),
        (["synthese", "absente.firdesk", "--par", "planete"], 2),
        (["synthese", "absente.firdesk", "--par", "theme", "--et", "theme"], 2),
        (["importer", "absente.firdesk"], 2),
        (["fusionner", "absente.firdesk", "1", "2"], 1),
        (["fusionner", "absente.firdesk", "1"], 2),
        (["captures", "absente.firdesk", "x", "--taille", "grand"], 2),
    ],
)
def test_exit_status_tells_a_refusal_from_a_wrong_usage(args: list[str], status: int) -> None:
    result = run(*args)
    assert (result.exit_code, bool(result.stderr), result.stdout) == (status, True, "")


def test_the_rejects_of_an_import_come_back_in_a_copy(base_demo: Path, tmp_path: Path) -> None:
    lines = [stars(n, notifie="douze") if n == 2 else stars(n) for n in range(1, 30)]
    file = write_stars(tmp_path / "envoi.csv", lines)
    lot = read("importer", base_demo, file, "--rejets", tmp_path / "avant.xlsx")["lot"]
    assert run("rejets", base_demo, lot, "--sortie", tmp_path / "apres.xlsx").exit_code == 0
    for name in ("avant.xlsx", "apres.xlsx"):
        assert openpyxl.load_workbook(tmp_path / name)["envoi"]["AG3"].comment is not None
    file.unlink()
    result = run("rejets", base_demo, lot, "--sortie", tmp_path / "encore.xlsx")
    assert (result.exit_code, "indiquer où il est" in result.stderr) == (1, True)
    assert run("rejets", base_demo, lot, "--sortie", tmp_path / "liste.xlsx", "--liste").exit_code == 0


def test_vanished_lines_are_withdrawn_on_demand_and_the_gap_told_by_mission(tmp_path: Path) -> None:
    base = tmp_path / "a.firdesk"
    assert run("nouveau", base, "--exercice", "2025").exit_code == 0
    read("importer", base, write_stars(tmp_path / "v1.csv", [stars(1), stars(2)]))
    later = write_stars(tmp_path / "v2.csv", [stars(1)])
    told = read("importer", base, later, "--disparues", "retirer", "--simuler")
    mission = {"cle": "1", "libelle": "1 · Prévention", "avant_centimes": 200100, "apres_centimes": 100050}
    assert told["ecarts"] == [mission | {"ecart_centimes": -100050}]
    said = run("importer", base, later, "--disparues", "retirer").stdout.replace("\u202f", " ").replace("\u00a0", " ")
    assert "0 nouvelle, 0 modifiée, 1 inchangée, 1 disparue, 0 rejetée ; Notifié" in said
    assert "total du fichier = total lu (écart 0,00 €)" in said
    assert "1 · Prévention : 2 001,00 € → 1 000,50 €" in said
    lines = read("synthese", base, "--par", "mission")["total"]
    assert lines["notifie_centimes"] == 100050


def test_provenance_gives_the_cell_of_each_amount(base_demo: Path, tmp_path: Path) -> None:
    read("importer", base_demo, write_stars(tmp_path / "envoi.csv", [stars(1, ej="E2025999999_01")]))
    with Session.open(base_demo) as session:
        lot = session.imports.lots()[0].id or 0
        reference = session.allocations.page(session.allocations.ids(Filtre(lots=(lot,))))[-1].reference
    found = read("provenance", base_demo, reference)
    assert found["reference"] == reference
    keys = {
        "quoi", "montant_centimes", "actuelle", "le", "operation", "fichier", "sha256", "feuille", "cellule", "lu",
        "lot",
    }  # fmt: skip
    assert all(m.keys() == keys for m in found["montants"])
    assert found["montants"][-1]["fichier"] == "envoi.csv"
    assert "lu « 1000.50 »" in run("provenance", base_demo, reference).stdout
    assert run("provenance", base_demo, "2025-99999").exit_code == 1


def test_one_vanished_line_is_decided_by_its_reference_and_a_wrong_name_or_choice_is_refused(tmp_path: Path) -> None:
    base = tmp_path / "a.firdesk"
    assert run("nouveau", base, "--exercice", "2025").exit_code == 0
    read("importer", base, write_stars(tmp_path / "v1.csv", [stars(n) for n in range(1, 5)]))
    later = write_stars(tmp_path / "v2.csv", [stars(1), stars(2)])
    for wrong in ("disparue:2025-0009=retirer", "disparue:2025-0003=effacer", "conflit:2025-0001:objet=fichier"):
        refused = run("importer", base, later, "--decision", wrong)
        assert (refused.exit_code, "disparue:" in refused.stderr or "conflit:" in refused.stderr) == (1, True)
    told = read("importer", base, later, "--decision", "disparue:2025-0003=retirer", "--simuler")
    assert [x["ecart_centimes"] for x in told["ecarts"]] == [-100050]
