"""What the report font can draw: PDF/UA refuses a text with a missing glyph, so none reaches Typst.

Refuses to know Typst and reports; it reads one table of one font file.
"""

import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from firdesk.paths import font_file

#: Printed for what the font cannot draw (an emoji, a Chinese character, a stray control code).
REPLACEMENT = "\u25a1"
#: Format and control characters print nothing, and PDF forbids some of them.
_INVISIBLE = {"Cf", "Cc"}
_UNFIT = {*_INVISIBLE, "Co", "Cs", "Cn"}
_LINE_BREAK = re.compile("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")


def printable(text: str) -> str:
    """The text as the font can set it: one line, accents composed, invisible marks dropped, the rest □."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", _LINE_BREAK.sub(" ", text))
    known = covered(font_file())
    return "".join(c if ord(c) in known else REPLACEMENT for c in composed if unicodedata.category(c) not in _INVISIBLE)


@lru_cache(maxsize=2)
def covered(font: Path) -> frozenset[int]:
    """Code points drawn by a TrueType font, from its format 12 character map, without private use.

    ``ValueError`` when the file has no such map.
    """
    data = font.read_bytes()
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    for i in range(count):
        (offset,) = struct.unpack_from(">I", data, start + 4 + 8 * i + 4)
        if struct.unpack_from(">H", data, start + offset) == (12,):
            return frozenset(_format_12(data, start + offset))
    raise ValueError(f"no format 12 character map in {font.name}")


def _table(data: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for i in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * i)
        if name == tag:
            return int(offset)
    raise ValueError(f"no {tag.decode()} table in the font")


def _format_12(data: bytes, offset: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", data, offset + 12)
    points: set[int] = set()
    for i in range(groups):
        first, last, glyph = struct.unpack_from(">III", data, offset + 16 + 12 * i)
        points.update(range(first + (glyph == 0), last + 1))
    return {p for p in points if unicodedata.category(chr(p)) not in _UNFIT}
