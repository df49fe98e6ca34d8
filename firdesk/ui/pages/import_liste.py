"""Where an import begins: the place to drop files, and every import made so far."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.domain.lot import Suivi
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Icon, Text, button

COLUMNS = (
    ColumnSpec("date", "Importé le", "date", 104),
    ColumnSpec("fichier", "Fichier", width=220, stretch=True, middle=True),
    ColumnSpec("profil", "Export", width=124, tooltip="Profil et exercices"),
    ColumnSpec("nouvelles", "Nouvelles", "entier", 84),
    ColumnSpec("modifiees", "Modifiées", "entier", 84),
    ColumnSpec("rejetees", "Rejetées", "entier", 80),
    ColumnSpec("total", "Importé", "montant", 156, decimals=True),
    ColumnSpec("etat", "État", "etat", 176),
)
PHRASE = "StarsFIR, HAPI, SIBC, paiements, ou tout classeur de suivi : .csv, .xlsx, .xls, .xlsb, .ods, .txt."


class Depot(QFrame):
    """A dashed surface that invites to drop a file, or to choose one; wide and flat beside a list."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choose = button("Importer un fichier…", "principal", self.clicked.emit, icon="file-upload-line")
        self.choose.setToolTip("Importer un fichier (Ctrl+I)")
        self._icon = Icon("file-upload-line", "accent", 24)
        self._title = Text("Déposer ici les exports de la direction financière", "sous_titre")
        self._phrase = Text(PHRASE, "petit", "faible", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._phrase)
        self._words = words
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(style.PAGE_MARGIN, style.WIDE, style.PAGE_MARGIN, style.WIDE)
        self._layout.setSpacing(style.WIDE)
        self._layout.addStretch(0)
        self._layout.addWidget(self._icon)
        self._layout.addLayout(words)
        self._layout.addWidget(self.choose)
        self._layout.addStretch(0)
        self.setAccessibleName("Déposer ici les exports de la direction financière")
        style.themed.connect(self.update)
        self.set_flat(flat=True)

    def set_flat(self, *, flat: bool) -> None:
        """A strip above the list of imports, or the whole page while there is none."""
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.LeftToRight if flat else direction.TopToBottom)
        centre = Qt.AlignmentFlag.AlignHCenter
        for widget in (self._icon, self.choose):
            self._layout.setAlignment(widget, Qt.AlignmentFlag.AlignVCenter if flat else centre)
        for label in (self._title, self._phrase):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft if flat else centre)
        for place in (0, self._layout.count() - 1):
            self._layout.setStretch(place, 0 if flat else 1)
        self._layout.setStretchFactor(self._words, 1 if flat else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(style.color("surface"))
        painter.setPen(QPen(style.color("texte_faible"), 1, Qt.PenStyle.DashLine))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, style.RADIUS, style.RADIUS)


class Liste(Room, QWidget):
    """Every import, latest first; those that were undone keep their line."""

    asked = Signal()
    situations_asked = Signal()
    #: a ``Suivi`` to look at, to undo, to do again
    opened = Signal(object)
    cancelled = Signal(object)
    restored = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suivis: Sequence[Suivi] = ()
        self.depot = Depot()
        self.depot.clicked.connect(self.asked)
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Imports")
        self.table.activated.connect(self._open)
        self.table.set_context_menu(self._menu)
        self._title = Text("Imports", "sous_titre")
        self.situations = button("Situations SIBC…", "lien", self.situations_asked.emit, icon="line-chart-line")
        self.situations.setToolTip("Comparer deux situations SIBC, changer leur date")
        self._hint = Text("Entrée ou double-clic : voir un import", "petit", "faible")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(self.depot, 1)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.situations)
        layout.addLayout(head)
        layout.addWidget(self.table, 4)
        layout.addWidget(self._hint)
        self._layout = layout

    def add_below(self, widget: QWidget) -> None:
        """Something else to keep in sight under the imports."""
        self._layout.addWidget(widget)

    def show_suivis(self, suivis: Sequence[Suivi]) -> None:
        """Show the imports; without any, the whole page invites to import one."""
        self._suivis = suivis
        for widget in (self._title, self.situations, self.table, self._hint):
            widget.setVisible(bool(suivis))
        self._layout.setStretchFactor(self.depot, 0 if suivis else 1)
        self.depot.set_flat(flat=bool(suivis))
        self.setFocusProxy(self.table if suivis else self.depot.choose)
        self.model.set_rows([_row(x) for x in suivis])

    def suivis(self) -> Sequence[Suivi]:
        return self._suivis

    def _open(self, row: int) -> None:
        self.opened.emit(self._suivis[row])

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if len(rows) != 1:
            return
        suivi = self._suivis[rows[0]]
        menu.addAction("Voir l'import", lambda: self._open(rows[0]))
        if not suivi.en_vigueur:
            menu.addAction("Rétablir cet import", lambda: self.restored.emit(suivi))
        elif suivi.operation is not None:
            menu.addAction("Annuler cet import", lambda: self.cancelled.emit(suivi))


def _row(suivi: Suivi) -> tuple[object, ...]:
    x = suivi.lot
    undone = ("faible", f"Annulé le {french_date(suivi.annule_le[:10])}")
    return (
        x.importe_le[:10],
        x.fichier,
        f"{x.profil} {x.exercices}".strip(),
        x.nouvelles,
        x.modifiees,
        x.rejetees,
        x.total_importe,
        ("succes", "En vigueur") if suivi.en_vigueur else undone,
    )


def source(fichier: str, feuille: str) -> str:
    """A file and its sheet; the only sheet of a CSV file has its name, said once."""
    return fichier if fichier.startswith(feuille) else f"{fichier} · feuille « {feuille} »"


def count(suivis: Sequence[Suivi]) -> str:
    """``3 imports, 1 annulé``, for the status bar."""
    if not suivis:
        return ""
    undone = sum(not x.en_vigueur for x in suivis)
    told = f"{money.nombre(len(suivis))} import{'s' if len(suivis) > 1 else ''}"
    return told + (f" dont {money.nombre(undone)} annulé{'s' if undone > 1 else ''}" if undone else "")
