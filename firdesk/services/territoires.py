"""The départements by seat or by place of action, and the places of the allocations; each change one operation."""

from collections.abc import Sequence
from dataclasses import replace

from firdesk.domain import money, territoire
from firdesk.domain.execution import LIBELLES_MESURES, Mesure
from firdesk.domain.identifiants import DEPARTEMENTS_REGION
from firdesk.domain.problem import Refus, require
from firdesk.domain.synthese import Axe, Ligne, Synthese, Valeur
from firdesk.domain.territoire import LIBELLE_REGION, LIBELLES_PAR, REGION, Lieu, Par
from firdesk.services.session import Session

#: What the table says of itself where money is told by place of action.
NOTE = (
    "Selon le lieu d'action : les montants des allocations réparties suivent leurs parts ; ceux des opérateurs de "
    "toute la région sans lieu sont sur la ligne « Région entière » ; le reste est au siège de l'opérateur. Une "
    "allocation répartie est comptée une fois, là où sa part est la plus grande."
)


def table(session: Session, par: Par, exercice: int | None) -> Synthese:
    """The départements of an exercice (``None``: of all); the same total whichever way they are told."""
    seats = session.syntheses.par((Axe.DEPARTEMENT,), exercice)
    if par is Par.SIEGE:
        return seats
    lines = territoire.par_lieu(seats.lignes, session.lieux.deplacements(exercice))
    names = session.nomenclatures.departements() | {REGION: LIBELLE_REGION, "": "Département non renseigné"}
    order = [*session.nomenclatures.departements(), REGION, ""]
    named = [replace(x, libelle=(names.get(x.cle[0], x.cle[0]),)) for x in lines]
    return replace(seats, lignes=tuple(sorted(named, key=lambda x: order.index(x.cle[0]))))


def enregistrer(session: Session, allocations: Sequence[int], lieux: Sequence[Lieu]) -> None:
    """Give these allocations the same places (none: back to the seat) in one operation.

    Raises ``Invalide`` where the shares do not make a whole, ``Refus`` where an allocation is gone.
    """
    found = [session.allocations.get(number) for number in allocations]
    kept = [a for a in found if a is not None]
    if len(kept) < len(found) or not kept:
        raise Refus("L'allocation n'existe plus.")
    require(territoire.problems(lieux))
    names = f"l'allocation {kept[0].reference}" if len(kept) == 1 else f"{money.nombre(len(kept))} allocations"
    with session.operation(f"Dire le lieu d'action de {names}" if lieux else f"Rendre au siège {names}"):
        for a in kept:
            session.lieux.remplacer(a.id or 0, lieux)


def siege(session: Session, allocation: int) -> str:
    """The département where the operator of an allocation sits, empty when unknown."""
    found = session.allocations.get(allocation)
    owner = session.operateurs.find(found.operateur_id) if found is not None else None
    return owner.departement if owner is not None else ""


def region(session: Session) -> tuple[str, ...]:
    """The départements of the region."""
    known = session.nomenclatures.departements()
    return tuple(c for c in DEPARTEMENTS_REGION if c in known)


def en_json(found: Synthese, par: Par, mesure: Mesure) -> dict[str, object]:
    """``territoire --json``: one measure by département, shares adding up to 100."""
    values = [x.valeur(Valeur(mesure.value)) for x in found.lignes]
    shares = money.parts(values)
    return {
        "par": str(par),
        "exercice": found.exercice,
        "mesure": str(mesure),
        "lignes": [
            {"departement": x.cle[0], "libelle": x.libelle[0], "nombre": x.nombre, "montant_centimes": v,
             "part": float(p)}
            for x, v, p in zip(found.lignes, values, shares, strict=True)
        ],
        "total": {"nombre": sum(x.nombre for x in found.lignes), "montant_centimes": sum(values)},
    }  # fmt: skip


def en_lignes(found: Synthese, par: Par, mesure: Mesure) -> list[str]:
    """The same as text to read."""
    year = f" · exercice {found.exercice}" if found.exercice else ""
    lines = [f"{LIBELLES_MESURES[mesure]} par département · {LIBELLES_PAR[par].lower()}{year}"]

    def line(name: str, x: Ligne) -> str:
        amount = money.euros(x.valeur(Valeur(mesure.value)), decimals=True)
        return f"{name[:50]:<50} {money.nombre(x.nombre):>7} {amount:>22}"

    lines += [
        line(f"{x.cle[0]} {x.libelle[0]}" if x.cle[0] not in ("", REGION) else x.libelle[0], x) for x in found.lignes
    ]
    return [*lines, line("Total", found.total)]
