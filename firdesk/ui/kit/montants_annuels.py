"""One amount a year: a short column of fields with what each year already holds, and their sum under them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.fields import MontantEdit
from firdesk.ui.kit.text import Text, button
from firdesk.ui.kit.undo_keys import UndoKeys

_FIELD = 148


class _Row(NamedTuple):
    label: Text
    field: MontantEdit
    note: Text


class MontantsAnnuels(QWidget):
    """Fields by year in order; an empty one is no amount. ``conclude(values)`` says what is told under the sum."""

    edited = Signal()

    def __init__(
        self, conclude: Callable[[dict[int, int]], tuple[style.Tone, str]] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._conclude = conclude
        self._rows: dict[int, _Row] = {}
        self._notes: dict[int, str] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(style.MARGIN)
        self._grid.setVerticalSpacing(style.HALF)
        self._grid.setColumnStretch(2, 1)
        self._undo = UndoKeys(self)
        self.sum = Text("", "total")
        self.told = Text("", "petit", "faible", wrap=True)
        self.before = button("Année précédente", "lien", lambda: self.add_year(before=True))
        self.after = button("Année suivante", "lien", self.add_year)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.before)
        foot.addWidget(self.after)
        foot.addStretch()
        foot.addWidget(self.sum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addLayout(self._grid)
        layout.addLayout(foot)
        layout.addWidget(self.told)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted(self._rows))

    def field(self, year: int) -> MontantEdit:
        return self._rows[year].field

    def set_values(self, values: Mapping[int, int | None], notes: Mapping[int, str] | None = None) -> None:
        """Show these years, without saying ``edited``; ``notes`` says what is beside some of them."""
        self._notes = dict(notes or {})
        self._build(sorted(values))
        for year, cents in values.items():
            self.field(year).set_cents(cents)
        self._add_up()

    def values(self) -> dict[int, int]:
        """The amounts given; ``Invalide`` where a text is none."""
        read = {year: self.field(year).cents() for year in self.years}
        return {year: cents for year, cents in read.items() if cents is not None}

    def problem(self) -> str:
        """What is wrong with the first field that cannot be read."""
        return next((f"{year} : {told}" for year in self.years if (told := self.field(year).problem())), "")

    def add_year(self, *, before: bool = False) -> None:
        """One more year at an end, the cursor in it."""
        years = self.years
        if not years:
            return
        year = years[0] - 1 if before else years[-1] + 1
        self._build(sorted([*years, year]))
        self.field(year).show()
        self.field(year).setFocus()

    def _build(self, years: list[int]) -> None:
        """A row a year; the fields of years shown already stay, with what is typed in them and the focus."""
        while self._grid.takeAt(0) is not None:
            pass
        for year in self._rows.keys() - set(years):
            for widget in self._rows.pop(year):
                widget.hide()
                widget.deleteLater()
        for row, year in enumerate(years):
            if year not in self._rows:
                self._rows[year] = self._make(year)
            label, field, note = self._rows[year]
            told = self._notes.get(year, "")
            note.setText(told)
            field.setAccessibleDescription(told)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(field, row, 1)
            self._grid.addWidget(note, row, 2, Qt.AlignmentFlag.AlignVCenter)
        self._order([self.field(year) for year in years])

    def _make(self, year: int) -> _Row:
        field = MontantEdit()
        field.setFixedWidth(_FIELD)
        field.setPlaceholderText("—")
        field.setObjectName(str(year))
        field.setAccessibleName(f"Montant de {year}")
        field.edited.connect(self._changed)
        self._undo.watch(field)
        label = Text(str(year), "montant")
        label.setBuddy(field)
        return _Row(label, field, Text("", "petit", "faible"))

    def _order(self, fields: list[MontantEdit]) -> None:
        """Years from top to bottom, then the two links, wherever this widget stands in its window."""
        place: QWidget = self.before
        for field in fields:
            QWidget.setTabOrder(place, field)
            place = field
        QWidget.setTabOrder(place, self.before)
        QWidget.setTabOrder(self.before, self.after)

    def _changed(self) -> None:
        self._add_up()
        self.edited.emit()

    def _add_up(self) -> None:
        if self.problem():
            self.sum.setText("—")
            self.told.setText(self.problem())
            style.set_tone(self.told, "erreur")
            return
        values = self.values()
        self.sum.setText(money.euros(sum(values.values()), decimals=True) if values else "—")
        tone, told = self._conclude(values) if self._conclude is not None else ("faible", "")
        self.told.setText(told)
        self.told.setVisible(bool(told))
        style.set_tone(self.told, tone)
