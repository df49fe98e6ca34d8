"""The years of the file by keyboard: opened, closed, reopened, compared, their codes and their scope; all undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.exercice import Evenement, Passage
from firdesk.domain.operateur import Operateur
from firdesk.services import perimetre
from firdesk.services import session as sessions
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget_exercices import ExercicesVolet
from firdesk.ui.pages.budget_versions import Versions
from tests.journeys.clavier import CTRL, focused, press, reach, tab_to, type_keys, undo, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as, told

KEY = Qt.Key


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Two years: 800 € in 2024 and 1 000 € in 2025 for the elderly, a destination and a theme each."""
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2024, 2025))
    with sessions.Session.open(path) as made, made.operation("Importer", nature="import"):
        who = made.operateurs.add(Operateur("CH de Laon", departement="02"))
        for year, cents in ((2024, 800_00), (2025, 1_000_00)):
            moves = (Mouvement(Nature.NOTIFICATION, year, cents),)
            made.allocations.add(Allocation(year, who, "MI2-3-8", theme="PA", mouvements=moves))
    return path


def years(volet: ExercicesVolet) -> dict[int, bool]:
    """Each year of the file, and whether it is closed."""
    return {e.annee: e.clos for e in volet.session.exercices.all()}


def test_the_next_year_is_opened_then_undone(window: MainWindow, finish: Finish) -> None:
    """Back from the list to the year proposed, Enter, and the new year is the line under the cursor."""
    volet = reach(window, ExercicesVolet)
    assert focused() is volet.statuts.table.view
    tab_to("Année de l'exercice à ouvrir", back=True)
    assert volet.statuts.annee.value() == "2026"
    press(KEY.Key_Return)
    assert years(volet) == {2026: False, 2025: False, 2024: False}
    assert focused() is volet.statuts.table.view
    chosen = volet.statuts.chosen
    assert chosen is not None
    assert chosen.exercice.annee == 2026
    undo(finish)
    assert years(volet) == {2025: False, 2024: False}


def test_a_closed_year_refuses_a_change_until_it_is_reopened_for_a_reason(window: MainWindow, finish: Finish) -> None:
    """2025 is closed; a version of its budget is refused and told how to be allowed; a reason given, it is created."""
    volet = reach(window, ExercicesVolet)
    tab_to("Clore l'exercice")
    press(KEY.Key_Return)
    assert years(volet)[2025]
    assert focused() is volet.statuts.table.view

    versions = reach(window, Versions)
    press(KEY.Key_N, CTRL)
    press(KEY.Key_Return)
    assert told(window).endswith("en lecture seule : le rouvrir (page Budget, Exercices).")
    assert versions.session.budgets.versions(2025) == []
    press(KEY.Key_Escape)

    reach(window, ExercicesVolet)
    tab_to("Rouvrir l'exercice")
    press(KEY.Key_Return)
    assert focused() is volet.statuts.motif, "the reason lacks"
    assert years(volet)[2025]
    type_keys("Titre de recettes")
    press(KEY.Key_Return)
    assert not years(volet)[2025]
    reach(window, Versions)
    press(KEY.Key_N, CTRL)
    press(KEY.Key_Return)
    assert [v.code for v in versions.session.budgets.versions(2025)] == ["BI"]

    undo(finish)
    undo(finish)
    assert years(volet)[2025], "reopening is undone"
    undo(finish)
    assert not years(volet)[2025], "closing is undone"


def test_two_years_are_compared_at_constant_scope(window: MainWindow) -> None:
    """What left the FIR is taken out of the earlier year; Enter on one of its amounts opens its lines."""
    perimetre.ecrire_evenement(session(window), Evenement(2025, "sortie", "Équipes mobiles", 100_00, theme="PA"))
    volet = reach(window, ExercicesVolet)
    press(KEY.Key_Tab, CTRL)
    vue = volet.comparaison
    assert focused() is vue.table.view
    assert (vue.avant.currentText(), vue.apres.currentText()) == ("2024", "2025")
    assert vue.found is not None
    assert (vue.found.tableau.total.ecart, vue.found.tableau.total.ecart_constant) == (200_00, 300_00)

    tab_to("Lignes comparées", back=True)
    press(KEY.Key_Down)
    assert vue.found.tableau.axe == "destination"
    tab_to("Comparaison de deux exercices")
    for _ in range(2):
        press(KEY.Key_Right)
    press(KEY.Key_Return)
    lines = shown_as(window, Allocations)
    assert lines.filtre == Filtre(2024, destinations=("MI2-3-8",))


def test_a_passage_is_written_corrected_and_undone(window: MainWindow, finish: Finish, qtbot: QtBot) -> None:
    """A code of 2024 that 2025 has no more: Enter keeps what is proposed, F2 corrects it, two Ctrl+Z take both back."""
    base = session(window)
    with base.operation("Importer un ancien thème"):
        number = base.allocations.ids(Filtre(2024))[0]
        gone = list(base.nomenclatures.themes())[-1]
        base.allocations.assign(number, {"theme": gone})
    volet = reach(window, ExercicesVolet)
    for _ in range(2):
        press(KEY.Key_Tab, CTRL)
    tab_to("Codes", back=True)
    press(KEY.Key_Down)
    assert [x.passage.code_avant for x in volet.passages.lignes] == [gone]
    tab_to("Passage des codes")
    press(KEY.Key_Return)
    assert volet.passages.lignes[0].ecrit

    press(KEY.Key_F2)
    type_keys("Parcours Cancer")
    press(KEY.Key_Return)
    qtbot.waitUntil(lambda: [(x.code_avant, x.code_apres) for x in passages_of(window)] == [(gone, "CANCER")])
    assert focused() is volet.passages.table.view

    undo(finish)
    undo(finish)
    assert passages_of(window) == []


def passages_of(window: MainWindow) -> list[Passage]:
    return session(window).exercices.passages("theme")


def test_a_change_of_scope_is_written_and_undone(window: MainWindow, finish: Finish) -> None:
    """Ctrl+N, the form from field to field; what lacks is told in its place; Ctrl+S saves once it is there."""
    volet = reach(window, ExercicesVolet)
    press(KEY.Key_Tab, CTRL | Qt.KeyboardModifier.ShiftModifier)
    vue = volet.perimetre
    press(KEY.Key_N, CTRL)
    write("Sort", "100", "Equipes mobiles")
    press(KEY.Key_S, CTRL)
    assert focused() is vue.destination, "where it left is not told"
    write("MI2-3-8", "", "", "ONDAM")
    press(KEY.Key_S, CTRL)
    (written,) = volet.session.exercices.evenements(2024, 2025)
    assert (written.sens, written.montant, written.destination) == ("sortie", 100_00, "MI2-3-8")
    assert written.contrepartie == "ONDAM"
    assert focused() is vue.table.view
    undo(finish)
    assert volet.session.exercices.evenements(2024, 2025) == []
    assert "ONDAM" not in vue.contrepartie.value()
