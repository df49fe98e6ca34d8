"""Shares, numbers and years: fields that read them, rows that follow another one, bars that say them."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from firdesk.domain.problem import Invalide
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.fields import NombreEdit, PourcentEdit
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.year_bars import YearBar, YearBars


def test_a_share_is_written_again_on_leaving_and_refused_above_the_whole(qtbot: QtBot) -> None:
    field = PourcentEdit()
    qtbot.addWidget(field)
    field.setText("33.5")
    field.settle()
    assert (field.text(), field.part()) == ("33,5\u00a0%", 3350)
    field.setText("120")
    with pytest.raises(Invalide, match="dépasse 100"):
        field.part()
    field.set_part(None)
    assert field.part() is None


def test_a_number_keeps_its_decimals_and_an_empty_field_is_no_zero(qtbot: QtBot) -> None:
    field = NombreEdit()
    qtbot.addWidget(field)
    assert field.milliemes() is None
    field.setText("0,5")
    field.settle()
    assert (field.text(), field.milliemes()) == ("0,5", 500)
    field.setText("beaucoup")
    assert "n'est pas un nombre" in field.problem()


def test_rows_that_detail_another_one_follow_it_in_any_order(qtbot: QtBot) -> None:
    model = SimpleTableModel((ColumnSpec("nom", "Nom"), ColumnSpec("n", "N", "entier")))
    model.set_rows([("b", 2), ("dont b", None), ("a", 3), ("c", 1), ("dont c", None)], under={1: 0, 4: 3})
    for column, order, wanted in (
        (0, Qt.SortOrder.AscendingOrder, ["a", "b", "dont b", "c", "dont c"]),
        (1, Qt.SortOrder.AscendingOrder, ["c", "dont c", "b", "dont b", "a"]),
        (1, Qt.SortOrder.DescendingOrder, ["a", "b", "dont b", "c", "dont c"]),
    ):
        model.sort(column, order)
        assert [model.cells(i)[0].text for i in range(model.rowCount())] == wanted


def test_years_are_painted_and_said(qtbot: QtBot) -> None:
    bars = YearBars("Valeurs")
    qtbot.addWidget(bars)
    bars.resize(300, bars.height())
    bars.set_bars(
        [YearBar("2024", None, 5, ""), YearBar("2025", -3, 5, "−3"), YearBar("2026", 7, None, "7")], "7 en 2026"
    )
    assert not bars.grab().isNull()
    assert bars.accessibleDescription() == "7 en 2026"
    bars.set_bars([], "")
    assert bars.isHidden()
