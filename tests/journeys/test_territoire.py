"""By keyboard: where an allocation acts, a wrong sum refused and mended, départements told both ways, undone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.synthese import Axe
from firdesk.domain.territoire import Lieu
from firdesk.ui.dialogs.lieux import Lieux
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.syntheses import Syntheses
from tests.journeys.clavier import focused, in_dialog, menu_by_key, page_by_key, press, retype, tab_to, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import first_line, session, workspace

CTRL = Qt.KeyboardModifier.ControlModifier


def populate(window: MainWindow) -> None:
    base = session(window)
    with base.operation("Importer", nature="import"):
        for nom, departement, cents in (("GEM de Laon", "02", 60_000_00), ("GEM de Lille", "59", 40_000_00)):
            number = base.operateurs.add(Operateur(nom, departement=departement))
            moves = (Mouvement(Nature.NOTIFICATION, 2025, cents),)
            base.allocations.add(Allocation(2025, number, "MI2-4-6", theme="PH", mouvements=moves))
    workspace(window).bridge.perform(lambda: None)


def departements(page: Syntheses) -> dict[str, object]:
    place = page.model.column_of("notifie")
    assert page.axes == (Axe.DEPARTEMENT,)
    return {str(page.model.row(i)[0]): page.model.row(i)[place] for i in range(page.model.rowCount())}


def test_places_are_told_and_the_departements_follow(window: MainWindow, qtbot: QtBot, finish: Finish) -> None:
    populate(window)
    page_by_key(window, 2)
    press(Qt.Key.Key_Home, CTRL)
    assert first_line(window).operateur_id == 1
    menu_by_key(Qt.Key.Key_N, Qt.Key.Key_L)
    dialog = next(d for d in window.findChildren(Lieux) if d.isVisible())
    in_dialog(dialog)
    assert "comptée au siège de l'opérateur (02 Aisne)" in dialog.lieux.total.text()

    press(Qt.Key.Key_Return)
    first = dialog.lieux.lignes[0]
    qtbot.waitUntil(first.part.isVisible)
    assert focused() is first.departement
    assert (first.departement.code(), first.part.text()) == ("02", "100\u00a0%")
    press(Qt.Key.Key_Tab)
    retype("70")
    tab_to(dialog.lieux.ajouter)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.lieux.lignes[1].part.isVisible)
    write("oise", "20")
    press(Qt.Key.Key_Return, CTRL)
    assert dialog.isVisible()
    assert "90\u00a0%" in dialog.lieux.probleme.accessibleName()
    retype("30")
    press(Qt.Key.Key_Return, CTRL)
    assert not dialog.isVisible()
    number = first_line(window).id or 0
    assert session(window).lieux.de(number) == (Lieu("02", 7000), Lieu("60", 3000))

    page = page_by_key(window, 7)
    assert isinstance(page, Syntheses)
    tab_to(page.lignes)
    QTest.keyClicks(focused(), "D")
    for _ in Axe:
        if page.axes != (Axe.DEPARTEMENT,):
            press(Qt.Key.Key_Down)
    by_seat, total = departements(page), page.table.totals.texts()["notifie"]
    tab_to(page.par)
    press(Qt.Key.Key_Down)
    by_place = departements(page)
    assert by_seat == {"02": 60_000_00, "59": 40_000_00}
    assert by_place == {"02": 42_000_00, "59": 40_000_00, "60": 18_000_00}
    assert page.table.totals.texts()["notifie"] == total

    press(Qt.Key.Key_Z, CTRL)
    finish()
    assert departements(page) == by_seat
    assert session(window).lieux.de(number) == ()
