"""Binary workbooks (.xlsb) written record by record."""

import io
import zipfile
from collections.abc import Iterable
from struct import pack

from tests.sheets.old_excel import CODES

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BINARY = "application/vnd.ms-excel."
#: Styles of :func:`workbook`: a plain number, a built-in day, a day in words, a time, a number of units "jours".
PLAIN, DAY, DAY_IN_WORDS, TIME, UNITS = range(5)
_FORMATS = {164: "dddd\\ d\\ mmmm\\ yyyy", 165: "hh:mm;@", 166: '0" jours"'}


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size >> 7 else 0)])
        size >>= 7
        if not size:
            return head + length + content


def text(value: str) -> bytes:
    return pack("<I", len(value)) + value.encode("utf-16-le")


def cell(kind: int, column: int, content: bytes, style: int = PLAIN) -> bytes:
    return record(kind, pack("<II", column, style) + content)


def row(index: int, *cells: bytes, hidden: bool = False) -> bytes:
    return record(0, pack("<IIHBBBI", index, 0, 300, 0, 0x10 if hidden else 0, 0, 0)) + b"".join(cells)


def rk(column: int, value: int, style: int = PLAIN) -> bytes:
    return cell(2, column, pack("<i", value << 2 | 2), style)


def real(column: int, value: float, style: int = PLAIN) -> bytes:
    return cell(5, column, pack("<d", value), style)


def label(column: int, value: str) -> bytes:
    return cell(6, column, text(value))


def rich_label(column: int, value: str) -> bytes:
    return cell(62, column, b"\1" + text(value) + pack("<IHH", 1, 0, 0))


def error(column: int, value: str) -> bytes:
    return cell(3, column, bytes([CODES[value]]))


def formula(column: int, result: float | str, *, always: bool = False) -> bytes:
    """A formula whose result is a number or an error."""
    tail = pack("<H", 2 if always else 0) + pack("<I", 3) + b"\x1e\1\0" + pack("<I", 0)
    if isinstance(result, str):
        return cell(11, column, bytes([CODES[result]]) + tail)
    return cell(9, column, pack("<d", result) + tail)


def workbook(
    sheets: Iterable[tuple[str, bytes]],
    *,
    old_mac: bool = False,
    computed: bool = True,
    hidden: frozenset[str] = frozenset(),
    columns: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """The whole file; each sheet by its name and its rows, ``columns`` before the rows and ``after`` them."""
    named = list(sheets)
    book = record(131) + record(153, pack("<II", old_mac, 0) + text("")) + record(143)
    for index, (name, _) in enumerate(named, 1):
        book += record(156, pack("<II", name in hidden, index) + text(f"rId{index}") + text(name))
    book += record(144) + record(157, pack("<IIIdIH", 191029, 1, 100, 0.001, 1, not computed)) + record(132)
    styles = record(278) + record(615, pack("<I", len(_FORMATS)))
    styles += b"".join(record(44, pack("<H", code) + text(form)) for code, form in _FORMATS.items())
    forms = [0, 14, 164, 165, 166]
    styles += record(616) + record(617, pack("<I", len(forms)))
    styles += b"".join(record(47, pack("<HH", 0, form) + bytes(12)) for form in forms) + record(618) + record(279)
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": _types(len(named)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.bin")]),
        "xl/_rels/workbook.bin.rels": _relations(
            [*(("worksheet", f"worksheets/sheet{i}.bin") for i in range(1, len(named) + 1)), ("styles", "styles.bin")]
        ),
        "xl/workbook.bin": book,
        "xl/styles.bin": styles,
    }
    for index, (_, rows) in enumerate(named, 1):
        members[f"xl/worksheets/sheet{index}.bin"] = (
            record(129) + record(148, pack("<IIII", 0, 9, 0, 9)) + columns + record(145) + rows + record(146) + after
            + record(130)
        )  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def hidden_columns(first: int, last: int) -> bytes:
    return record(390) + record(60, pack("<IIIIH", first, last, 2560, 0, 1)) + record(391)


def merged(*areas: tuple[int, int, int, int]) -> bytes:
    cells = b"".join(record(176, pack("<IIII", a, c, b, d)) for a, b, c, d in areas)
    return record(177, pack("<I", len(areas))) + cells + record(178)


def _types(sheets: int) -> str:
    parts = [f'<Override PartName="/xl/workbook.bin" ContentType="{_BINARY}sheet.binary.macroEnabled.main"/>']
    parts += [
        f'<Override PartName="/xl/worksheets/sheet{i}.bin" ContentType="{_BINARY}worksheet"/>'
        for i in range(1, sheets + 1)
    ]
    return (
        f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="bin" ContentType="{_BINARY}styles"/>{"".join(parts)}</Types>'
    )


def _relations(targets: list[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
