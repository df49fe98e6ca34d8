"""A small chart of one number a year, with its target: read in words and in the table it stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from firdesk.ui.kit import style

HEIGHT = 112
_LINE = 16
_WIDEST = 56


class YearBar(NamedTuple):
    """A year, its value and target (any unit, ``None`` where unknown), and the value as it is written."""

    label: str
    value: int | None
    target: int | None
    text: str


class YearBars(QWidget):
    """Bars from zero, a tick at the target; negative values are written and not drawn."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[YearBar, ...] = ()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        style.themed.connect(self.update)

    def set_bars(self, bars: Sequence[YearBar], told: str) -> None:
        """Show these years from left to right; ``told`` says them to a screen reader."""
        self._bars = tuple(bars)
        self.setAccessibleDescription(told)
        self.setVisible(any(b.value is not None or b.target is not None for b in bars))
        self.update()

    def bars(self) -> tuple[YearBar, ...]:
        return self._bars

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        peak = max((max(b.value or 0, b.target or 0) for b in self._bars), default=0) or 1
        step = self.width() / len(self._bars)
        room = self.height() - 2 * _LINE - style.HALF
        bottom = self.height() - _LINE
        for place, bar in enumerate(self._bars):
            left = place * step
            wide = min(_WIDEST, step * 0.6)
            middle = left + step / 2
            tall = room * max(0, bar.value or 0) / peak
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.color("barre"))
            painter.drawRoundedRect(QRectF(middle - wide / 2, bottom - tall, wide, tall), 2, 2)
            if bar.target is not None and bar.target >= 0:
                at = bottom - room * bar.target / peak
                painter.fillRect(QRectF(middle - wide / 2 - 4, at - 1, wide + 8, 2), style.color("texte"))
            self._write(painter, QRectF(left, bottom, step, _LINE), bar.label, "texte_faible")
            high = max(tall, room * max(0, bar.target or 0) / peak)
            self._write(painter, QRectF(left, bottom - high - _LINE - 2, step, _LINE), bar.text, "texte")
        painter.fillRect(QRectF(0, bottom, self.width(), 1), style.color("bord"))

    def _write(self, painter: QPainter, room: QRectF, text: str, tone: str) -> None:
        painter.setFont(style.font("petit"))
        painter.setPen(style.color(tone))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()) - 2)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), shown)
