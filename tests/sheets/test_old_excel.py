"""What is read of .xls and .xlsb beyond the values that their parser gives: the same things as of .xlsx."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Grid, Workbook
from tests.sheets import binary_excel as xlsb
from tests.sheets import old_excel as xls

Load = Callable[..., Workbook]


@pytest.fixture
def old(tmp_path: Path, load: Load) -> Callable[..., Grid]:
    """The sheet read of an .xls file with these records."""

    def read(*cells: bytes, **options: bool) -> Grid:
        path = tmp_path / "suivi.xls"
        path.write_bytes(xls.workbook([("Suivi", b"".join(cells))], **options))  # type: ignore[arg-type]
        workbook = load(path)
        assert workbook.kind == "xls"
        return workbook.grids[0]

    return read


@pytest.fixture
def binary(tmp_path: Path, load: Load) -> Callable[..., Grid]:
    """The sheet read of an .xlsb file with these rows."""

    def read(*rows: bytes, **options: bool | bytes) -> Grid:
        path = tmp_path / "suivi.xlsb"
        path.write_bytes(xlsb.workbook([("Suivi", b"".join(rows))], **options))  # type: ignore[arg-type]
        workbook = load(path)
        assert workbook.kind == "xlsb"
        return workbook.grids[0]

    return read


Reader = Callable[..., Grid]


def test_values_of_an_old_workbook_keep_their_types(old: Reader) -> None:
    grid = old(xls.label(0, 0, "Été"), xls.number(0, 1, 12.5), xls.rk(0, 2, -7), xls.mul_rk(1, 0, [1, 2, 3]))
    assert grid.rows == [["Été", 12.5, -7], [1, 2, 3]]
    assert grid.cells_seen == 6


def test_a_text_in_several_fonts_of_an_old_workbook_is_not_lost(old: Reader) -> None:
    grid = old(xls.rich_label(0, 0, "Opérateur"), xls.number(1, 1, 5))
    assert grid.rows == [["Opérateur"], [None, 5]]


@pytest.mark.parametrize("text", sorted(xls.CODES))
def test_errors_of_an_old_workbook_are_listed_and_never_empty(old: Reader, text: str) -> None:
    grid = old(xls.number(0, 0, 1), xls.error(1, 1, text), xls.formula(4, 3, text))
    assert grid.errors == {(1, 1): text, (4, 3): text}
    assert (grid.value(1, 1), grid.value(4, 3)) == (text, text)
    assert grid.cells_seen == 3


def test_a_formula_of_an_old_workbook_never_computed_is_no_zero(old: Reader) -> None:
    grid = old(
        xls.number(0, 0, 3), xls.formula(0, 1, 0.0, flags=2), xls.formula(0, 2, 0.0), xls.formula(0, 3, 6.0, flags=1)
    )
    assert grid.uncached == {(0, 1)}
    assert grid.rows == [[3, None, 0, 6]]


def test_a_formula_that_says_empty_text_without_any_text_was_never_computed(old: Reader) -> None:
    text_inside = b"\x17\0\0"
    grid = old(xls.number(0, 0, 3), xls.formula(0, 1, None), xls.formula(0, 2, None, tokens=text_inside))
    assert grid.uncached == {(0, 1)}


def test_an_old_workbook_of_many_megabytes_is_read_to_its_end(old: Reader) -> None:
    line = b"".join(xls.label(0, column, "x" * 120) for column in range(1, 256))
    rows = [line.replace(b"\x04\x02\xf9\0\0\0", b"\x04\x02\xf9\0" + row.to_bytes(2, "little")) for row in range(120)]
    grid = old(*rows, xls.error(200, 0, "#REF!"))
    assert grid.errors == {(200, 0): "#REF!"}
    assert grid.cells_seen == 120 * 255 + 1


def test_the_layout_of_an_old_workbook_is_read(old: Reader) -> None:
    grid = old(
        xls.hidden_columns(1, 1), xls.hidden_row(2), xls.number(0, 0, 1), xls.number(2, 3, 2), xls.chart(),
        xls.merged((0, 0, 1, 2), (2, 3, 2, 4)),
    )  # fmt: skip
    assert (set(grid.hidden_rows), set(grid.hidden_columns)) == ({2}, {1})
    assert grid.merged == ((0, 0, 1, 2), (2, 3, 2, 4))
    assert grid.errors == {}


@pytest.mark.parametrize(("old_mac", "serial"), [(False, 45717), (True, 44255)])
def test_days_of_an_old_workbook_are_right_in_both_calendars(old: Reader, old_mac: bool, serial: int) -> None:
    grid = old(xls.rk(0, 0, serial, xls.DAY), xls.number(0, 1, serial, xls.DAY), old_mac=old_mac)
    assert grid.rows == [[date(2025, 3, 1), date(2025, 3, 1)]]


def test_the_first_days_of_1900_are_those_that_excel_shows(old: Reader, binary: Reader) -> None:
    assert old(xls.rk(0, 0, 5, xls.DAY)).rows == [[date(1900, 1, 5)]]
    assert binary(xlsb.row(0, xlsb.rk(0, 5, xlsb.DAY))).rows == [[date(1900, 1, 5)]]


def test_hidden_sheets_are_said(tmp_path: Path, load: Load) -> None:
    old, new = tmp_path / "a.xls", tmp_path / "a.xlsb"
    cells = xls.number(0, 0, 1)
    old.write_bytes(xls.workbook([("Vu", cells), ("Caché", cells)], hidden=frozenset({"Caché"})))
    rows = xlsb.row(0, xlsb.rk(0, 1))
    new.write_bytes(xlsb.workbook([("Vu", rows), ("Caché", rows)], hidden=frozenset({"Caché"})))
    for path in (old, new):
        assert [(g.name, g.hidden) for g in load(path).grids] == [("Vu", False), ("Caché", True)]


def test_values_of_a_binary_workbook_keep_their_types(binary: Reader) -> None:
    grid = binary(
        xlsb.row(0, xlsb.label(0, "Été"), xlsb.real(1, 12.5), xlsb.rk(2, -7)), xlsb.row(3, xlsb.formula(1, 4.5))
    )
    assert grid.rows == [["Été", 12.5, -7], [], [], [None, 4.5]]
    assert grid.cells_seen == 4


def test_texts_in_several_fonts_of_a_binary_workbook_are_not_lost(binary: Reader) -> None:
    grid = binary(xlsb.row(1, xlsb.rich_label(0, "Opérateur"), xlsb.rk(1, 2)), xlsb.row(2, xlsb.rich_label(4, "fin")))
    assert grid.first_row == 1
    assert grid.rows == [["Opérateur", 2], [None, None, None, None, "fin"]]


def test_errors_of_a_binary_workbook_are_listed_even_at_its_edges(binary: Reader) -> None:
    grid = binary(
        xlsb.row(1, xlsb.formula(0, "#REF!")), xlsb.row(2, xlsb.rk(1, 2), xlsb.error(2, "#N/A")),
        xlsb.row(5, xlsb.formula(4, "#DIV/0!")),
    )  # fmt: skip
    assert grid.errors == {(1, 0): "#REF!", (2, 2): "#N/A", (5, 4): "#DIV/0!"}
    assert (grid.first_row, grid.first_column) == (1, 0)
    assert grid.rows == [["#REF!"], [None, 2, "#N/A"], [], [], [None, None, None, None, "#DIV/0!"]]


def test_a_sheet_of_nothing_but_errors_is_read(binary: Reader) -> None:
    assert binary(xlsb.row(3, xlsb.formula(2, "#REF!"))).rows == [["#REF!"]]


@pytest.mark.parametrize("options", [{"computed": False}, {}])
def test_a_formula_of_a_binary_workbook_never_computed_is_no_zero(binary: Reader, options: dict[str, bool]) -> None:
    unsure = xlsb.formula(1, 0.0, always=not options)
    grid = binary(xlsb.row(0, xlsb.rk(0, 3), unsure, xlsb.formula(2, 6.0)), **options)
    assert grid.uncached == {(0, 1)}
    assert grid.rows == [[3, None, 6]]


def test_the_layout_of_a_binary_workbook_is_read(binary: Reader) -> None:
    grid = binary(
        xlsb.row(0, xlsb.rk(0, 1)), xlsb.row(2, xlsb.rk(3, 2), hidden=True),
        columns=xlsb.hidden_columns(1, 16383), after=xlsb.merged((0, 0, 1, 2)),
    )  # fmt: skip
    assert (set(grid.hidden_rows), set(grid.hidden_columns)) == ({2}, {1, 2, 3})
    assert grid.merged == ((0, 0, 1, 2),)


@pytest.mark.parametrize(("old_mac", "serial"), [(False, 45717), (True, 44255)])
def test_days_of_a_binary_workbook_are_days(binary: Reader, old_mac: bool, serial: int) -> None:
    cells = [
        xlsb.rk(0, serial, xlsb.DAY), xlsb.rk(1, serial, xlsb.DAY_IN_WORDS), xlsb.real(2, serial, xlsb.DAY),
        xlsb.rk(3, serial, xlsb.UNITS),
    ]  # fmt: skip
    day = date(2025, 3, 1)
    assert binary(xlsb.row(0, *cells), old_mac=old_mac).rows == [[day, day, day, serial]]


@pytest.mark.parametrize("name", ["a.xls", "a.xlsb"])
def test_a_lonely_cell_in_the_last_corner_is_refused_with_its_address(tmp_path: Path, load: Load, name: str) -> None:
    path = tmp_path / name
    if name.endswith("s"):
        path.write_bytes(xls.workbook([("A", xls.number(0, 0, 1) + xls.number(65535, 255, 1))]))
    else:
        path.write_bytes(xlsb.workbook([("A", xlsb.row(0, xlsb.rk(0, 1)) + xlsb.row(1048575, xlsb.rk(16383, 1)))]))
    with pytest.raises(Refus, match="IV65536" if name.endswith("s") else "XFD1048576"):
        load(path)


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "secret.xls"
    path.write_bytes(xls.workbook([("A", b"")], before=xls.record(0x002F, b"\1\0\1\0\1\0" + bytes(48))))
    with pytest.raises(Refus, match="mot de passe"):
        load(path)


def test_a_modern_workbook_with_a_password_is_refused(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "secret.xlsx"
    path.write_bytes(xls.container({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(9000)}))
    with pytest.raises(Refus, match="mot de passe"):
        load(path)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["a.xls", "a.xlsb"])
def test_a_truncated_workbook_is_refused(tmp_path: Path, load: Load, name: str, kept: float) -> None:
    path = tmp_path / name
    if name.endswith("s"):
        content = xls.workbook([("A", b"".join(xls.number(i, 0, i) for i in range(2000)))])
    else:
        content = xlsb.workbook([("A", b"".join(xlsb.row(i, xlsb.real(0, i / 7)) for i in range(2000)))])
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(Refus, match=r"tronqué|abîmé"):
        load(path)


def test_two_sheets_of_the_same_name_are_refused(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(xls.workbook([("Suivi", xls.number(0, 0, 1)), ("Suivi", xls.number(0, 0, 2))]))
    with pytest.raises(Refus, match="deux feuilles"):
        load(path)
