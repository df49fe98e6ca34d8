"""Columns of amounts as wide as what they hold, so that none is ever cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from firdesk.ui.kit.columns import ColumnSpec, cell
from firdesk.ui.kit.delegates import PAD
from firdesk.ui.kit.text import text_width


def fitted(columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Any]]) -> list[ColumnSpec]:
    """The same columns, those of amounts as wide as their title and their longest amount, sub-totals included."""
    places = [i for i, c in enumerate(columns) if c.kind == "montant" and not c.stretch]
    widest = {i: text_width(columns[i].title, "entete") for i in places}
    lengths = dict.fromkeys(places, 0)
    for row in rows:
        for i in places:
            text = cell(columns[i], row[i]).text
            if len(text) >= lengths[i]:  # figures are all as wide: only the longest texts are measured
                lengths[i] = len(text)
                widest[i] = max(widest[i], text_width(text, "total"), text_width(text, "montant"))
    return [replace(c, width=widest[i] + 2 * PAD) if i in widest else c for i, c in enumerate(columns)]
