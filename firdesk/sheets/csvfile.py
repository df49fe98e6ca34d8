"""CSV files of any dialect, read record by record so that a stray quote never swallows the following lines.

Every value stays the text it is in the file. A record is one row, as in a spreadsheet: blank lines count, a
quoted field with line breaks is one row (said in a note), and a leading ``sep=`` line, which spreadsheets
swallow, does not.
"""

import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Grid, Value, Workbook

DELIMITERS = ("|", ";", "\t", ",")
#: Lines that a quoted field may span: beyond, the quote is a stray one.
MAX_SPAN = 200
_SAMPLE = 300
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
    encoding = encoding or detect_encoding(data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Refus(
            f"Le fichier « {name} » n'est pas lisible avec l'encodage « {encoding} » : en choisir un autre."
        ) from error
    lines = re.split("\r\n|\n|\r", text.removeprefix("\ufeff"))
    announced = _SEP.match(lines[0])
    if announced:
        del lines[0]
    if lines and not lines[-1]:
        lines.pop()
    delimiter = delimiter or (announced.group(1) if announced else detect_delimiter(lines))
    rows, spanning = parse_lines(lines, delimiter)
    notes = []
    if spanning:
        count = f"{spanning} cellules contiennent" if spanning > 1 else "Une cellule contient"
        notes.append(f"{count} un retour à la ligne : les numéros de ligne sont ceux qu'affiche un tableur.")
    if _TWICE_ENCODED.search(text):
        notes.append("Des accents semblent encodés deux fois (« Ã© » pour « é ») : vérifier les libellés.")
    seen = sum(1 for row in rows for value in row if value)
    grid = Grid(name=Path(name).stem, rows=rows, cells_seen=seen)
    digest = hashlib.sha256(data).hexdigest()
    return Workbook(name, digest, len(data), "csv", [grid], encoding, delimiter, tuple(notes))


def detect_encoding(data: bytes) -> str:
    """Python name of the encoding: byte order mark, zeros of UTF-16, valid UTF-8, else cp1252 or latin-1."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2000]
    if b"\0" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return "utf-16-le" if odd > even else "utf-16-be"
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def detect_delimiter(lines: list[str]) -> str:
    """The delimiter that cuts most lines of a sample into the same number of fields, the more fields the
    better.
    """
    sample = [line for line in lines[:_SAMPLE] if line.strip()]
    best, best_score = ";", (0.0, 0)
    for delimiter in DELIMITERS:
        rows, _ = parse_lines(sample, delimiter)
        if not rows:
            continue
        width, count = Counter(map(len, rows)).most_common(1)[0]
        score = (round(count / len(rows), 1), width)
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def parse_lines(lines: list[str], delimiter: str) -> tuple[list[list[Value]], int]:
    """Rows of texts, one a record, and how many records span several lines.

    A line that follows the rules of quoting is read by them; one that does not (a stray ``"`` in a file
    without quoting) is cut at each delimiter and keeps its quotes.
    """
    rows: list[list[Value]] = []
    spanning = 0
    widths: Counter[int] = Counter()
    position = 0
    while position < len(lines):
        line = lines[position]
        used = 1
        if '"' not in line:
            fields = line.split(delimiter) if line else []
        else:
            fields, used = _quoted(lines, position, delimiter, widths)
            spanning += used > 1
        if len(fields) > 1:
            widths[len(fields)] += 1
        rows.append(list(fields))
        position += used
    return rows, spanning


def _quoted(lines: list[str], start: int, delimiter: str, widths: Counter[int]) -> tuple[list[str], int]:
    """Fields of the record that starts on a line with quotes, and how many lines it takes."""
    plain = lines[start].split(delimiter)
    fields, unfinished = _strict(lines[start], delimiter)
    if fields is not None:
        return fields, 1
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
            alone = all(line.count(delimiter) + 1 == usual for line in lines[start : start + used])
            return (plain, 1) if usual and (alone or len(fields) != usual) else (fields, used)
    return plain, 1


def _strict(record: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """Fields of a record that follows the rules of quoting to the letter, else ``None``.

    The second part says that the record only lacks its end: a quoted field is still open.
    """
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True)), False
    except csv.Error as error:
        return None, "unexpected end" in str(error)
