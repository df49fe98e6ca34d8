"""A workbook that only one office keeps: its columns said once by keyboard, the next one updates without a question."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.allocation import Filtre
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import COLONNES, DIFFERENCES
from firdesk.ui.pages.imports import Imports
from tests.journeys.conftest import Finish
from tests.journeys.gestes import amount, first_line, session, shown_as
from tests.services.importing.classeurs import classeur, lignes

#: The header that says nothing and the one that says too little are for the delegate to tell.
ENTETES = ("Structure", "Montant accordé en €", "Dpt", "Action", "Ligne budget")


def test_an_odd_workbook_is_mapped_by_keyboard_then_updated_without_a_question(
    window: MainWindow, finish: Finish, base: Path, tmp_path: Path
) -> None:
    rows = [(*line[:4], "3.2 et autres") for line in lignes()]
    window.import_files([classeur(tmp_path / "Suivi délégation 2025-03.xlsx", rows, entetes=ENTETES)])
    finish()
    page = shown_as(window, Imports)
    assert page.assistant.etape == COLONNES
    colonnes = page.assistant.colonnes
    grille, panneau = colonnes.grille, colonnes.panneau
    assert grille.hasFocus()
    for _ in range(4):
        QTest.keyClick(grille, Qt.Key.Key_Right)
    QTest.keyClick(grille, Qt.Key.Key_Return)
    QTest.keyClicks(colonnes.choix.line, "comment")
    QTest.keyClick(colonnes.choix.line, Qt.Key.Key_Return)
    line = panneau.destination.lineEdit()
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, "MI2-3-8")
    assert panneau.continuer.isEnabled()
    panneau.continuer.setFocus()
    QTest.keyClick(panneau.continuer, Qt.Key.Key_Return)
    finish()
    assert page.assistant.etape == DIFFERENCES
    QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
    finish()
    assert (session(window).allocations.count(2025), amount(window)) == (10, 1001_50)
    assert first_line(window).motivation == "3.2 et autres"

    assert window.close_base()
    assert window.open_base(base)
    finish()
    later = [(rows[0][0], 2500, *rows[0][2:]), *rows[1:]]
    moved = classeur(tmp_path / "Suivi délégation 2025-06.xlsx", later, entetes=ENTETES, ordre=(3, 0, 2, 4, 1))
    window.import_files([moved])
    finish()
    page = shown_as(window, Imports)
    assert page.assistant.etape == DIFFERENCES
    plan = page.encours.plan
    assert plan is not None
    assert (plan.profil, len(plan.nouvelles), len(plan.modifiees), plan.inchangees) == ("Suivi délégation", 0, 1, 9)
    QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
    finish()
    assert len(session(window).allocations.ids(Filtre(2025))) == 10
    assert amount(window) == 2500_00
    assert [lot.profil for lot in session(window).imports.lots()] == ["Suivi délégation"] * 2
