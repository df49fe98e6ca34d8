"""Making one operator of two: every sum stays, everything comes back, nothing is learnt by halves."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Refus
from firdesk.services import operateurs
from firdesk.services.session import Session, create
from firdesk.services.verification import verify
from tests.services.identifiants_vrais import FINESS_A, FINESS_B, SIREN_A, SIREN_B, siret

A = Operateur("CH DE LENS", siret=siret(SIREN_A, 1), siren=SIREN_A, departement="62", commune="Lens")
B = Operateur(
    "Hôpital de Lens", siret=siret(SIREN_A, 2), siren=SIREN_A, finess=FINESS_A, departement="59", secteur="Public"
)
C = Operateur("CCAS de Guise", departement="02")


def fund(session: Session, operateur: int, *lines: tuple[int, int]) -> None:
    """Allocations of (exercice, cents) notified, inside an operation."""
    for year, cents in lines:
        numero = session.allocations.next_number(year)
        session.allocations.add(
            Allocation(
                year, operateur, "MI2-3-8", numero=numero, mouvements=(Mouvement(Nature.NOTIFICATION, year, cents),)
            )
        )


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three operators: 1 and 2 look alike, all have lines, aliases and a pair told apart."""
    path = tmp_path_factory.mktemp("operateurs") / "modele.firdesk"
    create(path, (2024, 2025))
    with Session.open(path) as session, session.operation("Saisir"):
        for number, o in enumerate((A, B, C), 1):
            session.operateurs.add(o)
            fund(session, number, (2025, number * 1000_00), (2024, number * 10_50))
        session.operateurs.add_alias(1, "nom", "Hôpital lensois", "62")
        session.operateurs.add_alias(2, "code_interne", "H12")
        session.operateurs.add_alias(3, "finess", FINESS_B)
        session.operateurs.distinguer(2, 3)
    return path


@pytest.fixture
def session(modele: Path, tmp_path: Path) -> Iterator[Session]:
    path = Path(shutil.copy(modele, tmp_path / "base.firdesk"))
    with Session.open(path) as opened:
        yield opened


def content(session: Session) -> dict[str, list[object]]:
    """Every row of every table but the history, sums of zero left out."""
    conn = session.base.conn
    names = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    kept = [n for n in names if not n.startswith(("journal", "operation_", "sqlite_", "_sqlite_")) and n != "operation"]
    found = {n: conn.execute(f"SELECT * FROM {n} ORDER BY 1, 2, 3").fetchall() for n in kept}
    return {
        n: [r for r in rows if not n.startswith("cumul") or any(r[-6 if n == "cumul_allocation" else -7 :])]
        for n, rows in found.items()
    }


def sums(session: Session) -> dict[int, tuple[int, int]]:
    """Number of lines and notified amount of each exercice, over all operators."""
    found: dict[int, tuple[int, int]] = {}
    for rows in session.operateurs.montants().values():
        for m in rows:
            n, cents = found.get(m.exercice, (0, 0))
            found[m.exercice] = n + m.nombre, cents + m.notifie
    return found


def sound(session: Session) -> bool:
    return not any(c.constats for c in verify(session))


def test_everything_of_the_absorbed_one_goes_to_the_one_kept(session: Session) -> None:
    before = sums(session)
    kept = operateurs.fusionner(session, 1, 2)
    assert session.operateurs.all()[0] == kept
    assert (kept.nom, kept.siret, kept.finess, kept.departement, kept.secteur) == (
        "CH DE LENS", A.siret, FINESS_A, "62", "Public",
    )  # fmt: skip
    assert [o.id for o in session.operateurs.all()] == [1, 3]
    assert session.allocations.somme(Filtre(2025, operateurs=(1,))).notifie == 3000_00
    assert sums(session) == before
    assert sound(session)


def test_names_and_identifiers_that_are_not_kept_become_aliases(session: Session) -> None:
    operateurs.fusionner(session, 1, 2)
    known = {(a.nature, a.valeur, a.departement) for a in session.operateurs.aliases(1)}
    assert known == {
        ("nom", "Hôpital lensois", "62"),
        ("code_interne", "H12", ""),
        ("nom", "Hôpital de Lens", "59"),
        ("siret", B.siret, ""),
    }


def test_a_choice_takes_the_other_value_and_the_first_one_becomes_the_alias(session: Session) -> None:
    choix = {"nom": "absorber", "siret": "absorber", "departement": "absorber", "commune": "absorber"}
    kept = operateurs.fusionner(session, 1, 2, choix)
    assert (kept.nom, kept.siret, kept.departement, kept.commune) == ("Hôpital de Lens", B.siret, "59", "Lens")
    known = {(a.nature, a.valeur, a.departement) for a in session.operateurs.aliases(1)}
    assert {("nom", "CH DE LENS", "62"), ("siret", A.siret, "")} <= known
    assert sound(session)


