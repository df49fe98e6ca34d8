"""``python -m bench.footprint WORKBOOK BASE``: what an import asks of the process that shows the window.

Prints JSON: the growth of its memory at its highest, and the longest wait between *Annuler* and the end of the work.
"""

import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from firdesk.domain.problem import Annulation
from firdesk.services.importing import run
from firdesk.services.session import Session

#: After how many of the reports of a step the user gives up, in turn.
_AFTER = (1, 5, 20, 60)


class _Impatient:
    """Gives up some time after the n-th report, at any moment of the work, and remembers when."""

    def __init__(self, after: int) -> None:
        self._left = after
        self.at = 0.0

    def report(self, done: int, total: int | None, text: str) -> None:
        self._left -= 1
        if self._left == 0:
            threading.Timer(0.05, self._give_up).start()

    def _give_up(self) -> None:
        self.at = time.perf_counter()

    def check(self) -> None:
        if self.at:
            raise Annulation


def waits(work: Callable[[_Impatient], object]) -> list[float]:
    """How long the work went on after each of several cancellations, in seconds; stops once it is done."""
    found = []
    for after in _AFTER:
        user = _Impatient(after)
        try:
            work(user)
        except Annulation:
            found.append(time.perf_counter() - user.at)
        else:
            break
    return found


def peak() -> int:
    """The most memory held so far, in kB; what a parent held before is not counted where the system tells it apart."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(next(x.split()[1] for x in status.read_text().splitlines() if x.startswith("VmHWM")))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    workbook, base = map(Path, sys.argv[1:])
    with Session.open(base) as session:
        before = peak()
        read = run.scan(workbook)
        plan = run.plan(session, read)
        slowest = [
            *waits(lambda user: run.scan(workbook, user)),
            *waits(lambda user: run.plan(session, read, progress=user)),
            *waits(lambda user: run.execute(session, plan, user)),
        ]
        if not session.imports.lots():
            run.execute(session, plan)
        grown = peak() - before
    json.dump({"megabytes": grown / 1024, "cancel_seconds": max(slowest), "cancelled": len(slowest)}, sys.stdout)


if __name__ == "__main__":
    main()
