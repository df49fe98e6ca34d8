"""A form: labels above fields, help and problems under them, names for screen readers set once for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain.problem import Invalide, Problem, Severity
from firdesk.ui.kit import style
from firdesk.ui.kit.choix import Choix
from firdesk.ui.kit.fields import DateEdit, MontantEdit, TexteEdit, TexteLong
from firdesk.ui.kit.recherche import Recherche
from firdesk.ui.kit.text import Icon, Text

__all__ = ["Choix", "DateEdit", "Field", "Form", "MontantEdit", "Recherche", "Row", "TexteEdit", "TexteLong"]

_ICONS = {Severity.ERREUR: "close-circle-line", Severity.ALERTE: "error-warning-line"}


class Row(NamedTuple):
    """What one field of a row of several needs."""

    label: str
    widget: QWidget
    key: str
    help: str = ""


class Field(QWidget):
    """Label, widget, help and problems of one value."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.key, self.widget = row.key, row.widget
        self.label = Text(row.label, "petit", "faible")
        self.label.setBuddy(row.widget)
        self.help = Text("", "petit", "faible", wrap=True)
        self._problems = QVBoxLayout()
        self._problems.setSpacing(2)
        self._shown: tuple[Problem, ...] = ()
        self._own = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self.label)
        layout.addWidget(row.widget)
        layout.addWidget(self.help)
        layout.addLayout(self._problems)
        layout.addStretch()
        row.widget.setObjectName(row.key)
        row.widget.setAccessibleName(row.label)
        self.set_help(row.help)
        changed = getattr(row.widget, "problem_changed", None)
        if changed is not None:
            changed.connect(self._own_changed)

    def set_help(self, text: str) -> None:
        """A quiet line under the field."""
        self.help.setText(text)
        self.help.setVisible(bool(text))
        self._describe()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Replace the messages under the field, what the field itself found first."""
        self._shown = tuple(problems)
        self._refresh()

    def problems(self) -> tuple[Problem, ...]:
        own = (Problem(self.key, self._own),) if self._own else ()
        return own + tuple(p for p in self._shown if p.message != self._own)

    def input_problem(self) -> Problem | None:
        """What the widget says of its own text (an unreadable amount, a date that is none)."""
        ask = getattr(self.widget, "problem", None)
        told = ask() if ask is not None else ""
        return Problem(self.key, told) if told else None

    def _own_changed(self, text: str) -> None:
        self._own = text
        self._refresh()

    def _refresh(self) -> None:
        _clear(self._problems)
        problems = self.problems()
        for problem in problems:
            self._problems.addWidget(_message(problem))
        worst = ""
        if problems:
            worst = "erreur" if any(p.blocking for p in problems) else "alerte"
        if (self.widget.property("probleme") or "") != worst:
            self.widget.setProperty("probleme", worst)
            style.repolish(self.widget)
        self._describe()

    def _describe(self) -> None:
        told = [f"{p.severity.value.capitalize()} : {p.message}" for p in self.problems()]
        self.widget.setAccessibleDescription(" ".join([*told, self.help.text()]).strip())


class Form(QWidget):
    """Rows of fields by key. ``edited(key)`` says which value the user changed."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: dict[str, Field] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(style.SPACE + 2)
        self._general = QVBoxLayout()
        self._general.setSpacing(style.HALF)
        self._layout.addLayout(self._general)

    def add_row(self, label: str, widget: QWidget, *, help: str = "", key: str) -> Field:
        """One field over the whole width."""
        field = self._make(Row(label, widget, key, help))
        self._layout.addWidget(field)
        return field

    def add_pair(self, *rows: Row | tuple[str, QWidget, str] | tuple[str, QWidget, str, str]) -> list[Field]:
        """Two fields (or more) side by side, of equal width: ``(label, widget, key[, help])``."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.MARGIN)
        fields = [self._make(Row(*row)) for row in rows]
        for column, field in enumerate(fields):
            grid.addWidget(field, 0, column)
            grid.setColumnStretch(column, 1)
        self._layout.addLayout(grid)
        return fields

    def add_section(self, title: str) -> Text:
        """A heading between groups of fields."""
        made = Text(title, "fort")
        self._layout.addSpacing(style.HALF)
        self._layout.addWidget(made)
        return made

    def add_widget(self, widget: QWidget) -> None:
        """Anything else, over the whole width."""
        self._layout.addWidget(widget)

    def field(self, key: str) -> Field:
        return self._fields[key]

    def keys(self) -> list[str]:
        return list(self._fields)

    def set_help(self, key: str, text: str) -> None:
        self._fields[key].set_help(text)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Each message under its field, those of no field at the top."""
        by_field: dict[str, list[Problem]] = {}
        for problem in problems:
            by_field.setdefault(problem.field if problem.field in self._fields else "", []).append(problem)
        for key, field in self._fields.items():
            field.show_problems(by_field.get(key, ()))
        _clear(self._general)
        for problem in by_field.get("", ()):
            self._general.addWidget(_message(problem))

    def clear_problems(self) -> None:
        self.show_problems(())

    def input_problems(self) -> list[Problem]:
        """What cannot even be read, before any rule is asked: show these, and do not save."""
        return [p for f in self._fields.values() if (p := f.input_problem()) is not None]

    def require_readable(self) -> None:
        """Raise ``Invalide`` (and show why) where a field holds a text without value."""
        problems = self.input_problems()
        if problems:
            self.show_problems(problems)
            self.focus_first_problem()
            raise Invalide(tuple(problems))

    def focus_first_problem(self) -> None:
        """Put the cursor in the first field that has an error, else an alert, its text ready to be typed over."""
        told = [(f, f.problems()) for f in self._fields.values() if f.problems()]
        told.sort(key=lambda pair: not any(p.blocking for p in pair[1]))
        if told:
            told[0][0].widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _make(self, row: Row) -> Field:
        field = Field(row)
        self._fields[row.key] = field
        edited = getattr(row.widget, "edited", None)
        if edited is not None:
            edited.connect(lambda key=row.key: self.edited.emit(key))
        return field


def _message(problem: Problem) -> QWidget:
    tone: style.Tone = "erreur" if problem.severity is Severity.ERREUR else "alerte"
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    layout.addWidget(Icon(_ICONS[problem.severity], tone, 14), 0, Qt.AlignmentFlag.AlignTop)
    text = Text(problem.message, "petit", tone, wrap=True)
    text.setAccessibleName(f"{problem.severity.value.capitalize()} : {problem.message}")
    layout.addWidget(text, 1)
    return made


def _clear(layout: QBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
