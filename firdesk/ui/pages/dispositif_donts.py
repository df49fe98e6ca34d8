"""What is told inside the amounts of a scheme: typed in place, shown everywhere, never added."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from firdesk.domain.dispositif import DONT_COMPRIS, Dispositif, Dont
from firdesk.services import donts
from firdesk.services.dispositifs import LigneDispositif
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.form import MontantEdit, TexteEdit
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages import dispositif_saisie as saisie

COLUMNS = (
    ColumnSpec("libelle", "Dont", width=140, stretch=True, editable=True, sortable=False),
    ColumnSpec("montant", "Montant", "montant", 124, editable=True, sortable=False),
)


class DispositifDonts(QWidget):
    """A small table and the line that adds to it; F2 or Enter edits a cell, Suppr takes a row away."""

    #: the user is done here
    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._dispositif = Dispositif("", "")
        self._exercice = bridge.exercice
        self.donts: list[Dont] = []
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = saisie.grid(self.model, "Montants « dont » du dispositif", self.delete)
        self.libelle, self.montant = TexteEdit("Dont…"), MontantEdit()
        self.libelle.setAccessibleName("Libellé du « dont »")
        self.montant.setAccessibleName("Montant du « dont »")
        self.montant.setFixedWidth(116)
        self.alerte = Note()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(Text(DONT_COMPRIS, "petit", "faible", wrap=True))
        layout.addWidget(self.alerte)
        layout.addWidget(self.table, 1)
        layout.addLayout(saisie.row(self.libelle, self.montant, button("Ajouter", "secondaire", self.add_new)))
        self.model.edit_requested.connect(self._edit, Qt.ConnectionType.QueuedConnection)
        for field in (self.libelle, self.montant):
            field.returnPressed.connect(self.add_new)
        lead_focus(self, self.libelle)
        saisie.escape(self, self._clear, self.left.emit)

    def load(self, ligne: LigneDispositif, exercice: int) -> None:
        """Show what is told inside a scheme in an exercice."""
        d = self._dispositif = ligne.dispositif
        self._exercice = exercice
        self.setEnabled(ligne.decrit)
        self.donts = [x for x in self._session.dispositifs.donts(exercice) if x.dispositif == d.code]
        self.model.set_rows([(x.libelle, x.montant) for x in self.donts])
        empty = "Aucun montant « dont »." if ligne.decrit else "Décrire d'abord ce dispositif."
        self.table.set_state("donnees" if self.donts else "vide", empty)
        alerts = donts.alertes(self._session, exercice, d.code) if ligne.decrit else []
        self.alerte.set_note(" ".join(p.message for p in alerts if p.field == "montant"), "alerte")

    def add_new(self) -> None:
        """Add what was typed under the table; the cursor is ready for the next one."""
        d, label = self._dispositif, self.libelle.value()

        def write() -> int:
            made = Dont(self._exercice, label, saisie.amount(self.montant), d.theme, d.destination, d.code)
            return donts.enregistrer_dont(self._session, made)

        if saisie.done(self._bridge, self._session, write, f"Ajouté : dont {label}"):
            self._clear()

    def _clear(self) -> bool:
        """Empty the line, the cursor at its beginning; whether something was typed there."""
        typed = any(field.text() for field in (self.libelle, self.montant))
        self.libelle.set_value("")
        self.montant.set_cents(None)
        if typed:
            self.libelle.setFocus()
        return typed

    def _edit(self, row: object, key: str, text: str) -> None:
        before = self.donts[int(str(row))]

        def write() -> int:
            value: object = saisie.cents(text) if key == "montant" else text
            return donts.enregistrer_dont(self._session, replace(before, **{key: value}))  # type: ignore[arg-type]

        saisie.done(self._bridge, self._session, write, f"Enregistré : dont {before.libelle}")

    def delete(self) -> None:
        """Take the row under the cursor away; the message gives it back."""
        row = self.table.current_id()
        if row is not None and row < len(self.donts):
            gone = self.donts[row]
            said = f"Supprimé : dont {gone.libelle}"
            self._bridge.perform(lambda: donts.supprimer_dont(self._session, gone.id or 0), done=said)
