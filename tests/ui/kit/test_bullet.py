"""Bullets in cells: words first, bars to the scale of their line, an overrun in another tone and in figures."""

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from firdesk.ui.kit import style
from firdesk.ui.kit.bullet import BulletDelegate
from firdesk.ui.kit.columns import Barre, ColumnSpec, Jauge
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable

COLUMNS = (ColumnSpec("nom", "Ligne", stretch=True), ColumnSpec("jauge", "Consommé", "jauge", 200))


def jauge(used: int, opened: int) -> Jauge:
    text = f"{100 * used // opened} %" if opened else "—"
    return Jauge((Barre(used, opened, text),), f"AE {text}")


@pytest.fixture
def table(qtbot: QtBot) -> DataTable:
    rows = [("moitié", jauge(50, 100)), ("pleine", jauge(100, 100)), ("au-delà", jauge(150, 100)), ("rien", None)]
    made = DataTable(SimpleTableModel(COLUMNS, rows), name="Lignes")
    assert made.model is not None
    made.model.setParent(made)
    made.view.setItemDelegate(BulletDelegate(made.view))
    qtbot.addWidget(made)
    made.resize(480, 240)
    made.show()
    return made


def painted(table: DataTable, row: int, colour: str) -> int:
    """How many pixels of a bar have nearly this colour."""
    picture = table.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert table.model is not None
    room, wanted = table.view.visualRect(table.model.index(row, 1)), style.color(colour)

    def near(c: QColor) -> bool:
        gaps = (c.red() - wanted.red(), c.green() - wanted.green(), c.blue() - wanted.blue())
        return sum(map(abs, gaps)) < 24

    band = range(room.center().y() - 3, room.center().y() + 4)  # the bar, not the lines of the row in focus
    return sum(near(picture.pixelColor(x, y)) for x in range(room.left(), room.right()) for y in band)


def test_a_bar_is_as_long_as_what_was_used(table: DataTable) -> None:
    half, full = painted(table, 0, "accent"), painted(table, 1, "accent")
    assert half > 0
    assert 1.7 < full / half < 2.3


def test_an_overrun_changes_tone_and_keeps_its_figure(table: DataTable) -> None:
    assert painted(table, 2, "accent") == 0
    assert painted(table, 2, "alerte") > 0
    assert table.model is not None
    assert table.model.cells(2)[1].text == "AE 150 %"


def test_a_line_without_credits_paints_no_bar(table: DataTable) -> None:
    assert painted(table, 3, "accent") == painted(table, 3, "alerte") == 0


def test_a_bullet_is_copied_as_its_words(table: DataTable) -> None:
    from PySide6.QtGui import QGuiApplication

    table.view.selectAll()
    table.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1] == "moitié\tAE 50 %"
