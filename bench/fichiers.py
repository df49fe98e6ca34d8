"""Finance exports of any length, written as the real ones are (35 columns, 1 operator for 4 lines)."""

import random
from pathlib import Path

import xlsxwriter

from firdesk.services.demonstration.exports import COLONNES_STARSFIR

_DESTINATIONS = [
    ("1 : Promotion de la santé", "1.2 : Promotion", "MI1-2-29 : Addictologie"),
    ("2 : Parcours", "2.3 : Parcours", "MI2-3-8 : Equipes mobiles de gériatrie"),
    ("2 : Parcours", "2.3 : Parcours", "MI2-3-2 : Equipes mobiles de soins palliatifs"),
    ("3 : Permanence des soins", "3.3 : Etablissements", "MI3-3-2 : Gardes"),
    ("4 : Efficience", "4.2 : Opérations", "MI4-2-8 : Aides à l'investissement hors plans nationaux"),
]
_DEPARTEMENTS = ["02", "59", "60", "62", "80"]


def rows(lines: int) -> list[list[object]]:
    """The rows of a StarsFIR export of 2025 with ``lines`` lines; always the same for the same number."""
    chance = random.Random(lines)  # noqa: S311 - not a secret
    operators = max(1, min(3000, lines // 4))
    found: list[list[object]] = []
    for i in range(lines):
        o = chance.randrange(operators)
        n1, n2, n3 = _DESTINATIONS[chance.randrange(5)]
        amount = chance.randrange(100_000, 50_000_000) / 100
        found.append(
            [
                "ARS HAUTS-DE-FRANCE", f"H{1_000_000 + o}", "", f"Opérateur fictif {o}", "", "", _DEPARTEMENTS[o % 5],
                f"Territoire {o % 9}", "Sanitaire", "Association", "Catégorie", "Association loi 1901", "Privé", "FIR",
                ("Prévention", "Sanitaire", "Médico-Social")[i % 3], "Intervention", "Intervention", n1, n2, n3,
                f"Action n° {i} de santé publique", "ARS", str(1 + i % 3), f"E2025{i:06d}_01", f"P{i:06d}",
                "Base 2025", f"DA-{i:05d}", "DA", f"{1 + i % 28:02d}/{1 + i % 12:02d}/2025", amount, amount, amount,
                amount, 2025, "032",
            ]
        )  # fmt: skip
    return found


def write_workbook(path: Path, lines: int) -> None:
    """Write the export as Excel would hold it: real numbers for amounts, texts for all else."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": lines > 50_000}) as workbook:
        sheet = workbook.add_worksheet("Engagements")
        sheet.write_row(0, 0, COLONNES_STARSFIR)
        for r, row in enumerate(rows(lines), start=1):
            sheet.write_row(r, 0, row)
