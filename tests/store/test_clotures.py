"""A closed exercice is read-only, and the file itself says so."""

from collections.abc import Callable

import pytest

from firdesk.domain.problem import Refus
from firdesk.store.database import Base
from firdesk.store.operations import Operations

Fund = Callable[..., int]

REFUSED = {
    "a new allocation": "INSERT INTO allocation (exercice, numero, operateur_id, destination) "
    "VALUES (2024, 9, 1, 'MI2-3-8')",
    "an allocation moved in": "UPDATE allocation SET exercice = 2024, numero = 9 WHERE exercice = 2025",
    "an allocation moved out": "UPDATE allocation SET exercice = 2025, numero = 9 WHERE exercice = 2024",
    "another destination": "UPDATE allocation SET destination = 'MI2-3-9' WHERE exercice = 2024",
    "a payment": "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (1, 'paiement', 2024, 5)",
    "an amount": "UPDATE mouvement SET montant = 5 WHERE exercice = 2024",
    "an amount taken away": "DELETE FROM mouvement WHERE exercice = 2024",
    "a version of the budget": "INSERT INTO budget_version (exercice, code, ordre) VALUES (2024, 'BR9', 9)",
    "a line of the budget": "UPDATE budget_ligne SET ae = 7",
    "a virement": "INSERT INTO virement (version_id, de_destination, vers_destination, ae) "
    "VALUES (1, 'MI2-3-8', 'MI2-3-9', 1)",
    "a situation": "UPDATE execution SET date = '2024-11-30'",
    "a line of a situation": "DELETE FROM execution_ligne",
    "a fléchage": "UPDATE flechage SET montant = 2",
    "a ceiling": "UPDATE dispositif_plafond SET ae = 2",
    "another place": "UPDATE allocation_lieu SET departement = '59'",
    "the cash carried over": "UPDATE exercice SET report = 5 WHERE annee = 2024",
    "an income": "INSERT INTO recette (exercice, nature, source, montant) VALUES (2024, 'autre', 'cnsa', 0)",
}
ALLOWED = {
    "an operator merged": "UPDATE allocation SET operateur_id = 2 WHERE exercice = 2024",
    "a payment of a later year": "INSERT INTO mouvement (allocation_id, nature, exercice, montant) "
    "VALUES (1, 'paiement', 2025, 5)",
    "a payment planned anew": "INSERT INTO mouvement (allocation_id, nature, exercice, montant) "
    "VALUES (1, 'echeance', 2024, 5)",
    "the reprise that a titre recovers": "UPDATE recette SET mouvement_id = 1",
    "what its report tells": "INSERT INTO dont (exercice, libelle, montant, theme) VALUES (2024, 'FLCA', 5, 'gem')",
    "what has no year": "UPDATE theme SET libelle = 'Autre' WHERE code = 'gem'",
}


@pytest.fixture
def closed(base: Base, fund: Fund) -> Base:
    with base.operation("Ouvrir"):
        fund(base, ("notification", 100), ("engagement", 90), exercice=2024)
        fund(base, ("notification", 100), exercice=2025)
        base.conn.execute("INSERT INTO budget_version (id, exercice, code, ordre) VALUES (1, 2024, 'BI', 1)")
        base.conn.execute("INSERT INTO budget_ligne (version_id, destination, ae, cp) VALUES (1, 'MI2-3-8', 1, 1)")
        base.conn.execute("INSERT INTO execution (id, exercice, date) VALUES (1, 2024, '2024-12-31')")
        base.conn.execute("INSERT INTO execution_ligne (execution_id, destination) VALUES (1, 'MI2-3-8')")
        base.conn.execute(
            "INSERT INTO recette (id, exercice, nature, source, montant, fongible) "
            "VALUES (1, 2024, 'titre', 'cnsa', 5, 5)"
        )
        base.conn.execute("INSERT INTO dispositif (code, libelle) VALUES ('GEM', 'GEM')")
        base.conn.execute("INSERT INTO dispositif_plafond (dispositif, exercice, ae, cp) VALUES ('GEM', 2024, 1, 1)")
        base.conn.execute("INSERT INTO allocation_lieu (allocation_id, departement, part) VALUES (1, '02', 10000)")
        base.conn.execute("INSERT INTO flechage (recette_id, destination, montant) VALUES (1, 'MI2-3-8', 1)")
    with base.operation("Clore 2024"):
        base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2024")
    return base


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_what_would_change_a_closed_exercice_is_refused_by_the_file(closed: Base, sql: str) -> None:
    before = closed.conn.execute("SELECT COUNT(*), SUM(montant) FROM mouvement").fetchone()
    with pytest.raises(Refus, match="clos, donc en lecture seule"), closed.operation("Changer"):
        closed.conn.execute(sql)
    assert closed.conn.execute("SELECT COUNT(*), SUM(montant) FROM mouvement").fetchone() == before


@pytest.mark.parametrize("sql", ALLOWED.values(), ids=ALLOWED)
def test_what_changes_no_figure_of_a_closed_exercice_is_allowed(closed: Base, sql: str) -> None:
    with closed.operation("Changer") as done:
        closed.conn.execute(sql)
    assert done


def test_reopened_it_takes_changes_again(closed: Base) -> None:
    with closed.operation("Rouvrir 2024"):
        closed.conn.execute("UPDATE exercice SET statut = 'ouvert' WHERE annee = 2024")
    with closed.operation("Changer") as done:
        closed.conn.execute("UPDATE mouvement SET montant = 5 WHERE exercice = 2024")
    assert done


def test_what_was_written_before_closing_cannot_be_undone_once_closed(base: Base) -> None:
    with base.operation("Fixer le report") as fixed:
        base.conn.execute("UPDATE exercice SET report = 5 WHERE annee = 2024")
    with base.operation("Clore 2024"):
        base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2024")
    with pytest.raises(Refus):
        Operations(base).undo(fixed[0].operation)
    assert base.conn.execute("SELECT report FROM exercice WHERE annee = 2024").fetchone() == (5,)
