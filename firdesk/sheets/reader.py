"""What runs in the child process: read one file and write it as JSON lines on standard output.

Progress goes to standard error (``progression 5000 100000``). Whatever the file does to the parser stays in
this process; the parent (:mod:`firdesk.sheets.process`) turns any abnormal end into one French sentence.
"""

import gc
import hashlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Self

from firdesk.domain.problem import Refus
from firdesk.sheets import wire
from firdesk.sheets.cell import Grid, Kind, Value, Workbook
from firdesk.sheets.meanings import Meanings, UnusualError, plain_value
from firdesk.sheets.preflight import PASSWORD, inspect, load, refusal, shown_name
from firdesk.sheets.scan import SheetScan

#: Environment variable of the options, one JSON object: ``delimiter`` and ``encoding`` of a CSV file.
OPTIONS = "FIRDESK_LECTURE"
_KNOWN = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
#: Why a file that exhausts the memory allowed is not read.
TOO_BIG = "il demande trop de mémoire ; supprimer les feuilles inutiles ou le couper en plusieurs"
_PASSWORD = "il est protégé par un mot de passe : l'enregistrer sans mot de passe et recommencer"  # noqa: S105

Progress = Callable[[int, int | None], None]


def main(path: str) -> int:
    """Read ``path``, write it on standard output; 0 also when the file is refused (the last line says so)."""
    output = sys.stdout.buffer if sys.stdout is not None else os.fdopen(1, "wb")
    gc.disable()  # no cycles here: collections would only walk millions of cells
    try:
        options = json.loads(os.environ.get(OPTIONS, "{}"))
        for line in read_lines(Path(path), progress=_progress, **options):
            output.write(line)
    except Refus as refus:
        output.write(wire.encode({"refus": refus.message}))
    except MemoryError:
        output.write(wire.encode({"refus": refusal(shown_name(Path(path)), TOO_BIG).message}))
    finally:
        gc.enable()
    output.flush()
    return 0


def read_lines(
    path: Path, *, progress: Progress | None = None, delimiter: str | None = None, encoding: str | None = None
) -> Iterator[bytes]:
    """The lines of one file, to be put together by :mod:`firdesk.sheets.assembly`; ``Refus`` where it cannot be read.

    Reads in this very process, which the parser may abort.
    """
    data = load(path)
    name = shown_name(path)
    kind = inspect(data, name)
    around = _around(path, data)
    if kind == "csv":
        from firdesk.sheets.csvfile import parse_bytes

        workbook = parse_bytes(data, name, delimiter=delimiter, encoding=encoding)
        workbook.notes = (*around, *workbook.notes)
        for grid in workbook.grids:
            for start in range(0, len(grid.rows), wire.ROWS_A_LINE):
                yield wire.encode_rows(grid.rows[start : start + wire.ROWS_A_LINE])
            yield wire.encode_grid(grid)
        yield wire.encode_end(workbook)
        return
    try:
        yield from _read_workbook(data, name, kind, progress or (lambda _done, _total: None), around)
    except (Refus, MemoryError):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise _damaged(name, error) from error


def _around(path: Path, data: bytes) -> list[str]:
    """What is known without reading a cell: the file is open elsewhere, or shows values of other files."""
    notes = []
    try:
        opened = any(path.with_name(mark).exists() for mark in (f"~${path.name}", f".~lock.{path.name}#"))
    except (OSError, ValueError):
        opened = False
    if opened:
        notes.append("Ce fichier semble ouvert dans un tableur : ce qui n'y est pas enregistré n'est pas lu.")
    if data.startswith(b"PK") and b"xl/externalLinks/" in data:
        notes.append("Des formules lisent d'autres classeurs : leurs dernières valeurs enregistrées sont lues.")
    return notes


def _progress(done: int, total: int | None) -> None:
    if sys.stderr is not None:
        print(f"progression {done} {total or 0}", file=sys.stderr, flush=True)  # noqa: T201


def _read_workbook(data: bytes, name: str, kind: Kind, progress: Progress, around: list[str]) -> Iterator[bytes]:
    read = _Read(notes=around)
    if kind in ("xlsx", "xlsm"):
        yield from _read_parts(data, name, kind, progress, read)
    else:
        scans = scan(data, name, kind)
        total = sum(scan.last_row + 1 for scan in scans.values()) or None
        progress(0, total)
        with _Book(data, name, kind, scans) as book:
            for title in book.titles:
                yield from book.read(title, read, lambda done: progress(done, total))
    digest = hashlib.sha256(data).hexdigest()
    yield wire.encode_end(Workbook(name, digest, len(data), kind, read.grids, notes=tuple(read.notes)))


