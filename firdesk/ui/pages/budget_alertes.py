"""What deserves a look in the exercice, gravest first; Enter opens the lines or the page behind an alert."""

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain.controle import GRAVITES, REGLES, Alerte
from firdesk.domain.problem import Refus
from firdesk.services import alertes
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.volet import Volet

_COLUMNS = (
    ColumnSpec("signal", "", "icone", 36, sortable=False, tooltip="Gravité"),
    ColumnSpec("gravite", "Gravité", width=88),
    ColumnSpec("regle", "Règle", width=168),
    ColumnSpec("texte", "Constat", width=240, stretch=True),
    ColumnSpec("montant", "Montant", "montant", 116),
    ColumnSpec("lignes", "Lignes", "entier", 72),
    ColumnSpec("source", "Source de la règle", width=158),
)
_TONES = {"grave": "erreur", "alerte": "alerte", "info": "faible"}
_TOUTES = "Toutes les règles"


class AlertesVolet(Volet):
    """One row an alert, of every rule or of one."""

    key = "alertes"
    title = "Alertes"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.found: list[Alerte] = []
        self.shown: list[Alerte] = []
        self.regle = QComboBox()
        self.regle.setAccessibleName("Règle des alertes montrées")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Alertes")
        self._lay_out()
        self.regle.activated.connect(lambda _: self._fill())
        self.table.activated.connect(lambda _: self.open_chosen())
        self.table.set_context_menu(self._fill_menu)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        label = Text("Règle", "petit", "faible")
        label.setBuddy(self.regle)
        tools.addWidget(label)
        tools.addWidget(self.regle)
        tools.addStretch()
        tools.addWidget(self.exporter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)
        lead_focus(self, self.table)

    # What is shown

    def accept(self, argument: object) -> None:
        """Show the alerts of one rule, by its key."""
        if (place := self.regle.findData(argument)) >= 0:
            self.regle.setCurrentIndex(place)
            self._fill()

    def refresh(self) -> None:
        year = self.bridge.exercice
        try:
            self.found = alertes.liste(self.session, year)
        except Refus as refusal:
            self.found = []
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        kept = self.regle.currentData()
        self.regle.clear()
        self.regle.addItem(_TOUTES, "")
        met = {a.regle: sum(b.regle == a.regle for b in self.found) for a in self.found}
        for key, text in REGLES.items():
            if key in met:
                self.regle.addItem(f"{text} ({met[key]})", key)
        self.regle.setCurrentIndex(max(0, self.regle.findData(kept)))
        grave = sum(a.gravite == "grave" for a in self.found)
        told = f"Exercice {year} · des alertes, jamais des refus"
        self.set_subtitle(told + (f" · {grave} grave{'s' * (grave > 1)}" if grave else ""))
        self._fill()

    def _fill(self) -> None:
        wanted = self.regle.currentData()
        self.shown = [a for a in self.found if not wanted or a.regle == wanted]
        self.model.set_rows([_row(a) for a in self.shown])
        self.regle.setEnabled(bool(self.found))
        self.exporter.setEnabled(bool(self.shown))
        count = len(self.shown)
        self.set_status(f"{count} alerte{'s' * (count > 1)}" if count else "")
        if count:
            self.table.set_state("donnees")
        else:
            self.table.set_state("vide", "Rien à signaler")

    @property
    def chosen(self) -> Alerte | None:
        row = self.table.current_id()
        return self.shown[row] if row is not None and row < len(self.shown) else None

    # What the user does

    def open_chosen(self) -> None:
        """The lines behind the alert chosen, else the page that says more."""
        chosen = self.chosen
        if chosen is None:
            return
        if chosen.filtre is not None:
            self.bridge.navigate.emit("allocations", chosen.filtre)
        elif chosen.page is not None:
            self.bridge.navigate.emit(*chosen.page)

    def export_to(self, path: Path) -> None:
        """Write the alerts shown to a workbook."""
        shown, year = list(self.shown), self.bridge.exercice

        def write(_progress: Progress) -> None:
            alertes.exporter(path, shown, year)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"alertes-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter les alertes", proposed):
            self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        if self.chosen is not None:
            lines = self.chosen.filtre is not None
            menu.addAction("Voir les lignes\tEntrée" if lines else "Voir la page\tEntrée", self.open_chosen)

    def present(self) -> None:
        if self.shown:
            self.table.select([0], current=0)


def _row(a: Alerte) -> tuple[object, ...]:
    word = GRAVITES[a.gravite]
    return (
        (_TONES[a.gravite], word), word, REGLES[a.regle], a.texte, a.montant or None, a.lignes or None, a.source
    )  # fmt: skip
