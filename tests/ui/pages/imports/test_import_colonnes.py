"""The step of the columns: fields dropped, chosen by keyboard, taken back; header, separator and encoding changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget

from firdesk.services.importing import correspondance_apprise as apprises
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.import_assistant import COLONNES, DIFFERENCES
from firdesk.ui.pages.import_colonnes import Colonnes
from firdesk.ui.pages.import_correspondance_grille import MIME
from firdesk.ui.pages.imports import Imports
from tests.services.importing.classeurs import classeur, lignes
from tests.ui.pages.imports.shown import Drop

ENTETES = ("Structure", "Montant", "Dpt", "Zzz", "Observations")


@pytest.fixture
def suivi(tmp_path: Path) -> Path:
    return classeur(tmp_path / "Suivi_FIR_2025.xlsx", lignes(), entetes=ENTETES)


@pytest.fixture
def colonnes(imports: Imports, drop: Drop, suivi: Path) -> Colonnes:
    """The step on a workbook that nobody knows."""
    drop(suivi)
    assert imports.assistant.etape == COLONNES
    return imports.assistant.colonnes


def key(colonnes: Colonnes, *keys: Qt.Key) -> None:
    for one in keys:
        QTest.keyClick(colonnes.grille, one)


def cell(colonnes: Colonnes, letter: str) -> None:
    """Make a column the current one."""
    grille = colonnes.grille
    grille.setCurrentIndex(grille.modele.index(grille.currentIndex().row(), ord(letter) - ord("A")))


def drag(target: QWidget, at: QPoint, champ: str) -> bool:
    """Drag a field over a widget and drop it, by the events that the system sends; whether it was taken."""
    mime = QMimeData()
    mime.setData(MIME, champ.encode())
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, action, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target, enter)
    drop_ = QDropEvent(QPointF(at), action, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target, drop_)
    return enter.isAccepted() and drop_.isAccepted()


def test_columns_are_proposed_with_how_sure_that_is_in_words(colonnes: Colonnes) -> None:
    assert colonnes.grille.titles() == {
        "A": "Opérateur",
        "B": "Montant notifié",
        "C": "Département",
        "E": "Commentaire",
    }
    assert "à vérifier" in colonnes.grille.modele.titres[1].phrase
    assert "vérifier" not in colonnes.grille.modele.titres[0].phrase
    assert colonnes.grille.modele.titres[3].phrase == "Colonne D : non reprise"
    QAbstractItemModelTester(colonnes.grille.modele)


def test_what_is_needed_is_said_and_the_way_on_waits_for_it(colonnes: Colonnes) -> None:
    assert colonnes.panneau.besoins["Exercice"].value.text() == "2025, lu dans le titre, A2"
    assert "il manque" in colonnes.panneau.besoins["Destination"].value.accessibleName()
    assert not colonnes.panneau.continuer.isEnabled()
    assert colonnes.panneau.phrase.text().startswith("10 lignes lues")


def test_a_field_dropped_on_a_column_is_its_field(colonnes: Colonnes) -> None:
    grille = colonnes.grille
    middle = QPoint(grille.columnViewportPosition(3) + 20, 40)
    assert drag(grille.viewport(), middle, "action")
    assert grille.titles()["D"] == "Objet"
    header = grille.horizontalHeader()
    assert drag(header.viewport(), QPoint(header.sectionViewportPosition(4) + 20, 30), "mesure3")
    assert grille.titles()["E"] == "Destination"


def test_a_field_moves_with_its_drop_and_is_never_twice(colonnes: Colonnes) -> None:
    colonnes.put(3, "notifie")
    assert colonnes.grille.titles() == {
        "A": "Opérateur",
        "C": "Département",
        "D": "Montant notifié",
        "E": "Commentaire",
    }


def test_a_field_is_chosen_by_keyboard_alone(colonnes: Colonnes) -> None:
    key(colonnes, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert colonnes.choix.isVisible()
    QTest.keyClicks(colonnes.choix.line, "obj")
    QTest.keyClick(colonnes.choix.line, Qt.Key.Key_Return)
    assert not colonnes.choix.isVisible()
    assert colonnes.grille.titles()["D"] == "Objet"
    assert colonnes.grille.hasFocus()


def test_typing_opens_the_list_and_escape_closes_it(colonnes: Colonnes) -> None:
    cell(colonnes, "D")
    key(colonnes, Qt.Key.Key_T)
    assert (colonnes.choix.isVisible(), colonnes.choix.line.text()) == (True, "t")
    QTest.keyClick(colonnes.choix.line, Qt.Key.Key_Down)
    QTest.keyClick(colonnes.choix.line, Qt.Key.Key_Escape)
    assert not colonnes.choix.isVisible()
    assert "D" not in colonnes.grille.titles()


def test_suppr_takes_a_field_away_and_ctrl_z_gives_it_back(colonnes: Colonnes) -> None:
    cell(colonnes, "E")
    key(colonnes, Qt.Key.Key_Delete)
    assert "E" not in colonnes.grille.titles()
    QTest.keyClick(colonnes.grille, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert colonnes.grille.titles()["E"] == "Commentaire"
    assert not colonnes.changed


def test_the_proposal_comes_back_and_even_that_is_undone(colonnes: Colonnes) -> None:
    colonnes.put(3, "action")
    colonnes.put(0, "")
    colonnes.revenir.click()
    assert "D" not in colonnes.grille.titles()
    colonnes.annuler.click()
    assert colonnes.grille.titles()["D"] == "Objet"


def test_another_row_becomes_the_header_by_space_or_by_its_number(colonnes: Colonnes) -> None:
    key(colonnes, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert colonnes.grille.modele.entete == 4
    assert "ligne 4" in colonnes.faits.text()
    header = colonnes.grille.verticalHeader()
    where = QPoint(20, header.sectionViewportPosition(2) + 5)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert colonnes.grille.modele.entete == 3
    assert colonnes.grille.titles()["A"] == "Opérateur"


def test_a_click_above_a_column_opens_its_list(colonnes: Colonnes) -> None:
    header = colonnes.grille.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(1) + 40, 30)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert colonnes.choix.isVisible()
    assert colonnes.choix.list.code() == "notifie"
    colonnes.choix.hide()


def test_the_amounts_that_cannot_be_read_are_counted_at_once(imports: Imports, drop: Drop, tmp_path: Path) -> None:
    rows = [*lignes(20), ("Association", "n.c.", "02", "", "")]
    drop(classeur(tmp_path / "Suivi 2025.xlsx", rows))
    said = imports.assistant.colonnes.panneau.phrase.text()
    assert said == "21 lignes lues · 1 montant illisible (B24 « n.c. »)"


def test_a_mapping_completed_is_planned_and_remembered(
    imports: Imports, colonnes: Colonnes, worker: ManualExecutor, suivi: Path, drop: Drop
) -> None:
    colonnes.put(3, "action")
    destination = colonnes.panneau.destination
    destination.setFocus()
    QTest.keyClicks(destination, "MI2-3-8")
    destination.settle()
    assert colonnes.panneau.continuer.isEnabled()
    colonnes.panneau.nom.setFocus()
    QTest.keyClicks(colonnes.panneau.nom, "Suivi de l'Aisne")
    colonnes.panneau.continuer.click()
    worker.run()
    assert imports.assistant.etape == DIFFERENCES
    imports.assistant.suite.click()
    worker.run()
    (usage,) = apprises.usages(imports.session)
    assert (usage.apprise.nom, usage.imports) == ("Suivi de l'Aisne", 1)
    drop(suivi)
    assert imports.assistant.etape == DIFFERENCES
    imports.assistant.go(COLONNES)
    assert colonnes.profil.currentText() == "Suivi de l'Aisne"
    assert {t.raison for t in colonnes.grille.modele.titres if t.champ} == {"choisi la dernière fois"}


def test_a_refusal_leaves_what_was_changed(
    imports: Imports, colonnes: Colonnes, worker: ManualExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    colonnes.put(3, "action")
    colonnes.panneau.destination_chosen.emit("MI2-3-8")
    before = colonnes.brouillon
    assert before is not None
    imports.encours.replan(feuille="Suivi", correspondance={"nom": "A"})
    worker.run()
    assert colonnes.brouillon == before
    assert "il manque" in colonnes.refus.accessibleName()


def test_a_recognised_export_shows_its_columns_already_filled(
    imports: Imports, drop: Drop, ten: Path, worker: ManualExecutor
) -> None:
    drop(ten)
    imports.assistant.go(COLONNES)
    colonnes = imports.assistant.colonnes
    assert colonnes.grille.titles()["D"] == "Raison sociale"
    assert not colonnes.changed
    column = next(i for i, t in enumerate(colonnes.grille.modele.titres) if t.champ == "saisi")
    colonnes.put(column, "notifie")
    colonnes.panneau.continuer.click()
    worker.run()
    plan = imports.encours.plan
    assert plan is not None
    assert (plan.profil, plan.lettres["notifie"]) == ("StarsFIR", colonnes.grille.modele.titres[column].lettre)


def test_the_encoding_and_the_separator_of_a_text_file_can_be_changed(
    imports: Imports, drop: Drop, tmp_path: Path, worker: ManualExecutor
) -> None:
    path = tmp_path / "suivi 2025.csv"
    path.write_bytes("Bénéficiaire;Montant accordé\nÉcole de Laon;12,50\n".encode("cp1252"))
    drop(path)
    colonnes = imports.assistant.colonnes
    assert (colonnes.encodage.currentData(), colonnes.separateur.currentData()) == ("cp1252", ";")
    choose(colonnes, "encodage", "latin-1", worker)
    assert imports.assistant.etape == COLONNES
    assert colonnes.encodage.currentData() == "latin-1"
    choose(colonnes, "separateur", ",", worker)
    assert colonnes.grille.modele.rows[0][1][0] == "Bénéficiaire;Montant accordé"
    choose(colonnes, "separateur", ";", worker)
    assert colonnes.grille.titles() == {"A": "Opérateur", "B": "Montant notifié"}


def choose(colonnes: Colonnes, name: str, value: str, worker: ManualExecutor) -> None:
    combo = getattr(colonnes, name)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())
    worker.run()


def test_reading_again_from_a_known_export_stays_on_the_step(
    imports: Imports, drop: Drop, ten: Path, worker: ManualExecutor
) -> None:
    drop(ten)
    imports.assistant.go(COLONNES)
    choose(imports.assistant.colonnes, "encodage", "utf-8-sig", worker)
    assert imports.assistant.etape == COLONNES
    assert imports.encours.plan is not None
    imports.assistant.colonnes.panneau.continuer.click()
    assert imports.assistant.etape > COLONNES


def test_another_sheet_is_proposed_anew(
    imports: Imports, drop: Drop, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    drop(make(tmp_path / "deux 2025.xlsx"))
    colonnes = imports.assistant.colonnes
    combo = colonnes.tableaux.combo
    assert combo.currentText().startswith("Suivi · ligne 1")
    combo.setCurrentIndex(combo.findText("Autre · ligne 1", Qt.MatchFlag.MatchStartsWith))
    combo.activated.emit(combo.currentIndex())
    assert colonnes.grille.titles() == {"B": "Opérateur"}
    assert colonnes.brouillon is not None
    assert replace(colonnes.brouillon, cases={}).feuille == "Autre"


@pytest.fixture
def make() -> Callable[[Path], Path]:
    """A workbook of two sheets."""
    import xlsxwriter

    def made(path: Path) -> Path:
        book = xlsxwriter.Workbook(path)
        first, second = book.add_worksheet("Suivi"), book.add_worksheet("Autre")
        for sheet, rows in ((first, [ENTETES, *lignes(3)]), (second, [("x", "Porteur"), (1, "CH de Laon")])):
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    sheet.write(i, j, value)
        book.close()
        return path

    return made


def test_what_one_reads_with_a_screen_reader_says_cell_header_and_field(colonnes: Colonnes) -> None:
    grille = colonnes.grille
    index = grille.modele.index(2, 0)
    said = grille.modele.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert said == "A3, en-tête, Structure. Colonne A : Opérateur, nom de colonne"
