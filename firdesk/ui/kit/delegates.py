"""How a table paints its cells, its header and its total: dense, aligned, hairlines only."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from firdesk.ui.kit import style
from firdesk.ui.kit.columns import Cell, ColumnSpec
from firdesk.ui.kit.icons import paint_icon
from firdesk.ui.kit.table_model import TableModel

PAD = 12
#: What the dot of a state takes before its text.
DOT = 14
ACCENT_BAR = 3
_ICONS = {
    "alerte": "error-warning-line",
    "erreur": "close-circle-line",
    "succes": "checkbox-circle-line",
    "accent": "information-line",
    "faible": "information-line",
}
_STATE = QStyle.StateFlag
_VCENTER = Qt.AlignmentFlag.AlignVCenter


class CellDelegate(QStyledItemDelegate):
    """Paints one cell straight from the model's formatted cells."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._metrics: dict[str, QFontMetrics] = {}

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, TableModel):
            return
        column, row = index.column(), index.row()
        spec, made = model.columns[column], model.cells(row)[column]
        rect: QRect = option.rect
        selected = bool(option.state & _STATE.State_Selected)
        self._paint_ground(painter, option, row, rect, selected)
        if not made.text:
            return
        if spec.kind == "icone":
            box = QRectF(0, 0, style.ICON, style.ICON)
            box.moveCenter(QRectF(rect).center())
            paint_icon(painter, box, _ICONS.get(made.tone, "information-line"), _colour(made, spec))
            return
        strong = model.strong(row)
        role: style.Role = "corps"
        if spec.right:
            role = "total" if strong else "montant"
        elif strong:
            role = "fort"
        painter.setFont(style.font(role))
        painter.setPen(_colour(made, spec))
        text, room = made.text, rect.adjusted(PAD, 0, -PAD, 0)
        if spec.kind == "etat" and made.tone:
            dot = QRectF(room.left(), rect.center().y() - 3, 7, 7)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_colour(made, spec))
            painter.drawEllipse(dot)
            painter.restore()
            room.setLeft(room.left() + DOT)
        metrics = self._measure(role)
        if metrics.horizontalAdvance(text) > room.width():
            mode = Qt.TextElideMode.ElideMiddle if spec.middle else Qt.TextElideMode.ElideRight
            text = metrics.elidedText(text, mode, room.width())
        side = Qt.AlignmentFlag.AlignRight if spec.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | _VCENTER), text)

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, row: int, rect: QRect, selected: bool
    ) -> None:
        position = QStyleOptionViewItem.ViewItemPosition
        place = option.viewItemPosition
        first = place in (position.Beginning, position.OnlyOne)
        last = place in (position.End, position.OnlyOne)
        if selected:
            painter.fillRect(rect, style.color("selection"))
            if first:
                bar = QRect(rect.left(), rect.top(), ACCENT_BAR, rect.height())
                painter.fillRect(bar, style.color("accent"))
        elif option.state & _STATE.State_MouseOver:
            painter.fillRect(rect, style.color("survol"))
        left = rect.left() + (PAD if first else 0)
        width = rect.width() - (PAD if first else 0) - (PAD if last else 0)
        painter.fillRect(QRect(left, rect.bottom(), width, 1), style.color("filet"))
        if self._view.hasFocus() and row == self._view.currentIndex().row():
            line = style.color("accent")
            painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), line)
            painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line)

    def _measure(self, role: style.Role) -> QFontMetrics:
        if role not in self._metrics:
            self._metrics[role] = QFontMetrics(style.font(role))
        return self._metrics[role]

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show a tooltip only for what cannot be read in place: a cut text or an icon."""
        model = index.model()
        if event.type() == QEvent.Type.ToolTip and isinstance(model, TableModel) and index.isValid():
            spec, made = model.columns[index.column()], model.cells(index.row())[index.column()]
            role: style.Role = "montant" if spec.right else "corps"
            cut = self._measure(role).horizontalAdvance(made.text) > option.rect.width() - 2 * PAD
            if made.text and (cut or spec.kind == "icone"):
                QToolTip.showText(event.globalPos(), made.text, view)
                return True
        QToolTip.hideText()
        return True


def _colour(made: Cell, spec: ColumnSpec) -> QColor:
    if made.tone in ("", "normal"):
        return style.color("texte")
    if made.tone == "faible":
        return style.color("texte_faible")
    return style.color(made.tone)


class Header(QHeaderView):
    """Column titles in a quiet weight; the sorted column shows a chevron."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(style.HEADER)
        self.setMinimumSectionSize(32)
        self.viewport().setAutoFillBackground(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        model = self.model()
        if not isinstance(model, TableModel) or not rect.isValid():
            return
        spec = model.columns[logicalIndex]
        is_sorted = bool(model.sort_key) and spec.key == model.sort_key
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), style.color("bord"))
        painter.setFont(style.font("entete"))
        painter.setPen(style.color("texte" if is_sorted else "texte_faible"))
        room = rect.adjusted(PAD, 0, -PAD, 0)
        metrics = QFontMetrics(style.font("entete"))
        mark = 18 if is_sorted else 0
        text = metrics.elidedText(spec.title, Qt.TextElideMode.ElideRight, room.width() - mark)
        side = Qt.AlignmentFlag.AlignRight if spec.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | _VCENTER), text)
        if is_sorted:
            width = metrics.horizontalAdvance(text)
            left = room.right() - width - 17 if spec.right else room.left() + width + 2
            box = QRectF(left, rect.center().y() - 7, 14, 14)
            name = "arrow-down-s-line" if model.sort_descending else "arrow-up-s-line"
            paint_icon(painter, box, name, style.color("accent"))
