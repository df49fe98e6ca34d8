"""Years opened, closed and compared in the window; a closed one shown read-only where lines are typed."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.controle import Alerte
from firdesk.domain.exercice import Evenement, Passage
from firdesk.services import exercices, passages, perimetre
from firdesk.services.session import Session
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.allocations import Allocations
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_exercices import ExercicesVolet
from firdesk.ui.pages.budget_exercices_perimetre import PerimetreVue
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked
from tests.ui.pages.conftest import occupy, type_in


@pytest.fixture
def volet(workspace: Workspace) -> ExercicesVolet:
    workspace.go("budget", "exercices")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    found = page.volet
    assert isinstance(found, ExercicesVolet)
    return found


@pytest.fixture
def said(volet: ExercicesVolet) -> list[str]:
    heard: list[str] = []
    volet.bridge.message.connect(lambda _kind, text, _action, _run: heard.append(text))
    return heard


def years(volet: ExercicesVolet) -> list[tuple[str, str]]:
    model = volet.statuts.model
    return [(model.cells(i)[0].text, model.cells(i)[1].text) for i in range(model.rowCount())]


def test_a_year_is_opened_and_chosen(volet: ExercicesVolet) -> None:
    assert volet.statuts.annee.value() == "2026"
    QTest.keyClick(volet.statuts.annee, Qt.Key.Key_Return)
    assert years(volet)[0] == ("2026", "Ouvert")
    chosen = volet.statuts.chosen
    assert chosen is not None
    assert chosen.exercice.annee == 2026


def test_a_text_that_is_no_year_is_told(volet: ExercicesVolet, said: list[str]) -> None:
    volet.statuts.annee.set_value("26")
    volet.statuts.open_year()
    assert "« 26 » n'est pas une année" in said[-1]


def test_what_is_pending_is_shown_and_opens_its_lines(volet: ExercicesVolet, asked: Asked) -> None:
    with volet.session.operation("Vider une ligne"):
        for m in volet.session.allocations.mouvements(1):
            volet.session.allocations.delete_mouvement(m.id or 0)
    volet.statuts.choose(2025)
    texts = [x.texte for x in volet.statuts.pending]
    assert "Aucun arrêté final parmi les recettes" in texts
    place = next(i for i, x in enumerate(volet.statuts.pending) if x.filtre is not None)
    volet.statuts.suspens.select([place], current=place)
    QTest.keyClick(volet.statuts.suspens.view, Qt.Key.Key_Return)
    assert asked == [("allocations", volet.statuts.pending[place].filtre)]


def test_what_is_pending_is_read_once(volet: ExercicesVolet, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    really = exercices.en_suspens

    def en_suspens(session: Session, annee: int) -> list[Alerte]:
        told.append(annee)
        return really(session, annee)

    monkeypatch.setattr(exercices, "en_suspens", en_suspens)
    for year in (2024, 2025, 2025):
        volet.statuts.choose(year)
    assert told == [2024, 2025, 2025]


def test_a_year_is_closed_then_reopened_for_a_reason(volet: ExercicesVolet) -> None:
    volet.statuts.choose(2024)
    volet.statuts.close_button.click()
    assert years(volet) == [("2025", "Ouvert"), ("2024", "Clos")]
    volet.statuts.reopen_button.click()
    assert volet.session.exercices.clos(2024)
    assert [p.field for p in volet.statuts.form.field("motif").problems()] == ["motif"]
    volet.statuts.motif.set_value("titre de recettes")
    QTest.keyClick(volet.statuts.motif, Qt.Key.Key_Return)
    assert not volet.session.exercices.clos(2024)
    assert volet.statuts.model.cells(1)[6].text == "titre de recettes"


def test_a_line_of_a_closed_year_is_read_only_until_it_is_reopened(volet: ExercicesVolet, workspace: Workspace) -> None:
    volet.bridge.perform(lambda: exercices.clore(volet.session, 2025))
    workspace.go("allocations", Filtre(2025))
    page = workspace.page("allocations")
    assert isinstance(page, Allocations)
    form = page.form
    assert form.cloture.isVisible()
    assert form.cloture.accessibleName() == "Exercice 2025 clos : cette ligne est en lecture seule."
    assert form.fields.textes["objet"].isReadOnly()
    assert not form.fields.choix["destination"].isEnabled()
    page.actions_on_lines.create()
    assert (form.cloture.closed, form.save_button.isEnabled()) == (True, False)
    form.cloture.action.emit()
    assert workspace.current is workspace.page("budget")
    chosen = volet.statuts.chosen
    assert chosen is not None
    assert chosen.exercice.annee == 2025
    volet.bridge.perform(lambda: exercices.rouvrir(volet.session, 2025, "erreur"))
    assert not form.cloture.closed
    assert not form.fields.textes["objet"].isReadOnly()


def test_a_cell_and_a_paste_in_a_closed_year_are_refused_in_french(
    volet: ExercicesVolet, workspace: Workspace, said: list[str]
) -> None:
    volet.bridge.perform(lambda: exercices.clore(volet.session, 2025))
    workspace.go("allocations", Filtre(2025))
    page = workspace.page("allocations")
    assert isinstance(page, Allocations)
    before = volet.session.allocations.somme(Filtre(2025))
    page.actions_on_lines.write_cell(page.model.id_at(0), "notifie", "12")
    assert "clos, donc en lecture seule" in said[-1]
    page.table.view.setCurrentIndex(page.model.index(0, page.model.column_of("notifie")))
    page.actions_on_lines.paste("12")
    assert "clos, donc en lecture seule" in said[-1]
    assert volet.session.allocations.somme(Filtre(2025)) == before


# Comparison


def test_two_years_are_compared_and_both_sides_open(volet: ExercicesVolet, asked: Asked) -> None:
    session = volet.session
    passages.ecrire(session, [Passage(2025, "theme", "PA", "CANCER")])
    perimetre.ecrire_evenement(session, Evenement(2025, "sortie", "EMG", 100_000_00, theme="CANCER"))
    volet.go("comparaison")
    vue = volet.comparaison
    assert (vue.avant.currentData(), vue.apres.currentData()) == (2024, 2025)
    labels = [str(vue.model.row(i)[0]) for i in range(vue.model.rowCount())]
    row = labels.index("Parcours Cancer")
    assert vue.model.row(row)[1] == 800_000_00
    view = vue.table.view
    for key in ("avant", "apres"):
        view.setCurrentIndex(vue.model.index(row, vue.model.column_of(key)))
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert [wanted for _, wanted in asked] == [Filtre(2024, themes=("PA",)), Filtre(2025, themes=("CANCER",))]
    total = sum(int(str(vue.model.row(i)[vue.model.column_of("ecart_constant")])) for i in range(len(labels)))
    assert vue.table.totals.texts()["ecart_constant"] == money.euros(total)


def test_an_unknown_measure_says_so_instead_of_zeros(volet: ExercicesVolet) -> None:
    volet.go("comparaison")
    vue = volet.comparaison
    vue.mesure.setCurrentIndex(1)
    vue.mesure.activated.emit(1)
    assert "rien ne la dit en 2024" in vue.table.empty.message()
    assert not vue.exporter.isEnabled()


def test_the_comparison_is_exported(volet: ExercicesVolet, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.go("comparaison")
    volet.comparaison.export_to(tmp_path / "c.xlsx")
    worker.run()
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames == ["Comparaison", "Périmètre"]


# Codes and scope


def test_a_proposal_is_kept_corrected_and_taken_away(volet: ExercicesVolet) -> None:
    volet.go("passages")
    vue = volet.passages
    vue.genre.setCurrentIndex(1)
    vue.genre.activated.emit(1)
    with volet.session.operation("Déplacer"):
        number = volet.session.allocations.ids(Filtre(2024))[0]
        gone = list(volet.session.nomenclatures.themes())[-1]
        volet.session.allocations.assign(number, {"theme": gone})
    volet.bridge.perform(lambda: None)
    assert [x.passage.code_avant for x in vue.lignes] == [gone]
    vue.table.view.setFocus()
    vue.table.select([0], current=0)
    QTest.keyClick(vue.table.view, Qt.Key.Key_Return)
    assert vue.lignes[0].ecrit
    vue.write_cell(0, "code_apres", "Parcours Cancer")
    assert volet.session.exercices.passages("theme")[0].code_apres == "CANCER"
    vue.table.select([0], current=0)
    QTest.keyClick(vue.table.view, Qt.Key.Key_Delete)
    assert volet.session.exercices.passages("theme") == []


def test_a_block_is_pasted_and_what_is_refused_is_said(volet: ExercicesVolet, said: list[str]) -> None:
    volet.go("passages")
    QGuiApplication.clipboard().setText("code_avant\tcode_apres\nMI2-3-8\tMI1-2-9\nMI1-2-9\tMI9-9\n")
    volet.passages.paste_button.click()
    assert "1 passage écrit. 1 refus : Ligne 3" in said[-1]
    assert volet.session.exercices.passages("destination")[0].code_apres == "MI1-2-9"


def test_a_change_of_scope_is_typed_changed_and_taken_away(volet: ExercicesVolet) -> None:
    volet.go("perimetre")
    vue = volet.perimetre
    assert vue.leave(), "nothing is typed yet"
    vue.libelle.set_value("Équipes mobiles de gériatrie")
    vue.save()
    assert {p.field for f in ("montant", "destination") for p in vue.form.field(f).problems()} == {
        "montant", "destination",
    }  # fmt: skip
    assert not vue.leave()
    vue.montant.set_cents(3_200_000_00)
    vue.destination.set_code("MI2-3-8")
    QTest.keyClick(vue.libelle, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    (found,) = volet.session.exercices.evenements(2024, 2025)
    assert (found.sens, found.montant, found.destination) == ("sortie", 3_200_000_00, "MI2-3-8")
    assert vue.leave()
    vue.contrepartie.set_value("ONDAM")
    vue.save()
    assert volet.session.exercices.evenements(2024, 2025)[0].contrepartie == "ONDAM"
    vue.table.view.setFocus()
    vue.table.select([0], current=0)
    QTest.keyClick(vue.table.view, Qt.Key.Key_Delete)
    assert volet.session.exercices.evenements(2024, 2025) == []
    assert vue.table.empty.message() == "Rien n'entre dans le FIR ni n'en sort en 2025."


def test_another_year_is_not_shown_under_what_is_typed_of_this_one(volet: ExercicesVolet) -> None:
    volet.go("perimetre")
    vue = volet.perimetre
    vue.libelle.set_value("Équipes mobiles de gériatrie")
    vue.exercice.setCurrentIndex(vue.exercice.findData(2024))
    vue.exercice.activated.emit(1)
    assert (vue.annee, vue.exercice.currentData()) == (2025, 2025)
    vue.revert()
    vue.exercice.setCurrentIndex(vue.exercice.findData(2024))
    vue.exercice.activated.emit(1)
    assert (vue.annee, vue.leave()) == (2024, True)


# What is typed is not lost


def test_a_year_that_is_refused_stays_typed(volet: ExercicesVolet, worker: ManualExecutor) -> None:
    volet.statuts.annee.set_value("2025")
    volet.statuts.open_year()
    assert volet.statuts.annee.value() == "2025", "that year exists"
    volet.statuts.annee.set_value("2031")
    occupy(volet.bridge)
    volet.statuts.open_year()
    assert volet.statuts.annee.value() == "2031"
    worker.run()
    volet.statuts.open_year()
    assert volet.statuts.annee.value() == "2032"
    assert volet.statuts.chosen is not None
    assert volet.statuts.chosen.exercice.annee == 2031


def test_a_reason_that_is_refused_stays_typed(volet: ExercicesVolet, worker: ManualExecutor) -> None:
    volet.bridge.perform(lambda: exercices.clore(volet.session, 2024))
    volet.statuts.choose(2024)
    volet.statuts.motif.set_value("titre de recettes")
    occupy(volet.bridge)
    volet.statuts.reopen_year()
    assert volet.statuts.motif.value() == "titre de recettes"
    worker.run()
    volet.statuts.reopen_year()
    assert volet.statuts.motif.value() == ""
    assert not volet.session.exercices.clos(2024)


def test_a_change_of_scope_whose_deletion_is_refused_stays_shown(volet: ExercicesVolet, worker: ManualExecutor) -> None:
    perimetre.ecrire_evenement(volet.session, Evenement(2025, "sortie", "EMG", 100_00, theme="PA"))
    volet.go("perimetre")
    vue = volet.perimetre
    assert vue.libelle.value() == "EMG"
    occupy(volet.bridge)
    vue.delete()
    assert vue.libelle.value() == "EMG"
    worker.run()
    vue.delete()
    assert vue.libelle.value() == ""
    assert vue.leave()


@pytest.fixture
def changes(volet: ExercicesVolet) -> PerimetreVue:
    """Two changes of scope, the first one shown."""
    for name in ("EMG", "PTA"):
        perimetre.ecrire_evenement(volet.session, Evenement(2025, "sortie", name, 100_00, theme="PA"))
    volet.go("perimetre")
    volet.window().activateWindow()
    vue = volet.perimetre
    vue.table.select([0], current=0)
    return vue


def test_moving_does_not_part_what_is_typed_from_its_line(changes: PerimetreVue) -> None:
    shown = changes.libelle.value()
    type_in(changes.contrepartie, "ONDAM")
    view = changes.table.view
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert (view.currentIndex().row(), changes.table.selected_ids()) == (0, [0])
    where = view.visualRect(changes.model.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert (view.currentIndex().row(), changes.table.selected_ids()) == (0, [0])
    assert (changes.libelle.value(), changes.contrepartie.value()) == (shown, "ONDAM")


def test_nothing_is_deleted_while_a_change_of_scope_is_typed(changes: PerimetreVue) -> None:
    changes.start()
    type_in(changes.libelle, "Maisons de santé")
    changes.table.select([1], current=1)
    assert changes.table.selected_ids() == []
    changes.delete()
    assert len(changes.evenements) == 2
    assert changes.libelle.value() == "Maisons de santé"


def test_a_change_of_scope_being_typed_keeps_its_line_when_the_base_changes(changes: PerimetreVue) -> None:
    shown = changes.libelle.value()
    type_in(changes.contrepartie, "ONDAM")
    more = Evenement(2025, "entree", "AAA", 100_00, theme="PA")
    changes.bridge.perform(lambda: perimetre.ecrire_evenement(changes.session, more))
    row = changes.table.current_id()
    assert row is not None
    assert changes.evenements[row].libelle == shown == changes.libelle.value()
    assert changes.contrepartie.value() == "ONDAM"
