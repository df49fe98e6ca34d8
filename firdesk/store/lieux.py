"""Places of action of the allocations, and the money that does not act where its operator sits."""

from collections.abc import Iterator, Sequence

from firdesk.domain.synthese import Ligne
from firdesk.domain.territoire import Deplacement, Lieu
from firdesk.store.database import Base

_MESURES = ("notifie", "engage", "paye", "saisi", "retire", "repris", "prevu")
_SUMS = ", ".join(f"SUM(c.{m})" for m in _MESURES)
#: What an allocation weighs: its sums of one exercice (or of all), and whether it is numbered there.
_PLACED = (
    f"SELECT a.id, IFNULL(o.departement, ''), a.operateur_id, ? IS NULL OR a.exercice = ?, "
    f"{', '.join(f'IFNULL(SUM(c.{m}), 0)' for m in _MESURES)} "
    "FROM allocation a JOIN operateur o ON o.id = a.operateur_id "
    "LEFT JOIN cumul_allocation c ON c.allocation_id = a.id AND (? IS NULL OR c.exercice = ?) "
    "WHERE a.id IN (SELECT allocation_id FROM allocation_lieu) GROUP BY a.id"
)
_REGIONAL = (
    f"SELECT c.operateur_id, IFNULL(o.departement, ''), SUM(c.nombre), {_SUMS} FROM cumul_operateur c "
    "JOIN operateur o ON o.id = c.operateur_id WHERE o.perimetre = 'regional' AND (? IS NULL OR c.exercice = ?) "
    "GROUP BY c.operateur_id"
)


class Lieux:
    """Reads and writes of places; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def de(self, allocation: int) -> tuple[Lieu, ...]:
        """The places of an allocation, the largest share first; none where its seat says it."""
        rows = self._base.conn.execute(
            "SELECT departement, part FROM allocation_lieu WHERE allocation_id = ? ORDER BY part DESC, departement",
            (allocation,),
        )
        return tuple(Lieu(*row) for row in rows)

    def remplacer(self, allocation: int, lieux: Sequence[Lieu]) -> None:
        """Give an allocation these places and no others."""
        conn = self._base.conn
        conn.execute("DELETE FROM allocation_lieu WHERE allocation_id = ?", (allocation,))
        conn.executemany(
            "INSERT INTO allocation_lieu (allocation_id, departement, part) VALUES (?, ?, ?)",
            [(allocation, x.departement, x.part) for x in lieux],
        )

    def deplacements(self, exercice: int | None) -> Iterator[Deplacement]:
        """Money of one exercice (or of all) that acts elsewhere than at its seat, in cents.

        Each allocation that has places, then, for each operator of the whole region, all the rest of its own.
        """
        places: dict[int, list[Lieu]] = {}
        for number, code, part in self._base.conn.execute(
            "SELECT allocation_id, departement, part FROM allocation_lieu ORDER BY allocation_id, departement"
        ):
            places.setdefault(number, []).append(Lieu(code, part))
        placed: dict[int, list[int]] = {}
        year = (exercice,)
        for number, siege, operateur, counted, *sums in self._base.conn.execute(_PLACED, year * 4):
            row = [counted, *sums]
            yield Deplacement(siege, _ligne(row), tuple(places[number]))
            known = placed.setdefault(operateur, [0] * len(row))
            placed[operateur] = [a + b for a, b in zip(known, row, strict=True)]
        for operateur, siege, *sums in self._base.conn.execute(_REGIONAL, year * 2):
            apart = placed.get(operateur, [0] * len(sums))
            yield Deplacement(siege, _ligne([a - b for a, b in zip(sums, apart, strict=True)]))


def _ligne(row: Sequence[int]) -> Ligne:
    nombre, notifie, engage, paye, saisi, retire, repris, prevu = row
    return Ligne((), (), nombre, notifie, engage, paye, saisi, retire, repris, prevu)
