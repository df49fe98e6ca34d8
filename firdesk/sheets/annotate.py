"""A copy of a workbook with cells coloured and commented, and a first sheet that lists them.

Only what must be is written inside the archive, so that charts, images, formulas and macros come through as they
were. What a mark means is the caller's business.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from firdesk.sheets import comment_parts
from firdesk.sheets.cell import MARKS_SHEET as SHEET
from firdesk.sheets.listing_sheet import Listing, listing_xml
from firdesk.sheets.preflight import inspect, refusal
from firdesk.sheets.scan import DamagedError
from firdesk.sheets.sheet_edit import Order, edit_sheet
from firdesk.sheets.style_part import Styles
from firdesk.sheets.writer import beside

__all__ = ["AUTHOR", "SHEET", "Listing", "Mark", "annotate"]

AUTHOR = "FIRDesk"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell to show, by its sheet and 0-based position; ``text`` is the comment."""

    sheet: str
    row: int
    column: int
    text: str


def annotate(
    data: bytes,
    name: str,
    target: Path,
    marks: Sequence[Mark],
    listing: Listing,
    on_bytes: Callable[[int], None] = lambda _count: None,
) -> tuple[str, ...]:
    """Write the marked copy of an ``.xlsx`` or ``.xlsm``; what could not be kept, in French.

    ``Refus`` where the bytes are no such workbook or the target cannot be written; ``on_bytes`` is told how much
    of the sheets was read, and what it raises leaves the target as it was.
    """
    if inspect(data, name) not in ("xlsx", "xlsm"):
        raise refusal(name, "ce n'est pas un classeur .xlsx ou .xlsm")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, beside(target) as draft:
            copy = _Copy(archive, on_bytes)
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as out:
                copy.write(out, marks, listing)
            return tuple(copy.notes)
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, DamagedError, KeyError, ValueError) as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error


@dataclass(slots=True)
class _Sheet:
    name: str
    member: str
    relation: str


