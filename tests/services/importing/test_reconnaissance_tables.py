"""Several tables in one workbook: all listed, the best one read, another one when it is chosen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from firdesk.domain.problem import Refus
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.tables import tables
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import sibc, stars
from tests.services.importing.test_reconnaissance import plain, save

Table = list[list[Any]]


def short(first: int, last: int, **changes: str) -> Table:
    """A StarsFIR table with its required columns only."""
    codes = ("N° de l'EJ", "N° de notification", "Raison sociale", "Libellé Mesure N3", "Montant Notifié", "Campagne")
    names = ("ID Bénéficiaire (Finess ou Code interne)", "Code ARS", *codes)
    lines = [stars(i, **changes) for i in range(first, last + 1)]
    return [list(names), *([line[n] for n in names] for line in lines)]


def beside(*parts: Sequence[Sequence[Any]]) -> Table:
    """Tables side by side with an empty column between."""
    height = max(map(len, parts))
    rows: Table = []
    for i in range(height):
        row: list[Any] = []
        for part in parts:
            row += [*(part[i] if i < len(part) else [None] * len(part[0])), None]
        rows.append(row)
    return rows


def plan(session: Session, path: Path, **choix: Any) -> Plan:
    return run.plan(session, lire(path), run.Reglages(**choix))


def test_tables_one_under_the_other_are_listed_and_may_be_chosen(tmp_path: Path, session: Session) -> None:
    other = [[*row[1:], row[0]] for row in short(10, 11)]
    path = save(tmp_path / "a.xlsx", [["Suivi"], *short(1, 5), [], ["Compléments"], *other])
    found = tables(lire(path))
    assert [(t.entete, t.profil, t.lignes, t.plage) for t in found] == [
        (2, "StarsFIR", 5, "A2:H7"),
        (10, "StarsFIR", 2, "A10:H12"),
    ]
    first = plan(session, path)
    assert (first.lues, first.ligne_entete, first.total_fichier) == (5, 2, 5 * 100050)
    assert any("Suivi · ligne 10 · StarsFIR, 2 lignes" in note for note in first.notes)
    second = plan(session, path, feuille="Suivi", entete=10)
    assert (second.lues, second.ligne_entete) == (2, 10)
    assert [x.cle for x in second.nouvelles] == [f"2025|32|E20250000{i}_01|N00{i}|MI1-2-3|{x}" for i, x in _ids(10, 11)]


def _ids(*numbers: int) -> list[tuple[int, str]]:
    return [(n, stars(n)["ID Bénéficiaire (Finess ou Code interne)"].lstrip("0") + "#1") for n in numbers]


def test_tables_side_by_side_are_told_by_their_column(tmp_path: Path, session: Session) -> None:
    path = save(tmp_path / "a.xlsx", beside(short(1, 4), short(11, 12)))
    found = tables(lire(path))
    assert [(t.colonne, t.profil, t.lignes) for t in found] == [("A", "StarsFIR", 4), ("J", "StarsFIR", 2)]
    left, right = plan(session, path), plan(session, path, colonne="J")
    assert [x.ligne for x in left.nouvelles] == [2, 3, 4, 5]
    assert [x.operateur for x in right.nouvelles] == ["Association fictive n° 11", "Association fictive n° 12"]
    assert right.total_fichier == right.total_lu == 2 * 100050
    assert right.nouvelles[0].montant == 100050
    assert [m.cellule for m in right.montants(right.nouvelles[0])] == ["P2"]


def test_a_row_of_another_table_beside_is_no_line(tmp_path: Path, session: Session) -> None:
    legend: Table = [["Code", "Sens"], *([f"C{i}", i] for i in range(9))]
    found = plan(session, save(tmp_path / "a.xlsx", beside(short(1, 4), legend)))
    assert (found.lues, found.rejetees) == (4, 0)


def test_what_is_no_export_is_listed_without_profile(tmp_path: Path) -> None:
    follow: Table = [
        ["Suivi des CLS"],
        [],
        ["Structure", "Ville", "Accordé"],
        ["CCAS", "Laon", 1200],
        ["CIAS", "Lens", 9],
    ]
    recap: Table = [[], ["Ville", "Total"], ["Laon", 1200], ["Lens", 9]]
    found = tables(lire(save(tmp_path / "a.xlsx", [*follow, *recap])))
    assert [(t.entete, t.profil, t.lignes, t.entetes) for t in found] == [
        (3, "", 2, ("Structure", "Ville", "Accordé")),
        (7, "", 2, ("Ville", "Total")),
    ]


def test_a_table_far_below_is_found(tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", [*plain("StarsFIR"), *[[]] * 90, *plain("SIBC")])
    assert [(t.profil, t.entete) for t in tables(lire(path))] == [("StarsFIR", 1), ("SIBC", 100)]


def test_a_header_chosen_by_hand_is_the_one_that_is_read(tmp_path: Path, session: Session) -> None:
    rows = short(1, 4)
    path = save(tmp_path / "a.xlsx", [*rows[:2], rows[0], *rows[2:]])
    assert (plan(session, path).lues, plan(session, path, entete=3).lues) == (4, 3)


@pytest.mark.parametrize(("entete", "said"), [(40, "n'a pas de ligne 40"), (3, "ne ressemble à aucun export connu")])
def test_a_header_that_is_none_is_refused(tmp_path: Path, session: Session, entete: int, said: str) -> None:
    path = save(tmp_path / "a.xlsx", short(1, 4))
    with pytest.raises(Refus, match=said):
        plan(session, path, entete=entete)


def test_a_line_below_an_unknown_table_is_still_a_line(tmp_path: Path, session: Session) -> None:
    rows = short(1, 4)
    middle: Table = [[], ["Ville", "Nombre"], ["Laon", 4], []]
    found = plan(session, save(tmp_path / "a.xlsx", [*rows[:3], *middle, *rows[3:]]))
    assert (found.lues, found.total_fichier) == (4, 4 * 100050)
    assert any("autre tableau à partir de la ligne 5" in note for note in found.notes)


def test_two_columns_that_could_be_one_field_are_asked(tmp_path: Path, session: Session) -> None:
    rows = short(1, 3)
    rows = [[*row, "Montant Notifié" if i == 0 else 7] for i, row in enumerate(rows)]
    path = save(tmp_path / "a.xlsx", rows)
    found = plan(session, path)
    (question,) = found.questions
    assert (question.id, question.choix[0][0], question.defaut) == ("colonne:notifie", "G", "G")
    assert found.total_fichier == 3 * 100050
    assert plan(session, path, decisions={"colonne:notifie": "I"}).total_fichier == 3 * 700


def test_a_doubtful_header_is_told(tmp_path: Path, session: Session) -> None:
    rows = short(1, 3)
    rows[0] = ["ID Bénéficaire" if h.startswith("ID ") else "Montant" if h == "Montant Notifié" else h for h in rows[0]]
    notes = plan(session, save(tmp_path / "a.xlsx", rows)).notes
    assert sum("compris comme" in note for note in notes) == 2
    assert any("« Montant » (G) compris comme « Montant Notifié »" in note for note in notes)


@pytest.mark.parametrize("wrong", ["Code SIRE", "Libellé Mesure N4", "Mesure N31", "CP ouvertes"])
def test_a_header_near_two_columns_or_of_another_number_is_not_guessed(
    tmp_path: Path, session: Session, wrong: str
) -> None:
    rows = short(1, 3)
    rows = [[*row, wrong if i == 0 else "x"] for i, row in enumerate(rows)]
    found = plan(session, save(tmp_path / "a.xlsx", rows))
    assert f"« {wrong} » (I)" in " ".join(n for n in found.notes if "non reprises" in n)


def test_hidden_columns_are_asked(tmp_path: Path, session: Session) -> None:
    rows = plain("StarsFIR")
    saisi = rows[0].index("Montant saisi")
    path = save(tmp_path / "a.xlsx", rows, hidden_columns=[saisi])
    found = plan(session, path)
    assert [(q.id, q.lignes, q.defaut) for q in found.questions] == [("colonnes_masquees", 1, "importer")]
    without = plan(session, path, decisions={"colonnes_masquees": "ignorer"})
    natures = [{m.nature for m in p.montants(p.nouvelles[0])} for p in (found, without)]
    assert natures[0] - natures[1] == {"saisie"}


def test_leaving_aside_a_hidden_column_that_is_needed_is_refused(tmp_path: Path, session: Session) -> None:
    path = save(tmp_path / "a.xlsx", short(1, 3), hidden_columns=[6])
    with pytest.raises(Refus, match="sans Montant Notifié"):
        plan(session, path, decisions={"colonnes_masquees": "ignorer"})


def test_a_column_without_header_is_told(tmp_path: Path, session: Session) -> None:
    rows = [[*row[:3], None if i == 0 else "libellé", *row[3:]] for i, row in enumerate(short(1, 3))]
    found = plan(session, save(tmp_path / "a.xlsx", rows))
    assert (found.lues, found.rejetees) == (3, 0)
    assert "Colonnes sans en-tête, non reprises : D." in found.notes


def test_a_hidden_sheet_is_only_read_when_it_is_chosen(tmp_path: Path, session: Session) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name, rows in (("Caché", short(1, 9)), ("Vu", short(1, 3))):
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    book.get_worksheet_by_name("Vu").activate()
    book.get_worksheet_by_name("Caché").hide()
    book.close()
    assert [(t.feuille, t.masquee) for t in tables(lire(tmp_path / "a.xlsx"))] == [("Caché", True), ("Vu", False)]
    assert plan(session, tmp_path / "a.xlsx").feuille == "Vu"
    assert plan(session, tmp_path / "a.xlsx", feuille="Caché").lues == 9


def test_the_columns_of_sibc_are_not_taken_for_one_another(tmp_path: Path, session: Session) -> None:
    line = sibc(ae_ouvertes="4.0", cp_ouverts="3.0", ej_valides="2.0", decaissements="1.0")
    names = {"AE ouvertes": "AE ouverte", "CP ouverts": "CP ouvert", "EJ validés": "EJ validé"}
    found = plan(session, save(tmp_path / "a.xlsx", [[names.get(h, h) for h in line], list(line.values())]))
    (snapshot,) = found.instantanes
    (read,) = snapshot.ajouts
    assert (read.ae_ouvertes, read.cp_ouverts, read.ej_valides, read.decaissements) == (400, 300, 200, 100)


LIBRE = {"nom": "A", "notifie": "C", "mesure3": "=MI2-3-8"}


def test_a_free_table_is_read_without_what_stands_beside_and_below(tmp_path: Path, session: Session) -> None:
    follow: Table = [["Structure", "Ville", "Accordé"], ["CCAS", "Laon", 1200], ["CIAS", "Lens", 9], ["CIAS", "Ham", 8]]
    other: Table = [["Ville", "Total"], ["Laon", 1200], ["Lens", 9], ["Ham", 8], ["Roye", 5], ["Albert", 4]]
    rows = [*beside(follow, other), [], ["Agent", "Poste"], ["Durand", 12], ["Petit", 13]]
    path = save(tmp_path / "a.xlsx", rows)
    found = plan(session, path, correspondance=LIBRE, exercice=2025)
    assert (found.lues, found.rejetees, found.total_fichier) == (3, 0, 121700)


def test_merged_labels_hold_in_a_free_table_too(tmp_path: Path, session: Session) -> None:
    rows: Table = [["Structure", "Action", "Accordé"], ["CCAS", "A", 12], [None, "B", 9], ["CIAS", "C", 8]]
    path = save(tmp_path / "a.xlsx", rows, merge=[(1, 0, 2, 0)])
    found = plan(session, path, correspondance=LIBRE, exercice=2025)
    assert [x.operateur for x in found.nouvelles] == ["CCAS", "CCAS", "CIAS"]


def test_a_column_given_by_hand_replaces_what_an_export_says(tmp_path: Path, session: Session) -> None:
    rows = [[*row, "Arrêté en séance" if i == 0 else 7] for i, row in enumerate(short(1, 3))]
    path = save(tmp_path / "a.xlsx", [["Suivi", None, None, None, None, None, "Montants"], *rows])
    found = plan(session, path, profil="StarsFIR", correspondance={"notifie": "I"})
    assert (found.profil, found.total_fichier, found.rejetees) == ("StarsFIR", 2100, 0)
