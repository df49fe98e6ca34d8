"""Lines that a later file does not hold: kept, marked or withdrawn, and a file that covers only a part."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.services import provenance
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from firdesk.services.verification import verify
from tests.services.importing.conftest import contenu
from tests.services.importing.fichiers import hapi, stars, write_hapi, write_stars

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


@pytest.fixture
def later(tmp_path: Path, importer: Importer) -> Path:
    """A second vintage without the line 2 of three already imported."""
    importer(write_stars(tmp_path / "v1.csv", [stars(1), stars(2, validation="700.00"), stars(3)]))
    return write_stars(tmp_path / "v2.csv", [stars(1), stars(3)])


def vanished(session: Session) -> Allocation:
    """The line 2."""
    (number,) = [n for n in session.allocations.ids(Filtre()) if (a := session.allocations.get(n)) and a.numero == 2]
    found = session.allocations.get(number)
    assert found is not None
    return found


def notified(session: Session) -> int:
    return session.allocations.somme(Filtre()).notifie


def test_a_vanished_line_is_marked_by_default_and_still_counts(
    session: Session, preparer: Preparer, later: Path
) -> None:
    plan = preparer(later)
    assert [(x.reference, x.choix, x.montant, x.retrait) for x in plan.disparues] == [
        ("2025-0002", "marquer", 100050, 0)
    ]
    run.execute(session, plan)
    assert (vanished(session).statut, notified(session)) == ("disparue", 300150)


def test_a_line_kept_does_not_change_and_is_told_again_next_time(
    session: Session, preparer: Preparer, importer: Importer, later: Path
) -> None:
    before = contenu(session)
    importer(later, decisions={"disparues": "garder"})
    assert contenu(session) == before
    assert [x.reference for x in preparer(later).disparues] == ["2025-0002"]


def test_a_line_withdrawn_no_longer_counts_and_says_which_import_took_it_away(
    session: Session, preparer: Preparer, later: Path
) -> None:
    plan = preparer(later, decisions={"disparues": "retirer"})
    assert plan.notifie_apres - plan.notifie_avant == -100050
    run.execute(session, plan)
    gone = vanished(session)
    sums = session.allocations.somme_ids([gone.id or 0])
    assert (sums.notifie, sums.saisi, notified(session)) == (0, 0, plan.notifie_apres)
    back = [m for m in gone.mouvements if m.montant < 0]
    assert {m.nature: m.montant for m in back} == {
        Nature.SAISIE: -100050,
        Nature.VALIDATION_INTER: -100050,
        Nature.VALIDATION: -70000,
        Nature.NOTIFICATION: -100050,
    }
    assert all(m.origine == "import" and m.date for m in back)
    said = provenance.phrases(session, gone, (Nature.NOTIFICATION,))[-1]
    assert "retiré, ligne absente de v2.csv importé le" in said
    assert [c for c in verify(session) if c.constats] == []


def test_withdrawing_is_undone_whole(session: Session, importer: Importer, later: Path) -> None:
    before = contenu(session)
    importer(later, decisions={"disparues": "retirer"})
    session.undo()
    assert contenu(session) == before


def test_a_line_withdrawn_that_comes_back_has_the_amounts_of_the_file(
    tmp_path: Path, session: Session, importer: Importer, later: Path
) -> None:
    before = contenu(session)
    importer(later, decisions={"disparues": "retirer"})
    importer(tmp_path / "v1.csv")
    assert contenu(session) == before
    importer(later, decisions={"disparues": "retirer"})
    importer(write_stars(tmp_path / "v3.csv", [stars(1), stars(2, notifie="1200.00"), stars(3)]))
    assert (vanished(session).statut, notified(session)) == ("active", 2 * 100050 + 120000)


@pytest.mark.parametrize(
    ("decisions", "choice"),
    [
        ({"disparue:2025-0002": "retirer"}, "retirer"),
        ({"disparues": "retirer", "disparue:2025-0002": "garder"}, "garder"),
        ({"disparues": "retirer", "disparue:2025-0003": "garder"}, "retirer"),
    ],
)
def test_the_choice_made_for_a_line_beats_the_one_for_all(
    preparer: Preparer, later: Path, decisions: Mapping[str, str], choice: str
) -> None:
    assert [x.choix for x in preparer(later, decisions=decisions).disparues] == [choice]


def test_what_becomes_of_vanished_lines_is_asked_and_never_blocks(preparer: Preparer, later: Path) -> None:
    (question,) = preparer(later).questions
    assert (question.id, question.lignes, question.defaut, question.bloquante) == ("disparues", 1, "marquer", False)
    assert question.titre == "1 ligne de la base absente de ce fichier"
    assert {code for code, _ in question.choix} == {"garder", "marquer", "retirer"}
    assert preparer(later, decisions={"disparues": "retirer"}).questions[0].reponse == "retirer"


def test_a_file_with_fewer_than_half_of_the_lines_seems_partial_and_keeps_the_others(
    tmp_path: Path, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(n) for n in range(1, 6)]))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1), stars(2)]))
    assert plan.partiel == "Ce fichier semble partiel : il ne contient que 2 des 5 lignes connues."
    assert {x.choix for x in plan.disparues} == {"garder"}
    assert plan.questions[0].defaut == "garder"
    assert plan.questions[0].detail.startswith(plan.partiel)


def test_a_file_without_any_line_of_a_departement_seems_partial(
    tmp_path: Path, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(n) for n in range(1, 8)]))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(n) for n in (1, 3, 5, 7)]))
    assert plan.partiel == "Ce fichier semble partiel : aucune des 3 lignes connues du département 59."


def test_a_departement_met_again_under_a_new_line_is_not_missing(
    tmp_path: Path, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(n) for n in range(1, 8)]))
    assert preparer(write_stars(tmp_path / "v2.csv", [stars(n) for n in (1, 3, 5, 7, 8)])).partiel == ""


def test_a_rejected_line_has_not_vanished(tmp_path: Path, preparer: Preparer, later: Path) -> None:
    path = write_stars(tmp_path / "v2b.csv", [stars(1), stars(2, notifie="illisible"), stars(3)])
    assert preparer(path).disparues == ()


def test_lines_of_another_profile_or_exercice_do_not_vanish(
    tmp_path: Path, preparer: Preparer, importer: Importer, later: Path
) -> None:
    importer(write_hapi(tmp_path / "hapi.csv", [hapi(n, campagne="2025") for n in (8, 9)]))
    importer(write_stars(tmp_path / "v0.csv", [stars(5, campagne="2024")]))
    assert [x.reference for x in preparer(later).disparues] == ["2025-0002"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mesure3": "MI2-3-8 : Equipes mobiles"}, "Même engagement en ligne 3, autre destination"),
        ({"identifiant": "590000014"}, "Même engagement en ligne 3, autre opérateur"),
        ({"ej": "E2025999999_01"}, ""),
    ],
)
def test_a_vanished_line_says_which_new_line_has_the_same_commitment(
    tmp_path: Path, preparer: Preparer, later: Path, changes: dict[str, str], said: str
) -> None:
    plan = preparer(write_stars(tmp_path / "v3.csv", [stars(1), stars(2, **changes), stars(3)]))
    assert [x.remarque for x in plan.disparues] == [said]
