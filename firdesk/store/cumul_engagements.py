"""What each allocation leaves to pay, was paid too much, or left unpaid; and how many of each campagne do.

Read off the sums by exercice of ``cumul_allocation`` by triggers on it, so that a count is one row at any size.
"""

import sqlite3

from firdesk.store.cumul_ecarts import ecart

#: What an alert counts on a row ``{0}`` of ``cumul_engagement``: its condition, the exercice it counts in, its cents.
#: The cents of échéances are those of each exercice: they come from ``cumul_allocation``.
RESTES = {
    "reste_a_payer": ("{0}engage > {0}paye", "0", "{0}engage - {0}paye"),
    "paye_au_dela": ("({0}paye > {0}engage AND {0}engage <> 0 AND {0}paye > 0)", "0", "{0}paye - {0}engage"),
    "paye_sans_engagement": ("({0}paye > {0}engage AND {0}engage = 0)", "0", "{0}paye - {0}engage"),
    "echeance_impayee": ("{0}impaye > 0", "{0}impaye", "0"),
}
_NAMES = "allocation_id, campagne, engage, paye, impaye"
_SUMS = (
    "SELECT c.allocation_id, a.exercice AS campagne, SUM(c.engage - c.retire) AS engage, SUM(c.paye) AS paye, "
    "IFNULL(MIN(CASE WHEN c.prevu > c.paye THEN c.exercice END), 0) AS impaye "
    "FROM cumul_allocation c CROSS JOIN allocation a ON a.id = c.allocation_id WHERE {0} GROUP BY c.allocation_id"
)
_PUT = (
    f"INSERT INTO cumul_engagement ({_NAMES}) {_SUMS} ON CONFLICT (allocation_id) DO UPDATE SET "
    "campagne = excluded.campagne, engage = excluded.engage, paye = excluded.paye, impaye = excluded.impaye"
)
_COUNT = "INSERT INTO cumul_alerte (campagne, regle, exercice, nombre, montant)"
_ADD = (
    "ON CONFLICT (campagne, regle, exercice) DO UPDATE SET nombre = nombre + excluded.nombre, "
    "montant = montant + excluded.montant"
)
_MONEY = ("engage", "retire", "paye", "prevu")
#: The tables whose triggers keep these summaries.
FED_BY = ("cumul_allocation", "cumul_engagement")


def trigger_statements() -> list[str]:
    """Sums that change make the row of their allocation anew; a row that changes moves the counts of its campagne."""
    own = "(SELECT exercice FROM allocation WHERE id = NEW.allocation_id)"
    follow = _PUT.format("c.allocation_id = NEW.allocation_id")
    unpaid = "MAX(0, NEW.prevu - NEW.paye)"
    moved = " OR ".join(f"OLD.{m} <> NEW.{m}" for m in _MONEY)
    change = f"{unpaid} - MAX(0, OLD.prevu - OLD.paye)"
    filled = " OR ".join(f"NEW.{m} <> 0" for m in _MONEY)
    old, new = ([_counted(regle, row, sign) for regle in RESTES] for row, sign in (("OLD.", "-"), ("NEW.", "")))
    return [
        _trigger("cumul_engagement_i", f"INSERT ON cumul_allocation WHEN {filled}",
                 [_unpaid(own, "NEW.exercice", unpaid), follow]),
        _trigger("cumul_engagement_u", f"UPDATE ON cumul_allocation WHEN {moved}",
                 [_unpaid(own, "NEW.exercice", change), follow]),
        _trigger("cumul_engagement_a", "UPDATE OF exercice ON allocation WHEN OLD.exercice <> NEW.exercice",
                 [_carried("OLD.exercice", "-"), _carried("NEW.exercice", ""),
                  "UPDATE cumul_engagement SET campagne = NEW.exercice WHERE allocation_id = NEW.id"]),
        _trigger("cumul_alerte_i", "INSERT ON cumul_engagement", new),
        _trigger("cumul_alerte_u", "UPDATE ON cumul_engagement", [*old, *new]),
    ]  # fmt: skip


def _trigger(name: str, event: str, steps: list[str]) -> str:
    return f"CREATE TRIGGER {name} AFTER {event} BEGIN {'; '.join(steps)}; END"


def _counted(regle: str, row: str, minus: str) -> str:
    condition, year, cents = (part.format(row) for part in RESTES[regle])
    return f"{_COUNT} SELECT {row}campagne, '{regle}', {year}, {minus}1, {minus}({cents}) WHERE {condition} {_ADD}"


def _unpaid(campagne: str, exercice: str, cents: str) -> str:
    return f"{_COUNT} SELECT {campagne}, 'echeance_impayee', {exercice}, 0, {cents} WHERE {cents} <> 0 {_ADD}"


def _carried(campagne: str, minus: str) -> str:
    return (
        f"{_COUNT} SELECT {campagne}, 'echeance_impayee', c.exercice, 0, {minus}(c.prevu - c.paye) "
        f"FROM cumul_allocation c WHERE c.allocation_id = NEW.id AND c.prevu > c.paye {_ADD}"
    )


def install(conn: sqlite3.Connection) -> None:
    for sql in trigger_statements():
        conn.execute(sql)


def follow(conn: sqlite3.Connection, condition: str) -> None:
    """Make anew the rows of the allocations whose number meets a condition: a set of their mouvements has changed."""
    filled = " OR ".join(f"c.{m} <> 0" for m in _MONEY)
    known = "EXISTS (SELECT 1 FROM cumul_engagement e WHERE e.allocation_id = c.allocation_id)"
    conn.execute(_PUT.format(f"c.allocation_id {condition} AND ({filled} OR {known})"))


def recount(conn: sqlite3.Connection) -> None:
    """Make every count anew, once all rows are."""
    conn.execute("DELETE FROM cumul_alerte")
    conn.execute(f"{_COUNT} {_counts('cumul_engagement')}")


def refill(conn: sqlite3.Connection) -> None:
    """Add every allocation up anew."""
    conn.execute("DELETE FROM cumul_engagement")
    follow(conn, "> 0")
    recount(conn)


def _counts(source: str) -> str:
    """Every count, from rows of ``cumul_engagement`` and the sums by exercice."""
    parts = [
        f"SELECT e.campagne, '{regle}' AS regle, {year.format('e.')} AS exercice, 1 AS nombre, "
        f"{cents.format('e.')} AS montant FROM {source} e WHERE {condition.format('e.')}"
        for regle, (condition, year, cents) in RESTES.items()
    ]
    parts.append(
        f"SELECT e.campagne, 'echeance_impayee', c.exercice, 0, c.prevu - c.paye FROM {source} e "
        "CROSS JOIN cumul_allocation c ON c.allocation_id = e.allocation_id WHERE e.impaye > 0 AND c.prevu > c.paye"
    )
    rows = " UNION ALL ".join(parts)
    return f"SELECT campagne, regle, exercice, SUM(nombre), SUM(montant) FROM ({rows}) GROUP BY 1, 2, 3"


def differences(conn: sqlite3.Connection) -> list[str]:
    """A sentence (French) for each of the two that does not equal its recomputation; what is nil does not count."""
    sums = _SUMS.format("1")
    return [
        *ecart(conn, "cumul_engagement", "allocation_id, campagne", ("engage", "paye", "impaye"), sums),
        *ecart(conn, "cumul_alerte", "campagne, regle, exercice", ("nombre", "montant"), _counts(f"({sums})")),
    ]
