"""Tables: pages fetched when looked at, copy, sort, selection by id, states."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractItemView, QMenu
from pytestqt.qtbot import QtBot

from firdesk.domain.jour import french_date
from firdesk.ui.kit.columns import cell, plain
from firdesk.ui.kit.table_model import PAGE, ColumnSpec, PagedTableModel, SimpleTableModel
from firdesk.ui.kit.table_view import DataTable

COLUMNS = (
    ColumnSpec("nom", "Opérateur", "texte", 200, stretch=True),
    ColumnSpec("code", "Destination", "code", 90),
    ColumnSpec("ae", "AE engagée", "montant", 120),
    ColumnSpec("alerte", "", "icone", 40),
)


class Source:
    """A counted source of ``count`` rows whose ids start at 1000."""

    def __init__(self, count: int) -> None:
        self.numbers = array("q", range(1000, 1000 + count))
        self.asked: list[int] = []

    def ids(self) -> array[int]:
        return self.numbers

    def rows(self, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        self.asked.extend(ids)
        return [(f"Opérateur {i}", "MI2-3-8", i * 100, "À voir" if i % 2 else None) for i in ids]


@pytest.fixture
def source() -> Source:
    return Source(300)


@pytest.fixture
def table(source: Source, qtbot: QtBot) -> DataTable:
    made = DataTable(PagedTableModel(source, COLUMNS), name="Lignes")
    qtbot.addWidget(made)
    model = made.model
    assert model is not None
    model.setParent(made)
    made.resize(700, 400)
    made.show()
    return made


def model_of(table: DataTable) -> PagedTableModel:
    assert isinstance(table.model, PagedTableModel)
    return table.model


def test_the_paged_model_behaves_as_a_model(qtbot: QtBot) -> None:
    model = PagedTableModel(Source(300), COLUMNS)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.reload(array("q", range(50)))
    model.reload(array("q"))


def test_the_simple_model_behaves_as_a_model(qtbot: QtBot) -> None:
    model = SimpleTableModel(COLUMNS, [("b", "MI1-1-1", 2, None), ("a", "MI1-1-2", 1, None)])
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(0)
    model.set_rows([("c", "MI1-1-1", 2, None)])


def test_a_million_lines_fetch_only_the_pages_in_sight(qtbot: QtBot) -> None:
    source = Source(1_000_000)
    table = DataTable(PagedTableModel(source, COLUMNS))
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.grab()
    assert set(source.asked) == set(range(1000, 1000 + PAGE))
    source.asked.clear()
    table.view.scrollToBottom()
    table.grab()
    assert len(source.asked) <= 2 * PAGE
    assert max(source.asked) == 1_000_999


def test_a_page_is_fetched_once(table: DataTable, source: Source) -> None:
    table.grab()
    source.asked.clear()
    table.grab()
    assert source.asked == []


def test_reloading_keeps_the_selection_by_id(table: DataTable) -> None:
    table.select([1005], current=1005)
    model_of(table).reload(array("q", [1009, 1005, 1001]))
    assert table.selected_ids() == [1005]
    assert table.view.currentIndex().row() == 1


def test_a_cell_says_its_column_and_value(table: DataTable) -> None:
    index = model_of(table).index(0, 2)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "AE engagée : 1\u202f000\u00a0€"


def test_selecting_rows_tells_their_ids(table: DataTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.selection_changed) as signal:
        table.select([1002, 1004])
    assert signal.args == [[1002, 1004]]


def test_selecting_a_million_lines_is_immediate(qtbot: QtBot) -> None:
    table = DataTable(PagedTableModel(Source(1_000_000), COLUMNS))
    qtbot.addWidget(table)
    table.view.selectAll()
    assert len(table.selected_ids()) == 1_000_000


def test_copy_gives_tab_separated_text_with_titles(table: DataTable, qtbot: QtBot) -> None:
    table.select([1001, 1000])
    QTest.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Opérateur\tDestination\tAE engagée\t",
        "Opérateur 1000\tMI2-3-8\t1000,00\t",
        "Opérateur 1001\tMI2-3-8\t1001,00\tÀ voir",
    ]


def test_copy_leaves_hidden_columns_out(table: DataTable) -> None:
    table.view.setColumnHidden(1, True)
    table.select([1000])
    table.copy()
    assert QGuiApplication.clipboard().text().startswith("Opérateur\tAE engagée\t\n")


def test_control_a_selects_everything(table: DataTable, qtbot: QtBot) -> None:
    QTest.keyClick(table.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(table.selected_ids()) == 300


def click_header(table: DataTable, qtbot: QtBot, column: int) -> None:
    header = table.view.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_click_on_an_amount_sorts_from_the_largest(table: DataTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.sort_requested) as signal:
        click_header(table, qtbot, 2)
    assert signal.args == ["ae", True]


def test_a_second_click_turns_the_order(table: DataTable, qtbot: QtBot) -> None:
    click_header(table, qtbot, 0)
    with qtbot.waitSignal(table.sort_requested) as signal:
        click_header(table, qtbot, 0)
    assert signal.args == ["nom", True]


def test_enter_activates_the_current_row(table: DataTable, qtbot: QtBot) -> None:
    table.select([1003], current=1003)
    with qtbot.waitSignal(table.activated) as signal:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert signal.args == [1003]


def test_tab_leaves_the_table(table: DataTable) -> None:
    assert not table.view.tabKeyNavigation()


def test_totals_are_told_with_the_titles_of_their_columns(table: DataTable) -> None:
    table.set_totals({"ae": "53 118 240 €"})
    assert table.totals.isVisible()
    assert table.totals.accessibleName() == "Total du filtre : AE engagée 53 118 240 €"


def test_a_state_takes_the_place_of_the_rows_and_its_action_works(table: DataTable, qtbot: QtBot) -> None:
    done: list[str] = []
    table.set_state("filtre_vide", "Aucune ligne", "Retirer les filtres", lambda: done.append("retiré"))
    assert not table.view.isVisible()
    assert table.empty.message() == "Aucune ligne"
    table.empty.buttons()[0].click()
    assert done == ["retiré"]
    table.set_state("donnees")
    assert table.view.isVisible()


def test_the_context_menu_is_filled_for_the_selection(table: DataTable, qtbot: QtBot) -> None:
    seen: list[list[int]] = []

    def build(menu: QMenu, ids: list[int]) -> None:
        seen.append(ids)
        menu.addAction("Dupliquer")

    table.set_context_menu(build)
    table.select([1001])
    table.view.customContextMenuRequested.emit(QPoint(20, 20))
    menu = table.findChild(QMenu)
    assert menu is not None
    assert [a.text() for a in menu.actions()] == ["Dupliquer", "", "Copier"]
    menu.close()
    assert seen == [[1001]]


def test_columns_come_back_as_they_were_left(table: DataTable) -> None:
    table.view.setColumnHidden(1, True)
    table.view.horizontalHeader().resizeSection(2, 155)
    table.view.horizontalHeader().moveSection(2, 0)
    state = table.column_state()
    other = DataTable(PagedTableModel(Source(3), COLUMNS))
    other.restore_columns(state)
    assert other.column_state() == state
    other.deleteLater()


def test_editing_a_cell_asks_the_owner_and_changes_nothing_itself(qtbot: QtBot) -> None:
    columns = (ColumnSpec("nom", "Nom", editable=True),)
    model = SimpleTableModel(columns, [("avant",)])
    with qtbot.waitSignal(model.edit_requested) as signal:
        model.setData(model.index(0, 0), "après")
    assert signal.args == [0, "nom", "après"]
    assert model.index(0, 0).data() == "avant"


def test_a_small_table_sorts_amounts_as_numbers_and_words_without_accents(qtbot: QtBot) -> None:
    rows = [("Zoé", "", 900, None), ("Éric", "", 10_000, None), ("Anne", "", -100, None)]
    model = SimpleTableModel(COLUMNS, rows)
    model.sort(2)
    assert [model.cells(r)[0].text for r in range(3)] == ["Anne", "Zoé", "Éric"]
    model.sort(0)
    assert [model.cells(r)[0].text for r in range(3)] == ["Anne", "Éric", "Zoé"]


def test_a_table_with_subtotals_keeps_its_order(qtbot: QtBot) -> None:
    model = SimpleTableModel(COLUMNS, strong_rows=[1], rows=[("b", "", 1, None), ("Total", "", 1, None)])
    model.sort(0)
    assert [model.cells(r)[0].text for r in range(2)] == ["b", "Total"]
    assert model.strong(1)


def test_sorting_keeps_the_selected_row(qtbot: QtBot) -> None:
    model = SimpleTableModel(COLUMNS, [("b", "", 2, None), ("a", "", 1, None)])
    table = DataTable(model)
    qtbot.addWidget(table)
    table.view.selectionModel().select(
        model.index(0, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    model.sort(0)
    assert table.selected_ids() == [0]


@pytest.mark.parametrize(
    ("kind", "raw", "text"),
    [
        ("montant", 123450, "1\u202f234,50\u00a0€"),
        ("montant", 0, "0\u00a0€"),
        ("montant", None, ""),
        ("entier", -1200, "\u22121\u202f200"),
        ("date", "2025-11-18", "18/11/2025"),
        ("etat", ("succes", "Notifié"), "Notifié"),
        ("icone", False, ""),
    ],
)
def test_a_cell_is_written_as_its_kind_wants(kind: Any, raw: object, text: str) -> None:
    assert cell(ColumnSpec("x", "X", kind), raw).text == text


def test_a_copied_amount_is_a_number_for_a_spreadsheet() -> None:
    spec = ColumnSpec("x", "X", "montant")
    assert plain(spec, cell(spec, -123450)) == "-1234,50"


def test_a_moment_is_written_to_the_minute() -> None:
    assert french_date("2025-11-18T18:02:11") == "18/11/2025 18:02"


def test_other_columns_take_their_own_widths(qtbot: QtBot) -> None:
    model = SimpleTableModel((ColumnSpec("a", "A", width=90),), [("x",)])
    table = DataTable(model)
    qtbot.addWidget(table)
    model.set_columns((ColumnSpec("b", "B", width=60), ColumnSpec("c", "C", width=170)), [("x", "y")])
    header = table.view.horizontalHeader()
    assert [header.sectionSize(i) for i in range(header.count())] == [60, 170]


def test_a_model_taken_away_is_no_longer_listened_to(qtbot: QtBot) -> None:
    first, second = SimpleTableModel(COLUMNS, [("a", "", 1, None)]), SimpleTableModel(COLUMNS)
    table = DataTable(first)
    qtbot.addWidget(table)
    table.set_model(second)
    with qtbot.assertNotEmitted(table.sort_requested):
        first.sort(0)
    with qtbot.waitSignal(table.sort_requested):
        second.sort(0)


def test_rows_read_again_leave_how_a_cell_is_edited(qtbot: QtBot) -> None:
    columns = (ColumnSpec("nom", "Nom", editable=True),)
    model = SimpleTableModel(columns, [("Vigie",)])
    made = DataTable(model)
    model.setParent(made)
    qtbot.addWidget(made)
    triggers = QAbstractItemView.EditTrigger.AnyKeyPressed
    made.view.setEditTriggers(triggers)
    model.set_rows([("Cap",)])
    assert made.view.editTriggers() == triggers
