"""How many lines are behind an alert on single allocations, and the cents at stake: those of the filter it opens."""

from typing import NamedTuple

from firdesk.store import allocation_lines as lines
from firdesk.store import cumul_axes
from firdesk.store.database import Base


class Compte(NamedTuple):
    """Lines of one campagne, and what they leave unpaid or were paid too much, in cents."""

    campagne: int
    nombre: int
    montant: int


class Alertes:
    """Reads only, a few rows at any size: every count is kept by triggers."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def comptes(self, avancement: str, depuis: int, jusqu_a: int) -> list[Compte]:
        """The lines of the campagnes between two years, both included, that answer one of the ``AVANCEMENTS``."""
        return self._read(avancement, "campagne BETWEEN ? AND ?", depuis, jusqu_a)

    def echues(self, jusqu_a: int, jour: str) -> list[Compte]:
        """Of the campagnes up to one, the lines that have planned payments past and unpaid at a day (ISO)."""
        year = int(jour[:4])
        found = {x.campagne: x for x in self._read("echeance_impayee", "campagne <= ? AND exercice < ?", jusqu_a, year)}
        rows = self._base.conn.execute(
            "SELECT e.campagne, COUNT(DISTINCT IIF(e.impaye > 0 AND e.impaye < ?, NULL, d.allocation_id)), "
            f"SUM(d.reste) FROM ({lines.DATEES}) d CROSS JOIN cumul_engagement e ON e.allocation_id = d.allocation_id "
            "WHERE e.campagne <= ? GROUP BY 1",
            (year, year, jour, jusqu_a),
        )
        for campagne, count, cents in rows:
            before = found.get(campagne, Compte(campagne, 0, 0))
            found[campagne] = Compte(campagne, before.nombre + count, before.montant + cents)
        return [found[campagne] for campagne in sorted(found)]

    def engagements_connus(self, campagne: int) -> bool:
        """Whether any commitment of a campagne is in the file."""
        row = self._base.conn.execute(
            f"SELECT 1 FROM {cumul_axes.source('canal')} WHERE campagne = ? AND engage <> 0 LIMIT 1", (campagne,)
        ).fetchone()
        return row is not None

    def par_enveloppe(self, exercice: int, destination: str) -> list[tuple[str, int, int]]:
        """(enveloppe, engaged, paid) of a destination in an exercice."""
        return self._base.conn.execute(
            "SELECT enveloppe, SUM(engage), SUM(paye) FROM cumul WHERE exercice = ? AND campagne IN "
            "(SELECT annee FROM exercice) AND destination = ? GROUP BY 1",
            (exercice, destination),
        ).fetchall()

    def lignes(self, exercice: int, destination: str, enveloppe: str) -> int:
        """How many allocations of an exercice are in a destination and an enveloppe."""
        row = self._base.conn.execute(
            "SELECT IFNULL(SUM(nombre), 0) FROM cumul "
            "WHERE exercice = ? AND campagne = ? AND destination = ? AND enveloppe = ?",
            (exercice, exercice, destination, enveloppe),
        ).fetchone()
        return int(row[0])

    def _read(self, avancement: str, condition: str, *values: int) -> list[Compte]:
        rows = self._base.conn.execute(
            "SELECT campagne, SUM(nombre), SUM(montant) FROM cumul_alerte "
            f"WHERE regle = ? AND {condition} GROUP BY campagne HAVING SUM(nombre) <> 0 ORDER BY campagne",
            (avancement, *values),
        )
        return [Compte(*row) for row in rows]
