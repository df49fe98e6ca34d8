"""Reading a file in a child process, so that no file can freeze, bloat or abort the program.

The parent waits in short steps, puts the lines of the child together and turns any abnormal end into one
``Refus``. It may be called from any thread; nothing is shared between two reads.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from firdesk.domain.problem import Refus
from firdesk.sheets.assembly import Assembly
from firdesk.sheets.cell import Workbook
from firdesk.sheets.limits import cap_memory
from firdesk.sheets.preflight import refusal, shown_name
from firdesk.sheets.reader import OPTIONS, TOO_BIG

_MINUTE = 60.0
_PER_BYTE = 2 / 1024**2
#: How long a wait may last before cancellation and deadline are looked at again, in seconds.
_STEP = 0.05
_QUEUE = 64
_MAX_LINE = 256 * 1024**2
_MAX_TOTAL = 2 * 1024**3
_ROOT = Path(__file__).resolve().parents[2]
_BROKEN = "le lecteur s'est interrompu ; l'ouvrir dans Excel, l'enregistrer au format .xlsx et recommencer"


class Annule(Exception):
    """The user gave up the reading; nothing has been read."""


def child_command(path: Path | str) -> list[str]:
    """The command that reads ``path`` in a child of the same executable."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "lire-classeur", str(path)]
    return [sys.executable, "-P", "-m", "firdesk.sheets.reader", str(path)]


def read(
    path: Path | str,
    *,
    deadline: float | None = None,
    memory_mb: int = 2048,
    on_progress: Callable[[int, int | None], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    command: Sequence[str] | None = None,
) -> Workbook:
    """The workbook at ``path``; ``Refus`` where it cannot be read, ``Annule`` when ``cancelled()`` becomes
    true.

    ``deadline`` is in seconds (a minute, and two seconds a megabyte, unless said), ``memory_mb`` caps the child.
    ``on_progress(rows, total or None)`` and ``cancelled`` are called in the calling thread. ``delimiter`` and
    ``encoding`` override what is detected of a CSV file. ``command`` replaces the reader.
    """
    path = Path(path)
    deadline = deadline or _MINUTE + _PER_BYTE * _size(path)
    options = {k: v for k, v in (("delimiter", delimiter), ("encoding", encoding)) if v is not None}
    run = _Run(path, list(command) if command else child_command(path.absolute()), options, memory_mb)
    try:
        return run.wait(time.monotonic() + deadline, deadline, on_progress, cancelled)
    finally:
        run.close()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0  # the reader says what is wrong with it


class _Run:
    """One child, the two threads that empty its pipes, and the workbook being put together."""

    def __init__(self, path: Path, command: list[str], options: dict[str, str], memory_mb: int) -> None:
        self.name = name = shown_name(path)
        self.path = str(path.absolute()).encode("utf-8", "replace").decode()
        self.lines: queue.Queue[bytes | None] = queue.Queue(_QUEUE)
        self.progress: tuple[int, int | None] | None = None
        self.complaint: deque[str] = deque(maxlen=40)
        self.stopped = threading.Event()
        environment = dict(os.environ)
        environment.update(
            PYTHONPATH=os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))),
            PYTHONIOENCODING="utf-8",
            RUST_BACKTRACE="0",
        )
        environment[OPTIONS] = json.dumps(options)
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW
        try:
            self.child = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                creationflags=flags,
            )
        except (OSError, ValueError) as error:
            raise Refus(refusal(name, "le lecteur n'a pas pu démarrer").message, detail=str(error)) from error
        self.cap = cap_memory(self.child, memory_mb * 1024**2)
        assert self.child.stdout is not None  # noqa: S101
        assert self.child.stderr is not None  # noqa: S101
        self.threads = [
            threading.Thread(target=self._pump, args=(self.child.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(self.child.stderr,), daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def _pump(self, stream: IO[bytes]) -> None:
        total = 0
        # A child that has lost its mind may write without end, or without ends of lines.
        while (line := stream.readline(_MAX_LINE)) and total < _MAX_TOTAL:
            total += len(line)
            if not self._offer(line):
                return
        self._offer(None)

    def _offer(self, line: bytes | None) -> bool:
        while not self.stopped.is_set():
            try:
                self.lines.put(line, timeout=_STEP)
            except queue.Full:
                continue
            return True
        return False

    def _listen(self, stream: IO[bytes]) -> None:
        for line in stream:
            words = line.split()
            if len(words) == 3 and words[0] == b"progression" and words[1].isdigit() and words[2].isdigit():
                self.progress = (int(words[1]), int(words[2]) or None)
            else:
                self.complaint.append(line[:500].decode("utf-8", "replace").rstrip())

    def wait(
        self,
        until: float,
        deadline: float,
        on_progress: Callable[[int, int | None], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Workbook:
        """Put the lines together until the child ends."""
        assembly = Assembly()
        told: tuple[int, int | None] | None = None
        while True:
            if cancelled is not None and cancelled():
                raise Annule
            if time.monotonic() > until:
                raise refusal(
                    self.name,
                    f"la lecture dure depuis plus de {deadline:.0f} s ; le couper en plusieurs fichiers",
                )
            if on_progress is not None and self.progress is not None and self.progress != told:
                told = self.progress
                on_progress(*told)
            try:
                line = self.lines.get(timeout=_STEP)
            except queue.Empty:
                continue
            if line is None:
                return self._finish(assembly, on_progress)
            try:
                assembly.add(line)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise self._failure() from error
            if assembly.workbook is not None or assembly.refusal is not None:
                return self._finish(assembly, on_progress)  # what the child still does is of no interest

    def _finish(self, assembly: Assembly, on_progress: Callable[[int, int | None], None] | None) -> Workbook:
        if assembly.refusal is not None:
            raise Refus(assembly.refusal)
        if assembly.workbook is None:
            raise self._failure()
        assembly.workbook.path = self.path
        if on_progress is not None:
            rows = sum(len(grid.rows) for grid in assembly.workbook.grids)
            on_progress(rows, rows)
        return assembly.workbook

    def _failure(self) -> Refus:
        """What to say of a child that ended badly or wrote nonsense."""
        try:
            code: int | None = self.child.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            code = None
        self.threads[1].join(timeout=0.5)
        complaint = "\n".join(self.complaint)
        starved = any(word in complaint for word in ("MemoryError", "memory allocation", "Cannot allocate"))
        refus = refusal(self.name, TOO_BIG if starved else _BROKEN)
        refus.detail = f"code {code}\n{complaint}"
        return refus

    def close(self) -> None:
        """End the child if it has not ended, and let go of everything."""
        self.stopped.set()
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        if self.cap is not None:
            self.cap.close()
        for thread in self.threads:
            thread.join(timeout=1.0)
        for stream in (self.child.stdout, self.child.stderr):
            if stream is not None:
                stream.close()
