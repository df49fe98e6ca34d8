"""The tab that shows what is opened and consumed: sums, overruns, the lines behind a row, provisional credits."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.execution import Mouvement, Nature
from firdesk.services import budgets
from firdesk.ui.dialogs.provenance import Provenance
from firdesk.ui.kit.columns import Jauge
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_execution import Execution
from firdesk.ui.pages.budget_execution_grid import INCONNU
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


@pytest.fixture
def volet(workspace: Workspace) -> Execution:
    workspace.go("budget", "execution")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    assert isinstance(page.volet, Execution)
    return page.volet


def column(volet: Execution, key: str, *, strong: bool = False) -> list[object]:
    place = volet.model.column_of(key)
    rows = range(volet.model.rowCount())
    return [volet.model.row(i)[place] for i in rows if volet.model.strong(i) is strong]


def choose(volet: Execution, combo: str, data: str) -> None:
    box = getattr(volet, combo)
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def test_rows_sub_totals_and_total_are_one_sum(volet: Execution) -> None:
    for key, total in (("ae", 11_000_000_00), ("engage", 5_500_000_00), ("disponible_cp", 5_700_000_00)):
        assert sum(int(str(v)) for v in column(volet, key)) == total
        assert sum(int(str(v)) for v in column(volet, key, strong=True)) == total
        assert volet.table.totals.texts()[key] == money.euros(total)


def test_what_is_notified_stands_beside_each_credit(volet: Execution) -> None:
    choose(volet, "credits", "ae")
    assert volet.table.totals.texts()["notifie"] == money.euros(10_800_000_50, decimals=True)


def test_the_rates_are_written_beside_the_bars(volet: Execution) -> None:
    jauge = column(volet, "jauge")[1]
    assert isinstance(jauge, Jauge)
    assert jauge.text == "AE 93,8\u00a0%, CP 87,5\u00a0%"


def test_only_overruns_are_shown_when_asked_and_each_is_told(volet: Execution) -> None:
    with volet.session.operation("Réduire le budget"):
        version = volet.session.budgets.etalon(2025)
        assert version is not None
        volet.session.budgets.put_lignes(
            version.id or 0, [LigneBudget("MI3-3-2", "SANITAIRE", 1_000_000_00, 9_000_000_00)]
        )
    volet.refresh()
    volet.depassements.setChecked(True)
    assert column(volet, "code") == ["MI3-3-2"]
    assert column(volet, "signal") == [f"AE engagées {money.euros(3_000_000_00)} au-dessus des AE ouvertes."]
    assert volet.table.totals.texts()["ae"] == money.euros(1_000_000_00)


def test_without_any_overrun_the_table_says_so_and_shows_all_again(volet: Execution) -> None:
    volet.depassements.setChecked(True)
    assert volet.table.empty.message() == "Aucun dépassement."
    volet.table.empty.buttons()[0].click()
    assert volet.model.rowCount() > 0


def test_the_search_keeps_the_rows_of_a_word_and_adds_them_up(volet: Execution) -> None:
    volet.recherche.setText("MI1-2-9")
    volet._typing.timeout.emit()
    assert column(volet, "code") == ["MI1-2-9"]
    assert volet.table.totals.accessibleName().startswith("Total du filtre")


def test_missions_alone_are_the_sub_totals(volet: Execution) -> None:
    sums = column(volet, "ae", strong=True)
    choose(volet, "detail", "mission")
    assert column(volet, "ae") == sums


def test_enter_opens_the_allocations_of_a_destination_and_of_a_mission(volet: Execution, asked: Asked) -> None:
    volet.table.view.setCurrentIndex(volet.model.index(0, 0))
    QTest.keyClick(volet.table.view, Qt.Key.Key_Return)
    volet.drill(1)
    assert asked == [
        ("allocations", Filtre(exercice=2025, destinations=("MI1-2-9",))),
        ("allocations", Filtre(exercice=2025, missions=("1",))),
    ]


def test_what_was_engaged_is_explained_by_the_rows_of_sibc(volet: Execution) -> None:
    volet.table.view.setCurrentIndex(volet.model.index(2, volet.model.column_of("engage")))
    volet.explain()
    (sheet,) = volet.window().findChildren(Provenance)
    assert [x.montant for x in sheet.lignes] == [1_500_000_00]
    sheet.accept()


def test_what_is_opened_is_explained_by_its_version(volet: Execution, asked: Asked) -> None:
    volet.table.view.setCurrentIndex(volet.model.index(0, volet.model.column_of("ae")))
    volet.explain()
    assert asked == [("budget", ("versions", ("BR1", "MI1-2-9")))]


def test_while_no_budget_is_voted_twelfths_stand_in_its_place(volet: Execution, workspace: Workspace) -> None:
    with volet.session.operation("Ouvrir 2026"):
        volet.session.nomenclatures.open_exercice(2026)
    workspace.bridge.set_exercice(2026)
    volet.set_mois(3)
    assert "3/12 du BR1 2025" in volet.note.accessibleName()
    assert volet.mois.currentText() == "mars"
    assert volet.table.totals.texts()["ae"] == money.euros(11_000_000_00 * 3 // 12)
    assert set(column(volet, "engage")) == {INCONNU}
    budgets.creer(volet.session, VersionBudget(2026, "BI", 1), [LigneBudget("MI1-2-9", "", 5_00, 5_00)])
    volet.refresh()
    assert not volet.note.isVisible()
    assert volet.table.totals.texts()["ae"] == money.euros(5_00)


def test_payments_alone_show_what_was_paid_and_no_engagement(volet: Execution, workspace: Workspace) -> None:
    paid = Mouvement(Nature.PAIEMENT, 2026, 2_00)
    with volet.session.operation("Payer en 2026"):
        volet.session.nomenclatures.open_exercice(2026)
        owner = volet.session.operateurs.all()[0].id or 0
        volet.session.allocations.add(Allocation(2026, owner, "MI1-2-9", mouvements=(paid,)))
    budgets.creer(volet.session, VersionBudget(2026, "BI", 1), [LigneBudget("MI1-2-9", "", 5_00, 5_00)])
    workspace.bridge.set_exercice(2026)
    assert (column(volet, "engage"), column(volet, "paye")) == ([INCONNU], [2_00])
    (jauge,) = column(volet, "jauge")
    assert isinstance(jauge, Jauge)
    assert jauge.text == "CP 40,0\u00a0%"
    assert volet.engage.accessibleName().count(INCONNU) == 1


def test_an_exercice_without_budget_says_so_and_proposes_to_type_one(volet: Execution, asked: Asked) -> None:
    volet.bridge.set_exercice(2024)
    assert volet.execution is not None
    with volet.session.operation("Vider"):
        for number in volet.session.allocations.ids(Filtre(exercice=2024)):
            volet.session.allocations.delete(number)
    volet.refresh()
    assert volet.table.empty.message() == "Aucun budget ni exécution pour 2024."
    volet.table.empty.buttons()[0].click()
    assert asked == [("budget", "versions")]


def test_the_execution_is_exported_and_copied(volet: Execution, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.export_to(tmp_path / "execution.xlsx")
    worker.run()
    assert (tmp_path / "execution.xlsx").exists()
    volet.copy_all()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Code\tDestination\tAE ouvertes")
    assert len(lines) == volet.model.rowCount() + 1


def test_a_payment_typed_elsewhere_is_seen_at_once(volet: Execution) -> None:
    with volet.session.operation("Voter"):
        version = volet.session.budgets.etalon(2025)
        assert version is not None
        volet.session.budgets.put_lignes(version.id or 0, [LigneBudget("MI5-1-1", "", 7_00, 7_00)])
    volet.bridge._deliver()
    assert "MI5-1-1" in column(volet, "code")