@dataclass(slots=True)
class _Read:
    """What has been read of a workbook so far."""

    notes: list[str]
    grids: list[Grid] = field(default_factory=list)
    rows: int = 0

    def finish(self, grid: Grid, scan: SheetScan) -> bytes:
        """One more sheet, whose rows have been sent."""
        self.notes += _notes(grid, scan)
        self.grids.append(grid)
        return wire.encode_grid(grid)


def _read_parts(data: bytes, name: str, kind: Kind, progress: Progress, read: _Read) -> Iterator[bytes]:
    """Each sheet while it is unpacked; by python-calamine from its beginning where it is not written as usual."""
    from firdesk.sheets.package import MAX_AREA, check_sums, opened, parts_of, scan_part
    from firdesk.sheets.stream import SheetStream

    progress(0, None)
    with opened(data, name) as archive, ExitStack() as stack:
        parts, computed = parts_of(archive)
        _check_names([part.name for part in parts], name)
        book: _Book | None = None
        meanings: Meanings | None = None
        for part in parts:
            done = read.rows
            try:
                meanings = meanings or Meanings(archive, part.member, part.name)
                with archive.open(part.member) as xml:
                    stream = SheetStream(xml, meanings, computed=computed, most=MAX_AREA)
                    for height, columns in stream.bunches():
                        yield wire.encode_columns(height, columns)
                        read.rows += height
                        progress(read.rows, stream.expected and max(done + stream.expected, read.rows))
                grid, found = stream.grid(part.name), stream.scan
            except UnusualError:
                read.rows = done
                yield wire.AGAIN
                if book is None:
                    check_sums(archive)
                    scans = {p.name: scan_part(archive, p, name, computed=computed) for p in parts}
                    book = stack.enter_context(_Book(data, name, kind, scans))
                yield from book.read(part.name, read, lambda done: progress(done, None))
                continue
            grid.hidden = part.hidden
            yield read.finish(grid, found)


def scan(data: bytes, name: str, kind: Kind) -> dict[str, SheetScan]:
    """What the parser does not tell of each sheet; ``Refus`` for damage and for a sheet too wide to be held."""
    if kind in ("xlsx", "xlsm"):
        from firdesk.sheets.package import scan_package

        return scan_package(data, name)
    if kind == "ods":
        from firdesk.sheets.ods import scan_ods

        return scan_ods(data, name)
    if kind == "xlsb":
        from firdesk.sheets.xlsb import scan_xlsb

        return scan_xlsb(data, name)
    from firdesk.sheets.xls import scan_xls

    return scan_xls(data, name)


