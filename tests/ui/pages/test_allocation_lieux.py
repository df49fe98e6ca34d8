"""The places of an allocation: rows that make a whole, the dialog that saves them, départements told both ways."""

from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.problem import Invalide
from firdesk.domain.synthese import Axe
from firdesk.domain.territoire import Lieu, Par
from firdesk.services import territoires
from firdesk.ui.dialogs import lieux
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.allocation_lieux import LieuxEdit
from firdesk.ui.pages.syntheses import Syntheses
from firdesk.ui.workspace import Workspace
from tests.ui.conftest import Asked


@pytest.fixture
def edit(workspace: Workspace, qtbot: QtBot) -> LieuxEdit:
    made = LieuxEdit(workspace.bridge.session)
    qtbot.addWidget(made)
    made.set_siege("02")
    return made


def test_without_rows_the_seat_says_it(edit: LieuxEdit) -> None:
    assert edit.lieux() == ()
    assert "02 Aisne" in edit.total.text()


def test_the_first_row_proposes_the_seat_and_what_is_left(edit: LieuxEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(edit.edited):
        edit.add()
    assert edit.lieux() == (Lieu("02", 10_000),)
    edit.lignes[0].part.set_part(6_000)
    edit.add()
    edit.lignes[1].departement.set_code("80")
    assert edit.lieux() == (Lieu("02", 6_000), Lieu("80", 4_000))


def test_equal_shares_and_the_whole_region_make_a_whole(edit: LieuxEdit) -> None:
    edit.whole_region()
    assert [x.departement for x in edit.lieux()] == ["02", "59", "60", "62", "80"]
    edit.lignes[0].removed.emit()
    edit.lignes[0].removed.emit()
    assert "il manque 40" in edit.problem()
    edit.share_equally()
    assert [x.part for x in edit.lieux()] == [3334, 3333, 3333]
    edit.clear()
    assert edit.lieux() == ()


def test_shares_that_do_not_make_a_whole_cannot_be_read(edit: LieuxEdit) -> None:
    edit.set_lieux((Lieu("02", 9_000),))
    assert edit.total.text() == "Total : 90\u00a0%"
    with pytest.raises(Invalide):
        edit.lieux()


def test_every_field_of_a_row_has_a_name(edit: LieuxEdit) -> None:
    edit.whole_region()
    assert edit.lignes[1].departement.accessibleName() == "Département 2"
    assert edit.lignes[1].part.accessibleName() == "Part du département 2"


def test_the_dialog_keeps_the_user_until_the_shares_are_whole(workspace: Workspace) -> None:
    dialog = lieux.show(workspace.bridge, workspace, [1])
    assert "CH de Laon" in dialog._whom()
    dialog.lieux.set_lieux((Lieu("02", 9_000),))
    dialog.save()
    assert dialog.isVisible()
    assert "il manque 10" in dialog.lieux.probleme.accessibleName()
    dialog.lieux.set_lieux((Lieu("80", 10_000),))
    dialog.save()
    assert not dialog.isVisible()
    assert workspace.bridge.session.lieux.de(1) == (Lieu("80", 10_000),)


# Departements told both ways


@pytest.fixture
def page(workspace: Workspace) -> Syntheses:
    session = workspace.bridge.session
    territoires.enregistrer(session, [1], (Lieu("80", 2_500), Lieu("02", 7_500)))
    with session.operation("Dire le périmètre"):
        session.base.conn.execute("UPDATE operateur SET perimetre = 'regional' WHERE id = 3")
    workspace.go("syntheses", (Axe.DEPARTEMENT,))
    found = workspace.page("syntheses")
    assert isinstance(found, Syntheses)
    return found


def tell_by_place(page: Syntheses) -> None:
    page.par.setCurrentIndex(page.par.findData(Par.LIEU))
    page.refresh()


def rows(page: Syntheses) -> dict[str, int]:
    place = page.model.column_of("notifie")
    return {str(page.model.row(i)[1]): int(page.model.row(i)[place]) for i in range(page.model.rowCount())}


def test_the_switch_moves_lines_and_no_total(page: Syntheses) -> None:
    before = page.table.totals.texts()["notifie"]
    assert rows(page) == {"Aisne": 6_000_000_00, "Nord": 4_800_000_50}
    tell_by_place(page)
    assert rows(page) == {
        "Aisne": 5_750_000_00, "Nord": 800_000_50, "Somme": 250_000_00, "Région entière": 4_000_000_00
    }  # fmt: skip
    assert page.table.totals.texts()["notifie"] == before == money.euros(10_800_000_50)
    assert "selon le lieu d'action" in page.subtitle


def test_the_switch_and_the_chart_are_only_there_for_departements(page: Syntheses) -> None:
    assert page.par.isVisibleTo(page)
    assert [r.label for r in page.chart.rows()] == ["Aisne", "Nord"]
    page.set_axes(Axe.THEME)
    assert not page.par.isVisibleTo(page)
    assert not page.chart_card.isVisibleTo(page)


def test_a_line_told_by_place_opens_its_allocations(page: Syntheses, asked: Asked) -> None:
    tell_by_place(page)
    page.drill(3, 0)
    page.drill(None, 0)
    assert asked == [
        ("allocations", Filtre(exercice=2025, lieux=("region",))),
        ("allocations", Filtre(exercice=2025)),
    ]


def test_what_is_exported_is_what_is_shown(page: Syntheses, worker: ManualExecutor, tmp_path: Path) -> None:
    tell_by_place(page)
    file = tmp_path / "departements.xlsx"
    page.export_to(file)
    worker.run()
    texts = [c for row in openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True) for c in row]
    assert "Région entière" in texts
    assert "region" not in texts
