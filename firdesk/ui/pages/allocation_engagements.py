"""What moves on an allocation, under its amounts: each mouvement, what is left to pay, the échéancier by year."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.echeancier import Annee, Echeancier
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.jour import french_date
from firdesk.services import engagements, provenance
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import echeancier as echeancier_sheet
from firdesk.ui.dialogs import ej as ej_sheet
from firdesk.ui.dialogs import mouvement as mouvement_sheet
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button

COLUMNS = (
    ColumnSpec("nature", "Nature", width=96, stretch=True, sortable=False),
    ColumnSpec("date", "Date", "date", 104, sortable=False),
    ColumnSpec("montant", "Montant", "montant", 124, decimals=True, sortable=False),
    ColumnSpec("exercice", "Exercice", "code", 68, sortable=False),
    ColumnSpec("ej", "EJ", "code", 124, sortable=False),
    ColumnSpec("reference", "Référence", width=112, sortable=False),
    ColumnSpec("piece", "N° de pièce", "code", 104, sortable=False),
)
#: The key of the échéancier, and how it is told.
TOUCHE_ECHEANCIER, TOUCHE_ECHEANCIER_DITE = "Ctrl+Shift+E", "Ctrl+Maj+E"
#: Mouvements shown before the table scrolls.
MOST = 6
LISTED = (
    Nature.ENGAGEMENT,
    Nature.RETRAIT,
    Nature.RETRAIT_ANTERIEUR,
    Nature.PAIEMENT,
    Nature.REPRISE,
)


class Engagements(QWidget):
    """Add, change (Entrée, F2), delete (Suppr); each is one operation, apart from what the form holds.

    Inser and Ctrl+Maj+E, to add and to plan, are heard in the whole page.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._allocation: Allocation | None = None
        self._shown: list[Mouvement] = []
        self.resume = Text("", "petit", "faible", wrap=True)
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Engagements et paiements")
        self.dit = Text("", "petit", "faible", wrap=True)
        self.ajouter_button = button("Ajouter…", "lien", self.add)
        self.planifier_button = button("Échéancier…", "lien", self.plan)
        self.somme = Text("", "petit", "faible")
        self.annees = QGridLayout()
        self._plan = QWidget()
        self._lay_out()
        self.table.selection_changed.connect(self._explain)
        self.table.activated.connect(lambda _: self.edit())
        self.table.set_context_menu(self._menu)
        shortcut("F2", self.table.view, self.edit, alone=True)
        shortcut("Del", self.table.view, self.delete, alone=True)
        self.hide()

    def _lay_out(self) -> None:
        self.ajouter_button.setToolTip("Ajouter un engagement, un retrait, un paiement, une reprise (Inser)")
        self.planifier_button.setToolTip(f"Planifier les CP par exercice ({TOUCHE_ECHEANCIER_DITE})")
        head = QHBoxLayout()
        head.addWidget(Text("Engagements et paiements", "fort"), 1)
        head.addWidget(self.ajouter_button)
        head.addWidget(self.planifier_button)
        title = QHBoxLayout()
        title.addWidget(Text("Échéancier des CP", "petit"), 1)
        title.addWidget(self.somme)
        self.annees.setHorizontalSpacing(style.MARGIN)
        self.annees.setVerticalSpacing(2)
        self.annees.setColumnStretch(2, 1)
        plan = QVBoxLayout(self._plan)
        plan.setContentsMargins(0, style.HALF, 0, 0)
        plan.setSpacing(style.HALF)
        plan.addLayout(title)
        plan.addLayout(self.annees)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.HALF, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addLayout(head)
        layout.addWidget(self.resume)
        layout.addWidget(self.table)
        layout.addWidget(self.dit)
        layout.addWidget(self._plan)

    # What is shown

    def show_allocation(self, allocation: Allocation) -> None:
        """Show what moved on a saved allocation; nothing at all of a new one."""
        self.setVisible(allocation.id is not None)
        kept = self._kept(allocation)
        self._allocation = allocation if allocation.id is not None else None
        if allocation.id is None:
            return
        several = sum(m.nature is Nature.NOTIFICATION for m in allocation.mouvements) > 1
        listed = (*LISTED, Nature.NOTIFICATION) if several else LISTED
        self._shown = sorted(
            (m for m in allocation.mouvements if m.nature in listed),
            key=lambda m: (m.date or f"{m.exercice}", m.id or 0),
        )
        self.model.set_rows([_row(allocation, m) for m in self._shown])
        if not self._shown and self.table.isAncestorOf(QApplication.focusWidget() or self):
            self.ajouter_button.setFocus()
        self.table.setVisible(bool(self._shown))
        self.dit.setVisible(bool(self._shown))
        rows = max(1, min(len(self._shown), MOST))
        bar = self.table.view.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(style.HEADER + rows * style.ROW + bar + 4)
        places = [i for i, m in enumerate(self._shown) if m.id == kept]
        self.table.select(places)
        self._explain(places)
        e = engagements.echeancier(self._session, allocation.id, self._bridge.exercice)
        self.resume.setText(_resume(e, any_move=bool(self._shown)))
        self._show_plan(e)

    def _kept(self, allocation: Allocation) -> int | None:
        """The mouvement to choose in what comes: the one just written, else the one chosen, else its neighbour."""
        if self._allocation is None or self._allocation.id != allocation.id:
            return None
        known, coming = ({m.id for m in a.mouvements} for a in (self._allocation, allocation))
        new = [m.id for m in allocation.mouvements if m.nature in LISTED and m.id not in known]
        if len(new) == 1:
            return new[0]
        row = self.table.current_id()
        if row is None:
            return None
        near = [*self._shown[row:], *reversed(self._shown[:row])]
        return next((m.id for m in near if m.id in coming), None)

    def _show_plan(self, e: Echeancier) -> None:
        while (item := self.annees.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        years = [a for a in e.annees if a.paye or a.prevu]
        self._plan.setVisible(e.planifie)
        if not e.planifie:
            return
        for row, a in enumerate(years):
            cents, told = _year(e, a)
            amount = Text(money.euros(cents, decimals=True), "montant")
            self.annees.addWidget(Text(str(a.exercice), "montant"), row, 0)
            self.annees.addWidget(amount, row, 1, Qt.AlignmentFlag.AlignRight)
            self.annees.addWidget(Text(told, "petit", "faible"), row, 2)
        tone, told = _balance(e)
        self.somme.setText(told)
        style.set_tone(self.somme, tone)

    @property
    def chosen(self) -> Mouvement | None:
        """The mouvement under the cursor."""
        row = self.table.current_id()
        return self._shown[row] if row is not None and row < len(self._shown) else None

    def _explain(self, rows: Sequence[int]) -> None:
        m = self._shown[rows[0]] if rows and rows[0] < len(self._shown) else None
        if m is None:
            self.dit.setText("Entrée : modifier · Suppr : supprimer · choisir une ligne pour sa provenance.")
            return
        told = provenance.phrase(m, self._session.allocations.provenance(m.id) if m.id else None)
        hidden = [c.title for i, c in enumerate(COLUMNS) if self.table.view.isColumnHidden(i)]
        row = self.model.row(rows[0])
        more = [f"{c.title} {v}" for c, v in zip(COLUMNS, row, strict=True) if c.title in hidden and v]
        self.dit.setText(" · ".join([*more, told]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns that the form has no room for are told of the line chosen instead."""
        super().resizeEvent(event)
        room = self.width() - sum(c.width for c in COLUMNS[:3])
        for place, column in enumerate(COLUMNS[3:], start=3):
            room -= column.width
            self.table.view.setColumnHidden(place, room < 0)

    # What the user does

    def add(self) -> None:
        """The sheet of a new mouvement: the engagement first, then payments."""
        a = self._allocation
        if a is not None:
            engaged = any(m.nature is Nature.ENGAGEMENT for m in a.mouvements)
            nature = Nature.PAIEMENT if engaged else Nature.ENGAGEMENT
            year = max(a.exercice, self._bridge.exercice) if engaged else a.exercice
            mouvement_sheet.show(self._bridge, self, a, Mouvement(nature, year, 0))

    def edit(self) -> None:
        """The sheet of the mouvement under the cursor."""
        m, a = self.chosen, self._allocation
        if m is not None and a is not None:
            mouvement_sheet.show(self._bridge, self, a, m)

    def delete(self) -> None:
        """Delete the mouvements chosen; the message gives them back, and names an import they came from."""
        a = self._allocation
        gone = [self._shown[row] for row in self.table.selected_ids() if row < len(self._shown)]
        if a is None or a.id is None or not gone:
            return
        number, ids = a.id, [m.id or 0 for m in gone]
        said = f"Supprimé : {_named(gone)}"
        if any(m.origine == "import" for m in gone):
            said += " (importé : le prochain import le proposera de nouveau)"
        self._bridge.perform(lambda: engagements.supprimer(self._session, number, ids), done=said)

    def plan(self) -> None:
        """The sheet where payments are planned."""
        if self._allocation is not None:
            year = engagements.courant(self._session, self._allocation)
            echeancier_sheet.show(self._bridge, self, self._allocation, year)

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        menu.addAction("Ajouter…\tInser", self.add)
        if len(rows) == 1:
            menu.addAction("Modifier…\tEntrée", self.edit)
        if rows:
            menu.addAction("Supprimer\tSuppr", self.delete)
        if ej := self._ej():
            menu.addSeparator()
            menu.addAction(f"Voir l'EJ {ej}…", lambda: ej_sheet.show(self._bridge, self, ej))

    def _ej(self) -> str:
        """The EJ of the mouvement under the cursor, else that of the allocation."""
        m, a = self.chosen, self._allocation
        return (m.ej if m is not None else "") or (a.ej if a is not None else "")


def _row(a: Allocation, m: Mouvement) -> tuple[object, ...]:
    cents = -m.montant if m.nature in (*engagements.RETRAITS, Nature.REPRISE) else m.montant
    return (engagements.libelle(m.nature), m.date, cents, str(m.exercice), m.ej or a.ej, m.reference, m.piece)


def _named(gone: Sequence[Mouvement]) -> str:
    if len(gone) > 1:
        return f"{len(gone)} mouvements"
    m = gone[0]
    day = f" du {french_date(m.date)}" if m.date else f" de {m.exercice}"
    return f"{engagements.libelle(m.nature).lower()}{day}, {money.euros(m.montant, decimals=True)}"


def _resume(e: Echeancier, *, any_move: bool) -> str:
    if not any_move:
        return "Aucun engagement ni paiement."
    left = f"reste à payer {money.euros(e.reste_a_payer)}"
    left += "" if e.planifie or not e.reste_a_payer else ", sans échéancier"
    return f"AE {money.euros(e.ae)} · CP {money.euros(e.cp)} · {left}"


def _year(e: Echeancier, a: Annee) -> tuple[int, str]:
    if a.exercice < e.exercice:
        return a.paye, "payé"
    paid = f", déjà payé {money.euros(a.paye)}" if a.paye else ""
    return a.prevu, (f"prévu{paid}" if a.prevu else f"sans échéance{paid}")


def _balance(e: Echeancier) -> tuple[style.Tone, str]:
    left = e.a_planifier
    if not left:
        return "succes", "somme = AE"
    if left < 0:
        return "alerte", f"{money.euros(-left)} de plus que l'AE"
    return "alerte", f"{money.euros(left)} à planifier"
