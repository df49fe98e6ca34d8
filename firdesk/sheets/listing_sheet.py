"""A sheet that lists cells of the other sheets, each a link to its place: written as XML to join any workbook."""

from collections.abc import Sequence
from dataclasses import dataclass

from firdesk.sheets.cell import column_name
from firdesk.sheets.comment_parts import escape
from firdesk.sheets.style_part import Styles

_WIDTHS = (18, 10, 28, 40, 60)
_MAX_TEXT = 32_000


@dataclass(frozen=True, slots=True)
class Listing:
    """``rows`` begin with a sheet and an address, which become a link; ``heading`` are lines above the header."""

    heading: Sequence[str]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def location(sheet: str, cell: str) -> str:
    """The place of a cell as links write it."""
    return "'" + sheet.replace("'", "''") + "'!" + cell


def listing_xml(listing: Listing, styles: Styles, main: str) -> str:
    """The whole part; ``styles`` get the few this sheet needs."""
    plain, title, header = styles.add(), styles.add(bold=True), styles.add(bold=True, wrap=True, grey=True)
    wrapped, link = styles.add(wrap=True), styles.add(link=True)
    rows: list[str] = []
    links: list[str] = []
    for number, line in enumerate(listing.heading):
        rows.append(_row(len(rows), [line], [plain if number else title]))
    head = len(rows)
    rows.append(_row(head, listing.header, [header] * len(listing.header)))
    for values in listing.rows:
        number = len(rows)
        rows.append(_row(number, values, [plain, link, *[wrapped] * (len(values) - 2)]))
        place = escape(location(values[0], values[1])).replace('"', "&quot;")
        links.append(f'<hyperlink ref="B{number + 1}" location="{place}" display="{escape(values[1])}"/>')
    columns = "".join(f'<col min="{i + 1}" max="{i + 1}" width="{w}" customWidth="1"/>' for i, w in enumerate(_WIDTHS))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}">'
        '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{head + 1}" topLeftCell="A{head + 2}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        + (f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else "")
        + '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/></worksheet>'
    )


def _row(number: int, values: Sequence[str], styles: Sequence[int]) -> str:
    cells = "".join(
        f'<c r="{column_name(i)}{number + 1}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(value[:_MAX_TEXT])}</t></is></c>"
        for i, (value, style) in enumerate(zip(values, styles, strict=True))
        if value
    )
    return f'<row r="{number + 1}">{cells}</row>'
