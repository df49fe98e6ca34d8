"""Pages of a document one under the other, as wide as the room allows."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from firdesk.ui.kit import style

WIDEST = 960


class PageImage(QWidget):
    """One page: its height follows its width."""

    def __init__(self, content: bytes, number: int, count: int) -> None:
        super().__init__()
        self._image = QImage.fromData(content)
        self.setAccessibleName(f"Page {number} sur {count}")
        self.setMaximumWidth(WIDEST)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(WIDEST, self.heightForWidth(WIDEST))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width * self._image.height() / max(1, self._image.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide = min(self.width(), round(self.height() * self._image.width() / max(1, self._image.height())))
        room = QRect((self.width() - wide) // 2, 0, wide, self.heightForWidth(wide))
        ratio = self.devicePixelRatioF()
        # Scaled once to the pixels of the screen: the painter alone would drop thin lines.
        scaled = self._image.scaled(
            room.size() * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(room, scaled)
        painter.setPen(style.color("bord"))
        painter.drawRect(room.adjusted(0, 0, -1, -1))


class Preview(QScrollArea):
    """A scrolling column of pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Aperçu du rapport")
        self._pages: list[PageImage] = []

    def set_pages(self, pages: Sequence[bytes], *, keep_place: bool = False) -> None:
        """Show these PNG pages, from the top unless the same report is shown again."""
        place = self.verticalScrollBar().value() if keep_place else 0
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, style.SPACE, 0)
        layout.setSpacing(style.WIDE)
        self._pages = [PageImage(content, i, len(pages)) for i, content in enumerate(pages, start=1)]
        for page in self._pages:
            layout.addWidget(page)
        layout.addStretch()
        self.setWidget(column)
        self.verticalScrollBar().setValue(place)

    def count(self) -> int:
        return len(self._pages)
