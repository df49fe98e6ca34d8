"""The rules of what deserves a look, on their own figures."""

from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain import controle
from firdesk.domain.controle import Alerte, Poste

SOUND = Poste("MI2-3-8", "EMG", 100, 90, 100, 80)


def test_a_line_within_its_credits_is_no_overrun() -> None:
    assert controle.depassements([SOUND]) == []


def test_overruns_of_ae_and_cp_are_told_apart_largest_first() -> None:
    over = SOUND._replace(ae_engagees=103, cp_payes=150)
    assert [(d.credits, d.montant) for d in controle.depassements([over])] == [("CP", 50), ("AE", 3)]


def test_a_line_where_nothing_is_opened_is_an_overrun_of_all_it_uses() -> None:
    alone = Poste("MI2-3-31", "Inconnue", 0, 7, 0, 0)
    assert [d.montant for d in controle.depassements([alone])] == [7]


def test_cp_without_any_ae_are_found() -> None:
    assert controle.cp_sans_ae([SOUND, Poste("MI1-1", "P", 0, 0, 5, 0)]) == [Poste("MI1-1", "P", 0, 0, 5, 0)]


def test_three_percent_of_the_authorised_ae_are_carried_over_and_no_more() -> None:
    assert controle.ae_non_reportables(1_000_000_00, 960_000_00) == 10_000_00
    assert controle.ae_non_reportables(1_000_000_00, 970_000_00) == 0


@given(ouvertes=st.integers(0, 10**14), engagees=st.integers(0, 10**14))
def test_what_is_carried_over_and_what_is_lost_make_the_unused(ouvertes: int, engagees: int) -> None:
    lost = controle.ae_non_reportables(ouvertes, engagees)
    unused = max(0, ouvertes - engagees)
    assert 0 <= lost <= unused
    assert unused - lost <= ouvertes * controle.REPORT_AE // 10_000 or unused == lost == 0


def test_a_protected_part_is_breached_once_others_spend_more_than_the_rest() -> None:
    assert controle.atteinte_protegee(100, 30, 70) == 0
    assert controle.atteinte_protegee(100, 30, 75) == 5


def test_what_was_notified_in_2022_lapses_at_the_end_of_2025() -> None:
    assert controle.prescription(2022) == "2025-12-31"


def test_alerts_are_ordered_by_gravity_then_amount() -> None:
    found = [Alerte("sans_theme", "info", "c", 9), Alerte("prescription", "alerte", "b", 1)]
    found += [Alerte("prescription", "alerte", "a", 2), Alerte("paye_au_dela", "grave", "g")]
    assert [a.texte for a in controle.ordonner(found)] == ["g", "a", "b", "c"]
