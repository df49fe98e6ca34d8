"""The parts of an Office Open XML workbook: which member holds which sheet, and one scan of each."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from firdesk.sheets.cell import address
from firdesk.sheets.preflight import UNREADABLE, refusal
from firdesk.sheets.scan import DamagedError, SheetScan, scan_sheet

#: Cells of one dense grid, 32 bytes each in the parser: 100 000 lines of 100 columns.
MAX_AREA = 16_000_000

_ERROR = re.compile(
    rb"""(<(?:[\w.-]+:)?c\b[^>]*\bt=["']e["'][^>]*>(?:(?!</(?:[\w.-]+:)?c>).)*?<(?:[\w.-]+:)?v>)[^<]*<""", re.DOTALL
)

_SHARED = ("sharedstrings.xml", "sharedstrings.bin", "styles.xml", "styles.bin")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet as the workbook declares it; ``member`` is its name in the archive."""

    name: str
    member: str
    hidden: bool = False


def scan_package(data: bytes, name: str) -> dict[str, SheetScan]:
    """A scan of each sheet by sheet name; ``Refus`` for damaged parts and for a sheet too wide to be held."""
    with opened(data, name) as archive:
        check_sums(archive)
        parts, computed = parts_of(archive)
        return {part.name: scan_part(archive, part, name, computed=computed) for part in parts}


@contextmanager
def opened(data: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive; ``Refus`` for whatever is found damaged meanwhile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (*UNREADABLE, ParseError, DefusedXmlException, DamagedError, KeyError) as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error


def scan_part(archive: zipfile.ZipFile, part: Part, name: str, *, computed: bool) -> SheetScan:
    """The scan of one sheet; ``Refus`` where it is too wide to be held."""
    with archive.open(part.member) as stream:
        scan = scan_sheet(stream, computed=computed)
    if scan.area > MAX_AREA:
        with archive.open(part.member) as stream:
            scan = scan_sheet(stream, computed=computed, exact=True)
        check_area(scan, part.name, name)
    return scan


def check_sums(archive: zipfile.ZipFile) -> None:
    """Read the shared texts and styles to their end, where a damage shows: the parser stops before."""
    for member in archive.infolist():
        if member.filename.lower().endswith(_SHARED):
            with archive.open(member) as stream:
                while stream.read(_CHUNK):
                    continue


def check_area(scan: SheetScan, sheet: str, name: str) -> None:
    """``Refus`` for a sheet whose used area could not be held."""
    if scan.area > MAX_AREA:
        corner = address(scan.last_row, scan.last_column)
        raise refusal(
            name,
            f"la feuille « {sheet} » s'étend jusqu'en {corner} ; supprimer les lignes et colonnes inutiles "
            "après le tableau, enregistrer et recommencer",
        )


def with_known_errors(data: bytes) -> bytes:
    """The same workbook with ``#N/A`` in each cell in error; the scan knows what they say."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for member in source.namelist():
            content = source.read(member)
            if "worksheets/" in member.lower():
                content = _ERROR.sub(rb"\1#N/A<", content)
            archive.writestr(member, content)
    return target.getvalue()


def parts_of(archive: zipfile.ZipFile) -> tuple[list[Part], bool]:
    """Sheets in order, and whether formulas were computed by the program that wrote them."""
    members = {n.replace("\\", "/").lower(): n for n in archive.namelist()}
    workbook = fromstring(archive.read(members["xl/workbook.xml"]), forbid_dtd=True)
    relations = fromstring(archive.read(members["xl/_rels/workbook.xml.rels"]), forbid_dtd=True)
    targets = {r.get("Id"): (r.get("Type", ""), r.get("Target", "")) for r in relations}
    parts = []
    computed = True
    for element in workbook.iter():
        tag = _local(element)
        if tag == "sheet":
            identifier = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            kind, target = targets.get(identifier, ("", ""))
            if not kind.lower().endswith("sheet"):
                raise DamagedError("a sheet that is not where the workbook says")
            if kind.endswith("/worksheet"):  # neither a chart nor a sheet of macros
                path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()
                hidden = element.get("state", "visible") != "visible"
                parts.append(Part(element.get("name", ""), members[path], hidden))
        elif tag == "calcPr":
            computed = element.get("fullCalcOnLoad") not in ("1", "true")
    return parts, computed


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
