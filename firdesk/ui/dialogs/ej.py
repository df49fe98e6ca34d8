"""One commitment by its number: its items on whatever allocations, what is committed, paid and left to pay."""

from PySide6.QtWidgets import QWidget

from firdesk.domain.allocation import Filtre
from firdesk.domain.problem import Refus
from firdesk.services import engagements
from firdesk.services.engagements import EngagementJuridique
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.sheet import Sheet
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable

WIDTH, MOST = 860, 12
COLUMNS = (
    ColumnSpec("ej", "Poste", "code", 136),
    ColumnSpec("reference", "Allocation", "code", 104),
    ColumnSpec("operateur", "Opérateur", width=160, stretch=True),
    ColumnSpec("destination", "Destination", "code", 96),
    ColumnSpec("ae", "AE", "montant", 124),
    ColumnSpec("cp", "CP payé", "montant", 124),
    ColumnSpec("reste", "Reste à payer", "montant", 124),
)


class EJ(Sheet):
    """One row an item; Enter shows its allocation."""

    def __init__(self, bridge: Bridge, parent: QWidget, found: EngagementJuridique) -> None:
        super().__init__(parent, f"Engagement juridique {found.numero}", WIDTH)
        self._bridge, self._found = bridge, found
        self.model = SimpleTableModel(COLUMNS, parent=self)
        self.table = DataTable(self.model, name=f"Postes de l'EJ {found.numero}")
        self.table.activated.connect(self.open_allocation)
        self.body.addWidget(self.table, 1)
        self.model.set_rows(
            (p.ej, p.reference, p.operateur, p.destination, p.ae, p.cp, p.reste_a_payer) for p in found.postes
        )
        sums = {"ae": found.ae, "cp": found.cp, "reste": found.reste_a_payer}
        self.table.set_totals(sums, "Total")
        shown = max(2, min(len(found.postes), MOST))
        self.table.setMinimumHeight(style.HEADER + shown * style.ROW + style.FOOTER + 4)
        self.table.select([0], current=0)
        self.table.setFocus()

    def open_allocation(self, row: object) -> None:
        """Show the allocation of an item in its page."""
        if isinstance(row, int):
            self.accept()
            self._bridge.navigate.emit("allocations", Filtre(texte=self._found.postes[row].reference))


def show(bridge: Bridge, parent: QWidget, texte: str) -> EJ | None:
    """Open the sheet over the window of ``parent``, or say that nothing is known of this EJ."""
    try:
        found = engagements.ej(bridge.session, texte)
    except Refus as refusal:
        bridge.message.emit("info", refusal.message, "", None)
        return None
    sheet = EJ(bridge, parent.window(), found)
    sheet.open()
    return sheet
