"""The allocations bound to an act: listed, bound by search or by number, let go; and the years of the act."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.convention import Suivi
from firdesk.services import conventions
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.form import Recherche
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button

COLUMNS = (
    ColumnSpec("reference", "Référence", "code", 96),
    ColumnSpec("objet", "Objet", width=96, stretch=True),
    ColumnSpec("engage", "AE engagée", "montant", 112),
    ColumnSpec("paye", "CP payé", "montant", 112),
)
ANNEES = (
    ColumnSpec("annee", "Année", width=68, sortable=False),
    ColumnSpec("prevu_acte", "Acte", "montant", 106, sortable=False, tooltip="AE que l'acte et ses avenants prévoient"),
    ColumnSpec("engage", "Engagée", "montant", 106, sortable=False, tooltip="AE engagée, retraits déduits"),
    ColumnSpec("cp", "Échéance", "montant", 106, stretch=True, sortable=False, tooltip="CP payé, puis prévu"),
)

#: Figures one under the other before the next column.
_FIGURES = 4


class Rattachees(QWidget):
    """Search and bind; Suppr lets go; Entrée opens the allocation in its page."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._suivi: Suivi | None = None
        self._ids: list[int] = []
        self.search = Recherche(self._find, placeholder="Rattacher : référence, objet ou EJ")
        self.search.setAccessibleName("Rattacher une allocation")
        self.model = SimpleTableModel(COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Allocations de la convention")
        self.par_numero = button("Rattacher celles qui portent ce numéro", "lien", self.bind_by_number)
        self.detacher = button("Détacher", "lien", self.release)
        foot = QHBoxLayout()
        foot.addWidget(self.par_numero)
        foot.addStretch()
        foot.addWidget(self.detacher)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
        self.search.chosen.connect(self._bind)
        self.table.activated.connect(self._open)
        self.table.selection_changed.connect(lambda ids: self.detacher.setEnabled(bool(ids)))
        self.table.set_context_menu(self._menu)
        shortcut("Del", self.table.view, self.release, alone=True)

    def show_suivi(self, suivi: Suivi | None) -> None:
        """List the allocations of an act and of its avenants."""
        self._suivi = suivi
        self._ids = conventions.allocations(self._session, suivi) if suivi is not None else []
        found = self._session.allocations.page(self._ids) if self._ids else []
        self.model.set_rows([(x.reference, x.objet or x.operateur, x.engage, x.paye) for x in found])
        sums = {"engage": sum(x.engage or 0 for x in found), "paye": sum(x.paye or 0 for x in found)}
        self.table.set_totals(sums if found else {}, "Total")
        text = "Aucune allocation rattachée : en chercher une ci-dessus."
        self.table.set_state("donnees" if found else "vide", text)
        self.detacher.setEnabled(bool(self.table.selected_ids()))
        self.par_numero.setEnabled(suivi is not None)

    def bind_by_number(self) -> None:
        """Bind those whose decision bears the number of the act."""
        s = self._suivi
        if s is None:
            return
        number = s.convention.id or 0
        done = self._bridge.perform(lambda: conventions.rattacher_par_numero(self._session, number))
        if done is None:
            return
        told = f"{done.rattachees} allocation{'s' * (done.rattachees > 1)} rattachée{'s' * (done.rattachees > 1)}"
        if not done.rattachees:
            told = f"Aucune allocation libre de cet opérateur ne porte le numéro {s.convention.numero}"
        if done.ailleurs:
            told += f" ; {done.ailleurs} d'un autre opérateur, laissée{'s' * (done.ailleurs > 1)}"
        undo = self._bridge.undo if done.rattachees else None
        kind = "succes" if done.rattachees else "info"
        self._bridge.message.emit(kind, f"{told}.", "Annuler (Ctrl+Z)" if undo else "", undo)

    def release(self) -> None:
        """Let go of the allocations chosen; the message binds them again."""
        rows = [row for row in self.table.selected_ids() if row < len(self._ids)]
        if rows:
            ids = [self._ids[row] for row in rows]
            said = f"{len(ids)} allocation{'s' * (len(ids) > 1)} détachée{'s' * (len(ids) > 1)}"
            self._bridge.perform(lambda: conventions.detacher(self._session, ids), done=said)

    def _find(self, text: str) -> list[tuple[int, str, str]]:
        """Those of the operator of the act first, then the others; those bound already are left out."""
        s = self._suivi
        mine = (s.convention.operateur_id,) if s is not None else ()
        found = list(self._session.allocations.ids(Filtre(texte=text, operateurs=mine, conventions=(0,)), limit=12))
        if len(found) < 12:
            others = self._session.allocations.ids(Filtre(texte=text, conventions=(0,)), limit=12)
            found += [n for n in others if n not in found]
        lines = self._session.allocations.page(found[:12])
        return [(x.id, f"{x.reference} · {x.objet or x.destination}", x.operateur) for x in lines]

    def _bind(self, number: object) -> None:
        s = self._suivi
        self.search.set_value(None)
        if s is not None and isinstance(number, int):
            act = s.convention
            said = f"Allocation rattachée : {conventions.nom(act)}"
            self._bridge.perform(lambda: conventions.rattacher(self._session, act.id or 0, [number]), done=said)

    def _open(self, row: object) -> None:
        s = self._suivi
        if s is not None and isinstance(row, int):
            wanted = Filtre(conventions=tuple(a.id or 0 for a in s.actes))
            self._bridge.navigate.emit("allocations", (wanted, self._ids[row]))

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if rows:
            menu.addAction("Voir dans les allocations\tEntrée", lambda: self._open(rows[0]))
            menu.addAction("Détacher\tSuppr", self.release)


class AnneesDeLActe(QWidget):
    """What the act foresees, what was committed, what is paid or due each year; what is due next, what to withdraw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.retrait = Note("", "alerte")
        self.figures = QGridLayout()
        self.figures.setHorizontalSpacing(style.MARGIN)
        self.figures.setVerticalSpacing(style.HALF)
        self.figures.setColumnStretch(2, 1)
        self.model = SimpleTableModel(ANNEES, parent=self)
        self.table = DataTable(self.model, name="Échéancier de la convention")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.retrait)
        layout.addLayout(self.figures)
        layout.addWidget(self.table, 1)

    def show_suivi(self, s: Suivi | None) -> None:
        while (item := self.figures.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if s is None:
            self.retrait.set_note("")
            self.model.set_rows([])
            self.table.set_totals({})
            self.table.set_state("vide", "L'échéancier se lira ici, une fois l'acte enregistré.")
            return
        e = s.echeancier
        told = f"{money.euros(s.a_retirer, decimals=True)} d'AE à retirer : " if s.a_retirer else ""
        why = "l'acte est échu et ne sera plus payé." if s.etat == "echue" else "tout ce que l'acte prévoit est payé."
        self.retrait.set_note(told + why if told else "", "alerte")
        lines = [
            ("AE engagée", e.ae),
            ("CP payé", e.cp),
            ("Reste à payer", e.reste_a_payer),
            ("À planifier", e.a_planifier),
        ]
        lines += [(f"Dû en {e.exercice + i}", e.du(e.exercice + i)) for i in range(1, 4)]
        self._fill(lines)
        foreseen = s.montants
        engaged = {a.exercice: a.engage - a.retire for a in e.annees}
        years = sorted({*foreseen, *e.echeances, *(y for y, cents in engaged.items() if cents)})
        rows = [(str(y), foreseen.get(y), engaged.get(y) or None, e.du(y) or None) for y in years]
        self.model.set_rows(rows)
        sums = {"prevu_acte": s.montant, "engage": e.ae, "cp": e.ae - e.a_planifier}
        self.table.set_totals(sums if rows else {}, "Total")
        self.table.set_state("donnees" if rows else "vide", "Ni AE prévue, ni engagement sur ses allocations.")

    def _fill(self, lines: Sequence[tuple[str, int]]) -> None:
        """What is committed and paid at the left, what is due at the right."""
        right = Qt.AlignmentFlag.AlignRight
        for place, (label, cents) in enumerate(lines):
            column, row = divmod(place, _FIGURES)
            self.figures.addWidget(Text(label, "corps", "faible"), row, 3 * column)
            self.figures.addWidget(Text(money.euros(cents), "montant"), row, 3 * column + 1, right)
