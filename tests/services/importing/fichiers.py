"""Exports as the finance department sends them, and as they come back from a spreadsheet."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from firdesk.services.importing.profiles import PROFILS
from firdesk.services.importing.synonymes import AJOUTEES

Line = dict[str, str]
STARSFIR = [c.entete for c in PROFILS["StarsFIR"].champs if c.code not in AJOUTEES]
HAPI = [c.entete for c in PROFILS["HAPI"].champs if c.code not in AJOUTEES]
SIBC = [c.entete for c in PROFILS["SIBC"].champs]
AMOUNTS = {c.entete for p in PROFILS.values() for c in p.montants}

#: Two real-looking operators whose identifiers have true check digits; the first is in Aisne.
FINESS_02, FINESS_59 = "020000063", "590000014"
SIRET_02, SIRET_59 = "26020001600013", "26590671900017"


def luhn(body: str) -> str:
    """``body`` with its check digit."""
    total = 0
    for i, c in enumerate(reversed(body)):
        digit = int(c) * (2 if i % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return body + str(-total % 10)


def stars(number: int = 1, **changes: str) -> Line:
    """One StarsFIR line; ``changes`` by our names (``notifie="1200.50"``)."""
    finess = luhn(f"{'02' if number % 2 else '59'}{number:06d}")
    siren = luhn(f"{30000000 + number}")
    values = {
        "nom_ars": "ARS Hauts-de-France",
        "identifiant": finess,
        "code_pep": f"PEP{number:05d}",
        "nom": f"Association fictive n° {number}",
        "siret": luhn(f"{siren}0001"),
        "siren": siren,
        "departement": finess[:2],
        "type": "Association",
        "enveloppe": "FIR",
        "sous_enveloppe": "Prévention",
        "mesure1": "1 : Promotion de la santé",
        "mesure2": "1.2 : Actions de prévention",
        "mesure3": "MI1-2-3 : Actions de prévention, promotion de la santé",
        "action": f"Action {number}",
        "payeur": "ARS",
        "notification": f"N{number:04d}",
        "ej": f"E2025{number:06d}_01",
        "projet": f"{number:07d}",
        "motivation": "Base 2025",
        "decision": f"DA-{number}",
        "type_decision": "DA",
        "date_notification": "15/03/2025",
        "saisi": "1000.50",
        "validation_inter": "1000.50",
        "validation": "1000.50",
        "notifie": "1000.50",
        "campagne": "2025",
        "code_ars": "032",
    }
    return _named("StarsFIR", values | changes)


def hapi(number: int = 1, **changes: str) -> Line:
    finess = luhn(f"{'02' if number % 2 else '59'}{number:06d}")
    values = {
        "nom_ars": "ARS Hauts-de-France",
        "code_ars": "032",
        "campagne": "2024",
        "identifiant": finess,
        "nom": f"Association fictive n° {number}",
        "departement": finess[:2],
        "sous_enveloppe": "Sanitaire",
        "mesure1": "2 : Parcours (657342)",
        "mesure2": "2.3 : Parcours",
        "mesure3": "MI2-3-8 : Equipes mobiles de gériatrie (657342)",
        "action": f"Action {number},",
        "notification": f"{number}",
        "ej": f"E2024{number:06d}_01",
        "date_notification": "02/05/2024 00:00:00",
        "saisi": "500.00",
        "validation_inter": "500.00",
        "validation": "500.00",
        "notifie": "500.00",
    }
    return _named("HAPI", values | changes)


def sibc(code3: str = "MI1-2-3", **changes: str) -> Line:
    values = {
        "exercice": "2025",
        "etablissement": "ARS Hauts-de-France",
        "sg1": "FIR",
        "rang1": "Promotion de la san",
        "code2": "MI1-2",
        "rang2": "Actions de préventio",
        "code3": code3,
        "rang3": "Actions de préventio",
        "enveloppe": "Intervention",
        "ae_ouvertes": "1000.0",
        "cp_ouverts": "900.0",
        "ej_valides": "800.0",
        "decaissements": "700.0",
    }
    return _named("SIBC", values | changes)


def scdl(number: int = 1, **changes: str) -> Line:
    siren = luhn(f"{30000000 + number}")
    values = {
        "nom_ars": "ARS Hauts-de-France",
        "attribuant": SIRET_59,
        "date_notification": "2025-03-15",
        "decision": f"DA-{number}",
        "nom": f"Association fictive n° {number}",
        "siret": luhn(f"{siren}0001"),
        "action": f"Action {number}",
        "notifie": "1000.50",
        "nature": "aide en numéraire",
        "conditions": "unique",
        "periode": "2025-03-15/2025-12-31",
        "notification_ue": "non",
        "part": "0.5",
        "mesure3": "MI1-2-3",
    }
    return _named("SCDL", values | changes)


def write_scdl(path: Path, lines: Sequence[Line]) -> Path:
    """As published: commas, quotes where needed, ISO dates, a decimal point."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(list(lines[0]))
        writer.writerows([list(line.values()) for line in lines])
    return path


