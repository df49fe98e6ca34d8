"""A summary beside its recomputation."""

import sqlite3
from collections.abc import Iterable


def ecart(conn: sqlite3.Connection, table: str, keys: str, amounts: Iterable[str], rows: str) -> list[str]:
    """One sentence (French) where ``table`` does not equal ``rows`` added up by key.

    ``rows`` is a SELECT of the keys, then of the amounts. A row whose amounts are all nil is as good as none.
    """
    names = list(amounts)
    columns, some = ", ".join([keys, *names]), " OR ".join(f"{name} <> 0" for name in names)
    sums = ", ".join(f"SUM({name}) AS {name}" for name in names)
    made = f"(WITH x ({columns}) AS ({rows}) SELECT {keys}, {sums} FROM x GROUP BY {keys})"
    expected, kept = (f"SELECT {columns} FROM {source} WHERE {some}" for source in (made, table))
    count = max(
        conn.execute(f"SELECT COUNT(*) FROM (SELECT * FROM ({a}) EXCEPT SELECT * FROM ({b}))").fetchone()[0]
        for a, b in ((expected, kept), (kept, expected))
    )
    return [f"{table} : {count} ligne(s) diffère(nt) du recalcul."] if count else []
