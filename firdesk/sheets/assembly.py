"""The lines of the reader process put back together, every one of them checked: the reader may have lost its mind."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, overload

from firdesk.sheets.cell import Grid, Workbook
from firdesk.sheets.packed import Bunch, Packed
from firdesk.sheets.wire import BETWEEN, SIGNS

#: Rows of one message, empty ones included.
_MOST = 2_000_000
_CELLS = frozenset((str, int, float, bool, type(None), date, datetime))


def _untag(mapping: dict[str, Any]) -> Any:
    if len(mapping) == 1:
        if "d" in mapping:
            return date.fromisoformat(mapping["d"])
        if "t" in mapping:
            return datetime.fromisoformat(mapping["t"])
    return mapping


_DECODER = json.JSONDecoder(object_hook=_untag)


class _Columns(Sequence[Sequence[Any]]):
    """The columns of one message, each decoded when it is looked at."""

    def __init__(self, height: int, lines: list[bytes]) -> None:
        self._height = height
        self._lines: list[bytes | Sequence[Any]] = list(lines)

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sequence[Any]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        column = self._lines[index]
        if isinstance(column, bytes):
            column = self._lines[index] = _column(column, self._height)
        return column


def _column(line: bytes, height: int) -> list[Any]:
    values, *text = _DECODER.decode(line.decode())
    if not isinstance(values, list) or not _CELLS.issuperset(map(type, values)):
        raise ValueError("not a column of cells")
    if text:
        known = dict(zip(SIGNS, values, strict=False))
        values = [known[sign] for sign in text[0]]
    elif len(values) == 1:
        values = values * height
    if len(values) != height:
        raise ValueError("a column of another height")
    return values


def _unpack(line: bytes) -> Bunch:
    """The rows of one message; ``ValueError``, ``KeyError`` or ``TypeError``, sooner or later, where they are none."""
    head, *columns = line.rstrip(b"\n").split(BETWEEN)
    height = _DECODER.decode(head.decode())["hauteur"]
    if type(height) is not int or not 0 < height <= _MOST:
        raise ValueError("no rows")
    return Bunch(height, _Columns(height, columns))


class Assembly:
    """Puts lines back together; ``ValueError``, ``KeyError`` or ``TypeError`` when they make no workbook."""

    def __init__(self) -> None:
        self.workbook: Workbook | None = None
        self.refusal: str | None = None
        self._rows: Packed[list[Any]] = Packed(_unpack)
        self._grids: list[Grid] = []

    def add(self, line: bytes) -> None:
        """Take one line."""
        if line.startswith(b'{"hauteur"') and self.workbook is None:
            rows = _unpack(line)
            for _ in rows.columns:  # decoded, or refused, now
                pass
            self._rows.extend(rows, lambda: line)
            return
        message = _DECODER.decode(line.decode())
        if not isinstance(message, dict) or self.workbook is not None:
            raise ValueError("not a message of the reader")
        if "reprise" in message:
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
