"""The list of the tables of a workbook: chosen by keyboard, planned or proposed anew, hidden where there is one."""

from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.kit.text import ElidedText
from firdesk.ui.pages.import_assistant import COLONNES, DIFFERENCES
from firdesk.ui.pages.import_colonnes import Colonnes
from firdesk.ui.pages.imports import Imports
from tests.services.importing.classeurs import classeur, lignes
from tests.services.importing.test_reconnaissance_tables import Table, beside, short
from tests.services.importing.test_tables_libres import CLS, GEM
from tests.ui.pages.imports.shown import Drop

NOMMES = [
    "Engagements · ligne 2 · StarsFIR, 4 lignes",
    "Engagements · ligne 9 · StarsFIR, 2 lignes",
    "Suivis (masquée) · ligne 1, colonne A · aucun profil, 4 lignes",
    "Suivis (masquée) · ligne 1, colonne E · aucun profil, 7 lignes",
    "Notice · aucun tableau reconnu",
]


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Two exports one under the other, two tables of the office side by side on a hidden sheet, a sheet of notes."""
    other = [[*row[1:], row[0]] for row in short(10, 11)]
    sheets: dict[str, Table] = {
        "Engagements": [["Suivi 2025"], *short(1, 4), [], ["Compléments"], *other],
        "Suivis": beside(GEM, CLS),
        "Notice": [["À lire"]],
    }
    book = xlsxwriter.Workbook(tmp_path / "Tout 2025.xlsx")
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    book.get_worksheet_by_name("Suivis").hide()
    book.close()
    return tmp_path / "Tout 2025.xlsx"


@pytest.fixture
def colonnes(imports: Imports, drop: Drop, several: Path) -> Colonnes:
    drop(several)
    imports.assistant.go(COLONNES)
    return imports.assistant.colonnes


def down(colonnes: Colonnes, times: int) -> None:
    """Choose a table further down the list, as the popup is used: opened, arrows, Enter."""
    combo = colonnes.tableaux.combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    view = combo.view()
    for _ in range(times):
        QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)


def notes(colonnes: Colonnes) -> list[str]:
    widgets = [item.widget() for i in range(colonnes.notes.count()) if (item := colonnes.notes.itemAt(i))]
    return [w.text() for w in widgets if isinstance(w, ElidedText)]


def test_all_tables_are_named_and_the_one_that_is_read_is_shown(imports: Imports, colonnes: Colonnes) -> None:
    combo = colonnes.tableaux.combo
    assert [combo.itemText(i) for i in range(combo.count())] == NOMMES
    assert (combo.currentText(), combo.accessibleName()) == (NOMMES[0], "Tableau à importer")
    assert combo.isVisible()
    assert not colonnes.feuille.isVisible()
    assert imports.encours.plan is not None
    assert any(NOMMES[1] in note for note in notes(colonnes))


def test_another_export_is_planned_at_once_by_keyboard(
    imports: Imports, colonnes: Colonnes, worker: ManualExecutor
) -> None:
    down(colonnes, 1)
    worker.run()
    plan, reglages = imports.encours.plan, imports.encours.reglages
    assert plan is not None
    assert (plan.ligne_entete, plan.lues) == (9, 2)
    assert (reglages.feuille, reglages.entete, reglages.colonne) == ("Engagements", 9, None)
    assert (imports.assistant.etape, colonnes.tableaux.combo.currentText()) == (COLONNES, NOMMES[1])


def test_a_table_of_the_office_beside_another_is_proposed_then_imported_alone(
    imports: Imports, colonnes: Colonnes, worker: ManualExecutor
) -> None:
    down(colonnes, 3)
    assert colonnes.tableaux.combo.currentText() == NOMMES[3]
    assert colonnes.grille.titles() == {"E": "Opérateur", "F": "Commune", "G": "Montant notifié"}
    assert colonnes.grille.currentIndex().column() == 4
    assert colonnes.panneau.phrase.text().startswith("7 lignes lues")
    assert colonnes.profil.currentText() == "Classeur libre"
    assert not any("Autres tableaux" in note for note in notes(colonnes))
    colonnes.panneau.destination_chosen.emit("MI2-3-8")
    colonnes.panneau.continuer.click()
    worker.run()
    plan = imports.encours.plan
    assert plan is not None
    assert (imports.assistant.etape, plan.feuille, plan.lues) == (DIFFERENCES, "Suivis", 7)
    assert (imports.encours.reglages.colonne, plan.total_fichier) == ("E", 280_00)


def test_the_choice_of_a_table_is_taken_back(colonnes: Colonnes) -> None:
    before = colonnes.grille.titles()
    down(colonnes, 2)
    assert colonnes.tableaux.combo.currentText() == NOMMES[2]
    colonnes.undo()
    assert (colonnes.tableaux.combo.currentText(), colonnes.grille.titles()) == (NOMMES[0], before)


def test_a_header_that_only_a_person_would_choose_is_shown_too(colonnes: Colonnes) -> None:
    colonnes.choose_header(4)
    assert colonnes.tableaux.combo.currentText() == "Engagements · ligne 4 · en-tête choisi à la main"
    down(colonnes, 1)
    assert colonnes.tableaux.combo.currentText() != "Engagements · ligne 4 · en-tête choisi à la main"


def test_a_workbook_with_one_table_shows_no_list(imports: Imports, drop: Drop, tmp_path: Path) -> None:
    drop(classeur(tmp_path / "Suivi 2025.xlsx", lignes()))
    colonnes = imports.assistant.colonnes
    assert (colonnes.tableaux.isVisible(), colonnes.feuille.isVisible()) == (False, True)
