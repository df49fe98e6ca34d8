"""What is proposed for the columns of an unknown workbook, how surely and why."""

from datetime import date

import pytest

from firdesk.services.importing.correspondance import exercice_du_titre
from firdesk.services.importing.correspondance_proposition import Appris, ColonneProposee, proposer, trouver_entete
from firdesk.sheets.cell import Grid, Value
from tests.services.importing.fichiers import luhn

SIRETS: list[Value] = [luhn(luhn(f"{30000000 + n}") + "0001") for n in range(20)]


def column(header: str, values: list[Value], *appris: Appris) -> ColonneProposee:
    """What is proposed for a column beside one that is surely the operator."""
    rows: list[list[Value]] = [["Structure", header], *([f"Association {i}", v] for i, v in enumerate(values))]
    return proposer(Grid("Suivi", rows=rows), 0, appris).colonnes[1]


@pytest.mark.parametrize(
    ("header", "values", "champ", "sure"),
    [
        ("Montant accordé en €", [1200, 35.5, "1 250,00 €"], "notifie", True),
        ("Montant demandé", [1200, 35.5, 12], "demande", True),
        ("Montant", [1200, 35.5, 12], "notifie", False),
        ("Dpt", [2, 59, 80], "departement", True),
        ("N° SIRET", SIRETS, "siret", True),
        ("Identité", SIRETS, "siret", True),
        ("Code", ["MI2-3-8", "MI1-2-3 : Actions", "2.3.8"], "mesure3", True),
        ("Exercice", [2025, 2025, "2024"], "campagne", True),
        ("Zzz", [2025, 2025, 2024], "campagne", False),
        ("Date de décision", [date(2025, 3, 1), "02/04/2025", "03/05/2025"], "date_notification", True),
        ("Actoin", ["Atelier", "Formation", "Équipe"], "action", False),
        ("Zzz", ["bleu", "blanc", "rouge"], "", False),
    ],
)
def test_names_and_contents_propose_a_field(header: str, values: list[Value], champ: str, sure: bool) -> None:
    found = column(header, values)
    assert (found.champ, bool(found.champ) and found.sure) == (champ, sure)
    assert bool(found.raison) == bool(champ)


def test_the_reason_says_what_was_seen() -> None:
    mixed: list[Value] = [*SIRETS[:19], "123"]
    assert column("Identité", mixed).raison == "contenu : 95\u00a0% de SIRET valides"
    assert column("Dpt", ["02"]).raison == "nom de colonne"
    assert column("Montant accordé", ["oui", "non", "oui"]).raison.endswith("mais 0\u00a0% de montants lisibles")


def test_what_was_chosen_before_wins() -> None:
    before = Appris("Suivi", {"structure": "nom", "zzz": "motivation"})
    found = column("Zzz", ["bleu", "blanc"], before)
    assert (found.champ, found.sure, found.raison) == ("motivation", True, "choisi la dernière fois")
    left = Appris("Suivi", {"structure": "nom", "dpt": ""})
    assert column("Dpt", [2, 59], left).champ == ""


def test_no_field_is_proposed_twice() -> None:
    rows: list[list[Value]] = [["Structure", "Montant accordé", "Accordé"], ["A", 1, 2], ["B", 3, 4]]
    found = proposer(Grid("Suivi", rows=rows), 0)
    assert [c.champ for c in found.colonnes] == ["nom", "notifie", ""]


def test_without_a_name_for_it_the_operator_is_guessed_and_told_as_a_doubt() -> None:
    rows: list[list[Value]] = [["Qui", "Montant accordé"], ["CH de Laon", 1], ["CH de Soissons", 2]]
    first = proposer(Grid("Suivi", rows=rows), 0).colonnes[0]
    assert (first.champ, first.sure) == ("nom", False)


def test_the_header_is_found_under_its_titles() -> None:
    rows: list[list[Value]] = [["Suivi du FIR"], [], ["Édité le", "12/03/2025"], ["Structure", "Montant"], ["A", 12]]
    assert trouver_entete(Grid("Suivi", first_row=4, rows=rows)) == 7


@pytest.mark.parametrize(
    ("title", "sheet", "file", "year"),
    [
        ("FIR 2025", "2024", "2023.xlsx", 2025),
        ("Suivi", "Campagne 2024", "2023.xlsx", 2024),
        ("Suivi", "Feuil1", "FIR 2023.xlsx", 2023),
        ("Convention 2024-2026", "2025", "a.xlsx", None),
        ("Édité le 12/03/2026", "Feuil1", "FIR_2025.xlsx", 2025),
        ("Suivi", "Feuil1", "export_20250312.xlsx", None),
    ],
)
def test_the_year_of_a_workbook_is_the_one_its_titles_say(title: str, sheet: str, file: str, year: int | None) -> None:
    found = exercice_du_titre(Grid(sheet, rows=[[title], ["Structure"]]), 1, file)
    assert (found[0] if found else None) == year


def test_a_group_above_its_columns_tells_them_apart() -> None:
    rows: list[list[Value]] = [
        ["Suivi"],
        ["Bénéficiaire", None, "Montants", None],
        ["Nom", "SIRET", "Demandé", "Accordé"],
        *([f"Association {i}", siret, 10, 20] for i, siret in enumerate(SIRETS)),
    ]
    merged = ((0, 0, 0, 3), (1, 0, 1, 1), (1, 2, 1, 3))
    grid = Grid("Suivi", rows=rows, merged=merged)
    assert trouver_entete(grid) == 2
    found = proposer(grid, 2)
    assert [c.champ for c in found.colonnes] == ["nom", "siret", "demande", "notifie"]
    assert found.colonnes[3].entete == "Montants / Accordé"


def test_a_title_merged_above_the_header_is_no_group() -> None:
    grid = Grid("Suivi", rows=[["Suivi du FIR"], ["Structure", "Montant"], ["A", 12]], merged=((0, 0, 0, 1),))
    assert [c.entete for c in proposer(grid, 1).colonnes] == ["Structure", "Montant"]


def test_a_header_merged_over_two_rows_is_read_from_its_first() -> None:
    rows: list[list[Value]] = [["Structure", "Montants", None], [None, "Demandé", "Accordé"], ["A", 1, 2]]
    grid = Grid("Suivi", rows=rows, merged=((0, 0, 1, 0), (0, 1, 0, 2)))
    assert [c.champ for c in proposer(grid, 1).colonnes] == ["nom", "demande", "notifie"]
