"""Typing in the table and pasting: the words of the user become values, or are refused with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import allocation_cells, allocations
from firdesk.services.allocation_cells import Cellule
from firdesk.services.session import Changes, Session, create


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "a.firdesk"
    create(path, (2025,))
    with Session.open(path) as opened:
        with opened.operation("Préparer", nature="systeme"):
            who = opened.operateurs.add(Operateur("CH de Laon"))
            move = Mouvement(Nature.NOTIFICATION, 2025, 100_00)
            for _ in range(3):
                opened.allocations.add(Allocation(2025, who, "MI1-2-9", theme="CANCER", mouvements=(move,)))
        yield opened


def stored(session: Session, number: int = 1) -> Allocation:
    found = session.allocations.get(number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "code"),
    [("Parcours Cancer", "CANCER"), ("parcours obesite", "OBESITE"), ("PDS", "PDS"), ("veille", "VEILLE"), ("", "")],
)
def test_a_theme_is_known_by_its_label_or_its_code(session: Session, text: str, code: str) -> None:
    allocation_cells.write(session, Cellule(1, "theme", text))
    assert stored(session).theme == code


def test_a_beginning_shared_by_two_themes_is_refused(session: Session) -> None:
    with pytest.raises(Invalide, match="n'est pas un thème de la liste"):
        allocation_cells.write(session, Cellule(1, "theme", "Parcours Personnes"))


def test_an_empty_character_is_unknown(session: Session) -> None:
    allocation_cells.write(session, Cellule(1, "caractere", "pérenne"))
    assert stored(session).caractere == "perenne"
    allocation_cells.write(session, Cellule(1, "caractere", ""))
    assert stored(session).caractere == "inconnu"


def test_an_amount_emptied_is_no_amount(session: Session) -> None:
    allocation_cells.write(session, Cellule(1, "notifie", ""))
    assert session.allocations.page([1])[0].notifie is None


def test_a_column_that_is_computed_is_not_typed(session: Session) -> None:
    with pytest.raises(Refus, match="ouvrir la fiche"):
        allocation_cells.write(session, Cellule(1, "engage", "5"))


def test_a_paste_that_changes_nothing_is_no_operation(session: Session) -> None:
    before = len(session.operations.recent())
    done = allocation_cells.paste(session, [Cellule(1, "notifie", "100,00"), Cellule(2, "theme", "Parcours Cancer")])
    assert (done.modifiees, done.refus) == (0, ())
    assert len(session.operations.recent()) == before


def test_cells_of_a_line_are_pasted_together(session: Session) -> None:
    cells = [
        Cellule(1, "notifie", "1 000"),
        Cellule(1, "objet", " deux  mots "),
        Cellule(2, "notifie", "pas un nombre"),
    ]
    done = allocation_cells.paste(session, cells)
    assert (done.modifiees, len(done.refus)) == (1, 1)
    assert session.operations.recent()[0].libelle == "Coller dans l'allocation 2025-0001"
    assert stored(session).objet == "deux mots"


def heard(session: Session) -> list[Changes]:
    changes: list[Changes] = []
    session.observe(changes.append)
    return changes


def test_a_line_changed_in_place_is_named(session: Session) -> None:
    changes = heard(session)
    allocation_cells.write(session, Cellule(2, "notifie", "5"))
    allocation_cells.write(session, Cellule(3, "objet", "x"))
    assert [allocations.touched(session, c) for c in changes] == [{2}, {3}]


def test_a_line_removed_concerns_the_whole_table(session: Session) -> None:
    changes = heard(session)
    allocations.delete(session, [2])
    assert allocations.touched(session, changes[0]) is None
