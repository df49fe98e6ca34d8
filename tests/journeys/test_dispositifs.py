"""By keyboard: a scheme described, given its lines, a ceiling, a « dont », cofinancing, indicators; then all undone."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.dispositif import Dispositif
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.synthese import Axe
from firdesk.services import dispositifs, verification
from firdesk.ui.dialogs.affectation_dispositif import AffectationDispositif
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.dispositif_indicateurs import DispositifIndicateurs
from firdesk.ui.pages.dispositifs import Dispositifs
from firdesk.ui.pages.syntheses import Syntheses
from tests.journeys.clavier import accept_proposed, focused, page_by_key, press, regain, retype, tab_to, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as, workspace

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
    page = shown_as(window, Syntheses)
    return page.table.totals.texts()


def schemes(window: MainWindow) -> Dispositifs:
    page = page_by_key(window, 6)
    assert isinstance(page, Dispositifs)
    return page


def open_tab(page: Dispositifs, place: int) -> None:
    """From the list: the tab of the card, then into it."""
    for _ in range(place):
        press(Qt.Key.Key_PageDown, CTRL)
    assert focused() is page.table.view or page.fiche.isAncestorOf(focused())
    press(Qt.Key.Key_Return)
    assert page.fiche.bar.currentIndex() == place


def fill(volet: DispositifIndicateurs, qtbot: QtBot, text: str) -> None:
    """Type in the current cell of the grid."""
    index = volet.table.view.currentIndex()
    press(Qt.Key.Key_F2)
    retype(text)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: volet.model.row(index.row())[index.column()] == text)
    assert focused() is volet.table.view


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
    QApplication.processEvents()
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
    page = schemes(window)
    describe(page)
    assert focused() is page.table.view
    assert [(x.code, x.disponible) for x in page.lignes] == [("GEM", 100_000_00)]
    assert not page.fiche.alerte.isVisible()

    assign(window, qtbot)
    assert page.lignes[0].nombre == 2
    assert "dépassé de 10\u202f000" in page.fiche.alerte.accessibleName()

    regain(window)
    open_tab(page, 1)
    assert focused() is page.fiche.donts.libelle
    write("Clubhouses", "20 000")
    press(Qt.Key.Key_Return)
    assert [d.montant for d in session(window).dispositifs.donts(2025)] == [20_000_00]
    press(Qt.Key.Key_Z, CTRL)  # with nothing typed in the field, the window's
    finish()
    assert session(window).dispositifs.donts(2025) == []
    press(Qt.Key.Key_Y, CTRL)
    finish()
    assert {axe: totals(window, axe) for axe in before} == before

    for _ in range(3):
        press(Qt.Key.Key_Z, CTRL)
        finish()
    base = session(window)
    assert base.dispositifs.all() == []
    assert base.dispositifs.donts() == []
    assert base.allocations.somme(Filtre(2025, dispositifs=("GEM",))).nombre == 0
    assert not any(c.constats for c in verification.verify(base))
    assert workspace(window).go("dispositifs")
    assert page.table.empty.message().startswith("Aucun dispositif")


def test_a_cofinancing_is_judged_by_half_and_by_post_then_mended_and_undone(
    window: MainWindow, finish: Finish, qtbot: QtBot
) -> None:
    """A local health contract: the FIR pays half at most, and 30 000 € a full-time post at most."""
    base = session(window)
    with base.operation("Importer", nature="import"):
        base.operateurs.add(Operateur("Ville de Laon", departement="02"))
        moves = (Mouvement(Nature.NOTIFICATION, 2025, 40_000_00),)
        base.allocations.add(Allocation(2025, 1, "MI1-1-6", objet="Coordination", dispositif="CLS", mouvements=moves))
    page = schemes(window)
    assert [(x.code, x.decrit) for x in page.lignes] == [("CLS", False)]
    press(Qt.Key.Key_Return)
    tab_to(page.fiche.form.part_max)
    retype("50")
    press(Qt.Key.Key_Tab)
    write("30 000", "ETP")
    press(Qt.Key.Key_S, CTRL)
    assert page.lignes[0].decrit

    open_tab(page, 2)
    assert focused() is page.fiche.financements.financeur
    write("Ville de Laon", "", "Coordination", "50 000", "1")
    press(Qt.Key.Key_Return)
    assert "40\u202f000\u00a0€ pour l'allocation" in page.fiche.alerte.accessibleName()
    assert "10\u202f000\u00a0€ de plus" in page.fiche.alerte.accessibleName()
    assert "au plus 30\u202f000" in page.fiche.financements.regle.text()

    for _ in range(8):
        if focused() is not page.fiche.financements.table.view:
            press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_F2)
    retype("2")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [c.quantite for c in base.dispositifs.cofinancements(2025)] == [200])
    assert page.fiche.alerte.accessibleName() == ""
    assert "au plus 50\u202f000" in page.fiche.financements.regle.text()

    press(Qt.Key.Key_Escape)
    assert focused() is page.table.view
    for _ in range(2):
        press(Qt.Key.Key_Z, CTRL)
        finish()
    assert base.dispositifs.cofinancements(2025) == []


def test_an_indicator_is_created_filled_for_two_years_and_undone(
    window: MainWindow, finish: Finish, qtbot: QtBot
) -> None:
    base = session(window)
    with base.operation("Ouvrir 2024"):
        base.nomenclatures.open_exercice(2024)
    dispositifs.enregistrer(base, Dispositif("GEM", "Groupes d'entraide mutuelle"), "")
    page = schemes(window)
    open_tab(page, 3)
    volet = page.fiche.indicateurs
    assert focused() in volet.table.empty.buttons()
    press(Qt.Key.Key_Return)
    assert focused() is volet.libelle
    write("Participants", "personnes")
    press(Qt.Key.Key_Return)
    assert focused() is volet.table.view

    years = [volet.model.row(i)[0] for i in range(volet.model.rowCount())]
    assert years == ["2024", "2025"]
    rows = {"2024": ("480", "", "500", "Enquete"), "2025": ("510", "", "500", "Enquete")}
    press(Qt.Key.Key_Home, CTRL)
    for year in years:
        press(Qt.Key.Key_Home)
        for text in rows[str(year)]:
            press(Qt.Key.Key_Right)
            if text:
                fill(volet, qtbot, text)
        press(Qt.Key.Key_Down)
    (made,) = base.indicateurs.all("GEM")
    assert [(v.exercice, v.valeur, v.cible, v.source) for v in made.valeurs] == [
        (2024, 480_000, 500_000, "Enquete"), (2025, 510_000, 500_000, "Enquete")
    ]  # fmt: skip
    assert "510\u00a0personnes en 2025 · ↗ en hausse de 30 depuis 2024" in volet.tendance.text()
    assert [b.value for b in volet.barres.bars()] == [480_000, 510_000]

    for _ in range(7):
        press(Qt.Key.Key_Z, CTRL)
        finish()
    assert base.indicateurs.all("GEM") == []
    assert [x.code for x in page.lignes] == ["GEM"]
