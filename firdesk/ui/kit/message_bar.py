"""The one bar that says what happened; the last message replaces the one before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Icon, Text, button, icon_button

Kind = Literal["info", "succes", "alerte", "erreur"]
INFO_MS = 8_000

_LOOK: dict[str, tuple[str, style.Tone, str]] = {
    "info": ("information-line", "accent", "Information"),
    "succes": ("checkbox-circle-line", "succes", "Fait"),
    "alerte": ("error-warning-line", "alerte", "Alerte"),
    "erreur": ("close-circle-line", "erreur", "Erreur"),
}


class MessageBar(QFrame):
    """Text, an optional action (« Annuler »), a cross. Information and success leave by themselves."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "encart")
        self._callback: Callable[[], object] | None = None
        self._icon = Icon("information-line")
        self._text = Text("", wrap=True)
        self._action = button("", "lien", self._run)
        self._action.setFont(style.font("fort"))
        self._close = icon_button("close-line", "Fermer le message", self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.HALF, style.HALF, style.HALF)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self._timer = QTimer(self, interval=INFO_MS, singleShot=True)
        self._timer.timeout.connect(self.expire)
        self.hide()

    def show_message(
        self, kind: Kind, text: str, action: str = "", callback: Callable[[], object] | None = None
    ) -> None:
        """Say it; errors and alerts stay until closed, and so does anything under the pointer."""
        icon, tone, spoken = _LOOK[kind]
        self._icon.set_icon(icon, tone)
        self._text.setText(text)
        self._callback = callback
        self._action.setText(action)
        self._action.setVisible(bool(action and callback))
        self.setProperty("tone", tone)
        style.repolish(self)
        self.setAccessibleName(f"{spoken} : {text}")
        self._timer.stop()
        if kind in ("info", "succes"):
            self._timer.start()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def info(self, text: str, action: str = "", callback: Callable[[], object] | None = None) -> None:
        self.show_message("info", text, action, callback)

    def succes(self, text: str, action: str = "", callback: Callable[[], object] | None = None) -> None:
        self.show_message("succes", text, action, callback)

    def alerte(self, text: str, action: str = "", callback: Callable[[], object] | None = None) -> None:
        self.show_message("alerte", text, action, callback)

    def erreur(self, text: str, action: str = "", callback: Callable[[], object] | None = None) -> None:
        self.show_message("erreur", text, action, callback)

    def text(self) -> str:
        """The message shown, empty when none is."""
        return "" if self.isHidden() else self._text.text()

    def clear(self) -> None:
        """Close the bar."""
        self._timer.stop()
        self._callback = None
        self.hide()
        self.closed.emit()

    def run_action(self) -> None:
        """What clicking the action does."""
        self._run()

    def expires(self) -> bool:
        """Whether the message leaves by itself."""
        return self._timer.isActive()

    def _run(self) -> None:
        callback = self._callback
        self.clear()
        if callback is not None:
            callback()

    def expire(self) -> None:
        """What the end of the delay does: close, unless the user is on it."""
        if self.underMouse() or self._action.hasFocus():
            self._timer.start()
        else:
            self.clear()
