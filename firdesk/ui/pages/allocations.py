"""The allocations: the table, its filters and, beside it, the form that types them.

Something typed and not saved keeps its line: choosing another one, another page or closing is refused with
« Enregistrer » and « Abandonner », after which the user is taken where they wanted to go.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre, Somme
from firdesk.domain.problem import Refus
from firdesk.services import allocations
from firdesk.services.session import Changes
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.provenance import TOUCHE
from firdesk.ui.kit import style
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import button
from firdesk.ui.page import Page
from firdesk.ui.pages.allocation_actions import LineActions
from firdesk.ui.pages.allocation_engagements import TOUCHE_ECHEANCIER
from firdesk.ui.pages.allocation_filter_bar import FilterBar
from firdesk.ui.pages.allocation_form import AllocationForm
from firdesk.ui.pages.allocation_table import AllocationDelegate, AllocationModel, hidden_for, theme_width, totals

_NARROWEST, _NARROW, _WIDEST = 360, 400, 420
#: Above this many lines a new order first shows those in sight.
_MANY, _FIRST, _PAINTED_MS = 20_000, 256, 20


class Allocations(Page):
    """Filters above, table at the left, form at the right."""

    key = "allocations"
    title = "Allocations"
    icon = "list-check-2"
    tables = frozenset(
        {"allocation", "mouvement", "operateur", "destination", "theme", "import_ligne", "exercice", "convention"}
    )

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._own_columns = self._own_split = self._moving = False
        self._somme = Somme()
        self._completing = QTimer(self, interval=_PAINTED_MS, singleShot=True)
        self._wanted: Callable[[], object] | None = None
        self.model = AllocationModel(self.session, self)
        self.model.sort_key = "reference"
        # Built from the outside in: each change of parent would have the style sheet look at all it holds again;
        # and from top to bottom, as the tab key goes.
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self._left = QWidget(self.split)
        self.actions_on_lines = LineActions(self)
        self.bar = FilterBar(bridge)
        self.columns = button("Colonnes", "lien", self.show_columns)
        self.new = button("Nouvelle", "secondaire", self.actions_on_lines.create, icon="add-line")
        above = self._lay_out_above()
        self.table = DataTable(self.model, name="Allocations", parent=self._left)
        self.table.installEventFilter(self)
        self.table.view.setItemDelegate(AllocationDelegate(self.table.view, self.session))
        self.form = AllocationForm(bridge, self.split)
        above.addWidget(self.table, 1)
        self._lay_out()
        self._connect()
        self._shortcuts()

    def _lay_out_above(self) -> QVBoxLayout:
        self.new.setToolTip("Nouvelle allocation (Ctrl+N)")
        self.columns.setFont(style.font("petit"))
        style.set_tone(self.columns, "faible")
        tools = QHBoxLayout()
        tools.setSpacing(style.MARGIN)
        tools.addWidget(self.bar.search, 3)
        tools.addStretch(1)
        tools.addWidget(self.columns)
        tools.addWidget(self.new)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.SPACE)
        column.addLayout(tools)
        column.addWidget(self.bar)
        return column

    def _lay_out(self) -> None:
        self.split.setHandleWidth(style.MARGIN)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self._left)
        self.split.addWidget(self.form)
        self.split.setStretchFactor(0, 1)
        self.form.setMinimumWidth(_NARROWEST)
        self.form.setMaximumWidth(_WIDEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split)
        lead_focus(self, self.table)

    def _connect(self) -> None:
        actions = self.actions_on_lines
        self.split.splitterMoved.connect(self._split_moved)
        self.bar.changed.connect(self.refresh)
        self.table.sort_requested.connect(self._sort)
        self._completing.timeout.connect(self._complete)
        self.table.selection_changed.connect(self._selection_changed)
        self.table.activated.connect(self._activated)
        self.table.view.doubleClicked.connect(self._double_clicked)
        self.table.paste_requested.connect(actions.paste)
        self.table.set_context_menu(actions.fill_menu)
        # After the editor has closed: what is written may move or remove its row.
        self.model.edit_requested.connect(actions.write_cell, Qt.ConnectionType.QueuedConnection)
        self.form.saved.connect(self._saved)
        self.form.abandoned.connect(self._abandoned)
        self.form.menu.aboutToShow.connect(actions.fill_form_menu)

    def _shortcuts(self) -> None:
        actions = self.actions_on_lines
        runs: dict[str, Callable[[], object]] = {
            "Ctrl+F": self.bar.start_typing,
            "Ctrl+N": actions.create,
            "Ctrl+D": actions.duplicate,
            "Ctrl+S": self.form.save,
            "Ctrl+Return": lambda: self.form.save(then_next=True),
            "Ctrl+Enter": lambda: self.form.save(then_next=True),
            "Ins": self.form.fields.engagements.add,
            TOUCHE_ECHEANCIER: self.form.fields.engagements.plan,
        }
        for keys, run in runs.items():
            shortcut(keys, self, run)
        shortcut(TOUCHE, self.table.view, actions.explain, alone=True)
        shortcut("Del", self.table.view, actions.delete, alone=True)

    # What is shown

    @property
    def filtre(self) -> Filtre:
        """The filter in force."""
        return self.bar.filtre

    def accept(self, argument: object) -> None:
        """Show the lines another page means: those of a ``Filtre``, or of one with the number of the line to choose."""
        filtre, number = argument if isinstance(argument, tuple) else (argument, None)
        if isinstance(filtre, Filtre) and self.may_move(lambda: self.accept(argument)):
            self.bar.set_filtre(filtre)
            if filtre.exercice is not None:
                self.bridge.set_exercice(filtre.exercice)
            self.refresh()
            if number is not None and self.model.row_of(number) >= 0:
                self.show_line(number)

    def refresh(self) -> None:
        """Read everything shown again; selection and scrolling stay where they were."""
        self._stale = False
        self.bar.set_exercice(self.bridge.exercice)
        try:
            self._show(self._ids())
        except Refus as refusal:
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        self._sum_up()
        self._fit_columns()
        self._follow_table()

    def _ids(self, limit: int = -1) -> array[int]:
        self._completing.stop()
        key, down = self.model.sort_key or "reference", self.model.sort_descending
        return self.session.allocations.ids(self.filtre, tri=key, decroissant=down, limit=limit)

    def _show(self, ids: array[int]) -> None:
        place = self.table.view.verticalScrollBar().value()
        self._moving = True
        if ids == self.model.all_ids:
            self.model.forget()
        else:
            self.model.reload(ids)
            self.table.view.verticalScrollBar().setValue(place)
        self._moving = False

    def _sort(self) -> None:
        """Another order of the same lines; of very many, the first ones at once and the others just after."""
        many = self._somme.nombre > _MANY
        self._show(self._ids(_FIRST if many else -1))
        self.table.view.scrollToTop()
        if many:
            self._completing.start()

    def _complete(self) -> None:
        self._show(self._ids())
        self._say_status()

    def _sum_up(self) -> None:
        """Counts, sums and states, from the base: never from what the table shows."""
        known = None if self._completing.isActive() else self.model.all_ids
        self._somme = x = self.session.allocations.somme(self.filtre, known)
        self.table.set_totals(totals(x.saisi, x.notifie, x.engage, x.paye) if x.nombre else {})
        filters = self.bar.show_chips()
        lines = _lines(x.nombre)
        if filters:
            total = self.session.allocations.count(self.filtre.exercice)
            lines += f" sur {money.nombre(total)} · {filters} filtre{'s' * (filters > 1)}"
        self.set_subtitle(lines)
        if x.nombre:
            self.table.set_state("donnees")
        elif filters:
            text = "Aucune allocation ne répond à ces filtres."
            self.table.set_state("filtre_vide", text, "Effacer les filtres", self.bar.clear)
        else:
            text = f"Aucune allocation en {self.bridge.exercice} : importer un export, ou saisir la première."
            self.table.set_state("vide", text, "Nouvelle allocation", self.actions_on_lines.create)
        self._say_status()

    def _say_status(self) -> None:
        ids = self.table.selected_ids()
        told = [_lines(self._somme.nombre)]
        if ids:
            everything = len(ids) == self._somme.nombre
            somme = self._somme if everything else self.session.allocations.somme_ids(ids)
            told += [f"sélection {money.nombre(len(ids))}", _sum_of(somme)]
        self.set_status(" · ".join(told))

    def _follow_table(self) -> None:
        """After a reading: the form shows the line chosen, the first one where none is."""
        if self.form.dirty or self.form.creating:
            self.form.rebase()
            return
        if self.table.current_id() is None and self.model.rowCount():
            self._select(self.model.id_at(0))
        current = self.table.current_id()
        if current is None:
            self.form.clear()
        elif current == self.form.number:
            self.form.rebase()
        else:
            self.form.load(current)

    def _changed(self, changes: Changes) -> None:
        """A few lines changed in place are read again where they stand; anything else reads all."""
        touched = allocations.touched(self.session, changes) if self.isVisible() and not self._stale else None
        kept = self.session.allocations.parmi(self.filtre, sorted(touched)) if touched else set()
        if touched is None or any(self.model.row_of(number) < 0 for number in kept):
            super()._changed(changes)
            return
        self._moving = True
        self.model.remove(touched - kept)
        self.model.refresh(kept)
        self._moving = False
        self._sum_up()
        self._follow_table()

    # Moving from line to line

    def may_move(self, then: Callable[[], object] | None = None) -> bool:
        """Whether the form lets go of its line; where not, ``then`` is done once the user has decided."""
        if not self.form.dirty:
            return True
        self._wanted = then
        self.form.warn_unsaved()
        return False

    def leave(self) -> bool:
        return self.may_move()

    def _selection_changed(self, ids: list[int]) -> None:
        self._say_status()
        current = self.table.current_id()
        if self._moving or current is None or current == self.form.number:
            return
        if not self.form.dirty:
            if ids:
                self.form.load(current)
            return
        kept = self.form.number
        self.may_move(lambda: self.show_line(current))
        if kept is not None:
            self._select(kept)

    def _select(self, number: int) -> None:
        self._moving = True
        self.table.select([number], current=number)
        self._moving = False
        self._say_status()

    def leave_line(self) -> None:
        """No line is chosen while a new one is typed; giving up comes back to the current one."""
        self._moving = True
        self.table.select([])
        self._moving = False

    def show_line(self, number: int) -> None:
        """Choose a line and show it in the form."""
        self._select(number)
        self.form.load(number)

    def _saved(self, number: int, then_next: bool) -> None:
        wanted, self._wanted = self._wanted, None
        row = self.model.row_of(number)
        if wanted is not None:
            wanted()
        elif not then_next and row >= 0:
            self.show_line(number)
        elif not then_next:
            self.form.load(number)
            text = "Enregistré, mais hors du tableau : cette ligne ne répond pas aux filtres."
            self.bridge.message.emit("info", text, "Effacer les filtres", self.bar.clear)
        elif 0 <= row < self.model.rowCount() - 1:
            self.show_line(self.model.id_at(row + 1))
        else:
            self.actions_on_lines.create()

    def _abandoned(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            wanted()
        elif self.form.number is None and (current := self.table.current_id()) is not None:
            self.show_line(current)

    def edit_current(self) -> None:
        """The cursor in the form, on the line chosen."""
        if self.form.number is not None:
            self.form.fields.operateur.setFocus()

    def _activated(self) -> None:
        # Enter in a cell being typed comes here too: it belongs to the cell.
        if not self.table.view.viewport().isAncestorOf(QApplication.focusWidget() or self):
            self.edit_current()

    def _double_clicked(self, index: QModelIndex) -> None:
        if self.model.columns[index.column()].editable:
            self.table.view.edit(index)

    # Columns

    def shown_columns(self) -> list[int]:
        """The visible columns from left to right."""
        header = self.table.view.horizontalHeader()
        order = [header.logicalIndex(v) for v in range(header.count())]
        return [c for c in order if not self.table.view.isColumnHidden(c)]

    def show_columns(self) -> None:
        """The menu where columns are shown or hidden; from then on they are the user's."""
        menu = self.table.columns_menu()
        for action in menu.actions():
            action.toggled.connect(self._columns_chosen)
        again = QAction("Colonnes d'origine", menu)
        again.triggered.connect(self._columns_reset)
        menu.addSeparator()
        menu.addAction(again)
        menu.popup(self.columns.mapToGlobal(QPoint(0, self.columns.height())))

    def _columns_chosen(self) -> None:
        self._own_columns = True
        self.table.totals.update()

    def _columns_reset(self) -> None:
        self._own_columns = False
        self._fit_columns()

    def _fit_columns(self) -> None:
        if not self._own_columns:
            known = self._somme.engage or self._somme.paye
            hidden = hidden_for(self.table.width(), executed=bool(known))
            for place, spec in enumerate(self.model.columns):
                self.table.view.setColumnHidden(place, spec.key in hidden)
            wide = theme_width(self.table.width(), hidden)
            self.table.view.setColumnWidth(self.model.column_of("theme"), wide)

    def _split_moved(self) -> None:
        self._own_split = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._own_split:
            return
        form = _NARROW if self.width() < 1200 else _WIDEST
        self.split.setSizes([self.width() - form - style.MARGIN, form])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The columns follow the width the table really got, which comes after the page's own."""
        if watched is self.table and event.type() is QEvent.Type.Resize:
            self._fit_columns()
        return super().eventFilter(watched, event)


def _lines(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' * (count > 1)}"


def _sum_of(x: Somme) -> str:
    """One sum for the status bar, of the first amount that is known, named."""
    for cents, word in ((x.notifie, "notifiés"), (x.engage, "engagés"), (x.saisi, "saisis"), (x.paye, "payés")):
        if cents:
            return f"somme {money.euros(cents)} {word}"
    return "sans montant"
