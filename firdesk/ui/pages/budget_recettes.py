"""What comes in over the exercice: arrêtés and titres, what they are reserved for, the balance with what goes out."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.jour import french_date
from firdesk.domain.recette import NATURES, SOURCES, Equilibre, Recette, Suivi
from firdesk.services import budget_exporting, recettes
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import FigureCard
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.form import DateEdit, MontantEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button, text_width
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.pages.budget_recettes_form import RecetteForm
from firdesk.ui.volet import Volet

INCONNU = "—"
PANNEAU = 340
COLUMNS = (
    ColumnSpec("nature", "Nature", width=140, stretch=True),
    ColumnSpec("numero", "Numéro", width=128),
    ColumnSpec("date", "Date", "date", 100),
    ColumnSpec("source", "Source", width=148),
    ColumnSpec("montant", "Montant", "montant", 118),
    ColumnSpec("encaisse", "Encaissé", "montant", 118),
)
SUIVI = (
    ColumnSpec("cible", "Fléché vers", width=160, stretch=True),
    ColumnSpec("fleche", "Fléché", "montant", 112),
    ColumnSpec("consomme", "Consommé", "montant", 112),
    ColumnSpec("mesure", "Mesuré sur", width=116),
    ColumnSpec("reste", "Reste", "montant", 120),
    ColumnSpec("signal", "", "icone", 36, sortable=False),
)


class Recettes(Volet):
    """Figures above; recettes and fléchages at the left, the recette chosen at the right."""

    key = "recettes"
    title = "Recettes"
    tables = frozenset(
        {"recette", "flechage", "exercice", "execution", "execution_ligne", "mouvement", "allocation", "destination"}
    )

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.connues: tuple[Recette, ...] = ()
        self.suivis: tuple[Suivi, ...] = ()
        self._exercice = 0
        self._wanted: int | None = None
        self._reading = False
        self._day_typed = ""
        self.total, self.solde = FigureCard("Recettes"), FigureCard("Recettes + report − CP décaissés")
        self.decaisse, self.surplus = FigureCard("CP décaissés"), FigureCard("AE engagées − recettes")
        self.au, self.report = DateEdit(), MontantEdit()
        self.nouvelle = button("Nouvelle recette", "secondaire", self.start_recette, icon="add-line")
        self.nouvelle.setToolTip("Nouvelle recette (Ctrl+N)")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.model = SimpleTableModel(COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Recettes")
        self.suivi_model = SimpleTableModel(SUIVI, parent=self)
        self.suivi = DataTable(self.suivi_model, name="Fléchages")
        self.form = RecetteForm(bridge)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(style.MARGIN)
        for card in (self.total, self.decaisse, self.solde, self.surplus):
            cards.addWidget(card)
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for text, field, sample, help_text in (
            ("Cumul au", self.au, "JJ/MM/AAAA", "Compter les recettes datées de ce jour au plus tard"),
            ("Report", self.report, "000 000 000,00 €", "Trésorerie reportée de l'exercice précédent"),
        ):
            label = Text(text, "petit", "faible")
            label.setBuddy(field)
            field.setAccessibleName(text)
            field.setToolTip(help_text)
            field.setFixedWidth(text_width(sample) + style.PAGE_MARGIN + style.SPACE)
            tools.addWidget(label)
            tools.addWidget(field)
            tools.addSpacing(style.SPACE)
        tools.addStretch()
        tools.addWidget(self.nouvelle)
        tools.addWidget(self.exporter)
        left = QVBoxLayout()
        left.setSpacing(style.MARGIN)
        left.addLayout(tools)
        left.addWidget(self.table, 3)
        left.addWidget(self.suivi, 2)
        beside = QHBoxLayout()
        beside.setSpacing(style.WIDE)
        beside.addLayout(left, 1)
        self.form.setFixedWidth(PANNEAU)
        beside.addWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(cards)
        layout.addLayout(beside, 1)
        lead_focus(self, self.table)

    def _connect(self) -> None:
        self.au.editingFinished.connect(self._date_changed)
        self.report.editingFinished.connect(self._save_report)
        self.table.selection_changed.connect(lambda _: self._chosen_changed())
        self.table.activated.connect(lambda _: self.form.nature.setFocus(Qt.FocusReason.TabFocusReason))
        self.table.set_context_menu(self._fill_menu)
        self.suivi.activated.connect(lambda row: self.drill(int(str(row))))
        self.form.saved.connect(self._saved)
        self.form.abandoned.connect(self._abandoned)
        shortcut("Ctrl+N", self, self.start_recette)
        shortcut("Del", self.table.view, self.delete, alone=True)
        UndoKeys(self)

    # What is shown

    @property
    def jour(self) -> str:
        """The day of the cumul (ISO), empty for the whole exercice or while the field holds no day."""
        return "" if self.au.problem() else self.au.iso() or ""

    def refresh(self) -> None:
        year, day = self.bridge.exercice, self.jour
        if year != self._exercice:
            self._exercice, day = year, ""
            self.au.set_iso(None)
            self._day_typed = ""
            if not self.form.dirty:
                self.form.clear()
        self._reading = True
        self.connues = recettes.liste(self.session, year, day)
        self.model.set_rows([_row(r, day) for r in self.connues])
        self.suivis = recettes.suivi(self.session, year, day)
        self.suivi_model.set_rows([_suivi(x) for x in self.suivis])
        if not self.report.hasFocus():
            self.report.set_cents(self.session.recettes.report(year) or None)
        self._states(year, day)
        self._figures(year, day)
        self._choose()
        self._reading = False

    def _states(self, year: int, day: str) -> None:
        added = recettes.cumul(self.session, year, day)
        if self.connues:
            self.table.set_state("donnees")
        elif day and recettes.liste(self.session, year):
            told = f"Aucune recette au {french_date(day)}."
            self.table.set_state("filtre_vide", told, "Toute l'année", lambda: self.set_jour(""))
        else:
            self.table.set_state("vide", f"Aucune recette en {year}.", "Saisir une recette", self.start_recette)
        totals = {"montant": added.total, "encaisse": added.encaisse}
        self.table.set_totals(totals if self.connues else {}, f"Total au {french_date(day)}" if day else "Total")
        if self.suivis:
            self.suivi.set_state("donnees")
        else:
            self.suivi.set_state(
                "vide", "Rien n'est fléché." if self.connues else "Les fléchages des recettes se lisent ici."
            )
        aimed = {"fleche": sum(x.fleche for x in self.suivis)}
        self.suivi.set_totals(aimed if self.suivis else {}, "Total fléché")
        self.exporter.setEnabled(bool(self.connues))
        count = f"{added.nombre} recette{'s' * (added.nombre > 1)}"
        undated = f"{added.sans_date} sans date, hors du cumul" if added.sans_date else ""
        self.set_status(
            " · ".join(t for t in (count, money.euros(added.total), undated) if t) if added.nombre else undated
        )

    def _figures(self, year: int, day: str) -> None:
        added = recettes.cumul(self.session, year, day)
        balance, source = recettes.equilibre(self.session, year, day)
        when = f" au {french_date(day)}" if day else ""
        self.set_subtitle(f"Exercice {year}{when} · {source}")
        split = f"dont ressources propres {money.euros(added.propres)}"
        self.total.set_figure(_euros(balance.recettes), split if added.nombre else "aucune recette saisie")
        self.decaisse.set_figure(_euros(balance.decaisse), source)
        self.solde.set_figure(_euros(balance.tresorerie), *_told_solde(balance))
        self.surplus.set_figure(_euros(balance.engage_sans_recette), *_told_surplus(balance))

    def _choose(self) -> None:
        """Keep the recette shown where it still is; leave what is being typed alone."""
        wanted = self._wanted if self._wanted is not None else self.form.number
        typing = self._wanted is None and self.form.dirty
        self._wanted = None
        row = next((i for i, r in enumerate(self.connues) if r.id == wanted), -1)
        if row >= 0 and not typing:
            self.form.load(self.connues[row])
        elif wanted is not None and not typing:
            self.form.clear()
        self.table.select([row] if row >= 0 else [], current=row if row >= 0 else None)

    def _chosen_changed(self) -> None:
        ids = self.table.selected_ids()
        if self._reading or len(ids) != 1 or self.connues[ids[0]].id == self.form.number:
            return
        if self.form.dirty:
            self._stay()
        else:
            self.form.load(self.connues[ids[0]])

    def _stay(self) -> None:
        """Something typed is not saved: go back to it and say so."""
        row = next((i for i, r in enumerate(self.connues) if r.id == self.form.number), -1)
        self.table.view.clearSelection()
        if row >= 0:
            self.table.select([row], current=row)
        self._warn()

    def _warn(self) -> None:
        self.bridge.message.emit(
            "alerte", "La recette n'est pas enregistrée : l'enregistrer (Ctrl+S) ou renoncer (Échap).", "", None
        )
        self.form.enregistrer.setFocus()

    def leave(self) -> bool:
        if self.form.dirty:
            self._warn()
            return False
        return True

    # What the user does

    def set_jour(self, iso: str) -> None:
        """Add up to a day, or the whole exercice."""
        self.au.set_iso(iso or None)
        self._day_typed = self.au.text()
        self.refresh()

    def _date_changed(self) -> None:
        if self.au.text() == self._day_typed:
            return
        self._day_typed = self.au.text()
        if not self.au.problem():
            self.refresh()
        else:
            self.bridge.message.emit("erreur", self.au.problem(), "", None)

    def _save_report(self) -> None:
        if told := self.report.problem():
            self.bridge.message.emit("erreur", told, "", None)
            return
        year, cents = self.bridge.exercice, self.report.cents() or 0
        if cents != self.session.recettes.report(year):
            said = f"Report de trésorerie {year} : {money.euros(cents)}."
            self.bridge.perform(lambda: recettes.fixer_report(self.session, year, cents), done=said)

    def start_recette(self) -> None:
        """A blank recette in the form."""
        if self.form.dirty:
            self._warn()
            return
        self.table.view.clearSelection()
        self.form.start(self.bridge.exercice)

    def delete(self) -> None:
        """Delete the chosen recettes; the message gives them back."""
        chosen = [self.connues[i] for i in self.table.selected_ids()]
        if chosen and self.leave():
            said = f"{recettes.nom(chosen[0])} supprimé." if len(chosen) == 1 else f"{len(chosen)} recettes supprimées."
            self.bridge.perform(lambda: self._erase(chosen), done=said)

    def _erase(self, gone: list[Recette]) -> None:
        recettes.supprimer(self.session, gone)
        self.form.clear()

    def collect(self) -> None:
        """Say that the chosen recettes were collected, whole, today."""
        chosen = [self.connues[i] for i in self.table.selected_ids()]
        today = datetime.now(UTC).astimezone().date().isoformat()
        if chosen:
            said = recettes.nom(chosen[0]) if len(chosen) == 1 else f"{len(chosen)} recettes"
            self.bridge.perform(
                lambda: recettes.encaisser(self.session, chosen, today),
                done=f"{said} : encaissé le {french_date(today)}.",
            )

    def drill(self, row: int) -> None:
        """Open the allocations that consume what was reserved."""
        x, year = self.suivis[row], self.bridge.exercice
        if x.theme:
            self.bridge.navigate.emit("allocations", Filtre(exercice=year, themes=(x.theme,)))
            return
        codes = [d.code for d in self.session.nomenclatures.destinations(year) if recettes.sous(d.code, x.destination)]
        self.bridge.navigate.emit("allocations", Filtre(exercice=year, destinations=tuple(codes) or (x.destination,)))

    def _saved(self, number: int) -> None:
        self._wanted = number
        self.form.clear()
        self.refresh()
        self.table.setFocus()

    def _abandoned(self) -> None:
        self.table.setFocus()

    def _fill_menu(self, menu: QMenu, rows: list[int]) -> None:
        menu.addAction("Nouvelle recette\tCtrl+N", self.start_recette)
        if rows:
            menu.addAction("Marquer encaissée ce jour", self.collect)
            menu.addAction("Supprimer\tSuppr", self.delete)

    def export_to(self, path: Path) -> None:
        """Write the recettes shown, fléchages and balance."""
        session, year, day = self.session, self.bridge.exercice, self.jour
        run_export(self.bridge, path, lambda _: budget_exporting.export_recettes(session, path, year, day))

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"recettes-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter les recettes", proposed):
            self.export_to(path)

    def present(self) -> None:
        if self.connues:
            self.table.select([0], current=0)


def _row(r: Recette, day: str) -> tuple[object, ...]:
    nature = NATURES[r.nature] + (f" · {r.libelle}" if r.libelle else "")
    return nature, r.numero, r.date, SOURCES[r.source], r.montant, r.encaisse_au(day) or None


def _suivi(x: Suivi) -> tuple[object, ...]:
    name = x.libelle if x.theme else f"{x.destination} {x.libelle}"
    over = f"Consommé {money.euros(-x.reste)} au-delà du fléchage." if x.reste < 0 else None
    return name, x.fleche, x.consomme, x.mesure, x.reste, over


def _euros(cents: int | None) -> str:
    return money.euros(cents) if cents is not None else INCONNU


def _told_solde(x: Equilibre) -> tuple[str]:
    if x.tresorerie is None:
        return ("recettes ou décaissements inconnus",)
    return (f"dont report {money.euros(x.report)}",)


def _told_surplus(x: Equilibre) -> tuple[str]:
    if x.engage_sans_recette is None:
        return ("recettes ou engagements inconnus",)
    gap = x.engage_sans_recette
    return ("engagées au-delà des recettes" if gap > 0 else "recettes non engagées" if gap < 0 else "à l'équilibre",)
