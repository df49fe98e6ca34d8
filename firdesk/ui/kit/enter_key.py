"""Enter in any field of a form hands it over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from firdesk.ui.kit.form import Choix, Form


class EnterKey(QObject):
    """Runs ``submit`` on Enter in the fields that ``form`` holds when it is made, once its lists have settled."""

    def __init__(self, form: Form, submit: Callable[[], object]) -> None:
        super().__init__(form)
        self._form, self._submit = form, submit
        for field in form.findChildren(QLineEdit):
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers()
        ):
            for choix in self._form.findChildren(Choix):
                choix.settle()
            self._submit()
            return True
        return super().eventFilter(watched, event)
