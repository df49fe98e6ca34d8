"""The payments of earlier imports, and which of them each payment of a file is.

Within an EJ, the same request, date and amount are the same payment, each once; then the same request, which has
changed; then the same date and amount where one of the two has no request number.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from firdesk.domain import money
from firdesk.services.importing.rattachement import PaiementLu, reference_dp
from firdesk.store.paiements import PartConnue


@dataclass(frozen=True, slots=True)
class Connu:
    """One payment imported before, with its shares; ``effet`` is what it adds to CP payé now, in cents."""

    cle: str
    reference: str
    parts: tuple[PartConnue, ...]

    @property
    def ej(self) -> str:
        return self.cle.partition("|")[0]

    @property
    def date(self) -> str:
        return self.parts[0].date

    @property
    def exercice(self) -> int:
        return self.parts[0].exercice

    @property
    def effet(self) -> int:
        return sum(p.effet for p in self.parts)

    @property
    def importe(self) -> int:
        """What it added when it was imported: the amount that the cell showed."""
        read = money.parse(self.parts[0].brut)
        if not isinstance(read, int):
            return self.effet
        return -abs(read) if self.effet < 0 else abs(read)

    @property
    def corrige(self) -> bool:
        """Whether a person changed its amount since."""
        return self.importe != self.effet


_Key = Callable[[PaiementLu], Hashable]
_Known = Callable[[Connu], Hashable]
#: What must be equal, on both sides, for two payments of one EJ to be the same; ``None`` pairs nothing.
_RULES: tuple[tuple[_Key, _Known], ...] = (
    (lambda x: (_ref(x), x.exercice, x.date, x.effet), lambda k: (_known(k), k.exercice, k.date, k.importe)),
    (lambda x: (_ref(x), x.date, x.effet), lambda k: (_known(k), k.date, k.importe)),
    (lambda x: (_ref(x), x.date) if _ref(x) else None, lambda k: (_known(k), k.date) if _known(k) else None),
    (lambda x: (_ref(x), x.effet) if _ref(x) else None, lambda k: (_known(k), k.importe) if _known(k) else None),
    (lambda x: _ref(x) or None, lambda k: _known(k) or None),
)


class Connus:
    """Every payment imported before, by EJ."""

    def __init__(self, parts: Iterable[PartConnue]) -> None:
        groups: dict[tuple[str, tuple[int, str, int]], list[PartConnue]] = {}
        for part in parts:
            groups.setdefault((part.cle, part.source), []).append(part)
        self._par_ej: dict[str, list[Connu]] = {}
        for (cle, _), members in groups.items():
            connu = Connu(cle, members[0].reference, tuple(members))
            self._par_ej.setdefault(connu.ej, []).append(connu)

    def __iter__(self) -> Iterator[Connu]:
        return (connu for group in self._par_ej.values() for connu in group)

    def apparier(self, lignes: Sequence[PaiementLu]) -> list[Connu | None]:
        """For each payment of a file the one it is, or ``None``; each known payment is met once."""
        found: list[Connu | None] = [None] * len(lignes)
        groups: dict[str, list[int]] = {}
        for index, ligne in enumerate(lignes):
            groups.setdefault(ligne.engagement[0], []).append(index)
        for ej, members in groups.items():
            free, left = members, list(self._par_ej.get(ej, ()))
            for of_file, of_base in _RULES:
                if not left:
                    break
                free, left = _pair(lignes, free, left, of_file, of_base, found)
            for index in free:
                found[index] = _without_reference(lignes[index], left)
        return found


def _pair(
    lignes: Sequence[PaiementLu],
    free: Sequence[int],
    left: Sequence[Connu],
    of_file: _Key,
    of_base: _Known,
    found: list[Connu | None],
) -> tuple[list[int], list[Connu]]:
    known: dict[Hashable, list[Connu]] = {}
    for connu in left:
        known.setdefault(of_base(connu), []).append(connu)
    rest = []
    taken = set()
    for index in free:
        key = of_file(lignes[index])
        same = known.get(key) if key is not None else None
        if same:
            found[index] = connu = same.pop(0)
            taken.add(connu.parts[0].mouvement)
        else:
            rest.append(index)
    return rest, [c for c in left if c.parts[0].mouvement not in taken]


def _without_reference(ligne: PaiementLu, left: list[Connu]) -> Connu | None:
    """The known payment of the same date and amount where either side has no request number."""
    for place, connu in enumerate(left):
        untold = not _ref(ligne) or not _known(connu)
        if untold and (connu.date, connu.importe) == (ligne.date, ligne.effet):
            return left.pop(place)
    return None


def _ref(ligne: PaiementLu) -> str:
    return reference_dp(ligne.reference)


def _known(connu: Connu) -> str:
    return connu.cle.partition("|")[2]
