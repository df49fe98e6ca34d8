"""What a person corrected since an import is never overwritten silently by the next one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.lot import Lot
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import stars, write_stars

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


@pytest.fixture
def importee(tmp_path: Path, session: Session, importer: Importer) -> Allocation:
    importer(write_stars(tmp_path / "v1.csv", [stars(1)]))
    return la_seule(session)


def la_seule(session: Session) -> Allocation:
    found = session.allocations.get(session.allocations.ids(Filtre())[0])
    assert found is not None
    return found


def notifie(a: Allocation) -> Mouvement:
    return next(m for m in a.mouvements if m.nature is Nature.NOTIFICATION)


def corriger_le_montant(session: Session, a: Allocation) -> None:
    with session.operation("Modifier l'allocation"):
        session.allocations.update_mouvement(replace(notifie(a), montant=77700))


def test_a_corrected_amount_is_kept_and_listed(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00")]))
    assert [(c.libelle, c.base, c.fichier) for c in plan.conflits] == [
        ("Notifié", "777,00\u00a0€", "2\u202f000,00\u00a0€")
    ]
    assert (plan.total_importe, plan.total_ignore, plan.total_fichier) == (0, 200000, 200000)
    run.execute(session, plan)
    assert notifie(la_seule(session)).montant == 77700


def test_the_file_wins_when_the_user_says_so_and_then_it_is_no_conflict_any_more(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer, importer: Importer
) -> None:
    corriger_le_montant(session, importee)
    path = write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00")])
    assert [q.id for q in preparer(path).questions] == ["conflits"]
    importer(path, decisions={"conflits": "fichier"})
    assert notifie(la_seule(session)).montant == 200000
    plan = preparer(write_stars(tmp_path / "v3.csv", [stars(1, notifie="3000.00")]))
    assert plan.conflits == ()
    assert plan.total_importe == 300000


def test_what_was_typed_beside_an_amount_outlives_the_import_that_changes_it(
    tmp_path: Path, session: Session, importee: Allocation, importer: Importer
) -> None:
    with session.operation("Modifier l'allocation"):
        session.allocations.update_mouvement(replace(notifie(importee), ej="4500001_02", piece="A12"))
    importer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00")]), decisions={"conflits": "fichier"})
    found = notifie(la_seule(session))
    assert (found.montant, found.ej, found.piece) == (200000, "4500001_02", "A12")


def test_a_correction_that_the_file_has_taken_up_is_no_conflict(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="777.00")]))
    assert (plan.conflits, plan.inchangees) == ((), 1)


def test_an_undone_correction_is_no_conflict(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    session.undo()
    assert preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00")])).conflits == ()


def test_a_corrected_text_is_kept_while_the_rest_is_updated(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    with session.operation("Modifier l'allocation"):
        session.allocations.update(replace(importee, objet="Objet corrigé"))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, action="Autre", motivation="Autre")]))
    assert [c.libelle for c in plan.conflits] == ["Objet"]
    assert [c.champ for c in plan.modifiees[0].champs] == ["motivation"]
    run.execute(session, plan)
    assert (la_seule(session).objet, la_seule(session).motivation) == ("Objet corrigé", "Autre")


def test_an_amount_deleted_or_typed_by_hand_is_kept(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    with session.operation("Modifier l'allocation"):
        session.allocations.delete_mouvement(notifie(importee).id or 0)
        session.allocations.add_mouvement(importee.id or 0, Mouvement(Nature.NOTIFICATION, 2025, 100))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1)]))
    assert [(c.champ, c.base) for c in plan.conflits] == [("mouvement:notification", "1,00\u00a0€")]
    taken = preparer(tmp_path / "v2.csv", decisions={"conflits": "fichier"})
    run.execute(session, taken)
    assert [m.montant for m in la_seule(session).mouvements if m.nature is Nature.NOTIFICATION] == [100050]


def test_a_theme_chosen_by_the_user_is_never_overwritten(
    tmp_path: Path, session: Session, importee: Allocation
) -> None:
    with session.operation("Modifier l'allocation"):
        session.allocations.update(replace(importee, theme="PA", theme_choisi=True))
    path = write_stars(tmp_path / "v2.csv", [stars(1) | {"Thème": "PH"}])
    plan = run.plan(session, lire(path), run.Reglages(decisions={"conflits": "fichier"}))
    assert [(c.libelle, c.fichier) for c in plan.conflits] == [("Thème choisi", "Parcours Personnes handicapées")]
    run.execute(session, plan)
    assert la_seule(session).theme == "PA"


def test_a_conflict_shows_what_the_import_had_written_too(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    with session.operation("Modifier l'allocation"):
        session.allocations.assign(importee.id or 0, {"objet": "Objet corrigé"})
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00", action="Autre")]))
    assert [(c.importe, c.base, c.fichier) for c in plan.conflits] == [
        ("Action 1", "Objet corrigé", "Autre"),
        ("1\u202f000,50\u00a0€", "777,00\u00a0€", "2\u202f000,00\u00a0€"),
    ]


def test_the_value_of_the_latest_import_is_the_one_shown(
    tmp_path: Path, session: Session, importee: Allocation, importer: Importer, preparer: Preparer
) -> None:
    importer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="1500.00")]))
    corriger_le_montant(session, la_seule(session))
    (conflit,) = preparer(write_stars(tmp_path / "v3.csv", [stars(1, notifie="2000.00")])).conflits
    assert conflit.importe == "1\u202f500,00\u00a0€"


def test_each_conflict_may_have_its_own_answer(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    with session.operation("Modifier l'allocation"):
        session.allocations.assign(importee.id or 0, {"objet": "Objet corrigé"})
    path = write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00", action="Autre")])
    plan = preparer(path, decisions={"conflit:2025-0001:objet": "fichier"})
    assert {c.champ: c.choix for c in plan.conflits} == {"objet": "fichier", "mouvement:notification": "garder"}
    run.execute(session, plan)
    assert (la_seule(session).objet, notifie(la_seule(session)).montant) == ("Autre", 77700)


def test_a_correction_taken_up_by_the_file_is_noted(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    path = write_stars(tmp_path / "v2.csv", [stars(1, notifie="777.00")])
    assert preparer(path).confirmees == 1
    assert preparer(tmp_path / "v1.csv").confirmees == 0


def test_a_kept_amount_is_listed_among_what_was_left_aside(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    corriger_le_montant(session, importee)
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="2000.00")]))
    ((cell, read, reason),) = [(c.cellule, c.lu, c.remede) for c in plan.ignorees]
    assert (cell, read) == ("AG2", "2000.00")
    assert reason == "Montant corrigé à la main dans l'allocation 2025-0001, gardé."


def test_a_chosen_theme_gives_way_only_to_a_choice_about_that_very_line(
    tmp_path: Path, session: Session, importee: Allocation, preparer: Preparer
) -> None:
    with session.operation("Modifier l'allocation"):
        session.allocations.update(replace(importee, theme="PA", theme_choisi=True))
    path = write_stars(tmp_path / "v2.csv", [stars(1) | {"Thème": "PH"}])
    run.execute(session, preparer(path, decisions={"conflit:2025-0001:theme": "fichier"}))
    assert la_seule(session).theme == "PH"
