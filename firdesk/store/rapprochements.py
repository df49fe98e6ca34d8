"""What the allocations say of a gap between engaged and notified, and the notes kept about it.

Read from the sums of each allocation; only withdrawals, which no summary tells apart, are read in the mouvements.
"""

from firdesk.domain.rapprochement import Explication, Note
from firdesk.store.database import Base

_RETRAITS = (
    "retraits AS MATERIALIZED (SELECT allocation_id, SUM(montant) AS r FROM mouvement "
    "WHERE nature = 'retrait' AND exercice = :a GROUP BY 1)"
)
_SOMMES = (
    "SUM(c.notifie) AS n, SUM(CASE WHEN c.exercice = :a THEN c.engage ELSE 0 END) AS e, "
    "SUM(CASE WHEN c.exercice <> :a THEN c.engage ELSE 0 END) AS x, "
    "SUM(CASE WHEN c.exercice > :a THEN c.prevu ELSE 0 END) AS p"
)
#: The allocations worth looking at, found in the sums alone: the others add nothing to any gap.
_PRESQUE = f"SELECT c.allocation_id, {_SOMMES} FROM cumul_allocation c GROUP BY 1 HAVING"
_CANDIDATES = {
    False: f"SELECT allocation_id FROM ({_PRESQUE} n <> e) UNION SELECT allocation_id FROM retraits",
    True: f"SELECT allocation_id FROM ({_PRESQUE} n = 0 OR p <> 0 OR (n <> e AND (e <> 0 OR x <> 0))) "
    "UNION SELECT allocation_id FROM retraits UNION SELECT id FROM allocation WHERE +exercice = :a AND ej = ''",
}
#: The allocations of a campagne ``:a``: notified ``n``, typed ``s``, engaged in the year ``e`` and in others ``x``,
#: withdrawn in the year ``r`` (engaged is net of it), planned after it ``p``.
#: The order of the joins is forced: few candidates, each found by its number.
_LIGNES = (
    f"(SELECT a.id, a.destination, a.ej, SUM(c.saisi) AS s, {_SOMMES}, IFNULL(w.r, 0) AS r "
    "FROM ({0}) k CROSS JOIN allocation a ON a.id = k.allocation_id JOIN cumul_allocation c ON c.allocation_id = a.id "
    "LEFT JOIN retraits w ON w.allocation_id = a.id WHERE +a.exercice = :a AND (:d = '' OR a.destination = :d) "
    "GROUP BY a.id)"
)
#: Nature → (which lines, what each adds to the gap). Over the lines of a campagne, the first ones add up to
#: engaged in the year − notified exactly.
_FAITS = {
    "pluriannuel": ("n <> 0 AND e + r > n AND e + r <> 0", "e + r - n"),
    "engage_non_notifie": ("n = 0 AND e + r <> 0", "e + r"),
    "engage_partiel": ("n <> 0 AND e + r < n AND e + r <> 0", "e + r - n"),
    "autre_exercice": ("n <> 0 AND e + r = 0 AND x <> 0", "-n"),
    "retraits": ("r <> 0", "-r"),
    "notifie_sans_ej": ("n <> 0 AND e + r = 0 AND x = 0", "-n"),
}
#: What a snapshot of SIBC may hold beside: of a line without engagement, its EJ alone says whether it is in there.
_SIBC = {
    "decide_non_notifie": ("n = 0 AND s <> 0 AND e + r = 0 AND x = 0", "s"),
    "notifie_sans_ej": ("n <> 0 AND e + r = 0 AND x = 0 AND ej = ''", "-n"),
    "pluriannuel_prevu": ("n <> 0 AND e + r = 0 AND x = 0 AND p <> 0", "p"),
}
_AILLEURS = (
    "FROM cumul_allocation c JOIN allocation a ON a.id = c.allocation_id "
    "WHERE c.exercice = :a AND a.exercice <> :a AND c.engage <> 0 AND (:d = '' OR a.destination = :d)"
)


class Rapprochements:
    """Reads what explains; writes of notes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def notifies(self, campagne: int) -> dict[str, tuple[int, int]]:
        """Notified cents and number of the allocations of a campagne, by destination."""
        rows = self._base.conn.execute(
            "SELECT destination, SUM(notifie), SUM(nombre) FROM cumul WHERE campagne = ? GROUP BY 1 "
            "HAVING SUM(notifie) <> 0 OR SUM(nombre) <> 0",
            (campagne,),
        )
        return {code: (cents, count) for code, cents, count in rows}

    def explications(self, exercice: int, *, sibc: bool) -> dict[str, list[Explication]]:
        """What the lines of a campagne add to the gap, by destination; ``sibc``: engaged comes from a snapshot."""
        natures = _natures(sibc)
        sums = ", ".join(
            f"SUM(CASE WHEN {which} THEN {adds} ELSE 0 END), SUM({which})" for which, adds in natures.values()
        )
        rows = self._base.conn.execute(
            f"WITH {_RETRAITS} SELECT destination, {sums} FROM {_lignes(sibc)} GROUP BY 1", {"a": exercice, "d": ""}
        )
        found: dict[str, list[Explication]] = {}
        for code, *values in rows:
            for nature, cents, count in zip(natures, values[::2], values[1::2], strict=True):
                if count and cents:
                    found.setdefault(code, []).append(Explication(nature, cents, count))
        for code, cents, count in self._base.conn.execute(
            f"SELECT a.destination, SUM(c.engage), COUNT(*) {_AILLEURS} GROUP BY 1", {"a": exercice, "d": ""}
        ):
            found.setdefault(code, []).append(Explication("autres_campagnes", cents, count))
        return found

    def lignes(self, exercice: int, destination: str, nature: str, *, sibc: bool) -> list[int]:
        """The allocations that an explanation is made of."""
        values = {"a": exercice, "d": destination}
        if nature == "autres_campagnes":
            sql = f"SELECT DISTINCT a.id {_AILLEURS}"
        elif nature in (natures := _natures(sibc)):
            sql = f"WITH {_RETRAITS} SELECT id FROM {_lignes(sibc)} WHERE {natures[nature][0]}"
        else:
            return []
        return [number for (number,) in self._base.conn.execute(sql, values)]

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


def _natures(sibc: bool) -> dict[str, tuple[str, str]]:
    return _FAITS | _SIBC if sibc else _FAITS


def _lignes(sibc: bool) -> str:
    return _LIGNES.format(_CANDIDATES[sibc])
