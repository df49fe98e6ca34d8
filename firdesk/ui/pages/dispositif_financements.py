"""What others pay beside a scheme: cofinancing judged by its rule, amounts outside the FIR; never in its totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from firdesk.domain import indicateur, money
from firdesk.domain.allocation import Filtre
from firdesk.domain.dispositif import GENRES, Cofinancement, Dispositif
from firdesk.services import donts
from firdesk.services.dispositifs import LigneDispositif
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.fields import NombreEdit
from firdesk.ui.kit.form import Choix, MontantEdit, Recherche, TexteEdit
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages import dispositif_saisie as saisie

COLUMNS = (
    ColumnSpec("financeur", "Financeur", width=110, stretch=True, editable=True, sortable=False),
    ColumnSpec("genre", "Genre", width=110, sortable=False),
    ColumnSpec("quantite", "Qté", "entier", 56, editable=True, sortable=False, tooltip="Dans l'unité du dispositif"),
    ColumnSpec("montant", "Montant", "montant", 108, editable=True, sortable=False),
)


class DispositifFinancements(QWidget):
    """A small table, the rule it is judged by, and the lines that add to it."""

    #: the user is done here
    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._dispositif = Dispositif("", "")
        self._exercice = bridge.exercice
        self.financements: list[Cofinancement] = []
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = saisie.grid(self.model, "Autres financements", self.delete)
        self.financeur, self.paye = TexteEdit("Financeur"), MontantEdit()
        self.genre, self.quantite = Choix(), NombreEdit("Qté")
        self.allocation = Recherche(self._allocations, placeholder="Pour tout le dispositif, ou pour une allocation")
        self.regle = Text("", "petit", "faible", wrap=True)
        self.genre.set_items(list(GENRES.items()), empty=None)
        self.genre.set_code("cofinancement")
        self._lay_out()
        self.model.edit_requested.connect(self._edit, Qt.ConnectionType.QueuedConnection)
        for line in (self.financeur, self.paye, self.quantite):
            line.returnPressed.connect(self.add_new)
        lead_focus(self, self.financeur)
        saisie.escape(self, self._clear, self.left.emit)

    def _lay_out(self) -> None:
        for field, name in (
            (self.financeur, "Nom du financeur"),
            (self.paye, "Montant du financement"),
            (self.genre, "Genre de financement"),
            (self.quantite, "Quantité dans l'unité du dispositif"),
            (self.allocation, "Allocation cofinancée"),
        ):
            field.setAccessibleName(name)
        self.genre.setFixedWidth(148)
        self.quantite.setFixedWidth(64)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.regle)
        layout.addWidget(self.table, 1)
        layout.addLayout(saisie.row(self.financeur, self.genre))
        layout.addWidget(self.allocation)
        layout.addLayout(saisie.row(self.paye, self.quantite, button("Ajouter", "secondaire", self.add_new)))

    # What is shown

    def load(self, ligne: LigneDispositif, exercice: int) -> None:
        """Show what others pay beside a scheme in an exercice."""
        d = self._dispositif = ligne.dispositif
        self._exercice = exercice
        self.setEnabled(ligne.decrit)
        self.quantite.setPlaceholderText(d.unite or "Qté")
        self.financements = donts.du_dispositif(self._session, exercice, d.code)
        self.model.set_rows([self._row(c) for c in self.financements])
        empty = "Aucun autre financeur." if ligne.decrit else "Décrire d'abord ce dispositif."
        self.table.set_state("donnees" if self.financements else "vide", empty)
        self.regle.setText(self._rule(d))

    def _row(self, c: Cofinancement) -> tuple[object, ...]:
        name = c.financeur
        if c.allocation_id is not None and (found := self._session.allocations.get(c.allocation_id)):
            name += f" ({found.reference})"
        return (name, GENRES[c.genre], indicateur.ecrit(c.quantite * 10) if c.quantite else None, c.montant)

    def _rule(self, d: Dispositif) -> str:
        told = [
            f"{r.objet} : le FIR notifie {money.euros(r.notifie)}, au plus {money.euros(r.maximum)}"
            for r in donts.regles(self._session, d, self._exercice)
            if r.maximum is not None
        ]
        outside = sum(c.montant for c in self.financements if c.genre == "hors_fir")
        told += [f"hors FIR : {money.euros(outside)}, jamais dans les totaux"] if outside else []
        return " · ".join(told) or "La règle de la description se juge dès qu'un cofinanceur est saisi."

    def _allocations(self, text: str) -> list[tuple[int, str, str]]:
        filtre = Filtre(exercice=self._exercice, dispositifs=(self._dispositif.code,), texte=text)
        rows = self._session.allocations.page(list(self._session.allocations.ids(filtre, limit=12)))
        return [(x.id, x.reference, x.operateur) for x in rows]

    # What the user does

    def add_new(self) -> None:
        """Add what another body pays; the cursor is ready for the next one."""
        name = self.financeur.value()

        def write() -> int:
            number = self.allocation.id()
            code = "" if number is not None else self._dispositif.code
            genre, quantity = self.genre.code() or "", (self.quantite.milliemes() or 0) // 10
            paid = saisie.amount(self.paye)
            made = Cofinancement(self._exercice, genre, name, paid, number, code, quantity)
            return donts.enregistrer_cofinancement(self._session, made)

        if saisie.done(self._bridge, self._session, write, f"Ajouté : financement de {name}"):
            self._clear()

    def _clear(self) -> bool:
        """Empty the lines, the cursor at their beginning; whether something was typed there."""
        typed = any(field.text() for field in (self.financeur, self.paye, self.quantite, self.allocation))
        self.financeur.set_value("")
        self.paye.set_cents(None)
        self.quantite.set_milliemes(None)
        self.allocation.set_value(None)
        if typed:
            self.financeur.setFocus()
        return typed

    def _edit(self, row: object, key: str, text: str) -> None:
        before = self.financements[int(str(row))]
        values: dict[str, Callable[[], object]] = {
            "montant": lambda: saisie.cents(text),
            "quantite": lambda: (saisie.number(text) or 0) // 10,
            "financeur": lambda: text.rsplit(" (", 1)[0] if before.allocation_id else text,
        }

        def write() -> int:
            changed = replace(before, **{key: values[key]()})  # type: ignore[arg-type]
            return donts.enregistrer_cofinancement(self._session, changed)

        saisie.done(self._bridge, self._session, write, f"Enregistré : financement de {before.financeur}")

    def delete(self) -> None:
        """Take the row under the cursor away; the message gives it back."""
        row = self.table.current_id()
        if row is not None and row < len(self.financements):
            gone = self.financements[row]
            said = f"Supprimé : financement de {gone.financeur}"
            self._bridge.perform(lambda: donts.supprimer_cofinancement(self._session, gone.id or 0), done=said)
