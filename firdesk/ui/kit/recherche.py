"""A field that finds one object by name while typing, and may offer to create it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QAction, QFocusEvent
from PySide6.QtWidgets import QLineEdit, QListView, QWidget

from firdesk.domain.problem import Invalide, Problem
from firdesk.ui.kit import style
from firdesk.ui.kit.completion import CREATE_ROLE, KEY_ROLE, Completer, Suggestion

Found = Sequence[tuple[int, str, str]]


class Recherche(QLineEdit):
    """``search(text)`` answers ``(id, title, subtitle)`` at once; the id is lost when one types again."""

    edited = Signal()
    problem_changed = Signal(str)
    #: The user wants something new under the text typed.
    create_requested = Signal(str)
    #: An entry was chosen: its id.
    chosen = Signal(object)

    def __init__(
        self,
        search: Callable[[str], Found],
        *,
        placeholder: str = "",
        creatable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._search, self._creatable = search, creatable
        self._id: int | None = None
        self._told = ""
        self.setProperty("kind", "recherche")
        self.setPlaceholderText(placeholder)
        self.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._completer = Completer(self)
        self._completer.setWidget(self)
        self._completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]
        self.textEdited.connect(self._typed)

    def id(self) -> int | None:
        """The id chosen, ``None`` for an empty field; ``Invalide`` where the text designates nothing."""
        if told := self.problem():
            raise Invalide((Problem(self.objectName(), told),))
        return self._id

    def set_value(self, id: int | None, title: str = "") -> None:
        """Show an object without saying ``edited``."""
        self._id = id
        self.setText(title)
        self.setCursorPosition(0)
        self._tell("")

    def problem(self) -> str:
        text = self.text().strip()
        if not text or self._id is not None:
            return ""
        more = " ou le créer" if self._creatable else ""
        return f"« {text} » n'est pas encore choisi : prendre une des propositions{more}."

    def popup(self) -> QListView:
        """The list of propositions."""
        return self._completer.list

    def suggestions(self) -> list[str]:
        """The titles proposed at this moment."""
        return self._completer.suggestions()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._completer.list.isVisible():
            self._tell(self.problem())

    def _typed(self, text: str) -> None:
        self._id = None
        self._tell("")
        body = text.strip()
        found = [Suggestion(*f) for f in self._search(body)] if body else []
        if body and self._creatable:
            found.append(Suggestion(None, f"Créer « {body} »", create=True))
        self._completer.suggest(found)
        self.edited.emit()

    def _choose(self, index: QModelIndex) -> None:
        if index.data(CREATE_ROLE):
            self.create_requested.emit(self.text().strip())
            return
        self.set_value(index.data(KEY_ROLE), str(index.data()))
        self.edited.emit()
        self.chosen.emit(self._id)

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self.problem_changed.emit(text)
