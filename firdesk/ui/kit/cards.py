"""Cards: a titled surface, a big figure, a coloured note."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import ElidedText, Icon, Text, button

#: Between the margin of a card and its content; a chart's highlighted row uses it.
INSET = 6


class Card(QFrame):
    """A surface with an optional title, subtitle and actions at its right; fill :attr:`body`."""

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "carte")
        self._title = Text(title, "sous_titre")
        self._subtitle = ElidedText(subtitle, "petit", "faible")
        self._actions = QHBoxLayout()
        self._actions.setSpacing(2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        head = QHBoxLayout()
        head.setContentsMargins(INSET, 0, INSET, 0)
        head.addLayout(words, 1)
        head.addLayout(self._actions)
        head.setAlignment(self._actions, Qt.AlignmentFlag.AlignTop)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(style.SPACE, style.MARGIN, style.SPACE, style.MARGIN)
        self._outer.setSpacing(style.SPACE)
        self._outer.addLayout(head)
        #: Where the content of the card goes.
        self.body = self._new_body()
        self.set_title(title, subtitle)

    def set_title(self, title: str, subtitle: str | None = None) -> None:
        """Change the title (and the subtitle where given)."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        if subtitle is not None:
            self._subtitle.setText(subtitle)
            self._subtitle.setVisible(bool(subtitle))
        self.setAccessibleName(title)
        self.setAccessibleDescription(self._subtitle.text())

    def add_action(self, widget: QWidget) -> None:
        """A button or link at the right of the title."""
        self._actions.addWidget(widget)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add to the body; a widget that bleeds (a chart) takes the margin too."""
        if not getattr(widget, "bleed", False):
            self.body.addWidget(widget, stretch)
            return
        if self.body.isEmpty():
            self._outer.removeItem(self.body)
        self._outer.addWidget(widget, stretch)
        self.body = self._new_body()

    def _new_body(self) -> QVBoxLayout:
        body = QVBoxLayout()
        body.setContentsMargins(INSET, 0, INSET, 0)
        body.setSpacing(style.SPACE)
        self._outer.addLayout(body)
        return body


class FigureCard(QFrame):
    """A label, a big figure, a detail, and where useful a rate as a bar or a line that alerts."""

    clicked = Signal()

    def __init__(self, label: str, *, clickable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "carte")
        self._clickable = clickable
        self._label = ElidedText(label, "petit", "faible")
        self._figure = ElidedText("–", "chiffre")
        self._detail = ElidedText("", "petit", "faible")
        self._alert = ElidedText("", "petit", "alerte")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(3)
        for part in (self._label, self._figure, self._detail, self._alert, self._bar):
            layout.addWidget(part)
        layout.addStretch()
        self.setMinimumWidth(144)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        if clickable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_figure("–")

    def set_figure(
        self, figure: str, detail: str = "", *, rate: float | None = None, alert: str = "", soft: bool = False
    ) -> None:
        """``rate`` between 0 and 1 draws a bar, in the colour of the second series when ``soft``."""
        self._figure.setText(figure)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._alert.setText(alert)
        self._alert.setVisible(bool(alert))
        self._bar.setVisible(rate is not None)
        if rate is not None:
            self._bar.setValue(round(1000 * min(1.0, max(0.0, rate))))
            self._bar.setProperty("tone", "doux" if soft else "")
            style.repolish(self._bar)
        told = [t for t in (detail, alert) if t]
        self.setAccessibleName(f"{self._label.text()} : {figure}" + "".join(f", {t}" for t in told))

    def figure(self) -> str:
        return self._figure.text()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._clickable and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class Note(QFrame):
    """A coloured note with an icon and, where useful, a link: what the user should know here."""

    action = Signal()

    def __init__(
        self, text: str = "", tone: style.Tone = "alerte", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "encart")
        self._icon = Icon("error-warning-line", tone)
        self._text = Text("", "petit", wrap=True)
        self._link = button("", "lien", self.action.emit)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.SPACE, style.MARGIN, style.SPACE)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._link)
        self.set_note(text, tone, action)

    def set_note(self, text: str, tone: style.Tone = "alerte", action: str = "") -> None:
        """Replace the note; an empty text hides it."""
        names = {
            "succes": "checkbox-circle-line",
            "erreur": "close-circle-line",
            "alerte": "error-warning-line",
        }
        self._icon.set_icon(names.get(tone, "information-line"), tone if tone in names else "accent")
        self._text.setText(text)
        shown: style.Tone = tone if tone in names else "normal"
        style.set_tone(self._text, shown)
        style.set_tone(self._link, shown if shown != "normal" else "accent")
        self._link.setText(action)
        self._link.setVisible(bool(action))
        self.setAccessibleName(text)
        self.setProperty("tone", tone)
        style.repolish(self)
        self.setVisible(bool(text))
