"""What is typed about versions stays until it is saved or given up, wherever the user goes and whatever changes."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.services import budgets
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_versions import Versions
from firdesk.ui.workspace import Workspace
from tests.ui.pages.conftest import Said, occupy, type_in


@pytest.fixture
def volet(workspace: Workspace) -> Versions:
    """Two versions in 2025, the last one shown."""
    session = workspace.bridge.session
    budgets.creer(session, VersionBudget(2025, "BR2", 0), [LigneBudget("MI1-2-9", "SANITAIRE", 10_00, 10_00)])
    workspace.go("budget", "versions")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    assert isinstance(page.volet, Versions)
    workspace.window().activateWindow()
    return page.volet


@pytest.fixture
def heard(volet: Versions) -> Said:
    said = Said()
    volet.bridge.message.connect(lambda kind, text, _action, _run: said.append((kind, text)))
    return said


def shown(volet: Versions) -> str:
    return volet.version.code if volet.version is not None else ""


def choose(volet: Versions, code: str) -> None:
    """Choose a version in the list as a user does."""
    place = next(i for i in range(volet.choix.count()) if volet.choix.itemText(i).startswith(code))
    volet.choix.setCurrentIndex(place)
    volet.choix.activated.emit(place)


def type_version(volet: Versions) -> None:
    volet.start_version()
    type_in(volet.version_form.libelle, "Troisième vote")


def type_line(volet: Versions) -> None:
    volet.add_line()
    type_in(volet.ligne_form.ae, "1 000")


def type_virement(volet: Versions) -> None:
    volet.toggle_virements(("MI1-2-9", "SANITAIRE"))
    type_in(volet.virements.motif, "Fongibilité")


Typing = Callable[[Versions], None]
TYPED = pytest.mark.parametrize("typing", [type_version, type_line, type_virement])


def typed(volet: Versions) -> tuple[str, str, str]:
    return volet.version_form.libelle.value(), volet.ligne_form.ae.text(), volet.virements.motif.value()


@TYPED
def test_another_version_page_or_form_is_refused_while_something_is_typed(
    volet: Versions, workspace: Workspace, heard: Said, typing: Typing
) -> None:
    typing(volet)
    before = typed(volet)
    choose(volet, "BR1")
    assert shown(volet) == "BR2"
    assert heard.last.startswith("Modifications non enregistrées")
    assert not workspace.go("allocations")
    volet.accept("BR1")
    volet.delete()
    volet.start_version()
    volet.edit()
    assert (shown(volet), typed(volet)) == ("BR2", before)


@TYPED
def test_another_exercice_keeps_what_is_typed_for_its_own(volet: Versions, heard: Said, typing: Typing) -> None:
    typing(volet)
    before = typed(volet)
    volet.bridge.set_exercice(2024)
    assert typed(volet) == before
    assert heard.last.startswith("Modifications non enregistrées")
    assert not volet.leave()


@TYPED
def test_what_is_typed_stays_when_the_base_changes(volet: Versions, typing: Typing) -> None:
    typing(volet)
    before = typed(volet)
    version = volet.version
    assert version is not None
    line = LigneBudget("MI2-3-8", "SANITAIRE", 5_00, 5_00)
    volet.bridge.perform(lambda: budgets.ecrire(volet.session, version, [line]))
    assert typed(volet) == before
    assert not volet.leave()


def test_forms_where_nothing_is_typed_let_go(volet: Versions) -> None:
    volet.start_version()
    assert volet.leave()
    volet.edit()
    assert volet.leave()
    volet.add_line()
    assert volet.leave()
    volet.toggle_virements(("MI1-2-9", "SANITAIRE"))
    assert volet.leave()
    choose(volet, "BR1")
    assert shown(volet) == "BR1"
    assert not volet.ligne_form.isVisible(), "it would open a line of the other version"


def test_giving_up_lets_go(volet: Versions) -> None:
    type_version(volet)
    QTest.keyClick(volet.version_form.libelle, Qt.Key.Key_Escape)
    assert volet.leave()
    type_virement(volet)
    QTest.keyClick(volet.virements.motif, Qt.Key.Key_Escape)
    assert volet.leave()


def test_a_line_and_a_version_are_written_in_the_year_they_were_typed_for(volet: Versions) -> None:
    type_line(volet)
    volet.ligne_form.destination.set_code("MI2-3-8")
    type_in(volet.ligne_form.cp, "0")
    volet.bridge.set_exercice(2024)
    volet.ligne_form.submit()
    assert not volet.ligne_form.isVisible()
    last = volet.session.budgets.versions(2025)[-1]
    assert [x.destination for x in volet.session.budgets.lignes(last.id or 0)] == ["MI1-2-9", "MI2-3-8"]
    volet.bridge.set_exercice(2025)
    type_version(volet)
    volet.bridge.set_exercice(2024)
    volet.version_form.submit()
    assert [x.libelle for x in volet.session.budgets.versions(2025)][-1] == "Troisième vote"
    assert volet.leave()


def test_a_virement_and_the_name_of_its_line_stay_while_the_line_is_opened(
    volet: Versions, worker: ManualExecutor
) -> None:
    type_virement(volet)
    panel = volet.virements
    panel.vers.setEditText("MI2-3-8")
    volet.add_line()
    volet.ligne_form.destination.set_code("MI2-3-8")
    volet.ligne_form.enveloppe.set_code("SANITAIRE")
    type_in(volet.ligne_form.ae, "0")
    type_in(volet.ligne_form.cp, "0")
    volet.ligne_form.submit()
    assert (panel.vers.currentText(), panel.motif.value()) == ("MI2-3-8", "Fongibilité")
    panel.vers.settle()
    type_in(panel.ae, "1")
    occupy(volet.bridge)
    panel.submit()
    assert panel.motif.value() == "Fongibilité"
    worker.run()
    panel.submit()
    assert volet.virer.text() == "Virements (1)"
    assert volet.leave()


def test_virements_given_up_in_another_year_are_those_of_the_version_shown(volet: Versions) -> None:
    budgets.creer(volet.session, VersionBudget(2024, "BI", 0), [LigneBudget("MI2-3-8", "SANITAIRE", 10_00, 10_00)])
    type_virement(volet)
    volet.bridge.set_exercice(2024)
    assert volet.virements.accessibleName() == "Virements du BR2 2025"
    QTest.keyClick(volet.virements.motif, Qt.Key.Key_Escape)
    volet.toggle_virements()
    assert volet.virements.accessibleName() == "Virements du BI 2024"
    assert volet.virements.motif.value() == ""


@TYPED
def test_what_is_typed_of_a_version_gone_meanwhile_is_refused_and_stays(
    volet: Versions, heard: Said, typing: Typing
) -> None:
    if typing is type_version:
        volet.edit()
        type_in(volet.version_form.libelle, "Troisième vote")
    else:
        typing(volet)
    before = typed(volet)
    volet.ligne_form.destination.set_code("MI2-3-8")
    type_in(volet.ligne_form.cp, "0")
    volet.virements.vers.set_items([("MI2-3-8\x1fSANITAIRE", "MI2-3-8")])
    volet.virements.vers.set_code("MI2-3-8\x1fSANITAIRE")
    type_in(volet.virements.ae, "1")
    volet.bridge.perform(volet.session.undo)
    assert shown(volet) == "BR1"
    form = next(f for f in (volet.version_form, volet.ligne_form, volet.virements) if f.dirty)
    form.submit()
    assert typed(volet) == before
    assert (heard[-1][0], volet.leave()) == ("erreur", False)
