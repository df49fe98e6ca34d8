"""Charts: rows of bars one can point at, walk with the keyboard, read as a table (key T) and export.

pyqtgraph is imported when a chart is first shown, not before.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import icon_button

if TYPE_CHECKING:
    from firdesk.ui.kit.plots import PlotRow, RowsPlot

__all__ = ["BarRow", "Chart", "PairRow", "PairedBars", "RankedBars"]


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar; ``text`` is what is written at its right (``41,2 M€``)."""

    key: str
    label: str
    value_cents: int
    text: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two bars and the place of a marker (``None``: no marker)."""

    key: str
    label: str
    first_cents: int
    second_cents: int
    mark_cents: int | None
    text: str


class Chart(QWidget):
    """What all charts share: the plot made late, the table, keys, selection, export."""

    bar_clicked = Signal(str)
    #: The line « et n autres » was clicked; the table is shown unless someone else answers.
    tail_clicked = Signal()
    #: The chart took the place of its table, or the table that of the chart.
    toggled = Signal()

    row_height = 26
    bar_height = 10
    stacked = hatched = False
    #: In a card, a chart reaches past the margin so that its labels align with the title.
    bleed = True

    def __init__(self, title: str, columns: Sequence[ColumnSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        #: What the rows are, in the plural, for « et 7 autres thèmes ».
        self.noun = ""
        self._keys: list[str] = []
        self._selected = ""
        self._plot_rows: list[PlotRow] | None = None
        self._plot: RowsPlot | None = None
        self._model = SimpleTableModel(columns, parent=self)
        self._table = DataTable(self._model, name=title)
        self._table.activated.connect(self._row_activated)
        self._table.view.installEventFilter(self)
        self._stack = QStackedWidget()
        self._blank = QWidget()
        self._stack.addWidget(self._blank)
        self._stack.addWidget(self._table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setAccessibleName(title)
        self._toggle = icon_button("table-line", "Afficher en tableau (T)", self.toggle_table)
        self._toggle.setCheckable(True)
        self._menu = icon_button("more-2-line", "Exporter le graphique")
        self._menu.setMenu(self._export_menu())

    def actions_widgets(self) -> list[QToolButton]:
        """The buttons for the head of the card that holds the chart: table, export."""
        return [self._toggle, self._menu]

    # What is shown

    @property
    def table(self) -> DataTable:
        """The same data as a table."""
        return self._table

    @property
    def table_shown(self) -> bool:
        return self._stack.currentWidget() is self._table

    def toggle_table(self) -> None:
        """Chart to table and back; the focus follows."""
        shown = not self.table_shown
        self._stack.setCurrentIndex(1 if shown else 0)
        self._toggle.setChecked(shown)
        self._hand_focus()
        self.setFocus()
        self.toggled.emit()

    def _hand_focus(self) -> None:
        """The focus given to the chart is taken by what is shown of it."""
        shown = self._table if self.table_shown else self._plot
        if shown is not None:
            lead_focus(self, shown)

    def set_selected(self, key: str) -> None:
        """Highlight the row of a key (empty: none)."""
        self._selected = key
        if self._plot is not None:
            self._plot.selected = self._keys.index(key) if key in self._keys else -1
            self._plot.viewport().update()

    def selected(self) -> str:
        return self._selected

    def plot(self) -> RowsPlot:
        """The pyqtgraph widget, made on first use."""
        if self._plot is None:
            made = self.new_plot()
            made.setAccessibleName(self.title)
            made.row_clicked.connect(self._bar_clicked)
            made.row_focused.connect(self._describe_row)
            made.tail_clicked.connect(self._tail_clicked)
            made.table_asked.connect(self.toggle_table)
            style.themed.connect(made.viewport().update)
            self._stack.removeWidget(self._blank)
            self._blank.deleteLater()
            self._stack.insertWidget(0, made)
            if self._menu.window() is made.window():
                QWidget.setTabOrder(self._menu, made)
            self._stack.setCurrentIndex(1 if self._toggle.isChecked() else 0)
            self._plot = made
            self._hand_focus()
            self._show_rows()
        return self._plot

    def new_plot(self) -> RowsPlot:
        """A plot of the kind that this chart shows, without rows."""
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        from firdesk.ui.kit.plots import RowsPlot

        return RowsPlot(
            row_height=self.row_height, bar_height=self.bar_height, stacked=self.stacked, hatched=self.hatched
        )

    @property
    def legend_height(self) -> int:
        """The room that the names of the series take in an exported picture."""
        return 0

    def paint_legend(self, painter: QPainter, room: QRectF) -> None:
        """Write the names of the series."""

    def set_height_for(self, rows: int) -> None:
        """Make the chart just high enough for this many rows."""
        self.setFixedHeight(rows * self.row_height)

    # Export

    def export_png(self, path: Path | str) -> None:
        """A picture of all the rows under the title, on white, twice the size of the screen."""
        from firdesk.ui.kit.chart_export import export_png

        export_png(self, Path(path))

    def export_svg(self, path: Path | str) -> None:
        """The same as a vector drawing."""
        from firdesk.ui.kit.chart_export import export_svg

        export_svg(self, Path(path))

    def all_rows(self) -> list[PlotRow]:
        """Every row, as the plot takes them."""
        return list(self._plot_rows or self._make_rows())

    def _export_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Enregistrer en PNG…", lambda: self._ask_export("png"))
        menu.addAction("Enregistrer en SVG…", lambda: self._ask_export("svg"))
        return menu

    def _ask_export(self, kind: str) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Enregistrer le graphique", f"{self.title}.{kind}", f"{kind.upper()} (*.{kind})"
        )
        if chosen:
            path = Path(chosen)
            path = path if path.suffix else path.with_suffix(f".{kind}")
            (self.export_png if kind == "png" else self.export_svg)(path)

    # Inside

    def _make_rows(self) -> list[PlotRow]:
        raise NotImplementedError

    def _tail_text(self, count: int) -> str:
        raise NotImplementedError

    def _changed(self, keys: Sequence[str], summary: str) -> None:
        self._keys = list(keys)
        self._plot_rows = None
        self.setAccessibleDescription(f"{summary} Touche T : les mêmes données en tableau.")
        if self._plot is not None:
            self._show_rows()

    def _show_rows(self) -> None:
        if self._plot is not None:
            self._plot_rows = self._make_rows()
            self._plot.set_rows(self._plot_rows, self._tail_text)
            self._plot.setAccessibleDescription(self.accessibleDescription())
            self.set_selected(self._selected)

    def _bar_clicked(self, place: int) -> None:
        self.bar_clicked.emit(self._keys[place])

    def _row_activated(self, place: int) -> None:
        if place < len(self._keys):
            self.bar_clicked.emit(self._keys[place])

    def _tail_clicked(self) -> None:
        self.tail_clicked.emit()
        if not self.table_shown:
            self.toggle_table()

    def _describe_row(self, place: int) -> None:
        if self._plot is not None and self._plot_rows is not None and place < len(self._plot_rows):
            row = self._plot_rows[place]
            self._plot.setAccessibleDescription(f"{row.tooltip}, {place + 1} sur {len(self._plot_rows)}")

    def showEvent(self, event: QShowEvent) -> None:
        self.plot()
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        asked = event.key() == Qt.Key.Key_T and not event.modifiers()
        if asked:
            self.toggle_table()
        return asked


class RankedBars(Chart):
    """Ranked horizontal bars: label, bar, value; « et n autres » where the height runs out."""

    def __init__(
        self, title: str = "Graphique", *, noun: str = "", compact: bool = False, parent: QWidget | None = None
    ) -> None:
        columns = (
            ColumnSpec("libelle", "Libellé", width=200, stretch=True),
            ColumnSpec("montant", "Montant", "montant", 140, decimals=True),
            ColumnSpec("part", "Part", "pourcent", 80),
        )
        super().__init__(title, columns, parent)
        self.noun = noun
        if compact:
            self.row_height = 20
        self._rows: tuple[BarRow, ...] = ()

    def set_rows(self, rows: Sequence[BarRow]) -> None:
        """Show these rows in this order."""
        self._rows = tuple(rows)
        shares = money.parts([r.value_cents for r in rows])
        self._model.set_rows([(r.label, r.value_cents, float(s)) for r, s in zip(rows, shares, strict=True)])
        total = sum(r.value_cents for r in rows)
        self._table.set_totals({"montant": money.euros(total, decimals=True)} if rows else {}, "Total")
        first = f" La première : {rows[0].label}, {rows[0].text}." if rows else ""
        self._changed([r.key for r in rows], f"{len(rows)} barres, total {money.euros(total)}.{first}")

    def rows(self) -> tuple[BarRow, ...]:
        return self._rows

    def _make_rows(self) -> list[PlotRow]:
        from firdesk.ui.kit.plots import PlotRow

        return [
            PlotRow(r.label, (r.value_cents,), None, r.text, f"{r.label} : {money.euros(r.value_cents)}")
            for r in self._rows
        ]

    def _tail_text(self, count: int) -> str:
        rest = money.millions(sum(r.value_cents for r in self._rows[-count:]))
        if count == 1:
            return f"et 1 autre · {rest}"
        return f"et {count} autres {self.noun} · {rest}".replace("  ", " ")


class PairedBars(Chart):
    """Two bars per row (engaged and paid, say) and a marker line (opened)."""

    row_height = 28
    bar_height = 7

    def __init__(
        self,
        title: str = "Graphique",
        *,
        first: str = "Engagé",
        second: str = "Payé",
        mark: str = "Ouvert",
        noun: str = "",
        parent: QWidget | None = None,
    ) -> None:
        columns = (
            ColumnSpec("libelle", "Libellé", width=160, stretch=True),
            ColumnSpec("repere", mark, "montant", 130, decimals=True),
            ColumnSpec("premier", first, "montant", 130, decimals=True),
            ColumnSpec("second", second, "montant", 130, decimals=True),
        )
        super().__init__(title, columns, parent)
        self._first, self._second, self._mark = first, second, mark
        self.noun = noun
        self._rows: tuple[PairRow, ...] = ()

    def set_rows(self, rows: Sequence[PairRow]) -> None:
        """Show these rows in this order."""
        self._rows = tuple(rows)
        self._model.set_rows([(r.label, r.mark_cents, r.first_cents, r.second_cents) for r in rows])
        totals = (sum(r.first_cents for r in rows), sum(r.second_cents for r in rows))
        told = f"{self._first} {money.euros(totals[0])}, {self._second} {money.euros(totals[1])}"
        self._changed([r.key for r in rows], f"{len(rows)} lignes. {told}.")

    def rows(self) -> tuple[PairRow, ...]:
        return self._rows

    def _make_rows(self) -> list[PlotRow]:
        from firdesk.ui.kit.plots import PlotRow

        made = []
        for r in self._rows:
            told = [
                f"{self._first} {money.euros(r.first_cents)}",
                f"{self._second} {money.euros(r.second_cents)}",
            ]
            if r.mark_cents is not None:
                told.append(f"{self._mark} {money.euros(r.mark_cents)}")
            values = (r.first_cents, r.second_cents)
            made.append(PlotRow(r.label, values, r.mark_cents, r.text, f"{r.label} : {', '.join(told)}"))
        return made

    def _tail_text(self, count: int) -> str:
        return f"et {count} autre{'s' if count > 1 else ''} {self.noun}".rstrip()
