"""The page of operators: found by any name, told by exercice, changed and merged from there."""

from functools import partial

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.operateur import Operateur
from firdesk.ui.dialogs.fusion_operateurs import FusionOperateurs
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.conventions import Conventions
from firdesk.ui.pages.dispositifs import Dispositifs
from firdesk.ui.pages.operateurs import Operateurs
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked
from tests.ui.pages.conftest import occupy, type_in


@pytest.fixture
def page(workspace: Workspace) -> Operateurs:
    workspace.go("operateurs")
    found = workspace.page("operateurs")
    assert isinstance(found, Operateurs)
    return found


def column(page: Operateurs, key: str) -> list[object]:
    place = page.model.column_of(key)
    return [page.model.row(i)[place] for i in range(page.model.rowCount())]


def is_shown(page: Operateurs | Dispositifs | Conventions, key: str) -> bool:
    return not page.table.view.isColumnHidden(page.model.column_of(key))


def test_every_operator_has_its_sums_of_two_exercices_and_they_add_up(page: Operateurs) -> None:
    assert column(page, "nom") == ["CH de Laon", "CHU de Lille", "CPTS de Guise", "GIP Inéa"]
    assert column(page, "avant") == [800_000_00, None, None, None]
    assert sum(int(str(v)) for v in column(page, "notifie")) == 10_800_000_50
    assert page.table.totals.texts()["notifie"] == money.euros(10_800_000_50)
    assert page.table.totals.texts()["part"] == "100,00\u00a0%"


def test_columns_follow_the_width_of_the_list_until_the_user_chooses_them(page: Operateurs, qtbot: QtBot) -> None:
    assert not is_shown(page, "siret")
    page.window().resize(1900, 900)
    qtbot.waitUntil(partial(is_shown, page, "siret"))
    assert not is_shown(page, "commune")  # nobody has any
    page.window().resize(1280, 800)
    qtbot.waitUntil(lambda: not is_shown(page, "siret"))
    next(a for a in page.columns.menu().actions() if a.text() == "SIRET").toggle()
    page.refresh()
    assert is_shown(page, "siret")


def test_a_wide_window_shows_every_column_from_the_first_look(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1900, 900)
    assert window.workspace is not None
    for key, column in (("operateurs", "siret"), ("dispositifs", "theme"), ("conventions", "nature")):
        window.workspace.go(key)
        page = window.workspace.page(key)
        assert isinstance(page, Operateurs | Dispositifs | Conventions)
        qtbot.waitUntil(partial(is_shown, page, column))


def test_searching_keeps_the_share_of_the_whole(page: Operateurs) -> None:
    page.search.setText("inea")
    page.refresh()
    assert column(page, "nom") == ["GIP Inéa"]
    assert page.table.totals.texts()["part"] == "37,04\u00a0%"
    page.search.setText("personne")
    page.refresh()
    assert page.table.empty.message() == "Aucun opérateur pour « personne »."


def test_the_card_tells_the_history_and_opens_a_year(page: Operateurs, asked: Asked) -> None:
    page.accept(1)
    card = page.fiche
    assert [card.annees_model.row(i)[0] for i in range(2)] == ["2024", "2025"]
    assert "16,67" in card.parts.text()
    assert "Reste à payer inconnu" in card.parts.text()
    assert card.annees.totals.texts()["notifie"] == money.euros(1_800_000_00)
    card.annees.activated.emit(0)
    assert asked[-1] == ("allocations", Filtre(exercice=2024, operateurs=(1,)))


def test_its_lines_are_listed_and_each_opens(page: Operateurs, asked: Asked) -> None:
    page.accept(1)
    assert page.fiche.lignes_table.totals.texts()["notifie"] == money.euros(1_800_000_00)
    page.fiche.lignes_table.activated.emit(0)
    key, wanted = asked[-1]
    assert key == "allocations"
    assert isinstance(wanted, Filtre)
    assert wanted.operateurs == (1,)


def test_the_identity_is_changed_by_the_form_that_creates(page: Operateurs) -> None:
    page.accept(3)
    form = page.fiche.identite
    type_in(form.commune, "Lille")
    form.perimetre.set_code("regional")
    assert form.dirty
    form.submit()
    kept = page.session.operateurs.get(3)
    assert (kept.commune, kept.perimetre, kept.departement) == ("Lille", "regional", "59")
    assert not page.fiche.dirty
    assert page.fiche.number == 3


def test_an_identity_typed_and_not_saved_keeps_its_operator(page: Operateurs, workspace: Workspace) -> None:
    type_in(page.fiche.identite.nom, "Autre nom")
    page.table.select([2], current=2)
    assert page.fiche.number == 1
    assert not workspace.go("budget")
    page.fiche.revert()
    assert workspace.go("budget")


def test_an_alias_is_added_then_finds_its_operator_and_is_taken_away(page: Operateurs) -> None:
    page.accept(2)
    page.fiche.alias_valeur.setText("CHRU")
    page.fiche.add_alias()
    page.search.setText("chru")
    page.refresh()
    assert column(page, "nom") == ["CHU de Lille"]
    page.fiche.alias_table.select([0], current=0)
    page.fiche.remove_alias()
    assert page.session.operateurs.aliases(2) == []


def test_an_operator_is_merged_from_its_card(page: Operateurs, workspace: Workspace, worker: ManualExecutor) -> None:
    page.accept(2)
    page.fiche.merge.emit(2)
    worker.run()
    dialog = next(d for d in workspace.window().findChildren(FusionOperateurs) if d.isVisible())
    assert dialog.garder.text() == "CHU de Lille"
    dialog.reject()


def test_a_merged_operator_leaves_the_card(page: Operateurs) -> None:
    from firdesk.services import operateurs

    page.accept(2)
    page.bridge.perform(lambda: operateurs.fusionner(page.session, 1, 2))
    assert page.fiche.number == 1
    assert len(page.lignes) == 3


def test_three_thousand_operators_are_listed(page: Operateurs) -> None:
    with page.session.operation("Saisir"):
        page.session.operateurs.add_many(Operateur(f"Association {n}", departement="02") for n in range(3000))
    page.refresh()
    QGuiApplication.processEvents()
    assert page.model.rowCount() == 3004
    page.finances.setChecked(True)
    assert page.model.rowCount() == 4


def test_an_identity_that_is_refused_stays_typed(page: Operateurs, worker: ManualExecutor) -> None:
    page.accept(3)
    form = page.fiche.identite
    type_in(form.commune, "Lille")
    occupy(page.bridge)
    form.submit()
    assert (form.commune.value(), page.fiche.dirty, page.fiche.number) == ("Lille", True, 3)
    worker.run()
    form.submit()
    assert page.session.operateurs.get(3).commune == "Lille"
    assert not page.fiche.dirty
