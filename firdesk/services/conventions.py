"""Acts followed over their years: what they foresee, what was committed and paid on them, what binds allocations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from firdesk.domain import money
from firdesk.domain.convention import ETATS, NATURES, Convention, Suivi
from firdesk.domain.echeancier import Annee, de_annees, somme
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Problem, Refus, Severity, require
from firdesk.services.echeanciers import echeancier_json
from firdesk.services.session import Session

#: The nature of an act that an export says by a letter.
NATURE_DE = {"A": "arrete", "DA": "decision", "C": "convention"}


@dataclass(frozen=True, slots=True)
class Rattachement:
    """What binding by number did: allocations bound, and those of other operators that bear it too."""

    rattachees: int
    ailleurs: int


# Reading


def suivis(session: Session, exercice: int, jour: str = "") -> list[Suivi]:
    """Every act that changes no other one, with its avenants; ``jour`` (ISO) is today unless given."""
    day = jour or session.jour()
    acts = session.conventions.all()
    moved, counts = session.conventions.annees(), session.conventions.nombres()
    avenants: dict[int, list[Convention]] = {}
    for a in acts:
        if a.parent_id is not None:
            avenants.setdefault(a.parent_id, []).append(a)
    names = session.conventions.operateurs()
    found = []
    for a in acts:
        if a.parent_id is None:
            mine = [a, *avenants.get(a.id or 0, ())]
            years: list[Annee] = [y for x in mine for y in moved.get(x.id or 0, ())]
            count = sum(counts.get(x.id or 0, 0) for x in mine)
            e = de_annees(exercice, years)
            found.append(Suivi(a, names.get(a.operateur_id, ""), tuple(mine[1:]), count, e, day))
    return found


def racine(session: Session, convention: int) -> int:
    """The act that an avenant changes, an act itself where it is none."""
    found = session.conventions.get(convention)
    return convention if found is None or found.parent_id is None else found.parent_id


def allocations(session: Session, suivi: Suivi) -> list[int]:
    """The allocations bound to an act or to one of its avenants."""
    return session.conventions.allocations([a.id or 0 for a in suivi.actes])


def nom(convention: Convention) -> str:
    """« Convention 2025-014 »."""
    return f"{NATURES.get(convention.nature, 'Acte')} {convention.numero}"


def problems(session: Session, convention: Convention) -> tuple[Problem, ...]:
    """What prevents saving an act, and what deserves a look."""
    found = list(convention.problems())
    numero = convention.numero.strip().lower()
    same = [
        c
        for c in session.conventions.search(convention.numero, limit=50)
        if c.numero.strip().lower() == numero and c.id != convention.id
    ]
    if numero and any(c.operateur_id == convention.operateur_id and c.nature == convention.nature for c in same):
        told = "Cet opérateur a déjà un acte de cette nature à ce numéro : vérifier que ce n'est pas le même."
        found.append(Problem("numero", told, Severity.ALERTE))
    if convention.parent_id is not None:
        parent = session.conventions.get(convention.parent_id)
        if parent is None:
            found.append(Problem("parent", "L'acte que cet avenant modifie n'existe plus : en choisir un autre."))
        elif convention.id is not None and parent.parent_id == convention.id:
            found.append(Problem("parent", "Cet acte est lui-même un avenant de celui-ci : choisir l'acte d'origine."))
    return tuple(found)


# Writing


def save(session: Session, convention: Convention) -> int:
    """Create or update an act and its years in one operation; returns its number.

    An avenant of an avenant is written as one of the act of origin. Raises ``Invalide`` with what prevents it.
    """
    require(problems(session, convention))
    made = replace(convention, numero=convention.numero.strip())
    if made.parent_id is not None:
        made = replace(made, parent_id=racine(session, made.parent_id))
    if made.id is None:
        with session.operation(f"Créer : {nom(made)}"):
            return session.conventions.add(made)
    if session.conventions.get(made.id) is None:
        raise Refus(f"L'acte {made.numero} n'existe plus.")
    with session.operation(f"Modifier : {nom(made)}"):
        session.conventions.update(made)
        if made.parent_id is not None:
            session.conventions.adopt(made.id, made.parent_id)
    return made.id


def supprimer(session: Session, number: int) -> None:
    """Delete an act; its allocations and avenants stay, bound to nothing."""
    with session.operation(f"Supprimer : {nom(_un(session, number))}"):
        session.conventions.delete(number)


def rattacher(session: Session, number: int, allocations: Sequence[int]) -> None:
    """Bind allocations to an act."""
    found = _un(session, number)
    with session.operation(f"Rattacher {_lines(len(allocations))} : {nom(found)}"):
        session.conventions.bind(allocations, number)


def detacher(session: Session, allocations: Sequence[int]) -> None:
    """Bind allocations to no act any more."""
    with session.operation(f"Détacher {_lines(len(allocations))} de leur convention"):
        session.conventions.bind(allocations, None)


def rattacher_par_numero(session: Session, number: int) -> Rattachement:
    """Bind the free allocations of the same operator whose decision bears the number of an act or of its avenants."""
    found = _un(session, number)
    mine: dict[int, list[int]] = {}
    elsewhere: set[int] = set()
    acts = [found, *(a for a in session.conventions.all() if a.parent_id == number)]
    for act in acts:
        for allocation, operateur in session.conventions.porteuses(act.numero):
            if operateur == act.operateur_id:
                mine.setdefault(act.id or 0, []).append(allocation)
            else:
                elsewhere.add(allocation)
    count = sum(len(numbers) for numbers in mine.values())
    if count:
        with session.operation(f"Rattacher {_lines(count)} : {nom(found)}"):
            for act_number, numbers in mine.items():
                session.conventions.bind(numbers, act_number)
    return Rattachement(count, len(elsewhere))


def _un(session: Session, number: int) -> Convention:
    found = session.conventions.get(number)
    if found is None:
        raise Refus("Cette convention n'existe plus.")
    return found


def _lines(count: int) -> str:
    return f"{money.nombre(count)} allocation{'s' * (count > 1)}"


# Command line


def en_json(found: Sequence[Suivi], exercice: int) -> dict[str, object]:
    """``conventions --json``: amounts in cents; an avenant is told under the act it changes."""
    years = tuple(sorted({year for s in found for year in s.echeancier.echeances}))
    whole = somme(exercice, (s.echeancier for s in found))
    sums = {
        "nombre": len(found),
        "montant_centimes": sum(s.montant for s in found),
        "a_retirer_centimes": sum(s.a_retirer for s in found),
    }
    return {
        "exercice": exercice,
        "conventions": [_json(s, years) for s in found],
        "total": sums | echeancier_json(whole, years),
    }


def _json(s: Suivi, annees: tuple[int, ...]) -> dict[str, object]:
    c = s.convention
    told: dict[str, object] = {
        "numero": c.numero,
        "nature": c.nature,
        "operateur": s.operateur,
        "objet": c.objet,
        "signee_le": c.signee_le,
        "debut": s.debut,
        "fin": s.fin,
        "duree_engagement": c.duree_engagement,
        "etat": s.etat,
        "avenants": [a.numero for a in s.actes[1:]],
        "allocations": s.nombre,
        "montants": {str(year): cents for year, cents in s.montants.items()},
        "montant_centimes": s.montant,
        "a_retirer_centimes": s.a_retirer,
    }
    return told | echeancier_json(s.echeancier, annees)


def en_lignes(found: Sequence[Suivi]) -> list[str]:
    """``conventions``: one line an act, then the total."""
    told = [
        f"{s.convention.numero[:18]:<18} {NATURES[s.convention.nature][:20]:<20} {s.operateur[:28]:<28} "
        f"{ETATS[s.etat]:<12} {french_date(s.fin):<10} " + _amounts(s.echeancier.ae, s.echeancier.reste_a_payer)
        for s in found
    ]
    ae, left = sum(s.echeancier.ae for s in found), sum(s.echeancier.reste_a_payer for s in found)
    return [*told, f"{'Total':<92} " + _amounts(ae, left)] if told else ["Aucune convention."]


def _amounts(ae: int, left: int) -> str:
    return f"AE {money.euros(ae):>18}  reste à payer {money.euros(left):>18}"
