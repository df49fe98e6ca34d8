"""How a workbook travels from the reader process to the program: lines of JSON, rows in bunches, column by column.

Never pickle: the reader has handled a file from outside and may do anything. A date travels as ``{"d":
"2025-03-01"}``, a date with time as ``{"t": "2025-03-01T12:30:00"}``. A column is ``[values]``, one for each row or
one for all, or ``[values, text]`` where few differ: each sign of the text stands for the value of its rank. Columns
stand apart in their line, so that one can be looked at without the others.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from firdesk.sheets.cell import Grid, Value, Workbook

ROWS_A_LINE = 500
#: One sign for each value of a column in a bunch, none that JSON would have to escape.
SIGNS = "".join(chr(i) for i in [*range(35, 92), *range(93, 127), *range(0xA1, 0x300)])
#: Between the columns of one message; JSON would escape it.
BETWEEN = b"\x1f"
#: The rows of the sheet under way do not count: they are sent again.
AGAIN = b'{"reprise":true}\n'


def _tag(value: object) -> object:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(f"not a cell: {type(value)}")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, default=_tag)


def encode(message: dict[str, Any]) -> bytes:
    """One line, its end included."""
    return _ENCODER.encode(message).encode() + b"\n"


def encode_rows(rows: Sequence[Sequence[Value]]) -> bytes:
    """Some rows of the grid whose description follows."""
    return encode_columns(len(rows), list(zip_longest(*rows)))


def encode_columns(height: int, columns: Sequence[Sequence[Value]]) -> bytes:
    """The same, given as columns of ``height`` values."""
    head = b'{"hauteur":%d}' % height
    return BETWEEN.join([head, *[_ENCODER.encode(_coded(column)).encode() for column in columns]]) + b"\n"


def _coded(column: Sequence[Value]) -> list[object]:
    distinct = dict.fromkeys(column)
    if (True in distinct or False in distinct) and bool in set(map(type, column)):  # equal to 1 and 0
        return [column]
    if len(distinct) == 1:
        return [list(distinct)]
    if 2 * len(distinct) > len(column) or len(distinct) > len(SIGNS):
        return [column]
    signs = dict(zip(distinct, SIGNS, strict=False))
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
