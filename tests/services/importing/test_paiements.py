"""A sheet of payments by EJ: recognised, attached to the allocations, orphans listed and never lost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Refus
from firdesk.services import allocations, provenance
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.fichiers import hapi, stars, write_hapi, write_stars
from tests.services.importing.paiements_fichiers import (
    HEADERS,
    allouer,
    paiement,
    paye,
    write_csv,
    write_paiements,
)

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]
NAME = "paiements.xlsx"


def test_payments_become_mouvements_with_their_cell(tmp_path: Path, session: Session, importer: Importer) -> None:
    (number,) = allouer(session, ("E2025000001_01", 1000_00))
    lot = importer(write_paiements(tmp_path / NAME, [paiement(montant=250.5), paiement(montant=100, dp="4500002")]))
    assert (lot.profil, lot.lues, lot.nouvelles, lot.orphelines) == ("Paiements", 2, 2, 0)
    a = session.allocations.get(number)
    assert a is not None
    first, second = (m for m in a.mouvements if m.nature is Nature.PAIEMENT)
    assert (first.montant, first.date, first.exercice, first.reference) == (250_50, "2025-03-15", 2025, "4500001")
    assert (first.origine, first.cellule, first.brut) == ("import", "E4", "250,5")
    assert provenance.phrase(second, session.allocations.provenance(second.id or 0)) == (
        "Paiement (CP) : 100,00\u00a0€, du 15/03/2025 — feuille « Paiements », E5, lu « 100 », "
        f"importé le {date.fromisoformat(lot.importe_le[:10]):%d/%m/%Y} depuis {NAME}"
    )


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        (("Engagement juridique", "EUR", "Demande de paiement", "Exercice"), ("E2025000001_01", "12,34", "7", "2025")),
        (("Exercice", "EJ", "Décaissements CP", "Tiers"), ("2025", "2025000001", "12,34 €", "CH")),
        (("N° engagement juridique", "Date de paiement", "Montant"), ("e2025000001-01", "15/03/2025", "12,34")),
        (("Année", "N° de poste", "N° d'EJ", "CP payés"), ("2025", "1", " E 2025 000001", "12,34")),
    ],
)
def test_usual_headers_are_recognised_in_any_order(
    tmp_path: Path, session: Session, importer: Importer, headers: Sequence[str], row: Sequence[str]
) -> None:
    allouer(session, ("E2025000001_01", 1000_00))
    importer(write_csv(tmp_path / "a.csv", [row], headers))
    assert paye(session) == {"E2025000001_01": 12_34}


def test_a_follow_up_table_with_an_ej_and_an_amount_is_not_taken_for_payments(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    headers = ("EJ", "Bénéficiaire", "Montant", "Exercice")
    with pytest.raises(Refus):
        preparer(write_csv(tmp_path / "suivi.csv", [("E2025000001", "CH", "12", "2025")], headers))


def test_exports_of_engagements_are_still_recognised(tmp_path: Path, preparer: Preparer) -> None:
    assert preparer(write_stars(tmp_path / "a.csv", [stars()])).profil == "StarsFIR"
    assert preparer(write_hapi(tmp_path / "b.csv", [hapi()])).profil == "HAPI"


@pytest.mark.parametrize("ej", ["E2025000001_01", "E2025000001", " e2025000001 ", "2025000001", 2025000001])
def test_an_ej_is_known_however_it_is_written(
    tmp_path: Path, session: Session, importer: Importer, ej: str | int
) -> None:
    allouer(session, ("E2025000001_01", 1000_00), ("E2025000002_01", 1000_00))
    importer(write_paiements(tmp_path / NAME, [(ej, "1", date(2025, 3, 15), "", 100)]))
    assert paye(session) == {"E2025000001_01": 100_00}


def test_the_item_tells_allocations_of_one_ej_apart(tmp_path: Path, session: Session, importer: Importer) -> None:
    allouer(session, ("E2025000001_01", 1000_00), ("E2025000001_02", 500_00))
    importer(write_paiements(tmp_path / NAME, [paiement("E2025000001_02", 75)]))
    assert paye(session) == {"E2025000001_02": 75_00}


def test_another_item_of_an_ej_that_one_allocation_has_is_attached_and_said(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    allouer(session, ("E2025000001_01", 1000_00))
    plan = preparer(write_paiements(tmp_path / NAME, [paiement("E2025000001_03")]))
    assert len(plan.nouvelles) == 1
    assert "Poste 3 absent de la base" in plan.alertes[0].remede


def test_a_payment_of_an_allocation_of_another_year_counts_in_its_own_year(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    (number,) = allouer(session, ("E2025000001_01", 1000_00))
    lot = importer(write_paiements(tmp_path / NAME, [paiement(jour=date(2026, 2, 1))]))
    assert lot.exercices == "2026"
    a = session.allocations.get(number)
    assert a is not None
    assert [m.exercice for m in a.mouvements if m.nature is Nature.PAIEMENT] == [2026]
    assert session.nomenclatures.exercices() == [2025]
    assert session.paiements.totaux()[2026] == 100_00


def test_the_column_of_the_year_wins_over_the_date(tmp_path: Path, session: Session, importer: Importer) -> None:
    allouer(session, ("E2025000001_01", 1000_00))
    row = (*paiement(jour=date(2026, 1, 10)), 2025)
    lot = importer(write_paiements(tmp_path / NAME, [row], headers=(*HEADERS, "Exercice")))
    assert lot.exercices == "2025"


def test_what_comes_back_is_a_reprise(tmp_path: Path, session: Session, importer: Importer) -> None:
    (number,) = allouer(session, ("E2025000001_01", 1000_00))
    rows = [(*paiement(), ""), (*paiement(montant=-30, dp="2"), ""), (*paiement(montant=20, dp="3"), "Reversement")]
    lot = importer(write_paiements(tmp_path / NAME, rows, headers=(*HEADERS, "Type")))
    a = session.allocations.get(number)
    assert a is not None
    moves = [(m.nature, m.montant) for m in a.mouvements if m.nature is not Nature.NOTIFICATION]
    assert moves == [(Nature.PAIEMENT, 100_00), (Nature.REPRISE, 30_00), (Nature.REPRISE, 20_00)]
    assert paye(session) == {"E2025000001_01": 50_00}
    assert lot.total_fichier == lot.total_importe == 90_00


def test_orphans_are_listed_and_counted_never_lost(tmp_path: Path, session: Session, importer: Importer) -> None:
    allouer(session, ("E2025000001_01", 1000_00))
    lot = importer(
        write_paiements(tmp_path / NAME, [paiement(), paiement("E2025000099_01", 40.25), paiement("", 9)], total=True)
    )
    assert (lot.nouvelles, lot.orphelines, lot.ignorees, lot.rejetees) == (1, 2, 2, 0)
    assert lot.total_fichier == 149_25 == lot.total_importe + lot.total_ignore + lot.total_rejete
    first, second = (c for c in session.imports.constats(lot.id or 0) if c.genre == "orpheline")
    assert (first.cellule, first.lu) == ("A5", "E2025000099_01")
    assert first.remede.startswith("40,25\u00a0€, du 15/03/2025, DP 4500001, CH de Laon. Aucune allocation n'a cet EJ")
    assert "Sans numéro d'EJ" in second.remede


def test_the_same_file_attaches_its_orphans_once_the_allocation_exists(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    path = write_paiements(tmp_path / NAME, [paiement(), paiement("E2025000099_01", 40.25)])
    allouer(session, ("E2025000001_01", 1000_00))
    importer(path)
    allouer(session, ("E2025000099_01", 1000_00))
    lot = importer(path)
    assert (lot.nouvelles, lot.inchangees, lot.orphelines) == (1, 1, 0)
    assert paye(session) == {"E2025000001_01": 100_00, "E2025000099_01": 40_25}


def test_an_ej_of_several_allocations_is_asked_and_left_alone_by_default(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    allouer(session, ("E2025000001", 300_00), ("E2025000001", 100_00))
    path = write_paiements(tmp_path / NAME, [paiement(montant=100.01), paiement(montant=5, dp="2")])
    plan = preparer(path)
    (question,) = plan.questions
    assert (question.bloquante, question.lignes, question.reponse) == (False, 2, "orphelines")
    assert [code for code, _ in question.choix] == ["2025-0001", "2025-0002", "prorata", "orphelines"]
    assert (len(plan.nouvelles), len(plan.orphelines), plan.total_ignore) == (0, 2, 105_01)


@pytest.mark.parametrize(
    ("answer", "shares"),
    [("2025-0002", [0, 105_01]), ("prorata", [78_76, 26_25]), ("=2025-0001", [105_01, 0]), ("=2025-9999", [0, 0])],
)
def test_a_shared_ej_goes_where_the_answer_says_to_the_cent(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, answer: str, shares: list[int]
) -> None:
    numbers = allouer(session, ("E2025000001", 300_00), ("E2025000001", 100_00))
    path = write_paiements(tmp_path / NAME, [paiement(montant=100.01), paiement(montant=5, dp="2")])
    (question,) = preparer(path).questions
    lot = importer(path, decisions={question.id: answer})
    assert [session.allocations.somme_ids([n]).paye for n in numbers] == shares
    assert lot.total_importe == sum(shares)
    again = preparer(path)
    assert again.inchangees == (2 if sum(shares) else 0)


def test_paying_above_what_was_notified_warns_and_never_refuses(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    allouer(session, ("E2025000001_01", 100_00))
    plan = preparer(write_paiements(tmp_path / NAME, [paiement(montant=60), paiement(montant=60, dp="2")]))
    assert len(plan.nouvelles) == 2
    (alert,) = plan.alertes
    assert (alert.cellule, "120,00\u00a0€ payés au-dessus des 100,00\u00a0€ notifiés" in alert.remede) == ("E5", True)


def test_a_row_without_amount_or_without_any_year_is_rejected(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    allouer(session, ("E2025000001_01", 100_00))
    plan = preparer(write_paiements(tmp_path / NAME, [paiement(montant=None), paiement(jour=None), paiement()]))
    assert (plan.rejetees, [c.cellule for c in plan.rejets]) == (2, ["E4", "C5"])
    assert plan.total_fichier == plan.total_lu == 200_00


def test_an_exercice_given_keeps_its_payments_and_dates_the_others(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    allouer(session, ("E2025000001_01", 100_00))
    rows = [paiement(), paiement(jour=date(2026, 1, 5)), paiement(jour=None, dp="3")]
    plan = preparer(write_paiements(tmp_path / NAME, rows), exercice=2025)
    assert (len(plan.nouvelles), plan.ignorees_lignes, plan.rejetees) == (2, 1, 0)


def test_what_was_typed_by_hand_is_never_counted_twice(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    (number,) = allouer(session, ("E2025000001_01", 1000_00))
    draft = allocations.brouillon(session, number)
    assert draft is not None
    allocations.save(session, replace(draft, montants=draft.montants | {Nature.PAIEMENT: 80_00}))
    path = write_paiements(tmp_path / NAME, [paiement()])
    plan = preparer(path)
    assert (plan.questions[0].id, len(plan.nouvelles), plan.total_ignore) == ("saisies", 0, 100_00)
    assert preparer(path, decisions={"saisies": "ajouter"}).notifie_apres == 180_00
    importer(path, decisions={"saisies": "remplacer"})
    assert paye(session) == {"E2025000001_01": 100_00}
    assert preparer(path).inchangees == 1


def test_a_payment_to_a_firm_named_total_is_no_total(tmp_path: Path, session: Session, preparer: Preparer) -> None:
    allouer(session, ("E2025000001_01", 1000_00))
    rows = [paiement(nom="Total Énergies"), paiement(nom="Ensemble", dp="2", montant=12.5)]
    plan = preparer(write_paiements(tmp_path / NAME, rows, total=True))
    assert (len(plan.nouvelles), plan.total_importe) == (2, 112_50)
    (total,) = plan.controle_totaux
    assert total.lu == total.calcule
