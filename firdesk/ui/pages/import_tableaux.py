"""Which table of a workbook is read, where it has several; nothing at all where it has one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from firdesk.services.importing.correspondance_brouillon import Brouillon
from firdesk.services.importing.tables import Table
from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text


class ChoixTableau(QWidget):
    """A list of tables, then of sheets without any; arrows and Enter choose, as in any list."""

    #: a :class:`Table`
    table_chosen = Signal(object)
    #: the name of a sheet where no table was found
    feuille_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tables: Sequence[Table] = ()
        self._feuilles: Sequence[str] = ()
        self._index = 0
        self.combo = QComboBox()
        self.combo.setAccessibleName("Tableau à importer")
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.setMinimumContentsLength(24)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.activated.connect(self._activated)
        self.combien = Text("", "petit", "faible")
        label = Text("Tableau", "corps", "faible")
        label.setBuddy(self.combo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(label)
        layout.addWidget(self.combo, 1)
        layout.addWidget(self.combien)
        self.setVisible(False)

    @property
    def plusieurs(self) -> bool:
        """Whether there is something to choose."""
        return len(self.tables) > 1

    def set_tables(self, tables: Sequence[Table], feuilles: Sequence[str]) -> None:
        """The tables of a workbook, and the names of its filled sheets."""
        with_table = {t.feuille for t in tables}
        self.tables, self._feuilles = tables, [name for name in feuilles if name not in with_table]
        self.combien.setText(f"{len(tables)} tableaux dans ce classeur")
        self.setVisible(self.plusieurs)

    def show_draft(self, draft: Brouillon | None, first_column: int) -> None:
        """Show which table a draft reads, even where its header is one that only a person would choose.

        ``first_column`` is that of the sheet, from which a draft counts its columns.
        """
        self.combo.clear()
        if not self.plusieurs:
            return
        for table in self.tables:
            self.combo.addItem(table.designation(self.tables), table)
        for name in self._feuilles:
            self.combo.addItem(f"{name} · aucun tableau reconnu", name)
        self._index = self._current(draft, first_column)
        self.combo.setCurrentIndex(self._index)
        for index in range(self.combo.count()):
            self.combo.setItemData(index, self.combo.itemText(index), Qt.ItemDataRole.ToolTipRole)
        self.combo.setToolTip(self.combo.currentText())

    def _current(self, draft: Brouillon | None, first_column: int) -> int:
        if draft is None:
            return 0
        here = [t for t in self.tables if t.feuille == draft.feuille and t.entete == draft.entete + 1]
        beside = [t for t in here if t.colonne == draft.colonne]
        columns = [t for t in here if any(t.colonnes[0] <= first_column + i <= t.colonnes[1] for i in draft.cases)]
        found = next(iter(beside or columns or here), None)
        if found is not None:
            return self.tables.index(found)
        if draft.feuille in self._feuilles:
            return len(self.tables) + self._feuilles.index(draft.feuille)
        self.combo.insertItem(0, f"{draft.feuille} · ligne {draft.entete + 1} · en-tête choisi à la main")
        return 0

    def _activated(self, index: int) -> None:
        chosen = self.combo.itemData(index)
        if index == self._index:
            return
        if isinstance(chosen, Table):
            self.table_chosen.emit(chosen)
        elif chosen:
            self.feuille_chosen.emit(chosen)
