"""A list one searches by typing any part of a label, with or without accents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from firdesk.domain.problem import Invalide, Problem
from firdesk.ui.kit.completion import KEY_ROLE, Completer, Suggestion
from firdesk.ui.kit.folding import fold


class _Line(QLineEdit):
    """The text of the list; cut with « … » while nobody types in it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.rect().adjusted(2, 0, -2, 0)
        metrics = self.fontMetrics()
        if self.hasFocus() or metrics.horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class Choix(QComboBox):
    """One code among some, found by typing. Empty means no code."""

    edited = Signal()
    problem_changed = Signal(str)

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._folded: list[str] = []
        self._told = ""
        self._shown_code: str | None = None
        self._half_typed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(16)
        self.setEditable(True)
        line = _Line()
        self.setLineEdit(line)
        self._completer = Completer(self)
        self.setCompleter(self._completer)
        self._completer.activated[QModelIndex].connect(self._suggestion_chosen)  # type: ignore[index]
        self.activated.connect(self._item_chosen)
        line.setPlaceholderText(placeholder)
        line.textEdited.connect(self._typed)
        line.editingFinished.connect(self.settle)

    def set_items(self, items: Sequence[tuple[str, str]], *, empty: str | None = "") -> None:
        """``(code, libellé)`` pairs in order; ``empty`` is the label of « none » (None: no such entry)."""
        kept = self._shown_code
        self.blockSignals(True)
        self.clear()
        if empty is not None:
            self.addItem(empty, "")
        for code, label in items:
            self.addItem(label, code)
        self._folded = [fold(f"{c} {t}") for c, t in self._entries()]
        self.blockSignals(False)
        self.set_code(kept)

    def code(self) -> str | None:
        """The code chosen, ``None`` where there is none; ``Invalide`` for a text outside the list."""
        if told := self.problem():
            raise Invalide((Problem(self.objectName(), told),))
        index = self._exact()
        return (self.itemData(index) or None) if index >= 0 else None

    def set_code(self, code: str | None) -> None:
        """Choose an entry without saying ``edited``; an unknown code empties the field."""
        index = self.findData(code or "")
        self.setCurrentIndex(index)
        if index < 0:
            self.setEditText("")
        self._shown_code = code if index >= 0 else None
        self._half_typed = False
        if (line := self.lineEdit()) is not None:
            line.setCursorPosition(0)
        self.setToolTip(self.currentText())
        self._tell("")

    def problem(self) -> str:
        text = self.currentText().strip()
        if not text or self._exact() >= 0:
            return ""
        return f"« {text} » n'est pas dans la liste : choisir une des propositions."

    def matches(self, text: str) -> list[int]:
        """Positions whose code or label holds every word of ``text``, whatever the accents."""
        words = fold(text).split()
        return [i for i, label in enumerate(self._folded) if all(w in label for w in words)]

    def suggestions(self) -> list[str]:
        """The labels proposed at this moment."""
        return self._completer.suggestions()

    def settle(self) -> None:
        """What leaving the field does: a text that designates one entry only becomes that entry."""
        text = self.currentText().strip()
        if text and self._exact() < 0 and len(found := self.matches(text)) == 1:
            self._choose(found[0])
        self._tell(self.problem())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.settle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel that scrolls the page never changes a value."""
        event.ignore()

    def _entries(self) -> list[tuple[str, str]]:
        return [(str(self.itemData(i) or ""), self.itemText(i)) for i in range(self.count())]

    def _exact(self) -> int:
        text = self.currentText().strip()
        if not text:
            return self.findData("")
        index = self.currentIndex()
        if index >= 0 and self.itemText(index) == text:
            return index
        wanted = fold(text)
        labels = [i for i, (_, label) in enumerate(self._entries()) if fold(label) == wanted]
        if len(labels) == 1:
            return labels[0]
        return next((i for i, (code, _) in enumerate(self._entries()) if code and fold(code) == wanted), -1)

    def _typed(self, text: str) -> None:
        if self._told and not self.problem():
            self._tell("")
        self._half_typed = self._exact() < 0
        found = [i for i in self.matches(text) if self.itemText(i)] if text.strip() else []
        self._completer.suggest([Suggestion(i, self.itemText(i)) for i in found[:200]])
        self.edited.emit()

    def _suggestion_chosen(self, index: QModelIndex) -> None:
        self._choose(int(index.data(KEY_ROLE)))

    def _item_chosen(self, index: int) -> None:
        self._choose(index)

    def _choose(self, index: int) -> None:
        before, half_typed = self._shown_code, self._half_typed
        self.set_code(self.itemData(index))
        if half_typed or self._shown_code != before:
            self.edited.emit()

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self.problem_changed.emit(text)
