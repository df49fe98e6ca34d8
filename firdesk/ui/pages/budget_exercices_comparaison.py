"""Two exercices at constant scope: every line of both, the gap with and without what entered and left the FIR."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.execution import LIBELLES_MESURES
from firdesk.domain.perimetre import NON_REPARTI, LigneComparee
from firdesk.domain.problem import Refus
from firdesk.services import perimetre
from firdesk.services.perimetre import LIBELLES, MESURES, Comparaison
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.budget_exercices_vue import Vue, annees

_WIDTH = 120
#: The columns that belong to the earlier exercice: there Enter opens its own allocations.
_AVANT = {"avant", "sorties", "avant_constant"}
_SUMS = ("avant_constant", "apres_constant", "ecart_constant", "avant", "sorties", "apres", "entrees", "ecart")


class ComparaisonVue(Vue):
    """Enter on a cell opens the allocations of its exercice, Ctrl+Enter those of the total."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.found: Comparaison | None = None
        self.avant, self.apres = combo_box("Exercice de départ"), combo_box("Exercice comparé")
        self.par = combo_box("Lignes comparées", [(f"Par {label.lower()}", axe) for axe, label in LIBELLES.items()])
        self.mesure = combo_box("Montant comparé", [(LIBELLES_MESURES[m], code) for code, m in MESURES.items()])
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.model = SimpleTableModel((), parent=self)
        self.table = DataTable(self.model, name="Comparaison de deux exercices")
        self.note = Text("", "petit", "faible", wrap=True)
        self._lay_out()
        for combo in (self.avant, self.apres, self.par, self.mesure):
            combo.activated.connect(lambda _: self._compare())
        self.table.activated.connect(lambda row: self.drill(int(str(row)), self._column()))
        self.table.set_context_menu(self._fill_menu)
        self.table.view.installEventFilter(self)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for combo, word in ((self.avant, "De"), (self.apres, "à"), (self.par, ""), (self.mesure, "")):
            if word:
                label = Text(word, "petit", "faible")
                label.setBuddy(combo)
                tools.addWidget(label)
            tools.addWidget(combo)
        tools.addStretch()
        tools.addWidget(self.exporter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        lead_focus(self, self.table)

    # What is shown

    def refresh(self) -> None:
        years = self.session.nomenclatures.exercices()
        later = self.bridge.exercice if self.bridge.exercice - 1 in years else next(iter(years), 0)
        annees(self.apres, years, later)
        annees(self.avant, years, int(self.apres.currentData() or later) - 1)
        self._compare()

    def _compare(self) -> None:
        before, after = self.avant.currentData(), self.apres.currentData()
        self.found = None
        if self.avant.count() < 2:
            text = "Il faut deux exercices pour les comparer : ouvrir ou importer le précédent."
            self._show_nothing("vide", text)
            return
        try:
            self.found = perimetre.comparer_exercices(
                self.session, before, after, str(self.par.currentData()), str(self.mesure.currentData())
            )
        except Refus as refusal:
            self._show_nothing("erreur", refusal.message)
            return
        self._show(self.found)

    def _show_nothing(self, state: str, text: str) -> None:
        self.model.set_rows([])
        self.table.set_totals({}, "")
        self.table.set_state("erreur" if state == "erreur" else "vide", text)
        self.exporter.setEnabled(False)
        self.note.setText("")
        self.told.emit("")

    def _show(self, found: Comparaison) -> None:
        t = found.tableau
        coded = t.axe == "destination"
        self.model.set_columns(_columns(t.avant, t.apres, t.axe))
        self.model.set_rows([_row(x, coded=coded) for x in t.lignes])
        totals: dict[str, str | int] = {name: getattr(t.total, name) for name in _SUMS}
        for key, rate in (("taux_constant", t.total.evolution_constante), ("taux", t.total.evolution)):
            totals |= {key: money.pourcent(rate)} if rate is not None else {}
        self.table.set_totals(totals if t.lignes else {}, "Total")
        if t.lignes:
            self.table.set_state("donnees")
        else:
            self.table.set_state("vide", f"Aucun montant ni en {t.avant} ni en {t.apres}.")
        self.exporter.setEnabled(bool(t.lignes))
        self.note.setText(_said(found))
        gap = f"{money.euros(t.total.ecart_constant, decimals=False)} à périmètre constant"
        self.told.emit(f"{len(t.lignes)} lignes · écart {gap}, {money.euros(t.total.ecart, decimals=False)} courant")

    def _column(self) -> str:
        place = self.table.view.currentIndex().column()
        return self.model.columns[place].key if place >= 0 else ""

    # What the user does

    def drill(self, row: int | None, column: str) -> None:
        """The allocations of a cell, of the exercice of its column; ``None`` is the total line."""
        if self.found is None:
            return
        line: LigneComparee | None = self.found.tableau.lignes[row] if row is not None else None
        if line is not None and line.cle == NON_REPARTI:
            text = "Ce montant vient des changements de périmètre sans code sur cet axe : voir la vue Périmètre."
            self.bridge.message.emit("info", text, "", None)
            return
        wanted = perimetre.filtre(self.found.tableau, line, apres=column not in _AVANT)
        self.bridge.navigate.emit("allocations", wanted)

    def export_to(self, path: Path) -> None:
        """Write the comparison to a workbook."""
        found = self.found
        if found is None:
            return

        def write(_progress: Progress) -> None:
            perimetre.exporter(path, found)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        if self.found is not None:
            t = self.found.tableau
            proposed = self.session.path.with_name(f"comparaison-{t.axe}-{t.avant}-{t.apres}.xlsx")
            if path := ask_path(self, "Exporter la comparaison", proposed):
                self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        if self.found is not None and ids:
            t, row = self.found.tableau, ids[0]
            menu.addAction(f"Voir les allocations de {t.avant}", lambda: self.drill(row, "avant"))
            menu.addAction(f"Voir les allocations de {t.apres}", lambda: self.drill(row, "apres"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table.view and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.drill(None, self._column())
                return True
        return super().eventFilter(watched, event)


def _columns(avant: int, apres: int, axe: str) -> list[ColumnSpec]:
    def amount(key: str, title: str, told: str = "", width: int = _WIDTH) -> ColumnSpec:
        return ColumnSpec(key, title, "montant", width, tooltip=told)

    def rate(key: str, title: str, told: str) -> ColumnSpec:
        return ColumnSpec(key, title, "pourcent", 76, tooltip=told)

    return [
        *([ColumnSpec("code", "Code", "code", 80)] if axe == "destination" else []),
        ColumnSpec("libelle", LIBELLES[axe], width=140, stretch=True),
        amount("avant", f"{avant} publié"),
        amount("sorties", "Sorties", f"Ce qui a quitté le FIR après {avant}", 100),
        amount("apres", f"{apres} publié"),
        amount("entrees", "Entrées", f"Ce qui est entré dans le FIR après {avant}", 100),
        amount("ecart_constant", "Écart constant", f"({apres} − entrées) − ({avant} − sorties)"),
        rate("taux_constant", "en %", "Évolution à périmètre constant"),
        amount("ecart", "Écart courant", f"{apres} − {avant}, tels que publiés"),
        rate("taux", "en %", "Évolution à périmètre courant"),
    ]


def _row(x: LigneComparee, *, coded: bool) -> tuple[object, ...]:
    return (
        *((x.cle,) if coded else ()),
        x.libelle,
        x.avant or None,
        x.sorties or None,
        x.apres or None,
        x.entrees or None,
        x.ecart_constant,
        x.evolution_constante,
        x.ecart,
        x.evolution,
    )


def _said(found: Comparaison) -> str:
    t = found.tableau
    carried = sum(x.codes not in ((), (x.cle,)) for x in t.lignes)
    events = len(found.evenements)
    told = [
        f"Les codes de {t.avant} sont portés sur ceux de {t.apres} ({carried} ligne{'s' * (carried > 1)} transposée"
        f"{'s' * (carried > 1)}), {events} changement{'s' * (events > 1)} de périmètre."
    ]
    if t.mesure != "notifie":
        told.append(f"{t.avant} : {t.source_avant} ; {t.apres} : {t.source_apres}.")
    return " ".join(told)
