"""The rows of a recognised table: data told from totals, notes and blanks, then read column by column.

What is said of single cells goes to :class:`Constats`; what a line means is decided elsewhere.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Protocol

from firdesk.services.importing import lecture
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.entetes import MOT_DE_TOTAL, TOTAL
from firdesk.services.importing.lecture import ALERTE, REJET, Cache, Lu, Valeur
from firdesk.services.importing.profiles import CLE, Genre, fold
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.progress import Progress
from firdesk.sheets.cell import Value
from firdesk.sheets.packed import BUNCH

STEP = 1000
_FIGURES = re.compile(r"\s*[-(−]?\s*\d")
#: Of two columns that may hold the same code, the second is looked at only where the first is empty.
_SECOND = {"mesure2": "mesure3", "code2": "code3"}
_ESSENTIAL = {*CLE, "exercice", "nom", "mesure3", "mesure2", "code3", "code2", "sg1"}


class Rangees(Protocol):
    """Rows with their sheet numbers, as often as one wants to walk through them."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[int, list[Value]]]: ...


#: Some rows that follow each other: their sheet numbers, and their columns, of the same height.
Paquet = tuple[Sequence[int], Sequence[Sequence[Value]]]


def paquets(rows: Rangees) -> Iterator[Paquet]:
    """Rows some hundreds at a time, column by column."""
    if isinstance(rows, Donnees):
        yield from rows.paquets()
        return
    walk = iter(rows)
    while some := list(islice(walk, BUNCH)):
        yield [number for number, _ in some], list(zip_longest(*[row for _, row in some]))


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

    def paquets(self) -> Iterator[Paquet]:
        """The same, column by column."""
        numbers, start = self.numeros, 0
        for first, bunch in self._table.grid.bunches():
            stop = bisect_left(numbers, first + len(bunch), start)
            wanted = numbers[start:stop]
            start = stop
            if not wanted:
                continue
            if not self._table.telle_quelle:
                rows = [
                    self._table.lue(n, row)
                    for n, row in zip(wanted, map(bunch.__getitem__, _within(wanted, first)), strict=True)
                ]
                yield wanted, list(zip_longest(*rows))
            elif len(wanted) == len(bunch):
                yield wanted, bunch.columns
            else:
                inside = _within(wanted, first)
                yield wanted, [[column[i] for i in inside] for column in bunch.columns]


def _within(numbers: Sequence[int], first: int) -> list[int]:
    return [number - first for number in numbers]


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
    last = grid.last_row if table.fin is None else table.fin - 1
    for first, bunch in grid.bunches():
        progress.check()
        start, stop = max(first, table.ligne_entete + 1), min(first + len(bunch), last + 1)
        if start >= stop:
            continue
        if not table.autres and table.telle_quelle and start == first and sorter.all_obvious(bunch.columns):
            numbers.extend(range(start, stop))
            continue
        for number, raw in enumerate(islice(bunch, start - first, stop - first), start):
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

    def all_obvious(self, columns: Sequence[Sequence[Value]]) -> bool:
        """Whether each of these rows is obviously one of data, as far as whole columns tell."""
        if self.year is None or self.year >= len(columns):
            return False
        named = (set(columns[i]) for i in self.identity if i < len(columns))
        return all(map(_year, set(columns[self.year]))) and any(all(map(_written, texts)) for texts in named)

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
        return self.year is not None and self.year < len(row) and _year(row[self.year])

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
    return index < len(row) and _written(row[index])


def _written(value: Value) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip(" \u00a0\u202f\t\r\n")))


def _year(value: Value) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and value.strip(" \u00a0")[:4].isdigit())


@dataclass(slots=True)
class Lues:
    """Some rows read: ``valeurs`` by code, then by row; ``aparts`` are the places of those that are not plain."""

    numeros: Sequence[int]
    colonnes: Sequence[Sequence[Value]]
    valeurs: list[Sequence[lecture.Lecture]]
    aparts: set[int]


class Lecteur:
    """Reads columns, each distinct value once, and judges apart the rows of which something must be said."""

    def __init__(self, table: Reconnu, codes: Sequence[str], constats: Constats) -> None:
        genres = {c.code: c.genre for c in table.profil.champs}
        caches = {genre: Cache(reader) for genre, reader in {**lecture.READERS, **table.lecteurs}.items()}
        self._readers = [(caches[genres.get(c, Genre.TEXTE)], table.positions.get(c)) for c in codes]
        self._table, self._codes, self._constats = table, codes, constats
        self._broken = _broken(table)
        self._doubtful = self._broken.keys() | table.litiges.keys()

    def lire(self, rows: Rangees, progress: Progress) -> Iterator[Lues]:
        """All the rows, some hundreds at a time."""
        done = 0
        for numbers, columns in paquets(rows):
            progress.check()
            progress.report(done, len(rows), "Lecture des lignes")
            done += len(numbers)
            aparts: set[int] = set()
            values: list[Sequence[lecture.Lecture]] = []
            for cache, index in self._readers:
                column = columns[index] if index is not None and index < len(columns) else (None,) * len(numbers)
                if bool in set(map(type, column)):
                    column = [("VRAI" if v else "FAUX") if isinstance(v, bool) else v for v in column]
                read_ = cache.colonne(column)
                if Lu in set(map(type, read_)):
                    aparts.update(i for i, v in enumerate(read_) if isinstance(v, Lu))
                values.append(read_)
            if self._doubtful:
                aparts.update(i for i, number in enumerate(numbers) if number in self._doubtful)
            yield Lues(numbers, columns, values, aparts)

    def juger(self, lues: Lues, place: int) -> tuple[list[Valeur], bool]:
        """The values of one row apart, and whether it is rejected; what is said of its cells is written down."""
        number, constats = lues.numeros[place], self._constats
        values = [column[place] for column in lues.valeurs]
        if number in self._broken:
            _mark_broken(self._table, number, self._broken[number], self._codes, values)
        litige = self._table.litiges.get(number)
        if litige and litige.ouvert(constats.decisions):
            constats.rejeter(number, litige.champ, litige.attendu, litige.remede)
            if litige.acceptees and not constats.decisions.get(litige.question):
                constats.en_attente.add(self._table.adresse(number, litige.champ))
            if not litige.acceptees:  # its cells are not in their columns: nothing to say of them one by one
                return [v.valeur if isinstance(v, Lu) else v for v in values], True
            return _judge(number, self._codes, values, constats)[0], True
        return _judge(number, self._codes, values, constats)


def read(
    table: Reconnu,
    rows: Rangees,
    codes: Sequence[str],
    constats: Constats,
    progress: Progress,
) -> Iterator[tuple[int, Sequence[Valeur], bool]]:
    """Each row as the values of ``codes`` (empty for an absent column), and whether it is rejected."""
    lecteur = Lecteur(table, codes, constats)
    for lues in lecteur.lire(rows, progress):
        for place, (number, values) in enumerate(zip(lues.numeros, zip(*lues.valeurs, strict=True), strict=True)):
            if place in lues.aparts:
                yield number, *lecteur.juger(lues, place)
            else:
                yield number, values, False


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
