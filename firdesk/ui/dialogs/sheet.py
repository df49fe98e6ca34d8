"""A dialog made of a title, a body and *Fermer*; shown without stopping the rest."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, button


class Sheet(QDialog):
    """Fill :attr:`body`, then ``open()``."""

    def __init__(self, parent: QWidget, title: str, width: int = 520) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.body = QVBoxLayout()
        self.body.setSpacing(style.SPACE)
        self.close_button = button("Fermer", "principal", self.accept)
        self.close_button.setDefault(True)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.WIDE, style.PAGE_MARGIN, style.WIDE)
        layout.setSpacing(style.WIDE)
        layout.addWidget(Text(title, "titre"))
        layout.addLayout(self.body, 1)
        layout.addLayout(foot)

    def line(self, text: str, tone: style.Tone = "normal") -> None:
        self.body.addWidget(Text(text, "corps", tone, wrap=True))
