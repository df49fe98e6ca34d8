"""A sheet read while it is unpacked says exactly what python-calamine says of the whole of it."""

from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.problem import Refus
from firdesk.sheets import scan, stream, wire
from firdesk.sheets.cell import Grid, Workbook, column_name
from firdesk.sheets.meanings import UnusualError
from tests.sheets.conftest import Packager

Load = Callable[..., Workbook]
_SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
EXTRA = {
    "xl/sharedStrings.xml": f"<sst {_SPACE}><si><t>commun</t></si><si><t>R&amp;D</t></si><si><t/></si>"
    '<si><r><t>ri</t></r><r><t xml:space="preserve">che </t></r></si><si><t xml:space="preserve"> bord </t></si>'
    "<si><t> bord </t></si><si><t>a_x000D_b</t></si></sst>".encode(),
    "xl/styles.xml": f'<styleSheet {_SPACE}><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="46"/></cellXfs></styleSheet>'.encode(),
}
#: What stands after the address of a cell.
CELLS = [
    ' t="inlineStr"><is><t>Opérateur</t></is></c>',
    ' t="inlineStr"><is><t>deux\nlignes</t></is></c>',
    ' t="inlineStr"><is><t xml:space="preserve"> bord </t></is></c>',
    ' t="inlineStr"><is><t>\u00a0bord&lt; </t></is></c>',
    ' t="inlineStr"><is><t>le 3"et le 4" ou 12"</t></is></c>',
    ' t="inlineStr"><is><t></t></is></c>',
    ' t="inlineStr"><is><r><t>ri</t></r><r><t>che</t></r></is></c>',
    *[f' t="s"><v>{i}</v></c>' for i in range(7)],
    ' s="1" t="s"><v>0</v></c>',
    "><v>1234.5</v></c>",
    "><v>-3E-2</v></c>",
    ' t="n"><v>7</v></c>',
    ' s="1"><v>45658</v></c>',
    ' s="1"><v>45658.75</v></c>',
    ' s="2"><v>1.5</v></c>',
    ' s="1"/>',
    "/>",
    ' t="b"><v>1</v></c>',
    ' t="str"><f>A1&amp;"x"</f><v>calculé &amp; tu</v></c>',
    ' t="str"><f>A1</f><v></v></c>',
    "><f>1+1</f><v>2</v></c>",
    "><f>1+1</f></c>",
    ' t="e"><v>#REF!</v></c>',
    ' t="e"><f>1/0</f><v>#DIV/0!</v></c>',
]
USUAL = [CELLS[0], CELLS[7], "><v>1234.5</v></c>", "><v>12</v></c>", ' s="1"><v>45658</v></c>']


def sheet(rows: list[tuple[int, dict[int, str]]]) -> str:
    """The rows at these places, with what stands in each column."""
    return "".join(
        f'<row r="{number + 1}" spans="1:9"{" hidden=" + chr(34) + "1" + chr(34) if number % 7 == 6 else ""}>'
        + "".join(f'<c r="{column_name(c)}{number + 1}"{cell}' for c, cell in sorted(cells.items()))
        + "</row>"
        for number, cells in rows
    )


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Regular rows with a few odd ones among them, some of them empty or missing."""
    usual = draw(st.lists(st.sampled_from(USUAL), min_size=1, max_size=6))
    left = draw(st.integers(0, 3))
    rows: list[tuple[int, dict[int, str]]] = []
    number = draw(st.integers(0, 4))
    for _ in range(draw(st.integers(1, 40))):
        row = {left + i: cell.replace("1234.5", str(number)) for i, cell in enumerate(usual)}
        if draw(st.integers(0, 5)) == 0:
            row = draw(st.dictionaries(st.integers(0, 8), st.sampled_from(CELLS), max_size=6))
        elif draw(st.integers(0, 9)) == 0:
            row[draw(st.integers(left, left + 5))] = draw(st.sampled_from(CELLS))
        rows.append((number, row))
        number += draw(st.sampled_from([1] * 12 + [2, 5]))
    return sheet(rows)


def told(workbook: Workbook) -> list[object]:
    def grid(x: Grid) -> list[object]:
        cells = {(n, x.first_column + j): (type(v), v) for n, row in x.numbered() for j, v in enumerate(row)}
        filled = {place: value for place, value in cells.items() if value[1] is not None}
        return [
            x.name,
            filled,
            x.errors,
            x.uncached,
            x.hidden,
            x.cells_seen,
            x.hidden_rows & set(range(x.last_row + 1)),
        ]

    return [*map(grid, workbook.grids), workbook.notes]


@pytest.fixture
def small() -> Iterator[None]:
    """Runs of a few rows, and bunches of ten."""
    with (
        mock.patch.object(scan, "_CHUNK", 700),
        mock.patch.object(stream, "_ALIKE", 3),
        mock.patch.object(wire, "ROWS_A_LINE", 10),
    ):
        yield


def both(package: Packager, load: Load, rows: str) -> tuple[Workbook, Workbook]:
    path = package(rows, extra=EXTRA)
    streamed = load(path)
    with mock.patch.object(stream.SheetStream, "bunches", side_effect=UnusualError):
        return streamed, load(path)


@pytest.mark.usefixtures("small")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=sheets())
def test_both_ways_of_reading_say_the_same(package: Packager, load: Load, rows: str) -> None:
    streamed, whole = both(package, load, rows)
    assert told(streamed) == told(whole)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("cell", CELLS)
def test_each_kind_of_cell_is_read_without_reading_again(package: Packager, load: Load, cell: str) -> None:
    rows = sheet([(i, {0: USUAL[0], 1: cell, 2: USUAL[2]}) for i in range(60)])
    with mock.patch("firdesk.sheets.reader._Book", side_effect=AssertionError("read again")):
        streamed = load(package(rows, extra=EXTRA))
    assert told(streamed) == told(both(package, load, rows)[1])


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c><v>1</v></c></row>',
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row>",
        '<row r="1"><!-- <c r="B1"><v>9</v></c> --><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[texte]]></t></is></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
    ],
)
def test_what_is_written_otherwise_is_left_to_the_other_reader(package: Packager, load: Load, rows: str) -> None:
    path = package(rows, extra=EXTRA)
    with mock.patch("firdesk.sheets.reader._Book", side_effect=ZeroDivisionError), pytest.raises(Refus):
        load(path)


def test_a_column_that_begins_late_makes_the_sheet_be_read_again(package: Packager, load: Load) -> None:
    rows = sheet(
        [(i, {2: USUAL[0] if i < 20_000 else USUAL[3], 1: USUAL[2] if i > 30_000 else "/>"}) for i in range(40_000)]
    )
    streamed, whole = both(package, load, rows)
    assert streamed.grids[0].first_column == 1
    assert told(streamed) == told(whole)
