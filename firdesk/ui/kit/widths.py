"""Columns of figures and states as wide as what they hold, so that none is ever cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from firdesk.ui.kit.columns import RIGHT, Cell, ColumnSpec, cell
from firdesk.ui.kit.delegates import DOT, PAD
from firdesk.ui.kit.style import Role
from firdesk.ui.kit.text import text_width

#: Kinds of columns that are worth nothing cut.
WHOLE = RIGHT | {"etat"}


def needed(
    columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Cell]], totals: Mapping[str, str] | None = None
) -> dict[int, int]:
    """Pixels that the title, the longest text and the total of each column of figures or states need, by place."""
    places = [i for i, c in enumerate(columns) if c.kind in WHOLE and not c.stretch]
    longest: dict[int, set[str]] = {i: set() for i in places}
    lengths = dict.fromkeys(places, 0)
    for row in rows:
        for i in places:
            text = row[i].text
            if len(text) > lengths[i]:  # figures are all as wide: only the longest texts are measured
                lengths[i] = len(text)
                longest[i] = {text}
            elif len(text) == lengths[i] and columns[i].kind == "etat":
                longest[i].add(text)
    made = {}
    for i in places:
        shown = [*longest[i], (totals or {}).get(columns[i].key, "")]
        words = columns[i].kind == "etat"
        roles: tuple[Role, ...] = ("corps",) if words else ("total", "montant")
        widest = max(text_width(text, role) for text in shown for role in roles)
        made[i] = max(text_width(columns[i].title, "entete"), widest + DOT * words) + 2 * PAD
    return made


def fitted(columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Any]]) -> list[ColumnSpec]:
    """The same columns, those of amounts no wider than what they need, sub-totals included."""
    exact = needed(columns, ([cell(c, v) for c, v in zip(columns, row, strict=True)] for row in rows))
    return [replace(c, width=exact[i]) if c.kind == "montant" and i in exact else c for i, c in enumerate(columns)]
