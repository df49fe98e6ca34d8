"""What the headers of a table stand for in a profile: word for word, by another name, by a near one.

Says how each was understood; what is missing or doubtful is judged by :mod:`recognise`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from firdesk.services.importing.champs import Profil
from firdesk.services.importing.entetes import Entete
from firdesk.services.importing.profiles import names, vague_names

#: How near two headers must be to be taken for one another, and by how much nearer than to any other column.
_NEAR, _MARGIN, _SHORTEST = 90.0, 4.0, 6
#: Unknown columns looked at for a near name.
_LOOKED = 100
_EXACT, _OTHER, _COMPOSED, _VAGUE, _SIMILAR = range(5)


@dataclass(slots=True)
class Signature:
    """Column of the profile → index; ``exact`` are those met word for word, ``vagues`` and ``proches`` those told.

    ``doubles`` are the other columns that could be the same field.
    """

    positions: dict[str, int] = field(default_factory=dict)
    exact: int = 0
    vagues: list[str] = field(default_factory=list)
    proches: list[str] = field(default_factory=list)
    doubles: dict[str, list[int]] = field(default_factory=dict)


def connus(entete: Entete, told: frozenset[str]) -> list[int]:
    """The columns whose header is one of these folded names, in one way of reading it."""
    found = []
    for i in entete.noms:
        name, others = entete.lectures(i)
        if name in told or (others and not told.isdisjoint(others)):
            found.append(i)
    return found


def signature(profil: Profil, entete: Entete, indices: Sequence[int], told: Iterable[int] | None = None) -> Signature:
    """What the headers at these indices stand for; ``told`` are those known to be names of some profile."""
    found = Signature()
    known = indices if told is None else sorted(set(indices).intersection(told))
    proposed = sorted((tier, i, code) for i in known for tier, code in _proposals(profil.nom, entete, i))
    if len({code for tier, _, code in proposed if tier <= _COMPOSED}) < 2:
        return found
    taken: dict[int, str] = {}
    for tier, index, code in proposed:
        if index in taken:
            continue
        if code in found.positions:
            if tier <= _COMPOSED and index not in found.doubles.get(code, ()):
                found.doubles.setdefault(code, []).append(index)
            continue
        taken[index] = code
        found.positions[code] = index
        found.exact += tier == _EXACT
        if tier == _VAGUE:
            found.vagues.append(code)
    for code, others in list(found.doubles.items()):
        left = [i for i in others if i not in taken]
        if left:
            found.doubles[code] = left
        else:
            del found.doubles[code]
    if len(found.positions) >= 3:
        _similar(profil, entete, [i for i in indices if i not in taken][:_LOOKED], found)
    return found


def _proposals(profil: str, entete: Entete, index: int) -> Iterable[tuple[int, str]]:
    name, others = entete.lectures(index)
    known, vague = names(profil), vague_names(profil)
    if name in known:
        code, exact = known[name]
        yield (_EXACT if exact else _OTHER), code
    for text in others:
        if text in known:
            yield _COMPOSED, known[text][0]
    if name in vague:
        yield _VAGUE, vague[name]


def _similar(profil: Profil, entete: Entete, indices: Sequence[int], found: Signature) -> None:
    """Columns still unknown whose header is nearly that of a column still missing."""
    absent = [c.code for c in profil.champs if c.code not in found.positions]
    scored = sorted(
        ((score, -i, code) for i in indices for code, score in _nearest(profil.nom, entete.lectures(i)[0])),
        reverse=True,
    )
    used: set[int] = set()
    for _, minus, code in scored:
        if code in absent and code not in found.positions and -minus not in used:
            found.positions[code] = -minus
            found.proches.append(code)
            used.add(-minus)


@cache
def _of_figures(profil: str) -> dict[tuple[str, ...], list[str]]:
    """The names long enough to be taken for one another, by the figures they hold."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names(profil):
        if len(name) >= _SHORTEST:
            found.setdefault(tuple(re.findall(r"\d+", name)), []).append(name)
    return found


@lru_cache(maxsize=20_000)
def _nearest(profil: str, text: str) -> tuple[tuple[str, float], ...]:
    """The one column whose names are nearly ``text``: figures must be the same, no other column as near."""
    known = _of_figures(profil).get(tuple(re.findall(r"\d+", text)))
    if len(text) < _SHORTEST or not known:
        return ()
    from rapidfuzz import fuzz, process

    best: dict[str, float] = {}
    for name, score, _ in process.extract(text, known, scorer=fuzz.ratio, limit=None, score_cutoff=_NEAR - _MARGIN):
        code = names(profil)[name][0]
        best[code] = max(best.get(code, 0.0), score)
    ranked = sorted(best.items(), key=lambda x: -x[1])
    if not ranked or ranked[0][1] < _NEAR or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - _MARGIN):
        return ()
    return (ranked[0],)
