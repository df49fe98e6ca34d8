"""Recettes with what they are reserved for, the reprises a titre may recover, and what an exercice carries over."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import NamedTuple

from firdesk.domain.recette import Flechage, Recette
from firdesk.store import cumul_axes
from firdesk.store.database import Base

_FIELDS = [f.name for f in fields(Recette) if f.name not in ("id", "flechages")]
_COLUMNS = ", ".join(_FIELDS)


class Reprise(NamedTuple):
    """A reprise of an allocation: what a titre de recettes claims back, in cents; ``recette`` is its titre, if any."""

    id: int
    allocation: str
    operateur: str
    exercice: int
    montant: int
    date: str
    recette: int | None


class Recettes:
    """Reads and writes of what comes in; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def de(self, exercice: int) -> list[Recette]:
        """The recettes of an exercice by day, undated ones last."""
        conn = self._base.conn
        aimed: dict[int, list[Flechage]] = {}
        for recette, *row in conn.execute(
            "SELECT f.recette_id, f.montant, IFNULL(f.theme, ''), f.destination, f.libelle, f.id FROM flechage f "
            "JOIN recette r ON r.id = f.recette_id WHERE r.exercice = ? ORDER BY f.id",
            (exercice,),
        ):
            aimed.setdefault(recette, []).append(Flechage(*row))
        rows = conn.execute(
            f"SELECT {_COLUMNS}, id FROM recette WHERE exercice = ? ORDER BY date = '', date, id", (exercice,)
        )
        return [replace(Recette(*row), flechages=tuple(aimed.get(row[-1], ()))) for row in rows]

    def get(self, number: int) -> Recette | None:
        """A recette with its fléchages; ``None`` if it is gone."""
        row = self._base.conn.execute("SELECT exercice FROM recette WHERE id = ?", (number,)).fetchone()
        return next((r for r in self.de(row[0]) if r.id == number), None) if row else None

    def add(self, recette: Recette) -> int:
        cursor = self._base.conn.execute(
            f"INSERT INTO recette ({_COLUMNS}) VALUES ({', '.join('?' * len(_FIELDS))})",
            [getattr(recette, name) for name in _FIELDS],
        )
        number = int(cursor.lastrowid or 0)
        self._add_flechages(number, recette.flechages)
        return number

    def update(self, recette: Recette) -> None:
        """Write the fields of a recette and its fléchages; those left as they were are not touched."""
        conn = self._base.conn
        before = self.get(recette.id or 0)
        if before is None:
            return
        conn.execute(
            f"UPDATE recette SET {', '.join(f'{name} = ?' for name in _FIELDS)} WHERE id = ?",
            [*(getattr(recette, name) for name in _FIELDS), recette.id],
        )
        kept = {f.id: f for f in recette.flechages if f.id is not None}
        for f in before.flechages:
            if f.id not in kept:
                conn.execute("DELETE FROM flechage WHERE id = ?", (f.id,))
            elif kept[f.id] != f:
                conn.execute(
                    "UPDATE flechage SET montant = ?, theme = ?, destination = ?, libelle = ? WHERE id = ?",
                    (*_aimed(kept[f.id]), f.id),
                )
        self._add_flechages(recette.id or 0, [f for f in recette.flechages if f.id is None])

    def delete(self, number: int) -> None:
        """Remove a recette and its fléchages (the journal keeps them)."""
        self._base.conn.execute("DELETE FROM flechage WHERE recette_id = ?", (number,))
        self._base.conn.execute("DELETE FROM recette WHERE id = ?", (number,))

    def reprises(self, exercice: int) -> list[Reprise]:
        """The reprises of an exercice, found by the summaries, latest first."""
        rows = self._base.conn.execute(
            "SELECT m.id, printf('%d-%04d', a.exercice, a.numero), o.nom, m.exercice, m.montant, m.date, "
            "(SELECT MIN(r.id) FROM recette r WHERE r.mouvement_id = m.id) "
            "FROM cumul_allocation c JOIN mouvement m ON m.allocation_id = c.allocation_id AND m.exercice = c.exercice "
            "JOIN allocation a ON a.id = c.allocation_id JOIN operateur o ON o.id = a.operateur_id "
            "WHERE c.exercice = ? AND c.repris <> 0 AND m.nature = 'reprise' ORDER BY m.date DESC, m.id DESC",
            (exercice,),
        )
        return [Reprise(*row) for row in rows]

    def report(self, exercice: int) -> int:
        """The cash carried over from the exercice before, in cents."""
        row = self._base.conn.execute("SELECT report FROM exercice WHERE annee = ?", (exercice,)).fetchone()
        return int(row[0]) if row else 0

    def set_report(self, exercice: int, cents: int) -> None:
        self._base.conn.execute("UPDATE exercice SET report = ? WHERE annee = ?", (cents, exercice))

    def decaisse(self, exercice: int) -> tuple[int, int]:
        """AE engaged, and CP paid before what was recovered, of mouvements, in cents."""
        row = self._base.conn.execute(
            f"SELECT IFNULL(SUM(engage), 0), IFNULL(SUM(paye + repris), 0) FROM {cumul_axes.source('canal')} "
            "WHERE exercice = ?",
            (exercice,),
        ).fetchone()
        return int(row[0]), int(row[1])

    def _add_flechages(self, recette: int, flechages: Iterable[Flechage]) -> None:
        self._base.conn.executemany(
            "INSERT INTO flechage (recette_id, montant, theme, destination, libelle) VALUES (?, ?, ?, ?, ?)",
            [(recette, *_aimed(f)) for f in flechages],
        )


def _aimed(f: Flechage) -> tuple[int, str | None, str, str]:
    return f.montant, f.theme or None, f.destination, f.libelle
