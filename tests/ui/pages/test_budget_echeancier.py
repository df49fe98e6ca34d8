"""The tab of échéanciers: along five axes, by year to come or of origin; as a chart, a table, a workbook."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.synthese import Axe
from firdesk.services import engagements
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.budget_echeancier import AXES, PAR_ORIGINE, EcheancierEtReste
from firdesk.ui.volet import PageAVolets
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


@pytest.fixture
def tab(workspace: Workspace) -> EcheancierEtReste:
    """On the theme PA: 1 000 € committed in 2024 of which 250 are paid, 600 € in 2025, planned to 2027."""
    session = workspace.bridge.session
    engagements.ajouter(session, 6, Mouvement(Nature.ENGAGEMENT, 2024, 1_000_00))
    engagements.ajouter(session, 6, Mouvement(Nature.PAIEMENT, 2024, 250_00))
    engagements.planifier(session, 6, {2024: 500_00, 2025: 300_00, 2026: 200_00})
    engagements.ajouter(session, 1, Mouvement(Nature.ENGAGEMENT, 2025, 600_00))
    engagements.planifier(session, 1, {2025: 100_00, 2027: 400_00})
    workspace.go("budget", ("echeancier", Axe.THEME))
    page = workspace.current
    assert isinstance(page, PageAVolets)
    found = page.volet
    assert isinstance(found, EcheancierEtReste)
    return found


def choose(tab: EcheancierEtReste, axe: Axe, vue: str = "") -> None:
    tab.axe.setCurrentIndex(tab.axe.findData(str(axe)))
    if vue:
        tab.vue.setCurrentIndex(tab.vue.findData(vue))
    tab.refresh()


def table(tab: EcheancierEtReste) -> list[dict[str, object]]:
    model = tab.chart.table.model
    assert model is not None
    titles = [c.title for c in model.columns]
    return [dict(zip(titles, r.row, strict=True)) for r in tab.chart.rows()]


def test_a_line_says_what_was_paid_before_each_year_and_the_balance(tab: EcheancierEtReste) -> None:
    (line,) = table(tab)
    assert line == {
        "Thème": "Parcours Personnes âgées",
        "AE engagée": 1_600_00,
        "Reste à payer": 1_350_00,
        "Avant 2025": 250_00,
        "2025": 400_00,
        "2026": 200_00,
        "2027": 400_00,
        "À planifier": 350_00,
    }
    assert tab.cards["reste"].figure() == money.euros(1_350_00)
    assert tab.cards["du"].figure() == money.euros(200_00)


@pytest.mark.parametrize("axe", AXES)
def test_the_total_is_the_sum_of_the_lines_along_each_axis(tab: EcheancierEtReste, axe: Axe) -> None:
    choose(tab, axe)
    lines = table(tab)
    totals = tab.chart.table.totals.texts()
    assert totals["reste"] == money.euros(sum(int(str(x["Reste à payer"])) for x in lines))
    for x in lines:
        years = [int(str(x.get(k) or 0)) for k in ("Avant 2025", "2025", "2026", "2027", "À planifier")]
        assert sum(years) == x["AE engagée"]


def test_commitments_say_the_same_along_every_axis_whatever_sibc_says(tab: EcheancierEtReste) -> None:
    assert tab.subtitle.endswith("mouvements des allocations")
    choose(tab, Axe.DESTINATION)
    assert tab.subtitle.endswith("mouvements des allocations")
    assert sum(int(str(x["AE engagée"])) for x in table(tab)) == 1_600_00


def test_where_no_commitment_was_written_sibc_says_what_was_engaged(tab: EcheancierEtReste) -> None:
    for number in (6, 1):
        moves = tab.session.allocations.mouvements(number)
        engagements.supprimer(tab.session, number, [m.id or 0 for m in moves if m.nature is Nature.ENGAGEMENT])
    choose(tab, Axe.DESTINATION)
    assert "SIBC au 31/12/2025" in tab.subtitle
    assert sum(int(str(x["AE engagée"])) for x in table(tab)) == 5_500_000_00


def test_what_is_left_is_told_by_year_of_origin(tab: EcheancierEtReste) -> None:
    choose(tab, Axe.OPERATEUR, PAR_ORIGINE)
    (line,) = table(tab)
    assert line == {"Opérateur": "CH de Laon", "Reste à payer": 1_350_00, "2024": 750_00, "2025": 600_00}


def test_a_withdrawal_lowers_what_is_left_of_its_own_origin_only(tab: EcheancierEtReste) -> None:
    engagements.ajouter(tab.session, 6, Mouvement(Nature.RETRAIT, 2025, 100_00))
    choose(tab, Axe.THEME, PAR_ORIGINE)
    assert (table(tab)[0]["2024"], table(tab)[0]["2025"]) == (650_00, 600_00)


def test_a_line_opens_its_allocations_of_every_exercice(tab: EcheancierEtReste, asked: Asked) -> None:
    tab.chart.table.activated.emit(0)
    assert asked == [("allocations", Filtre(themes=("PA",)))]


def test_the_chart_is_one_key_away_with_its_legend(tab: EcheancierEtReste) -> None:
    assert not tab.chart.legend.isVisible()
    QTest.keyClick(tab.chart.table.view, Qt.Key.Key_T)
    assert not tab.chart.table_shown
    assert tab.chart.legend.isVisible()
    assert tab.chart.all_rows()[0].values == (250_00, 400_00, 200_00, 400_00, 350_00)


def test_a_word_narrows_the_lines_or_says_that_none_holds_it(tab: EcheancierEtReste) -> None:
    tab.search.setText("agees")
    tab._show()
    assert len(table(tab)) == 1
    tab.search.setText("zzz")
    tab._show()
    assert tab.chart.table.empty.message() == "Aucune ligne ne contient « zzz »."
    tab.chart.table.empty.buttons()[0].click()
    assert len(table(tab)) == 1


def test_planning_anew_moves_what_was_not_paid_and_can_be_undone(
    tab: EcheancierEtReste, worker: ManualExecutor
) -> None:
    tab.replan()
    worker.run()
    (line,) = table(tab)
    assert (line["Avant 2025"], line["À planifier"]) == (250_00, None)
    tab.session.undo()
    choose(tab, Axe.THEME)
    assert table(tab)[0]["À planifier"] == 350_00


def test_an_empty_base_says_where_engagements_are_typed(workspace: Workspace) -> None:
    workspace.go("budget", ("echeancier", Axe.THEME))
    page = workspace.current
    assert isinstance(page, PageAVolets)
    found = page.volet
    assert isinstance(found, EcheancierEtReste)
    assert "Aucun engagement ni paiement" in found.chart.table.empty.message()


@pytest.mark.parametrize("vue", ["annee", PAR_ORIGINE])
def test_the_workbook_holds_the_lines_and_the_total(
    tab: EcheancierEtReste, worker: ManualExecutor, tmp_path: Path, vue: str
) -> None:
    choose(tab, Axe.OPERATEUR, vue)
    path = tmp_path / "echeancier.xlsx"
    tab.export_to(path)
    worker.run()
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = next(r for r in rows if "Reste à payer" in r)
    place = head.index("Reste à payer")
    assert [r[place] for r in rows[rows.index(head) + 1 : rows.index(head) + 3]] == [1_350, 1_350]
