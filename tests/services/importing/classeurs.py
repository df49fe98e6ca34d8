"""Workbooks as an office keeps them: two title lines, headers of its own, no EJ."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

EN_TETES = ("Structure", "Montant accordé en €", "Dpt", "Action", "Observations")
TITRES = ("Délégation départementale", "Suivi des crédits FIR 2025")
Ligne = tuple[Any, ...]


def lignes(count: int = 10) -> list[Ligne]:
    return [(f"Association fictive n° {n}", 1000 + n + 0.5, "02", f"Action {n}", "") for n in range(1, count + 1)]


def classeur(
    path: Path,
    rows: Sequence[Ligne],
    *,
    entetes: Sequence[str] = EN_TETES,
    titres: Sequence[str] = TITRES,
    ordre: Sequence[int] | None = None,
) -> Path:
    """One sheet « Suivi »; ``ordre`` moves the columns."""
    places = list(ordre) if ordre is not None else list(range(len(entetes)))
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    sheet = book.add_worksheet("Suivi")
    for i, titre in enumerate(titres):
        sheet.write_string(i, 0, titre)
    for i, row in enumerate([entetes, *rows], len(titres)):
        for j, place in enumerate(places):
            if row[place] != "":
                sheet.write(i, j, row[place])
    book.close()
    return path
