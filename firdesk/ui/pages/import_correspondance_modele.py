"""What the grid of the first rows shows: texts by row and column, and above each column what it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Titre:
    """What stands above a column: its letter, the field and its label (empty: not taken), how sure, why."""

    lettre: str
    champ: str = ""
    libelle: str = ""
    surete: str = ""
    raison: str = ""
    montant: bool = False

    @property
    def phrase(self) -> str:
        """The same as words."""
        if not self.champ:
            return f"Colonne {self.lettre} : non reprise"
        doubt = "à vérifier, " if self.surete == "doute" and "à vérifier" not in self.raison else ""
        return f"Colonne {self.lettre} : {self.libelle}, {doubt}{self.raison}".rstrip(", ")


class Modele(QAbstractTableModel):
    """Texts of the first rows, with the titles of the columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titres: list[Titre] = []
        self.rows: list[tuple[int, list[str]]] = []
        self.entete = -1

    def show(self, titres: Sequence[Titre], rows: Sequence[tuple[int, list[str]]], entete: int) -> None:
        """Replace everything; ``entete`` is the number of the header row as rows are numbered."""
        self.beginResetModel()
        self.titres, self.rows, self.entete = list(titres), list(rows), entete
        self.endResetModel()

    def retitle(self, titres: Sequence[Titre]) -> None:
        """Change what stands above the columns only."""
        self.titres = list(titres)
        if self.titres:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.titres) - 1)
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.titres)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        number, texts = self.rows[index.row()]
        text, titre = texts[index.column()], self.titres[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return text or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            what = "en-tête, " if number == self.entete else ""
            return f"{titre.lettre}{number}, {what}{text or 'vide'}. {titre.phrase}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            number = self.rows[section][0] if section < len(self.rows) else 0
            if role == Qt.ItemDataRole.DisplayRole:
                return str(number)
            if role == Qt.ItemDataRole.ToolTipRole:
                return "Ligne d'en-tête" if number == self.entete else "Cliquer : l'en-tête est sur cette ligne"
        elif section < len(self.titres) and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.titres[section].phrase
        return None
