"""A program killed at any moment loses nothing it acknowledged and leaves nothing half done.

A process that has imported the store once forks a writer for each round: a hundred kills take seconds.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from firdesk.store import database
from firdesk.store.database import Base

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks its writers")

ROUNDS = 26
WRITER = """
import os, sys
from pathlib import Path
from firdesk.store import database, insertion, journal

def say(*words):  # whole lines in one write: a kill never cuts one, whatever the buffering of the process
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def write(path, round_, cache):
    base = database.open_base(Path(path))
    base.conn.execute(f"PRAGMA cache_size = {cache}")
    say("ouverte")
    number = base.conn.execute("SELECT IFNULL(MAX(numero), 0) FROM allocation").fetchone()[0]
    for step in range(10_000):
        many = 1 if step % 4 else 20
        key = f"{round_}-{step}"
        with base.operation(key):
            rows = [(number + i, f"{key}-{i}", "x" * 500) for i in range(1, many + 1)]
            number += many
            if step % 8 == 0:
                with insertion.bulk_insert(base.conn, "allocation"):
                    insert(base.conn, rows)
            else:
                insert(base.conn, rows)
            base.conn.execute(
                "INSERT INTO mouvement (allocation_id, nature, exercice, montant, reference) "
                "SELECT a.id, n.value, 2025, 1000, 'x' FROM allocation a, "
                "(SELECT 'notification' AS value UNION SELECT 'engagement' UNION SELECT 'paiement') n "
                "WHERE a.cle LIKE ?", (key + "-%",))
            base.conn.execute("UPDATE operateur SET departement = ? WHERE id = 1", (("02", "59", "80")[step % 3],))
        say(key, many)

def insert(conn, rows):
    conn.executemany("INSERT INTO allocation (exercice, numero, operateur_id, destination, cle, objet) "
                     "VALUES (2025, ?, 1, 'MI2-3-8', ?, ?)", rows)

for line in sys.stdin:
    path, round_, cache = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        write(path, round_, cache)
        os._exit(0)
    say("ecrivain", child)
    os.waitpid(child, 0)
    say("mort")
"""


@pytest.fixture
def forker(child: Callable[..., "Popen[str]"]) -> Iterator["Popen[str]"]:
    process = child(WRITER)
    yield process
    process.communicate(timeout=30)


def _said(process: "Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline().rstrip("\n")
    assert line, "the writer failed"
    return line


def _kill_a_writer(forker: "Popen[str]", path: Path, round_: str, chance: random.Random) -> dict[str, int]:
    """Start a writer, kill it a little later, return what it acknowledged: operation, number of allocations."""
    assert forker.stdin is not None
    forker.stdin.write(f"{path}\t{round_}\t{chance.choice((5, -65536))}\n")
    forker.stdin.flush()
    lines = [_said(forker)]
    while not any(line.startswith("ecrivain") for line in lines):
        lines.append(_said(forker))
    writer = int(next(line for line in lines if line.startswith("ecrivain")).split()[1])
    if chance.random() < 0.2:
        time.sleep(chance.uniform(0, 0.015))  # while it opens, and so while it recovers from the former kill
    else:
        heard = chance.randint(0, 3)  # counted, not timed: a busy disk takes longer and is killed as surely
        while "ouverte" not in lines or sum(line.startswith(round_) for line in lines) < heard:
            lines.append(_said(forker))
            assert lines[-1] != "mort", f"the writer died of itself: {lines}"
        time.sleep(chance.uniform(0, 0.02))
    os.kill(writer, signal.SIGKILL)
    while lines[-1] != "mort":
        lines.append(_said(forker))
    told = [line.split() for line in lines if line.startswith(round_)]
    return {key: int(many) for key, many in told}


def _kept(base: Base) -> dict[str, int]:
    """What the file holds: operation, number of its allocations; each whole, with its three mouvements."""
    conn = base.conn
    halves = conn.execute(
        "SELECT a.cle FROM allocation a LEFT JOIN mouvement m ON m.allocation_id = a.id "
        "GROUP BY a.id HAVING COUNT(m.id) <> 3 OR SUM(m.montant) <> 3000"
    ).fetchall()
    assert halves == []
    kept: dict[str, int] = {}
    for (key,) in conn.execute("SELECT cle FROM allocation"):
        operation = key.rpartition("-")[0]
        kept[operation] = kept.get(operation, 0) + 1
    labels = {label for (label,) in conn.execute("SELECT libelle FROM operation WHERE nature = 'saisie'")}
    assert labels == set(kept)
    assert conn.execute("SELECT operation_id FROM operation_courante").fetchone() == (None,)
    return kept


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_program_loses_nothing_acknowledged(
    file: Path, forker: "Popen[str]", check: Callable[[Base], None], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    acknowledged: dict[str, int] = {}
    interrupted = 0
    for number in range(ROUNDS):
        acknowledged |= _kill_a_writer(forker, file, f"r{number}", chance)
        journal = database.journal_file(file)
        interrupted += journal.exists() and journal.stat().st_size > 0
        if number % 3 == 0:  # otherwise the next writer recovers, and may be killed doing so
            base = database.open_base(file)
            kept = _kept(base)
            assert {key: kept.get(key) for key in acknowledged} == acknowledged
            unheard = {key.partition("-")[0] for key in kept.keys() - acknowledged.keys()}
            assert len(unheard) == len(kept.keys() - acknowledged.keys()), "at most one commit a kill was not heard of"
            check(base)
            base.close()
    assert interrupted, "no kill fell inside a write: the test proved nothing"
    assert acknowledged
