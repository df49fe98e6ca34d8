"""One open base and everything that may be asked of it; the only door to the store for the layers above."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from firdesk.domain.problem import Refus
from firdesk.services.progress import Progress, Silent
from firdesk.store import database
from firdesk.store.alertes import Alertes
from firdesk.store.allocations import Allocations
from firdesk.store.atterrissages import Atterrissages
from firdesk.store.budgets import Budgets
from firdesk.store.conventions import Conventions
from firdesk.store.database import Changes
from firdesk.store.dispositifs import Dispositifs
from firdesk.store.engagements import Engagements
from firdesk.store.exercices import Exercices
from firdesk.store.import_profils import ImportProfils
from firdesk.store.imports import Imports
from firdesk.store.indicateurs import Indicateurs
from firdesk.store.lieux import Lieux
from firdesk.store.lots import Lots
from firdesk.store.nomenclatures import Nomenclatures
from firdesk.store.operateur_fiches import OperateurFiches
from firdesk.store.operateurs import Operateurs
from firdesk.store.operations import Operations
from firdesk.store.paiements import Paiements
from firdesk.store.provenances import Provenances
from firdesk.store.rapprochements import Rapprochements
from firdesk.store.recettes import Recettes
from firdesk.store.syntheses import Syntheses

__all__ = ["LIBELLE_DEMONSTRATION", "Changes", "Session", "create"]

#: How the operation that creates the demonstration base is called: by this name the base is known for what it is.
LIBELLE_DEMONSTRATION = "Créer la base de démonstration"


class Session:
    """Repositories to read from, :meth:`operation` to write, undo and redo; observers hear of every change."""

    def __init__(self, base: database.Base) -> None:
        self.base = base
        #: The day (ISO) to take for today, the real one where empty.
        self.date = ""
        self.nomenclatures = Nomenclatures(base)
        self.operateurs = Operateurs(base)
        self.alertes = Alertes(base)
        self.allocations = Allocations(base, self.jour)
        self.atterrissages = Atterrissages(base)
        self.budgets = Budgets(base)
        self.conventions = Conventions(base)
        self.engagements = Engagements(base)
        self.exercices = Exercices(base)
        self.imports = Imports(base)
        self.import_profils = ImportProfils(base)
        self.lots = Lots(base)
        self.paiements = Paiements(base)
        self.syntheses = Syntheses(base)
        self.operations = Operations(base)
        self.provenances = Provenances(base)
        self.recettes = Recettes(base)
        self.lieux = Lieux(base)
        self.operateur_fiches = OperateurFiches(base)
        self.dispositifs = Dispositifs(base)
        self.indicateurs = Indicateurs(base)
        self.rapprochements = Rapprochements(base)
        self._observers: list[Callable[[Changes], None]] = []

    @classmethod
    def open(cls, path: Path) -> "Session":
        return cls(database.open_base(path))

    def jour(self) -> str:
        """Today (ISO): what is past depends on it."""
        return self.date or datetime.now(UTC).astimezone().date().isoformat()

    @property
    def path(self) -> Path:
        return self.base.path

    @property
    def exercice(self) -> int:
        """The exercice to show first: the latest that has allocations, else the latest opened."""
        years = self.nomenclatures.exercices()
        return next((y for y in years if self.allocations.count(y)), years[0] if years else 0)

    @property
    def demonstration(self) -> bool:
        """Whether this is the demonstration base, whose operators do not exist."""
        return self.operations.get(1).libelle == LIBELLE_DEMONSTRATION

    def close(self) -> None:
        self.base.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def operation(self, libelle: str, *, nature: str = "saisie", en_masse: Progress | None = None) -> Iterator[None]:
        """Everything written in the block is one operation: kept whole or not at all, undone in one gesture.

        ``en_masse``, which may cancel it to the end, is for one that writes more rows than there are.
        """
        keys = self.base.keys_last(en_masse.check) if en_masse is not None else nullcontext()
        with keys, self.base.operation(libelle, nature=nature) as done:
            yield
        for changes in done:
            self._tell(changes)

    def observe(self, observer: Callable[[Changes], None]) -> None:
        """Call ``observer`` after each operation, on the thread that made it."""
        self._observers.append(observer)

    def undo(self, progress: Progress | None = None) -> Changes:
        """Undo the user's latest operation in force."""
        target = self.operations.next_undo()
        if target is None:
            raise Refus("Il n'y a rien à annuler.")
        return self.revert(target.id, progress)

    def redo(self, progress: Progress | None = None) -> Changes:
        """Redo the latest undone operation, if nothing new was done since."""
        target = self.operations.next_redo()
        if target is None:
            raise Refus("Il n'y a rien à rétablir.")
        return self.revert(target.id, progress)

    def revert(self, number: int, progress: Progress | None = None) -> Changes:
        """Undo any operation (redo it if it is an undo); refused when later changes stand in the way."""
        told = progress or Silent()

        def check(done: int, total: int) -> None:
            told.check()
            told.report(done, total, "Annulation en cours")

        changes = self.operations.undo(number, check)
        self._tell(changes)
        return changes

    def _tell(self, changes: Changes) -> None:
        for observer in list(self._observers):
            observer(changes)


def create(path: Path, exercices: tuple[int, ...], *, libelle: str = "Créer la base") -> None:
    """Write a new base with the reference data and these exercices; ``libelle`` names its first operation."""

    def populate(base: database.Base) -> None:
        with base.operation(libelle, nature="systeme"):
            nomenclatures = Nomenclatures(base)
            nomenclatures.load_reference()
            for annee in exercices:
                nomenclatures.open_exercice(annee)

    database.create(path, populate)
