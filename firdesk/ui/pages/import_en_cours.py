"""One file on its way in: read, planned, answered, written; the next files wait their turn.

Knows nothing of widgets: it runs the work through the bridge and says ``changed`` when there is something to show.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from firdesk.domain.lot import Constat, Lot
from firdesk.domain.problem import Annulation, Refus
from firdesk.domain.synthese import Axe
from firdesk.services.importing import ecarts, run
from firdesk.services.importing.ecarts import Ecarts
from firdesk.services.importing.execute import REJETS_TOLERES, SEUIL_REJETS
from firdesk.services.importing.plan import Plan, Question
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.run import Workbook
from firdesk.services.session import Session
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.jobs import Progress

T = TypeVar("T")
#: ``refus``: the file cannot be read, or (with a workbook) nothing known was found in it.
Etat = Literal["vide", "lecture", "refus", "interrompu", "pret", "ecriture"]


#: A plan with what it does to the amounts along each axis.
Prepare = tuple[Plan, dict[Axe, Ecarts]]


class _Bug:
    """What a job that hit a bug gives back, so that the page does not wait for ever."""

    def __init__(self, error: Exception) -> None:
        self.error = error


class ImportEnCours(QObject):
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
        self.plan: Plan | None = None
        self.refus: Refus | None = None
        self.ecarts: dict[Axe, Ecarts] = {}
        #: why the last attempt to write was refused
        self.refus_ecriture: Refus | None = None
        self.reglages = Reglages()
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
        """Leave this file unwritten and go to the next one."""
        self._forget()
        self._next()

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
        session, path, reglages = self._bridge.session, self.chemin, self.reglages

        def work(progress: Progress) -> tuple[Workbook, Prepare | Refus]:
            workbook = run.scan(path, progress, reglages)
            return workbook, _prepare(session, workbook, reglages, progress)

        def done(result: tuple[Workbook, Prepare | Refus]) -> None:
            self.workbook = result[0]
            self._planned(result[1])

        self.workbook = self.plan = self.refus = None
        self._set("lecture")
        self._run(f"Lecture de {path.name}", work, done, lambda: self._set("interrompu"), self._refused)

    def reread(self, **changes: Any) -> None:
        """Read the file again with another separator or encoding; its columns are found anew."""
        self.reglages = replace(self.reglages, entete=None, correspondance={}, **changes)
        self.read()

    def choose_profil(self, profil: str | None) -> None:
        """Plan again with another profile, wherever its sheet is (``None``: as recognised)."""
        self.replan(profil=profil, feuille=None, entete=None, correspondance={})

    def choose_feuille(self, feuille: str | None) -> None:
        self.replan(feuille=feuille, entete=None, correspondance={})

    def choose_exercice(self, exercice: int | None) -> None:
        self.replan(exercice=exercice)

    def answer(self, question: str, choix: str) -> None:
        """Decide for all the lines of a question."""
        self.replan(decisions={**self.reglages.decisions, question: choix})

    def take_back(self, question: str) -> None:
        """Ask again."""
        self.replan(decisions={k: v for k, v in self.reglages.decisions.items() if k != question})

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
        self._set("refus" if self.plan is None else "pret")

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

    # Questions

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.plan.questions if self.plan is not None else ()

    @property
    def a_decider(self) -> tuple[Question, ...]:
        """The questions nobody has answered."""
        return tuple(q for q in self.questions if q.id not in self.reglages.decisions)

    def accept_defaults(self) -> None:
        """Take as answers the defaults of the questions left alone; the plan is already made with them."""
        taken = {q.id: q.defaut for q in self.a_decider if q.defaut}
        self.reglages = replace(self.reglages, decisions={**self.reglages.decisions, **taken})

    @property
    def bloquantes(self) -> tuple[Question, ...]:
        """Those among them that have no answer of their own."""
        return tuple(q for q in self.a_decider if not q.defaut)

    @property
    def rejets(self) -> tuple[Constat, ...]:
        """The rejects but those that only wait for an answer."""
        waiting = {(q.id.partition(":")[2], q.titre) for q in self.bloquantes}
        found = self.plan.rejets if self.plan is not None else ()
        return tuple(c for c in found if not any(c.lu.strip() == t and c.attendu in said for t, said in waiting))

    @property
    def rejetees(self) -> int:
        """How many lines are rejected whatever the answers."""
        if self.plan is None or not self.bloquantes:
            return self.plan.rejetees if self.plan is not None else 0
        return len({c.cellule.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for c in self.rejets})

    # Writing

    @property
    def trop_de_rejets(self) -> bool:
        """Whether writing needs to be asked for twice, as too many lines are rejected."""
        plan = self.plan
        if plan is None or plan.rejetees >= plan.lues:
            return False
        return plan.rejetees > REJETS_TOLERES and plan.rejetees > SEUIL_REJETS * plan.lues

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
