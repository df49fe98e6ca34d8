"""A small base for the tests of the budget: 2024 with one version, 2025 with two, operators and their money."""

from pathlib import Path

from firdesk.domain.allocation import Allocation
from firdesk.domain.budget import LigneBudget, VersionBudget, Virement
from firdesk.domain.execution import LigneExecution, Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.recette import Flechage, Recette
from firdesk.services import budgets, recettes
from firdesk.services.session import Session, create

GERIATRIE, CANCER, INVEST = "MI2-3-8", "MI1-2-9", "MI4-2-8"
LIGNES = (
    LigneBudget(GERIATRIE, "Intervention", 1_000_00, 900_00),
    LigneBudget(CANCER, "Intervention", 500_00, 400_00),
    LigneBudget(INVEST, "Intervention", 3_000_00, 3_000_00),
)


def open_small(path: Path) -> Session:
    """The base, just made."""
    create(path, (2024, 2025, 2026))
    session = Session.open(path)
    with session.operation("Saisir des opérateurs"):
        for name in ("CH de Laon", "Commande publique"):
            session.operateurs.add(Operateur(nom=name, departement="02"))
    return session


def vote(session: Session, code: str, exercice: int = 2025, lignes: tuple[LigneBudget, ...] = LIGNES) -> VersionBudget:
    """A version voted with these lines."""
    budgets.creer(session, VersionBudget(exercice, code, 0), lignes)
    return budgets.version(session, exercice, code)


def fund(session: Session, destination: str, canal: str = "operateur", exercice: int = 2025, **cents: int) -> int:
    """An allocation with one mouvement a nature; its number."""
    moves = tuple(Mouvement(Nature(n), exercice, c) for n, c in cents.items())
    with session.operation("Financer"):
        return session.allocations.add(
            Allocation(exercice, 1, destination, theme="PA", enveloppe="SANITAIRE", canal=canal, mouvements=moves)
        )


def snapshot(session: Session, date: str = "2025-12-31", **lines: tuple[int | None, int | None, int, int]) -> None:
    """A SIBC snapshot of 2025: AE, CP, EJ, décaissements by destination (``_`` for ``-``)."""
    with session.operation("Importer SIBC", nature="import"):
        number = session.budgets.add_instantane(2025, date, None)
        rows = [LigneExecution(k.replace("_", "-"), "", "Intervention", *v) for k, v in lines.items()]
        session.budgets.add_lignes_execution(number, rows)


def virement(version: VersionBudget, ae: int = 100_00, cp: int = 0) -> Virement:
    """From geriatrics to cancer."""
    return Virement(version.id or 0, GERIATRIE, "Intervention", CANCER, "Intervention", ae, cp, "Fongibilité")


def delegate(session: Session, montant: int, **more: object) -> int:
    """An arrêté, its whole amount fongible; its number."""
    given = {"nature": "arrete_initial", "source": "assurance_maladie", "date": "2025-03-12"} | more
    return recettes.enregistrer(session, recettes.remettre_parts(Recette(2025, montant=montant, **given)))  # type: ignore[arg-type]


__all__ = ["Flechage", "delegate", "fund", "open_small", "snapshot", "virement", "vote"]
