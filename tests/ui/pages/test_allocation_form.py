"""The form of an allocation: what it proposes, what it refuses, what it writes, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.lot import Lot
from firdesk.domain.operateur import Operateur
from firdesk.ui.dialogs.provenance import Provenance
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.allocation_form import AllocationForm
from firdesk.ui.pages.allocations import Allocations
from tests.ui.conftest import kept
from tests.ui.pages.conftest import Said, type_in

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(allocations: Allocations) -> Allocations:
    return allocations


@pytest.fixture
def form(page: Allocations) -> AllocationForm:
    return page.form


def field(form: AllocationForm, key: str) -> QWidget:
    return form.fields.field(key).widget


def told(form: AllocationForm, key: str) -> list[str]:
    return [p.message for p in form.fields.field(key).problems()]


def stored(page: Allocations, number: int) -> Allocation:
    found = page.session.allocations.get(number)
    assert found is not None
    return found


def operations(page: Allocations) -> int:
    return len(page.session.operations.recent())


def test_the_first_line_is_shown_when_the_page_opens(form: AllocationForm) -> None:
    assert form.accessibleName() == "Allocation 2025-0001"
    assert form.fields.operateur.text() == "CH de Laon"
    assert not form.dirty


def test_one_field_changed_is_one_operation(page: Allocations, form: AllocationForm) -> None:
    before = operations(page)
    type_in(field(form, "objet"), "Astreintes de nuit")
    type_in(field(form, "ej"), "E2025000477_01")
    assert form.save()
    assert operations(page) == before + 1
    assert (stored(page, 1).objet, stored(page, 1).ej) == ("Astreintes de nuit", "E2025000477_01")


def test_the_message_of_a_save_carries_its_undo(form: AllocationForm, said: Said) -> None:
    type_in(field(form, "objet"), "Astreintes")
    form.save()
    assert said.last == "Enregistré : allocation 2025-0001"


def test_control_s_saves(page: Allocations, form: AllocationForm) -> None:
    field(form, "objet").setFocus()
    type_in(field(form, "objet"), "Astreintes")
    QTest.keyClick(field(form, "objet"), Qt.Key.Key_S, CONTROL)
    assert stored(page, 1).objet == "Astreintes"


def test_control_enter_saves_and_shows_the_next_line(page: Allocations, form: AllocationForm) -> None:
    field(form, "objet").setFocus()
    type_in(field(form, "objet"), "Astreintes")
    QTest.keyClick(field(form, "objet"), Qt.Key.Key_Return, CONTROL)
    assert stored(page, 1).objet == "Astreintes"
    assert form.number == 2
    assert page.table.selected_ids() == [2]


def test_a_blocking_problem_is_shown_beside_its_field_and_prevents_saving(
    page: Allocations, form: AllocationForm
) -> None:
    before = operations(page)
    page.actions_on_lines.create()
    assert not form.save()
    assert told(form, "operateur") == ["Choisir l'opérateur qui reçoit le financement."]
    assert operations(page) == before


def test_a_new_line_is_not_scolded_before_anything_is_typed(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    assert told(form, "operateur") == told(form, "destination") == told(form, "theme") == []


def test_an_ambiguous_amount_is_never_guessed(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "notification"), "1.234")
    assert not form.save()
    assert "peut se lire" in told(form, "notification")[0]
    assert page.session.allocations.somme_ids([1]).notifie == 1_000_000_00


def test_an_empty_amount_is_written_as_none(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "notification"), "")
    form.save()
    assert page.session.allocations.page([1])[0].notifie is None


def test_paid_above_engaged_only_warns(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "engagement"), "100")
    type_in(field(form, "paiement"), "200")
    assert told(form, "paiement") == ["Le payé dépasse l'engagé."]
    assert form.save()


def test_the_destination_proposes_the_theme_and_says_so(form: AllocationForm) -> None:
    form.fields.choix["destination"].set_code("MI1-2-9")
    form.fields.edited.emit("destination")
    assert form.fields.choix["theme"].code() == form.fields._themes["MI1-2-9"]
    assert form.fields.field("theme").help.text() == "proposé par la destination"


def test_a_theme_the_user_chose_survives_another_destination(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "theme"), "Divers")
    form.fields.choix["destination"].set_code("MI1-2-9")
    form.fields.edited.emit("destination")
    assert form.fields.choix["theme"].code() == "DIVERS"
    assert form.fields.field("theme").help.text().startswith("choisi ; la destination propose")
    form.save()
    assert stored(page, 1).theme_choisi


def test_the_operator_is_found_by_name_and_described(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    QTest.keyClicks(form.fields.operateur, "laon")
    assert form.fields.operateur.suggestions() == ["CH de Laon", "Créer « laon »"]
    form.fields.operateur.popup().hide()


def test_an_operator_is_created_on_the_fly(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    form.fields.operateur.create_requested.emit("MSP de Guise")
    type_in(form.operateur_form.siret, "443 061 841 00047")
    form.operateur_form.submit()
    assert not form.operateur_form.isVisible()
    number = form.fields.operateur.id()
    assert number is not None
    assert page.session.operateurs.get(number).siret == "44306184100047"


def test_an_operator_without_name_is_not_created(page: Allocations, form: AllocationForm) -> None:
    form.operateur_form.start("")
    form.operateur_form.submit()
    shown = form.operateur_form.form.field("nom").problems()
    assert [p.message for p in shown] == ["Donner le nom de l'opérateur."]


def test_a_siret_already_known_is_told(page: Allocations, form: AllocationForm) -> None:
    with page.session.operation("Créer"):
        page.session.operateurs.add(Operateur("URPS", siret="44306184100047"))
    form.operateur_form.start("Autre")
    type_in(form.operateur_form.siret, "44306184100047")
    shown = form.operateur_form.form.field("siret").problems()
    assert shown[0].message == "C'est déjà le SIRET de « URPS » : le choisir plutôt que le créer."


def test_a_near_duplicate_is_told_while_typing(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    form.fields.set_values({"operateur": 1, "destination": "MI2-3-8"})
    form.fields.edited.emit("destination")
    assert "2025-0001" in told(form, "destination")[0]


def test_a_new_line_is_numbered_and_shown(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    form.fields.set_values({"operateur": 3, "destination": "MI1-2-9"})
    form.fields.edited.emit("destination")
    type_in(field(form, "notification"), "12 450,50 €")
    assert form.save()
    assert form.accessibleName() == "Allocation 2025-0006"
    assert page.table.selected_ids() == [form.number]
    assert page.table.totals.texts()["notifie"] == money.euros(10_800_000_50 + 12_450_50)


def test_a_copy_keeps_what_repeats_and_forgets_what_was_paid(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "paiement"), "500")
    form.save()
    page.actions_on_lines.duplicate()
    assert form.creating
    assert form.dirty
    assert form.fields.montants[Nature.NOTIFICATION].cents() == 1_000_000_00
    assert form.fields.montants[Nature.PAIEMENT].cents() is None


def test_escape_gives_up_what_was_typed_and_offers_it_back(form: AllocationForm, page: Allocations) -> None:
    kept: list[object] = []
    page.bridge.message.connect(lambda _kind, _text, _action, run: kept.append(run))
    type_in(field(form, "objet"), "Astreintes")
    field(form, "objet").setFocus()
    QTest.keyClick(field(form, "objet"), Qt.Key.Key_Escape)
    assert not form.dirty
    assert callable(kept[-1])
    kept[-1]()
    assert form.fields.values()["objet"] == "Astreintes"
    assert form.dirty


def test_another_line_is_refused_while_something_is_not_saved(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "objet"), "Astreintes")
    page.table.select([3], current=3)
    assert page.table.selected_ids() == [1]
    assert form.number == 1
    assert form.warning.isVisible()
    assert not page.leave()


def test_saving_then_goes_where_the_user_wanted(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "objet"), "Astreintes")
    page.table.select([3], current=3)
    form.warning.save.click()
    assert stored(page, 1).objet == "Astreintes"
    assert form.number == 3
    assert page.table.selected_ids() == [3]


def test_abandoning_then_goes_where_the_user_wanted(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "objet"), "Astreintes")
    page.table.select([3], current=3)
    form.warning.abandon.click()
    assert stored(page, 1).objet == ""
    assert form.number == 3
    assert page.leave()


def test_a_filter_leaves_the_draft_alone(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "objet"), "Astreintes")
    page.bar.set_criterion("themes", ("CANCER",))
    assert form.number == 1
    assert form.fields.values()["objet"] == "Astreintes"


def test_a_change_made_elsewhere_is_not_undone_by_saving_the_draft(page: Allocations, form: AllocationForm) -> None:
    type_in(field(form, "objet"), "Astreintes")
    with page.session.operation("Ailleurs"):
        page.session.allocations.assign(1, {"note": "vu"})
    page.bridge.perform(lambda: None)
    form.save()
    assert (stored(page, 1).objet, stored(page, 1).note) == ("Astreintes", "vu")


def test_undo_brings_the_fields_back(page: Allocations, form: AllocationForm, worker: ManualExecutor) -> None:
    type_in(field(form, "objet"), "Astreintes")
    form.save()
    page.bridge.undo()
    worker.run()
    assert form.fields.values()["objet"] == ""
    assert not form.dirty


def test_an_imported_amount_says_its_cell(page: Allocations, form: AllocationForm) -> None:
    session = page.session
    with session.operation("Importer", nature="import"):
        lot = session.imports.add_lot(
            Lot("2025_engagements.csv", "00", 1, "Engagements", "StarsFIR", "2025-11-18T09:00:00+00:00", "2025",
                1, 1, 0, 0, 0, 0, 0, 0, 12_450_00, 12_450_00)
        )  # fmt: skip
        line = session.imports.next_ligne()
        move = Mouvement(
            Nature.NOTIFICATION, 2025, 12_450_00, origine="import", cellule="AG42", brut="12 450,00 €", ligne=line
        )
        # The line of the import refers to the allocation, its amounts to the line.
        number = session.allocations.add(Allocation(2025, 1, "MI1-2-9"))
        session.imports.add_lignes([(line, lot, "Engagements", 42, "nouvelle", number)])
        session.allocations.add_mouvement(number, move)
    page.refresh()
    page.show_line(number)
    form.explain()
    assert opened(page).lignes[0].phrase == (
        "Feuille « Engagements », AG42, lu « 12 450,00 € », importé le 18/11/2025 depuis 2025_engagements.csv"
    )
    assert form.accessibleDescription() == "importée de StarsFIR le 18/11/2025"
    type_in(field(form, "notification"), "13 000")
    form.save()
    assert form.accessibleDescription() == "importée de StarsFIR le 18/11/2025, modifiée ici"
    assert "modifié ici depuis" in field(form, "notification").toolTip()


def opened(page: Allocations) -> Provenance:
    """The sheet that says where amounts come from, closed on the way."""
    (sheet,) = page.window().findChildren(Provenance)
    sheet.accept()
    return sheet


def test_a_new_line_outside_the_filter_is_told(page: Allocations, form: AllocationForm, said: Said) -> None:
    page.bar.set_criterion("themes", ("PDS",))
    page.actions_on_lines.create()
    form.fields.set_values({"operateur": 3, "destination": "MI1-2-9"})
    form.fields.edited.emit("destination")
    assert form.save()
    assert "hors du tableau" in said.last
    assert form.accessibleName() == "Allocation 2025-0006"


def test_tab_goes_through_the_fields_in_their_order(page: Allocations, form: AllocationForm) -> None:
    form.fields.operateur.setFocus()
    seen = []
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)  # type: ignore[arg-type]
        seen.append((QApplication.focusWidget() or form).objectName())
    assert seen == ["destination", "theme", "caractere", "objet", "saisie", "notification"]


def test_an_empty_exercice_offers_to_type_the_first_line(page: Allocations, form: AllocationForm) -> None:
    with page.session.operation("Ouvrir 2026"):
        page.session.nomenclatures.open_exercice(2026)
    page.bridge.set_exercice(2026)
    assert "Aucune allocation en 2026" in page.table.empty.message()
    page.table.empty.buttons()[0].click()
    assert form.creating
    assert page.filtre == Filtre(exercice=2026)


def test_escape_first_closes_the_list_of_propositions(page: Allocations, form: AllocationForm) -> None:
    page.actions_on_lines.create()
    QTest.keyClicks(form.fields.operateur, "laon")
    popup = form.fields.operateur.popup()
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert form.creating


def test_ctrl_z_is_the_field_s_only_once_something_is_typed_in_it(form: AllocationForm) -> None:
    objet = form.fields.textes["objet"]
    assert not kept(objet, Qt.Key.Key_Z)
    QTest.keyClicks(objet, "abc")
    assert kept(objet, Qt.Key.Key_Z)
