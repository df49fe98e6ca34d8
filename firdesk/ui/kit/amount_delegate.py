"""Typing amounts in a table: the editor of a cell, and where Enter and Tab lead from it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyleOptionViewItem, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.delegates import CellDelegate
from firdesk.ui.kit.table_model import TableModel

Index = QModelIndex | QPersistentModelIndex


class AmountDelegate(CellDelegate):
    """Cells of the kit, an outline on the current one where it can be typed in; Enter and Tab save and move on."""

    #: rows and columns to move by once the cell is saved
    left = Signal(int, int)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        editable = bool(index.flags() & Qt.ItemFlag.ItemIsEditable)
        if self._view.hasFocus() and index == self._view.currentIndex() and editable:
            rect: QRect = option.rect
            painter.save()
            painter.setPen(style.color("accent"))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
            painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        made = QLineEdit(parent)
        model = index.model()
        if isinstance(model, TableModel):
            made.setAccessibleName(model.columns[index.column()].title)
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        made.setFont(style.font("montant"))
        return made

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data() or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and editor.text().strip() != (index.data() or ""):
            model.setData(index, editor.text().strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QLineEdit) and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            moves = {
                Qt.Key.Key_Return: (1, 0),
                Qt.Key.Key_Enter: (1, 0),
                Qt.Key.Key_Tab: (0, 1),
                Qt.Key.Key_Backtab: (0, -1),
            }
            if key in moves:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, self.EndEditHint.NoHint)
                self.left.emit(*moves[key])
                return True
        return super().eventFilter(watched, event)