class _Book:
    """A workbook open in python-calamine, beside the scans of its sheets."""

    def __init__(self, data: bytes, name: str, kind: Kind, scans: dict[str, SheetScan]) -> None:
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        self._name = name
        self._scans = scans
        self._book = CalamineWorkbook.from_filelike(io.BytesIO(_readable(data, kind, scans)))
        _check_names(self._book.sheet_names, name)
        sheets = [meta for meta in self._book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
        self.titles = [meta.name for meta in sheets]
        self._hidden = {meta.name for meta in sheets if meta.visible is not SheetVisibleEnum.Visible}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def read(self, title: str, read: _Read, progress: Callable[[int], None]) -> Iterator[bytes]:
        """The lines of one sheet."""
        if title not in self._scans or title not in self.titles:
            raise ValueError(f"sheet {title} is not where the workbook says")
        sheet = SheetReader(self._book.get_sheet_by_name(title), self._scans[title])
        sheet.check_area(self._name)
        for rows in sheet.bunches():
            yield wire.encode_rows(rows)
            read.rows += len(rows)
            progress(read.rows)
        grid = sheet.description()
        grid.hidden = title in self._hidden
        yield read.finish(grid, sheet.scan)


def _readable(data: bytes, kind: Kind, scans: dict[str, SheetScan]) -> bytes:
    """The file itself, or one in which an error unknown to the parser, which would refuse it all, is a known one."""
    if kind not in ("xlsx", "xlsm") or all(_KNOWN.issuperset(scan.errors.values()) for scan in scans.values()):
        return data
    from firdesk.sheets.package import with_known_errors

    return with_known_errors(data)


def _check_names(names: list[str], name: str) -> None:
    for title in {title for title, count in Counter(names).items() if count > 1}:
        raise refusal(name, f"deux feuilles s'y appellent « {title} » : en renommer une et recommencer")


def _damaged(name: str, error: BaseException) -> Refus:
    if type(error).__name__ == "PasswordError":
        return refusal(name, PASSWORD)
    cause = " ".join(str(error).split())[:120] or type(error).__name__
    refus = refusal(name, "son contenu est abîmé : l'ouvrir dans Excel, l'enregistrer à nouveau et recommencer")
    refus.detail = cause
    return refus


class SheetReader:
    """The filled rectangle of one sheet as plain values, with what the scan found put in its place."""

    def __init__(self, sheet: Any, scan: SheetScan) -> None:
        self.sheet = sheet
        self.scan = scan
        found: dict[tuple[int, int], Value] = {**scan.values, **scan.errors}
        # The parser may have dropped the outermost cells.
        known: list[tuple[int, int]] = [*([sheet.start] if sheet.start else []), *found]
        self.first_row = min((row for row, _ in known), default=0)
        self.first_column = min((column for _, column in known), default=0)
        self.height = self.width = 0
        self.cells = len(scan.uncached)
        self.patches: dict[int, list[tuple[int, Value]]] = {}
        for position in scan.uncached:
            found[position] = None
        for (row, column), value in found.items():
            if column >= self.first_column:
                self.patches.setdefault(row, []).append((column - self.first_column, value))

    def check_area(self, name: str) -> None:
        """``Refus`` where the parser puts a cell beyond those of the scan: an address is not what it seems."""
        bottom, right = self.sheet.end or (-1, -1)
        if bottom > self.scan.last_row or right > self.scan.last_column:
            raise refusal(
                name,
                f"dans la feuille « {self.sheet.name} », des cellules ne sont pas à leur place : l'ouvrir dans Excel, "
                "l'enregistrer à nouveau et recommencer",
            )

    def bunches(self) -> Iterator[list[list[Value]]]:
        """The rows in order, some hundreds at a time, without the empty ones at the end."""
        bunch: list[list[Value]] = []
        filled = 0
        for number, cells in self._source():
            row = [v if v and v.__class__ is str else plain_value(v) for v in cells]
            for column, value in self.patches.get(number, ()):
                if column >= len(row) and value is not None:
                    row += [None] * (column + 1 - len(row))
                if column < len(row):
                    row[column] = value
            while row and row[-1] is None:
                row.pop()
            bunch.append(row)
            if not row:
                continue
            filled = len(bunch)
            self.cells += len(row) - row.count(None)
            self.width = max(self.width, len(row))
            if filled >= wire.ROWS_A_LINE:
                self.height += filled
                yield bunch
                bunch, filled = [], 0
        if filled:
            self.height += filled
            yield bunch[:filled]

    def _source(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows of the parser, with those that it dropped before and after."""
        number = self.first_row
        if self.sheet.start:
            start, left = self.sheet.start
            yield from ((row, []) for row in range(number, start))
            number, margin = start, [""] * (left - self.first_column)
            # ``iter_rows`` leaves out the columns before the start of the area, not the rows.
            for cells in islice(self.sheet.iter_rows(), start, None):
                yield number, (margin + cells if margin else cells)
                number += 1
        last = max((row for row, _ in self.scan.errors | self.scan.values), default=-1)
        yield from ((row, []) for row in range(number, last + 1))

    def description(self) -> Grid:
        """All but the rows, once they have been read."""
        last_row = self.first_row + self.height
        last_column = self.first_column + self.width
        return Grid(
            name=self.sheet.name,
            first_row=self.first_row,
            first_column=self.first_column,
            hidden_rows=frozenset(r for r in self.scan.hidden_rows if r < last_row),
            hidden_columns=frozenset(
                c for first, last in self.scan.hidden_columns for c in range(first, min(last + 1, last_column))
            ),
            errors=self.scan.errors,
            uncached=frozenset(self.scan.uncached),
            merged=tuple(sorted(a for a in self.scan.merged if a[0] < last_row and a[1] < last_column)),
            cells_seen=self.cells,
        )


def _notes(grid: Grid, scan: SheetScan) -> list[str]:
    """What the eye would not see in a sheet, in French."""
    where = f"Feuille « {grid.name} » : "
    notes = [f"{where}masquée."] if grid.hidden and grid.cells_seen else []
    for count, one, several in (
        (len(grid.hidden_rows), "une ligne masquée", "lignes masquées"),
        (len(grid.hidden_columns), "une colonne masquée", "colonnes masquées"),
        (len(grid.errors), "une cellule en erreur", "cellules en erreur"),
        (len(grid.uncached), "une formule non calculée", "formules non calculées"),
        (scan.blank, "une formule qui ne donne qu'un texte vide", "formules qui ne donnent qu'un texte vide"),
    ):
        if count:
            notes.append(where + (f"{one}." if count == 1 else f"{count} {several}."))
    return notes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
