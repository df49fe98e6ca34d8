"""Columns of figures hold their longest one, in a line as in a total, and their title; text stays readable."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.ui.kit.column_room import READABLE
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.delegates import DOT, PAD
from firdesk.ui.kit.table_model import PagedTableModel, SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import text_width
from firdesk.ui.kit.widths import fitted

COLUMNS = (ColumnSpec("nom", "Ligne", width=77, stretch=True), ColumnSpec("ae", "AE", "montant", 10, decimals=True))


@pytest.mark.parametrize("role", ["montant", "total"])
@pytest.mark.parametrize("cents", [0, 527_499_262_00, -527_499_262_05])
@pytest.mark.usefixtures("qapp")
def test_the_longest_amount_fits(cents: int, role: str) -> None:
    made = fitted(COLUMNS, [("a", 1_00), ("b", cents), ("c", None), ("d", "—")])
    wide = text_width(money.euros(cents, decimals=True), role)  # type: ignore[arg-type]
    assert made[1].width - 2 * PAD >= wide


@pytest.mark.usefixtures("qapp")
def test_without_rows_the_title_fits_and_other_columns_keep_their_width() -> None:
    made = fitted((COLUMNS[0], ColumnSpec("ae", "Autorisations d'engagement", "montant", 10)), [])
    assert made[0].width == 77
    assert made[1].width - 2 * PAD >= text_width("Autorisations d'engagement", "entete")


TABLE = (
    ColumnSpec("nom", "Ligne", width=200, stretch=True),
    ColumnSpec("ae", "AE", "montant", 40),
    ColumnSpec("etat", "État", "etat", 40),
)


@pytest.fixture
def table(qtbot: QtBot) -> DataTable:
    model = SimpleTableModel(TABLE, [("Vigie", 1_00, ("succes", "Rapprochée"))])
    made = DataTable(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def width(table: DataTable, column: int) -> int:
    return table.view.horizontalHeader().sectionSize(column)


def test_a_column_of_figures_grows_with_its_lines_and_never_narrows(table: DataTable) -> None:
    model = table.model
    assert isinstance(model, SimpleTableModel)
    model.set_rows([("Vigie", 527_499_262_05, ("succes", "Rapprochée"))])
    wide = text_width(money.euros(527_499_262_05), "total") + 2 * PAD
    assert width(table, 1) == wide
    model.set_rows([("Vigie", 1_00, ("succes", "Rapprochée"))])
    assert width(table, 1) == wide


def test_a_column_of_figures_holds_its_total(table: DataTable) -> None:
    table.set_totals({"ae": "1 527 499 262,05 €"})
    assert width(table, 1) - 2 * PAD == text_width("1 527 499 262,05 €", "total")


def test_a_state_is_whole_with_its_dot(table: DataTable) -> None:
    assert width(table, 2) == text_width("Rapprochée") + DOT + 2 * PAD


def test_a_column_shown_again_holds_what_came_meanwhile(table: DataTable) -> None:
    model = table.model
    assert isinstance(model, SimpleTableModel)
    table.view.setColumnHidden(1, True)
    model.set_rows([("Vigie", 527_499_262_05, None)])
    table.view.setColumnHidden(1, False)
    assert width(table, 1) - 2 * PAD >= text_width(money.euros(527_499_262_05))


def test_figures_of_a_page_just_read_are_whole(qtbot: QtBot) -> None:
    class Source:
        def ids(self) -> array[int]:
            return array("q", [7])

        def rows(self, ids: Sequence[int]) -> list[tuple[object, ...]]:
            return [("Vigie", 527_499_262_05, None) for _ in ids]

    model = PagedTableModel(Source(), TABLE)
    made = DataTable(model)
    model.setParent(made)
    qtbot.addWidget(made)
    made.show()
    wide = text_width(money.euros(527_499_262_05)) + 2 * PAD
    qtbot.waitUntil(lambda: width(made, 1) >= wide)


def test_a_column_of_text_stays_readable_and_the_table_scrolls(table: DataTable) -> None:
    table.resize(220, 300)
    assert width(table, 0) == READABLE
    assert table.view.horizontalHeader().length() > table.view.viewport().width()
    table.resize(900, 300)
    assert table.view.horizontalHeader().length() == table.view.viewport().width()


def test_amounts_of_a_column_show_their_cents_all_or_none(qapp: QApplication) -> None:
    model = SimpleTableModel(TABLE, [("a", 1_00, None), ("b", 2_50, None)])
    assert [model.cells(row)[1].text for row in range(2)] == [money.euros(1_00, decimals=True), money.euros(2_50)]
    model.set_rows([("a", 1_00, None), ("b", 2_00, None)])
    assert [model.cells(row)[1].text for row in range(2)] == [money.euros(1_00), money.euros(2_00)]


def test_a_total_is_written_as_its_lines_are(table: DataTable) -> None:
    model = table.model
    assert isinstance(model, SimpleTableModel)
    model.set_rows([("a", 1_50, None), ("b", 2_50, None)])
    table.set_totals({"ae": 4_00})
    assert table.totals.texts() == {"ae": money.euros(4_00, decimals=True)}
