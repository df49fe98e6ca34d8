"""Which line of the base each line of the file is, when several share one natural key.

Within a key, lines that hold the same are paired first, then the others so that the fewest fields change: a line
added above its twins, or one twin gone, does not shift the others.
"""

from array import array
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from firdesk.services.importing.affectation import affecter
from firdesk.services.importing.comparaison import TEXTES
from firdesk.services.importing.etat import Connue, Etat
from firdesk.services.importing.plan import NATURES, LigneLue

#: Above this many pairs to weigh within one key, lines are paired by what they share, in order.
LARGE = 2500
_Signature = Callable[[LigneLue], Hashable]
#: The amounts that tell twins apart: the others are more often typed than imported.
_TOLD = ("saisi", "validation_inter", "validation", "notifie")


#: One more field outweighs any money, one more cent any change of order.
_FIELD, _PLACE = 10**18, 10**5
_Fields = Sequence[tuple[str, str]]


@dataclass(slots=True)
class Appariement:
    """For each line of the file, the line of the base or ``None``, and its full key; ``prises`` are those met.

    ``jumelles`` are groups of lines that are read the same, but for the row they stand in.
    """

    connues: list[Connue | None]
    cles: Sequence[str]
    occurrences: "array[int]"
    prises: set[int] = field(default_factory=set)
    jumelles: list[list[int]] = field(default_factory=list)

    def cle(self, index: int) -> str:
        """The natural key of a line of the file, its occurrence number included."""
        connue = self.connues[index]
        return connue.cle if connue is not None else f"{self.cles[index]}#{self.occurrences[index]}"


def apparier(
    lignes: Sequence[LigneLue], cles: Sequence[str], etat: Etat, presents: Collection[str] = _TOLD
) -> Appariement:
    """Pair the lines of a file with those of the base; new ones take the first free occurrence numbers.

    ``presents`` are the fields that the file has: the others say nothing of which line is which.
    """
    found = Appariement([None] * len(lignes), cles, array("l", bytes(array("l").itemsize * len(lignes))))
    first: dict[str, int] = {}
    twins: dict[str, list[int]] = {}
    for index, cle in enumerate(cles):
        if first.setdefault(cle, index) != index:
            twins.setdefault(cle, [first[cle]]).append(index)
    doubtful = {index for members in twins.values() for index in members}
    doubtful.update(first[cle] for cle, connues in etat.connues.items() if len(connues) > 1 and cle in first)
    compared = {index: x for index, x in enumerate(lignes) if index in doubtful} if doubtful else {}
    for cle, alone in first.items():
        members = twins.get(cle) or [alone]
        connues = etat.connues.get(cle, [])
        if len(members) == len(connues) == 1:
            found.connues[members[0]] = connues[0]
        elif connues:
            _pair(compared, members, connues, etat, presents, found)
        if len(members) > 1:
            found.jumelles += _same(compared, members)
        taken = {_occurrence(c.cle) for c in connues}
        number = 0
        for index in members:
            connue = found.connues[index]
            if connue is not None:
                found.prises.add(connue.id)
                continue
            number += 1
            while number in taken:
                number += 1
            found.occurrences[index] = number
    return found


def _same(lignes: Mapping[int, LigneLue], members: Sequence[int]) -> list[list[int]]:
    same: dict[tuple[object, ...], list[int]] = {}
    for index in members:
        same.setdefault(lignes[index][1:-1], []).append(index)
    return [group for group in same.values() if len(group) > 1]


