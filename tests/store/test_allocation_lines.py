"""Filters and orders of allocations: each criterion against a reading of every line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation, Filtre, Origine
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.services.session import Session, create

Rows = list[Allocation]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path: Path = tmp_path_factory.mktemp("filtres") / "a.firdesk"
    create(path, (2024, 2025))
    with Session.open(path) as opened:
        with opened.operation("Préparer", nature="systeme"):
            places = (("Hôpital de Laon", "02", "Laon"), ("Équipe 100% santé", "59", "Lille"), ("URPS", "", ""))
            who = [opened.operateurs.add(Operateur(n, departement=d, commune=c)) for n, d, c in places]
            where = [("MI1-2-9", "CANCER"), ("MI2-3-8", "PA"), ("MI5-1-1", "")]
            for place in range(24):
                code, theme = where[place % 3]
                natures = list(Nature)[: place % 9 + 1]
                opened.allocations.add(
                    Allocation(
                        2025 if place % 4 else 2024, who[place % 2 + place % 3 // 2], code, theme=theme,
                        enveloppe="SANITAIRE" if place % 5 else "", objet="Équipe mobile" if place % 2 else "Poste_A",
                        caractere="perenne" if place % 3 else "inconnu", ej=f"E2025{place:04d}_01",
                        statut="disparue" if place == 7 else "active",
                        mouvements=tuple(Mouvement(n, 2025, 100 * place) for n in natures),
                    )
                )  # fmt: skip
        yield opened


def every(session: Session) -> Rows:
    found = [session.allocations.get(i) for i in session.allocations.ids(Filtre())]
    return [a for a in found if a is not None]


CASES: list[tuple[Filtre, Callable[[Allocation], bool]]] = [
    (Filtre(exercice=2024), lambda a: a.exercice == 2024),
    (Filtre(missions=("2", "5")), lambda a: a.destination[2] in "25"),
    (Filtre(themes=("",)), lambda a: not a.theme),
    (Filtre(themes=("PA", "")), lambda a: a.theme in ("PA", "")),
    (Filtre(departements=("02",)), lambda a: a.operateur_id == 1),
    (Filtre(departements=("",)), lambda a: a.operateur_id == 3),
    (Filtre(enveloppes=("",)), lambda a: not a.enveloppe),
    (Filtre(operateurs=(2,)), lambda a: a.operateur_id == 2),
    (Filtre(caracteres=("perenne",)), lambda a: a.caractere == "perenne"),
    (Filtre(statuts=("disparue",)), lambda a: a.statut == "disparue"),
    (Filtre(texte="laon"), lambda a: a.operateur_id == 1),
    (Filtre(texte="HOPITAL"), lambda a: a.operateur_id == 1),
    (Filtre(texte="lille"), lambda a: a.operateur_id == 2),
    (Filtre(texte="equipe mobile"), lambda a: a.objet == "Équipe mobile"),
    (Filtre(texte="Poste_A"), lambda a: a.objet == "Poste_A"),
    (Filtre(texte="100%"), lambda a: a.operateur_id == 2),
    (Filtre(texte="E20250003"), lambda a: a.ej == "E20250003_01"),
    (Filtre(texte="2024-0001"), lambda a: a.reference == "2024-0001"),
    (Filtre(avancements=("notifie",)), lambda a: any(m.nature == "notification" and m.montant for m in a.mouvements)),
]


@pytest.mark.parametrize(("filtre", "wanted"), CASES, ids=range(len(CASES)))
def test_a_filter_keeps_what_it_says(session: Session, filtre: Filtre, wanted: Callable[[Allocation], bool]) -> None:
    expected = {a.id for a in every(session) if wanted(a)}
    assert expected
    assert set(session.allocations.ids(filtre)) == expected
    assert session.allocations.parmi(filtre, list(range(1, 25))) == expected


@pytest.mark.parametrize("filtre", [case[0] for case in CASES], ids=range(len(CASES)))
def test_the_sum_of_a_filter_is_the_sum_of_its_lines(session: Session, filtre: Filtre) -> None:
    ids = session.allocations.ids(filtre)
    assert session.allocations.somme(filtre) == session.allocations.somme_ids(ids)


@pytest.mark.parametrize("tri", ["reference", "operateur", "theme", "mission", "enveloppe", "notifie", "objet", "ej"])
def test_descending_is_the_same_lines(session: Session, tri: str) -> None:
    filtre = Filtre(exercice=2025)
    up = session.allocations.ids(filtre, tri=tri)
    down = session.allocations.ids(filtre, tri=tri, decroissant=True)
    assert sorted(up) == sorted(down) == sorted(session.allocations.ids(filtre))
    assert len(session.allocations.ids(filtre, tri=tri, limit=3)) == 3


def test_an_amount_written_as_zero_is_not_an_amount_that_lacks(session: Session) -> None:
    first = session.allocations.page([1])[0]
    assert (first.saisi, first.paye) == (None, None)
    with session.operation("Saisir zéro"):
        session.allocations.add_mouvement(1, Mouvement(Nature.PAIEMENT, 2025, 0))
    assert session.allocations.page([1])[0].paye == 0


def test_the_origin_of_a_line_tells_its_last_change_by_hand(session: Session) -> None:
    assert session.allocations.origine(2).modifiee_le == ""
    found = session.allocations.get(2)
    assert found is not None
    with session.operation("Modifier"):
        session.allocations.update(replace(found, note="vu"))
    assert session.allocations.origine(2).modifiee_le != ""
    assert session.allocations.origine(999) == Origine()
