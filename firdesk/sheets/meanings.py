"""What the cells of an Open XML sheet mean, each distinct one read once.

A piece is what the XML of a row says between two addresses: one cell from its attributes to its end, then the letters
of the next one. Plain texts and plain numbers are read here; python-calamine says what any other cell means, all those
of a run together in a sheet made for them, so that no second reader decides of dates, entities or rich texts.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from firdesk.sheets.cell import Value, column_index

#: Above, a whole number is no longer exact in a spreadsheet.
_EXACT = 1e15
_MIDNIGHT = time()
#: Pieces kept: beyond, every line has some of its own.
_KEPT = 20_000

#: In the place of the next column: the row ends, a piece is not one cell; added to a column, the row begins.
END, ODD, START = -1, -2, 1 << 20

_PIECE = re.compile(rb"(?:([^<>\0]*><(?:v|is><t)>)([^<\0]*)(</(?:v|t></is)></c>\s*(?:<c r=\"[A-Z]{1,3})?)|[^\0]*)\0")
_ATTRIBUTES = rb'(?: [\w:]+="[^"<>&]*")*'
_ODD = re.compile(
    rb"(%b(?:/>|>\s*+(?:<f\b[^<>]*(?:/>|>[^<]*</f>))?\s*+"
    rb"(?:<v/>|<v\b[^<>]*>[^<]*</v>|<is>(?:(?!</?(?:c|row|v|f|is|sheetData)\b)[^\0])*</is>)?\s*+</c>))\s*+"
    rb'(?:<c r="([A-Z]{1,3}))?' % _ATTRIBUTES
)
_PLAIN_TEXT = re.compile(rb"<t>[^<&\s](?:[^<&\r]*[^<&\s])?</t>")
_START = re.compile(rb'\s*<c r="([A-Z]{1,3})')
_STYLE = re.compile(rb'(?: s="\d+"| t="n")*><v>')
_SHARED = re.compile(rb'(?: s="\d+"| t="s")* t="s"(?: s="\d+")?><v>')
_SHARED_CELL = re.compile(rb'(?: s="\d+")* t="s"(?: s="\d+")?><v>(\d+)</v></c>')
_INLINE = re.compile(rb'(?: s="\d+")* t="inlineStr"(?: s="\d+")?><is><t>')
_FIGURES = b"0123456789.-+eE"


class UnusualError(Exception):
    """The XML is not written as spreadsheets usually do: python-calamine must read the whole of it."""


class Cell:
    """The meaning of one piece: its value and the column of the next cell, or one of the marks above."""

    __slots__ = ("following", "value")

    def __init__(self) -> None:
        self.value: Value = None
        self.following = ODD


class Meanings(dict[bytes, Cell]):
    """The meaning of each piece of the sheets of one workbook; unknown ones wait for :meth:`learn`."""

    def __init__(self, archive: zipfile.ZipFile, member: str, sheet: str) -> None:
        super().__init__()
        self._around = {
            name: archive.read(name)
            for name in archive.namelist()
            if name.lower().endswith((".rels", "xl/workbook.xml", "xl/styles.xml")) and "worksheets" not in name.lower()
        }
        self._member, self._sheet = member, sheet
        self._waiting: dict[bytes, Cell] = {}
        self._forms: dict[tuple[bytes, bytes], tuple[str, int]] = {}
        self._numeric: dict[bytes, bool] = {}
        #: Whether a cell in error or a formula has ever been met.
        self.marked = False
        self._shared: list[Value] = []
        for name in archive.namelist():
            if name.lower() == "xl/sharedstrings.xml":
                self._shared = self._shared_texts(archive.read(name))

    def __missing__(self, piece: bytes) -> Cell:
        cell = self[piece] = self._waiting[piece] = Cell()
        return cell

    def column(self, pieces: Sequence[bytes]) -> tuple[Sequence[Value], int] | None:
        """Values of pieces that stand one below the other, and their next column; ``None`` where it is not the same."""
        first, count = pieces[0], len(pieces)
        if pieces.count(first) == count:
            cell = self[first]
            self.learn()
            return ([cell.value] * count, cell.following) if cell.following != ODD else None
        form = _PIECE.match(first + b"\0")
        if form is not None and form[1] is not None and pieces[-1].endswith(form[3]):
            head, _, tail = form.groups()
            texts = b"\0".join(pieces)[len(head) : -len(tail)].split(tail + b"\0" + head)
            joined = b"\0".join(texts)
            if len(texts) == count and b"<" not in joined and joined.count(b"\0") == count - 1:
                kind, following = self._forms.get((head, tail)) or self._form(head, tail)
                values = self._plain(kind, texts)
                if values is not None:
                    return values, following
        cells = list(map(self.__getitem__, pieces))
        self.learn()
        following = cells[0].following
        if following == ODD or any(cell.following != following for cell in cells):
            return None
        return [cell.value for cell in cells], following

    def learn(self) -> None:
        """Give their meaning to the pieces met since the last time."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        groups: dict[tuple[bytes, bytes], tuple[list[Cell], list[bytes]]] = {}
        odd: dict[bytes, Cell] = {}
        found = _PIECE.findall(b"\0".join([*waiting, b""]))
        for (piece, cell), (head, text, tail) in zip(waiting.items(), found, strict=True):
            form = head, tail
            if form in groups:
                cells, texts = groups[form]
                cells.append(cell)
                texts.append(text)
            elif head:
                groups[form] = [cell], [text]
            else:
                odd[piece] = cell
        for form, (cells, texts) in groups.items():
            kind, following = self._forms.get(form) or self._form(*form)
            values = self._plain(kind, texts)
            plain = cells
            if values is None:
                plain, values = self._set_aside(form, kind, cells, texts, odd)
            for cell, value in zip(plain, values, strict=True):
                cell.value = value
                cell.following = following
        if odd:
            self._learn_odd(odd)
        if len(self) > _KEPT:
            self.clear()

    def _set_aside(
        self, form: tuple[bytes, bytes], kind: str, cells: list[Cell], texts: list[bytes], odd: dict[bytes, Cell]
    ) -> tuple[list[Cell], list[Value]]:
        """The cells that are plain with their values; the others go to ``odd``."""
        plain: list[Cell] = []
        values: list[Value] = []
        for cell, text in zip(cells, texts, strict=True):
            alone = self._plain(kind, [text])
            if alone is None:
                odd[form[0] + text + form[1]] = cell
            else:
                plain.append(cell)
                values += alone
        return plain, values

    def _form(self, head: bytes, tail: bytes) -> tuple[str, int]:
        """How the texts between such a head and tail are read, and the next column."""
        value, _, letters = tail.partition(b'<c r="')
        kind = ""
        if value.startswith(b"</v>"):
            if _SHARED.fullmatch(head):
                kind = "shared"
            elif _STYLE.fullmatch(head):
                if head not in self._numeric:
                    self._numeric[head] = self._ask([head + b"1</v></c>"]) == [1]
                kind = "number" if self._numeric[head] else ""
        elif _INLINE.fullmatch(head):
            kind = "text"
        found = self._forms[head, tail] = kind, column_index(letters.decode()) if letters else END
        return found

    def _plain(self, kind: str, texts: list[bytes]) -> Sequence[Value] | None:
        """Values of texts that are plainly what they seem; ``None`` where one at least is not."""
        if kind == "number":
            return _numbers(texts)
        if kind == "text":
            return _texts(texts)
        return self._texts_of(texts) if kind == "shared" else None

    def _texts_of(self, numbers: list[bytes]) -> list[Value]:
        if not b"".join(numbers).isdigit() or b"" in numbers or max(map(int, numbers)) >= len(self._shared):
            raise UnusualError("a shared text that is not there")
        return [self._shared[number] for number in map(int, numbers)]

    def _learn_odd(self, pieces: Mapping[bytes, Cell]) -> None:
        asked: dict[bytes, list[Cell]] = {}
        for piece, cell in pieces.items():
            if found := _START.fullmatch(piece):
                cell.following = START + column_index(found[1].decode())
                continue
            said = _ODD.fullmatch(piece)
            if said is None:
                continue
            text, letters = said.groups()
            cell.following = column_index(letters.decode()) if letters else END
            self.marked |= b' t="e"' in text or b"<f" in text
            if b' t="e"' in text:  # the scan knows what it says
                continue
            if b"&" in text and b"<v" in text and b't="str"' not in text:
                raise UnusualError("a value with something else inside")
            if shared := _SHARED_CELL.fullmatch(text):
                cell.value = self._texts_of([shared[1]])[0]
            elif b' t="s"' in text:
                raise UnusualError("a shared text written otherwise")
            else:
                asked.setdefault(text, []).append(cell)
        for value, alike in zip(self._ask(list(asked)), asked.values(), strict=True):
            for cell in alike:
                cell.value = value

    def _ask(self, cells: Sequence[bytes]) -> list[Value]:
        """What python-calamine makes of these cells, put one below the other in a sheet of the same workbook."""
        from python_calamine import CalamineWorkbook

        if not cells:
            return []
        rows = b"".join([b'<row r="%d"><c r="A%d"%b</row>' % (i, i, cell) for i, cell in enumerate(cells, 1)])
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in self._around.items():
                archive.writestr(name, content)
            archive.writestr(
                self._member, b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (space, rows)
            )
        made.seek(0)
        try:
            with CalamineWorkbook.from_filelike(made) as book:
                read = [plain_value(row[0]) for row in book.get_sheet_by_name(self._sheet).iter_rows()]
        except Exception as error:
            raise UnusualError(str(error)) from error
        return [*read, *[None] * (len(cells) - len(read))]

    def _shared_texts(self, xml: bytes) -> list[Value]:
        """The shared texts in order: each is written as a text that stands in its cell."""
        start, end = xml.find(b"<si>"), xml.rfind(b"</si>")
        if start < 0 and b"<si" not in xml:
            return []
        if start < 0 or b"\0" in xml or b"<!" in xml or b"<si " in xml or b"<si/" in xml:
            raise UnusualError("shared texts written otherwise")
        items = [item.lstrip() for item in xml[start:end].split(b"</si>")]
        if not all(item.startswith(b"<si>") for item in items):
            raise UnusualError("something else among the shared texts")
        found: list[Value] = []
        for first in range(0, len(items), _KEPT):
            some = [item[4:] for item in items[first : first + _KEPT]]
            plain = [item[3:-4] if _PLAIN_TEXT.fullmatch(item) else None for item in some]
            values = _texts([text or b"" for text in plain])
            odd = [i for i, text in enumerate(plain) if text is None or values is None]
            read = list(values or [None] * len(some))
            for i, value in zip(odd, self._odd_texts([some[i] for i in odd]), strict=True):
                read[i] = value
            found += read
        return found

    def _odd_texts(self, items: list[bytes]) -> list[Value]:
        """Texts that are rich, or begin with a space, or have entities."""
        cells = [self[b' t="inlineStr"><is>%b</is></c>' % item] for item in items]
        self.learn()
        if any(cell.following != END for cell in cells):
            raise UnusualError("a shared text that is none")
        return [cell.value for cell in cells]


