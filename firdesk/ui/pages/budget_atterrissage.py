"""Where the exercice will land, low, central and high; the rule in words, its shares, the base of the next one."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.atterrissage import Atterrissage, Ligne
from firdesk.domain.problem import Refus
from firdesk.services import atterrissage
from firdesk.services.perimetre import LIBELLES
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.chart_scenarios import ScenarioBars, ScenarioRow
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.budget_atterrissage_regle import Regle
from firdesk.ui.volet import Volet

_BASE = "base_suivante"


class AtterrissageVolet(Volet):
    """Enter on a line opens its allocations, on the base of the next exercice the recurring ones only."""

    key = "atterrissage"
    title = "Atterrissage"
    tables = frozenset(
        {
            "allocation", "mouvement", "budget_version", "budget_ligne", "virement", "execution", "execution_ligne",
            "exercice", "destination", "theme", "parametre", "passage",
        }
    )  # fmt: skip

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.found: Atterrissage | None = None
        self.par = QComboBox()
        self.par.setAccessibleName("Lignes de l'atterrissage")
        for axe, label in LIBELLES.items():
            self.par.addItem(label, axe)
        self.vue = QComboBox()
        self.vue.setAccessibleName("Présentation de l'atterrissage")
        self.vue.addItems(["Tableau", "Graphique"])
        self.bilan = Text("", "fort")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.regle = Regle(bridge)
        self.regle.left.connect(self.setFocus)
        self.model = SimpleTableModel(_columns("theme", 0), parent=self)
        self.table = DataTable(self.model, name="Atterrissage")
        self.chart = ScenarioBars("Atterrissage", mark="AE ouvertes")
        self.stack = QStackedWidget()
        self._lay_out()
        self.par.activated.connect(lambda _: self.refresh())
        self.vue.activated.connect(lambda place: self.stack.setCurrentIndex(place if self.model.rowCount() else 0))
        self.stack.currentChanged.connect(lambda place: lead_focus(self, self.chart if place else self.table))
        self.table.activated.connect(lambda row: self.drill(int(str(row))))
        self.table.set_context_menu(self._fill_menu)
        self.table.view.installEventFilter(self)
        self.chart.bar_clicked.connect(lambda cle: self._go(cle, perennes=False))

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for label, combo in (("Par", self.par), ("Vue", self.vue)):
            name = Text(label, "petit", "faible")
            name.setBuddy(combo)
            tools.addWidget(name)
            tools.addWidget(combo)
            tools.addSpacing(style.SPACE)
        tools.addStretch()
        tools.addWidget(self.bilan)
        tools.addSpacing(style.SPACE)
        tools.addWidget(self.exporter)
        card = Card("Bas, central, haut", "De haut en bas : bas, central, haut ; trait : AE ouvertes")
        for widget in self.chart.actions_widgets():
            card.add_action(widget)
        card.add(self.chart, 1)
        self.stack.addWidget(self.table)
        self.stack.addWidget(card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.regle)
        lead_focus(self, self.table)

    # What is shown

    @property
    def axe(self) -> str:
        """``theme`` or ``destination``."""
        return str(self.par.currentData())

    def accept(self, argument: object) -> None:
        """Show the lines of an axis."""
        if argument in LIBELLES:
            self.par.setCurrentIndex(self.par.findData(argument))
            self.refresh()

    def refresh(self) -> None:
        try:
            found = atterrissage.atterrir(self.session, self.bridge.exercice, self.axe)
        except Refus as refusal:
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        self.found = found
        opened, coded = bool(found.version), self.axe == "destination"
        self.model.set_columns(_columns(found.axe, found.exercice, opened=opened))
        self.model.set_rows([_row(x, opened=opened, coded=coded) for x in found.lignes])
        self.chart.noun = "thèmes" if self.axe == "theme" else "destinations"
        self.chart.set_rows([_bar(x) for x in sorted(found.lignes, key=lambda x: -x.haut)])
        self.regle.show_rule(found)
        self._sum_up(found)

    def _sum_up(self, found: Atterrissage) -> None:
        t = found.total
        sums = {
            "acquis": t.acquis, "prevu": t.prevu, "base": t.base, "central": t.central, "haut": t.haut,
            "ouvert": t.ouvert, "marge": t.marge, _BASE: t.base_suivante,
        }  # fmt: skip
        totals = {k: v for k, v in sums.items() if v is not None}
        self.table.set_totals(totals if found.lignes else {}, "Total")
        self.exporter.setEnabled(bool(found.lignes))
        if found.lignes:
            self.table.set_state("donnees")
            self.table.select([self.model.id_at(0)], current=self.model.id_at(0))
        else:
            text = f"Rien n'est notifié, engagé ni ouvert en {found.exercice}."
            self.table.set_state(
                "vide", text, "Importer un fichier…", lambda: self.bridge.navigate.emit("imports", None)
            )
        shown = f"{money.millions(t.bas)} · {money.millions(t.central)} · {money.millions(t.haut)}"
        self.bilan.setText(f"Bas, central, haut : {shown}" if found.lignes else "")
        self.set_subtitle(f"Exercice {found.exercice} · par {LIBELLES[found.axe].lower()}")
        opened = f" · AE ouvertes ({found.version}) {money.euros(t.ouvert, decimals=False)}" if t.ouvert else ""
        count = len(found.lignes)
        self.stack.setCurrentIndex(self.vue.currentIndex() if count else 0)
        self.set_status(f"{count} ligne{'s' * (count > 1)} · central {money.euros(t.central, decimals=False)}{opened}")

    # What the user does

    def drill(self, row: int | None) -> None:
        """The allocations of a line (``None``: of all), as the column under the cursor means them."""
        found = self.found
        if found is None:
            return
        column = self.model.columns[max(0, self.table.view.currentIndex().column())].key
        self._go(None if row is None else found.lignes[row].cle, perennes=column == _BASE)

    def _go(self, cle: str | None, *, perennes: bool) -> None:
        if self.found is not None:
            wanted = atterrissage.filtre(self.found, cle, perennes=perennes)
            self.bridge.navigate.emit("allocations", wanted)

    def leave(self) -> bool:
        return self.regle.leave()

    def export_to(self, path: Path) -> None:
        """Write the lines shown, their total and the rule to a workbook."""
        found = self.found
        if found is None:
            return

        def write(_progress: Progress) -> None:
            atterrissage.exporter(path, found)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        name = f"atterrissage-{self.axe}-{self.bridge.exercice}.xlsx"
        proposed = self.session.path.with_name(name)
        if path := ask_path(self, "Exporter l'atterrissage", proposed):
            self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        found = self.found
        if found is None or not ids:
            return
        cle = found.lignes[ids[0]].cle
        menu.addAction("Voir les allocations\tEntrée", lambda: self._go(cle, perennes=False))
        menu.addAction("Voir les allocations pérennes", lambda: self._go(cle, perennes=True))
        menu.addAction("Voir les allocations du total\tCtrl+Entrée", lambda: self._go(None, perennes=False))
        menu.addAction(f"Voir toute la base pérenne de {found.exercice + 1}", lambda: self._go(None, perennes=True))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table.view and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.drill(None)
                return True
        return super().eventFilter(watched, event)

    def present(self) -> None:
        if self.model.rowCount():
            self.table.select([self.model.id_at(0)])


def _columns(axe: str, exercice: int, *, opened: bool = False) -> list[ColumnSpec]:
    wide, narrow = (118, 104) if axe == "destination" else (132, 116)

    def amount(key: str, title: str, told: str, width: int = wide) -> ColumnSpec:
        return ColumnSpec(key, title, "montant", width, tooltip=told)

    head = [ColumnSpec("code", "Code", "code", 80)] if axe == "destination" else []
    made = [
        *head,
        ColumnSpec("libelle", LIBELLES[axe], width=140, stretch=True),
        amount("acquis", "Bas (acquis)", "Engagé, ou notifié là où l'engagé n'est pas connu"),
        amount("prevu", "Encore prévu", "Décidé non notifié, notifié non engagé", narrow),
        amount("base", "À renouveler", "Base pérenne de l'an passé pas encore renouvelée", narrow),
        amount("central", "Central", "Acquis + encore prévu"),
        amount("haut", "Haut", "Central + base à renouveler"),
    ]
    if opened:
        made += [
            amount("ouvert", "AE ouvertes", "Au dernier budget"),
            amount("marge", "Marge", "AE ouvertes − central : sous zéro, un dépassement", narrow),
        ]
    told = "Lignes pérennes de l'exercice : ce qu'il faudra reconduire"
    return [*made, amount(_BASE, f"Base {exercice + 1}", told, narrow)]


def _row(x: Ligne, *, opened: bool, coded: bool) -> tuple[object, ...]:
    head = (x.cle, x.libelle) if coded else (x.libelle,)
    credits_ = (x.ouvert, x.marge) if opened else ()
    return (*head, x.acquis, x.prevu or None, x.base or None, x.central, x.haut, *credits_, x.base_suivante or None)


def _bar(x: Ligne) -> ScenarioRow:
    return ScenarioRow(x.cle, x.libelle, (x.bas, x.central, x.haut), x.ouvert, money.millions(x.central))
