"""A long sequence kept packed gives back what was put in, in any way of reading it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.sheets import packed
from firdesk.sheets.packed import Packed


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "BUNCH", 5)
    monkeypatch.setattr(packed, "OPEN", 12)


@pytest.mark.parametrize("count", [0, 1, 5, 12, 13, 25, 61])
def test_items_come_back_in_order(count: int) -> None:
    kept: Packed[tuple[int, str]] = Packed()
    for n in range(count):
        kept.append((n, f"ligne {n}"))
    assert len(kept) == count
    assert kept == [(n, f"ligne {n}") for n in range(count)]


@given(places=st.lists(st.integers(-61, 60), max_size=40))
def test_any_item_can_be_read_at_any_time(places: list[int]) -> None:
    kept: Packed[int] = Packed()
    for n in range(61):
        kept.append(n)
    assert [kept[p] for p in places] == [list(range(61))[p] for p in places]


def test_a_slice_is_a_list() -> None:
    kept: Packed[int] = Packed()
    for n in range(30):
        kept.append(n)
    assert kept[11:27:4] == [11, 15, 19, 23]


@pytest.mark.parametrize("count", [0, 5, 13, 33])
def test_successive_items_are_taken_from_their_bunches(count: int) -> None:
    kept: Packed[int] = Packed()
    for n in range(count):
        kept.append(n)
    whole = list(range(count))
    for start in range(-2, count + 2):
        for stop in range(-2, count + 2):
            assert kept[start:stop] == whole[start:stop]


def test_nothing_is_read_beyond_the_end() -> None:
    kept: Packed[int] = Packed()
    kept.append(1)
    with pytest.raises(IndexError):
        kept[1]


def test_bunches_may_bring_their_own_packing() -> None:
    kept: Packed[int] = Packed(json.loads)
    for start in range(0, 40, 8):
        items = list(range(start, start + 8))
        kept.extend(items, lambda items=items: json.dumps(items).encode())  # type: ignore[misc]
    assert kept == list(range(40))


def test_two_walks_side_by_side_see_the_same() -> None:
    kept: Packed[int] = Packed()
    for n in range(60):
        kept.append(n)
    assert all(a == b for a, b in zip(kept, kept, strict=True))


def test_a_bunch_does_not_slip_before_items_that_wait() -> None:
    kept: Packed[int] = Packed()
    kept.append(1)
    with pytest.raises(ValueError, match="wait"):
        kept.extend([2])
