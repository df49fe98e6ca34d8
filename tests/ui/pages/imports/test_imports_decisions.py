"""The page where everything is decided: what blocks apart, groups, typed values, answers taken back, kept for later."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from firdesk.services.importing.brouillons import Brouillons
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import COLONNES, DECIDER, DIFFERENCES
from firdesk.ui.pages.import_decider import CARTES, Decider
from firdesk.ui.pages.import_question import GroupCard, QuestionCard
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import stars, write_stars
from tests.ui.pages.imports.shown import Drop, rows, said


@pytest.fixture
def page(imports: Imports, tmp_path: Path) -> Imports:
    imports.bridge.brouillons = Brouillons(tmp_path)
    return imports


@pytest.fixture
def decider(page: Imports) -> Decider:
    return page.assistant.decider


@pytest.fixture
def troubled(tmp_path: Path) -> Path:
    """Two ambiguous amounts, one unreadable, a département to confirm, a repaired FINESS."""
    lines = [stars(n) for n in range(1, 61)]
    lines[1], lines[2] = stars(2, notifie="12.450"), stars(3, notifie="1.234")
    lines[3], lines[4] = stars(4, notifie="12 4S0,00"), stars(5, departement="Aine")
    lines[5] = stars(6, identifiant="20000063")
    return write_stars(tmp_path / "troubles.csv", lines)


def press(widget: QWidget, key: Qt.Key, worker: ManualExecutor) -> None:
    QTest.keyClick(widget, key)
    worker.run()


def test_what_blocks_and_what_does_not_are_never_in_one_list(
    page: Imports, drop: Drop, decider: Decider, troubled: Path
) -> None:
    drop(troubled)
    assert [c.question.id for c in decider.bloquantes.cards] == ["notifie:12.450"]
    assert "1 question, 2 lignes" in decider.bloquantes.titre.text()
    assert [c.question.id for c in decider.autres.cards] == ["departement:Aine"]
    assert [q.id for q in decider.rejets.questions()] == ["notifie:12 4S0,00"]
    assert [q.id for q in decider.reparations.questions()] == ["identifiant:20000063"]
    assert not page.assistant.suite.isEnabled()


def test_one_answer_settles_a_group(
    page: Imports, drop: Drop, decider: Decider, troubled: Path, worker: ManualExecutor
) -> None:
    drop(troubled)
    (group,) = decider.bloquantes.cards
    assert isinstance(group, GroupCard)
    assert [b.text() for b in group.buttons()] == [
        "Lire des milliers · les 2", "Lire une virgule · les 2", "Rejeter les 2 lignes",
    ]  # fmt: skip
    group.buttons()[0].click()
    worker.run()
    assert page.assistant.suite.isEnabled()
    assert page.encours.plan is not None
    assert page.encours.plan.total_importe == 57 * 1000_50 + 12_450_00 + 1_234_00
    decider.bloquantes.cards[0].buttons()[0].click()
    worker.run()
    assert not page.assistant.suite.isEnabled()


def test_a_group_is_decided_value_by_value(
    page: Imports, drop: Drop, decider: Decider, troubled: Path, worker: ManualExecutor
) -> None:
    drop(troubled)
    (group,) = decider.bloquantes.cards
    assert isinstance(group, GroupCard)
    group.detail.click()
    (group,) = decider.bloquantes.cards
    assert isinstance(group, GroupCard)
    assert group.detail.hasFocus()
    first = group.saisies[0]
    first.set_text("12 450")
    press(first.champ, Qt.Key.Key_Return, worker)
    (group,) = decider.bloquantes.cards
    assert isinstance(group, GroupCard)
    group.saisies[1].set_text("1,23")
    press(group.saisies[1].champ, Qt.Key.Key_Return, worker)
    assert page.encours.plan is not None
    assert page.encours.plan.total_importe == 57 * 1000_50 + 12_450_00 + 1_23
    assert page.assistant.etape == DECIDER


def test_an_unreadable_value_typed_in_place_is_told_and_not_taken(
    page: Imports, drop: Drop, decider: Decider, troubled: Path, worker: ManualExecutor
) -> None:
    drop(troubled)
    saisie = decider.rejets.saisies["notifie:12 4S0,00"]
    QTest.keyClicks(saisie.champ, "douze")
    press(saisie.champ, Qt.Key.Key_Return, worker)
    assert "« douze » ne convient pas" in saisie.probleme.text()
    assert page.encours.reglages.decisions == {}
    saisie.champ.clear()
    QTest.keyClicks(saisie.champ, "12 450,00")
    press(saisie.champ, Qt.Key.Key_Return, worker)
    assert page.encours.reglages.decisions == {"notifie:12 4S0,00": "=12 450,00"}
    assert page.assistant.bilan.figure("Rejetées") == "0"
    decider.rejets.boutons["notifie:12 4S0,00"].click()
    worker.run()
    assert page.assistant.bilan.figure("Rejetées") == "1"


def test_a_certain_repair_is_refused_and_taken_again(
    page: Imports, drop: Drop, decider: Decider, troubled: Path, worker: ManualExecutor
) -> None:
    drop(troubled)
    plan = page.encours.plan
    assert plan is not None
    repaired = plan.reparees
    decider.reparations.boutons["identifiant:20000063=garder"].click()
    worker.run()
    assert page.encours.plan is not None
    assert page.encours.plan.reparees == repaired - 1
    decider.reparations.boutons["identifiant:20000063"].click()
    worker.run()
    assert page.encours.plan.reparees == repaired


def test_the_latest_answer_is_undone(
    page: Imports, drop: Drop, decider: Decider, troubled: Path, worker: ManualExecutor
) -> None:
    drop(troubled)
    assert not decider.defaire.isVisible()
    decider.bloquantes.cards[0].buttons()[0].click()
    worker.run()
    decider.defaire.click()
    worker.run()
    assert page.encours.reglages.decisions == {}
    assert not decider.defaire.isVisible()


def test_going_back_and_choosing_another_sheet_keeps_the_answers(
    page: Imports, drop: Drop, decider: Decider, troubled: Path, worker: ManualExecutor
) -> None:
    drop(troubled)
    decider.bloquantes.cards[0].buttons()[0].click()
    worker.run()
    page.assistant.go(COLONNES)
    page.encours.choose_feuille("troubles")
    worker.run()
    page.encours.choose_feuille(None)
    worker.run()
    page.assistant.go(DECIDER)
    assert [c.done for c in decider.bloquantes.cards] == [True]


def test_too_many_rejects_are_told_before_writing_with_their_figures(
    page: Imports, drop: Drop, decider: Decider, tmp_path: Path
) -> None:
    lines = [stars(n, notifie="n.c." if n < 5 else "1000.50") for n in range(1, 41)]
    drop(write_stars(tmp_path / "mauvais.csv", lines))
    told = decider.seuil.accessibleName()
    assert "4 lignes sur 40 sont rejetées, soit 10,0\u00a0%" in told
    page.assistant.go(DIFFERENCES)
    assert page.assistant.refus.isVisible()
    assert page.assistant.refus.accessibleName() == told
    assert page.session.imports.lots() == []


def test_a_remembered_answer_is_shown_as_such_and_can_be_changed(
    page: Imports,
    drop: Drop,
    write: Callable[[], None],
    decider: Decider,
    ambiguous: Path,
    tmp_path: Path,
    worker: ManualExecutor,
) -> None:
    drop(ambiguous)
    decider.cards()[0].buttons()[0].click()
    worker.run()
    page.assistant.suite.click()
    write()
    drop(write_stars(tmp_path / "suivant.csv", [stars(20, notifie="12.450"), stars(21)]))
    (card,) = decider.bloquantes.cards
    assert isinstance(card, QuestionCard)
    assert card.done
    assert page.assistant.suite.isEnabled()
    card.buttons()[0].click()
    worker.run()
    assert not page.assistant.suite.isEnabled()


def test_remembered_answers_are_listed_and_forgotten_and_that_is_undone(
    page: Imports,
    drop: Drop,
    write: Callable[[], None],
    decider: Decider,
    ambiguous: Path,
    worker: ManualExecutor,
    workspace: Workspace,
) -> None:
    drop(ambiguous)
    decider.cards()[0].buttons()[0].click()
    worker.run()
    page.assistant.suite.click()
    write()
    page.page_lot.retour.click()
    assert page.reprise.retenues.text() == "Décisions retenues (1)"
    page.reprise.retenues.click()
    assert rows(page.retenues.table) == [("StarsFIR", "Montant Notifié : « 12.450 »", "Lire des milliers")]
    page.retenues.table.select([0])
    page.retenues.oublier.click()
    assert page.session.imports.retenues() == []
    workspace.messages.run_action()
    worker.run()
    assert len(page.session.imports.retenues()) == 1
    page.retenues.retour.click()
    assert page.stack.currentWidget() is page.liste


def test_an_import_left_is_taken_up_again_with_its_answers(
    page: Imports,
    drop: Drop,
    decider: Decider,
    troubled: Path,
    worker: ManualExecutor,
    window: MainWindow,
    base: Path,
    tmp_path: Path,
) -> None:
    drop(troubled)
    decider.bloquantes.cards[0].buttons()[0].click()
    worker.run()
    assert window.close_base()
    assert window.open_base(base)
    worker.run()
    assert window.workspace is not None
    again = window.workspace.page("imports")
    assert isinstance(again, Imports)
    again.bridge.brouillons = Brouillons(tmp_path)
    window.go("imports")
    (left,) = again.reprise.encours
    assert "troubles.csv, 1 décision prise" in left.texte.text()
    left.reprendre.click()
    worker.run()
    assert again.encours.reglages.decisions == {"groupe:notifie:ambigu": "milliers"}
    assert [c.done for c in again.assistant.decider.bloquantes.cards] == [True]


def test_a_file_changed_meanwhile_says_so_and_one_that_is_gone_says_where_it_was(
    page: Imports, drop: Drop, troubled: Path, worker: ManualExecutor, workspace: Workspace
) -> None:
    drop(troubled)
    page.assistant.decider.bloquantes.cards[0].buttons()[0].click()
    worker.run()
    (kept,) = page.encours.brouillons()
    page.encours._forget()
    write_stars(troubled, [stars(2, notifie="12.450"), stars(3), stars(4)])
    page.encours.reprendre(kept)
    worker.run()
    assert "a changé depuis" in said(workspace)
    assert "1 réponse(s) gardée(s)" in said(workspace)
    page.encours._forget()
    troubled.unlink()
    page.show_list()
    (left,) = page.reprise.encours
    assert "n'est plus là" in left.texte.text()
    assert str(troubled.parent) in left.texte.text()
    assert not left.reprendre.isVisible()
    left.oublier.click()
    assert page.encours.brouillons() == []
    workspace.messages.run_action()
    assert len(page.encours.brouillons()) == 1


def test_giving_up_or_writing_leaves_nothing_to_take_up(
    page: Imports, drop: Drop, write: Callable[[], None], ten: Path, troubled: Path
) -> None:
    drop(troubled)
    assert len(page.encours.brouillons()) == 1
    page.assistant.abandonner.click()
    assert page.encours.brouillons() == []
    drop(ten)
    write()
    assert page.encours.brouillons() == []


def test_hundreds_of_questions_are_shown_a_few_at_a_time_those_left_first(
    page: Imports, drop: Drop, decider: Decider, tmp_path: Path, worker: ManualExecutor
) -> None:
    lines = [stars(n, sous_enveloppe=f"Enveloppe {n}") for n in range(1, 61)]
    drop(write_stars(tmp_path / "enveloppes.csv", lines))
    assert len(decider.autres.cards) == CARTES
    first = decider.autres.cards[0]
    first.buttons()[0].click()
    worker.run()
    assert first.question.id not in [c.question.id for c in decider.autres.cards]
    assert len(decider.autres.cards) == CARTES
