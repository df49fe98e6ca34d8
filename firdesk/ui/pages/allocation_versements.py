"""The payments of an allocation, under its amounts: date, amount, request number, the cell each came from."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.services.provenance import Versement
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text

COLUMNS = (
    ColumnSpec("date", "Payé le", "date", 106, sortable=False),
    ColumnSpec("montant", "Montant", "montant", 128, decimals=True, sortable=False),
    ColumnSpec("reference", "N° DP", "code", 96, stretch=True, sortable=False),
)
#: Rows shown before the table scrolls.
MOST = 5


class Versements(QWidget):
    """A small table, and under it the cell that the chosen payment came from; nothing at all without a payment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Versement] = ()
        self._title = Text("", "petit", "faible")
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Paiements")
        self.table.selection_changed.connect(self._explain)
        self.dit = Text("", "petit", "faible", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self._title)
        layout.addWidget(self.table)
        layout.addWidget(self.dit)
        self.hide()

    def show_versements(self, found: Sequence[Versement]) -> None:
        """Show these payments."""
        self._shown = found
        self.setVisible(bool(found))
        plural = "s" * (len(found) > 1)
        total = money.euros(sum(x.montant for x in found), decimals=True)
        self._title.setText(f"{money.nombre(len(found))} paiement{plural} et reprise{plural}, net {total}")
        self.model.set_rows([(x.date, x.montant, x.reference) for x in found])
        self.table.setFixedHeight(style.HEADER + max(1, min(len(found), MOST)) * style.ROW + 4)
        self._explain([])

    def _explain(self, rows: Sequence[int]) -> None:
        told = self._shown[rows[0]].phrase if rows and rows[0] < len(self._shown) else ""
        self.dit.setText(told or "Choisir un paiement : la cellule d'où il vient.")
