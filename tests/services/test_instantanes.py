"""SIBC snapshots once imported: dated, compared line by line, never added, every change undoable."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.budget import MESURES_EXECUTION
from firdesk.domain.execution import LigneExecution
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe
from firdesk.services import exporting, instantanes
from firdesk.services.importing import run
from firdesk.services.session import Session
from tests.services.importing.conftest import lire, modele, session  # noqa: F401
from tests.services.importing.fichiers import sibc, write_sibc
from tests.services.importing.paiements_fichiers import allouer, paiement, write_paiements

JUIN = [sibc(ae_ouvertes="100", ej_valides="50"), sibc("MI2-3-8"), sibc("MI2-3-9", enveloppe="Fonctionnement")]
DECEMBRE = [sibc(ae_ouvertes="120.5", ej_valides="90"), sibc("MI2-3-8"), sibc("MI2-3-10", cp_ouverts="")]


def importer(session: Session, path: Path, **choix: str) -> None:  # noqa: F811
    run.execute(session, run.plan(session, lire(path), run.Reglages(**choix)))  # type: ignore[arg-type]


@pytest.fixture
def deux(session: Session, tmp_path: Path) -> Session:  # noqa: F811
    """The situations of June and December 2025."""
    importer(session, write_sibc(tmp_path / "SIBC_20250630.csv", JUIN))
    importer(session, write_sibc(tmp_path / "SIBC_20251231.csv", DECEMBRE))
    return session


def test_the_lines_of_two_dates_are_side_by_side(deux: Session) -> None:
    found = instantanes.comparer(deux, 2025, "2025-06-30", "31/12/2025")
    assert [(x.destination, x.enveloppe, x.statut) for x in found.lignes] == [
        ("MI1-2-3", "Intervention", "modifiee"),
        ("MI2-3-8", "Intervention", "inchangee"),
        ("MI2-3-9", "Fonctionnement", "disparue"),
        ("MI2-3-10", "Intervention", "apparue"),
    ]
    first = found.lignes[0]
    assert (first.avant, first.apres) == ((100_00, 900_00, 50_00, 700_00), (120_50, 900_00, 90_00, 700_00))
    assert [first.ecart(i) for i in range(4)] == [20_50, 0, 40_00, 0]
    assert found.lignes[3].apres == (1000_00, None, 800_00, 700_00)
    assert [found.ecart(i) for i in range(4)] == [20_50, -900_00, 40_00, 0]


def test_missions_add_up_to_the_lines(deux: Session) -> None:
    found = instantanes.comparer(deux, 2025, "2025-06-30", "2025-12-31")
    assert [x.destination for x in found.missions] == ["1", "2"]
    for i in range(4):
        assert sum(x.ecart(i) for x in found.missions) == found.ecart(i)


def test_reversed_dates_give_opposite_gaps(deux: Session) -> None:
    found = instantanes.comparer(deux, 2025, "2025-12-31", "2025-06-30")
    assert found.ecart(0) == -20_50


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2025-06-30", "2025-07-31"), "au 31/07/2025"),
        (("2025-06-30", "30/06/2025"), "deux dates différentes"),
        (("hier", "2025-06-30"), "JJ/MM/AAAA"),
    ],
)
def test_a_date_without_a_snapshot_is_refused_with_those_there_are(
    deux: Session, dates: tuple[str, str], said: str
) -> None:
    with pytest.raises(Refus, match=said):
        instantanes.comparer(deux, 2025, *dates)


def test_screens_show_the_latest_with_its_date(deux: Session) -> None:
    latest, earlier = instantanes.liste(deux)
    assert (latest.date, latest.fichier, latest.lignes) == ("2025-12-31", "SIBC_20251231.csv", 3)
    assert earlier.ej_valides == 50_00 + 800_00 + 800_00
    assert deux.budgets.situations(2025)[0].ae_engagees == 90_00


def test_an_amount_says_its_cells_and_its_file(deux: Session) -> None:
    latest = instantanes.liste(deux)[0]
    told = instantanes.provenance(deux, latest.id, "MI2-3-8", "Intervention")
    assert told.startswith("SIBC_20251231.csv, EJ validés lus en L3 (autres montants sur la même ligne), importé le ")


def test_a_date_may_be_changed_and_given_back(deux: Session) -> None:
    latest = instantanes.liste(deux)[0]
    assert instantanes.redater(deux, latest.id, "30/11/2025").date == "2025-11-30"
    with pytest.raises(Refus, match="déjà au 30/06/2025"):
        instantanes.redater(deux, latest.id, "2025-06-30")
    deux.undo()
    assert instantanes.liste(deux)[0].date == "2025-12-31"


def test_the_same_file_knows_its_snapshot_by_the_date_it_was_given(deux: Session, tmp_path: Path) -> None:
    instantanes.redater(deux, instantanes.liste(deux)[0].id, "30/11/2025")
    plan = run.plan(deux, lire(tmp_path / "SIBC_20251231.csv"))
    assert (plan.inchangees, len(plan.nouvelles), plan.instantanes[0].date) == (3, 0, "2025-11-30")


def test_a_snapshot_may_be_deleted_and_given_back(deux: Session) -> None:
    instantanes.supprimer(deux, instantanes.liste(deux)[0].id)
    assert [x.date for x in instantanes.liste(deux)] == ["2025-06-30"]
    deux.undo()
    assert len(instantanes.liste(deux)) == 2
    assert instantanes.liste(deux)[0].lignes == 3


def test_a_file_without_a_date_asks_for_one_and_takes_today_by_default(
    session: Session,  # noqa: F811
    tmp_path: Path,
) -> None:
    book = lire(write_sibc(tmp_path / "SIBC.csv", JUIN))
    plan = run.plan(session, book)
    (question,) = plan.questions
    assert (question.bloquante, question.saisie, question.reponse) == (False, True, plan.instantanes[0].date)
    typed = run.plan(session, book, run.Reglages(decisions={question.id: "=30/06/2025"}))
    assert typed.instantanes[0].date == "2025-06-30"
    run.execute(session, typed)
    again = run.plan(session, book)
    assert (again.questions, again.inchangees) == ((), 3)


def test_a_date_given_wins_over_the_name(session: Session, tmp_path: Path) -> None:  # noqa: F811
    importer(session, write_sibc(tmp_path / "SIBC_20250630.csv", JUIN), date="15/05/2025")
    assert [x.date for x in instantanes.liste(session)] == ["2025-05-15"]


def test_a_comparison_is_exported_with_its_sums(deux: Session, tmp_path: Path) -> None:
    path = tmp_path / "ecarts.xlsx"
    exporting.export_situations(path, instantanes.comparer(deux, 2025, "2025-06-30", "2025-12-31"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Par destination", "Par mission"]
    last = [c.value for c in list(book["Par destination"].rows)[-1]]
    assert (last[0], last[4:7]) == ("Total", [1000 + 1000 + 100, 120.5 + 2000, 20.5])


AMOUNT = st.one_of(st.none(), st.integers(-(10**9), 10**9))
LINES = st.dictionaries(
    st.tuples(st.sampled_from(["MI1-2-3", "MI2-3-8", "BA-PAIA", "XX"]), st.sampled_from(["", "PREVENTION", "Autre"])),
    st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(avant=LINES, apres=LINES)
def test_totals_are_the_sums_of_the_lines_and_of_the_snapshots(
    session: Session,  # noqa: F811
    avant: dict[tuple[str, str], tuple[int | None, ...]],
    apres: dict[tuple[str, str], tuple[int | None, ...]],
) -> None:
    for day, lines in (("2025-01-31", avant), ("2025-02-28", apres)):
        with session.operation("Importer", nature="import"):
            number = session.budgets.add_instantane(2025, day, None)
            session.budgets.add_lignes_execution(
                number,
                [LigneExecution(code, "", where, *amounts) for (code, where), amounts in lines.items()],  # type: ignore[arg-type]
            )
    found = instantanes.comparer(session, 2025, "2025-01-31", "2025-02-28")
    for i, (name, _) in enumerate(MESURES_EXECUTION):
        assert found.total(i, apres=False) == getattr(found.avant, name)
        assert found.total(i, apres=True) == getattr(found.apres, name)
        assert found.ecart(i) == sum(x.ecart(i) for x in found.missions)
    told = json.loads(json.dumps(instantanes.comparaison_json(found)))
    assert sum(x["ej_valides_ecart_centimes"] for x in told["lignes"]) == told["total"]["ej_valides_ecart_centimes"]
    session.undo()
    session.undo()


def test_mouvements_count_only_in_the_years_without_a_snapshot(session: Session, tmp_path: Path) -> None:  # noqa: F811
    numbers = allouer(session, ("E2025000001_01", 1000_00), ("E2025000002_01", 500_00))
    importer(session, write_sibc(tmp_path / "SIBC_20251231.csv", [sibc("MI2-3-8", decaissements="700")]))
    rows = [paiement(montant=50), paiement("E2025000002_01", 30, jour=date(2026, 2, 1))]
    importer(session, write_paiements(tmp_path / "p.xlsx", rows))
    years = session.syntheses.par((Axe.EXERCICE,))
    assert {x.cle[0]: x.cp_paye for x in years.lignes} == {"2025": 700_00, "2026": 30_00}
    assert (years.source, years.source_date) == ("mixte", "2025-12-31")
    only = session.syntheses.par((Axe.MISSION,), 2025)
    assert (only.source, only.total.cp_paye) == ("sibc", 700_00)
    themes = session.syntheses.par((Axe.OPERATEUR,), 2025)
    assert (themes.source, themes.total.cp_paye) == ("mouvements", 50_00)
    assert [session.allocations.somme_ids([n]).paye for n in numbers] == [50_00, 30_00]
