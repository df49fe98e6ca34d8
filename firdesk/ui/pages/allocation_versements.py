"""The payments of an allocation, under its amounts: date, amount, request number, the cell each came from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.services.provenance import Versement
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text

COLUMNS = (
    ColumnSpec("date", "Payé le", "date", 84, sortable=False),
    ColumnSpec("montant", "Montant", "montant", 112, decimals=True, sortable=False),
    ColumnSpec("reference", "N° DP", "code", 76, sortable=False),
    ColumnSpec("cellule", "Provenance", width=96, stretch=True, sortable=False, middle=True),
)
#: Rows shown before the table scrolls.
MOST = 5


class Versements(QWidget):
    """A small table, nothing at all without a payment."""

    #: the sentence that says where a payment comes from
    explained = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Sequence[Versement] = ()
        self._title = Text("", "petit", "faible")
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Paiements")
        self.table.activated.connect(lambda row: self.explained.emit(self._shown[int(str(row))].phrase))
        self.table.setToolTip("Entrée : la cellule d'où vient un paiement")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self._title)
        layout.addWidget(self.table)
        self.hide()

    def show_versements(self, found: Sequence[Versement]) -> None:
        """Show these payments."""
        self._shown = found
        self.setVisible(bool(found))
        plural = "s" * (len(found) > 1)
        total = money.euros(sum(x.montant for x in found), decimals=True)
        self._title.setText(f"{money.nombre(len(found))} paiement{plural} et reprise{plural}, net {total}")
        self.model.set_rows([(x.date, x.montant, x.reference, x.cellule) for x in found])
        self.table.setFixedHeight(style.HEADER + max(1, min(len(found), MOST)) * style.ROW + 4)
