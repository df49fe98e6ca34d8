"""Something typed and not saved: the note that says so with its two ways out."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, button


class Unsaved(QFrame):
    """« Modifications non enregistrées », *Enregistrer* and *Abandonner*."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "encart")
        self.setProperty("tone", "alerte")
        self.save, self.abandon = button("Enregistrer", "lien"), button("Abandonner", "lien")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.HALF, style.MARGIN, style.HALF)
        layout.setSpacing(style.SPACE)
        for link in (self.save, self.abandon):
            link.setFont(style.font("petit"))
            link.setMinimumWidth(link.sizeHint().width())
        layout.addWidget(Text("Modifications non enregistrées", "petit", "alerte"), 1)
        layout.addWidget(self.save)
        layout.addWidget(self.abandon)
        self.hide()
