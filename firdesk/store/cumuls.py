"""Summaries kept true by generated triggers, so that any sum on screen is read, not recomputed.

Three grains: one allocation × exercice, the crossed axes, one operator × exercice. Money counts in the exercice of
its mouvement, an allocation is numbered in its own, the ``campagne``. :func:`differences` recomputes and compares.
"""

import sqlite3
from collections.abc import Mapping, Sequence

from firdesk.domain.execution import COMPOSITION, Mesure
from firdesk.store import cumul_axes, cumul_constats, cumul_engagements
from firdesk.store.cumul_ecarts import ecart

MESURES = [str(m) for m in Mesure]
_AXES = list(cumul_axes.AXES)
_ALL_KEYS = ", ".join(str(i) for i in range(1, 3 + len(_AXES)))


def _cases(row: str) -> list[str]:
    """One SQL expression a measure: what the mouvement ``row`` adds to it."""
    parts = []
    for mesure in Mesure:
        cases = " ".join(
            f"WHEN '{nature}' THEN {'-' if sign < 0 else ''}{row}montant"
            for nature, sign in COMPOSITION[mesure].items()
        )
        parts.append(f"CASE {row}nature {cases} ELSE 0 END")
    return parts


_COLUMNS = {
    "cumul_allocation": ["allocation_id", "exercice"],
    "cumul": ["exercice", "campagne", *_AXES],
    "cumul_operateur": ["exercice", "campagne", "operateur_id"],
}


def _upsert(table: str, select: str, mesures: Sequence[str] = MESURES, *, counted: bool = True) -> str:
    keys = ", ".join(_COLUMNS[table])
    sums = [*(["nombre"] if counted else []), *mesures]
    update = ", ".join(f"{m} = {m} + excluded.{m}" for m in sums)
    return f"INSERT INTO {table} ({', '.join([keys, *sums])}) {select} ON CONFLICT ({keys}) DO UPDATE SET {update}"


_FROM_MOUVEMENT = (
    "FROM mouvement m JOIN allocation a ON a.id = m.allocation_id JOIN operateur o ON o.id = a.operateur_id"
)
_ZEROS = ", ".join("0" for _ in MESURES)


def _selects(where_mouvement: str, where_allocation: str, minus: str = "") -> list[tuple[str, str, bool]]:
    """(table, SELECT, counted) that fill each summary from the facts kept by the two conditions, or empty it."""
    sums = ", ".join(f"{minus}SUM({case})" for case in _cases("m."))
    count = f"{minus}COUNT(*)"
    return [
        (
            "cumul_allocation",
            f"SELECT m.allocation_id, m.exercice, {sums} FROM mouvement m WHERE {where_mouvement} GROUP BY 1, 2",
            False,
        ),
        (
            "cumul",
            f"SELECT m.exercice, a.exercice, {cumul_axes.of()}, 0, {sums} {_FROM_MOUVEMENT} "
            f"WHERE {where_mouvement} GROUP BY {_ALL_KEYS}",
            True,
        ),
        (
            "cumul",
            f"SELECT a.exercice, a.exercice, {cumul_axes.of()}, {count}, {_ZEROS} FROM allocation a "
            f"JOIN operateur o ON o.id = a.operateur_id WHERE {where_allocation} GROUP BY {_ALL_KEYS}",
            True,
        ),
        (
            "cumul_operateur",
            f"SELECT m.exercice, a.exercice, a.operateur_id, 0, {sums} {_FROM_MOUVEMENT} "
            f"WHERE {where_mouvement} GROUP BY 1, 2, 3",
            True,
        ),
        (
            "cumul_operateur",
            f"SELECT a.exercice, a.exercice, a.operateur_id, {count}, {_ZEROS} FROM allocation a "
            f"WHERE {where_allocation} GROUP BY 1, 2, 3",
            True,
        ),
    ]


#: How many mouvements are added up at a time: a whole import at once would sort hundreds of thousands in memory.
_CHUNK = 20_000


