"""Several tables of the office in one workbook: each chosen by its sheet, header row and column, and read alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firdesk.services.importing import correspondance_apprise as apprises
from firdesk.services.importing import correspondance_brouillon as brouillons
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.tables import tables
from firdesk.services.session import Session
from firdesk.sheets.cell import Workbook
from tests.services.importing.conftest import lire
from tests.services.importing.test_reconnaissance import save
from tests.services.importing.test_reconnaissance_tables import Table, beside, short

GEM: Table = [["Structure", "Accordé", "Mesure"], *([f"GEM {n}", 100 * n, "2.3.8"] for n in range(1, 5))]
CLS: Table = [["Porteur", "Ville", "Montant accordé"], *([f"CLS {n}", "Laon", 10 * n] for n in range(1, 8))]
TOTAL = ["Total", 1000, None]


def choisir(session: Session, book: Workbook, number: int, **more: str) -> Plan:
    """The plan of one of the tables of a workbook, as its columns are proposed."""
    every = tables(book)
    known = apprises.toutes(session)
    chosen = every[number].reglages(every)
    draft = brouillons.proposer(book, chosen["feuille"], known, **_sans(chosen))
    for champ, text in more.items():
        draft = draft.texte(champ, text)
    wanted = run.Reglages(**brouillons.reglages(book, replace(draft, exercice=2025)))
    return run.plan(session, book, wanted)


def _sans(chosen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name != "feuille"}


@pytest.fixture
def cote(tmp_path: Path) -> Workbook:
    return lire(save(tmp_path / "Suivi.xlsx", beside([*GEM, TOTAL], CLS)))


def test_two_tables_side_by_side_are_named_and_counted_each_for_itself(cote: Workbook) -> None:
    found = tables(cote)
    assert [t.designation(found) for t in found] == [
        "Suivi · ligne 1, colonne A · aucun profil, 4 lignes",
        "Suivi · ligne 1, colonne E · aucun profil, 7 lignes",
    ]
    assert [t.reglages(found)["colonne"] for t in found] == ["A", "E"]


def test_each_of_two_free_tables_side_by_side_is_imported_alone(session: Session, cote: Workbook) -> None:
    left = choisir(session, cote, 0)
    assert (left.lues, left.total_fichier, [n for n in left.notes if "non reprises" in n]) == (4, 1000_00, [])
    run.execute(session, left)
    right = choisir(session, cote, 1, mesure3="MI2-3-8")
    assert (right.lues, len(right.nouvelles), right.total_fichier) == (7, 7, 280_00)
    assert (right.lettres["nom"], right.disparues, right.modifiees) == ("E", (), ())
    run.execute(session, right)
    again = [run.plan(session, cote, run.Reglages(exercice=2025, colonne=c, feuille="Suivi", entete=1)) for c in "AE"]
    assert [(x.inchangees, len(x.nouvelles), len(x.disparues)) for x in again] == [(4, 0, 0), (7, 0, 0)]
    assert again[0].profil != again[1].profil


def test_twins_side_by_side_do_not_take_one_another_for_their_vintage(session: Session, tmp_path: Path) -> None:
    twin = [GEM[0], *([row[0], row[1] + 1, row[2]] for row in GEM[1:])]
    book = lire(save(tmp_path / "Suivi.xlsx", beside(GEM, twin)))
    run.execute(session, choisir(session, book, 0))
    run.execute(session, choisir(session, book, 1))
    again = [choisir(session, book, n) for n in (0, 1)]
    assert [(x.inchangees, len(x.nouvelles), len(x.modifiees), len(x.disparues)) for x in again] == [(4, 0, 0, 0)] * 2


def test_a_table_below_another_is_read_alone(session: Session, tmp_path: Path) -> None:
    book = lire(save(tmp_path / "Suivi.xlsx", [["GEM 2025"], *GEM, TOTAL, [], ["CLS"], *CLS]))
    found = tables(book)
    assert [(t.entete, t.lignes, t.reglages(found)["colonne"]) for t in found] == [(2, 4, None), (10, 7, None)]
    assert choisir(session, book, 0).lues == 4
    below = choisir(session, book, 1, mesure3="MI2-3-8")
    assert (below.lues, below.total_fichier) == (7, 280_00)


def test_a_draft_begins_with_one_of_two_whole_tables(cote: Workbook) -> None:
    draft = brouillons.commencer(cote, run.Reglages(), None, [])
    assert draft is not None
    assert (draft.colonne, {c.champ for c in draft.cases.values()}) == ("A", {"nom", "notifie", "mesure3"})
    assert brouillons.apercu(cote, draft).phrase.startswith("4 lignes lues · 1 total")


def test_a_table_cut_by_an_empty_column_is_still_one(tmp_path: Path) -> None:
    cut = beside([row[:2] for row in CLS], [["Montant accordé", "Observations"], *([10 * n, "vu"] for n in range(7))])
    book = lire(save(tmp_path / "Suivi.xlsx", cut))
    draft = brouillons.commencer(book, run.Reglages(), None, [])
    assert draft is not None
    assert (draft.colonne, draft.index_de("nom"), draft.index_de("notifie")) == (None, 0, 3)


def test_the_note_names_the_other_tables_as_the_list_does(session: Session, tmp_path: Path) -> None:
    book = lire(save(tmp_path / "a.xlsx", beside(short(1, 4), short(11, 12))))
    every = tables(book)
    (note,) = [n for n in run.plan(session, book).notes if n.startswith("Autres tableaux")]
    assert every[1].designation(every) in note
    assert every[1].designation(every) == "Suivi · ligne 1, colonne J · StarsFIR, 2 lignes"
