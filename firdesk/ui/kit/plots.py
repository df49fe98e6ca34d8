"""The plotting part of the charts, on pyqtgraph: rows of bars with their label at left and value at right.

Importing this module imports pyqtgraph (a quarter of a second): only ``charts`` does, when a chart is first shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QFontMetrics,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QToolTip, QWidget

from firdesk.ui.kit import style

LABEL_SHARE = 0.46
GAP = 12
PAD = 6
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_SIDE_RIGHT = int(Qt.AlignmentFlag.AlignRight.value)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class PlotRow(NamedTuple):
    """One row: its values (one per series), the place of its marker, what is written at both ends."""

    label: str
    values: tuple[int, ...]
    mark: int | None
    text: str
    tooltip: str


def write(painter: QPainter, room: QRectF, flags: int, text: str, *, outline: bool = False) -> None:
    """Write one line; as shapes in a vector file, whose reader may lack the font and its weights."""
    if not outline:
        painter.drawText(room, flags, text)
        return
    metrics = QFontMetricsF(painter.font())
    x = room.right() - metrics.horizontalAdvance(text) if flags & _SIDE_RIGHT else room.left()
    path = QPainterPath()
    path.addText(x, room.center().y() + (metrics.ascent() - metrics.descent()) / 2, painter.font(), text)
    painter.fillPath(path, painter.pen().color())


class _Words(pg.AxisItem):  # type: ignore[misc]
    """An axis that writes one text per row: the labels at the left, the values at the right."""

    def __init__(self, plot: RowsPlot, side: str) -> None:
        super().__init__(side)
        self._plot, self._side = plot, side

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        plot, left = self._plot, self._side == "left"
        painter.setFont(style.font("corps" if left else "montant"))
        painter.setPen(style.color("texte"))
        metrics, width = painter.fontMetrics(), self.size().width()
        for place in range(plot.shown):
            row = plot.rows[place]
            room = QRectF(0, place * plot.row_height, width, plot.row_height)
            if left:
                text = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, int(width) - GAP)
                write(painter, room, _LEFT, text, outline=plot.outline)
            else:
                write(painter, room, _RIGHT, row.text, outline=plot.outline)


class _Bars(pg.BarGraphItem):  # type: ignore[misc]
    """Horizontal bars with softened corners, and the marker line of each row."""

    def __init__(self, plot: RowsPlot) -> None:
        super().__init__(x0=[0], y0=[0], width=[0], height=[1])
        self._plot = plot

    def paint(self, painter: QPainter, *args: Any) -> None:
        plot, to_device = self._plot, painter.worldTransform()
        scale = to_device.m22() * plot.viewRange()[1][1] / max(1, plot.height())
        unit = abs(scale) or 1.0
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        thick = plot.bar_height * unit
        series = len(plot.rows[0].values) if plot.rows else 1
        names = {1: ("barre",), 2: ("accent", "barre_douce")}.get(series, ("accent", "barre", "barre_douce"))
        colours = [style.color(name) for name in names]
        if plot.stacked:
            self._paint_stacks(painter, to_device, unit)
        for place in range(0 if plot.stacked else plot.shown):
            row = plot.rows[place]
            origin = to_device.map(QPointF(0, place + 0.5))
            top = origin.y() - (thick * series + (series - 1) * unit) / 2
            for rank, value in enumerate(row.values):
                end = to_device.map(QPointF(value, place + 0.5)).x()
                length = max(end - origin.x(), 1.5 * unit if value > 0 else 0)
                if length > 0:
                    bar = QRectF(origin.x(), top + rank * (thick + unit), length, thick)
                    painter.setBrush(colours[rank % len(colours)])
                    painter.drawRoundedRect(bar, 2 * unit, 2 * unit)
            if row.mark is not None:
                at = to_device.map(QPointF(row.mark, place + 0.5)).x()
                tall = thick * series + 6 * unit
                painter.fillRect(
                    QRectF(at - 0.75 * unit, origin.y() - tall / 2, 1.5 * unit, tall), style.color("texte")
                )
        painter.restore()

    def _paint_stacks(self, painter: QPainter, to_device: QTransform, unit: float) -> None:
        """The values of a row end to end; the last one hatched where the plot says it is no figure of a year."""
        plot = self._plot
        series = len(plot.rows[0].values) if plot.rows else 0
        solid = style.shades(series - plot.hatched)
        thick = plot.bar_height * unit
        for place in range(plot.shown):
            reached = 0
            for rank, value in enumerate(plot.rows[place].values):
                if value <= 0:
                    continue
                start = to_device.map(QPointF(reached, place + 0.5))
                reached += value
                width = to_device.map(QPointF(reached, place + 0.5)).x() - start.x()
                bar = QRectF(start.x(), start.y() - thick / 2, max(width - unit, unit), thick)
                if rank < len(solid):
                    painter.fillRect(bar, solid[rank])
                else:
                    painter.fillRect(bar, QBrush(style.color("texte_faible"), Qt.BrushStyle.BDiagPattern))


class _Ground(pg.GraphicsObject):  # type: ignore[misc]
    """Behind everything: the row pointed at, chosen or focused; and the line that counts the rows left out."""

    def __init__(self, plot: RowsPlot) -> None:
        super().__init__()
        self._plot = plot
        self.setZValue(-1000)

    def boundingRect(self) -> QRectF:
        return QRectF(0, 0, self._plot.width(), self._plot.height())

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        plot = self._plot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, fill in ((plot.hovered, "survol"), (plot.selected, "accent_doux")):
            if 0 <= place < plot.shown:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(style.color(fill))
                painter.drawRoundedRect(plot.row_rect(place), 4, 4)
        if plot.hasFocus() and 0 <= plot.focused <= plot.shown:
            painter.setPen(style.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(plot.row_rect(plot.focused).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if plot.tail:
            painter.setFont(style.font("petit"))
            painter.setPen(style.color("accent" if plot.hovered == plot.shown else "texte_faible"))
            painter.drawText(plot.row_rect(plot.shown).adjusted(PAD, 0, -PAD, 0), _LEFT, plot.tail)


class RowsPlot(pg.PlotWidget):  # type: ignore[misc]
    """The rows that fit, at a fixed height each, and a last line that counts the others."""

    row_clicked = Signal(int)
    row_focused = Signal(int)
    tail_clicked = Signal()
    table_asked = Signal()

    def __init__(
        self,
        *,
        row_height: int,
        bar_height: int,
        stacked: bool = False,
        hatched: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.rows: Sequence[PlotRow] = ()
        #: values end to end rather than under each other; the last one hatched
        self.stacked, self.hatched = stacked, hatched
        self.row_height, self.bar_height = row_height, bar_height
        self.shown, self.tail = 0, ""
        self.outline = False
        self.hovered, self.selected, self.focused = -1, -1, 0
        self._tail_of: Any = None
        self._left, self._right = _Words(self, "left"), _Words(self, "right")
        super().__init__(parent, background=None, axisItems={"left": self._left, "right": self._right})
        item = self.plotItem
        item.hideAxis("bottom")
        item.showAxis("right")
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setMouseEnabled(False, False)
        item.layout.setContentsMargins(PAD, 0, PAD, 0)
        item.layout.setSpacing(0)
        item.vb.invertY(True)
        item.vb.disableAutoRange()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setCacheMode(self.CacheModeFlag(0))
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self._bars = _Bars(self)
        item.addItem(self._bars)
        self._ground = _Ground(self)
        self._ground.setParentItem(item)

    def set_rows(self, rows: Sequence[PlotRow], tail_of: Any) -> None:
        """Show these rows; ``tail_of(n)`` writes the line for the last ``n`` left out."""
        self.rows, self._tail_of = rows, tail_of
        self.hovered = -1
        self.focused = min(self.focused, max(0, len(rows) - 1))
        self._arrange()

    def row_rect(self, place: int) -> QRectF:
        return QRectF(0, place * self.row_height, self.width(), self.row_height)

    def row_at(self, y: float) -> int:
        """The row under a height in pixels: ``shown`` for the line of the others, -1 for none."""
        place = int(y // self.row_height) if y >= 0 else -1
        last = self.shown if self.tail else self.shown - 1
        return place if place <= last else -1

    def _arrange(self) -> None:
        fits = max(1, self.height() // self.row_height)
        count = len(self.rows)
        self.shown = count if count <= fits else max(1, fits - 1)
        self.tail = self._tail_of(count - self.shown) if self._tail_of and self.shown < count else ""
        words = QFontMetrics(style.font("corps"))
        widest = max((words.horizontalAdvance(r.label) for r in self.rows), default=0)
        figures = QFontMetrics(style.font("montant"))
        value_width = max((figures.horizontalAdvance(r.text) for r in self.rows), default=0)
        self._left.setWidth(min(widest + GAP + 2, int(self.width() * LABEL_SHARE)))
        self._right.setWidth(value_width + GAP + 2)
        longest = [sum(max(0, v) for v in r.values) if self.stacked else max(*r.values, 0) for r in self.rows]
        peak = max((max(n, r.mark or 0) for n, r in zip(longest, self.rows, strict=True)), default=0) or 1
        self.plotItem.vb.setRange(xRange=(0, peak), yRange=(0, self.height() / self.row_height), padding=0, update=True)
        if count:
            self._bars.setOpts(
                x0=[0] * count,
                y0=[i + 0.2 for i in range(count)],
                width=longest,
                height=[0.6] * count,
            )
        self._bars.setVisible(count > 0)
        self._ground.prepareGeometryChange()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if "_ground" in self.__dict__:  # pyqtgraph resizes while it is being made
            self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.row_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.row_at(event.position().y())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.focused = place
            self.activate(place)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self.shown if self.tail else self.shown - 1
        moves = {
            Qt.Key.Key_Down: min(last, self.focused + 1),
            Qt.Key.Key_Up: max(0, self.focused - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in moves and self.rows:
            self.focused = moves[key]
            self.row_focused.emit(self.focused)
            self.viewport().update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.rows:
            self.activate(self.focused)
        elif key is Qt.Key.Key_T and not event.modifiers():
            self.table_asked.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def activate(self, place: int) -> None:
        """What a click on a row does."""
        if 0 <= place < self.shown:
            self.row_clicked.emit(place)
        elif self.tail and place == self.shown:
            self.tail_clicked.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.row_at(event.pos().y())
            if 0 <= place < self.shown:
                where: QRect = self.row_rect(place).toRect()
                QToolTip.showText(event.globalPos(), self.rows[place].tooltip, self, where)
            else:
                QToolTip.hideText()
            return True
        return bool(super().viewportEvent(event))

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            self.hovered = place
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.viewport().update()