def accumulate(conn: sqlite3.Connection, table: str, condition: str, *, minus: bool = False) -> None:
    """Add to the sums (or take off) the rows of ``table`` whose ``id`` meets ``condition`` (``> 5``, ``IN (…)``).

    An allocation is added before its mouvements and taken off after them, as the foreign key wants anyway.
    """
    if table == "allocation":
        for summary, select, counted in _selects("0", f"a.id {condition}", "-" if minus else ""):
            conn.execute(_upsert(summary, select, counted=counted))
    elif table == "mouvement":
        touched = f"IN (SELECT allocation_id FROM mouvement m WHERE m.id {condition})"
        cumul_constats.count(conn, touched, minus=True)
        first, last = conn.execute(f"SELECT MIN(id), MAX(id) FROM mouvement m WHERE m.id {condition}").fetchone()
        for start in range(first or 0, (last or -1) + 1, _CHUNK):
            _add_up(conn, f"m.id {condition} AND m.id BETWEEN {start} AND {start + _CHUNK - 1}", "-" if minus else "")
        cumul_constats.count(conn, touched)


def accumulate_above(conn: sqlite3.Connection, marks: Mapping[str, int]) -> None:
    """Add to the sums the new rows of some tables: those above a number of each."""
    allocations, mouvements = marks.get("allocation"), marks.get("mouvement")
    if allocations is None:
        if mouvements is not None:
            accumulate(conn, "mouvement", f"> {mouvements}")
        return
    if mouvements is not None:
        accumulate(conn, "mouvement", f"> {mouvements} AND m.allocation_id <= {allocations}")
    _add_up_new(conn, allocations, mouvements or 0)


def _add_up_new(conn: sqlite3.Connection, mark: int, mouvements: int) -> None:
    """Sum each allocation above a number with all its mouvements, then carry these sums to the two others.

    Measures that no new mouvement (those above ``mouvements``) feeds are left out: they are zero.
    """
    last = conn.execute("SELECT IFNULL(MAX(id), 0) FROM allocation").fetchone()[0]
    some = conn.execute(
        f"SELECT DISTINCT nature, exercice FROM mouvement WHERE id > {mouvements} AND +allocation_id > {mark}"
    ).fetchall()
    natures = {nature for nature, _ in some}
    fed = [m for m in Mesure if not natures.isdisjoint(COMPOSITION[m])] or list(Mesure)
    other_years = _other_years(conn, mark, {exercice for _, exercice in some})
    by_allocation = "".join(f", {_summed(m)}" for m in fed)
    for start in range(mark + 1, last + 1, _CHUNK):
        select = (
            f"SELECT m.allocation_id, m.exercice{by_allocation} FROM mouvement m INDEXED BY mouvement_par_allocation "
            f"WHERE m.allocation_id BETWEEN {start} AND {start + _CHUNK - 1} "
            f"GROUP BY m.allocation_id{', m.exercice' if other_years else ''}"
        )
        conn.execute(_upsert("cumul_allocation", select, fed, counted=False))
    joined = "allocation a LEFT JOIN cumul_allocation c ON c.allocation_id = a.id AND c.exercice = a.exercice"
    elsewhere = "allocation a JOIN cumul_allocation c ON c.allocation_id = a.id AND c.exercice <> a.exercice"
    own, added, there = (
        "".join(f", {expression}" for expression in expressions)
        for expressions in (
            [f"IFNULL(c.{m}, 0)" for m in fed],
            [f"IFNULL(SUM(c.{m}), 0)" for m in fed],
            [f"c.{m}" for m in fed],
        )
    )
    # Operators are many: grouped first, which dozens of crossed axes with long keys would not be worth.
    year, crossed, new = "a.exercice, a.exercice", "JOIN operateur o ON o.id = a.operateur_id", f"a.id > {mark}"
    select = f"SELECT {year}, {cumul_axes.of()}, 1{own} FROM {joined} {crossed} WHERE {new}"
    conn.execute(_upsert("cumul", select, fed))
    select = f"SELECT {year}, a.operateur_id, COUNT(*){added} FROM {joined} WHERE {new} GROUP BY 1, 2, 3"
    conn.execute(_upsert("cumul_operateur", select, fed))
    if other_years:
        year = "c.exercice, a.exercice"
        select = f"SELECT {year}, {cumul_axes.of()}, 0{there} FROM {elsewhere} {crossed} WHERE {new}"
        conn.execute(_upsert("cumul", select, fed))
        select = f"SELECT {year}, a.operateur_id, 0{there} FROM {elsewhere} WHERE {new}"
        conn.execute(_upsert("cumul_operateur", select, fed))
    cumul_constats.count(conn, f"> {mark}")


