"""Tables of figures along one or two axes; any cell, totals included, opens the allocations behind it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from firdesk.domain import money
from firdesk.domain.execution import LIBELLES_MESURES, Mesure
from firdesk.domain.jour import french_date
from firdesk.domain.synthese import EXECUTEES, LIBELLES_AXES, LIBELLES_VALEURS, Axe, Synthese, Valeur
from firdesk.domain.territoire import LIBELLES_PAR, Par
from firdesk.services import donts, exporting, provenance, syntheses, territoires
from firdesk.services.syntheses import Croise
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import provenance as dialog
from firdesk.ui.export_path import CLASSEUR_OU_CSV, ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.charts import BarRow, RankedBars
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.page import Page
from firdesk.ui.pages.synthese_grid import Grid, crossed, simple

AUCUNE = "Aucune"
#: Bars shown under the table of départements.
BARRES = 8


class Syntheses(Page):
    """Rows, columns, measure; the table; what it adds up to."""

    key = "syntheses"
    title = "Synthèses"
    icon = "table-line"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.lignes = combo_box("Lignes", [(LIBELLES_AXES[a], a) for a in Axe])
        self.colonnes = combo_box("Colonnes", [(AUCUNE, None), *((LIBELLES_AXES[a], a) for a in Axe)])
        self.mesure = combo_box("Mesure", [(LIBELLES_VALEURS[v], v) for v in Valeur])
        self.sous_totaux = QCheckBox("Sous-totaux par mission")
        self.sous_totaux.setChecked(True)
        self.par = combo_box("Départements selon", [(LIBELLES_PAR[p], p) for p in Par])
        self.par.setToolTip(territoires.NOTE)
        self.model = SimpleTableModel((), parent=self)
        self.table = DataTable(self.model, name="Synthèse")
        self._grid: Grid | None = None
        self.chart = RankedBars("Notifié par département", noun="départements")
        self.chart_card = Card("Notifié par département")
        self.lignes.setCurrentIndex(self.lignes.findData(Axe.THEME))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for label, combo in (("Lignes", self.lignes), ("Colonnes", self.colonnes), ("Mesure", self.mesure)):
            name = Text(label, "petit", "faible")
            name.setBuddy(combo)
            tools.addWidget(name)
            tools.addWidget(combo)
            tools.addSpacing(style.SPACE)
        tools.addWidget(self.sous_totaux)
        tools.addWidget(self.par)
        tools.addStretch()
        self.copier = button("Copier", "secondaire", self.copy_all, icon="file-copy-line")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        tools.addWidget(self.copier)
        tools.addWidget(self.exporter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)
        for widget in self.chart.actions_widgets():
            self.chart_card.add_action(widget)
        self.chart_card.add(self.chart)
        layout.addWidget(self.chart_card)
        lead_focus(self, self.table)
        view = self.table.view
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.table.totals.setToolTip("Double-clic (ou Ctrl+Entrée dans le tableau) : les allocations de ce total")

    def _connect(self) -> None:
        for combo in (self.lignes, self.colonnes, self.mesure, self.par):
            combo.activated.connect(self.refresh)
        self.lignes.activated.connect(self._not_twice)
        self.sous_totaux.toggled.connect(self.refresh)
        self.chart.bar_clicked.connect(self._drill_bar)
        self.table.activated.connect(lambda row: self.drill(row, self.table.view.currentIndex().column()))
        self.table.set_context_menu(self._fill_menu)
        shortcut(dialog.TOUCHE, self, self.explain)
        self.table.totals.installEventFilter(self)
        self.table.view.installEventFilter(self)

    # What is asked

    @property
    def axes(self) -> tuple[Axe, ...]:
        # Qt hands a StrEnum back as a plain text.
        chosen = [combo.currentData() for combo in (self.lignes, self.colonnes)]
        return tuple(Axe(value) for value in chosen if value is not None)

    @property
    def valeur(self) -> Valeur:
        """The measure shown."""
        return Valeur(self.mesure.currentData())

    def accept(self, argument: object) -> None:
        """Axes asked by another page."""
        if isinstance(argument, tuple) and argument and all(isinstance(a, Axe) for a in argument):
            self.set_axes(*argument)

    def set_axes(self, ligne: Axe, colonne: Axe | None = None) -> None:
        self.lignes.setCurrentIndex(self.lignes.findData(ligne))
        self.colonnes.setCurrentIndex(self.colonnes.findData(colonne) if colonne else 0)
        self.refresh()

    def _not_twice(self) -> None:
        if self.lignes.currentData() == self.colonnes.currentData():
            self.colonnes.setCurrentIndex(0)
            self.refresh()

    @property
    def _year(self) -> int | None:
        """All of them where the exercice is an axis."""
        return None if Axe.EXERCICE in self.axes else self.bridge.exercice

    # What is shown

    def refresh(self) -> None:
        if self.lignes.currentData() == self.colonnes.currentData():
            self.colonnes.setCurrentIndex(0)
        axes = self.axes
        across = len(axes) > 1
        self.sous_totaux.setVisible(axes[0] is Axe.DESTINATION)
        self.par.setVisible(axes == (Axe.DEPARTEMENT,))
        totals = axes[0] is Axe.DESTINATION and self.sous_totaux.isChecked()
        missions = self.session.nomenclatures.missions()
        self.chart_card.hide()
        if across:
            self._grid = crossed(self._croise(), missions, sub_totals=totals)
        else:
            synthese = self._table(axes, self._year)
            before = self._previous(axes)
            inside = donts.de(self.session, synthese)
            self._grid = simple(synthese, before, missions, mesure=self.valeur, sub_totals=totals, donts=inside)
            self._draw(synthese)
        self._show(self._grid)

    def _table(self, axes: tuple[Axe, ...], year: int | None) -> Synthese:
        """The figures of one axis; départements by seat or by place of action, as chosen."""
        since = self.valeur is Valeur.RESTE_A_PAYER
        if axes == (Axe.DEPARTEMENT,) and not since:
            return territoires.table(self.session, self._par, year)
        return syntheses.table(self.session, axes, year, origine=since)

    def _draw(self, synthese: Synthese) -> None:
        """The départements as bars too, from the most to the least."""
        lines = sorted((x for x in synthese.lignes if x.notifie), key=lambda x: -x.notifie)
        self.chart_card.setVisible(bool(lines) and synthese.axes == (Axe.DEPARTEMENT,))
        self.chart_card.set_title("Notifié par département", LIBELLES_PAR[self._par].lower())
        self.chart.set_height_for(min(len(lines), BARRES))
        rows = [BarRow(x.cle[0], x.libelle[0], x.notifie, money.millions(x.notifie)) for x in lines]
        self.chart.set_rows(rows if self.chart_card.isVisibleTo(self) else [])

    def _drill_bar(self, key: str) -> None:
        grid = self._grid
        if grid is not None:
            self.drill(next(i for i, (_, cle) in enumerate(grid.keys) if cle == key), 0)

    @property
    def _par(self) -> Par:
        """How départements are told; crossed tables only know the seat."""
        return Par(self.par.currentData()) if self.axes == (Axe.DEPARTEMENT,) else Par.SIEGE

    def _croise(self) -> Croise:
        ligne, colonne = self.axes
        return syntheses.croise(self.session, ligne, colonne, self.valeur, self._year)

    def _previous(self, axes: tuple[Axe, ...]) -> Synthese | None:
        year = self._year
        # What is left to pay is of today, whatever the exercice: there is none before to compare it with.
        if (
            year is None
            or self.valeur is Valeur.RESTE_A_PAYER
            or year - 1 not in self.session.nomenclatures.exercices()
        ):
            return None
        found = self._table(axes, year - 1)
        return found if found.lignes else None

    def _show(self, grid: Grid) -> None:
        self.model.set_columns(grid.columns, ())
        self.model.set_rows(grid.rows, strong_rows=grid.strong, under=grid.under)
        self.table.set_totals(grid.totals if grid.rows else {}, "Total")
        if grid.rows:
            self.table.set_state("donnees")
        else:
            self.table.set_state(
                "vide",
                f"Aucun montant pour {self.bridge.exercice}.",
                "Importer un fichier…",
                lambda: self.bridge.navigate.emit("imports", None),
            )
        for widget in (self.copier, self.exporter):
            widget.setEnabled(bool(grid.rows))
        names = " et ".join(LIBELLES_AXES[a].lower() for a in self.axes)
        year = f"exercice {self._year}" if self._year else "tous les exercices"
        where = f" selon le {LIBELLES_PAR[self._par].lower()}" if self._par is Par.LIEU else ""
        self.set_subtitle(f"Par {names}{where} · {year} · {self._told(grid)}")
        self.table.view.setAccessibleName(f"Synthèse par {names}")
        count = len(grid.rows) - len(grid.strong) - len(grid.under)
        self.set_status(f"{money.nombre(count)} ligne{'s' if count > 1 else ''} · {grid.told}")

    def _told(self, grid: Grid) -> str:
        """The measure; where engaged and paid come from as soon as they are shown."""
        measure = self.valeur
        label = LIBELLES_VALEURS[measure]
        if measure is Valeur.RESTE_A_PAYER and self._year is not None:
            label += " depuis l'origine"
        if len(self.axes) == 1:
            return _source(grid) if measure is Valeur.NOTIFIE else f"{label} · {_source(grid)}"
        return f"{label} · {_source(grid)}" if measure in EXECUTEES else label.lower()

    # What the user does

    def drill(self, row: int | None, column: int) -> None:
        """Open the allocations behind a cell; ``None`` is the total line."""
        grid = self._grid
        if grid is None or column < 0:
            return
        axe, cle = (self.axes[0], None) if row is None else grid.keys[row]
        across = grid.column_keys.get(grid.columns[column].key)
        wanted = syntheses.filtre((axe, self.axes[-1]), (cle, across), self._year)
        if len(self.axes) == 1:
            wanted = syntheses.filtre((axe,), (cle,), self._year)
            if self._par is Par.LIEU and cle is not None:
                wanted = replace(wanted, departements=(), lieux=(cle,))
        self.bridge.navigate.emit("allocations", wanted)

    def explain(self) -> None:
        """Where the figure under the cursor comes from: lines of SIBC for its own, else the allocations behind it."""
        index, grid = self.table.view.currentIndex(), self._grid
        if grid is None or not index.isValid():
            return
        row, column = self.model.id_at(index.row()), index.column()
        mesure = self._mesure_of(column)
        if grid.source != "sibc" or mesure is None:
            self.drill(row, column)
            return
        axe, cle = grid.keys[row]
        cles = {axe: cle} | ({self.axes[1]: self._across(column)} if len(self.axes) > 1 else {})
        found = provenance.de_l_execution(self.session, self._year, cles, (mesure,))
        total = money.euros(sum(x.montant or 0 for x in found), decimals=True)
        dialog.show(self.bridge, self, f"{dialog.QUESTION} {LIBELLES_MESURES[mesure]} : {total}", found)

    def _mesure_of(self, column: int) -> Mesure | None:
        """The measure of SIBC that a column shows."""
        if len(self.axes) > 1:
            return {Valeur.ENGAGE: Mesure.ENGAGE, Valeur.PAYE: Mesure.PAYE}.get(self.valeur)
        key = self._grid.columns[column].key if self._grid is not None else ""
        return {"ae": Mesure.ENGAGE, "cp": Mesure.PAYE}.get(key)

    def _across(self, column: int) -> str | None:
        return self._grid.column_keys.get(self._grid.columns[column].key) if self._grid is not None else None

    def copy_all(self) -> None:
        """Put the whole table on the clipboard."""
        self.table.view.selectAll()
        self.table.copy()
        self.table.view.clearSelection()
        self.bridge.message.emit("info", "Tableau copié : le coller dans un classeur ou un message.", "", None)

    def export_to(self, path: Path) -> None:
        """Write the figures shown to a workbook."""
        axes, year, session, valeur = self.axes, self._year, self.session, self.valeur
        croise = self._croise() if len(axes) > 1 else None
        par = self._par

        def write(progress: Progress) -> None:
            if par is Par.LIEU:
                exporting.export_territoire(path, self._table(axes, year), par)
            elif croise is None:
                exporting.export(session, path, axes=axes, exercice=year, mesure=valeur, progress=progress)
            else:
                exporting.export_croise(path, croise)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        name = "synthese-" + "-".join(str(a) for a in self.axes) + (f"-{self._year}" if self._year else "")
        proposed = self.session.path.with_name(f"{name}.xlsx")
        if path := ask_path(self, "Exporter la synthèse", proposed, CLASSEUR_OU_CSV):
            self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        index = self.table.view.currentIndex()
        if index.isValid():
            row, column = self.model.id_at(index.row()), index.column()
            menu.addAction(f"{dialog.QUESTION}\t{dialog.TOUCHE}", self.explain)
            menu.addAction("Voir les allocations de cette cellule", lambda: self.drill(row, column))
            menu.addAction("Voir les allocations de la ligne", lambda: self.drill(row, 0))
            menu.addAction("Voir les allocations du total", lambda: self.drill(None, column))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table.totals and event.type() == QEvent.Type.MouseButtonDblClick:
            if isinstance(event, QMouseEvent):
                self.drill(None, self.table.view.horizontalHeader().logicalIndexAt(int(event.position().x())))
            return True
        if watched is self.table.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.drill(None, max(0, self.table.view.currentIndex().column()))
                return True
        return super().eventFilter(watched, event)

    def present(self) -> None:
        self.table.select([0])


def _source(grid: Grid) -> str:
    texts: dict[str, Callable[[], str]] = {
        "sibc": lambda: f"AE et CP : SIBC au {french_date(grid.source_date)}",
        "mixte": lambda: f"AE et CP : SIBC au {french_date(grid.source_date)}, mouvements des exercices sans situation",
        "mouvements": lambda: "AE et CP : mouvements des allocations",
    }
    return texts.get(grid.source, lambda: "AE et CP inconnus à ce grain")()
