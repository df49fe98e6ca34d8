"""Imports kept for ever: the lot, its lines, what was said of its cells, and the mappings the user chose."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from typing import NamedTuple

from firdesk.domain.lot import Constat, Lot
from firdesk.store import clotures, journal
from firdesk.store.database import Base
from firdesk.store.insertion import insert_rows

_FIELDS = [f.name for f in fields(Lot) if f.name != "id"]


#: The imports that pay allocations and bring none.
PAYEURS = "SELECT id FROM import_lot WHERE profil = 'Paiements'"
#: How many instructions SQLite runs between two looks at whether the user cancelled (some milliseconds).
TICK = 100_000
#: The tables that an import fills by thousands of rows.
_MANY = ("operateur", "import_ligne", "import_constat", "allocation", "mouvement")
#: Every fact about an allocation that another export may bring again, in the order of :class:`Connue`.
_CONNUE = (
    "a.id, a.exercice, a.numero, a.operateur_id, a.cle, a.statut, IFNULL(a.theme, ''), a.theme_choisi, "
    "IFNULL(a.enveloppe, ''), a.objet, a.decision, a.type_decision, a.date_notification, a.payeur, a.motivation, "
    "a.projet, a.ej, a.notification"
)


class Connue(NamedTuple):
    """An allocation that has a natural key; ``profil`` is that of the last import that met it."""

    id: int
    exercice: int
    numero: int
    operateur_id: int
    cle: str
    statut: str
    theme: str
    theme_choisi: int
    enveloppe: str
    objet: str
    decision: str
    type_decision: str
    date_notification: str
    payeur: str
    motivation: str
    projet: str
    ej: str
    notification: str
    profil: str

    @property
    def reference(self) -> str:
        return f"{self.exercice}-{self.numero:04d}"


class Imports:
    """Reads and writes of imports; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def add_lot(self, lot: Lot) -> int:
        marks = ", ".join("?" * len(_FIELDS))
        cursor = self._base.conn.execute(
            f"INSERT INTO import_lot ({', '.join(_FIELDS)}) VALUES ({marks})", astuple(lot)[:-1]
        )
        return int(cursor.lastrowid or 0)

    def lots(self) -> list[Lot]:
        """The imports in force, latest first (an undone import is in the history only)."""
        rows = self._base.conn.execute(f"SELECT {', '.join(_FIELDS)}, id FROM import_lot ORDER BY id DESC")
        return [Lot(*row) for row in rows]

    def lot(self, number: int) -> Lot | None:
        row = self._base.conn.execute(
            f"SELECT {', '.join(_FIELDS)}, id FROM import_lot WHERE id = ?", (number,)
        ).fetchone()
        return Lot(*row) if row else None

    def operation_of(self, lot: int) -> int | None:
        """The operation that wrote a lot, to undo it."""
        row = self._base.conn.execute(
            "SELECT MAX(j.operation_id) FROM journal j JOIN journal_format f ON f.id = j.format_id "
            "JOIN operation o ON o.id = j.operation_id "
            "WHERE f.nom_table = 'import_lot' AND j.ligne_id = ? AND j.avant IS NULL AND o.nature = 'import' "
            "AND o.annulee_par IS NULL",
            (lot,),
        ).fetchone()
        return row[0] if row else None

    def next_ligne(self) -> int:
        return int(self._base.conn.execute("SELECT IFNULL(MAX(id), 0) + 1 FROM import_ligne").fetchone()[0])

    def add_lignes(self, rows: Iterable[tuple[int, int, str, int, str, int | None]]) -> None:
        """Rows (id, lot, sheet, row number of the sheet, status, allocation)."""
        columns = "id lot_id feuille ligne statut allocation_id"
        insert_rows(self._base.conn, "import_ligne", columns.split(), rows)

    def add_constats(self, lot: int, constats: Iterable[Constat]) -> None:
        self._base.conn.executemany(
            "INSERT INTO import_constat (lot_id, genre, feuille, cellule, lu, attendu, remede) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(lot, c.genre, c.feuille, c.cellule, c.lu, c.attendu, c.remede) for c in constats],
        )

    def constats(self, lot: int) -> list[Constat]:
        rows = self._base.conn.execute(
            "SELECT genre, feuille, cellule, lu, attendu, remede FROM import_constat WHERE lot_id = ? ORDER BY id",
            (lot,),
        )
        return [Constat(*row) for row in rows]

    def decisions(self, profil: str) -> dict[str, str]:
        """The answers remembered for the files of a profile, by question."""
        return dict(
            self._base.conn.execute(
                "SELECT question, choix FROM import_decision WHERE profil = ? ORDER BY question", (profil,)
            )
        )

    def retenir(self, profil: str, decisions: Mapping[str, str]) -> None:
        """Remember answers; an empty one forgets what was remembered."""
        known = self.decisions(profil)
        for question, choix in decisions.items():
            if not choix:
                self.oublier([(profil, question)])
            elif question not in known:
                self._base.conn.execute(
                    "INSERT INTO import_decision (profil, question, choix) VALUES (?, ?, ?)", (profil, question, choix)
                )
            elif known[question] != choix:
                self._base.conn.execute(
                    "UPDATE import_decision SET choix = ? WHERE profil = ? AND question = ?", (choix, profil, question)
                )

    def retenues(self) -> list[tuple[str, str, str]]:
        """Every remembered answer: profile, question, choice."""
        return list(
            self._base.conn.execute("SELECT profil, question, choix FROM import_decision ORDER BY profil, question")
        )

    def oublier(self, decisions: Iterable[tuple[str, str]]) -> None:
        """Forget answers by profile and question."""
        self._base.conn.executemany("DELETE FROM import_decision WHERE profil = ? AND question = ?", list(decisions))

    def known(self, sha256: str) -> Lot | None:
        """The latest import of the very same bytes."""
        row = self._base.conn.execute(
            f"SELECT {', '.join(_FIELDS)}, id FROM import_lot WHERE sha256 = ? ORDER BY id DESC LIMIT 1", (sha256,)
        ).fetchone()
        return Lot(*row) if row else None

    @contextmanager
    def en_masse(self, check: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Inside an operation: the new rows of an import written in the block are journaled and added up at once.

        Only inserts of operators, lines, findings, allocations and mouvements belong in it. ``check`` is called
        now and then, in the middle of long statements too; raising from it cancels the operation.
        """
        raised: list[BaseException] = []

        def tick() -> int:
            if not raised:
                try:
                    check()
                except BaseException as error:  # an exception cannot cross SQLite: it interrupts, then comes out below
                    raised.append(error)
                    return 1
            return 0

        conn = self._base.conn
        marks = {t: conn.execute(f"SELECT IFNULL(MAX(id), 0) FROM {t}").fetchone()[0] for t in _MANY}
        conn.set_progress_handler(tick, TICK)
        try:
            with journal.bulk_insert(conn, *_MANY):
                yield
                for table, mark in marks.items():
                    clotures.refuse(conn, table, f"> {mark}")
        except sqlite3.OperationalError:
            if raised:
                raise raised[0] from None
            raise
        finally:
            self._base.conn.set_progress_handler(None, 0)

    def connues(self, exercices: Sequence[int]) -> Iterator[Connue]:
        """The allocations of these exercices that have a natural key."""
        rows = self._base.conn.execute(
            f"SELECT {_CONNUE}, IFNULL(l.profil, '') FROM allocation a "
            "LEFT JOIN (SELECT allocation_id, MAX(id), lot_id FROM import_ligne WHERE allocation_id IS NOT NULL "
            f"AND lot_id NOT IN ({PAYEURS}) GROUP BY allocation_id) i ON i.allocation_id = a.id "
            "LEFT JOIN import_lot l ON l.id = i.lot_id "
            f"WHERE a.cle IS NOT NULL AND a.exercice IN ({','.join('?' * len(exercices))}) ORDER BY a.id",
            list(exercices),
        )
        return (Connue(*row) for row in rows)

    def montants_connus(self, exercices: Sequence[int]) -> Iterator[tuple[int, int, str, int, bool]]:
        """(allocation, mouvement, nature, cents, typed) of those allocations, in their own exercice."""
        return iter(
            self._base.conn.execute(
                "SELECT a.id, m.id, m.nature, m.montant, m.origine = 'saisie' FROM allocation a "
                "JOIN mouvement m ON m.allocation_id = a.id AND m.exercice = a.exercice "
                f"WHERE a.cle IS NOT NULL AND a.exercice IN ({','.join('?' * len(exercices))}) ORDER BY m.id",
                list(exercices),
            )
        )

    def corrections(self) -> dict[int, dict[str, str | int | None]]:
        """What a person wrote last in each allocation: column names, ``mouvement:<nature>`` for its amounts.

        With each, what the last import had written there (cents for an amount), ``None`` if no import did.
        Operations that were undone do not count; neither does a value that an import has written since.
        """
        in_force = "o.annulee_par IS NULL AND f.nom_table IN ('allocation', 'mouvement')"
        touched = (
            "SELECT j.format_id, j.ligne_id FROM journal j JOIN operation o ON o.id = j.operation_id "
            f"JOIN journal_format f ON f.id = j.format_id WHERE o.nature = 'saisie' AND {in_force} "
            "AND (j.avant IS NOT NULL OR f.nom_table = 'mouvement')"
        )
        rows = self._base.conn.execute(
            "SELECT f.nom_table, f.colonnes, j.ligne_id, j.avant, j.apres, o.nature FROM journal j "
            "JOIN operation o ON o.id = j.operation_id JOIN journal_format f ON f.id = j.format_id "
            f"WHERE o.nature IN ('saisie', 'import') AND {in_force} "
            f"AND (j.format_id, j.ligne_id) IN ({touched}) ORDER BY j.id"
        )
        last: dict[tuple[int, str], str] = {}
        imported: dict[tuple[int, str], dict[int, object]] = {}
        for table, names, row_id, before, after, nature in rows:
            for allocation, column, old, new in _written(table, names.split(","), row_id, before, after):
                last[allocation, column] = nature
                values = imported.setdefault((allocation, column), {})
                if nature == "import":
                    values[row_id] = new
                else:
                    values.setdefault(row_id, old)
        found: dict[int, dict[str, str | int | None]] = {}
        for (allocation, column), nature in last.items():
            if nature == "saisie":
                found.setdefault(allocation, {})[column] = _value(imported[allocation, column].values())
        return found


def _value(values: Iterable[object]) -> str | int | None:
    """One value of a column, or the sum of the amounts of one nature."""
    known = [v for v in values if v is not None]
    amounts = [v for v in known if isinstance(v, int)]
    return sum(amounts) if amounts else str(known[0]) if known else None


def _written(
    table: str, names: list[str], row_id: int, before: str | None, after: str | None
) -> Iterator[tuple[int, str, object, object]]:
    """(allocation, what, old value, new value) that one entry of the journal wrote."""
    old = dict(zip(names, journal.parse_image(before), strict=True)) if before else {}
    new = dict(zip(names, journal.parse_image(after), strict=True)) if after else {}
    if table == "allocation":
        if old and new:
            yield from ((row_id, name, old[name], new[name]) for name in names if old[name] != new[name])
        return
    amount = ("montant", "nature", "exercice", "allocation_id")
    if all(old.get(name) == new.get(name) for name in amount):
        return
    found: dict[tuple[int, str], list[object]] = {}
    for place, image in enumerate((old, new)):
        if image:
            pair = found.setdefault((int(str(image["allocation_id"])), f"mouvement:{image['nature']!s}"), [None, None])
            pair[place] = image["montant"] if place or image["origine"] == "import" else None
    yield from ((allocation, what, a, b) for (allocation, what), (a, b) in found.items())
