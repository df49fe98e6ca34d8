"""The files of the demonstration are in the real formats, the same each time, with six planted anomalies."""

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from firdesk.domain import identifiants
from firdesk.domain.operateur import nom_normalise
from firdesk.services.demonstration import campagne, execution, exports, fichiers

_ID = "ID Bénéficiaire (Finess ou Code interne)"
_DEPARTEMENT = "Code Département du Bénéficiaire"
_DECISION = "N° d'Arrêté, de DA ou de Convention"
_NATURE = "Arrêté, DA ou Convention (A, DA ou C)"


@pytest.fixture
def lines(fichiers_demo: Path) -> list[dict[str, str]]:
    with (fichiers_demo / exports.STARSFIR).open(encoding="utf-8", newline="") as stream:
        return [{k: v.strip() for k, v in row.items()} for row in csv.DictReader(stream, delimiter="|")]


def cents(text: str) -> int:
    return int(text.replace(".", "")) if text else 0


def test_csv_files_are_the_same_bytes_each_time(fichiers_demo: Path, tmp_path: Path) -> None:
    fichiers.write_files(tmp_path)
    for name in (exports.STARSFIR, exports.HAPI):
        assert (tmp_path / name).read_bytes() == (fichiers_demo / name).read_bytes()


def test_starsfir_is_written_as_the_application_does(fichiers_demo: Path) -> None:
    data = (fichiers_demo / exports.STARSFIR).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    rows = data.decode("utf-8").removesuffix("\n").split("\n")
    assert 2_400 <= len(rows) - 1 <= 2_600
    for row in rows:
        cells = row.split("|")
        assert len(cells) == 35
        assert all(len(c) > 2 and c[0] == c[-1] == '"' for c in cells)
    assert rows[0].startswith('"Nom ARS"|"ID Bénéficiaire')
    assert rows[0].endswith('"Campagne"|"Code ARS"')


def test_starsfir_looks_like_the_real_one(lines: list[dict[str, str]]) -> None:
    assert sum(cents(x["Montant Notifié"]) for x in lines) == campagne.TOTAUX[2025]
    pending = [x for x in lines if not cents(x["Montant Notifié"])]
    assert len(pending) > 40
    assert all(cents(x["Montant saisi"]) > 0 and not x["N° de l'EJ"] for x in pending)
    assert {"", "0.00"} == {x["Montant Notifié"] for x in pending}
    assert sum(not x["Libellé Mesure N3"] for x in lines) > 100
    assert {x["Code ARS"] for x in lines} == {"A32", "032"}
    assert {x["Sous-Enveloppe"] for x in lines} == {"Prévention", "Sanitaire", "Médico-Social", ""}
    assert "convention 2024-2026-acompte 70%+cplt" in {x["Motivation"] for x in lines}
    assert any(not x["Montant Notifié"].endswith(".00") for x in lines if x["Montant Notifié"])
    assert any(not x["Code SIRET"] for x in lines)
    per_ej = Counter(x["N° de l'EJ"] for x in lines if x["N° de l'EJ"])
    assert max(per_ej.values()) == 3


def test_identical_legitimate_lines_exist(lines: list[dict[str, str]]) -> None:
    twins = Counter(tuple(x.values()) for x in lines if x["N° de l'EJ"])
    assert sum(n > 1 for n in twins.values()) >= 3


def test_dates_lie_in_the_campaign(lines: list[dict[str, str]]) -> None:
    days = {"-".join(reversed(x["Date de notification"].split("/"))) for x in lines} - {""}
    assert min(days) >= "2025-02-01"
    assert max(days) <= "2026-01-12"


def test_schemes_have_the_right_size(lines: list[dict[str, str]]) -> None:
    totals: Counter[tuple[str, str]] = Counter()
    for x in lines:
        totals[x["Action"], x[_ID]] += cents(x["Montant Notifié"])
    gem = [v for (action, _), v in totals.items() if action == "GEM - fonctionnement"]
    cls = [v for (action, _), v in totals.items() if action == "CLS - poste de coordonnateur"]
    assert (len(gem), set(gem)) == (51, {78_000_00})
    assert max(cls) <= 30_000_00


def test_names_are_told_apart(lines: list[dict[str, str]]) -> None:
    names = {x[_ID]: x["Raison sociale"] for x in lines}
    assert all(name.endswith("(fictif)") for name in names.values())
    assert len({nom_normalise(n) for n in names.values()}) == len(names)


def test_hapi_is_written_as_the_application_does(fichiers_demo: Path) -> None:
    text = (fichiers_demo / exports.HAPI).read_bytes().decode("utf-8")
    assert '"' not in text
    assert "\r" not in text
    assert text.endswith("\n\n")
    rows = [row.split("|") for row in text.rstrip("\n").split("\n")]
    assert {len(row) for row in rows} == {40}
    assert 2_100 <= len(rows) - 1 <= 2_300
    lines = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert sum(cents(x["MONTANT_NOTIFIE"]) for x in lines) == campagne.TOTAUX[2024]
    assert any(x["MESURE_NIV3"].endswith(",") for x in lines)
    assert all(x["MESURE_NIV1"].endswith(")") for x in lines)
    assert all(x["SIBC_ENGAGEMENT"] or x["PEP_ENGAGEMENT"] or not cents(x["MONTANT_NOTIFIE"]) for x in lines)


