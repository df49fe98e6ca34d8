"""``python -m bench.window BASE``: the real window on a large base, from a keystroke to everything painted.

Prints JSON: milliseconds of an edit saved in the form, of a search, of a new order and of going to the dashboard.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.settings import Settings


class Window:
    """The window, and a clock that stops when nothing is left to do or to paint."""

    def __init__(self, base: Path) -> None:
        self.app = QApplication([])
        style.install(self.app, "clair")
        self.worker = ManualExecutor()
        self.window = MainWindow(Settings(theme="clair"), executor=self.worker)
        self.window.resize(1600, 900)
        self.window.show()
        self.window.open_base(base)
        self.settle()

    def settle(self) -> None:
        for _ in range(8):
            self.worker.run()
            self.app.processEvents()

    def milliseconds(self, act: Callable[[], object]) -> float:
        """The processor time of an act and all it brings about (waits for timers are not work)."""
        start = time.process_time()
        act()
        self.settle()
        QTest.qWait(60)
        self.settle()
        return (time.process_time() - start) * 1000

    def median(self, act: Callable[[], object], times: int = 7) -> float:
        act()
        self.settle()
        return statistics.median(self.milliseconds(act) for _ in range(times))


def main() -> None:
    desk = Window(Path(sys.argv[1]))
    desk.window.go("tableau_de_bord")
    desk.settle()
    desk.window.go("allocations")
    desk.settle()
    assert desk.window.workspace is not None  # noqa: S101
    page = desk.window.workspace.current
    assert isinstance(page, Allocations)  # noqa: S101
    page.table.view.setFocus()
    page.table.view.selectRow(3)
    desk.settle()
    field = page.form.findChild(QLineEdit, "notification")
    assert field is not None  # noqa: S101
    amounts = iter(range(1000, 100_000))

    def edit() -> None:
        field.setText(f"{next(amounts)},50")
        field.textEdited.emit(field.text())
        QTest.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    words = iter(["santé 9", "fictif 12", "77", "action", "E20250009", ""] * 9)

    def search() -> None:
        page.bar.search.setText(next(words))
        page.bar.apply_text()

    orders = iter([(3, Qt.SortOrder.AscendingOrder), (1, Qt.SortOrder.DescendingOrder)] * 9)

    def sort() -> None:
        page.table.view.sortByColumn(*next(orders))

    found = {
        "edit": desk.median(edit),
        "sort": desk.median(sort),
        "search": desk.median(search),
        "dashboard": desk.median(lambda: (desk.window.go("tableau_de_bord"), desk.window.go("allocations"))),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
