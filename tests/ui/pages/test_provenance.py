"""From any figure on screen to the cell it came from, by keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.synthese import Axe
from firdesk.services.importing import run
from firdesk.ui.dialogs.provenance import Provenance
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.historique import Historique
from firdesk.ui.pages.imports import Imports
from firdesk.ui.pages.syntheses import Syntheses
from firdesk.ui.pages.tableau_de_bord import TableauDeBord
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars
from tests.ui.pages.imports.shown import rows

SHIFT_CONTROL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
Opened = Callable[[], Provenance]


@pytest.fixture
def filled(workspace: Workspace, tmp_path: Path) -> Workspace:
    """The small base after two exports of the same line and a snapshot of 2025."""
    session = workspace.bridge.session
    for path in (
        write_stars(tmp_path / "v1.csv", [stars(1)]),
        write_stars(tmp_path / "v2.csv", [stars(2), stars(1, notifie="2000.00")]),
        write_sibc(tmp_path / "SIBC_20260131.csv", [sibc(), sibc("MI2-3-8")]),
    ):
        workspace.bridge.perform(
            lambda path=path: run.execute(session, run.plan(session, run.scan(path)))  # type: ignore[misc]
        )
    return workspace


@pytest.fixture
def opened(window: MainWindow) -> Opened:
    """The sheet just opened."""

    def found() -> Provenance:
        (sheet,) = window.findChildren(Provenance)
        return sheet

    return found


def ask(widget: QWidget) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_O, SHIFT_CONTROL)


def line(page: Allocations) -> int:
    """The imported line, chosen in the table."""
    page.accept(Filtre(exercice=2025, texte="Action"))
    number = next(n for n in page.model.all_ids if page.session.allocations.page([n])[0].objet == "Action 1")
    page.show_line(number)
    return number


def allocations(workspace: Workspace) -> Allocations:
    workspace.go("allocations")
    assert isinstance(workspace.current, Allocations)
    return workspace.current


def test_the_table_tells_where_the_amount_under_the_cursor_comes_from(filled: Workspace, opened: Opened) -> None:
    page = allocations(filled)
    number = line(page)
    view = page.table.view
    view.setCurrentIndex(page.model.index(page.model.row_of(number), page.model.column_of("notifie")))
    ask(view)
    shown = rows(opened().table)
    assert [(r[1], r[2], r[4], r[7]) for r in shown] == [
        ("actuel", "2\u202f000,00\u00a0€", "AG3", "v2.csv"),
        ("auparavant", "1\u202f000,50\u00a0€", "AG2", "v1.csv"),
    ]
    assert "lu « 2000.00 »" in opened().phrase.text()


def test_on_another_column_every_amount_of_the_line_is_told(filled: Workspace, opened: Opened) -> None:
    page = allocations(filled)
    line(page)
    ask(page.table.view)
    assert {r[0] for r in rows(opened().table)} > {"Saisi 2025", "Notifié 2025"}


def test_each_amount_of_the_form_leads_to_its_cell(filled: Workspace, opened: Opened) -> None:
    page = allocations(filled)
    line(page)
    ask(page.form.fields.montants[Nature.SAISIE])
    assert [(r[0], r[4]) for r in rows(opened().table)] == [("Saisi 2025", "AD2")]


def test_the_import_of_a_figure_is_one_key_away(filled: Workspace, opened: Opened) -> None:
    page = allocations(filled)
    line(page)
    ask(page.form.fields.montants[Nature.NOTIFICATION])
    QTest.keyClick(opened().table.view, Qt.Key.Key_Return)
    assert isinstance(filled.current, Imports)
    assert filled.current.page_lot.lot is not None
    assert filled.current.page_lot.lot.fichier == "v2.csv"


def test_a_figure_of_sibc_in_a_synthese_leads_to_its_row_of_the_file(filled: Workspace, opened: Opened) -> None:
    filled.go("syntheses", (Axe.MISSION,))
    page = filled.current
    assert isinstance(page, Syntheses)
    keys = [c.key for c in page.model.columns]
    row = next(i for i in range(page.model.rowCount()) if page.model.cells(i)[0].text == "2")
    page.table.view.setCurrentIndex(page.model.index(row, keys.index("ae")))
    ask(page.table.view)
    assert [(r[0], r[2], r[4]) for r in rows(opened().table)] == [
        ("MI2-3-8 · Intervention · EJ validés", "800,00\u00a0€", "L3")
    ]
    assert opened().windowTitle() == "D'où vient ce montant ? AE engagée : 800,00\u00a0€"


def test_a_notified_figure_in_a_synthese_leads_to_the_lines_behind_it(filled: Workspace) -> None:
    filled.go("syntheses", (Axe.THEME,))
    page = filled.current
    assert isinstance(page, Syntheses)
    keys = [c.key for c in page.model.columns]
    page.table.view.setCurrentIndex(page.model.index(0, keys.index("notifie")))
    ask(page.table.view)
    assert isinstance(filled.current, Allocations)


def test_the_cards_of_the_dashboard_lead_to_the_rows_of_sibc(filled: Workspace, opened: Opened) -> None:
    filled.go("tableau_de_bord")
    page = filled.current
    assert isinstance(page, TableauDeBord)
    ask(page.payes)
    assert opened().windowTitle() == "D'où vient ce montant ? CP payé : 1\u202f400,00\u00a0€"
    assert len(rows(opened().table)) == 2


def test_a_change_of_the_history_leads_to_the_cell(filled: Workspace, opened: Opened) -> None:
    filled.go("historique")
    page = filled.current
    assert isinstance(page, Historique)
    place = next(i for i, o in enumerate(page._operations) if "v2.csv" in o.libelle)
    page.table.select([place])
    told = rows(page.details)
    row = next(i for i, r in enumerate(told) if r[0].startswith("Montant notifié") and "modifié" in r[0])
    page.details.view.setCurrentIndex(page.detail_model.index(row, 0))
    ask(page.details.view)
    assert [r[4] for r in rows(opened().table)] == ["AG3", "AG2"]
