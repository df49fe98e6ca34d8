"""Schemes with their ceilings, the amounts told inside theirs, what others pay beside."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

from firdesk.domain.dispositif import Cofinancement, Dispositif, Dont, Plafond
from firdesk.domain.operateur import sans_accents
from firdesk.store.database import Base

_FIELDS = ("code", "libelle", "theme", "destination", "part_max", "plafond_unite", "unite", "note")
_DONT = tuple(f.name for f in fields(Dont) if f.name != "id")
_COFINANCEMENT = tuple(f.name for f in fields(Cofinancement) if f.name != "id")
#: Tables whose rows bear the code of a scheme.
_PORTEURS = ("dispositif_plafond", "indicateur", "dont", "cofinancement", "perimetre_evenement", "allocation")


class Dispositifs:
    """Reads and writes of schemes; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    # Schemes

    def all(self) -> list[Dispositif]:
        """The described schemes by code, each with its ceilings."""
        ceilings: dict[str, list[Plafond]] = {}
        for code, *row in self._base.conn.execute(
            "SELECT dispositif, exercice, ae, cp, id FROM dispositif_plafond ORDER BY exercice"
        ):
            ceilings.setdefault(code, []).append(Plafond(*row))
        rows = self._base.conn.execute(f"SELECT {_read(_FIELDS)}, id FROM dispositif ORDER BY code")
        return [replace(Dispositif(*row), plafonds=tuple(ceilings.get(row[0], ()))) for row in rows]

    def get(self, code: str) -> Dispositif | None:
        return next((d for d in self.all() if d.code == code), None)

    def codes(self) -> dict[str, str]:
        """Code to label."""
        return dict(self._base.conn.execute("SELECT code, libelle FROM dispositif ORDER BY code"))

    def add(self, dispositif: Dispositif) -> None:
        """Insert a scheme and its ceilings."""
        marks = ", ".join("?" * len(_FIELDS))
        self._base.conn.execute(
            f"INSERT INTO dispositif ({', '.join(_FIELDS)}) VALUES ({marks})", _values(dispositif, _FIELDS)
        )
        self._write_ceilings(dispositif)

    def update(self, dispositif: Dispositif) -> None:
        """Write a scheme found by its code, and its ceilings."""
        assign = ", ".join(f"{f} = ?" for f in _FIELDS)
        self._base.conn.execute(
            f"UPDATE dispositif SET {assign} WHERE code = ?", (*_values(dispositif, _FIELDS), dispositif.code)
        )
        self._write_ceilings(dispositif)

    def renommer(self, avant: str, apres: str) -> None:
        """Give a scheme another code: a new row takes over all that bore the old one, allocations too."""
        conn = self._base.conn
        others = ", ".join(_FIELDS[1:])
        conn.execute(f"INSERT INTO dispositif (code, {others}) SELECT ?, {others} FROM dispositif WHERE code = ?",
                     (apres, avant))  # fmt: skip
        for table in _PORTEURS:
            conn.execute(f"UPDATE {table} SET dispositif = ? WHERE dispositif = ?", (apres, avant))
        conn.execute("DELETE FROM dispositif WHERE code = ?", (avant,))

    def delete(self, code: str) -> None:
        """Remove a scheme, its ceilings, its indicators and what was told of it; allocations keep its name."""
        conn = self._base.conn
        conn.execute(
            "DELETE FROM indicateur_valeur WHERE indicateur_id IN (SELECT id FROM indicateur WHERE dispositif = ?)",
            (code,),
        )
        for table in ("indicateur", "dispositif_plafond", "dont", "cofinancement"):
            conn.execute(f"DELETE FROM {table} WHERE dispositif = ?", (code,))
        conn.execute("DELETE FROM dispositif WHERE code = ?", (code,))

    def _write_ceilings(self, dispositif: Dispositif) -> None:
        conn = self._base.conn
        kept = {p.exercice: p for p in dispositif.plafonds}
        known = {
            year: Plafond(year, ae, cp)
            for year, ae, cp in conn.execute(
                "SELECT exercice, ae, cp FROM dispositif_plafond WHERE dispositif = ?", (dispositif.code,)
            )
        }
        for year in known.keys() - kept.keys():
            conn.execute("DELETE FROM dispositif_plafond WHERE dispositif = ? AND exercice = ?",
                         (dispositif.code, year))  # fmt: skip
        for year, p in kept.items():
            if year not in known or (known[year].ae, known[year].cp) != (p.ae, p.cp):
                conn.execute(
                    "INSERT INTO dispositif_plafond (dispositif, exercice, ae, cp) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (dispositif, exercice) DO UPDATE SET ae = excluded.ae, cp = excluded.cp",
                    (dispositif.code, year, p.ae, p.cp),
                )

    # Allocations

    def allocations(
        self, exercice: int, themes: Iterable[str], destinations: Iterable[str], mots: str
    ) -> Iterator[tuple[int, str]]:
        """(number, scheme) of the allocations of an exercice whose object holds every word, accents ignored."""
        words = sans_accents(mots).split()
        clauses = ["exercice = ?"]
        values: list[object] = [exercice]
        for column, wanted in (("IFNULL(theme, '')", tuple(themes)), ("destination", tuple(destinations))):
            if wanted:
                clauses.append(f"{column} IN ({','.join('?' * len(wanted))})")
                values += wanted
        rows = self._base.conn.execute(
            f"SELECT id, dispositif, objet FROM allocation WHERE {' AND '.join(clauses)} ORDER BY numero", values
        )
        for number, code, objet in rows:
            text = sans_accents(objet) if words else ""
            if all(w in text for w in words):
                yield number, code

    def affecter(self, allocations: Iterable[int], code: str) -> None:
        """Write the scheme of these allocations."""
        self._base.conn.executemany(
            "UPDATE allocation SET dispositif = ? WHERE id = ?", [(code, number) for number in allocations]
        )

    # Told inside, paid beside

    def donts(self, exercice: int | None = None) -> list[Dont]:
        """The amounts told inside others, of one exercice or of all, in the order they were typed."""
        rows = self._base.conn.execute(
            f"SELECT {_read(_DONT)}, id FROM dont WHERE ? IS NULL OR exercice = ? ORDER BY exercice, id",
            (exercice, exercice),
        )
        return [Dont(*row) for row in rows]

    def save_dont(self, dont: Dont) -> int:
        return self._save("dont", _DONT, dont)

    def delete_dont(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM dont WHERE id = ?", (number,))

    def cofinancements(self, exercice: int | None = None) -> list[Cofinancement]:
        """What others pay, of one exercice or of all, in the order it was typed."""
        rows = self._base.conn.execute(
            f"SELECT {', '.join(_COFINANCEMENT)}, id FROM cofinancement WHERE ? IS NULL OR exercice = ? "
            "ORDER BY exercice, id",
            (exercice, exercice),
        )
        return [Cofinancement(*row) for row in rows]

    def save_cofinancement(self, cofinancement: Cofinancement) -> int:
        return self._save("cofinancement", _COFINANCEMENT, cofinancement)

    def delete_cofinancement(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM cofinancement WHERE id = ?", (number,))

    def _save(self, table: str, names: tuple[str, ...], value: Dont | Cofinancement) -> int:
        conn, values = self._base.conn, _values(value, names)
        if value.id is not None:
            conn.execute(f"UPDATE {table} SET {', '.join(f'{n} = ?' for n in names)} WHERE id = ?", (*values, value.id))
            return value.id
        marks = ", ".join("?" * len(names))
        return int(conn.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values).lastrowid or 0)


def _read(names: Iterable[str]) -> str:
    return ", ".join("IFNULL(theme, '')" if n == "theme" else n for n in names)


def _values(value: object, names: Iterable[str]) -> list[object]:
    return [(getattr(value, n) or None) if n == "theme" else getattr(value, n) for n in names]
