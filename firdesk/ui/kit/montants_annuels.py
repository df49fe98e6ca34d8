"""One amount a year: a short column of fields with what each year already holds, and their sum under them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.fields import MontantEdit
from firdesk.ui.kit.text import Text, button

_FIELD = 148


class MontantsAnnuels(QWidget):
    """Fields by year in order; an empty one is no amount. ``conclude(values)`` says what is told under the sum."""

    edited = Signal()

    def __init__(
        self, conclude: Callable[[dict[int, int]], tuple[style.Tone, str]] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._conclude = conclude
        self._fields: dict[int, MontantEdit] = {}
        self._notes: dict[int, str] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(style.MARGIN)
        self._grid.setVerticalSpacing(style.HALF)
        self._grid.setColumnStretch(2, 1)
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
        return tuple(sorted(self._fields))

    def field(self, year: int) -> MontantEdit:
        return self._fields[year]

    def set_values(self, values: Mapping[int, int | None], notes: Mapping[int, str] | None = None) -> None:
        """Show these years, without saying ``edited``; ``notes`` says what is beside some of them."""
        self._notes = dict(notes or {})
        self._build(sorted(values))
        for year, cents in values.items():
            self._fields[year].set_cents(cents)
        self._add_up()

    def values(self) -> dict[int, int]:
        """The amounts given; ``Invalide`` where a text is none."""
        read = {year: field.cents() for year, field in self._fields.items()}
        return {year: cents for year, cents in read.items() if cents is not None}

    def problem(self) -> str:
        """What is wrong with the first field that cannot be read."""
        return next((f"{year} : {told}" for year in self.years if (told := self._fields[year].problem())), "")

    def add_year(self, *, before: bool = False) -> None:
        """One more year at an end, the cursor in it."""
        years = self.years
        if not years:
            return
        year = years[0] - 1 if before else years[-1] + 1
        kept = {y: self._fields[y].text() for y in years}
        self._build(sorted([*years, year]))
        for y, text in kept.items():
            self._fields[y].setText(text)
        self._fields[year].show()
        self._fields[year].setFocus()

    def _build(self, years: list[int]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = {}
        for row, year in enumerate(years):
            field = MontantEdit()
            field.setFixedWidth(_FIELD)
            field.setPlaceholderText("—")
            field.setObjectName(str(year))
            field.setAccessibleName(f"Montant de {year}")
            note = self._notes.get(year, "")
            field.setAccessibleDescription(note)
            field.edited.connect(self._changed)
            label = Text(str(year), "montant")
            label.setBuddy(field)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(field, row, 1)
            self._grid.addWidget(Text(note, "petit", "faible"), row, 2, Qt.AlignmentFlag.AlignVCenter)
            self._fields[year] = field
        for one, following in pairwise(years):
            QWidget.setTabOrder(self._fields[one], self._fields[following])
        if years:
            QWidget.setTabOrder(self._fields[years[-1]], self.before)

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
