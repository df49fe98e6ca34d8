"""Where one is in a task of several steps: done, current, to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.icons import paint_icon

_SAID = {"fait": "fait", "courant": "étape en cours", "venir": "à venir"}
_LOOK = {
    "fait": ("check-line", "succes", "texte"),
    "courant": ("edit-line", "accent", "texte"),
    "venir": ("more-line", "texte_faible", "texte_faible"),
}


class _Step(QWidget):
    clicked = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.state = text, "venir"
        self.setFixedHeight(style.FIELD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(208)

    def set_state(self, state: str) -> None:
        self.state = state
        done = state == "fait"
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if done else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if done else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(f"{self.text} : {_SAID[state]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, style.FIELD)

    def paintEvent(self, event: QPaintEvent) -> None:
        icon, tone, words = _LOOK[self.state]
        active = self.state == "courant"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "accent" if active or self.hasFocus() else "bord"
        painter.setPen(QPen(style.color(edge), 1))
        painter.setBrush(style.color("accent_doux" if active else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        paint_icon(painter, QRectF(12, (self.height() - 14) / 2, 14, 14), icon, style.color(tone))
        painter.setFont(style.font("fort" if active else "corps"))
        painter.setPen(style.color(words))
        room = self.rect().adjusted(34, 0, -8, 0)
        text = painter.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.state == "fait" and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state == "fait" and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class Steps(QWidget):
    """A row of steps; those behind can be clicked to go back."""

    step_clicked = Signal(int)

    def __init__(self, steps: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[_Step] = []
        self._current = 0
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(style.SPACE)
        self._layout.addStretch()
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[str]) -> None:
        """Replace the steps and go back to the first."""
        for old in self._steps:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._steps = [_Step(text) for text in steps]
        for place, step in enumerate(self._steps):
            step.clicked.connect(lambda place=place: self.step_clicked.emit(place))
            self._layout.insertWidget(place, step, 8)
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Steps before ``index`` are done; ``len(steps)`` says that all are."""
        self._current = index
        for place, step in enumerate(self._steps):
            step.set_state("fait" if place < index else "courant" if place == index else "venir")
        shown = self._steps[index].text if 0 <= index < len(self._steps) else "terminé"
        self.setAccessibleName(f"Étape {min(index + 1, len(self._steps))} sur {len(self._steps)} : {shown}")

    def current(self) -> int:
        return self._current

    def step(self, index: int) -> QWidget:
        return self._steps[index]

    def states(self) -> list[str]:
        return [s.state for s in self._steps]
