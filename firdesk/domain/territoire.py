"""Where the money acts: places of an allocation with their shares, amounts split among them to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter

from firdesk.domain import money
from firdesk.domain.problem import Problem
from firdesk.domain.synthese import Ligne

#: The whole of an allocation, in ten-thousandths.
ENTIER = 10_000
#: The row of what no place can be told of: an operator of the whole region, without places.
REGION = "region"
LIBELLE_REGION = "Région entière"

_MONTANTS = [f.name for f in fields(Ligne) if f.name not in {"cle", "libelle", "nombre"}]
_read = attrgetter(*_MONTANTS)


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
    sums: dict[str, list[int]] = {}
    for x in sieges:
        sums[x.cle[0]] = [x.nombre, *_read(x)]
    for d in deplacements:
        moved = [d.montants.nombre, *_read(d.montants)]
        _add(sums, d.siege, moved, -1)
        if not d.lieux:
            _add(sums, REGION, moved, 1)
            continue
        weights = [x.part for x in d.lieux]
        first = weights.index(max(weights))
        shares = [money.repartir(amount, weights) if amount else [0] * len(weights) for amount in moved[1:]]
        for place, lieu in enumerate(d.lieux):
            count = moved[0] if place == first else 0
            _add(sums, lieu.departement, [count, *(share[place] for share in shares)], 1)
    return [
        Ligne((code,), (code,), row[0], **dict(zip(_MONTANTS, row[1:], strict=True)))
        for code, row in sums.items()
        if any(row)
    ]


def _add(sums: dict[str, list[int]], code: str, row: Sequence[int], sign: int) -> None:
    known = sums.setdefault(code, [0] * len(row))
    for place, amount in enumerate(row):
        known[place] += sign * amount
