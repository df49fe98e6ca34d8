"""By keyboard: money committed, taken back, paid and given back on allocations, each undone by Ctrl+Z."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.synthese import Axe
from firdesk.services import session as sessions
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from tests.journeys.clavier import focused, here, keys, open_sheet, press, regain, tab_to, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as, workspace


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Four allocations of 2025, three with an EJ; one of 2024, committed for 500 € then, of which 100 € are paid."""
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2024, 2025))
    with sessions.Session.open(path) as session, session.operation("Importer", nature="import"):
        gem = session.operateurs.add(Operateur("GEM Le Fil", departement="02"))
        for objet, cents, ej in (
            ("Laon", 1_000_00, "E2025000477"),
            ("Guise", 600_00, "E2025000478"),
            ("Hirson", 400_00, ""),
            ("Vervins", 200_00, "E2025000479"),
        ):
            moves = (Mouvement(Nature.NOTIFICATION, 2025, cents),)
            session.allocations.add(Allocation(2025, gem, "MI2-4-6", theme="PH", objet=objet, ej=ej, mouvements=moves))
        before = (Mouvement(Nature.ENGAGEMENT, 2024, 500_00), Mouvement(Nature.PAIEMENT, 2024, 100_00))
        session.allocations.add(
            Allocation(2024, gem, "MI2-4-6", theme="PH", objet="Laon", ej="E2024000100", mouvements=before)
        )
    return path


def allocations(window: MainWindow) -> Allocations:
    return shown_as(window, Allocations)


def told(window: MainWindow) -> str:
    """What the form says of the money of its line."""
    return allocations(window).form.fields.engagements.resume.text().replace("\u00a0", " ").replace("\u202f", " ")


def listed(window: MainWindow) -> list[tuple[str, ...]]:
    model = allocations(window).form.fields.engagements.model
    return [tuple(c.text for c in model.cells(i)) for i in range(model.rowCount())]


def add(window: MainWindow, *texts: str) -> None:
    """Inser, then nature, amount, date, exercice, EJ, document number and reference; Enter writes."""
    open_sheet("Ins")
    write(*texts)
    press(Qt.Key.Key_Return)
    regain(window)


def test_a_commitment_its_payment_and_what_comes_back_are_typed_then_undone(window: MainWindow, finish: Finish) -> None:
    """The arrêté is signed, an advance is paid, 100 € are given up, the operator returns 50 € paid in excess."""
    regain(window)
    keys("Ctrl+2")
    add(window, "Engagement", "1000", "15/03/2025", "", "E2025000477_01", "", "ARR 12")
    assert told(window) == "AE 1 000 € · CP 0 € · reste à payer 1 000 €, sans échéancier"
    add(window, "Paiement", "400", "30/06/2025", "", "E2025000477_01", "DP 12", "Acompte")
    assert told(window) == "AE 1 000 € · CP 400 € · reste à payer 600 €, sans échéancier"
    add(window, "Retrait", "100", "10/09/2025", "", "E2025000477_01", "", "Poste vacant")
    assert told(window) == "AE 900 € · CP 400 € · reste à payer 500 €, sans échéancier"
    add(window, "Reprise", "50", "12/11/2025", "", "E2025000477_01", "OR 3", "Remboursement")
    assert told(window) == "AE 900 € · CP 350 € · reste à payer 550 €, sans échéancier"
    assert listed(window) == [
        ("Engagement", "15/03/2025", "1\u202f000,00\u00a0€", "2025", "E2025000477_01", "ARR 12", ""),
        ("Paiement", "30/06/2025", "400,00\u00a0€", "2025", "E2025000477_01", "Acompte", "DP 12"),
        ("Retrait", "10/09/2025", "−100,00\u00a0€", "2025", "E2025000477_01", "Poste vacant", ""),
        ("Reprise", "12/11/2025", "−50,00\u00a0€", "2025", "E2025000477_01", "Remboursement", "OR 3"),
    ]
    assert "Allocations" in here()
    for before in ("AE 900 € · CP 400 €", "AE 1 000 € · CP 400 €", "AE 1 000 € · CP 0 €", "Aucun engagement"):
        keys("Ctrl+Z")
        finish()
        assert told(window).startswith(before)


def test_a_mouvement_is_corrected_and_deleted_where_it_is_listed(window: MainWindow, finish: Finish) -> None:
    """The last one gone, the focus is on what adds another; Ctrl+Z gives it back."""
    regain(window)
    keys("Ctrl+2")
    add(window, "Engagement", "1000", "15/03/2025")
    keys("Return")
    tab_to("Engagements et paiements")
    open_sheet("Down", "F2")
    write("950")
    press(Qt.Key.Key_Return)
    regain(window)
    assert told(window).startswith("AE 950 €")
    assert "Engagements et paiements" in here()
    keys("Del")
    assert told(window) == "Aucun engagement ni paiement."
    assert "Ajouter…" in here()
    keys("Ctrl+Z")
    finish()
    assert told(window).startswith("AE 950 €")


def test_a_withdrawal_on_an_earlier_exercice_lowers_what_is_left_of_that_commitment_and_nothing_else(
    window: MainWindow, finish: Finish
) -> None:
    """In 2025, 120 € of the commitment of 2024 will not be paid; the credits of 2025 do not come back for that."""

    def of_2025() -> list[tuple[object, ...]]:
        found = session(window).syntheses.par((Axe.DESTINATION,), 2025).lignes
        return [(x.cle, x.nombre, x.ae_engagee, x.cp_paye) for x in found]

    regain(window)
    before = of_2025()
    keys("Ctrl+K")
    QTest.keyClicks(focused(), "GEM Le Fil")
    keys("Down", "Return")
    assert allocations(window).form.fields.textes["ej"].text() == "E2024000100"
    assert told(window) == "AE 500 € · CP 100 € · reste à payer 400 €, sans échéancier"
    add(window, "Retrait", "120", "10/02/2025", "", "", "", "Abandon")
    assert told(window) == "AE 380 € · CP 100 € · reste à payer 280 €, sans échéancier"
    assert of_2025() == before
    keys("Ctrl+Z")
    finish()
    assert told(window) == "AE 500 € · CP 100 € · reste à payer 400 €, sans échéancier"


def test_notified_lines_are_committed_in_one_gesture_and_let_go_in_another(window: MainWindow, finish: Finish) -> None:
    """Every line is chosen; the one without an EJ is left, the three others are committed for what was notified."""
    regain(window)
    keys("Ctrl+2", "Ctrl+A", "Ctrl+K")
    QTest.keyClicks(focused(), "engager les allocations")
    keys("Return")
    assert workspace(window).messages.text() == "3 allocations engagées."
    assert session(window).allocations.somme(Filtre(2025)).engage == 1_800_00
    assert "Allocations" in here()
    keys("Ctrl+Z")
    finish()
    assert session(window).allocations.somme(Filtre(2025)).engage == 0
