"""Notified against engaged, destination by destination: the gaps above, what explains the one chosen below."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.problem import Refus
from firdesk.domain.rapprochement import Destination, Rapprochement
from firdesk.services import rapprochement
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import provenance as dialog
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.budget_rapprochement_detail import Detail
from firdesk.ui.volet import Volet

_WIDTH = 126
#: Below this width the opened CP give way: the detail tells them.
_WIDE = 1240
_COLUMNS = (
    ColumnSpec("destination", "Code", "code", 84),
    ColumnSpec("libelle", "Destination", width=140, stretch=True),
    ColumnSpec("ae_ouvertes", "AE ouvertes", "montant", _WIDTH),
    ColumnSpec("notifie", "Notifié", "montant", _WIDTH),
    ColumnSpec("engage", "AE engagée", "montant", _WIDTH),
    ColumnSpec("cp_ouverts", "CP ouverts", "montant", _WIDTH),
    ColumnSpec("paye", "CP payé", "montant", _WIDTH),
    ColumnSpec("ecart", "Écart", "montant", 108, tooltip="AE engagée − notifié"),
    ColumnSpec("inexplique", "Inexpliqué", "montant", 108, tooltip="Écart − explications"),
    ColumnSpec("etat", "État", "etat", 108),
)
_AMOUNTS = ("ae_ouvertes", "notifie", "engage", "cp_ouverts", "paye", "ecart", "inexplique")
_EXECUTED = {"engage", "paye", "ecart", "inexplique"}
_ORDERS: dict[str, Callable[[Destination], object]] = {
    "Plus grand reste inexpliqué": lambda x: -abs(x.inexplique),
    "Plus grand écart": lambda x: -abs(x.ecart),
    "Code de destination": lambda x: 0,
}
VOIR_ALLOCATIONS = "Ctrl+Shift+A"


class RapprochementVolet(Volet):
    """Enter on a destination goes to its note; its allocations and its cells of SIBC are one key away."""

    key = "rapprochement"
    title = "Rapprochement"
    tables = frozenset(
        {
            "allocation", "mouvement", "budget_version", "budget_ligne", "virement", "execution", "execution_ligne",
            "exercice", "destination", "rapprochement_note",
        }
    )  # fmt: skip

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.found: Rapprochement | None = None
        self.shown: list[Destination] = []
        self._filling = False
        self.seuls = QCheckBox("Écarts inexpliqués seulement")
        self.ordre = QComboBox()
        self.ordre.setAccessibleName("Ordre des destinations")
        self.ordre.addItems(list(_ORDERS))
        self.bilan = Text("", "fort")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Rapprochement par destination")
        self.detail = Detail(bridge)
        self._lay_out()
        self.seuls.toggled.connect(lambda _: self._fill())
        self.ordre.activated.connect(lambda _: self._reorder())
        self.table.selection_changed.connect(lambda _: self._show_chosen())
        self.table.activated.connect(lambda _: self.detail.start())
        self.table.set_context_menu(self._fill_menu)
        self.detail.left.connect(self._left)
        self.detail.allocations_asked.connect(self.open_allocations)
        self.detail.cellules_asked.connect(self.explain)
        shortcut(dialog.TOUCHE, self, self.explain)
        shortcut(VOIR_ALLOCATIONS, self, self.open_allocations)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        label = Text("Ordre", "petit", "faible")
        label.setBuddy(self.ordre)
        for widget in (label, self.ordre, self.seuls):
            tools.addWidget(widget)
        tools.addStretch()
        tools.addWidget(self.bilan)
        tools.addSpacing(style.SPACE)
        tools.addWidget(self.exporter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.detail)
        lead_focus(self, self.table)

    # What is shown

    def accept(self, argument: object) -> None:
        """Choose a destination by its code."""
        self.seuls.setChecked(False)
        self._select(str(argument))

    def refresh(self) -> None:
        year = self.bridge.exercice
        if self.found is not None and self.found.exercice != year and not self.detail.leave():
            year = self.found.exercice  # the note being typed is of that year
        try:
            self.found = rapprochement.rapprocher(self.session, year)
        except Refus as refusal:
            self.found = None
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        self.set_subtitle(f"Exercice {self.found.exercice} · {rapprochement.source_dite(self.found)}")
        self._fill()

    def _fill(self) -> None:
        found = self.found
        if found is None:
            return
        before = self.chosen
        # Without anything engaged there is no gap to look at, only what was opened and notified.
        wanted = [x for x in found.lignes if not self.seuls.isChecked() or not x.rapprochee]
        order = _ORDERS[self.ordre.currentText()]
        self._filling = True
        self.shown = sorted(wanted, key=order) if found.connue else wanted  # type: ignore[arg-type]
        self.model.set_rows([_row(x) for x in self.shown])
        self._show_state(found)
        self._select(self.detail.destination or (before.destination if before is not None else ""))
        self._filling = False
        self._show_chosen()

    def _reorder(self) -> None:
        self.model.sort_key = ""
        self._fill()

    def _show_state(self, found: Rapprochement) -> None:
        sums = {name: sum(getattr(x, name) for x in self.shown) for name in _AMOUNTS}
        hidden = set() if found.connue else _EXECUTED
        totals = {k: v for k, v in sums.items() if k not in hidden}
        label = "Total du filtre" if self.seuls.isChecked() else "Total"
        self.table.set_totals(totals if self.shown else {}, label)
        self.exporter.setEnabled(bool(found.lignes))
        gaps = money.euros(found.a_expliquer)
        count = len(found.lignes)
        done = found.rapprochees
        told = f"{done} rapprochée{'s' * (done > 1)} sur {count} · {gaps} d'écarts à expliquer"
        self.bilan.setText(told if found.connue and count else "")
        self.set_status(f"{len(self.shown)} destination{'s' * (len(self.shown) > 1)} · {told}" if count else "")
        if self.shown:
            self.table.set_state("donnees")
        elif found.lignes:
            text = "Toutes les destinations sont rapprochées."
            self.table.set_state("filtre_vide", text, "Tout montrer", lambda: self.seuls.setChecked(False))
        else:
            text = f"Rien n'est notifié, ouvert ni engagé en {found.exercice}."
            self.table.set_state("vide", text, "Importer un fichier…", lambda: self._go("imports", None))

    @property
    def chosen(self) -> Destination | None:
        """The destination whose gap is explained below."""
        row = self.table.current_id()
        return self.shown[row] if row is not None and row < len(self.shown) else None

    def _select(self, code: str) -> None:
        places = [i for i, x in enumerate(self.shown) if x.destination == code]
        if places or self.shown:
            row = (places or [self.model.id_at(0)])[0]
            self.table.select([row], current=row)

    def _show_chosen(self) -> None:
        """Explain the destination chosen, unless a note is being typed about another one."""
        if self._filling:
            return
        chosen, typed = self.chosen, self.detail.destination
        # A key moves the cursor, then the selection: going back to the line typed is done after each.
        moved = (
            chosen is None or chosen.destination != typed or self.table.current_id() not in self.table.selected_ids()
        )
        if typed and moved and not self.detail.leave():
            self._stay(typed)
            lines = self.found.lignes if self.found is not None else ()
            chosen = next((x for x in lines if x.destination == typed), None)
        self.detail.show_line(self.found, chosen)

    def _stay(self, code: str) -> None:
        """Back to the destination of the note being typed; a filter may hide it."""
        self._filling = True
        if any(x.destination == code for x in self.shown):
            self._select(code)
        else:
            self.table.view.setCurrentIndex(QModelIndex())
            self.table.view.clearSelection()
        self._filling = False

    def _left(self) -> None:
        if self.found is not None and self.found.exercice != self.bridge.exercice:
            self.refresh()  # another year was asked for while a note was being typed
        self.table.setFocus()

    # What the user does

    def open_allocations(self, nature: str = "") -> None:
        """The allocations of the destination chosen, or those of one explanation."""
        chosen = self.chosen
        if chosen is not None and self.found is not None:
            self._go("allocations", rapprochement.filtre(self.session, self.found, chosen.destination, nature))

    def explain(self) -> None:
        """The cells of SIBC behind what was engaged; without a snapshot, the allocations."""
        chosen, found = self.chosen, self.found
        if chosen is None or found is None:
            return
        if found.source != "sibc":
            self.open_allocations()
            return
        cells = rapprochement.cellules(self.session, found, chosen.destination)
        title = f"SIBC {chosen.destination} : engagé {money.euros(chosen.engage, decimals=True)}"
        dialog.show(self.bridge, self, title, cells)

    def leave(self) -> bool:
        return self.detail.leave()

    def export_to(self, path: Path) -> None:
        """Write the whole rapprochement to a workbook."""
        found = self.found
        if found is None:
            return

        def write(_progress: Progress) -> None:
            rapprochement.exporter(path, found)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"rapprochement-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter le rapprochement", proposed):
            self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        if self.chosen is not None:
            menu.addAction("Expliquer cet écart\tEntrée", self.detail.start)
            menu.addAction(f"Voir les allocations\t{VOIR_ALLOCATIONS}", self.open_allocations)
            menu.addAction(f"Voir les cellules de SIBC\t{dialog.TOUCHE}", self.explain)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.view.setColumnHidden(self.model.column_of("cp_ouverts"), self.width() < _WIDE)

    def _go(self, page: str, argument: object) -> None:
        self.bridge.navigate.emit(page, argument)

    def present(self) -> None:
        self._select(self.shown[0].destination if self.shown else "")


def _row(x: Destination) -> tuple[object, ...]:
    state: object = "—"
    if x.connue:
        state = ("succes", "Rapprochée") if x.rapprochee else ("alerte", "À expliquer")
    executed = (x.engage, x.paye, x.ecart, x.inexplique) if x.connue else ("—",) * 4
    return (
        x.destination,
        x.libelle,
        x.ae_ouvertes,
        x.notifie,
        executed[0],
        x.cp_ouverts,
        executed[1],
        executed[2],
        executed[3],
        state,
    )
