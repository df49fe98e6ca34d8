"""A report set by Typst, read back from the file: its text, its pages, its tags."""

import csv
import io
import logging
import re
import struct
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest

from firdesk.domain.money import euros, parse, parts, pourcent
from firdesk.paths import REFERENCE, REPORTS
from firdesk.typesetting.pages import TypesettingError, pdf, png, svg

MARKUP = r'#import "x" *gras* $a$ <b> @ref \\ `code` // c -> #panic("x") = titre _it_ ~ -- "q"'


def rapport(**changes: object) -> dict[str, object]:
    data: dict[str, object] = {
        "titre": "Synthèse par thème",
        "sous_titre": "CP payés au 31 décembre 2025",
        "base": "aisne-2025.firdesk",
        "exercice": "2025",
        "edite_le": "22/11/2026",
        "date": "2026-11-22",
        "bandeau": None,
        "orientation": "portrait",
        "colonnes": [colonne("Thème", "texte"), colonne("CP payés")],
        "lignes": [ligne("Parcours Cancer", euros(1894069400))],
        "total": ["Total", euros(1894069400)],
        "notes": [],
        "chiffres": [],
        "barres": None,
    }
    return data | changes


def colonne(titre: str, genre: str = "montant", largeur: float | None = None) -> dict[str, object]:
    return {"titre": titre, "genre": genre, "largeur": largeur}


def ligne(*cellules: str, genre: str = "ligne", retrait: int = 0) -> dict[str, object]:
    return {"cellules": list(cellules), "genre": genre, "retrait": retrait}


