"""The menu bar: every command with its key, in the state of the moment; the search proposes them too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from firdesk.ui.base_commands import BaseCommands
from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text
from firdesk.ui.settings import THEMES

if TYPE_CHECKING:
    from firdesk.ui.main_window import MainWindow
    from firdesk.ui.search_field import Found


class Menus:
    """Made once with the window; :meth:`update` follows the base, the page and the history."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.files = BaseCommands(window)
        self._needs_base: list[QAction] = []
        self._listed: list[QAction] = []
        self._bar = window.menuBar()
        self._corner = Text("", "petit", "faible")
        self._corner.setContentsMargins(0, style.HALF, style.MARGIN, 0)
        self._bar.setCornerWidget(self._corner)
        self._fichier()
        self._edition()
        self._affichage()
        self._donnees()
        self._aide()

    def _fichier(self) -> None:
        menu, files = self._bar.addMenu("&Fichier"), self.files
        self._add(menu, "&Nouvelle base…", files.create, "Ctrl+Shift+N")
        self._add(menu, "&Ouvrir…", files.choose, "Ctrl+O")
        self.recents = menu.addMenu("&Récents")
        self.recents.aboutToShow.connect(self._fill_recents)
        self._add(menu, "Base de &démonstration", files.demonstration)
        menu.addSeparator()
        self._add(menu, "&Exporter en Excel…", files.export, "Ctrl+E", base=True)
        menu.addSeparator()
        self._add(menu, "&Fermer la base", self._window.close_base, "Ctrl+W", base=True)
        self._add(menu, "&Quitter", self._window.close, "Ctrl+Q")

    def _edition(self) -> None:
        menu = self._bar.addMenu("Éd&ition")
        self.undo = self._add(menu, "&Annuler", self.files.undo, "Ctrl+Z", base=True)
        self.redo = self._add(menu, "&Rétablir", self.files.redo, "Ctrl+Y", base=True)
        menu.addSeparator()
        self._add(menu, "&Chercher partout…", self._search, "Ctrl+K", base=True, listed=False)

    def _affichage(self) -> None:
        self._pages = menu = self._bar.addMenu("&Affichage")
        self.back = self._add(menu, "&Revenir à la page précédente", self._back, "Alt+Left", base=True)
        menu.addSeparator()
        self._page_actions: list[QAction] = []
        self._pages_end = menu.addSeparator()
        self.exercices = menu.addMenu("&Exercice")
        self.exercices.aboutToShow.connect(self._fill_exercices)
        theme = menu.addMenu("&Thème")
        group = QActionGroup(theme)
        self._themes: dict[str, QAction] = {}
        for name, label in THEMES.items():
            action = self._add(theme, label, partial(self._window.set_theme, name), listed=False)
            action.setCheckable(True)
            group.addAction(action)
            self._themes[name] = action

    def _donnees(self) -> None:
        menu = self._bar.addMenu("Do&nnées")
        self._add(menu, "&Importer…", self.files.choose_import, "Ctrl+I")
        self._add(menu, "&Fusionner deux opérateurs…", self.files.merge_operators, base=True)
        self._add(menu, "&Lieux d'action des allocations choisies…", self.files.places, base=True)
        self._add(menu, "&Engager les allocations choisies pour le montant notifié", self.files.commit, base=True)
        self._add(menu, "&Affecter des allocations à un dispositif…", self.files.assign_scheme, base=True)
        for year in (2025, 2020):
            load = partial(self.files.load_report, year)
            self._add(menu, f"Charger les chiffres du Bilan publié {year}", load, base=True)
        self._add(menu, "&Vérifier la base", self.files.verify, base=True)
        self.reports = self._bar.addMenu("&Rapports")
        self.reports.aboutToShow.connect(self._fill_reports)

    def _aide(self) -> None:
        from firdesk.ui.dialogs import a_propos, raccourcis

        menu = self._bar.addMenu("Aid&e")
        self._add(menu, "&Guide", self.files.guide, "F1")
        self._add(menu, "&Raccourcis clavier", lambda: raccourcis.show(self._window))
        self._add(menu, "À &propos de FIRDesk", lambda: a_propos.show(self._window))

    def _add(
        self,
        menu: QMenu,
        text: str,
        run: Callable[[], object],
        shortcut: str = "",
        *,
        base: bool = False,
        listed: bool = True,
    ) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: run())
        if shortcut:
            action.setShortcut(shortcut)
        if base:
            self._needs_base.append(action)
        if listed:
            self._listed.append(action)
        return action

    # State

    @Slot()
    def update(self) -> None:
        """Follow what is open, what can be undone and the theme."""
        workspace = self._window.workspace
        for action in self._needs_base:
            action.setEnabled(workspace is not None)
        self._corner.setText(self._window.windowTitle() if workspace is not None else "")
        self._themes[self._window.settings.theme].setChecked(True)
        self._show_pages()
        self.back.setEnabled(workspace is not None and workspace.may_go_back)
        self.exercices.menuAction().setVisible(workspace is not None)
        self.reports.menuAction().setVisible(workspace is not None)
        if workspace is None:
            self.undo.setText("&Annuler")
            self.redo.setText("&Rétablir")
            return
        operations = workspace.bridge.session.operations
        for action, verb, target in (
            (self.undo, "&Annuler", operations.next_undo()),
            (self.redo, "&Rétablir", operations.next_redo()),
        ):
            label = target.libelle.removeprefix("Annuler : ").replace("&", "&&") if target else ""
            action.setText(f"{verb} « {label} »" if label else verb)
            action.setEnabled(target is not None)

    def _show_pages(self) -> None:
        workspace = self._window.workspace
        classes = workspace.page_classes if workspace is not None else ()
        if len(classes) != len(self._page_actions):
            for action in self._page_actions:
                self._pages.removeAction(action)
            self._page_actions = []
            for place, page in enumerate(classes):
                action = QAction(page.title, self._pages)
                action.setShortcut(f"Ctrl+{(place + 1) % 10}")  # the tenth is Ctrl+0
                action.setCheckable(True)
                action.triggered.connect(lambda _checked=False, key=page.key: self._window.go(key))
                self._pages.insertAction(self._pages_end, action)
                self._page_actions.append(action)
        current = workspace.current if workspace is not None else None
        for action, page in zip(self._page_actions, classes, strict=True):
            action.setChecked(current is not None and current.key == page.key)

    def commands(self) -> list[Found]:
        """What the search may run: every enabled command of the menus."""
        from firdesk.ui.search_field import Found

        found = []
        for action in self._listed:
            if action.isEnabled():
                title = action.text().replace("&", "").rstrip("…")
                key = action.shortcut().toString()
                found.append(Found(title, f"Commande · {key}" if key else "Commande", action.trigger))
        return found

    # Menus filled when they open

    def _fill_recents(self) -> None:
        self.recents.clear()
        for entry in self._window.settings.recents:
            action = self.recents.addAction(entry.path.name)
            action.setToolTip(str(entry.path))
            action.setEnabled(not entry.missing)
            action.triggered.connect(lambda _checked=False, path=entry.path: self._window.open_base(path))
        if self.recents.isEmpty():
            self.recents.addAction("Aucune base ouverte jusqu'ici").setEnabled(False)

    def _fill_exercices(self) -> None:
        self.exercices.clear()
        workspace = self._window.workspace
        if workspace is None:
            return
        bridge = workspace.bridge
        for year in bridge.session.nomenclatures.exercices():
            action = self.exercices.addAction(str(year))
            action.setCheckable(True)
            action.setChecked(year == bridge.exercice)
            action.triggered.connect(lambda _checked=False, year=year: bridge.set_exercice(year))

    def _fill_reports(self) -> None:
        from firdesk.services.reports import REPORTS

        self.reports.clear()
        for name, spec in REPORTS.items():
            action = self.reports.addAction(spec.titre)
            action.triggered.connect(lambda _checked=False, name=name: self._window.go("rapports", name))

    def _back(self) -> None:
        if self._window.workspace is not None:
            self._window.workspace.back()

    def _search(self) -> None:
        if self._window.workspace is not None:
            self._window.workspace.search.open()
