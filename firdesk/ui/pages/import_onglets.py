"""Tabs over one table, with a search, sums of what is shown or chosen; tables are made when first looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QTabBar, QToolButton, QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text
from firdesk.ui.pages.import_lines import LinesModel

Build = Callable[[], LinesModel]

SEARCH_WIDTH = 200
#: Milliseconds without a key before a search is made.
PAUSE = 150


@dataclass(frozen=True, slots=True)
class Onglet:
    """One tab: its key, its word, how many lines it has, how its table is made, what it means.

    ``mesure`` names what its footer adds up; empty, the tab adds nothing up.
    """

    key: str
    titre: str
    nombre: int
    build: Build
    phrase: str
    compte: bool = True
    mesure: str = ""

    @property
    def texte(self) -> str:
        return f"{self.titre} {money.nombre(self.nombre)}" if self.compte else self.titre


class Chercher(QLineEdit):
    """What one looks for in a table; Enter stays here, since the step would take it for *Importer*."""

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "recherche")
        self.setPlaceholderText("Chercher (Ctrl+F)")
        self.setAccessibleName("Chercher dans le tableau")
        self.setClearButtonEnabled(True)
        self.setFixedWidth(SEARCH_WIDTH)
        self.addAction(style.icon("search-line"), QLineEdit.ActionPosition.LeadingPosition)
        for made, name in zip(self.findChildren(QToolButton), ("Effacer la recherche", "Chercher"), strict=False):
            made.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class Onglets(Room, Card):
    """A card of tabs; what was looked at, sorted and chosen is kept when the tabs are filled again."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._tabs: list[Onglet] = []
        self._models: dict[str, LinesModel] = {}
        self._sorts: dict[str, tuple[str, bool]] = {}
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName(title or "Onglets")
        for arrow, name in zip(self.bar.findChildren(QToolButton), ("précédents", "suivants"), strict=False):
            arrow.setAccessibleName(f"Onglets {name}")
        self.bar.currentChanged.connect(self._show)
        self.search = Chercher()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.entered.connect(self._search_now)
        shortcut(QKeySequence.StandardKey.Find, self, self._find)
        self.phrase = Text("", "petit", "faible", wrap=True)
        self.table = DataTable(name=title or "Tableau")
        self.table.selection_changed.connect(self._selected)
        self.add_action(self.search)
        self.body.setSpacing(style.SPACE)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.phrase)
        self.body.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    # Tabs

    def set_tabs(self, tabs: list[Onglet], empty: str) -> None:
        """Show these tabs, on the one looked at before where it is still there, else the first with lines."""
        before, chosen, row = self.current(), self.table.selected_ids(), self.table.current_id()
        sorts = {key: (m.sort_key, m.sort_descending) for key, m in self._models.items() if m.sort_key}
        self._tabs, self._models = tabs, {}
        self.bar.blockSignals(True)
        while self.bar.count():
            self.bar.removeTab(0)
        for tab in tabs:
            self.bar.addTab(tab.texte)
        keys = [t.key for t in tabs]
        first = next((i for i, t in enumerate(tabs) if t.nombre > 0), 0)
        kept = before in keys and bool(tabs[keys.index(before)].nombre)
        self.bar.setCurrentIndex(keys.index(before) if kept else first)
        self.bar.blockSignals(False)
        self.bar.setVisible(bool(tabs))
        self._sorts = sorts
        if not tabs:
            self.phrase.hide()
            self.table.set_totals({})
            self.table.set_state("vide", empty)
            return
        self._show(self.bar.currentIndex())
        if kept and (chosen or row is not None):
            self.table.select(chosen, current=row)

    def current(self) -> str:
        """The key of the tab looked at, empty before the first."""
        tab = self._tab()
        return tab.key if tab is not None else ""

    def go(self, key: str) -> None:
        """Look at a tab; nothing happens where it is not shown."""
        keys = [t.key for t in self._tabs]
        if key in keys:
            self.bar.setCurrentIndex(keys.index(key))

    def texts(self) -> list[str]:
        """What the tabs say."""
        return [t.texte for t in self._tabs]

    def _tab(self) -> Onglet | None:
        index = self.bar.currentIndex()
        return self._tabs[index] if 0 <= index < len(self._tabs) else None

    def _show(self, index: int) -> None:
        tab = self._tab()
        if tab is None:
            return
        self.phrase.setText(tab.phrase)
        self.phrase.setVisible(bool(tab.phrase))
        if not tab.nombre:
            self.table.set_totals({})
            self.table.set_state("vide", "Aucune ligne.")
            return
        if tab.key not in self._models:
            model = self._models[tab.key] = tab.build()
            key, descending = self._sorts.get(tab.key, ("", False))
            if key:
                order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
                model.sort(model.column_of(key), order)
            model.modelReset.connect(self._searched)
        self.table.set_model(self._models[tab.key])
        self.table.view.setAccessibleName(tab.titre)
        self._search()

    # Search and sums

    def model(self) -> LinesModel | None:
        """The table looked at."""
        return self._models.get(self.current())

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search_now(self) -> None:
        self._search()
        self.table.setFocus()

    def _search(self) -> None:
        self._pause.stop()
        model = self.model()
        if model is not None:
            model.search(self.search.text())

    def _searched(self) -> None:
        model = self.model()
        if model is None:
            return
        if model.rowCount():
            self.table.set_state("donnees")
        else:
            said = f"Aucune ligne ne contient « {self.search.text().strip()} »."
            self.table.set_state("filtre_vide", said, "Effacer la recherche", self.search.clear)
        self._selected(self.table.selected_ids())

    def _selected(self, ids: Sequence[int]) -> None:
        """Add up what is chosen, else what is shown."""
        tab, model = self._tab(), self.model()
        if tab is None or model is None or not tab.mesure:
            self.table.set_totals({})
            return
        if len(ids) > 1:
            sums, label = model.sums(ids), f"{money.nombre(len(ids))} lignes choisies"
        else:
            found = model.rowCount()
            words = bool(self.search.text().strip())
            sums, label = model.sums(), f"{money.nombre(found)} ligne{'s' * (found > 1)} trouvée{'s' * (found > 1)}"
            label = label if words else "Total"
        if tab.mesure and tab.compte:
            label = f"{label} · {tab.mesure}"
        self.table.set_totals({k: money.euros(v, decimals=True) for k, v in sums.items()}, label)
