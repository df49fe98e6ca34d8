"""Sheets of payments as a finance department sends them, and a base to attach them to."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services.session import Session

HEADERS = ("N° EJ", "N° DP", "Date de paiement", "Bénéficiaire", "Montant payé")
Row = tuple[Any, ...]


def paiement(
    ej: str = "E2025000001_01",
    montant: Any = 100,
    dp: str = "4500001",
    jour: Any = date(2025, 3, 15),
    nom: str = "CH de Laon",
) -> Row:
    return (ej, dp, jour, nom, montant)


def write_paiements(
    path: Path, rows: Sequence[Row], *, headers: Sequence[str] = HEADERS, titles: int = 2, total: bool = False
) -> Path:
    """A workbook with title lines (and a total at the foot where asked), written by openpyxl."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Paiements"
    for n in range(titles):
        sheet.append([f"Suivi des paiements, ligne {n + 1}"])
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    if total:
        place = list(headers).index("Montant payé")
        line: list[Any] = ["Total général", *[None] * (len(headers) - 1)]
        line[place] = sum(row[place] for row in rows)
        sheet.append(line)
    book.save(path)
    return path


def write_csv(path: Path, rows: Sequence[Sequence[str]], headers: Sequence[str]) -> Path:
    with path.open("w", encoding="cp1252", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(headers)
        writer.writerows(rows)
    return path


def allouer(session: Session, *lignes: tuple[str, int], exercice: int = 2025) -> list[int]:
    """Create one allocation for each (EJ, cents notified); their numbers."""
    with session.operation("Saisir des allocations"):
        return [
            session.allocations.add(
                Allocation(
                    exercice,
                    session.operateurs.add(Operateur(nom=f"Opérateur {n}", departement="02")),
                    "MI2-3-8",
                    ej=ej,
                    mouvements=(Mouvement(Nature.NOTIFICATION, exercice, cents),) if cents else (),
                )
            )
            for n, (ej, cents) in enumerate(lignes, 1)
        ]


def paye(session: Session) -> dict[str, int]:
    """CP payé by EJ, for the allocations where some is."""
    found: dict[str, int] = {}
    for number in session.allocations.ids(Filtre()):
        a = session.allocations.get(number)
        assert a is not None
        signs = {Nature.PAIEMENT: 1, Nature.REPRISE: -1}
        moves = [signs[m.nature] * m.montant for m in a.mouvements if m.nature in signs]
        if moves:
            found[a.ej] = found.get(a.ej, 0) + sum(moves)
    return found