def _pair(
    lignes: Mapping[int, LigneLue],
    members: Sequence[int],
    connues: Sequence[Connue],
    etat: Etat,
    presents: Collection[str],
    found: Appariement,
) -> None:
    fields = [(c, column) for c, column, _ in TEXTES if c in presents]
    amounts = [(c, NATURES[c]) for c in NATURES if c in presents]
    told = {i: _told(lignes[i], fields, amounts) for i in members}
    known = {c.id: _known(c, etat, fields, amounts) for c in connues}
    left = sorted(connues, key=lambda c: _occurrence(c.cle))
    free, left = _equal(members, left, told.__getitem__, lambda c: known[c.id], found)
    if len(free) * len(left) <= LARGE:
        _cheapest(free, left, told, known, len(amounts), found)
        return
    for of_file, of_base in _SIGNATURES:
        free, left = _equal(free, left, lambda i, f=of_file: f(lignes[i]), lambda c, f=of_base: f(c, etat), found)  # type: ignore[misc]
    for index, connue in zip(free, left, strict=False):
        found.connues[index] = connue


def _told(x: LigneLue, fields: _Fields, amounts: _Fields) -> tuple[object, ...]:
    return (*(getattr(x, c) or 0 for c, _ in amounts), *(_plain(getattr(x, c)) for c, _ in fields))


def _known(c: Connue, etat: Etat, fields: _Fields, amounts: _Fields) -> tuple[object, ...]:
    totals = etat.montants.get(c.id, {})
    cents = [totals[nature].total if nature in totals else 0 for _, nature in amounts]
    return (*cents, *(_plain(getattr(c, column)) for _, column in fields))


def _plain(text: object) -> object:
    """A number without the zeros that a spreadsheet may have eaten."""
    return text.lstrip("0") if isinstance(text, str) and text.isdigit() else text


def _equal(
    free: Sequence[int],
    left: Sequence[Connue],
    of_file: Callable[[int], Hashable],
    of_base: Callable[[Connue], Hashable],
    found: Appariement,
) -> tuple[list[int], list[Connue]]:
    """Pair in order what says the same; what is left on both sides."""
    known: dict[Hashable, list[Connue]] = {}
    for connue in left:
        known.setdefault(of_base(connue), []).append(connue)
    rest = []
    for index in free:
        same = known.get(of_file(index))
        if same:
            found.connues[index] = same.pop(0)
        else:
            rest.append(index)
    return rest, sorted((c for same in known.values() for c in same), key=lambda c: _occurrence(c.cle))


def _cheapest(
    free: Sequence[int],
    left: Sequence[Connue],
    told: Mapping[int, tuple[object, ...]],
    known: Mapping[int, tuple[object, ...]],
    amounts: int,
    found: Appariement,
) -> None:
    """The fewest fields changed in all, then the least money moved, then the order of the file."""
    if not free or not left:
        return

    def cost(i: int, j: int) -> int:
        pairs = list(zip(told[free[i]], known[left[j].id], strict=True))
        moved = sum(abs(a - b) for a, b in pairs[:amounts] if isinstance(a, int) and isinstance(b, int))
        return (sum(a != b for a, b in pairs) * _FIELD + moved) * _PLACE + abs(i - j)

    if len(free) <= len(left):
        columns = affecter([[cost(i, j) for j in range(len(left))] for i in range(len(free))])
        chosen = list(enumerate(columns))
    else:
        rows = affecter([[cost(i, j) for i in range(len(free))] for j in range(len(left))])
        chosen = [(i, j) for j, i in enumerate(rows)]
    for i, j in chosen:
        found.connues[free[i]] = left[j]


def _occurrence(cle: str) -> int:
    return int(cle.rpartition("#")[2])


def _amounts_read(x: LigneLue) -> tuple[int, ...]:
    return tuple(getattr(x, champ) or 0 for champ in _TOLD)


def _amounts_known(c: Connue, etat: Etat) -> tuple[int, ...]:
    known = etat.montants.get(c.id, {})
    return tuple(known[n].total if n in known else 0 for n in (NATURES[champ] for champ in _TOLD))


_SIGNATURES: tuple[tuple[_Signature, Callable[[Connue, Etat], Hashable]], ...] = (
    (lambda x: (x.action, x.projet, x.motivation), lambda c, e: (c.objet, c.projet, c.motivation)),
    (_amounts_read, _amounts_known),
)
