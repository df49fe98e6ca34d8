"""The CSV dialects that arrive: values stay texts, rows stay one a record, nothing merges."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Grid, Workbook
from firdesk.sheets.csvfile import parse_bytes, read_csv

STARSFIR = (
    '"Nom ARS"|"Raison sociale"|"Code SIRET"|"Montant Notifié"\n'
    '"ARS HDF"|"CH de Laon ; site | nord"|"02000006300017"|"1234.50"\n'
    '"ARS HDF"|"Maison ""Léa"""|" "|"0"\n'
)
HAPI = (
    "NOM_ARS|RAISON_SOCIALE|LIBELLE_ACTION|MONTANT_NOTIFIE\n"
    'ARS HDF|CHAM|"Bien vieillir, bouger,|1000\n'
    'ARS HDF|"LE RELAIS" ASSO|Équipe mobile,,|2000\n'
    'ARS HDF|GEM|dit "le phare"|3000\n'
    "\n"
)
SIBC = "Exercice;SG1;Code destination rang 3;AE ouvertes\n2025;FIR;MI2-3-8;1 234,50\n2025;DG;2-3;\n"


def read(tmp_path: Path, content: str | bytes, **options: str) -> tuple[Workbook, Grid]:
    path = tmp_path / "export.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    workbook = read_csv(path, **options)
    return workbook, workbook.grids[0]


def test_starsfir_quotes_are_taken_off_and_its_blank_cells_kept(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, STARSFIR)
    assert (workbook.kind, workbook.delimiter, workbook.encoding) == ("csv", "|", "utf-8")
    assert grid.rows[1:] == [
        ["ARS HDF", "CH de Laon ; site | nord", "02000006300017", "1234.50"],
        ["ARS HDF", 'Maison "Léa"', " ", "0"],
    ]


def test_hapi_stray_quotes_never_merge_rows(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, HAPI)
    assert workbook.delimiter == "|"
    assert [len(row) for row in grid.rows] == [4, 4, 4, 4, 0]
    assert [row[3] for row in grid.rows[1:4]] == ["1000", "2000", "3000"]


def test_hapi_labels_keep_their_quotes_and_commas(tmp_path: Path) -> None:
    _, grid = read(tmp_path, HAPI)
    assert grid.rows[1][2] == '"Bien vieillir, bouger,'
    assert grid.rows[2][1:3] == ['"LE RELAIS" ASSO', "Équipe mobile,,"]


def test_two_stray_quotes_that_answer_each_other_do_not_make_one_record(tmp_path: Path) -> None:
    content = 'A|B|C\n1|"x|2\n3|y|4\n5|z"|6\n7|t|8\n'
    _, grid = read(tmp_path, content)
    assert [row[0] for row in grid.rows] == ["A", "1", "3", "5", "7"]


def test_a_blank_line_keeps_its_number(tmp_path: Path) -> None:
    _, grid = read(tmp_path, "a;b\n\n1;2\n")
    assert grid.rows == [["a", "b"], [], ["1", "2"]]
    assert grid.raw(2, 1) == "2"


def test_sibc_amounts_stay_the_texts_they_are(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, SIBC)
    assert workbook.delimiter == ";"
    assert grid.rows[1:] == [["2025", "FIR", "MI2-3-8", "1 234,50"], ["2025", "DG", "2-3", ""]]


def test_filled_cells_are_counted(tmp_path: Path) -> None:
    _, grid = read(tmp_path, SIBC)
    assert grid.cells_seen == 11


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_an_encoding_is_found_whatever_wrote_the_file(tmp_path: Path, encoding: str) -> None:
    content = "Opérateur;Montant\nCentre d'hébergement à Guéret;12,50\n"
    _, grid = read(tmp_path, content.encode(encoding))
    assert grid.rows == [["Opérateur", "Montant"], ["Centre d'hébergement à Guéret", "12,50"]]


def test_the_euro_sign_and_typographic_quotes_of_windows_are_read(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, "Libellé;€\nl’œuvre…;3\n".encode("cp1252"))
    assert workbook.encoding == "cp1252"
    assert grid.rows == [["Libellé", "€"], ["l’œuvre…", "3"]]


def test_bytes_that_windows_does_not_know_are_still_read(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, b"a;b\n\x81\xe9;1\n")
    assert workbook.encoding == "latin-1"
    assert grid.rows[1] == ["\x81é", "1"]


