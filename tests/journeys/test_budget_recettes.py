"""What comes in, by keyboard: an arrêté and its parts, what it is reserved for, what was collected; all undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.recette import Recette
from firdesk.services import recettes
from firdesk.services import session as sessions
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.budget_recettes import Recettes
from tests.journeys.clavier import CTRL, choose_in_menu, focused, press, reach, regain, tab_to, type_keys, undo, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, told

KEY = Qt.Key


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """An operator got 1 500 € for the elderly in 2025, and gave 300 € back."""
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2025,))
    with sessions.Session.open(path) as made, made.operation("Importer", nature="import"):
        moves = (Mouvement(Nature.NOTIFICATION, 2025, 1_500_00), Mouvement(Nature.REPRISE, 2025, 300_00))
        who = made.operateurs.add(Operateur("CH de Laon", departement="02"))
        made.allocations.add(Allocation(2025, who, "MI2-3-8", theme="PA", mouvements=moves))
    return path


def arrete(window: MainWindow) -> None:
    """An arrêté of 5 000 € in March."""
    made = Recette(2025, "arrete_initial", "assurance_maladie", 5_000_00, "2025-1", "2025-03-12")
    recettes.enregistrer(session(window), recettes.remettre_parts(made))


def test_an_arrete_is_saved_once_its_parts_add_up_then_undone(window: MainWindow, finish: Finish) -> None:
    """Parts that leave 1 000 € are refused in French, the cursor where to mend; mended, the arrêté is saved."""
    volet = reach(window, Recettes)
    press(KEY.Key_N, CTRL)
    form = volet.form
    assert focused() is form.nature
    write("", "", "2025-1", "12/03/2025", "Circulaire", "5 000", "3 000", "1 000")
    press(KEY.Key_S, CTRL)
    assert form.ecart.text() == f"Écart {money.euros(1_000_00)} : reste à répartir."
    assert not any(volet.connues)
    assert focused() is form.montants["fongible"]
    (problem,) = form.form.field("fongible").problems()
    assert problem.message.startswith("Les quatre parts n'égalent pas le montant")
    type_keys("4 000")
    press(KEY.Key_S, CTRL)
    saved = next(iter(volet.connues))
    assert (saved.numero, saved.date, saved.montant, saved.fongible) == ("2025-1", "2025-03-12", 5_000_00, 4_000_00)
    assert focused() is volet.table.view
    undo(finish)
    assert not any(volet.connues)


def test_a_part_is_reserved_and_what_is_consumed_of_it_is_read(window: MainWindow, finish: Finish) -> None:
    """Enter takes the arrêté up, a fléchage is added after its parts, and the list says what is consumed and left."""
    arrete(window)
    volet = reach(window, Recettes)
    press(KEY.Key_Return)
    assert focused() is volet.form.nature
    tab_to("Ajouter un fléchage")
    press(KEY.Key_Return)
    write("personnes agees", "2 000")
    regain(window)
    press(KEY.Key_Return, CTRL)
    (followed,) = volet.suivis
    assert (followed.theme, followed.fleche, followed.consomme, followed.reste) == ("PA", 2_000_00, 1_500_00, 500_00)
    undo(finish)
    assert len(volet.suivis) == 0


def test_a_recette_is_marked_collected_from_its_menu(window: MainWindow, finish: Finish) -> None:
    arrete(window)
    volet = reach(window, Recettes)
    press(KEY.Key_Down)
    choose_in_menu("Marquer encaissée ce jour")
    regain(window)
    assert volet.connues[0].encaisse == 5_000_00
    assert focused() is volet.table.view
    undo(finish)
    assert volet.connues[0].encaisse == 0


def test_the_balance_is_read_at_a_day(window: MainWindow) -> None:
    """A day before the arrêté counts nothing; a text that is no day is told; an empty field counts the whole year."""
    arrete(window)
    volet = reach(window, Recettes)
    tab_to("Cumul au", back=True)
    type_keys("01/03/2025")
    press(KEY.Key_Return)
    assert volet.table.empty.message() == "Aucune recette au 01/03/2025."
    press(KEY.Key_A, CTRL)
    type_keys("31/02/2025")
    press(KEY.Key_Return)
    assert "« 31/02/2025 » n'est pas une date" in told(window)
    press(KEY.Key_A, CTRL)
    press(KEY.Key_Delete)
    press(KEY.Key_Return)
    assert volet.total.figure() == money.euros(5_000_00)


def test_a_titre_recovers_a_reprise_then_no_more(window: MainWindow, finish: Finish) -> None:
    """The kind « titre » proposes what operators gave back."""
    volet = reach(window, Recettes)
    press(KEY.Key_N, CTRL)
    write("Titre", "", "T-1", "20/04/2025", "", "CH de Laon", "300")
    regain(window)
    press(KEY.Key_S, CTRL)
    saved = next(iter(volet.connues))
    (given_back,) = volet.session.recettes.reprises(2025)
    assert (saved.nature, saved.source, saved.mouvement_id) == ("titre", "ressources_propres", given_back.id)
    undo(finish)
    assert not any(volet.connues)
