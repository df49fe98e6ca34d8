"""Lines of a file that are the same in every column: twins where that was meant, more likely duplicates.

Never dropped silently: all are imported unless the user says that one is enough. Those that the base already holds as
many times are twins, and are not asked about again.
"""

from collections.abc import Iterable, Mapping, Sequence

from firdesk.domain.money import nombre
from firdesk.services.importing.appariement import Appariement
from firdesk.services.importing.plan import Question
from firdesk.services.importing.recognise import Reconnu

TOUTES, UNE = "toutes", "une"
REMEDE = "Ligne strictement identique à une autre, laissée de côté comme demandé."
_TOLD = 4


def chercher(table: Reconnu, numeros: Sequence[int], pairs: Appariement) -> list[list[int]]:
    """Groups of places of lines that are the same cell by cell, where the base does not hold them all.

    ``numeros`` gives the row of the sheet of each line.
    """
    doubtful = [group for group in pairs.jumelles if any(pairs.connues[i] is None for i in group)]
    if not doubtful:
        return []
    cells = _cells(table, {numeros[i] for group in doubtful for i in group})
    found = []
    for group in doubtful:
        same: dict[tuple[object, ...], list[int]] = {}
        for i in group:
            same.setdefault(cells[numeros[i]], []).append(i)
        found += [g for g in same.values() if len(g) > 1 and any(pairs.connues[i] is None for i in g)]
    return found


def a_ecarter(groups: Iterable[Sequence[int]], pairs: Appariement, decisions: Mapping[str, str]) -> frozenset[int]:
    """The lines to leave out where the user wants one of each: never one that the base holds."""
    if decisions.get("doublons", TOUTES) != UNE:
        return frozenset()
    left: set[int] = set()
    for group in groups:
        new = [i for i in group if pairs.connues[i] is None]
        left.update(new if len(new) < len(group) else new[1:])
    return frozenset(left)


def question(groups: Sequence[Sequence[int]], numeros: Sequence[int], decisions: Mapping[str, str]) -> Question | None:
    """What to ask about all of them."""
    if not groups:
        return None
    count = sum(map(len, groups))
    told = " ; ".join(", ".join(str(numeros[i] + 1) for i in group[:_TOLD]) for group in groups[:_TOLD])
    more = "…" if len(groups) > _TOLD or any(len(g) > _TOLD for g in groups) else ""
    detail = (
        f"Lignes {told}{more}. Identiques dans toutes les colonnes, EJ, notification et montants compris : "
        "des doublons, sans doute, ou plusieurs versements voulus."
    )
    choix = ((TOUTES, "Les importer toutes"), (UNE, "N'en importer qu'une" if len(groups) == 1 else "Une de chaque"))
    answer = decisions.get("doublons", TOUTES)
    return Question("doublons", f"{nombre(count)} lignes strictement identiques", detail, count, choix, TOUTES, answer)


def _cells(table: Reconnu, wanted: set[int]) -> dict[int, tuple[object, ...]]:
    """The cells of some rows, those that no field reads too; the sheet is read once, in order."""
    found = {}
    for number, row in enumerate(table.grid.rows, start=table.grid.first_row):
        if number in wanted:
            values: list[object] = list(row)
            while values and values[-1] in (None, ""):
                values.pop()
            found[number] = tuple(values)
    return found
