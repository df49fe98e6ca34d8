"""Rows whose cells are not where they seem: decimals cut by the commas of a file, labels and amounts merged over rows.

What is proven is read, what could mean two things is asked for the whole file, the rest is rejected with its row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from math import comb

from firdesk.domain.money import nombre
from firdesk.services.importing import lecture
from firdesk.services.importing.champs import Genre, Profil
from firdesk.services.importing.entetes import filled, fusions
from firdesk.services.importing.lecture import ALERTE, REJET, Lu
from firdesk.services.importing.plan import Question
from firdesk.sheets.cell import Grid, Value, column_name

#: Ways to put a row together beyond which nothing is proven.
_MOST = 2000
_WHOLE = re.compile(r"\s*[-−+(]?\s*\d[\d \u00a0\u202f]*")
_CENTS = re.compile(r"\d{1,2}\s*\)?\s*(?:€|EUR)?\s*")


@dataclass(frozen=True, slots=True)
class Litige:
    """Why a row is rejected as long as ``question`` has no answer among ``acceptees`` (empty: whatever is answered).

    ``=`` stands for any text typed: once it is read, the row is not in dispute any more.
    """

    question: str
    acceptees: tuple[str, ...]
    champ: str
    attendu: str
    remede: str

    def ouvert(self, decisions: Mapping[str, str]) -> bool:
        return not self.acceptees or decisions.get(self.question, "") not in self.acceptees


@dataclass(slots=True)
class Corrections:
    """Rows read otherwise than the sheet gives them, rows in dispute, and what is asked of them."""

    rows: dict[int, list[Value]] = field(default_factory=dict)
    litiges: dict[int, Litige] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def below(grid: Grid, ligne: int, fin: int | None) -> Iterator[tuple[int, list[Value]]]:
    """The rows below a header with their sheet numbers, in one pass."""
    start = ligne - grid.first_row + 1
    stop = None if fin is None else fin - grid.first_row
    for index, row in enumerate(islice(grid.rows, start, stop), start):
        yield grid.first_row + index, row


def decalages(
    grid: Grid, ligne: int, fin: int | None, positions: Mapping[str, int], profil: Profil, decisions: Mapping[str, str]
) -> Corrections:
    """Rows of a comma-separated file with more cells than headers: ``12450,00`` was cut into ``12450`` and ``00``."""
    found = Corrections()
    width = len(grid.rows[ligne - grid.first_row])
    readers = _readers(profil, positions)
    lost = 0
    for number, row in below(grid, ligne, fin):
        if len(row) <= width:
            continue
        if not any(filled(v) for v in row[width:]) and _conforms(row, readers):
            continue
        glued = recoller(row, width, readers)
        if glued is not None:
            found.rows[number] = glued
            remede = "Recoller les décimales de tout le fichier, ou exporter avec le point-virgule comme séparateur."
            attendu = f"{width} cellules, {len(row)} lues : la virgule des décimales a coupé les montants"
            found.litiges[number] = Litige("decimales", ("recoller",), profil.total, attendu, remede)
        else:
            lost += 1
            kept = [None if readers.get(i, (Genre.TEXTE,))[0] is Genre.MONTANT else v for i, v in enumerate(row)]
            found.rows[number] = kept
            remede = "Mettre entre guillemets les textes et les montants qui contiennent une virgule, puis importer."
            attendu = f"{width} cellules, {len(row)} lues : ligne décalée sans lecture certaine"
            found.litiges[number] = Litige("decimales", (), "", attendu, remede)
    if count := len(found.rows) - lost:
        found.questions.append(_recolle(found, count, width, positions.get(profil.total, 0), decisions))
    if lost:
        found.notes.append(f"{lost} ligne(s) décalée(s) par des virgules, sans lecture certaine : rejetée(s).")
    return found


def _recolle(found: Corrections, count: int, width: int, index: int, decisions: Mapping[str, str]) -> Question:
    number = next(n for n, x in found.litiges.items() if x.acceptees)
    choix = (("recoller", "Recoller les décimales"), ("rejeter", "Rejeter ces lignes"))
    titre = f"Recoller les décimales : {nombre(count)} ligne{'s' if count > 1 else ''}"
    detail = f"Plus de cellules que les {width} en-têtes : la virgule des décimales a coupé les montants. "
    detail += f"Recollée, la ligne {number + 1} se lit « {found.rows[number][index]} »."
    return Question("decimales", titre, detail, count, choix, "", decisions.get("decimales", ""), groupe=choix[0][1])


_Readers = Mapping[int, tuple[Genre, lecture.Cache]]


def _readers(profil: Profil, positions: Mapping[str, int]) -> _Readers:
    """How the cells of each column that proves something are read."""
    genres = {c.code: c.genre for c in profil.champs}
    plain = (Genre.TEXTE, Genre.LIBELLE, Genre.IDENTIFIANT)
    return {
        i: (genres[code], lecture.Cache(lecture.READERS[genres[code]]))
        for code, i in positions.items()
        if genres[code] not in plain
    }


def recoller(row: Sequence[Value], width: int, readers: _Readers) -> list[Value] | None:
    """The row with cut amounts put together, when there is one way only to give each column what it expects."""
    amounts = [i for i in sorted(readers) if readers[i][0] is Genre.MONTANT]
    extra = len(row) - width
    if comb(len(amounts), extra) > _MOST:
        return None
    ways: list[list[Value]] = []
    for columns in combinations(amounts, extra):
        made = _with_cents(row, columns, readers)
        if made is not None and _conforms(made, readers):
            ways.append(made)
            if len(ways) > 1:
                return None
    return ways[0] if ways else None


def _with_cents(row: Sequence[Value], columns: Sequence[int], readers: _Readers) -> list[Value] | None:
    """The row where the amounts of these columns take the cell after them."""
    made: list[Value] = []
    index = 0
    for column in columns:
        before = column - len(made)
        made += row[index : index + before]
        index += before
        pair = _glued(row, index, column, readers)
        if pair is None:
            return None
        made.append(pair)
        index += 2
    return [*made, *row[index:]]


def _glued(row: Sequence[Value], index: int, column: int, readers: _Readers) -> str | None:
    if column not in readers or readers[column][0] is not Genre.MONTANT or index + 1 >= len(row):
        return None
    whole, cents = row[index], row[index + 1]
    if isinstance(whole, str) and isinstance(cents, str) and _WHOLE.fullmatch(whole) and _CENTS.fullmatch(cents):
        return f"{whole},{cents}"
    return None


def _fits(value: Value, column: int, readers: _Readers) -> bool:
    if column not in readers:
        return True
    genre, cache = readers[column]
    read = cache[value]
    if not isinstance(read, Lu):
        return True
    if genre is Genre.DEPARTEMENT:
        return read.genre not in (REJET, lecture.QUESTION)
    if genre in (Genre.DATE, Genre.SIRET, Genre.SIREN):
        return read.genre not in (ALERTE, lecture.QUESTION)
    return read.genre != REJET


def _conforms(row: Sequence[Value], readers: _Readers) -> bool:
    return all(_fits(row[i] if i < len(row) else None, i, readers) for i in readers)


def fusions_de_corps(
    grid: Grid, ligne: int, fin: int | None, positions: Mapping[str, int], profil: Profil, decisions: Mapping[str, str]
) -> Corrections:
    """Merged cells below the header: a label holds for each row of its block, an amount is one amount."""
    found = Corrections()
    by_index = {i: code for code, i in positions.items()}
    amounts = {c.code for c in profil.montants}
    last = grid.last_row if fin is None else fin - 1
    blocks: list[tuple[int, int, int]] = []
    reached: dict[int, int] = {}
    for f in sorted(fusions(grid)):
        index = f.c1 - grid.first_column
        if ligne < f.r1 <= last and f.r2 > f.r1 > reached.get(index, -1) and index in by_index:
            reached[index] = f.r2
            blocks.append((f.r1, min(f.r2, last), index))
    wanted = {n for first, end, _ in blocks for n in range(first, end + 1)}
    if not wanted:
        return found
    rows = {number: row for number, row in below(grid, ligne, fin) if number in wanted}
    blocs = 0
    for first, end, index in blocks:
        top = rows.get(first, [])
        value = top[index] if index < len(top) else None
        if not filled(value):
            continue
        if by_index[index] in amounts:
            blocs += _amount(grid, rows, (first, end, index), by_index[index], profil, found)
        else:
            for number in range(first + 1, end + 1):
                if any(filled(v) for v in rows.get(number, [])):
                    _write(found.rows, rows, number, index, value)
    if found.rows:
        found.notes.append(f"Cellules fusionnées : leur texte vaut pour {nombre(len(found.rows))} lignes de plus.")
    if blocs:
        found.questions.append(_asked(blocs, len(found.litiges), decisions))
    return found


def _write(
    made: dict[int, list[Value]], rows: Mapping[int, list[Value]], number: int, index: int, value: Value
) -> None:
    row = made.setdefault(number, list(rows.get(number, [])))
    row += [None] * (index + 1 - len(row))
    row[index] = value


def _amount(
    grid: Grid,
    rows: Mapping[int, list[Value]],
    block: tuple[int, int, int],
    code: str,
    profil: Profil,
    found: Corrections,
) -> bool:
    first, end, index = block
    inside = [n for n in range(first, end + 1) if any(filled(v) for v in rows.get(n, []))]
    if len(inside) < 2:
        return False
    letters = column_name(grid.first_column + index)
    attendu = f"un montant par ligne ; « {profil.champ(code).entete} » est fusionné de {letters}{first + 1} à "
    remede = "Écrire le montant de chaque ligne, ou choisir à quelle ligne le montant fusionné revient."
    for number in inside:
        litige = Litige("fusions", ("premiere",), code, f"{attendu}{letters}{end + 1}", remede)
        found.litiges.setdefault(number, litige)
    return True


def _asked(blocs: int, lignes: int, decisions: Mapping[str, str]) -> Question:
    choix = (
        ("premiere", "Un seul montant, porté par la première ligne de chaque bloc, les autres sans montant"),
        ("rejeter", "Rejeter les lignes de ces blocs, et les corriger dans le fichier"),
    )
    titre = f"Montants fusionnés sur plusieurs lignes : {nombre(blocs)} bloc{'s' if blocs > 1 else ''}"
    detail = "Un montant fusionné est un seul montant : il n'est jamais répété sur chaque ligne."
    answer = decisions.get("fusions", "")
    return Question("fusions", titre, detail, lignes, choix, "", answer, groupe="Montants fusionnés")
