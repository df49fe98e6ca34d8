"""Operators in the file: their aliases, what they had, and everything of one given to another."""

import sqlite3
from collections.abc import Callable

import pytest

from firdesk.domain.operateur import Alias, MontantsAnnuels
from firdesk.store.database import Base
from firdesk.store.operateurs import Operateurs
from tests.store.conftest import Fund

Check = Callable[[Base], None]


@pytest.fixture
def operateurs(base: Base) -> Operateurs:
    return Operateurs(base)


def test_one_name_may_mean_one_operator_in_each_departement(base: Base, operateurs: Operateurs) -> None:
    with base.operation("Nommer"):
        operateurs.add_alias(1, "nom", "Les Lilas", "02")
        operateurs.add_alias(2, "nom", "Les Lilas", "59")
        operateurs.add_alias(3, "nom", "Les Lilas", "59")  # taken: stays as it is
    assert operateurs.aliases() == [Alias("nom", "Les Lilas", 1, "02", 1), Alias("nom", "Les Lilas", 2, "59", 2)]
    with base.operation("Retirer"):
        operateurs.remove_alias(1)
    assert operateurs.aliases(1) == []


def test_two_operators_are_told_apart_once_whatever_the_order(base: Base, operateurs: Operateurs) -> None:
    with base.operation("Distinguer"):
        operateurs.distinguer(2, 1)
        operateurs.distinguer(1, 2)
    assert operateurs.distincts() == {(1, 2)}


def test_sums_come_by_exercice_the_latest_first(base: Base, operateurs: Operateurs, fund: Fund) -> None:
    with base.operation("Saisir"):
        fund(base, ("notification", 100), ("paiement", 30))
        fund(base, ("engagement", 7), exercice=2024)
        fund(base, ("notification", 5), operateur_id=2)
    assert operateurs.montants([1]) == {1: [MontantsAnnuels(2025, 1, 100, 0, 30), MontantsAnnuels(2024, 1, 0, 7, 0)]}
    assert set(operateurs.montants()) == {1, 2}


def test_everything_that_refers_to_an_operator_moves(
    base: Base, operateurs: Operateurs, fund: Fund, check: Check
) -> None:
    with base.operation("Saisir"):
        fund(base, ("notification", 100))
        operateurs.add_alias(1, "siret", "1")
        operateurs.distinguer(1, 2)
        operateurs.distinguer(1, 3)
    with base.operation("Fusionner"):
        operateurs.move(1, 3)
        operateurs.delete(1)
    assert operateurs.find(1) is None
    assert [a.operateur_id for a in operateurs.aliases()] == [3]
    assert operateurs.distincts() == {(2, 3)}
    assert operateurs.montants() == {3: [MontantsAnnuels(2025, 1, 100, 0, 0)]}
    check(base)


def test_an_operator_that_something_refers_to_is_not_deleted(base: Base, operateurs: Operateurs, fund: Fund) -> None:
    with base.operation("Saisir"):
        fund(base, ("notification", 100))
    with pytest.raises(sqlite3.IntegrityError), base.operation("Supprimer"):
        operateurs.delete(1)
    assert operateurs.find(1) is not None
