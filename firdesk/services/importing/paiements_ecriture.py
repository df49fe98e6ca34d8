"""Writing the payments of a plan, inside the operation of the import."""

from dataclasses import replace

from firdesk.services.importing.plan import Plan
from firdesk.services.progress import Progress
from firdesk.services.session import Session


def ecrire(session: Session, plan: Plan, lot: int, progress: Progress) -> None:
    """New payments all at once, then what changes or goes."""
    first = session.imports.next_ligne()
    numbers = iter(range(first, first + sum(len(p.parts) for p in plan.paiements) + len(plan.lignes_inchangees)))
    lines: list[tuple[int, int, str, int, str, int]] = []
    added, changed = [], []
    for prevu in plan.paiements:
        for allocation, mouvement in prevu.parts:
            ligne = next(numbers)
            lines.append((ligne, lot, plan.feuille, prevu.ligne, prevu.statut, allocation))
            written = replace(mouvement, ligne=ligne)
            if mouvement.id is None:
                added.append((allocation, written, prevu.cle))
            else:
                changed.append((written, prevu.cle))
    for row, allocation in plan.lignes_inchangees:
        lines.append((next(numbers), lot, plan.feuille, row, "inchangee", allocation))
    progress.report(0, len(lines), "Écriture des paiements")
    with session.imports.en_masse(progress.check):
        session.imports.add_lignes(lines)
        session.imports.add_constats(lot, plan.constats)
        session.paiements.add(added)
    for mouvement, cle in changed:
        session.paiements.update(mouvement, cle)
    for number in [*plan.mouvements_retires, *(n for p in plan.paiements for n in p.a_retirer)]:
        session.allocations.delete_mouvement(number)
