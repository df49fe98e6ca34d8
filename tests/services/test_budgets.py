"""Versions of the budget: made, typed in, moved between lines, compared, undone; totals never drift."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from firdesk.domain.budget import LigneBudget, VersionBudget, Virement
from firdesk.domain.budget_execution import missions
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import alertes, budget_execution, budgets
from firdesk.services.session import Session
from tests.services.budget_bases import CANCER, GERIATRIE, INVEST, LIGNES, fund, open_small, snapshot, virement, vote


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_small(tmp_path / "budget.firdesk") as opened:
        yield opened


def opened(session: Session, code: str = "BI") -> dict[str, tuple[int, int]]:
    found = budgets.version(session, 2025, code)
    return {x.destination: (x.ae, x.cp) for x in session.budgets.lignes_virees(found.id or 0)}


def test_versions_are_proposed_in_the_order_they_are_voted(session: Session) -> None:
    proposed = []
    for _ in range(3):
        draft = budgets.proposee(session, 2025)
        proposed.append(draft.code)
        budgets.creer(session, draft)
    assert proposed == ["BI", "BR1", "BR2"]


def test_two_versions_of_an_exercice_have_two_codes(session: Session) -> None:
    vote(session, "BI")
    with pytest.raises(Invalide, match="déjà une version bi"):
        vote(session, "bi")


def test_a_version_starts_from_what_sibc_opens(session: Session) -> None:
    snapshot(session, MI2_3_8=(700_00, 600_00, 1, 1), MI1_2_9=(None, None, 5, 5))
    assert budgets.lignes_sibc(session, 2025) == (LigneBudget(GERIATRIE, "Intervention", 700_00, 600_00),)


def test_a_cell_typed_changes_one_amount_and_is_undone(session: Session) -> None:
    version = vote(session, "BI")
    budgets.ecrire_cellule(session, version, LIGNES[0].cle, "ae", "1 234,50")
    assert opened(session)[GERIATRIE] == (1_234_50, 900_00)
    session.undo()
    assert opened(session)[GERIATRIE] == (1_000_00, 900_00)


@pytest.mark.parametrize(
    ("text", "told"), [("1.234", "peut se lire"), ("abc", "n'est pas un montant"), ("", "écrire 0")]
)
def test_a_text_that_is_no_single_amount_is_not_written(session: Session, text: str, told: str) -> None:
    version = vote(session, "BI")
    with pytest.raises(Invalide, match=told):
        budgets.ecrire_cellule(session, version, LIGNES[0].cle, "ae", text)
    assert opened(session)[GERIATRIE] == (1_000_00, 900_00)


def test_a_virement_moves_credits_and_leaves_the_total(session: Session) -> None:
    version = vote(session, "BI")
    budgets.virer(session, version, virement(version, ae=100_00, cp=50_00))
    assert opened(session) == {CANCER: (600_00, 450_00), GERIATRIE: (900_00, 850_00), INVEST: (3_000_00, 3_000_00)}
    assert budgets.version(session, 2025, "BI").ae == sum(ae for ae, _ in opened(session).values())


def test_a_virement_taken_back_gives_the_credits_back(session: Session) -> None:
    version = vote(session, "BI")
    number = budgets.virer(session, version, virement(version))
    budgets.annuler_virement(session, version, number)
    assert opened(session)[GERIATRIE] == (1_000_00, 900_00)


def test_a_virement_without_reason_is_refused(session: Session) -> None:
    version = vote(session, "BI")
    with pytest.raises(Invalide, match="motif"):
        budgets.virer(session, version, Virement(version.id or 0, GERIATRIE, "Intervention", CANCER, "", 5, 0, ""))


def test_a_virement_below_zero_is_a_warning_and_is_made(session: Session) -> None:
    version = vote(session, "BI")
    draft = virement(version, ae=1_100_00)
    (problem,) = budgets.problems_virement(session, draft)
    assert (problem.field, problem.blocking) == ("ae", False)
    budgets.virer(session, version, draft)
    assert opened(session)[GERIATRIE][0] == -100_00
    assert budgets.alertes(session, version)[0].startswith(f"{GERIATRIE} · Intervention : AE −100")


def test_the_last_version_with_its_virements_is_what_missions_are_judged_against(session: Session) -> None:
    vote(session, "BI")
    version = vote(session, "BR1")
    budgets.virer(session, version, virement(version, ae=400_00))
    found = {x.cle: x.ae_ouvertes for x in session.budgets.situations(2025)}
    assert found == {"1": 900_00, "2": 600_00, "4": 3_000_00}


def test_what_deserves_a_look_knows_of_virements(session: Session) -> None:
    version = vote(session, "BI")
    snapshot(session, MI2_3_8=(None, None, 950_00, 0))
    assert not [x for x in alertes.liste(session, 2025) if "engagé " in x.texte]
    budgets.virer(session, version, virement(version))
    found = [x for x in alertes.liste(session, 2025) if "engagé " in x.texte]
    assert [x.texte.split()[0] for x in found] == ["Mission", "MI2-3-8"]


def test_without_a_snapshot_mouvements_say_what_was_engaged(session: Session) -> None:
    vote(session, "BI")
    fund(session, GERIATRIE, engagement=70_00, paiement=30_00)
    found = {x.cle: (x.ae_engagees, x.cp_payes) for x in session.budgets.situations(2025)}
    assert found["2"] == (70_00, 30_00)


def test_moving_a_version_changes_the_yardstick(session: Session) -> None:
    vote(session, "BR1")
    late = vote(session, "BI")
    budgets.deplacer(session, 2025, late.id or 0, -1)
    assert [x.code for x in session.budgets.versions(2025)] == ["BI", "BR1"]
    session.undo()
    assert [x.code for x in session.budgets.versions(2025)] == ["BR1", "BI"]


def test_a_version_deleted_comes_back_with_its_lines_and_virements(session: Session) -> None:
    version = vote(session, "BI")
    budgets.virer(session, version, virement(version))
    before = opened(session)
    budgets.supprimer(session, 2025, version.id or 0)
    assert session.budgets.versions(2025) == []
    session.undo()
    assert opened(session) == before


def test_a_version_of_a_closed_exercice_is_left_alone(session: Session) -> None:
    version = vote(session, "BI")
    with session.operation("Clore 2025"):
        session.base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2025")
    with pytest.raises(Refus, match="clos"):
        budgets.virer(session, version, virement(version))
    with pytest.raises(Refus, match="clos"):
        budgets.ecrire_cellule(session, version, LIGNES[0].cle, "ae", "5")


def test_two_versions_side_by_side_count_virements(session: Session) -> None:
    first = vote(session, "BI")
    second = vote(session, "BR1")
    budgets.virer(session, second, virement(second, ae=100_00))
    found = budgets.comparaison(session, first, second)
    assert {x.destination: x.ecart(0) for x in found.lignes} == {CANCER: 100_00, GERIATRIE: -100_00, INVEST: 0}
    assert (found.total.ecart(0), found.total.ecart(1)) == (0, 0)
    with pytest.raises(Refus, match="deux versions différentes"):
        budgets.comparaison(session, first, first)


def test_an_unknown_version_is_refused_with_those_there_are(session: Session) -> None:
    vote(session, "BI")
    with pytest.raises(Refus, match="il y a BI"):
        budgets.version(session, 2025, "BR9")


_cle = st.sampled_from([x.cle for x in LIGNES])
_cents = st.integers(0, 10**7)


class BudgetMachine(RuleBasedStateMachine):
    """Whatever is done, undone and redone, what is opened is what was voted, at every grain."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="firdesk-"))
        self.session = Session.open(Path(shutil.copy(self.template, self.folder / "essai.firdesk")))
        self.session.base.conn.execute("PRAGMA synchronous = OFF")  # power cuts are another test's matter
        self.voted = self._opened()

    def _opened(self) -> dict[int, tuple[int, int]]:
        return {x.id or 0: (x.ae, x.cp) for x in self.session.budgets.versions(2025)}

    @rule()
    def copy_the_last(self) -> None:
        versions = self.session.budgets.versions(2025)
        if len(versions) < 4:
            lines = self.session.budgets.lignes_virees(versions[-1].id or 0) if versions else LIGNES
            budgets.creer(self.session, budgets.proposee(self.session, 2025), lines)
        self.voted = self._opened()

    @rule(de=_cle, vers=_cle, ae=_cents, cp=_cents, place=st.integers(0, 3))
    def move_credits(self, de: tuple[str, str], vers: tuple[str, str], ae: int, cp: int, place: int) -> None:
        versions = self.session.budgets.versions(2025)
        if not versions or de == vers or not (ae or cp):
            return
        version = versions[place % len(versions)]
        budgets.virer(self.session, version, Virement(version.id or 0, *de, *vers, ae, cp, "motif"))
        assert self._opened() == self.voted, "a virement changed a total"

    @rule(cle=_cle, cents=_cents, place=st.integers(0, 3))
    def type_an_amount(self, cle: tuple[str, str], cents: int, place: int) -> None:
        versions = self.session.budgets.versions(2025)
        if versions:
            budgets.ecrire_cellule(self.session, versions[place % len(versions)], cle, "ae", str(cents))
            self.voted = self._opened()

    @rule()
    def undo(self) -> None:
        if self.session.operations.next_undo() is not None:
            self.session.undo()
            self.voted = self._opened()

    @rule()
    def redo(self) -> None:
        if self.session.operations.next_redo() is not None:
            self.session.redo()
            self.voted = self._opened()

    @invariant()
    def every_grain_adds_up_to_what_was_voted(self) -> None:
        for x in self.session.budgets.versions(2025):
            lines = self.session.budgets.lignes_virees(x.id or 0)
            assert (sum(y.ae for y in lines), sum(y.cp for y in lines)) == (x.ae, x.cp)
        last = self.session.budgets.etalon(2025)
        found = budget_execution.execution(self.session, 2025)
        for grain in (found.lignes, found.destinations, [m for m, _ in missions(found.lignes)]):
            assert sum(y.ae for y in grain) == (last.ae if last is not None else found.total.ae)
        if last is not None:
            assert sum(y.ae_ouvertes for y in self.session.budgets.situations(2025)) == last.ae
            assert sum(y.cp_ouverts for y in self.session.budgets.situations(2025)) == last.cp

    def teardown(self) -> None:
        self.session.close()
        shutil.rmtree(self.folder)


def test_totals_follow_any_sequence_of_versions_virements_undo_and_redo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "modele.firdesk"
    with open_small(path) as session:
        vote(session, "BI")
    monkeypatch.setattr(BudgetMachine, "template", path, raising=False)
    health = [HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=health)
    run_state_machine_as_test(BudgetMachine, settings=chosen)


def test_a_version_renamed_keeps_its_lines_and_its_place(session: Session) -> None:
    version = vote(session, "BI")
    vote(session, "BR1")
    draft = VersionBudget(2025, "BP", 9, "Budget primitif", "2024-12-12", version.id)
    budgets.modifier(session, draft)
    assert next((x.code, x.date, x.ae) for x in session.budgets.versions(2025)) == ("BP", "2024-12-12", 4_500_00)
