"""Opened, notified, engaged, paid and available of each mission."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.volet import Volet

_COLUMNS = (
    ColumnSpec("libelle", "Mission", stretch=True),
    ColumnSpec("ae_ouvertes", "AE ouvertes", "montant", 136),
    ColumnSpec("ae_engagees", "AE engagées", "montant", 136),
    ColumnSpec("cp_ouverts", "CP ouverts", "montant", 136),
    ColumnSpec("cp_payes", "CP payés", "montant", 136),
)


class Execution(Volet):
    """One row a mission."""

    key = "execution"
    title = "Exécution"
    tables = frozenset({"budget_version", "budget_ligne", "virement", "execution", "execution_ligne", "exercice"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Exécution du budget")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        found = self.session.budgets.situations(self.bridge.exercice)
        rows = [(f"{x.cle} · {x.libelle}", x.ae_ouvertes, x.ae_engagees, x.cp_ouverts, x.cp_payes) for x in found]
        self.model.set_rows(rows)
        sums = {c.key: sum(getattr(x, c.key) for x in found) for c in _COLUMNS[1:]}
        totals = {key: money.euros(cents) for key, cents in sums.items()}
        self.table.set_totals(totals if rows else {}, "Total")
        self.table.set_state("donnees" if rows else "vide", f"Aucun budget saisi pour {self.bridge.exercice}.")
