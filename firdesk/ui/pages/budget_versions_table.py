"""The table of a version of the budget: amounts typed in by keyboard, blocks pasted, lines taken out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QMenu

from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.budget_versions import Cle
from firdesk.services import budget_collage, budgets
from firdesk.services.budget_collage import Collage
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.amount_delegate import AmountDelegate
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.pages.budget_versions_grid import EDITABLES, Grille, GrilleModel

REFUSALS_SHOWN = 4


class Lignes(QObject):
    """Acts on the version shown; each change is one operation that the message can undo."""

    _typed = Signal(object, str, str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge, self._session = bridge, bridge.session
        self.version: VersionBudget | None = None
        self.grille = Grille([])
        self._compared = ""
        self.model = GrilleModel((), parent=self)
        self.table = DataTable(self.model, name="Lignes du budget")
        self.delegate = AmountDelegate(self.table.view)
        self.table.view.setItemDelegate(self.delegate)
        self.model.edit_requested.connect(self._typed)
        # The editor closes first: what it wrote reads the table again.
        self._typed.connect(self.write, Qt.ConnectionType.QueuedConnection)
        self.delegate.left.connect(self._move)
        self.table.activated.connect(lambda _: self._edit())
        self.table.paste_requested.connect(self.paste)
        shortcut("Del", self.table.view, self.delete, alone=True)
        shortcut("F2", self.table.view, self._edit, alone=True)

    # What is shown

    def show_grille(
        self,
        version: VersionBudget,
        grille: Grille,
        compared: str,
        empty: str,
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Show the lines of a version, or its differences with the one called ``compared``."""
        kept, column = self.current_cle(), self.table.view.currentIndex().column()
        self.version, self.grille, self._compared = version, grille, compared
        if tuple(grille.columns) != self.model.columns:
            self.model.set_columns(grille.columns)
        self.model.set_rows(grille.rows, strong_rows=grille.fortes)
        trigger = QAbstractItemView.EditTrigger
        typed = trigger.EditKeyPressed | trigger.AnyKeyPressed
        self.table.view.setEditTriggers(trigger.NoEditTriggers if compared else typed)
        self.table.set_totals(grille.totals, "Total")
        if grille.rows:
            self.table.set_state("donnees")
        else:
            self.table.set_state("vide", empty, *(action or ("", None)))
        if kept in self.grille.cles and kept is not None:
            self._at(self.grille.cles.index(kept), min(max(column, 0), len(grille.columns) - 1))

    def narrow(self, *, narrow: bool) -> None:
        """Leave room beside the table: only what is opened once virements are counted."""
        opened = self.model.column_of("ae_ouvertes") >= 0
        for key in ("ae", "cp", "vire_ae", "vire_cp"):
            if (column := self.model.column_of(key)) >= 0:
                self.table.view.setColumnHidden(column, narrow and opened)

    def show_nothing(self, message: str, action: str, callback: Callable[[], object]) -> None:
        """No version at all."""
        self.version, self.grille = None, Grille([])
        self.model.set_rows([])
        self.table.set_totals({})
        self.table.set_state("vide", message, action, callback)

    def current_cle(self) -> Cle | None:
        """The line under the cursor, ``None`` on a sub-total."""
        return self._cle_of(self.table.current_id())

    def _cle_of(self, row: object) -> Cle | None:
        return self.grille.cles[row] if isinstance(row, int) and row < len(self.grille.cles) else None

    def select(self, destination: str) -> None:
        """Put the cursor on the first line of a destination, in its AE."""
        for row, cle in enumerate(self.grille.cles):
            if cle is not None and cle[0] == destination:
                self.table.select([row], current=row)
                self._at(row, self.model.column_of("ae"))
                return

    # What the user does

    def write(self, row: object, key: str, text: str) -> None:
        """Write the text typed in a cell."""
        version, cle = self.version, self._cle_of(row)
        if version is None or cle is None or key not in EDITABLES:
            return
        told = f"Enregistré : {'AE' if key == 'ae' else 'CP'} de {cle[0]}."
        self._bridge.perform(lambda: budgets.ecrire_cellule(self._session, version, cle, key, text), done=told)

    def delete(self) -> None:
        """Take the selected lines out of the version; the message gives them back."""
        version = self.version
        rows = self.table.selected_ids()
        cles = [cle for cle in (self.grille.cles[r] for r in rows) if cle is not None]
        voted = {x.cle for x in self._session.budgets.lignes(version.id or 0)} if version is not None else set()
        cles = [cle for cle in cles if cle in voted]
        if version is None or self._compared or not cles:
            return
        said = f"{len(cles)} lignes retirées du {version.nom}." if len(cles) > 1 else f"Ligne {cles[0][0]} retirée."
        self._bridge.perform(lambda: budgets.supprimer_lignes(self._session, version, cles), done=said)

    def paste(self, text: str) -> None:
        """Write a block copied from a spreadsheet: destinations with their amounts, or amounts from here on."""
        version = self.version
        if version is None or not text.strip():
            return
        if self._compared:
            self._say("info", "Quitter la comparaison (Comparer avec : Aucune) pour coller.")
            return
        read = self._read(version, text)
        label = f"Coller dans le {version.nom}"
        done = self._bridge.perform(lambda: budgets.ecrire(self._session, version, read.lignes, label))
        if done is not None:
            self._tell(read, done)

    def _read(self, version: VersionBudget, text: str) -> Collage:
        rows = budget_collage.cases(text)
        known = self._session.budgets.lignes(version.id or 0)
        if not budget_collage.sans_destination(rows):
            return budget_collage.lire(self._session, version.exercice, rows, known)
        amounts = {x.cle: x for x in known}
        start = max(0, self.table.current_id() or 0)
        cles = [cle for cle in self.grille.cles[start:] if cle is not None]
        index = self.table.view.currentIndex()
        key = self.model.columns[index.column()].key if index.isValid() else "ae"
        targets = [amounts.get(cle, LigneBudget(*cle, 0, 0)) for cle in cles]
        return budget_collage.lire_montants(rows, targets, key if key in EDITABLES else "ae")

    def _tell(self, read: Collage, written: int) -> None:
        said = f"Collé : {written} ligne{'s' * (written > 1)} modifiée{'s' * (written > 1)}."
        if read.totaux:
            said += f" {read.totaux} ligne{'s' * (read.totaux > 1)} de total laissée{'s' * (read.totaux > 1)} de côté."
        told = [t[:1].upper() + t[1:] for t in (*read.refus, *read.alertes)]
        if read.refus:
            said += f" {len(read.refus)} refus :"
        if told:
            said += f" {' '.join(told[:REFUSALS_SHOWN])}"
            more = len(told) - REFUSALS_SHOWN
            said += f" Et {more} autre{'s' * (more > 1)}." if more > 0 else ""
        self._say("alerte" if told else "succes", said, undo=bool(written))

    def _say(self, kind: str, text: str, *, undo: bool = False) -> None:
        action = ("Annuler (Ctrl+Z)", self._bridge.undo) if undo else ("", None)
        self._bridge.message.emit(kind, text, *action)

    def fill_menu(self, menu: QMenu) -> None:
        """What concerns the selected lines."""
        if self._compared or not any(self.grille.cles[r] for r in self.table.selected_ids()):
            return
        menu.addAction("Modifier le montant\tF2", self._edit)
        menu.addAction("Retirer de la version\tSuppr", self.delete)

    def _edit(self) -> None:
        index = self.table.view.currentIndex()
        if index.isValid() and not self._compared and not self.model.strong(index.row()):
            if self.model.columns[index.column()].key not in EDITABLES:
                index = self.model.index(index.row(), self.model.column_of("ae"))
                self.table.view.setCurrentIndex(index)
            self.table.view.edit(index)

    def _move(self, rows: int, columns: int) -> None:
        """The next cell that can be typed in: down after Enter, sideways after Tab."""
        index = self.table.view.currentIndex()
        places = [self.model.column_of(key) for key in EDITABLES]
        row, place = index.row() + rows, (places.index(index.column()) if index.column() in places else 0) + columns
        if not 0 <= place < len(places):
            row, place = row + columns, place % len(places)
        step = -1 if rows < 0 or columns < 0 else 1
        while 0 <= row < self.model.rowCount() and self.model.strong(row):
            row += step
        if 0 <= row < self.model.rowCount():
            self._at(row, places[place])

    def _at(self, row: int, column: int) -> None:
        self.table.view.setCurrentIndex(self.model.index(row, column))
