"""The summary that crosses the axes, added up again along each of them alone.

Crossed, the axes may make tens of thousands of rows; along one of them there are never more than its own values, so
that a table of the screen reads a few hundred rows at any size. Kept by triggers on ``cumul`` itself.
"""

import sqlite3

from firdesk.domain.execution import Mesure
from firdesk.store.cumul_ecarts import ecart

AXES = ("destination", "theme", "departement", "enveloppe", "caractere", "dispositif", "canal")
#: ``paye_planifie``: CP paid on commitments that have a plan, which no mouvement says alone (``cumul_constats``).
_COUNTED = ["nombre", *(str(m) for m in Mesure), "paye_planifie"]
_KEYS = "axe, exercice, campagne, cle"
_INTO = f"INSERT INTO cumul_axe ({_KEYS}, {', '.join(_COUNTED)})"
_ADD = f"ON CONFLICT ({_KEYS}) DO UPDATE SET " + ", ".join(f"{m} = {m} + excluded.{m}" for m in _COUNTED)


def of(allocation: str = "a.", operateur: str = "o.") -> str:
    """The values of the axes, in their order, of an allocation and of its operator."""
    return (
        f"{allocation}destination, IFNULL({allocation}theme, ''), IFNULL({operateur}departement, ''), "
        f"IFNULL({allocation}enveloppe, ''), {allocation}caractere, {allocation}dispositif, {allocation}canal"
    )


def trigger_statements() -> list[str]:
    """A row of the crossed summary that comes or changes moves its row of each axis by as much (none ever goes)."""
    return [
        _trigger("i", "INSERT", [f"NEW.{m}" for m in _COUNTED]),
        _trigger("u", "UPDATE", [f"NEW.{m} - OLD.{m}" for m in _COUNTED]),
    ]


def _trigger(letter: str, event: str, moved: list[str]) -> str:
    # WHERE true tells the parser where the SELECT ends.
    steps = "; ".join(
        f"{_INTO} SELECT '{axe}', NEW.exercice, NEW.campagne, NEW.{axe}, {', '.join(moved)} WHERE true {_ADD}"
        for axe in AXES
    )
    return f"CREATE TRIGGER cumul_axe_{letter} AFTER {event} ON cumul BEGIN {steps}; END"


def install(conn: sqlite3.Connection) -> None:
    for sql in trigger_statements():
        conn.execute(sql)


def refill(conn: sqlite3.Connection) -> None:
    """Add every axis up anew from the crossed summary."""
    conn.execute("DELETE FROM cumul_axe")
    for axe in AXES:
        conn.execute(f"{_INTO} {_along(axe)}")


def differences(conn: sqlite3.Connection) -> list[str]:
    """One sentence (French) when an axis does not add up to the crossed summary."""
    wanted = " UNION ALL ".join(f"SELECT * FROM ({_along(axe)})" for axe in AXES)
    return ecart(conn, "cumul_axe", _KEYS, _COUNTED, wanted)


def source(axe: str) -> str:
    """The rows of one axis, its values named as the column of the crossed summary."""
    return f"(SELECT exercice, campagne, cle AS {axe}, {', '.join(_COUNTED)} FROM cumul_axe WHERE axe = '{axe}')"


def _along(axe: str) -> str:
    sums = ", ".join(f"SUM({m}) AS {m}" for m in _COUNTED)
    return f"SELECT '{axe}' AS axe, exercice, campagne, {axe} AS cle, {sums} FROM cumul GROUP BY 2, 3, 4"
