"""Everything that was ever changed: read, undone, redone from here."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSplitter, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.historique import Modification, Operation
from firdesk.domain.jour import french_date
from firdesk.services import provenance
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import provenance as dialog
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import button
from firdesk.ui.page import Page
from firdesk.ui.pages.modification_text import Wording

SHOWN = 500
ROWS = 200
#: Beyond that many new rows only their names are listed.
DETAILED = 20
TYPING_MS = 200
NATURES = {
    "systeme": "Création",
    "saisie": "Saisie",
    "import": "Import",
    "annulation": "Annulation",
    "retablissement": "Rétablissement",
}
ANNULEES = {
    "systeme": "Création annulée",
    "saisie": "Saisie annulée",
    "import": "Import annulé",
    "annulation": "Annulation levée",
    "retablissement": "Rétablissement annulé",
}


class Historique(Page):
    """The operations at the left, what the chosen one changed at the right."""

    key = "historique"
    title = "Historique"
    icon = "history-line"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Chercher une opération")
        self.search.setAccessibleName("Chercher une opération")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(320)
        self.search.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setProperty("kind", "recherche")
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self._operations: list[Operation] = []
        self._wanted: int | None = None
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Opérations")
        self.table.selection_changed.connect(lambda _: self._show_chosen())
        self.table.set_context_menu(self._fill_menu)
        self.detail_model = SimpleTableModel(_DETAILS, parent=self)
        self.details = DataTable(self.detail_model, name="Lignes modifiées")
        #: the modification that each row of the details tells
        self._told: list[Modification] = []
        self.details.set_context_menu(self._fill_details_menu)
        shortcut(dialog.TOUCHE, self.details.view, self.explain, alone=True)
        self.undo_button = button("Annuler cette opération", "secondaire", self.undo_chosen, icon="arrow-go-back-line")
        self.redo_button = button("Rétablir", "secondaire", self.redo_chosen, icon="arrow-go-forward-line")
        self._lay_out()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.MARGIN)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        self.card = Card("Choisir une opération", " ")
        self.card.body.addWidget(self.details, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.SPACE)
        buttons.addStretch()
        buttons.addWidget(self.undo_button)
        buttons.addWidget(self.redo_button)
        self.card.body.addLayout(buttons)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(style.WIDE)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(self.card)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([3000, 2000])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        lead_focus(self, self.table)

    # Content

    def refresh(self) -> None:
        before = self.session.operations.get(self._wanted) if self._wanted is not None else self.chosen
        wanted, self._wanted = self._wanted, None
        text = self.search.text().strip()
        self._operations = self.session.operations.recent(limit=SHOWN, texte=text)
        if before is not None and before.id == wanted and all(o.id != wanted for o in self._operations):
            self._operations.append(before)
        self.model.set_rows([_row(o) for o in self._operations])
        if self._operations:
            self.table.set_state("donnees")
        else:
            self.table.set_state(
                "filtre_vide", f"Aucune opération ne contient « {text} ».", "Tout montrer", self.search.clear
            )
        places = [i for i, o in enumerate(self._operations) if before is not None and o.id == before.id]
        self.table.select(places or ([0] if self._operations else []))
        self._show_chosen()
        count = len(self._operations)
        more = " (les plus récentes)" if count == SHOWN else ""
        self.set_subtitle(f"{money.nombre(count)} opération{'s' if count > 1 else ''}{more} · rien n'est jamais effacé")

    def accept(self, argument: object) -> None:
        """Choose an operation by its number, however old."""
        if isinstance(argument, int):
            self.search.clear()
            self._typing.stop()
            self._wanted = argument
            self._stale = True

    @property
    def chosen(self) -> Operation | None:
        """The operation whose changes are shown."""
        ids = self.table.selected_ids()
        return self._operations[ids[0]] if ids and ids[0] < len(self._operations) else None

    def _show_chosen(self) -> None:
        operation = self.chosen
        self.undo_button.setEnabled(operation is not None and operation.annulable)
        self.redo_button.setVisible(operation is not None and self._redoable(operation))
        self.undo_button.setVisible(not self.redo_button.isVisibleTo(self.card))
        if operation is None:
            self.card.set_title("Choisir une opération", " ")
            self.detail_model.set_rows([])
            self.details.set_state("vide", "Les lignes modifiées se liront ici.")
            self.set_status("")
            return
        told = (
            f"{french_date(operation.faite_le)} · {operation.auteur or 'auteur inconnu'} · {_lines(operation.lignes)}"
        )
        self.card.set_title(operation.libelle, told + (" · annulée depuis" if operation.annulee else ""))
        changes = self.session.operations.modifications(operation.id, limit=ROWS)
        rows, strong = self._rows(changes, brief=operation.lignes > DETAILED)
        self.details.view.clearSpans()
        self.detail_model.set_rows(rows, strong_rows=strong)
        for place in strong:
            self.details.view.setSpan(place, 0, 1, len(_DETAILS))
        self.details.set_state("donnees" if rows else "vide", "Cette opération n'a touché que les données internes.")
        shown = f"{ROWS} premières sur " if operation.lignes > ROWS else ""
        self.set_status(f"{shown}{_lines(operation.lignes)}")

    def _rows(self, changes: list[Modification], *, brief: bool) -> tuple[list[tuple[str, str, str]], list[int]]:
        wording = Wording(self.session)
        rows: list[tuple[str, str, str]] = []
        strong: list[int] = []
        self._told = []
        for change in changes:
            strong.append(len(rows))
            rows.append((wording.title(change), "", ""))
            if not (brief and not (change.avant and change.apres)):
                rows += [(f"    {f.nom}", f.avant, f.apres) for f in wording.fields(change)]
            self._told += [change] * (len(rows) - len(self._told))
        return rows, strong

    def _redoable(self, operation: Operation) -> bool:
        """An operation undone since, or an undo still in force."""
        return self._undo_of(operation) is not None

    def _undo_of(self, operation: Operation) -> int | None:
        """The undo to revert so that ``operation`` holds again."""
        if operation.nature == "annulation":
            return None if operation.annulee else operation.id
        if not operation.annulee:
            return None
        undos = [o for o in self._undos() if o.cible == operation.id and not o.annulee]
        return undos[0].id if undos else None

    def _undos(self) -> list[Operation]:
        known = self.session.operations.recent(limit=SHOWN) if self.search.text() else self._operations
        return [o for o in known if o.nature == "annulation"]

    # What the user does

    def undo_chosen(self) -> None:
        operation = self.chosen
        if operation is not None and operation.annulable:
            self.bridge.revert(operation.id, f"Annulé : {operation.libelle}", "Rétablir (Ctrl+Y)", self.bridge.redo)

    def redo_chosen(self) -> None:
        operation = self.chosen
        number = self._undo_of(operation) if operation is not None else None
        if operation is not None and number is not None:
            label = operation.libelle.removeprefix("Annuler : ")
            self.bridge.revert(number, f"Rétabli : {label}", "Annuler (Ctrl+Z)", self.bridge.undo)

    def explain(self) -> None:
        """Where the amounts of the row under the cursor come from."""
        change, found = self._change(), []
        if change is not None and change.table == "mouvement":
            found = provenance.de_mouvement(self.session, change.ligne)
        elif change is not None and change.table == "allocation":
            found = provenance.de_allocation(self.session, change.ligne)
        if found and change is not None:
            title = Wording(self.session).title(change).partition(" · ")[0]
            dialog.show(self.bridge, self, f"D'où vient : {title}", found)

    def _change(self) -> Modification | None:
        row = self.details.view.currentIndex().row()
        return self._told[row] if 0 <= row < len(self._told) else None

    def _fill_details_menu(self, menu: QMenu, _ids: list[int]) -> None:
        change = self._change()
        if change is not None and change.table in ("mouvement", "allocation"):
            menu.addAction(f"{dialog.QUESTION}\t{dialog.TOUCHE}", self.explain)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        operation = self.chosen
        if operation is not None:
            menu.addAction("Annuler cette opération", self.undo_chosen).setEnabled(operation.annulable)
            menu.addAction("Rétablir", self.redo_chosen).setEnabled(self._redoable(operation))


_COLUMNS = (
    ColumnSpec("date", "Date", "date", 132),
    ColumnSpec("libelle", "Opération", width=240, stretch=True),
    ColumnSpec("etat", "Nature", "etat", width=156),
    ColumnSpec("lignes", "Lignes", "entier", 76),
    ColumnSpec("auteur", "Auteur", width=76),
)
_DETAILS = (
    ColumnSpec("champ", "Ligne et champ", width=132, sortable=False),
    ColumnSpec("avant", "Avant", width=132, sortable=False),
    ColumnSpec("apres", "Après", width=132, stretch=True, sortable=False),
)


def _row(o: Operation) -> tuple[object, ...]:
    return (
        o.faite_le,
        o.libelle,
        ("faible", ANNULEES[o.nature]) if o.annulee else NATURES[o.nature],
        o.lignes,
        o.auteur,
    )


def _lines(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' if count > 1 else ''}"
