"""Run by the interpreter of the peers: the sums of every axis computed anew by SQLite, DuckDB and pandas, in seconds.

The tables are loaded beforehand: only the sums are timed, without the edit that ours includes.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Callable

import duckdb
import pandas as pd

AXES = ("destination", "theme", "departement", "enveloppe", "caractere", "canal", "exercice")
MESURES = {
    "notifie": {"notification": 1},
    "engage": {"engagement": 1, "retrait": -1},
    "paye": {"paiement": 1, "reprise": -1},
    "prevu": {"echeance": 1},
}
_CASES = ", ".join(
    f"SUM(CASE m.nature {' '.join(f'WHEN {n!r} THEN {s} * m.montant' for n, s in signs.items())} ELSE 0 END)"
    for signs in MESURES.values()
)
_FROM = "FROM mouvement m JOIN allocation a ON a.id = m.allocation_id JOIN operateur o ON o.id = a.operateur_id"
_COLUMNS = {axe: f"a.{axe}" for axe in AXES} | {"departement": "o.departement", "exercice": "m.exercice"}
_SUMS = [f"SELECT {column}, COUNT(*), {_CASES} {_FROM} GROUP BY 1" for column in _COLUMNS.values()]
_TABLES = {
    "mouvement": "SELECT allocation_id, nature, exercice, montant FROM mouvement",
    "allocation": "SELECT id, operateur_id, destination, theme, enveloppe, caractere, canal FROM allocation",
    "operateur": "SELECT id, departement FROM operateur",
}


def with_pandas(tables: dict[str, pd.DataFrame]) -> Callable[[], object]:
    """Sums by pandas over one wide table, joined and pivoted once beforehand."""
    wide = tables["mouvement"].merge(tables["allocation"], left_on="allocation_id", right_on="id")
    wide = wide.merge(tables["operateur"], left_on="operateur_id", right_on="id")
    for mesure, signs in MESURES.items():
        wide[mesure] = wide["montant"] * wide["nature"].map(signs).fillna(0).astype("int64")
    for axe in AXES:
        wide[axe] = wide[axe].astype("category")
    names = list(MESURES)
    return lambda: [wide.groupby(axe, observed=True, dropna=False)[names].sum() for axe in AXES]


def main(path: str, times: int = 3) -> None:
    conn = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = {name: pd.read_sql(sql, conn) for name, sql in _TABLES.items()}
    duck = duckdb.connect()
    for name, frame in tables.items():
        duck.register("source", frame)
        duck.execute(f"CREATE TABLE {name} AS SELECT * FROM source")
    runs: dict[str, Callable[[], object]] = {
        "SQLite, GROUP BY": lambda: [conn.execute(sql).fetchall() for sql in _SUMS],
        "DuckDB": lambda: [duck.execute(sql).fetchall() for sql in _SUMS],
        "pandas": with_pandas(tables),
    }
    found = {}
    for name, run in runs.items():
        seconds = []
        for _ in range(times):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
        found[name] = sorted(seconds)[len(seconds) // 2]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
