"""The odd files of real offices, each with one oddity or several, by a name that says which."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment

from tests.sheets import binary_excel as xlsb
from tests.sheets import old_excel as xls
from tests.sheets import open_document as ods

Fill = Callable[[xlsxwriter.Workbook], None]
HEADERS = ["Opérateur", "SIRET", "Montant", "Date"]
TRANSITIONAL = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}


def written(fill: Fill, **options: object) -> bytes:
    """A workbook filled by a function."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, **options}) as book:
        fill(book)
    return buffer.getvalue()


def strict(data: bytes) -> bytes:
    """The same workbook in Strict Open XML, whose namespaces are others."""
    return rewritten(data, lambda text: _replaced(text.replace("<workbook ", '<workbook conformance="strict" ')))


def rewritten(data: bytes, change: Callable[[str], str]) -> bytes:
    """The same workbook with each of its XML parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.namelist():
            archive.writestr(member, change(source.read(member).decode()))
    return target.getvalue()


def _replaced(text: str) -> str:
    for old, new in TRANSITIONAL.items():
        text = text.replace(old, new)
    return text


def _tables(book: xlsxwriter.Workbook) -> None:
    """Titles, two header rows, merged headers and bodies, blank rows, totals, a footnote, a second table."""
    sheet = book.add_worksheet("Suivi")
    sheet.merge_range(0, 0, 0, 3, "Suivi du FIR 2025")
    sheet.write(1, 0, "au 31 décembre")
    sheet.merge_range(3, 0, 3, 1, "Bénéficiaire")
    sheet.merge_range(3, 2, 3, 3, "Notification")
    sheet.write_row(4, 0, HEADERS)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for row in (5, 6, 9, 10):
        sheet.write_row(row, 1, ["02000006300017", 1250.5 * row])
        sheet.write_datetime(row, 3, datetime(2025, 3, row), day)  # noqa: DTZ001
    sheet.merge_range(5, 0, 6, 0, "CH de Laon")
    sheet.merge_range(9, 0, 10, 0, "EHPAD de Guise")
    sheet.write_row(11, 0, ["Total", "", 38765.5])
    sheet.write(13, 0, "* dont acompte de 30 %")
    sheet.write_row(16, 6, ["Ville", "Nombre"])
    sheet.write_row(17, 6, ["Laon", 3])


def _hidden(book: xlsxwriter.Workbook) -> None:
    sheet, other = book.add_worksheet("Vu"), book.add_worksheet("Caché")
    for row in range(8):
        sheet.write_row(row, 0, [f"nom {row}", row, row * 1.5])
        other.write_row(row, 0, [row, "x"])
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    other.hide()


def _broken(book: xlsxwriter.Workbook) -> None:
    """Errors, formulas never computed, a formula that gives an empty text."""
    sheet = book.add_worksheet("Suivi")
    sheet.write_row(0, 0, HEADERS)
    sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(2, 2, "=SUM(C1:C2)")
    sheet.write_formula(3, 2, "=A1*2", None, 40)
    sheet.write_formula(4, 2, '=IF(A1="","",1)', None, "")
    sheet.write_formula(5, 0, '="10004"', None, "10004")


def _texts(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Textes")
    sheet.write_column(
        0, 0, ["#", "NA", "1 234,50 €", "(12,5)", "12-", "1.234", " ", "GuÃ©ret", "7,86E+13", "a\nb", "<&>"]
    )
    sheet.write_rich_string(0, 1, "en ", book.add_format({"bold": True}), "gras")
    sheet.write_column(0, 2, [True, False, 0, -0.5, 35181600000000, 1e20])
    for row in range(5):
        sheet.write_blank(row, 4, None, book.add_format({"bg_color": "#FF0000"}))


def _far(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Loin")
    sheet.write_row(400, 30, HEADERS)
    sheet.write(900, 31, 5)
    book.add_worksheet("Vide")
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Loin!$AF$901:$AF$901"})
    book.add_chartsheet("Graphe").set_chart(chart)


def _openpyxl() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Suivi", 0)
    sheet.append(HEADERS)
    sheet.append(["x", "02000006300017", "=1+1", datetime(2025, 3, 1)])  # noqa: DTZ001
    sheet["A9"] = "fin"
    sheet["F2"].comment = Comment("seulement une remarque", "Marie")
    sheet.merge_cells("A3:D3")
    with TemporaryDirectory() as name:
        book.save(Path(name) / "a.xlsx")
        return (Path(name) / "a.xlsx").read_bytes()


def _open_documents() -> dict[str, bytes]:
    typeless = "<table:table-cell><text:p>sans type</text:p></table:table-cell>"
    skip = '<table:table-row table:number-rows-repeated="5"><table:table-cell/></table:table-row>'
    hidden = f'<table:table-row table:visibility="collapse">{ods.NAME}{ods.NUMBER}</table:table-row>'
    twice = ods.NAME.replace(" ", ' table:number-columns-repeated="2" ', 1)
    repeated = f'<table:table-row table:number-rows-repeated="3">{twice}</table:table-row>'
    empty = '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>'
    never = '<table:table-cell table:formula="of:=1+1"/>'
    tail = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    noted = ods.NUMBER.replace(
        "<text:p>", "<office:annotation><text:p>remarque</text:p></office:annotation><text:p>", 1
    )
    covered = (
        ods.NAME.replace(" ", ' table:number-columns-spanned="2" ', 1) + "<table:covered-table-cell/>" + ods.NUMBER
    )
    return {
        "libre répétitions.ods": ods.workbook(ods.table(ods.NAME + ods.NUMBER, skip, repeated, tail)),
        "libre masquées.ods": ods.workbook(ods.table(ods.NAME, hidden) + ods.table(ods.NAME, name="B")),
        "libre formules.ods": ods.workbook(ods.table(ods.ERROR + empty + never + ods.NUMBER)),
        "libre sans type.ods": ods.workbook(ods.table(typeless + ods.DAY, skip, ods.NAME + typeless)),
        "libre remarques et fusions.ods": ods.workbook(ods.table(noted, covered)),
    }


def _binaries() -> dict[str, bytes]:
    rows = b"".join((
        xlsb.row(0, xlsb.label(0, "Nom"), xlsb.rich_label(1, "Montant")),
        xlsb.row(1, xlsb.label(0, "x"), xlsb.rk(1, 5), xlsb.formula(2, "#REF!")),
        xlsb.row(4, xlsb.rk(0, 45717, xlsb.DAY), xlsb.formula(1, 0.0, always=True), xlsb.error(5, "#N/A"), hidden=True),
    ))  # fmt: skip
    old = b"".join((
        xls.hidden_row(2), xls.label(0, 0, "Nom"), xls.rich_label(0, 1, "Montant"), xls.mul_rk(1, 0, [1, 2, 3]),
        xls.number(2, 1, 7.5), xls.error(3, 2, "#REF!"), xls.formula(4, 0, 0.0, flags=2), xls.formula(5, 0, "#N/A"),
        xls.formula(6, 0, None, tokens=b"\x17\0\0"),
    ))  # fmt: skip
    return {"binaire.xlsb": xlsb.workbook([("Suivi", rows)]), "vieux.xls": xls.workbook([("Suivi", old)])}


def _texts_files() -> dict[str, bytes]:
    plain = 'Opérateur;Montant\n"Asso ""X"";Laon";1 234,50\n\n"deux\nlignes";20\n;\nfin;="10004"\n'
    return {
        "texte utf-8.csv": plain.encode(),
        "texte signature.csv": plain.encode("utf-8-sig"),
        "texte windows.csv": plain.encode("cp1252"),
        "texte utf-16.csv": plain.encode("utf-16"),
        "texte utf-16 sans marque.csv": plain.encode("utf-16-le"),
        "texte tabulations.csv": plain.replace(";", "\t").encode(),
        "texte barres.csv": plain.replace(";", "|").replace("\n", "\r\n").encode(),
        "texte séparateur annoncé.csv": ("sep=;\n" + plain).encode("cp1252"),
    }


def all_files() -> dict[str, bytes]:
    """Every odd file by its name."""
    tables = written(_tables)
    return {
        "titres fusions totaux.xlsx": tables,
        "strict.xlsx": strict(tables),
        "préfixes.xlsx": rewritten(tables, _prefixed),
        "sans adresses.xlsx": rewritten(tables, _without_addresses),
        "calendrier 1904.xlsx": written(_tables, date_1904=True),
        "masquées.xlsx": written(_hidden),
        "erreurs et formules.xlsx": written(_broken),
        "textes.xlsx": written(_texts),
        "textes en ligne.xlsx": written(_texts, constant_memory=True),
        "loin.xlsx": written(_far),
        "openpyxl.xlsx": _openpyxl(),
        **_open_documents(),
        **_binaries(),
        **_texts_files(),
    }


def _prefixed(text: str) -> str:
    if "<worksheet" not in text:
        return text
    return re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", text).replace("xmlns=", "xmlns:x=")


def _without_addresses(text: str) -> str:
    """Cells without addresses, the gaps filled by empty ones, as some exports write them."""
    if "<worksheet" not in text:
        return text

    def row(match: re.Match[str]) -> str:
        cells = re.findall(r'<c r="([A-Z])\d+"(.*?)(/>|>.*?</c>)', match[2], re.DOTALL)
        filled = {letter: f"<c{rest}{end}" for letter, rest, end in cells}
        last = max(filled, default="@")
        return match[1] + "".join(filled.get(chr(c), "<c/>") for c in range(65, ord(last) + 1)) + "</row>"

    return re.sub(r'(<row r="\d+"[^>]*>)(.*?)</row>', row, text, flags=re.DOTALL)
