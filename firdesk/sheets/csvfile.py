"""CSV files of any dialect, read record by record so that a stray quote never swallows the following lines.

Every value stays the text it is in the file. A record is one row, as in a spreadsheet: blank lines count, a
quoted field with line breaks is one row (said in a note), and a leading ``sep=`` line, which spreadsheets
swallow, does not.
"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Grid, Value, Workbook

DELIMITERS = ("|", ";", "\t", ",")
#: Lines that a quoted field may span: beyond, the quote is a stray one.
MAX_SPAN = 200
_SAMPLE = 300
_HEAD = 2000
#: Rows that a note names, the others being counted.
_NAMED = 5
#: The default of the csv module, 128 kB, is less than what one cell may hold elsewhere.
csv.field_size_limit(16_000_000)
_SEP = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
_TWICE_ENCODED = re.compile("Ã[\u0080-\u00bf\u201a-\u2122]")


def read_csv(path: Path | str, *, delimiter: str | None = None, encoding: str | None = None) -> Workbook:
    """One grid of texts; ``delimiter`` and ``encoding`` override what is detected; ``Refus`` if unreadable."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refus(f"Le fichier « {path.name} » n'a pas pu être ouvert : {error.strerror}.") from error
    return parse_bytes(data, path.name, delimiter=delimiter, encoding=encoding)


def parse_bytes(data: bytes, name: str, *, delimiter: str | None = None, encoding: str | None = None) -> Workbook:
    """As :func:`read_csv`, of a content already in memory."""
    if delimiter is not None and (
        len(delimiter) != 1 or delimiter == '"' or not (delimiter.isprintable() or delimiter == "\t")
    ):
        raise Refus(
            f"Le fichier « {name} » n'a pas pu être lu : le séparateur choisi n'est pas un seul caractère ; "
            "choisir ; , | ou la tabulation."
        )
    notes = []
    if encoding:
        text = _decoded(data, name, encoding)
    else:
        encoding = detect_encoding(data)
        try:
            text = data.decode(encoding)
        except UnicodeError:
            text, said = _repaired(data, name, encoding)
            notes.append(said)
    lines = re.split("\r\n|\n|\r", text.removeprefix("\ufeff"))
    announced = _SEP.match(lines[0])
    if announced:
        del lines[0]
    if lines and not lines[-1]:
        lines.pop()
    forced, delimiter = delimiter, delimiter or (announced.group(1) if announced else detect_delimiter(lines))
    rows, spanning, stray = parse_lines(lines, delimiter)
    if forced and not any(len(row) > 1 for row in rows):
        notes.append(f"Aucune ligne ne contient le séparateur choisi « {forced} » : en choisir un autre.")
    if spanning:
        count = f"{spanning} cellules contiennent" if spanning > 1 else "Une cellule contient"
        notes.append(f"{count} un retour à la ligne : les numéros de ligne sont ceux qu'affiche un tableur.")
    if stray:
        notes.append(f"Guillemets isolés ou jamais refermés, gardés tels quels : {where(stray)}.")
    notes += _longer(rows, delimiter)
    if "\0" in text:
        notes += _zeros(rows)
    if _TWICE_ENCODED.search(text):
        notes.append("Des accents semblent encodés deux fois (« Ã© » pour « é ») : vérifier les libellés.")
    seen = sum(1 for row in rows for value in row if value)
    grid = Grid(name=Path(name).stem, rows=rows, cells_seen=seen)
    digest = hashlib.sha256(data).hexdigest()
    return Workbook(name, digest, len(data), "csv", [grid], encoding, delimiter, tuple(notes))


def where(rows: Sequence[int]) -> str:
    """The first few of some rows (0-based), as a person reads them: ``ligne 3``, ``lignes 3, 5 et 8``."""
    numbers = [str(row + 1) for row in rows[:_NAMED]]
    if len(rows) == 1:
        return f"ligne {numbers[0]}"
    if len(rows) > _NAMED:
        return f"lignes {', '.join(numbers)}… ({len(rows)} en tout)"
    return f"lignes {', '.join(numbers[:-1])} et {numbers[-1]}"


def _decoded(data: bytes, name: str, encoding: str) -> str:
    """The text by the encoding that the user chose; ``Refus`` where it makes no sense."""
    wrong = f"Le fichier « {name} » n'est pas lisible avec l'encodage « {encoding} » : en choisir un autre."
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError, ValueError) as error:
        raise Refus(wrong) from error
    head = text[:2000]
    foreign = head.count("\0") + sum(1 for c in head if c > "\u2e7f" and c != "\ufeff")
    if foreign * 4 > len(head):
        raise Refus(wrong)
    return text


