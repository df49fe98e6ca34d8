"""Why an import cannot be undone alone: the later operations that rest on its lines, and the way to undo them too."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from firdesk.domain import money
from firdesk.domain.historique import Obstacle
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button

COLUMNS = (
    ColumnSpec("numero", "N°", "entier", 56, sortable=False),
    ColumnSpec("date", "Date", "date", 132, sortable=False),
    ColumnSpec("libelle", "Opération", width=240, stretch=True, sortable=False),
    ColumnSpec("lignes", "Lignes concernées", width=240, sortable=False),
)


class Obstacles(Room, Card):
    """The operations in the way, latest first: the order in which they would be undone."""

    #: the number of an operation to look at
    opened = Signal(int)
    all_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Ce qui empêche d'annuler cet import", parent=parent)
        self._found: Sequence[Obstacle] = ()
        self.phrase = Text("", "petit", "faible", wrap=True)
        self.model = SimpleTableModel(COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Opérations qui empêchent l'annulation")
        self.table.activated.connect(self._open)
        self.table.set_context_menu(self._menu)
        self.hint = Text("Entrée ou double-clic : voir l'opération dans l'historique", "petit", "faible")
        self.fermer = button("Garder l'import", "secondaire", self.closed.emit)
        self.tout = button("", "danger", self.all_asked.emit)
        foot = QHBoxLayout()
        foot.setSpacing(style.SPACE)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.fermer)
        foot.addWidget(self.tout)
        self.body.addWidget(self.phrase)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(foot)
        self.setFocusProxy(self.table)

    def obstacles(self) -> Sequence[Obstacle]:
        return self._found

    def show_obstacles(self, fichier: str, found: Sequence[Obstacle]) -> None:
        """Say what stands in the way of undoing the import of ``fichier``."""
        self._found = found
        count = len(found)
        several = count > 1
        self.phrase.setText(
            f"« {fichier} » ne peut pas être annulé seul : {money.nombre(count)} opération{'s' * several} plus "
            f"récente{'s' * several} repose{'nt' * several} sur ses lignes. Rien n'a été modifié."
        )
        self.model.set_rows([_row(x) for x in found])
        self.table.select([0] if found else [])
        possible = all(x.annulable for x in found)
        self.tout.setVisible(possible)
        self.tout.setText(
            f"Annuler aussi ces {money.nombre(count)} opérations" if several else "Annuler aussi cette opération"
        )
        self.setAccessibleDescription(self.phrase.text())

    def _open(self, row: object) -> None:
        if isinstance(row, int) and row < len(self._found):
            self.opened.emit(self._found[row].operation.id)

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if rows:
            menu.addAction("Voir dans l'historique\tEntrée", lambda: self._open(rows[0]))


def label(x: Obstacle) -> str:
    """What undoing the obstacle does, in the words of the history."""
    return f"Annulation de « {x.retablir} », à rétablir d'abord" if x.retablir else x.operation.libelle


def _row(x: Obstacle) -> tuple[object, ...]:
    more = x.nombre - len(x.references)
    if not x.references:
        told = f"{money.nombre(x.nombre)} ligne{'s' * (x.nombre > 1)}"
    else:
        told = ", ".join(x.references) + (f" et {money.nombre(more)} autre{'s' * (more > 1)}" if more else "")
    return x.operation.id, x.operation.faite_le, label(x), told
