"""Lines read by whole columns, or one by one, kept as they are or packed: the plan is the same."""

import dataclasses
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from unittest import mock

import pytest

from firdesk.services.importing import engagements, lignes, run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.session import Session
from firdesk.sheets import packed
from firdesk.sheets.cell import Grid, Value, Workbook
from tests.services.importing.fichiers import Line, hapi, scdl, sibc, stars

ODD: list[Value] = [
    None, "", " ", "néant", "12 345,67", "1.234", "-500", -12.5, 0, 1, True, False, 12.345, 1e16, "abc", "DÃ©partement",
    "2", 59, "99999", "  bord ", "a,b,", "Total", '="x"', date(2025, 3, 4),
    datetime.fromisoformat("2024-01-01T12:30"), "31/02/2025",
    "MI9-9-9 : inconnue", "1234567", 1234567890123, "12 k€", 45000, "x\u200b", "2024", 2026, "59000", "nul\0",
]  # fmt: skip


def sheet(make: Callable[[int], Line], seed: int) -> Workbook:
    """Lines of an export of which some hold odd cells; errors, hidden rows, totals, notes, headers once more."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    odds = chance.choice([0, 0.002, 0.02, 0.2])
    header: list[Value] = list(make(1))
    rows: list[list[Value]] = [["Export"], [], header]
    for i in range(chance.choice([20, 130])):
        row: list[Value] = [_typed(text, chance) for text in make(1 + i // chance.choice([1, 1, 2])).values()]
        rows.append([chance.choice(ODD) if chance.random() < odds else value for value in row])
        rows += [chance.choice([[], ["Note"], [*header], ["Total", *row[1:]]]) for _ in range(chance.random() < odds)]
    rows.append(["Total", *[v * 2 if isinstance(v, float) else None for v in rows[-1][1:]]])
    places = [(chance.randrange(3, len(rows)), chance.randrange(len(header))) for _ in range(round(odds * 30))]
    for row_, column in places:
        rows[row_] += [None] * (column + 1 - len(rows[row_]))
        rows[row_][column] = "#REF!"
    hidden = frozenset(chance.sample(range(len(rows)), round(odds * 20)))
    grid = Grid("Données", rows=rows, errors=dict.fromkeys(places, "#REF!"), hidden_rows=hidden)
    return Workbook("2025_export_20251231.xlsx", "0" * 64, 1, "xlsx", [grid])


def _typed(text: str, chance: random.Random) -> Value:
    return float(text) if "." in text and text.replace(".", "").isdigit() and chance.random() < 0.7 else text or None


def told(plan: Plan) -> dict[str, object]:
    found = {f.name: getattr(plan, f.name) for f in dataclasses.fields(plan)}
    return found | {"nouvelles": list(plan.nouvelles), "modifiees": list(plan.modifiees)}


@contextmanager
def one_by_one() -> Iterator[None]:
    """No column is read as a whole, no line kept as it is."""
    with (
        mock.patch.object(Reconnu, "telle_quelle", False),
        mock.patch.object(lignes._Sorter, "all_obvious", return_value=False),
        mock.patch.object(engagements._Lire, "entiere", return_value=False),
        mock.patch("firdesk.services.importing.lecture._ORDINAIRES", {}),
        mock.patch("firdesk.services.importing.vraisemblance.douteuses", return_value=True),
        mock.patch("firdesk.services.importing.engagements.douteuses", return_value=True),
        mock.patch.object(packed, "BUNCH", 7),
        mock.patch.object(packed, "OPEN", 20),
    ):
        yield


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("make", [stars, hapi, scdl, lambda i: sibc(f"MI1-2-{i}", ej_valides=f"{i}.5")])
def test_the_plan_does_not_depend_on_how_lines_are_walked_through(
    session: Session, make: Callable[[int], Line], seed: int
) -> None:
    workbook = sheet(make, seed)
    first = run.plan(session, workbook)
    chance = random.Random(seed)  # noqa: S311
    decisions = {q.id: chance.choice(q.choix)[0] for q in (*first.questions, *first.remedes) if q.choix}
    decisions |= {"negatifs": chance.choice(["rejeter", "importer"]), "doublons": "une"}
    for reglages in (run.Reglages(), run.Reglages(decisions=decisions), run.Reglages(exercice=2025)):
        plan = run.plan(session, workbook, reglages)
        with one_by_one():
            assert told(run.plan(session, workbook, reglages)) == told(plan)
    if first.rejetees < first.lues:
        run.execute(session, first, insister=True)
    later = sheet(make, seed + 100)
    plan = run.plan(session, later)
    with one_by_one():
        assert told(run.plan(session, later)) == told(plan)


def test_a_long_export_reads_as_a_short_one_does(session: Session, tmp_path: Path) -> None:
    """Beyond what is kept as it is, planned lines come back whole."""
    workbook = sheet(stars, 0)
    with mock.patch.object(packed, "OPEN", 0), mock.patch.object(packed, "BUNCH", 5):
        packed_ = run.plan(session, workbook)
    assert list(packed_.nouvelles) == list(run.plan(session, workbook).nouvelles)
    assert any(isinstance(bunch, bytes) for bunch in packed_.nouvelles._bunches)  # type: ignore[attr-defined]
