"""Everything about an import that was written: its choices in words, taking it back, what stands in the way.

Its figures and findings are read from the base, or from the journal once it was undone.
"""

from collections.abc import Sequence
from dataclasses import asdict

from firdesk.domain.execution import LigneExecution
from firdesk.domain.historique import Obstacle
from firdesk.domain.lot import Constat, Lot, Suivi
from firdesk.domain.problem import Refus
from firdesk.services.importing.profiles import PROFILS
from firdesk.services.importing.reglages import Reglages
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session

Choix = tuple[str, str, str]
_TEXTES = {"\t": "tabulation", " ": "espace"}


def tous(session: Session) -> list[Suivi]:
    """Every import ever written, latest first, those undone too."""
    return session.lots.tous(session.imports.lots())


def suivi(session: Session, number: int) -> Suivi | None:
    """An import in force by its number."""
    lot = session.imports.lot(number)
    if lot is None:
        return None
    return next((s for s in session.lots.tous([lot]) if s.en_vigueur), Suivi(lot, None))


def constats(session: Session, suivi: Suivi) -> list[Constat]:
    """What was said of its cells, and what was decided."""
    if suivi.en_vigueur:
        return session.imports.constats(suivi.lot.id or 0)
    return session.lots.constats(suivi.operation or 0)


def lignes_execution(session: Session, suivi: Suivi) -> list[LigneExecution]:
    """What an import in force wrote of the budget's execution."""
    return session.lots.lignes_execution(suivi.lot.id or 0) if suivi.en_vigueur else []


def choix(lot: Lot, constats: Sequence[Constat]) -> list[Choix]:
    """(what was chosen, the choice, who chose) of an import: table, columns, answers."""
    try:
        made = Reglages.from_json(lot.reglages)
    except ValueError:
        made = Reglages()
    found: list[Choix] = [
        ("Profil", lot.profil, _par(made.profil)),
        ("Feuille", f"« {lot.feuille} »", _par(made.feuille)),
    ]
    if made.entete is not None:
        found.append(("Ligne d'en-têtes", str(made.entete), _par(made.entete)))
    if made.exercice is not None:
        found.append(("Exercice", str(made.exercice), _par(made.exercice)))
    if made.separateur is not None:
        found.append(("Séparateur", f"« {_TEXTES.get(made.separateur, made.separateur)} »", _par(made.separateur)))
    if made.encodage is not None:
        found.append(("Encodage", made.encodage, _par(made.encodage)))
    found += [(f"Colonne {_entete(lot.profil, c)}", where, "choisi") for c, where in made.correspondance.items()]
    found += [(c.lu, c.attendu, c.remede) for c in constats if c.genre == "decision"]
    if not any(c.genre == "decision" for c in constats):
        found += [(q, said.removeprefix("="), "choisi") for q, said in made.decisions.items()]
    return found


def as_json(suivi: Suivi, choix: Sequence[Choix]) -> dict[str, object]:
    """The object of ``imports --json``: the figures of the import (amounts in cents), its choices, its state."""
    figures = asdict(suivi.lot)
    figures.pop("reglages")
    centimes = {k: f"{k}_centimes" for k in figures if k.startswith(("total_", "notifie_"))}
    return {
        "lot": figures.pop("id") if suivi.en_vigueur else None,
        "operation": suivi.operation,
        "auteur": suivi.auteur,
        "annule_le": suivi.annule_le or None,
        **{centimes.get(k, k): v for k, v in figures.items() if k != "id"},
        "choix": [{"question": q, "choix": c, "par": who} for q, c, who in choix],
    }


def _par(value: object) -> str:
    return "reconnu" if value is None else "choisi"


def _entete(profil: str, champ: str) -> str:
    try:
        return f"« {PROFILS[profil].champ(champ).entete} »"
    except (KeyError, StopIteration):
        return f"« {champ} »"


def obstacles(session: Session, operation: int) -> list[Obstacle]:
    """The later operations that must be undone before this one, latest first."""
    return session.operations.obstacles(operation)


def annuler(
    session: Session, operation: int, avec: Sequence[Obstacle] = (), progress: Progress | None = None
) -> list[int]:
    """Undo an operation after those that stand in its way, in their order; the operations of undo, first to last.

    All of them or none: what was undone is done again where the next is refused or the user gives up.
    """
    told = progress or Silent()
    done: list[int] = []
    try:
        for number in [*(o.operation.id for o in avec), operation]:
            done.append(session.revert(number, told).operation)
    except BaseException:
        for undone in reversed(done):
            session.revert(undone)
        raise
    return done


def retablir(session: Session, suivi: Suivi, progress: Progress | None = None) -> None:
    """Do again an import that was undone; ``Refus`` where it is in force or something stands in the way."""
    if suivi.annulation is None:
        raise Refus(f"« {suivi.lot.fichier} » est déjà en vigueur.")
    session.revert(suivi.annulation, progress)
