"""A block of cells becomes lines of a budget, or sentences that say where, read and expected."""

from collections.abc import Iterator

import pytest

from firdesk.domain.budget import LigneBudget
from firdesk.services.budget_collage import Case, Collage, cases, lire, lire_montants, sans_destination
from firdesk.services.session import Session
from tests.services.budget_bases import LIGNES, open_small


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with open_small(tmp_path_factory.mktemp("collage") / "budget.firdesk") as opened:
        yield opened


def pasted(session: Session, text: str, connues: tuple[LigneBudget, ...] = ()) -> Collage:
    return lire(session, 2025, cases(text), connues)


def test_four_columns_are_destination_enveloppe_ae_and_cp(session: Session) -> None:
    found = pasted(session, "MI2-3-8\tSanitaire\t1 000\t900,50\n2.3.8 : EMG\tPrévention\t2 M€\t0\n")
    assert found.lignes == [
        LigneBudget("MI2-3-8", "SANITAIRE", 1_000_00, 900_50),
        LigneBudget("MI2-3-8", "PREVENTION", 2_000_000_00, 0),
    ]
    assert found.refus == []


def test_a_header_row_says_the_order_of_columns(session: Session) -> None:
    found = pasted(session, "Libellé\tCP votés\tDestination\tAE votées\nGériatrie\t9\tMI2-3-8\t10\n")
    assert found.lignes == [LigneBudget("MI2-3-8", "", 10_00, 9_00)]


def test_what_the_table_copies_may_be_pasted_back(session: Session) -> None:
    titles = "Destination\tLibellé\tEnveloppe\tAE votées\tCP votés\tVirements AE\tVirements CP\tAE ouvertes\tCP ouverts"
    rows = "MI2-3-8\tGériatrie\tSanitaire\t10,00\t9,00\t1,00\t\t11,00\t9,00\nMission 2\tParcours\t\t10,00\t9,00\t\t\t\t"
    found = pasted(session, f"{titles}\n{rows}\n")
    assert (found.lignes, found.totaux) == ([LigneBudget("MI2-3-8", "SANITAIRE", 10_00, 9_00)], 1)


@pytest.mark.parametrize(
    ("row", "where", "told"),
    [
        ("MI2-3-8\tSanitaire\t1.234\t5", "ligne 1, colonne 3", "peut se lire"),
        ("MI2-3-8\tSanitaire\tdouze\t5", "ligne 1, colonne 3", "lu « douze »"),
        ("Gériatrie\tSanitaire\t5\t5", "ligne 1, colonne 1", "lu « Gériatrie », attendu un code de destination"),
        ("MI2-3-8\tSanitaire\t\t5", "ligne 1, colonne 3", "écrire 0"),
        ("MI2-3-8\tSanitaire\t5", "ligne 1, colonne 2", "n'est pas un montant"),
    ],
)
def test_a_bad_cell_is_said_with_its_place_and_writes_nothing(
    session: Session, row: str, where: str, told: str
) -> None:
    found = pasted(session, row)
    assert found.lignes == []
    assert found.refus[0].startswith(where)
    assert told.replace("lu « douze »", "« douze »") in found.refus[0]


def test_a_line_given_twice_is_refused_the_second_time(session: Session) -> None:
    found = pasted(session, "MI2-3-8\tSanitaire\t5\t5\n2-3-8\tsanitaire\t6\t6\n")
    assert found.lignes == [LigneBudget("MI2-3-8", "SANITAIRE", 5_00, 5_00)]
    assert found.refus == ["ligne 2, colonne 1 : MI2-3-8 est déjà donnée (ligne 1, colonne 1) : garder une des deux."]


def test_an_empty_amount_leaves_that_of_a_line_already_there(session: Session) -> None:
    found = pasted(session, "MI2-3-8\tIntervention\t5\t\n", LIGNES)
    assert found.lignes == [LigneBudget("MI2-3-8", "Intervention", 5_00, 900_00)]


def test_an_unknown_destination_is_kept_and_said(session: Session) -> None:
    found = pasted(session, "MI2-99-1\tSanitaire\t5\t5\n")
    assert found.lignes[0].destination == "MI2-99-1"
    assert "absente de la nomenclature 2025" in found.alertes[0]


def test_a_block_of_another_shape_says_what_is_expected(session: Session) -> None:
    found = pasted(session, "a\tb\tc\td\te\n")
    assert "attendu destination, enveloppe, AE, CP" in found.refus[0]


def test_two_columns_of_amounts_go_onto_the_lines_in_sight() -> None:
    rows = cases("1\t2\n3\t\n")
    assert sans_destination(rows)
    found = lire_montants(rows, LIGNES, "ae")
    assert [(x.ae, x.cp) for x in found.lignes] == [(1_00, 2_00), (3_00, 400_00)]


def test_one_column_goes_onto_the_column_it_is_pasted_on() -> None:
    found = lire_montants(cases("7\n"), LIGNES, "cp")
    assert found.lignes == [LigneBudget(*LIGNES[0].cle, 1_000_00, 7_00)]


def test_amounts_beyond_the_last_line_are_said() -> None:
    found = lire_montants(cases("1\t1\n2\t2\n3\t3\n4\t4\n5\t5\n"), LIGNES, "ae")
    assert found.refus == ["2 lignes du bloc au-delà de la fin du tableau."]


def test_numbers_of_a_workbook_are_read_to_the_cent(session: Session) -> None:
    row = [Case("A2", "MI2-3-8"), Case("B2", "Sanitaire"), Case("C2", 1234.1), Case("D2", 5)]
    assert lire(session, 2025, [row], ()).lignes == [LigneBudget("MI2-3-8", "SANITAIRE", 1_234_10, 5_00)]
