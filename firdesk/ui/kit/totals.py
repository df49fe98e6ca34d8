"""The line under a table that adds it up, aligned with its columns."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.delegates import PAD
from firdesk.ui.kit.table_model import TableModel


class TotalsRow(QWidget):
    """Texts by column key under the columns of ``view``, the label at the left."""

    def __init__(self, view: QTableView) -> None:
        super().__init__()
        self._view = view
        self._totals: dict[str, str] = {}
        self._label = ""
        self.setFixedHeight(style.FOOTER)
        header = view.horizontalHeader()
        header.sectionResized.connect(self.update)
        header.sectionMoved.connect(self.update)
        header.geometriesChanged.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)
        style.themed.connect(self.update)
        self.hide()

    def set_totals(self, totals: Mapping[str, str], label: str) -> None:
        """Show these texts; nothing at all hides the line."""
        self._totals, self._label = dict(totals), label
        self.setVisible(bool(totals))
        model = self._view.model()
        titles = {c.key: c.title for c in model.columns} if isinstance(model, TableModel) else {}
        told = ", ".join(f"{titles.get(k, k)} {v}" for k, v in totals.items())
        self.setAccessibleName(f"{label} : {told}" if told else "")
        self.update()

    def texts(self) -> dict[str, str]:
        return dict(self._totals)

    def sizeHint(self) -> QSize:
        return QSize(200, style.FOOTER)

    def paintEvent(self, event: QPaintEvent) -> None:
        model = self._view.model()
        if not isinstance(model, TableModel):
            return
        painter = QPainter(self)
        painter.fillRect(QRect(0, 0, self.width(), 1), style.color("bord"))
        painter.setPen(style.color("texte"))
        header, start = self._view.horizontalHeader(), self.width()
        shift = self.mapFromGlobal(self._view.viewport().mapToGlobal(QPoint(0, 0))).x()
        painter.setFont(style.font("total"))
        for column, spec in enumerate(model.columns):
            text = self._totals.get(spec.key)
            if not text or self._view.isColumnHidden(column):
                continue
            left = shift + header.sectionViewportPosition(column)
            room = QRect(left + PAD, 1, header.sectionSize(column) - 2 * PAD, self.height() - 1)
            side = Qt.AlignmentFlag.AlignRight if spec.right else Qt.AlignmentFlag.AlignLeft
            flags = side | Qt.AlignmentFlag.AlignVCenter
            if spec.right:
                wide = painter.fontMetrics().horizontalAdvance(text)
                room.setLeft(min(room.left(), room.right() - wide))
            start = min(start, room.left())
            painter.drawText(room, int(flags), text)
        painter.setFont(style.font("fort"))
        room = QRect(PAD, 1, max(0, start - 2 * PAD), self.height() - 1)
        shown = painter.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
