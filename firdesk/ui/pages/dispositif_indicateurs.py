"""The indicators of a scheme: one grid of years by values, its trend in words, a small chart of the same numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import indicateur as domaine
from firdesk.domain.dispositif import SENS, Indicateur
from firdesk.services import indicateurs
from firdesk.services.dispositifs import LigneDispositif
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.form import Choix, Form, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button, icon_button
from firdesk.ui.kit.year_bars import YearBar, YearBars
from firdesk.ui.pages import dispositif_saisie as saisie

COLUMNS = (
    ColumnSpec("exercice", "Exercice", "code", 78, sortable=False),
    ColumnSpec("valeur", "Valeur", "entier", 80, editable=True, sortable=False),
    ColumnSpec("annee", "Année", "entier", 66, editable=True, sortable=False, tooltip="L'année dont parle la valeur"),
    ColumnSpec("cible", "Cible", "entier", 68, editable=True, sortable=False),
    ColumnSpec("source", "Source", width=80, stretch=True, editable=True, sortable=False),
)


class DispositifIndicateurs(QWidget):
    """Choose an indicator or create one; type in the grid, or paste a block from a spreadsheet."""

    #: the user is done here
    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._code = ""
        self._years: list[int] = []
        self.indicateurs: list[Indicateur] = []
        self.choix = QComboBox()
        self.choix.setAccessibleName("Indicateur")
        self.choix.activated.connect(lambda _: self._show())
        self.nouveau = icon_button("add-line", "Nouvel indicateur (Inser)", self.start)
        self.supprimer = icon_button("delete-bin-line", "Supprimer cet indicateur", self.delete)
        self.libelle, self.unite, self.sens = TexteEdit(), TexteEdit("patients, %, ETP…"), Choix()
        self.sens.set_items(list(SENS.items()), empty=None)
        self.form = Form()
        self.form.add_row("Nom de l'indicateur", self.libelle, key="libelle")
        self.form.add_pair(("Unité", self.unite, "unite"), ("Sens", self.sens, "sens"))
        self.creer = button("Créer l'indicateur", "secondaire", self.add_new)
        self.tendance = Text("", "corps", wrap=True)
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Valeurs de l'indicateur")
        self.barres = YearBars("Valeurs par exercice, trait à la cible")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(style.HALF)
        head.addWidget(self.choix, 1)
        head.addWidget(self.nouveau)
        head.addWidget(self.supprimer)
        self.creation = QWidget()
        made = QVBoxLayout(self.creation)
        made.setContentsMargins(0, 0, 0, 0)
        made.addWidget(self.form)
        foot = QHBoxLayout()
        foot.addWidget(self.creer)
        foot.addWidget(button("Renoncer", "lien", self._give_up))
        foot.addStretch()
        made.addLayout(foot)
        self.creation.hide()
        trigger = QAbstractItemView.EditTrigger
        self.table.view.setEditTriggers(trigger.EditKeyPressed | trigger.AnyKeyPressed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.creation)
        layout.addWidget(self.tendance)
        layout.addWidget(self.barres)
        layout.addWidget(self.table, 1)

    def _connect(self) -> None:
        self.table.activated.connect(lambda _: self.table.view.edit(self.table.view.currentIndex()))
        self.table.paste_requested.connect(self.paste)
        self.model.edit_requested.connect(self._edit, Qt.ConnectionType.QueuedConnection)
        self.libelle.returnPressed.connect(self.add_new)
        self.unite.returnPressed.connect(self.add_new)
        shortcut("Ins", self, self.start)
        saisie.escape(self, self._give_up, self.left.emit)
        lead_focus(self, self.table)
        shortcut("Del", self.table.view, self.clear_cell, alone=True)

    # What is shown

    @property
    def chosen(self) -> Indicateur | None:
        """The indicator shown."""
        place = self.choix.currentIndex()
        return self.indicateurs[place] if 0 <= place < len(self.indicateurs) else None

    def load(self, ligne: LigneDispositif, exercice: int) -> None:
        """Show the indicators of a scheme; the one shown stays where it can."""
        kept = self.chosen.libelle if self.chosen is not None and ligne.code == self._code else ""
        if ligne.code != self._code:
            self._close()
        self._code = ligne.code
        self._years = sorted({*self._session.nomenclatures.exercices(), exercice})
        self.indicateurs = self._session.indicateurs.all(ligne.code) if ligne.decrit else []
        self.choix.clear()
        self.choix.addItems([i.libelle for i in self.indicateurs])
        self.choix.setCurrentIndex(max(0, self.choix.findText(kept)) if self.indicateurs else -1)
        for widget in (self.choix, self.supprimer):
            widget.setEnabled(bool(self.indicateurs))
        self.nouveau.setEnabled(ligne.decrit)
        self._show()

    def _show(self) -> None:
        i = self.chosen
        self.tendance.setVisible(i is not None)
        if i is None:
            self.model.set_rows([])
            self.barres.set_bars([], "")
            decrit = self.nouveau.isEnabled()
            text = "Aucun indicateur pour ce dispositif." if decrit else "Décrire d'abord ce dispositif."
            self.table.set_state("vide", text, "Nouvel indicateur" if decrit else "", self.start)
            return
        values = domaine.serie(i, self._years)
        place = self.table.view.currentIndex()
        self.model.set_rows(
            [(str(v.exercice), domaine.ecrit(v.valeur), str(v.annee), domaine.ecrit(v.cible), v.source) for v in values]
        )
        if place.isValid():
            self.table.view.setCurrentIndex(self.model.index(min(place.row(), len(values) - 1), place.column()))
        self.table.set_state("donnees")
        told = domaine.tendances(i)
        last = domaine.dite(i, told[-1]) if told else "Aucune valeur : la saisir dans le tableau."
        unit = f" · en {i.unite}" if i.unite else ""
        self.tendance.setText(f"{last}\n{SENS[i.sens]}{unit}")
        said = " ; ".join(f"{t.valeur.exercice} : {domaine.dite(i, t)}" for t in told)
        self.barres.set_bars(
            [YearBar(str(v.exercice), v.valeur, v.cible, domaine.ecrit(v.valeur)) for v in values if not v.vide], said
        )

    # What the user does

    def start(self) -> None:
        """Open the few fields that make a new indicator."""
        if not self.nouveau.isEnabled():
            return
        self.libelle.set_value("")
        self.unite.set_value("")
        self.sens.set_code("hausse")
        self.form.clear_problems()
        self.creation.show()
        self.libelle.setFocus()

    def add_new(self) -> None:
        """Create the indicator typed; the cursor goes to its first value."""
        made = Indicateur(self._code, self.libelle.value(), self.unite.value(), self.sens.code() or "neutre")
        if blocking := [p for p in made.problems() if p.blocking]:
            self.form.show_problems(blocking)
            self.form.focus_first_problem()
            return
        said = f"Créé : indicateur « {made.libelle} »"
        if self._bridge.perform(lambda: indicateurs.enregistrer(self._session, made), done=said) is not None:
            self._close()
            self.choix.setCurrentIndex(self.choix.findText(made.libelle))
            self._show()
            self.table.view.setFocus()
            self.table.view.setCurrentIndex(self.model.index(self.model.rowCount() - 1, 1))

    def _give_up(self) -> bool:
        """Create nothing; whether something was being created."""
        creating = self.creation.isVisible()
        self._close()
        if creating:
            self.setFocus()
        return creating

    def _close(self) -> None:
        self.creation.hide()

    def delete(self) -> None:
        """Delete the indicator shown; the message gives it back."""
        i = self.chosen
        if i is not None:
            said = f"Supprimé : indicateur « {i.libelle} »"
            self._bridge.perform(lambda: indicateurs.supprimer(self._session, i.id or 0), done=said)

    def clear_cell(self) -> None:
        """Empty the cell under the cursor."""
        index = self.table.view.currentIndex()
        if index.isValid() and COLUMNS[index.column()].key in ("valeur", "cible", "source"):
            self._write([(index.row(), index.column(), "")])

    def paste(self, text: str) -> None:
        """Write a block copied from a spreadsheet from the current cell on."""
        start = self.table.view.currentIndex()
        cells = [
            (start.row() + down, start.column() + right, cell)
            for down, line in enumerate(text.rstrip("\r\n").splitlines())
            for right, cell in enumerate(line.split("\t"))
        ]
        inside = [c for c in cells if c[0] < self.model.rowCount() and 0 < c[1] < len(COLUMNS)]
        if len(inside) < len(cells):
            text = "Le bloc dépasse le tableau : choisir la première cellule à remplir, puis coller de nouveau."
            self._bridge.message.emit("erreur", text, "", None)
        elif inside:
            self._write(inside)

    def _edit(self, row: object, key: str, text: str) -> None:
        self._write([(int(str(row)), self.model.column_of(key), text)])

    def _write(self, cells: list[tuple[int, int, str]]) -> None:
        i = self.chosen
        if i is not None:
            years = [v.exercice for v in domaine.serie(i, self._years)]
            wanted = [(years[row], COLUMNS[column].key, text) for row, column, text in cells]
            said = f"Enregistré : {i.libelle}"
            self._bridge.perform(lambda: indicateurs.ecrire(self._session, i.id or 0, wanted), done=said)
