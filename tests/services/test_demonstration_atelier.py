"""The practice files import with exactly the counts that the demonstration's page and the guide announce."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from firdesk import paths
from firdesk.domain.problem import Refus
from firdesk.services import instantanes, verification
from firdesk.services.demonstration import atelier
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.reglages import Reglages
from firdesk.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
COLONNES = {"nom": "A", "departement": "B", "action": "C", "notifie": "D", "mesure3": "=MI2-4-6"}


@pytest.fixture
def session(base_demo: Path) -> Iterator[Session]:
    with Session.open(base_demo) as opened:
        yield opened


def planned(session: Session, folder: Path, name: str, reglages: Reglages | None = None) -> Plan:
    chosen = reglages or Reglages()
    return run.plan(session, run.scan(folder / atelier.DOSSIER / name, reglages=chosen), chosen)


def counts(plan: Plan) -> tuple[int, ...]:
    assert plan.total_fichier == plan.total_importe + plan.total_ignore + plan.total_rejete
    return len(plan.nouvelles), len(plan.modifiees), plan.inchangees, len(plan.disparues), plan.rejetees


def row_of(page: Path, name: str) -> str:
    (row,) = [x for x in page.read_text(encoding="utf-8").splitlines() if x.startswith(f"| `{name}` |")]
    return row


def test_the_later_export_asks_then_imports_as_announced(session: Session, fichiers_demo: Path) -> None:
    plan = planned(session, fichiers_demo, atelier.MILLESIME)
    assert (plan.profil, plan.lues, plan.reparees) == ("StarsFIR", 2552, 336)
    assert counts(plan) == (13, 31, 2503, 8, 5)
    assert [q.id for q in plan.questions if q.bloquante] == ["notifie:1.234"]

    decided = planned(session, fichiers_demo, atelier.MILLESIME, Reglages(decisions={"notifie:1.234": "milliers"}))
    assert (decided.reparees, *counts(decided)) == (340, 13, 35, 2503, 8, 1)
    lot = run.execute(session, decided)
    assert (lot.nouvelles, lot.modifiees, lot.disparues, lot.rejetees) == (13, 35, 8, 1)
    assert [c for c in verification.verify(session) if c.constats] == []


def test_the_workbook_of_the_office_is_mapped_and_found_in_the_base(session: Session, fichiers_demo: Path) -> None:
    with pytest.raises(Refus, match="la destination"):
        planned(session, fichiers_demo, atelier.SUIVI)
    plan = planned(session, fichiers_demo, atelier.SUIVI, Reglages(correspondance=COLONNES))
    assert (plan.lues, *counts(plan)) == (40, 40, 0, 0, 0, 0)
    assert {q.id: q.lignes for q in plan.questions}["ailleurs"] == 40
    aside = Reglages(correspondance=COLONNES, decisions={"ailleurs": "ignorer"})
    assert counts(planned(session, fichiers_demo, atelier.SUIVI, aside)) == (0, 0, 0, 0, 0)


def test_payments_go_to_their_allocations_or_wait(session: Session, fichiers_demo: Path) -> None:
    plan = planned(session, fichiers_demo, atelier.PAIEMENTS)
    assert (plan.profil, plan.lues, len(plan.orphelines)) == ("Paiements", 62, 17)
    assert counts(plan) == (45, 0, 0, 0, 0)
    assert len([q for q in plan.questions if q.id.startswith("rattachement:")]) == 12
    run.execute(session, plan)
    assert counts(planned(session, fichiers_demo, atelier.PAIEMENTS)) == (0, 0, 45, 0, 0)


def test_an_earlier_situation_stands_beside_the_one_of_the_base(session: Session, fichiers_demo: Path) -> None:
    plan = planned(session, fichiers_demo, atelier.SITUATION)
    assert (plan.profil, plan.lues, plan.ignorees_lignes) == ("SIBC", 127, 12)
    assert counts(plan) == (114, 0, 0, 0, 0)
    run.execute(session, plan)
    compared = instantanes.comparer(session, 2025, "2025-11-30", "2025-12-31")
    assert compared.apres.ej_valides - compared.avant.ej_valides == 22_169_819_00
    assert sum(x.statut == "apparue" for x in compared.lignes) == 3


def test_both_pages_announce_these_counts() -> None:
    for page in (ROOT / "docs" / "demonstration.md", paths.GUIDE / "importer.md"):
        later = row_of(page, atelier.MILLESIME)
        for words in ("2 552 lignes", "2 503 inchangées", "13 nouvelles", "31 modifiées", "8 disparues", "5 rejetées"):
            assert words in later
        assert "40 lignes" in row_of(page, atelier.SUIVI)
        for words in ("62 ", "45 rattaché", "15 d'un EJ commun", "2 d'un EJ inconnu"):
            assert words in row_of(page, atelier.PAIEMENTS)
        for words in ("127 lignes", "114 nouvelles"):
            assert words in row_of(page, atelier.SITUATION)
    assert "35 modifiées, 1 rejetée, 340 réparées" in (ROOT / "docs" / "demonstration.md").read_text(encoding="utf-8")
