"""Tables that add up, whose every cell opens the lines behind it."""

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.dispositif import Dont
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.synthese import Axe, Valeur
from firdesk.services import donts, engagements
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.syntheses import Syntheses
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


@pytest.fixture
def page(workspace: Workspace) -> Syntheses:
    workspace.go("syntheses")
    found = workspace.page("syntheses")
    assert isinstance(found, Syntheses)
    return found


def column(page: Syntheses, key: str) -> list[object]:
    place = page.model.column_of(key)
    return [page.model.row(i)[place] for i in range(page.model.rowCount())]


def test_the_table_adds_up_to_the_base(page: Syntheses) -> None:
    assert sum(int(str(v)) for v in column(page, "notifie")) == 10_800_000_50
    assert page.table.totals.texts()["notifie"] == money.euros(10_800_000_50)


def test_shares_add_up_to_exactly_one_hundred(page: Syntheses) -> None:
    assert sum((Decimal(str(v)) for v in column(page, "part")), Decimal(0)) == Decimal("100.0")


def test_the_exercice_before_stands_beside(page: Syntheses) -> None:
    page.set_axes(Axe.DESTINATION)
    before = dict(zip(column(page, "code"), column(page, "avant"), strict=True))
    assert before["MI2-3-8"] == 800_000_00
    assert page.table.totals.texts()["avant"] == money.euros(800_000_00)


def test_engaged_and_paid_come_from_sibc_and_say_so(page: Syntheses) -> None:
    page.set_axes(Axe.MISSION)
    assert page.table.totals.texts()["ae"] == money.euros(5_500_000_00)
    assert "SIBC au 31/12/2025" in page.subtitle


def test_engaged_and_paid_are_unknown_where_nothing_says_them(page: Syntheses) -> None:
    page.set_axes(Axe.THEME)
    assert set(column(page, "ae")) == {"—"}
    assert page.table.totals.texts()["cp"] == "—"


def test_sub_totals_by_mission_are_the_sums_of_their_lines(page: Syntheses) -> None:
    page.set_axes(Axe.DESTINATION)
    strong = [i for i in range(page.model.rowCount()) if page.model.strong(i)]
    assert len(strong) == 4
    assert sum(int(str(column(page, "notifie")[i])) for i in strong) == 10_800_000_50


def test_two_axes_cross_one_measure(page: Syntheses) -> None:
    page.set_axes(Axe.THEME, Axe.DEPARTEMENT)
    assert [c.title for c in page.model.columns] == ["Thème", "02 Aisne", "59 Nord", "Total", "Part"]
    assert page.table.totals.texts()["c0"] == money.euros(6_000_000_00)


def test_a_cell_opens_the_allocations_of_its_row_and_column(page: Syntheses, asked: Asked) -> None:
    page.set_axes(Axe.THEME, Axe.DEPARTEMENT)
    row = column(page, "libelle").index("Parcours Personnes âgées")
    page.drill(row, page.model.column_of("c1"))
    assert asked == [("allocations", Filtre(exercice=2025, themes=("PA",), departements=("59",)))]


def test_the_total_of_a_row_opens_the_row(page: Syntheses, asked: Asked) -> None:
    page.set_axes(Axe.THEME, Axe.DEPARTEMENT)
    row = column(page, "libelle").index("Parcours Personnes âgées")
    page.drill(row, page.model.column_of("total"))
    assert asked == [("allocations", Filtre(exercice=2025, themes=("PA",)))]


def test_the_total_of_a_column_opens_the_column(page: Syntheses, asked: Asked) -> None:
    page.set_axes(Axe.THEME, Axe.DEPARTEMENT)
    page.drill(None, page.model.column_of("c1"))
    assert asked == [("allocations", Filtre(exercice=2025, departements=("59",)))]


def test_a_sub_total_opens_its_mission(page: Syntheses, asked: Asked) -> None:
    page.set_axes(Axe.DESTINATION)
    row = next(i for i in range(page.model.rowCount()) if page.model.strong(i))
    page.drill(row, 1)
    assert asked == [("allocations", Filtre(exercice=2025, missions=("1",)))]


def test_enter_opens_the_current_cell(page: Syntheses, asked: Asked) -> None:
    page.set_axes(Axe.MISSION)
    page.table.view.setCurrentIndex(page.model.index(1, 2))
    QTest.keyClick(page.table.view, Qt.Key.Key_Return)
    assert asked == [("allocations", Filtre(exercice=2025, missions=("2",)))]


