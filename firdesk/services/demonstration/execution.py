"""The SIBC workbooks: AE and CP opened and consumed by destination, as finance extracts them on 31 December.

What was paid on a destination is what was notified on it; the other three columns lie around it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from firdesk.domain.nomenclature import mission_de, rang
from firdesk.services.demonstration.campagne import Decision, partager
from firdesk.services.demonstration.exports import LIBELLE_INCONNU
from firdesk.sheets.writer import Column, SheetSpec, write_xlsx
from firdesk.store.nomenclatures import reference

FICHIERS = {2024: "SIBC_execution_FIR_20241231.xlsx", 2025: "SIBC_execution_FIR_20251231.xlsx"}
#: AE opened, CP opened, EJ: with 526 874 764 € paid in 2025 they give the published 99,9 % and 99,8 %.
TOTAUX = {
    2025: (527_499_262_00, 527_930_625_00, 526_971_763_00),
    2024: (500_104_300_00, 500_616_900_00, 498_402_118_00),
}
#: Sixth planted anomaly: on this destination far more is engaged than was opened.
DEPASSEMENT = ("MI2-3-1", 212_000_00)
COLONNES = (
    Column("Exercice", "entier"),
    Column("Libellé Etablissement", "texte"),
    Column("SG1", "texte"),
    Column("Libellé destination de rang 1", "texte"),
    Column("Code destination rang 2", "texte"),
    Column("Libellé destination de rang 2", "texte"),
    Column("Code destination rang 3", "texte"),
    Column("Libellé destination de rang 3", "texte"),
    Column("Libellé enveloppe", "texte"),
    Column("AE ouvertes", "montant"),
    Column("CP ouverts", "montant"),
    Column("EJ validés", "montant"),
    Column("Décaissements CP", "montant"),
)


@dataclass(slots=True)
class Poste:
    """One line of SIBC, in cents."""

    destination: str
    enveloppe: str
    paye: int
    ej: int = 0
    ae: int = 0
    cp: int = 0
    variante: bool = False


def postes(exercice: int, decisions: Iterable[Decision], rng: Random) -> list[Poste]:
    """The lines of an exercice; their sums are those of :data:`TOTAUX`."""
    payes: dict[str, int] = {}
    for d in decisions:
        code = d.dispositif.destination
        payes[code] = payes.get(code, 0) + (d.montant if d.versements else 0)
    lines: list[Poste] = []
    for code in sorted(payes, key=rang):
        lines += _couper(code, payes[code], rng)
    _etaler(lines, exercice, rng)
    return lines


def write_sibc(path: Path, exercice: int, lines: Sequence[Poste], rng: Random) -> None:
    """A workbook of 13 columns with the agency's own lines (``DG``), which are no FIR."""
    rows = [_row(exercice, line) for line in lines]
    rows += [_vide(exercice, code, rng) for code in ("BA-PAIA", "BA-PAIQUOT", "MI1-9-2", "MI2-4-2")]
    for position in range(12):
        rows.insert(rng.randrange(len(rows)), _agence(exercice, position, rng))
    write_xlsx(path, [SheetSpec("Exécution", COLONNES, rows)])


def _couper(code: str, paye: int, rng: Random) -> list[Poste]:
    """One line, or two enveloppes, or the same enveloppe under two spellings of its label."""
    if code == "MI2-7-1":
        first, second = partager(paye, (0.7, 0.3), 100)
        return [Poste(code, "Intervention", first), Poste(code, "Intervention", second, variante=True)]
    if paye > 1_000_000_00 and rng.random() < 0.12:
        first, second = partager(paye, (0.94, 0.06), 100)
        return [Poste(code, "Intervention", first), Poste(code, "Fonctionnement", second)]
    return [Poste(code, "Intervention", paye)]


def _etaler(lines: list[Poste], exercice: int, rng: Random) -> None:
    """Put EJ, AE and CP around what was paid: above it on most lines, below it on a few, which is normal."""
    ae, cp, ej = TOTAUX[exercice]
    paid = sum(x.paye for x in lines)
    ordinary = [x for x in lines if x.paye < 20_000_000_00 and x.destination != DEPASSEMENT[0]]
    names = ("ej", "ae", "cp")
    for name, total, share in zip(names, (ej - paid, ae - ej, cp - paid), (0.11, 0.06, 0.07), strict=True):
        below = rng.sample(ordinary, round(share * len(lines)))
        source = "ej" if name == "ae" else "paye"
        gaps = [-int(x.paye * rng.uniform(0.001, 0.01) / 100) * 100 if x in below else 0 for x in lines]
        if name == "ae" and exercice == 2025:
            where = next(i for i, x in enumerate(lines) if x.destination == DEPASSEMENT[0])
            gaps[where] = -DEPASSEMENT[1]
        free = [i for i, gap in enumerate(gaps) if not gap]
        above = partager(total - sum(gaps), [lines[i].paye * rng.uniform(0.2, 1.0) for i in free], 100)
        for i, gap in zip(free, above, strict=True):
            gaps[i] = gap
        for line, gap in zip(lines, gaps, strict=True):
            setattr(line, name, getattr(line, source) + gap)


def _row(exercice: int, line: Poste) -> list[Any]:
    amounts = [line.ae, line.cp, line.ej, line.paye]
    return [
        exercice,
        "ARS Hauts-de-France",
        "FIR",
        *_libelles(line.destination, line.variante),
        line.enveloppe,
        *amounts,
    ]


def _vide(exercice: int, code: str, rng: Random) -> list[Any]:
    """Opened on paper, never used: empty amounts beside zeros."""
    amounts = [None, 0, 0, None] if rng.random() < 0.5 else [0, None, None, 0]
    return [exercice, "ARS Hauts-de-France", "FIR", *_libelles(code, False), "Intervention", *amounts]


def _agence(exercice: int, position: int, rng: Random) -> list[Any]:
    """Running cost of the agency, without a destination of the FIR."""
    opened = rng.randrange(40_000, 900_000) * 100
    amounts = [opened, opened, opened - rng.randrange(100_000), opened - rng.randrange(200_000)]
    labels = ["Fonctionnement ARS", "", "Moyens généraux", "", "Moyens généraux"]
    return [
        exercice,
        "ARS Hauts-de-France",
        "DG",
        *labels,
        "Personnel" if position % 3 == 0 else "Fonctionnement",
        *amounts,
    ]


def _libelles(code: str, variante: bool) -> list[str]:
    """Rank 1, code and label of rank 2, code and label of rank 3; labels cut at twenty characters."""
    if code.startswith("BA-PAI"):
        return [
            "Investissement",
            "BA-PAI",
            "Plan d'aide à l'investissement"[:20],
            code,
            "Plan d'aide à l'investissement"[:20],
        ]
    table = {line["code"]: line for line in reference("nomenclature-fir")}
    parent = "-".join(code.split("-")[:2])
    label = _court(table.get(code), LIBELLE_INCONNU)
    apostrophe = _court(table.get(parent), "").replace("'", "¿" if variante else "'")
    third = [code, label] if code != parent else ["", ""]
    return [f"{mission_de(code)} - {table[f'MI{mission_de(code)}']['libelle']}"[:20], parent, apostrophe, *third]


def _court(line: dict[str, str] | None, otherwise: str) -> str:
    if line is None:
        return otherwise[:20]
    return (line["libelle_court"].split(" | ")[0] or line["libelle"])[:20]