def _named(profil: str, values: Mapping[str, str]) -> Line:
    headers = {c.code: c.entete for c in PROFILS[profil].champs}
    line = {c.entete: "" for c in PROFILS[profil].champs if c.code not in AJOUTEES}
    return line | {headers[code]: value for code, value in values.items()}


def write_stars(path: Path, lines: Sequence[Line]) -> Path:
    """As StarsFIR writes it: ``|``, every cell quoted, an empty cell is a space."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="|", quoting=csv.QUOTE_ALL, lineterminator="\n")
        headers = _headers(STARSFIR, lines)
        writer.writerow(headers)
        writer.writerows([[line[h] or " " for h in headers] for line in lines])
    return path


def write_hapi(path: Path, lines: Sequence[Line]) -> Path:
    """As HAPI writes it: ``|``, no quotes, a blank last line."""
    rows = [HAPI, *([line[h] for h in HAPI] for line in lines)]
    path.write_text("\n".join("|".join(row) for row in rows) + "\n\n", encoding="utf-8")
    return path


def write_sibc(path: Path, lines: Sequence[Line]) -> Path:
    rows = [SIBC, *([line[h] for h in SIBC] for line in lines)]
    path.write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def _headers(headers: list[str], lines: Sequence[Line]) -> list[str]:
    return headers + [h for h in (lines[0] if lines else {}) if h not in headers]


def french(text: str) -> str:
    """``12345.60`` as a spreadsheet shows it: ``12 345,60 €``."""
    if not text.strip():
        return ""
    whole, _, cents = text.partition(".")
    return f"{int(whole):,}".replace(",", "\u202f") + f",{cents or '0':0<2.2} €"


def unzeroed(text: str) -> Any:
    """A text of figures as the number Excel makes of it."""
    return int(text) if text.isdigit() else text


Cell = Callable[[str, str], Any]


def as_excel(header: str, text: str) -> Any:
    """What someone who opened the CSV in Excel and formatted the amounts leaves in a cell."""
    if header in AMOUNTS:
        return french(text)
    if "Département" in header or "DEPARTEMENT" in header or "Finess" in header or header == "ID_BENEFICIAIRE":
        return unzeroed(text)
    return text


def write_xlsx(
    path: Path,
    lines: Sequence[Line],
    *,
    cell: Cell = as_excel,
    titles: int = 3,
    moved: bool = True,
    total: bool = True,
    renamed: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
    hidden: Sequence[int] = (),
    extra: Sequence[Sequence[Any]] = (),
) -> Path:
    """The same lines saved from a spreadsheet: title lines, the last column moved to the front, a total at the foot."""
    headers = [h for h in lines[0] if h not in without]
    if moved:
        headers = [headers[-1], *headers[:-1]]
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    sheet = book.add_worksheet("Export")
    for i in range(titles):
        sheet.write_string(i, 0, ("Agence régionale de santé", "Suivi du FIR", "Document de travail")[i % 3])
    for j, header in enumerate(headers):
        sheet.write_string(titles, j, (renamed or {}).get(header, header))
    row = titles + 1
    for line in lines:
        for j, header in enumerate(headers):
            _write(sheet, row, j, cell(header, line[header]))
        if row - titles - 1 in hidden:
            sheet.set_row(row, None, None, {"hidden": True})
        row += 1
    if total:
        sheet.write_string(row, 1, "Total général")
        for j, header in enumerate(headers):
            if header in AMOUNTS:
                cents = sum(round(float(line[header] or 0) * 100) for line in lines)
                _write(sheet, row, j, cell(header, f"{cents // 100}.{cents % 100:02d}"))
        row += 1
    for values in extra:
        for j, value in enumerate(values):
            _write(sheet, row, j, value)
        row += 1
    book.close()
    return path


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)
