"""Which operators look like which: names, place and identifiers weighed against each other, thousands at once.

It proposes and never decides; it reads neither base nor file.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from firdesk.domain.identifiants import finess_valide, siren_valide, siret_valide
from firdesk.domain.operateur import Operateur
from firdesk.domain.operateur_nom import GENRES, NomLu, lire_nom

#: From which score two operators are worth showing side by side (measured in tests/services/test_operateurs_proches).
SEUIL = 86
#: Names compared at once: bounds the memory whatever the base.
_BLOC = 256
#: A word that more than this share of the operators bear tells nobody apart, once there are enough of them.
_COURANT, _ASSEZ = 0.1, 30
#: A word that more than this many bear is no way to look for a name inside another.
_RARE = 60
_CONTENU = 84
_MEME_FINESS = 95
_BITS = {genre: 1 << place for place, genre in enumerate(GENRES)}

_ASSOCIATION = np.int64(_BITS["association"])
#: Points taken off names whose kinds of body differ: another one, one more, one that is not said.
_AUTRE_GENRE, _GENRE_EN_PLUS, _GENRE_TU = 40, 12, 20
#: All that place and SIREN may add to the likeness of two names.
_MIEUX = 13

_Ints = NDArray[np.int64]
_Scores = NDArray[np.int16]


class Proche(NamedTuple):
    """One operator that looks like another: its place in the list compared with, and 0-100."""

    place: int
    score: int


@dataclass(frozen=True, slots=True)
class _Traits:
    """What is compared of some operators, one row each; 0 where unknown."""

    textes: list[str]
    mots: list[tuple[str, ...]]
    genres: _Ints
    nombres: _Ints
    departements: _Ints
    lieux: _Ints
    sirens: _Ints
    finess: _Ints

    def rows(self, first: int, last: int) -> "_Traits":
        cut = slice(first, last)
        return _Traits(self.textes[cut], self.mots[cut], *(c[cut] for c in self._columns()))

    def of(self, places: _Ints) -> "_Traits":
        """These rows, without their names, which are compared already."""
        return _Traits([], [], *(c[places] for c in self._columns()))

    def _columns(self) -> tuple[_Ints, ...]:
        return self.genres, self.nombres, self.departements, self.lieux, self.sirens, self.finess


def proches(nouveaux: Sequence[Operateur], connus: Sequence[Operateur], *, limite: int = 3) -> list[list[Proche]]:
    """For each new operator, the known ones that look like it, the nearest first."""
    if not nouveaux or not connus:
        return [[] for _ in nouveaux]
    left, right = _traits(nouveaux, connus)
    found: list[list[Proche]] = []
    for first, scores in _blocs(left, right):
        for row, best in enumerate(scores.max(axis=1)):
            if best < SEUIL:
                found.append([])
                continue
            line = scores[row]
            best_first = np.argsort(-line, kind="stable")[: 4 * limite]
            near = [int(i) for i in best_first if line[i] >= SEUIL]
            near.sort(key=lambda i: (-int(line[i]), _ecart(nouveaux[first + row], connus[i])))
            found.append([Proche(i, int(line[i])) for i in near[:limite]])
    return found


def paires(operateurs: Sequence[Operateur]) -> list[tuple[int, int, int]]:
    """The pairs of one list that look like each other, as (place, place, score), the nearest first."""
    if len(operateurs) < 2:
        return []
    left, right = _traits(operateurs, operateurs)
    found = []
    for first, scores in _blocs(left, right):
        for row, column in zip(*np.nonzero(scores >= SEUIL), strict=True):
            if first + row < column:
                found.append((int(first + row), int(column), int(scores[row, column])))
    return sorted(found, key=lambda p: (-p[2], p[0], p[1]))


def se_ressemblent(one: Operateur, other: Operateur) -> bool:
    """Whether two operators alone are worth showing side by side."""
    return bool(proches([one], [other])[0])


def noms_proches(one: str, other: str) -> bool:
    """Whether two names may be those of one operator, whatever else is known of it."""
    return se_ressemblent(Operateur(one), Operateur(other))


def _blocs(left: _Traits, right: _Traits) -> Iterator[tuple[int, _Scores]]:
    contained = _Contenus(right)
    for first in range(0, len(left.textes), _BLOC):
        part = left.rows(first, first + _BLOC)
        names: _Scores = process.cdist(part.textes, right.textes, scorer=fuzz.ratio, dtype=np.uint8).astype(np.int16)
        for row, mots in enumerate(part.mots):
            for column in contained.of(mots):
                names[row, column] = max(int(names[row, column]), _CONTENU)
        yield first, _scores(names, part, right)


def _scores(names: _Scores, a: _Traits, b: _Traits) -> _Scores:
    """Names first; then what the kind, the place and the identifiers add to it or take off."""
    same_finess = (a.finess[:, None] == b.finess[None, :]) & (a.finess[:, None] > 0)
    apart = _contradict(a.nombres, b.nombres) | _contradict(a.sirens, b.sirens)
    rows, columns = np.nonzero(((names >= SEUIL - _MIEUX) & ~apart) | same_finess)
    found = np.zeros_like(names)
    found[rows, columns] = _weigh(names[rows, columns], a.of(rows), b.of(columns))
    return found


def _weigh(names: _Scores, a: _Traits, b: _Traits) -> _Scores:
    """The score of each pair, row by row."""
    genres, others = a.genres, b.genres
    apart = np.where((genres & others) == 0, _AUTRE_GENRE, _GENRE_EN_PLUS)
    apart = np.where((genres == 0) | (others == 0), _GENRE_TU, apart)
    none_said = ((genres | others) & ~_ASSOCIATION) == 0
    scores = names - np.where((genres == others) | none_said, 0, apart)
    scores += _compared(a.departements, b.departements, same=3, different=-20)
    scores += _compared(a.lieux, b.lieux, same=2, different=-20)
    scores += _compared(a.nombres, b.nombres, same=0, different=-100)
    sirens = _compared(a.sirens, b.sirens, same=8, different=-100)
    finess = _compared(a.finess, b.finess, same=100, different=-8)
    scores += sirens + np.where((finess < 0) & (sirens > 0), 0, np.minimum(finess, 0))
    scores = np.where(finess > 0, np.maximum(scores, _MEME_FINESS), scores)
    return np.clip(scores, 0, 100).astype(np.int16)


def _contradict(a: _Ints, b: _Ints) -> NDArray[np.bool_]:
    one, other = a[:, None], b[None, :]
    found: NDArray[np.bool_] = (one != other) & (one > 0) & (other > 0)
    return found


def _compared(a: _Ints, b: _Ints, *, same: int, different: int) -> _Ints:
    return np.where((a == 0) | (b == 0), 0, np.where(a == b, same, different))


class _Contenus:
    """Finds the names whose words are all in another's, or that hold them all."""

    def __init__(self, known: _Traits) -> None:
        self._mots = [frozenset(m) for m in known.mots]
        self._by_word: dict[str, list[int]] = {}
        for index, mots in enumerate(known.mots):
            for mot in mots:
                self._by_word.setdefault(mot, []).append(index)

    def of(self, mots: tuple[str, ...]) -> set[int]:
        found: set[int] = set()
        whole = set(mots)
        for mot in mots:
            holders = self._by_word.get(mot, ())
            if len(mot) > 2 and len(holders) <= _RARE:
                found.update(i for i in holders if whole <= self._mots[i] or self._mots[i] <= whole)
        return found


