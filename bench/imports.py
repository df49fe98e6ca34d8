"""The whole import of a StarsFIR workbook beside programs that merely read the same file."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench import fichiers, measure, peers
from firdesk.services.importing import run
from firdesk.services.session import Session, create


def import_whole(workbook: Path, base: Path) -> None:
    """Pre-flight, child process, recognition, plan, journal and commit, into a new base."""
    with Session.open(base) as session:
        run.execute(session, run.plan(session, run.scan(workbook)))


def compare(lines: int, times: int = 3) -> None:
    """Print our whole import against each peer's reading of the same workbook."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workbook = folder / "2025_engagements_exporter_20260112.xlsx"
        fichiers.write_workbook(workbook, lines)
        bases = [folder / f"{i}.firdesk" for i in range(times)]
        for base in bases:
            create(base, (2025,))
        remaining = iter(bases)
        ours = measure.seconds(lambda: import_whole(workbook, next(remaining)), times)
        others = {peer: _peer(peer, workbook, times) for peer in peers.PEERS}
        measure.table(f"Import of {lines:,} StarsFIR lines (xlsx, 35 columns), peers only read", ours, others)


def _peer(name: str, workbook: Path, times: int) -> float:
    python = os.environ["FIRDESK_BENCH_PEERS"]
    found = []
    for _ in range(times):
        done = subprocess.run(
            [python, "-m", "bench.peers", name, str(workbook)], capture_output=True, text=True, check=True
        )
        found.append(float(json.loads(done.stdout)["seconds"]))
    return sorted(found)[len(found) // 2]