@dataclass(slots=True)
class _Copy:
    """The parts of one workbook, those that change kept until the end."""

    archive: zipfile.ZipFile
    on_bytes: Callable[[int], None]
    notes: list[str] = field(default_factory=list)
    changed: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)

    def write(self, out: zipfile.ZipFile, marks: Sequence[Mark], listing: Listing) -> None:
        members = {m.filename.replace("\\", "/").lower(): m.filename for m in self.archive.infolist()}
        book = self._text(members["xl/workbook.xml"])
        strict = _STRICT + "/" in book
        main = f"{_STRICT}/spreadsheetml/main" if strict else f"{_OPEN}/spreadsheetml/2006/main"
        relations = (
            f"{_STRICT}/officeDocument/relationships" if strict else f"{_OPEN}/officeDocument/2006/relationships"
        )
        sheets = list(self._sheets(book, members))
        former = next((s for s in sheets if s.name == SHEET), None)
        styles_member = members.get("xl/styles.xml")
        styles = Styles(self._text(styles_member)) if styles_member else Styles.empty(main)
        if styles_member is None:
            styles_member = "xl/styles.xml"
            self.relate("xl/workbook.xml", f"{relations}/styles", "styles.xml")
            self.kinds["/xl/styles.xml"] = f"{_KINDS}.styles+xml"
        restored = styles.restored() if former is not None else {}
        edited = {s.member for s in sheets if s is not former}
        for member in self.archive.infolist():
            if member.filename in edited:
                sheet = next(s for s in sheets if s.member == member.filename)
                own = [m for m in marks if m.sheet == sheet.name]
                writer = _SheetCopy(self, sheet, main, relations)
                with self.archive.open(member) as source, out.open(_entry(member), "w") as target:
                    writer.write(source, target, own, styles, restored)
        place = self._list_sheet(book, members, former, relations)
        self.changed[place] = listing_xml(listing, styles, main).encode()
        self.changed[styles_member] = styles.render().encode("utf-8", "surrogateescape")
        self._declare(members)
        self._rest(out, edited)
        if any(name.startswith("_xmlsignatures/") for name in members):
            self.notes.append("La signature numérique du classeur ne vaut plus pour la copie.")

    def _rest(self, out: zipfile.ZipFile, edited: set[str]) -> None:
        for member in self.archive.infolist():
            name = member.filename
            if name in edited or name in self.dropped:
                continue
            if name in self.changed:
                out.writestr(_entry(member), self.changed.pop(name))
            else:
                with self.archive.open(member) as source, out.open(_entry(member), "w") as target:
                    while chunk := source.read(1 << 20):
                        target.write(chunk)
        for name, content in self.changed.items():
            out.writestr(name, content)

    def _text(self, member: str) -> str:
        found = self.changed.get(member)
        data = self.archive.read(member) if found is None else found
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")

    def text_or_none(self, member: str) -> str | None:
        return self._text(member) if member in self.changed or member in self.archive.namelist() else None

    def _sheets(self, book: str, members: dict[str, str]) -> Iterator[_Sheet]:
        targets = {}
        for relation in fromstring(self._text(members["xl/_rels/workbook.xml.rels"]), forbid_dtd=True):
            if relation.get("Type", "").endswith("/worksheet"):
                targets[relation.get("Id")] = relation.get("Target", "")
        for element in fromstring(book, forbid_dtd=True).iter():
            if element.tag.rpartition("}")[2] == "sheet":
                identifier = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                if identifier in targets:
                    path = posixpath.normpath(posixpath.join("/xl", targets[identifier])).lstrip("/")
                    yield _Sheet(element.get("name", ""), members[path.lower()], identifier)

    # Relations and kinds of parts

    def relations_of(self, member: str) -> str:
        folder, _, name = member.rpartition("/")
        return f"{folder}/_rels/{name}.rels"

    def relate(self, member: str, kind: str, target: str) -> str:
        """A new relation of a part; its identifier."""
        place = self.relations_of(member)
        there = {n.lower(): n for n in self.archive.namelist()}
        place = there.get(place.lower(), place)
        text = self.text_or_none(place)
        if text is None:
            text = f'{_XML}<Relationships xmlns="{_RELATIONS}"></Relationships>'
        text = re.sub(r"<((?:\w+:)?Relationships)\b([^>]*?)\s*/>", r"<\1\2></\1>", text)
        number = 1
        while f'"rIdFirdesk{number}"' in text:
            number += 1
        identifier = f"rIdFirdesk{number}"
        made = f'Relationship Id="{identifier}" Type="{kind}" Target="{target}"/>'
        text = re.sub(r"</((?:\w+:)?)Relationships>", lambda m: f"<{m[1]}{made}{m[0]}", text)
        self.changed[place] = text.encode("utf-8", "surrogateescape")
        return identifier

    def free(self, pattern: str) -> str:
        """The first name of a pattern that no part has."""
        taken = {n.lower() for n in (*self.archive.namelist(), *self.changed)}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def _declare(self, members: dict[str, str]) -> None:
        place = members["[content_types].xml"]
        text = self._text(place)
        root = re.search(r"</((?:\w+:)?)Types>", text)
        if root is None:
            raise DamagedError("no Types element")
        p = root[1]
        made = "".join(f'<{p}Override PartName="{part}" ContentType="{kind}"/>' for part, kind in self.kinds.items())
        if not re.search(r"""Extension=["']vml["']""", text, re.IGNORECASE):
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            made = f'<{p}Default Extension="vml" ContentType="{kind}"/>' + made
        self.changed[place] = (text[: root.start()] + made + text[root.start() :]).encode("utf-8", "surrogateescape")

    # The list of marks

    def _list_sheet(self, book: str, members: dict[str, str], former: _Sheet | None, relations: str) -> str:
        """The part of the first sheet, declared in the workbook; the one of an earlier copy is taken over."""
        if former is not None:
            self.dropped.add(members.get(self.relations_of(former.member).lower(), ""))
            return former.member
        member = self.free("xl/worksheets/sheet{}.xml")
        self.kinds[f"/{member}"] = f"{_KINDS}.worksheet+xml"
        identifier = self.relate("xl/workbook.xml", f"{relations}/worksheet", member.removeprefix("xl/"))
        numbers = [int(n) for n in re.findall(r"""\bsheetId=["'](\d+)["']""", book)]
        declared = (
            f'sheet xmlns:r="{relations}" name="{SHEET}" sheetId="{max(numbers, default=0) + 1}" r:id="{identifier}"/>'
        )
        book = re.sub(r"<((?:\w+:)?)sheets\b[^>]*>", lambda m: f"{m[0]}<{m[1]}{declared}", book, count=1)
        book = re.sub(
            r"""(\blocalSheetId=["'])(\d+)(["'])""", lambda m: f"{m[1]}{int(m[2]) + 1}{m[3]}", book
        )  # names are bound to sheets by their place
        book = re.sub(r"""\s(?:activeTab|firstSheet)=["']\d+["']""", "", book)
        self.changed[members["xl/workbook.xml"]] = book.encode("utf-8", "surrogateescape")
        return member


