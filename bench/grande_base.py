"""A base of any size whose allocations were notified, committed, partly paid and planned, as after years of use.

Written by the repositories in one operation: what is measured afterwards is reading and editing.
"""

import random
from pathlib import Path

from firdesk.domain.allocation import Allocation
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.convention import Convention
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services.session import Session, create

EXERCICE = 2025
OPERATEURS = 3000
CONVENTIONS = 500
_STEP = 5000
_DEPARTEMENTS = ("02", "59", "60", "62", "80")
_CARACTERES = ("inconnu", "perenne", "non_reconductible")


def write(path: Path, lines: int) -> None:
    """A new base of ``lines`` allocations: 420 000 mouvements for 100 000."""
    create(path, (EXERCICE - 1, EXERCICE))
    chance = random.Random(lines)  # noqa: S311 - not a secret
    with Session.open(path) as session, session.operation("Remplir"):
        codes = [d.code for d in session.nomenclatures.destinations(EXERCICE) if d.niveau == 3]
        themes = list(session.nomenclatures.themes())
        usual = session.nomenclatures.themes_par_destination()
        ouvert = [LigneBudget(code, "", 10**11, 10**11) for code in codes]
        session.budgets.add_version(VersionBudget(EXERCICE, "BI", 1), ouvert)
        with session.imports.en_masse():
            refs = session.operateurs.add_many(
                [
                    Operateur(nom=f"Opérateur {i}", departement=_DEPARTEMENTS[i % 5], code_interne=f"H{i}").cleaned()
                    for i in range(OPERATEURS)
                ]
            )
        acts = [session.conventions.add(Convention("convention", f"C{i}", refs[i])) for i in range(CONVENTIONS)]
        with session.imports.en_masse():
            following = {EXERCICE - 1: 1, EXERCICE: 1}
            for start in range(0, lines, _STEP):
                made = []
                for i in range(start, min(lines, start + _STEP)):
                    exercice = EXERCICE - (i % 4 == 0)
                    code = codes[chance.randrange(len(codes))]
                    made.append(
                        Allocation(
                            exercice=exercice,
                            numero=following[exercice],
                            operateur_id=refs[chance.randrange(OPERATEURS)],
                            destination=code,
                            theme=usual.get(code, "") if i % 20 else themes[chance.randrange(len(themes))],
                            caractere=_CARACTERES[i % 3],
                            canal="commande_publique" if i % 50 == 0 else "operateur",
                            objet=f"Action {i}",
                            convention_id=acts[i // 10 % CONVENTIONS] if i % 10 == 0 else None,
                            ej=f"E{exercice}{i:06d}_01",
                            mouvements=_mouvements(
                                exercice, chance.randrange(100_000, 50_000_000), planned=i % 10 == 0
                            ),
                        )
                    )
                    following[exercice] += 1
                session.allocations.add_many(made)


def _mouvements(exercice: int, cents: int, *, planned: bool) -> tuple[Mouvement, ...]:
    paid = cents * 7 // 10
    moved = (
        Mouvement(Nature.SAISIE, exercice, cents),
        Mouvement(Nature.NOTIFICATION, exercice, cents, f"{exercice}-03-01"),
        Mouvement(Nature.ENGAGEMENT, exercice, cents, f"{exercice}-03-15"),
        Mouvement(Nature.PAIEMENT, exercice, paid, f"{exercice}-05-01"),
    )
    if not planned:
        return moved
    return (
        *moved,
        Mouvement(Nature.ECHEANCE, exercice, paid),
        Mouvement(Nature.ECHEANCE, exercice + 1, cents - paid),
    )
