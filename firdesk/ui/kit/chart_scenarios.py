"""A chart of three bars a row, from the most careful to the boldest, and a marker line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from firdesk.domain import money
from firdesk.ui.kit.charts import Chart
from firdesk.ui.kit.columns import ColumnSpec

if TYPE_CHECKING:
    from firdesk.ui.kit.plots import PlotRow


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """Three amounts in cents and the place of a marker (``None``: no marker)."""

    key: str
    label: str
    values_cents: tuple[int, int, int]
    mark_cents: int | None
    text: str


class ScenarioBars(Chart):
    """Rows in the order given; the table beside holds the same amounts, to the cent."""

    row_height = 36
    bar_height = 6

    def __init__(
        self,
        title: str = "Graphique",
        *,
        names: tuple[str, str, str] = ("Bas", "Central", "Haut"),
        mark: str = "Ouvert",
        noun: str = "",
        parent: QWidget | None = None,
    ) -> None:
        columns = (
            ColumnSpec("libelle", "Libellé", width=200, stretch=True),
            *(ColumnSpec(f"v{i}", name, "montant", 140, decimals=True) for i, name in enumerate(names)),
            ColumnSpec("repere", mark, "montant", 140, decimals=True),
        )
        super().__init__(title, columns, parent)
        self.noun = noun
        self._names, self._mark = names, mark
        self._rows: tuple[ScenarioRow, ...] = ()

    def set_rows(self, rows: Sequence[ScenarioRow]) -> None:
        """Show these rows in this order."""
        self._rows = tuple(rows)
        self._model.set_rows([(r.label, *r.values_cents, r.mark_cents) for r in rows])
        sums = [sum(r.values_cents[i] for r in rows) for i in range(len(self._names))]
        marks = [r.mark_cents for r in rows if r.mark_cents is not None]
        totals = {f"v{i}": money.euros(cents, decimals=True) for i, cents in enumerate(sums)}
        totals |= {"repere": money.euros(sum(marks), decimals=True)} if marks else {}
        self._table.set_totals(totals if rows else {}, "Total")
        told = ", ".join(f"{name} {money.euros(c)}" for name, c in zip(self._names, sums, strict=True))
        self._changed([r.key for r in rows], f"{len(rows)} lignes. {told}.")

    def rows(self) -> tuple[ScenarioRow, ...]:
        return self._rows

    def _make_rows(self) -> list[PlotRow]:
        from firdesk.ui.kit.plots import PlotRow

        made = []
        for r in self._rows:
            told = [f"{name} {money.euros(c)}" for name, c in zip(self._names, r.values_cents, strict=True)]
            if r.mark_cents is not None:
                told.append(f"{self._mark} {money.euros(r.mark_cents)}")
            made.append(PlotRow(r.label, r.values_cents, r.mark_cents, r.text, f"{r.label} : {', '.join(told)}"))
        return made

    def _tail_text(self, count: int) -> str:
        return f"et {count} autre{'s' if count > 1 else ''} {self.noun}".rstrip()