def _numbers(texts: list[bytes]) -> Sequence[Value] | None:
    if b"".join(texts).translate(None, _FIGURES):
        return None
    try:
        return list(map(plain_value, map(float, texts)))
    except ValueError:
        return None


def _texts(texts: list[bytes]) -> Sequence[Value] | None:
    joined = b"\0".join(texts)
    if b"&" in joined or b"_x" in joined or b"\r" in joined:
        return None
    try:
        found = joined.decode().split("\0")
    except UnicodeDecodeError as error:
        raise UnusualError("a text that is not UTF-8") from error
    if list(map(str.strip, found)) != found:
        return None
    return [text or None for text in found] if "" in found else found


def plain_value(value: Any) -> Value:
    """A calamine value as one of ours: whole numbers as ``int``, nothing as ``None``, times and durations as
    text.
    """
    kind = value.__class__
    if kind is str:
        return value or None
    if kind is float:
        if value.is_integer():
            return int(value) if -_EXACT < value < _EXACT else value
        return value if value - value == 0 else str(value)  # infinite, or no number at all
    if kind is time:
        return value.isoformat("seconds")  # type: ignore[no-any-return]
    if kind is timedelta:
        seconds = round(value.total_seconds())
        sign = "-" if seconds < 0 else ""
        hours, rest = divmod(abs(seconds), 3600)
        return f"{sign}{hours}:{rest // 60:02d}:{rest % 60:02d}"
    if kind is datetime and value.time() == _MIDNIGHT:
        return value.date()  # type: ignore[no-any-return]
    if kind in (int, bool, date, datetime):
        return value  # type: ignore[no-any-return]
    return str(value)
