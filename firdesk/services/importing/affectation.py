"""The cheapest way to pair the rows of a table of costs with its columns (Kuhn and Munkres, by shortest paths)."""

from collections.abc import Sequence


def affecter(costs: Sequence[Sequence[int]]) -> list[int]:
    """For each row its column, no column twice, the sum of costs the least; rows must not outnumber columns.

    Costs are whole numbers of any size. O(rows² × columns).
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    by_row, by_column = [0] * (rows + 1), [0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least: list[int | None] = [None] * (columns + 1)
        came, done = [0] * (columns + 1), [False] * (columns + 1)
        while owner[column]:
            done[column] = True
            column = _step(costs, column, owner, (by_row, by_column), least, came, done)
        while column:
            owner[column] = owner[came[column]]
            column = came[column]
    found = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found


def _step(
    costs: Sequence[Sequence[int]],
    column: int,
    owner: Sequence[int],
    potentials: tuple[list[int], list[int]],
    least: list[int | None],
    came: list[int],
    done: Sequence[bool],
) -> int:
    """Move the potentials until one more column can be reached; that column."""
    by_row, by_column = potentials
    row, nearest, delta = owner[column], 0, None
    for other in range(1, len(by_column)):
        if done[other]:
            continue
        reduced = costs[row - 1][other - 1] - by_row[row] - by_column[other]
        known = least[other]
        if known is None or reduced < known:
            least[other] = known = reduced
            came[other] = column
        if delta is None or known < delta:
            delta, nearest = known, other
    shift = delta or 0
    for other in range(len(by_column)):
        if done[other]:
            by_row[owner[other]] += shift
            by_column[other] -= shift
        elif (known := least[other]) is not None:
            least[other] = known - shift
    return nearest
