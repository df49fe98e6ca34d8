"""New lines kept without their sources give them back, whether these were kept as they were read or changed."""

import pytest

from firdesk.services.importing.plan import LigneLue, PlannedLine
from firdesk.services.importing.prevues import Prevues
from firdesk.sheets import packed
from firdesk.sheets.packed import of_tuples


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "BUNCH", 5)
    monkeypatch.setattr(packed, "OPEN", 12)


def _lue(number: int) -> LigneLue:
    plain = LigneLue(number, 2025, *[""] * 4, None, None, *[""] * 22, *[None] * 6)  # type: ignore[arg-type, call-arg]
    return plain._replace(nom=f"Opérateur {number}", notifie=number * 100)


@pytest.mark.parametrize("count", [0, 4, 12, 13, 64])
@pytest.mark.parametrize("left_out", [set(), {3, 14, 15, 40}, set(range(13, 27))])
@pytest.mark.parametrize("changed", [set(), {1, 16, 42}, set(range(20, 36))])
def test_each_line_keeps_its_source(count: int, left_out: set[int], changed: set[int]) -> None:
    lues = of_tuples(LigneLue._make)
    expected, kept = [], Prevues(lues)
    for number in range(count):
        lues.append(_lue(number))
    for place, read in enumerate(lues):
        if place in left_out:
            continue
        source = read._replace(nom="changé") if place in changed else read
        line = PlannedLine(place + 1, "", source.nom, "MI1", "Objet", 100, 2025, f"clé {place}", source=source)
        expected.append(line)
        kept.ajouter(line, None if place in changed else place)
    assert kept == expected
    assert [kept[i] for i in reversed(range(len(kept)))] == expected[::-1]
    assert kept[7:33] == expected[7:33]
