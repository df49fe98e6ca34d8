"""The table of allocations: its columns, its rows read by pages, its cells that can be typed in."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyleOptionViewItem, QTableView, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import CARACTERES, LigneAllocation
from firdesk.services.allocation_cells import EDITABLES, MONTANTS
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.choix import Choix
from firdesk.ui.kit.columns import Cell, ColumnSpec
from firdesk.ui.kit.delegates import CellDelegate
from firdesk.ui.kit.table_model import PagedTableModel, TableModel

Index = QModelIndex | QPersistentModelIndex

NONE = "—"


def _spec(key: str, title: str, kind: Any = "texte", width: int = 120, **more: Any) -> ColumnSpec:
    return ColumnSpec(key, title, kind, width, editable=key in EDITABLES, **more)


COLUMNS = (
    _spec("reference", "Référence", "code", 112),
    _spec("operateur", "Opérateur", stretch=True),
    _spec("destination", "Destination", "code", 96),
    _spec("theme", "Thème", width=136),
    _spec("objet", "Objet", width=200),
    _spec("saisi", "Saisi", "montant", 124, tooltip="Montant saisi avant notification"),
    _spec("notifie", "Notifié", "montant", 124, tooltip="Montant de la décision envoyée à l'opérateur"),
    _spec("engage", "AE engagée", "montant", 124, tooltip="Engagements moins retraits"),
    _spec("paye", "CP payé", "montant", 124, tooltip="Paiements moins reprises"),
    _spec("departement", "Dép.", "code", 56, tooltip="Département du siège de l'opérateur"),
    _spec("mission", "Mission", "code", 72),
    _spec("enveloppe", "Enveloppe", width=112),
    _spec("caractere", "Caractère", width=128),
    _spec("ej", "EJ", "code", 136, tooltip="Engagement juridique"),
    _spec("date_notification", "Notifiée le", "date", 96),
    _spec("signal", "", "icone", 40, sortable=False, tooltip="Ce qui mérite un regard"),
)
AMOUNTS = ("saisi", "notifie", "engage", "paye")
_ALWAYS = {"operateur", "destination", "signal"}
_NEXT = ("theme", "notifie", "objet", "reference", "departement", "caractere", "date_notification", "ej")
_NAME_WIDTH, _MORE_NAME = 180, 60


def hidden_for(width: int, *, executed: bool) -> set[str]:
    """The columns to hide in a table of this width, so that names stay readable.

    Money comes first: AE and CP where some are known (``executed``), else what was notified.
    """
    shown = _ALWAYS | ({"engage", "paye"} if executed else {"notifie"})
    widths = {c.key: c.width for c in COLUMNS}
    room = width - _NAME_WIDTH - sum(widths[key] for key in shown if key != "operateur")
    for place, key in enumerate(k for k in _NEXT if k not in shown):
        room -= widths[key]
        if room < (_MORE_NAME if place > 1 else 0):
            break
        shown.add(key)
    return set(widths) - shown


def theme_width(width: int, hidden: set[str]) -> int:
    """The room of the theme: its part of what is left to words beside the operator."""
    spare = width - sum(c.width for c in COLUMNS if c.key not in hidden | {"operateur", "theme"})
    return min(260, max(136, spare * 2 // 5))


_PREFIXES = ("Parcours ", "Mesures en faveur du ")


def short_theme(label: str) -> str:
    """A theme's name for a narrow column: what distinguishes it comes first."""
    for prefix in _PREFIXES:
        if label.startswith(prefix):
            rest = label.removeprefix(prefix)
            return rest[0].upper() + rest[1:]
    return label


def signal(x: LigneAllocation) -> str:
    """What one row has to say for itself, empty for nothing."""
    told = []
    if x.statut == "disparue":
        told.append("Disparue du dernier export.")
    if not x.theme:
        told.append("Sans thème : comptée à part.")
    if x.engage is not None and x.paye is not None and x.paye > x.engage:
        told.append("Le payé dépasse l'engagé.")
    return " ".join(told)


def row(x: LigneAllocation) -> tuple[Any, ...]:
    """The raw values of a row, one a column."""
    return (
        x.reference, x.operateur, x.destination, short_theme(x.theme) or NONE, x.objet,
        x.saisi, x.notifie, x.engage, x.paye, x.departement, x.mission, x.enveloppe,
        CARACTERES[x.caractere] if x.caractere != "inconnu" else NONE, x.ej, x.date_notification, signal(x) or None,
    )  # fmt: skip


