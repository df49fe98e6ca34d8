"""A second export of the same campagne through the real window: what changed, by keyboard, to the cent, and back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.synthese import Axe
from firdesk.services import syntheses
from firdesk.services.importing.plan import Plan
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.import_assistant import DECIDER, DIFFERENCES
from firdesk.ui.pages.imports import Imports
from tests.journeys.conftest import Finish
from tests.journeys.gestes import amount, edit_first_amount, session, shown_as
from tests.services.importing.fichiers import Line, stars, write_stars
from tests.ui.pages.imports.shown import rows

GERIATRIE = "MI2-3-8 : Equipes mobiles de gériatrie"


def twin(notifie: str, action: str) -> Line:
    return stars(2, notifie=notifie, action=action)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Nine lines, two of them twins; the first one will be corrected by hand."""
    lines = [stars(1), twin("100.00", "Aller"), twin("200.00", "Retour"), *(stars(n) for n in range(3, 7))]
    lines += [stars(7, mesure3=GERIATRIE), stars(8, mesure3=GERIATRIE)]
    return write_stars(tmp_path / "2025_engagements_exporter_20260112.csv", lines)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The twins the other way round, one of them changed; 7 and 8 gone, 9 new, 3 changed, 1 not as corrected."""
    lines = [twin("250.00", "Retour"), twin("100.00", "Aller"), stars(1, notifie="1100.00")]
    lines += [stars(3, notifie="1500.00", action="Autre"), *(stars(n) for n in range(4, 7)), stars(9)]
    return write_stars(tmp_path / "2025_engagements_exporter_20260318.csv", lines)


def imports(window: MainWindow) -> Imports:
    return shown_as(window, Imports)


def planned(window: MainWindow) -> Plan:
    plan = imports(window).encours.plan
    assert plan is not None
    return plan


def totals(window: MainWindow, axe: Axe) -> dict[str, int]:
    return {x.cle[0]: x.notifie for x in syntheses.table(session(window), (axe,), 2025).lignes if x.notifie}


def write(window: MainWindow, finish: Finish, file: Path) -> None:
    window.import_files([file])
    finish()
    assert imports(window).assistant.etape == DIFFERENCES
    QTest.keyClick(imports(window).assistant.suite, Qt.Key.Key_Return)
    finish()


def decide(window: MainWindow, finish: Finish, tab: str, row: int, letter: str) -> None:
    """Choose for one line of a tab by its letter."""
    differences = imports(window).assistant.differences
    differences.go(tab)
    differences.table.setFocus()
    differences.table.select([row])
    QTest.keyClicks(differences.table.view, letter)
    finish()


def test_a_second_vintage_is_compared_decided_imported_and_taken_back(
    window: MainWindow, finish: Finish, first: Path, second: Path
) -> None:
    write(window, finish, first)
    edit_first_amount(window, "777,00")
    before = {axe: totals(window, axe) for axe in (Axe.MISSION, Axe.THEME, Axe.OPERATEUR)}

    window.import_files([second])
    finish()
    assistant = imports(window).assistant
    assert assistant.etape == DECIDER
    assert {q.id for q in planned(window).questions} == {"conflits", "disparues"}
    assistant.go(DIFFERENCES)
    assert assistant.differences.texts()[3:7] == ["Nouvelles 1", "Modifiées 2", "Disparues 2", "Conflits 1"]
    changes(window)
    decide(window, finish, "disparues", 0, "r")
    decide(window, finish, "disparues", 1, "g")
    decide(window, finish, "conflits", 0, "f")
    assert planned(window).total_importe == planned(window).total_fichier
    assert planned(window).notifie_apres - planned(window).notifie_avant == 32300 + 5000 + 49950 + 100050 - 100050
    expected = {axe: {x.cle: x.apres for x in t.lignes if x.apres} for axe, t in imports(window).encours.ecarts.items()}
    phrase = assistant.differences.resume.text()
    assert "1 nouvelle, 3 modifiées, 4 inchangées, 2 disparues, 0 rejetée" in phrase

    assistant.suite.setFocus()
    QTest.keyClick(assistant.suite, Qt.Key.Key_Return)
    finish()
    assert amount(window) == 110000
    for axe in (Axe.MISSION, Axe.THEME):
        assert totals(window, axe) == expected[axe]
    bilan = imports(window).page_lot.bilan
    assert bilan.figure("Notifié après") == money.euros(sum(totals(window, Axe.MISSION).values()), decimals=True)
    assert bilan.controle.sound
    found = [session(window).allocations.get(n) for n in session(window).allocations.ids(Filtre(2025))]
    assert sorted(a.statut for a in found if a is not None) == ["active"] * 9 + ["disparue"]

    window.menus.undo.trigger()
    finish()
    assert {axe: totals(window, axe) for axe in before} == before
    assert amount(window) == 77700


def changes(window: MainWindow) -> None:
    """Field by field; the twin that changed is the one that was changed, though their order is another."""
    differences = imports(window).assistant.differences
    differences.go("modifiees")
    found = {(r[0], r[2]): r[3:5] for r in rows(differences.table)}
    assert found == {
        ("2", "Notifié"): (euros(20000), euros(25000)),
        ("5", "Objet"): ("Action 3", "Autre"),
        ("5", "Notifié"): (euros(100050), euros(150000)),
    }
    differences.go("conflits")
    ((*_, imported, corrected, file, choice),) = rows(differences.table)
    assert (imported, corrected, file, choice) == (euros(100050), euros(77700), euros(110000), "correction")


def euros(cents: int) -> str:
    return money.euros(cents, decimals=True)
