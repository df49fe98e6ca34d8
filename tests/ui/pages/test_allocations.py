"""The table of allocations: what it shows adds up, filters say themselves, lines change in one operation each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.allocation_table import hidden_for
from firdesk.ui.pages.allocations import Allocations
from tests.ui.pages.conftest import Said

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(allocations: Allocations) -> Allocations:
    return allocations


def cells(page: Allocations, key: str) -> list[str]:
    column = page.model.column_of(key)
    return [page.model.cells(row)[column].text for row in range(page.model.rowCount())]


def operations(page: Allocations) -> int:
    return len(page.session.operations.recent())


def choose_cell(page: Allocations, row: int, key: str) -> None:
    page.table.view.setFocus()
    page.table.view.setCurrentIndex(page.model.index(row, page.model.column_of(key)))


def test_the_footer_is_the_sum_of_the_lines(page: Allocations) -> None:
    column = page.model.column_of("notifie")
    amounts = [page.model.cells(row)[column].raw for row in range(page.model.rowCount())]
    assert page.table.totals.texts()["notifie"] == money.euros(sum(int(str(a)) for a in amounts))
    assert sum(int(str(a)) for a in amounts) == 10_800_000_50


def test_an_amount_nobody_wrote_is_a_dash(page: Allocations) -> None:
    assert set(cells(page, "paye")) == {"—"}
    assert page.table.totals.texts()["paye"] == "—"


def test_the_subtitle_counts_lines_and_filters(page: Allocations) -> None:
    assert page.subtitle == "5 lignes"
    page.accept(Filtre(exercice=2025, departements=("59",), themes=("PA",)))
    assert page.subtitle == "1 ligne sur 5 · 2 filtres"


def test_each_filter_is_a_chip(page: Allocations) -> None:
    page.accept(Filtre(exercice=2025, missions=("2",), departements=("02",), texte="laon"))
    assert page.bar.chips.keys() == ["missions", "departements", "texte"]
    assert page.bar.chips.chip("departements").text() == "Département : 02 Aisne"


def test_a_chip_removed_gives_the_lines_back(page: Allocations) -> None:
    page.accept(Filtre(exercice=2025, departements=("02",)))
    assert page.model.rowCount() == 2
    page.bar.chips.removed.emit("departements")
    assert page.model.rowCount() == 5


def test_no_line_under_the_filters_offers_to_clear_them(page: Allocations) -> None:
    page.accept(Filtre(exercice=2025, texte="introuvable"))
    assert page.table.empty.message() == "Aucune allocation ne répond à ces filtres."
    page.table.empty.buttons()[0].click()
    assert page.model.rowCount() == 5
    assert page.bar.search.text() == ""


def test_typing_a_text_filters_after_a_moment(page: Allocations, qtbot: QtBot) -> None:
    QTest.keyClicks(page.bar.search, "inea")
    assert page.model.rowCount() == 5
    qtbot.waitUntil(lambda: page.model.rowCount() == 1)
    assert cells(page, "operateur") == ["GIP Inéa"]


def test_a_text_is_found_whatever_its_accents(page: Allocations) -> None:
    page.accept(Filtre(exercice=2025, texte="INEA"))
    assert page.model.rowCount() == 1


def test_values_of_a_filter_are_found_by_typing_and_ticked(page: Allocations) -> None:
    page.bar.open_popup("themes")
    popup = page.bar.popup
    QTest.keyClicks(popup.search, "cancer")
    QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert page.filtre.themes == ("CANCER",)
    assert page.model.rowCount() == 1
    assert not popup.isVisible()


def test_the_criteria_are_proposed_first(page: Allocations) -> None:
    page.bar.chips.add_button.click()
    popup = page.bar.popup
    assert [popup.list.item(i).text() for i in range(3)] == ["Mission", "Destination", "Thème"]
    popup.list.setCurrentRow(2)
    QTest.keyClick(popup.list, Qt.Key.Key_Return)
    assert popup.search.placeholderText() == "Thème…"
    popup.hide()


def test_another_page_may_ask_for_lines_of_every_year(page: Allocations) -> None:
    page.accept(Filtre(None, operateurs=(1,)))
    assert cells(page, "reference") == ["2024-0001", "2025-0001"]
    page.bar.chips.removed.emit("exercice")
    assert cells(page, "reference") == ["2025-0001"]


def test_the_page_follows_the_exercice(page: Allocations) -> None:
    page.bridge.set_exercice(2024)
    assert cells(page, "reference") == ["2024-0001"]


def test_sorting_by_an_amount_starts_from_the_largest(page: Allocations) -> None:
    page.model.sort(page.model.column_of("notifie"), Qt.SortOrder.DescendingOrder)
    assert cells(page, "notifie")[0] == money.euros(5_000_000_00)


@pytest.mark.parametrize("key", ["operateur", "theme", "destination", "mission", "objet"])
def test_every_sort_keeps_every_line(page: Allocations, key: str) -> None:
    page.model.sort(page.model.column_of(key), Qt.SortOrder.AscendingOrder)
    assert sorted(cells(page, "reference")) == [f"2025-000{n}" for n in range(1, 6)]


def test_the_status_adds_up_the_selection(page: Allocations) -> None:
    page.table.select([1, 2])
    assert page.status == f"5 lignes · sélection 2 · somme {money.euros(1_500_000_00)} notifiés"


def test_a_deleted_line_comes_back(page: Allocations, worker: ManualExecutor) -> None:
    page.table.select([2], current=2)
    before = operations(page)
    page.table.view.setFocus()
    QTest.keyClick(page.table.view, Qt.Key.Key_Delete)
    assert "2025-0002" not in cells(page, "reference")
    assert operations(page) == before + 1
    page.bridge.undo()
    worker.run()
    assert cells(page, "reference")[1] == "2025-0002"
    assert page.table.totals.texts()["notifie"] == money.euros(10_800_000_50)


def test_a_cell_is_typed_in_place(page: Allocations) -> None:
    before = operations(page)
    page.actions_on_lines.write_cell(1, "notifie", "1 234,50")
    assert cells(page, "notifie")[0] == money.euros(1_234_50)
    assert operations(page) == before + 1


def test_an_ambiguous_amount_is_refused_in_the_table_too(page: Allocations, said: Said) -> None:
    page.actions_on_lines.write_cell(1, "notifie", "1.234")
    assert cells(page, "notifie")[0] == money.euros(1_000_000_00)
    assert "peut se lire" in said.last


def test_a_theme_typed_in_place_is_the_users_choice(page: Allocations) -> None:
    page.actions_on_lines.write_cell(1, "theme", "parcours cancer")
    saved = page.session.allocations.get(1)
    assert saved is not None
    assert (saved.theme, saved.theme_choisi) == ("CANCER", True)


def test_f2_opens_the_editor_of_the_current_cell(page: Allocations, qtbot: QtBot) -> None:
    choose_cell(page, 0, "objet")
    page.table.view.setColumnHidden(page.model.column_of("objet"), False)
    QTest.keyClick(page.table.view, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    QTest.keyClicks(editor, "Astreintes")  # type: ignore[arg-type]
    QTest.keyClick(editor, Qt.Key.Key_Return)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: cells(page, "objet")[0] == "Astreintes")


def test_a_block_is_pasted_in_one_operation(page: Allocations) -> None:
    page.table.view.setColumnHidden(page.model.column_of("notifie"), False)
    choose_cell(page, 0, "notifie")
    before = operations(page)
    QGuiApplication.clipboard().setText("1 000,00\n2 000,00\n")
    QTest.keyClick(page.table.view, Qt.Key.Key_V, CONTROL)
    assert cells(page, "notifie")[:2] == [money.euros(1_000_00), money.euros(2_000_00)]
    assert operations(page) == before + 1


def test_what_a_paste_refuses_is_told_and_the_rest_is_written(page: Allocations, said: Said) -> None:
    page.table.view.setColumnHidden(page.model.column_of("notifie"), False)
    choose_cell(page, 3, "notifie")
    page.actions_on_lines.paste("1.234\n5 000\n7 000\n")
    assert cells(page, "notifie")[3:] == [money.euros(4_000_000_00), money.euros(5_000_00)]
    text = said.last
    assert text.startswith("Collé dans 1 allocation. 2 refus : 2025-0004 : « 1.234 » peut se lire")
    assert "1 ligne du bloc au-delà de la fin du tableau." in text


def test_undoing_keeps_the_chosen_line(page: Allocations, worker: ManualExecutor) -> None:
    page.table.select([3], current=3)
    page.actions_on_lines.write_cell(1, "objet", "Autre")
    page.bridge.undo()
    worker.run()
    assert page.table.selected_ids() == [3]
    assert cells(page, "objet")[0] == ""


def test_a_line_that_leaves_the_filter_leaves_the_table(page: Allocations) -> None:
    page.accept(Filtre(exercice=2025, themes=("CANCER",)))
    page.actions_on_lines.write_cell(3, "theme", "Divers")
    assert page.model.rowCount() == 0
    assert page.subtitle == "0 ligne sur 5 · 1 filtre"


def test_the_context_menu_filters_on_the_like(page: Allocations) -> None:
    page.show_line(2)
    menu = QMenu()
    page.actions_on_lines.fill_menu(menu, [2])
    next(a for a in menu.actions() if a.text() == "Filtrer sur cet opérateur").trigger()
    assert cells(page, "reference") == ["2025-0002", "2025-0003"]


def test_the_lines_of_the_filter_are_exported(page: Allocations, worker: ManualExecutor, tmp_path: Path) -> None:
    page.accept(Filtre(exercice=2025, departements=("59",)))
    page.actions_on_lines.export_to(tmp_path / "a.csv")
    worker.run()
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").count("2025-") == 3


def test_the_model_stays_sound_through_changes(page: Allocations, worker: ManualExecutor) -> None:
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal, page)
    page.accept(Filtre(exercice=2025, themes=("CANCER",)))
    page.actions_on_lines.write_cell(3, "theme", "Divers")
    page.bridge.undo()
    worker.run()
    page.bar.clear()
    assert page.model.rowCount() == 5


def test_a_small_window_keeps_names_and_money() -> None:
    shown = {"operateur", "destination", "theme", "engage", "paye", "signal"}
    assert not shown & hidden_for(726, executed=True)
    assert {"notifie", "theme"}.isdisjoint(hidden_for(726, executed=False))
