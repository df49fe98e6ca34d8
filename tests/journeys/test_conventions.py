"""By keyboard: an act and its avenant written, its allocations bound, their payments planned and followed."""

from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation
from firdesk.domain.convention import AnneeConvention, Convention
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services import conventions as service
from firdesk.services import engagements
from firdesk.services import session as sessions
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.conventions import Conventions
from tests.journeys.clavier import here, keys, open_sheet, regain, tab_to, write
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session, shown_as


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Two allocations of 2025 to one operator, the first committed for 100 000 €."""
    path = tmp_path / "aisne.firdesk"
    sessions.create(path, (2025,))
    with sessions.Session.open(path) as session, session.operation("Importer", nature="import"):
        gem = session.operateurs.add(Operateur("GEM Le Fil", departement="02"))
        moves = (Mouvement(Nature.NOTIFICATION, 2025, 100_000_00), Mouvement(Nature.ENGAGEMENT, 2025, 100_000_00))
        for objet, made in (("Accueil de Laon", moves), ("Accueil de Guise", ())):
            session.allocations.add(Allocation(2025, gem, "MI2-4-6", theme="PH", objet=objet, mouvements=made))
    return path


def bound(window: MainWindow, *, foreseen: tuple[int, ...] = (90_000_00,)) -> None:
    """An act of 2025 on, to which the first allocation is bound."""
    years = tuple(AnneeConvention(2025 + i, cents) for i, cents in enumerate(foreseen))
    number = service.save(session(window), Convention("convention", "2025-014", 1, fin="2027-12-31", annees=years))
    service.rattacher(session(window), number, [1])


def conventions(window: MainWindow) -> Conventions:
    return shown_as(window, Conventions)


def allocations(window: MainWindow) -> Allocations:
    return shown_as(window, Allocations)


def planned(window: MainWindow) -> dict[int, int]:
    """The échéances of the first allocation, in euros."""
    found = session(window).allocations.mouvements(1)
    return {m.exercice: m.montant // 100 for m in found if m.nature is Nature.ECHEANCE}


def figures(page: Conventions) -> dict[str, str]:
    """What the third part of the card tells, by its names."""
    grid = page.fiche.annees.figures
    cells = [grid.itemAt(i) for i in range(grid.count())]
    texts = [w.text() for c in cells if c is not None and (w := c.widget()) is not None]  # type: ignore[attr-defined]
    return dict(zip(texts[::2], (t.replace("\u202f", " ") for t in texts[1::2]), strict=True))


def undo(finish: Finish, times: int) -> None:
    for _ in range(times):
        keys("Ctrl+Z")
        finish()


def test_an_act_is_written_with_its_amounts_by_year_and_undone(window: MainWindow, finish: Finish) -> None:
    """On an empty page; the operator is found by a word, and Ctrl+S leaves the cursor in the last year."""
    regain(window)
    keys("Ctrl+4", "Ctrl+N")
    write("2025-014", "fil", "Accueil de jour", "01/02/2025", "01/01/2025", "31/12/2027", "", "")
    keys("Tab")
    write("30 000", "30 000", "40 000,50")
    keys("Ctrl+S")
    (suivi,) = service.suivis(session(window), 2025)
    assert (suivi.convention.numero, suivi.operateur, suivi.fin) == ("2025-014", "GEM Le Fil", "2027-12-31")
    assert suivi.montants == {2025: 30_000_00, 2026: 30_000_00, 2027: 40_000_50}
    assert "Montant de 2027" in here()
    undo(finish, 1)
    assert service.suivis(session(window), 2025) == []


def test_escape_first_closes_the_propositions_and_keeps_what_is_typed(window: MainWindow) -> None:
    """The operator's list is in the way of the first; the second gives the act up, and the message gives it back."""
    regain(window)
    keys("Ctrl+4", "Ctrl+N")
    write("2025-014", "")
    keys("F", "Escape")
    fields = conventions(window).fiche.fields
    assert conventions(window).fiche.dirty
    regain(window)
    keys("Ctrl+A")
    write("fil")
    keys("Escape")
    assert not conventions(window).fiche.dirty
    tab_to("Reprendre", back=True)
    keys("Return")
    assert (fields.numero.value(), fields.operateur.id()) == ("2025-014", 1)
    assert "Numéro" in here()


