"""Amounts before and after along each axis: they add up to the plan, and the base says the same once written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.lot import Lot
from firdesk.domain.synthese import Axe
from firdesk.services.importing import ecarts, run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.fichiers import sibc, stars, write_sibc, write_stars

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


def table(session: Session, plan: Plan, axe: Axe) -> dict[str, tuple[int, int]]:
    """Label of each line that changes, with its amounts."""
    return {x.libelle: (x.avant, x.apres) for x in ecarts.par(session, plan, axe).lignes if x.ecart}


def test_a_first_import_adds_to_each_mission_theme_and_operator(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    lines = [stars(1), stars(2, mesure3="MI2-3-8 : Equipes mobiles"), stars(1, notification="N9")]
    plan = preparer(write_stars(tmp_path / "v1.csv", lines))
    assert table(session, plan, Axe.MISSION) == {
        "1 · Prévention": (0, 2 * 100050),
        "2 · Parcours et qualité": (0, 100050),
    }
    assert list(table(session, plan, Axe.OPERATEUR).items()) == [
        ("Association fictive n° 1", (0, 2 * 100050)),
        ("Association fictive n° 2", (0, 100050)),
    ]


def test_a_theme_that_changes_takes_its_whole_amount_with_it(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1) | {"Thème": "PA"}, stars(2) | {"Thème": "PA"}]))
    later = [stars(1, notifie="1500.00") | {"Thème": "PH"}, stars(2) | {"Thème": "PA"}]
    plan = preparer(write_stars(tmp_path / "v2.csv", later))
    themes = session.nomenclatures.themes()
    assert table(session, plan, Axe.THEME) == {themes["PA"]: (200100, 100050), themes["PH"]: (0, 150000)}


def test_a_line_moved_by_hand_counts_where_the_base_has_it(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1)]))
    known = session.allocations.get(session.allocations.ids(Filtre())[0])
    assert known is not None
    with session.operation("Modifier l'allocation"):
        session.allocations.update(replace(known, destination="MI2-3-8"))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="1100.50")]))
    assert table(session, plan, Axe.MISSION) == {"2 · Parcours et qualité": (100050, 110050)}


@pytest.mark.parametrize("axe", ecarts.AXES)
def test_each_axis_adds_up_to_the_totals_of_the_plan(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, axe: Axe
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(n, notifie=f"{n}.01") for n in range(1, 9)]))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(n, notifie=f"{n}.02") for n in range(4, 15)]))
    found = ecarts.par(session, plan, axe)
    assert (found.avant, found.apres) == (plan.notifie_avant, plan.notifie_apres)
    run.execute(session, plan)
    written = {x.cle[0]: x.notifie for x in session.syntheses.par((axe,), 2025).lignes}
    if axe is not Axe.OPERATEUR:  # new operators have no number before they are written
        assert written == {x.cle: x.apres for x in found.lignes}


def test_a_snapshot_is_told_by_mission_beside_the_one_before(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    importer(write_sibc(tmp_path / "SIBC_20250630.csv", [sibc(), sibc("MI2-3-8")]))
    plan = preparer(write_sibc(tmp_path / "SIBC_20251231.csv", [sibc(ej_valides="950.0"), sibc("MI2-3-8")]))
    assert table(session, plan, Axe.MISSION) == {"1 · Prévention": (80000, 95000)}
    found = ecarts.par(session, plan, Axe.MISSION)
    assert (found.avant, found.apres) == (plan.notifie_avant, plan.notifie_apres)
    same = preparer(write_sibc(tmp_path / "b_20250630.csv", [sibc("MI2-3-8"), sibc("MI3-3-5", ej_valides="1.0")]))
    assert table(session, same, Axe.MISSION) == {"1 · Prévention": (80000, 0), "3 · Permanence des soins": (0, 100)}
