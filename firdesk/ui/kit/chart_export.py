"""A chart as a file: every row under its title, in the light theme whatever the window's, for a document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from firdesk.ui.kit import style

if TYPE_CHECKING:
    from firdesk.ui.kit.charts import Chart

WIDTH = 840
HEAD = 40
MARGIN = 16


def export_png(chart: Chart, path: Path, *, scale: float = 2.0) -> None:
    """Write a PNG; ``OSError`` where the file cannot be written."""
    size = _size(chart)
    image = QImage(size * scale, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    with style.painted_as(style.CLAIR):
        image.fill(style.color("surface"))
        painter = QPainter(image)
        _draw(chart, painter, size)
        painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    path.write_bytes(buffer.data().data())


def export_svg(chart: Chart, path: Path) -> None:
    """Write an SVG; ``OSError`` where the file cannot be written."""
    size, made = _size(chart), QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(chart.title)
    generator.setDescription(chart.accessibleDescription())
    with style.painted_as(style.CLAIR):
        painter = QPainter(generator)
        painter.fillRect(QRect(0, 0, size.width(), size.height()), style.color("surface"))
        _draw(chart, painter, size, outline=True)
        painter.end()
    path.write_bytes(made.data())


def _size(chart: Chart) -> QSize:
    return QSize(WIDTH, HEAD + chart.legend_height + chart.row_height * max(1, len(chart.all_rows())) + MARGIN)


def _draw(chart: Chart, painter: QPainter, size: QSize, *, outline: bool = False) -> None:
    from firdesk.ui.kit.plots import write

    painter.setFont(style.font("sous_titre"))
    painter.setPen(style.color("texte"))
    title = QRectF(MARGIN + 6, 0, size.width() - 2 * MARGIN, HEAD)
    left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    write(painter, title, left, chart.title, outline=outline)
    plot = chart.new_plot()
    plot.outline = outline
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    top = HEAD + chart.legend_height
    chart.paint_legend(painter, QRectF(MARGIN + 6, HEAD - style.HALF, size.width(), chart.legend_height))
    plot.resize(size.width() - 2 * MARGIN, size.height() - top - MARGIN)
    plot.show()
    nothing: Callable[[int], str] = lambda _count: ""  # noqa: E731
    plot.set_rows(chart.all_rows(), nothing)
    plot.focused = -1
    plot.plotItem.layout.activate()
    target = QRectF(MARGIN, top, plot.width(), plot.height())
    plot.render(painter, target, plot.viewport().rect())
    plot.hide()
    plot.deleteLater()