def test_the_siren_follows_the_siret_that_is_kept(session: Session) -> None:
    with session.operation("Créer"):
        other = session.operateurs.add(Operateur("Lens", siret=siret(SIREN_B, 1), siren=SIREN_B))
    assert operateurs.fusionner(session, 1, other, {"siret": "absorber"}).siren == SIREN_B


def test_the_preview_says_what_moves_and_writes_nothing(session: Session) -> None:
    before = content(session)
    seen = operateurs.apercu(session, 1, 2)
    assert (seen.nombre, seen.notifie) == (2, 2010_50 + 10_50)
    assert [m.exercice for m in seen.montants] == [2025, 2024]
    assert seen.differents == ("nom", "siret", "departement")
    assert content(session) == before


def test_what_was_told_apart_follows(session: Session) -> None:
    operateurs.fusionner(session, 1, 2)
    assert session.operateurs.distincts() == {(1, 3)}
    operateurs.fusionner(session, 3, 1)
    assert session.operateurs.distincts() == set()


def test_merging_is_one_operation_that_undo_takes_back_after_reopening(session: Session) -> None:
    before, path = content(session), session.path
    operateurs.fusionner(session, 2, 1, {"nom": "absorber"})
    assert session.operations.recent(limit=1)[0].libelle == "Fusionner « CH DE LENS » avec « Hôpital de Lens »"
    merged = content(session)
    session.close()
    with Session.open(path) as again:
        again.undo()
        assert content(again) == before
        assert sound(again)
        again.redo()
        assert content(again) == merged


def test_an_import_cannot_be_undone_under_a_merge_which_is_named(session: Session) -> None:
    with session.operation("Importer", nature="import"):
        number = session.operateurs.add(Operateur("Lens"))
        fund(session, number, (2025, 1_00))
    imported = session.operations.recent(limit=1)[0].id
    operateurs.fusionner(session, 1, number)
    with pytest.raises(Refus, match="Fusionner « Lens » avec « CH DE LENS »"):
        session.revert(imported)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([2024, 2025]), st.integers(-(10**9), 10**9)), max_size=8
    ),
    pair=st.permutations([1, 2, 3]),
    chosen=st.sets(st.sampled_from(list(operateurs.CHAMPS))),
)
def test_sums_stay_and_undo_is_exact_whatever_is_merged(
    modele: Path, tmp_path: Path, lines: list[tuple[int, int, int]], pair: list[int], chosen: set[str]
) -> None:
    path = Path(shutil.copy(modele, tmp_path / "base.firdesk"))
    with Session.open(path) as session:
        with session.operation("Saisir"):
            for number, year, cents in lines:
                fund(session, number, (year, cents))
        before, added = content(session), sums(session)
        operateurs.fusionner(session, pair[0], pair[1], dict.fromkeys(chosen, "absorber"))
        assert sums(session) == added
        assert sound(session)
        session.undo()
        assert content(session) == before
    path.unlink()


@pytest.mark.parametrize(("one", "other"), [(1, 1), (1, 99), (99, 1)])
def test_two_existing_operators_are_needed(session: Session, one: int, other: int) -> None:
    with pytest.raises(Refus):
        operateurs.fusionner(session, one, other)


def test_an_alias_is_taken_away_and_comes_back(session: Session) -> None:
    (alias,) = session.operateurs.aliases(2)
    operateurs.retirer_alias(session, alias)
    assert session.operateurs.aliases(2) == []
    with pytest.raises(Refus, match="n'existe plus"):
        operateurs.retirer_alias(session, alias)
    session.undo()
    assert session.operateurs.aliases(2) == [alias]


def test_doubles_are_told_with_their_reason_until_told_apart(session: Session) -> None:
    with session.operation("Créer"):
        session.operateurs.add(Operateur("Centre communal d'action sociale GUISE", departement="02"))
    assert [(d.premier.id, d.second.id, d.motif) for d in operateurs.doublons(session)] == [
        (3, 4, "même nom autrement écrit, même département"),
        (1, 2, "même SIREN, même nom autrement écrit"),
    ]
    operateurs.distinguer(session, 4, 3)
    assert [d.premier.id for d in operateurs.doublons(session)] == [1]
    session.undo()
    assert len(operateurs.doublons(session)) == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), (B.siret, 2), (FINESS_A, 2), ("h12", 2), ("ch de lens", 1), ("HÔPITAL LENSOIS", 1), (FINESS_B, 3)],
)
def test_an_operator_is_designated_by_number_identifier_name_or_alias(session: Session, text: str, number: int) -> None:
    assert operateurs.resoudre(session, text).id == number


def test_a_text_that_designates_nobody_or_several_is_refused(session: Session) -> None:
    with pytest.raises(Refus, match="Aucun opérateur « Personne »"):
        operateurs.resoudre(session, "Personne")
    with session.operation("Créer"):
        session.operateurs.add(C)
    with pytest.raises(Refus, match="désigne 2 opérateurs"):
        operateurs.resoudre(session, "CCAS de Guise")
