"""The list of fields that opens on a column: found by typing, chosen with Enter, closed with Esc."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.folding import fold
from firdesk.ui.pages.import_correspondance_grille import MIME

_CODE = int(Qt.ItemDataRole.UserRole)
WIDTH = 296


class ChampPropose(NamedTuple):
    """One field of the list; ``ou`` is the letter of the column that has it."""

    code: str
    libelle: str
    ou: str = ""
    requis: bool = False


class ListeChamps(QListWidget):
    """Fields, each with the column that has it; one can be dragged onto a column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(14, 14))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(style.font("corps"))

    def set_champs(self, champs: Sequence[ChampPropose]) -> None:
        """Replace the fields."""
        self.clear()
        for champ in champs:
            item = QListWidgetItem(f"{champ.ou} · {champ.libelle}" if champ.ou else champ.libelle)
            item.setData(_CODE, champ.code)
            item.setSizeHint(QSize(120, 28))
            item.setFont(style.font("fort" if champ.requis and not champ.ou else "corps"))
            name, tone = _look(champ)
            item.setIcon(style.icon(name, tone))
            told = f", colonne {champ.ou}" if champ.ou else ", nécessaire" if champ.requis else ""
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{champ.libelle}{told}")
            self.addItem(item)

    def code(self, row: int | None = None) -> str:
        """The field of a row (of the current one), empty where there is none."""
        item = self.item(row) if row is not None else self.currentItem()
        return str(item.data(_CODE)) if item is not None else ""

    def draggable(self) -> ListeChamps:
        """Let the fields be dragged."""
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        return self

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        made = QMimeData()
        if items:
            made.setData(MIME, str(items[0].data(_CODE)).encode())
        return made


def _look(champ: ChampPropose) -> tuple[str, str]:
    if champ.ou:
        return "check-line", "succes"
    if champ.requis:
        return "error-warning-line", "alerte"
    return ("add-line", "texte_faible") if champ.code else ("close-line", "texte_faible")


class ChoixChamp(QFrame):
    """The list under the chip of a column."""

    #: code of the field, empty for none
    chosen = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "carte")
        self._champs: Sequence[ChampPropose] = ()
        self.line = QLineEdit()
        self.line.setPlaceholderText("Chercher un champ")
        self.line.setAccessibleName("Chercher un champ")
        self.line.setFont(style.font("corps"))
        self.list = ListeChamps()
        self.list.setAccessibleName("Champs")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.SPACE, style.SPACE, style.SPACE, style.SPACE)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._filter)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda _: self._choose())

    def open_at(self, place: QRect, champs: Sequence[ChampPropose], current: str, typed: str = "") -> None:
        """Open under ``place`` (on the screen); ``typed`` begins the search."""
        self._champs = champs
        self.resize(WIDTH, 344)
        screen = self.screen().availableGeometry()
        left = min(place.left(), screen.right() - WIDTH)
        top = place.bottom() + 2
        if top + self.height() > screen.bottom():
            top = max(screen.top(), screen.bottom() - self.height())
        self.move(max(screen.left(), left), top)
        self.line.setText(typed)
        self._filter(typed)
        for row in range(self.list.count()):
            if self.list.code(row) == current and not typed:
                self.list.setCurrentRow(row)
        self.show()
        self.line.setFocus()

    def _filter(self, text: str) -> None:
        words = fold(text).split()
        found = [c for c in self._champs if all(w in fold(f"{c.libelle} {c.code}") for w in words)]
        self.list.set_champs(found)
        starts = (i for i, c in enumerate(found) if words and fold(c.libelle).startswith(words[0]))
        self.list.setCurrentRow(next(starts, 0))

    def _choose(self) -> None:
        if self.list.currentItem() is not None:
            code = self.list.code()
            self.hide()
            self.chosen.emit(code)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        key = Qt.Key(event.key())
        if key in moves:
            row = self.list.currentRow() + moves[key]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif key == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            return False
        return True
