"""Stacked bars: one row a key, its series end to end, their legend; the same data as a table of any columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.charts import Chart
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.text import text_width

if TYPE_CHECKING:
    from firdesk.ui.kit.plots import PlotRow

_SQUARE = 10


@dataclass(frozen=True, slots=True)
class StackRow:
    """One row: a value a series, in cents, what is written at its right, its row of the table."""

    key: str
    label: str
    values: tuple[int, ...]
    text: str
    row: tuple[Any, ...]


class StackedBars(Chart):
    """The series are named; the last one is hatched when ``hatched`` (a balance, not a series like the others)."""

    bar_height = 12
    stacked = True

    def __init__(
        self, title: str = "Graphique", *, noun: str = "", hatched: bool = False, parent: QWidget | None = None
    ) -> None:
        self.hatched = hatched
        super().__init__(title, (), parent)
        self.noun = noun
        self._names: tuple[str, ...] = ()
        self._rows: tuple[StackRow, ...] = ()
        self.legend = Legend()
        self._order: list[int] = []

    def set_rows(
        self,
        rows: Sequence[StackRow],
        names: Sequence[str],
        columns: Sequence[ColumnSpec],
        totals: Mapping[str, int],
        *,
        hatched: bool = False,
    ) -> None:
        """Show these rows in this order in the table, the longest first in the chart."""
        self._rows, self._names, self.hatched = tuple(rows), tuple(names), hatched
        if tuple(columns) != self._model.columns:
            self._model.set_columns(columns)
        self._model.set_rows([r.row for r in rows])
        self._table.set_totals(totals if rows else {}, "Total")
        self.legend.set_names(self._names, hatched=hatched)
        self._order = sorted(range(len(rows)), key=lambda i: -sum(max(0, v) for v in rows[i].values))
        if self._plot is not None:
            self._plot.hatched = hatched
        told = ", ".join(f"{k} {v}" for k, v in totals.items())
        self._changed([rows[i].key for i in self._order], f"{len(rows)} barres empilées : {', '.join(names)}. {told}")

    def rows(self) -> tuple[StackRow, ...]:
        """The rows in the order of the table before it is sorted."""
        return self._rows

    @property
    def legend_height(self) -> int:
        return self.legend.height()

    def paint_legend(self, painter: QPainter, room: QRectF) -> None:
        self.legend.paint(painter, room)

    def _row_activated(self, place: int) -> None:
        if place < len(self._rows):
            self.bar_clicked.emit(self._rows[place].key)

    def _make_rows(self) -> list[PlotRow]:
        from firdesk.ui.kit.plots import PlotRow

        made = []
        for r in (self._rows[i] for i in self._order):
            told = [f"{n} {money.euros(v)}" for n, v in zip(self._names, r.values, strict=True) if v]
            made.append(PlotRow(r.label, r.values, None, r.text, f"{r.label} : {', '.join(told)}"))
        return made

    def _tail_text(self, count: int) -> str:
        return f"et {count} autre{'s' if count > 1 else ''} {self.noun}".rstrip()


class Legend(QWidget):
    """A square and a name for each series, in their order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._hatched = False
        self.setFixedHeight(style.GRID * 3)
        style.themed.connect(self.update)

    def set_names(self, names: Sequence[str], *, hatched: bool) -> None:
        self._names, self._hatched = tuple(names), hatched
        self.setAccessibleName(f"Séries : {', '.join(names)}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(text_width(n, "petit") + 2 * _SQUARE + style.MARGIN for n in self._names), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paint(QPainter(self), QRectF(self.rect()))

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Write the legend in a place of any picture."""
        painter.setFont(style.font("petit"))
        colours = style.shades(len(self._names) - self._hatched)
        left = room.left()
        for rank, name in enumerate(self._names):
            square = QRectF(left, room.center().y() - _SQUARE / 2, _SQUARE, _SQUARE)
            if rank < len(colours):
                painter.fillRect(square, colours[rank])
            else:
                painter.fillRect(square, QBrush(style.color("texte_faible"), Qt.BrushStyle.BDiagPattern))
            painter.setPen(style.color("texte"))
            text = QRectF(left + _SQUARE + style.HALF + 2, room.top(), text_width(name, "petit") + 2, room.height())
            painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
            left = text.right() + style.MARGIN
