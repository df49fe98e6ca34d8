"""What was paid on each commitment, as the accountant lists it: one workbook a year, one row a payment request.

Some conventions pay a balance the year after: what 2025 leaves to 2026 is what 2024 had left to it, so that each theme
pays in 2025 what the published report says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from firdesk.services.demonstration.campagne import Decision
from firdesk.sheets.writer import Column, SheetSpec, write_xlsx

FICHIERS = {2024: "Paiements_FIR_2024.xlsx", 2025: "Paiements_FIR_2025.xlsx"}
COLONNES = (
    Column("N° EJ", "texte"),
    Column("Bénéficiaire", "texte"),
    Column("N° DP", "texte"),
    Column("Date de paiement", "date"),
    Column("Montant payé", "montant"),
    Column("Exercice", "entier"),
)
#: By these words the decision says that a part is paid later.
ACOMPTE = "acompte"


@dataclass(frozen=True, slots=True)
class Solde:
    """A balance in cents that ``apres`` leaves to the next year and ``avant`` had left to the year of ``apres``."""

    avant: Decision
    apres: Decision
    montant: int


def soldes(avant: Iterable[Decision], apres: Iterable[Decision]) -> list[Solde]:
    """The conventions paid in two years, where the same operator had one for the same scheme the year before."""
    known: dict[tuple[str, str, str], list[Decision]] = {}
    for d in avant:
        if d.versements:
            known.setdefault(_place(d), []).append(d)
    found = []
    for d in apres:
        before = known.get(_place(d))
        if d.versements and ACOMPTE in d.motivation and before:
            one = before.pop()
            montant = min(d.montant * 3 // 10, one.montant // 2) // 100_00 * 100_00
            if montant:
                found.append(Solde(one, d, montant))
    return found


def _place(d: Decision) -> tuple[str, str, str]:
    return d.beneficiaire.identifiant, d.dispositif.destination, d.dispositif.theme


def write(path: Path, exercice: int, decisions: Iterable[Decision], reports: Sequence[Solde]) -> None:
    """The payments of ``exercice``: its decisions without what they leave to the next year, and the balances before."""
    left = {id(s.avant if s.avant.exercice == exercice else s.apres): s.montant for s in reports}
    paid = [(d, d.montant - left.get(id(d), 0), _jour(d)) for d in decisions if d.versements]
    paid += [(s.avant, s.montant, date(exercice, 3, 17)) for s in reports if s.avant.exercice == exercice - 1]
    paid.sort(key=lambda x: (x[2], x[0].ej))
    rows = [
        [d.ej, d.beneficiaire.nom, f"DP{exercice}{number:05d}", day, cents, exercice]
        for number, (d, cents, day) in enumerate(paid, start=1)
    ]
    write_xlsx(path, [SheetSpec("Paiements", COLONNES, rows)])


def _jour(d: Decision) -> date:
    """Three weeks after the last notification, the 31st of December at the latest."""
    return min(d.versements[-1].date + timedelta(days=21), date(d.exercice, 12, 31))
