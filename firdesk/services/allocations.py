"""Typing an allocation: check, save, duplicate, delete; each one operation."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Problem, Refus, Severity, require
from firdesk.services import engagements
from firdesk.services.session import Changes, Session

#: The amounts the form shows, one field each.
NATURES_SAISIES = (Nature.SAISIE, Nature.NOTIFICATION, Nature.ENGAGEMENT, Nature.PAIEMENT)


@dataclass(frozen=True, slots=True)
class Brouillon:
    """What the form holds: the allocation without its money, and one total a nature in cents (``None``: none)."""

    allocation: Allocation
    montants: dict[Nature, int | None]


def brouillon(session: Session, number: int) -> Brouillon | None:
    """The draft of an existing allocation; ``None`` if it is gone."""
    allocation = session.allocations.get(number)
    if allocation is None:
        return None
    return Brouillon(allocation, {n: total(allocation, n) for n in NATURES_SAISIES})


def total(allocation: Allocation, nature: Nature) -> int | None:
    """Sum of the mouvements of one nature, ``None`` when there is none."""
    amounts = [m.montant for m in allocation.mouvements if m.nature is nature]
    return sum(amounts) if amounts else None


def problems(session: Session, draft: Brouillon) -> tuple[Problem, ...]:
    """Everything to say of a draft before saving it, near duplicates included."""
    found = list(draft.allocation.problems())
    a = draft.allocation
    if a.operateur_id and a.destination:
        near = session.allocations.proches(a)
        if near and a.id is None:
            names = ", ".join(x.reference for x in near[:3])
            found.append(
                Problem(
                    "destination",
                    f"Cet opérateur a déjà une allocation sur cette destination : {names}. "
                    "Vérifier que ce n'est pas un doublon.",
                    Severity.ALERTE,
                )
            )
    act = session.conventions.get(a.convention_id) if a.convention_id else None
    if act is not None and a.operateur_id and act.operateur_id != a.operateur_id:
        told = f"La convention {act.numero} est passée avec un autre opérateur : vérifier laquelle des deux est juste."
        found.append(Problem("convention", told, Severity.ALERTE))
    found += _replaced(session, draft)
    engaged, paid = draft.montants.get(Nature.ENGAGEMENT), draft.montants.get(Nature.PAIEMENT)
    if engaged is not None and paid is not None and paid > engaged:
        found.append(Problem("paiement", "Le payé dépasse l'engagé.", Severity.ALERTE))
    return tuple(found)


def _replaced(session: Session, draft: Brouillon) -> Iterator[Problem]:
    """The imported amounts that saving would replace: said, never refused."""
    before = session.allocations.get(draft.allocation.id) if draft.allocation.id else None
    for nature, cents in draft.montants.items() if before is not None else ():
        mine = [m for m in before.mouvements if m.nature is nature] if before is not None else []
        if any(m.origine == "import" for m in mine) and cents != sum(m.montant for m in mine):
            if cents is None:
                told = "Ce montant vient d'un import : l'enregistrer vide l'efface."
            elif len(mine) == 1:
                told = f"Importé : {money.euros(mine[0].montant)}. L'enregistrer le corrige à la main."
            else:
                continue  # completed by the difference: nothing imported is touched
            yield Problem(str(nature), told, Severity.ALERTE)


def save(session: Session, draft: Brouillon) -> int:
    """Create or update an allocation and its amounts in one operation; returns its number.

    Raises ``Invalide`` with the blocking problems. An amount changed in the form becomes one mouvement: the
    only one of its nature is updated in place, several are completed by the difference.
    """
    require(problems(session, draft))
    a = draft.allocation
    before = session.allocations.get(a.id) if a.id else None
    if before is None:
        numero = session.allocations.next_number(a.exercice)
        a = replace(a, numero=numero, id=None, cle="")
        moves = tuple(
            Mouvement(nature, a.exercice, cents, date=_date(a, nature))
            for nature, cents in draft.montants.items()
            if cents is not None
        )
        with session.operation(f"Créer l'allocation {a.reference}"):
            session.nomenclatures.open_exercice(a.exercice)
            return session.allocations.add(replace(a, mouvements=moves))
    with session.operation(f"Modifier l'allocation {a.reference}"):
        write(session, draft)
    return before.id or 0


def write(session: Session, draft: Brouillon) -> None:
    """Update an existing allocation and its amounts inside the operation of the caller."""
    a = draft.allocation
    before = session.allocations.get(a.id or 0)
    if before is None:
        raise Refus(f"L'allocation {a.reference} n'existe plus.")
    years = engagements.echeancier(session, before.id or 0, 0)
    session.allocations.update(a)
    for nature, cents in draft.montants.items():
        _set_amount(session, before, nature, cents)
    engagements.suivre(session, before.id or 0, years)


def _date(a: Allocation, nature: Nature) -> str:
    return a.date_notification if nature is Nature.NOTIFICATION else ""


def _set_amount(session: Session, before: Allocation, nature: Nature, cents: int | None) -> None:
    if cents == total(before, nature):
        return
    existing = [m for m in before.mouvements if m.nature is nature]
    if cents is None:
        for m in existing:
            session.allocations.delete_mouvement(m.id or 0)
    elif len(existing) == 1:
        session.allocations.update_mouvement(replace(existing[0], montant=cents))
    else:
        added = cents - sum(m.montant for m in existing)
        session.allocations.add_mouvement(
            before.id or 0, Mouvement(nature, before.exercice, added, date=_date(before, nature))
        )


def change(session: Session, changed: Allocation) -> None:
    """Write changed fields of one allocation, amounts apart, as the inline edit of the table does."""
    require(changed.problems())
    with session.operation(f"Modifier l'allocation {changed.reference}"):
        session.allocations.update(changed)


def duplicate(draft: Brouillon) -> Brouillon:
    """The same line to be created anew: no number, no import key, no amounts paid."""
    a = replace(draft.allocation, id=None, numero=0, cle="", mouvements=(), statut="active")
    kept = (Nature.SAISIE, Nature.NOTIFICATION)
    return Brouillon(a, {n: draft.montants.get(n) if n in kept else None for n in NATURES_SAISIES})


def delete(session: Session, numbers: list[int]) -> None:
    """Delete allocations in one operation."""
    names = [a.reference for a in (session.allocations.get(n) for n in numbers) if a]
    label = f"Supprimer l'allocation {names[0]}" if len(names) == 1 else f"Supprimer {len(names)} allocations"
    with session.operation(label):
        for number in numbers:
            session.allocations.delete(number)


def create_operateur(session: Session, operateur: Operateur) -> int:
    """Create an operator on the fly; raises ``Invalide`` with what prevents it."""
    cleaned = operateur.cleaned()
    require(cleaned.problems())
    with session.operation(f"Créer l'opérateur {cleaned.nom}"):
        return session.operateurs.add(cleaned)


def touched(session: Session, changes: Changes, *, limit: int = 50) -> set[int] | None:
    """The allocations an operation changed in place; ``None`` when it made, removed or concerns other things."""
    if not changes.tables <= {"allocation", "mouvement"}:
        return None
    found = session.operations.modifications(changes.operation, limit=limit + 1)
    if len(found) > limit:
        return None
    numbers: set[int] = set()
    for m in found:
        if m.table == "allocation" and not (m.avant and m.apres):
            return None
        numbers.add(m.ligne if m.table == "allocation" else int(str((m.apres or m.avant)["allocation_id"])))
    return numbers
