"""The preview is the document; so are the file and what is printed."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter

from firdesk.domain.problem import Refus
from firdesk.services import reports
from firdesk.ui import printing
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.rapports import Rapports
from firdesk.ui.workspace import Workspace


@pytest.fixture
def page(workspace: Workspace) -> Rapports:
    workspace.go("rapports")
    found = workspace.page("rapports")
    assert isinstance(found, Rapports)
    return found


def test_the_preview_has_the_pages_of_the_pdf(page: Rapports, worker: ManualExecutor, workspace: Workspace) -> None:
    before = page.loading
    worker.run()
    assert (before, page.loading) == (True, False)
    content = reports.pdf(workspace.bridge.session, page.name, 2025)
    assert page.preview.count() == len(PdfReader(io.BytesIO(content)).pages)


def test_another_report_is_previewed_when_chosen(
    page: Rapports, worker: ManualExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.run()
    asked: list[str] = []

    def note(_session: object, name: str, _year: int) -> list[bytes]:
        asked.append(name)
        return []

    monkeypatch.setattr(reports, "pages", note)
    page.list.setCurrentRow(1)
    worker.run()
    assert asked == ["missions"]
    assert page.subtitle == "Allocations par mission · exercice 2025"


def test_the_preview_follows_the_base(
    page: Rapports, worker: ManualExecutor, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.run()
    made: list[int] = []

    def note(_session: object, _name: str, year: int) -> list[bytes]:
        made.append(year)
        return []

    monkeypatch.setattr(reports, "pages", note)
    with workspace.bridge.session.operation("Ouvrir 2030"):
        workspace.bridge.session.nomenclatures.open_exercice(2030)
    workspace.bridge.perform(lambda: None)
    worker.run()
    assert made == [2025]


def test_a_failure_says_why_and_offers_to_try_again(
    page: Rapports, worker: ManualExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.run()

    def fail(*_: object) -> list[bytes]:
        raise Refus("Le modèle du rapport manque.")

    monkeypatch.setattr(reports, "pages", fail)
    page.refresh()
    worker.run()
    assert page.state.message() == "Le modèle du rapport manque."
    assert not page.loading


def test_the_report_named_by_another_page_is_chosen(page: Rapports, workspace: Workspace) -> None:
    workspace.go("rapports", "destinations")
    assert page.name == "destinations"


def test_the_pdf_is_written(page: Rapports, worker: ManualExecutor, workspace: Workspace, tmp_path: Path) -> None:
    worker.run()
    page.save_to(tmp_path / "themes.pdf")
    worker.run()
    assert (tmp_path / "themes.pdf").read_bytes().startswith(b"%PDF-")
    assert workspace.messages.text() == "Enregistré : themes.pdf"


def printer_to(path: Path) -> QPrinter:
    printer = printing.new_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(72)
    return printer


def test_every_page_is_printed(page: Rapports, worker: ManualExecutor, workspace: Workspace, tmp_path: Path) -> None:
    worker.run()
    pages = reports.pages(workspace.bridge.session, "themes", 2025)
    printing.send(printer_to(tmp_path / "papier.pdf"), [*pages, *pages])
    assert len(PdfReader(tmp_path / "papier.pdf").pages) == 2 * len(pages)


def test_a_page_that_does_not_exist_is_refused(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(Refus, match="choisir une page qui existe"):
        printing.send(printer_to(tmp_path / "papier.pdf"), [])
