"""Where figures come from: file, sheet, cell and text read, then what was there before; from any page."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from firdesk.services.provenance import LigneProvenance
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.sheet import Sheet
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button

#: The key that asks where the figure under the cursor comes from.
TOUCHE = "Ctrl+Shift+O"
QUESTION = "D'où vient ce montant ?"
WIDTH, MOST = 1120, 12
COLUMNS = (
    ColumnSpec("quoi", "Montant", width=232, sortable=False),
    ColumnSpec("etat", "", "etat", 120, sortable=False),
    ColumnSpec("montant", "Valeur", "montant", 124, decimals=True, sortable=False),
    ColumnSpec("feuille", "Feuille", width=108, sortable=False, middle=True),
    ColumnSpec("cellule", "Cellule", width=72, sortable=False),
    ColumnSpec("lu", "Lu", width=108, sortable=False),
    ColumnSpec("le", "Le", "date", 92, sortable=False),
    ColumnSpec("depuis", "Depuis", width=160, stretch=True, sortable=False, middle=True),
)


class Provenance(Sheet):
    """One row a figure; the row chosen is said in one sentence, and its import is one key away."""

    def __init__(self, bridge: Bridge, parent: QWidget, titre: str, lignes: Sequence[LigneProvenance]) -> None:
        super().__init__(parent, titre, WIDTH)
        self._bridge, self.lignes = bridge, lignes
        # SIBC keeps no text beside its amounts.
        self._keys = [c.key for c in COLUMNS if c.key != "lu" or any(x.lieu and x.lieu.lu for x in lignes)]
        self.model = SimpleTableModel([c for c in COLUMNS if c.key in self._keys], parent=self)
        self.table = DataTable(self.model, name=titre)
        self.table.activated.connect(lambda _row: self.open_import())
        self.table.selection_changed.connect(lambda _ids: self._say())
        self.phrase = Text("", wrap=True)
        self.voir = button("Voir l'import", "secondaire", self.open_import)
        foot = QHBoxLayout()
        foot.setSpacing(style.SPACE)
        foot.addWidget(self.phrase, 1)
        foot.addWidget(self.voir)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self.model.set_rows([tuple(_row(x)[key] for key in self._keys) for x in lignes])
        shown = max(2, min(len(lignes), MOST))
        self.table.setMinimumHeight(style.HEADER + shown * style.ROW + 4)
        if lignes:
            self.table.select([0], current=0)
        else:
            self.table.set_state("vide", "Aucun montant n'est écrit ici.")
        self._say()
        self.table.setFocus()

    @property
    def chosen(self) -> LigneProvenance | None:
        """The figure whose sentence is shown."""
        ids = self.table.selected_ids()
        return self.lignes[ids[0]] if ids else None

    def open_import(self) -> None:
        """Show the import that the chosen figure came with."""
        chosen = self.chosen
        if chosen is not None and chosen.lieu is not None:
            self.accept()
            self._bridge.navigate.emit("imports", chosen.lieu.lot)

    def _say(self) -> None:
        chosen = self.chosen
        self.phrase.setText(chosen.phrase if chosen is not None else "")
        self.voir.setEnabled(chosen is not None and chosen.lieu is not None)


def show(bridge: Bridge, parent: QWidget, titre: str, lignes: Sequence[LigneProvenance]) -> Provenance:
    """Open the sheet over the window of ``parent``."""
    sheet = Provenance(bridge, parent.window(), titre, lignes)
    sheet.open()
    return sheet


def _row(x: LigneProvenance) -> dict[str, object]:
    etat = ("succes", "actuel") if x.actuelle else ("faible", "auparavant")
    if x.montant is None:
        etat = ("alerte", "supprimé")
    lieu = x.lieu
    typed = "saisi dans FIRDesk" if x.montant is not None else x.libelle
    return {
        "quoi": x.quoi,
        "etat": etat,
        "montant": x.montant,
        "feuille": lieu.feuille if lieu else "",
        "cellule": lieu.cellule if lieu else "",
        "lu": lieu.lu if lieu else "",
        "le": x.le[:10],
        "depuis": lieu.fichier if lieu else typed,
    }
