"""The whole import of a StarsFIR workbook beside programs that merely read the same file."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median

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
        ours: list[float] = []
        others: dict[str, list[float]] = {peer: [] for peer in peers.ready()}
        for base in bases:  # in turn, so that a slow moment of the machine falls on all alike
            ours.append(measure.seconds(lambda base=base: import_whole(workbook, base), 1))  # type: ignore[misc]
            for peer, found in others.items():
                found.append(_peer(peer, workbook))
        measure.table(
            f"Import of {lines:,} StarsFIR lines (xlsx, 35 columns), peers only read",
            median(ours),
            {peer: median(found) for peer, found in others.items()},
        )
        base = folder / "memoire.firdesk"
        create(base, (2025,))
        asked = measure.child("bench.footprint", str(workbook), str(base))
        print(f"  memory of the process, at most   +{asked['megabytes']:>10.0f} MB")
        print(f"  wait after « Annuler », at most   {asked['cancel_seconds'] * 1000:>10.0f} ms")


def _peer(name: str, workbook: Path) -> float:
    python = os.environ["FIRDESK_BENCH_PEERS"]
    command = [python, "-m", "bench.peers", name, str(workbook)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["seconds"])
