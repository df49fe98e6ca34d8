"""The gaps of the year, what explains the one chosen, a note written beside it."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.rapprochement import Note
from firdesk.services import exercices, rapprochement
from firdesk.ui.dialogs.provenance import Provenance
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_rapprochement import RapprochementVolet
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked
from tests.ui.pages.conftest import occupy, type_in


@pytest.fixture
def volet(workspace: Workspace) -> RapprochementVolet:
    workspace.go("budget", "rapprochement")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    found = page.volet
    assert isinstance(found, RapprochementVolet)
    return found


def column(volet: RapprochementVolet, key: str) -> list[object]:
    place = volet.model.column_of(key)
    return [volet.model.row(i)[place] for i in range(volet.model.rowCount())]


def test_the_largest_rest_comes_first_and_totals_are_sums_of_the_lines(volet: RapprochementVolet) -> None:
    rests = [abs(int(str(v))) for v in column(volet, "inexplique")]
    assert rests == sorted(rests, reverse=True)
    for key in ("notifie", "engage", "ecart", "inexplique", "ae_ouvertes", "paye"):
        assert volet.table.totals.texts()[key] == money.euros(sum(int(str(v)) for v in column(volet, key)))


def test_destinations_on_one_side_are_explained_by_themselves(volet: RapprochementVolet) -> None:
    rows = dict(zip(column(volet, "destination"), column(volet, "inexplique"), strict=True))
    assert (rows["MI1-2-9"], rows["MI2-3-8"]) == (0, 0)


def test_the_filter_keeps_what_is_left_and_says_when_nothing_is(volet: RapprochementVolet) -> None:
    volet.seuls.setChecked(True)
    assert volet.model.rowCount() == 0
    assert volet.table.empty.message() == "Toutes les destinations sont rapprochées."
    volet.table.empty.buttons()[0].click()
    assert volet.model.rowCount() == 4


def test_the_order_follows_the_list(volet: RapprochementVolet) -> None:
    volet.ordre.setCurrentIndex(2)
    volet.ordre.activated.emit(2)
    assert column(volet, "destination") == ["MI1-2-9", "MI2-3-8", "MI3-3-2", "MI4-2-8"]


@pytest.fixture
def ecart(volet: RapprochementVolet) -> RapprochementVolet:
    """100 € more engaged than notified on MI2-3-8, none of it explained."""
    session = volet.session
    with session.operation("Corriger l'engagé"):
        number, line = session.budgets.lignes_execution(session.budgets.instantanes(2025)[0].id)[
            ("MI2-3-8", "SANITAIRE")
        ]
        session.budgets.update_ligne_execution(
            number, type(line)("MI2-3-8", "", "SANITAIRE", None, None, 1_500_100_00, 1_400_000_00)
        )
    volet.bridge.perform(lambda: None)
    volet.accept("MI2-3-8")
    return volet


def test_a_note_brings_the_rest_to_nothing_and_undoing_brings_it_back(ecart: RapprochementVolet) -> None:
    chosen = ecart.chosen
    assert chosen is not None
    assert chosen.inexplique == 100_00
    ecart.detail.texte.set_value("Marché régional")
    ecart.detail.save()
    assert ecart.chosen is not None
    assert (ecart.chosen.destination, ecart.chosen.rapprochee) == ("MI2-3-8", True)
    assert ecart.detail.model.row(0)[:2] == ("Marché régional", ("accent", "Votre note"))
    ecart.session.undo()
    ecart.bridge.perform(lambda: None)
    assert not ecart.chosen.rapprochee


def test_a_note_without_a_word_is_refused_beside_its_field(ecart: RapprochementVolet) -> None:
    ecart.detail.save()
    assert [p.field for p in ecart.detail.form.field("texte").problems()] == ["texte"]
    assert ecart.session.rapprochements.notes(2025) == []
    ecart.detail.montant.setText("beaucoup")
    ecart.detail.save()
    assert "beaucoup" in ecart.detail.form.field("montant").problems()[0].message


def test_a_note_is_taken_up_again_and_taken_away(ecart: RapprochementVolet) -> None:
    ecart.bridge.perform(lambda: rapprochement.noter(ecart.session, Note(2025, "MI2-3-8", "Marché", 60_00)))
    detail = ecart.detail
    detail.table.select([0], current=0)
    QTest.keyClick(detail.table.view, Qt.Key.Key_Return)
    assert (detail.texte.value(), detail.montant.cents()) == ("Marché", 60_00)
    detail.montant.set_cents(100_00)
    detail.save()
    assert ecart.chosen is not None
    assert ecart.chosen.rapprochee
    detail.table.select([0], current=0)
    detail.delete()
    assert ecart.session.rapprochements.notes(2025) == []


def test_a_possible_explanation_is_retained_as_a_note(ecart: RapprochementVolet) -> None:
    session = ecart.session
    with session.operation("Décider"):
        owner = session.allocations.get(session.allocations.ids(Filtre(2025))[0])
        assert owner is not None
        session.allocations.add(
            type(owner)(2025, owner.operateur_id, "MI2-3-8", mouvements=(Mouvement(Nature.SAISIE, 2025, 900_00),))
        )
    ecart.bridge.perform(lambda: None)
    detail = ecart.detail
    labels = [detail.model.row(i)[0] for i in range(detail.model.rowCount())]
    place = labels.index("Décidé, pas encore notifié")
    assert detail.model.row(place)[1] == ("faible", "Piste, non comptée")
    detail.table.view.setFocus()
    detail.table.select([place], current=place)
    QTest.keyClick(detail.table.view, Qt.Key.Key_F2)
    assert (detail.montant.cents(), detail.texte.value()) == (900_00, "Décidé, pas encore notifié")
    assert not ecart.leave(), "the note is typed and not saved"
    detail.give_up()
    assert ecart.leave()


def test_both_sides_of_a_destination_open(ecart: RapprochementVolet, asked: Asked) -> None:
    ecart.open_allocations()
    assert asked == [("allocations", Filtre(2025, destinations=("MI2-3-8",)))]
    ecart.explain()
    sheet = ecart.window().findChild(Provenance)
    assert sheet is not None
    assert sheet.lignes[0].montant == 1_500_100_00


def test_without_anything_engaged_no_gap_is_shown(volet: RapprochementVolet) -> None:
    volet.bridge.set_exercice(2024)
    assert set(column(volet, "ecart")) == {"—"}
    assert "ecart" not in volet.table.totals.texts()
    assert "importer une situation SIBC" in volet.subtitle


def test_an_empty_year_says_so(volet: RapprochementVolet) -> None:
    volet.bridge.perform(lambda: exercices.ouvrir(volet.session, 2026))
    volet.bridge.set_exercice(2026)
    assert volet.table.empty.message() == "Rien n'est notifié, ouvert ni engagé en 2026."


def test_the_rapprochement_is_exported(volet: RapprochementVolet, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.export_to(tmp_path / "r.xlsx")
    worker.run()
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames == ["Rapprochement", "Explications"]


def test_an_explanation_shows_its_lines_under_a_chip(ecart: RapprochementVolet, workspace: Workspace) -> None:
    place = [ecart.detail.model.row(i)[0] for i in range(ecart.detail.model.rowCount())].index("Notifié, sans EJ")
    ecart.detail.table.select([place], current=place)
    QTest.keyClick(ecart.detail.table.view, Qt.Key.Key_Return)
    page = workspace.page("allocations")
    assert isinstance(page, Allocations)
    assert (len(page.filtre.lignes), page.model.rowCount()) == (2, 2)
    assert page.bar.chips.chip("lignes").accessibleName() == "Filtre 2 lignes d'un écart"
    page.bar.remove("lignes")
    assert page.filtre == Filtre(2025, destinations=("MI2-3-8",))


# What is typed is not lost


def test_a_note_that_is_refused_stays_typed(ecart: RapprochementVolet, worker: ManualExecutor) -> None:
    type_in(ecart.detail.texte, "Marché régional")
    type_in(ecart.detail.montant, "40")
    occupy(ecart.bridge)
    ecart.detail.save()
    assert (ecart.detail.texte.value(), ecart.detail.montant.cents()) == ("Marché régional", 40_00)
    worker.run()
    ecart.detail.save()
    assert [n.montant for n in ecart.session.rapprochements.notes(2025)] == [40_00]
    assert ecart.leave()


def test_a_note_being_typed_survives_another_one_taken_away(ecart: RapprochementVolet) -> None:
    ecart.bridge.perform(lambda: rapprochement.noter(ecart.session, Note(2025, "MI2-3-8", "Marché", 60_00)))
    type_in(ecart.detail.texte, "Avenant")
    ecart.detail.table.select([0], current=0)
    ecart.detail.delete()
    assert ecart.session.rapprochements.notes(2025) == []
    assert ecart.detail.texte.value() == "Avenant"


def test_taking_a_note_up_does_not_replace_the_one_being_typed(ecart: RapprochementVolet) -> None:
    ecart.bridge.perform(lambda: rapprochement.noter(ecart.session, Note(2025, "MI2-3-8", "Marché", 60_00)))
    type_in(ecart.detail.texte, "Avenant")
    ecart.detail.table.select([0], current=0)
    ecart.detail.take_up()
    assert ecart.detail.texte.value() == "Avenant"
    ecart.detail.give_up()
    ecart.detail.take_up()
    assert ecart.detail.texte.value() == "Marché"


def test_an_arrow_or_a_click_does_not_lose_the_note_being_typed(ecart: RapprochementVolet) -> None:
    type_in(ecart.detail.texte, "Marché régional")
    view = ecart.table.view
    start = view.currentIndex().row()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
        assert ecart.chosen is not None
        assert (ecart.chosen.destination, view.currentIndex().row()) == ("MI2-3-8", start)
    other = (start + 1) % ecart.model.rowCount()
    where = view.visualRect(ecart.model.index(other, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert (view.currentIndex().row(), ecart.table.selected_ids()) == (start, [ecart.model.id_at(start)])
    assert ecart.detail.texte.value() == "Marché régional"
    ecart.detail.give_up()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert view.currentIndex().row() == other


def test_a_note_being_typed_stays_under_another_order_or_filter(ecart: RapprochementVolet) -> None:
    type_in(ecart.detail.texte, "Marché régional")
    ecart.ordre.setCurrentIndex(2)
    ecart.ordre.activated.emit(2)
    ecart.seuls.setChecked(True)
    ecart.bridge.perform(lambda: rapprochement.noter(ecart.session, Note(2025, "MI2-3-8", "Marché", 100_00)))
    assert [x.destination for x in ecart.shown] == []
    assert ecart.detail.texte.value() == "Marché régional"
    assert not ecart.leave()


def test_a_note_being_typed_stays_in_its_year(ecart: RapprochementVolet) -> None:
    type_in(ecart.detail.texte, "Marché régional")
    ecart.bridge.set_exercice(2024)
    assert "Exercice 2025" in ecart.subtitle
    assert ecart.detail.texte.value() == "Marché régional"
    ecart.detail.save()
    assert [n.destination for n in ecart.session.rapprochements.notes(2025)] == ["MI2-3-8"]
    assert "Exercice 2024" in ecart.subtitle


def test_a_note_given_up_shows_the_year_asked_meanwhile(ecart: RapprochementVolet) -> None:
    type_in(ecart.detail.texte, "Marché régional")
    ecart.bridge.set_exercice(2024)
    ecart.detail.give_up()
    assert "Exercice 2024" in ecart.subtitle


def test_what_was_meant_for_another_tab_is_not_asked_of_the_one_that_stays(
    ecart: RapprochementVolet, workspace: Workspace
) -> None:
    type_in(ecart.detail.texte, "Marché régional")
    ecart.seuls.setChecked(True)
    workspace.go("budget", ("versions", ("BR1", "MI3-3-2")))
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    assert page.volet is ecart
    assert ecart.seuls.isChecked()
    assert ecart.detail.texte.value() == "Marché régional"