@dataclass(slots=True)
class _SheetCopy:
    """One sheet of the copy with its comments."""

    copy: _Copy
    sheet: _Sheet
    main: str
    relations: str

    def write(
        self, source: IO[bytes], target: IO[bytes], marks: Sequence[Mark], styles: Styles, restored: dict[int, int]
    ) -> None:
        rows: dict[int, set[int]] = {}
        texts: dict[tuple[int, int], str] = {}
        for mark in marks:
            rows.setdefault(mark.row, set()).add(mark.column)
            said = texts.get((mark.row, mark.column))
            texts[mark.row, mark.column] = f"{said}\n\n{mark.text}" if said else mark.text

        def drawing(relation: str | None) -> str | None:
            return self._comment(texts, relation)

        order = Order(
            {r: frozenset(c) for r, c in rows.items()},
            styles.marked,
            drawing,
            restored,
            self.relations,
            self.copy.on_bytes,
        )
        edit_sheet(source, target, order)

    def _comment(self, texts: dict[tuple[int, int], str], relation: str | None) -> str | None:
        """Write the comments and their drawing; the relation of a drawing that is new."""
        there = self._parts()
        part = next((t for kind, t in there.values() if kind == "comments"), None)
        before = self.copy.text_or_none(part) if part else None
        if not texts and (before is None or f">{AUTHOR}<" not in before):
            return None
        text, wanted, gone = comment_parts.comments(before, AUTHOR, texts, self.main)
        if part is None:
            part = self.copy.free("xl/comments{}.xml")
            self.copy.relate(self.sheet.member, f"{self.relations}/comments", f"/{part}")
            self.copy.kinds[f"/{part}"] = f"{_KINDS}.comments+xml"
        self.copy.changed[part] = text.encode("utf-8", "surrogateescape")
        drawn = there[relation][1] if relation in there else None
        shown = comment_parts.drawing(self.copy.text_or_none(drawn) if drawn else None, wanted, gone)
        made = None
        if drawn is None:
            drawn = self.copy.free("xl/drawings/vmlDrawing{}.vml")
            made = self.copy.relate(self.sheet.member, f"{self.relations}/vmlDrawing", f"/{drawn}")
        self.copy.changed[drawn] = shown.encode("utf-8", "surrogateescape")
        return made

    def _parts(self) -> dict[str | None, tuple[str, str]]:
        """What the sheet is related to: the last word of the kind, and the name of the part."""
        members = {n.replace("\\", "/").lower(): n for n in self.copy.archive.namelist()}
        place = members.get(self.copy.relations_of(self.sheet.member).lower())
        if place is None:
            return {}
        folder = "/" + posixpath.dirname(self.sheet.member.replace("\\", "/"))
        found: dict[str | None, tuple[str, str]] = {}
        text = self.copy.text_or_none(place) or ""
        for relation in fromstring(text, forbid_dtd=True):
            path = posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/").lower()
            if path in members:
                kind = relation.get("Type", "").rpartition("/")[2]
                found[relation.get("Id")] = (kind, members[path])
        return found


def _entry(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(member.filename, member.date_time)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = member.external_attr
    made.file_size = member.file_size
    return made
