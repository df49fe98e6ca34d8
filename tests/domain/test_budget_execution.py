"""Opened against consumed: each amount has one place, sums are sums of lines."""

from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.budget import LigneBudget
from firdesk.domain.budget_execution import Consomme, Etalon, Execution, LigneExecutee, executer, missions
from tests.domain.test_budget_versions import CLES, LIGNES, UNHURRIED

AMOUNT = st.integers(0, 10**12)
CONSOMMES = st.dictionaries(CLES, st.builds(Consomme, AMOUNT, AMOUNT, AMOUNT), max_size=8)
NAMES = ("ae", "cp", "notifie", "engage", "paye")


def executed(lines: tuple[LigneExecutee, ...]) -> Execution:
    return Execution(2025, Etalon("version", 2025, "BI"), "sibc", "2025-12-31", lines)


@UNHURRIED
@given(LIGNES, CONSOMMES, CONSOMMES)
def test_no_amount_is_lost_nor_counted_twice_at_any_grain(
    opened: list[LigneBudget], sibc: dict[tuple[str, str], Consomme], allocated: dict[tuple[str, str], Consomme]
) -> None:
    found = executed(executer(opened, sibc, allocated))
    expected = {
        "ae": sum(x.ae for x in opened),
        "cp": sum(x.cp for x in opened),
        **{n: sum(getattr(x, n) for d in (sibc, allocated) for x in d.values()) for n in NAMES[2:]},
    }
    grains = (found.lignes, found.destinations, [m for m, _ in missions(found.lignes)], [found.total])
    for lines in grains:
        assert {n: sum(getattr(x, n) for x in lines) for n in NAMES} == expected
    assert len({x.destination for x in found.destinations}) == len(found.destinations)


def test_what_is_notified_goes_to_the_only_line_of_its_destination() -> None:
    opened = [LigneBudget("MI2-3-8", "Intervention", 10, 10)]
    (line,) = executer(opened, {}, {("MI2-3-8", "SANITAIRE"): Consomme(notifie=7)})
    assert (line.enveloppe, line.notifie) == ("Intervention", 7)


def test_what_could_be_on_two_lines_is_on_none_of_them() -> None:
    opened = [LigneBudget("MI2-3-8", "Intervention", 10, 10), LigneBudget("MI2-3-8", "Fonctionnement", 1, 1)]
    lines = executer(opened, {}, {("MI2-3-8", "SANITAIRE"): Consomme(notifie=7)})
    assert [(x.enveloppe, x.notifie) for x in lines] == [("", 7), ("Fonctionnement", 0), ("Intervention", 0)]


def test_what_is_notified_keeps_the_enveloppe_that_the_budget_opens() -> None:
    opened = [LigneBudget("MI2-3-8", "SANITAIRE", 10, 10), LigneBudget("MI2-3-8", "PREVENTION", 1, 1)]
    lines = executer(opened, {}, {("MI2-3-8", "SANITAIRE"): Consomme(notifie=7)})
    assert {x.enveloppe: x.notifie for x in lines} == {"SANITAIRE": 7, "PREVENTION": 0}


def test_an_overrun_of_either_credits_is_an_overrun() -> None:
    assert LigneExecutee("MI2-3-8", "", "2", ae=10, cp=10, engage=11).depasse
    assert LigneExecutee("MI2-3-8", "", "2", ae=10, cp=10, paye=11).depasse
    assert not LigneExecutee("MI2-3-8", "", "2", ae=10, cp=10, engage=10, paye=10).depasse


def test_without_credits_there_is_no_rate() -> None:
    line = LigneExecutee("MI2-3-8", "", "2", engage=5)
    assert (line.taux_ae, line.taux_cp, line.disponible_ae) == (None, None, -5)
