"""Long work on one other thread, its result back on the GUI thread; knows nothing of what is run.

One job at a time: the file has one writer. The worker only writes a tuple and reads a flag; the GUI polls.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCursor, QGuiApplication

from firdesk.domain.problem import Annulation

__all__ = ["Annulation", "Executor", "Jobs", "ManualExecutor", "Progress", "ThreadExecutor"]

T = TypeVar("T")
POLL_MS = 100
CURSOR_MS = 300


class Progress:
    """What the worker sees: it reports how far it is and asks whether to go on."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self.state: tuple[int, int | None, str] = (0, None, "")

    def report(self, done: int, total: int | None, text: str) -> None:
        """Say how far the work is (``total`` None when unknown) and stop here if it was cancelled."""
        self.state = (done, total, text)
        self.check()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise ``Annulation`` if the user cancelled."""
        if self._cancelled.is_set():
            raise Annulation

    def cancel(self) -> None:
        self._cancelled.set()


class Executor(Protocol):
    """Runs functions one after the other; tests inject one that runs when told."""

    def submit(self, task: Callable[[], None]) -> None: ...
    def shutdown(self) -> None: ...


class ThreadExecutor:
    """One thread, started on the first task, that ends with the program."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, task: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="firdesk-job", daemon=True)
            self._thread.start()
        self._tasks.put(task)

    def shutdown(self) -> None:
        """Wait for the current task, then end the thread."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()


class ManualExecutor:
    """Keeps the tasks and runs them, on the calling thread, when told: for tests and pictures of pages."""

    def __init__(self) -> None:
        self.tasks: list[Callable[[], None]] = []

    def submit(self, task: Callable[[], None]) -> None:
        self.tasks.append(task)

    def run(self) -> None:
        """Run what was submitted and deliver what it signalled, until nothing is left."""
        while self.tasks:
            self.tasks.pop(0)()
            QCoreApplication.processEvents()

    def shutdown(self) -> None:
        self.run()


@dataclass(slots=True)
class _Job:
    label: str
    progress: Progress
    on_done: Callable[[Any], object]
    on_error: Callable[[Exception], object]
    on_cancel: Callable[[], object] | None


class Jobs(QObject):
    """Starts jobs; ``busy`` and ``idle`` frame each one, ``progressed`` comes at most every 100 ms."""

    busy = Signal(str)
    progressed = Signal(int, object, str)
    idle = Signal()
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, *, executor: Executor | None = None) -> None:
        super().__init__(parent)
        self._executor: Executor = executor or ThreadExecutor()
        self._job: _Job | None = None
        self._closed = False
        self._waiting = False
        self._ended.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._report)
        self._cursor = QTimer(self, interval=CURSOR_MS, singleShot=True)
        self._cursor.timeout.connect(self._show_cursor)

    def start(
        self,
        fn: Callable[[Progress], T],
        *,
        on_done: Callable[[T], object],
        on_error: Callable[[Exception], object],
        label: str,
        on_cancel: Callable[[], object] | None = None,
    ) -> bool:
        """Run ``fn`` on the worker; ``False`` (and nothing happens) while another job runs.

        A cancelled job calls ``on_cancel``, or ``on_error`` with ``Annulation`` where none was given.
        """
        if self._job is not None or self._closed:
            return False
        job = _Job(label, Progress(), on_done, on_error, on_cancel)
        self._job = job
        self._poll.start()
        self._cursor.start()
        self.busy.emit(label)
        self._executor.submit(lambda: self._run(job, fn))
        return True

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def label(self) -> str:
        """The label of the running job, or an empty text."""
        return self._job.label if self._job else ""

    @Slot()
    def cancel(self) -> None:
        """Ask the running job to stop; it ends at its next ``check``."""
        if self._job is not None:
            self._job.progress.cancel()

    def shutdown(self) -> None:
        """Cancel, wait for the worker, deliver nothing more; for the closing of the window."""
        self._closed = True
        self.cancel()
        self._executor.shutdown()
        self._forget()

    def _run(self, job: _Job, fn: Callable[[Progress], object]) -> None:
        result: object = None
        error: Exception | None = None
        try:
            result = fn(job.progress)
        except Exception as raised:  # a bug too comes back to the caller, on the GUI thread
            error = raised
        if not self._closed:
            self._ended.emit(job, result, error)

    @Slot(object, object, object)
    def _end(self, job: _Job, result: object, error: Exception | None) -> None:
        if job is not self._job:
            return
        self._report()
        self._forget()
        self.idle.emit()
        if error is None:
            job.on_done(result)
        elif isinstance(error, Annulation) and job.on_cancel is not None:
            job.on_cancel()
        else:
            job.on_error(error)

    def _forget(self) -> None:
        self._job = None
        self._poll.stop()
        self._cursor.stop()
        if self._waiting:
            QGuiApplication.restoreOverrideCursor()
            self._waiting = False

    @Slot()
    def _report(self) -> None:
        if self._job is not None and self._job.progress.state[2]:
            self.progressed.emit(*self._job.progress.state)

    @Slot()
    def _show_cursor(self) -> None:
        QGuiApplication.setOverrideCursor(QCursor(Qt.CursorShape.BusyCursor))
        self._waiting = True