def test_control_enter_opens_the_total(page: Syntheses, asked: Asked) -> None:
    QTest.keyClick(page.table.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked == [("allocations", Filtre(exercice=2025))]


def test_an_axis_of_exercices_shows_them_all(page: Syntheses, asked: Asked) -> None:
    page.set_axes(Axe.EXERCICE)
    assert column(page, "libelle") == ["2024", "2025"]
    page.drill(0, 1)
    assert asked == [("allocations", Filtre(exercice=2024))]


def test_the_same_axis_twice_counts_once(page: Syntheses) -> None:
    page.set_axes(Axe.THEME, Axe.THEME)
    assert page.axes == (Axe.THEME,)


def test_the_table_is_copied_with_its_titles(page: Syntheses) -> None:
    page.copy_all()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Thème\tAllocations\tNotifié")
    assert len(lines) == page.model.rowCount() + 1


def test_what_is_shown_is_exported(page: Syntheses, worker: ManualExecutor, tmp_path: Path) -> None:
    page.export_to(tmp_path / "synthese.csv")
    worker.run()
    assert "Parcours Cancer" in (tmp_path / "synthese.csv").read_text(encoding="utf-8-sig")


def test_a_crossed_table_is_exported_as_it_is_shown(page: Syntheses, worker: ManualExecutor, tmp_path: Path) -> None:
    page.set_axes(Axe.THEME, Axe.DEPARTEMENT)
    page.export_to(tmp_path / "croise.csv")
    worker.run()
    lines = (tmp_path / "croise.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Code thème;Thème;02 Aisne;59 Nord;Total;Part"
    assert len(lines) == page.model.rowCount() + 2


def test_an_exercice_without_amounts_says_so(page: Syntheses, workspace: Workspace) -> None:
    with workspace.bridge.session.operation("Ouvrir 2026"):
        workspace.bridge.session.nomenclatures.open_exercice(2026)
    workspace.bridge.set_exercice(2026)
    assert page.table.empty.message() == "Aucun montant pour 2026."
    assert not page.exporter.isEnabled()


def test_the_lines_of_a_mission_add_up_to_its_share(page: Syntheses) -> None:
    page.set_axes(Axe.MISSION)
    missions = [Decimal(str(v)) for v in column(page, "part")]
    page.set_axes(Axe.DESTINATION)
    parts = [Decimal(str(v)) for v in column(page, "part")]
    strong = [page.model.strong(i) for i in range(page.model.rowCount())]
    assert [p for p, total in zip(parts, strong, strict=True) if total] == missions
    assert sum((p for p, total in zip(parts, strong, strict=True) if not total), Decimal(0)) == 100


def test_the_measure_chosen_is_shown_shared_and_compared(page: Syntheses) -> None:
    engagements.ajouter(page.session, 6, Mouvement(Nature.ENGAGEMENT, 2024, 100_00))
    engagements.ajouter(page.session, 1, Mouvement(Nature.ENGAGEMENT, 2025, 300_00))
    page.mesure.setCurrentIndex(page.mesure.findData(Valeur.ENGAGE))
    page.set_axes(Axe.THEME)
    row = column(page, "libelle").index("Parcours Personnes âgées")
    assert (column(page, "ae")[row], column(page, "avant")[row]) == (300_00, 100_00)
    assert column(page, "part")[row] == Decimal("100.0")
    assert [c.title for c in page.model.columns][2:5] == ["AE engagée", "Part", "AE engagée 2024"]


def test_what_is_left_to_pay_is_since_the_origin(page: Syntheses) -> None:
    engagements.ajouter(page.session, 6, Mouvement(Nature.ENGAGEMENT, 2024, 100_00))
    engagements.ajouter(page.session, 6, Mouvement(Nature.PAIEMENT, 2025, 30_00))
    page.mesure.setCurrentIndex(page.mesure.findData(Valeur.RESTE_A_PAYER))
    page.set_axes(Axe.OPERATEUR)
    left = dict(zip(column(page, "libelle"), column(page, "reste_a_payer"), strict=True))
    assert left["CH de Laon"] == 70_00
    assert page.table.totals.texts()["reste_a_payer"] == money.euros(70_00)
    assert page.model.column_of("avant") == -1
    assert "depuis l'origine" in page.subtitle


@pytest.mark.parametrize("axe", [Axe.CONVENTION, Axe.DISPOSITIF, Axe.CANAL, Axe.CARACTERE])
def test_every_axis_adds_up_to_the_base(page: Syntheses, axe: Axe) -> None:
    page.set_axes(axe)
    assert sum(int(str(v)) for v in column(page, "notifie")) == 10_800_000_50


def test_a_dont_stays_under_its_line_whatever_the_order_and_no_total_moves(page: Syntheses) -> None:
    before = page.table.totals.texts()
    donts.enregistrer_dont(page.session, Dont(2025, "domicile", 200_000_00, theme="PA"))
    page.refresh()
    assert page.table.totals.texts() == before
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        page.model.sort(page.model.column_of("notifie"), order)
        shown = [page.model.cells(i)[0].text.strip() for i in range(page.model.rowCount())]
        assert shown[shown.index("dont domicile") - 1] == "Parcours Personnes âgées"
    told = next(i for i in range(page.model.rowCount()) if "domicile" in page.model.cells(i)[0].text)
    texts = {c.key: page.model.cells(told)[i].text for i, c in enumerate(page.model.columns)}
    assert (texts["notifie"], texts["dont"]) == ("", money.euros(200_000_00))
    assert "4 lignes" in page.status
