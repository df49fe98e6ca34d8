"""A year is opened with its nomenclature, closed after what is pending is told, reopened for a reason that is kept."""

from pathlib import Path

import pytest

from firdesk.domain.execution import Nature
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import allocation_cells, allocations, exercices
from firdesk.services.allocation_cells import Cellule
from firdesk.services.importing import run
from firdesk.services.session import Session
from tests.services.budget_annees import AUTRE, Annees, D

N, S = Nature.NOTIFICATION, Nature.SAISIE


def test_a_year_is_opened_with_its_nomenclature_and_undone(deux_ans: Annees) -> None:
    exercices.ouvrir(deux_ans.session, 2026)
    assert deux_ans.session.nomenclatures.exercices() == [2026, 2025, 2024]
    assert len(deux_ans.session.nomenclatures.destinations(2026)) > 200
    deux_ans.session.undo()
    assert deux_ans.session.nomenclatures.exercices() == [2025, 2024]


@pytest.mark.parametrize(("annee", "said"), [(2025, "existe déjà"), (1999, "de 2000 à 2100")])
def test_a_year_that_is_there_or_is_none_is_refused(deux_ans: Annees, annee: int, said: str) -> None:
    with pytest.raises(Refus, match=said):
        exercices.ouvrir(deux_ans.session, annee)


def test_reopening_wants_a_reason_and_keeps_it(deux_ans: Annees) -> None:
    session = deux_ans.session
    exercices.clore(session, 2024)
    with pytest.raises(Invalide, match="Dire pourquoi"):
        exercices.rouvrir(session, 2024, "  ")
    assert session.exercices.clos(2024)
    exercices.rouvrir(session, 2024, "titre de  recettes")
    found = session.exercices.get(2024)
    assert found is not None
    assert (found.clos, found.motif) == (False, "titre de recettes")
    assert session.operations.recent(limit=1)[0].libelle == "Rouvrir l'exercice 2024 : titre de recettes"


def test_what_is_already_so_is_refused(deux_ans: Annees) -> None:
    with pytest.raises(Refus, match="déjà ouvert"):
        exercices.rouvrir(deux_ans.session, 2024, "erreur")
    exercices.clore(deux_ans.session, 2024)
    with pytest.raises(Refus, match="déjà clos"):
        exercices.clore(deux_ans.session, 2024)
    with pytest.raises(Refus, match=r"il y a : 2025, 2024"):
        exercices.clore(deux_ans.session, 2023)


def test_what_is_pending_is_told_and_prevents_nothing(deux_ans: Annees) -> None:
    deux_ans.ligne((S, 100))
    deux_ans.ligne((S, 50), (N, 50))
    deux_ans.sibc({D: 40}, jour="-06-30")
    told = " | ".join(x.texte for x in exercices.en_suspens(deux_ans.session, 2025))
    for wanted in ("1 ligne à notifier, 100\u00a0€", "1 destination à rapprocher", "31 décembre", "arrêté final"):
        assert wanted in told
    exercices.clore(deux_ans.session, 2025)


def test_paid_above_engaged_is_pending(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100), (Nature.ENGAGEMENT, 80), (Nature.PAIEMENT, 100))
    told = [x for x in exercices.en_suspens(deux_ans.session, 2025) if "dépasse l'engagé" in x.texte]
    assert told[0].filtre is not None
    assert (told[0].filtre.destinations, "de 20" in told[0].texte) == ((D,), True)


def test_payments_alone_do_not_say_what_was_engaged(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100), (Nature.PAIEMENT, 100))
    assert not [x for x in exercices.en_suspens(deux_ans.session, 2025) if "dépasse l'engagé" in x.texte]
    found = next(b for b in exercices.liste(deux_ans.session) if b.exercice.annee == 2025)
    assert (found.engage, found.paye) == (None, 100_00)


