"""What the user chose for one import: which table, which columns, which answers; kept with the import, taken up later.

Plain data that goes to JSON and back; it knows neither the file nor the base.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields


@dataclass(frozen=True, slots=True)
class Reglages:
    """``None`` or empty: as recognised.

    ``entete`` is the number of the header row shown by a spreadsheet (1-based), that of the names where groups stand
    above them; ``colonne`` the letters of a column of the table, where several stand side by side. ``correspondance``
    gives the letters of the column of each field (``{"nom": "B"}``) and replaces what the headers say; ``exercice``
    keeps the lines of that year (others are ignored and listed) and stands for an empty cell; ``separateur`` and
    ``encodage`` are those of a text file, ``date`` that of a SIBC snapshot (ISO or ``JJ/MM/AAAA``). ``decisions``
    answers :attr:`Plan.questions` by ``id``: the code of a choice, or ``=`` followed by the text to read instead.
    """

    profil: str | None = None
    feuille: str | None = None
    entete: int | None = None
    colonne: str | None = None
    correspondance: Mapping[str, str] = field(default_factory=dict)
    exercice: int | None = None
    separateur: str | None = None
    encodage: str | None = None
    date: str | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The choices made, without those left alone; ``{}`` when everything is as recognised."""
        made = {name: value for name, value in asdict(self).items() if value not in (None, {})}
        return json.dumps(made, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Reglages":
        """The reverse of :meth:`to_json`; names of another version are left out. ``ValueError`` for any other text."""
        made = json.loads(text or "{}")
        if not isinstance(made, dict):
            raise ValueError(f"not the choices of an import: {text[:40]}")
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in made.items() if name in known})
