"""One operator at a glance, the list of all, and the convention a private body must have."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Invalide
from firdesk.domain.synthese import Axe
from firdesk.services import operateur_classeur, operateur_fiche
from firdesk.services.session import Session, create
from tests.services.identifiants_vrais import SIREN_A, SIREN_B, siret

A = Operateur(
    "Association L'Îlot", siret=siret(SIREN_A, 1), siren=SIREN_A, departement="02", secteur="Privé non lucratif"
)
A2 = replace(A, nom="L'Îlot Picardie", siret=siret(SIREN_A, 2), departement="80")
B = Operateur("CH de Laon", siret=siret(SIREN_B, 1), siren=SIREN_B, departement="02", commune="Laon", secteur="Public")


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two operators of one SIREN that pass the threshold together only, and a public hospital."""
    path = tmp_path_factory.mktemp("fiches") / "modele.firdesk"
    create(path, (2024, 2025))
    with Session.open(path) as session, session.operation("Saisir"):
        for o in (A, A2, B):
            session.operateurs.add(o)
        for who, year, kind, number, moves in (
            (1, 2024, "DA", "D-24", ((Nature.NOTIFICATION, 10_000_00), (Nature.ENGAGEMENT, 10_000_00))),
            (1, 2025, "DA", "D-25", ((Nature.NOTIFICATION, 15_000_00), (Nature.PAIEMENT, 4_000_00))),
            (2, 2025, "", "", ((Nature.NOTIFICATION, 9_000_00),)),
            (3, 2025, "A", "ARR-1", ((Nature.NOTIFICATION, 80_000_00),)),
        ):
            made = tuple(Mouvement(n, year, c) for n, c in moves)
            session.allocations.add(
                Allocation(year, who, "MI2-3-8", type_decision=kind, decision=number, mouvements=made)
            )
    return path


@pytest.fixture
def session(modele: Path, tmp_path: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copy(modele, tmp_path / "essai.firdesk"))) as opened:
        yield opened


def test_the_list_adds_up_to_the_exercice(session: Session) -> None:
    found = operateur_fiche.liste(session, 2025)
    assert [x.operateur.nom for x in found] == ["Association L'Îlot", "CH de Laon", "L'Îlot Picardie"]
    assert sum(x.notifie for x in found) == session.syntheses.par((Axe.OPERATEUR,), 2025).total.notifie == 104_000_00
    assert (found[0].avant, found[0].evolution) == (10_000_00, Decimal(50))
    assert operateur_fiche.liste(session, 2024)[0].avant is None


@pytest.mark.parametrize("text", ["ilot picardie", "ordre mutuel", "laon", SIREN_A])
def test_an_operator_is_found_by_any_of_its_names(session: Session, text: str) -> None:
    operateur_fiche.ajouter_alias(session, 2, "nom", "L'Ordre mutuel")
    everyone = operateur_fiche.liste(session, 2025)
    found = operateur_fiche.filtrer(session, everyone, text)
    assert 0 < len(found) < len(everyone)


def test_the_history_and_what_is_left_to_pay_since_the_origin(session: Session) -> None:
    found = operateur_fiche.fiche(session, 1, 2025)
    assert [(c.exercice, c.notifie) for c in found.historique] == [(2024, 10_000_00), (2025, 15_000_00)]
    assert found.reste_a_payer == 6_000_00
    assert operateur_fiche.fiche(session, 3, 2025).reste_a_payer is None
    assert found.part_departement == (15_000_00, 95_000_00)
    assert found.part_region == (15_000_00, 104_000_00)


def test_its_acts_are_those_its_lines_bear_and_its_conventions(session: Session) -> None:
    with session.operation("Saisir une convention"):
        session.base.conn.execute(
            "INSERT INTO convention (nature, numero, operateur_id, debut, fin) "
            "VALUES ('convention', 'CV-7', 1, '2025-01-01', '2027-12-31')"
        )
    acts = operateur_fiche.fiche(session, 1, 2025).actes
    assert [(operateur_fiche.nature_dite(a), a.numero) for a in acts] == [
        ("Convention", "CV-7"), ("Décision", "D-25"), ("Décision", "D-24")
    ]  # fmt: skip


def test_a_private_body_above_the_threshold_all_lines_of_its_siren_needs_a_convention(session: Session) -> None:
    for number in (1, 2):
        (told,) = operateur_fiche.fiche(session, number, 2025).controles
        assert SIREN_A in told.message
        assert "loi 2000-321" in told.message
        assert not told.blocking
    assert operateur_fiche.fiche(session, 3, 2025).controles == ()
    assert operateur_fiche.fiche(session, 1, 2024).controles == ()


def test_a_convention_of_the_siren_settles_it(session: Session) -> None:
    with session.operation("Saisir une convention"):
        session.base.conn.execute("UPDATE allocation SET type_decision = 'C', decision = 'CV-9' WHERE id = 3")
    assert operateur_fiche.fiche(session, 1, 2025).controles == ()


def test_the_threshold_is_a_parameter_with_its_source(session: Session) -> None:
    with session.operation("Changer le seuil"):
        session.base.conn.execute(
            "INSERT INTO parametre (cle, valeur, source) VALUES ('seuil_convention', 2400001, 'décret à venir')"
        )
    assert operateur_fiche.fiche(session, 1, 2025).controles == ()


def test_an_identity_is_saved_whole_and_undone(session: Session) -> None:
    before = session.operateurs.get(1)
    operateur_fiche.enregistrer(session, replace(before, nom="  Association   L'Îlot ", perimetre="regional"))
    assert session.operateurs.get(1) == replace(before, perimetre="regional")
    session.undo()
    assert session.operateurs.get(1) == before
    with pytest.raises(Invalide, match="Donner le nom"):
        operateur_fiche.enregistrer(session, replace(before, nom=" "))


def test_a_name_means_one_operator(session: Session) -> None:
    operateur_fiche.ajouter_alias(session, 1, "nom", "Îlot")
    with pytest.raises(Invalide, match="désigne déjà"):
        operateur_fiche.ajouter_alias(session, 2, "nom", "îlot")


def test_the_workbook_adds_up(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "operateurs.xlsx"
    operateur_classeur.ecrire(file, operateur_fiche.liste(session, 2025), 2025)
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if "Notifié 2025" in row)
    place = rows[head].index("Notifié 2025")
    cells = [round(float(str(r[place])) * 100) for r in rows[head + 1 :]]
    assert cells[-1] == sum(cells[:-1]) == 104_000_00


def test_the_workbook_leaves_a_year_that_nothing_tells_empty(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "operateurs.xlsx"
    lines = [replace(x, avant=None) for x in operateur_fiche.liste(session, 2025)]
    operateur_classeur.ecrire(file, lines, 2025)
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if "Notifié 2024" in row)
    before = rows[head].index("Notifié 2024")
    assert {row[before] for row in rows[head + 1 :]} == {None}
