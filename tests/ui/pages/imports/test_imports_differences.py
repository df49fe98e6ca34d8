"""The step of differences: amounts, choices by keyboard, search, sums, export, and why some money stays out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.services.importing import bilan
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages import import_lines
from firdesk.ui.pages.import_assistant import DECIDER, DIFFERENCES
from firdesk.ui.pages.import_differences import Differences
from firdesk.ui.pages.imports import Imports
from tests.services.importing.fichiers import stars, write_stars
from tests.ui.pages.imports.shown import Drop, rows

Write = Callable[[], None]


def euros(cents: int) -> str:
    return money.euros(cents, decimals=True)


def later(path: Path) -> Path:
    """Two changed, three gone, one new."""
    lines = [stars(1, notifie="2500.00"), stars(2, action="Autre"), *(stars(n) for n in range(3, 8)), stars(11)]
    return write_stars(path / "2025_engagements_exporter_20260318.csv", lines)


@pytest.fixture
def page(imports: Imports, drop: Drop, write: Write, ten: Path, tmp_path: Path) -> Imports:
    """A second vintage at its differences, the first one written, its first line corrected by hand since."""
    drop(ten)
    write()
    session = imports.session
    number = next(n for n in session.allocations.ids(Filtre(2025)) if "fictive n° 3" in name(imports, n))
    known = session.allocations.get(number)
    assert known is not None
    with session.operation("Modifier l'allocation"):
        moved = next(m for m in known.mouvements if m.nature is Nature.NOTIFICATION)
        session.allocations.update_mouvement(replace(moved, montant=77700))
    drop(later(tmp_path))
    assert imports.assistant.etape == DECIDER
    imports.assistant.go(DIFFERENCES)
    return imports


def name(page: Imports, number: int) -> str:
    return page.session.allocations.page([number])[0].operateur


@pytest.fixture
def differences(page: Imports) -> Differences:
    return page.assistant.differences


def press(widget: QWidget, key: str) -> None:
    QTest.keyClicks(widget, key)


def test_the_sentence_of_the_import_is_above_its_tables(page: Imports, differences: Differences) -> None:
    plan = page.encours.plan
    assert plan is not None
    assert differences.resume.text() == f"{bilan.phrase(plan)}."
    assert "1 nouvelle, 2 modifiées, 5 inchangées, 3 disparues, 0 rejetée" in differences.resume.text()


def test_the_tabs_are_in_the_order_one_reads_them(differences: Differences) -> None:
    assert differences.texts() == [
        "Par mission",
        "Par thème",
        "Par opérateur",
        "Nouvelles 1",
        "Modifiées 2",
        "Disparues 3",
        "Conflits 1",
        "Ignorées 1",
    ]


def test_a_vanished_line_is_withdrawn_by_one_key_and_the_next_one_is_chosen(
    page: Imports, differences: Differences, worker: ManualExecutor
) -> None:
    differences.go("disparues")
    before = page.assistant.bilan.figure("Notifié après")
    differences.table.select([0])
    press(differences.table.view, "r")
    worker.run()
    assert [r[3] for r in rows(differences.table)] == ["retirée", "marquée", "marquée"]
    assert differences.table.selected_ids() == [1]
    press(differences.table.view, "g")
    worker.run()
    assert [r[3] for r in rows(differences.table)] == ["retirée", "gardée", "marquée"]
    plan = page.encours.plan
    assert plan is not None
    assert page.assistant.bilan.figure("Notifié après") == euros(plan.notifie_apres) != before
    assert page.assistant.etape == DIFFERENCES


def test_a_choice_for_every_line_is_the_answer_to_the_question(
    page: Imports, differences: Differences, worker: ManualExecutor
) -> None:
    differences.go("disparues")
    differences.table.select([1])
    press(differences.table.view, "g")
    worker.run()
    differences.table.view.selectAll()
    press(differences.table.view, "R")
    worker.run()
    assert [r[3] for r in rows(differences.table)] == ["retirée"] * 3
    decisions = page.encours.reglages.decisions
    assert decisions["disparues"] == "retirer"
    assert [d for d in decisions if d.startswith("disparue:")] == []


def test_letters_struck_one_after_the_other_decide_line_by_line(
    page: Imports, differences: Differences, worker: ManualExecutor
) -> None:
    differences.go("disparues")
    differences.table.select([0])
    press(differences.table.view, "rgm")
    assert [r[3] for r in rows(differences.table)] == ["retirée", "gardée", "marquée"]
    shown, told = page.encours.plan, page.encours.ecarts
    page.encours.replan()
    worker.run()
    assert page.encours.plan is not shown
    assert page.encours.plan == shown
    assert {a: set(x.lignes) for a, x in page.encours.ecarts.items()} == {a: set(x.lignes) for a, x in told.items()}


def test_a_conflict_shows_three_values_and_is_decided_by_one_key(
    page: Imports, differences: Differences, worker: ManualExecutor
) -> None:
    differences.go("conflits")
    ((*_, imported, base, file, choice),) = rows(differences.table)
    assert (imported, base, file, choice) == (euros(100050), euros(77700), euros(100050), "correction")
    differences.table.select([0])
    press(differences.table.view, "f")
    worker.run()
    assert rows(differences.table)[0][-1] == "fichier"
    plan = page.encours.plan
    assert plan is not None
    assert plan.total_ignore == 0


def test_the_buttons_say_their_letters_and_do_the_same(differences: Differences, worker: ManualExecutor) -> None:
    differences.go("disparues")
    assert [b.text() for b in differences.barre.buttons()] == ["Garder (G)", "Marquer disparue (M)", "Retirer (R)"]
    differences.table.select([2])
    differences.barre.buttons()[0].click()
    worker.run()
    assert [r[3] for r in rows(differences.table)] == ["marquée", "marquée", "gardée"]
    differences.go("nouvelles")
    assert not differences.barre.isVisible()


def test_a_letter_does_nothing_where_there_is_nothing_to_decide(page: Imports, differences: Differences) -> None:
    differences.go("nouvelles")
    differences.table.select([0])
    press(differences.table.view, "r")
    assert not page.bridge.jobs.running


def test_a_search_keeps_the_rows_that_hold_every_word_and_adds_them_up(differences: Differences) -> None:
    differences.go("operateur")
    differences.search.setText("FICTIVE 777")
    QTest.keyClick(differences.search, Qt.Key.Key_Return)
    assert [r[0] for r in rows(differences.table)] == ["Association fictive n° 3"]
    assert differences.table.totals.texts()["avant"] == euros(77700)
    assert differences.table.view.hasFocus()
    differences.search.setText("introuvable")
    QTest.keyClick(differences.search, Qt.Key.Key_Return)
    assert "Aucune ligne ne contient « introuvable »" in differences.table.empty.message()


def test_enter_in_the_search_never_imports(page: Imports, differences: Differences) -> None:
    differences.search.setFocus()
    QTest.keyClick(differences.search, Qt.Key.Key_Return)
    assert page.encours.etat == "pret"
    assert len(page.session.imports.lots()) == 1


def test_a_long_table_is_searched_by_slices(
    differences: Differences, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(import_lines.Lines.prepare, "__defaults__", (2,))
    differences.go("operateur")
    differences.search.setText("n° 11")
    qtbot.waitUntil(lambda: len(rows(differences.table)) == 1)


def test_what_is_chosen_is_added_up(differences: Differences) -> None:
    differences.go("disparues")
    assert differences.table.totals.texts() == {"montant": euros(3 * 100050)}
    differences.table.select([0, 2])
    assert differences.table.totals.texts() == {"montant": euros(2 * 100050)}
    assert differences.table.totals.accessibleName().startswith("2 lignes choisies")


def test_money_left_out_has_its_reason_and_the_way_to_its_lines(page: Imports, differences: Differences) -> None:
    raisons = page.assistant.bilan.raisons
    assert raisons.texts() == [f"{euros(100050)} : 1 ligne : montant corrigé à la main dans la base, gardé"]
    raisons.links()[0].click()
    assert differences.current() == "ignorees"
    assert "gardé" in rows(differences.table)[0][-1]


def test_a_file_that_seems_partial_says_so_and_keeps_the_others(
    imports: Imports, drop: Drop, write: Write, ten: Path, tmp_path: Path
) -> None:
    drop(ten)
    write()
    drop(write_stars(tmp_path / "partiel.csv", [stars(1), stars(2)]))
    imports.assistant.go(DIFFERENCES)
    imports.assistant.differences.go("disparues")
    assert "ne contient que 2 des 10 lignes connues" in imports.assistant.differences.partiel.accessibleName()
    assert {r[3] for r in rows(imports.assistant.differences.table)} == {"gardée"}


def test_the_differences_are_exported_with_totals_that_add_up(
    page: Imports, tmp_path: Path, worker: ManualExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "differences.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.assistant.differences.export_asked.emit()
    worker.run()
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [
        "Par mission",
        "Par thème",
        "Par opérateur",
        "Nouvelles",
        "Modifiées",
        "Disparues",
        "Conflits",
        "Ignorées",
    ]
    plan = page.encours.plan
    assert plan is not None
    total = [c.value for c in list(book["Par mission"].rows)[-1]]
    expected = (plan.notifie_avant, plan.notifie_apres, plan.notifie_apres - plan.notifie_avant)
    assert total == ["Total", *(pytest.approx(c / 100) for c in expected)]
    assert [c.value for c in list(book["Disparues"].rows)[-1]][2] == pytest.approx(3001.50)
    assert "Marquer disparue" in {c.value for c in book["Disparues"]["D"]}
