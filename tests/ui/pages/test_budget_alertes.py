"""The alerts of the year: gravest first, one rule at a time, Enter to what is behind, the same in a workbook."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from firdesk.domain.allocation import Filtre
from firdesk.domain.controle import GRAVITES, REGLES, Alerte
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.problem import Refus
from firdesk.services import alertes
from firdesk.services.session import Session
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages import tableau_de_bord
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_alertes import AlertesVolet
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


def overpay(workspace: Workspace) -> None:
    """Pay allocation 1 beyond its commitment and allocation 2 without any."""
    session = workspace.bridge.session

    def change() -> None:
        with session.operation("Payer"):
            for number, nature, cents in ((1, "engagement", 5_00), (1, "paiement", 7_00), (2, "paiement", 3_00)):
                session.allocations.add_mouvement(number, Mouvement(Nature(nature), 2025, cents))

    workspace.bridge.perform(change)


@pytest.fixture
def volet(workspace: Workspace) -> AlertesVolet:
    overpay(workspace)
    workspace.go("budget", "alertes")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    found = page.volet
    assert isinstance(found, AlertesVolet)
    return found


def column(volet: AlertesVolet, key: str) -> list[str]:
    place = volet.model.column_of(key)
    return [str(volet.model.row(i)[place]) for i in range(volet.model.rowCount())]


def test_the_gravest_come_first_and_the_tab_tells_how_many(volet: AlertesVolet, workspace: Workspace) -> None:
    grades = [list(GRAVITES.values()).index(word) for word in column(volet, "gravite")]
    assert grades == sorted(grades)
    assert REGLES["paye_au_dela"] in column(volet, "regle")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    titles = [page.bar.tabText(i) for i in range(page.bar.count())]
    assert titles[-2:] == [f"Alertes ({len(grades)})", "Exercices"]


def test_one_rule_is_shown_alone_and_enter_opens_its_lines(volet: AlertesVolet, asked: Asked) -> None:
    volet.accept("paye_sans_engagement")
    assert column(volet, "lignes") == ["1"]
    volet.table.select([0], current=0)
    QTest.keyClick(volet.table.view, Qt.Key.Key_Return)
    assert asked[-1] == ("allocations", Filtre(exercice=2025, avancements=("paye_sans_engagement",)))
    assert len(volet.session.allocations.ids(asked[-1][1])) == 1


def test_the_workbook_holds_what_is_shown(volet: AlertesVolet, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.export_to(tmp_path / "alertes.xlsx")
    worker.run()
    sheet = openpyxl.load_workbook(tmp_path / "alertes.xlsx").active
    texts = [row[2] for row in sheet.iter_rows(values_only=True)]  # type: ignore[union-attr]
    assert set(column(volet, "texte")) <= set(texts)


def test_a_year_without_anything_says_so(volet: AlertesVolet, workspace: Workspace) -> None:
    workspace.bridge.set_exercice(2024)
    assert volet.model.rowCount() == 0
    assert volet.table.empty.message() == "Rien à signaler"
    assert not volet.exporter.isEnabled()


def test_the_dashboard_says_how_many_more_there_are(
    workspace: Workspace, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tableau_de_bord, "ALERTES_VUES", 1)
    overpay(workspace)
    page = workspace.page("tableau_de_bord")
    assert isinstance(page, tableau_de_bord.TableauDeBord)
    page.refresh()
    more = [b for b in page.regarder.findChildren(QPushButton) if b.text().startswith("et ")]
    more[-1].click()
    assert asked[-1] == ("budget", "alertes")


def title(workspace: Workspace) -> str:
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    return page.bar.tabText(page.classes.index(AlertesVolet))


def test_the_tab_counts_again_what_changed_on_another_page(workspace: Workspace) -> None:
    workspace.go("budget")
    before = title(workspace)
    workspace.go("allocations")
    overpay(workspace)
    workspace.go("budget")
    count = len(alertes.liste(workspace.bridge.session, 2025))
    assert title(workspace) == f"Alertes ({count})" != before


def test_alerts_shown_are_found_once(
    volet: AlertesVolet, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    find = alertes.liste

    def count(session: Session, year: int) -> list[Alerte]:
        asked.append(year)
        return find(session, year)

    monkeypatch.setattr(alertes, "liste", count)
    overpay(workspace)
    assert asked == [2025]
    assert title(workspace) == f"Alertes ({len(volet.found)})"
    workspace.go("allocations")
    workspace.go("budget")
    assert asked == [2025], "nothing changed meanwhile"


def test_alerts_that_cannot_be_found_leave_the_page_and_no_count(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_session: object, _year: int) -> list[Alerte]:
        raise Refus("Rien à lire.")

    workspace.go("budget")
    with monkeypatch.context() as patch:
        patch.setattr(alertes, "liste", refuse)
        overpay(workspace)
        assert title(workspace) == "Alertes"
        workspace.go("budget", "alertes")
        assert title(workspace) == "Alertes"
    overpay(workspace)
    assert title(workspace) != "Alertes"
