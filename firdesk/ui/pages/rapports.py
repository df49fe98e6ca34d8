"""The reports: the list at the left, at the right the very pages of the PDF; save, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from firdesk.domain.problem import Refus
from firdesk.services import reports
from firdesk.services.reports import REPORTS
from firdesk.ui import printing
from firdesk.ui.base_commands import open_file
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.completion import SUBTITLE_ROLE, SuggestionDelegate
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import button
from firdesk.ui.page import Page
from firdesk.ui.pages.preview import Preview

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

LIST_WIDTH = 288
_NAME = int(Qt.ItemDataRole.UserRole)


class Rapports(Page):
    """A preview is made by a job, again at each change of the base while the page is shown."""

    key = "rapports"
    title = "Rapports"
    icon = "printer-line"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.list = QListWidget()
        self.list.setAccessibleName("Rapports")
        self._delegate = SuggestionDelegate(self)
        self.list.setItemDelegate(self._delegate)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview = Preview()
        self.state = EmptyState()
        self._shown: tuple[str, int] | None = None
        self._wanted = False
        self._working = False
        for name, spec in REPORTS.items():
            item = QListWidgetItem(spec.titre)
            item.setData(_NAME, name)
            item.setData(SUBTITLE_ROLE, spec.description)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{spec.titre}, {spec.description}")
            item.setToolTip(spec.description)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._lay_out()
        self.list.currentRowChanged.connect(self._chosen)
        bridge.jobs.idle.connect(self._retry)
        self._print_key = QShortcut(QKeySequence("Ctrl+P"), self, self.print)
        self._print_key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        card = Card("Choisir un rapport")
        card.setFixedWidth(LIST_WIDTH)
        card.body.addWidget(self.list, 1)
        self.save_button = button("Enregistrer en PDF…", "principal", self._ask_save)
        self.print_button = button("Imprimer…", "secondaire", self.print, icon="printer-line")
        card.body.addWidget(self.save_button)
        card.body.addWidget(self.print_button)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.preview)
        self._stack.addWidget(self.state)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.WIDE)
        layout.addWidget(card)
        layout.addWidget(self._stack, 1)
        lead_focus(self, self.list)

    @property
    def name(self) -> str:
        item = self.list.currentItem()
        return str(item.data(_NAME)) if item is not None else ""

    @property
    def loading(self) -> bool:
        return self._wanted or self._working

    def accept(self, argument: object) -> None:
        """The name of a report."""
        names = list(REPORTS)
        if argument in names:
            self.list.setCurrentRow(names.index(str(argument)))

    def refresh(self) -> None:
        name, year, session = self.name, self.bridge.exercice, self.session
        self.set_subtitle(f"{REPORTS[name].titre} · exercice {year}")
        if self.bridge.jobs.running:
            self._wanted = True
            return
        self._wanted, self._working = False, True
        if self._shown != (name, year):
            self.state.set_state("chargement", "Mise en page…")
            self._stack.setCurrentWidget(self.state)
        self.bridge.run(
            "Mise en page du rapport",
            lambda _: reports.pages(session, name, year),
            lambda pages: self._show((name, year), pages),
            on_cancel=lambda: self._fail("La mise en page a été interrompue."),
            on_error=lambda error: self._fail(str(error)),
        )

    def _show(self, what: tuple[str, int], pages: list[bytes]) -> None:
        self._working = False
        self.preview.set_pages(pages, keep_place=self._shown == what)
        self._shown = what
        self._stack.setCurrentWidget(self.preview)
        self.set_status(f"{len(pages)} page{'s' if len(pages) > 1 else ''} A4")

    def _fail(self, text: str) -> None:
        self._working, self._shown = False, None
        self.state.set_state("erreur", text, "Réessayer", self.refresh)
        self._stack.setCurrentWidget(self.state)
        self.set_status("")

    @Slot()
    def _chosen(self) -> None:
        self._outdated()

    @Slot()
    def _retry(self) -> None:
        # After the job's own ending: another may start then.
        if self._wanted:
            QTimer.singleShot(0, self, self._retry_now)

    @Slot()
    def _retry_now(self) -> None:
        if self._wanted:
            self._wanted = False
            self._outdated()

    # Saving and printing

    def save_to(self, path: Path) -> None:
        """Write the PDF."""
        name, year, session = self.name, self.bridge.exercice, self.session
        self.bridge.run(
            "Écriture du PDF",
            lambda _: reports.write(session, name, year, path),
            lambda _: self.bridge.message.emit(
                "succes", f"Enregistré : {path.name}", "Ouvrir", lambda: open_file(path)
            ),
        )

    def _ask_save(self) -> None:
        proposed = self.session.path.with_name(f"{self.name}-{self.bridge.exercice}.pdf")
        if path := ask_path(self, "Enregistrer le rapport", proposed, "PDF (*.pdf)", ".pdf"):
            self.save_to(path)

    def print(self) -> None:
        """Ask for a printer, then send it the pages of the PDF."""
        name, year, session = self.name, self.bridge.exercice, self.session

        def send(printer: QPrinter) -> None:
            self.bridge.run(
                "Préparation de l'impression",
                lambda _: reports.pages(session, name, year, ppi=printing.PPI),
                lambda pages: self._send(printer, pages),
            )

        printing.ask(self, f"{REPORTS[name].titre} {year}", send)

    def _send(self, printer: QPrinter, pages: list[bytes]) -> None:
        try:
            printing.send(printer, pages)
        except Refus as refusal:
            self.bridge.fail(refusal)
        else:
            self.bridge.message.emit("succes", "Envoyé à l'imprimante.", "", None)
