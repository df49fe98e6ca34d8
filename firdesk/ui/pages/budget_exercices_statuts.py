"""Opening, closing, reopening: the exercices at the left, what is pending in the one chosen at the right."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain.controle import Alerte
from firdesk.domain.exercice import STATUTS
from firdesk.domain.problem import Problem
from firdesk.services import exercices
from firdesk.services.exercices import Bilan
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.column_choice import ColumnChoice
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.fields import TexteEdit
from firdesk.ui.kit.form import Form
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.budget_exercices_vue import Vue

_COLUMNS = (
    ColumnSpec("annee", "Exercice", width=80),
    ColumnSpec("statut", "État", "etat", 92),
    ColumnSpec("nombre", "Lignes", "entier", 68),
    ColumnSpec("notifie", "Notifié", "montant", 120, decimals=False),
    ColumnSpec("engage", "AE engagée", "montant", 120, decimals=False),
    ColumnSpec("paye", "CP payé", "montant", 120, decimals=False),
    ColumnSpec("motif", "Motif", width=96, stretch=True),
)
_SUSPENS = (ColumnSpec("texte", "À savoir avant de clore", width=200, stretch=True, sortable=False),)
_WIDTH = 424


class StatutsVue(Vue):
    """Enter on what is pending opens the lines behind it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.known: list[Bilan] = []
        self.pending: list[Alerte] = []
        self._wanted: int | None = None
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Exercices")
        self.columns = ColumnChoice(self.table, (), self._absent)
        self.annee = TexteEdit("Année")
        self.annee.setAccessibleName("Année de l'exercice à ouvrir")
        self.annee.setFixedWidth(84)
        self.open_button = button("Ouvrir l'exercice", "secondaire", self.open_year, icon="add-line")
        self.card = Card("", " ")
        self.suspens_model = SimpleTableModel(_SUSPENS, parent=self)
        self.suspens = DataTable(self.suspens_model, name="En suspens")
        self.form = Form()
        self.motif = TexteEdit("Pourquoi rouvrir cet exercice")
        self.form.add_row("Motif de la réouverture", self.motif, key="motif")
        self.close_button = button("Clore l'exercice", "secondaire", self.close_year, icon="lock-line")
        self.reopen_button = button("Rouvrir l'exercice", "secondaire", self.reopen_year, icon="lock-unlock-line")
        self._lay_out()
        self.table.selection_changed.connect(lambda _: self._show_chosen())
        self.suspens.activated.connect(lambda row: self._open_pending(int(str(row))))
        self.annee.returnPressed.connect(self.open_year)
        self.motif.returnPressed.connect(self.reopen_year)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        label = Text("Nouvel exercice", "petit", "faible")
        label.setBuddy(self.annee)
        for widget in (label, self.annee, self.open_button):
            tools.addWidget(widget)
        tools.addStretch()
        left = QVBoxLayout()
        left.setSpacing(style.MARGIN)
        left.addLayout(tools)
        left.addWidget(self.table, 1)
        self.card.setFixedWidth(_WIDTH)
        self.phrase = Text("", "petit", "faible", wrap=True)
        for part, stretch in ((self.suspens, 1), (self.phrase, 0), (self.form, 0)):
            self.card.add(part, stretch)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.reopen_button)
        self.card.body.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(left, 1)
        layout.addWidget(self.card)
        lead_focus(self, self.table)

    # What is shown

    def _absent(self) -> set[str]:
        return set() if any(b.exercice.motif for b in self.known) else {"motif"}

    @property
    def chosen(self) -> Bilan | None:
        """The exercice at the right."""
        row = self.table.current_id()
        return self.known[row] if row is not None and row < len(self.known) else None

    def choose(self, annee: int) -> None:
        """Choose a year, now or once the list is read."""
        self._wanted = annee
        self.refresh()

    def refresh(self) -> None:
        before = self.chosen.exercice.annee if self.chosen is not None else self.bridge.exercice
        wanted, self._wanted = self._wanted or before, None
        self.known = exercices.liste(self.session)
        places = [i for i, b in enumerate(self.known) if b.exercice.annee == wanted] or [0] * bool(self.known)
        with QSignalBlocker(self.table):  # what is chosen is shown once, below
            self.model.set_rows([_row(b) for b in self.known])
            self.columns.fit()
            self.table.select(places, current=places[0] if places else None)
        if self.known:
            self.table.set_state("donnees")
        else:
            self.table.set_state("vide", "Aucun exercice : écrire une année, puis Ouvrir l'exercice.")
        last = self.known[0].exercice.annee if self.known else self.bridge.exercice
        if not self.annee.value() and last:
            self.annee.set_value(str(last + 1))
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.chosen
        closed = chosen is not None and chosen.exercice.clos
        self.form.setVisible(closed)
        self.reopen_button.setVisible(closed)
        self.close_button.setVisible(chosen is not None and not closed)
        if chosen is None:
            self.card.set_title("Choisir un exercice", " ")
            self.suspens.set_state("vide", "Ce qui reste en suspens se lira ici.")
            return
        year = chosen.exercice.annee
        reason = f", rouvert : {chosen.exercice.motif}" if chosen.exercice.motif else ""
        self.card.set_title(f"Exercice {year}", STATUTS[chosen.exercice.statut].lower() + reason)
        self.pending = [] if closed else exercices.en_suspens(self.session, year)
        self.suspens_model.set_rows([(x.texte,) for x in self.pending])
        if self.pending:
            self.suspens.set_state("donnees")
        else:
            empty = "Rien ne peut changer dans cet exercice." if closed else "Rien n'est en suspens."
            self.suspens.set_state("vide", empty)
        told = (
            "Clos : aucun montant, budget ni recette ne change ; imports et saisies sont refusés."
            if closed
            else ("Clore met l'exercice en lecture seule. Ces points n'empêchent pas de clore.")
        )
        self.phrase.setText(told)
        self.told.emit(f"Exercice {year} · {STATUTS[chosen.exercice.statut].lower()}")

    # What the user does

    def open_year(self) -> None:
        """Open the year typed and look at it."""
        text = self.annee.value()
        if not (text.isdecimal() and len(text) == 4):
            said = f"« {text} » n'est pas une année : écrire quatre chiffres, par exemple 2026."
            self.bridge.message.emit("erreur", said, "", None)
            self.annee.setFocus()
            return
        year = int(text)
        self.bridge.perform(lambda: self._open(year), done=f"Ouvert : exercice {year}")

    def _open(self, year: int) -> None:
        exercices.ouvrir(self.session, year)
        self._wanted = year
        self.annee.set_value("")
        self.table.setFocus()

    def close_year(self) -> None:
        """Make the chosen exercice read-only; the message reopens it."""
        chosen = self.chosen
        if chosen is not None:
            year = chosen.exercice.annee
            self.bridge.perform(lambda: self._close(year), done=f"Clos : exercice {year}")

    def _close(self, year: int) -> None:
        exercices.clore(self.session, year)
        self.table.setFocus()

    def reopen_year(self) -> None:
        """Let the chosen exercice change again, for the reason typed."""
        chosen = self.chosen
        if chosen is None:
            return
        year, motif = chosen.exercice.annee, self.motif.value()
        if not motif:
            self.form.show_problems((Problem("motif", "Dire pourquoi l'exercice est rouvert."),))
            self.motif.setFocus()
            return
        self.form.clear_problems()
        self.bridge.perform(lambda: self._reopen(year, motif), done=f"Rouvert : exercice {year}")

    def _reopen(self, year: int, motif: str) -> None:
        exercices.rouvrir(self.session, year, motif)
        self.motif.set_value("")
        self.table.setFocus()

    def _open_pending(self, row: int) -> None:
        found, chosen = self.pending[row], self.chosen
        if found.filtre is not None:
            self.bridge.navigate.emit("allocations", found.filtre)
        elif chosen is not None and found.page is not None:
            self.bridge.set_exercice(chosen.exercice.annee)
            self.bridge.navigate.emit(*found.page)


def _row(b: Bilan) -> tuple[object, ...]:
    state = ("faible", STATUTS["clos"]) if b.exercice.clos else ("succes", STATUTS["ouvert"])
    return (str(b.exercice.annee), state, b.nombre, b.notifie, b.engage, b.paye, b.exercice.motif)
