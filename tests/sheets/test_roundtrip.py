"""What is written is what is read, whatever it is."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain import money
from firdesk.sheets.cell import Workbook
from firdesk.sheets.writer import Column, SheetSpec, write_csv, write_xlsx

Load = Callable[..., Workbook]
CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\t")
TEXTS = st.one_of(
    st.text(CHARACTERS, min_size=1, max_size=40),
    st.builds(lambda head, rest: head + rest, st.sampled_from("=+-@'\"{"), st.text(CHARACTERS, max_size=10)),
    st.integers(1, 3).map(lambda n: "long é" * (n * 1000)),
    st.sampled_from(["020000063", "_x000D_", "http://a.fr", "#REF!", "TRUE", "1E5", " ", "é&<>\"'"]),
)
CENTS = st.integers(-money.LIMIT, money.LIMIT)
COLUMNS = [Column("T", "texte"), Column("M", "montant"), Column("N", "entier"), Column("D", "date")]
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | CENTS,
        st.none() | st.integers(-(10**14), 10**14),
        st.none() | st.dates(date(1900, 3, 1), date(9999, 12, 31)),
    ),
    max_size=12,
)
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@calm
@given(rows=ROWS, stream=st.booleans())
def test_a_workbook_reads_back_as_written(
    load: Load, rows: list[tuple[str | None, int | None, int | None, date | None]], stream: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "essai.xlsx"
        write_xlsx(path, [SheetSpec("A", COLUMNS, iter(rows) if stream else rows)])
        grid = load(path).grids[0]
    assert grid.errors == {}
    assert grid.uncached == frozenset()
    assert grid.cells_seen == 4 + sum(v is not None for row in rows for v in row)
    for number, (text, cents, whole, day) in enumerate(rows, 1):
        assert grid.value(number, 0) == text
        amount = grid.value(number, 1)
        assert amount is None or isinstance(amount, int | float)
        assert (None if amount is None else money.from_number(amount)) == cents
        assert grid.value(number, 2) == whole
        assert grid.value(number, 3) == day


@calm
@given(texts=st.lists(st.tuples(TEXTS, TEXTS, CENTS), max_size=12))
def test_a_csv_file_reads_back_as_written(load: Load, texts: list[tuple[str, str, int]]) -> None:
    header: list[str | Column] = ["A", "B", Column("M", "montant")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "essai.csv"
        write_csv(path, header, texts)
        rows = load(path, delimiter=";").grids[0].rows
    assert len(rows) == len(texts) + 1
    for row, (first, second, cents) in zip(rows[1:], texts, strict=True):
        assert [str(v).removeprefix("'") for v in row[:2]] == [t.removeprefix("'") for t in (first, second)]
        assert money.parse_strict(str(row[2])) == cents
