"""What the step of the columns says of the lines of a file is what the plan says of them."""

from pathlib import Path

import pytest

from firdesk.services.importing import correspondance_brouillon as brouillons
from firdesk.services.importing import run
from firdesk.services.importing.correspondance import ECHANTILLON
from firdesk.services.session import Session
from tests.services.importing.classeurs import Ligne, classeur, lignes
from tests.services.importing.conftest import lire
from tests.services.importing.test_correspondance import CHOIX

TOTAL: Ligne = ("Total", 1234.5, "", "", "")


@pytest.mark.parametrize("foot", [[], [TOTAL], [("", "", "", "", ""), TOTAL], [TOTAL, ("Source : le service", "", "")]])
def test_the_foot_of_a_table_is_no_line(session: Session, tmp_path: Path, foot: list[Ligne]) -> None:
    whole = [(*row, *("",) * (5 - len(row))) for row in (*lignes(12), *foot)]
    book = lire(classeur(tmp_path / "Suivi 2025.xlsx", whole))
    draft = brouillons.commencer(book, run.Reglages(), None, [])
    assert draft is not None
    seen = brouillons.apercu(book, draft)
    plan = run.plan(session, book, CHOIX)
    assert (seen.lignes, seen.totaux) == (plan.lues, int(TOTAL in whole)) == (12, int(TOTAL in whole))
    assert ("12 lignes lues · 1 total servant de contrôle · tous" in seen.phrase) == (TOTAL in whole)


def test_a_long_file_is_counted_by_its_plan_and_about_without_it(session: Session, tmp_path: Path) -> None:
    book = lire(classeur(tmp_path / "Suivi 2025.xlsx", [*lignes(ECHANTILLON + 10), TOTAL]))
    plan = run.plan(session, book, CHOIX)
    draft = brouillons.commencer(book, CHOIX, plan, [])
    assert draft is not None
    seen = brouillons.apercu(book, draft, plan)
    assert (seen.lignes, seen.totaux, seen.exact) == (ECHANTILLON + 10, 1, True)
    assert brouillons.apercu(book, draft).phrase.startswith("environ 2\u202f011 lignes lues")
