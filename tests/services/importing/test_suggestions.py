"""A name that looks like a known one is asked about, never merged by itself; the answer is remembered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.lot import Lot
from firdesk.domain.operateur import Operateur
from firdesk.services.importing.plan import Plan, Question
from firdesk.services.session import Session
from tests.services.importing.fichiers import Line, luhn, stars, write_stars

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]

SIRET = luhn(f"{luhn('44306184')}0001")
SECOND = luhn(f"{luhn('44306184')}0002")
FINESS = luhn("62000001")
ID = "operateur:Hôpital de Lens|62"


def line(number: int, **changes: str) -> Line:
    values = {"nom": "Hôpital de Lens", "identifiant": "", "siret": "", "siren": "", "departement": "62"}
    return stars(number, **(values | changes))


@pytest.fixture
def connu(session: Session) -> int:
    """The hospital as the base knows it, with two lines of 2025."""
    with session.operation("Créer"):
        number = session.operateurs.add(
            Operateur("CH DE LENS", siret=SIRET, departement="62", code_postal="62300", commune="Lens")
        )
        session.allocations.add_many(
            Allocation(2025, number, "MI2-3-8", numero=n, mouvements=(Mouvement(Nature.NOTIFICATION, 2025, 1000_00),))
            for n in (1, 2)
        )
    return number


def asked(plan: Plan) -> list[Question]:
    return [q for q in plan.questions if q.id.startswith("operateur:")]


def test_a_near_name_is_asked_with_what_the_base_knows(tmp_path: Path, preparer: Preparer, connu: int) -> None:
    (question,) = asked(preparer(write_stars(tmp_path / "a.csv", [line(1), line(2)])))
    assert question.id == ID
    assert question.lignes == 2
    assert question.titre == "« Hôpital de Lens » ressemble à un opérateur connu"
    known = "62300 Lens, SIRET 443 061 841 00013, département 62 ; 2025 : 2 lignes, 2\u202f000,00\u00a0€ notifiés"
    assert question.choix == ((str(connu), "C'est CH DE LENS (Lens)"), ("nouveau", "Nouvel opérateur"))
    assert f"CH DE LENS : {known}." in question.detail


def test_without_an_answer_a_new_operator_is_made_and_nothing_is_blocked(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, connu: int
) -> None:
    path = write_stars(tmp_path / "a.csv", [line(1)])
    (question,) = asked(preparer(path))
    assert (question.defaut, question.reponse, question.bloquante) == ("nouveau", "nouveau", False)
    importer(path)
    assert [o.nom for o in session.operateurs.all()] == ["CH DE LENS", "Hôpital de Lens"]
    assert session.operateurs.distincts() == set()


@pytest.mark.parametrize("answer", ["{}", f"={SIRET}", "=ch de lens"])
def test_told_who_it_is_the_import_gives_the_lines_to_the_known_operator(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, connu: int, answer: str
) -> None:
    path = write_stars(tmp_path / "a.csv", [line(1), line(2, identifiant=FINESS)])
    decisions = {ID: answer.format(connu)}
    (question,) = [q for q in asked(preparer(path, decisions=decisions)) if q.id == ID]
    assert question.reponse == str(connu)
    importer(path, decisions=decisions)
    assert [(o.id, o.nom, o.finess) for o in session.operateurs.all()] == [(connu, "CH DE LENS", FINESS)]


def test_the_answer_is_an_alias_the_next_file_matches_by_itself(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, connu: int
) -> None:
    question = f"operateur:Hôpital de Lens|{SECOND}"
    path = write_stars(tmp_path / "a.csv", [line(1, siret=SECOND, identifiant="H12")])
    importer(path, decisions={question: str(connu)})
    known = [(a.nature, a.valeur, a.departement) for a in session.operateurs.aliases(connu)]
    assert known == [("siret", SECOND, ""), ("nom", "Hôpital de Lens", "62")]
    for changes in ({"siret": SECOND, "nom": "Autre"}, {"identifiant": "H12", "nom": "Autre"}, {"nom": "HOPITAL LENS"}):
        plan = preparer(write_stars(tmp_path / "b.csv", [line(7, **changes)]))
        assert (asked(plan), plan.operateurs_nouveaux) == ([], ())


def test_undoing_the_import_takes_what_was_learnt_away(
    tmp_path: Path, session: Session, importer: Importer, connu: int
) -> None:
    before = session.operateurs.all()
    path = write_stars(tmp_path / "a.csv", [line(1, identifiant=FINESS)])
    importer(path, decisions={f"operateur:Hôpital de Lens|{FINESS}": str(connu)})
    assert session.operateurs.aliases()
    assert session.operateurs.all() != before
    session.undo()
    assert (session.operateurs.aliases(), session.operateurs.all()) == ([], before)


def test_told_that_it_is_a_new_one_the_two_are_kept_apart(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer, connu: int
) -> None:
    importer(write_stars(tmp_path / "a.csv", [line(1)]), decisions={ID: "nouveau"})
    assert session.operateurs.distincts() == {(connu, connu + 1)}
    assert asked(preparer(write_stars(tmp_path / "b.csv", [line(2)]))) == []
    session.undo()
    assert session.operateurs.distincts() == set()


def test_one_answer_may_say_new_for_a_whole_departement(
    tmp_path: Path, session: Session, importer: Importer, connu: int
) -> None:
    lines = [line(1, identifiant="H1"), line(2, identifiant="H2")]
    importer(write_stars(tmp_path / "a.csv", lines), decisions={"operateur:*62": "nouveau"})
    assert session.operateurs.distincts() == {(connu, connu + 1), (connu, connu + 2)}


def test_a_typed_answer_that_means_nobody_is_said(tmp_path: Path, preparer: Preparer, connu: int) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1)]), decisions={ID: "=personne"})
    assert any("« personne » ne désigne aucun opérateur" in c.remede for c in plan.alertes)


@pytest.mark.parametrize("answer", ["999", "=personne", "", "n'importe quoi"])
def test_an_answer_that_means_nobody_leaves_a_new_operator(
    tmp_path: Path, preparer: Preparer, connu: int, answer: str
) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1)]), decisions={ID: answer})
    assert [o.nom for o in plan.operateurs_nouveaux] == ["Hôpital de Lens"]


def test_an_answer_kept_from_before_is_not_given_to_somebody_else(
    tmp_path: Path, session: Session, preparer: Preparer, connu: int
) -> None:
    with session.operation("Créer"):
        other = session.operateurs.add(Operateur("CCAS de Guise", departement="02"))
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1)]), decisions={ID: str(other)})
    assert len(plan.operateurs_nouveaux) == 1


def test_nothing_is_asked_of_an_empty_base_nor_of_operators_that_look_like_none(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    path = write_stars(tmp_path / "a.csv", [line(1), line(2, nom="CH de Lens")])
    assert asked(preparer(path)) == []
    with session.operation("Créer"):
        session.operateurs.add(Operateur("CCAS de Guise", departement="02"))
    assert asked(preparer(path)) == []


def test_two_lines_that_the_file_tells_apart_are_asked_apart(tmp_path: Path, preparer: Preparer, connu: int) -> None:
    lines = [line(1, identifiant="H1"), line(2, identifiant="H2"), line(3, siret=SECOND, identifiant="H3")]
    ids = [q.id for q in asked(preparer(write_stars(tmp_path / "a.csv", lines)))]
    assert ids == [
        "operateur:Hôpital de Lens|H1",
        "operateur:Hôpital de Lens|H2",
        f"operateur:Hôpital de Lens|{SECOND}",
    ]
