"""After an import, through the real window: rejects exported, corrected, imported, and weeks later taken back."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from firdesk.domain.allocation import Filtre
from firdesk.sheets.style_part import FILL
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.historique import Historique
from firdesk.ui.pages.import_assistant import DIFFERENCES
from firdesk.ui.pages.imports import Imports
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session
from tests.services.importing.fichiers import stars, write_xlsx
from tests.ui.pages.imports.shown import rows

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The export as it came from Excel: thirty lines, two of them wrong, a formula beside."""
    lines = [stars(n, notifie="douze" if n == 2 else "n.c." if n == 5 else "1000.50") for n in range(1, 31)]
    path = write_xlsx(tmp_path / "suivi 2025.xlsx", lines, cell=lambda _header, text: text, total=False)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Calculs")["A1"] = "=1+1"
    book.save(path)
    return path


def page_of(window: MainWindow) -> Imports:
    window.go("imports")
    assert window.workspace is not None
    assert isinstance(window.workspace.current, Imports)
    return window.workspace.current


def write(window: MainWindow, finish: Finish, file: Path) -> Imports:
    """Drop a file, press Enter on each step until it is written."""
    before = len(session(window).imports.lots())
    window.import_files([file])
    finish()
    page = page_of(window)
    for _ in range(4):
        if page.assistant.etape < DIFFERENCES:
            QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
    QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
    finish()
    assert len(session(window).imports.lots()) == before + 1
    return page


def export_rejects(window: MainWindow, finish: Finish, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page = page_of(window)
    QTest.keyClick(page.page_lot.rejets, Qt.Key.Key_Space)
    finish()
    assert window.workspace is not None
    assert "2 cellules à corriger" in window.workspace.messages.text()


def correct(copy: Path) -> None:
    """Type the right amount in each coloured cell."""
    book = openpyxl.load_workbook(copy)
    wrong = [c for row in book["Export"].iter_rows() for c in row if c.fill.fgColor.rgb == FILL]
    assert [c.value for c in wrong] == ["douze", "n.c."]
    for cell in wrong:
        cell.value = "2 000,00"
    book.save(copy)


def edit(window: MainWindow, lot: int, text: str) -> str:
    """Correct by keyboard the object of the first line that an import wrote; its reference."""
    new = [n for n in session(window).allocations.ids(Filtre(lots=(lot,))) if n > 28]
    window.go("allocations", Filtre(2025))
    assert window.workspace is not None
    page = window.workspace.current
    assert isinstance(page, Allocations)
    page.table.select([new[0]], current=new[0])
    field = page.form.fields.textes["objet"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_S, CONTROL)
    found = session(window).allocations.get(new[0])
    assert found is not None
    assert found.objet == text
    return found.reference


def test_rejects_go_out_come_back_corrected_and_the_whole_is_taken_back_weeks_later(
    window: MainWindow,
    finish: Finish,
    workbook: Path,
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = workbook.read_bytes()
    page = write(window, finish, workbook)
    assert page.page_lot.bilan.figure("Rejetées") == "2"
    copy = tmp_path / "suivi 2025 - rejets.xlsx"
    export_rejects(window, finish, copy, monkeypatch)
    assert workbook.read_bytes() == original
    correct(copy)

    page = write(window, finish, copy)
    figures = {name: page.page_lot.bilan.figure(name) for name in ("Nouvelles", "Inchangées", "Disparues", "Rejetées")}
    assert figures == {"Nouvelles": "2", "Inchangées": "28", "Disparues": "0", "Rejetées": "0"}
    assert session(window).allocations.somme(Filtre(2025)).notifie == 28 * 1000_50 + 2 * 2000_00

    second = session(window).imports.lots()[0].id or 0
    reference = edit(window, second, "Astreintes de nuit")
    assert window.close_base()
    assert window.open_base(base)
    finish()

    page = page_of(window)
    page.show_lot(second)
    QTest.keyClick(page.page_lot.annuler, Qt.Key.Key_Space)
    finish()
    (row,) = rows(page.page_lot.obstacles.table)
    assert (row[2], row[3]) == (f"Modifier l'allocation {reference}", reference)
    QTest.keyClick(page.page_lot.obstacles.table.view, Qt.Key.Key_Return)
    assert window.workspace is not None
    assert isinstance(window.workspace.current, Historique)
    assert window.workspace.current.chosen is not None
    assert window.workspace.current.chosen.libelle == row[2]

    page = page_of(window)
    QTest.keyClick(page.page_lot.obstacles.tout, Qt.Key.Key_Space)
    finish()
    assert session(window).allocations.count(2025) == 28
    assert session(window).allocations.somme(Filtre(2025)).notifie == 28 * 1000_50
    assert [r[-1].startswith("Annulé le") for r in rows(page.liste.table)] == [True, False]
