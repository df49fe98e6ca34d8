"""Where an import begins: the place to drop files, and the imports in force."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.lot import Lot
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Icon, Text, button

COLUMNS = (
    ColumnSpec("date", "Importé le", "date", 128),
    ColumnSpec("fichier", "Fichier", width=220, stretch=True),
    ColumnSpec("profil", "Profil", width=80),
    ColumnSpec("exercices", "Exercice", width=80),
    ColumnSpec("lues", "Lues", "entier", 64),
    ColumnSpec("nouvelles", "Nouvelles", "entier", 86),
    ColumnSpec("modifiees", "Modifiées", "entier", 86),
    ColumnSpec("inchangees", "Inchangées", "entier", 96),
    ColumnSpec("disparues", "Disparues", "entier", 86),
    ColumnSpec("rejetees", "Rejetées", "entier", 82),
    ColumnSpec("total", "Importé", "montant", 138, decimals=True),
)
PHRASE = "Exports StarsFIR, HAPI ou SIBC : .csv, .xlsx, .xls, .xlsb, .ods, .txt. Plusieurs à la fois si besoin."


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


class Liste(QWidget):
    """The imports in force, latest first."""

    asked = Signal()
    opened = Signal(int)
    cancelled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lots: Sequence[Lot] = ()
        self.depot = Depot()
        self.depot.clicked.connect(self.asked)
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Imports")
        self.table.activated.connect(self._open)
        self.table.set_context_menu(self._menu)
        self._title = Text("Imports en vigueur", "sous_titre")
        self._hint = Text("Entrée ou double-clic : voir un import", "petit", "faible")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(self.depot, 1)
        layout.addWidget(self._title)
        layout.addWidget(self.table, 4)
        layout.addWidget(self._hint)
        self._layout = layout

    def show_lots(self, lots: Sequence[Lot]) -> None:
        """Show the imports; without any, the whole page invites to import one."""
        self._lots = lots
        for widget in (self._title, self.table, self._hint):
            widget.setVisible(bool(lots))
        self._layout.setStretchFactor(self.depot, 0 if lots else 1)
        self.depot.set_flat(flat=bool(lots))
        self.setFocusProxy(self.table if lots else self.depot.choose)
        self.model.set_rows([_row(x) for x in lots])

    def lots(self) -> Sequence[Lot]:
        return self._lots

    def _open(self, row: int) -> None:
        self.opened.emit(self._lots[row].id or 0)

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if len(rows) == 1:
            menu.addAction("Voir l'import", lambda: self._open(rows[0]))
            menu.addAction("Annuler cet import", lambda: self.cancelled.emit(self._lots[rows[0]].id or 0))


def _row(x: Lot) -> tuple[object, ...]:
    return (
        x.importe_le,
        source(x.fichier, x.feuille),
        x.profil,
        x.exercices,
        x.lues,
        x.nouvelles,
        x.modifiees,
        x.inchangees,
        x.disparues,
        x.rejetees,
        x.total_importe,
    )


def source(fichier: str, feuille: str) -> str:
    """A file and its sheet; the only sheet of a CSV file has its name, said once."""
    return fichier if fichier.startswith(feuille) else f"{fichier} · feuille « {feuille} »"


def count(lots: Sequence[Lot]) -> str:
    """``3 imports``, for the status bar."""
    return f"{money.nombre(len(lots))} import{'s' if len(lots) > 1 else ''}" if lots else ""
