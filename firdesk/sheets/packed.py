"""A long sequence kept small: its first items as they are, the others packed and unpacked a bunch at a time.

Made to be walked through in order; an item taken at random unpacks its whole bunch. Knows nothing of the items.
"""

import pickle
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")

#: How many items make a bunch, and how many stay as they are (a usual file pays nothing).
BUNCH = 500
OPEN = 10_000
#: Unpacked bunches kept at hand: two walks side by side unpack each bunch once.
_AT_HAND = 3


class Bunch(Sequence[list[Any]]):
    """Some rows kept as columns of ``height`` values; a row is made when it is asked for, cut after its last value."""

    __slots__ = ("columns", "height")

    def __init__(self, height: int, columns: Sequence[Sequence[Any]]) -> None:
        self.height = height
        self.columns = columns

    def __len__(self) -> int:
        return self.height

    def __iter__(self) -> Iterator[list[Any]]:
        if not self.columns:
            return iter([[] for _ in range(self.height)])
        return map(_cut, zip(*self.columns, strict=True))

    @overload
    def __getitem__(self, index: int) -> list[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[Any]]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        return _cut([column[index] for column in self.columns])


def _cut(values: Sequence[Any]) -> list[Any]:
    row = list(values)
    while row and row[-1] is None:
        row.pop()
    return row


def in_bunches(rows: Sequence[list[Any]]) -> Iterator[Bunch]:
    """Rows as columns, as they were brought where they came so."""
    brought = rows.bunches() if isinstance(rows, Packed) else (rows[i : i + BUNCH] for i in range(0, len(rows), BUNCH))
    for bunch in brought:
        yield bunch if isinstance(bunch, Bunch) else Bunch(len(bunch), list(zip_longest(*bunch)))


class Packed(Sequence[T], Generic[T]):
    """Items of one kind; :meth:`append` one by one or :meth:`extend` by bunches, then read only. ``level`` is how much
    they are compressed: not at all (0) where they do not last.

    Equal to any list or tuple of equal items.
    """

    def __init__(
        self,
        unpack: Callable[[bytes], Sequence[T]] = pickle.loads,
        pack: Callable[[Sequence[T]], bytes] = pickle.dumps,
        *,
        level: int = 1,
    ) -> None:
        self._unpack, self._pack, self._level = unpack, pack, level
        self._bunches: list[Sequence[T] | bytes] = []
        self._starts: list[int] = []
        self._count = 0
        self._last: list[T] = []
        self._at_hand: dict[int, Sequence[T]] = {}

    def append(self, item: T) -> None:
        self._last.append(item)
        if len(self._last) == BUNCH:
            bunch, self._last = self._last, []
            self.extend(bunch)

    def extend(self, items: Sequence[T], packed: Callable[[], bytes] | None = None) -> None:
        """Add a bunch; ``packed`` gives what ``unpack`` reads where it is known already. Not to be mixed with
        items appended since the last bunch.
        """
        if self._last:
            raise ValueError("items appended wait for their bunch")
        self._starts.append(self._count)
        kept: Sequence[T] | bytes = items
        if self._count + len(items) > OPEN:
            kept = zlib.compress(packed() if packed else self._pack(items), self._level)
        self._bunches.append(kept)
        self._count += len(items)

    def bunches(self) -> Iterator[Sequence[T]]:
        """All items in order, as they were brought."""
        yield from map(self._bunch, range(len(self._bunches)))
        if self._last:
            yield self._last

    def __len__(self) -> int:
        return self._count + len(self._last)

    def __iter__(self) -> Iterator[T]:
        for bunch in self.bunches():
            yield from bunch

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, list | tuple | Packed):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            return self._between(start, stop) if step == 1 else [self[i] for i in range(start, stop, step)]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        if place >= self._count:
            return self._last[place - self._count]
        number = bisect_right(self._starts, place) - 1
        return self._bunch(number)[place - self._starts[number]]

    def _between(self, start: int, stop: int) -> list[T]:
        found: list[T] = []
        while start < min(stop, self._count):
            number = bisect_right(self._starts, start) - 1
            before = self._starts[number]
            some = self._bunch(number)[start - before : stop - before]
            found += some
            start += len(some)
        if start < stop:
            found += self._last[start - self._count : stop - self._count]
        return found

    def _bunch(self, number: int) -> Sequence[T]:
        kept = self._bunches[number]
        if not isinstance(kept, bytes):
            return kept
        found = self._at_hand.get(number)
        if found is None:
            if len(self._at_hand) >= _AT_HAND:
                del self._at_hand[next(iter(self._at_hand))]
            found = self._at_hand[number] = self._unpack(zlib.decompress(kept))
        return found


def of_tuples(make: Callable[[Iterable[Any]], T], *, level: int = 1) -> Packed[T]:
    """Named tuples, packed field by field: much less to write and to read than one object after the other."""
    return Packed(
        lambda data: list(map(make, zip(*pickle.loads(data), strict=True))),  # noqa: S301
        lambda items: pickle.dumps(tuple(zip(*items, strict=True))),
        level=level,
    )
