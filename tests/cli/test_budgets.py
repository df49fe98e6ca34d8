"""The budget from the command line: execution, versions compared, a version typed in, recettes."""

from pathlib import Path

import openpyxl
import pytest

from firdesk.services.session import Session
from tests.cli.test_commands import read, run

TABLE = "Destination;Enveloppe;AE;CP\nMI2-3-8;Sanitaire;1 000,50;900\nMI1-2-9;Prévention;500;400\nTotal;;1500,5;1300\n"


def table(path: Path, text: str = TABLE) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_budget_gives_the_published_execution_and_lines_that_add_up(base_demo: Path) -> None:
    found = read("budget", base_demo, "--exercice", "2025")
    assert (found["total"]["taux_ae"], found["total"]["taux_cp"]) == (99.9, 99.8)
    for name in ("ae_ouvertes_centimes", "notifie_centimes", "ae_engagees_centimes", "cp_disponibles_centimes"):
        for lines in (
            found["destinations"],
            found["missions"],
            [e for d in found["destinations"] for e in d["enveloppes"]],
        ):
            assert sum(x[name] for x in lines) == found["total"][name]
    assert found["etalon"]["version"] == "BR3"


def test_budget_is_told_against_the_version_asked(base_demo: Path) -> None:
    assert read("budget", base_demo, "--version", "bi")["total"]["ae_ouvertes_centimes"] == 482_040_600_00
    assert "99,9\u00a0%" in run("budget", base_demo).stdout
    refused = run("budget", base_demo, "--version", "BR9")
    assert (refused.exit_code, "il y a BI, BR1, BR2, BR3" in refused.stderr) == (1, True)


def test_two_versions_are_compared_to_the_cent_and_written(base_demo: Path, tmp_path: Path) -> None:
    found = read("budget", base_demo, "--comparer", "BI", "BR3", "--sortie", tmp_path / "ecarts.xlsx")
    for name in ("ae_avant_centimes", "ae_apres_centimes", "cp_ecart_centimes"):
        assert sum(x[name] or 0 for x in found["lignes"]) == found["total"][name]
        assert sum(x[name] or 0 for x in found["missions"]) == found["total"][name]
    assert openpyxl.load_workbook(tmp_path / "ecarts.xlsx").sheetnames == ["Par ligne", "Par mission"]


def test_a_version_is_typed_in_from_a_csv_file(base_demo: Path, tmp_path: Path) -> None:
    args = ("budget-saisir", base_demo, table(tmp_path / "bi.csv"), "--exercice", "2026", "--version", "BI")
    assert read(*args, "--simuler")["ecrites"] == 2
    found = read(*args, "--date", "11/12/2025")
    assert (found["lues"], found["ecrites"], found["totaux_ignores"]) == (2, 2, 1)
    assert (found["ae_centimes"], found["cp_centimes"]) == (1_500_50, 1_300_00)
    shown = read("budget", base_demo, "--exercice", "2026")
    assert (shown["total"]["ae_ouvertes_centimes"], shown["etalon"]["date"]) == (1_500_50, "2025-12-11")
    assert read(*args)["ecrites"] == 0, "the same file changes nothing"


def test_a_version_is_typed_in_from_a_workbook_under_its_title_lines(base_demo: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Budget 2025"],
        [],
        ["Code destination", "Enveloppe", "AE", "CP"],
        ["MI2-3-8", "Sanitaire", 1234.1, 5],
    ):
        sheet.append(row)
    book.save(tmp_path / "br4.xlsx")
    found = read("budget-saisir", base_demo, tmp_path / "br4.xlsx", "--exercice", "2025", "--version", "BR4")
    assert found["ae_centimes"] == 1_234_10
    assert read("budget", base_demo)["etalon"]["version"] == "BR4"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("MI2-3-8;Sanitaire;1.234;5", "C2 (AE) : « 1.234 » peut se lire"),
        ("Gériatrie;Sanitaire;5;5", "A2 : lu « Gériatrie », attendu un code de destination"),
        ("MI2-3-8;Sanitaire;5;", "D2 : CP vide"),
    ],
)
def test_one_bad_cell_and_nothing_is_written(base_demo: Path, tmp_path: Path, line: str, told: str) -> None:
    path = table(tmp_path / "bi.csv", f"Destination;Enveloppe;AE;CP\n{line}\nMI1-2-9;Prévention;500;400\n")
    result = run("budget-saisir", base_demo, path, "--exercice", "2026", "--version", "BI")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Rien n'a été écrit." in result.stderr
    with Session.open(base_demo) as session:
        assert session.budgets.versions(2026) == []


def test_recettes_give_lines_flechages_and_balance(base_demo: Path, tmp_path: Path) -> None:
    found = read("recettes", base_demo, "--exercice", "2025", "--sortie", tmp_path / "r.xlsx")
    assert (
        sum(x["montant_centimes"] for x in found["recettes"]) == found["total"]["recettes_centimes"] == 525_800_000_00
    )
    assert found["equilibre"]["ae_moins_recettes_centimes"] == 1_171_763_00
    assert [x["fleche_centimes"] for x in found["flechages"]] == [3_100_000_00, 1_600_000_00]
    for aimed in found["flechages"]:
        assert aimed["fleche_centimes"] - aimed["consomme_centimes"] == aimed["reste_centimes"]
    assert (tmp_path / "r.xlsx").exists()
    assert read("recettes", base_demo, "--au", "30/06/2025")["total"]["recettes_centimes"] == 417_700_000_00
    assert "525\u202f800\u202f000\u00a0€" in run("recettes", base_demo).stdout


def test_a_day_that_is_none_is_refused(base_demo: Path) -> None:
    result = run("recettes", base_demo, "--au", "31/02/2025")
    assert (result.exit_code, "écrire JJ/MM/AAAA" in result.stderr) == (1, True)
