"""Destinations written by their label in a workbook of the office: found, asked, or refused, never guessed."""

from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan, Question
from firdesk.services.session import Session
from tests.services.importing.classeurs import classeur
from tests.services.importing.conftest import lire

COLONNES = {"nom": "A", "notifie": "B", "mesure3": "C"}
EXACT = "Equipes mobiles de geriatrie"


def planifie(
    session: Session, path: Path, *texts: str, annees: bool = False, decisions: dict[str, str] | None = None
) -> Plan:
    rows = [(f"Association n° {n}", 100 * n, text, 2025 - n % 2) for n, text in enumerate(texts, 1)]
    book = lire(classeur(path / "Suivi 2025.xlsx", rows, entetes=("Structure", "Montant", "Mesure", "Année")))
    chosen = {**COLONNES, "campagne": "D"} if annees else COLONNES
    return run.plan(session, book, run.Reglages(correspondance=chosen, decisions=decisions or {}))


def question(plan: Plan) -> Question:
    (found,) = [q for q in plan.questions if q.id.startswith("mesure3:")]
    return found


def test_the_very_label_is_taken_and_told(session: Session, tmp_path: Path) -> None:
    plan = planifie(session, tmp_path, EXACT, "ÉQUIPES MOBILES DE GÉRIATRIE ", "MI2-3-8")
    assert [x.destination for x in plan.nouvelles] == ["MI2-3-8"] * 3
    assert (plan.rejetees, plan.reparees, plan.questions) == (0, 2, ())
    assert ["Libellé de la nomenclature 2025 : MI2-3-8." in x.remede for x in plan.reparations] == [True, True]
    assert plan.total_fichier == plan.total_importe == 600_00


def test_a_repair_may_be_refused(session: Session, tmp_path: Path) -> None:
    plan = planifie(session, tmp_path, EXACT, "MI2-3-8", decisions={f"mesure3:{EXACT}": "rejeter"})
    assert (len(plan.nouvelles), plan.rejetees, plan.total_rejete) == (1, 1, 100_00)
    assert plan.total_fichier == plan.total_importe + plan.total_rejete


@pytest.mark.parametrize("answer", ["MI2-3-8", "=2.3.8"])
def test_a_near_label_is_asked_with_the_nearest_codes(session: Session, tmp_path: Path, answer: str) -> None:
    near = "Eq. mobiles gériatrie (EMG)"
    plan = planifie(session, tmp_path, near, "MI2-3-8")
    asked = question(plan)
    assert (asked.defaut, asked.choix[0][0], asked.reponse) == ("", "MI2-3-8", "")
    assert (plan.rejetees, len(plan.nouvelles)) == (1, 1)
    done = planifie(session, tmp_path, near, "MI2-3-8", decisions={f"mesure3:{near}": answer})
    assert [x.destination for x in done.nouvelles] == ["MI2-3-8"] * 2
    assert done.total_fichier == done.total_importe == 300_00


def test_what_looks_like_no_destination_is_rejected(session: Session, tmp_path: Path) -> None:
    plan = planifie(session, tmp_path, "xyzzy", "MI2-3-8")
    assert (plan.rejetees, [c.lu for c in plan.rejets]) == (1, ["xyzzy"])


def test_the_years_of_the_lines_say_which_nomenclature(session: Session, tmp_path: Path) -> None:
    plan = planifie(session, tmp_path, EXACT, EXACT, annees=True)
    assert [(x.exercice, x.destination) for x in plan.nouvelles] == [(2024, "MI2-3-8"), (2025, "MI2-3-8")]


@pytest.mark.parametrize("text", ["2.3.8", "2-3-8", " 2-3-8", "MI2-3-8 : Equipes mobiles de gériatrie"])
def test_a_code_is_read_however_it_is_written(session: Session, tmp_path: Path, text: str) -> None:
    plan = planifie(session, tmp_path, text)
    assert [x.destination for x in plan.nouvelles] == ["MI2-3-8"]
    assert plan.reparees == 0


def test_a_mission_or_a_theme_gives_no_destination(session: Session, tmp_path: Path) -> None:
    rows = [("Association n° 1", 100, "Mission 2 : Organiser les parcours", "Personnes âgées")]
    book = lire(classeur(tmp_path / "Suivi 2025.xlsx", rows, entetes=("Structure", "Montant", "Mission", "Thème")))
    with pytest.raises(Refus, match="Il manque : la destination"):
        run.plan(session, book)
