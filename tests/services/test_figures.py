"""The same figures on screen, in Excel, in CSV and in the PDF: those of the published report, to the cent."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from firdesk.domain import money
from firdesk.domain.execution import Mesure
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe
from firdesk.services import exporting, reports, syntheses
from firdesk.services.session import Session


@pytest.fixture
def demo(base_demo: Path) -> Iterator[Session]:
    with Session.open(base_demo) as session:
        yield session


@pytest.mark.parametrize("axe", [Axe.THEME, Axe.MISSION, Axe.DESTINATION, Axe.DEPARTEMENT])
def test_a_workbook_holds_the_lines_and_the_total_of_the_table(demo: Session, tmp_path: Path, axe: Axe) -> None:
    file = tmp_path / "table.xlsx"
    exporting.export(demo, file, axes=[axe], exercice=2025)
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if "Notifié" in row)
    column = rows[header].index("Notifié")
    amounts = [round(float(str(row[column])) * 100) for row in rows[header + 1 :] if row[column] is not None]
    table = syntheses.table(demo, [axe], 2025)
    assert amounts == [*(x.notifie for x in table.lignes), table.total.notifie]
    assert amounts[-1] == sum(amounts[:-1])


def test_the_lines_exported_to_csv_add_up_to_their_total_to_the_cent(demo: Session, tmp_path: Path) -> None:
    file = tmp_path / "lignes.csv"
    exporting.export(demo, file, exercice=2025)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    amounts = [money.parse_strict(row["Notifié"]) or 0 for row in rows]
    assert amounts[-1] == sum(amounts[:-1]) == syntheses.table(demo, [Axe.THEME], 2025).total.notifie
    engaged = {row["AE engagée"] for row in rows[:-1] if not row["Notifié"]}
    assert engaged == {""}, "an amount nobody wrote is blank, never 0"


def test_the_lines_exported_to_a_workbook_keep_their_dates(demo: Session, tmp_path: Path) -> None:
    file = tmp_path / "lignes.xlsx"
    exporting.export(demo, file, exercice=2025)
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if "Date de notification" in row)
    days = {row[rows[header].index("Date de notification")] for row in rows[header + 1 :]} - {None}
    assert days
    assert all(isinstance(day, datetime) for day in days)


@pytest.mark.parametrize("name", list(reports.REPORTS))
def test_the_text_of_a_report_holds_every_amount_of_its_table(demo: Session, name: str) -> None:
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(reports.pdf(demo, name, 2025))).pages)
    table = reports.figures(demo, name, 2025)
    cents = any(a % 100 for x in table.lignes for a in (x.notifie, x.ae_engagee, x.cp_paye))
    wanted = {money.euros(x.notifie, decimals=cents) for x in (*table.lignes, table.total)}
    assert {amount for amount in wanted if amount not in text} == set()


def test_the_theme_report_says_that_the_printed_total_is_one_euro_lower(demo: Session) -> None:
    notes = reports.data(demo, "themes", 2025)["notes"]
    assert isinstance(notes, list)
    assert any("526\u202f874\u202f763" in note and "inférieur de 1\u00a0€" in note for note in notes)


def test_an_unknown_report_is_refused_with_the_names_known(demo: Session) -> None:
    with pytest.raises(Refus, match="themes, missions"):
        reports.data(demo, "inconnu", 2025)


def test_a_crossed_table_adds_up_to_the_table_of_each_axis(demo: Session) -> None:
    crossed = syntheses.croise(demo, Axe.MISSION, Axe.DEPARTEMENT, Mesure.NOTIFIE, 2025)
    lines = {x.cle[0]: x.notifie for x in syntheses.table(demo, [Axe.MISSION], 2025).lignes}
    columns = {x.cle[0]: x.notifie for x in syntheses.table(demo, [Axe.DEPARTEMENT], 2025).lignes}
    assert {x.cle: x.total for x in crossed.lignes} == lines
    assert dict(zip((code for code, _ in crossed.colonnes), crossed.totaux, strict=True)) == columns


@pytest.mark.parametrize("axe", list(Axe))
def test_the_lines_behind_a_cell_add_up_to_it(demo: Session, axe: Axe) -> None:
    for line in syntheses.table(demo, [axe], 2025).lignes[:8]:
        found = demo.allocations.somme(syntheses.filtre([axe], line.cle, 2025))
        assert (found.nombre, found.notifie) == (line.nombre, line.notifie)
