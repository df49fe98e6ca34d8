"""Imports: from a file of the finance department to the base, and every import still in force."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.lot import Lot
from firdesk.ui.base_commands import SHEETS, documents
from firdesk.ui.bridge import Bridge
from firdesk.ui.page import Page
from firdesk.ui.pages import import_liste
from firdesk.ui.pages.import_assistant import Assistant
from firdesk.ui.pages.import_en_cours import ImportEnCours
from firdesk.ui.pages.import_liste import Liste
from firdesk.ui.pages.import_lot import PageLot


class Imports(Page):
    """The list of imports, the one being prepared, or one that was written."""

    key = "imports"
    title = "Imports"
    icon = "inbox-archive-line"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._lot: int | None = None
        self.encours = ImportEnCours(bridge, self)
        self.liste = Liste()
        self.assistant = Assistant(self.encours, self.session)
        self.page_lot = PageLot()
        self.stack = QStackedWidget()
        for shown in (self.liste, self.assistant, self.page_lot):
            self.stack.addWidget(shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self._connect()

    def _connect(self) -> None:
        self.liste.asked.connect(self.choose_files)
        self.liste.opened.connect(self.show_lot)
        self.liste.cancelled.connect(self.cancel_lot)
        self.page_lot.back.connect(self.show_list)
        self.page_lot.lines_asked.connect(self._show_lines)
        self.page_lot.cancelled.connect(self.cancel_lot)
        self.assistant.other_file.connect(self._choose_other)
        self.encours.changed.connect(self._import_changed)
        self.encours.written.connect(self._written)
        self.encours.finished.connect(self._show)

    # What others ask

    def accept(self, argument: object) -> None:
        """Paths are imported one after the other; a number is a lot to look at."""
        if isinstance(argument, int):
            self.show_lot(argument)
        elif isinstance(argument, list | tuple):
            self.add_files([Path(p) for p in argument])

    def add_files(self, files: list[Path]) -> None:
        """Read these files, after those that wait already."""
        if not self.encours.actif:
            self._lot = None
        self.encours.add(files)

    def choose_files(self) -> None:
        """Ask for files to import."""
        self._ask(self.add_files)

    @property
    def loading(self) -> bool:
        return self.encours.etat in ("lecture", "ecriture")

    # Which part is shown

    def refresh(self) -> None:
        self.encours.freshen()
        self._show()

    def show_list(self) -> None:
        self._lot = None
        self._show()

    def show_lot(self, number: int) -> None:
        """Look at an import; back to the list if it is no more in force."""
        self._lot = number
        self._show()

    def _show(self) -> None:
        if self.encours.actif:
            self._part(self.assistant)
            return
        lot = self.session.imports.lot(self._lot) if self._lot is not None else None
        if lot is not None and lot.id is not None:
            self.page_lot.show_lot(lot, self.session.imports.constats(lot.id))
            self._part(self.page_lot)
            self.set_subtitle(f"{import_liste.source(lot.fichier, lot.feuille)} · profil {lot.profil}")
            self.set_status(f"{money.nombre(lot.lues)} lignes lues")
            return
        self._lot = None
        lots = self.session.imports.lots()
        self.liste.show_lots(lots)
        self._part(self.liste)
        self.set_subtitle("Exports StarsFIR, HAPI et SIBC")
        self.set_status(import_liste.count(lots))

    def _part(self, shown: QWidget) -> None:
        moved = self.stack.currentWidget() is not shown
        self.stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if moved and self.isVisible():
            shown.setFocus()

    def _import_changed(self) -> None:
        self._show()
        self.assistant.show_import()
        self._tell()

    def _tell(self) -> None:
        encours = self.encours
        plan = encours.plan
        told = [encours.chemin.name]
        if plan is not None:
            chosen = "choisi" if encours.reglages.profil else "reconnu"
            told = [import_liste.source(plan.fichier, plan.feuille), f"profil {plan.profil} {chosen}"]
        if encours.nombre > 1:
            told.append(f"fichier {encours.rang} sur {encours.nombre}")
        self.set_subtitle(" · ".join(told))
        self.set_status(f"{money.nombre(plan.lues)} lignes lues" if plan is not None else "")

    # What the user does

    def _ask(self, then: Callable[[list[Path]], object]) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Importer", str(documents()), SHEETS)
        if chosen:
            then([Path(c) for c in chosen])

    def _choose_other(self) -> None:
        def instead(files: list[Path]) -> None:
            self.encours.add(files)
            self.encours.give_up()

        self._ask(instead)

    def cancel_lot(self, number: int) -> None:
        """Undo an import whole; the refusal of the file names what stands in the way."""
        lot = self.session.imports.lot(number)
        operation = self.session.imports.operation_of(number)
        if lot is None or operation is None:
            self.bridge.message.emit("info", "Cet import n'est plus en vigueur.", "", None)
        else:
            self.bridge.revert(operation, f"Import annulé : {lot.fichier}", "Rétablir (Ctrl+Y)", self.bridge.redo)

    def _show_lines(self, number: int) -> None:
        self.bridge.navigate.emit("allocations", Filtre(exercice=None, lots=(number,)))

    def _written(self, lot: Lot) -> None:
        self._lot = lot.id
        counts = [
            (lot.nouvelles, "nouvelles"),
            (lot.modifiees, "modifiées"),
            (lot.inchangees, "inchangées"),
            (lot.disparues, "disparues"),
            (lot.rejetees, "rejetées"),
        ]
        told = ", ".join(f"{money.nombre(n)} {word}" for n, word in counts if n)
        number = lot.id or 0
        self.bridge.message.emit(
            "succes", f"{lot.fichier} importé : {told}.", "Annuler (Ctrl+Z)", lambda: self.cancel_lot(number)
        )