def test_what_is_missing_in_one_destination_makes_up_for_nothing_in_another(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    deux_ans.ligne((N, 100), ou=AUTRE)
    deux_ans.sibc({D: 60, AUTRE: 140})
    found = next(x for x in exercices.en_suspens(deux_ans.session, 2025) if "à rapprocher" in x.texte)
    assert (found.montant, "2 destinations" in found.texte) == (80_00, True)


def test_the_lines_to_notify_are_as_many_as_their_filter_shows(deux_ans: Annees) -> None:
    deux_ans.ligne()
    deux_ans.ligne((S, 100))
    deux_ans.ligne((N, 100))
    found = exercices.en_suspens(deux_ans.session, 2025)[0]
    assert found.filtre is not None
    assert deux_ans.session.exercices.a_notifier(2025) == (2, 100_00)
    assert deux_ans.session.allocations.somme(found.filtre).nombre == 2


def test_a_form_a_paste_and_a_deletion_are_refused_in_french_in_a_closed_year(deux_ans: Annees) -> None:
    number = deux_ans.ligne((N, 100))
    session = deux_ans.session
    exercices.clore(session, 2025)
    draft = allocations.brouillon(session, number)
    assert draft is not None
    changed = allocations.Brouillon(draft.allocation, draft.montants | {N: 5})
    for write in (
        lambda: allocations.save(session, changed),
        lambda: allocations.save(session, allocations.duplicate(draft)),
        lambda: allocation_cells.paste(session, [Cellule(number, "notifie", "12")]),
        lambda: allocations.delete(session, [number]),
    ):
        with pytest.raises(Refus, match="clos, donc en lecture seule : le rouvrir"):
            write()
    kept = session.allocations.get(number)
    assert kept is not None
    assert [m.montant for m in kept.mouvements] == [100_00]


def test_closed_years_are_refused_before_anything_is_written(deux_ans: Annees) -> None:
    exercices.refuser_clos(deux_ans.session, (2024, 2025))
    exercices.clore(deux_ans.session, 2024)
    with pytest.raises(Refus, match="L'exercice 2024 est clos"):
        exercices.refuser_clos(deux_ans.session, (2025, 2024))
    exercices.clore(deux_ans.session, 2025)
    with pytest.raises(Refus, match="Les exercices 2024 et 2025 sont clos"):
        exercices.refuser_clos(deux_ans.session, (2025, 2024))


def test_the_list_tells_unknown_from_zero(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    deux_ans.sibc({D: 0}, annee=2024)
    found = {b.exercice.annee: b for b in exercices.liste(deux_ans.session)}
    assert (found[2025].notifie, found[2025].engage) == (100_00, None)
    assert (found[2024].notifie, found[2024].engage) == (0, 0)


def test_a_whole_import_into_a_closed_year_is_refused_and_writes_nothing(deux_ans: Annees, fichiers_demo: Path) -> None:
    session = deux_ans.session
    exercices.clore(session, 2024)
    plan = run.plan(session, run.scan(next(fichiers_demo.glob("ENGAGEMENTS*2024*"))))
    with pytest.raises(Refus, match="clos, donc en lecture seule"):
        run.execute(session, plan)
    assert session.allocations.count() == 0
    assert session.operations.recent(limit=1)[0].libelle == "Clore l'exercice 2024"


def test_undoing_a_whole_import_of_a_closed_year_is_refused_until_it_is_reopened(base_demo: Path) -> None:
    with Session.open(base_demo) as session:
        imported = next(o.id for o in session.operations.recent(limit=5_000) if "Paiements_FIR_2024" in o.libelle)
        exercices.clore(session, 2024)
        with pytest.raises(Refus, match="clos, donc en lecture seule"):
            session.revert(imported)
        assert session.paiements.totaux()[2024] > 0
        exercices.rouvrir(session, 2024, "reprise de l'import")
        undone = session.revert(imported)
        exercices.clore(session, 2024)
        with pytest.raises(Refus, match="clos, donc en lecture seule"):
            session.revert(undone.operation)
        assert session.paiements.totaux()[2024] == 0
