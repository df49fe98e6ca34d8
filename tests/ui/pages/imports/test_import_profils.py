"""The mappings that the base remembers, in the page of imports: renamed, changed, forgotten, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.services.importing import correspondance_apprise as apprises
from firdesk.services.importing import run
from firdesk.services.importing.reglages import Reglages
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_profils import PageProfil
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.classeurs import classeur, lignes
from tests.services.importing.conftest import lire
from tests.ui.pages.imports.shown import rows, said

CHOIX = Reglages(correspondance={"nom": "A", "notifie": "B", "departement": "C", "mesure3": "=MI2-3-8"})


@pytest.fixture
def page(imports: Imports, tmp_path: Path) -> Imports:
    """The page once a workbook has been imported."""
    path = classeur(tmp_path / "Suivi_FIR_2025.xlsx", lignes())
    run.execute(imports.session, run.plan(imports.session, lire(path), CHOIX))
    imports.refresh()
    return imports


@pytest.fixture
def detail(page: Imports) -> PageProfil:
    """The mapping opened by keyboard."""
    page.profils.table.view.setFocus()
    page.profils.table.view.setCurrentIndex(page.profils.model.index(0, 0))
    QTest.keyClick(page.profils.table.view, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.page_profil
    return page.page_profil


def headers(detail: PageProfil) -> dict[str, str]:
    return {r[0]: r[1] for r in rows(detail.table)}


def test_there_is_no_list_before_the_first_mapping(imports: Imports) -> None:
    assert not imports.profils.isVisible()


def test_a_mapping_is_listed_with_its_fields_and_its_use(page: Imports) -> None:
    ((name, fields, genre, uses, last),) = rows(page.profils.table)
    assert (name, genre, uses, bool(last)) == ("Suivi FIR", "Classeur libre", "1", True)
    assert fields == "Opérateur, Montant notifié, Département, Destination = MI2-3-8"


def test_its_headers_are_shown_as_they_were_written(detail: PageProfil) -> None:
    assert headers(detail) == {
        "Structure": "Opérateur",
        "Montant accordé en €": "Montant notifié",
        "Dpt": "Département",
        "Action": "non reprise",
        "Observations": "non reprise",
    }


def test_a_mapping_is_renamed_in_place_and_that_is_undone(
    detail: PageProfil, page: Imports, window: MainWindow, worker: ManualExecutor
) -> None:
    detail.nom.setFocus()
    detail.nom.selectAll()
    QTest.keyClicks(detail.nom, "Suivi de l'Aisne")
    QTest.keyClick(detail.nom, Qt.Key.Key_Return)
    assert [a.nom for a in apprises.toutes(page.session)] == ["Suivi de l'Aisne"]
    window.menus.undo.trigger()
    worker.run()
    assert [a.nom for a in apprises.toutes(page.session)] == ["Suivi FIR"]
    assert detail.nom.text() == "Suivi FIR"


def test_a_header_is_given_a_field_by_keyboard(detail: PageProfil, page: Imports) -> None:
    view = detail.table.view
    view.setFocus()
    view.setCurrentIndex(detail.model.index(3, 0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.keyClicks(detail.choix.line, "objet")
    QTest.keyClick(detail.choix.line, Qt.Key.Key_Return)
    assert headers(detail)["Action"] == "Objet"
    assert apprises.toutes(page.session)[0].champs["action"] == "action"
    view.setCurrentIndex(detail.model.index(2, 0))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert headers(detail)["Dpt"] == "non reprise"


def test_what_a_mapping_cannot_do_without_is_kept(detail: PageProfil, workspace: Workspace) -> None:
    view = detail.table.view
    view.setCurrentIndex(detail.model.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert "doit encore dire l'opérateur" in said(workspace)
    assert headers(detail)["Structure"] == "Opérateur"


def test_a_mapping_forgotten_leaves_the_list_and_comes_back(
    detail: PageProfil, page: Imports, window: MainWindow, worker: ManualExecutor
) -> None:
    detail.oublier.click()
    assert page.stack.currentWidget() is page.liste
    assert not page.profils.isVisible()
    window.menus.undo.trigger()
    worker.run()
    assert page.profils.isVisible()


def test_the_destination_of_the_whole_file_is_changed(detail: PageProfil, page: Imports) -> None:
    line = detail.destination.lineEdit()
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "MI1-2-9")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert apprises.toutes(page.session)[0].textes == {"mesure3": "MI1-2-9"}
