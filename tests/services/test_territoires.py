"""Départements by seat and by place of action: the same total, nothing counted twice."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Invalide
from firdesk.domain.synthese import Axe
from firdesk.domain.territoire import Lieu, Par, parts_egales
from firdesk.services import exporting, territoires
from firdesk.services.session import Session, create
from firdesk.services.verification import verify


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three operators, the third of the whole region; two exercices, engaged and paid besides notified."""
    path = tmp_path_factory.mktemp("territoires") / "modele.firdesk"
    create(path, (2024, 2025))
    with Session.open(path) as session, session.operation("Saisir"):
        for o in (
            Operateur("CH de Laon", departement="02"),
            Operateur("CHU de Lille", departement="59"),
            Operateur("CRCDC", departement="59", perimetre="regional"),
        ):
            session.operateurs.add(o)
        for year, who, cents in (
            (2025, 1, 100_01),
            (2025, 2, 200_00),
            (2025, 3, 333_34),
            (2025, 3, 77_77),
            (2024, 2, 50),
        ):
            moves = [(Nature.NOTIFICATION, year, cents), (Nature.ENGAGEMENT, year, cents // 2)]
            moves += [(Nature.PAIEMENT, 2025, cents // 3)]
            session.allocations.add(
                Allocation(year, who, "MI2-3-8", mouvements=tuple(Mouvement(n, y, c) for n, y, c in moves))
            )
    return path


@pytest.fixture
def session(modele: Path, tmp_path: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copy(modele, tmp_path / "essai.firdesk"))) as opened:
        yield opened


def amounts(session: Session, par: Par, year: int | None = 2025) -> dict[str, int]:
    return {x.cle[0]: x.notifie for x in territoires.table(session, par, year).lignes}


def test_without_places_only_operators_of_the_region_leave_their_seat(session: Session) -> None:
    assert amounts(session, Par.SIEGE) == {"02": 100_01, "59": 611_11}
    assert amounts(session, Par.LIEU) == {"02": 100_01, "59": 200_00, "region": 411_11}


def test_places_take_an_allocation_of_the_region_to_its_departements(session: Session) -> None:
    territoires.enregistrer(session, [3], parts_egales(["02", "60", "80"]))
    assert amounts(session, Par.LIEU) == {"02": 211_15, "59": 200_00, "60": 111_10, "80": 111_10, "region": 77_77}


def test_the_row_of_the_region_is_named_and_comes_after_the_departements(session: Session) -> None:
    found = territoires.table(session, Par.LIEU, 2025).lignes
    assert [x.libelle[0] for x in found] == ["Aisne", "Nord", "Région entière"]


places = st.lists(st.sampled_from(("02", "59", "60", "62", "80")), unique=True, max_size=4)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(places, min_size=5, max_size=5))
def test_both_ways_have_the_total_of_the_exercice_to_the_cent(session: Session, chosen: list[list[str]]) -> None:
    for number, codes in enumerate(chosen, 1):
        territoires.enregistrer(session, [number], parts_egales(codes))
    for year in (2024, 2025, None):
        seats, acts = (territoires.table(session, par, year).total for par in Par)
        exercice = session.syntheses.par((Axe.EXERCICE,), year).total
        assert seats.notifie == acts.notifie == exercice.notifie
        assert (seats.nombre, seats.ae_engagee, seats.cp_paye) == (acts.nombre, acts.ae_engagee, acts.cp_paye)


def test_saying_a_place_is_one_operation_that_undoes(session: Session) -> None:
    before = amounts(session, Par.LIEU)
    territoires.enregistrer(session, [1, 2], (Lieu("80", 10_000),))
    assert amounts(session, Par.LIEU)["80"] == 300_01
    session.undo()
    assert amounts(session, Par.LIEU) == before
    assert not any(c.constats for c in verify(session))


def test_shares_that_do_not_make_a_whole_write_nothing(session: Session) -> None:
    with pytest.raises(Invalide, match="il manque"):
        territoires.enregistrer(session, [1], (Lieu("80", 9_999),))
    assert session.lieux.de(1) == ()


def test_an_allocation_goes_with_its_places(session: Session) -> None:
    territoires.enregistrer(session, [1], (Lieu("80", 10_000),))
    with session.operation("Supprimer"):
        session.allocations.delete(1)
    assert amounts(session, Par.LIEU) == {"59": 200_00, "region": 411_11}


def test_the_lines_of_a_place_are_found_by_the_filter(session: Session) -> None:
    territoires.enregistrer(session, [1], (Lieu("80", 5_000), Lieu("60", 5_000)))
    found = {code: list(session.allocations.ids(Filtre(2025, lieux=(code,)))) for code in ("02", "59", "80", "region")}
    assert found == {"02": [], "59": [2], "80": [1], "region": [3, 4]}
    assert session.allocations.somme(Filtre(2025, lieux=("region",))).notifie == 411_11


def test_the_workbook_adds_up_and_says_how_it_was_told(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "territoire.xlsx"
    exporting.export_territoire(file, territoires.table(session, Par.LIEU, 2025), Par.LIEU)
    rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if "Notifié" in row)
    place = rows[head].index("Notifié")
    cells = [round(float(str(r[place])) * 100) for r in rows[head + 1 :] if r[place] is not None]
    assert cells[-1] == sum(cells[:-1]) == 711_12
    assert "lieu d'action" in str(rows[0][0])
    assert any("Région entière" in str(r[0]) for r in rows[:head])
