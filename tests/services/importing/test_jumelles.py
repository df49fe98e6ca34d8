"""Twins: which one is which when they change, move or vanish; duplicates told from them, never dropped silently."""

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.allocation import Filtre
from firdesk.domain.lot import Lot
from firdesk.services.importing import appariement, bilan
from firdesk.services.importing.affectation import affecter
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.fichiers import STARSFIR, Line, as_excel, stars, write_stars, write_xlsx

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.integers(n, 5).flatmap(
            lambda m: st.lists(st.lists(st.integers(0, 9), min_size=m, max_size=m), min_size=n, max_size=n)
        )
    )
)
def test_no_other_pairing_costs_less(costs: list[list[int]]) -> None:
    found = affecter(costs)
    assert len(set(found)) == len(costs)
    cheapest = min(
        sum(costs[i][j] for i, j in enumerate(chosen)) for chosen in permutations(range(len(costs[0])), len(costs))
    )
    assert sum(costs[i][j] for i, j in enumerate(found)) == cheapest


def changed(plan: Plan) -> list[tuple[str, ...]]:
    """Occurrence number, field, before, after of what changes."""
    return [
        (line.cle.rpartition("#")[2], c.libelle, *(t.replace("\u202f", " ") for t in (c.avant, c.apres)))
        for line in plan.modifiees
        for c in line.champs
    ]


def twin(notifie: str, action: str, **more: str) -> Line:
    return stars(1, notifie=notifie, action=action, **more)


THREE = [twin("100.00", "Aller"), twin("200.00", "Retour"), twin("300.00", "Séjour")]


@pytest.fixture
def three(tmp_path: Path, importer: Importer) -> None:
    importer(write_stars(tmp_path / "v1.csv", THREE))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_twins_in_another_order_do_not_change(tmp_path: Path, preparer: Preparer, order: tuple[int, ...]) -> None:
    plan = preparer(write_stars(tmp_path / "v2.csv", [THREE[i] for i in order]))
    assert (changed(plan), plan.nouvelles, plan.disparues, plan.inchangees) == ([], [], (), 3)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("gone", range(3))
def test_the_twin_that_vanished_is_the_one_missing(tmp_path: Path, preparer: Preparer, gone: int) -> None:
    left = [line for i, line in enumerate(THREE) if i != gone]
    plan = preparer(write_stars(tmp_path / "v2.csv", left[::-1]))
    assert (changed(plan), plan.inchangees) == ([], 2)
    assert [x.reference for x in plan.disparues] == [f"2025-{gone + 1:04d}"]


@pytest.mark.usefixtures("three")
def test_a_changed_twin_keeps_its_number_though_another_is_gone(tmp_path: Path, preparer: Preparer) -> None:
    lines = [twin("350.00", "Séjour"), twin("100.00", "Aller")]
    plan = preparer(write_stars(tmp_path / "v2.csv", lines))
    assert changed(plan) == [("3", "Notifié", "300,00\u00a0€", "350,00\u00a0€")]
    assert [x.reference for x in plan.disparues] == ["2025-0002"]


@pytest.mark.usefixtures("three")
def test_the_fewest_fields_change_in_all(tmp_path: Path, preparer: Preparer) -> None:
    lines = [twin("300.00", "Aller"), twin("100.00", "Retour"), twin("200.00", "Séjour")]
    plan = preparer(write_stars(tmp_path / "v2.csv", lines))
    assert len(changed(plan)) == 3


@pytest.mark.usefixtures("three")
def test_between_equal_changes_the_least_money_moves(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_stars(tmp_path / "v2.csv", [twin("290.00", "Autre")]))
    assert [c[0] for c in changed(plan)] == ["3", "3"]


def test_a_great_many_twins_are_paired_by_what_they_share(
    tmp_path: Path, preparer: Preparer, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appariement, "LARGE", 3)
    lines = [twin(f"{n}.00", f"Action {n}") for n in range(1, 8)]
    importer(write_stars(tmp_path / "v1.csv", lines))
    later = [twin(f"{n}.50", f"Action {n}") for n in range(7, 0, -1)]
    assert [c[1] for c in changed(preparer(write_stars(tmp_path / "v2.csv", later)))] == ["Notifié"] * 7


def test_lines_that_say_exactly_the_same_are_asked_about_and_imported(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(2), stars(1), stars(3), stars(3)])
    (question,) = preparer(path).questions
    assert (question.id, question.titre, question.lignes) == ("doublons", "4 lignes strictement identiques", 4)
    assert (question.defaut, question.bloquante) == ("toutes", False)
    assert question.detail.startswith("Lignes 2, 4 ; 5, 6. ")
    importer(path)
    assert session.allocations.count() == 5
    assert preparer(path).questions == ()


def test_one_of_each_is_enough_when_the_user_says_so(tmp_path: Path, session: Session, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(2), stars(1), stars(1)])
    plan = preparer(path, decisions={"doublons": "une"})
    assert (len(plan.nouvelles), plan.ignorees_lignes, plan.lues) == (2, 2, 4)
    assert (plan.total_fichier, plan.total_importe, plan.total_ignore) == (400200, 200100, 200100)
    assert [(p.texte, p.montant) for p in bilan.parts(plan)] == [
        ("2 lignes : ligne strictement identique à une autre, laissée de côté comme demandé", 200100)
    ]
    assert [c.cellule for c in plan.ignorees] == ["AH4"]


def test_a_duplicate_of_a_line_of_the_base_is_left_out_too(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1)]))
    path = write_stars(tmp_path / "v2.csv", [stars(1), stars(1)])
    assert [q.id for q in preparer(path).questions] == ["doublons"]
    importer(path, decisions={"doublons": "une"})
    assert len(session.allocations.ids(Filtre())) == 1


@pytest.mark.parametrize("column", ["ej", "notification", "projet", "decision", "notifie", "motivation", "territoire"])
def test_lines_that_differ_in_one_column_are_no_duplicates(tmp_path: Path, preparer: Preparer, column: str) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(1, **{column: "77"})])
    assert [q.id for q in preparer(path).questions if q.id == "doublons"] == []


def test_a_column_that_no_field_reads_tells_twins_from_duplicates(tmp_path: Path, preparer: Preparer) -> None:
    lines = [stars(1) | {"Note du bureau": "premier versement"}, stars(1) | {"Note du bureau": "second versement"}]
    path = write_xlsx(tmp_path / "a.xlsx", lines, cell=as_excel, total=False)
    assert set(STARSFIR) < set(lines[0])
    assert preparer(path).questions == ()
