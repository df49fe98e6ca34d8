"""What a spreadsheet is once read: grids of plain values whose addresses a person can find again.

All rows and columns are 0-based spreadsheet positions: row 0 is the line numbered 1 on screen, column 0 is
``A``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from firdesk.sheets.packed import Bunch

Value = str | int | float | bool | date | datetime | None
Kind = Literal["xlsx", "xlsm", "xlsb", "xls", "ods", "csv"]

#: The sheet that the program adds to a copy of the user's workbook: never a table to read.
MARKS_SHEET = "Rejets FIRDesk"
#: What :meth:`Grid.raw` says of a formula whose result the file does not hold.
NOT_COMPUTED = "(formule non calculée)"


def column_name(index: int) -> str:
    """``0`` → ``A``, ``25`` → ``Z``, ``26`` → ``AA``."""
    if index < 0:
        raise ValueError(f"negative column: {index}")
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """The reverse of :func:`column_name`, upper-case letters only."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(row: int, column: int) -> str:
    """The address shown by a spreadsheet: ``address(41, 5)`` is ``F42``."""
    return f"{column_name(column)}{row + 1}"


def shown(value: Value) -> str:
    """The text by which a French reader recognises a value; for showing and keeping, not for computing.

    Numbers have 15 significant digits (as Excel shows them), a decimal comma and no grouping.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "VRAI" if value else "FAUX"
        case int():
            return str(value)
        case float():
            return format(value, ".15g").replace(".", ",").replace("e", "E")
        case datetime():
            seconds = value.second or value.microsecond
            return value.strftime("%d/%m/%Y %H:%M:%S" if seconds else "%d/%m/%Y %H:%M")
        case date():
            return value.strftime("%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell taken out of its grid; ``raw`` is what :meth:`Grid.raw` says of it."""

    row: int
    column: int
    value: Value
    raw: str
    error: bool = False

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(slots=True)
class Grid:
    """One sheet. ``rows[i][j]`` is the cell at row ``first_row + i`` and column ``first_column + j``.

    Rows are cut after their last filled cell, so they differ in length; an empty cell is ``None`` in a
    workbook, and stays the empty text it is in a CSV file. A time of day or a duration is text
    (``12:30:00``). A cell in error holds its text (``#REF!``), so that a reader who forgets ``errors`` does
    not take it for an empty cell; a formula whose result is not in the file holds ``None`` and is listed in
    ``uncached``. Positions in ``errors``, ``uncached`` and the hidden sets are spreadsheet positions, not
    indices of ``rows``.
    """

    name: str
    first_row: int = 0
    first_column: int = 0
    rows: Sequence[list[Value]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    #: Merged areas: first row, first column, last row, last column.
    merged: tuple[tuple[int, int, int, int], ...] = ()
    #: Filled cells: a value, an error or a formula without result.
    cells_seen: int = 0

    @property
    def last_row(self) -> int:
        """Spreadsheet row of the last line held; ``first_row - 1`` where there is none."""
        return self.first_row + len(self.rows) - 1

    @property
    def width(self) -> int:
        """Number of columns from ``first_column`` to the last one filled in any row."""
        return max(map(len, self.rows), default=0)

    def value(self, row: int, column: int) -> Value:
        """The value at a spreadsheet position; ``None`` outside what the sheet holds."""
        i, j = row - self.first_row, column - self.first_column
        if 0 <= i < len(self.rows) and 0 <= j < len(self.rows[i]):
            return self.rows[i][j]
        return None

    def raw(self, row: int, column: int) -> str:
        """The text a person would recognise in the sheet at that position."""
        if (row, column) in self.errors:
            return self.errors[row, column]
        if (row, column) in self.uncached:
            return NOT_COMPUTED
        return shown(self.value(row, column))

    def cell(self, row: int, column: int) -> Cell:
        """One cell with its value, its text and whether it is in error."""
        error = (row, column) in self.errors
        return Cell(row, column, self.value(row, column), self.raw(row, column), error)

    def address(self, row: int, column: int) -> str:
        """The address at a spreadsheet position (``F42``)."""
        return address(row, column)

    def bunches(self) -> Iterator[tuple[int, "Bunch"]]:
        """The rows some hundreds at a time as columns, each time with the number of the first one."""
        from firdesk.sheets.packed import in_bunches  # the reader, who starts often, has no need of it

        number = self.first_row
        for bunch in in_bunches(self.rows):
            yield number, bunch
            number += len(bunch)

    def numbered(self) -> Iterator[tuple[int, list[Value]]]:
        """Each row with its spreadsheet row number (0-based)."""
        return enumerate(self.rows, self.first_row)


@dataclass(slots=True)
class Workbook:
    """A file as read: ``size`` in bytes, ``encoding`` and ``delimiter`` of a CSV file only, ``notes`` in
    French.
    """

    name: str
    sha256: str
    size: int
    kind: Kind
    grids: list[Grid]
    encoding: str | None = None
    delimiter: str | None = None
    notes: tuple[str, ...] = ()
    #: Where the file was, ``""`` where only its bytes are known.
    path: str = ""
