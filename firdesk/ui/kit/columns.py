"""What a column of a table is, and how a raw value of each kind is written in a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from firdesk.domain import money
from firdesk.domain.jour import french_date

Kind = Literal["texte", "code", "montant", "entier", "pourcent", "date", "icone", "etat", "jauge"]
RIGHT = frozenset({"montant", "entier", "pourcent"})


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column. Raw values by kind: ``montant`` int cents, ``entier`` int, ``pourcent`` a number of
    percents, ``date`` ISO text, ``icone`` and ``etat`` a text or ``(tone, text)``, ``jauge`` a :class:`Jauge`, the
    others text; ``None`` is empty.
    """

    key: str
    title: str
    kind: Kind = "texte"
    width: int = 120
    stretch: bool = False
    tooltip: str = ""
    #: Cents always shown (True), never (False) or only where there are some (None).
    decimals: bool | None = None
    #: Decimals of a ``pourcent``.
    digits: int = 1
    editable: bool = False
    sortable: bool = True
    #: Cut in the middle where the end of a text tells it from the next one (a file name).
    middle: bool = False

    @property
    def right(self) -> bool:
        return self.kind in RIGHT


class Barre(NamedTuple):
    """One bar of a bullet: what was used of what was opened, and the text that says so."""

    used: int
    opened: int
    text: str


class Jauge(NamedTuple):
    """A bullet chart in a cell: its bars, and the whole of it in words."""

    barres: tuple[Barre, ...]
    text: str


class Cell(NamedTuple):
    """A value made ready to be painted: ``tone`` is a tone of the style, empty for plain text."""

    text: str
    tone: str = ""
    raw: object = None


EMPTY = Cell("")


def cell(spec: ColumnSpec, raw: object) -> Cell:
    """The cell of a raw value."""
    if raw is None or raw == "":
        return EMPTY
    kind = spec.kind
    if kind == "montant" and isinstance(raw, int):
        return Cell(money.euros(raw, decimals=spec.decimals), "", raw)
    if kind == "entier" and isinstance(raw, int):
        return Cell(money.nombre(raw), "", raw)
    if kind == "pourcent" and not isinstance(raw, str):
        return Cell(money.pourcent(raw, decimals=spec.digits), "", raw)  # type: ignore[arg-type]
    if kind == "date":
        return Cell(french_date(str(raw)), "", raw)
    if isinstance(raw, Jauge):
        return Cell(raw.text, "", raw)
    if kind in ("icone", "etat"):
        if isinstance(raw, tuple):
            return Cell(str(raw[1]), str(raw[0]), raw)
        if raw is False or raw == 0:
            return EMPTY
        return Cell("À vérifier" if raw is True else str(raw), "alerte" if kind == "icone" else "", raw)
    return Cell(str(raw), "faible" if kind == "code" else "", raw)


def plain(spec: ColumnSpec, made: Cell) -> str:
    """The text of a cell for a spreadsheet: amounts without unit nor group, decimal comma."""
    if spec.kind == "montant" and isinstance(made.raw, int):
        sign = "-" if made.raw < 0 else ""
        return f"{sign}{abs(made.raw) // 100},{abs(made.raw) % 100:02d}"
    if spec.kind == "entier" and isinstance(made.raw, int):
        return str(made.raw)
    return " ".join(made.text.split()) if made.text else ""
