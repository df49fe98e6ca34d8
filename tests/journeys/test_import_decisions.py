"""Deciding through the real window: six kinds of problems, half answered, the program closed, taken up, imported."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Filtre
from firdesk.services import session as sessions
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import DECIDER, DIFFERENCES
from firdesk.ui.pages.import_decider import Decider
from firdesk.ui.pages.imports import Imports
from firdesk.ui.settings import Settings
from tests.services.importing.fichiers import stars, write_stars

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Start = Callable[[], MainWindow]
Finish = Callable[[MainWindow], Imports]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2025,))
    return path


@pytest.fixture
def start(qtbot: QtBot, base: Path, tmp_path: Path) -> Iterator[Start]:
    """Start the program on the base, with the settings that the last run left."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    style.install(app, "clair")
    started: list[MainWindow] = []

    def program() -> MainWindow:
        window = MainWindow(Settings.load(tmp_path / "reglages.json"))
        qtbot.addWidget(window)
        window.show()
        assert window.open_base(base)
        started.append(window)
        return window

    yield program
    for window in started:
        window.jobs.cancel()
        qtbot.waitUntil(lambda w=window: not w.jobs.running)  # type: ignore[misc]
        window.close_base()
        window.close()


@pytest.fixture
def finish(qtbot: QtBot) -> Finish:
    """Let the work end and give the page of imports."""

    def finished(window: MainWindow) -> Imports:
        qtbot.waitUntil(lambda: not window.jobs.running, timeout=30_000)
        assert window.workspace is not None
        page = window.workspace.page("imports")
        assert isinstance(page, Imports)
        return page

    return finished


def problems(path: Path, *, first: int) -> Path:
    """Thirty lines, six kinds of problems."""
    lines = [stars(n) for n in range(first, first + 30)]
    for place, changes in enumerate(
        (
            {"notifie": "12.450"},
            {"notifie": "12 4S0,00"},
            {"departement": "Aine"},
            {"mesure3": "MI1-2-39 : Santé mentale des étudiants"},
            {"date_notification": "15/03/2025 et 16/04/2025"},
            {"sous_enveloppe": "Préventoin"},
        )
    ):
        lines[place] = stars(first + place, **changes)
    return write_stars(path, lines)


def choose(window: MainWindow, finish: Finish, ident: str, code: str) -> None:
    """Answer a question by the keyboard: focus on its choice, Enter."""
    decider = finish(window).assistant.decider
    card = next(c for c in decider.cards() if c.question.id == ident)
    button = card.buttons()[[c for c, _ in card.question.choix].index(code)]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    finish(window)


def waiting(decider: Decider) -> list[str]:
    return [c.question.id for c in decider.cards() if not c.done]


def test_half_answered_then_taken_up_after_closing_the_program(
    start: Start, finish: Finish, tmp_path: Path, base: Path
) -> None:
    file = problems(tmp_path / "2025_engagements_exporter_20260112.csv", first=1)
    window = start()
    window.import_files([file])
    page = finish(window)
    assert page.assistant.etape == DECIDER
    assert len(waiting(page.assistant.decider)) == 5
    choose(window, finish, "notifie:12.450", "milliers")
    choose(window, finish, "destination:MI1-2-39", "MI1-2-12")
    choose(window, finish, "sous_enveloppe:Préventoin", "PREVENTION")
    window.close()

    window = start()
    window.go("imports")
    page = finish(window)
    (left,) = page.reprise.encours
    assert "3 décisions prises" in left.texte.text()
    left.reprendre.setFocus()
    QTest.keyClick(left.reprendre, Qt.Key.Key_Space)
    decider = finish(window).assistant.decider
    assert waiting(decider) == ["departement:Aine", "date_notification:15/03/2025 et 16/04/2025"]
    _type_the_rest(window, finish)
    page = finish(window)
    assert waiting(page.assistant.decider) == []
    assert page.assistant.bilan.figure("Rejetées") == "0"
    for step in (DECIDER, DIFFERENCES):
        assert page.assistant.etape == step
        page.assistant.suite.setFocus()
        QTest.keyClick(page.assistant.suite, Qt.Key.Key_Return)
    page = finish(window)
    (lot,) = page.session.imports.lots()
    assert (lot.nouvelles, lot.rejetees, lot.total_importe) == (30, 0, 28 * 1000_50 + 2 * 12_450_00)
    assert page.encours.brouillons() == []
    window.close()
    _nothing_is_asked_again(start(), finish, tmp_path)
    with Session.open(base) as session:
        assert len(session.allocations.ids(Filtre())) == 30


def _type_the_rest(window: MainWindow, finish: Finish) -> None:
    decider = finish(window).assistant.decider
    card = next(c for c in decider.autres.cards if c.question.id == "departement:Aine")
    saisie = getattr(card, "saisie", None)
    assert saisie is not None
    QTest.keyClicks(saisie.champ, "02")
    QTest.keyClick(saisie.champ, Qt.Key.Key_Return)
    finish(window)
    choose(window, finish, "date_notification:15/03/2025 et 16/04/2025", "derniere")
    saisie = decider.rejets.saisies["notifie:12 4S0,00"]
    QTest.keyClicks(saisie.champ, "12 450,00")
    QTest.keyClick(saisie.champ, Qt.Key.Key_Return)


def _nothing_is_asked_again(window: MainWindow, finish: Finish, tmp_path: Path) -> None:
    """The second vintage brings the same six kinds on other lines: all is answered from the first."""
    window.import_files([problems(tmp_path / "2025_engagements_exporter_20260318.csv", first=101)])
    page = finish(window)
    plan = page.encours.plan
    assert plan is not None
    assert (plan.rejetees, len(plan.nouvelles)) == (0, 30)
    assert [i for i in waiting(page.assistant.decider) if not i.startswith("disparue")] == []
    page.assistant.abandonner.click()
    finish(window)
    window.close()
