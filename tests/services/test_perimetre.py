"""Two exercices at constant scope: codes carried over, what entered and left set apart, to the cent and in Excel."""

from pathlib import Path

import openpyxl
import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.exercice import Evenement, Passage
from firdesk.domain.perimetre import NON_REPARTI
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import exercices, passages, perimetre
from firdesk.services.session import Session
from tests.services.budget_annees import AUTRE, TIERCE, Annees, D

N = Nature.NOTIFICATION


@pytest.fixture
def deux(deux_ans: Annees) -> Annees:
    """2024: D 100, AUTRE 40; 2025: AUTRE 200, TIERCE 30; D became AUTRE, 25 left AUTRE's ancestor, 30 entered."""
    deux_ans.ligne((N, 100), annee=2024)
    deux_ans.ligne((N, 40), annee=2024, ou=AUTRE, theme="CANCER")
    deux_ans.ligne((N, 200), ou=AUTRE)
    deux_ans.ligne((N, 30), ou=TIERCE, theme="PDS")
    session = deux_ans.session
    passages.ecrire(session, [Passage(2025, "destination", D, AUTRE, "fusion")])
    perimetre.ecrire_evenement(session, Evenement(2025, "sortie", "EMG", 25_00, D, "PA", contrepartie="ONDAM"))
    perimetre.ecrire_evenement(session, Evenement(2025, "entree", "SAS", 30_00, TIERCE))
    return deux_ans


def test_both_scopes_stand_side_by_side(deux: Annees) -> None:
    table = perimetre.comparer_exercices(deux.session, 2024, 2025, "destination", "notifie").tableau
    lines = {x.cle: (x.avant, x.sorties, x.apres, x.entrees, x.ecart_constant, x.ecart) for x in table.lignes}
    assert lines == {
        AUTRE: (140_00, 25_00, 200_00, 0, 85_00, 60_00),
        TIERCE: (0, 0, 30_00, 30_00, 0, 30_00),
    }
    assert (table.total.avant, table.total.apres, table.total.ecart_constant) == (140_00, 230_00, 85_00)


def test_a_change_without_a_code_on_the_axis_keeps_a_line_of_its_own_last(deux: Annees) -> None:
    table = perimetre.comparer_exercices(deux.session, 2024, 2025, "theme", "notifie").tableau
    last = table.lignes[-1]
    assert (last.cle, last.libelle, last.entrees) == (NON_REPARTI, "Périmètre non réparti", 30_00)
    assert table.total.ecart_constant == sum(x.ecart_constant for x in table.lignes) == 85_00


def test_both_sides_of_a_line_open_their_allocations(deux: Annees) -> None:
    table = perimetre.comparer_exercices(deux.session, 2024, 2025, "destination", "notifie").tableau
    line = next(x for x in table.lignes if x.cle == AUTRE)
    before = perimetre.filtre(table, line, apres=False)
    assert before == Filtre(2024, destinations=(AUTRE, D))
    assert deux.session.allocations.somme(before).notifie == line.avant
    assert deux.session.allocations.somme(perimetre.filtre(table, line, apres=True)).notifie == line.apres
    assert perimetre.filtre(table, None, apres=False) == Filtre(2024)


def test_engaged_is_compared_where_both_years_know_it_and_refused_elsewhere(deux: Annees) -> None:
    deux.sibc({D: 90}, annee=2024)
    with pytest.raises(Refus, match="rien ne la dit en 2025"):
        perimetre.comparer_exercices(deux.session, 2024, 2025, "destination", "engage")
    deux.sibc({AUTRE: 150})
    table = perimetre.comparer_exercices(deux.session, 2024, 2025, "destination", "engage").tableau
    assert (table.total.avant, table.total.apres, table.source_apres) == (90_00, 150_00, "SIBC au 31/12/2025")
    with pytest.raises(Refus, match="comparer par destination"):
        perimetre.comparer_exercices(deux.session, 2024, 2025, "theme", "paye")


@pytest.mark.parametrize(("years", "said"), [((2025, 2024), "le plus ancien"), ((2023, 2025), "2023 n'est pas ouvert")])
def test_years_that_cannot_be_compared_are_refused(deux_ans: Annees, years: tuple[int, int], said: str) -> None:
    with pytest.raises(Refus, match=said):
        perimetre.comparer_exercices(deux_ans.session, *years, "theme", "notifie")


def test_the_workbook_adds_up(deux: Annees, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    perimetre.exporter(path, perimetre.comparer_exercices(deux.session, 2024, 2025, "destination", "notifie"))
    book = openpyxl.load_workbook(path)
    rows = list(book["Comparaison"].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "Code")
    for title in ("2024 constant", "2025 publié", "Écart constant"):
        column = rows[head].index(title)
        amounts = [float(str(r[column])) for r in rows[head + 1 :]]
        assert amounts[-1] == sum(amounts[:-1])
    assert [r[2] for r in book["Périmètre"].iter_rows(values_only=True)][-2:] == ["EMG", "SAS"]


def test_a_change_of_scope_is_written_again_taken_away_and_undone(deux: Annees) -> None:
    session = deux.session
    first = session.exercices.evenements(2024, 2025)[0]
    perimetre.ecrire_evenement(session, Evenement(2025, "sortie", "EMG", 20_00, D, id=first.id))
    assert session.exercices.evenements(2024, 2025)[0].montant == 20_00
    perimetre.supprimer_evenement(session, first)
    assert len(session.exercices.evenements(2024, 2025)) == 1
    session.undo()
    session.undo()
    assert session.exercices.evenements(2024, 2025)[0] == first
    with pytest.raises(Invalide, match="Nommer ce qui entre"):
        perimetre.ecrire_evenement(session, Evenement(2025, "sortie", "", 5, D))


def test_over_the_demonstration_both_totals_are_those_of_the_years(base_demo: Path) -> None:
    with Session.open(base_demo) as session:
        totals = {b.exercice.annee: b.notifie for b in exercices.liste(session)}
        for axe in perimetre.AXES:
            table = perimetre.comparer_exercices(session, 2024, 2025, axe, "notifie").tableau
            assert (table.total.avant, table.total.apres) == (totals[2024], totals[2025])
