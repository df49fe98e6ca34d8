"""The answers remembered from earlier imports, by profile: looked at, forgotten one by one or together."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from firdesk.services.importing import decisions
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button

COLUMNS = (
    ColumnSpec("profil", "Profil", width=132),
    ColumnSpec("question", "Question", width=320, stretch=True),
    ColumnSpec("reponse", "Réponse retenue", width=240, stretch=True),
)
#: Profile, question, choice.
Retenue = tuple[str, str, str]


class Retenues(Room, QWidget):
    """A table and what may be forgotten of it."""

    back = Signal()
    #: list of (profile, question)
    forgotten = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: tuple[Retenue, ...] = ()
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Décisions retenues")
        self.table.selection_changed.connect(self._selected)
        self.retour = button("Retour aux imports", "lien", self.back.emit, icon="arrow-left-line")
        self.oublier = button("Oublier", "secondaire", self._forget)
        self.tout = button("Tout oublier", "lien", lambda: self._emit(self._kept))
        sentence = "Elles répondent d'avance aux mêmes questions du fichier suivant, où elles restent modifiables."
        head = QHBoxLayout()
        head.addWidget(self.retour)
        head.addStretch(1)
        head.addWidget(self.tout)
        head.addWidget(self.oublier)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(head)
        layout.addWidget(Text(sentence, "petit", "faible", wrap=True))
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def show_retenues(self, kept: Sequence[Retenue]) -> None:
        self._kept = tuple(kept)
        self.model.set_rows([(profil, *decisions.lisible(profil, q, choix)) for profil, q, choix in kept])
        self.tout.setEnabled(bool(kept))
        self._selected(self.table.selected_ids())

    def _selected(self, ids: list[int]) -> None:
        self.oublier.setEnabled(bool(ids))
        self.oublier.setText(f"Oublier ({len(ids)})" if len(ids) > 1 else "Oublier")

    def _forget(self) -> None:
        self._emit([self._kept[i] for i in self.table.selected_ids() if i < len(self._kept)])

    def _emit(self, gone: Sequence[Retenue]) -> None:
        self.forgotten.emit([(profil, question) for profil, question, _ in gone])
