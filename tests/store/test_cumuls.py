"""Summaries stay equal to their recomputation whatever moves; what they count is said by examples."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.store import cumuls, database, insertion
from firdesk.store.database import Base
from firdesk.store.insertion import bulk_insert
from firdesk.store.operations import Operations

Fund = Callable[..., int]

MOVES = {
    "operateur": "UPDATE operateur SET departement = {departement} WHERE id = {operateur}",
    "seat": "UPDATE allocation SET operateur_id = {operateur} WHERE id = {allocation}",
    "destination": "UPDATE allocation SET destination = {destination} WHERE id = {allocation}",
    "theme": "UPDATE allocation SET theme = {theme} WHERE id = {allocation}",
    "enveloppe": "UPDATE allocation SET enveloppe = {enveloppe} WHERE id = {allocation}",
    "caractere": "UPDATE allocation SET caractere = {caractere} WHERE id = {allocation}",
    "dispositif": "UPDATE allocation SET dispositif = {dispositif}, canal = 'guichet' WHERE id = {allocation}",
    "convention": "UPDATE allocation SET convention_id = {convention} WHERE id = {allocation}",
    "ej": "UPDATE allocation SET ej = {ej} WHERE id = {allocation}",
    "year": "UPDATE allocation SET exercice = {year} WHERE id = {allocation}",
    "all themes": "UPDATE allocation SET theme = {theme}, enveloppe = {enveloppe}",
    "amount": "UPDATE mouvement SET montant = {amount} WHERE id = {mouvement}",
    "nature": "UPDATE mouvement SET nature = {nature} WHERE id = {mouvement}",
    "money's year": "UPDATE mouvement SET exercice = {year} WHERE id = {mouvement}",
    "other allocation": "UPDATE mouvement SET allocation_id = {allocation} WHERE id = {mouvement} "
    "AND EXISTS (SELECT 1 FROM allocation WHERE id = {allocation})",
    "new": "INSERT INTO mouvement (allocation_id, nature, exercice, montant) "
    "SELECT id, {nature}, {year}, {amount} FROM allocation WHERE id = {allocation}",
    "less": "DELETE FROM mouvement WHERE id = {mouvement}",
    "emptied": "DELETE FROM mouvement WHERE allocation_id = {allocation}",
    "gone": "DELETE FROM allocation WHERE id NOT IN (SELECT allocation_id FROM mouvement)",
}


def _quoted(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"'{v}'" for v in values])


_small = st.integers(1, 4)
_values = st.fixed_dictionaries(
    {
        "departement": _quoted("02", "59", "80") | st.just("NULL"),
        "operateur": st.integers(1, 3),
        "allocation": _small,
        "mouvement": st.integers(1, 12),
        "destination": _quoted("MI2-3-8", "MI2-3-9"),
        "theme": _quoted("gem", "cls") | st.just("NULL"),
        "enveloppe": _quoted("SAN", "PREV") | st.just("NULL"),
        "caractere": _quoted("inconnu", "perenne", "non_reconductible"),
        "dispositif": _quoted("GEM", ""),
        "ej": _quoted("2100", ""),
        "convention": st.sampled_from(["1", "2", "NULL"]),
        "year": st.sampled_from([2024, 2025, 2026]),
        "amount": st.integers(-1000, 1000),
        "nature": _quoted(
            "saisie",
            "validation_inter",
            "engagement",
            "retrait",
            "retrait_anterieur",
            "paiement",
            "reprise",
            "echeance",
            "notification",
        ),
    }
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(moves=st.lists(st.tuples(st.sampled_from(list(MOVES)), _values), min_size=1, max_size=12))
def test_summaries_equal_their_recomputation_after_any_moves(
    base: Base, fund: Fund, moves: list[tuple[str, dict[str, object]]]
) -> None:
    class TakenBack(Exception):
        pass

    try:
        with base.operation("Bouger"):
            for number in (1, 2):
                base.conn.execute(
                    "INSERT INTO convention (id, nature, numero, operateur_id) VALUES (?, 'convention', 'C', 1)",
                    (number,),
                )
            for number in range(1, 5):
                fund(
                    base,
                    ("notification", 100 * number),
                    ("engagement", 90),
                    ("retrait", 7),
                    operateur_id=1 + number % 3,
                )
            for name, values in moves:
                unique = "UPDATE OR IGNORE" if name == "year" else "UPDATE"
                base.conn.execute(MOVES[name].format(**values).replace("UPDATE", unique, 1))
                assert cumuls.differences(base.conn) == [], (name, values)
            raise TakenBack
    except TakenBack:
        assert cumuls.differences(base.conn) == []


def _row(base: Base, sql: str) -> tuple[object, ...]:
    row: tuple[object, ...] = base.conn.execute(sql).fetchone()
    return row


def test_money_counts_in_its_own_year_and_the_allocation_in_its_own(base: Base, fund: Fund) -> None:
    with base.operation("Sur deux ans"):
        number = fund(base, ("engagement", 1000), ("paiement", 300))
        base.conn.execute(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (?, 'paiement', 2026, 700)",
            (number,),
        )
    sql = "SELECT SUM(nombre), SUM(engage), SUM(paye) FROM cumul WHERE exercice = "
    assert _row(base, sql + "2025") == (1, 1000, 300)
    assert _row(base, sql + "2026") == (0, 0, 700)


def test_withdrawals_and_recoveries_are_subtracted(base: Base, fund: Fund) -> None:
    natures = ["demande", "saisie", "validation_inter", "validation", "notification"]
    natures += ["engagement", "retrait", "paiement", "reprise"]
    with base.operation("Tout"):
        fund(base, *((nature, 10**i) for i, nature in enumerate(natures)))
    assert _row(base, "SELECT demande, saisi, valide, notifie, engage, paye FROM cumul WHERE nombre = 1") == (
        *(1, 10, 1000, 10_000),
        *(100_000 - 1_000_000, 10_000_000 - 100_000_000),
    )


def test_moving_an_operator_moves_all_its_money(base: Base, fund: Fund) -> None:
    with base.operation("Créer"):
        fund(base, ("notification", 100), operateur_id=1)
        fund(base, ("notification", 20), operateur_id=1, exercice=2024)
        fund(base, ("notification", 3), operateur_id=2)
    with base.operation("Déménager"):
        base.conn.execute("UPDATE operateur SET departement = '59' WHERE id = 1")
    sql = "SELECT SUM(nombre), SUM(notifie) FROM cumul WHERE departement = "
    assert _row(base, sql + "'59'") == (3, 123)
    assert _row(base, sql + "'02'") == (0, 0)


def test_a_difference_is_told_by_its_table(base: Base, fund: Fund) -> None:
    with base.operation("Créer"):
        fund(base, ("notification", 100))
    base.conn.execute("UPDATE cumul SET notifie = 99")
    assert cumuls.differences(base.conn) == ["cumul : 1 ligne(s) diffère(nt) du recalcul."]


def test_commitments_are_since_the_origin_net_of_every_withdrawal(base: Base, fund: Fund) -> None:
    with base.operation("Sur deux ans"):
        number = fund(base, ("engagement", 1000), ("retrait", 100), ("paiement", 300), ("notification", 5))
        base.conn.executemany(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (?, ?, 2026, ?)",
            [(number, "retrait_anterieur", 50), (number, "paiement", 700), (number, "reprise", 20)],
        )
        fund(base, ("notification", 5), ("echeance", 5))
    sql = "SELECT allocation_id, campagne, engage, paye FROM cumul_engagement WHERE engage <> 0"
    assert base.conn.execute(sql).fetchall() == [(number, 2025, 850, 980)]
    with base.operation("Changer d'exercice"):
        base.conn.execute("UPDATE allocation SET exercice = 2024 WHERE id = ?", (number,))
    assert _row(base, sql) == (number, 2024, 850, 980)
    base.conn.execute("UPDATE cumul_engagement SET paye = 99 WHERE engage <> 0")
    assert [x.split(" : ")[0] for x in cumuls.differences(base.conn)] == ["cumul_engagement", "cumul_alerte"]


def test_a_gap_a_landing_and_what_is_paid_by_plan_are_counted_by_allocation(base: Base, fund: Fund) -> None:
    with base.operation("Créer"):
        fund(base, ("notification", 100), ("engagement", 130), ("retrait", 10), ("paiement", 60), ("echeance", 60))
        fund(base, ("notification", 100), ("engagement", 100), ("paiement", 7))
        fund(base, ("saisie", 40))
    gap = "SELECT pluriannuel, pluriannuel_nombre, retraits, decide_non_notifie FROM cumul_rapprochement"
    assert _row(base, gap) == (30, 1, -10, 40)
    assert _row(base, "SELECT notifie, perenne, decide FROM cumul_cellule") == (200, 0, 40)
    assert _row(base, "SELECT SUM(paye), SUM(paye_planifie) FROM cumul") == (67, 60)
    base.conn.execute("UPDATE cumul_rapprochement SET retraits = 0")
    assert cumuls.differences(base.conn) == ["cumul_rapprochement : 1 ligne(s) diffère(nt) du recalcul."]


@pytest.mark.parametrize("before", [0, 3], ids=["new allocations", "known ones"])
@pytest.mark.parametrize("worth", [1, 5000], ids=["anew", "by triggers"])
def test_sets_are_added_up_and_taken_off_as_rows_are(
    base: Base, fund: Fund, monkeypatch: pytest.MonkeyPatch, before: int, worth: int
) -> None:
    monkeypatch.setattr(insertion, "_WORTH", worth)
    with base.operation("Créer"):
        for _ in range(before):
            fund(base, ("engagement", 100))
    with base.operation("Importer") as done, bulk_insert(base.conn, "allocation", "mouvement"):
        for number in range(10, 13):
            fund(
                base,
                ("engagement", 100),
                ("retrait_anterieur", 10),
                ("retrait", 1),
                ("paiement", number),
                ("echeance", 50),
                id=number,
            )
        base.conn.executemany(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (?, 'paiement', 2026, 120)",
            [(number,) for number in (*range(1, before + 1), 10)],
        )
    assert cumuls.differences(base.conn) == []
    assert _row(base, "SELECT engage, paye FROM cumul_engagement WHERE allocation_id = 10") == (89, 130)
    assert _row(base, "SELECT SUM(retraits_nombre) FROM cumul_rapprochement") == (3,)
    Operations(base).undo(done[0].operation)
    assert cumuls.differences(base.conn) == []


def test_summaries_survive_a_restart(file: Path, fund: Fund) -> None:
    base = database.open_base(file)
    with base.operation("Créer"):
        fund(base, ("notification", 100))
    base.close()
    base = database.open_base(file)
    assert _row(base, "SELECT notifie FROM cumul WHERE nombre = 1") == (100,)
    base.close()
