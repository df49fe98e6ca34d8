"""Where the money acts: places of an allocation with their shares, amounts split among them to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from firdesk.domain import money
from firdesk.domain.problem import Problem
from firdesk.domain.synthese import Ligne

#: The whole of an allocation, in ten-thousandths.
ENTIER = 10_000
#: The row of what no place can be told of: an operator of the whole region, without places.
REGION = "region"
LIBELLE_REGION = "Région entière"

_MONTANTS = [f.name for f in fields(Ligne) if f.name not in {"cle", "libelle", "nombre"}]


class Par(StrEnum):
    """How départements are told: by the seat of the operator, as published, or where the action takes place."""

    SIEGE = "siege"
    LIEU = "lieu"


LIBELLES_PAR = {Par.SIEGE: "Siège de l'opérateur", Par.LIEU: "Lieu d'action"}


@dataclass(frozen=True, slots=True)
class Lieu:
    """A département where an allocation acts; ``part`` in ten-thousandths."""

    departement: str
    part: int


@dataclass(frozen=True, slots=True)
class Deplacement:
    """Money counted at a seat (``siege``) that acts elsewhere: the amounts, and its places or the whole region."""

    siege: str
    montants: Ligne
    lieux: tuple[Lieu, ...] = ()


def problems(lieux: Sequence[Lieu]) -> tuple[Problem, ...]:
    """What prevents keeping these places; none at all is sound."""
    found: list[Problem] = []
    codes = [x.departement for x in lieux]
    if any(not code for code in codes):
        found.append(Problem("lieux", "Choisir le département de chaque ligne, ou retirer la ligne."))
    if twice := sorted({c for c in codes if c and codes.count(c) > 1}):
        found.append(Problem("lieux", f"Le département {twice[0]} figure deux fois : réunir ses parts."))
    if any(x.part <= 0 for x in lieux):
        found.append(Problem("lieux", "Chaque part doit être supérieure à 0 : donner la part ou retirer la ligne."))
    total = sum(x.part for x in lieux)
    if lieux and total != ENTIER:
        gap = part_dite(abs(ENTIER - total))
        verb = "il manque" if total < ENTIER else "il y a en trop"
        found.append(Problem("lieux", f"Les parts font {part_dite(total)} : {verb} {gap} pour faire 100\u00a0%."))
    return tuple(found)


def parts_egales(departements: Iterable[str]) -> tuple[Lieu, ...]:
    """The same share for each département, adding up to the whole."""
    codes = list(departements)
    shares = money.repartir(ENTIER, [1] * len(codes)) if codes else []
    return tuple(Lieu(code, share) for code, share in zip(codes, shares, strict=True))


def part_dite(part: int) -> str:
    """``33,34 %``; no decimals where there are none."""
    whole, rest = divmod(part, 100)
    return f"{whole}" + (f",{rest:02d}".rstrip("0") if rest else "") + f"{money.NBSP}%"


def lire_part(text: str) -> int:
    """Ten-thousandths of a share typed ``33,34`` or ``33.34 %``; ``ValueError`` (French) for anything else."""
    body = text.replace("%", "").strip().strip("\u00a0\u202f ")
    whole, _, decimals = body.replace(".", ",").partition(",")
    if not whole.isdecimal() or (decimals and not decimals.isdecimal()) or len(decimals) > 2 or len(whole) > 3:
        raise ValueError(f"« {text.strip()} » n'est pas une part : attendu un pourcentage, par exemple 33,5.")
    part = int(whole) * 100 + int(decimals.ljust(2, "0") or "0")
    if part > ENTIER:
        raise ValueError(f"« {text.strip()} » dépasse 100\u00a0% : attendu une part de 0,01 à 100.")
    return part


def par_lieu(sieges: Iterable[Ligne], deplacements: Iterable[Deplacement]) -> list[Ligne]:
    """Lines by seat made lines by place of action: every amount leaves its seat and is counted once elsewhere.

    An allocation of several places is numbered once, where its share is the largest. Lines all zero are left out.
    """
    found = {x.cle[0]: x for x in sieges}
    for d in deplacements:
        _add(found, d.siege, d.montants, -1)
        if not d.lieux:
            _add(found, REGION, d.montants, 1)
            continue
        weights = [x.part for x in d.lieux]
        first = weights.index(max(weights))
        shares = {name: money.repartir(getattr(d.montants, name), weights) for name in _MONTANTS}
        for place, lieu in enumerate(d.lieux):
            own = {name: amounts[place] for name, amounts in shares.items()}
            count = d.montants.nombre if place == first else 0
            _add(found, lieu.departement, Ligne((), (), nombre=count, **own), 1)
    return [x for x in found.values() if x.nombre or any(getattr(x, name) for name in _MONTANTS)]


def _add(found: dict[str, Ligne], code: str, amounts: Ligne, sign: int) -> None:
    line = found.get(code) or Ligne((code,), (code,), 0, 0, 0, 0)
    sums = {name: getattr(line, name) + sign * getattr(amounts, name) for name in ("nombre", *_MONTANTS)}
    found[code] = replace(line, **sums)
