"""From an edit of a commitment to every figure of the budget fresh, beside the same sums computed by others."""

import json
import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from bench import grande_base, measure
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.synthese import Axe
from firdesk.services import allocations, budget_execution, echeanciers, recettes
from firdesk.services.session import Session

AXES = (Axe.THEME, Axe.MISSION, Axe.DESTINATION, Axe.DEPARTEMENT, Axe.ENVELOPPE, Axe.CARACTERE, Axe.CANAL, Axe.EXERCICE)


def read(session: Session) -> None:
    """All that the dashboard and the Budget page show of an exercice."""
    year = grande_base.EXERCICE
    for axe in AXES:
        session.syntheses.par((axe,), None if axe is Axe.EXERCICE else year)
    session.allocations.somme(Filtre(exercice=year))
    session.budgets.situations(year)
    budget_execution.execution(session, year)
    recettes.equilibre(session, year)


def compare(lines: int) -> None:
    """Print an edit with every figure read again, against the sums alone by SQLite, DuckDB and pandas."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name) / "b.firdesk"
        grande_base.write(base, lines)
        with Session.open(base) as session:
            draft = allocations.brouillon(session, lines // 2)
            if draft is None:
                raise RuntimeError("nothing was written")
            amounts = iter(range(100_00, 200_00))

            def edit() -> None:
                cents = {**draft.montants, Nature.ENGAGEMENT: next(amounts)}
                allocations.save(session, replace(draft, montants=cents))
                read(session)

            read(session)
            reading = measure.seconds(lambda: read(session), 15)
            both = measure.seconds(edit, 15)
            plans = measure.seconds(lambda: echeanciers.par(session, Axe.DESTINATION, grande_base.EXERCICE), 5)
        done = subprocess.run(
            [os.environ["FIRDESK_BENCH_PEERS"], "-m", "bench.peer_figures", str(base)],
            capture_output=True,
            text=True,
            check=True,
        )
        peers: dict[str, float] = json.loads(done.stdout)
    measure.table(
        f"Every figure of the budget read, {lines:,} allocations; peers: the sums of seven axes", reading, peers
    )
    measure.table(f"Échéancier of every destination, {lines:,} allocations, one in ten planned", plans, peers)
    measure.table(f"A commitment edited, on disk, and every figure fresh, {lines:,} allocations", both, peers)
