"""Two operators side by side: what is told, what is chosen, what is done, by keyboard alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services.session import Session
from firdesk.ui.dialogs.fusion_operateurs import FusionOperateurs
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations

DOUBLE = Operateur("Hôpital de LAON", finess="020000063", departement="02", commune="Laon", secteur="Public")


@pytest.fixture
def base(base: Path) -> Path:
    """The small base with a fifth operator, which looks like the first and has one line of 2024."""
    with Session.open(base) as session, session.operation("Créer"):
        number = session.operateurs.add(DOUBLE)
        session.operateurs.add_alias(1, "nom", "CH laonnois", "02")
        session.allocations.add(
            Allocation(2024, number, "MI2-3-8", numero=9, mouvements=(Mouvement(Nature.NOTIFICATION, 2024, 12_50),))
        )
    return base


@pytest.fixture
def dialog(window: MainWindow, worker: ManualExecutor) -> FusionOperateurs:
    """The dialog as the menu opens it, doubles found."""
    window.menus.files.merge_operators()
    worker.run()
    return opened(window)


def opened(window: MainWindow) -> FusionOperateurs:
    found = [d for d in window.findChildren(FusionOperateurs) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def session_of(window: MainWindow) -> Session:
    assert window.session is not None
    return window.session


def test_the_search_proposes_the_command(window: MainWindow) -> None:
    assert "Fusionner deux opérateurs" in [c.title for c in window.menus.commands()]


def test_likely_doubles_are_proposed_and_shown_side_by_side(dialog: FusionOperateurs) -> None:
    assert dialog.doublons.itemText(0) == "1 doublon probable : en choisir un"
    assert "même nom autrement écrit, même département" in dialog.doublons.itemText(1)
    dialog.doublons.setFocus()
    QTest.keyClick(dialog.doublons, Qt.Key.Key_Down)
    dialog.doublons.activated.emit(1)
    assert (dialog.garder.text(), dialog.absorber.text()) == ("CH de Laon", "Hôpital de LAON")
    assert dialog.fiches.etats() == {
        "nom": "à choisir",
        "finess": "complète la fiche",
        "departement": "identique",
        "commune": "complète la fiche",
        "secteur": "complète la fiche",
    }


def test_what_will_move_and_be_remembered_is_told(dialog: FusionOperateurs) -> None:
    dialog.show_pair(1, 5)
    told = dialog.effet.text()
    assert told.startswith(
        "1 allocation (2024 : 1), 12,50\u00a0€ notifiés, passe de « Hôpital de LAON » à « CH de Laon »."
    )
    assert "Restent connus comme alias : Nom « Hôpital de LAON » (02)." in told
    dialog.fiches.radios("nom")[1].click()
    assert "Restent connus comme alias : Nom « CH de Laon » (02)." in dialog.effet.text()


def test_nothing_can_be_done_before_two_operators_are_chosen(dialog: FusionOperateurs) -> None:
    assert not dialog.fusionner.isEnabled()
    dialog.show_pair(1, 1)
    assert not dialog.fusionner.isEnabled()
    assert dialog.effet.text() == "Choisir deux opérateurs différents."
    dialog.show_pair(1, 2)
    assert dialog.fusionner.isEnabled()


def test_merging_closes_and_the_message_undoes_it(
    window: MainWindow, worker: ManualExecutor, dialog: FusionOperateurs
) -> None:
    session = session_of(window)
    before = session.operateurs.all()
    dialog.show_pair(1, 5)
    dialog.fiches.radios("nom")[1].click()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.isVisible()
    assert session.operateurs.all()[0].nom == "Hôpital de LAON"
    assert len(session.operateurs.all()) == 4
    assert window.workspace is not None
    assert window.workspace.messages.text() == "Fusionné : « Hôpital de LAON » avec « CH de Laon »."
    window.workspace.bridge.undo()
    worker.run()
    assert session.operateurs.all() == before


def test_enter_in_a_field_never_merges(dialog: FusionOperateurs) -> None:
    dialog.show_pair(1, 5)
    dialog.garder.setFocus()
    QTest.keyClick(dialog.garder, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.fermer.setFocus()
    QTest.keyClick(dialog.fermer, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_the_two_are_exchanged(dialog: FusionOperateurs) -> None:
    dialog.show_pair(1, 5)
    dialog.echanger.click()
    assert (dialog.garder.text(), dialog.absorber.text()) == ("Hôpital de LAON", "CH de Laon")


def test_told_that_they_are_two_they_are_proposed_no_more(
    window: MainWindow, worker: ManualExecutor, dialog: FusionOperateurs
) -> None:
    dialog.show_pair(1, 5)
    dialog.distinguer.click()
    worker.run()
    assert session_of(window).operateurs.distincts() == {(1, 5)}
    assert dialog.doublons.itemText(0) == "Aucun doublon probable dans la base"
    assert dialog.effet.text() == "Retenu : « CH de Laon » et « Hôpital de LAON » sont deux opérateurs."


def test_an_alias_is_taken_away(window: MainWindow, dialog: FusionOperateurs) -> None:
    dialog.show_pair(1, 5)
    (take,) = dialog.alias_buttons()
    assert take.accessibleName() == "Retirer l'alias Nom « CH laonnois » (02)"
    take.click()
    assert session_of(window).operateurs.aliases(1) == []
    assert dialog.alias_buttons() == []


def test_closed_before_the_doubles_are_found_it_stays_closed(window: MainWindow, worker: ManualExecutor) -> None:
    window.menus.files.merge_operators()
    opened(window).reject()
    worker.run()
    assert window.workspace is not None
    assert window.workspace.messages.text() == ""


def test_the_menu_of_a_line_starts_with_its_operator(window: MainWindow, worker: ManualExecutor) -> None:
    window.go("allocations")
    page = window.workspace.page("allocations") if window.workspace else None
    assert isinstance(page, Allocations)
    page.show_line(1)
    menu = QMenu()
    page.actions_on_lines.fill_menu(menu, [1])
    next(a for a in menu.actions() if a.text().startswith("Fusionner")).trigger()
    worker.run()
    assert opened(window).garder.text() == "CH de Laon"


def test_a_filter_on_the_absorbed_operator_says_it_is_gone(window: MainWindow, worker: ManualExecutor) -> None:
    window.go("allocations", Filtre(None, operateurs=(5,)))
    page = window.workspace.page("allocations") if window.workspace else None
    assert isinstance(page, Allocations)
    assert page.model.rowCount() == 1
    page.actions_on_lines.merge_operator(1)
    worker.run()
    dialog = opened(window)
    dialog.show_pair(1, 5)
    dialog.fusionner.click()
    assert page.model.rowCount() == 0


def test_the_form_follows_the_operator_that_its_line_now_has(window: MainWindow, worker: ManualExecutor) -> None:
    window.go("allocations")
    page = window.workspace.page("allocations") if window.workspace else None
    assert isinstance(page, Allocations)
    page.show_line(1)
    page.actions_on_lines.merge_operator(5)
    worker.run()
    dialog = opened(window)
    dialog.show_pair(5, 1)
    dialog.fusionner.click()
    assert page.form.fields.operateur.text() == "Hôpital de LAON"
    assert not page.form.dirty
