"""The SIBC snapshots: their dates and rates, two of an exercice side by side, the cells behind any line.

Two snapshots are compared, never added; a date changed or a snapshot deleted is undone like anything else.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.budget import MESURES_EXECUTION, Comparaison, Instantane, LigneComparee
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Refus
from firdesk.services import exporting, instantanes
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.form import DateEdit
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages import import_tables
from firdesk.ui.pages.import_lines import LinesModel
from firdesk.ui.pages.import_onglets import Onglet, Onglets

COLUMNS = (
    ColumnSpec("exercice", "Exercice", width=76, sortable=False),
    ColumnSpec("date", "Au", "date", 106, sortable=False),
    ColumnSpec("ae_ouvertes", "AE ouvertes", "montant", 140, decimals=False, sortable=False),
    ColumnSpec("ej_valides", "EJ validés", "montant", 140, decimals=False, sortable=False),
    ColumnSpec("taux_ae", "AE engagées", "pourcent", 112, sortable=False, tooltip="EJ validés sur AE ouvertes"),
    ColumnSpec("cp_ouverts", "CP ouverts", "montant", 140, decimals=False, sortable=False),
    ColumnSpec("decaissements", "Décaissements", "montant", 140, decimals=False, sortable=False),
    ColumnSpec("taux_cp", "CP payés", "pourcent", 88, sortable=False, tooltip="Décaissements sur CP ouverts"),
    ColumnSpec("fichier", "Fichier", width=160, stretch=True, sortable=False, middle=True),
)
LIGNES = (
    ColumnSpec("destination", "Destination", "code", 92),
    ColumnSpec("libelle", "Libellé", width=180, stretch=True),
    ColumnSpec("enveloppe", "Enveloppe", width=132),
    ColumnSpec("statut", "Ligne", "etat", 92),
)
MISSIONS = (ColumnSpec("libelle", "Mission", width=180, stretch=True),)
MONTANTS = (
    ColumnSpec("avant", "Avant", "montant", 140, decimals=True),
    ColumnSpec("apres", "Après", "montant", 140, decimals=True),
    ColumnSpec("ecart", "Écart", "montant", 140, decimals=True),
)
_HINT = "Entrée ou double-clic : les cellules d'où vient une ligne."
STATUTS = {
    "apparue": ("succes", "Apparue"),
    "disparue": ("alerte", "Disparue"),
    "modifiee": ("accent", "Modifiée"),
    "inchangee": ("faible", "Inchangée"),
}


class Situations(Room, QWidget):
    """The list above, the comparison below."""

    back = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._known: list[Instantane] = []
        self.comparaison: Comparaison | None = None
        self.retour = button("Tous les imports", "lien", self.back.emit, icon="arrow-left-line")
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Situations SIBC")
        self.table.selection_changed.connect(lambda _: self._chosen_changed())
        self.table.activated.connect(self._compare_row)
        self.table.set_context_menu(self._menu)
        self.date = DateEdit()
        self.date.setAccessibleName("Date de la situation choisie")
        self.date.setFixedWidth(112)
        self.date.returnPressed.connect(self.redater)
        self.dater = button("Changer la date", "secondaire", self.redater)
        self.supprimer = button("Supprimer", "danger", self.delete)
        self.exercice, self.avant, self.apres = (combo_box(n) for n in ("Exercice", "Avant", "Après"))
        mesures = [(label, place) for place, (_, label) in enumerate(MESURES_EXECUTION)]
        self.mesure = combo_box("Mesure", mesures)
        self.mesure.setCurrentIndex(2)
        self.ecarts = Onglets("Écarts")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.provenance = Note("", "accent")
        self.provenance.action.connect(lambda: self.provenance.set_note(""))
        self.ecarts.table.activated.connect(lambda row: self.explain(int(str(row))))
        self._lay_out()
        self.exercice.activated.connect(lambda _: self._fill_dates())
        for combo in (self.avant, self.apres, self.mesure):
            combo.activated.connect(lambda _: self._compare())

    def _lay_out(self) -> None:
        card = Card("Situations SIBC")
        for widget in (self.retour, self.date, self.dater, self.supprimer):
            card.add_action(widget)
        card.add(self.table)
        row = QWidget()
        choices = QHBoxLayout(row)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(style.HALF)
        for combo in (self.exercice, self.avant, self.apres, self.mesure):
            label = Text(combo.accessibleName(), "corps", "faible")
            label.setBuddy(combo)
            choices.addWidget(label)
            choices.addWidget(combo)
            choices.addSpacing(style.SPACE)
        self.ecarts.add_action(row)
        self.ecarts.add_action(self.exporter)
        self.ecarts.body.insertWidget(0, self.provenance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(card)
        layout.addWidget(self.ecarts, 1)
        self.setFocusProxy(self.table)

    # What is shown

    def refresh(self) -> None:
        """Read the snapshots again; the two compared stay those where they still are."""
        row = self.table.current_id()
        self._known = instantanes.liste(self._session)
        self.model.set_rows([_row(x) for x in self._known])
        import_tables.fit(self.table, len(self._known), most=5)
        if self._known:
            self.table.set_state("donnees")
            kept = min(row or 0, len(self._known) - 1)
            self.table.select([kept], current=kept)
        else:
            self.table.set_state("vide", "Aucune situation : importer une exécution SIBC.")
        self._fill_years()
        self._chosen_changed()

    def count(self) -> str:
        """``3 situations``, for the status bar."""
        n = len(self._known)
        return f"{money.nombre(n)} situation{'s' if n > 1 else ''} SIBC"

    def chosen(self) -> Instantane | None:
        """The snapshot chosen in the list."""
        row = self.table.current_id()
        return self._known[row] if row is not None and row < len(self._known) else None

    def _chosen_changed(self) -> None:
        chosen = self.chosen()
        self.date.set_iso(chosen.date if chosen is not None else None)
        for widget in (self.date, self.dater, self.supprimer):
            widget.setEnabled(chosen is not None)

    def _fill_years(self) -> None:
        years = list(dict.fromkeys(x.exercice for x in self._known))
        kept = self.exercice.currentData()
        several = [y for y in years if sum(x.exercice == y for x in self._known) > 1]
        wanted = kept if kept in years else next(iter(several or years), None)
        _fill(self.exercice, [(str(y), y) for y in years], wanted)
        self._fill_dates()

    def _fill_dates(self) -> None:
        dates = [x.date for x in self._known if x.exercice == self.exercice.currentData()]
        entries = [(french_date(d), d) for d in dates]
        before, after = self.avant.currentData(), self.apres.currentData()
        _fill(self.apres, entries, after if after in dates else next(iter(dates), None))
        others = [d for d in dates if d != self.apres.currentData()]
        _fill(self.avant, entries, before if before in others else next(iter(others or dates), None))
        self._compare()

    def _compare(self) -> None:
        self.provenance.set_note("")
        self.comparaison = None
        year, before, after = (c.currentData() for c in (self.exercice, self.avant, self.apres))
        if before and after and before != after:
            try:
                self.comparaison = instantanes.comparer(self._session, year, before, after)
            except Refus as refusal:
                self._bridge.fail(refusal)
        self.exporter.setEnabled(self.comparaison is not None)
        empty = "Choisir deux dates différentes." if before != after else "Il faut deux situations pour les comparer."
        self.ecarts.set_tabs(self._tabs(), empty)

    def _tabs(self) -> list[Onglet]:
        found, place = self.comparaison, int(self.mesure.currentData())
        if found is None:
            return []
        names = self._session.nomenclatures.enveloppes()
        what = MESURES_EXECUTION[place][1]
        changed = [x for x in found.lignes if x.statut != "inchangee"]
        apart = sum(x.statut in ("apparue", "disparue") for x in changed)
        told = f"{money.nombre(len(changed))} ligne(s) changent, dont {money.nombre(apart)} apparue(s) ou disparue(s)."

        def lines(items: Sequence[LigneComparee]) -> Callable[[], LinesModel]:
            return lambda: import_tables.model((*LIGNES, *MONTANTS), items, lambda x: _ligne(x, place, names), self)

        def missions() -> LinesModel:
            def row(x: LigneComparee) -> tuple[object, ...]:
                return (f"{x.destination} · {x.libelle}" if x.destination else x.libelle, *_montants(x, place))

            return import_tables.model((*MISSIONS, *MONTANTS), found.missions, row, self)

        return [
            Onglet("changees", "Changées", len(changed), lines(changed), told, mesure=what),
            Onglet("toutes", "Toutes", len(found.lignes), lines(found.lignes), _HINT, mesure=what),
            Onglet("missions", "Par mission", len(found.missions), missions, "", compte=False, mesure=what),
        ]

    # What the user does

    def _compare_row(self, row: object) -> None:
        """Take a snapshot as the later one of the comparison."""
        chosen = self._known[int(str(row))]
        self.exercice.setCurrentIndex(self.exercice.findData(chosen.exercice))
        self._fill_dates()
        self.apres.setCurrentIndex(self.apres.findData(chosen.date))
        self._fill_dates()

    def redater(self) -> None:
        """Give the chosen snapshot the date typed."""
        chosen = self.chosen()
        if chosen is None:
            return
        if problem := self.date.problem():
            self._bridge.message.emit("erreur", problem, "", None)
            return
        day = self.date.iso() or ""
        said = f"Situation SIBC {chosen.exercice} : {french_date(chosen.date)} devient {french_date(day)}"
        self._bridge.perform(lambda: instantanes.redater(self._session, chosen.id, day), done=said)
        self._chosen_changed()

    def delete(self) -> None:
        """Delete the chosen snapshot; the message gives it back."""
        chosen = self.chosen()
        if chosen is not None:
            said = f"Situation SIBC {chosen.exercice} du {french_date(chosen.date)} supprimée"
            self._bridge.perform(lambda: instantanes.supprimer(self._session, chosen.id), done=said)

    def explain(self, row: int) -> None:
        """Show the cells that a line of the comparison was read from."""
        found, key = self.comparaison, self.ecarts.current()
        if found is None or key == "missions":
            return
        lines = [x for x in found.lignes if key == "toutes" or x.statut != "inchangee"]
        line, told = lines[row], []
        for x in (found.avant, found.apres):
            where = instantanes.provenance(self._session, x.id, line.destination, line.enveloppe)
            told.append(f"{line.destination} au {french_date(x.date)} : {where or 'absente de cette situation'}.")
        self.provenance.set_note("\n".join(told), "accent", "Fermer")

    def export_to(self, path: Path) -> None:
        """Write the comparison, every measure, to a workbook."""
        found = self.comparaison
        if found is None:
            return

        def write(_progress: Progress) -> None:
            exporting.export_situations(path, found)

        run_export(self._bridge, path, write)

    def _ask_export(self) -> None:
        if self.comparaison is None:
            return
        dates = "-".join(x.date for x in (self.comparaison.avant, self.comparaison.apres))
        proposed = self._session.path.with_name(f"situations-{dates}.xlsx")
        if path := ask_path(self, "Exporter la comparaison", proposed):
            self.export_to(path)

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if len(rows) == 1:
            menu.addAction("Comparer avec la précédente", lambda: self._compare_row(rows[0]))
            menu.addAction("Supprimer cette situation", self.delete)


def _fill(combo: QComboBox, entries: Sequence[tuple[str, object]], chosen: object) -> None:
    combo.clear()
    for label, data in entries:
        combo.addItem(label, data)
    combo.setCurrentIndex(combo.findData(chosen))


def _row(x: Instantane) -> tuple[object, ...]:
    return (
        str(x.exercice),
        x.date,
        x.ae_ouvertes,
        x.ej_valides,
        _rate(x.ej_valides, x.ae_ouvertes),
        x.cp_ouverts,
        x.decaissements,
        _rate(x.decaissements, x.cp_ouverts),
        x.fichier,
    )


def _rate(used: int, opened: int) -> float | None:
    return 100 * used / opened if opened else None


def _ligne(x: LigneComparee, place: int, names: dict[str, str]) -> tuple[object, ...]:
    where = names.get(x.enveloppe, x.enveloppe)
    return (x.destination, x.libelle, where, STATUTS[x.statut], *_montants(x, place))


def _montants(x: LigneComparee, place: int) -> tuple[int | None, int | None, int]:
    before, after = (side[place] if side is not None else None for side in (x.avant, x.apres))
    return before, after, x.ecart(place)
