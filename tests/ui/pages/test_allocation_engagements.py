"""Engagements and payments on the form: listed, added, changed and deleted by keyboard, planned, undone."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.services import engagements as service
from firdesk.ui.dialogs.echeancier import EcheancierSheet
from firdesk.ui.dialogs.ej import EJ
from firdesk.ui.dialogs.mouvement import MouvementSheet
from firdesk.ui.pages.allocation_engagements import Engagements
from firdesk.ui.pages.allocation_form import AllocationForm
from firdesk.ui.pages.allocations import Allocations
from tests.ui.pages.conftest import Said, type_in

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def page(allocations: Allocations) -> Allocations:
    """The first line of 2025: 900 € committed, 300 € paid."""
    session = allocations.session
    service.ajouter(session, 1, Mouvement(Nature.ENGAGEMENT, 2025, 900_00, "2025-03-15", ej="E2025000477_01"))
    service.ajouter(session, 1, Mouvement(Nature.PAIEMENT, 2025, 300_00, "2025-06-30", "Acompte", piece="DP 12"))
    allocations.refresh()
    allocations.form.load(1)
    return allocations


@pytest.fixture
def form(page: Allocations) -> AllocationForm:
    return page.form


@pytest.fixture
def moves(form: AllocationForm) -> Engagements:
    return form.fields.engagements


def opened(kind: type[D]) -> D:
    """The sheet that has just been opened."""
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible())


def listed(moves: Engagements) -> list[tuple[str, ...]]:
    return [tuple(c.text for c in moves.model.cells(i)) for i in range(moves.model.rowCount())]


def stored(page: Allocations, number: int = 1) -> list[tuple[str, int, int]]:
    found = page.session.allocations.get(number)
    assert found is not None
    return [(str(m.nature), m.exercice, m.montant) for m in found.mouvements]


def test_mouvements_are_listed_by_date_with_all_that_is_known(moves: Engagements) -> None:
    assert listed(moves) == [
        ("Engagement", "15/03/2025", "900,00\u00a0€", "2025", "E2025000477_01", "", ""),
        ("Paiement", "30/06/2025", "300,00\u00a0€", "2025", "", "Acompte", "DP 12"),
    ]
    assert moves.resume.text() == "AE 900\u00a0€ · CP 300\u00a0€ · reste à payer 600\u00a0€, sans échéancier"


def test_the_four_totals_stay_for_quick_entry(form: AllocationForm) -> None:
    assert form.fields.montants[Nature.ENGAGEMENT].cents() == 900_00
    assert form.fields.montants[Nature.PAIEMENT].cents() == 300_00


def test_insert_opens_the_sheet_and_enter_writes_it_in_one_operation(page: Allocations, moves: Engagements) -> None:
    before = len(page.session.operations.recent())
    moves.table.view.setFocus()
    QTest.keyClick(moves.table.view, Qt.Key.Key_Insert)
    sheet = opened(MouvementSheet)
    assert sheet.nature.code() == "paiement"
    type_in(sheet.montant, "250")
    type_in(sheet.date, "12/10/2025")
    type_in(sheet.piece, "DP 13")
    QTest.keyClick(sheet.piece, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    assert ("paiement", 2025, 250_00) in stored(page)
    assert len(page.session.operations.recent()) == before + 1
    assert "reste à payer 350" in moves.resume.text()
    assert page.form.fields.montants[Nature.PAIEMENT].cents() == 550_00


def test_enter_changes_the_mouvement_under_the_cursor(page: Allocations, moves: Engagements) -> None:
    moves.table.select([1], current=1)
    QTest.keyClick(moves.table.view, Qt.Key.Key_Return)
    sheet = opened(MouvementSheet)
    assert (sheet.montant.cents(), sheet.reference.value(), sheet.piece.value()) == (300_00, "Acompte", "DP 12")
    type_in(sheet.montant, "310")
    sheet.save()
    assert ("paiement", 2025, 310_00) in stored(page)


def test_delete_takes_the_mouvement_away_and_the_message_gives_it_back(
    page: Allocations, moves: Engagements, said: Said
) -> None:
    moves.table.view.setFocus()
    moves.table.select([1], current=1)
    QTest.keyClick(moves.table.view, Qt.Key.Key_Delete)
    assert said.last == "Supprimé : paiement du 30/06/2025, 300,00\u00a0€"
    assert all(nature != "paiement" for nature, _, _ in stored(page))
    page.session.undo()
    assert ("paiement", 2025, 300_00) in stored(page)


def test_escape_closes_the_sheet_and_writes_nothing(page: Allocations, moves: Engagements) -> None:
    before = stored(page)
    moves.add()
    sheet = opened(MouvementSheet)
    type_in(sheet.montant, "5")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert (sheet.isVisible(), stored(page)) == (False, before)


def test_a_withdrawal_says_which_one_it_is_as_its_year_is_typed(page: Allocations, moves: Engagements) -> None:
    moves.add()
    sheet = opened(MouvementSheet)
    sheet.nature.set_code("retrait")
    type_in(sheet.montant, "100")
    assert sheet.form.field("nature").help.text() == "rend les crédits à l'exercice 2025"
    type_in(sheet.ej, "E2025000477_01")
    type_in(sheet.date, "10/02/2026")
    assert sheet.exercice.code() == "2026"
    assert "ne rend pas de crédits" in sheet.form.field("nature").help.text()
    sheet.save()
    assert ("retrait_anterieur", 2026, 100_00) in stored(page)


def test_what_is_wrong_is_said_under_its_field_and_a_warning_never_refuses(
    page: Allocations, moves: Engagements
) -> None:
    moves.add()
    sheet = opened(MouvementSheet)
    sheet.save()
    assert "supérieur à zéro" in sheet.form.field("montant").problems()[0].message
    type_in(sheet.ej, "E2025000477_01")
    type_in(sheet.montant, "5000")
    assert "Payé au-dessus de l'engagé" in sheet.form.field("montant").problems()[0].message
    sheet.save()
    assert ("paiement", 2025, 5_000_00) in stored(page)


def test_an_unreadable_amount_keeps_the_sheet_open(page: Allocations, moves: Engagements) -> None:
    moves.add()
    sheet = opened(MouvementSheet)
    type_in(sheet.montant, "1.234")
    sheet.save()
    assert sheet.isVisible()
    assert "peut se lire" in sheet.form.field("montant").problems()[0].message
    sheet.reject()


def test_an_imported_amount_says_where_it_comes_from_before_it_is_changed(
    page: Allocations, moves: Engagements, said: Said
) -> None:
    session = page.session
    with session.operation("Importer", nature="import"):
        session.allocations.add_mouvement(1, Mouvement(Nature.PAIEMENT, 2025, 7_00, "2025-09-01", origine="import"))
    page.refresh()
    moves.table.select([2], current=2)
    moves.edit()
    sheet = opened(MouvementSheet)
    assert "importé" in sheet.imported.accessibleName()
    sheet.reject()
    moves.delete()
    assert "le prochain import le proposera de nouveau" in said.last


def test_payments_are_planned_by_a_proposal_that_adds_up(page: Allocations, moves: Engagements) -> None:
    moves.plan()
    sheet = opened(EcheancierSheet)
    sheet.proposition.set_code("acompte")
    sheet.a.set_code("2027")
    sheet.repartir()
    assert sheet.montants.values() == {2025: 630_00, 2027: 270_00}
    assert sheet.montants.told.text() == "La somme est égale à l'AE."
    sheet.save()
    assert moves.somme.text() == "somme = AE"
    assert ("echeance", 2027, 270_00) in stored(page)


def test_enter_on_a_button_presses_it_and_does_not_save(page: Allocations, moves: Engagements) -> None:
    before = stored(page)
    moves.plan()
    sheet = opened(EcheancierSheet)
    sheet.repartir_button.setFocus()
    QTest.keyClick(sheet.repartir_button, Qt.Key.Key_Return)
    assert sheet.montants.values() == {2025: 450_00, 2026: 450_00}
    assert (sheet.isVisible(), stored(page)) == (True, before)
    sheet.reject()


def test_a_prorata_without_its_days_says_what_to_give(page: Allocations, moves: Engagements) -> None:
    moves.plan()
    sheet = opened(EcheancierSheet)
    sheet.proposition.set_code("prorata")
    sheet.repartir()
    assert "Donner le premier et le dernier jour" in sheet.refus.text()
    type_in(sheet.debut, "01/07/2025")
    type_in(sheet.fin, "31/12/2026")
    sheet.repartir()
    assert sheet.montants.values() == {2025: 300_00, 2026: 600_00}
    sheet.reject()


def test_a_plan_that_does_not_add_up_is_written_and_its_balance_is_said(page: Allocations, moves: Engagements) -> None:
    moves.plan()
    sheet = opened(EcheancierSheet)
    type_in(sheet.montants.field(2026), "500")
    assert "restent à planifier" in sheet.montants.told.text()
    sheet.save()
    assert moves.somme.text() == "400\u00a0€ à planifier"


def test_the_items_of_an_ej_are_shown_with_what_is_left(page: Allocations, moves: Engagements) -> None:
    from firdesk.ui.dialogs import ej

    service.ajouter(page.session, 2, Mouvement(Nature.ENGAGEMENT, 2025, 40_00, ej="E2025000477_02"))
    sheet = ej.show(page.bridge, page, "E2025000477")
    assert isinstance(sheet, EJ)
    assert [sheet.model.row(i)[:2] for i in range(2)] == [
        ("E2025000477_01", "2025-0001"),
        ("E2025000477_02", "2025-0002"),
    ]
    assert sheet.table.totals.texts() == {"ae": "940\u00a0€", "cp": "0\u00a0€", "reste": "940\u00a0€"}
    sheet.reject()


def test_a_new_line_has_no_mouvements_before_it_is_saved(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    assert not form.fields.engagements.isVisible()


def test_what_is_typed_in_the_form_survives_a_mouvement_added_beside_it(
    page: Allocations, form: AllocationForm, moves: Engagements
) -> None:
    type_in(form.fields.textes["objet"], "Astreintes")
    service.ajouter(page.session, 1, Mouvement(Nature.PAIEMENT, 2025, 1_00))
    page.refresh()
    assert form.fields.textes["objet"].value() == "Astreintes"
    assert len(listed(moves)) == 3


# The act of the line


def line(page: Allocations, number: int = 1) -> Allocation:
    found = page.session.allocations.get(number)
    assert found is not None
    return found


def test_an_act_is_created_on_the_fly_and_bound_by_saving(page: Allocations, form: AllocationForm, said: Said) -> None:
    form.fields.convention.create_requested.emit("2025-C-9")
    assert "Créé : Convention 2025-C-9" in said.last
    assert form.save()
    act = page.session.conventions.get(line(page).convention_id or 0)
    assert act is not None
    assert (act.numero, act.operateur_id) == ("2025-C-9", line(page).operateur_id)


def test_the_act_of_another_operator_warns(page: Allocations, form: AllocationForm) -> None:
    form.fields.convention.create_requested.emit("2025-C-9")
    form.save()
    form.load(2)
    type_in(form.fields.convention, "2025-C-9")
    form.fields.set_values({"convention": 1})
    form.fields.edited.emit("convention")
    assert "autre opérateur" in form.fields.field("convention").problems()[0].message


def test_the_channel_is_on_the_form(page: Allocations, form: AllocationForm) -> None:
    form.fields.choix["canal"].set_code("guichet")
    form.fields.edited.emit("canal")
    assert form.save()
    assert line(page).canal == "guichet"


def test_a_total_that_would_replace_an_import_is_said(page: Allocations, form: AllocationForm) -> None:
    session = page.session
    with session.operation("Importer", nature="import"):
        (move,) = [m for m in session.allocations.mouvements(1) if m.nature is Nature.NOTIFICATION]
        session.allocations.delete_mouvement(move.id or 0)
        session.allocations.add_mouvement(1, Mouvement(Nature.NOTIFICATION, 2025, 80_00, origine="import"))
    page.refresh()
    form.load(1)
    type_in(form.fields.montants[Nature.NOTIFICATION], "90")
    assert "L'enregistrer le corrige à la main" in form.fields.field("notification").problems()[0].message


@pytest.mark.parametrize(("field", "value"), [("canaux", "guichet"), ("conventions", 0), ("dispositifs", "")])
def test_lines_are_filtered_by_channel_act_and_scheme(page: Allocations, field: str, value: object) -> None:
    page.bar.set_criterion(field, (value,))
    assert page.bar.chips.keys() == [field]
    assert page.model.rowCount() == (0 if field == "canaux" else 5)
