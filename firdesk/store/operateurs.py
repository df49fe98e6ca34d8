"""Operators and the names they also go by."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from firdesk.domain.operateur import Alias, MontantsAnnuels, Operateur, nom_normalise, sans_accents
from firdesk.store import journal
from firdesk.store.database import Base
from firdesk.store.insertion import insert_rows

_FIELDS = [f.name for f in fields(Operateur) if f.name != "id"]
_SELECT = (
    "SELECT " + ", ".join(f"IFNULL({f}, '')" if f == "departement" else f for f in _FIELDS) + ", id FROM operateur "
)


class Operateurs:
    """Reads and writes of operators; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def get(self, number: int) -> Operateur:
        return Operateur(*self._base.conn.execute(_SELECT + "WHERE id = ?", (number,)).fetchone())

    def all(self, *, par_nom: bool = False) -> list[Operateur]:
        """Every operator, in the order they were written or of their names."""
        order = "ORDER BY nom_normalise, id" if par_nom else "ORDER BY id"
        return [Operateur(*row) for row in self._base.conn.execute(_SELECT + order)]

    def noms(self) -> dict[int, str]:
        """The name of each operator, in the order of names."""
        return dict(self._base.conn.execute("SELECT id, nom FROM operateur ORDER BY nom_normalise, id"))

    def find(self, number: int) -> Operateur | None:
        """The operator of that number, if there is one."""
        row = self._base.conn.execute(_SELECT + "WHERE id = ?", (number,)).fetchone()
        return Operateur(*row) if row else None

    def aliases(self, number: int | None = None) -> list[Alias]:
        """Every other name and identifier, or those of one operator."""
        where, values = ("", ()) if number is None else ("WHERE operateur_id = ?", (number,))
        rows = self._base.conn.execute(
            f"SELECT nature, valeur, operateur_id, departement, id FROM operateur_alias {where} ORDER BY id", values
        )
        return [Alias(*row) for row in rows]

    def montants(self, numbers: Sequence[int] | None = None) -> dict[int, list[MontantsAnnuels]]:
        """What each operator (or each of ``numbers``) has had, the latest exercice first."""
        where, values = "", []
        if numbers is not None:
            where, values = f"WHERE operateur_id IN ({','.join('?' * len(numbers))})", list(numbers)
        found: dict[int, list[MontantsAnnuels]] = {}
        for number, *sums in self._base.conn.execute(
            "SELECT operateur_id, campagne, SUM(nombre), SUM(notifie), SUM(engage), SUM(paye) FROM cumul_operateur "
            f"{where} GROUP BY operateur_id, campagne HAVING SUM(nombre) <> 0 ORDER BY operateur_id, campagne DESC",
            values,
        ):
            found.setdefault(number, []).append(MontantsAnnuels(*sums))
        return found

    def distincts(self) -> set[tuple[int, int]]:
        """The pairs told apart by the user, the smaller number first."""
        return set(self._base.conn.execute("SELECT operateur_id, autre_id FROM operateur_distinct"))

    def add(self, operateur: Operateur) -> int:
        return self.add_many([operateur])[0]

    def add_many(self, operateurs: Iterable[Operateur]) -> list[int]:
        """Insert operators, numbered one after the other; returns their numbers."""
        conn = self._base.conn
        first = int(conn.execute("SELECT IFNULL(MAX(id), 0) + 1 FROM operateur").fetchone()[0])
        rows = [(number, *_values(o)) for number, o in enumerate(operateurs, start=first)]
        insert_rows(conn, "operateur", ["id", *_FIELDS, "nom_normalise"], rows)
        return [int(str(row[0])) for row in rows]

    def update(self, operateur: Operateur) -> None:
        assign = ", ".join(f"{f} = ?" for f in [*_FIELDS, "nom_normalise"])
        self._base.conn.execute(f"UPDATE operateur SET {assign} WHERE id = ?", (*_values(operateur), operateur.id))

    def add_alias(self, number: int, nature: str, valeur: str, departement: str = "") -> None:
        """Let a name (of that département, where given) or an identifier mean this operator; what is known stays."""
        self._base.conn.execute(
            "INSERT OR IGNORE INTO operateur_alias (operateur_id, nature, valeur, departement) VALUES (?, ?, ?, ?)",
            (number, nature, valeur, departement),
        )

    def remove_alias(self, alias: int) -> None:
        self._base.conn.execute("DELETE FROM operateur_alias WHERE id = ?", (alias,))

    def distinguer(self, one: int, other: int) -> None:
        """Keep in mind that two operators that look alike are two."""
        self._base.conn.execute(
            "INSERT OR IGNORE INTO operateur_distinct (operateur_id, autre_id) VALUES (?, ?)",
            (min(one, other), max(one, other)),
        )

    def move(self, source: int, target: int) -> None:
        """Give all that refers to an operator to another one; what it was told apart from follows."""
        conn = self._base.conn
        for table in journal.tables(conn):
            for parent, pairs in journal.parents(conn, table):
                if parent == "operateur" and table != "operateur_distinct":
                    own = pairs[0][0]
                    conn.execute(f"UPDATE {table} SET {own} = ? WHERE {own} = ?", (target, source))
        others = [o for pair in self.distincts() if source in pair for o in pair if o != source]
        conn.execute("DELETE FROM operateur_distinct WHERE ? IN (operateur_id, autre_id)", (source,))
        for other in others:
            if other != target:
                self.distinguer(target, other)

    def delete(self, number: int) -> None:
        """Delete an operator to which nothing refers any more."""
        self._base.conn.execute("DELETE FROM operateur WHERE id = ?", (number,))

    def search(self, texte: str, *, limit: int = 20) -> list[Operateur]:
        """Operators whose name, alias, identifier or town holds every word of ``texte`` (accents ignored)."""
        words = sans_accents(texte).split()
        compact = sans_accents(texte).replace(" ", "")
        clauses, values = [], []
        for word in words:
            clauses.append(
                "(nom_normalise LIKE ? OR lower(nom) LIKE ? OR lower(commune) LIKE ? OR siret LIKE ? OR finess LIKE ? "
                "OR id IN (SELECT operateur_id FROM operateur_alias WHERE lower(valeur) LIKE ?))"
            )
            values += [f"%{word}%"] * 3 + [f"{word}%"] * 2 + [f"%{word}%"]
        where = " AND ".join(clauses) or "1"
        rows = self._base.conn.execute(
            _SELECT + f"WHERE ({where}) OR (? <> '' AND siret LIKE ?) ORDER BY nom_normalise LIKE ? DESC, nom LIMIT ?",
            (*values, compact, f"{compact}%", f"{words[0] if words else ''}%", limit),
        )
        return [Operateur(*row) for row in rows]


def _values(o: Operateur) -> list[object]:
    values: list[object] = [getattr(o, f) for f in _FIELDS]
    values[_FIELDS.index("departement")] = o.departement or None
    return [*values, nom_normalise(o.nom)]