def _traits(a: Sequence[Operateur], b: Sequence[Operateur]) -> tuple[_Traits, _Traits]:
    """Both sides with the same numbers for the same texts, words that too many bear left out of both."""
    both = [lire_nom(o.nom) for o in (*a, *b)]
    bearers = Counter(mot for nom in both for mot in set(nom.mots))
    limit = len(both) * _COURANT
    vain = {m for m, n in bearers.items() if n > limit} if len(both) > _ASSEZ else set()
    numbers: dict[object, int] = {}

    def number(key: object) -> int:
        return numbers.setdefault(key, len(numbers) + 1) if key else 0

    def side(operateurs: Sequence[Operateur], noms: Sequence[NomLu]) -> _Traits:
        mots = [tuple(m for m in n.mots if m not in vain) or n.mots for n in noms]
        columns = (
            [sum(_BITS[g] for g in n.genres) for n in noms],
            [number(n.nombres) for n in noms],
            [number(o.departement) for o in operateurs],
            [number(_lieu(o)) for o in operateurs],
            [number(_siren(o)) for o in operateurs],
            [number(o.finess if finess_valide(o.finess) else "") for o in operateurs],
        )
        return _Traits([" ".join(m) for m in mots], mots, *(np.array(c, dtype=np.int64) for c in columns))

    return side(a, both[: len(a)]), side(b, both[len(a) :])


def _siren(o: Operateur) -> str:
    if siret_valide(o.siret):
        return o.siret[:9]
    return o.siren if siren_valide(o.siren) else ""


def _lieu(o: Operateur) -> str:
    return " ".join(m for m in lire_nom(o.commune).mots if m != "cedex") if o.commune else ""


def _ecart(one: Operateur, other: Operateur) -> float:
    """Orders equal scores: the whole names nearest as they are written."""
    return -float(fuzz.ratio(one.nom.lower(), other.nom.lower()))
