"""Each rule says its figures and opens the lines behind it; none of them ever prevents saving."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.budget import LigneBudget
from firdesk.domain.controle import GRAVITES, REGLES, Alerte
from firdesk.domain.dispositif import Dispositif, Plafond
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.recette import Flechage
from firdesk.services import alertes, allocations, budgets, dispositifs
from firdesk.services.session import Session
from firdesk.services.verification import verify
from tests.services.budget_bases import CANCER, GERIATRIE, delegate, fund, open_small, snapshot, virement, vote


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_small(tmp_path / "alertes.firdesk") as opened:
        opened.date = "2025-06-30"
        yield opened


Dire = Callable[..., list[Alerte]]


@pytest.fixture
def dire(session: Session) -> Dire:
    """The alerts of one rule in 2025, each opening as many lines as it says."""

    def run(regle: str, exercice: int = 2025) -> list[Alerte]:
        every = alertes.liste(session, exercice)
        for x in every:
            assert (x.regle in REGLES, x.gravite in GRAVITES, (x.filtre is None) + (x.page is None)) == (True, True, 1)
            if x.filtre is not None:
                assert len(session.allocations.ids(x.filtre)) == x.lignes == session.allocations.somme(x.filtre).nombre
        return [x for x in every if x.regle == regle]

    return run


def allouer(session: Session, *moves: tuple[str, int, int] | tuple[str, int, int, str], **fields: object) -> int:
    """An allocation of 2025 unless said; mouvements as (nature, exercice, cents, day)."""
    values: dict[str, object] = {"exercice": 2025, "operateur_id": 1, "destination": GERIATRIE, "theme": "PA"} | fields
    made = tuple(Mouvement(Nature(m[0]), m[1], m[2], m[3] if len(m) > 3 else "") for m in moves)
    with session.operation("Financer"):
        return session.allocations.add(Allocation(mouvements=made, **values))  # type: ignore[arg-type]


def test_nothing_is_said_of_an_empty_base(session: Session) -> None:
    assert alertes.liste(session, 2025) == []
    assert alertes.dite([], 2025) == ["Exercice 2025 : rien à signaler."]


def test_credits_are_judged_at_every_grain_virements_included(session: Session, dire: Dire) -> None:
    version = vote(session, "BI")
    number = fund(session, GERIATRIE, engagement=950_00, paiement=100_00)
    assert dire("credits_depasses") == []
    budgets.virer(session, version, virement(version))
    mission, destination = dire("credits_depasses")
    assert mission.texte.startswith("Mission 2")
    assert (mission.gravite, mission.montant) == ("grave", 50_00)
    assert destination.texte.startswith(f"{GERIATRIE} : engagé 50")
    assert destination.montant == 50_00
    assert destination.source == "BI"
    assert destination.filtre is not None
    assert list(session.allocations.ids(destination.filtre)) == [number]


def test_the_whole_and_an_enveloppe_are_grains_too(session: Session, dire: Dire) -> None:
    lines = (LigneBudget(GERIATRIE, "SANITAIRE", 100_00, 500_00), LigneBudget(GERIATRIE, "PREVENTION", 500_00, 500_00))
    vote(session, "BI", lignes=lines)
    fund(session, GERIATRIE, engagement=130_00, paiement=130_00)
    (alone,) = dire("credits_depasses")
    assert alone.texte.startswith(f"{GERIATRIE} × SANITAIRE : engagé 30")
    assert alone.lignes == 1
    fund(session, GERIATRIE, paiement=900_00)
    texts = [x.texte for x in dire("credits_depasses")]
    assert any(t.startswith("Exercice 2025 : payé 30") for t in texts)


def test_where_no_budget_is_voted_the_twelfths_are_the_yardstick(session: Session, dire: Dire) -> None:
    vote(session, "BR1", 2024)
    fund(session, GERIATRIE, engagement=510_00)
    (_, destination) = dire("credits_depasses")
    assert destination.montant == 10_00
    assert "6/12 du BR1 2024" in destination.source


def test_sibc_overruns_without_any_line_open_the_page_that_says_more(session: Session, dire: Dire) -> None:
    vote(session, "BI")
    snapshot(session, MI2_3_8=(None, None, 1_001_00, 0))
    assert [x.page for x in dire("credits_depasses")] == [
        ("budget", "execution"),
        ("budget", ("rapprochement", GERIATRIE)),
    ]


def test_a_ceiling_and_a_flechage_exceeded(session: Session, dire: Dire) -> None:
    allouer(session, ("notification", 2025, 300_00), dispositif="CLS")
    dispositifs.enregistrer(session, Dispositif("CLS", "CLS", plafonds=(Plafond(2025, 250_00, 500_00),)))
    delegate(session, 1_000_00, flechages=(Flechage(290_00, theme="PA"), Flechage(100_00, destination="MI2-3")))
    assert [(x.montant, x.lignes) for x in dire("plafond_dispositif")] == [(50_00, 1)]
    assert [(x.montant, x.lignes) for x in dire("flechage_depasse")] == [(200_00, 1), (10_00, 1)]


def test_cp_without_ae(session: Session, dire: Dire) -> None:
    vote(session, "BI", lignes=(LigneBudget(GERIATRIE, "", 0, 80_00), LigneBudget(CANCER, "", 500_00, 500_00)))
    (found,) = dire("cp_sans_ae")
    assert (found.montant, found.gravite) == (80_00, "alerte")
    fund(session, GERIATRIE, paiement=70_00)
    (found,) = dire("cp_sans_ae")
    assert (found.montant, found.gravite, found.lignes) == (70_00, "grave", 1)


def test_a_line_paid_without_commitment_counts_where_commitments_are_known(session: Session, dire: Dire) -> None:
    fund(session, GERIATRIE, paiement=70_00)
    assert dire("paye_sans_engagement") == []
    fund(session, CANCER, engagement=10_00)
    assert [(x.montant, x.lignes) for x in dire("paye_sans_engagement")] == [(70_00, 1)]


def test_paid_beyond_the_commitment_since_the_origin(session: Session, dire: Dire) -> None:
    allouer(session, ("engagement", 2025, 100_00), ("paiement", 2025, 60_00), ("paiement", 2026, 60_00))
    allouer(session, ("engagement", 2025, 100_00), ("paiement", 2025, 100_00))
    allouer(session, ("engagement", 2025, 100_00), ("retrait_anterieur", 2026, 5_00), ("paiement", 2025, 100_00))
    (found,) = dire("paye_au_dela")
    assert (found.montant, found.lignes, found.gravite) == (25_00, 2, "grave")


def test_a_protected_part_spent_elsewhere(session: Session, dire: Dire) -> None:
    delegate(session, 1_000_00, protege_prevention=300_00)
    allouer(session, ("notification", 2025, 750_00), enveloppe="SANITAIRE")
    allouer(session, ("notification", 2025, 900_00), enveloppe="PREVENTION")
    (found,) = dire("part_protegee")
    assert (found.montant, found.lignes, found.source) == (50_00, 1, "CSP, art. L1435-9")
    allouer(session, ("engagement", 2025, 600_00), enveloppe="SANITAIRE")
    assert dire("part_protegee") == []  # what is engaged says more than what is notified


def test_unused_ae_above_three_percent_once_the_year_ends(session: Session, dire: Dire) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, engagement=1_000_00)
    assert dire("ae_non_reportables") == []
    session.date = "2026-01-02"
    (found,) = dire("ae_non_reportables")
    assert found.montant == 3_500_00 - 4_500_00 * 3 // 100
    assert "3\u00a0%" in found.texte
    assert found.source == "arrêté du 22 juin 2018"
    assert found.page == ("budget", "execution")
    session.date = "2025-12-02"
    snapshot(session, "2025-10-31", MI2_3_8=(None, None, 1_000_00, 0))
    assert dire("ae_non_reportables") == []
    snapshot(session, "2025-11-30", MI2_3_8=(None, None, 1_000_00, 0))
    assert [x.montant for x in dire("ae_non_reportables")] == [3_365_00]


def test_what_a_campagne_leaves_to_pay_lapses_after_three_years(session: Session, dire: Dire) -> None:
    for year in (2021, 2022, 2023):
        with session.operation("Ouvrir"):
            session.nomenclatures.open_exercice(year)
        allouer(session, ("engagement", year, 100_00), ("paiement", year, 40_00), exercice=year)
    allouer(session, ("engagement", 2022, 10_00), ("paiement", 2022, 10_00), exercice=2022)
    found = dire("prescription")
    assert [(x.gravite, x.montant, x.lignes) for x in found] == [
        ("grave", 60_00, 1),
        ("alerte", 60_00, 1),
        ("info", 60_00, 1),
    ]
    assert "prescrit depuis le 31/12/2024" in found[0].texte
    assert "31/12/2025" in found[1].texte
    assert found[1].filtre == Filtre(exercice=2022, avancements=("reste_a_payer",))


def test_planned_payments_past_and_unpaid(session: Session, dire: Dire) -> None:
    allouer(session, ("echeance", 2024, 50_00), ("paiement", 2024, 20_00), exercice=2024)
    allouer(session, ("echeance", 2024, 50_00), ("echeance", 2025, 9_00, "2025-06-29"), exercice=2024)
    allouer(session, ("echeance", 2025, 40_00, "2025-06-29"), ("paiement", 2025, 30_00))
    allouer(session, ("echeance", 2025, 40_00, "2025-06-30"), ("echeance", 2025, 5_00), ("echeance", 2026, 5_00))
    found = dire("echeance_impayee")
    assert [(x.filtre.exercice if x.filtre else 0, x.montant, x.lignes) for x in found] == [
        (2024, 89_00, 2),
        (2025, 10_00, 1),
    ]
    session.date = "2026-01-01"
    assert [(x.montant, x.lignes) for x in dire("echeance_impayee")] == [(89_00, 2), (55_00, 2)]


def test_lines_without_theme_gone_or_of_unknown_destinations(session: Session, dire: Dire) -> None:
    allouer(session, ("notification", 2025, 1_00), theme="")
    allouer(session, ("notification", 2025, 1_00), statut="disparue")
    with session.operation("Reconnaître une destination"):
        session.nomenclatures.add_destination(2025, "MI2-3-99", "Inconnue")
    allouer(session, ("notification", 2025, 1_00), destination="MI2-3-99")
    for rule in ("sans_theme", "ligne_disparue", "destination_inconnue"):
        assert [x.lignes for x in dire(rule)] == [1], rule


def test_the_gravest_come_first_then_the_largest(session: Session) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, engagement=2_000_00, paiement=5_000_00)
    fund(session, CANCER, engagement=600_00)
    found = alertes.liste(session, 2025)
    order = list(GRAVITES)
    assert [(order.index(x.gravite), -x.montant) for x in found] == sorted(
        (order.index(x.gravite), -x.montant) for x in found
    )


def test_warnings_never_prevent_saving(session: Session) -> None:
    vote(session, "BI")
    number = allouer(session, ("notification", 2025, 9_000_00), ("engagement", 2025, 5_00))
    before = session.allocations.get(number)
    assert before is not None
    allocations.change(session, replace(before, theme=""))
    fund(session, GERIATRIE, engagement=9_000_00, paiement=20_000_00)
    assert {x.regle for x in alertes.liste(session, 2025)} >= {"credits_depasses", "paye_au_dela", "sans_theme"}
    session.undo()
    assert "paye_au_dela" not in {x.regle for x in alertes.liste(session, 2025)}
    assert [c.nom for c in verify(session) if c.constats] == []


def test_the_workbook_has_a_row_an_alert(session: Session, tmp_path: Path) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, engagement=9_000_00)
    found = alertes.liste(session, 2025)
    alertes.exporter(tmp_path / "alertes.xlsx", found, 2025)
    rows = list(openpyxl.load_workbook(tmp_path / "alertes.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [r[2] for r in rows if r[1] == REGLES["credits_depasses"]] == [x.texte for x in found]
