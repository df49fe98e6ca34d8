"""What every page shares: the open session, the exercice looked at, long work, messages and moving between pages."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from firdesk.domain.problem import Annulation, Refus
from firdesk.services.importing.brouillons import Brouillons
from firdesk.services.session import Changes, Session
from firdesk.ui import errors
from firdesk.ui.kit.jobs import Jobs, Progress

T = TypeVar("T")


class Bridge(QObject):
    """Signals between pages that do not know each other; created with each open base, gone when it closes."""

    #: an operation changed the base (``Changes``), on the GUI thread
    changed = Signal(object)
    exercice_changed = Signal(int)
    #: go to a page: its key and what it should show (a ``Filtre``, a lot number, a report name…, or None)
    navigate = Signal(str, object)
    #: kind (info, succes, alerte, erreur), text, label of the action or "", callback or None
    message = Signal(str, str, str, object)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        exercice: int,
        parent: QObject | None = None,
        *,
        dossier: Path | None = None,
    ) -> None:
        super().__init__(parent)
        #: imports left before they were written, in the user's folder
        self.brouillons = Brouillons(dossier)
        self.session = session
        self.jobs = jobs
        self.exercice = exercice
        self._pending: list[Changes] = []
        session.observe(self._pending.append)

    def set_exercice(self, annee: int) -> None:
        if annee != self.exercice:
            self.exercice = annee
            self.exercice_changed.emit(annee)

    def perform(self, action: Callable[[], T], *, done: str = "") -> T | None:
        """Run a quick change here and now; a refusal goes to the message bar and gives ``None``.

        ``done`` is said afterwards beside *Annuler* when something did change.
        """
        if self.jobs.running:
            self._say_busy()
            return None
        try:
            result = action()
        except Refus as refusal:
            self.message.emit("erreur", refusal.message, "", None)
            return None
        finally:
            changed = self._deliver()
        if changed and done:
            self.message.emit("succes", done, "Annuler (Ctrl+Z)", self.undo)
        return result

    def run(
        self,
        label: str,
        work: Callable[[Progress], T],
        on_done: Callable[[T], object],
        *,
        on_cancel: Callable[[], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
    ) -> bool:
        """Run long work on the worker with progress and *Annuler*; ``False`` while other work is running."""

        def finished(result: T) -> None:
            self._deliver()
            on_done(result)

        def failed(error: Exception) -> None:
            self._deliver()
            if isinstance(error, Annulation):
                (on_cancel or self._say_cancelled)()
            elif on_error is not None and isinstance(error, Refus):
                on_error(error)
            else:
                self.fail(error)

        started = self.jobs.start(work, on_done=finished, on_error=failed, label=label)
        if not started:
            self._say_busy()
        return started

    def fail(self, error: Exception) -> None:
        """Say a refusal in the message bar; a bug gets a report the user may copy."""
        if isinstance(error, Refus):
            self.message.emit("erreur", error.message, "", None)
        else:
            reference = errors.record(error)
            self.message.emit(
                "erreur",
                f"Une erreur imprévue s'est produite (référence {reference}). La base est intacte.",
                "Copier le rapport",
                lambda: errors.copy(reference),
            )

    def undo(self) -> None:
        target = self.session.operations.next_undo()
        if target is None:
            self.message.emit("info", "Il n'y a rien à annuler.", "", None)
        else:
            self.revert(target.id, f"Annulé : {target.libelle}", "Rétablir (Ctrl+Y)", self.redo)

    def redo(self) -> None:
        target = self.session.operations.next_redo()
        if target is None:
            self.message.emit("info", "Il n'y a rien à rétablir.", "", None)
        else:
            label = target.libelle.removeprefix("Annuler : ")
            self.revert(target.id, f"Rétabli : {label}", "Annuler (Ctrl+Z)", self.undo)

    def revert(self, number: int, said: str, action: str = "", then: Callable[[], object] | None = None) -> None:
        """Undo or redo one operation on the worker, since an import may hold many lines."""
        self.run(
            "Annulation",
            lambda progress: self.session.revert(number, progress),
            lambda _: self.message.emit("succes", said, action, then),
        )

    def _say_busy(self) -> None:
        self.message.emit("info", f"« {self.jobs.label} » est en cours : attendre la fin ou l'annuler.", "", None)

    def _say_cancelled(self) -> None:
        self.message.emit("info", "Interrompu : la base n'a pas changé.", "", None)

    def _deliver(self) -> bool:
        pending, self._pending[:] = list(self._pending), []
        for changes in pending:
            self.changed.emit(changes)
        return bool(pending)