def _repaired(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    """The text of a file that breaks the rules of its own encoding, and what to say of it."""
    if encoding.startswith(("utf-16", "utf-32")):
        raise Refus(f"Le fichier « {name} » n'a pas pu être lu : il est tronqué ou abîmé : demander un nouvel envoi.")
    parts, mixed = [], []
    for number, line in enumerate(data.split(b"\n")):
        try:
            parts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            parts.append(_western(line))
            mixed.append(number)
    return "\n".join(parts), f"Accents écrits dans deux encodages, lus l'un et l'autre : {where(mixed)}."


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _zeros(rows: list[list[Value]]) -> list[str]:
    """Where null characters stand, which no text holds."""
    found = [number for number, row in enumerate(rows) if any("\0" in str(value) for value in row)]
    return [f"Caractères nuls, signe d'une copie abîmée : {where(found)}."] if found else []


def _longer(rows: list[list[Value]], delimiter: str) -> list[str]:
    """Rows with more filled cells than nearly all others have: a delimiter inside a text or an amount shifts them."""
    widths = Counter(map(len, rows))
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    if usual < 2 or widths[usual] * 2 < len(rows):
        return []
    shifted = [number for number, row in enumerate(rows) if len(row) > usual and any(row[usual:])]
    cause = "virgule décimale sans guillemets" if delimiter == "," else f"« {delimiter} » dans un texte"
    return [f"Cellules en trop, sans doute décalées ({cause}) : {where(shifted)}."] if shifted else []


def utf_16(data: bytes) -> str | None:
    """Which UTF-16 a text without byte order mark is in: one byte in two is zero, and always the same one."""
    head = data[:_HEAD]
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd * 2 > half and even * 10 <= half:
        return "utf-16-le"
    if even * 2 > half and odd * 10 <= half:
        return "utf-16-be"
    return None


def detect_encoding(data: bytes) -> str:
    """Python name of the encoding: byte order mark, zeros of UTF-16, valid UTF-8, else cp1252 or latin-1.

    A few lines of another encoding among many in UTF-8 leave it UTF-8.
    """
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in data[:_HEAD] and (found := utf_16(data)):
        return found
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8" and _mostly_utf_8(data):
                return encoding
            continue
        return encoding
    return "latin-1"


def _mostly_utf_8(data: bytes) -> bool:
    good = bad = 0
    for line in data.split(b"\n"):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            bad += 1
        else:
            good += 1
    return good > bad


def detect_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines of a sample into the same number of fields, the more fields the
    better.
    """
    sample = [line for line in lines[:_SAMPLE] if line.strip()]
    best, best_score = ";", (0.0, 0)
    for delimiter in DELIMITERS:
        rows, _, _ = parse_lines(sample, delimiter)
        if not rows:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        score = (round(count / len(rows), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def parse_lines(lines: list[str], delimiter: str) -> tuple[list[list[Value]], int, list[int]]:
    """Rows of texts, one a record, how many records span several lines, and the rows that break the rules.

    A line that follows the rules of quoting is read by them; one that does not (a stray ``"`` in a file
    without quoting) is cut at each delimiter and keeps its quotes.
    """
    rows: list[list[Value]] = []
    spanning = 0
    stray: list[int] = []
    widths: Counter[int] = Counter()
    # Headers in quotes: so are the texts, and two quotes on two lines are those of one field.
    trusted = bool(lines) and lines[0].startswith('"') and _strict(lines[0], delimiter)[0] is not None
    position = 0
    while position < len(lines):
        line = lines[position]
        used = 1
        if '"' not in line:
            fields = line.split(delimiter) if line else []
        else:
            fields, used, broken = _quoted(lines, position, delimiter, widths, trusted)
            spanning += used > 1
            if broken:
                stray.append(len(rows))
        if len(fields) > 1:
            widths[len(fields)] += 1
        rows.append(list(fields))
        position += used
    return rows, spanning, stray


def _quoted(
    lines: list[str], start: int, delimiter: str, widths: Counter[int], trusted: bool
) -> tuple[list[str], int, bool]:
    """Fields of the record that starts on a line with quotes, how many lines it takes, whether its quotes are stray."""
    plain = lines[start].split(delimiter)
    fields, unfinished = _strict(lines[start], delimiter)
    if fields is not None:
        return fields, 1, False
    record = lines[start]
    for used in range(2, min(MAX_SPAN, len(lines) - start) + 1):
        if not unfinished:
            break
        following = lines[start + used - 1]
        record += "\n" + following
        if '"' not in following:
            continue
        fields, unfinished = _strict(record, delimiter)
        if fields is not None:
            # Two stray quotes that answer each other: the record has another width, or its lines stand alone.
            usual = widths.most_common(1)[0][0] if widths else 0
            alone = not trusted and all(line.count(delimiter) + 1 == usual for line in lines[start : start + used])
            return (plain, 1, True) if usual and (alone or len(fields) != usual) else (fields, used, False)
    return plain, 1, True


def _strict(record: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """Fields of a record that follows the rules of quoting to the letter, else ``None``.

    The second part says that the record only lacks its end: a quoted field is still open.
    """
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True)), False
    except csv.Error as error:
        return None, "unexpected end" in str(error)
