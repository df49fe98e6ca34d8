"""One sheet written again as a workbook, at the same addresses, with cells coloured and commented.

For files that cannot be edited in place (CSV, ``.xls``, ``.xlsb``, ``.ods``): texts stay texts, numbers numbers.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from firdesk.sheets.annotate import AUTHOR, SHEET, Listing, Mark
from firdesk.sheets.cell import Grid, Value
from firdesk.sheets.listing_sheet import location
from firdesk.sheets.style_part import FILL
from firdesk.sheets.writer import LARGE, MAX_TEXT, beside, sheet_name

_EPOCH = date(1900, 3, 1)  # before, Excel counts otherwise
_CUT = 32_000
#: How many links Excel accepts in one sheet.
_LINKS = 65_530


def rewrite(
    grid: Grid, target: Path, marks: Sequence[Mark], listing: Listing, on_row: Callable[[int], None] = lambda _n: None
) -> tuple[str, ...]:
    """Write the copy; what could not be kept, in French. ``Refus`` where the target cannot be written."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    large = len(grid.rows) > LARGE
    with beside(target) as draft, TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        options = {"constant_memory": large, "tmpdir": scratch, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(draft), options)
        copy = _Copy(book, grid, marks, large=large)
        name = sheet_name(grid.name, {SHEET.lower()})
        try:
            _write_listing(book, listing, {grid.name: name})
            copy.write(book.add_worksheet(name), on_row)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            for sheet in book.worksheets() if large else ():
                sheet._opt_close()  # the library leaves it open when it is interrupted
    return tuple(copy.notes)


class _Copy:
    def __init__(self, book: Any, grid: Grid, marks: Sequence[Mark], *, large: bool) -> None:
        self.grid, self.large = grid, large
        self.notes: list[str] = []
        self.marked: dict[int, dict[int, list[str]]] = {}
        for mark in marks:
            self.marked.setdefault(mark.row, {}).setdefault(mark.column, []).append(mark.text)
        self.formats: dict[tuple[str, bool], Any] = {}
        for kind, number in (
            ("texte", "@"),
            ("nombre", "General"),
            ("date", "dd/mm/yyyy"),
            ("heure", "dd/mm/yyyy hh:mm"),
        ):
            plain = {"num_format": number}
            self.formats[kind, False] = book.add_format(plain)
            self.formats[kind, True] = book.add_format({**plain, "bg_color": f"#{FILL[2:]}"})

    def write(self, sheet: Any, on_row: Callable[[int], None]) -> None:
        grid = self.grid
        for column in sorted(grid.hidden_columns):
            sheet.set_column(column, column, None, None, {"hidden": True})
        if grid.merged and not self.large:
            for first_row, first_column, last_row, last_column in grid.merged:
                sheet.merge_range(first_row, first_column, last_row, last_column, "")
        for row, values in grid.numbered():
            if row in grid.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            self._row(sheet, row, values, self.marked.pop(row, {}))
            if row % 1000 == 0:
                on_row(row)
        for row, cells in sorted(self.marked.items()):
            self._row(sheet, row, [], cells)

    def _row(self, sheet: Any, row: int, values: Sequence[Value], marked: dict[int, list[str]]) -> None:
        first = self.grid.first_column
        for column, value in enumerate(values, first):
            self._cell(sheet, row, column, value, marked=column in marked)
        for column, texts in marked.items():
            if not first <= column < first + len(values):
                sheet.write_blank(row, column, None, self.formats["texte", True])
            comment = {"author": AUTHOR, "x_scale": 2.5, "y_scale": 1.5}
            sheet.write_comment(row, column, "\n\n".join(texts)[:_CUT], comment)

    def _cell(self, sheet: Any, row: int, column: int, value: Value, *, marked: bool) -> None:
        if value is None or value == "":
            if marked:
                sheet.write_blank(row, column, None, self.formats["texte", True])
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.formats["nombre", marked])
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.formats["nombre", marked])
        elif isinstance(value, date):
            self._date(sheet, row, column, value, marked=marked)
        else:
            if len(value) > MAX_TEXT:
                self.notes.append(
                    f"Le texte de {self.grid.address(row, column)} est trop long pour Excel : il est coupé."
                )
            sheet.write_string(row, column, value[:MAX_TEXT], self.formats["texte", marked])

    def _date(self, sheet: Any, row: int, column: int, value: date, *, marked: bool) -> None:
        timed = isinstance(value, datetime) and (value.hour or value.minute or value.second)
        day = value.date() if isinstance(value, datetime) else value
        if day < _EPOCH:
            sheet.write_string(row, column, day.strftime("%d/%m/%Y"), self.formats["texte", marked])
        else:
            sheet.write_datetime(row, column, value, self.formats["heure" if timed else "date", marked])


def _write_listing(book: Any, listing: Listing, names: dict[str, str]) -> None:
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True, "num_format": "@"})
    header = book.add_format({"bold": True, "bg_color": "#E7ECF3", "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, width in enumerate((18, 10, 28, 40, 60)):
        sheet.set_column(column, column, width)
    row = 0
    for line in listing.heading:
        sheet.write_string(row, 0, line, bold if row == 0 else None)
        row += 1
    for column, title in enumerate(listing.header):
        sheet.write_string(row, column, title, header)
    sheet.freeze_panes(row + 1, 0)
    link = book.get_default_url_format()
    linked = len(listing.rows) <= _LINKS
    for values in listing.rows:
        row += 1
        name = names.get(values[0], values[0])
        for column, value in enumerate((name, *values[1:])):
            if column == 1 and linked:
                sheet.write_url(row, 1, f"internal:{location(name, value)}", link, value)
            elif value:
                sheet.write_string(row, column, value[:_CUT], wrapped)