def _other_years(conn: sqlite3.Connection, mark: int, exercices: set[int]) -> bool:
    """Whether some allocation above a number has mouvements, all of these exercices, of another one than its own."""
    if not exercices:
        return False
    if len(exercices) == 1:
        (exercice,) = exercices
        alike = f"SELECT 1 FROM allocation WHERE id > {mark} AND exercice <> {exercice} LIMIT 1"
        if not conn.execute(alike).fetchone():
            return False
    other = (
        "SELECT 1 FROM mouvement m JOIN allocation a ON a.id = m.allocation_id "
        f"WHERE m.allocation_id > {mark} AND m.exercice <> a.exercice LIMIT 1"
    )
    return conn.execute(other).fetchone() is not None


def _summed(mesure: Mesure) -> str:
    """A measure summed over groups of mouvements, in two thirds of the time of ``_cases``."""
    if len(COMPOSITION[mesure]) > 1:
        return f"SUM({_cases('m.')[list(Mesure).index(mesure)]})"
    (nature,) = COMPOSITION[mesure]
    return f"IFNULL(SUM(m.montant) FILTER (WHERE m.nature = '{nature}'), 0)"


def _add_up(conn: sqlite3.Connection, where: str, minus: str) -> None:
    """Group mouvements by allocation once, then carry these sums to the three summaries."""
    sums = ", ".join(f"{minus}SUM({case}) AS {m}" for m, case in zip(MESURES, _cases("m."), strict=True))
    again = ", ".join(f"SUM(x.{m})" for m in MESURES)
    source = "FROM temp.ajout x JOIN allocation a ON a.id = x.allocation_id"
    conn.execute(
        f"CREATE TEMP TABLE ajout AS SELECT m.allocation_id, m.exercice, {sums} FROM mouvement m WHERE {where} "
        "GROUP BY 1, 2"
    )
    for summary, select in (
        ("cumul_allocation", f"SELECT allocation_id, exercice, {', '.join(MESURES)} FROM temp.ajout WHERE true"),
        (
            "cumul",
            f"SELECT x.exercice, a.exercice, {cumul_axes.of()}, 0, {again} {source} "
            f"JOIN operateur o ON o.id = a.operateur_id GROUP BY {_ALL_KEYS}",
        ),
        ("cumul_operateur", f"SELECT x.exercice, a.exercice, a.operateur_id, 0, {again} {source} GROUP BY 1, 2, 3"),
    ):
        conn.execute(_upsert(summary, select, counted=summary != "cumul_allocation"))
    conn.execute("DROP TABLE temp.ajout")


def install(conn: sqlite3.Connection) -> None:
    for sql in trigger_statements():
        conn.execute(sql)
    cumul_axes.install(conn)
    cumul_engagements.install(conn)


def rebuild(conn: sqlite3.Connection) -> None:
    """Compute every summary anew from the facts, as after a migration that changed their shape."""
    for table in _COLUMNS:
        conn.execute(f"DELETE FROM {table}")
    for table, select, counted in _selects("1", "1"):
        conn.execute(_upsert(table, select, counted=counted))
    cumul_constats.refill(conn)
    cumul_axes.refill(conn)
    cumul_engagements.refill(conn)


def trigger_statements() -> list[str]:
    """The triggers on the three tables that feed the summaries."""
    old, new = "OLD.allocation_id", "NEW.allocation_id"
    moved = [*_move_mouvement("OLD.", -1), *_move_mouvement("NEW.", 1)]
    return [
        _trigger("cumul_mouvement_i", "INSERT ON mouvement", cumul_constats.around([new], _move_mouvement("NEW.", 1))),
        _trigger("cumul_mouvement_d", "DELETE ON mouvement", cumul_constats.around([old], _move_mouvement("OLD.", -1))),
        _trigger("cumul_mouvement_u", f"UPDATE ON mouvement WHEN {old} = {new}", cumul_constats.around([new], moved)),
        _trigger(
            "cumul_mouvement_a", f"UPDATE ON mouvement WHEN {old} <> {new}", cumul_constats.around([old, new], moved)
        ),
        _trigger("cumul_allocation_i", "INSERT ON allocation", _move_allocation("NEW.", 1)),
        _trigger("cumul_allocation_d", "DELETE ON allocation", _move_allocation("OLD.", -1)),
        _trigger(
            "cumul_allocation_u",
            "UPDATE OF exercice, operateur_id, destination, theme, enveloppe, caractere, dispositif, canal, ej, "
            "convention_id ON allocation",
            [
                *cumul_constats.move("c.allocation_id = OLD.id", "OLD.", minus=True),
                *_move_allocation("OLD.", -1),
                *_move_allocation("NEW.", 1),
                *cumul_constats.move("c.allocation_id = NEW.id", "NEW."),
            ],
        ),
        _trigger(
            "cumul_operateur_u",
            "UPDATE OF departement ON operateur WHEN OLD.departement IS NOT NEW.departement",
            [
                *cumul_constats.move_operateur("OLD.", minus=True),
                _move_operateur("OLD.", -1),
                _move_operateur("NEW.", 1),
                *cumul_constats.move_operateur("NEW."),
            ],
        ),
    ]


