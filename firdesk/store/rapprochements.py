"""What the allocations say of a gap between engaged and notified, and the notes kept about it."""

from firdesk.domain.rapprochement import Explication, Note
from firdesk.store.cumul_axes import source
from firdesk.store.cumul_constats import AILLEURS, FAITS, NATURES, PISTES, sums
from firdesk.store.database import Base

#: What is told where engaged comes from mouvements; of a snapshot of SIBC, the EJ says what is not in there.
_MOUVEMENTS = (*FAITS, AILLEURS)
_SIBC = (*(nature for nature in FAITS if nature != "notifie_non_engage"), *PISTES, AILLEURS)


class Rapprochements:
    """Reads what explains; writes of notes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def notifies(self, campagne: int) -> dict[str, tuple[int, int]]:
        """Notified cents and number of the allocations of a campagne, by destination."""
        rows = self._base.conn.execute(
            f"SELECT destination, SUM(notifie), SUM(nombre) FROM {source('destination')} WHERE campagne = ? GROUP BY 1 "
            "HAVING SUM(notifie) <> 0 OR SUM(nombre) <> 0",
            (campagne,),
        )
        return {code: (cents, count) for code, cents, count in rows}

    def explications(self, exercice: int, *, sibc: bool) -> dict[str, list[Explication]]:
        """What the allocations add to the gap, by destination; ``sibc``: engaged comes from a snapshot."""
        natures = _SIBC if sibc else _MOUVEMENTS
        rows = self._base.conn.execute(
            f"SELECT destination, {', '.join(f'{n}, {n}_nombre' for n in natures)} FROM cumul_rapprochement "
            "WHERE exercice = ?",
            (exercice,),
        )
        found = {}
        for code, *values in rows:
            pairs = zip(natures, values[::2], values[1::2], strict=True)
            if told := [Explication(nature, cents, count) for nature, cents, count in pairs if count and cents]:
                found[code] = told
        return found

    def lignes(self, exercice: int, destination: str, nature: str) -> list[int]:
        """The allocations that an explanation is made of."""
        if nature == AILLEURS:
            sql = (
                "SELECT a.id FROM cumul_allocation c CROSS JOIN allocation a ON a.id = c.allocation_id "
                "WHERE c.exercice = ? AND c.engage <> 0 AND a.exercice <> c.exercice AND a.destination = ?"
            )
        elif nature in NATURES:
            sql = f"SELECT id FROM ({sums('a.exercice = ? AND a.destination = ?')}) WHERE {NATURES[nature][0]}"
        else:
            return []
        return [number for (number,) in self._base.conn.execute(sql, (exercice, destination))]

    def notes(self, exercice: int) -> list[Note]:
        """The notes of an exercice in the order they were written."""
        rows = self._base.conn.execute(
            "SELECT exercice, destination, texte, montant, id FROM rapprochement_note WHERE exercice = ? ORDER BY id",
            (exercice,),
        )
        return [Note(*row) for row in rows]

    def add_note(self, note: Note) -> int:
        cursor = self._base.conn.execute(
            "INSERT INTO rapprochement_note (exercice, destination, montant, texte) VALUES (?, ?, ?, ?)",
            (note.exercice, note.destination, note.montant, note.texte),
        )
        return int(cursor.lastrowid or 0)

    def update_note(self, note: Note) -> None:
        self._base.conn.execute(
            "UPDATE rapprochement_note SET montant = ?, texte = ? WHERE id = ?", (note.montant, note.texte, note.id)
        )

    def delete_note(self, number: int) -> None:
        """Take a note away (the journal keeps it)."""
        self._base.conn.execute("DELETE FROM rapprochement_note WHERE id = ?", (number,))
