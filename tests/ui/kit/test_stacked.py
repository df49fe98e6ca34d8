"""Stacked bars: series end to end, a hatched balance, the same data in the table, a picture of all rows."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.stacked import StackedBars, StackRow

COLUMNS = (
    ColumnSpec("nom", "Nom", stretch=True),
    ColumnSpec("a", "2025", "montant"),
    ColumnSpec("b", "Reste", "montant"),
)
ROWS = (
    StackRow("x", "Petit", (10, 20), "0,3", ("Petit", 10, 20)),
    StackRow("y", "Grand", (100, 0), "1,0", ("Grand", 100, None)),
    StackRow("z", "Négatif", (50, -20), "0,5", ("Négatif", 50, -20)),
)


@pytest.fixture
def chart(qtbot: QtBot) -> StackedBars:
    made = StackedBars("Échéancier", noun="lignes")
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    made.set_rows(ROWS, ("2025", "Reste"), COLUMNS, {"a": 160, "b": 0}, hatched=True)
    return made


def test_the_table_keeps_the_order_given_and_the_chart_ranks(chart: StackedBars) -> None:
    model = chart.table.model
    assert model is not None
    assert [model.cells(i)[0].text for i in range(3)] == ["Petit", "Grand", "Négatif"]
    assert [r.label for r in chart.all_rows()] == ["Grand", "Négatif", "Petit"]


def test_a_row_of_the_table_and_its_bar_say_the_same_key(chart: StackedBars, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chart.bar_clicked) as clicked:
        chart.table.activated.emit(0)
    assert clicked.args == ["x"]
    with qtbot.waitSignal(chart.bar_clicked) as clicked:
        chart.plot().activate(0)
    assert clicked.args == ["y"]


def test_the_table_is_one_key_away_and_back(chart: StackedBars) -> None:
    chart.plot().setFocus()
    QTest.keyClick(chart.plot(), Qt.Key.Key_T)
    assert chart.table_shown
    QTest.keyClick(chart.table.view, Qt.Key.Key_T)
    assert not chart.table_shown


def test_the_longest_bar_fills_the_width_whatever_its_series(chart: StackedBars) -> None:
    assert chart.plot().plotItem.vb.viewRange()[0] == [0, 100]


def test_each_series_has_a_name_and_a_tooltip(chart: StackedBars) -> None:
    assert chart.legend.accessibleName() == "Séries : 2025, Reste"
    assert chart.all_rows()[2].tooltip.startswith("Petit : 2025 0,10")


def test_series_are_painted_in_different_colours(chart: StackedBars) -> None:
    shades = style.shades(4)
    assert len({c.name() for c in shades}) == 4


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_it_is_exported_with_its_legend(chart: StackedBars, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"graphe.{kind}"
    (chart.export_png if kind == "png" else chart.export_svg)(path)
    if kind == "png":
        assert QImage(str(path)).height() == 2 * (40 + chart.legend_height + 3 * chart.row_height + 16)
    else:
        assert "<svg" in path.read_text(encoding="utf-8")
