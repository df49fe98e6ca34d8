"""Codes of one exercice to the next: proposed from labels, pasted, read in a file, every refusal with its line."""

from pathlib import Path

import pytest
import xlsxwriter

from firdesk.domain.execution import Nature
from firdesk.domain.exercice import Passage
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import exercices, passages
from tests.services.budget_annees import AUTRE, Annees, D

N = Nature.NOTIFICATION


def renommer(deux_ans: Annees, libelles: dict[str, str], *, annee: int) -> None:
    """Replace codes of a year by others, as a new nomenclature does."""
    with deux_ans.session.operation("Changer la nomenclature"):
        for code, label in libelles.items():
            deux_ans.session.nomenclatures.add_destination(annee, code, label)


def test_a_code_that_vanished_is_proposed_the_one_whose_label_is_alike(deux_ans: Annees) -> None:
    renommer(
        deux_ans, {"MI2-3-90": "Équipes mobiles d'hygiène bucco-dentaire", "MI2-3-91": "Tout autre chose"}, annee=2024
    )
    renommer(deux_ans, {"MI2-3-95": "Equipes mobiles d'hygiène bucco dentaire", "MI1-8-8": "Sans rapport"}, annee=2025)
    found = {x.passage.code_avant: x for x in passages.lignes(deux_ans.session, 2025, "destination")}
    assert found["MI2-3-90"].passage.code_apres == "MI2-3-95"
    assert found["MI2-3-90"].score > 85
    assert (found["MI2-3-91"].passage.code_apres, found["MI2-3-91"].ecrit) == ("", False)


def test_a_theme_that_bears_amounts_no_more_is_proposed_an_heir(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 10), annee=2024, theme="PA")
    deux_ans.ligne((N, 10), theme="CANCER")
    found = passages.lignes(deux_ans.session, 2025, "theme")
    assert [(x.passage.code_avant, x.libelle_avant) for x in found] == [("PA", "Parcours Personnes âgées")]


def test_nothing_is_proposed_before_the_first_exercice(deux_ans: Annees) -> None:
    assert passages.lignes(deux_ans.session, 2024, "theme") == []


def test_a_passage_takes_the_place_of_the_one_its_code_had(deux_ans: Annees) -> None:
    session = deux_ans.session
    assert passages.ecrire(session, [Passage(2025, "destination", D, AUTRE)]) == 1
    assert passages.ecrire(session, [Passage(2025, "destination", D, AUTRE)]) == 0
    assert passages.ecrire(session, [Passage(2025, "destination", D, "", "supprimée")]) == 1
    (found,) = session.exercices.passages("destination", exercice=2025)
    assert (found.code_apres, found.motif) == ("", "supprimée")
    session.undo()
    assert session.exercices.passages("destination")[0].code_apres == AUTRE
    passages.supprimer(session, session.exercices.passages())
    assert session.exercices.passages() == []


def test_a_code_that_the_nomenclature_does_not_know_is_refused(deux_ans: Annees) -> None:
    with pytest.raises(Invalide, match="MI9-9 » n'est pas dans la nomenclature 2025"):
        passages.ecrire(deux_ans.session, [Passage(2025, "destination", D, "MI9-9")])
    with pytest.raises(Invalide, match="nomenclature 2024"):
        passages.ecrire(deux_ans.session, [Passage(2025, "destination", "MI9-9", D)])
    assert deux_ans.session.exercices.passages() == []


def test_a_block_copied_from_excel_is_written_and_each_refusal_names_its_line(deux_ans: Annees) -> None:
    text = f"code_avant\tcode_apres\tmotif\n2.3.8 : Équipes\t{AUTRE}\tfusion\n\nMI3-3-2\tMI9-9\t\n{D}\n"
    count, refused = passages.coller(deux_ans.session, 2025, "destination", text)
    assert count == 1
    assert [r.split(",")[0] for r in refused] == ["Ligne 4", "Ligne 5"]
    assert "MI9-9" in refused[0]
    assert "déjà donné ligne 2" in refused[1]


def test_a_theme_may_be_given_by_its_label(deux_ans: Annees) -> None:
    count, refused = passages.coller(deux_ans.session, 2025, "theme", "parcours personnes agees;CANCER;regroupement")
    assert (count, refused) == (1, [])
    (found,) = deux_ans.session.exercices.passages("theme")
    assert (found.code_avant, found.code_apres, found.motif) == ("PA", "CANCER", "regroupement")


def test_a_workbook_is_read_with_its_line_numbers(deux_ans: Annees, tmp_path: Path) -> None:
    path = tmp_path / "passage.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("Code avant", "Code après", "Motif"), (D, AUTRE, "fusion"), ("Total", 5, "")]):
            sheet.write_row(row, 0, cells)
    count, refused = passages.importer(deux_ans.session, 2025, "destination", path)
    assert count == 1
    assert refused[0].startswith("Ligne 3, lu « Total ; 5 »")


def test_a_text_without_passage_is_refused(deux_ans: Annees) -> None:
    with pytest.raises(Refus, match="Aucun passage lu"):
        passages.coller(deux_ans.session, 2025, "theme", "\n")
    with pytest.raises(Refus, match="2031 n'est pas ouvert"):
        passages.coller(deux_ans.session, 2031, "theme", "PA;CANCER")


def test_a_closed_year_still_takes_passages(deux_ans: Annees) -> None:
    exercices.clore(deux_ans.session, 2024)
    assert passages.ecrire(deux_ans.session, [Passage(2025, "theme", "PA", "CANCER")]) == 1
