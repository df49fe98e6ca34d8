"""Allocations: read by pages of ids, written with their mouvements, the provenance of each amount."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import NamedTuple

from firdesk.domain.allocation import Allocation, Filtre, LigneAllocation, Origine, Somme
from firdesk.domain.execution import COMPOSITION, Mesure, Mouvement, Nature, Provenance
from firdesk.store import allocation_lines as lines
from firdesk.store import cumul_axes, plages
from firdesk.store.database import Base
from firdesk.store.insertion import insert_patterned, insert_rows

_NOT_COLUMNS = {"id", "mouvements"}
_FIELDS = [f.name for f in fields(Allocation) if f.name not in _NOT_COLUMNS]
_NULLABLE = {"theme", "enveloppe", "cle"}
_READ_ALL = attrgetter(*_FIELDS)
_NULLABLE_PLACES = [_FIELDS.index(name) for name in sorted(_NULLABLE)]
_CHOSEN, _NUMERO = _FIELDS.index("theme_choisi"), _FIELDS.index("numero")
_READ = ", ".join(f"IFNULL(a.{f}, '')" if f in _NULLABLE else f"a.{f}" for f in _FIELDS)
_MOUVEMENT = "nature, exercice, montant, date, reference, origine, cellule, brut, ligne_id, id, ej, piece"

_MOUVEMENT_COLUMNS = (
    "allocation_id", "nature", "exercice", "montant", "date", "reference", "origine", "cellule", "brut", "ligne_id"
)  # fmt: skip
_ALL_COLUMNS = (*_MOUVEMENT_COLUMNS, "ej", "piece")
#: What an import reads of a mouvement, written in place.
_IMPORTED = ", ".join(f"{name} = ?" for name in _MOUVEMENT_COLUMNS[1:])
#: A mouvement to insert: its allocation, then nature, exercice, cents, date, reference, origin, cell, raw text, line.
LigneMouvement = tuple[int, str, int, int, str, str, str, str, str, int | None]
#: A column of amounts in a sheet: their nature, the letters of the column.
ColonneMontant = tuple[Nature, str]

_FROM = (
    "FROM allocation a JOIN operateur o ON o.id = a.operateur_id "
    "LEFT JOIN destination d ON d.exercice = a.exercice AND d.code = a.destination "
    "LEFT JOIN theme t ON t.code = a.theme "
    "LEFT JOIN enveloppe e ON e.code = a.enveloppe "
)
#: A sum that is nil for want of any mouvement is no amount.
_KNOWN = (
    "CASE WHEN {sum} <> 0 OR EXISTS (SELECT 1 FROM mouvement m "
    "WHERE m.allocation_id = a.id AND m.nature IN ({natures})) THEN {sum} END"
)
_MEASURES = (Mesure.SAISI, Mesure.NOTIFIE, Mesure.ENGAGE, Mesure.PAYE)
_AMOUNTS = ", ".join(
    _KNOWN.format(sum=lines.AMOUNT.format(m), natures=",".join(f"'{n}'" for n in COMPOSITION[m])) for m in _MEASURES
)


class Importee(NamedTuple):
    """The columns of an allocation that an import fills; an unknown code is ``None``."""

    exercice: int
    numero: int
    operateur_id: int
    destination: str
    theme: str | None
    enveloppe: str | None
    objet: str
    ej: str
    notification: str
    decision: str
    type_decision: str
    date_notification: str
    payeur: str
    motivation: str
    projet: str
    code_ars: str
    cle: str


class Allocations:
    """Reads and writes of allocations; writes belong inside an operation. ``jour`` tells today (ISO)."""

    def __init__(self, base: Base, jour: Callable[[], str] = str) -> None:
        self._base = base
        self._jour = jour

    def ids(
        self, filtre: Filtre, *, tri: str = "reference", decroissant: bool = False, limit: int = -1
    ) -> "array[int]":
        """The numbers of the allocations of a filter, in the order of a column; the first ones where ``limit`` is."""
        where, values = lines.where(filtre, self._jour())
        source, order = lines.ordered(filtre, tri, decroissant)
        sql = f"SELECT a.id {source} WHERE {where} ORDER BY {order} LIMIT ?"
        rows = self._base.conn.execute(sql, [*values, limit])
        return array("q", [number for (number,) in rows])

    def parmi(self, filtre: Filtre, ids: Sequence[int]) -> set[int]:
        """Those of these few numbers that answer a filter."""
        where, values = lines.where(filtre, self._jour())
        marks = ",".join("?" * len(ids))
        rows = self._base.conn.execute(
            f"SELECT a.id FROM allocation a WHERE a.id IN ({marks}) AND {where}", [*ids, *values]
        )
        return {number for (number,) in rows}

    def page(self, ids: Sequence[int]) -> list[LigneAllocation]:
        """The rows of these numbers, in their order; amounts of every exercice of the allocation."""
        marks = ",".join("?" * len(ids))
        rows = self._base.conn.execute(
            "SELECT a.id, printf('%d-%04d', a.exercice, a.numero), a.exercice, o.nom, IFNULL(o.departement, ''), "
            "a.destination, IFNULL(d.mission, ''), IFNULL(t.libelle, ''), IFNULL(e.libelle, ''), a.objet, a.ej, "
            f"a.date_notification, {_AMOUNTS}, a.statut, a.caractere {_FROM} WHERE a.id IN ({marks})",
            list(ids),
        )
        found = {row[0]: LigneAllocation(*row) for row in rows}
        return [found[i] for i in ids if i in found]

    def somme(self, filtre: Filtre, ids: Sequence[int] | None = None) -> Somme:
        """Count and sums of a filter; ``ids`` are its lines, where they are known already."""
        summed = lines.where_summed(filtre)
        if summed is None and ids is not None:
            return self.somme_ids(ids)
        if summed is not None:
            source, where, values = summed
            count = "IFNULL(SUM(c.nombre), 0)"
        else:
            where, values = lines.where(filtre, self._jour())
            count = "COUNT(DISTINCT a.id)"
            source = "allocation a LEFT JOIN cumul_allocation c ON c.allocation_id = a.id"
        row = self._base.conn.execute(
            f"SELECT {count}, IFNULL(SUM(c.saisi), 0), IFNULL(SUM(c.notifie), 0), IFNULL(SUM(c.engage), 0), "
            f"IFNULL(SUM(c.paye), 0) FROM {source} WHERE {where}",
            values,
        ).fetchone()
        return Somme(*row)

    def somme_ids(self, ids: Sequence[int]) -> Somme:
        """Count and sums of chosen lines."""
        total = [0, 0, 0, 0]
        for start in range(0, len(ids), 900):
            part = list(ids[start : start + 900])
            row = self._base.conn.execute(
                "SELECT IFNULL(SUM(saisi), 0), IFNULL(SUM(notifie), 0), IFNULL(SUM(engage), 0), IFNULL(SUM(paye), 0) "
                f"FROM cumul_allocation WHERE allocation_id IN ({','.join('?' * len(part))})",
                part,
            ).fetchone()
            total = [a + b for a, b in zip(total, row, strict=True)]
        return Somme(len(ids), *total)

    def count(self, exercice: int | None = None) -> int:
        counted = f"SELECT IFNULL(SUM(nombre), 0) FROM {cumul_axes.source('canal')} WHERE ? IS NULL OR campagne = ?"
        return int(self._base.conn.execute(counted, (exercice, exercice)).fetchone()[0])

    def get(self, number: int) -> Allocation | None:
        """An allocation with its mouvements; ``None`` if it is gone."""
        row = self._base.conn.execute(f"SELECT {_READ} FROM allocation a WHERE a.id = ?", (number,)).fetchone()
        if row is None:
            return None
        values = dict(zip(_FIELDS, row, strict=True)) | {"theme_choisi": bool(row[_FIELDS.index("theme_choisi")])}
        return Allocation(**values, id=number, mouvements=tuple(self.mouvements(number)))

    def mouvements(self, number: int) -> list[Mouvement]:
        rows = self._base.conn.execute(
            f"SELECT {_MOUVEMENT} FROM mouvement WHERE allocation_id = ? ORDER BY exercice, id", (number,)
        )
        return [Mouvement(Nature(row[0]), *row[1:]) for row in rows]

    def next_number(self, exercice: int) -> int:
        return int(
            self._base.conn.execute(
                "SELECT IFNULL(MAX(numero), 0) + 1 FROM allocation WHERE exercice = ?", (exercice,)
            ).fetchone()[0]
        )

    def add(self, allocation: Allocation) -> int:
        """Insert one allocation and its mouvements; a ``numero`` of 0 takes the next one."""
        return self.add_many([allocation])[0]

    def add_many(self, allocations: Iterable[Allocation]) -> list[int]:
        """Insert allocations with their mouvements, in order; returns their numbers."""
        conn = self._base.conn
        first = int(conn.execute("SELECT IFNULL(MAX(id), 0) + 1 FROM allocation").fetchone()[0])
        following: dict[int, int] = {}
        rows, moves, ids = [], [], []
        for number, a in enumerate(allocations, start=first):
            numero = a.numero
            if not numero:
                numero = following.get(a.exercice) or self.next_number(a.exercice)
                following[a.exercice] = numero + 1
            rows.append((number, *_values(a, numero)))
            moves += [(*_mouvement_values(number, m), m.ej, m.piece) for m in a.mouvements]
            ids.append(number)
        insert_rows(conn, "allocation", ["id", *_FIELDS], rows)
        insert_rows(conn, "mouvement", _ALL_COLUMNS, moves)
        return ids

    def add_importees(self, rows: Sequence[Importee]) -> range:
        """Insert what an import knows of allocations, without their mouvements; returns their numbers."""
        conn = self._base.conn
        first = int(conn.execute("SELECT IFNULL(MAX(id), 0) + 1 FROM allocation").fetchone()[0])
        insert_rows(conn, "allocation", Importee._fields, rows)
        return range(first, first + len(rows))

    def add_mouvements_importes(self, colonnes: Sequence[ColonneMontant], lignes: Iterable[Sequence[object]]) -> None:
        """Insert the amounts of lines of a file that have one in each of these columns.

        A line is its allocation, its exercice, the date and the reference of its notification, its ``import_ligne``,
        its row in the sheet, then the cents of each column, then their raw texts.
        """
        patterns = []
        for place, (nature, lettres) in enumerate(colonnes, start=7):
            told = "?3, ?4" if nature == Nature.NOTIFICATION else "'', ''"
            patterns.append(
                f"?1, '{nature}', ?2, ?{place}, {told}, 'import', '{lettres}' || ?6, ?{place + len(colonnes)}, ?5"
            )
        insert_patterned(self._base.conn, "mouvement", _MOUVEMENT_COLUMNS, patterns, lignes)

    def update(self, allocation: Allocation) -> None:
        """Write the fields of an allocation (not its mouvements)."""
        assign = ", ".join(f"{f} = ?" for f in _FIELDS)
        self._base.conn.execute(
            f"UPDATE allocation SET {assign} WHERE id = ?", (*_values(allocation, allocation.numero), allocation.id)
        )

    def assign(self, number: int, values: Mapping[str, str | int | None]) -> None:
        """Write some columns of an allocation and leave the others."""
        unknown = values.keys() - set(_FIELDS)
        if unknown:
            raise ValueError(f"not columns of an allocation: {sorted(unknown)}")
        sets = ", ".join(f"{name} = ?" for name in values)
        bound = [(value or None) if name in _NULLABLE else value for name, value in values.items()]
        self._base.conn.execute(f"UPDATE allocation SET {sets} WHERE id = ?", (*bound, number))

    def add_mouvement(self, number: int, mouvement: Mouvement) -> None:
        row = (*_mouvement_values(number, mouvement), mouvement.ej, mouvement.piece)
        insert_rows(self._base.conn, "mouvement", _ALL_COLUMNS, [row])

    def update_mouvement(self, mouvement: Mouvement) -> None:
        """Write a changed mouvement in place, found by its own number."""
        _, nature, *values = _mouvement_values(0, mouvement)
        self._base.conn.execute(
            f"UPDATE mouvement SET {_IMPORTED}, ej = ?, piece = ? WHERE id = ?",
            (nature, *values, mouvement.ej, mouvement.piece, mouvement.id),
        )

    def relire_mouvement(self, mouvement: Mouvement) -> None:
        """Write what an import reads of a mouvement; the item and the document typed beside it stay."""
        _, nature, *values = _mouvement_values(0, mouvement)
        self._base.conn.execute(f"UPDATE mouvement SET {_IMPORTED} WHERE id = ?", (nature, *values, mouvement.id))

    def delete_mouvement(self, number: int) -> None:
        """Remove a mouvement; the titre that recovered it stays, and recovers nothing any more."""
        self._base.conn.execute("UPDATE recette SET mouvement_id = NULL WHERE mouvement_id = ?", (number,))
        self._base.conn.execute("DELETE FROM mouvement WHERE id = ?", (number,))

    def delete(self, number: int) -> None:
        """Remove an allocation, its mouvements and the link of its imported lines (the journal keeps all).

        The titres that recovered its reprises stay, and recover nothing any more.
        """
        conn = self._base.conn
        conn.execute(
            "UPDATE recette SET mouvement_id = NULL "
            "WHERE mouvement_id IN (SELECT id FROM mouvement WHERE allocation_id = ?)",
            (number,),
        )
        conn.execute("DELETE FROM mouvement WHERE allocation_id = ?", (number,))
        conn.execute("DELETE FROM allocation_lieu WHERE allocation_id = ?", (number,))
        conn.execute("DELETE FROM cofinancement WHERE allocation_id = ?", (number,))
        conn.execute("UPDATE import_ligne SET allocation_id = NULL WHERE allocation_id = ?", (number,))
        conn.execute("DELETE FROM allocation WHERE id = ?", (number,))

    def provenance(self, mouvement: int) -> Provenance | None:
        """The cell a mouvement was read from; ``None`` when it was typed."""
        row = self._base.conn.execute(
            "SELECT l.fichier, l.sha256, i.feuille, m.cellule, m.brut, l.importe_le, l.id FROM mouvement m "
            "JOIN import_ligne i ON i.id = m.ligne_id JOIN import_lot l ON l.id = i.lot_id WHERE m.id = ?",
            (mouvement,),
        ).fetchone()
        return Provenance(*row) if row else None

    def origine(self, number: int) -> Origine:
        """When and how an allocation came, and when it was last changed by hand."""
        conn = self._base.conn
        profil, importee = conn.execute(
            "SELECT l.profil, l.importe_le FROM import_ligne i JOIN import_lot l ON l.id = i.lot_id "
            "WHERE i.allocation_id = ? AND l.profil <> 'Paiements' ORDER BY l.id DESC LIMIT 1",
            (number,),
        ).fetchone() or ("", "")
        history = (
            "FROM journal j JOIN operation o ON o.id = j.operation_id WHERE j.id IN ({}) AND o.annulee_par IS NULL"
        )
        own = history.format(plages.entries_of("allocation", "?1"))
        created, day = conn.execute(
            f"SELECT o.id, o.faite_le {own} AND j.avant IS NULL "
            "AND o.nature IN ('saisie', 'import', 'systeme') ORDER BY o.id DESC LIMIT 1",
            (number,),
        ).fetchone() or (0, "")
        moves = history.format(
            f"SELECT e.id FROM mouvement m JOIN journal e ON e.id IN ({plages.entries_of('mouvement', 'm.id')}) "
            "WHERE m.allocation_id = ?1"
        )
        changed = conn.execute(
            f"SELECT IFNULL(MAX(faite_le), '') FROM (SELECT o.faite_le {own} AND o.nature = 'saisie' AND o.id > ?2 "
            f"UNION ALL SELECT o.faite_le {moves} AND o.nature = 'saisie' AND o.id > ?2)",
            (number, created),
        ).fetchone()
        return Origine(day, profil, importee, changed[0])

    def proches(self, allocation: Allocation, *, limit: int = 5) -> list[LigneAllocation]:
        """Allocations of the same operator, destination and exercice: possible duplicates while typing."""
        rows = self._base.conn.execute(
            "SELECT id FROM allocation WHERE operateur_id = ? AND +exercice = ? AND +destination = ? AND id IS NOT ? "
            "LIMIT ?",
            (allocation.operateur_id, allocation.exercice, allocation.destination, allocation.id, limit),
        )
        return self.page([row[0] for row in rows])


def _values(a: Allocation, numero: int) -> list[object]:
    values = list(_READ_ALL(a))
    for place in _NULLABLE_PLACES:
        values[place] = values[place] or None
    values[_CHOSEN] = int(a.theme_choisi)
    values[_NUMERO] = numero
    return values


def _mouvement_values(allocation: int, m: Mouvement) -> LigneMouvement:
    return (
        allocation,
        str(m.nature),
        m.exercice,
        m.montant,
        m.date,
        m.reference,
        m.origine,
        m.cellule,
        m.brut,
        m.ligne,
    )
