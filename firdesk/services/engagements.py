"""Typing what moves on an allocation: engagements, retraits, paiements, reprises, échéances; each one operation.

The user says « Retrait »; whether it gives credits back to its exercice or not is found out here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from firdesk.domain import echeancier as plans
from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.echeancier import Echeancier, de_annees
from firdesk.domain.execution import EFFETS, Mouvement, Nature, PosteEJ
from firdesk.domain.identifiants import numero_ej
from firdesk.domain.jour import is_day
from firdesk.domain.problem import Problem, Refus, Severity, require
from firdesk.services.session import Session

#: What can be typed, as the user calls it.
LIBELLES = {
    Nature.ENGAGEMENT: "Engagement",
    Nature.RETRAIT: "Retrait",
    Nature.PAIEMENT: "Paiement",
    Nature.REPRISE: "Reprise",
    Nature.ECHEANCE: "Échéance",
    Nature.NOTIFICATION: "Notification",
}
RETRAITS = (Nature.RETRAIT, Nature.RETRAIT_ANTERIEUR)
_ARTICLES = {Nature.REPRISE: "une", Nature.ECHEANCE: "une", Nature.NOTIFICATION: "une"}


@dataclass(frozen=True, slots=True)
class EngagementJuridique:
    """A commitment by its number (``E2024000477``), with its items on whatever allocations."""

    numero: str
    postes: tuple[PosteEJ, ...]

    @property
    def ae(self) -> int:
        return sum(p.ae for p in self.postes)

    @property
    def cp(self) -> int:
        return sum(p.cp for p in self.postes)

    @property
    def reste_a_payer(self) -> int:
        return self.ae - self.cp


# Reading


def nature_dite(nature: Nature) -> Nature:
    """The nature as the user calls it: both withdrawals are « Retrait »."""
    return Nature.RETRAIT if nature in RETRAITS else nature


def libelle(nature: Nature) -> str:
    return LIBELLES.get(nature_dite(nature), str(nature))


def echeancier(session: Session, number: int, exercice: int) -> Echeancier:
    """The years of one allocation seen from an exercice."""
    return de_annees(exercice, session.engagements.annees(number))


def courant(session: Session, allocation: Allocation) -> int:
    """The exercice from which payments can still be planned: that of the base, or a later one in which money moved."""
    moved = [m.exercice for m in allocation.mouvements if m.nature in EFFETS]
    return max([session.exercice, allocation.exercice, *moved])


def ej(session: Session, texte: str) -> EngagementJuridique:
    """The items of a commitment, its number written with or without an item; ``Refus`` where none is known."""
    numero = numero_ej(texte)[0]
    sums: dict[tuple[str, int], list[int]] = {}
    found: dict[tuple[str, int], PosteEJ] = {}
    digits = "".join(c for c in numero if c.isdigit())
    for poste, nature, _, cents in session.engagements.postes(digits) if digits else ():
        if numero_ej(poste.ej)[0] == numero:
            key = (poste.ej, poste.allocation)
            found[key] = poste
            amounts = sums.setdefault(key, [0, 0])
            for place, sign in enumerate(EFFETS[Nature(nature)]):
                amounts[place] += sign * cents
    if not found:
        raise Refus(f"Aucun engagement ni paiement ne porte l'EJ « {texte.strip()} » : attendu E2024000477.")
    written = next(iter(found.values())).ej.partition("_")[0].strip()  # as the base has it, its E included
    return EngagementJuridique(written, tuple(replace(p, ae=sums[k][0], cp=sums[k][1]) for k, p in found.items()))


def nature_du_retrait(session: Session, allocation: Allocation, retrait: Mouvement) -> Nature:
    """Whether a withdrawal gives back credits of its own exercice, or lowers a commitment of an earlier one.

    The commitment taken back is the latest of its EJ that was made by then: an engagement of this allocation, else of
    another one that bears the same EJ, else the year of the allocation.
    """
    key = _ej_of(allocation, retrait)
    own = [m for m in allocation.mouvements if m.nature is Nature.ENGAGEMENT and _ej_of(allocation, m) == key]
    years = [m.exercice for m in own]
    if not years and (digits := "".join(c for c in key[0] if c.isdigit())):
        items = session.engagements.postes(digits)
        years = [year for p, nature, year, _ in items if nature == Nature.ENGAGEMENT and numero_ej(p.ej) == key]
    years = years or [allocation.exercice]
    made = max((year for year in years if year <= retrait.exercice), default=min(years))
    return Nature.RETRAIT_ANTERIEUR if made < retrait.exercice else Nature.RETRAIT


def _ej_of(allocation: Allocation, mouvement: Mouvement) -> tuple[str, str]:
    return numero_ej(mouvement.ej or allocation.ej)


def problems(session: Session, number: int, mouvement: Mouvement, *, corriger: bool = False) -> tuple[Problem, ...]:
    """What prevents writing a mouvement on an allocation, and what deserves a look; one that has an ``id`` replaces it.

    ``corriger`` says that the user knows that the amount replaced came from an import.
    """
    allocation = _allocation(session, number)
    before = next((m for m in allocation.mouvements if m.id == mouvement.id), None) if mouvement.id else None
    found = [*_unsound(mouvement)]
    if before is not None and before.origine == "import" and not corriger and _other(before, mouvement):
        told = "Ce montant vient d'un import : confirmer qu'il est à corriger, ou saisir la différence à côté."
        found.append(Problem("montant", told))
    if not any(p.blocking for p in found):
        others = [m for m in allocation.mouvements if m.id != mouvement.id or mouvement.id is None]
        found += _warnings(allocation, others, mouvement)
    return tuple(found)


def _unsound(m: Mouvement) -> Iterable[Problem]:
    if nature_dite(m.nature) not in LIBELLES:
        yield Problem("nature", f"« {m.nature} » ne se saisit pas ici : choisir {', '.join(LIBELLES.values())}.")
    if m.montant <= 0:
        yield Problem("montant", "Donner un montant supérieur à zéro : un retrait ou une reprise se dit par sa nature.")
    elif m.montant > money.LIMIT:
        yield Problem("montant", "Ce montant dépasse ce que le fichier peut porter.")
    if not 2000 <= m.exercice <= 2100:
        yield Problem("exercice", f"{m.exercice} n'est pas un exercice (de 2000 à 2100).")
    if m.date and not is_day(m.date):
        yield Problem("date", f"« {m.date} » n'est pas une date du calendrier.")
    elif m.date and int(m.date[:4]) != m.exercice:
        told = f"Cette date n'est pas de l'exercice {m.exercice} : vérifier lequel des deux est juste."
        yield Problem("date", told, Severity.ALERTE)
    for name in ("reference", "ej", "piece"):
        if "\x00" in getattr(m, name):
            yield Problem(name, "Ce texte contient un caractère nul, invisible : le retaper.")


def _warnings(allocation: Allocation, others: Sequence[Mouvement], m: Mouvement) -> Iterable[Problem]:
    key = _ej_of(allocation, m)
    mine = [x for x in others if x.nature in EFFETS and _ej_of(allocation, x) == key]
    ae, cp = (sum(EFFETS[x.nature][place] * x.montant for x in mine) for place in (0, 1))
    named = f" de l'EJ {m.ej or allocation.ej}" if m.ej or allocation.ej else ""
    if m.nature is Nature.PAIEMENT and cp + m.montant > ae:
        over = money.euros(cp + m.montant - ae, decimals=True)
        told = f"Payé au-dessus de l'engagé{named} : {over} de trop." if ae else f"Aucun engagement{named} n'est saisi."
        yield Problem("montant", told, Severity.ALERTE)
    elif m.nature in RETRAITS and m.montant > ae - cp:
        left = money.euros(ae - cp, decimals=True)
        yield Problem("montant", f"Ce retrait dépasse le reste à payer{named} ({left}).", Severity.ALERTE)
    elif m.nature is Nature.REPRISE and m.montant > cp:
        yield Problem("montant", f"Cette reprise dépasse ce qui est payé{named}.", Severity.ALERTE)


def _other(before: Mouvement, after: Mouvement) -> bool:
    """Whether what an import said of an amount is changed (a withdrawal stays one, whatever its exercice makes it)."""
    return (nature_dite(before.nature), before.exercice, before.montant) != (
        nature_dite(after.nature),
        after.exercice,
        after.montant,
    )


# Writing


def ajouter(session: Session, number: int, mouvement: Mouvement) -> Echeancier:
    """Write a new mouvement; raises ``Invalide`` with what prevents it. Gives the years of the allocation since."""
    require(problems(session, number, replace(mouvement, id=None)))
    allocation = _allocation(session, number)
    article = _ARTICLES.get(mouvement.nature, "un")
    what = f"{article} {libelle(mouvement.nature).lower()}"
    with session.operation(f"Ajouter {what} à l'allocation {allocation.reference}"):
        before = echeancier(session, number, 0)
        session.allocations.add_mouvement(number, _typed(session, allocation, replace(mouvement, origine="saisie")))
        suivre(session, number, before, planned=mouvement.nature is Nature.ECHEANCE)
    return echeancier(session, number, mouvement.exercice)


def engager(session: Session, numbers: Sequence[int]) -> int:
    """Commit, for what was notified, those of these allocations that have an EJ and no commitment yet; how many.

    One operation. An EJ is firm for its whole amount: an export that gives its number says that it was made.
    """
    found = session.engagements.notifiees(numbers)
    if found:
        several = f"{money.nombre(len(found))} allocations notifiées" if len(found) > 1 else "une allocation notifiée"
        with session.operation(f"Engager {several}"):
            for number, exercice, day, cents in found:
                session.allocations.add_mouvement(number, Mouvement(Nature.ENGAGEMENT, exercice, cents, day))
    return len(found)


def modifier(session: Session, number: int, mouvement: Mouvement, *, corriger: bool = False) -> Echeancier:
    """Replace the mouvement of the same ``id``; raises ``Invalide``, also where an import said otherwise.

    ``corriger`` replaces an imported amount all the same; it keeps its cell, so that its provenance is still told.
    """
    allocation = _allocation(session, number)
    before = next((m for m in allocation.mouvements if m.id == mouvement.id), None)
    if before is None:
        raise Refus(f"Ce montant n'est plus dans l'allocation {allocation.reference}.")
    require(problems(session, number, mouvement, corriger=corriger))
    kept = {name: getattr(before, name) for name in ("origine", "cellule", "brut", "ligne")}
    planned = before.nature is Nature.ECHEANCE and mouvement.nature is Nature.ECHEANCE
    with session.operation(f"Modifier : {libelle(mouvement.nature).lower()} de l'allocation {allocation.reference}"):
        years = echeancier(session, number, 0)
        session.allocations.update_mouvement(_typed(session, allocation, replace(mouvement, **kept)))
        suivre(session, number, years, planned=planned)
    return echeancier(session, number, mouvement.exercice)


def supprimer(session: Session, number: int, ids: Sequence[int]) -> None:
    """Delete mouvements of one allocation."""
    allocation = _allocation(session, number)
    gone = [m for m in allocation.mouvements if m.id in ids]
    if not gone:
        raise Refus(f"Ce montant n'est plus dans l'allocation {allocation.reference}.")
    what = f"{libelle(gone[0].nature).lower()}" if len(gone) == 1 else f"{len(gone)} montants"
    with session.operation(f"Supprimer : {what} de l'allocation {allocation.reference}"):
        before = echeancier(session, number, 0)
        for m in gone:
            session.allocations.delete_mouvement(m.id or 0)
        suivre(session, number, before, planned=all(m.nature is Nature.ECHEANCE for m in gone))


def planifier(session: Session, number: int, echeances: Mapping[int, int]) -> Echeancier:
    """Write the planned CP of an allocation by exercice, in place of those it had."""
    allocation = _allocation(session, number)
    with session.operation(f"Planifier les paiements de l'allocation {allocation.reference}"):
        _write_echeances(session, allocation, echeances)
    return echeancier(session, number, allocation.exercice)


def replanifier(session: Session, numbers: Sequence[int], exercice: int) -> int:
    """Plan anew the allocations whose échéances do not follow what was paid; how many changed, one operation."""
    made = {}
    for number, years in session.engagements.annees_de(numbers).items():
        found = de_annees(exercice, years)
        wanted = _replanned(found)
        if found.planifie and wanted != _prevu(found):
            made[number] = wanted
    if made:
        several = f"{money.nombre(len(made))} allocations" if len(made) > 1 else "une allocation"
        with session.operation(f"Replanifier les paiements de {several} à partir de {exercice}"):
            for number, wanted in made.items():
                _write_echeances(session, _allocation(session, number), wanted)
    return len(made)


def suivre(session: Session, number: int, before: Echeancier, *, planned: bool = False) -> None:
    """Inside the caller's operation, bring along what follows from a change of an allocation's mouvements.

    Withdrawals are classed again, those of closed exercices left as they were told; a plan that added up to the AE
    and no longer does is made anew, unless the change is that of the plan itself (``planned``).
    """
    allocation, closed = _allocation(session, number), session.engagements.exercices_clos()
    for m in allocation.mouvements:
        if m.nature in RETRAITS and m.origine == "saisie" and m.exercice not in closed:
            nature = nature_du_retrait(session, allocation, m)
            if nature is not m.nature:
                session.allocations.update_mouvement(replace(m, nature=nature))
    whole = before.planifie and sum(_prevu(before).values()) == before.ae
    if whole and not planned:
        after = echeancier(session, number, courant(session, allocation))
        wanted = _replanned(after)
        if wanted != _prevu(after):
            _write_echeances(session, allocation, wanted)


def _replanned(e: Echeancier) -> dict[int, int]:
    return plans.replanifier(e.ae, _prevu(e), {a.exercice: a.paye for a in e.annees}, e.exercice)


def _prevu(e: Echeancier) -> dict[int, int]:
    return {a.exercice: a.prevu for a in e.annees if a.prevu}


def _write_echeances(session: Session, allocation: Allocation, wanted: Mapping[int, int]) -> None:
    """Several échéances of one year share its new amount in proportion, and keep their dates."""
    known: dict[int, list[Mouvement]] = {}
    for m in allocation.mouvements:
        if m.nature is Nature.ECHEANCE:
            known.setdefault(m.exercice, []).append(m)
    for year in sorted(known.keys() | wanted.keys()):
        cents, mine = wanted.get(year, 0), known.get(year, [])
        if not mine and cents:
            session.allocations.add_mouvement(allocation.id or 0, Mouvement(Nature.ECHEANCE, year, cents))
        shares = money.repartir(cents, [m.montant for m in mine]) if mine else []
        for m, share in zip(mine, shares, strict=True):
            if not share:
                session.allocations.delete_mouvement(m.id or 0)
            elif share != m.montant:
                session.allocations.update_mouvement(replace(m, montant=share))


def _typed(session: Session, allocation: Allocation, m: Mouvement) -> Mouvement:
    if m.nature not in RETRAITS:
        return m
    return replace(m, nature=nature_du_retrait(session, allocation, m))


def _allocation(session: Session, number: int) -> Allocation:
    found = session.allocations.get(number)
    if found is None:
        raise Refus("Cette allocation n'existe plus.")
    return found
