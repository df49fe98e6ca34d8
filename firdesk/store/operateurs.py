"""Operators and the names they also go by."""

from collections.abc import Iterable
from dataclasses import fields

from firdesk.domain.operateur import Operateur, nom_normalise, sans_accents
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

    def all(self) -> list[Operateur]:
        return [Operateur(*row) for row in self._base.conn.execute(_SELECT + "ORDER BY id")]

    def aliases(self) -> list[tuple[str, str, int]]:
        """Every alias: nature (``nom siret finess code_interne``), value, operator."""
        return list(self._base.conn.execute("SELECT nature, valeur, operateur_id FROM operateur_alias"))

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

    def add_alias(self, number: int, nature: str, valeur: str) -> None:
        self._base.conn.execute(
            "INSERT OR IGNORE INTO operateur_alias (operateur_id, nature, valeur) VALUES (?, ?, ?)",
            (number, nature, valeur),
        )

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
