"""The dashboard shows the sums of the base and opens the lines behind each of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.synthese import Axe
from firdesk.services import allocations
from firdesk.services import session as sessions
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.tableau_de_bord import TableauDeBord
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


@pytest.fixture
def page(workspace: Workspace) -> TableauDeBord:
    found = workspace.page("tableau_de_bord")
    assert isinstance(found, TableauDeBord)
    return found


def double(workspace: Workspace) -> None:
    """Notify allocation 1 of MI2-3-8, 1 000 000 €, for twice as much."""
    session = workspace.bridge.session

    def change() -> None:
        found = session.allocations.get(1)
        assert found is not None
        with session.operation("Doubler"):
            session.allocations.update_mouvement(replace(found.mouvements[0], montant=2_000_000_00))

    workspace.bridge.perform(change)


def test_figures_are_the_sums_of_the_base(page: TableauDeBord, workspace: Workspace) -> None:
    total = workspace.bridge.session.syntheses.par((Axe.THEME,), 2025).total.notifie
    assert page.notifie.figure() == money.euros(total, decimals=False)
    assert page.ouvertes.figure() == money.euros(11_000_000_00)
    assert page.engagees.figure() == money.euros(5_500_000_00)
    assert page.payes.figure() == money.euros(5_300_000_00)


def test_rates_are_against_the_last_budget(page: TableauDeBord) -> None:
    assert "50,0\u00a0% des AE ouvertes" in page.engagees.accessibleName()
    assert "48,2\u00a0% des CP ouverts" in page.payes.accessibleName()


def test_subtitle_names_the_budget_the_snapshot_and_the_allocations(page: TableauDeBord) -> None:
    assert page.subtitle == "BR1 du 14/11/2025 · exécution SIBC au 31/12/2025 · 5 allocations"


def test_themes_are_ranked_and_add_up_to_the_notified_total(page: TableauDeBord) -> None:
    values = [r.value_cents for r in page.themes.rows()]
    assert values == sorted(values, reverse=True)
    assert sum(values) == 10_800_000_50


def test_everything_follows_an_operation_without_a_button(page: TableauDeBord, workspace: Workspace) -> None:
    double(workspace)
    assert page.notifie.figure() == money.euros(11_800_000_50, decimals=False)
    assert sum(r.value_cents for r in page.themes.rows()) == 11_800_000_50
    assert sum(r.value_cents for r in page.departements.rows()) == 11_800_000_50


def test_a_theme_opens_its_allocations(page: TableauDeBord, asked: Asked) -> None:
    page.themes.bar_clicked.emit("PA")
    assert asked == [("allocations", Filtre(exercice=2025, themes=("PA",)))]


def test_a_mission_opens_its_allocations(page: TableauDeBord, asked: Asked) -> None:
    page.missions.bar_clicked.emit("2")
    assert asked == [("allocations", Filtre(exercice=2025, missions=("2",)))]


def test_a_departement_opens_its_allocations(page: TableauDeBord, asked: Asked) -> None:
    page.departements.bar_clicked.emit("59")
    assert asked == [("allocations", Filtre(exercice=2025, departements=("59",)))]


def test_the_notified_figure_opens_every_allocation(page: TableauDeBord, asked: Asked) -> None:
    page.notifie.clicked.emit()
    assert asked == [("allocations", Filtre(exercice=2025))]


def test_the_two_biggest_themes_can_be_set_apart(page: TableauDeBord) -> None:
    page.show_themes(sans_gros=True)
    assert [r.key for r in page.themes.rows()] == ["PA", "CANCER"]


def test_missions_show_engaged_paid_and_opened(page: TableauDeBord) -> None:
    rows = {r.key: (r.first_cents, r.second_cents, r.mark_cents) for r in page.missions.rows()}
    assert rows["2"] == (1_500_000_00, 1_400_000_00, 1_600_000_00)
    assert rows["1"] == (0, 0, 400_000_00)


def test_without_a_snapshot_nothing_is_shown_as_zero(workspace: Workspace, page: TableauDeBord) -> None:
    workspace.bridge.set_exercice(2024)
    assert (page.engagees.figure(), page.payes.figure()) == ("—", "—")
    assert "pas encore d'exécution SIBC" in page.engagees.accessibleName()
    assert "pas encore d'exécution SIBC" in page.subtitle
    assert page.missions_notifie.isVisible()


def test_without_a_snapshot_mouvements_say_what_was_engaged(workspace: Workspace, page: TableauDeBord) -> None:
    session = workspace.bridge.session
    draft = allocations.brouillon(session, session.allocations.ids(Filtre(2024))[0])
    assert draft is not None
    allocations.save(session, replace(draft, montants={**draft.montants, Nature.ENGAGEMENT: 70_00}))
    workspace.bridge.set_exercice(2024)
    assert page.engagees.figure() == money.euros(70_00)
    assert "mouvements des allocations" in page.subtitle
    assert page.ouvertes.figure() == "—"
    assert page.missions.isVisible()


def test_what_deserves_a_look_opens_its_lines(page: TableauDeBord, workspace: Workspace, asked: Asked) -> None:
    session = workspace.bridge.session

    def change() -> None:
        found = session.allocations.get(1)
        assert found is not None
        with session.operation("Retirer le thème"):
            session.allocations.update(replace(found, theme=""))

    workspace.bridge.perform(change)
    see = [b for b in page.regarder.findChildren(QPushButton) if "sans thème" in b.accessibleName()]
    see[0].click()
    assert asked == [("allocations", Filtre(exercice=2025, themes=("",)))]


def test_an_empty_base_invites_to_import_or_type(
    empty_window: MainWindow, worker: ManualExecutor, tmp_path: Path
) -> None:
    sessions.create(tmp_path / "vide.firdesk", (2026,))
    empty_window.open_base(tmp_path / "vide.firdesk")
    assert empty_window.workspace is not None
    page = empty_window.workspace.page("tableau_de_bord")
    assert isinstance(page, TableauDeBord)
    assert page.vide.isVisible()
    assert "2026" in page.vide.message()
