"""What a landing is computed from, read from the summaries by destination × theme; the parameters it keeps."""

from firdesk.domain.atterrissage import PARTS, Cellule, Montants, Parametres
from firdesk.store.database import Base

_PREFIX = "atterrissage_"


class Atterrissages:
    """Reads by campagne, in cents; writes of parameters belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def cellules(self, campagne: int) -> dict[Cellule, Montants]:
        """What the allocations of a campagne add up to, by destination × theme."""
        rows = self._base.conn.execute(
            f"SELECT destination, theme, {', '.join(Montants._fields)} FROM cumul_cellule WHERE campagne = ?",
            (campagne,),
        )
        return {(destination, theme): Montants(*cents) for destination, theme, *cents in rows}

    def perennes(self, campagne: int) -> dict[Cellule, int]:
        """Notified on the recurring lines of a campagne, in the cells that have some."""
        rows = self._base.conn.execute(
            "SELECT destination, theme, perenne FROM cumul_cellule WHERE campagne = ? AND perenne <> 0", (campagne,)
        )
        return {(destination, theme): cents for destination, theme, cents in rows}

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
