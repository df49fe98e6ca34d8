"""A gap is explained to the cent: what is known counts, what is merely possible only where it brings nearer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.rapprochement import NATURES, POSSIBLES, Destination, Explication, Note, Rapprochement, expliquer

cents = st.integers(-(10**9), 10**9)
connues = st.lists(
    st.builds(Explication, st.sampled_from([n for n in NATURES if n not in POSSIBLES]), cents, st.just(1))
)
possibles = st.lists(
    st.builds(Explication, st.sampled_from(POSSIBLES), cents, st.just(1)), unique_by=lambda x: x.nature, max_size=3
)


def piste(nature: str, amount: int) -> Explication:
    return Explication(nature, amount, 1)


@given(cents, connues, possibles)
def test_what_is_possible_never_makes_the_rest_larger(
    gap: int, known: list[Explication], maybe: list[Explication]
) -> None:
    counted, left = expliquer(gap, known, maybe)
    assert abs(gap - sum(x.montant for x in counted)) <= abs(gap - sum(x.montant for x in known))
    assert list(counted[: len(known)]) == known
    assert sorted([*counted[len(known) :], *left], key=lambda x: x.nature) == sorted(maybe, key=lambda x: x.nature)


def test_a_gap_of_zero_is_explained_by_nothing_merely_possible() -> None:
    counted, left = expliquer(0, [], [piste("decide_non_notifie", 500), piste("notifie_sans_ej", -500)])
    assert counted == ()
    assert len(left) == 2


def test_two_possible_explanations_that_fit_together_are_both_counted() -> None:
    counted, left = expliquer(500, [], [piste("decide_non_notifie", 1000), piste("notifie_sans_ej", -500)])
    assert sum(x.montant for x in counted) == 500
    assert left == ()


@given(cents, cents, connues, st.lists(cents))
def test_gap_equals_explanations_and_notes_and_rest(
    notified: int, engaged: int, known: list[Explication], noted: list[int]
) -> None:
    notes = tuple(Note(2025, "MI2-3-8", "vu", n) for n in noted)
    line = Destination("MI2-3-8", "", notified, engaged, 0, 0, 0, True, tuple(known), (), notes)
    assert line.ecart == sum(x.montant for x in known) + sum(noted) + line.inexplique


@given(st.lists(st.tuples(cents, cents, connues), max_size=5))
def test_the_total_is_the_sum_of_the_lines(rows: list[tuple[int, int, list[Explication]]]) -> None:
    lines = tuple(Destination(str(i), "", n, e, 0, 0, 0, True, tuple(x)) for i, (n, e, x) in enumerate(rows))
    total = Rapprochement(2025, "sibc", "2025-12-31", "BR1", lines).total
    assert (total.ecart, total.inexplique) == (sum(x.ecart for x in lines), sum(x.inexplique for x in lines))


def test_without_anything_engaged_there_is_no_gap() -> None:
    line = Destination("MI2-3-8", "", 100, 0, 0, 0, 0, connue=False)
    assert (line.ecart, line.inexplique, line.rapprochee) == (0, 0, False)


@pytest.mark.parametrize(
    ("note", "field"),
    [
        (Note(2025, "", "vu", 1), "destination"),
        (Note(2025, "MI1", "  ", 1), "texte"),
        (Note(2025, "MI1", "vu", 0), "montant"),
        (Note(2025, "MI1", "vu", 10**15), "montant"),
        (Note(2025, "MI1", "v\x00u", 1), "texte"),
    ],
)
def test_a_note_says_what_prevents_it(note: Note, field: str) -> None:
    assert [p.field for p in note.problems() if p.blocking] == [field]
