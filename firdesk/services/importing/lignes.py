"""The rows of a recognised table: data told from totals, notes and blanks, then read column by column.

What is said of single cells goes to :class:`Constats`; what a line means is decided elsewhere.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from firdesk.services.importing import lecture
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.entetes import MOT_DE_TOTAL, TOTAL
from firdesk.services.importing.lecture import ALERTE, REJET, Cache, Lu, Valeur
from firdesk.services.importing.litiges import below
from firdesk.services.importing.profiles import CLE, Genre, fold
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.progress import Progress
from firdesk.sheets.cell import Value

STEP = 1000
_FIGURES = re.compile(r"\s*[-(−]?\s*\d")
#: Of two columns that may hold the same code, the second is looked at only where the first is empty.
_SECOND = {"mesure2": "mesure3", "code2": "code3"}
_ESSENTIAL = {*CLE, "exercice", "nom", "mesure3", "mesure2", "code3", "code2", "sg1"}


class Rangees(Protocol):
    """Rows with their sheet numbers, as often as one wants to walk through them."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[int, list[Value]]]: ...


class Donnees:
    """The rows of data with their numbers, taken from the sheet each time they are walked through."""

    def __init__(self, table: Reconnu) -> None:
        self._table = table
        self.numeros = array("l")

    def __len__(self) -> int:
        return len(self.numeros)

    def __iter__(self) -> Iterator[tuple[int, list[Value]]]:
        wanted = iter(self.numeros)
        following = next(wanted, None)
        for number, row in self._table.grid.numbered():
            if number == following:
                yield number, self._table.lue(number, row)
                following = next(wanted, None)


@dataclass(slots=True)
class Decoupe:
    """Rows by sheet number (0-based): data, totals (kept out, used as checks), hidden ones left out."""

    donnees: "Donnees"
    totaux: list[int] = field(default_factory=list)
    masquees: int = 0
    notes: list[str] = field(default_factory=list)


def split(table: Reconnu, progress: Progress) -> Decoupe:
    """Sort the rows below the header; nothing is left out without being counted in ``notes``."""
    grid = table.grid
    found = Decoupe(Donnees(table))
    numbers = found.donnees.numeros
    sorter = _Sorter(table)
    skipped = {"note": 0, "entete": 0, "autre": 0}
    away = False
    for done, (number, raw) in enumerate(below(grid, table.ligne_entete, table.fin)):
        if done % (10 * STEP) == 0:
            progress.check()
        row = table.lue(number, raw)
        away = away or number in table.autres
        kind = "donnee" if sorter.obvious(row) else sorter.kind(row)
        if away and kind != "vide":
            away = not sorter.whole(row)
            kind = "autre" if away else kind
        if kind == "donnee":
            numbers.append(number)
        elif kind == "total":
            found.totaux.append(number)
        elif kind in skipped:
            skipped[kind] += 1
    found.masquees = sum(1 for number in numbers if number in grid.hidden_rows) if grid.hidden_rows else 0
    told = {
        "note": "ligne(s) de note sous ou dans le tableau",
        "entete": "en-tête(s) répété(s)",
        "autre": f"ligne(s) d'un autre tableau à partir de la ligne {min(table.autres, default=0) + 1}",
    }
    for kind, text in told.items():
        if skipped[kind]:
            found.notes.append(f"{skipped[kind]} {text}, laissée(s) de côté.")
    if found.totaux:
        where = ", ".join(str(n + 1) for n in found.totaux[:5]) + ("…" if len(found.totaux) > 5 else "")
        found.notes.append(f"{len(found.totaux)} ligne(s) de total servant de contrôle (ligne {where}).")
    return found


class _Sorter:
    """Tells what a row is from which of its columns are filled."""

    def __init__(self, table: Reconnu) -> None:
        profil, positions = table.profil, table.positions
        self.year = positions.get(profil.identite[0])
        self.undated = self.year is None or not profil.champ(profil.identite[0]).requis
        self.identity = [positions[c] for c in profil.identite[1:] if c in positions]
        self.own = positions.get(profil.identite[1], -1)
        self.amounts = {positions[c.code] for c in profil.montants if c.code in positions}
        self.most = len(positions) // 2
        self.headers = [_texts(table, n) for n in {table.ligne_entete, table.premiere_entete or table.ligne_entete}]

    def obvious(self, row: list[Value]) -> bool:
        if self.year is None:
            return self._plain(row)
        if not self._dated(row):
            return False
        for i in self.identity:  # noqa: SIM110
            if _filled(row, i):
                return True
        return False

    def _plain(self, row: list[Value]) -> bool:
        """Where no column says the year: two things that name the line, an amount in figures, no word of a total."""
        if sum(1 for i in self.identity if _filled(row, i)) < 2:
            return False
        if any(isinstance(value, str) and MOT_DE_TOTAL.search(value) for value in row):
            return False
        for i in self.amounts:
            value = row[i] if i < len(row) else None
            if isinstance(value, int | float) or (isinstance(value, str) and _FIGURES.match(value)):
                return True
        return False

    def whole(self, row: list[Value]) -> bool:
        """Whether a row below another table is one of this one all the same."""
        filled = {i for i in range(len(row)) if _filled(row, i)}
        told = self.obvious(row) if self.year is not None else not filled.isdisjoint(self.identity)
        return told and len(filled) >= self.most

    def _dated(self, row: list[Value]) -> bool:
        value = row[self.year] if self.year is not None and self.year < len(row) else None
        return isinstance(value, int) or (isinstance(value, str) and value.strip(" \u00a0")[:4].isdigit())

    def _owned(self, filled: Sequence[int], named: Sequence[int]) -> bool:
        """Where lines may have no year, whether one has its own number: it may well be of « Total Énergies »."""
        return self.undated and self.own in filled and self.own not in named

    def kind(self, row: list[Value]) -> str:
        """``vide``, ``entete``, ``total``, ``note`` or ``donnee``."""
        filled = [i for i in range(len(row)) if _filled(row, i)]
        if not filled:
            return "vide"
        texts = {i: fold(v) for i in filled if isinstance(v := row[i], str)}
        for header in self.headers:
            if sum(1 for i, text in texts.items() if header.get(i) == text) >= min(3, len(header)):
                return "entete"
        amounts = self.amounts.intersection(filled)
        named = [i for i, t in texts.items() if TOTAL.fullmatch(t)]
        if named and not (self._dated(row) and self.own in filled) and not self._owned(filled, named):
            return "total"
        if amounts and len(amounts) == len(filled):
            return "total"
        few = not amounts and len(filled) <= 2
        if few and not (self._dated(row) and any(i in self.identity for i in filled[1:])):
            return "note"
        return "donnee"


