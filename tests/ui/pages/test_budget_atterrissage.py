"""Low, central and high on screen, the shares one changes, the lines behind each figure."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.services import exercices
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.kit.pourcent import PourcentEdit
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_atterrissage import AtterrissageVolet
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


@pytest.fixture
def volet(workspace: Workspace) -> AtterrissageVolet:
    workspace.go("budget", "atterrissage")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    found = page.volet
    assert isinstance(found, AtterrissageVolet)
    return found


def column(volet: AtterrissageVolet, key: str) -> list[int]:
    place = volet.model.column_of(key)
    return [int(str(volet.model.row(i)[place] or 0)) for i in range(volet.model.rowCount())]


@pytest.mark.parametrize("axe", ["theme", "destination"])
def test_every_total_is_the_sum_of_its_lines(volet: AtterrissageVolet, axe: str) -> None:
    volet.accept(axe)
    for key in ("acquis", "central", "haut"):
        assert volet.table.totals.texts()[key] == money.euros(sum(column(volet, key)))
    assert [r.values_cents for r in volet.chart.rows()] == sorted(
        zip(column(volet, "acquis"), column(volet, "central"), column(volet, "haut"), strict=True),
        key=lambda v: -v[2],
    )


def test_opened_credits_stand_beside_destinations_only(volet: AtterrissageVolet) -> None:
    assert volet.model.column_of("ouvert") == -1
    volet.accept("destination")
    assert sum(column(volet, "ouvert")) == 11_000_000_00
    assert sum(column(volet, "marge")) == sum(column(volet, "ouvert")) - sum(column(volet, "central"))


def test_a_share_changed_changes_the_figures_and_is_undone(volet: AtterrissageVolet) -> None:
    volet.accept("destination")
    before = sum(column(volet, "central"))
    assert volet.found is not None
    planned = sum(x.non_engage for x in volet.found.lignes)
    field = volet.regle.parts["part_notifie"]
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "50")
    assert not volet.leave()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sum(column(volet, "central")) == before - planned + planned // 2
    assert "50\u00a0% de ce qui est notifié" in volet.regle.phrase.text()
    volet.session.undo()
    volet.bridge.perform(lambda: None)
    assert sum(column(volet, "central")) == before


@pytest.mark.parametrize("text", ["120", "beaucoup", "-1", "12,345", ""])
def test_a_text_that_is_no_share_is_refused_beside_its_field(volet: AtterrissageVolet, text: str) -> None:
    field = volet.regle.parts["part_base"]
    field.setText(text)
    volet.regle.save()
    assert "attendu un pourcentage" in volet.regle.form.field("part_base").problems()[0].message
    volet.regle.revert()
    assert volet.leave()


@pytest.mark.parametrize(("text", "part"), [("80", 8_000), ("87,5 %", 8_750), ("12.25", 1_225), ("100\u00a0%", 10_000)])
def test_a_share_is_read_as_it_is_written(volet: AtterrissageVolet, text: str, part: int) -> None:
    field = PourcentEdit(volet)
    field.setText(text)
    assert field.part() == part
    field.set_part(part)
    assert field.part() == part


def test_a_line_opens_its_allocations_and_the_base_its_recurring_ones(volet: AtterrissageVolet, asked: Asked) -> None:
    row = [str(volet.model.row(i)[0]) for i in range(volet.model.rowCount())].index("Parcours Personnes âgées")
    view = volet.table.view
    view.setCurrentIndex(volet.model.index(row, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    view.setCurrentIndex(volet.model.index(row, volet.model.column_of("base_suivante")))
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [wanted for _, wanted in asked] == [
        Filtre(2025, themes=("PA",)),
        Filtre(2025, themes=("PA",), caracteres=("perenne",)),
        Filtre(2025, caracteres=("perenne",)),
    ]


def test_the_chart_holds_the_same_amounts_as_a_table(volet: AtterrissageVolet) -> None:
    volet.vue.setCurrentIndex(1)
    volet.vue.activated.emit(1)
    volet.chart.toggle_table()
    assert volet.chart.table_shown
    assert volet.chart.table.totals.texts()["v1"] == money.euros(sum(column(volet, "central")), decimals=True)


def test_an_empty_year_says_so(volet: AtterrissageVolet) -> None:
    volet.bridge.perform(lambda: exercices.ouvrir(volet.session, 2026))
    volet.bridge.set_exercice(2026)
    assert volet.table.empty.message() == "Rien n'est notifié, engagé ni ouvert en 2026."


def test_the_landing_is_exported(volet: AtterrissageVolet, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.export_to(tmp_path / "a.xlsx")
    worker.run()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["Atterrissage"]
