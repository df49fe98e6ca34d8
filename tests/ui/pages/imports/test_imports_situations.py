"""The SIBC snapshots in the page of imports: compared, dated, deleted; payments seen on the form; all by keyboard."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.import_situations import Situations
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import sibc, write_sibc
from tests.services.importing.paiements_fichiers import paiement, write_paiements
from tests.ui.pages.imports.shown import Drop, rows, said


@pytest.fixture
def situations(imports: Imports, drop: Drop, worker: ManualExecutor, tmp_path: Path) -> Situations:
    """The part that shows them, with a snapshot of June beside the one of December."""
    drop(write_sibc(tmp_path / "SIBC_20250630.csv", [sibc("MI2-3-8", enveloppe="SANITAIRE", ej_valides="1000000")]))
    imports.assistant.go(3)
    imports.assistant.suite.click()
    worker.run()
    imports.show_list()
    imports.liste.situations.click()
    return imports.situations


def test_the_latest_two_are_compared_at_once(situations: Situations) -> None:
    assert [r[:2] for r in rows(situations.table)] == [("2025", "31/12/2025"), ("2025", "30/06/2025")]
    found = situations.comparaison
    assert found is not None
    assert (found.avant.date, found.apres.date) == ("2025-06-30", "2025-12-31")
    assert situations.ecarts.texts() == ["Changées 2", "Toutes 2", "Par mission"]
    first, second = rows(situations.ecarts.table)
    assert (first[0], first[3], first[-1]) == ("MI2-3-8", "Modifiée", "500\u202f000,00\u00a0€")
    assert (second[0], second[3]) == ("MI3-3-2", "Apparue")


def test_another_measure_is_a_choice_away(situations: Situations) -> None:
    situations.mesure.setFocus()
    QTest.keyClick(situations.mesure, Qt.Key.Key_Down)
    assert situations.mesure.currentText() == "Décaissements"
    situations.mesure.activated.emit(situations.mesure.currentIndex())
    assert rows(situations.ecarts.table)[1][-1] == "3\u202f900\u202f000,00\u00a0€"


def test_enter_on_a_line_tells_its_cells(situations: Situations) -> None:
    view = situations.ecarts.table.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    told = situations.provenance.accessibleName()
    assert "MI2-3-8 au 30/06/2025 : SIBC_20250630.csv, EJ validés lus en L2" in told


def test_a_date_is_typed_and_undone(situations: Situations, workspace: Workspace) -> None:
    situations.table.select([1], current=1)
    situations.date.setText("31/05/2025")
    QTest.keyClick(situations.date, Qt.Key.Key_Return)
    assert rows(situations.table)[1][1] == "31/05/2025"
    assert "30/06/2025 devient 31/05/2025" in said(workspace)
    workspace.bridge.undo()
    situations.refresh()


def test_a_date_taken_is_refused_and_the_field_comes_back(situations: Situations, workspace: Workspace) -> None:
    situations.table.select([1], current=1)
    situations.date.setText("31/12/2025")
    QTest.keyClick(situations.date, Qt.Key.Key_Return)
    assert "déjà au 31/12/2025" in said(workspace)
    assert situations.date.text() == "30/06/2025"


def test_a_snapshot_deleted_comes_back_by_undo(
    situations: Situations, workspace: Workspace, worker: ManualExecutor
) -> None:
    situations.table.select([1], current=1)
    situations.supprimer.click()
    assert len(rows(situations.table)) == 1
    assert situations.comparaison is None
    workspace.bridge.undo()
    worker.run()
    assert len(rows(situations.table)) == 2


def test_the_comparison_is_exported(situations: Situations, worker: ManualExecutor, tmp_path: Path) -> None:
    situations.export_to(tmp_path / "ecarts.xlsx")
    worker.run()
    assert openpyxl.load_workbook(tmp_path / "ecarts.xlsx").sheetnames == ["Par destination", "Par mission"]


def test_a_file_without_a_date_asks_for_it(imports: Imports, drop: Drop, tmp_path: Path) -> None:
    drop(write_sibc(tmp_path / "SIBC.csv", [sibc()]))
    assert [q.titre for q in imports.encours.questions] == ["À quelle date est cette situation SIBC ?"]


def test_payments_are_listed_on_the_form_with_their_cells(
    window: MainWindow, imports: Imports, drop: Drop, worker: ManualExecutor, tmp_path: Path
) -> None:
    session = imports.session
    with session.operation("Saisir l'EJ"):
        session.allocations.assign(1, {"ej": "E2025000001_01"})
    path = write_paiements(tmp_path / "p.xlsx", [paiement(), paiement(montant=-25, dp="2"), paiement("E2099000001", 7)])
    drop(path)
    imports.assistant.go(3)
    differences = imports.assistant.differences
    assert "En attente 1" in differences.texts()
    assert imports.assistant.bilan.figure("CP payé après") == "75,00\u00a0€"
    imports.assistant.suite.click()
    worker.run()
    assert imports.page_lot.bilan.figure("dont en attente d'un EJ") == "1"
    workspace = window.workspace
    assert workspace is not None
    workspace.go("allocations")
    page = workspace.current
    assert isinstance(page, Allocations)
    page.form.load(1)
    moves = page.form.fields.engagements
    assert [(*r[:3], r[5]) for r in rows(moves.table)] == [
        ("Paiement", "15/03/2025", "100,00\u00a0€", "4500001"),
        ("Reprise", "15/03/2025", "\u221225,00\u00a0€", "2"),
    ]
    view = moves.table.view
    view.setFocus()
    view.selectRow(0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert "feuille « Paiements », E5" in moves.dit.text()
