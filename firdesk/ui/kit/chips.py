"""The filters in force as chips one can remove, and the way to add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.flow import FlowLayout
from firdesk.ui.kit.text import button

_CROSS = 26


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: ``Département : 02 Aisne``."""

    key: str
    text: str


class _ChipButton(QPushButton):
    removed = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("kind", "puce")
        self.setFont(style.font("petit"))
        self.setIcon(style.icon("close-line", "accent"))
        self.setIconSize(QSize(21, 13))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setAutoDefault(False)
        self.setAccessibleName(f"Filtre {text}")
        self.setAccessibleDescription("Entrée pour modifier, Suppr pour retirer")
        self.setToolTip("Cliquer pour modifier, la croix (ou Suppr) pour retirer")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if inside and event.position().x() > self.width() - _CROSS:
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class ChipBar(QWidget):
    """Chips that wrap; ``add_clicked`` where the user wants another filter."""

    removed = Signal(str)
    chip_clicked = Signal(str)
    add_clicked = Signal()

    def __init__(self, add_text: str = "+ Ajouter un filtre", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[_ChipButton] = []
        self._keys: list[str] = []
        self._flow = FlowLayout(self)
        self.add_button = button(add_text, "lien", self.add_clicked.emit)
        self.add_button.setFont(style.font("petit"))
        self._flow.addWidget(self.add_button)

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Replace the chips; the focus goes to the neighbour of one that was removed."""
        had_focus = next((i for i, c in enumerate(self._chips) if c.hasFocus()), -1)
        while self._flow.takeAt(0) is not None:
            pass
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips, self._keys = [], [c.key for c in chips]
        for chip in chips:
            made = _ChipButton(chip.text)
            made.removed.connect(lambda key=chip.key: self.removed.emit(key))
            made.clicked.connect(lambda _checked=False, key=chip.key: self.chip_clicked.emit(key))
            self._flow.addWidget(made)
            self._chips.append(made)
        self._flow.addWidget(self.add_button)
        if had_focus >= 0:
            (self._chips[min(had_focus, len(self._chips) - 1)] if self._chips else self.add_button).setFocus()
        self._flow.invalidate()
        self.updateGeometry()

    def keys(self) -> list[str]:
        return list(self._keys)

    def chip(self, key: str) -> QPushButton:
        """The button of a chip."""
        return self._chips[self._keys.index(key)]