def _trigger(name: str, event: str, statements: list[str]) -> str:
    return f"CREATE TRIGGER {name} AFTER {event} BEGIN {'; '.join(statements)}; END"


def _move_mouvement(row: str, sign: int) -> list[str]:
    amounts = ", ".join(case if sign > 0 else f"-({case})" for case in _cases(row))
    source = f"FROM allocation a JOIN operateur o ON o.id = a.operateur_id WHERE a.id = {row}allocation_id"
    return [
        _upsert(
            "cumul_allocation",
            f"SELECT {row}allocation_id, {row}exercice, {amounts} WHERE true",
            counted=False,
        ),
        _upsert("cumul", f"SELECT {row}exercice, a.exercice, {cumul_axes.of()}, 0, {amounts} {source}"),
        _upsert("cumul_operateur", f"SELECT {row}exercice, a.exercice, a.operateur_id, 0, {amounts} {source}"),
    ]


def _move_allocation(row: str, sign: int) -> list[str]:
    """Count the allocation and carry along what its mouvements already added up to (none at insert or delete)."""
    axes = cumul_axes.of(row)
    sums = ", ".join(f"{'-' if sign < 0 else ''}c.{m}" for m in MESURES)
    own = f"FROM operateur o WHERE o.id = {row}operateur_id"
    carried = f"FROM cumul_allocation c JOIN operateur o ON o.id = {row}operateur_id WHERE c.allocation_id = {row}id"
    return [
        _upsert("cumul", f"SELECT {row}exercice, {row}exercice, {axes}, {sign}, {_ZEROS} {own}"),
        _upsert("cumul", f"SELECT c.exercice, {row}exercice, {axes}, 0, {sums} {carried}"),
        _upsert(
            "cumul_operateur", f"SELECT {row}exercice, {row}exercice, {row}operateur_id, {sign}, {_ZEROS} WHERE true"
        ),
        _upsert(
            "cumul_operateur",
            f"SELECT c.exercice, {row}exercice, {row}operateur_id, 0, {sums} FROM cumul_allocation c "
            f"WHERE c.allocation_id = {row}id",
        ),
    ]


def _move_operateur(row: str, sign: int) -> str:
    minus = "-" if sign < 0 else ""
    axes = cumul_axes.of(operateur=row)
    zeros = ", ".join(f"0 AS {m}" for m in MESURES)
    moved = (
        f"SELECT a.exercice AS exercice, a.exercice AS campagne, {axes}, {minus}1 AS nombre, {zeros} FROM allocation a "
        f"WHERE a.operateur_id = {row}id UNION ALL "
        f"SELECT c.exercice, a.exercice, {axes}, 0, {', '.join(f'{minus}c.{m}' for m in MESURES)} FROM allocation a "
        f"JOIN cumul_allocation c ON c.allocation_id = a.id WHERE a.operateur_id = {row}id"
    )
    return _upsert("cumul", f"SELECT * FROM ({moved}) WHERE true")


def differences(conn: sqlite3.Connection) -> list[str]:
    """One sentence (French) for each summary that does not equal its recomputation; empty when all is true."""
    found: list[str] = []
    for table, keys in _COLUMNS.items():
        counted = table != "cumul_allocation"
        measures = (["nombre"] if counted else []) + MESURES
        facts = " UNION ALL ".join(s for t, s, _ in _selects("1", "1") if t == table)
        found += ecart(conn, table, ", ".join(keys), measures, facts)
    others = (cumul_constats, cumul_axes, cumul_engagements)
    return found + [told for summary in others for told in summary.differences(conn)]
