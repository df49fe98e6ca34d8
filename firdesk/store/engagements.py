"""Commitments and what followed them: the years of an allocation from its summary, the items of one EJ."""

from collections.abc import Iterator, Sequence

from firdesk.domain.echeancier import Annee
from firdesk.domain.execution import Mesure, PosteEJ
from firdesk.store.database import Base

_MEASURES = (Mesure.ENGAGE, Mesure.RETIRE, Mesure.PAYE, Mesure.PREVU)
#: The year and the four measures of an :class:`Annee`, in its order.
ANNEE = ", ".join(("c.exercice", *(f"c.{m}" for m in _MEASURES)))
_POSTES = (
    "SELECT IIF(m.ej <> '', m.ej, a.ej), a.id, printf('%d-%04d', a.exercice, a.numero), o.nom, a.destination, "
    "m.nature, m.exercice, SUM(m.montant) FROM mouvement m JOIN allocation a ON a.id = m.allocation_id "
    "JOIN operateur o ON o.id = a.operateur_id WHERE IIF(m.ej <> '', m.ej, a.ej) LIKE ? "
    "AND m.nature IN ('engagement', 'retrait', 'retrait_anterieur', 'paiement', 'reprise') "
    "GROUP BY 1, 2, 6, 7 ORDER BY 1, 3, 7"
)
_PART = 900


class Engagements:
    """Reads only; mouvements are written through the allocations."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def annees(self, allocation: int) -> list[Annee]:
        """What moved in each exercice of one allocation."""
        rows = self._base.conn.execute(
            f"SELECT {ANNEE} FROM cumul_allocation c WHERE c.allocation_id = ? ORDER BY c.exercice", (allocation,)
        )
        return [Annee(*row) for row in rows]

    def annees_de(self, allocations: Sequence[int]) -> dict[int, list[Annee]]:
        """The same for several, those of which nothing moved left out."""
        found: dict[int, list[Annee]] = {}
        for start in range(0, len(allocations), _PART):
            part = allocations[start : start + _PART]
            rows = self._base.conn.execute(
                f"SELECT c.allocation_id, {ANNEE} FROM cumul_allocation c "
                f"WHERE c.allocation_id IN ({','.join('?' * len(part))}) ORDER BY c.allocation_id, c.exercice",
                list(part),
            )
            for number, *annee in rows:
                found.setdefault(number, []).append(Annee(*annee))
        return found

    def notifiees(self, allocations: Sequence[int]) -> list[tuple[int, int, str, int]]:
        """Of these allocations, those that have an EJ, an amount notified and no commitment yet.

        Each with its exercice, the day of its notification (ISO or empty) and the amount notified, in cents.
        """
        found: list[tuple[int, int, str, int]] = []
        for start in range(0, len(allocations), _PART):
            part = allocations[start : start + _PART]
            found += self._base.conn.execute(
                "SELECT a.id, a.exercice, a.date_notification, c.notifie FROM allocation a JOIN cumul_allocation c "
                "ON c.allocation_id = a.id AND c.exercice = a.exercice WHERE a.ej <> '' AND c.notifie > 0 "
                "AND NOT EXISTS (SELECT 1 FROM mouvement m WHERE m.allocation_id = a.id AND m.nature = 'engagement') "
                f"AND a.id IN ({','.join('?' * len(part))})",
                list(part),
            )
        return found

    def planifiees(self) -> list[int]:
        """The allocations that have planned payments."""
        rows = self._base.conn.execute("SELECT DISTINCT allocation_id FROM cumul_allocation WHERE prevu <> 0")
        return [number for (number,) in rows]

    def postes(self, numero: str) -> Iterator[tuple[PosteEJ, str, int, int]]:
        """The items whose EJ holds a number, with the sum of each nature in each exercice, in cents."""
        for ej, number, reference, operateur, destination, *moved in self._base.conn.execute(_POSTES, (f"%{numero}%",)):
            yield PosteEJ(ej, number, reference, operateur, destination), *moved

    def exercices_clos(self) -> frozenset[int]:
        rows = self._base.conn.execute("SELECT annee FROM exercice WHERE statut = 'clos'")
        return frozenset(annee for (annee,) in rows)
