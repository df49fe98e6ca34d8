"""The budget in Excel: the same lines and the same totals as on screen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from firdesk.domain.recette import Flechage
from firdesk.services import budget_execution, budget_exporting, budgets, recettes
from firdesk.services.session import Session
from tests.services.budget_bases import delegate, open_small, virement, vote


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_small(tmp_path / "budget.firdesk") as opened:
        yield opened


@pytest.fixture
def demo(base_demo: Path) -> Iterator[Session]:
    with Session.open(base_demo) as opened:
        yield opened


def column(sheet: Any, title: str) -> list[int]:
    """The amounts under a title, the total last, in cents."""
    rows = list(sheet.iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if title in row)
    place = rows[header].index(title)
    return [round(float(str(row[place])) * 100) for row in rows[header + 1 :] if row[place] is not None]


@pytest.mark.parametrize("name", ["Par destination", "Par enveloppe", "Par mission"])
def test_the_execution_adds_up_in_every_sheet(demo: Session, tmp_path: Path, name: str) -> None:
    found = budget_execution.execution(demo, 2025)
    budget_exporting.export_execution(demo, tmp_path / "execution.xlsx", found)
    sheet = openpyxl.load_workbook(tmp_path / "execution.xlsx")[name]
    for title, total in (
        ("AE ouvertes", found.total.ae),
        ("AE engagées", found.total.engage),
        ("CP disponibles", found.total.disponible_cp),
        ("Notifié", found.total.notifie),
    ):
        amounts = column(sheet, title)
        assert amounts[-1] == sum(amounts[:-1]) == total


def test_a_version_is_written_with_its_virements(session: Session, tmp_path: Path) -> None:
    version = vote(session, "BI")
    budgets.virer(session, version, virement(version))
    budget_exporting.export_version(session, tmp_path / "bi.xlsx", 2025, version.id or 0)
    book = openpyxl.load_workbook(tmp_path / "bi.xlsx")
    assert column(book["BI"], "Virements AE") == [100_00, -100_00, 0, 0]
    assert column(book["BI"], "AE ouvertes") == [600_00, 900_00, 3_000_00, 4_500_00]
    assert column(book["Virements"], "AE") == [100_00, 100_00]


def test_two_versions_are_written_side_by_side(session: Session, tmp_path: Path) -> None:
    first, second = vote(session, "BI"), vote(session, "BR1")
    budgets.virer(session, second, virement(second))
    budget_exporting.export_comparaison(session, tmp_path / "e.xlsx", budgets.comparaison(session, first, second))
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert column(book["Par ligne"], "AE écart") == [100_00, -100_00, 0, 0]
    assert column(book["Par mission"], "AE BR1")[-1] == 4_500_00


def test_recettes_are_written_with_their_flechages_and_the_balance(session: Session, tmp_path: Path) -> None:
    delegate(session, 522_300_000_00, flechages=(Flechage(9_000_000_00, theme="PA"),))
    delegate(session, 3_500_000_00, nature="titre", source="ressources_propres", date="2025-10-01")
    budget_exporting.export_recettes(session, tmp_path / "r.xlsx", 2025)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert column(book["Recettes"], "Montant") == [522_300_000_00, 3_500_000_00, 525_800_000_00]
    assert column(book["Recettes"], "Fongible")[-1] == 525_800_000_00
    assert column(book["Fléchages"], "Fléché") == [9_000_000_00, 9_000_000_00]
    assert column(book["Équilibre"], "Montant")[:3] == [522_300_000_00, 3_500_000_00, 525_800_000_00]


def test_at_a_day_the_workbook_holds_what_the_screen_shows(session: Session, tmp_path: Path) -> None:
    delegate(session, 10_00, encaisse=10_00, encaissee_le="2025-09-01")
    delegate(session, 5_00, date="2025-12-01")
    budget_exporting.export_recettes(session, tmp_path / "r.xlsx", 2025, "2025-06-30")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Recettes"]
    added = recettes.cumul(session, 2025, "2025-06-30")
    assert (column(sheet, "Montant"), column(sheet, "Encaissé")) == ([10_00, added.total], [0, added.encaisse])