def test_both_exports_know_the_same_operators(fichiers_demo: Path, lines: list[dict[str, str]]) -> None:
    with (fichiers_demo / exports.HAPI).open(encoding="utf-8", newline="") as stream:
        before = {x["ID_BENEFICIAIRE"] for x in csv.DictReader(stream, delimiter="|") if x["CAMPAGNE"]}
    now = {x[_ID] for x in lines}
    assert before <= now
    assert len(before) > 0.85 * len(now)


def test_anomalies_1_and_2_siret_with_a_false_key_and_rounded_siret(lines: list[dict[str, str]]) -> None:
    wrong = {x["Code SIRET"] for x in lines if x["Code SIRET"] and not identifiants.siret_valide(x["Code SIRET"])}
    rounded = {s for s in wrong if s.endswith("00000")}
    assert len(wrong) == 2
    assert len(rounded) == 1
    assert identifiants.siret_arrondi(rounded.pop())


def test_anomaly_3_one_association_above_23000_without_convention(lines: list[dict[str, str]]) -> None:
    by_operator = defaultdict(list)
    for x in lines:
        if x["Secteur de rattachement"].startswith("Privé"):
            by_operator[x[_ID]].append(x)
    found = []
    for members in by_operator.values():
        without = [x for x in members if x[_NATURE] != "C" or not x[_DECISION]]
        if sum(cents(x["Montant Notifié"]) for x in members) > 23_000_00 and without:
            found.append(without)
    assert len(found) == 1
    assert len(found[0]) > 1
    assert all(cents(x["Montant Notifié"]) < 23_000_00 and not x[_DECISION] for x in found[0])


def test_anomaly_4_one_destination_absent_from_the_nomenclature(lines: list[dict[str, str]]) -> None:
    found = [x for x in lines if x["Libellé Mesure N3"].startswith(campagne.DESTINATION_INCONNUE + " ")]
    assert [cents(x["Montant Notifié"]) for x in found] == [48_000_00]


def test_anomaly_5_one_finess_of_another_departement(lines: list[dict[str, str]]) -> None:
    finess = {(x[_ID], x[_DEPARTEMENT]) for x in lines if not x[_ID].startswith("H")}
    assert all(identifiants.finess_valide(f) for f, _ in finess)
    assert [(f[:2], d) for f, d in finess if f[:2] != d] == [("59", "62")]


def test_anomaly_6_one_destination_engaged_far_above_what_was_opened(fichiers_demo: Path) -> None:
    rows = [r for r in sibc(fichiers_demo)[1:] if r[2] == "FIR" and r[11]]
    over = [r[6] for r in rows if r[11] - r[9] > 100_000]
    assert over == [execution.DEPASSEMENT[0]]


def test_sibc_has_the_oddities_of_the_real_one(fichiers_demo: Path) -> None:
    header, *rows = sibc(fichiers_demo)
    assert len(header) == 13
    assert {r[2] for r in rows} == {"FIR", "DG"}
    assert any("¿" in str(r[5]) for r in rows)
    assert any(str(r[4]).startswith("BA-PAI") for r in rows)
    assert any(r[9] is None for r in rows)
    assert any(r[9] == 0 for r in rows)
    assert max(len(str(r[5] or "")) for r in rows) <= 20
    pairs = Counter(r[6] or r[4] for r in rows if r[2] == "FIR")
    assert max(pairs.values()) > 1


def test_the_page_points_at_the_anomalies(fichiers_demo: Path, lines: list[dict[str, str]]) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "demonstration.md").read_text(encoding="utf-8")
    for first, last, column, text in (
        (1498, 1499, "Code SIRET", "21000687000017"),
        (2169, 2175, "Code SIRET", "21007800000000"),
        (1624, 1626, "Raison sociale", "Association La Ruche des Trois Saules (fictif)"),
        (467, 467, "Libellé Mesure N3", f"MI2-3-31 : {exports.LIBELLE_INCONNU}"),
        (2028, 2029, _ID, "599995230"),
    ):
        assert {n for n, x in enumerate(lines, start=2) if x[column] == text} == set(range(first, last + 1))
        assert str(first) in page
        assert text.split(" :")[0].removesuffix(" (fictif)") in page
    row = sibc(fichiers_demo)[60]
    assert (row[6], row[11], row[9]) == ("MI2-3-1", 2_612_878, 2_400_878)
    assert "ligne 61 : `MI2-3-1`, 2 612 878 €" in page
    assert f"{len(lines):,} lignes de 35".replace(",", " ") in page


def sibc(folder: Path) -> list[tuple[Any, ...]]:
    """The rows of the workbook of 2025, header first."""
    book = load_workbook(folder / execution.FICHIERS[2025], read_only=True)
    rows: list[tuple[Any, ...]] = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return rows