def test_allocations_are_bound_to_the_act_and_let_go(window: MainWindow, finish: Finish) -> None:
    """Found by their object in the second part of the card; Suppr in the list lets one go."""
    service.save(session(window), Convention("convention", "2025-014", 1))
    regain(window)
    keys("Ctrl+4", "Return", "Ctrl+PgDown")
    assert "Rattacher une allocation" in here()
    write("Laon")
    write("Guise")
    rattachees = conventions(window).fiche.rattachees
    assert [rattachees.model.row(i)[0] for i in range(2)] == ["2025-0001", "2025-0002"]
    tab_to("Allocations de la convention")
    keys("Down", "Del")
    assert rattachees.model.rowCount() == 1
    undo(finish, 3)
    assert rattachees.model.rowCount() == 0


def test_an_avenant_adds_to_its_act_and_is_undone(window: MainWindow, finish: Finish) -> None:
    """15 000 € more in 2025, 10 000 € in a year that the act did not have."""
    bound(window)
    regain(window)
    keys("Ctrl+4", "Ctrl+D")
    tab_to("Montant de 2025")
    write("15 000", "10 000")
    keys("Ctrl+S")
    (suivi,) = service.suivis(session(window), 2025)
    assert [a.numero for a in suivi.actes] == ["2025-014", "2025-014-A1"]
    assert suivi.montants == {2025: 105_000_00, 2026: 10_000_00}
    undo(finish, 1)
    assert service.suivis(session(window), 2025)[0].montants == {2025: 90_000_00}


def test_payments_are_planned_in_equal_parts_from_the_act(window: MainWindow, finish: Finish) -> None:
    """Enter on the bound allocation opens it; its échéancier is read back in the act, due from N+1 to N+3."""
    bound(window)
    regain(window)
    keys("Ctrl+4", "Return", "Ctrl+PgDown")
    tab_to("Allocations de la convention")
    keys("Down", "Return")
    assert allocations(window).form.number == 1
    open_sheet("Ctrl+Shift+E")
    write("parts", "2025", "2028")
    keys("Return", "Return")
    regain(window)
    assert planned(window) == {2025: 25_000, 2026: 25_000, 2027: 25_000, 2028: 25_000}
    keys("Ctrl+4", "Return", "Ctrl+PgDown")
    told = figures(conventions(window))
    assert [told[f"Dû en {year}"] for year in (2026, 2027, 2028)] == ["25 000\u00a0€"] * 3
    undo(finish, 1)
    assert planned(window) == {}


def test_an_advance_and_its_balance_follow_what_is_really_paid(window: MainWindow, finish: Finish) -> None:
    """70 % in 2025, the rest in 2026; 80 000 € are paid in fact, so that 20 000 € are left for 2026."""
    bound(window)
    regain(window)
    keys("Ctrl+2")
    open_sheet("Ctrl+Shift+E")
    write("acompte", "2025", "2026", "70")
    keys("Return", "Return")
    regain(window)
    assert planned(window) == {2025: 70_000, 2026: 30_000}
    open_sheet("Ins")
    write("paiement", "80 000", "30/06/2025")
    keys("Return")
    regain(window)
    assert planned(window) == {2025: 80_000, 2026: 20_000}
    undo(finish, 2)
    assert planned(window) == {}


def test_a_plan_left_incomplete_is_made_anew_when_asked(window: MainWindow, finish: Finish) -> None:
    """Only 60 000 € were planned in 2026; what is left of the AE after a payment goes there when asked."""
    bound(window)
    engagements.planifier(session(window), 1, {2026: 60_000_00})
    engagements.ajouter(session(window), 1, Mouvement(Nature.PAIEMENT, 2025, 25_000_00))
    regain(window)
    keys("Ctrl+2")
    open_sheet("Ctrl+Shift+E")
    write("replanifier")
    keys("Return", "Return")
    regain(window)
    assert planned(window) == {2025: 25_000, 2026: 75_000}
    undo(finish, 1)
    assert planned(window) == {2026: 60_000}


def test_what_is_committed_beyond_the_act_is_to_be_withdrawn(window: MainWindow, finish: Finish) -> None:
    """The act foresaw 90 000 €, all paid; the 10 000 € committed beyond are withdrawn, and the note goes."""
    bound(window)
    engagements.ajouter(session(window), 1, Mouvement(Nature.PAIEMENT, 2025, 90_000_00))
    regain(window)
    keys("Ctrl+4", "Return", "Ctrl+PgUp")
    note = conventions(window).fiche.annees.retrait
    assert "10\u202f000,00\u00a0€ d'AE à retirer" in note.accessibleName()
    keys("Ctrl+2")
    open_sheet("Ins")
    write("retrait", "10 000", "15/12/2025")
    keys("Return")
    regain(window)
    keys("Ctrl+4")
    assert not note.isVisible()
    undo(finish, 1)
    assert note.isVisible()