@pytest.mark.parametrize("mark", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_separator_line_of_excel_is_obeyed_and_not_counted(tmp_path: Path, mark: str) -> None:
    workbook, grid = read(tmp_path, f"{mark}\na,b;c\n1,5;2\n")
    assert workbook.delimiter == ";"
    assert grid.rows == [["a,b", "c"], ["1,5", "2"]]
    assert grid.first_row == 0


@pytest.mark.parametrize("delimiter", ["|", ";", ",", "\t"])
def test_a_delimiter_is_found_among_title_lines(tmp_path: Path, delimiter: str) -> None:
    lines = ["Suivi du FIR", "", delimiter.join(["Opérateur", "Ville", "Montant"])]
    lines += [delimiter.join([f"Asso {i}", "Laon", f"{i}000"]) for i in range(8)]
    workbook, grid = read(tmp_path, "\n".join(lines))
    assert workbook.delimiter == delimiter
    assert grid.rows[3] == ["Asso 0", "Laon", "0000"]


def test_a_decimal_comma_does_not_pass_for_a_delimiter(tmp_path: Path) -> None:
    workbook, _ = read(tmp_path, "Nom;Montant\nA;1,5\nB;2,5\nC;3,5\n")
    assert workbook.delimiter == ";"


def test_a_field_over_several_lines_is_one_row_and_is_said(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, 'Nom;Objet;Montant\nA;"ligne 1\nligne 2";10\nB;court;20\n')
    assert grid.rows[1] == ["A", "ligne 1\nligne 2", "10"]
    assert grid.address(2, 0) == "A3"
    assert grid.rows[2][0] == "B"
    assert "retour à la ligne" in workbook.notes[0]


def test_a_field_over_lines_that_look_like_records_is_one_field_where_headers_are_quoted(tmp_path: Path) -> None:
    _, grid = read(tmp_path, '"Nom";"Objet"\n"A";"un\ndeux; trois"\n"B";"x"\n')
    assert grid.rows == [["Nom", "Objet"], ["A", "un\ndeux; trois"], ["B", "x"]]


_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff", exclude_categories=["Cs"]), max_size=12)


@given(st.data(), st.sampled_from([";", ",", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_a_program_writes_between_quotes_is_read_back(data: st.DataObject, delimiter: str, encoding: str) -> None:
    width = data.draw(st.integers(2, 5))
    lines = st.lists(st.lists(_CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
    rows = [[f"titre {i}" for i in range(width)], *data.draw(lines)]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    workbook = parse_bytes(buffer.getvalue().encode(encoding), "a.csv", delimiter=delimiter)
    assert workbook.grids[0].rows == rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(tmp_path: Path, end: str) -> None:
    _, grid = read(tmp_path, end.join(["a;b", "1;2", ""]))
    assert grid.rows == [["a", "b"], ["1", "2"]]


def test_a_line_separator_inside_a_text_does_not_end_the_line(tmp_path: Path) -> None:
    _, grid = read(tmp_path, "a;b\nx\u2028y\x0bz;2\n")
    assert grid.rows[1] == ["x\u2028y\x0bz", "2"]


def test_accents_encoded_twice_are_pointed_out(tmp_path: Path) -> None:
    workbook, _ = read(tmp_path, "Nom;Ville\nGuéret;Hébécourt\n".encode().decode("cp1252").encode())
    assert "deux fois" in workbook.notes[0]


def test_the_user_may_choose_delimiter_and_encoding(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, "é|b;c\n".encode("cp437"), delimiter="|", encoding="cp437")
    assert (workbook.delimiter, workbook.encoding) == ("|", "cp437")
    assert grid.rows == [["é", "b;c"]]


@pytest.mark.parametrize("encoding", ["utf-8", "inconnu"])
def test_a_wrong_choice_of_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(Refus, match="encodage"):
        read(tmp_path, b"\xe9;1\n", encoding=encoding)


def test_a_very_long_field_is_read_whole(tmp_path: Path) -> None:
    _, grid = read(tmp_path, f'a;b\n"{"x" * 300_000}";2\n')
    assert grid.rows[1] == ["x" * 300_000, "2"]


def test_a_quote_never_closed_costs_nothing_but_itself(tmp_path: Path) -> None:
    lines = ["a|b", *(f'{i}|"oublié {i}' for i in range(3000))]
    _, grid = read(tmp_path, "\n".join(lines))
    assert len(grid.rows) == 3001
    assert grid.rows[-1] == ["2999", '"oublié 2999']


@pytest.mark.parametrize("position", [1, 40, 1900])
def test_a_null_character_does_not_make_a_file_utf_16(tmp_path: Path, position: int) -> None:
    content = bytearray("Opérateur;Ville;Montant\n".encode() + b"Asso;Laon;1250\n" * 300)
    content[position] = 0
    workbook, grid = read(tmp_path, bytes(content))
    assert workbook.encoding == "utf-8"
    assert len(grid.rows) == 301
    assert "nuls" in workbook.notes[0]


def test_null_characters_are_said_with_their_lines(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, b"Nom;Montant\nA;12\x0050\n")
    assert grid.rows[1][1] == "12\0" + "50"
    assert "ligne 2" in workbook.notes[0]


def test_utf_32_is_known_by_its_mark(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, "é;1\n".encode("utf-32"))
    assert (workbook.encoding, grid.rows) == ("utf-32", [["é", "1"]])


def test_a_truncated_utf_16_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="tronqué"):
        read(tmp_path, "Nom;Montant\nA;1\n".encode("utf-16")[:-1])


def test_lines_added_by_another_program_are_read_in_their_own_encoding(tmp_path: Path) -> None:
    content = "Opérateur;1\nGuéret;2\nNîmes;3\n".encode() + "Orléans;4\n".encode("cp1252")
    workbook, grid = read(tmp_path, content)
    assert workbook.encoding == "utf-8"
    assert [row[0] for row in grid.rows] == ["Opérateur", "Guéret", "Nîmes", "Orléans"]
    assert "deux encodages" in workbook.notes[0]
    assert "ligne 4" in workbook.notes[0]


def test_broken_quotes_are_said_with_their_lines(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, 'Nom;Objet;Montant\nA;"oublié;10\nB;dit "le phare";20\nC;x;30\n')
    assert [row[2] for row in grid.rows[1:]] == ["10", "20", "30"]
    assert "Guillemets" in workbook.notes[0]
    assert "ligne 2" in workbook.notes[0]


def test_many_broken_lines_are_counted(tmp_path: Path) -> None:
    workbook, _ = read(tmp_path, "a;b\n" + 'x;"y\n' * 9)
    assert "lignes 2, 3, 4, 5, 6… (9 en tout)" in workbook.notes[0]


def test_a_decimal_comma_that_shifts_a_line_of_a_comma_file_is_said(tmp_path: Path) -> None:
    lines = ["Nom,Montant,Ville", *(f"Asso {i},{i}00,Laon" for i in range(9)), "Asso X,12,50,Laon"]
    workbook, _ = read(tmp_path, "\n".join(lines))
    assert workbook.delimiter == ","
    assert "virgule décimale" in workbook.notes[0]
    assert "ligne 11" in workbook.notes[0]


def test_delimiters_at_the_end_of_lines_shift_nothing(tmp_path: Path) -> None:
    workbook, _ = read(tmp_path, "a;b\n1;2\n3;4;;\n5;6\n")
    assert workbook.notes == ()


@pytest.mark.parametrize("delimiter", ["|", ";", ",", "\t", "^"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_every_choice_of_delimiter_and_encoding_is_obeyed(tmp_path: Path, delimiter: str, encoding: str) -> None:
    content = f"Opérateur{delimiter}Montant\nGuéret{delimiter}12\n".encode(encoding)
    workbook, grid = read(tmp_path, content, delimiter=delimiter, encoding=encoding)
    assert (workbook.delimiter, workbook.encoding) == (delimiter, encoding)
    assert grid.rows == [["Opérateur", "Montant"], ["Guéret", "12"]]


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n", "\0"])
def test_a_delimiter_that_is_none_is_refused(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(Refus, match="séparateur"):
        read(tmp_path, "a;b\n", delimiter=delimiter)


def test_a_delimiter_absent_from_the_file_is_said(tmp_path: Path) -> None:
    workbook, grid = read(tmp_path, "a;b\n1;2\n", delimiter="|")
    assert grid.rows == [["a;b"], ["1;2"]]
    assert "Aucune ligne" in workbook.notes[0]


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-be", "idna", "punycode", "base64", "rot13", "undefined", "a\0b"]
)
def test_an_encoding_that_makes_no_sense_of_the_file_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(Refus, match="encodage"):
        read(tmp_path, "Opérateur;Montant\nGuéret;12\n".encode(), encoding=encoding)


def test_utf_16_read_as_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="encodage"):
        read(tmp_path, "Opérateur;Montant\nGuéret;12\n".encode("utf-16-le"), encoding="cp1252")
