"""From an edit to every figure fresh, beside the same sums computed anew by SQLite."""

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

from bench import fichiers, measure
from firdesk.domain.allocation import Filtre
from firdesk.domain.synthese import Axe
from firdesk.services import allocations
from firdesk.services.importing import run
from firdesk.services.session import Session, create

_AXES = (Axe.THEME, Axe.MISSION, Axe.DEPARTEMENT)
_GROUP_BY = (
    "SELECT {0}, COUNT(*), SUM(m.montant) FROM mouvement m JOIN allocation a ON a.id = m.allocation_id "
    "JOIN operateur o ON o.id = a.operateur_id WHERE m.nature = 'notification' AND m.exercice = 2025 GROUP BY 1"
)


def compare(lines: int) -> None:
    """Print the time of an edit with all sums of the dashboard, against the sums alone by GROUP BY."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook, base = folder / "2025_engagements_exporter_20260112.xlsx", folder / "b.firdesk"
        fichiers.write_workbook(workbook, lines)
        create(base, (2025,))
        with Session.open(base) as session:
            run.execute(session, run.plan(session, run.scan(workbook)))
            draft = allocations.brouillon(session, 1)
            if draft is None:
                raise RuntimeError("nothing was imported")
            amounts = iter(range(100, 200))

            def edit() -> None:
                cents = {n: (next(amounts) if n == "notification" else v) for n, v in draft.montants.items()}
                allocations.save(session, replace(draft, montants=cents))

            def read() -> None:
                for axe in _AXES:
                    session.syntheses.par((axe,), 2025)
                session.allocations.somme(Filtre(exercice=2025))

            def edit_and_read() -> None:
                edit()
                read()

            reading = measure.seconds(read, 9)
            both = measure.seconds(edit_and_read, 9)
        peer = sqlite3.connect(base)
        sums = [_GROUP_BY.format(c) for c in ("a.theme", "a.destination", "o.departement")]
        grouped = measure.seconds(lambda: [peer.execute(sql).fetchall() for sql in sums], 3)
        peer.close()
        window = measure.child("bench.window", str(base))
        peers = {"the same three sums by GROUP BY": grouped}
        measure.table(f"Every sum of the dashboard read, {lines:,} allocations", reading, peers)
        measure.table(f"An edit, committed to disk, and every sum fresh, {lines:,} allocations", both, peers)
        for act, label in (
            ("edit", "An edit saved in the form, everything painted"),
            ("search", "A word looked for, the table painted"),
            ("sort", "A new order, the table painted"),
            ("dashboard", "To the dashboard and back"),
        ):
            measure.table(f"{label}, real window, {lines:,} allocations", window[act] / 1000, peers)
