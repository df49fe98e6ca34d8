"""What is refused before any parser: each file of its kind, one French sentence each."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from firdesk.domain.problem import Refus
from firdesk.sheets.preflight import check
from tests.sheets.old_excel import container

Packager = Callable[..., Path]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(path: Path) -> str:
    with pytest.raises(Refus) as caught:
        check(path)
    message = caught.value.message
    assert message.startswith(f"Le fichier «\u00a0{path.name}\u00a0» n'a pas pu être lu")
    assert message.endswith(".")
    assert "\n" not in message
    return message


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    path = tmp_path / "sain.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("A").write_column(0, 0, range(200))
    return path.read_bytes()


def file(tmp_path: Path, content: bytes, name: str = "essai.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_sound_workbook_is_known_by_its_content_not_its_name(tmp_path: Path, sound: bytes) -> None:
    assert check(file(tmp_path, sound, "essai.csv")) == "xlsx"
    assert check(file(tmp_path, b"a;b\n1;2\n", "essai.xlsx")) == "csv"


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    assert "n'existe pas" in refused(tmp_path / "absent.xlsx")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "dossier" in refused(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "vide" in refused(file(tmp_path, b""))


def test_a_file_of_zeros_is_an_interrupted_copy(tmp_path: Path) -> None:
    assert "copie interrompue" in refused(file(tmp_path, bytes(5000)))


@pytest.mark.parametrize("kept", [0.99, 0.5, 0.02])
def test_a_truncated_zip_is_refused_with_one_french_sentence(tmp_path: Path, sound: bytes, kept: float) -> None:
    assert "tronqué" in refused(file(tmp_path, sound[: int(len(sound) * kept)]))


def test_a_zip_whose_member_is_damaged_is_refused(tmp_path: Path, sound: bytes) -> None:
    start = sound.index(b"xl/worksheets/sheet1.xml") + 60
    assert "abîmé" in refused(file(tmp_path, sound[:start] + bytes(60) + sound[start + 60 :]))


def test_the_owner_file_of_an_open_workbook_is_refused(tmp_path: Path) -> None:
    assert "ouvert dans Excel" in refused(file(tmp_path, b"\x05Marie", "~$suivi.xlsx"))


def test_a_locked_file_is_refused_with_the_way_to_unlock_it(
    tmp_path: Path, sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_self: Path) -> bytes:
        raise PermissionError(13, "locked")

    path = file(tmp_path, sound)
    monkeypatch.setattr(Path, "read_bytes", locked)
    assert "le fermer dans Excel" in refused(path)


def test_an_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    content = _OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)
    assert "mot de passe" in refused(file(tmp_path, content))


def test_an_ole_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    content = container({"WordDocument": b"Madame, Monsieur,"})
    assert "pas un classeur" in refused(file(tmp_path, content, "lettre.xls"))


def test_a_truncated_old_workbook_is_refused(tmp_path: Path) -> None:
    assert "tronqué" in refused(file(tmp_path, _OLE + bytes(100), "vieux.xls"))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\n%...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "page web"),
        (b"<style>td {}</style>\n<TABLE><tr><td>1</td></tr></TABLE>", "page web"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "page web"),
        (
            b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
            "ods",
        ),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "XML"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0", "ni un classeur"),
        (b"{\\rtf1 bonjour}", "document texte"),
        (b"\x1f\x8b\x08\0\0\0", "archive"),
    ],
)
def test_a_file_of_another_nature_is_named_for_what_it_is(tmp_path: Path, content: bytes, word: str) -> None:
    assert word in refused(file(tmp_path, content, "export.xls"))


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_x", ".x"), content)
    return buffer.getvalue()


def test_a_word_document_is_named(tmp_path: Path) -> None:
    assert "Word" in refused(file(tmp_path, zipped(word__document_xml=b"<a/>")))


def test_a_zip_around_a_workbook_is_to_be_unpacked_first(tmp_path: Path, sound: bytes) -> None:
    assert "extraire" in refused(file(tmp_path, zipped(suivi_xlsx=sound), "envoi.zip"))


def test_a_zip_bomb_is_refused(package: Packager) -> None:
    path = package(extra={"xl/media/image.bin": bytes(64 * 1024**2)})
    assert path.stat().st_size < 1024**2
    assert "volume anormal" in refused(path)


def test_an_archive_of_thousands_of_members_is_refused(package: Packager) -> None:
    assert "volume anormal" in refused(package(extra={f"m{i}": b"" for i in range(5001)}))


def test_members_that_overlap_are_refused(tmp_path: Path, sound: bytes) -> None:
    """The whole of a bomb may be one member that the directory lists a thousand times."""
    content = bytearray(sound)
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = struct.pack("<I", 0)
    assert "incohérente" in refused(file(tmp_path, bytes(content)))


def test_an_encrypted_member_is_refused(tmp_path: Path, sound: bytes) -> None:
    content = bytearray(sound)
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert "chiffrée" in refused(file(tmp_path, bytes(content)))


@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>',
        b'<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b"<!-- " + b"x" * 70_000 + b" --><!DOCTYPE x>",
    ],
)
def test_a_doctype_is_refused_however_it_hides(package: Packager, prologue: bytes) -> None:
    assert "enregistrer au format" in refused(package(sheet=prologue + b"<worksheet><sheetData/></worksheet>"))


def test_xml_in_utf_16_is_refused(package: Packager) -> None:
    content = '<?xml version="1.0" encoding="UTF-16"?><worksheet/>'.encode("utf-16")
    assert "encodage" in refused(package(sheet=content))


def test_xml_nested_beyond_reason_is_refused(package: Packager) -> None:
    assert "imbriqué" in refused(package(sheet=b"<a>" * 500))


def test_a_text_that_speaks_of_a_doctype_is_no_doctype(package: Packager) -> None:
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<!DOCTYPE html>]]></t></is></c></row>'
    assert check(package(rows)) == "xlsx"


def test_a_cell_in_the_last_corner_is_refused_with_its_address(package: Packager) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    message = refused(package(rows))
    assert "XFD1048576" in message
    assert "Données" in message


def test_an_empty_cell_in_the_last_corner_is_accepted(package: Packager) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert check(package(rows)) == "xlsx"


def test_a_dimension_that_lies_is_not_believed(package: Packager) -> None:
    path = package('<row r="1"><c r="A1"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>')
    assert check(path) == "xlsx"


def test_a_workbook_without_its_sheet_is_refused(tmp_path: Path, package: Packager) -> None:
    whole = package()
    path = tmp_path / "ampute.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            if "sheet1" not in member:
                target.writestr(member, source.read(member))
    assert "abîmé" in refused(path)


def test_a_sheet_that_is_no_xml_is_refused(package: Packager) -> None:
    assert "abîmé" in refused(package(sheet=b"bonjour"))
