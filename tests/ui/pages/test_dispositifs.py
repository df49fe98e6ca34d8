"""The page of schemes: the list, the card, what is typed and not saved, grids edited in place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.dispositif import Dispositif, Indicateur, Plafond
from firdesk.services import dispositifs, indicateurs
from firdesk.services.dispositifs import LigneDispositif
from firdesk.services.session import Session
from firdesk.ui.dialogs.affectation_dispositif import AffectationDispositif
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.dispositifs import Dispositifs
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked
from tests.ui.pages.conftest import type_in


@pytest.fixture
def page(workspace: Workspace) -> Dispositifs:
    """The page, on a base with one described scheme of two lines and one only met."""
    session = workspace.bridge.session
    dispositifs.enregistrer(
        session, Dispositif("EMG", "Équipes mobiles de gériatrie", "PA", "MI2-3-8", plafonds=(Plafond(2025, 9, 9),))
    )
    dispositifs.affecter(session, [1, 2], "EMG")
    dispositifs.affecter(session, [4], "PDSA")
    workspace.go("dispositifs")
    found = workspace.page("dispositifs")
    assert isinstance(found, Dispositifs)
    return found


def names(page: Dispositifs) -> list[str]:
    return [str(page.model.row(i)[0]) for i in range(page.model.rowCount())]


def test_the_list_tells_described_schemes_and_those_only_met(page: Dispositifs) -> None:
    assert names(page) == ["EMG · Équipes mobiles de gériatrie", "PDSA (non décrit)"]
    assert "1 non décrit" in page.subtitle
    assert page.table.totals.texts()["notifie"] == money.euros(5_500_000_00)


def test_the_total_is_the_sum_of_the_lines_shown(page: Dispositifs) -> None:
    page.search.setText("gériatrie")
    page.refresh()
    assert names(page) == ["EMG · Équipes mobiles de gériatrie"]
    assert page.table.totals.texts()["notifie"] == money.euros(1_500_000_00)
    page.search.setText("rien de tel")
    page.refresh()
    assert page.table.empty.message() == "Aucun dispositif ne contient « rien de tel »."
    page.table.empty.buttons()[0].click()
    assert len(names(page)) == 2


@pytest.fixture
def readings(page: Dispositifs, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The exercice of each reading of the list."""
    told: list[int] = []
    really = dispositifs.liste

    def liste(session: Session, exercice: int) -> list[LigneDispositif]:
        told.append(exercice)
        return really(session, exercice)

    monkeypatch.setattr(dispositifs, "liste", liste)
    return told


def test_a_word_typed_is_searched_once(page: Dispositifs, readings: list[int], qtbot: QtBot) -> None:
    for text in ("g", "gé", "gér"):
        page.search.setText(text)
    assert readings == []
    with qtbot.waitSignal(page._typing.timeout):
        pass
    assert readings == [2025]
    assert names(page) == ["EMG · Équipes mobiles de gériatrie"]


def test_a_scheme_asked_for_by_another_page_is_read_once(
    page: Dispositifs, readings: list[int], workspace: Workspace
) -> None:
    page.search.setText("gériatrie")
    page.avec.setChecked(True)
    workspace.go("allocations")
    workspace.bridge.perform(lambda: dispositifs.affecter(page.session, [4], ""))
    workspace.bridge.perform(lambda: dispositifs.affecter(page.session, [4], "PDSA"))
    readings.clear()
    assert workspace.go("dispositifs", "PDSA")
    assert readings == [2025]
    assert page.fiche.code == "PDSA"
    assert (page.search.text(), page.avec.isChecked()) == ("", False)
    assert not page._typing.isActive()


def test_a_ceiling_passed_is_marked_in_the_list_and_said_in_the_card(page: Dispositifs) -> None:
    mark = page.model.row(0)[page.model.column_of("etat")]
    assert mark[0] == "alerte"
    assert page.fiche.alerte.isVisibleTo(page)
    assert "dépassé" in page.fiche.alerte.accessibleName()


def test_a_scheme_only_met_is_described_in_one_gesture(page: Dispositifs) -> None:
    page.table.select([1], current=1)
    assert page.fiche.code == "PDSA"
    page.fiche.inconnu.action.emit()
    assert [x.decrit for x in page.lignes] == [True, True]
    described = page.session.dispositifs.get("PDSA")
    assert described is not None
    assert described.theme == "PDS"


def test_something_typed_and_not_saved_keeps_its_scheme_and_its_page(page: Dispositifs, workspace: Workspace) -> None:
    type_in(page.fiche.form.libelle, "Autre nom")
    page.table.select([1], current=1)
    assert page.fiche.code == "EMG"
    assert not workspace.go("allocations")
    assert page.fiche.unsaved.isVisibleTo(page)
    page.fiche.form.revert()
    assert not page.fiche.dirty
    assert workspace.go("allocations")


def test_one_ceiling_alone_is_not_guessed_for_the_other(page: Dispositifs) -> None:
    type_in(page.fiche.form.plafond_cp, "")
    assert not page.fiche.form.save()
    assert "les deux plafonds" in page.fiche.form.form.field("plafond_cp").problems()[0].message


