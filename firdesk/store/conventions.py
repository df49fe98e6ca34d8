"""Acts, their amounts by year, and the allocations bound to them."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from firdesk.domain.convention import AnneeConvention, Convention
from firdesk.domain.echeancier import Annee
from firdesk.domain.operateur import sans_accents
from firdesk.store.database import Base
from firdesk.store.engagements import ANNEE

_FIELDS = [f.name for f in fields(Convention) if f.name not in ("id", "annees")]
_READ = ", ".join(f"v.{name}" for name in [*_FIELDS, "id"])
_PART = 900


class Conventions:
    """Reads and writes of acts; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def all(self) -> list[Convention]:
        """Every act with its years, by number."""
        return self._with_years(f"SELECT {_READ} FROM convention v ORDER BY v.numero, v.id", ())

    def get(self, number: int) -> Convention | None:
        found = self._with_years(f"SELECT {_READ} FROM convention v WHERE v.id = ?", (number,))
        return found[0] if found else None

    def search(self, texte: str, *, operateur: int | None = None, limit: int = 20) -> list[Convention]:
        """Acts whose number, object or operator holds every word of ``texte``, those of ``operateur`` first."""
        clauses, values = ["1"], []
        for word in sans_accents(texte).split():
            clauses.append("(lower(v.numero) LIKE ? OR lower(v.objet) LIKE ? OR o.nom_normalise LIKE ?)")
            values += [f"%{word}%"] * 3
        return self._with_years(
            f"SELECT {_READ} FROM convention v JOIN operateur o ON o.id = v.operateur_id "
            f"WHERE {' AND '.join(clauses)} ORDER BY v.operateur_id IS NOT ?, v.numero, v.id LIMIT ?",
            (*values, operateur, limit),
        )

    def add(self, convention: Convention) -> int:
        marks = ", ".join("?" * len(_FIELDS))
        cursor = self._base.conn.execute(
            f"INSERT INTO convention ({', '.join(_FIELDS)}) VALUES ({marks})", _values(convention)
        )
        number = int(cursor.lastrowid or 0)
        self._write_years(number, (), convention.annees)
        return number

    def update(self, convention: Convention) -> None:
        """Write an act and its years."""
        assign = ", ".join(f"{name} = ?" for name in _FIELDS)
        before = self.get(convention.id or 0)
        self._base.conn.execute(f"UPDATE convention SET {assign} WHERE id = ?", (*_values(convention), convention.id))
        self._write_years(convention.id or 0, before.annees if before else (), convention.annees)

    def delete(self, number: int) -> None:
        """Remove an act; its allocations and avenants stay, bound to nothing."""
        conn = self._base.conn
        conn.execute("UPDATE allocation SET convention_id = NULL WHERE convention_id = ?", (number,))
        conn.execute("UPDATE convention SET parent_id = NULL WHERE parent_id = ?", (number,))
        conn.execute("DELETE FROM convention_annee WHERE convention_id = ?", (number,))
        conn.execute("DELETE FROM convention WHERE id = ?", (number,))

    def bind(self, allocations: Sequence[int], convention: int | None) -> None:
        """Bind allocations to an act, or to none."""
        for start in range(0, len(allocations), _PART):
            part = allocations[start : start + _PART]
            self._base.conn.execute(
                f"UPDATE allocation SET convention_id = ? WHERE id IN ({','.join('?' * len(part))})",
                (convention, *part),
            )

    def adopt(self, avenant: int, parent: int) -> None:
        """Give the avenants of an act that becomes one itself to the act it changes."""
        self._base.conn.execute("UPDATE convention SET parent_id = ? WHERE parent_id = ?", (parent, avenant))

    def allocations(self, conventions: Sequence[int]) -> list[int]:
        """The allocations bound to any of these acts, by exercice and number."""
        rows = self._base.conn.execute(
            f"SELECT id FROM allocation WHERE convention_id IN ({','.join('?' * len(conventions))}) "
            "ORDER BY exercice, numero",
            list(conventions),
        )
        return [number for (number,) in rows]

    def operateurs(self) -> dict[int, str]:
        """The name of each operator that an act binds."""
        rows = self._base.conn.execute(
            "SELECT id, nom FROM operateur WHERE id IN (SELECT operateur_id FROM convention)"
        )
        return dict(rows.fetchall())

    def nombres(self) -> dict[int, int]:
        """How many allocations are bound to each act."""
        return dict(
            self._base.conn.execute(
                "SELECT convention_id, COUNT(*) FROM allocation WHERE convention_id IS NOT NULL GROUP BY 1"
            )
        )

    def annees(self) -> dict[int, list[Annee]]:
        """What moved in each exercice on the allocations bound to each act."""
        found: dict[int, list[Annee]] = {}
        for number, *annee in self._base.conn.execute(
            f"SELECT c.convention_id, {ANNEE} FROM cumul_convention c ORDER BY 1, 2"
        ):
            found.setdefault(number, []).append(Annee(*annee))
        return found

    def porteuses(self, numero: str) -> list[tuple[int, int]]:
        """The allocations bound to no act whose decision bears a number, each with its operator."""
        return list(
            self._base.conn.execute(
                "SELECT id, operateur_id FROM allocation WHERE convention_id IS NULL AND decision <> '' "
                "AND upper(trim(decision)) = upper(trim(?)) ORDER BY exercice, numero",
                (numero,),
            )
        )

    def _with_years(self, sql: str, values: Sequence[object]) -> list[Convention]:
        rows = self._base.conn.execute(sql, values).fetchall()
        years: dict[int, list[AnneeConvention]] = {}
        wanted = [row[-1] for row in rows]
        for start in range(0, len(wanted), _PART):
            part = wanted[start : start + _PART]
            for owner, *annee in self._base.conn.execute(
                "SELECT convention_id, exercice, montant, id FROM convention_annee "
                f"WHERE convention_id IN ({','.join('?' * len(part))}) ORDER BY exercice",
                part,
            ):
                years.setdefault(owner, []).append(AnneeConvention(*annee))
        return [
            Convention(**dict(zip([*_FIELDS, "id"], row, strict=True)), annees=tuple(years.get(row[-1], ())))
            for row in rows
        ]

    def _write_years(self, number: int, before: Iterable[AnneeConvention], after: Iterable[AnneeConvention]) -> None:
        known = {a.exercice: a for a in before}
        wanted = {a.exercice: a for a in after}
        conn = self._base.conn
        for year, old in known.items():
            if year not in wanted:
                conn.execute("DELETE FROM convention_annee WHERE id = ?", (old.id,))
        for year, new in wanted.items():
            if year not in known:
                conn.execute(
                    "INSERT INTO convention_annee (convention_id, exercice, montant) VALUES (?, ?, ?)",
                    (number, year, new.montant),
                )
            elif known[year].montant != new.montant:
                conn.execute("UPDATE convention_annee SET montant = ? WHERE id = ?", (new.montant, known[year].id))


def _values(convention: Convention) -> list[object]:
    return [getattr(convention, name) for name in _FIELDS]
