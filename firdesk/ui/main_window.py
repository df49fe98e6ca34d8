"""The window: opens and closes bases, shows Accueil or the pages of a base, keeps its place on the screen.

What costs time to import (the store, the pages, the charts) is imported when a base opens, after the first paint.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QStackedWidget

from firdesk.domain.problem import Refus
from firdesk.ui.busy import Busy
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import Executor, Jobs
from firdesk.ui.kit.progress_panel import ProgressPanel
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import ElidedText, Text
from firdesk.ui.menus import Menus
from firdesk.ui.pages.accueil import Accueil
from firdesk.ui.settings import Settings

if TYPE_CHECKING:
    from firdesk.services.session import Session
    from firdesk.ui.page import Page
    from firdesk.ui.workspace import Workspace

SUFFIX = ".firdesk"
ALL_SAVED = "Tout est enregistré"


def page_classes() -> list[type[Page]]:
    """The pages in the order of the rail; a new page is one more line here."""
    from firdesk.ui.pages.allocations import Allocations
    from firdesk.ui.pages.budget import Budget
    from firdesk.ui.pages.conventions import Conventions
    from firdesk.ui.pages.dispositifs import Dispositifs
    from firdesk.ui.pages.historique import Historique
    from firdesk.ui.pages.imports import Imports
    from firdesk.ui.pages.operateurs import Operateurs
    from firdesk.ui.pages.rapports import Rapports
    from firdesk.ui.pages.syntheses import Syntheses
    from firdesk.ui.pages.tableau_de_bord import TableauDeBord

    return [
        TableauDeBord,
        Allocations,
        Operateurs,
        Conventions,
        Budget,
        Dispositifs,
        Syntheses,
        Imports,
        Rapports,
        Historique,
    ]


class MainWindow(QMainWindow):
    """One window, one base at most."""

    #: the first paint is done: slow imports may begin
    painted = Signal()

    def __init__(self, settings: Settings, *, executor: Executor | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.jobs = Jobs(self, executor=executor)
        self.workspace: Workspace | None = None
        self._painted = self._leaving = False
        self._waiting_files: list[Path] = []
        self.accueil = Accueil()
        self._loading = EmptyState()
        self._loading.set_state("chargement", "Ouverture de la base…")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.accueil)
        self._stack.addWidget(self._loading)
        self.setCentralWidget(self._stack)
        self.progress = ProgressPanel(self._stack, self.jobs)
        Busy(self, self.jobs, self.progress)
        self.saved = ElidedText("", "petit", "faible")
        self.status = Text("", "petit", "faible")
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self.saved, 1)
        self.statusBar().addPermanentWidget(self.status)
        self.menus = Menus(self)
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        self.jobs.idle.connect(self._job_ended)
        self._place()
        self._show_accueil()

    # Bases

    @property
    def session(self) -> Session | None:
        return self.workspace.bridge.session if self.workspace is not None else None

    def open_base(self, path: Path) -> bool:
        """Open a base in place of the one shown; where it cannot be, say why and keep what is shown."""
        from firdesk.services.session import Session

        if not self._may_leave():
            return False
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            session = Session.open(path)
        except Refus as refusal:
            self._refused(refusal.message)
            return False
        finally:
            QApplication.restoreOverrideCursor()
        self._close()
        self._adopt(session)
        return True

    def _may_leave(self) -> bool:
        """Whether nothing keeps what is shown: no work under way, nothing typed and not saved."""
        if self.jobs.running:
            self.say("info", f"« {self.jobs.label} » est en cours : attendre la fin ou l'annuler.")
            return False
        return self.workspace is None or self.workspace.leave()

    def _adopt(self, session: Session) -> None:
        from firdesk.ui.workspace import Workspace

        self.settings.opened(session.path)
        year = _exercice(session, self.settings.exercices.get(str(session.path)))
        file = self.settings.file
        self.workspace = shown = Workspace(
            session, self.jobs, year, page_classes(), self.menus.commands, dossier=file.parent if file else None
        )
        shown.saved.connect(self.saved.setText)
        shown.status_changed.connect(self.status.setText)
        shown.moved.connect(self.menus.update)
        shown.bridge.exercice_changed.connect(self._remember_exercice)
        self._stack.addWidget(shown)
        self._stack.setCurrentWidget(shown)
        self.accueil.say("")
        self.setWindowTitle(f"{session.path.name} — FIRDesk")
        self.saved.setText(ALL_SAVED)
        shown.go(shown.page_classes[0].key)
        self.menus.update()

    def close_base(self) -> bool:
        """Close the base shown and come back to Accueil; ``False`` where work or a page keeps it open."""
        if not self._may_leave():
            return False
        self._close()
        self._show_accueil()
        return True

    def _close(self) -> None:
        if self.workspace is None:
            return
        closed, self.workspace = self.workspace, None
        self._stack.removeWidget(closed)
        closed.bridge.session.close()
        closed.hide()
        closed.deleteLater()

    def _show_accueil(self) -> None:
        self.accueil.set_recents(self.settings.recents)
        self._stack.setCurrentWidget(self.accueil)
        self.setWindowTitle("FIRDesk")
        self.saved.setText("")
        self.status.setText("")
        self.menus.update()

    def show_loading(self) -> None:
        """What is shown between the first paint and the base asked for on the command line."""
        self._stack.setCurrentWidget(self._loading)

    def say(self, kind: str, text: str, action: str = "", callback: object = None) -> None:
        """Tell something where the user looks: the message bar of the base, or Accueil."""
        if self.workspace is not None:
            self.workspace.bridge.message.emit(kind, text, action, callback)
        else:
            self._stack.setCurrentWidget(self.accueil)
            self.accueil.say(text, "erreur" if kind == "erreur" else "accent")

    def _refused(self, text: str) -> None:
        self.say("erreur", text)
        self.accueil.set_recents(self.settings.recents)

    def _remember_exercice(self, year: int) -> None:
        if self.session is not None:
            self.settings.exercices[str(self.session.path)] = year
            self.settings.save()

    # Pages and appearance

    def go(self, key: str, argument: object = None) -> bool:
        return self.workspace is not None and self.workspace.go(key, argument)

    def import_files(self, paths: Iterable[Path]) -> None:
        """Show what importing these files would do; without a base, make one first."""
        wanted = list(paths)
        if self.workspace is not None:
            self.workspace.bridge.navigate.emit("imports", wanted)
        else:
            self.menus.files.create_for(wanted)

    def set_theme(self, name: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            style.install(app, name)  # type: ignore[arg-type]
        self.settings.theme = name
        self.settings.save()
        self.menus.update()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event) and not self.jobs.running:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _files(event)
        if self.jobs.running:
            return
        event.acceptProposedAction()
        if len(files) == 1 and files[0].suffix.lower() == SUFFIX:
            self.open_base(files[0])
        elif files:
            self.import_files(files)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.jobs.running:
            event.ignore()
            self._ask_to_interrupt()
            return
        if not self.close_base():
            event.ignore()
            return
        self.settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        self.settings.save()
        self.jobs.shutdown()
        event.accept()

    def _ask_to_interrupt(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("FIRDesk")
        box.setText(f"« {self.jobs.label} » est en cours.")
        box.setInformativeText("L'interrompre laisse la base comme elle était avant.")
        stop = box.addButton("Interrompre et fermer", QMessageBox.ButtonRole.AcceptRole)
        stop.clicked.connect(self._interrupt)
        box.addButton("Attendre", QMessageBox.ButtonRole.RejectRole)
        box.open()

    @Slot()
    def _interrupt(self) -> None:
        self._leaving = True
        if self.jobs.running:
            self.jobs.cancel()
        else:
            self.close()

    @Slot()
    def _job_ended(self) -> None:
        if self._leaving:
            self._leaving = False
            self.close()

    def _place(self) -> None:
        self.resize(1366, 768)
        if self.settings.geometry:
            self.restoreGeometry(QByteArray.fromBase64(self.settings.geometry.encode("ascii")))


def _exercice(session: Session, remembered: int | None) -> int:
    """The exercice looked at last, else the latest that has allocations, else the latest."""
    years = session.nomenclatures.exercices()
    if remembered in years:
        return remembered
    return next((y for y in years if session.allocations.count(y)), years[0] if years else 0)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