def test_an_unreadable_amount_says_where_and_saves_nothing(page: Dispositifs) -> None:
    type_in(page.fiche.form.plafond_ae, "1.234")
    assert not page.fiche.form.save()
    kept = page.session.dispositifs.get("EMG")
    assert kept is not None
    assert kept.plafonds[0].ae == 9


def test_escape_gives_up_a_new_scheme_and_comes_back_to_the_first(page: Dispositifs) -> None:
    page.add_new()
    assert page.fiche.creating
    page.fiche.form.revert()
    assert page.fiche.code == "EMG"


def test_a_dont_is_typed_edited_and_deleted_in_place(page: Dispositifs) -> None:
    volet = page.fiche.donts
    volet.libelle.setText("Domicile")
    volet.montant.setText("200 000")
    volet.add_new()
    (kept,) = page.session.dispositifs.donts(2025)
    assert (kept.libelle, kept.montant, kept.theme, kept.destination, kept.dispositif) == (
        "Domicile", 200_000_00, "PA", "MI2-3-8", "EMG"
    )  # fmt: skip
    volet.model.edit_requested.emit(0, "montant", "9 M€")
    QGuiApplication.processEvents()
    assert page.session.dispositifs.donts(2025)[0].montant == 9_000_000_00
    assert "dépasse" in volet.alerte.accessibleName()
    volet.table.select([0], current=0)
    volet.delete()
    assert page.session.dispositifs.donts(2025) == []


def test_the_list_keeps_its_total_when_a_dont_is_added(page: Dispositifs) -> None:
    before = page.table.totals.texts()
    page.fiche.donts.libelle.setText("Domicile")
    page.fiche.donts.montant.setText("200 000")
    page.fiche.donts.add_new()
    assert page.table.totals.texts() == before


def test_a_cofinancing_is_typed_and_its_rule_is_said(page: Dispositifs) -> None:
    type_in(page.fiche.form.part_max, "50")
    assert page.fiche.form.save()
    volet = page.fiche.financements
    volet.financeur.setText("Département")
    volet.paye.setText("1 000 000")
    volet.add_new()
    assert "au plus 1\u202f000\u202f000" in volet.regle.text()
    assert "500\u202f000" in page.fiche.alerte.accessibleName()


def test_an_indicator_is_created_and_its_grid_filled_by_a_paste(page: Dispositifs) -> None:
    volet = page.fiche.indicateurs
    page.fiche.go("indicateurs")
    volet.start()
    volet.libelle.setText("Patients vus")
    volet.add_new()
    assert volet.choix.currentText() == "Patients vus"
    volet.table.view.setCurrentIndex(volet.model.index(0, 1))
    volet.paste("19 648\t2024\t20 000\n21 000,5\t2025\n")
    (made,) = page.session.indicateurs.all("EMG")
    assert [(v.exercice, v.valeur, v.cible) for v in made.valeurs] == [
        (2024, 19_648_000, 20_000_000), (2025, 21_000_500, None)
    ]  # fmt: skip
    assert "↗ en hausse de 1\u202f352,5" in volet.tendance.text()
    assert [b.value for b in volet.barres.bars()] == [19_648_000, 21_000_500]
    assert "en hausse" in volet.barres.accessibleDescription()


def test_a_wrong_number_in_the_grid_is_refused_with_its_reason(page: Dispositifs, workspace: Workspace) -> None:
    indicateurs.enregistrer(page.session, Indicateur("EMG", "Patients"))
    page.refresh()
    said: list[str] = []
    workspace.bridge.message.connect(lambda _kind, text, _action, _run: said.append(text))
    page.fiche.indicateurs.model.edit_requested.emit(1, "valeur", "une dizaine")
    QGuiApplication.processEvents()
    assert "« une dizaine » n'est pas un nombre" in said[-1]


def test_assigning_counts_before_it_writes(page: Dispositifs, workspace: Workspace) -> None:
    dialog = AffectationDispositif(workspace.bridge, page, "EMG")
    assert "2 déjà au dispositif" in dialog.effet.text()
    assert not dialog.affecter.isEnabled()
    dialog.destination.set_code("MI3-3-2")
    dialog.theme.set_code(None)
    dialog.look()
    assert "1 laissée à un autre dispositif" in dialog.effet.text()
    dialog.remplacer.setChecked(True)
    assert dialog.affecter.text() == "Affecter 1 allocation"
    QTest.mouseClick(dialog.affecter, Qt.MouseButton.LeftButton)
    assert [x.code for x in page.lignes] == ["EMG"]
    assert page.lignes[0].nombre == 3


def test_the_lines_of_a_scheme_are_one_click_away(page: Dispositifs, asked: Asked) -> None:
    page.fiche.open_lines()
    assert asked == [("allocations", Filtre(exercice=2025, dispositifs=("EMG",)))]


def test_a_base_without_scheme_says_how_to_start(page: Dispositifs, worker: ManualExecutor) -> None:
    for _ in range(3):
        page.bridge.undo()
        worker.run()
    assert page.table.empty.message().startswith("Aucun dispositif")
    page.table.empty.buttons()[0].click()
    assert page.fiche.creating


def test_a_published_report_is_loaded_by_a_command_and_given_back(
    page: Dispositifs, workspace: Workspace, worker: ManualExecutor
) -> None:
    page.load_report(2025)
    assert len(page.lignes) > 100
    workspace.bridge.undo()
    worker.run()
    assert len(page.lignes) == 2
