"""The new lines of a plan, kept without what was read of them where that is kept already."""

import pickle
from array import array
from collections.abc import Sequence
from typing import Any

from firdesk.services.importing.plan import LigneLue, PlannedLine
from firdesk.sheets.packed import Packed

_SOURCE = PlannedLine._fields.index("source")


class Prevues(Packed[PlannedLine]):
    """New lines of a file, in its order; packed, the source of each is only its place among ``lues``."""

    def __init__(self, lues: Sequence[LigneLue] = ()) -> None:
        super().__init__(self._joined, self._apart)
        self._lues = lues
        self._places = array("l")

    def ajouter(self, line: PlannedLine, place: int | None) -> None:
        """One more line; ``place`` is where its source is among those read, ``None`` when it is not one of them."""
        self._places.append(-1 if place is None else place)
        self.append(line)

    def _apart(self, lines: Sequence[PlannedLine]) -> bytes:
        """The lines just added."""
        places: Sequence[int] = self._places[-len(lines) :]
        changed = {i: lines[i].source for i, place in enumerate(places) if place < 0}
        if not changed and places[-1] - places[0] == len(places) - 1:
            places = range(places[0], places[-1] + 1)
        fields: list[Any] = list(zip(*lines, strict=True))
        fields[_SOURCE] = None
        return pickle.dumps((places, changed, fields), pickle.HIGHEST_PROTOCOL)

    def _joined(self, data: bytes) -> list[PlannedLine]:
        places, changed, fields = pickle.loads(data)  # noqa: S301
        lues = self._lues
        if isinstance(places, range):
            fields[_SOURCE] = lues[places.start : places.stop]
        else:
            fields[_SOURCE] = [changed[i] if place < 0 else lues[place] for i, place in enumerate(places)]
        return list(map(PlannedLine._make, zip(*fields, strict=True)))
