"""Which line of the base each line of the file is, when several share one natural key.

Within a key, lines that hold the same are paired first, then those of the same action, then the others in
order: a line added above its twins does not shift their numbers.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from firdesk.services.importing.etat import Connue, Etat
from firdesk.services.importing.plan import NATURES, LigneLue

_Signature = Callable[[LigneLue], Hashable]
#: The amounts that tell twins apart: the others are more often typed than imported.
_TOLD = ("saisi", "validation_inter", "validation", "notifie")


@dataclass(slots=True)
class Appariement:
    """For each line of the file, the line of the base or ``None``, and its full key; ``prises`` are those met."""

    connues: list[Connue | None]
    cles: list[str]
    prises: set[int] = field(default_factory=set)


def apparier(lignes: Sequence[LigneLue], cles: Sequence[str], etat: Etat) -> Appariement:
    """Pair the lines of a file with those of the base; new ones take the first free occurrence numbers."""
    found = Appariement([None] * len(lignes), [""] * len(lignes))
    groups: dict[str, list[int]] = {}
    for index, cle in enumerate(cles):
        groups.setdefault(cle, []).append(index)
    doubtful = {
        index
        for cle, members in groups.items()
        if cle in etat.connues and (len(members) > 1 or len(etat.connues[cle]) > 1)
        for index in members
    }
    compared = {index: x for index, x in enumerate(lignes) if index in doubtful} if doubtful else {}
    for cle, members in groups.items():
        connues = etat.connues.get(cle, [])
        if len(members) == len(connues) == 1:
            found.connues[members[0]] = connues[0]
        elif connues:
            _pair(compared, members, connues, etat, found)
        taken = {_occurrence(c.cle) for c in connues}
        number = 0
        for index in members:
            connue = found.connues[index]
            if connue is not None:
                found.cles[index] = connue.cle
                found.prises.add(connue.id)
                continue
            number += 1
            while number in taken:
                number += 1
            found.cles[index] = f"{cle}#{number}"
    return found


def _pair(
    lignes: Mapping[int, LigneLue], members: Sequence[int], connues: Sequence[Connue], etat: Etat, found: Appariement
) -> None:
    free = list(members)
    left = sorted(connues, key=lambda c: _occurrence(c.cle))
    for of_file, of_base in _SIGNATURES:
        known: dict[Hashable, list[Connue]] = {}
        for connue in left:
            known.setdefault(of_base(connue, etat), []).append(connue)
        rest = []
        for index in free:
            same = known.get(of_file(lignes[index]))
            if same:
                found.connues[index] = same.pop(0)
            else:
                rest.append(index)
        free = rest
        left = [c for same in known.values() for c in same]
        left.sort(key=lambda c: _occurrence(c.cle))
    for index, connue in zip(free, left, strict=False):
        found.connues[index] = connue


def _occurrence(cle: str) -> int:
    return int(cle.rpartition("#")[2])


def _amounts_read(x: LigneLue) -> tuple[int, ...]:
    return tuple(getattr(x, champ) or 0 for champ in _TOLD)


def _amounts_known(c: Connue, etat: Etat) -> tuple[int, ...]:
    known = etat.montants.get(c.id, {})
    return tuple(known[n].total if n in known else 0 for n in (NATURES[champ] for champ in _TOLD))


_SIGNATURES: tuple[tuple[_Signature, Callable[[Connue, Etat], Hashable]], ...] = (
    (lambda x: (_amounts_read(x), x.action, x.projet), lambda c, e: (_amounts_known(c, e), c.objet, c.projet)),
    (lambda x: (x.action, x.projet, x.motivation), lambda c, e: (c.objet, c.projet, c.motivation)),
    (_amounts_read, _amounts_known),
)
