"""What a landing is computed from, read from the summaries by destination × theme; the parameters it keeps."""

from firdesk.domain.atterrissage import PARTS, Cellule, Parametres
from firdesk.store.database import Base

_PREFIX = "atterrissage_"


class Atterrissages:
    """Reads by campagne, in cents; writes of parameters belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def perennes(self, campagne: int) -> dict[Cellule, int]:
        """Notified on the recurring lines of a campagne."""
        return self._cells("caractere = 'perenne'", campagne)

    def reconductibles(self, campagne: int) -> dict[Cellule, int]:
        """Notified on all lines of a campagne but those said to be one-off."""
        return self._cells("caractere <> 'non_reconductible'", campagne)

    def _cells(self, which: str, campagne: int) -> dict[Cellule, int]:
        rows = self._base.conn.execute(
            f"SELECT destination, theme, SUM(notifie) FROM cumul WHERE campagne = ? AND {which} GROUP BY 1, 2",
            (campagne,),
        )
        return {(d, t): cents for d, t, cents in rows if cents}

    def decides(self, campagne: int) -> tuple[dict[Cellule, int], dict[Cellule, int]]:
        """Typed on the lines of a campagne neither notified nor engaged: all of them, and all but the one-off ones."""
        rows = self._base.conn.execute(
            "SELECT a.destination, IFNULL(a.theme, ''), SUM(x.s), "
            "SUM(CASE WHEN a.caractere = 'non_reconductible' THEN 0 ELSE x.s END) FROM "
            "(SELECT allocation_id, SUM(saisi) AS s FROM cumul_allocation GROUP BY 1 "
            "HAVING SUM(notifie) = 0 AND SUM(engage) = 0 AND SUM(saisi) <> 0) x "
            "JOIN allocation a ON a.id = x.allocation_id WHERE a.exercice = ? GROUP BY 1, 2",
            (campagne,),
        ).fetchall()
        return {(d, t): cents for d, t, cents, _ in rows}, {(d, t): cents for d, t, _, cents in rows if cents}

    def parametres(self) -> Parametres:
        """The shares kept in the file, those of the program where none is."""
        known = {
            cle.removeprefix(_PREFIX): (valeur, source)
            for cle, valeur, source in self._base.conn.execute("SELECT cle, valeur, source FROM parametre")
            if cle.startswith(_PREFIX)
        }
        shares = {name: known[name][0] for name, _, _ in PARTS if name in known}
        return Parametres(**shares, source=next((s for _, s in known.values()), ""))

    def put_parametres(self, parametres: Parametres) -> None:
        for name, _, _ in PARTS:
            self._base.conn.execute(
                "INSERT INTO parametre (cle, valeur, source) VALUES (?, ?, ?) "
                "ON CONFLICT (cle) DO UPDATE SET valeur = excluded.valeur, source = excluded.source",
                (_PREFIX + name, getattr(parametres, name), parametres.source),
            )
