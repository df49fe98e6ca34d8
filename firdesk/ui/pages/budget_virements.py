"""The virements of a version: the form that moves AE and CP from a line to another, and the list of what was moved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from firdesk.domain.budget import LigneBudget, VersionBudget, Virement
from firdesk.domain.budget_versions import Cle
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Problem
from firdesk.services import budgets
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.enter_key import EnterKey
from firdesk.ui.kit.form import Choix, DateEdit, Form, MontantEdit, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button, icon_button

COLUMNS = (
    ColumnSpec("virement", "De → vers", width=120, stretch=True, sortable=False),
    ColumnSpec("ae", "AE", "montant", 96, sortable=False),
    ColumnSpec("cp", "CP", "montant", 96, sortable=False),
)
_SEP = "\x1f"


class Virements(Card):
    """Beside the lines of a version."""

    closed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Virements", "", parent)
        self._bridge, self._session = bridge, bridge.session
        self._version: VersionBudget | None = None
        self.connus: list[Virement] = []
        self._proposed = ["", ""]
        self.de, self.vers = Choix(), Choix()
        self.ae, self.cp, self.date, self.motif = MontantEdit(), MontantEdit(), DateEdit(), TexteEdit()
        self.form = Form()
        self.form.add_row("De la ligne", self.de, key="de")
        self.form.add_row("Vers la ligne", self.vers, key="vers")
        self.form.add_pair(("AE", self.ae, "ae"), ("CP", self.cp, "cp"))
        self.form.add_pair(("Date", self.date, "date"), ("Motif", self.motif, "motif"))
        self.form.edited.connect(lambda _: self._warn())
        self.valider = button("Virer", "principal", self.submit)
        self.model = SimpleTableModel(COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Virements")
        self.table.set_context_menu(self._menu)
        shortcut("Del", self.table.view, self.delete, alone=True)
        shortcut("Ctrl+S", self, self.submit)
        shortcut("Esc", self, self.closed.emit)
        self.detail = Text("", "petit", "faible", wrap=True)
        self.table.selection_changed.connect(lambda _: self._say())
        self.add_action(icon_button("close-line", "Fermer les virements", self.closed.emit))
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.valider)
        self.add(self.form)
        self.body.addLayout(foot)
        self.add(self.table, 1)
        self.add(self.detail)
        EnterKey(self.form, self.submit)

    @property
    def number(self) -> int | None:
        """The version whose virements are listed."""
        return self._version.id if self._version is not None else None

    @property
    def dirty(self) -> bool:
        """Whether a virement is being typed: the line it comes from may have been chosen before."""
        amounts = any(field.text().strip() for field in (self.ae, self.cp, self.motif))
        return not self.isHidden() and (amounts or [self.de.currentText(), self.vers.currentText()] != self._proposed)

    def show_version(self, version: VersionBudget, lignes: Sequence[LigneBudget], noms: dict[str, str]) -> None:
        """List the virements of a version, and propose its lines; what is being typed stays with its own version."""
        if self._version is None or version.id != self._version.id:
            if self.dirty:
                return
            self._blank()
        self._version = version
        items = [(_SEP.join(x.cle), _nom(x.cle, noms)) for x in lignes]
        typed = self.dirty
        for choix in (self.de, self.vers):
            _offer(choix, items)
        if not typed:
            self._proposed = [self.de.currentText(), self.vers.currentText()]
        self.connus = self._session.budgets.virements(version.id or 0)
        self.set_title(f"Virements du {version.nom}", "Les totaux de la version ne changent pas")
        self.model.set_rows([_row(v) for v in self.connus])
        if self.connus:
            self.table.set_state("donnees")
            if not self.table.selected_ids():
                self.table.select([0], current=0)
        else:
            self.table.set_state("vide", "Aucun virement dans cette version.")
        self._say()

    def _say(self) -> None:
        """The day and the reason of the virement chosen."""
        row = self.table.current_id()
        v = self.connus[row] if row is not None and row < len(self.connus) else None
        day = f"{french_date(v.date)} · " if v is not None and v.date else ""
        self.detail.setText(f"{day}{v.motif}" if v is not None else "")
        self.detail.setVisible(v is not None)

    def start(self, cle: Cle | None) -> None:
        """Put the cursor in the form, from a line where one is known."""
        typed = self.dirty
        if cle is not None:
            self.de.set_code(_SEP.join(cle))
        if not typed:
            self._proposed = [self.de.currentText(), self.vers.currentText()]
        (self.vers if cle is not None else self.de).setFocus(Qt.FocusReason.TabFocusReason)

    def draft(self) -> Virement:
        """The virement typed; the fields must be readable."""
        version = self._version.id if self._version is not None else None
        return Virement(
            version or 0,
            *_cle(self.de),
            *_cle(self.vers),
            ae=self.ae.cents() or 0,
            cp=self.cp.cents() or 0,
            motif=self.motif.value(),
            date=self.date.iso() or "",
        )

    def submit(self) -> None:
        """Move the credits, or show what prevents it."""
        version = self._version
        if version is None:
            return
        problems: Sequence[Problem] = self.form.input_problems()
        if not problems:
            draft = self.draft()
            problems = budgets.problems_virement(self._session, draft)
            if not any(p.blocking for p in problems):
                said = f"Viré de {draft.de_destination} à {draft.vers_destination}."
                if self._bridge.perform(lambda: self._write(version, draft), done=said) is not None:
                    self.de.setFocus()
                return
        self.form.show_problems(problems)
        self.form.focus_first_problem()

    def _write(self, version: VersionBudget, draft: Virement) -> int:
        number = budgets.virer(self._session, version, draft)
        self._blank()
        return number

    def _warn(self) -> None:
        """While typing, only what the virement would do: what lacks is told when it is asked."""
        if not self.form.input_problems():
            found = budgets.problems_virement(self._session, self.draft())
            self.form.show_problems([p for p in found if not p.blocking])

    def delete(self) -> None:
        """Take the chosen virement back; the message gives it again."""
        version, row = self._version, self.table.current_id()
        if version is not None and row is not None and row < len(self.connus):
            number = self.connus[row].id or 0
            self._bridge.perform(
                lambda: budgets.annuler_virement(self._session, version, number), done="Virement supprimé."
            )

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if rows:
            menu.addAction("Supprimer ce virement\tSuppr", self.delete)

    def _blank(self) -> None:
        for choix in (self.de, self.vers):
            choix.set_code(None)
        self.ae.set_cents(None)
        self.cp.set_cents(None)
        self.motif.set_value("")
        self._proposed = ["", ""]
        self.form.clear_problems()


def _cle(choix: Choix) -> Cle:
    destination, _, enveloppe = (choix.code() or "").partition(_SEP)
    return destination, enveloppe


def _offer(choix: Choix, items: list[tuple[str, str]]) -> None:
    """Other lines to choose among; what is chosen or being typed stays."""
    text, code = choix.currentText(), None if choix.problem() else choix.code()
    choix.set_items(items)
    choix.set_code(code)
    if text and not choix.currentText():
        choix.setEditText(text)


def _nom(cle: Cle, noms: dict[str, str]) -> str:
    enveloppe = f" · {cle[1]}" if cle[1] else ""
    return f"{cle[0]}{enveloppe} {noms.get(cle[0], '')}".strip()


def _row(v: Virement) -> tuple[object, ...]:
    return f"{v.de_destination} → {v.vers_destination}", v.ae or None, v.cp or None