class Source:
    """Rows of a session; the order of ids is the page's business."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ids(self) -> array[int]:
        return array("q")

    def rows(self, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        return [row(x) for x in self._session.allocations.page(list(ids))]


class AllocationModel(PagedTableModel):
    """An amount never written shows a dash, not an empty cell that looks forgotten."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(Source(session), COLUMNS, parent)

    def _fetch(self, number: int) -> list[tuple[Cell, ...]]:
        dashed = [self.column_of(key) for key in AMOUNTS]
        page = [
            tuple(Cell(NONE, "faible") if i in dashed and not c.text else c for i, c in enumerate(cells))
            for cells in super()._fetch(number)
        ]
        self._pages[number] = page
        return page

    @property
    def all_ids(self) -> array[int]:
        return self._ids

    def forget(self) -> None:
        """Read again what is in sight, at the same places: selection and scrolling are left alone."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    def remove(self, ids: Iterable[int]) -> None:
        """Take out rows that do not answer the filter any more."""
        for number in ids:
            place = self.row_of(number)
            if place >= 0:
                self.beginRemoveRows(QModelIndex(), place, place)
                self._ids.pop(place)
                self._pages.clear()
                self.endRemoveRows()


class AllocationDelegate(CellDelegate):
    """Cells of the kit, an outline on the current one, and the right editor for each column."""

    def __init__(self, view: QAbstractItemView, session: Session) -> None:
        super().__init__(view)
        self._session = session

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        option.viewItemPosition = self._place(index.column())
        super().paint(painter, option, index)
        if self._view.hasFocus() and index == self._view.currentIndex() and self._editable(index):
            rect: QRect = option.rect
            painter.save()
            painter.setPen(style.color("accent"))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
            painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        key = self._spec(index).key
        if key in ("theme", "caractere"):
            known = self._session.nomenclatures.themes() if key == "theme" else CARACTERES
            choix = Choix(parent=parent)
            choix.set_items(list(known.items()), empty="" if key == "theme" else None)
            choix.setAccessibleName(self._spec(index).title)
            return choix
        made = QLineEdit(parent)
        made.setAccessibleName(self._spec(index).title)
        if key in MONTANTS:
            made.setAlignment(Qt.AlignmentFlag.AlignRight)
            made.setFont(style.font("montant"))
        return made

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        text = str(index.data() or "")
        text = "" if text == NONE else text
        if isinstance(editor, Choix):
            labels = [editor.itemText(i) for i in range(editor.count())]
            editor.setCurrentIndex(next((i for i, t in enumerate(labels) if text in (t, short_theme(t))), -1))
            if (line := editor.lineEdit()) is not None:
                line.end(False)
                line.home(True)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        text = ""
        if isinstance(editor, Choix):
            editor.settle()
            text = editor.currentText()
        elif isinstance(editor, QLineEdit):
            text = editor.text()
        before = "" if index.data() == NONE else index.data()
        if before not in (text.strip(), short_theme(text.strip())):
            model.setData(index, text.strip())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        wide = max(rect.width(), 220) if isinstance(editor, Choix) else rect.width()
        editor.setGeometry(rect.x(), rect.y(), wide, rect.height())

    def _place(self, column: int) -> QStyleOptionViewItem.ViewItemPosition:
        """First or last on screen: a table view does not tell, and columns are hidden and moved."""
        header = cast(QTableView, self._view).horizontalHeader()
        shown = [c for v in range(header.count()) if not header.isSectionHidden(c := header.logicalIndex(v))]
        position = QStyleOptionViewItem.ViewItemPosition
        if column == shown[0]:
            return position.Beginning
        return position.End if column == shown[-1] else position.Middle

    def _spec(self, index: Index) -> ColumnSpec:
        return cast(TableModel, index.model()).columns[index.column()]

    def _editable(self, index: Index) -> bool:
        return self._spec(index).editable


def block(
    model: TableModel, current: QModelIndex, text: str, columns: Sequence[int]
) -> tuple[list[tuple[int, str, str]], int]:
    """Cells (id, column key, text) that a tab-separated block covers from the current cell, and lines beyond the last.

    ``columns`` are the visible ones in their order.
    """
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    start = columns.index(current.column()) if current.column() in columns else 0
    cells: list[tuple[int, str, str]] = []
    for offset, line in enumerate(lines):
        place = current.row() + offset
        if place >= model.rowCount():
            return cells, len(lines) - offset
        for column, value in zip(columns[start:], line.split("\t"), strict=False):
            cells.append((model.id_at(place), model.columns[column].key, value))
    return cells, 0


def totals(saisi: int, notifie: int, engage: int, paye: int) -> dict[str, str]:
    """The texts of the footer; nothing added up is a dash, since it may be that nothing is known."""
    return {k: money.euros(v) if v else NONE for k, v in zip(AMOUNTS, (saisi, notifie, engage, paye), strict=True)}
