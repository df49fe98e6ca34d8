"""A scheme described, given its lines, seen above its ceiling, told a « dont »: by keyboard, then all undone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.synthese import Axe
from firdesk.services import verification
from firdesk.ui.dialogs.affectation_dispositif import AffectationDispositif
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.dispositifs import Dispositifs
from firdesk.ui.pages.syntheses import Syntheses
from tests.journeys.conftest import Finish
from tests.journeys.gestes import accept_proposed, focused, press, session, shown, workspace, write

CTRL = Qt.KeyboardModifier.ControlModifier


def populate(window: MainWindow) -> None:
    base = session(window)
    with base.operation("Importer", nature="import"):
        base.operateurs.add(Operateur("GEM Le Fil", departement="02"))
        for objet, cents in (("GEM de Laon", 60_000_00), ("GEM de Guise", 50_000_00), ("Prévention", 40_000_00)):
            moves = (Mouvement(Nature.NOTIFICATION, 2025, cents),)
            base.allocations.add(Allocation(2025, 1, "MI2-4-6", theme="PH", objet=objet, mouvements=moves))


def totals(window: MainWindow, axe: Axe) -> dict[str, str]:
    window.go("syntheses", (axe,))
    page = shown(window)
    assert isinstance(page, Syntheses)
    return page.table.totals.texts()


def describe(page: Dispositifs) -> None:
    press(Qt.Key.Key_N, CTRL)
    assert focused() is page.fiche.form.libelle
    write("Groupes d'entraide mutuelle", "GEM", "handicap", "MI2-4-6", "100 000", "100 000")
    press(Qt.Key.Key_S, CTRL)


def assign(window: MainWindow, qtbot: QtBot) -> None:
    """From the search of the window: Ctrl+K, the command, then the filter."""
    press(Qt.Key.Key_K, CTRL)
    search = workspace(window).search
    QTest.keyClicks(search, "affecter des allocations")
    QTest.keyClick(search, Qt.Key.Key_Return)
    dialog = next(d for d in window.findChildren(AffectationDispositif) if d.isVisible())
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    line = dialog.dispositif.lineEdit()
    assert line is not None
    QTest.keyClicks(line, "GEM")
    accept_proposed()
    QTest.keyClicks(dialog.mots, "gem")
    assert dialog.affecter.text() == "Affecter 2 allocations"
    QTest.keyClick(dialog.mots, Qt.Key.Key_Return, CTRL)


def test_a_scheme_from_its_description_to_its_warning_and_back(
    window: MainWindow, finish: Finish, qtbot: QtBot
) -> None:
    populate(window)
    before = {axe: totals(window, axe) for axe in (Axe.THEME, Axe.DESTINATION)}
    window.go("dispositifs")
    page = shown(window)
    assert isinstance(page, Dispositifs)
    page.table.setFocus()

    describe(page)
    assert [(x.code, x.disponible) for x in page.lignes] == [("GEM", 100_000_00)]
    assert not page.fiche.alerte.isVisible()

    assign(window, qtbot)
    assert page.lignes[0].nombre == 2
    assert "dépassé de 10\u202f000" in page.fiche.alerte.accessibleName()

    window.activateWindow()  # the screenless platform does not give it back
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    page.fiche.go("donts")
    page.fiche.donts.libelle.setFocus()
    write("Clubhouses", "20 000")
    press(Qt.Key.Key_Return)
    assert [d.montant for d in session(window).dispositifs.donts(2025)] == [20_000_00]
    press(Qt.Key.Key_Z, CTRL)  # with nothing typed in the field, the window's
    finish()
    assert session(window).dispositifs.donts(2025) == []
    window.menus.redo.trigger()
    finish()
    assert {axe: totals(window, axe) for axe in before} == before

    for _ in range(3):
        window.menus.undo.trigger()
        finish()
    base = session(window)
    assert base.dispositifs.all() == []
    assert base.dispositifs.donts() == []
    assert base.allocations.somme(Filtre(2025, dispositifs=("GEM",))).nombre == 0
    assert not any(c.constats for c in verification.verify(base))
    assert workspace(window).go("dispositifs")
    assert page.table.empty.message().startswith("Aucun dispositif")
