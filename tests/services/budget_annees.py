"""A small base of two exercices, written line by line: what tests of the budget over the years start from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from firdesk.domain.allocation import Allocation
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.execution import LigneExecution, Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services import session as sessions
from firdesk.services.session import Session

D, AUTRE, TIERCE = "MI2-3-8", "MI1-2-9", "MI3-3-2"


@dataclass
class Annees:
    """Short ways to write in the base; amounts in euros."""

    session: Session
    operateur: int

    def ligne(
        self,
        *amounts: tuple[Nature, float] | tuple[Nature, float, int],
        annee: int = 2025,
        ou: str = D,
        **fields: object,
    ) -> int:
        """One allocation; an amount may name another exercice than its own."""
        with self.session.operation("Écrire une ligne"):
            return self.session.allocations.add(self.allocation(*amounts, annee=annee, ou=ou, **fields))

    def allocation(
        self,
        *amounts: tuple[Nature, float] | tuple[Nature, float, int],
        annee: int = 2025,
        ou: str = D,
        **fields: object,
    ) -> Allocation:
        """The same, not written."""
        values: dict[str, object] = {"theme": "PA", "ej": "E1_01", **fields}
        moves = tuple(Mouvement(m[0], m[2] if len(m) > 2 else annee, round(m[1] * 100)) for m in amounts)
        return Allocation(annee, self.operateur, ou, mouvements=moves, **values)  # type: ignore[arg-type]

    def sibc(self, engage: dict[str, float], *, annee: int = 2025, jour: str = "-12-31") -> None:
        """A snapshot: EJ validés by destination, as much paid."""
        with self.session.operation("Importer SIBC"):
            number = self.session.budgets.add_instantane(annee, f"{annee}{jour}", None)
            self.session.budgets.add_lignes_execution(
                number,
                [LigneExecution(d, "", "", None, None, round(e * 100), round(e * 100)) for d, e in engage.items()],
            )

    def budget(self, ouvert: dict[str, float], *, annee: int = 2025) -> None:
        """A version that opens as much AE as CP."""
        lines: Sequence[LigneBudget] = [LigneBudget(d, "", round(x * 100), round(x * 100)) for d, x in ouvert.items()]
        with self.session.operation("Saisir le budget"):
            self.session.budgets.add_version(VersionBudget(annee, "BR1", 1), lines)


def creer(path: Path) -> None:
    """An empty base of 2024 and 2025 with one operator, number 1."""
    sessions.create(path, (2024, 2025))
    with Session.open(path) as session, session.operation("Créer l'opérateur"):
        session.operateurs.add(Operateur(nom="CH de Laon", departement="02"))