def _texts(table: Reconnu, number: int) -> dict[int, str]:
    """The header texts of one row, folded, by index."""
    row = table.grid.rows[number - table.grid.first_row]
    return {i: fold(v) for i, v in enumerate(row) if isinstance(v, str) and v.strip()}


def _filled(row: list[Value], index: int) -> bool:
    value = row[index] if index < len(row) else None
    return value is not None and (not isinstance(value, str) or bool(value.strip(" \u00a0\u202f\t\r\n")))


def read(
    table: Reconnu,
    rows: Rangees,
    codes: Sequence[str],
    constats: Constats,
    progress: Progress,
) -> Iterator[tuple[int, list[Valeur], bool]]:
    """Each row as the values of ``codes`` (empty for an absent column), and whether it is rejected."""
    genres = {c.code: c.genre for c in table.profil.champs}
    last = max(table.positions.values()) + 1
    caches = {genre: Cache(reader) for genre, reader in {**lecture.READERS, **table.lecteurs}.items()}
    readers = [(caches[genres.get(c, Genre.TEXTE)], table.positions.get(c, last)) for c in codes]
    broken = _broken(table)
    for done, (number, row) in enumerate(rows):
        if done % STEP == 0:
            progress.check()
            progress.report(done, len(rows), "Lecture des lignes")
        cells = row[:last]
        cells += [None] * (last + 1 - len(cells))
        if True in cells or False in cells:  # or 1 or 0, which are left alone
            cells = [("VRAI" if c else "FAUX") if isinstance(c, bool) else c for c in cells]
        values: list[lecture.Lecture] = [cache[cells[i]] for cache, i in readers]
        if number in broken:
            _mark_broken(table, number, broken[number], codes, values)
        litige = table.litiges.get(number) if table.litiges else None
        if litige and litige.ouvert(constats.decisions):
            constats.rejeter(number, litige.champ, litige.attendu, litige.remede)
            if litige.acceptees and not constats.decisions.get(litige.question):
                constats.en_attente.add(table.adresse(number, litige.champ))
            if not litige.acceptees:  # its cells are not in their columns: nothing to say of them one by one
                yield number, [v.valeur if isinstance(v, Lu) else v for v in values], True
            else:
                yield number, _judge(number, codes, values, constats)[0], True
            continue
        if Lu in map(type, values):
            yield number, *_judge(number, codes, values, constats)
        else:
            yield number, values, False  # type: ignore[misc]


def _judge(
    number: int, codes: Sequence[str], values: Sequence[lecture.Lecture], constats: Constats
) -> tuple[list[Valeur], bool]:
    plain = list(values)
    rejected = repaired = False
    for i, value in enumerate(values):
        if not isinstance(value, Lu):
            continue
        code = codes[i]
        if code in _SECOND and values[codes.index(_SECOND[code])] is not None:
            plain[i] = None
            continue
        found = constats.juger(number, code, value)
        plain[i] = found.valeur
        repaired |= found.repare
        rejected |= found.rejete
    constats.reparees += repaired and not rejected
    return plain, rejected  # type: ignore[return-value]


def _broken(table: Reconnu) -> dict[int, dict[int, str]]:
    """Row → index of column → what is wrong, for cells in error and formulas without a result."""
    found: dict[int, dict[int, str]] = {}
    for row, column in table.grid.errors:
        found.setdefault(row, {})[column - table.grid.first_column] = "Corriger la formule en erreur"
    for row, column in table.grid.uncached:
        found.setdefault(row, {})[column - table.grid.first_column] = "Ouvrir dans Excel et enregistrer pour calculer"
    return found


def _mark_broken(
    table: Reconnu, number: int, wrong: dict[int, str], codes: Sequence[str], values: list[lecture.Lecture]
) -> None:
    for i, code in enumerate(codes):
        index = table.positions.get(code)
        if index is None or index not in wrong:
            continue
        champ = table.profil.champ(code)
        if champ.genre is Genre.MONTANT or code in _ESSENTIAL:
            what = "un montant" if champ.genre is Genre.MONTANT else "une valeur"
            values[i] = Lu(None, REJET, what, f"{wrong[index]}, puis importer à nouveau ; ou saisir la valeur ici.")
        else:
            values[i] = Lu("", ALERTE, "une valeur", f"{wrong[index]} ; laissé vide.")
