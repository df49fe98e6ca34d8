"""``python -m bench.window_import WORKBOOK BASE``: an import through the real window, from the file to the lot's page.

Prints JSON: how much the memory of the process grew at most, and the longest time the window did not answer.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bench.footprint import peak
from firdesk.ui.kit import style
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.imports import Imports
from firdesk.ui.settings import Settings

_BEAT_MS = 5


class Pulse:
    """A timer that should beat every few milliseconds; the longest gap between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.where = ""
        self.now = ""
        self._last = time.perf_counter()
        self._timer = QTimer(interval=_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        at = time.perf_counter()
        if at - self._last > self.longest:
            self.longest, self.where = at - self._last, self.now
        self._last = at


def main() -> None:
    workbook, base = map(Path, sys.argv[1:])
    app = QApplication([])
    style.install(app, "clair")
    window = MainWindow(Settings(theme="clair"))
    window.resize(1366, 768)
    window.show()
    window.open_base(base)
    window.go("imports")
    _wait(app, 0.5)
    before = peak()
    pulse = Pulse()
    page = window.workspace.current if window.workspace is not None else None
    assert isinstance(page, Imports)  # noqa: S101
    steps = page.assistant
    pulse.now = "lecture"
    page.add_files([workbook])
    _until(app, lambda: page.encours.etat == "pret")
    for step, name in steps.shown_steps():
        pulse.now = name
        steps.go(step)
        _wait(app, 0.5)
    pulse.now = "ecriture"
    steps.forward()
    _until(app, lambda: page.encours.etat == "vide")
    pulse.now = "lot"
    _wait(app, 1)
    for key in ("allocations", "tableau_de_bord"):
        pulse.now = key
        window.go(key)
        _wait(app, 1)
    json.dump(
        {"megabytes": (peak() - before) / 1024, "longest_ms": pulse.longest * 1000, "where": pulse.where}, sys.stdout
    )
    window.close_base()


def _wait(app: QApplication, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.001)


def _until(app: QApplication, done: object) -> None:
    while not done():  # type: ignore[operator]
        app.processEvents()
        time.sleep(0.001)


if __name__ == "__main__":
    main()
