"""The demonstration base holds the published figures to the euro, in every cut, and passes every check."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.problem import Annulation, Refus
from firdesk.domain.synthese import Axe
from firdesk.services import demonstration, verification
from firdesk.services import session as sessions
from firdesk.services.demonstration import execution, fichiers
from firdesk.services.importing import run
from firdesk.services.session import Session
from firdesk.store.nomenclatures import reference

TOTAL = 526_874_764_00
PUBLISHED = {r["code"]: int(r["montant_2025_eur"]) * 100 for r in reference("themes")}


@pytest.fixture
def session(base_demo: Path) -> Iterator[Session]:
    with Session.open(base_demo) as opened:
        yield opened


def test_themes_are_the_published_ones_to_the_euro(session: Session) -> None:
    found = session.syntheses.par((Axe.THEME,), 2025)
    assert {line.cle[0]: line.notifie for line in found.lignes} == PUBLISHED
    assert len(found.lignes) == 26
    assert found.total.notifie == TOTAL


@pytest.mark.parametrize("axe", list(Axe))
def test_every_cut_adds_up_to_the_same_total(session: Session, axe: Axe) -> None:
    assert session.syntheses.par((axe,), 2025).total.notifie == TOTAL
    assert session.syntheses.par((axe,), 2024).total.notifie == 498_214_306_00


def test_themes_paid_what_the_report_says(session: Session) -> None:
    found = session.syntheses.par((Axe.THEME,), 2025)
    assert {line.cle[0]: line.cp_paye for line in found.lignes} == PUBLISHED


def test_balances_of_2024_are_paid_in_2025_and_as_much_is_left_to_2026(session: Session) -> None:
    paid = session.paiements.totaux()
    assert paid[2025] == TOTAL
    assert 0 < 498_214_306_00 - paid[2024] < 20_000_000_00


def test_departements_round_to_the_published_millions(session: Session) -> None:
    lines = session.syntheses.par((Axe.DEPARTEMENT,), 2025).lignes
    found = {line.cle[0]: (line.notifie + 50_000_000) // 100_000_000 for line in lines}
    assert found == {"02": 53, "59": 260, "60": 48, "62": 95, "80": 71}


def test_missions_are_plausible(session: Session) -> None:
    lines = session.syntheses.par((Axe.MISSION,), 2025).lignes
    assert [line.cle[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert all(line.notifie > 90_000_000_00 for line in lines[:4])


@pytest.mark.parametrize("exercice", [2024, 2025])
def test_what_was_allocated_was_paid_on_each_destination(session: Session, exercice: int) -> None:
    for line in session.syntheses.par((Axe.DESTINATION,), exercice).lignes:
        assert line.notifie == line.cp_paye, line.cle


def test_rates_against_the_last_budget_are_the_published_ones(session: Session) -> None:
    rows = session.budgets.situations(2025)
    ae, cp = sum(r.ae_ouvertes for r in rows), sum(r.cp_ouverts for r in rows)
    engaged, paid = sum(r.ae_engagees for r in rows), sum(r.cp_payes for r in rows)
    assert (engaged, paid) == (526_971_763_00, TOTAL)
    assert (round(1000 * engaged / ae), round(1000 * paid / cp)) == (999, 998)


def test_budget_versions_end_with_what_was_opened(session: Session) -> None:
    for exercice, codes in ((2025, ["BI", "BR1", "BR2", "BR3"]), (2024, ["BI", "BR1", "BR2"])):
        versions = session.budgets.versions(exercice)
        assert [v.code for v in versions] == codes
        assert (versions[-1].ae, versions[-1].cp) == execution.TOTAUX[exercice][:2]
        assert [v.ae for v in versions] == sorted(v.ae for v in versions)
        snapshot = session.budgets.instantanes(exercice)[0]
        assert snapshot.date == f"{exercice}-12-31"


def test_overruns_are_as_frequent_as_in_real_files(session: Session) -> None:
    snapshot = session.budgets.instantanes(2025)[0].id
    lines = [x for _, x in session.budgets.lignes_execution(snapshot).values() if x.decaissements]
    assert 0.04 < sum((x.ej_valides or 0) > (x.ae_ouvertes or 0) for x in lines) / len(lines) < 0.09
    assert 0.05 < sum((x.decaissements or 0) > (x.cp_ouverts or 0) for x in lines) / len(lines) < 0.10
    assert 0.08 < sum((x.decaissements or 0) > (x.ej_valides or 0) for x in lines) / len(lines) < 0.14


def test_operators_are_fictitious_and_numerous(session: Session) -> None:
    operators = session.operateurs.all()
    assert 580 <= len(operators) <= 640
    assert [o.nom for o in operators if not o.nom.endswith("(fictif)")] == []
    assert len({o.nom for o in operators}) == len(operators)
    assert Counter(o.departement for o in operators).keys() == {"02", "59", "60", "62", "80"}
    assert {o.siren[:4] for o in operators if o.siren} == {"2100"}


def test_files_are_imported_whole(session: Session) -> None:
    lots = session.imports.lots()
    assert {lot.fichier for lot in lots} == set(fichiers.NOMS)
    assert all(lot.rejetees == lot.modifiees == lot.disparues == 0 for lot in lots)
    assert [c for lot in lots for c in session.imports.constats(lot.id or 0) if c.genre == "rejet"] == []
    assert session.budgets.instantanes(2025)[0].decaissements == TOTAL


def test_checks_find_nothing(session: Session) -> None:
    assert [(c.nom, c.constats) for c in verification.verify(session) if c.constats] == []


def test_importing_the_same_files_again_changes_nothing(session: Session, fichiers_demo: Path) -> None:
    for name in fichiers.NOMS:
        plan = run.plan(session, run.scan(fichiers_demo / name))
        assert (plan.nouvelles, plan.modifiees, plan.disparues, plan.rejetees) == ((), (), (), 0), name
        assert plan.inchangees > 100


def test_the_base_says_that_it_is_a_demonstration(session: Session, tmp_path: Path) -> None:
    assert session.demonstration
    sessions.create(tmp_path / "vide.firdesk", (2025,))
    with Session.open(tmp_path / "vide.firdesk") as other:
        assert not other.demonstration


def test_history_is_not_empty_and_can_be_undone(session: Session) -> None:
    operations = session.operations.recent(limit=1_000)
    assert [o.nature for o in operations].count("import") == 6
    assert sum(o.nature == "saisie" for o in operations) > 10
    while (target := session.operations.next_undo()) is not None:
        session.revert(target.id)
    assert session.allocations.count() == 0


def test_an_existing_file_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "ma-base.firdesk"
    path.write_bytes(b"precious")
    with pytest.raises(Refus):
        demonstration.build(path)
    assert path.read_bytes() == b"precious"


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    class Impatient:
        told = 0

        def report(self, done: int, total: int | None, text: str) -> None:
            self.told = done

        def check(self) -> None:
            if self.told > 10:
                raise Annulation

    with pytest.raises(Annulation):
        demonstration.build(tmp_path / "demo.firdesk", Impatient())
    assert list(tmp_path.iterdir()) == []


def test_some_facts_were_typed(session: Session) -> None:
    by_caractere = {line.cle[0] for line in session.syntheses.par((Axe.CARACTERE,), 2025).lignes}
    assert by_caractere == {"perenne", "non_reconductible", "inconnu"}
    (number,) = session.allocations.ids(Filtre(exercice=2025, destinations=("MI2-3-31",)))
    unknown = session.allocations.get(number)
    assert unknown is not None
    assert (unknown.theme, unknown.theme_choisi) == ("JEUNES", True)
