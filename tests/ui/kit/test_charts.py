"""Charts: pointed at, walked, read as a table, exported."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.ui.kit import style
from firdesk.ui.kit.charts import BarRow, PairedBars, PairRow, RankedBars

THEMES = [BarRow(f"t{i}", f"Parcours {i}", (40 - i) * 100_000_00, f"{40 - i},0 M€") for i in range(12)]


@pytest.fixture
def bars(qtbot: QtBot) -> RankedBars:
    made = RankedBars("Thèmes", noun="thèmes")
    qtbot.addWidget(made)
    made.resize(600, 12 * made.row_height)
    made.set_rows(THEMES)
    made.show()
    return made


def click(chart: RankedBars | PairedBars, qtbot: QtBot, row: int) -> None:
    where = QPoint(60, row * chart.row_height + chart.row_height // 2)
    QTest.mouseClick(chart.plot().viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_click_on_a_row_tells_its_key(bars: RankedBars, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bars.bar_clicked) as signal:
        click(bars, qtbot, 3)
    assert signal.args == ["t3"]


def test_the_keyboard_walks_the_rows_and_opens_one(bars: RankedBars, qtbot: QtBot) -> None:
    QTest.keyClick(bars.plot(), Qt.Key.Key_Down)
    QTest.keyClick(bars.plot(), Qt.Key.Key_Down)
    with qtbot.waitSignal(bars.bar_clicked) as signal:
        QTest.keyClick(bars.plot(), Qt.Key.Key_Return)
    assert signal.args == ["t2"]


def test_the_row_walked_to_is_told(bars: RankedBars, qtbot: QtBot) -> None:
    QTest.keyClick(bars.plot(), Qt.Key.Key_Down)
    assert bars.plot().accessibleDescription() == "Parcours 1 : 3\u202f900\u202f000\u00a0€, 2 sur 12"


def test_the_pointer_highlights_a_row(bars: RankedBars) -> None:
    # Sent straight to the widget: on its way through the screen a move may meet a window that leaves.
    view = bars.plot().viewport()
    for y in (5, bars.row_height + 5):
        at = QPointF(60, y)
        nothing = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove, at, view.mapToGlobal(at), nothing, nothing, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view, move)
    assert bars.plot().hovered == 1


def test_key_t_shows_the_same_data_as_a_table(bars: RankedBars, qtbot: QtBot) -> None:
    QTest.keyClick(bars.plot(), Qt.Key.Key_T)
    assert bars.table_shown
    model = bars.table.model
    assert model is not None
    assert [c.text for c in model.cells(0)] == ["Parcours 0", "4\u202f000\u202f000,00\u00a0€", "9,7\u00a0%"]
    QTest.keyClick(bars.table.view, Qt.Key.Key_T)
    assert not bars.table_shown


def test_a_row_of_the_table_opens_the_same_lines(bars: RankedBars, qtbot: QtBot) -> None:
    bars.toggle_table()
    with qtbot.waitSignal(bars.bar_clicked) as signal:
        bars.table.activated.emit(4)
    assert signal.args == ["t4"]


def test_rows_that_do_not_fit_are_counted(bars: RankedBars, qtbot: QtBot) -> None:
    bars.resize(600, 5 * bars.row_height)
    QApplication.processEvents()
    assert bars.plot().shown == 4
    assert bars.plot().tail == "et 8 autres thèmes · 26,0\u00a0M€"
    with qtbot.waitSignal(bars.tail_clicked):
        click(bars, qtbot, 4)
    assert bars.table_shown


def test_the_summary_is_told_to_those_who_do_not_see(bars: RankedBars) -> None:
    assert bars.accessibleName() == "Thèmes"
    assert bars.accessibleDescription().startswith("12 barres, total 41\u202f400\u202f000\u00a0€.")


def test_an_empty_chart_paints(qtbot: QtBot) -> None:
    chart = RankedBars("Vide")
    qtbot.addWidget(chart)
    chart.set_rows([])
    chart.show()
    chart.grab()
    assert chart.plot().shown == 0


def test_zero_and_negative_values_paint(qtbot: QtBot) -> None:
    chart = RankedBars("Soldes")
    qtbot.addWidget(chart)
    chart.set_rows([BarRow("a", "A", 0, "0 €"), BarRow("b", "B", -5, "-5 €")])
    chart.resize(300, 100)
    chart.show()
    assert not chart.grab().isNull()


def test_the_selected_key_survives_new_rows(bars: RankedBars) -> None:
    bars.set_selected("t5")
    bars.set_rows(list(reversed(THEMES)))
    assert bars.plot().selected == 6


def test_paired_bars_show_both_series_and_the_marker_in_the_table(qtbot: QtBot) -> None:
    chart = PairedBars("Missions", first="Engagé", second="Payé", mark="Ouvert")
    qtbot.addWidget(chart)
    chart.set_rows([PairRow("1", "1 · Prévention", 7_410, 7_300, 7_600, "74,10 €")])
    chart.resize(500, 60)
    chart.show()
    model = chart.table.model
    assert model is not None
    assert [c.title for c in model.columns] == ["Libellé", "Ouvert", "Engagé", "Payé"]
    with qtbot.waitSignal(chart.bar_clicked):
        click(chart, qtbot, 0)


def test_the_png_holds_every_row_on_the_light_ground(bars: RankedBars, tmp_path: Path, qapp: QApplication) -> None:
    style.install(qapp, "sombre")
    bars.export_png(tmp_path / "themes.png")
    image = QImage(str(tmp_path / "themes.png"))
    assert image.height() >= 2 * 12 * bars.row_height
    assert image.pixelColor(2, 2).name() == style.CLAIR.surface
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert style.CLAIR.barre in colours
    assert style.current() is style.SOMBRE


def test_the_svg_has_a_title_and_needs_no_font(bars: RankedBars, tmp_path: Path) -> None:
    bars.export_svg(tmp_path / "themes.svg")
    text = (tmp_path / "themes.svg").read_text("utf-8")
    assert "<title>Thèmes</title>" in text
    assert "<text" not in text
