"""Bullet charts in the cells of a table: bars of what was used, a mark at what was opened, the rate beside each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from firdesk.ui.kit import style
from firdesk.ui.kit.columns import Barre, Jauge
from firdesk.ui.kit.delegates import PAD, CellDelegate
from firdesk.ui.kit.table_model import TableModel

#: Where the mark stands in the room of the bars; what is beyond it is an overrun.
MARK = 0.84
THICK, TALL, GAP, PITCH = 5, 10, 6, 13
_WIDEST = "999,9 %"


class BulletDelegate(CellDelegate):
    """Cells of the kit, and those of kind ``jauge`` as bullets: one bar, or two above each other.

    Each line is drawn to its own scale, the mark at the same place in all: the eye compares rates, amounts being
    written in their own columns.
    """

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        raw = model.cells(index.row())[index.column()].raw if isinstance(model, TableModel) else None
        if not isinstance(raw, Jauge):
            super().paint(painter, option, index)
            return
        rect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, option, index.row(), rect, selected)
        room = QRectF(rect.adjusted(PAD, 0, -PAD, 0))
        lines = len(raw.barres)
        pitch = PITCH if lines > 1 else room.height()
        top = room.center().y() - pitch * lines / 2
        for place, bar in enumerate(raw.barres):
            line = QRectF(room.left(), top + place * pitch, room.width(), pitch)
            self._paint_bar(painter, line, bar, "accent" if place == 0 else "barre_douce")

    def _paint_bar(self, painter: QPainter, room: QRectF, bar: Barre, colour: str) -> None:
        metrics = QFontMetrics(style.font("petit"))
        words = QRectF(room)
        words.setLeft(room.right() - metrics.horizontalAdvance(_WIDEST))
        over = bar.used > bar.opened
        painter.save()
        painter.setFont(style.font("petit"))
        painter.setPen(style.color("alerte" if over else "texte"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), bar.text)
        room.setRight(words.left() - GAP)
        if room.width() > TALL and (bar.opened > 0 or bar.used > 0):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            mark = room.width() * MARK
            share = bar.used / bar.opened if bar.opened > 0 else 2.0
            length = min(room.width(), max(0.0, share) * mark)
            painter.setBrush(style.color("alerte" if over else colour))
            painter.drawRoundedRect(QRectF(room.left(), room.center().y() - THICK / 2, length, THICK), 2, 2)
            x = room.left() + mark
            painter.fillRect(QRectF(x - 0.75, room.center().y() - TALL / 2, 1.5, TALL), style.color("texte"))
        painter.restore()
