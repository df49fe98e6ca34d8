"""One file on its way in: read, planned, answered, written; the next files wait their turn.

Knows nothing of widgets: it runs the work through the bridge and says ``changed`` when there is something to show.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from firdesk.domain.lot import Lot
from firdesk.domain.problem import Annulation, Refus
from firdesk.domain.synthese import Axe
from firdesk.services.importing import classeur_ecarts, disparues, ecarts, run, tables
from firdesk.services.importing.brouillons import Brouillon
from firdesk.services.importing.ecarts import Ecarts
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.run import Workbook
from firdesk.services.importing.tables import Table
from firdesk.services.session import Session
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import run_export
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.pages.import_reponses import Reponses

T = TypeVar("T")
#: ``refus``: the file cannot be read, or (with a workbook) nothing known was found in it.
Etat = Literal["vide", "lecture", "refus", "interrompu", "pret", "ecriture"]


#: A plan with what it does to the amounts along each axis.
Prepare = tuple[Plan, dict[Axe, Ecarts]]


class _Bug:
    """What a job that hit a bug gives back, so that the page does not wait for ever."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class ImportEnCours(Reponses):
    """The state of the import; nothing is written before :meth:`write`."""

    changed = Signal()
    #: the lot just written
    written = Signal(object)
    #: no file is left
    finished = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._queue: deque[Path] = deque()
        self.rang = self.nombre = 0
        self.perime = False
        self._forget()
        bridge.changed.connect(self._base_changed)
        bridge.jobs.idle.connect(self._idle)

    def _forget(self) -> None:
        self.etat: Etat = "vide"
        self.chemin = Path()
        self.workbook: Workbook | None = None
        #: the tables of the workbook, listed while it is read
        self.tables: tuple[Table, ...] = ()
        self.plan: Plan | None = None
        self.refus: Refus | None = None
        self.ecarts: dict[Axe, Ecarts] = {}
        #: why the last attempt to write was refused
        self.refus_ecriture: Refus | None = None
        self.reglages = Reglages()
        self._forget_answers()
        self._repris: Brouillon | None = None
        #: the years met in the file
        self.annees: set[int] = set()
        self.perime = False

    # Files

    @property
    def actif(self) -> bool:
        return self.etat != "vide"

    def add(self, files: Iterable[Path]) -> None:
        """Put files at the end of the queue and read the first one if none is under way."""
        wanted = list(files)
        self._queue.extend(wanted)
        if self.actif:
            self.nombre += len(wanted)
            self.changed.emit()
        else:
            self.rang, self.nombre = 0, len(self._queue)
            self._next()

    def give_up(self) -> None:
        """Leave this file unwritten, for good, and go to the next one."""
        self.oublier(self.chemin)
        self._forget()
        self._next()

    # Left and taken up again

    def brouillons(self) -> list[Brouillon]:
        """The imports left before they were written."""
        return self._bridge.brouillons.de(self._bridge.session.path)

    def reprendre(self, brouillon: Brouillon) -> None:
        """Read a file again with the answers given before."""
        if self.actif or self._bridge.jobs.running:
            return
        self._queue.extend(brouillon.suite)
        self.rang, self.nombre = 1, 1 + len(self._queue)
        self._repris = brouillon
        self.chemin, self.reglages = brouillon.chemin, brouillon.reglages
        self.read()

    def oublier(self, chemin: Path) -> None:
        self._bridge.brouillons.oublier(self._bridge.session.path, chemin)

    def _garder(self) -> None:
        """Keep what was decided so far, for whoever closes the program now."""
        if self.plan is not None:
            kept = (self.chemin, self.plan.sha256, self.reglages, tuple(self._queue))
            self._bridge.brouillons.garder(self._bridge.session.path, *kept)

    def _next(self) -> None:
        if not self._queue:
            self.finished.emit()
        elif not self._bridge.jobs.running:
            self.rang += 1
            self.chemin = self._queue.popleft()
            self.read()

    def _idle(self) -> None:
        if self._queue and not self.actif:
            QTimer.singleShot(0, self, self._resume)

    def _resume(self) -> None:
        if not self.actif:
            self._next()

    # Reading and planning

    def read(self) -> None:
        """Read the file (again) in the child process, then plan."""
        session, path, reglages, repris = self._bridge.session, self.chemin, self.reglages, self._repris

        def work(progress: Progress) -> tuple[Workbook, Reglages, tuple[Table, ...], Prepare | Refus]:
            workbook = run.scan(path, progress, reglages)
            kept = repris.pour(workbook.sha256) if repris is not None else reglages
            return workbook, kept, tables.tables(workbook), _prepare(session, workbook, kept, progress)

        def done(result: tuple[Workbook, Reglages, tuple[Table, ...], Prepare | Refus]) -> None:
            self.workbook, self.reglages, self.tables = result[:3]
            self._planned(result[3])
            self._say_changed()

        self.workbook = self.plan = self.refus = None
        self._set("lecture")
        self._run(f"Lecture de {path.name}", work, done, lambda: self._set("interrompu"), self._refused)

    def reread(self, **changes: Any) -> None:
        """Read the file again with another separator or encoding; its columns are found anew."""
        self.reglages = replace(self.reglages, entete=None, colonne=None, correspondance={}, **changes)
        self.read()

    def choose_profil(self, profil: str | None) -> None:
        """Plan again with another profile, wherever its sheet is (``None``: as recognised)."""
        self.replan(profil=profil, feuille=None, entete=None, colonne=None, correspondance={})

    def choose_feuille(self, feuille: str | None) -> None:
        self.replan(feuille=feuille, entete=None, colonne=None, correspondance={})

    def choose_table(self, table: Table) -> None:
        """Plan again with another table of the workbook, read as what it was recognised as."""
        self.replan(profil=None, **table.reglages(self.tables), correspondance={})

    def choose_exercice(self, exercice: int | None) -> None:
        self.replan(exercice=exercice)

    def decide(self, answers: Mapping[str, str | None]) -> None:
        """Answer several questions at once, ``None`` to ask again; vanished lines are decided without a new reading."""
        plan = self.plan
        if plan is None or self.etat != "pret":
            return
        made = {**self.reglages.decisions, **answers}
        wanted = {question: choix for question, choix in made.items() if choix is not None}
        if self.perime or not disparues.suffisent(plan, answers):
            self._decide(wanted)
            return
        self._avant.append(self.reglages.decisions)
        self.reglages = replace(self.reglages, decisions=wanted)
        self.plan = disparues.choisir(plan, wanted)
        self.ecarts = ecarts.revoir(self._bridge.session, self.ecarts, plan.disparues, self.plan.disparues)
        self._garder()
        self.changed.emit()

    def replan(self, **changes: Any) -> None:
        """Compute the differences again with other options; cancelled, everything stays as it was."""
        workbook = self.workbook
        if workbook is None:
            return
        before = self.reglages
        wanted = self.reglages = replace(before, **changes)
        session = self._bridge.session

        def work(progress: Progress) -> Prepare | Refus:
            return _prepare(session, workbook, wanted, progress)

        def back() -> None:
            self.reglages = before
            self.changed.emit()

        self._run("Calcul des différences", work, self._planned, back, self._refused)

    def _planned(self, result: Prepare | Refus) -> None:
        self.perime = False
        self.refus_ecriture = None
        self.plan, self.ecarts = (None, {}) if isinstance(result, Refus) else result
        self.refus = result if isinstance(result, Refus) else None
        self.annees.update(self.plan.exercices if self.plan is not None else ())
        self._garder()
        self._set("refus" if self.plan is None else "pret")

    def _say_changed(self) -> None:
        """Tell what became of the answers when a file taken up again is not the one that was left."""
        repris, self._repris = self._repris, None
        if repris is None or self.plan is None or repris.sha256 == self.plan.sha256:
            return
        asked = {i for q in self.toutes for i in (q.id, q.tous)}
        kept = sum(1 for i, answer in self.reglages.decisions.items() if answer and i in asked)
        told = f"« {repris.nom} » a changé depuis : différences recalculées, {kept} réponse(s) gardée(s)."
        self._bridge.message.emit("info", told, "", None)

    def _refused(self, refusal: Exception) -> None:
        self.refus = refusal if isinstance(refusal, Refus) else Refus(str(refusal))
        self.plan = None
        self._set("refus")

    def freshen(self) -> None:
        """Plan again if the base has changed since; called when the page is looked at."""
        if self.perime and self.etat == "pret" and not self._bridge.jobs.running:
            self.replan()

    def _base_changed(self) -> None:
        if self.etat == "pret":
            self.perime = True

    # Writing

    def write(self, *, insister: bool = False) -> None:
        """Write the plan as one operation; a plan older than the base is made again and shown instead."""
        plan, session = self.plan, self._bridge.session
        if plan is None or self.etat != "pret":
            return
        if self.perime:
            self._bridge.message.emit(
                "info", "La base a changé depuis la lecture : vérifier les différences recalculées.", "", None
            )
            self.replan()
            return

        def refused(refusal: Exception) -> None:
            self.refus_ecriture = refusal if isinstance(refusal, Refus) else Refus(str(refusal))
            self._set("pret")

        def cancelled() -> None:
            self._bridge.message.emit("info", "Import interrompu : la base n'a pas changé.", "", None)
            self._set("pret")

        def done(lot: Lot) -> None:
            self.oublier(self.chemin)
            self._forget()
            self.written.emit(lot)
            self._next()

        self.refus_ecriture = None
        self._set("ecriture")
        self._run(
            f"Import de {plan.fichier}",
            lambda progress: run.execute(session, plan, progress, insister=insister),
            done,
            cancelled,
            refused,
        )

    def export(self, path: Path) -> None:
        """Write the differences of the plan in a workbook."""
        plan, found = self.plan, self.ecarts
        if plan is None:
            return

        def write(progress: Progress) -> None:
            classeur_ecarts.ecrire(path, plan, found, progress)

        run_export(self._bridge, path, write, "Export des différences")

    # Work

    def _run(
        self,
        label: str,
        work: Callable[[Progress], T],
        on_done: Callable[[T], object],
        on_cancel: Callable[[], object],
        on_error: Callable[[Exception], object],
    ) -> None:
        def guarded(progress: Progress) -> T | _Bug:
            try:
                return work(progress)
            except (Refus, Annulation):
                raise
            except Exception as error:  # told by the bridge, and here so that the page goes on
                return _Bug(error)

        def done(result: T | _Bug) -> None:
            if isinstance(result, _Bug):
                self._bridge.fail(result.error)
                on_error(Refus("Une erreur imprévue a interrompu ce travail. La base est intacte."))
            else:
                on_done(result)

        if not self._bridge.run(label, guarded, done, on_cancel=on_cancel, on_error=on_error):
            on_cancel()

    def _set(self, etat: Etat) -> None:
        self.etat = etat
        self.changed.emit()


def _prepare(session: Session, workbook: Workbook, reglages: Reglages, progress: Progress) -> Prepare | Refus:
    """The plan of a workbook, or why there is none."""
    try:
        plan = run.plan(session, workbook, reglages, progress)
    except Refus as refusal:
        return refusal
    return plan, ecarts.tous(session, plan)
