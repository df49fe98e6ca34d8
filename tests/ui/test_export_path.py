"""Where to export: what is proposed, the suffix of a name typed without one, what is said once it is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from firdesk.ui.export_path import CLASSEUR, CLASSEUR_OU_CSV, ask_path
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget_exercices import ExercicesVolet
from firdesk.ui.pages.conventions import Conventions
from firdesk.ui.pages.dispositifs import Dispositifs
from firdesk.ui.pages.operateurs import Operateurs
from firdesk.ui.pages.syntheses import Syntheses
from firdesk.ui.volet import PageAVolets, Volet
from firdesk.ui.workspace import Workspace

#: Page, what it is asked, the title of the question, the name proposed.
EXPORTS = [
    ("allocations", None, "Exporter les allocations du filtre", "Allocations 2025.xlsx"),
    ("operateurs", None, "Exporter les opérateurs", "operateurs-2025.xlsx"),
    ("dispositifs", None, "Exporter les dispositifs", "dispositifs-2025.xlsx"),
    ("conventions", None, "Exporter les conventions", "conventions-2025.xlsx"),
    ("syntheses", None, "Exporter la synthèse", "synthese-theme-2025.xlsx"),
    ("budget", "execution", "Exporter l'exécution", "execution-2025.xlsx"),
    ("budget", "versions", "Exporter le budget", "budget-2025-BR1.xlsx"),
    ("budget", "recettes", "Exporter les recettes", "recettes-2025.xlsx"),
    ("budget", "alertes", "Exporter les alertes", "alertes-2025.xlsx"),
    ("budget", "rapprochement", "Exporter le rapprochement", "rapprochement-2025.xlsx"),
    ("budget", "atterrissage", "Exporter l'atterrissage", "atterrissage-theme-2025.xlsx"),
    ("budget", "echeancier", "Exporter l'échéancier", "echeancier-destination-2025.xlsx"),
    ("budget", "exercices", "Exporter la comparaison", "comparaison-theme-2024-2025.xlsx"),
]


def ask(page: QWidget) -> Callable[[], None]:
    """What its button or its menu calls."""
    if isinstance(page, Allocations):
        return page.actions_on_lines.export
    if isinstance(page, PageAVolets):
        return ask(page.volet)
    if isinstance(page, ExercicesVolet):
        page.go("comparaison")
        return page.comparaison._ask_export
    assert isinstance(page, Operateurs | Dispositifs | Conventions | Syntheses | Volet)
    found: Callable[[], None] = page._ask_export  # type: ignore[union-attr]
    return found


@pytest.mark.parametrize(("key", "argument", "title", "name"), EXPORTS)
def test_what_is_shown_is_written_where_the_user_says(
    key: str,
    argument: str | None,
    title: str,
    name: str,
    workspace: Workspace,
    worker: ManualExecutor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, Path, str]] = []

    def choose(_parent: QWidget, title: str, proposed: str, kinds: str) -> tuple[str, str]:
        asked.append((title, Path(proposed), kinds))
        return str(tmp_path / "ici"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    workspace.go(key, argument)
    worker.run()
    ask(workspace.page(key))()
    worker.run()
    ((shown, proposed, kinds),) = asked
    assert (shown, proposed) == (title, workspace.bridge.session.path.with_name(name))
    assert kinds in (CLASSEUR, CLASSEUR_OU_CSV)
    assert (tmp_path / "ici.xlsx").read_bytes().startswith(b"PK")
    assert workspace.messages.text() == "Exporté : ici.xlsx"


def test_a_name_keeps_its_suffix_and_no_name_is_no_file(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    said = {"a.csv": "a.csv", "rapport": "rapport.pdf"}
    for typed, wanted in said.items():
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, typed=typed: (str(tmp_path / typed), ""))
        found = ask_path(parent, "Enregistrer", tmp_path / "proposé.pdf", "PDF (*.pdf)", ".pdf")
        assert found == tmp_path / wanted
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert ask_path(parent, "Enregistrer", tmp_path / "proposé.xlsx") is None
