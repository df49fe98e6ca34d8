"""The first rows of a file, and above each column the field it becomes: dropped on it, or chosen by keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from firdesk.ui.kit import style
from firdesk.ui.kit.icons import paint_icon
from firdesk.ui.pages.import_correspondance_modele import Index, Modele, Titre

#: What is dragged: the code of a field.
MIME = "application/x-firdesk-champ"
LARGEUR_COLONNE = 152
HAUTEUR_TITRE = 74
PAD = 10
_LOOK = {
    "sur": ("check-line", "accent_doux", "accent"),
    "choisi": ("user-line", "accent_doux", "accent"),
    "doute": ("question-line", "alerte_fond", "alerte"),
}


class Titres(QHeaderView):
    """Letter, chip and reason above each column; takes what is dropped on it."""

    def __init__(self, grille: Grille) -> None:
        super().__init__(Qt.Orientation.Horizontal, grille)
        self._grille = grille
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(HAUTEUR_TITRE)
        self.setDefaultSectionSize(LARGEUR_COLONNE)
        self.setMinimumSectionSize(96)
        self.viewport().setAutoFillBackground(False)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        grille = self._grille
        if not rect.isValid() or logicalIndex >= len(grille.modele.titres):
            return
        titre = grille.modele.titres[logicalIndex]
        current = grille.hasFocus() and logicalIndex == grille.currentIndex().column()
        target = logicalIndex == grille.cible
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), style.color("bord"))
        room = rect.adjusted(PAD - 4, 6, -4, -6)
        painter.setFont(style.font("etiquette"))
        painter.setPen(style.color("texte_faible"))
        painter.drawText(QRect(room.left() + 4, room.top(), room.width(), 14), 0, titre.lettre)
        self._chip(painter, QRect(room.left(), room.top() + 17, room.width(), 26), titre, current, target)
        painter.setFont(style.font("petit"))
        painter.setPen(style.color("alerte" if titre.surete == "doute" else "texte_faible"))
        below = QRect(room.left() + 4, room.top() + 45, room.width() - 6, 18)
        painter.drawText(below, 0, painter.fontMetrics().elidedText(_why(titre), _RIGHT, below.width()))
        painter.restore()

    def _chip(self, painter: QPainter, box: QRect, titre: Titre, current: bool, target: bool) -> None:
        icon, ground, tone = _LOOK.get(titre.surete, ("add-line", "surface", "texte_faible"))
        edge = "accent" if current or target else ground if titre.champ else "bord"
        dashed = Qt.PenStyle.SolidLine if titre.champ or current or target else Qt.PenStyle.DashLine
        painter.setPen(QPen(style.color(edge), 2 if current or target else 1, dashed))
        painter.setBrush(style.color("accent_doux" if target else ground))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 12, 12)
        paint_icon(painter, QRectF(box.left() + 9, box.top() + 6, 14, 14), icon, style.color(tone))
        painter.setFont(style.font("fort" if titre.champ else "corps"))
        painter.setPen(style.color(tone))
        room = box.adjusted(29, 0, -8, 0)
        text = painter.fontMetrics().elidedText(titre.libelle or "Non reprise", _RIGHT, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        column = self.logicalIndexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and column >= 0 and self.cursor().shape() != _RESIZING:
            self._grille.ask(column)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._grille.drag_over(event, self.logicalIndexAt(event.position().toPoint()))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._grille.drag_over(event, self.logicalIndexAt(event.position().toPoint()))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._grille.aim(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        self._grille.dropped(event, self.logicalIndexAt(event.position().toPoint()))


_RIGHT = Qt.TextElideMode.ElideRight
_RESIZING = Qt.CursorShape.SplitHCursor


def _why(titre: Titre) -> str:
    if titre.surete == "doute":
        return f"à vérifier : {titre.raison.replace(', à vérifier', '')}"
    return titre.raison


class Cellules(QStyledItemDelegate):
    """Quiet cells: titles above the header pale, the header strong, columns not taken pale."""

    def __init__(self, grille: Grille) -> None:
        super().__init__(grille)
        self._grille = grille

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        grille, rect = self._grille, QRect(option.rect)
        number, texts = grille.modele.rows[index.row()]
        titre = grille.modele.titres[index.column()]
        is_header = number == grille.modele.entete
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        ground = "accent_doux" if is_header else "survol" if index.column() == grille.cible else ""
        if ground:
            painter.fillRect(rect, style.color(ground))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), style.color("filet"))
        if current:
            painter.setPen(QPen(style.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))
        pale = number < grille.modele.entete or (not titre.champ and not is_header)
        painter.setFont(style.font("fort" if is_header else "montant" if titre.montant else "corps"))
        painter.setPen(style.color("texte_faible" if pale else "texte"))
        room = rect.adjusted(PAD, 0, -PAD, 0)
        text = painter.fontMetrics().elidedText(texts[index.column()], _RIGHT, room.width())
        side = Qt.AlignmentFlag.AlignRight if titre.montant and not is_header else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text)


class Numeros(QHeaderView):
    """Row numbers; the one of the header bears a mark, a click makes another row the header."""

    def __init__(self, grille: Grille) -> None:
        super().__init__(Qt.Orientation.Vertical, grille)
        self._grille = grille
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(style.ROW - 2)
        self.setFixedWidth(58)
        self.viewport().setAutoFillBackground(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        rows = self._grille.modele.rows
        if not rect.isValid() or logicalIndex >= len(rows):
            return
        number = rows[logicalIndex][0]
        is_header = number == self._grille.modele.entete
        painter.save()
        if is_header:
            painter.fillRect(rect, style.color("accent_doux"))
            paint_icon(
                painter, QRectF(rect.left() + 6, rect.center().y() - 7, 14, 14), "heading", style.color("accent")
            )
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), style.color("filet"))
        painter.setFont(style.font("petit"))
        painter.setPen(style.color("accent" if is_header else "texte_faible"))
        painter.drawText(rect.adjusted(0, 0, -PAD, 0), int(_NUMBER), str(number))
        painter.restore()


_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Grille(QTableView):
    """Arrows move, Enter (or a letter) asks for a field, Suppr takes it away, Space makes the row the header."""

    #: column, first letter typed
    asked = QtSignal(int, str)
    cleared = QtSignal(int)
    #: column, code of a field
    dropped_on = QtSignal(int, str)
    #: number of a row as a spreadsheet shows it
    header_chosen = QtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.modele = Modele(self)
        #: the column under what is dragged
        self.cible = -1
        self.setModel(self.modele)
        self.setHorizontalHeader(Titres(self))
        self.setVerticalHeader(Numeros(self))
        self.setItemDelegate(Cellules(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setAccessibleName("Premières lignes du fichier")
        self.setAccessibleDescription(
            "Flèches pour aller à une colonne, Entrée pour choisir son champ, Suppr pour ne pas la reprendre, "
            "Espace pour mettre l'en-tête sur cette ligne"
        )
        self.verticalHeader().sectionClicked.connect(self._number_clicked)
        style.themed.connect(self._repaint)

    def show_file(self, titres: Sequence[Titre], rows: Sequence[tuple[int, list[str]]], entete: int) -> None:
        """Show a sheet; the current cell stays where it was if it can."""
        before = self.currentIndex()
        row, column = before.row(), max(0, before.column())
        if not before.isValid():
            row = next((i for i, (number, _) in enumerate(rows) if number == entete), 0)
        self.modele.show(titres, rows, entete)
        if rows and titres:
            self.setCurrentIndex(self.modele.index(min(row, len(rows) - 1), min(column, len(titres) - 1)))

    def forget(self) -> None:
        """Another file: the current cell will be the first of its header."""
        self.modele.show((), (), -1)

    def show_column(self, column: int) -> None:
        """Go to a column of the header row, put at the left where it can be."""
        row = next((i for i, (number, _) in enumerate(self.modele.rows) if number == self.modele.entete), 0)
        index = self.modele.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)
        self.horizontalScrollBar().setValue(self.horizontalHeader().sectionPosition(column))

    def retitle(self, titres: Sequence[Titre]) -> None:
        """Show other fields above the same rows."""
        self.modele.retitle(titres)
        self._repaint()

    def titles(self) -> Mapping[str, str]:
        """Letter → label of the field, for the columns that have one."""
        return {t.lettre: t.libelle for t in self.modele.titres if t.champ}

    def ask(self, column: int, typed: str = "") -> None:
        """Ask for the field of a column."""
        self.setCurrentIndex(self.modele.index(max(0, self.currentIndex().row()), column))
        self.asked.emit(column, typed)

    def place_of(self, column: int) -> QRect:
        """Where the chip of a column is, in the coordinates of the screen."""
        header = self.horizontalHeader()
        top_left = header.viewport().mapToGlobal(header.rect().topLeft())
        left = top_left.x() + header.sectionViewportPosition(column)
        return QRect(left, top_left.y() + 22, header.sectionSize(column), 28)

    # What the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if not index.isValid() or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.asked.emit(index.column(), "")
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit(index.column())
        elif event.key() == Qt.Key.Key_Space:
            self.header_chosen.emit(self.modele.rows[index.row()][0])
        elif event.text() and event.text().isalpha():
            self.asked.emit(index.column(), event.text())
        else:
            super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.horizontalHeader().viewport().update()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.horizontalHeader().viewport().update()
        return super().event(event)

    def _number_clicked(self, row: int) -> None:
        self.header_chosen.emit(self.modele.rows[row][0])

    def _repaint(self) -> None:
        for part in (self, self.horizontalHeader(), self.verticalHeader()):
            part.viewport().update()

    # Dragging

    def aim(self, column: int) -> None:
        """Show which column would take what is dragged."""
        if column != self.cible:
            self.cible = column
            self._repaint()

    def drag_over(self, event: QDragMoveEvent, column: int) -> None:
        """Accept a field over a column."""
        if event.mimeData().hasFormat(MIME) and column >= 0:
            event.acceptProposedAction()
            self.aim(column)
        else:
            event.ignore()
            self.aim(-1)

    def dropped(self, event: QDropEvent, column: int) -> None:
        """Take a field dropped on a column."""
        self.aim(-1)
        if event.mimeData().hasFormat(MIME) and column >= 0:
            event.acceptProposedAction()
            champ = bytes(event.mimeData().data(MIME).data()).decode()
            self.setCurrentIndex(self.modele.index(max(0, self.currentIndex().row()), column))
            self.dropped_on.emit(column, champ)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drag_over(event, self.columnAt(int(event.position().x())))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.drag_over(event, self.columnAt(int(event.position().x())))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.aim(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped(event, self.columnAt(int(event.position().x())))
