"""Old Excel workbooks (.xls) written record by record, and the OLE container around them."""

from collections.abc import Iterable
from struct import pack

FREE, END, FAT, MORE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
#: Styles of :func:`workbook`: a plain number, a day.
PLAIN, DAY = 0, 1


def record(kind: int, content: bytes = b"") -> bytes:
    return pack("<HH", kind, len(content)) + content


def number(row: int, column: int, value: float, style: int = PLAIN) -> bytes:
    return record(0x0203, pack("<HHHd", row, column, style, value))


def rk(row: int, column: int, value: int, style: int = PLAIN) -> bytes:
    return record(0x027E, pack("<HHHi", row, column, style, value << 2 | 2))


def mul_rk(row: int, column: int, values: list[int]) -> bytes:
    cells = b"".join(pack("<Hi", PLAIN, v << 2 | 2) for v in values)
    return record(0x00BD, pack("<HH", row, column) + cells + pack("<H", column + len(values) - 1))


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def rich_label(row: int, column: int, text: str) -> bytes:
    content = pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
    return record(0x00D6, content + pack("<HHH", 1, 0, 0))


def error(row: int, column: int, text: str) -> bytes:
    return record(0x0205, pack("<HHHBB", row, column, 0, CODES[text], 1))


def formula(row: int, column: int, result: float | str | None, *, flags: int = 0, tokens: bytes = b"\x1e\1\0") -> bytes:
    """A formula with a number or an error as its result; ``None`` for the mark of an empty text."""
    if result is None:
        value = b"\3" + bytes(5) + b"\xff\xff"
    elif isinstance(result, str):
        value = bytes([2, 0, CODES[result], 0, 0, 0]) + b"\xff\xff"
    else:
        value = pack("<d", result)
    head = pack("<HHH", row, column, 0) + value + pack("<HI", flags, 0)
    return record(0x0006, head + pack("<H", len(tokens)) + tokens)


def hidden_row(row: int) -> bytes:
    return record(0x0208, pack("<HHHHHHHH", row, 0, 256, 255, 0, 0, 0x0120, 0))


def hidden_columns(first: int, last: int) -> bytes:
    return record(0x007D, pack("<HHHHHH", first, last, 2560, 0, 1, 0))


def merged(*areas: tuple[int, int, int, int]) -> bytes:
    """Areas as first row, first column, last row, last column."""
    return record(0x00E5, pack("<H", len(areas)) + b"".join(pack("<HHHH", a, c, b, d) for a, b, c, d in areas))


def chart() -> bytes:
    """A chart inside a sheet: a substream with records that are none of the sheet's."""
    return record(0x0809, pack("<HHHHII", 0x0600, 0x20, 0, 0, 0, 0)) + error(0, 0, "#REF!") + record(0x000A)


def workbook(
    sheets: Iterable[tuple[str, bytes]],
    *,
    old_mac: bool = False,
    hidden: frozenset[str] = frozenset(),
    before: bytes = b"",
) -> bytes:
    """The whole file; each sheet by its name and its records, ``before`` among those of the workbook."""
    named = list(sheets)
    head = record(0x0809, pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)) + before + record(0x0042, pack("<H", 1200))
    head += record(0x0022, pack("<H", old_mac))
    head += b"".join(record(0x00E0, pack("<HH", 0, form) + bytes(16)) for form in (0, 14))
    names = [pack("<BBB", name in hidden, 0, len(name)) + b"\1" + name.encode("utf-16-le") for name, _ in named]
    place = len(head) + sum(8 + len(n) for n in names) + 4
    body = b""
    for (_, cells), name in zip(named, names, strict=True):
        head += record(0x0085, pack("<I", place + len(body)) + name)
        body += record(0x0809, pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6)) + cells + record(0x000A)
    return container({"Workbook": head + record(0x000A) + body})


def container(streams: dict[str, bytes]) -> bytes:
    """An OLE container of a few streams, each long enough to live in whole sectors."""
    sectors: list[bytes] = []
    chains: list[int] = []
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    for rank, (name, content) in enumerate(streams.items(), 2):
        filled = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0")
        start, count = len(sectors), len(filled) // 512
        sectors += [filled[i : i + 512] for i in range(0, len(filled), 512)]
        chains += [*range(start + 1, start + count), END]
        entries.append(_entry(name, 2, start, len(filled), right=rank if rank <= len(streams) else FREE))
    directory = len(sectors)
    listing = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    sectors += [listing[i : i + 512] for i in range(0, len(listing), 512)]
    chains += [*range(directory + 1, len(sectors)), END]
    count = more = 0
    while (len(chains) + count + more) * 4 > count * 512 or count > 109 + more * 127:
        count += 1
        more = max(0, -(-(count - 109) // 127))
    first = len(sectors)
    table = [*chains, *[FAT] * count, *[MORE] * more]
    table += [FREE] * (count * 128 - len(table))
    places = [*range(first, first + count)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += pack("<IIIIIII", 0, count, directory, 0, 4096, END, 0) + pack("<II", first + count if more else END, more)
    head += b"".join(pack("<I", p) for p in places[:109]).ljust(436, b"\xff")
    content = head + b"".join(sectors) + b"".join(pack("<I", n) for n in table)
    for index in range(more):
        listed = places[109 + 127 * index :][:127]
        following = first + count + index + 1 if index + 1 < more else END
        content += b"".join(pack("<I", p) for p in listed).ljust(508, b"\xff") + pack("<I", following)
    return content


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    title = (name + "\0").encode("utf-16-le")
    head = title.ljust(64, b"\0") + pack("<HBBIII", len(title), kind, 1, FREE, right, child)
    return head + bytes(36) + pack("<IQ", start, size)
