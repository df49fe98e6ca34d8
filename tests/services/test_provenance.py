"""From an amount to its cell, and to what was there before: after a new export, a correction, an undo, a deletion."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Mesure, Nature
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe
from firdesk.services import allocations, provenance, syntheses
from firdesk.services.importing import run
from firdesk.services.session import Session, create
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars, write_xlsx


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("provenance") / "modele.firdesk"
    create(path, (2025,))
    return path


@pytest.fixture
def session(empty: Path, tmp_path: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copy(empty, tmp_path / "base.firdesk"))) as opened:
        yield opened


def imported(session: Session, path: Path) -> Lot:
    return run.execute(session, run.plan(session, run.scan(path)))


def notified(session: Session, reference: str = "2025-0001") -> list[tuple[object, ...]]:
    """(cents, in force, file, cell) of the notified amount."""
    return [
        (o.montant, o.actuelle, o.lieu.fichier if o.lieu else "", o.lieu.cellule if o.lieu else "")
        for o in provenance.de_reference(session, reference)
        if o.quoi.startswith("Notifié")
    ]


def correct(session: Session, cents: int | None) -> None:
    draft = allocations.brouillon(session, session.allocations.ids(Filtre())[0])
    assert draft is not None
    allocations.save(session, replace(draft, montants=draft.montants | {Nature.NOTIFICATION: cents}))


def test_each_amount_says_its_sheet_cell_and_text(session: Session, tmp_path: Path) -> None:
    lot = imported(session, write_xlsx(tmp_path / "suivi.xlsx", [stars(1, notifie="12450.00")]))
    found = provenance.de_reference(session, "2025-0001")
    assert [o.quoi for o in found] == ["Saisi 2025", "Validation intermédiaire 2025", "Validé 2025", "Notifié 2025"]
    day = "/".join(reversed(lot.importe_le[:10].split("-")))
    assert found[-1].phrase == f"Feuille « Export », AH5, lu « 12\u202f450,00 € », importé le {day} depuis suivi.xlsx"
    assert found[-1].lieu is not None
    assert found[-1].lieu.lot == lot.id


def test_a_new_export_shows_the_new_cell_then_the_former_one(session: Session, tmp_path: Path) -> None:
    imported(session, write_stars(tmp_path / "v1.csv", [stars(1), stars(2)]))
    imported(session, write_stars(tmp_path / "v2.csv", [stars(2), stars(1, notifie="2000.00")]))
    assert notified(session) == [(2000_00, True, "v2.csv", "AG3"), (1000_50, False, "v1.csv", "AG2")]


def test_an_export_that_changes_nothing_leaves_the_cell_where_it_was(session: Session, tmp_path: Path) -> None:
    imported(session, write_stars(tmp_path / "v1.csv", [stars(1)]))
    imported(session, write_stars(tmp_path / "v2.csv", [stars(2), stars(1)]))
    assert notified(session) == [(1000_50, True, "v1.csv", "AG2")]


def test_a_correction_by_hand_comes_before_the_cell_it_replaced(session: Session, tmp_path: Path) -> None:
    imported(session, write_stars(tmp_path / "v1.csv", [stars(1)]))
    correct(session, 7_00)
    assert notified(session) == [(7_00, True, "", ""), (1000_50, False, "v1.csv", "AG2")]
    assert provenance.de_reference(session, "2025-0001")[-2].phrase.startswith("Saisi le ")


def test_what_was_undone_is_no_history(session: Session, tmp_path: Path) -> None:
    imported(session, write_stars(tmp_path / "v1.csv", [stars(1)]))
    imported(session, write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00")]))
    session.undo()
    assert notified(session) == [(1000_50, True, "v1.csv", "AG2")]
    session.redo()
    assert notified(session)[0] == (2000_00, True, "v2.csv", "AG2")


def test_an_amount_taken_away_still_says_what_it_was(session: Session, tmp_path: Path) -> None:
    imported(session, write_stars(tmp_path / "v1.csv", [stars(1)]))
    number = session.allocations.ids(Filtre())[0]
    (move,) = (m for m in session.allocations.mouvements(number) if m.nature is Nature.NOTIFICATION)
    correct(session, None)
    found = provenance.de_mouvement(session, move.id or 0)
    assert [(o.montant, o.actuelle) for o in found] == [(None, True), (1000_50, False)]
    assert found[0].phrase.startswith("Supprimé le ")


def test_the_figures_of_sibc_lead_to_their_rows_and_add_up(session: Session, tmp_path: Path) -> None:
    lines = [sibc(), sibc("MI1-2-4", ej_valides="50.0"), sibc("MI2-3-8")]
    imported(session, write_sibc(tmp_path / "SIBC_20251231.csv", lines))
    table = syntheses.table(session, (Axe.MISSION,), 2025)
    for line in table.lignes:
        found = provenance.de_l_execution(session, 2025, {Axe.MISSION: line.cle[0]}, (Mesure.ENGAGE,))
        assert sum(o.montant or 0 for o in found) == line.ae_engagee
        assert all(o.lieu is not None and o.lieu.cellule for o in found)
    (one,) = provenance.de_l_execution(session, 2025, {Axe.DESTINATION: "MI2-3-8"}, (Mesure.ENGAGE,))
    assert one.lieu is not None
    assert (one.quoi, one.lieu.cellule) == ("MI2-3-8 · Intervention · EJ validés", "L4")
    everything = provenance.de_l_execution(session, None)
    assert sum(o.montant or 0 for o in everything) == table.total.ae_engagee + table.total.cp_paye


@pytest.mark.parametrize("reference", ["", "2025", "2025-9999", "2025-un", "2025-²", "2025-99999999999999999999"])
def test_an_unknown_reference_is_refused_with_the_way_to_write_it(session: Session, reference: str) -> None:
    with pytest.raises(Refus, match="2025-0412"):
        provenance.de_reference(session, reference)


def test_amounts_read_the_same_as_the_cell_shows(session: Session, tmp_path: Path) -> None:
    imported(session, write_xlsx(tmp_path / "suivi.xlsx", [stars(1, notifie="12450.00")]))
    for o in provenance.de_reference(session, "2025-0001"):
        assert o.lieu is not None
        assert money.parse(o.lieu.lu) == o.montant
