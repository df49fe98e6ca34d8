"""A known export means the same however it comes back: the same lines, the same totals, to the cent."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import PROFILS
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import AMOUNTS, Line, hapi, scdl, sibc, stars

Table = list[list[Any]]
ENGAGEMENTS = {"saisi", "validation_inter", "validation", "notifie"}

LINES: dict[str, list[Line]] = {
    "StarsFIR": [stars(i, notifie=f"{1000 * i}.{i:02d}") for i in range(1, 9)],
    "HAPI": [hapi(i, notifie=f"{500 * i}.{i:02d}") for i in range(1, 9)],
    "SIBC": [sibc(f"MI{i % 5 + 1}-2-{i}", ej_valides=f"{800 + i}.{i:02d}") for i in range(1, 9)],
    "SCDL": [scdl(i, notifie=f"{300 * i}.{i:02d}", mesure3=f"MI{i % 5 + 1}-2-{i}") for i in range(1, 9)],
}
#: Columns that a profile can do without.
OPTIONAL = {
    "StarsFIR": ("code_pep", "portefeuille", "mode_delegue", "mode_utilise", "secteur"),
    "HAPI": ("code_sibc", "portefeuille", "auteur", "date_effet", "mesure_nouvelle"),
    "SIBC": ("etablissement", "rang1"),
    "SCDL": ("rae", "conditions", "part", "identifiant"),
}
#: Names given by hand in a spreadsheet; the last ones are misspelt.
RENAMED = {
    "StarsFIR": {"nom": "Bénéficiaire", "ej": "N° EJ", "notifie": "Montant notifié (€)", "campagne": "Exercice"}
    | {"decision": "N° de convention", "code_ars": "code  ars", "departement": "Code Départment"},
    "HAPI": {"nom": "Raison sociale", "ej": "Engagement juridique", "notifie": "Montant notifié", "siret": "N° SIRET"}
    | {"notification": "N° de notification", "identifiant": "ID_BENEFICIARE"},
    "SIBC": {
        "ej_valides": "AE consommées",
        "decaissements": "CP payés",
        "exercice": "Année",
        "cp_ouverts": "CP ouvert",
    },
    "SCDL": {"nom": "Nom du bénéficiaire", "siret": "SIRET bénéficiaire", "notifie": "Montant de la subvention"}
    | {"decision": "Référence décision", "attribuant": "idAttribuan", "mesure3": "Dispositif d'aide"},
}
GROUPS = {
    "StarsFIR": {"nom": "Bénéficiaire", "siret": "Bénéficiaire", "siren": "Bénéficiaire"}
    | {"notifie": "Montants", "saisi": "Montants"},
    "SCDL": {"nom": "Bénéficiaire", "siret": "Bénéficiaire", "nom_ars": "Attribuant", "attribuant": "Attribuant"},
    "HAPI": {"nom": "Bénéficiaire", "siret": "Bénéficiaire", "notifie": "Montants", "saisi": "Montants"},
    "SIBC": {"ae_ouvertes": "Ouvert", "cp_ouverts": "Ouvert", "ej_valides": "Consommé", "decaissements": "Consommé"},
}


def entetes(profil: str) -> dict[str, str]:
    return {c.code: c.entete for c in PROFILS[profil].champs}


def plain(profil: str) -> Table:
    """Header and lines, amounts as numbers, years as they are."""
    headers = list(LINES[profil][0])
    return [headers, *([_cell(h, line[h]) for h in headers] for line in LINES[profil])]


def _cell(header: str, text: str) -> Any:
    return float(text) if header in AMOUNTS and text else text or None


def save(
    path: Path,
    rows: Sequence[Sequence[Any]],
    *,
    merge: Sequence[tuple[int, int, int, int]] = (),
    hidden: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
) -> Path:
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    sheet = book.add_worksheet("Suivi")
    for first, left, last, right in merge:
        sheet.merge_range(first, left, last, right, "")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if value is not None:
                sheet.write(i, j, value)
    for number in hidden:
        sheet.set_row(number, None, None, {"hidden": True})
    for number in hidden_columns:
        sheet.set_column(number, number, None, None, {"hidden": True})
    book.close()
    return path


def en_csv(path: Path, profil: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([list(line) for line in LINES[profil][:1]])
        csv.writer(stream, delimiter=";").writerows([list(line.values()) for line in LINES[profil]])
    return path.rename(path.with_suffix(".csv"))


def titres(path: Path, profil: str) -> Path:
    return save(path, [["Agence régionale de santé"], ["Suivi du FIR", "édité le 3 mai"], [], *plain(profil)])


def deplacees(path: Path, profil: str) -> Path:
    return save(path, [[*reversed(row)] for row in plain(profil)])


def deux_entetes(path: Path, profil: str) -> Path:
    """A group row above, blank where a column has no group."""
    rows = plain(profil)
    groups = {entetes(profil)[code]: name for code, name in GROUPS[profil].items()}
    return save(path, [["Suivi"], [groups.get(h) for h in rows[0]], *rows])


def entetes_fusionnes(path: Path, profil: str) -> Path:
    """Groups merged over their columns, single headers merged over both rows; names without what the group says."""
    headers = entetes(profil)
    codes = {h: c for c, h in headers.items()}
    rows = plain(profil)
    order = sorted(range(len(rows[0])), key=lambda i: (GROUPS[profil].get(codes[rows[0][i]], "~"), i))
    rows = [[row[i] for i in order] for row in rows]
    above: list[Any] = []
    below: list[Any] = []
    merge: list[tuple[int, int, int, int]] = []
    groups = [GROUPS[profil].get(codes[h]) for h in rows[0]]
    for j, header in enumerate(rows[0]):
        group = groups[j]
        if group is None:
            merge.append((1, j, 2, j))
            above.append(header)
            below.append(None)
        else:
            first = groups.index(group)
            if j == first:
                merge.append((1, j, 1, j + groups.count(group) - 1))
            above.append(group if j == first else None)
            below.append(header.removeprefix("Montant ").removeprefix("MONTANT_"))
    return save(path, [["Suivi"], above, below, *rows[1:]], merge=merge)


def sans_facultatives(path: Path, profil: str) -> Path:
    absent = {entetes(profil)[code] for code in OPTIONAL[profil]}
    rows = plain(profil)
    kept = [i for i, h in enumerate(rows[0]) if h not in absent]
    return save(path, [[row[i] for i in kept] for row in rows])


def renommees(path: Path, profil: str) -> Path:
    names = {entetes(profil)[code]: name for code, name in RENAMED[profil].items()}
    head, *rows = plain(profil)
    return save(path, [[names.get(h, h) for h in head], *rows])


def groupe_et_champ(path: Path, profil: str) -> Path:
    """One header row whose names tell group and field."""
    names = {entetes(profil)[c]: f"{g} / {entetes(profil)[c]}" for c, g in GROUPS[profil].items()}
    head, *rows = plain(profil)
    return save(path, [[names.get(h, h) for h in head], *rows])


def lignes_vides(path: Path, profil: str) -> Path:
    head, *rows = plain(profil)
    return save(path, [head, *rows[:2], [], *rows[2:5], [], [], *rows[5:]])


def entete_repete(path: Path, profil: str) -> Path:
    head, *rows = plain(profil)
    return save(path, [head, *rows[:4], [], ["Suite"], head, *rows[4:]])


def sous_totaux(path: Path, profil: str) -> Path:
    head, *rows = plain(profil)
    return save(
        path, [head, *rows[:4], _total(head, rows[:4], "Sous-total"), *rows[4:], _total(head, rows, "Total général")]
    )


def _total(head: list[Any], rows: Table, name: str) -> list[Any]:
    first = next(i for i, h in enumerate(head) if h not in AMOUNTS)
    sums = [round(sum(row[j] or 0 for row in rows), 2) if h in AMOUNTS else None for j, h in enumerate(head)]
    return [name if j == first else value for j, value in enumerate(sums)]


def notes_de_bas(path: Path, profil: str) -> Path:
    return save(path, [*plain(profil), [], ["(1) Données provisoires"], ["Source : direction financière", "mai"]])


def second_tableau(path: Path, profil: str) -> Path:
    recap: Table = [
        ["Département", "Nombre", "Montant total"],
        ["02", 4, 1234.5],
        ["59", 4, 99.0],
        ["Ensemble", 8, 1333.5],
    ]
    return save(path, [*plain(profil), [], ["Récapitulatif"], [], *recap])


def tableau_a_droite(path: Path, profil: str) -> Path:
    rows = plain(profil)
    beside: Table = [["Code", "Signification"], ["A", 1], ["B", 2]]
    for i, values in enumerate(beside):
        rows[i] = [*rows[i], None, None, *values]
    for i in range(len(LINES[profil]) + 1, len(LINES[profil]) + 3):
        rows.append([*[None] * (len(rows[0]) - 2), f"Z{i}", i])
    return save(path, rows)


def lignes_masquees(path: Path, profil: str) -> Path:
    return save(path, plain(profil), hidden=[2, 3])


def feuille_masquee(path: Path, profil: str) -> Path:
    book = xlsxwriter.Workbook(path, {"in_memory": True})
    for name, rows in (("Ancien", plain(profil)[:-1]), ("Suivi", plain(profil))):
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    book.get_worksheet_by_name("Suivi").activate()
    book.get_worksheet_by_name("Ancien").hide()
    book.close()
    return path


SHAPES: list[Callable[[Path, str], Path]] = [
    en_csv,
    titres,
    deplacees,
    deux_entetes,
    entetes_fusionnes,
    groupe_et_champ,
    sans_facultatives,
    renommees,
    lignes_vides,
    entete_repete,
    sous_totaux,
    notes_de_bas,
    second_tableau,
    tableau_a_droite,
    lignes_masquees,
    feuille_masquee,
]


def contents(plan: Plan) -> list[tuple[object, ...]]:
    """What a plan would write, but for rows and addresses."""
    lines = []
    for x in plan.nouvelles:
        amounts = sorted((m.nature, m.cents) for m in plan.montants(x))
        lines.append((x.operateur, x.destination, x.libelle, x.montant, x.exercice, x.cle, tuple(amounts)))
    budget = [line._asdict() if hasattr(line, "_asdict") else str(line) for s in plan.instantanes for line in s.ajouts]
    return [*lines, *(_without_cell(text) for text in map(str, budget))]


def _without_cell(text: str) -> tuple[str]:
    return (text.partition("cellule=")[0],)


def totals(plan: Plan) -> tuple[object, ...]:
    return (plan.profil, plan.lues, plan.rejetees, plan.total_fichier, plan.total_importe, plan.total_ignore)


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """The plan of each plain export."""
    return {}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("profil", LINES)
def test_an_export_means_the_same_however_it_comes_back(
    tmp_path: Path, session: Session, plans: dict[str, Plan], profil: str, shape: Callable[[Path, str], Path]
) -> None:
    if profil not in plans:
        plans[profil] = run.plan(session, lire(save(tmp_path / "SIBC_20260105.xlsx", plain(profil))))
    expected = plans[profil]
    found = run.plan(session, lire(shape(tmp_path / "SIBC_20260105_b.xlsx", profil)))
    assert totals(found) == totals(expected)
    assert contents(found) == contents(expected)
    assert found.total_lu == found.total_fichier > 0
    assert found.rejets == ()
