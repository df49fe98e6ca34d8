"""The page of acts: list, filters, the act typed beside it, its allocations, its years, nothing typed lost."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.convention import AnneeConvention, Convention
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.synthese import Axe
from firdesk.services import conventions as service
from firdesk.services import engagements
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.kit.text import text_width
from firdesk.ui.pages.convention_fiche import Fiche
from firdesk.ui.pages.conventions import Conventions
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked, kept
from tests.ui.pages.conftest import type_in


@pytest.fixture
def page(workspace: Workspace) -> Conventions:
    """Two acts: one of 2025 bound to the first allocation (900 € committed, 300 paid), one that has ended."""
    session = workspace.bridge.session
    first = service.save(
        session,
        Convention(
            "convention", "2025-014", 1, objet="Astreintes", fin="2999-12-31", annees=(AnneeConvention(2025, 900_00),)
        ),
    )
    service.save(session, Convention("decision", "2020-7", 2, fin="2020-12-31"))
    service.rattacher(session, first, [1])
    engagements.ajouter(session, 1, Mouvement(Nature.ENGAGEMENT, 2025, 900_00))
    engagements.ajouter(session, 1, Mouvement(Nature.PAIEMENT, 2025, 300_00))
    engagements.planifier(session, 1, {2025: 300_00, 2026: 600_00})
    workspace.go("conventions")
    found = workspace.page("conventions")
    assert isinstance(found, Conventions)
    return found


@pytest.fixture
def fiche(page: Conventions) -> Fiche:
    return page.fiche


def column(page: Conventions, key: str) -> list[object]:
    place = page.model.column_of(key)
    return [page.model.row(i)[place] for i in range(page.model.rowCount())]


def test_an_empty_base_offers_the_first_act(workspace: Workspace) -> None:
    workspace.go("conventions")
    page = workspace.current
    assert isinstance(page, Conventions)
    assert "Aucune convention" in page.table.empty.message()
    page.table.empty.buttons()[0].click()
    assert page.fiche.accessibleName() == "Nouvelle convention"


def test_acts_are_listed_with_their_state_and_what_is_left(page: Conventions) -> None:
    assert column(page, "numero") == ["2020-7", "2025-014"]
    assert column(page, "etat") == [("faible", "Échue"), ("succes", "En cours")]
    assert column(page, "reste") == [0, 600_00]
    assert column(page, "du") == [0, 600_00]
    assert page.table.totals.texts()["ae"] == money.euros(900_00)


def test_a_word_or_a_state_narrows_the_list_and_its_total(page: Conventions) -> None:
    page.search.setText("astreintes laon")
    page._show()
    assert column(page, "numero") == ["2025-014"]
    page.etat.setCurrentIndex(page.etat.findData("echue"))
    page._show()
    assert "Aucune convention ne répond" in page.table.empty.message()
    page.table.empty.buttons()[0].click()
    assert len(column(page, "numero")) == 2


def test_columns_hidden_for_want_of_room_can_be_shown(page: Conventions) -> None:
    place = page.model.column_of("du")
    assert page.table.view.isColumnHidden(place)
    next(a for a in page.shown_columns.menu().actions() if a.text() == "Dû en 2026").toggle()
    page.refresh()
    assert not page.table.view.isColumnHidden(place)


def test_the_nature_of_an_avenant_finds_its_act(page: Conventions) -> None:
    act = page.session.conventions.search("2025-014")[0]
    service.save(page.session, Convention("avenant", "2025-014-A1", 1, parent_id=act.id))
    page.refresh()
    page.nature.setCurrentIndex(page.nature.findData("avenant"))
    page._show()
    assert column(page, "numero") == ["2025-014"]


def test_an_act_is_typed_and_saved_by_keyboard(page: Conventions, fiche: Fiche) -> None:
    page.start()
    fields = fiche.fields
    type_in(fields.numero, "2026-001")
    fields.operateur.set_value(2, "CHU de Lille")
    fields.edited.emit("operateur")
    type_in(fields.jours["debut"], "01/01/2026")
    type_in(fields.montants.field(2026), "240 000")
    QTest.keyClick(fields.numero, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    (act,) = page.session.conventions.search("2026-001")
    assert (act.operateur_id, act.debut, act.montant) == (2, "2026-01-01", 240_000_00)
    chosen = page.chosen
    assert chosen is not None
    assert chosen.convention.numero == "2026-001"
    assert not fiche.dirty


def test_what_prevents_saving_is_said_beside_its_field(page: Conventions, fiche: Fiche) -> None:
    page.start()
    assert not fiche.save()
    assert "Donner le numéro" in fiche.fields.field("numero").problems()[0].message
    assert "Choisir l'opérateur" in fiche.fields.field("operateur").problems()[0].message


def test_a_duty_that_is_no_number_of_years_is_told(page: Conventions, fiche: Fiche) -> None:
    page.table.select([1], current=1)
    type_in(fiche.fields.duree, "cinq")
    fiche.fields.edited.emit("duree_engagement")
    assert not fiche.save()
    assert "n'est pas une durée" in fiche.fields.field("duree_engagement").problems()[0].message


def test_something_typed_keeps_its_act_until_saved_or_abandoned(page: Conventions, fiche: Fiche) -> None:
    page.table.select([1], current=1)
    type_in(fiche.fields.objet, "Autre objet")
    page.table.select([0], current=0)
    assert fiche.warning.isVisible()
    assert fiche.fields.objet.value() == "Autre objet"
    assert not page.leave()
    fiche.warning.abandon.click()
    assert page.leave()
    assert fiche.fields.objet.value() == "Astreintes"


def test_the_years_of_the_act_say_what_is_foreseen_committed_and_due(page: Conventions, fiche: Fiche) -> None:
    page.table.select([1], current=1)
    fiche.bar.setCurrentIndex(2)
    rows = [fiche.annees.model.row(i) for i in range(fiche.annees.model.rowCount())]
    assert rows == [("2025", 900_00, 900_00, 300_00), ("2026", None, None, 600_00)]
    assert fiche.annees.table.totals.texts()["cp"] == money.euros(900_00)


def test_what_is_left_of_an_act_that_has_ended_is_to_be_withdrawn(page: Conventions, fiche: Fiche) -> None:
    ended = page.session.conventions.search("2020-7")[0]
    service.rattacher(page.session, ended.id or 0, [2])
    engagements.ajouter(page.session, 2, Mouvement(Nature.ENGAGEMENT, 2025, 50_00))
    page.refresh()
    page.table.select([0], current=0)
    assert "50,00\u00a0€ d'AE à retirer : l'acte est échu" in fiche.annees.retrait.accessibleName()


def test_allocations_are_bound_by_search_and_let_go_with_the_delete_key(page: Conventions, fiche: Fiche) -> None:
    page.table.select([1], current=1)
    fiche.bar.setCurrentIndex(1)
    bound = fiche.rattachees
    type_in(bound.search, "2024-0001")
    bound.search.chosen.emit(6)
    assert [bound.model.row(i)[0] for i in range(bound.model.rowCount())] == ["2024-0001", "2025-0001"]
    bound.table.view.setFocus()
    bound.table.select([0], current=0)
    QTest.keyClick(bound.table.view, Qt.Key.Key_Delete)
    assert [bound.model.row(i)[0] for i in range(bound.model.rowCount())] == ["2025-0001"]


def test_those_that_bear_the_number_are_bound_at_once(page: Conventions, fiche: Fiche) -> None:
    with page.session.operation("Saisir la décision"):
        page.session.allocations.assign(6, {"decision": "2025-014"})
    page.refresh()
    page.table.select([1], current=1)
    fiche.rattachees.bind_by_number()
    assert fiche.rattachees.model.rowCount() == 2


def test_enter_on_a_bound_allocation_opens_those_of_the_act(page: Conventions, fiche: Fiche, asked: Asked) -> None:
    page.table.select([1], current=1)
    fiche.rattachees.table.activated.emit(0)
    act = page.session.conventions.search("2025-014")[0]
    assert asked == [("allocations", (Filtre(conventions=(act.id or 0,)), 1))]


def test_an_avenant_is_typed_from_its_act_and_shown_with_it(page: Conventions, fiche: Fiche) -> None:
    page.table.select([1], current=1)
    fiche.avenant_button.click()
    assert fiche.fields.numero.value() == "2025-014-A1"
    type_in(fiche.fields.montants.field(2026), "100")
    assert fiche.save()
    assert column(page, "numero") == ["2020-7", "2025-014"]
    assert column(page, "prevue") == [0, 1_000_00]
    assert fiche.actes.isVisible()


def test_a_deleted_act_comes_back_with_undo(page: Conventions) -> None:
    page.table.view.setFocus()
    page.table.select([1], current=1)
    QTest.keyClick(page.table.view, Qt.Key.Key_Delete)
    assert column(page, "numero") == ["2020-7"]
    page.session.undo()
    page.refresh()
    assert column(page, "reste") == [0, 600_00]


def test_the_list_is_written_to_a_workbook_with_its_totals(
    page: Conventions, worker: ManualExecutor, tmp_path: Path
) -> None:
    path = tmp_path / "conventions.xlsx"
    page.export_to(path)
    worker.run()
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = next(r for r in rows if "Reste à payer" in r)
    place = head.index("Reste à payer")
    assert [r[place] for r in rows[rows.index(head) + 1 :]] == [0, 600, 600]


def test_the_budget_shows_the_echeancier_of_all_acts(page: Conventions, asked: Asked) -> None:
    page._to_budget()
    assert asked == [("budget", ("echeancier", Axe.CONVENTION))]


def test_ctrl_z_is_the_field_s_only_once_something_is_typed_in_it(page: Conventions, fiche: Fiche) -> None:
    page.table.select([1], current=1)
    assert not kept(fiche.fields.objet, Qt.Key.Key_Z)
    QTest.keyClicks(fiche.fields.objet, "abc")
    assert kept(fiche.fields.objet, Qt.Key.Key_Z)


def test_no_amount_is_cut_and_the_total_neither(page: Conventions) -> None:
    big = AnneeConvention(2026, 131_780_070_70)
    service.save(page.session, Convention("convention", "2026-1", 1, annees=(big,)))
    page.refresh()
    wanted = text_width(money.euros(131_780_970_70), "total")
    assert page.table.natural_widths()["prevue"] > wanted


def test_the_card_keeps_the_width_that_the_user_gave_it(page: Conventions, workspace: Workspace) -> None:
    page.split.setSizes([page.width(), 380])
    kept = page.split.sizes()[1]
    workspace.window().resize(workspace.window().width() + 60, workspace.window().height())
    assert page.split.sizes()[1] == kept == 380
