"""Any first file, then any second one: the base says what the plan said, undo gives it back, again changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Filtre
from firdesk.domain.synthese import Axe
from firdesk.services.importing import ecarts, run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import contenu, lire
from tests.services.importing.fichiers import Line, stars, write_stars

DESTINATIONS = ("MI1-2-3 : Prévention", "MI2-3-8 : Equipes mobiles", "MI3-3-5 : Permanence")


def line(number: int, destination: int, theme: str, cents: int, action: str) -> Line:
    amount = f"{cents // 100}.{cents % 100:02d}"
    made = stars(number, mesure3=DESTINATIONS[destination], notifie=amount, action=action)
    return made | {"Thème": theme}


LINES = st.lists(
    st.builds(
        line,
        st.integers(1, 4),
        st.integers(0, 2),
        st.sampled_from(["PA", "PH", ""]),
        st.integers(0, 9_999_99),
        st.sampled_from(["Action", "Autre action"]),
    ),
    min_size=1,
    max_size=12,
)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Take back all that the block wrote, so that the next example starts from the same base."""
    latest = session.operations.next_undo()
    yield
    while session.operations.next_undo() != latest:
        session.undo()


def by_axis(session: Session, axe: Axe) -> dict[str, int]:
    return {x.cle[0]: x.notifie for x in session.syntheses.par((axe,), 2025).lignes if x.notifie}


def planned(session: Session, path: Path, choice: str) -> Plan:
    return run.plan(session, lire(path), run.Reglages(decisions={"disparues": choice}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=LINES, second=LINES, choice=st.sampled_from(["garder", "marquer", "retirer"]))
def test_the_second_vintage_gives_what_its_plan_said(
    tmp_path: Path, session: Session, first: list[Line], second: list[Line], choice: str
) -> None:
    with undone(session):
        run.execute(session, planned(session, write_stars(tmp_path / "v1.csv", first), choice))
        before = contenu(session)
        path = write_stars(tmp_path / "v2.csv", second)
        plan = planned(session, path, choice)
        assert plan.total_fichier == plan.total_lu
        expected = ecarts.tous(session, plan)
        for found in expected.values():
            assert (found.avant, found.apres) == (plan.notifie_avant, plan.notifie_apres)
        run.execute(session, plan)
        assert session.allocations.somme(Filtre()).notifie == plan.notifie_apres
        for axe in (Axe.MISSION, Axe.THEME):
            assert by_axis(session, axe) == {x.cle: x.apres for x in expected[axe].lignes if x.apres}
        names = {x.libelle[0]: x.notifie for x in session.syntheses.par((Axe.OPERATEUR,), 2025).lignes if x.notifie}
        assert names == {x.libelle: x.apres for x in expected[Axe.OPERATEUR].lignes if x.apres}
        again = planned(session, path, choice)
        assert (len(again.nouvelles), len(again.modifiees), again.inchangees) == (0, 0, len(second))
        assert len(again.disparues) == (len(plan.disparues) if choice == "garder" else 0)
        session.undo()
        assert contenu(session) == before
