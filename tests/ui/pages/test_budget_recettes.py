"""Recettes in the window: typed with their parts, reserved, added up at a day, balanced."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.recette import Flechage, Recette
from firdesk.services import recettes
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.budget import Budget
from firdesk.ui.pages.budget_recettes import Recettes
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked
from tests.ui.pages.conftest import Said, occupy, type_in


@pytest.fixture
def volet(workspace: Workspace) -> Recettes:
    session = workspace.bridge.session
    aimed = (Flechage(2_000_000_00, theme="PA"), Flechage(1_000_000_00, destination="MI3-3"))
    for made in (
        Recette(2025, "arrete_initial", "assurance_maladie", 5_000_000_00, "2025-1", "2025-03-12", flechages=aimed),
        Recette(2025, "autre", "ressources_propres", 200_000_00, date="2025-10-01"),
    ):
        recettes.enregistrer(session, recettes.remettre_parts(made))
    workspace.go("budget", "recettes")
    page = workspace.page("budget")
    assert isinstance(page, Budget)
    assert isinstance(page.volet, Recettes)
    workspace.window().activateWindow()
    return page.volet


@pytest.fixture
def heard(volet: Recettes) -> Said:
    said = Said()
    volet.bridge.message.connect(lambda kind, text, _action, _run: said.append((kind, text)))
    return said


def test_the_balance_is_shown_with_its_gaps(volet: Recettes) -> None:
    assert volet.total.figure() == money.euros(5_200_000_00)
    assert volet.decaisse.figure() == money.euros(5_300_000_00)
    assert volet.solde.figure() == money.euros(-100_000_00)
    assert volet.surplus.figure() == money.euros(300_000_00)
    assert "au-delà des recettes" in volet.surplus.accessibleName()


def test_the_report_typed_changes_the_balance(volet: Recettes) -> None:
    type_in(volet.report, "400 000")
    assert volet.solde.figure() == money.euros(300_000_00)


def test_a_day_keeps_what_came_in_before(volet: Recettes) -> None:
    type_in(volet.au, "30/06/2025")
    assert volet.model.rowCount() == 1
    assert volet.table.totals.texts()["montant"] == money.euros(5_000_000_00)
    type_in(volet.au, "01/01/2025")
    assert volet.table.empty.message() == "Aucune recette au 01/01/2025."
    volet.table.empty.buttons()[0].click()
    assert volet.model.rowCount() == 2


def test_a_day_that_is_none_is_told(volet: Recettes, heard: Said) -> None:
    type_in(volet.au, "31/02/2025")
    assert "n'est pas une date" in heard.last
    assert volet.model.rowCount() == 2


def test_what_is_reserved_shows_what_is_consumed_and_left(volet: Recettes) -> None:
    rows = [volet.suivi_model.row(i) for i in range(volet.suivi_model.rowCount())]
    assert [row[1:5] for row in rows] == [
        (2_000_000_00, 1_500_000_00, "notifié", 500_000_00),
        (1_000_000_00, 4_000_000_00, "engagé (SIBC)", -3_000_000_00),
    ]
    assert "au-delà du fléchage" in str(rows[1][5])


def test_a_flechage_opens_the_allocations_that_consume_it(volet: Recettes, asked: Asked) -> None:
    volet.drill(0)
    volet.drill(1)
    assert asked[0] == ("allocations", Filtre(exercice=2025, themes=("PA",)))
    filtre = asked[1][1]
    assert isinstance(filtre, Filtre)
    assert {"MI3-3", "MI3-3-2"} <= set(filtre.destinations)
    assert "MI3-30" not in filtre.destinations


def test_while_typing_the_remainder_goes_to_fongible(volet: Recettes) -> None:
    volet.start_recette()
    form = volet.form
    type_in(form.montants["montant"], "1 000")
    type_in(form.montants["sanctuarise"], "300")
    assert form.montants["fongible"].cents() == 700_00
    assert form.ecart.text() == "Les quatre parts égalent le montant."


def test_a_fongible_part_typed_by_hand_shows_the_gap_and_is_not_saved(volet: Recettes) -> None:
    volet.start_recette()
    form = volet.form
    type_in(form.montants["montant"], "1 000")
    type_in(form.montants["fongible"], "600")
    assert form.ecart.text() == f"Écart {money.euros(400_00)} : reste à répartir."
    assert not form.save()
    assert volet.model.rowCount() == 2


def test_a_recette_is_saved_with_its_flechages_and_undone(volet: Recettes, heard: Said) -> None:
    volet.start_recette()
    form = volet.form
    type_in(form.montants["montant"], "1 000")
    form.flechages.add()
    line = form.flechages.lignes[0]
    line.cible.set_code("theme:CANCER")
    type_in(line.montant, "250")
    assert form.save()
    saved = next(r for r in volet.connues if r.montant == 1_000_00)
    assert [(f.theme, f.montant) for f in saved.flechages] == [("CANCER", 250_00)]
    assert heard.last.startswith("Enregistré : Arrêté initial")
    volet.session.undo()
    volet.refresh()
    assert volet.model.rowCount() == 2


def test_a_flechage_without_amount_is_told(volet: Recettes) -> None:
    volet.start_recette()
    form = volet.form
    type_in(form.montants["montant"], "1 000")
    form.flechages.add()
    form.flechages.lignes[0].cible.set_code("theme:CANCER")
    assert not form.save()
    assert "une cible et un montant" in form.form.field("flechages").problems()[0].message


def test_another_line_does_not_lose_what_is_typed(volet: Recettes, heard: Said) -> None:
    volet.table.select([0], current=0)
    type_in(volet.form.libelle, "Circulaire")
    volet.table.select([1], current=1)
    assert volet.form.number == volet.connues[0].id
    assert "n'est pas enregistrée" in heard.last
    assert not volet.leave()
    volet.form.revert()
    assert volet.leave()


def test_the_kind_titre_proposes_the_reprises_of_allocations(volet: Recettes) -> None:
    from firdesk.domain.execution import Mouvement, Nature

    with volet.session.operation("Saisir une reprise"):
        volet.session.allocations.add_mouvement(1, Mouvement(Nature.REPRISE, 2025, 30_00, date="2025-04-03"))
    volet.start_recette()
    form = volet.form
    assert not form.form.field("mouvement_id").isVisible()
    form.nature.set_code("titre")
    form.nature.edited.emit()
    assert form.reprise.count() == 2
    assert form.source.code() == "ressources_propres"


def test_suppr_deletes_the_chosen_recette(volet: Recettes) -> None:
    volet.table.select([0], current=0)
    QTest.keyClick(volet.table.view, Qt.Key.Key_Delete)
    assert [r.source for r in volet.connues] == ["ressources_propres"]


def test_an_exercice_without_recette_says_so(volet: Recettes, workspace: Workspace) -> None:
    workspace.bridge.set_exercice(2024)
    assert volet.table.empty.message() == "Aucune recette en 2024."
    volet.table.empty.buttons()[0].click()
    assert volet.form.enregistrer.isVisible()


def test_recettes_are_exported(volet: Recettes, worker: ManualExecutor, tmp_path: Path) -> None:
    volet.export_to(tmp_path / "recettes.xlsx")
    worker.run()
    assert (tmp_path / "recettes.xlsx").exists()


def test_a_recette_whose_deletion_is_refused_stays_shown(volet: Recettes, worker: ManualExecutor) -> None:
    volet.table.select([0], current=0)
    number = volet.form.number
    occupy(volet.bridge)
    volet.delete()
    assert volet.form.number == number is not None
    worker.run()
    volet.delete()
    assert volet.form.number is None
    assert volet.model.rowCount() == 1


def test_deleting_several_recettes_does_not_lose_the_one_being_typed(volet: Recettes, heard: Said) -> None:
    volet.start_recette()
    type_in(volet.form.libelle, "Circulaire")
    volet.table.select([0, 1], current=0)
    volet.delete()
    assert volet.form.libelle.value() == "Circulaire"
    assert volet.model.rowCount() == 2
    assert "n'est pas enregistrée" in heard.last
