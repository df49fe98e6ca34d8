"""An import after it was written: its page for ever, undone and done again, what stands in the way, its rejects."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from firdesk.domain.allocation import Filtre
from firdesk.services import allocations
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.historique import Historique
from firdesk.ui.pages.imports import Imports
from firdesk.ui.workspace import Workspace
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars
from tests.ui.pages.imports.shown import Drop, rows, said

Write = Callable[[], None]


@pytest.fixture
def page(imports: Imports) -> Imports:
    return imports


@pytest.fixture
def rejected(tmp_path: Path) -> Path:
    """Thirty lines, the second one with an amount in letters."""
    lines = [stars(n, notifie="douze") if n == 2 else stars(n) for n in range(1, 31)]
    return write_stars(tmp_path / "2025_engagements_exporter_20260112.csv", lines)


def correct(page: Imports, row: int, objet: str) -> None:
    """Change a line of the first import by hand."""
    number = page.session.allocations.ids(Filtre(lots=(1,)), tri="reference")[row]
    draft = allocations.brouillon(page.session, number)
    assert draft is not None
    changed = replace(draft, allocation=replace(draft.allocation, objet=objet))
    page.bridge.perform(lambda: allocations.save(page.session, changed))


def test_the_page_of_an_import_says_which_file_it_was(page: Imports, drop: Drop, write: Write, ten: Path) -> None:
    drop(ten)
    write()
    fiche, lot = page.page_lot.fiche, page.page_lot.lot
    assert lot is not None
    assert ten.name in fiche.text("Fichier")
    assert fiche.text("Emplacement").replace("\u200b", "") == str(ten)
    assert fiche.text("Empreinte") == f"SHA-256 {lot.sha256}"
    assert "opération n°" in fiche.text("Import")


def test_the_total_of_the_file_is_what_was_imported_ignored_and_rejected(
    page: Imports, drop: Drop, write: Write, tmp_path: Path
) -> None:
    lines = [stars(n, campagne="?") if n == 2 else stars(n) for n in range(1, 31)]
    drop(write_stars(tmp_path / "a.csv", lines))
    write()
    bilan = page.page_lot.bilan
    assert bilan.figure("Rejeté") == "1\u202f000,50\u00a0€"
    assert "Total du fichier = importé + ignoré + rejeté" in bilan.controle.text()
    assert "écart 0,00" in bilan.controle.text()


def test_the_choices_made_are_listed(page: Imports, drop: Drop, write: Write, ten: Path) -> None:
    drop(ten)
    write()
    assert page.page_lot.constats.texts()[-1] == "Choix"
    page.page_lot.constats.go("choix")
    assert ("Profil", "StarsFIR", "reconnu") in rows(page.page_lot.constats.table)


def test_an_undone_import_keeps_its_line_and_its_page_and_is_done_again(
    page: Imports, drop: Drop, write: Write, ten: Path, workspace: Workspace, worker: ManualExecutor
) -> None:
    drop(ten)
    write()
    page.page_lot.annuler.click()
    worker.run()
    (row,) = rows(page.liste.table)
    assert row[-1].startswith("Annulé le ")
    assert page.status == "1 import dont 1 annulé"
    page.liste.table.setFocus()
    page.liste.table.select([0], current=0)
    QTest.keyClick(page.liste.table.view, Qt.Key.Key_Return)
    assert page.stack.currentWidget() is page.page_lot
    assert page.page_lot.bilan.figure("Nouvelles") == "10"
    assert not page.page_lot.annuler.isVisible()
    assert "annulé le" in page.page_lot.etat.accessibleName()
    page.page_lot.etat.action.emit()
    worker.run()
    assert page.page_lot.annuler.isVisible()
    assert not page.page_lot.etat.isVisible()
    assert "rétabli" in said(workspace)
    assert len(page.session.imports.lots()) == 1


def test_what_stands_in_the_way_is_listed_and_leads_to_the_history(
    page: Imports, drop: Drop, write: Write, ten: Path, workspace: Workspace, worker: ManualExecutor
) -> None:
    drop(ten)
    write()
    correct(page, 0, "Corrigé à la main")
    correct(page, 2, "Corrigé aussi")
    page.page_lot.annuler.click()
    worker.run()
    assert page.page_lot.blocked
    shown = rows(page.page_lot.obstacles.table)
    assert [r[3] for r in shown] == ["2025-0008", "2025-0006"]
    assert all(r[2].startswith("Modifier") for r in shown)
    assert page.page_lot.obstacles.tout.text() == "Annuler aussi ces 2 opérations"
    assert "2 opérations plus récentes reposent" in page.page_lot.obstacles.phrase.text()
    QTest.keyClick(page.page_lot.obstacles.table.view, Qt.Key.Key_Return)
    history = workspace.current
    assert isinstance(history, Historique)
    assert history.chosen is not None
    assert str(history.chosen.id) == shown[0][0]


def test_the_import_and_all_that_depends_on_it_are_undone_together(
    page: Imports, drop: Drop, write: Write, ten: Path, workspace: Workspace, worker: ManualExecutor
) -> None:
    before = page.session.allocations.count()
    drop(ten)
    write()
    correct(page, 0, "Corrigé à la main")
    page.page_lot.annuler.click()
    worker.run()
    QTest.keyClick(page.page_lot.obstacles.tout, Qt.Key.Key_Space)
    worker.run()
    assert page.session.imports.lots() == []
    assert page.session.allocations.count() == before
    assert "et 1 opération plus récente" in said(workspace)


def test_keeping_the_import_shows_its_findings_again(
    page: Imports, drop: Drop, write: Write, ten: Path, worker: ManualExecutor
) -> None:
    drop(ten)
    write()
    correct(page, 0, "Corrigé à la main")
    page.page_lot.annuler.click()
    worker.run()
    page.page_lot.obstacles.fermer.click()
    assert not page.page_lot.blocked
    assert len(page.session.imports.lots()) == 1


def test_the_link_of_the_page_leads_to_its_operation(
    page: Imports, drop: Drop, write: Write, ten: Path, workspace: Workspace
) -> None:
    drop(ten)
    write()
    number = page.page_lot.suivi.operation if page.page_lot.suivi else None
    page.page_lot.fiche.historique.click()
    assert isinstance(workspace.current, Historique)
    assert workspace.current.chosen is not None
    assert workspace.current.chosen.id == number


def test_the_rejects_are_written_where_the_user_says(
    page: Imports,
    drop: Drop,
    write: Write,
    rejected: Path,
    workspace: Workspace,
    worker: ManualExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop(rejected)
    write()
    proposed = []

    def choose(_parent: object, _title: str, name: str, kind: str) -> tuple[str, str]:
        proposed.append((Path(name), kind))
        return str(rejected.with_name("corriger")), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    assert page.page_lot.rejets.isVisible()
    page.page_lot.rejets.click()
    worker.run()
    assert proposed == [(rejected.with_name(f"{rejected.stem} - rejets.xlsx"), "Classeur Excel (*.xlsx)")]
    assert "corriger.xlsx, 1 cellule à corriger" in said(workspace)
    book = openpyxl.load_workbook(rejected.with_name("corriger.xlsx"))
    assert book[rejected.stem[:31]]["AG3"].comment is not None


def test_the_rejects_are_written_before_the_import_too(
    page: Imports,
    drop: Drop,
    rejected: Path,
    workspace: Workspace,
    worker: ManualExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop(rejected)
    target = rejected.with_name("avant.xlsx")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    assert page.assistant.rejets.isVisible()
    page.assistant.rejets.click()
    worker.run()
    assert target.exists()
    assert page.encours.etat == "pret"
    assert page.session.imports.lots() == []


def test_a_file_that_moved_is_asked_for_and_one_that_changed_leaves_the_list(
    page: Imports,
    drop: Drop,
    write: Write,
    rejected: Path,
    workspace: Workspace,
    worker: ManualExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop(rejected)
    write()
    target = rejected.with_name("copie.xlsx")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    moved = rejected.rename(rejected.with_name("déplacé.csv"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    page.page_lot.rejets.click()
    worker.run()
    assert "indiquer où il est" in said(workspace)
    workspace.messages.run_action()
    worker.run()
    assert target.exists()
    target.unlink()
    moved.write_text("autre chose", encoding="utf-8")
    page.page_lot.rejets.click()
    worker.run()
    workspace.messages.run_action()
    worker.run()
    assert "il a changé" in said(workspace)
    workspace.messages.run_action()
    worker.run()
    assert openpyxl.load_workbook(target).sheetnames == ["Rejets FIRDesk"]


def test_an_import_without_rejects_has_nothing_to_export(page: Imports, drop: Drop, write: Write, ten: Path) -> None:
    drop(ten)
    write()
    assert not page.page_lot.rejets.isVisible()


def test_an_import_of_the_budget_shows_the_lines_it_wrote(
    page: Imports, drop: Drop, write: Write, tmp_path: Path
) -> None:
    drop(write_sibc(tmp_path / "SIBC_20260131.csv", [sibc(), sibc("MI2-3-8")]))
    write()
    assert not page.page_lot.voir.isVisible()
    page.page_lot.constats.go("lignes")
    shown = rows(page.page_lot.constats.table)
    assert [(r[0], r[3], r[5]) for r in shown] == [
        ("MI1-2-3", "800,00\u00a0€", "L2"),
        ("MI2-3-8", "800,00\u00a0€", "L3"),
    ]
