"""Timing a few runs and printing a table of ratios."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable


def seconds(run: Callable[[], object], times: int = 3) -> float:
    """The median of a few runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def child(module: str, *args: str) -> dict[str, float]:
    """What a measurement in a process of its own prints."""
    done = subprocess.run([sys.executable, "-m", module, *args], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def table(title: str, ours: float, peers: dict[str, float]) -> None:
    """Print ours, then each peer with how many times longer it takes."""
    print(f"\n{title}")
    print(f"  {'FIRDesk':<34}{ours * 1000:>12.1f} ms")
    for name, value in peers.items():
        print(f"  {name:<34}{value * 1000:>12.1f} ms   FIRDesk / peer = {ours / value:.2g}")
