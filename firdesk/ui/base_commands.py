"""The verbs of the menus that deal with files: create, open, demonstrate, export, verify, undo, help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from firdesk.domain.problem import Annulation, Refus
from firdesk.ui import errors
from firdesk.ui.kit.jobs import Progress

if TYPE_CHECKING:
    from firdesk.ui.main_window import MainWindow
    from firdesk.ui.pages.allocation_actions import LineActions

T = TypeVar("T")
BASES = "Bases FIRDesk (*.firdesk)"
SHEETS = "Classeurs et exports (*.xlsx *.xlsm *.xls *.xlsb *.ods *.csv *.txt);;Tous les fichiers (*)"
DEMONSTRATION = "demonstration.firdesk"


class BaseCommands:
    """Asks for files where it must, runs long work on the worker, tells the window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        accueil = window.accueil
        accueil.demonstration.connect(self.demonstration)
        accueil.importer.connect(self.choose_import)
        accueil.creer.connect(self.create)
        accueil.ouvrir.connect(self.choose)
        accueil.recent.connect(window.open_base)

    # Bases

    def choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Ouvrir une base", str(documents()), BASES)
        if chosen:
            self._window.open_base(Path(chosen))

    def create(self) -> None:
        if path := self._ask_new():
            self.create_at(path, [])

    def create_for(self, files: Sequence[Path]) -> None:
        """Make a base beside the files to import, then import them."""
        folder = files[0].parent if files else documents()
        if path := self._ask_new(folder, "Où enregistrer la base qui recevra cet import ?"):
            self.create_at(path, files)

    def create_at(self, path: Path, files: Sequence[Path]) -> None:
        """Create a base, open it, and show the import of ``files`` if there are any."""
        from firdesk.services import session

        def opened(_: object) -> None:
            if self._window.open_base(path) and files:
                self._window.go("imports", list(files))

        year = date.today().year  # noqa: DTZ011 - the user's own year
        self._run("Création de la base", lambda _: session.create(path, (year,)), opened)

    def _ask_new(self, folder: Path | None = None, title: str = "Créer une base") -> Path | None:
        year = date.today().year  # noqa: DTZ011 - the user's own year
        name = str((folder or documents()) / f"fir-{year}.firdesk")
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, name, BASES)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(".firdesk")

    def demonstration(self) -> None:
        """Open the demonstration base of the Documents folder, built now if it is not there."""
        self.demonstration_at(documents() / DEMONSTRATION)

    def demonstration_at(self, path: Path) -> None:
        if path.exists():
            self._window.open_base(path)
            return
        from firdesk.services import demonstration

        self._run(
            "Construction de la base de démonstration",
            lambda progress: demonstration.build(path, progress=progress),
            lambda _: self._window.open_base(path),
        )

    # Data

    def choose_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self._window, "Importer", str(documents()), SHEETS)
        if chosen:
            self._window.import_files([Path(c) for c in chosen])

    def export(self) -> None:
        session = self._window.session
        if session is None:
            return
        name = session.path.with_name(f"{session.path.stem}-allocations.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Exporter les allocations", str(name), "Classeur Excel (*.xlsx);;CSV (*.csv)"
        )
        if chosen:
            path = Path(chosen)
            self.export_to(path if path.suffix else path.with_suffix(".xlsx"))

    def export_to(self, path: Path) -> None:
        """Write the allocations of the exercice looked at."""
        from firdesk.services import exporting

        workspace = self._window.workspace
        if workspace is None:
            return
        bridge = workspace.bridge
        session, year = bridge.session, bridge.exercice
        bridge.run(
            "Export vers Excel",
            lambda progress: exporting.export(session, path, exercice=year, progress=progress),
            lambda _: bridge.message.emit("succes", f"Exporté : {path.name}", "Ouvrir", lambda: open_file(path)),
        )

    def verify(self) -> None:
        """Run the checks of the base and tell what they found."""
        from firdesk.services import verification
        from firdesk.ui.dialogs import verification as dialog

        workspace = self._window.workspace
        if workspace is None:
            return
        session = workspace.bridge.session
        workspace.bridge.run(
            "Vérification de la base",
            lambda _: verification.verify(session),
            lambda controles: dialog.show(self._window, controles),
        )

    def merge_operators(self) -> None:
        """Put two operators side by side, to make one of them."""
        from firdesk.ui.dialogs import fusion_operateurs

        workspace = self._window.workspace
        if workspace is not None and workspace.leave():
            fusion_operateurs.show(self._window, workspace.bridge)

    def places(self) -> None:
        """Say where the allocations selected in their page act."""
        if (lines := self._lines()) is not None:
            lines.places()

    def commit(self) -> None:
        """Commit the allocations selected in their page for what was notified."""
        if (lines := self._lines()) is not None:
            lines.commit()

    def _lines(self) -> LineActions | None:
        """What is done to the lines selected in the page of allocations, which is shown."""
        from firdesk.ui.pages.allocations import Allocations

        workspace = self._window.workspace
        page = workspace.current if workspace is not None and workspace.go("allocations") else None
        return page.actions_on_lines if isinstance(page, Allocations) else None

    def assign_scheme(self) -> None:
        """Say of which scheme many allocations are."""
        from firdesk.ui.dialogs.affectation_dispositif import AffectationDispositif

        workspace = self._window.workspace
        if workspace is not None and workspace.leave():
            AffectationDispositif(workspace.bridge, self._window).open()

    def load_report(self, year: int) -> None:
        """Load the figures of a published report as indicators and « dont » of the schemes."""
        from firdesk.ui.pages.dispositifs import Dispositifs

        workspace = self._window.workspace
        if workspace is not None and workspace.go("dispositifs"):
            page = workspace.current
            if isinstance(page, Dispositifs):
                page.load_report(year)

    def undo(self) -> None:
        if self._window.workspace is not None:
            self._window.workspace.bridge.undo()

    def redo(self) -> None:
        if self._window.workspace is not None:
            self._window.workspace.bridge.redo()

    def guide(self) -> None:
        """Show the guide beside the work, at what it says of the page looked at."""
        from firdesk.ui.dialogs import guide

        workspace = self._window.workspace
        current = workspace.current if workspace is not None else None
        if guide.installed():
            guide.show(self._window, current.guide if current is not None else "")
        else:
            self._window.say("info", "Le guide n'est pas installé avec cette copie du programme.")

    # Work without a base

    def _run(self, label: str, work: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        window = self._window
        window.accueil.say("")
        started = window.jobs.start(work, label=label, on_done=done, on_error=self._failed)
        if not started:
            window.say("info", f"« {window.jobs.label} » est en cours : attendre la fin ou l'annuler.")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Annulation):
            self._window.say("info", "Interrompu : rien n'a été écrit.")
        elif isinstance(error, Refus):
            self._window.say("erreur", error.message)
        else:
            reference = errors.record(error)
            self._window.say("erreur", f"Une erreur imprévue s'est produite (référence {reference}).")


def documents() -> Path:
    """The user's Documents folder, or their home."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(found) if found else Path.home()
    return folder if folder.is_dir() else Path.home()


def open_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
