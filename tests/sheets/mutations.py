"""Sound files of every kind, and the thousands of damaged ones that a seed makes of each."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import xlsxwriter

from tests.sheets import binary_excel as xlsb
from tests.sheets import old_excel as xls
from tests.sheets import open_document as ods

Chance = random.Random
#: What an attribute or a value may become: likely, absurd, hostile.
VALUES = [
    "", "0", "1", "-1", "2", "9", "12", "1048576", "1048577", "16384", "16385", "4294967296", "99999999999999999999",
    "1e308", "1e999", "-0", "0.1", "1,5", "12 450,00", "NaN", "inf", "true", "hidden", "A1", "a1", "A0", "$B$2", "AA",
    "ZZZ9", "XFD1048576", "XFE1", "A1:XFD1048576", "A1048577", "s", "str", "e", "b", "n", "d", "inlineStr", "#REF!",
    "rId1", "rId9", "../x", "/xl/worksheets/sheet1.xml", "é", "&amp;", "&lt;", "&#0;", "&x;", "2025-13-45",
    "2025-03-01T10:00:00", "1899-12-30", "PT12H", "float", "string", "date", "percentage", "boolean", "x" * 300,
]  # fmt: skip
_ATTRIBUTE = re.compile(rb'([\w:.-]+)="([^"<]*)"')
_ELEMENT = re.compile(rb"<([\w:.-]+)\b[^>]*?(?:/>|>[^<]*</\1>)")
_TAG = re.compile(rb"</?[\w:.-]+[^>]*>")
_TEXT = re.compile(rb">([^<]+)<")


@cache
def originals() -> dict[str, bytes]:
    """A few sound files of every kind, by a name that ends as theirs would."""
    days = [xlsb.row(2, xlsb.rk(0, 45717, xlsb.DAY), xlsb.real(1, 45717.5, xlsb.DAY), xlsb.formula(2, "#N/A"))]
    rows = [xlsb.row(i, xlsb.label(0, f"nom {i}"), xlsb.rk(1, 10 * i), xlsb.real(2, i / 7)) for i in range(3, 9)]
    cells = [
        c for i in range(1, 8) for c in (xls.label(i, 0, f"nom {i}"), xls.rk(i, 1, 11 * i), xls.number(i, 2, i / 7))
    ]
    old = [xls.hidden_columns(3, 3), xls.hidden_row(2), *cells, xls.error(8, 1, "#REF!"), xls.formula(9, 1, 4.5)]
    line = ods.NAME + ods.NUMBER + ods.DAY
    skip = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    shift = '<table:table-cell table:number-columns-repeated="2"/>'
    table = ods.table(line, skip, shift + ods.ERROR + ods.NUMBER, *[line.replace("12.5", f"{i}.25") for i in range(6)])
    text = 'Nom;Objet;Montant\n"Asso ""X"", Laon";court;1 234,50\nB;"deux\nlignes";20\nC;;-3\n' + "D;x;4\n" * 5
    return {
        "ecrit.xlsx": _written(constant_memory=False),
        "enligne.xlsx": _written(constant_memory=True),
        "autre.xlsx": _by_openpyxl(),
        "binaire.xlsb": xlsb.workbook([("Suivi", b"".join(days + rows)), ("B", xlsb.row(0, xlsb.rk(0, 7)))]),
        "vieux.xls": xls.workbook([("Suivi", b"".join(old)), ("B", xls.number(0, 0, 7.5))]),
        "libre.ods": ods.workbook(table + ods.table(ods.NUMBER, name="B")),
        "point-virgule.csv": text.encode("cp1252"),
        "barre.csv": text.replace(";", "|").encode("utf-8-sig"),
        "large.csv": text.replace(";", "\t").encode("utf-16"),
    }


def _written(*, constant_memory: bool) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": constant_memory}) as book:
        sheet, day = book.add_worksheet("Suivi"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Nom", "Date", "Montant", "Double"])
        for row in range(1, 9):
            sheet.write_string(row, 0, f"Opérateur & {row}")
            sheet.write_datetime(row, 1, datetime(2025, 3, row), day)  # noqa: DTZ001
            sheet.write_number(row, 2, 1000.25 * row)
            result = "#DIV/0!" if row == 4 else 2000.5 * row
            sheet.write_formula(row, 3, f"=C{row + 1}*2", None, result)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        if not constant_memory:
            sheet.merge_range(10, 0, 10, 3, "Total")
        sheet.write_formula(11, 2, "=SUM(C2:C9)")
        book.add_worksheet("B").write_row(0, 0, [1, True, "x", 35181600000000])
    return buffer.getvalue()


def _by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 9):
        sheet.append([f"nom {row}", row * 7, row / 3, datetime(2025, 1, row)])  # noqa: DTZ001
    with TemporaryDirectory() as name:
        path = Path(name) / "a.xlsx"
        book.save(path)
        return path.read_bytes()


def mutate(name: str, seed: int) -> bytes:
    """The file ``name`` damaged in one to three places, always the same for the same seed."""
    chance = random.Random(f"{name} {seed}")  # noqa: S311 - not a secret
    data = originals()[name]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        zipped = name.endswith(("xlsx", "xlsb", "ods")) and data.startswith(b"PK")
        data = _zip(data, chance) if zipped and chance.random() < 0.9 else _bytes(data, chance)
    return data


def _bytes(data: bytes, chance: Chance) -> bytes:
    if not data:
        return b"\0"
    at = chance.randrange(len(data))
    size = min(len(data) - at, chance.choice((1, 1, 2, 4, 16, 200)))
    other = chance.randrange(len(data))
    return chance.choice(
        (
            lambda: data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
            lambda: data[:at] + chance.randbytes(size) + data[at + size :],
            lambda: data[:at] + bytes(size) + data[at + size :],
            lambda: data[:at] + b"\xff" * size + data[at + size :],
            lambda: data[:at],
            lambda: data[:at] + data[at + size :],
            lambda: data[:at] + data[other : other + size] + data[at:],
            lambda: data[:at] + chance.choice((b'"', b";", b"\n", b"\0", b"|", b"<", b"\xe9", b"1", b",")) + data[at:],
            lambda: data[:at] + chance.choice(VALUES).encode() + data[at:],
        )
    )()


def _zip(data: bytes, chance: Chance) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return _bytes(data, chance)
    at = chance.randrange(len(members)) if members else 0
    other = chance.randrange(len(members)) if members else 0
    if members and chance.random() < 0.8:
        # The sheets and the workbook rather than the theme.
        at = chance.choice([i for i, (n, _) in enumerate(members) if re.search("sheet|workbook|content", n)] or [at])
        name, content = members[at]
        change = _xml if name.endswith((".xml", ".rels")) and chance.random() < 0.85 else _bytes
        members[at] = (name, change(content, chance))
    elif members:
        name, content = members[at]
        changes: tuple[Callable[[], object], ...] = (
            lambda: members.pop(at),
            lambda: members.insert(other, members[at]),
            lambda: members.__setitem__(at, (name.upper(), content)),
            lambda: members.__setitem__(at, (name + chance.choice(("x", "/", ".xml", " ")), content)),
            lambda: members.__setitem__(at, (members[other][0], content)),
            lambda: members.__setitem__(at, (name, members[other][1])),
            lambda: chance.shuffle(members),
            lambda: members.__setitem__(at, (name, b"")),
        )
        chance.choice(changes)()
    return _packed(members)


def _packed(members: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.filelist = [info for info in archive.filelist if info.filename != ""]
            info = zipfile.ZipInfo(name or "x")
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.NameToInfo.pop(name, None)  # a second member of the same name, without its warning
            archive.writestr(info, content)
    return buffer.getvalue()


def _xml(data: bytes, chance: Chance) -> bytes:
    kind = chance.choice(("attribute", "attribute", "attribute", "text", "text", "element", "tag"))
    pattern = {"attribute": _ATTRIBUTE, "text": _TEXT, "element": _ELEMENT, "tag": _TAG}[kind]
    found = list(pattern.finditer(data))
    if not found:
        return _bytes(data, chance)
    match, other = chance.choice(found), chance.choice(found)
    start, end = match.span()
    if kind == "attribute":
        value = chance.choice(VALUES).encode()
        new = chance.choice(
            (
                match[1] + b'="' + value + b'"', match[1] + b'="' + value + b'"', match[1] + b'="' + other[2] + b'"',
                b"", b"", match[0] + b" " + match[0], match[1] + b"='" + match[2] + b"'", match[1] + b"x" + match[0],
                other[1] + b'="' + value + b'"',
            )
        )  # fmt: skip
    elif kind == "text":
        value = chance.choice(
            (chance.choice(VALUES).encode(), other[1], match[1] + b"<!-- x -->7", b"&#55;" + match[1])
        )
        new = b">" + value + b"<"
    else:
        new = chance.choice((b"", match[0] * 2, other[0], match[0] + other[0], b"<!--" + match[0] + b"-->"))
    return data[:start] + new + data[end:]
