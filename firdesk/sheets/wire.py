"""How a workbook travels from the reader process to the program: lines of JSON, rows in bunches, column by column.

Never pickle: the reader has handled a file from outside and may do anything. A date travels as ``{"d":
"2025-03-01"}``, a date with time as ``{"t": "2025-03-01T12:30:00"}``. A column is ``[values]``, one for each row or
one for all, or ``[values, text]`` where few differ: each sign of the text stands for the value of its rank.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from firdesk.sheets.cell import Grid, Value, Workbook
from firdesk.sheets.packed import Bunch, Packed

ROWS_A_LINE = 500
#: One sign for each value of a column in a bunch, none that JSON would have to escape.
_SIGNS = "".join(chr(i) for i in [*range(35, 92), *range(93, 127), *range(0xA1, 0x300)])
#: Rows of one message, empty ones included.
_MOST = 2_000_000
#: The rows of the sheet under way do not count: they are sent again.
AGAIN = b'{"reprise":true}\n'


def _tag(value: object) -> object:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(f"not a cell: {type(value)}")


def _untag(mapping: dict[str, Any]) -> Any:
    if len(mapping) == 1:
        if "d" in mapping:
            return date.fromisoformat(mapping["d"])
        if "t" in mapping:
            return datetime.fromisoformat(mapping["t"])
    return mapping


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_tag)
_DECODER = json.JSONDecoder(object_hook=_untag)


def encode(message: dict[str, Any]) -> bytes:
    """One line, its end included."""
    return _ENCODER.encode(message).encode() + b"\n"


def encode_rows(rows: Sequence[Sequence[Value]]) -> bytes:
    """Some rows of the grid whose description follows."""
    return encode_columns(len(rows), list(zip_longest(*rows)))


def encode_columns(height: int, columns: Sequence[Sequence[Value]]) -> bytes:
    """The same, given as columns of ``height`` values."""
    return encode({"hauteur": height, "colonnes": [_coded(column) for column in columns]})


def _coded(column: Sequence[Value]) -> list[object]:
    distinct = dict.fromkeys(column)
    if (True in distinct or False in distinct) and bool in set(map(type, column)):  # equal to 1 and 0
        return [column]
    if len(distinct) == 1:
        return [list(distinct)]
    if 2 * len(distinct) > len(column):
        return [column]
    signs = dict(zip(distinct, _SIGNS, strict=False))
    return [list(distinct), "".join(map(signs.__getitem__, column))]


def encode_grid(grid: Grid) -> bytes:
    """All that is known of a grid but its rows, which have been sent before."""
    return encode(
        {
            "feuille": grid.name,
            "ligne": grid.first_row,
            "colonne": grid.first_column,
            "masquee": grid.hidden,
            "lignes_masquees": sorted(grid.hidden_rows),
            "colonnes_masquees": sorted(grid.hidden_columns),
            "erreurs": [[row, column, text] for (row, column), text in grid.errors.items()],
            "non_calculees": sorted(grid.uncached),
            "fusions": grid.merged,
            "cellules": grid.cells_seen,
        }
    )


def encode_end(workbook: Workbook) -> bytes:
    """The last line, about the file, without which a stream is a broken one."""
    return encode(
        {
            "classeur": workbook.name,
            "sha256": workbook.sha256,
            "taille": workbook.size,
            "type": workbook.kind,
            "encodage": workbook.encoding,
            "separateur": workbook.delimiter,
            "notes": workbook.notes,
            "feuilles": len(workbook.grids),
        }
    )


def _decoded(message: dict[str, Any]) -> Bunch:
    """The rows of one message; ``ValueError``, ``KeyError`` or ``TypeError`` where they are none."""
    height = message["hauteur"]
    if type(height) is not int or not 0 < height <= _MOST:
        raise ValueError("no rows")
    columns: list[Sequence[Any]] = []
    for values, *text in message["colonnes"]:
        column: Sequence[Any] = values
        if text:
            known = dict(zip(_SIGNS, values, strict=False))
            column = [known[sign] for sign in text[0]]
        elif len(values) == 1:
            column = values * height
        if not isinstance(column, list) or len(column) != height:
            raise ValueError("a column of another height")
        columns.append(column)
    return Bunch(height, columns)


def _unpack(line: bytes) -> Bunch:
    return _decoded(_DECODER.decode(line.decode()))


class Assembly:
    """Puts lines back together; ``ValueError``, ``KeyError`` or ``TypeError`` when they make no workbook."""

    def __init__(self) -> None:
        self.workbook: Workbook | None = None
        self.refusal: str | None = None
        self._rows: Packed[list[Any]] = Packed(_unpack)
        self._grids: list[Grid] = []

    def add(self, line: bytes) -> None:
        """Take one line."""
        message = _DECODER.decode(line.decode())
        if not isinstance(message, dict) or self.workbook is not None:
            raise ValueError("not a message of the reader")
        if "colonnes" in message:
            self._rows.extend(_decoded(message), lambda: line)
        elif "reprise" in message:
            self._rows = Packed(_unpack)
        elif "feuille" in message:
            self._grids.append(self._grid(message))
            self._rows = Packed(_unpack)
        elif "classeur" in message:
            self._end(message)
        else:
            self.refusal = str(message["refus"])

    def _grid(self, message: dict[str, Any]) -> Grid:
        return Grid(
            name=str(message["feuille"]),
            first_row=int(message["ligne"]),
            first_column=int(message["colonne"]),
            rows=self._rows,
            hidden_rows=frozenset(map(int, message["lignes_masquees"])),
            hidden_columns=frozenset(map(int, message["colonnes_masquees"])),
            hidden=bool(message["masquee"]),
            errors={(int(r), int(c)): str(text) for r, c, text in message["erreurs"]},
            uncached=frozenset((int(r), int(c)) for r, c in message["non_calculees"]),
            merged=tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in message["fusions"]),
            cells_seen=int(message["cellules"]),
        )

    def _end(self, message: dict[str, Any]) -> None:
        if int(message["feuilles"]) != len(self._grids) or self._rows:
            raise ValueError("sheets are missing")
        self.workbook = Workbook(
            name=str(message["classeur"]),
            sha256=str(message["sha256"]),
            size=int(message["taille"]),
            kind=message["type"],
            grids=self._grids,
            encoding=message["encodage"],
            delimiter=message["separateur"],
            notes=tuple(map(str, message["notes"])),
        )
