"""Totals are the sum of the lines, shares the exact hundred."""

from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.synthese import Axe, Ligne, Synthese

LIGNES = st.lists(
    st.builds(
        Ligne,
        cle=st.tuples(st.text(max_size=3)),
        libelle=st.tuples(st.text(max_size=3)),
        nombre=st.integers(0, 1000),
        notifie=st.integers(0, 10**12),
        ae_engagee=st.integers(0, 10**12),
        cp_paye=st.integers(0, 10**12),
        saisi=st.integers(0, 10**12),
    ),
    max_size=10,
)


@given(LIGNES)
def test_the_total_adds_every_column(lignes: list[Ligne]) -> None:
    total = Synthese((Axe.THEME,), 2025, tuple(lignes)).total
    for name in ("nombre", "notifie", "ae_engagee", "cp_paye", "saisi"):
        assert getattr(total, name) == sum(getattr(x, name) for x in lignes)


@given(LIGNES)
def test_the_shares_add_up_to_100(lignes: list[Ligne]) -> None:
    synthese = Synthese((Axe.THEME,), 2025, tuple(lignes))
    assert sum(synthese.parts()) == (100 if synthese.total.notifie else 0)
