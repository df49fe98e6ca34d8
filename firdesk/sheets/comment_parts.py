"""The comments of one sheet and the drawing that shows them: ours added or replaced, all others left as they are."""

import re
from collections.abc import Mapping

from firdesk.sheets.cell import address, column_index

_COMMENT = r"<{p}comment\b[^>]*>.*?</{p}comment>"
_SHAPE = re.compile(r"<v:shape\b(?:(?!</v:shape>).)*</v:shape>", re.DOTALL)
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_EMPTY_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout>" + _TYPE + "</xml>"
)

Cell = tuple[int, int]


def escape(text: str) -> str:
    """A text inside XML; what no XML can hold is left out."""
    kept = "".join(c for c in text if c >= " " or c in "\t\n")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def comments(text: str | None, author: str, texts: Mapping[Cell, str], main: str) -> tuple[str, set[Cell], set[Cell]]:
    """The comments part, the cells that need a shape, and those whose shape must go.

    A cell that somebody commented keeps that comment, ours below it.
    """
    if text is None:
        text = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<comments xmlns="{main}"><authors></authors><commentList></commentList></comments>'
        )
    root = re.search(r"<(?:([A-Za-z_][\w.-]*):)?comments\b", text)
    if root is None:
        raise ValueError("no comments element")
    p = f"{root.group(1)}:" if root.group(1) else ""
    text = re.sub(rf"<{p}(authors|commentList)\s*/>", rf"<{p}\1></{p}\1>", text)
    authors = re.findall(rf"<{p}author>(.*?)</{p}author>|<{p}author\s*/>", text, re.DOTALL)
    if author not in authors:
        text = text.replace(f"</{p}authors>", f"<{p}author>{escape(author)}</{p}author></{p}authors>", 1)
        authors.append(author)
    ours = authors.index(author)
    gone: set[Cell] = set()
    others: set[Cell] = set()

    def rewritten(match: re.Match[str]) -> str:
        cell, number = _described(match.group())
        if number == ours:
            gone.add(cell)
            return ""
        if cell not in texts:
            return match.group()
        others.add(cell)
        return _joined(match.group(), p, f'<{p}r><{p}t xml:space="preserve">\n{escape(texts[cell])}</{p}t></{p}r>')

    text = re.sub(_COMMENT.format(p=p), rewritten, text, flags=re.DOTALL)
    made = "".join(
        f'<{p}comment ref="{address(*cell)}" authorId="{ours}"><{p}text><{p}r><{p}t xml:space="preserve">'
        f"{escape(said)}</{p}t></{p}r></{p}text></{p}comment>"
        for cell, said in sorted(texts.items())
        if cell not in others
    )
    wanted = set(texts) - others
    return text.replace(f"</{p}commentList>", f"{made}</{p}commentList>", 1), wanted, gone


def _described(comment: str) -> tuple[Cell, int]:
    ref = re.search(r"""\bref=["']([A-Z]+)(\d+)["']""", comment)
    author = re.search(r"""\bauthorId=["'](\d+)["']""", comment)
    cell = (int(ref.group(2)) - 1, column_index(ref.group(1))) if ref else (-1, -1)
    return cell, int(author.group(1)) if author else -1


def _joined(comment: str, p: str, run: str) -> str:
    """A comment with one more paragraph; a bare text becomes a run."""
    bare = re.search(rf"<{p}text>\s*<{p}t\b[^>]*>(.*?)</{p}t>\s*</{p}text>", comment, re.DOTALL)
    if bare:
        kept = f'<{p}r><{p}t xml:space="preserve">{bare.group(1)}</{p}t></{p}r>'
        return comment[: bare.start()] + f"<{p}text>{kept}{run}</{p}text>" + comment[bare.end() :]
    return comment.replace(f"</{p}text>", f"{run}</{p}text>", 1)


def drawing(text: str | None, wanted: set[Cell], gone: set[Cell]) -> str:
    """The drawing with a hidden note for each wanted cell, without those of the cells gone."""
    made = text if text is not None else _EMPTY_DRAWING
    if gone:
        made = _SHAPE.sub(lambda m: "" if _cell_of(m.group()) in gone else m.group(), made)
    if "_x0000_t202" not in made:
        made = _inserted(made, _TYPE)
    number = max([1024, *(int(n) for n in re.findall(r"_x0000_s(\d+)", made))])
    shapes = []
    for row, column in sorted(wanted):
        number += 1
        shapes.append(_shape(number, row, column))
    return _inserted(made, "".join(shapes))


def _cell_of(shape: str) -> Cell | None:
    row, column = (re.search(rf"<x:{tag}>\s*(\d+)\s*</x:{tag}>", shape) for tag in ("Row", "Column"))
    note = 'ObjectType="Note"' in shape
    return (int(row.group(1)), int(column.group(1))) if note and row and column else None


def _inserted(text: str, more: str) -> str:
    end = text.rindex("</xml>")
    return text[:end] + more + text[end:]


def _shape(number: int, row: int, column: int) -> str:
    top = max(0, row - 1)
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;'
        'margin-top:2pt;width:240pt;height:96pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" '
        'o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{column + 1}, 15, '
        f"{top}, 2, {column + 4}, 40, {top + 6}, 10</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
        f"<x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
