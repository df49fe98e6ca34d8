"""Versions in the window: typed by keyboard, pasted, moved between lines, compared, undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.services import budgets
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_versions import Versions
from firdesk.ui.workspace import Workspace
from tests.ui.pages.conftest import Said, occupy, type_in


@pytest.fixture
def volet(workspace: Workspace) -> Versions:
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


def amounts(volet: Versions, key: str = "ae") -> dict[str, object]:
    model = volet.lignes.model
    place = model.column_of(key)
    return {str(model.row(i)[0]): model.row(i)[place] for i in range(model.rowCount()) if not model.strong(i)}


def put(volet: Versions, destination: str, key: str) -> None:
    volet.lignes.select(destination)
    row = volet.lignes.table.view.currentIndex().row()
    volet.lignes.table.view.setCurrentIndex(volet.lignes.model.index(row, volet.lignes.model.column_of(key)))


def editor(volet: Versions) -> QLineEdit:
    return next(w for w in volet.lignes.table.view.viewport().findChildren(QLineEdit) if w.isVisible())


def type_cell(volet: Versions, qtbot: QtBot, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    QTest.keyClick(volet.lignes.table.view, Qt.Key.Key_F2)
    line = editor(volet)
    line.setText(text)
    with qtbot.waitSignal(volet.bridge.message):
        QTest.keyClick(line, key)
    QApplication.processEvents()


def test_lines_sub_totals_and_total_are_one_sum(volet: Versions) -> None:
    model = volet.lignes.model
    strong = [int(str(model.row(i)[model.column_of("ae")])) for i in range(model.rowCount()) if model.strong(i)]
    assert sum(strong) == sum(int(str(v)) for v in amounts(volet).values()) == 11_000_000_00
    assert volet.lignes.table.totals.texts()["ae"] == money.euros(11_000_000_00)


def test_an_amount_is_typed_saved_by_enter_and_the_next_line_comes(volet: Versions, qtbot: QtBot) -> None:
    put(volet, "MI1-2-9", "ae")
    type_cell(volet, qtbot, "1 234,50")
    assert amounts(volet)["MI1-2-9"] == 1_234_50
    assert volet.lignes.current_cle() == ("MI2-3-8", "SANITAIRE")
    assert volet.lignes.table.view.currentIndex().column() == volet.lignes.model.column_of("ae")


def test_tab_goes_from_ae_to_cp(volet: Versions, qtbot: QtBot) -> None:
    put(volet, "MI1-2-9", "ae")
    type_cell(volet, qtbot, "5", Qt.Key.Key_Tab)
    assert volet.lignes.current_cle() == ("MI1-2-9", "SANITAIRE")
    assert volet.lignes.table.view.currentIndex().column() == volet.lignes.model.column_of("cp")


def test_an_amount_of_two_readings_is_refused_with_both(volet: Versions, qtbot: QtBot, heard: Said) -> None:
    put(volet, "MI1-2-9", "cp")
    type_cell(volet, qtbot, "1.234")
    assert amounts(volet, "cp")["MI1-2-9"] == 400_000_00
    assert "peut se lire" in heard.last


def test_sub_totals_cannot_be_typed_in(volet: Versions) -> None:
    model = volet.lignes.model
    row = next(i for i in range(model.rowCount()) if model.strong(i))
    assert not model.flags(model.index(row, model.column_of("ae"))) & Qt.ItemFlag.ItemIsEditable


def test_a_block_of_destinations_is_pasted_in_one_operation(volet: Versions, heard: Said) -> None:
    block = "Destination\tEnveloppe\tAE\tCP\nMI1-2-9\tSanitaire\t10\t9\nMI2-1-1\tPrévention\t8\t7\nTotal\t\t18\t16\n"
    volet.lignes.paste(block)
    assert (amounts(volet)["MI1-2-9"], amounts(volet)["MI2-1-1"]) == (10_00, 8_00)
    assert heard.last == "Collé : 2 lignes modifiées. 1 ligne de total laissée de côté."
    volet.session.undo()
    volet.refresh()
    assert amounts(volet)["MI1-2-9"] == 400_000_00


def test_amounts_are_pasted_from_the_line_under_the_cursor_on(volet: Versions) -> None:
    put(volet, "MI2-3-8", "ae")
    QGuiApplication.clipboard().setText("7\t6\n5\t4\n")
    QTest.keySequence(volet.lignes.table.view, "Ctrl+V")
    assert (amounts(volet)["MI2-3-8"], amounts(volet, "cp")["MI3-3-2"]) == (7_00, 4_00)


def test_each_bad_cell_of_a_block_is_said(volet: Versions, heard: Said) -> None:
    volet.lignes.paste("MI1-2-9\tSanitaire\t10\tdouze\nMI2-3-8\tSanitaire\t3\t2\n")
    assert "1 refus : Ligne 1, colonne 4 (CP) : « douze » n'est pas un montant" in heard.last
    assert amounts(volet)["MI2-3-8"] == 3_00


def test_suppr_takes_a_line_out_and_undo_gives_it_back(volet: Versions) -> None:
    put(volet, "MI1-2-9", "ae")
    QTest.keyClick(volet.lignes.table.view, Qt.Key.Key_Delete)
    assert "MI1-2-9" not in amounts(volet)
    volet.session.undo()
    volet.refresh()
    assert "MI1-2-9" in amounts(volet)


def test_a_new_version_starts_with_the_lines_of_the_last_one(volet: Versions) -> None:
    volet.start_version()
    assert volet.version_form.code.value() == "BR2"
    QTest.keyClick(volet.version_form.code, Qt.Key.Key_Return)
    assert volet.version is not None
    assert (volet.version.code, volet.version.ae) == ("BR2", 11_000_000_00)


def test_a_version_code_already_taken_is_said_beside_the_field(volet: Versions) -> None:
    volet.start_version()
    volet.version_form.code.set_value("BR1")
    volet.version_form.submit()
    told = [p.message for p in volet.version_form.form.field("code").problems()]
    assert told == ["Il y a déjà une version BR1 en 2025."]
    QTest.keyClick(volet.version_form.code, Qt.Key.Key_Escape)
    assert not volet.version_form.isVisible()


def test_a_line_is_opened_from_its_form(volet: Versions) -> None:
    volet.add_line()
    form = volet.ligne_form
    form.destination.set_code("MI2-1-1")
    form.submit()
    assert form.form.field("ae").problems()
    type_in(form.ae, "1000")
    type_in(form.cp, "0")
    form.submit()
    assert amounts(volet)["MI2-1-1"] == 1_000_00


def test_a_virement_shows_what_it_opens_and_leaves_the_total(volet: Versions) -> None:
    volet.toggle_virements(("MI1-2-9", "SANITAIRE"))
    panel = volet.virements
    panel.vers.set_code("MI2-3-8\x1fSANITAIRE")
    type_in(panel.ae, "100 000")
    panel.submit()
    assert [p.field for p in panel.form.field("motif").problems()] == ["motif"]
    panel.motif.set_value("Fongibilité")
    panel.submit()
    assert amounts(volet, "ae_ouvertes") == {
        "MI1-2-9": 300_000_00,
        "MI2-3-8": 1_700_000_00,
        "MI3-3-2": 9_000_000_00,
    }
    assert volet.lignes.table.totals.texts()["ae_ouvertes"] == money.euros(11_000_000_00)
    assert volet.virer.text() == "Virements (1)"


@pytest.fixture
def overdrawn(volet: Versions) -> Versions:
    """A virement of more than its line opens."""
    volet.toggle_virements(("MI1-2-9", "SANITAIRE"))
    panel = volet.virements
    panel.vers.set_code("MI2-3-8\x1fSANITAIRE")
    panel.motif.set_value("Urgence")
    type_in(panel.ae, "500 000")
    assert [p.severity.value for p in panel.form.field("ae").problems()] == ["alerte"]
    panel.submit()
    return volet


def test_a_virement_below_zero_is_made_with_a_warning(overdrawn: Versions) -> None:
    assert amounts(overdrawn, "ae_ouvertes")["MI1-2-9"] == -100_000_00
    assert "au-dessous de zéro" in overdrawn.note.accessibleName()


def test_a_virement_is_taken_back_by_suppr(overdrawn: Versions) -> None:
    overdrawn.virements.table.select([0], current=0)
    overdrawn.virements.table.view.setFocus()
    QTest.keyClick(overdrawn.virements.table.view, Qt.Key.Key_Delete)
    assert not overdrawn.note.isVisible()
    assert overdrawn.virer.text() == "Virements"


def test_two_versions_stand_side_by_side_and_are_not_typed_in(volet: Versions, heard: Said) -> None:
    volet.start_version()
    volet.version_form.submit()
    volet.lignes.paste("MI1-2-9\tSanitaire\t500 000\t400 000\n")
    volet.compare("BR1")
    titles = [c.title for c in volet.lignes.model.columns]
    assert titles[3:] == ["AE BR1", "AE BR2", "Écart AE", "CP BR1", "CP BR2", "Écart CP"]
    assert amounts(volet, "ae_ecart")["MI1-2-9"] == 100_000_00
    assert volet.lignes.table.totals.texts()["ae_ecart"] == money.euros(100_000_00)
    volet.lignes.paste("MI1-2-9\tSanitaire\t1\t1\n")
    assert "Quitter la comparaison" in heard.last


def test_what_is_shown_is_exported(volet: Versions, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.export_to(tmp_path / "br1.xlsx")
    worker.run()
    assert (tmp_path / "br1.xlsx").exists()


def test_an_exercice_without_version_proposes_to_make_one(volet: Versions, workspace: Workspace) -> None:
    workspace.bridge.set_exercice(2024)
    assert volet.lignes.table.empty.message() == "Aucune version du budget 2024."
    volet.lignes.table.empty.buttons()[0].click()
    assert volet.version_form.isVisible()
    assert volet.version_form.code.value() == "BI"


def test_another_page_opens_a_version_on_a_line(workspace: Workspace, volet: Versions) -> None:
    workspace.go("budget", ("versions", ("BR1", "MI3-3-2")))
    assert volet.lignes.current_cle() == ("MI3-3-2", "SANITAIRE")


def test_a_version_deleted_is_gone_and_undone(volet: Versions) -> None:
    volet.delete()
    assert volet.version is None
    volet.session.undo()
    volet.refresh()
    assert volet.version is not None


def test_a_change_of_version_that_is_refused_stays_typed(volet: Versions, worker: ManualExecutor) -> None:
    volet.edit()
    type_in(volet.version_form.libelle, "Second vote")
    occupy(volet.bridge)
    volet.version_form.submit()
    assert volet.version_form.isVisible()
    assert volet.version_form.libelle.value() == "Second vote"
    worker.run()
    volet.version_form.submit()
    assert not volet.version_form.isVisible()
    assert volet.version is not None
    assert volet.version.libelle == "Second vote"


def test_another_page_opens_a_version_made_while_the_budget_was_hidden(workspace: Workspace, volet: Versions) -> None:
    workspace.go("allocations")
    made = VersionBudget(2025, "BR2", 0)
    lines = [LigneBudget("MI1-2-9", "SANITAIRE", 5_00, 5_00), LigneBudget("MI3-3-2", "SANITAIRE", 5_00, 5_00)]
    volet.bridge.perform(lambda: budgets.creer(volet.session, made, lines))
    workspace.go("budget", ("versions", ("BR2", "MI3-3-2")))
    assert volet.version is not None
    assert (volet.version.code, volet.lignes.current_cle()) == ("BR2", ("MI3-3-2", "SANITAIRE"))


def test_another_page_opens_a_version_of_the_year_chosen_meanwhile(workspace: Workspace, volet: Versions) -> None:
    lines = [LigneBudget("MI1-2-9", "SANITAIRE", 5_00, 5_00), LigneBudget("MI3-3-2", "SANITAIRE", 5_00, 5_00)]
    for code in ("BI", "BR1"):
        budgets.creer(volet.session, VersionBudget(2024, code, 0), lines)
    workspace.go("allocations")
    volet.bridge.set_exercice(2024)
    workspace.go("budget", ("versions", ("BI", "MI3-3-2")))
    assert volet.version is not None
    assert (volet.version.nom, volet.lignes.current_cle()) == ("BI 2024", ("MI3-3-2", "SANITAIRE"))