def themes() -> dict[str, object]:
    """The published theme table of 2025, with key figures and bars."""
    with (REFERENCE / "themes.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, delimiter=";"))
    amounts = [int(r["montant_2025_eur"]) * 100 for r in rows]
    shares = parts(amounts)
    return rapport(
        bandeau="Données de démonstration fictives, calées sur le Bilan 2025 publié",
        colonnes=[colonne("Thème", "texte"), colonne("CP payés"), colonne("Part du total", "pourcent")],
        lignes=[
            ligne(r["libelle"], euros(amount), pourcent(share))
            for r, amount, share in zip(rows, amounts, shares, strict=True)
        ],
        total=["Total", euros(sum(amounts)), pourcent(100)],
        chiffres=[{"libelle": "CP payés", "valeur": euros(sum(amounts)), "detail": "99,8 % des CP ouverts"}],
        barres={
            "titre": "Thèmes",
            "alt": "Barres classées des 26 thèmes, mêmes montants que le tableau",
            "lignes": [
                {"libelle": r["libelle"], "valeur": euros(amount), "part": amount / amounts[0]}
                for r, amount in zip(rows, amounts, strict=True)
            ],
        },
        notes=["La colonne s'additionne à 100\u00a0%."],
    )


def groupes(nombre_de_lignes: int) -> dict[str, object]:
    """Groups of seven lines, each with its head and its sub-total, over as many pages as it takes."""
    lignes = []
    for i in range(nombre_de_lignes):
        if i % 7 == 0:
            lignes.append(ligne(f"Groupe {i // 7}", "", genre="groupe"))
        lignes.append(ligne(f"Ligne {i}", euros(1234567 * (i + 1)), retrait=1))
        if i % 7 == 6 or i == nombre_de_lignes - 1:
            lignes.append(ligne(f"Sous-total {i // 7}", euros(700), genre="sous_total"))
    return rapport(colonnes=[colonne("Destination", "texte"), colonne("CP payés")], lignes=lignes)


def lire(document: bytes) -> Any:
    """A :class:`pypdf.PdfReader`, untyped: its entries are read as in the file."""
    return pypdf.PdfReader(io.BytesIO(document))


def textes(document: bytes) -> list[str]:
    """The text of each page, line ends read as spaces (a label may wrap)."""
    return [page.extract_text().replace(" \n", " ") for page in lire(document).pages]


def premiers_mots(document: bytes) -> list[list[str]]:
    """For each page, the first word of each row of a table made by :func:`groupes`, in reading order."""
    known = {"Groupe", "Ligne", "Sous-total", "Total"}
    pages = [text.splitlines() for text in textes(document)]
    return [[line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in known] for lines in pages]


def balises(document: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every structure element of the tagged file: its type and its entries, in reading order."""

    def walk(node: object) -> Iterator[tuple[str, dict[str, Any]]]:
        node = node.get_object() if isinstance(node, pypdf.generic.PdfObject) else node
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield str(node["/S"]), node
            if "/K" in node:
                yield from walk(node["/K"])

    yield from walk(lire(document).trailer["/Root"]["/StructTreeRoot"])


def fonts(document: bytes) -> dict[str, Any]:
    """Fonts of all pages by name, without their subset prefix."""
    resources = [page["/Resources"]["/Font"] for page in lire(document).pages]
    found = [font.get_object() for fonts in resources for font in fonts.values()]
    return {str(font["/BaseFont"]).split("+")[-1]: font for font in found}


def width_of(letter: str, font: Any) -> float | None:
    """How wide the letter is in an embedded font, in thousandths of its size; none where it is not used."""
    to_unicode = font["/ToUnicode"].get_data().decode()
    code = re.search(rf"<(\w{{4}})> <{ord(letter):04x}>", to_unicode, re.IGNORECASE)
    if code is None:
        return None
    runs = font["/DescendantFonts"][0]["/W"]
    spans = zip(runs[::3], runs[1::3], runs[2::3], strict=True)
    return next(float(width) for first, last, width in spans if first <= int(code[1], 16) <= last)


def test_titles_of_columns_are_printed() -> None:
    (page,) = textes(pdf("synthese", rapport()))
    assert "Thème CP payés" in page


def test_a_row_reads_as_its_label_then_its_amounts() -> None:
    page = " ".join(textes(pdf("synthese", themes())))
    assert "Parcours Soins palliatifs 21\u202f143\u202f745\u00a0€ 4,0\u00a0%" in page


def test_the_first_page_bears_the_title_and_the_subtitle() -> None:
    (page,) = textes(pdf("synthese", rapport()))
    assert "Synthèse par thème\nCP payés au 31 décembre 2025\n" in page


def test_each_page_says_base_exercice_and_edition_date() -> None:
    pages = textes(pdf("synthese", groupes(120)))
    assert all("aisne-2025.firdesk · Exercice 2025" in p and "Édité le 22/11/2026" in p for p in pages)


def test_each_page_says_its_number_and_how_many_there_are() -> None:
    pages = textes(pdf("synthese", groupes(120)))
    assert len(pages) > 2
    assert [re.findall(r"Page \d+/\d+", p) for p in pages] == [
        [f"Page {i}/{len(pages)}"] for i in range(1, len(pages) + 1)
    ]


def test_column_titles_are_repeated_on_each_page() -> None:
    assert all("Destination CP payés" in p for p in textes(pdf("synthese", groupes(120))))


def test_the_demonstration_notice_is_on_each_page() -> None:
    pages = textes(pdf("synthese", groupes(120) | {"bandeau": "Données fictives"}))
    assert [p.count("Données fictives") for p in pages] == [1] * len(pages)


def test_the_head_of_a_group_is_repeated_on_the_page_that_continues_it() -> None:
    assert {page[0] for page in premiers_mots(pdf("synthese", groupes(120)))} == {"Groupe"}


@pytest.mark.parametrize("count", range(36, 46))
def test_a_total_or_a_sub_total_never_opens_a_page_and_a_group_never_closes_one(count: int) -> None:
    pages = premiers_mots(pdf("synthese", groupes(count)))
    assert all("Ligne" in page and page[-1] != "Groupe" for page in pages)
    assert all(page[page.index("Ligne") - 1] == "Groupe" for page in pages)


def test_each_line_is_printed_once_and_whole() -> None:
    text = " ".join(textes(pdf("synthese", groupes(120))))
    assert re.findall(r"Ligne (\d+) ([\d\u202f,]+\u00a0€)", text) == [
        (str(i), euros(1234567 * (i + 1))) for i in range(120)
    ]


def test_amounts_read_from_the_file_add_up_to_the_published_total() -> None:
    """Thousands come out as U+202F and the unit after U+00A0, so a reader of amounts takes them as they are."""
    text = " ".join(textes(pdf("synthese", themes() | {"barres": None, "chiffres": []})))
    amounts = [parse(found) for found in re.findall(r"\d{1,3}(?:\u202f\d{3})+\u00a0€", text)]
    assert len(amounts) == 27
    assert amounts[-1] == sum(a for a in amounts[:-1] if isinstance(a, int)) == 52687476400


@pytest.mark.parametrize(
    "change",
    [
        {"titre": MARKUP},
        {"sous_titre": MARKUP},
        {"base": MARKUP},
        {"bandeau": MARKUP},
        {"notes": [MARKUP]},
        {"lignes": [ligne(MARKUP, "1")]},
        {"lignes": [ligne(MARKUP, "", genre="groupe"), ligne("a", "1")]},
        {"total": [MARKUP, "1"]},
        {"chiffres": [{"libelle": MARKUP, "valeur": "1", "detail": ""}]},
        {"barres": {"titre": MARKUP, "alt": MARKUP, "lignes": [{"libelle": "a", "valeur": "1", "part": 1.0}]}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_text_that_looks_like_markup_is_printed_as_it_is(change: dict[str, object]) -> None:
    text = " ".join(textes(pdf("synthese", rapport(**change)))).replace("\n", " ")
    assert MARKUP in text


def test_a_long_label_wraps_and_keeps_all_its_words() -> None:
    label = " ".join(f"mot{i}" for i in range(40))
    assert f"{label} 1\u00a0€" in textes(pdf("synthese", rapport(lignes=[ligne(label, euros(100))])))[0].replace(
        "\n", " "
    )


@pytest.mark.parametrize("genre", ["ligne", "groupe", "sous_total"])
def test_a_text_longer_than_a_page_is_printed_to_its_end(genre: str) -> None:
    lignes = [ligne("mot " * 3000, "1", genre=genre), ligne("suite", "2")]
    assert " ".join(textes(pdf("synthese", rapport(lignes=lignes)))).count("mot") == 3000


def test_a_word_longer_than_its_column_is_broken_without_a_stray_character() -> None:
    word = "https://exemple.fr/" + "a" * 160
    (page,) = textes(pdf("synthese", rapport(lignes=[ligne(word, euros(100))])))
    assert word in page.replace("\n", "")


def test_a_character_that_the_font_lacks_is_replaced_and_stops_nothing() -> None:
    (page,) = textes(pdf("synthese", rapport(lignes=[ligne("Crèche 😀 漢\x07", euros(100))])))
    assert "Crèche □ □" in page


def test_an_empty_table_says_so() -> None:
    (page,) = textes(pdf("synthese", rapport(lignes=[])))
    assert "Aucune ligne." in page


def test_a_group_without_lines_is_printed_like_the_others() -> None:
    lignes = [ligne("Groupe vide", "", genre="groupe"), ligne("Groupe", "", genre="groupe"), ligne("Ligne", "1")]
    assert premiers_mots(pdf("synthese", rapport(lignes=lignes))) == [["Groupe", "Groupe", "Ligne", "Total"]]


def test_a_table_too_wide_for_its_page_is_refused() -> None:
    wide = rapport(colonnes=[colonne(f"Colonne {i}") for i in range(14)], lignes=[ligne(*[euros(10**13)] * 14)])
    with pytest.raises(TypesettingError, match="trop de colonnes"):
        pdf("synthese", wide)


def test_landscape_pages_are_wider_than_tall() -> None:
    page = lire(pdf("synthese", rapport(orientation="paysage"))).pages[0]
    assert page.mediabox.width > page.mediabox.height


def test_the_file_says_it_is_pdf_ua_1() -> None:
    metadata = lire(pdf("synthese", rapport())).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_the_file_is_tagged() -> None:
    root = lire(pdf("synthese", rapport())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_the_file_is_in_french() -> None:
    assert lire(pdf("synthese", rapport())).trailer["/Root"]["/Lang"] == "fr-FR"


def test_the_window_of_a_reader_shows_the_title() -> None:
    reader = lire(pdf("synthese", rapport()))
    assert reader.metadata.title == "Synthèse par thème – exercice 2025"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_bars_are_a_figure_with_alternative_text() -> None:
    figures = [node for kind, node in balises(pdf("synthese", themes())) if kind == "/Figure"]
    assert [f["/Alt"] for f in figures] == ["Barres classées des 26 thèmes, mêmes montants que le tableau"]


def test_bars_without_alternative_text_are_described_by_their_figures() -> None:
    bars = {"titre": "Missions", "alt": "", "lignes": [{"libelle": "Mission 1", "valeur": "2\u00a0€", "part": 1.0}]}
    figures = [node for kind, node in balises(pdf("synthese", rapport(barres=bars))) if kind == "/Figure"]
    assert [f["/Alt"] for f in figures] == ["Barres classées : Mission 1 2\u00a0€"]


def test_column_titles_are_tagged_as_header_cells() -> None:
    kinds = [kind for kind, _ in balises(pdf("synthese", themes()))]
    assert kinds.count("/Table") == 1
    assert kinds.count("/TH") == 3
    assert kinds.count("/TR") == 28


def test_headings_start_at_level_one() -> None:
    kinds = [kind for kind, _ in balises(pdf("synthese", themes())) if re.fullmatch(r"/H\d", kind)]
    assert kinds == ["/H1", "/H2", "/H2"]


def test_the_same_data_gives_the_same_bytes() -> None:
    assert pdf("synthese", themes()) == pdf("synthese", themes())


def test_the_file_is_dated_by_its_data() -> None:
    reader = lire(pdf("synthese", rapport()))
    assert reader.metadata["/CreationDate"] == "D:20261122000000Z"


def test_inter_is_the_only_font_and_is_embedded() -> None:
    document = pdf("synthese", themes())
    assert set(fonts(document)) == {"Inter-Regular", "Inter-Italic"}
    assert all("/FontFile2" in f["/DescendantFonts"][0]["/FontDescriptor"] for f in fonts(document).values())


def test_bold_comes_from_the_weights_of_the_font() -> None:
    """Lines, column titles and totals are set in 400, 600 and 700: in Inter the same letter then has three widths."""
    document = pdf(
        "synthese", rapport(colonnes=[colonne("Total", "texte"), colonne("CP")], lignes=[ligne("Total", "")])
    )
    resources = lire(document).pages[0]["/Resources"]["/Font"]
    assert len({width_of("T", font) for font in resources.values()} - {None}) == 3


def test_png_pages_are_as_many_as_pdf_pages() -> None:
    data = groupes(60)
    assert len(png("synthese", data, ppi=40)) == len(lire(pdf("synthese", data)).pages)


def test_png_has_the_resolution_asked_for() -> None:
    (image,) = png("synthese", rapport(), ppi=72)
    assert struct.unpack(">II", image[16:24]) == (595, 842)


def test_svg_pages_are_as_many_as_pdf_pages() -> None:
    data = groupes(60)
    pages = svg("synthese", data)
    assert len(pages) == len(lire(pdf("synthese", data)).pages)
    assert all(page.startswith(b"<svg") for page in pages)


@pytest.mark.parametrize("template", ["absent", "../synthese", "", "Synthese"])
def test_an_unknown_template_is_named_in_the_error(template: str) -> None:
    with pytest.raises(TypesettingError, match="n'existe pas") as caught:
        pdf(template, rapport())
    assert caught.value.template == template


def test_a_failure_of_typst_names_the_template_and_keeps_the_diagnostic() -> None:
    data = rapport()
    del data["titre"]
    with pytest.raises(TypesettingError, match="synthese") as caught:
        pdf("synthese", data)
    assert "titre" in caught.value.details


def test_a_report_without_a_title_is_refused() -> None:
    with pytest.raises(TypesettingError, match="n'a pas de titre"):
        pdf("synthese", rapport(titre=" "))


def test_a_report_without_a_date_is_refused() -> None:
    with pytest.raises(TypesettingError, match="AAAA-MM-JJ"):
        pdf("synthese", rapport(date="22/11/2026"))


def test_typst_has_nothing_to_warn_about(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        pdf("synthese", themes())
    assert caplog.records == []


def test_no_template_asks_for_a_package() -> None:
    """A package would be fetched from the network."""
    assert [t.name for t in REPORTS.glob("*.typ") if '"@' in t.read_text(encoding="utf-8")] == []
