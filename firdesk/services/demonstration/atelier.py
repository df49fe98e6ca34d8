"""Files to practise importing with: a later export saved again in Excel, a workbook of the office, payments, a SIBC.

Made from the demonstration's own StarsFIR export, with the accidents that real files have; the base ignores them.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from firdesk.domain import money
from firdesk.services.demonstration import execution, exports, paiements
from firdesk.services.importing import run
from firdesk.sheets.writer import Column, SheetSpec, write_xlsx

DOSSIER = "a-importer"
MILLESIME = "2025_engagements_exporter_20260209.xlsx"
SUIVI = "Suivi des GEM 2025.xlsx"
PAIEMENTS = "Paiements 2026.xlsx"
SITUATION = "SIBC_execution_FIR_20251130.xlsx"

_Ligne = dict[str, str]
_SIRET, _DEPARTEMENT = "Code SIRET", "Code Département du Bénéficiaire"
_NOTIFIE, _SAISI = "Montant Notifié", "Montant saisi"


def write_files(folder: Path, rng: Random) -> tuple[Path, ...]:
    """Write the practice files beside the StarsFIR export of ``folder``; returns their paths."""
    lines = list(_lire(folder / exports.STARSFIR))
    target = folder / DOSSIER
    target.mkdir(exist_ok=True)
    found = tuple(target / name for name in (MILLESIME, SUIVI, PAIEMENTS, SITUATION))
    _millesime(found[0], lines, rng)
    _suivi(found[1], lines)
    _paiements(found[2], lines, rng)
    _situation(found[3], folder / execution.FICHIERS[2025], rng)
    return found


def _lire(path: Path) -> Iterator[_Ligne]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="|"):
            yield {name: value.strip() for name, value in row.items()}


def _millesime(path: Path, lines: Sequence[_Ligne], rng: Random) -> None:
    """The export of four weeks later as Excel leaves it: amounts and codes as numbers, zeros lost, a few accidents."""
    kept = [dict(x) for x in lines]
    dated = [i for i, x in enumerate(kept) if x[_NOTIFIE] and float(x[_NOTIFIE]) > 20_000]
    for i in rng.sample(dated, 24):
        kept[i][_NOTIFIE] = f"{float(kept[i][_NOTIFIE]) * rng.choice((0.9, 1.05, 1.1, 1.25)):.2f}"
    for i in rng.sample(dated, 6):
        kept[i]["Action"] += " (avenant)"
    new = [_nouvelle(kept[i], number) for number, i in enumerate(rng.sample(dated, 12), start=1)]
    gone = set(rng.sample(dated, 7))
    kept = [x for i, x in enumerate(kept) if i not in gone] + new
    _accidents(kept, rng)
    columns = [Column(name, "texte") for name in exports.COLONNES_STARSFIR]
    notes = ("Extraction StarsFIR du 09/02/2026", "Fichier repris dans Excel par la direction financière")
    rows = [[_excel(name, x[name]) for name in exports.COLONNES_STARSFIR] for x in kept]
    write_xlsx(path, [SheetSpec("Engagements", columns, rows, title="FIR 2025, engagements", notes=notes)])


def _nouvelle(like: _Ligne, number: int) -> _Ligne:
    new = dict(like)
    new["N° de l'EJ"] = f"E2025{900_000 + number}_01"
    new["N° de notification"] = "1"
    new["Action"] = "Complément de fin de campagne"
    new[_NOTIFIE] = new[_SAISI] = new["Validation intermédiaire"] = new["Validation finale"] = (
        f"{4_000 + 750 * number}.00"
    )
    if number <= 3:
        new["Raison sociale"] = new["Raison sociale"].replace("Association", "Asso.").replace("EHPAD", "E.H.P.A.D.")
        new["ID Bénéficiaire (Finess ou Code interne)"] = f"H{1_700_000 + number}"
        new[_SIRET] = new["Code SIREN"] = ""
    return new


def _accidents(lines: list[_Ligne], rng: Random) -> None:
    """What must be asked or refused: amounts with two readings, an unreadable one, an unknown destination."""
    places = rng.sample(range(len(lines)), 8)
    for i in places[:4]:
        lines[i][_NOTIFIE] = "1.234"
    lines[places[4]][_NOTIFIE] = "voir avenant"
    lines[places[5]]["Libellé Mesure N3"] = "MI2-3-88 : Equipes mobiles à créer"
    lines[places[6]][_DEPARTEMENT] = "Nord"
    lines[places[7]]["Date de notification"] = "31/02/2026"


def _excel(name: str, text: str) -> str | None:
    """The cell that Excel keeps of a text: leading zeros gone, an empty cell empty."""
    if name in (_DEPARTEMENT, "ID Bénéficiaire (Finess ou Code interne)") and text.isdigit():
        return text.lstrip("0")
    return text or None


def _suivi(path: Path, lines: Sequence[_Ligne]) -> None:
    """The follow-up table of an office: its own headers, a title, a total."""
    gem = [x for x in lines if x["Action"].startswith("GEM ")][:40]
    rows = [
        [x["Raison sociale"], x[_DEPARTEMENT], x["Action"], _cents(x[_SAISI]), x["Date de notification"] or None, None]
        for x in gem
    ]
    columns = [
        Column("Structure", "texte"), Column("Dpt", "texte"), Column("Projet soutenu", "texte"),
        Column("Montant accordé en €", "montant"), Column("Notifié le", "texte"), Column("Observations", "texte"),
    ]  # fmt: skip
    total = ["Total", None, None, sum(row[3] or 0 for row in rows if isinstance(row[3], int)), None, None]
    notes = ("Tenu par l'équipe santé mentale",)
    write_xlsx(path, [SheetSpec("Suivi", columns, rows, total=total, title="Suivi des GEM 2025", notes=notes)])


def _paiements(path: Path, lines: Sequence[_Ligne], rng: Random) -> None:
    """The balances of conventions, paid the year after, and two payments of commitments that nobody knows."""
    engaged = [x for x in lines if x["N° de l'EJ"] and x[_NOTIFIE] and paiements.ACOMPTE in x["Motivation"]]
    rows: list[list[object]] = []
    for number, x in enumerate(rng.sample(engaged, 60), start=1):
        share = (_cents(x[_NOTIFIE]) or 0) * rng.choice((10, 20, 30)) // 100
        cents = share // 100_00 * 100_00 or share  # as what the base leaves to pay is rounded
        day = f"{rng.randrange(1, 28):02d}/{rng.randrange(1, 4):02d}/2026"
        rows.append([x["N° de l'EJ"], x["Raison sociale"], f"DP2026{number:05d}", day, cents, 2026])
    for number in (91, 92):
        rows.append(
            [f"E2025{999_000 + number}_01", "Opérateur inconnu", f"DP20260{number:04d}", "15/03/2026", 250_000, 2026]
        )
    columns = [
        Column("N° EJ", "texte"), Column("Bénéficiaire", "texte"), Column("N° DP", "texte"),
        Column("Date de paiement", "texte"), Column("Montant payé", "montant"), Column("Exercice", "entier"),
    ]  # fmt: skip
    write_xlsx(path, [SheetSpec("Paiements", columns, rows)])


def _situation(path: Path, later: Path, rng: Random) -> None:
    """The execution of 2025 a month before ``later``: less engaged, less paid, three lines not there yet."""
    width = len(execution.COLONNES)
    _, *read = run.scan(later).grids[0].rows
    lines = [(x + [None] * width)[:width] for x in read]
    small = [x for x in lines if x[2] == "FIR" and 0 < (_cents(str(x[12] or "")) or 0) < 1_000_000_00]
    absent = rng.sample(small, 3)
    rows: list[list[object]] = []
    for x in lines:
        if x in absent:
            continue
        *opened, engaged, spent = (None if v is None else _cents(str(v)) for v in x[9:])
        if x[2] == "FIR" and spent and engaged:
            engaged -= int(engaged * rng.uniform(0.0, 0.08) / 100) * 100
            spent -= int(spent * rng.uniform(0.02, 0.25) / 100) * 100
        rows.append([*x[:9], *opened, engaged, spent])
    write_xlsx(path, [SheetSpec("Exécution", execution.COLONNES, rows)])


def _cents(text: str) -> int | None:
    read = money.parse(text) if text else None
    return read if isinstance(read, int) else None
