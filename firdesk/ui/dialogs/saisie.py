"""A sheet one types in: a title, a body, *Enregistrer* (Entrée) and *Renoncer* (Échap)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, button


class Saisie(QDialog):
    """Fill :attr:`body`, then ``open()``; ``save`` closes the sheet itself once it has written."""

    def __init__(
        self, parent: QWidget, title: str, subtitle: str, save: Callable[[], object], width: int = 480
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self._save = save
        self.body = QVBoxLayout()
        self.body.setSpacing(style.SPACE)
        self.save_button = button("Enregistrer", "principal", save)
        foot = QHBoxLayout()
        foot.setSpacing(style.SPACE)
        foot.addStretch()
        give_up = button("Renoncer", "secondaire", self.reject)
        give_up.setToolTip("Renoncer (Échap)")
        self.save_button.setToolTip("Enregistrer (Entrée)")
        foot.addWidget(give_up)
        foot.addWidget(self.save_button)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(Text(title, "titre"))
        head.addWidget(Text(subtitle, "petit", "faible", wrap=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.WIDE, style.PAGE_MARGIN, style.WIDE)
        layout.setSpacing(style.WIDE)
        layout.addLayout(head)
        layout.addLayout(self.body, 1)
        layout.addLayout(foot)

    def entered(self) -> None:
        """What Enter in a field does; on a button it pushes the button."""
        self._save()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered()
        else:
            super().keyPressEvent(event)
