"""Counts that need all the sums of an allocation at once, so that no table of the screen reads allocations.

What explains a gap between notified and engaged, by destination; what a landing is made of, by destination × theme;
what was paid on commitments that have a plan, beside the other sums; the years of each convention. An allocation that
changes is taken off with what its sums were, then counted again with what they have become.
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from firdesk.domain.execution import Mesure
from firdesk.store import cumul_axes
from firdesk.store.cumul_ecarts import ecart

#: Nature → (which allocations, what each adds to the gap engaged − notified of its destination). Of an allocation,
#: over all exercices or in that of its campagne: ``n`` notified, ``s`` typed, ``e`` engaged in its own before
#: withdrawals, ``x`` in others, ``r`` withdrawn in its own, ``p`` planned after it. The first ones add up to
#: engaged in the year − notified exactly.
FAITS = {
    "pluriannuel": ("n <> 0 AND e > n AND e <> 0", "e - n"),
    "engage_non_notifie": ("n = 0 AND e <> 0", "e"),
    "engage_partiel": ("n <> 0 AND e < n AND e <> 0", "e - n"),
    "autre_exercice": ("n <> 0 AND e = 0 AND x <> 0", "-n"),
    "retraits": ("r <> 0", "-r"),
    "notifie_non_engage": ("n <> 0 AND e = 0 AND x = 0", "-n"),
}
#: What a snapshot of SIBC may hold beside: of an allocation without engagement, its EJ alone says whether it does.
PISTES = {
    "decide_non_notifie": ("n = 0 AND s <> 0 AND e = 0 AND x = 0", "s"),
    "notifie_sans_ej": ("n <> 0 AND e = 0 AND x = 0 AND ej = ''", "-n"),
    "pluriannuel_prevu": ("n <> 0 AND e = 0 AND x = 0 AND p <> 0", "p"),
}
NATURES = FAITS | PISTES
#: What is engaged in an exercice on the allocations of another campagne.
AILLEURS = "autres_campagnes"
#: What a landing adds up: notified, the part of it that comes back, what is decided and neither notified nor engaged;
#: how many are notified, and what is typed on the others.
_DECIDE = "n = 0 AND e - r + x = 0"
CELLULE = {
    "notifie": "n",
    "perenne": "CASE WHEN caractere = 'perenne' THEN n ELSE 0 END",
    "reconductible": "CASE WHEN caractere = 'non_reconductible' THEN 0 ELSE n END",
    "decide": f"CASE WHEN {_DECIDE} THEN s ELSE 0 END",
    "decide_reconductible": f"CASE WHEN {_DECIDE} AND caractere <> 'non_reconductible' THEN s ELSE 0 END",
    "notifie_nombre": "n <> 0",
    "saisi_a_notifier": "CASE WHEN n = 0 THEN s ELSE 0 END",
}
#: The years of a convention, as those of one allocation.
CONVENTION = (Mesure.ENGAGE, Mesure.RETIRE, Mesure.PAYE, Mesure.PREVU)
_KEYS = {
    "cumul": ["exercice", "campagne", *cumul_axes.AXES],
    "cumul_operateur": ["exercice", "campagne", "operateur_id"],
    "cumul_rapprochement": ["exercice", "destination"],
    "cumul_cellule": ["campagne", "destination", "theme"],
    "cumul_convention": ["convention_id", "exercice"],
}
#: CP paid on the allocations that have planned payments, in any exercice.
PLANIFIE = "EXISTS (SELECT 1 FROM cumul_allocation p WHERE p.allocation_id = c.allocation_id AND p.prevu <> 0)"
_ALLOCATION = "JOIN allocation a ON a.id = c.allocation_id"
_OPERATEUR = "JOIN operateur o ON o.id = {0}operateur_id"


def sums(where: str, row: str = "a.") -> str:
    """The allocations that meet a condition on ``c``, one a row: ``id`` and the letters that natures are told with."""
    own, join = f"{row}exercice", _ALLOCATION if row == "a." else ""
    return (
        f"SELECT c.allocation_id AS id, {own} AS campagne, {row}destination AS destination, "
        f"IFNULL({row}theme, '') AS theme, {row}caractere AS caractere, {row}ej AS ej, "
        "SUM(c.notifie) AS n, SUM(c.saisi) AS s, "
        f"SUM(CASE WHEN c.exercice = {own} THEN c.engage + c.retrait ELSE 0 END) AS e, "
        f"SUM(CASE WHEN c.exercice = {own} THEN 0 ELSE c.engage END) AS x, "
        f"SUM(CASE WHEN c.exercice = {own} THEN c.retrait ELSE 0 END) AS r, "
        f"SUM(CASE WHEN c.exercice > {own} THEN c.prevu ELSE 0 END) AS p "
        f"FROM cumul_allocation c {join} WHERE {where} GROUP BY c.allocation_id"
    )


class _Compte(NamedTuple):
    """What some allocations count for in the columns of a table, by a SELECT of its keys and of these."""

    table: str
    colonnes: tuple[str, ...]
    select: str


def _comptes(where: str, row: str = "a.", known: str = "") -> list[_Compte]:
    """All that the allocations meeting a condition count for; ``known``: their sums, where they are already made."""
    each = [f"CASE WHEN {which} THEN {adds} ELSE 0 END, {which}" for which, adds in NATURES.values()]
    counted = " OR ".join(f"({which})" for which, _ in NATURES.values())
    natures = tuple(name for nature in NATURES for name in (nature, f"{nature}_nombre"))
    known, join = known or f"({sums(where, row)})", _ALLOCATION if row == "a." else ""
    elsewhere = f"c.exercice <> {row}exercice AND c.engage <> 0"
    return [
        *_payes(f"{where} AND {PLANIFIE}", row),
        _Compte(
            "cumul_rapprochement",
            natures,
            f"SELECT campagne, destination, {', '.join(each)} FROM {known} WHERE {counted}",
        ),
        _Compte(
            "cumul_rapprochement",
            (AILLEURS, f"{AILLEURS}_nombre"),
            f"SELECT c.exercice, {row}destination, c.engage, 1 FROM cumul_allocation c {join} "
            f"WHERE {where} AND {elsewhere}",
        ),
        _Compte(
            "cumul_cellule",
            tuple(CELLULE),
            f"SELECT campagne, destination, theme, {', '.join(CELLULE.values())} FROM {known} WHERE n <> 0 OR s <> 0",
        ),
        _Compte(
            "cumul_convention",
            CONVENTION,
            f"SELECT {row}convention_id, c.exercice, {', '.join(f'c.{m}' for m in CONVENTION)} "
            f"FROM cumul_allocation c {join} WHERE {where} AND {row}convention_id IS NOT NULL",
        ),
    ]


def _payes(where: str, row: str = "a.", operateur: str = "o.") -> list[_Compte]:
    join = f"{_ALLOCATION if row == 'a.' else ''} {_OPERATEUR.format(row) if operateur == 'o.' else ''}"
    paid = f"FROM cumul_allocation c {join} WHERE {where} AND c.paye <> 0"
    axes = cumul_axes.of(row, operateur)
    read = f"SELECT c.exercice, {row}exercice"
    made = [_Compte("cumul", ("paye_planifie",), f"{read}, {axes}, c.paye {paid}")]
    if operateur == "o.":
        made.append(_Compte("cumul_operateur", ("paye_planifie",), f"{read}, {row}operateur_id, c.paye {paid}"))
    return made


def move(where: str, row: str = "a.", *, minus: bool = False) -> list[str]:
    """Statements that count the allocations meeting a condition on ``c``, or take them off.

    ``row``: where their own columns are read, ``OLD.`` or ``NEW.`` in a trigger on one of them.
    """
    return [_upsert(compte, minus=minus) for compte in _comptes(where, row)]


def around(allocations: Sequence[str], statements: Sequence[str]) -> list[str]:
    """The statements of a trigger that move the sums of some allocations (their numbers, as SQL), between those that
    take them off and those that count them again.
    """
    off, on = (
        [sql for number in allocations for sql in move(f"c.allocation_id = {number}", minus=minus)]
        for minus in (True, False)
    )
    return [*off, *statements, *on]


def move_operateur(row: str, *, minus: bool = False) -> list[str]:
    """Statements that count all the allocations of an operator that sits elsewhere, or take them off."""
    where = f"a.operateur_id = {row}id AND {PLANIFIE}"
    return [_upsert(compte, minus=minus) for compte in _payes(where, operateur=row)]


def _upsert(compte: _Compte, *, minus: bool) -> str:
    keys = ", ".join(_KEYS[compte.table])
    sign = "-" if minus else "+"
    added = ", ".join(f"{c} = {c} {sign} excluded.{c}" for c in compte.colonnes)
    # Only what was counted is taken off: the row is there.
    return (
        f"INSERT INTO {compte.table} ({keys}, {', '.join(compte.colonnes)}) SELECT * FROM ({compte.select}) WHERE true "
        f"ON CONFLICT ({keys}) DO UPDATE SET {added}"
    )


def count(conn: sqlite3.Connection, condition: str, *, minus: bool = False) -> None:
    """Count the allocations whose number meets a condition (``> 5``, ``IN (…)``), or take them off."""
    where = f"c.allocation_id {condition}"
    conn.execute(f"CREATE TEMP TABLE constat AS {sums(where)}")
    for compte in _comptes(where, known="temp.constat"):
        conn.execute(_upsert(compte._replace(select=_added_up(*compte)), minus=minus))
    conn.execute("DROP TABLE temp.constat")


def _added_up(table: str, columns: Sequence[str], select: str) -> str:
    keys = ", ".join(_KEYS[table])
    totals = ", ".join(f"SUM({c}) AS {c}" for c in columns)
    named = f"(WITH x ({keys}, {', '.join(columns)}) AS ({select}) SELECT * FROM x)"
    return f"SELECT {keys}, {totals} FROM {named} GROUP BY {keys}"


def refill(conn: sqlite3.Connection) -> None:
    """Count every allocation anew, once all sums are (those that are paid with a plan are sums too, and at zero)."""
    for table in ("cumul_rapprochement", "cumul_cellule", "cumul_convention"):
        conn.execute(f"DELETE FROM {table}")
    count(conn, "> 0")


def differences(conn: sqlite3.Connection) -> list[str]:
    """One sentence (French) for each table that does not equal its recomputation; what is nil does not count."""
    wanted: dict[str, list[tuple[Sequence[str], str]]] = {}
    for table, names, select in _comptes("1"):
        wanted.setdefault(table, []).append((names, select))
    found: list[str] = []
    for table, parts in wanted.items():
        keys, columns = ", ".join(_KEYS[table]), [c for names, _ in parts for c in names]
        rows = " UNION ALL ".join(
            f"SELECT {keys}, {', '.join(c if c in names else f'0 AS {c}' for c in columns)} "
            f"FROM ({_added_up(table, names, select)})"
            for names, select in parts
        )
        found += ecart(conn, table, keys, columns, rows)
    return found
