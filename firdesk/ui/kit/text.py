"""Labels, links and buttons: the words of the window in the roles and tones of the style."""

import re
from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.icons import paint_icon

#: A space that French never lets a line break at: inside quotes, before high punctuation, before a unit.
_SOLID = re.compile("(?<=«) | (?=[»;!?%€](?![^\\W\\d_])|:(?!\\S))")

ButtonKind = Literal["principal", "secondaire", "lien", "danger"]


class Text(QLabel):
    """A plain-text label with a role (font) and a tone (colour); never interprets markup.

    What is shown has French no-break spaces; :meth:`text` gives back what was said.
    """

    def __init__(
        self,
        text: str = "",
        role: style.Role = "corps",
        tone: style.Tone = "normal",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(solid(text), parent)
        self._said = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(style.font(role))
        self.setWordWrap(wrap)
        style.set_tone(self, tone)

    def setText(self, text: str, /) -> None:
        self._said = text
        super().setText(solid(text))

    def text(self) -> str:
        return self._said


class ElidedText(Text):
    """A label that gives way: cut with « … », whole text in its tooltip when cut."""

    def __init__(
        self,
        text: str = "",
        role: style.Role = "corps",
        tone: style.Tone = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        metrics, room = self.fontMetrics(), self.contentsRect()
        shown = metrics.elidedText(solid(self.text()), Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip(self.text() if shown != solid(self.text()) else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


class Icon(QLabel):
    """A small icon in a tone, repainted at theme change; decorative, so without accessible name."""

    def __init__(self, name: str, tone: str = "texte_faible", size: int = style.ICON) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, tone: str | None = None) -> None:
        self._name, self._tone = name, tone or self._tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, style.color(self._tone))


class _Button(QPushButton):
    """Enter presses it as Space does, which depends on the system otherwise."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _enter(event):
            self.click()
        else:
            super().keyPressEvent(event)


class _IconButton(QToolButton):
    """Enter presses it as Space does, and opens its menu where it has one."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _enter(event):
            super().keyPressEvent(event)
        elif self.menu() is not None:
            self.showMenu()
        else:
            self.click()


def _enter(event: QKeyEvent) -> bool:
    keypad = Qt.KeyboardModifier.KeypadModifier
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~keypad


def solid(text: str) -> str:
    """The same text, its French quotes and its high punctuation never left alone at the end or the start of a line."""
    return _SOLID.sub(money.NBSP, text)


def button(
    text: str,
    kind: ButtonKind = "secondaire",
    on_click: Callable[[], object] | None = None,
    *,
    icon: str = "",
) -> QPushButton:
    """A push button; ``principal`` once per page at most."""
    made = _Button(text)
    made.setProperty("kind", kind)
    made.setFont(style.font("fort" if kind == "principal" else "corps"))
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor if kind == "lien" else Qt.CursorShape.ArrowCursor)
    if icon:
        made.setIcon(style.icon(icon, "accent_texte" if kind == "principal" else "texte_faible"))
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def icon_button(icon: str, name: str, on_click: Callable[[], object] | None = None) -> QToolButton:
    """A flat button that shows only an icon; ``name`` is its tooltip and accessible name."""
    made = _IconButton()
    made.setProperty("kind", "icone")
    made.setIcon(style.icon(icon))
    made.setIconSize(QSize(style.ICON, style.ICON))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def hairline() -> QFrame:
    """A thin horizontal line."""
    made = QFrame()
    made.setProperty("kind", "filet")
    made.setFixedHeight(1)
    return made


def text_width(text: str, role: style.Role = "corps") -> int:
    """Width in pixels of ``text``, for columns and fields sized after what they hold."""
    return QFontMetrics(style.font(role)).horizontalAdvance(text)
