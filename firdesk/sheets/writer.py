"""Workbooks and CSV files out: typed columns, texts that stay texts, written beside the target and moved into
place.

Amounts come in as integer cents. A CSV file holds them exactly; a workbook holds numbers in double precision,
and ``cents / 100`` is the double nearest to the amount: it shows, and reads back, as the same cents.
"""

import csv
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from firdesk.domain.problem import Refus

Kind = Literal["texte", "entier", "montant", "pourcent", "date"]

#: What Excel holds in one cell, in characters; longer texts are cut and say so.
MAX_TEXT = 32_767
#: Above this number of rows, or when it is unknown, the workbook is written row by row.
LARGE = 20_000
_CUT = " … [texte coupé]"
_MAX_WIDTH = 60
_FORMATS = {
    "texte": "@",
    "entier": "#,##0",
    "montant": '#,##0.00\\ "€"',
    "pourcent": "0.0\\ %",
    "date": "dd/mm/yyyy",
}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMULA = re.compile(r"[=@\t\r]|[+\-](?![\d\s.,]*$)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``montant`` takes integer cents, ``pourcent`` points (26.6 for 26,6 %), ``width`` is in
    characters.
    """

    title: str
    kind: Kind
    width: int | None = None


@dataclass(slots=True)
class SheetSpec:
    """One sheet: title and notes above the header, rows of one value a column (``None``: empty), a last bold
    row.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    total: Sequence[Any] | None = None
    title: str | None = None
    notes: tuple[str, ...] = ()


def write_xlsx(path: Path | str, sheets: Sequence[SheetSpec], *, on_row: Callable[[int], None] | None = None) -> None:
    """Write a workbook; ``Refus`` where the target cannot be replaced.

    ``on_row(n)`` is called every thousand rows; what it raises leaves the target as it was.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    path = Path(path)
    large = any(not isinstance(s.rows, Sized) or len(s.rows) > LARGE for s in sheets)
    with beside(path) as draft, TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        options = {
            "constant_memory": large,
            "tmpdir": scratch,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(draft), options)
        book.set_properties({"title": next((s.title for s in sheets if s.title), path.stem)})
        formats = _formats(book)
        used: set[str] = set()
        done = 0
        try:
            for spec in sheets:
                sheet = book.add_worksheet(sheet_name(spec.name, used))
                done = _write_sheet(sheet, spec, formats, done, on_row)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            for sheet in book.worksheets() if large else ():
                sheet._opt_close()  # the library leaves it open when it is interrupted


def _formats(book: Any) -> dict[str, Any]:
    formats = {"titre": book.add_format({"bold": True, "font_size": 14})}
    formats["note"] = book.add_format({"italic": True, "font_color": "#595959"})
    formats["entete"] = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7ECF3", "bottom": 1}
    )
    for kind, number in _FORMATS.items():
        common = {"num_format": number, "valign": "top"}
        formats[kind] = book.add_format(common)
        formats[kind + "_total"] = book.add_format({**common, "bold": True, "top": 1})
    return formats


def _write_sheet(
    sheet: Any, spec: SheetSpec, formats: dict[str, Any], done: int, on_row: Callable[[int], None] | None
) -> int:
    row = 0
    if spec.title:
        sheet.write_string(row, 0, spec.title, formats["titre"])
        row += 1
    for note in spec.notes:
        sheet.write_string(row, 0, note, formats["note"])
        row += 1
    header = row + 1 if row else 0
    widths = [_longest_word(c.title) for c in spec.columns]
    for index, column in enumerate(spec.columns):
        sheet.write_string(header, index, column.title, formats["entete"])
    row = header + 1
    writers = [(_WRITERS[c.kind], formats[c.kind]) for c in spec.columns]
    for values in spec.rows:
        for index, ((write, style), value) in enumerate(zip(writers, values, strict=True)):
            if value is not None:
                length = write(sheet, row, index, value, style)
                widths[index] = max(widths[index], length)
        row += 1
        done += 1
        if on_row is not None and done % 1000 == 0:
            on_row(done)
    last = row - 1
    if spec.total is not None:
        for index, (column, value) in enumerate(zip(spec.columns, spec.total, strict=True)):
            style = formats[column.kind + "_total"]
            # "Total" may stand above a column of numbers.
            write = _write_text if isinstance(value, str) else _WRITERS[column.kind]
            if value is None:
                sheet.write_blank(row, index, None, style)
            else:
                widths[index] = max(widths[index], write(sheet, row, index, value, style))
    _lay_out(sheet, spec, header, last, widths)
    return done


def _lay_out(sheet: Any, spec: SheetSpec, header: int, last: int, widths: list[int]) -> None:
    for index, column in enumerate(spec.columns):
        sheet.set_column(index, index, column.width or min(_MAX_WIDTH, max(8, widths[index] + 2)))
    sheet.freeze_panes(header + 1, 0)
    if spec.columns:
        sheet.autofilter(header, 0, max(header, last), len(spec.columns) - 1)
    sheet.repeat_rows(header)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P/&N")


def _longest_word(title: str) -> int:
    return max(map(len, title.split()), default=0)


def _write_text(sheet: Any, row: int, column: int, value: object, style: Any) -> int:
    text = str(value)
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - len(_CUT)] + _CUT
    if text:
        sheet.write_string(row, column, text, style)
    return len(text)


def _write_integer(sheet: Any, row: int, column: int, value: int, style: Any) -> int:
    sheet.write_number(row, column, value, style)
    return len(f"{value:,}")


def _write_amount(sheet: Any, row: int, column: int, value: int, style: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"an amount is an int of cents: {value!r}")
    sheet.write_number(row, column, value / 100, style)
    return len(f"{value // 100:,}") + 5


def _write_percent(sheet: Any, row: int, column: int, value: Decimal | float, style: Any) -> int:
    sheet.write_number(row, column, float(Decimal(str(value)) / 100), style)
    return 8


def _write_date(sheet: Any, row: int, column: int, value: date, style: Any) -> int:
    if value.year < 1900:  # Excel has no such day
        return _write_text(sheet, row, column, value.strftime("%d/%m/%Y"), style)
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    sheet.write_datetime(row, column, moment, style)
    return 10


_WRITERS: dict[str, Callable[[Any, int, int, Any, Any], int]] = {
    "texte": _write_text,
    "entier": _write_integer,
    "montant": _write_amount,
    "pourcent": _write_percent,
    "date": _write_date,
}


def sheet_name(name: str, used: set[str]) -> str:
    """A name Excel accepts, at most 31 characters, different from those already used whatever the case."""
    clean = _FORBIDDEN.sub(" ", name).strip().strip("'")[:31].strip().strip("'") or "Feuille"
    if clean.lower() == "history":  # reserved by Excel
        clean += "_"
    candidate, number = clean, 2
    while candidate.lower() in used:
        suffix = f" ({number})"
        candidate = clean[: 31 - len(suffix)] + suffix
        number += 1
    used.add(candidate.lower())
    return candidate


def write_csv(path: Path | str, header: Sequence[str | Column], rows: Iterable[Sequence[Any]]) -> None:
    """A ``;`` file in UTF-8 with a byte order mark, decimal comma, dates ``JJ/MM/AAAA``; ``Refus`` as above.

    Under a plain title a value is written as it is (``Decimal`` and ``float`` with a comma); under a
    :class:`Column` by its kind, cents exactly. A text that Excel would run as a formula is preceded by an
    apostrophe.
    """
    kinds = [h.kind if isinstance(h, Column) else None for h in header]
    with beside(Path(path)) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow([_text(h.title if isinstance(h, Column) else h) for h in header])
        for values in rows:
            writer.writerow([_csv_value(v, kind) for v, kind in zip(values, kinds, strict=True)])


def _csv_value(value: Any, kind: str | None) -> str:
    match value:
        case None:
            return ""
        case str():
            return _text(value)
        case bool():
            return "oui" if value else "non"
        case int() if kind == "montant":
            return f"{'-' if value < 0 else ''}{abs(value) // 100},{abs(value) % 100:02d}"
        case datetime() if kind != "date":
            return value.strftime("%d/%m/%Y %H:%M:%S")
        case date():
            return value.strftime("%d/%m/%Y")
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case float():
            return f"{Decimal(repr(value)):f}".replace(".", ",")
    return _text(str(value))


def _text(text: str) -> str:
    return "'" + text if _FORMULA.match(text) else text


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A draft in the same folder, moved onto ``path`` when the block succeeds, removed when it does not."""
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        yield draft
        os.replace(draft, path)  # noqa: PTH105 - the same file system, and atomic
    except PermissionError as error:
        raise Refus(
            f"Le fichier « {path.name} » est ouvert dans Excel ou protégé : le fermer et recommencer."
        ) from error
    except OSError as error:
        cause = error.strerror or "le disque ne répond pas"
        raise Refus(
            f"Le fichier « {path.name} » n'a pas pu être écrit ({cause}) : choisir un autre dossier."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
