"""SIBC: snapshots of the budget's execution, kept at their date."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from firdesk.domain.execution import LigneExecution
from firdesk.domain.lot import Lot
from firdesk.services.importing import run
from firdesk.services.importing.datation import date_du_nom, instantane_du
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import contenu, lire
from tests.services.importing.fichiers import sibc, write_sibc, write_xlsx
from tests.services.importing.test_engagements import counts

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]
NAME = "SIBC_20260105.csv"


def lines(session: Session, annee: int = 2025) -> dict[tuple[str, str], LigneExecution]:
    """The lines of the latest snapshot by destination and enveloppe."""
    latest = session.budgets.instantanes(annee)[0]
    return {key: line for key, (_, line) in session.budgets.lignes_execution(latest.id).items()}


def test_a_snapshot_is_kept_at_its_date_with_its_cells(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_sibc(tmp_path / NAME, [sibc()]))
    (snapshot,) = session.budgets.instantanes(2025)
    assert (snapshot.date, snapshot.ae_ouvertes, snapshot.decaissements) == ("2026-01-05", 100000, 70000)
    (line,) = lines(session).values()
    assert (line.destination, line.enveloppe, line.ej_valides, line.cellule) == (
        "MI1-2-3",
        "Intervention",
        80000,
        "L2",
    )


def test_only_the_fir_is_kept_and_the_rest_is_counted(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_sibc(tmp_path / NAME, [sibc(), sibc("MI2-3-8", sg1="DG", ej_valides="5.0")]))
    assert (plan.lues, len(plan.nouvelles), plan.ignorees_lignes, plan.total_ignore) == (2, 1, 1, 500)
    assert plan.total_fichier == plan.total_lu == 80500


def test_rows_of_one_code_are_added_whatever_their_label(tmp_path: Path, session: Session, importer: Importer) -> None:
    rows = [sibc(rang3="Dispositifs d¿appui"), sibc(rang3="Dispositifs d'appui"), sibc(enveloppe="Fonctionnement")]
    importer(write_sibc(tmp_path / NAME, rows))
    found = lines(session)
    assert {k: x.ej_valides for k, x in found.items()} == {
        ("MI1-2-3", "Intervention"): 160000,
        ("MI1-2-3", "Fonctionnement"): 80000,
    }
    assert found["MI1-2-3", "Intervention"].cellule == "L2, L3"


def test_an_empty_amount_is_not_zero(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_sibc(tmp_path / NAME, [sibc(ae_ouvertes="", cp_ouverts="0.0"), sibc(ae_ouvertes="")]))
    (line,) = lines(session).values()
    assert (line.ae_ouvertes, line.cp_ouverts) == (None, 90000)


@pytest.mark.parametrize(
    ("code3", "code2", "code"), [("", " 2-3", "MI2-3"), ("2.3.8", "2.3", "MI2-3-8"), ("BA-PAIA", "MI4-2", "BA-PAIA")]
)
def test_the_code_is_the_third_rank_else_the_second_however_written(
    tmp_path: Path, session: Session, importer: Importer, code3: str, code2: str, code: str
) -> None:
    importer(write_sibc(tmp_path / NAME, [sibc(code3, code2=code2)]))
    assert [k[0] for k in lines(session)] == [code]


def test_consuming_more_than_opened_warns_and_never_refuses(tmp_path: Path, preparer: Preparer) -> None:
    rows = [sibc(ej_valides="2000.0", decaissements="3000.0"), sibc("MI2-3-8", ej_valides="2000.0")]
    plan = preparer(write_sibc(tmp_path / NAME, rows))
    assert plan.rejetees == 0
    assert len(plan.alertes) == 3


def test_an_enveloppe_of_the_list_takes_its_code(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_sibc(tmp_path / NAME, [sibc(enveloppe="MEDICO SOCIAL")]))
    assert [k[1] for k in lines(session)] == ["MEDICO-SOCIAL"]


def test_a_workbook_saved_from_it_gives_the_same_snapshot(tmp_path: Path, session: Session, autre: Session) -> None:
    rows = [sibc(), sibc("MI2-3-8", decaissements=""), sibc("", code2="MI2-3"), sibc(sg1="DG")]
    run.execute(session, run.plan(session, lire(write_sibc(tmp_path / NAME, rows))))
    plan = run.plan(autre, lire(write_xlsx(tmp_path / "SIBC_05-01-2026.xlsx", rows)))
    assert [c.lu == c.calcule for c in plan.controle_totaux] == [True] * 4
    run.execute(autre, plan)
    assert contenu(autre) == contenu(session)


def test_the_same_date_is_updated_in_place(tmp_path: Path, session: Session, importer: Importer) -> None:
    path = write_sibc(tmp_path / NAME, [sibc(), sibc("MI2-3-8"), sibc("MI2-3-9")])
    assert counts(importer(path)) == (3, 0, 0, 0, 0, 0)
    assert counts(importer(path)) == (0, 0, 3, 0, 0, 0)
    path = write_sibc(tmp_path / NAME, [sibc(), sibc("MI2-3-8", ej_valides="1.0"), sibc("MI1-1-1")])
    assert counts(importer(path)) == (1, 1, 1, 1, 0, 0)
    (snapshot,) = session.budgets.instantanes(2025)
    assert snapshot.ej_valides == 80000 + 100 + 80000


def test_another_date_is_another_snapshot(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_sibc(tmp_path / "SIBC_20250630.csv", [sibc(ej_valides="1.0")]))
    importer(write_sibc(tmp_path / "SIBC_20251231.csv", [sibc(ej_valides="2.0")]))
    assert [(s.date, s.ej_valides) for s in session.budgets.instantanes(2025)] == [
        ("2025-12-31", 200),
        ("2025-06-30", 100),
    ]


def test_each_exercice_of_a_file_has_its_snapshot(tmp_path: Path, session: Session, importer: Importer) -> None:
    lot = importer(write_sibc(tmp_path / NAME, [sibc(), sibc(exercice="2024")]))
    assert lot.exercices == "2024, 2025"
    assert len(session.budgets.instantanes(2024)) == len(session.budgets.instantanes(2025)) == 1


def test_a_code_turned_into_a_date_is_rejected_with_the_reason(tmp_path: Path, preparer: Preparer) -> None:
    def cell(header: str, text: str) -> object:
        return 5 if header == "Code destination rang 2" else text

    plan = preparer(write_xlsx(tmp_path / "a.xlsx", [sibc(""), sibc()], cell=cell, total=False))
    assert plan.rejetees == 1
    assert "Excel a changé le code" in plan.rejets[0].remede


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("SIBC_20260105.csv", "2026-01-05"),
        ("SIBC 05-01-2026.xlsx", "2026-01-05"),
        ("sibc_05.01.2026_v2.xlsx", "2026-01-05"),
        ("SIBC_2026-01-05.xlsx", "2026-01-05"),
        ("SIBC_05012026101112.csv", "2026-01-05"),
        ("SIBC_20260105101112.csv", "2026-01-05"),
        ("SIBC_2025.csv", ""),
        ("SIBC_20261399.csv", ""),
    ],
)
def test_the_date_is_read_in_the_name(name: str, day: str) -> None:
    assert date_du_nom(name) == day


def test_without_a_date_in_the_name_the_first_import_of_the_same_bytes_dates_it() -> None:
    today = date(2026, 3, 1)
    assert (
        instantane_du("SIBC.csv", ["2026-02-03T10:00:00+01:00", "2026-01-02T10:00:00+01:00"], today)[0] == "2026-01-02"
    )
    assert instantane_du("SIBC.csv", [], today)[0] == "2026-03-01"


def test_a_line_of_the_agency_is_ignored_whatever_its_code(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_sibc(tmp_path / NAME, [sibc(), sibc("DG-1-2", sg1="DG")]))
    assert (plan.rejets, plan.rejetees, plan.ignorees_lignes) == ((), 0, 1)
