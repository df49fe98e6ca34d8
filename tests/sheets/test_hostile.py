"""Files that would harm: through the child process, each gives one French sentence and leaves nothing behind."""

import io
import os
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.sheets.process import read
from tests.sheets import binary_excel as xlsb
from tests.sheets import old_excel as xls
from tests.sheets import open_document as ods
from tests.sheets.odd_files import all_files, rewritten

Packager = Callable[..., Path]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.fixture(autouse=True)
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No file beside, none in the folder of temporary files, no child of ours."""
    scratch = tmp_path / "provisoire"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setenv("TEMP", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    before = children()
    yield
    assert list(scratch.iterdir()) == []
    assert children() == before


def children() -> set[str]:
    """The processes that this one has started and that are still there, ended or not."""
    if sys.platform != "linux":
        return set()
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        found.update((task / "children").read_text().split() if (task / "children").exists() else [])
    return found


def refused(path: Path, **options: float) -> str:
    beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    content = b""
    with suppress(OSError, ValueError):
        content = path.read_bytes() if path.is_file() else b""
    with pytest.raises(Refus) as caught:
        read(path, **options)  # type: ignore[arg-type]
    message = caught.value.message
    assert message.startswith("Le fichier «")
    assert message.endswith(".")
    assert "\n" not in message
    assert "Traceback" not in message
    if content:
        assert path.read_bytes() == content
        assert sorted(p.name for p in path.parent.iterdir()) == beside
    return message


def stored(tmp_path: Path, data: bytes, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_zip_bomb(package: Packager) -> None:
    assert "volume anormal" in refused(package(CELL, extra={"xl/media/a.bin": bytes(64 << 20)}))


def test_a_bomb_inside_the_sheet_itself(package: Packager) -> None:
    assert "volume anormal" in refused(package(" " * (64 << 20)))


def test_a_zip_in_a_zip_in_a_zip(tmp_path: Path) -> None:
    data = all_files()["textes.xlsx"]
    for _ in range(3):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("envoi.xlsx", data)
        data = buffer.getvalue()
    assert "extraire" in refused(stored(tmp_path, data, "envoi.xlsx"))


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_entities_in_any_part(tmp_path: Path, member: str) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12)
    )
    data = all_files()["titres fusions totaux.xlsx"]
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == member:
                head, _, rest = text.partition("?>")
                text = f"{head}?>{lol}]>{rest}"
            archive.writestr(name, text)
    assert "entités" in refused(stored(tmp_path, target.getvalue(), "rire.xlsx"))


def test_dimensions_that_lie(package: Packager, tmp_path: Path) -> None:
    for area in ("A1:XFD1048576", "A1:A1", "B2", "XFD1048576:A1"):
        assert read(package(CELL, before=f'<dimension ref="{area}"/>')).grids[0].rows[0] == [1]
    liar = xls.record(0x0200, struct.pack("<IIHHH", 0, 65536, 0, 256, 0)) + xls.number(0, 0, 1)
    assert read(stored(tmp_path, xls.workbook([("A", liar)]), "a.xls")).grids[0].rows[0] == [1]
    liar = xls.record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)) + xls.number(0, 0, 1)
    assert "abîmé" in refused(stored(tmp_path, xls.workbook([("A", liar)]), "b.xls"))


def test_a_lonely_cell_at_the_end_of_the_world(package: Packager, tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "XFD1048576" in refused(package(CELL + far))
    cells = xlsb.row(0, xlsb.rk(0, 1)) + xlsb.row(1048575, xlsb.rk(16383, 1))
    assert "XFD1048576" in refused(stored(tmp_path, xlsb.workbook([("A", cells)]), "a.xlsb"))


def test_a_cell_far_away_that_comes_before_the_others(package: Packager) -> None:
    """Out of order, the last cell of a row does not bound it."""
    assert "à leur place" in refused(package('<row r="1"><c r="XFD1"><v>1</v></c><c r="A1"><v>1</v></c></row>'))


def test_a_file_that_kills_the_reader(package: Packager) -> None:
    """Only the parser understands this address, and dies of the memory that it asks for."""
    cells = '<c r="AinlineStr4"><v>1</v></c><c r="B4"><v>1</v></c>'
    assert "mémoire" in refused(package(CELL + f'<row r="4">{cells}</row>'))


@pytest.mark.parametrize("count", ["1048576", "4294967295", "99999999999", "9" * 30, "-5", "x"])
@pytest.mark.parametrize("attribute", ["number-columns-repeated", "number-rows-spanned", "number-columns-spanned"])
def test_counts_without_bounds_in_a_cell(tmp_path: Path, attribute: str, count: str) -> None:
    cell = ods.NUMBER.replace(" ", f' table:{attribute}="{count}" ', 1)
    path = stored(tmp_path, ods.workbook(ods.table(cell + ods.NUMBER)), "a.ods")
    if attribute == "number-columns-repeated":
        refused(path)
    else:
        assert read(path).grids[0].cells_seen == 2


@pytest.mark.parametrize("count", ["1048576", "99999999999", "9" * 30])
def test_counts_without_bounds_in_a_row(tmp_path: Path, count: str) -> None:
    row = f'<table:table-row table:number-rows-repeated="{count}">{ods.NUMBER * 20}</table:table-row>'
    refused(stored(tmp_path, ods.workbook(ods.table(row)), "a.ods"))


def test_a_million_hidden_rows_in_each_of_many_sheets(tmp_path: Path) -> None:
    row = '<table:table-row table:visibility="collapse" table:number-rows-repeated="1048000"><table:table-cell/>'
    tables = "".join(ods.table(ods.NAME, row + "</table:table-row>", name=f"F{i}") for i in range(60))
    workbook = read(stored(tmp_path, ods.workbook(tables), "a.ods"), memory_mb=300)
    assert [len(grid.hidden_rows) for grid in workbook.grids] == [0] * 60


def test_columns_hidden_without_bounds(package: Packager) -> None:
    columns = '<cols><col min="2" max="999999" hidden="1"/></cols>'
    assert read(package(CELL, before=columns)).grids[0].hidden_columns == frozenset()


@pytest.mark.parametrize("name", ["secret.xlsx", "secret.xls", "secret.ods"])
def test_encrypted_workbooks(tmp_path: Path, name: str) -> None:
    data = {
        "secret.xlsx": xls.container({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": bytes(9000)}),
        "secret.xls": xls.workbook([("A", b"")], before=xls.record(0x002F, bytes(54))),
        "secret.ods": ods.workbook("", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"),
    }[name]  # fmt: skip
    assert "mot de passe" in refused(stored(tmp_path, data, name))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("name", ["titres fusions totaux.xlsx", "binaire.xlsb", "vieux.xls", "libre formules.ods"])
def test_truncated_workbooks(tmp_path: Path, name: str, kept: float) -> None:
    data = all_files()[name]
    refused(stored(tmp_path, data[: int(len(data) * kept)], name))


def test_nothing_and_no_file(tmp_path: Path) -> None:
    assert "vide" in refused(stored(tmp_path, b"", "vide.xlsx"))
    assert "dossier" in refused(tmp_path)
    assert "n'existe pas" in refused(tmp_path / "absent.xlsx")
    assert "n'existe pas" in refused(tmp_path / "vide.xlsx" / "a.xlsx")
    refused(tmp_path / ("x" * 300 + ".xlsx"))
    refused(tmp_path / "a\0b.xlsx")


@POSIX
def test_devices_pipes_and_links(tmp_path: Path) -> None:
    assert "pas un fichier" in refused(Path("/dev/zero"))
    pipe, loop, nowhere = tmp_path / "tube.csv", tmp_path / "boucle.xlsx", tmp_path / "perdu.xlsx"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    nowhere.symlink_to(tmp_path / "absent.xlsx")
    assert "pas un fichier" in refused(pipe)
    assert "disque" in refused(loop)
    assert "n'existe pas" in refused(nowhere)


@pytest.mark.skipif(sys.platform != "linux", reason="names are texts there")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.csv"))
    path.write_bytes(b"a;b\n1;2\n")
    workbook = read(path)
    assert (workbook.name, workbook.grids[0].cells_seen) == ("?t?.csv", 4)
    path.write_bytes(b"%PDF")
    assert "PDF" in refused(path)


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="everything is permitted to root")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = stored(tmp_path, b"a;b\n", "a.csv")
    path.chmod(0)
    assert "protégé" in refused(path)


def test_a_file_open_elsewhere_is_read_and_it_is_said(tmp_path: Path, package: Packager) -> None:
    path = package(CELL)
    owner = path.with_name(f"~${path.name}")
    owner.write_bytes(b"\5Marie")
    workbook = read(path)
    assert workbook.grids[0].rows[0] == [1]
    assert "ouvert dans un tableur" in workbook.notes[0]
    assert "choisir le classeur" in refused(owner)


def test_values_of_other_workbooks_are_said_and_never_fetched(package: Packager) -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    other, command = "<f>[1]Feuil1!A1</f><v>12</v>", '<f>DDE("cmd";"/c calc";"x")</f><v>3</v>'
    rows = f'<c r="A1">{other}</c><c r="B1">{command}</c>'
    workbook = read(package(f'<row r="1">{rows}</row>', extra={"xl/externalLinks/externalLink1.xml": link}))
    assert workbook.grids[0].rows[0] == [12, 3]
    assert "autres classeurs" in workbook.notes[0]


def test_a_workbook_of_macros_is_only_read(package: Packager) -> None:
    workbook = read(package(CELL, extra={"xl/vbaProject.bin": xls.container({"VBA": b"Shell"})}))
    assert (workbook.kind, workbook.grids[0].cells_seen) == ("xlsm", 1)


def test_xml_nested_beyond_the_first_page(tmp_path: Path) -> None:
    deep = "<text:span>" * 200_000
    cell = ods.NAME.replace("nom", " " * 70_000 + deep)
    refused(stored(tmp_path, ods.workbook(ods.table(cell)), "a.ods"))


def test_a_number_with_something_inside_is_not_cut(package: Packager) -> None:
    for inside in ("12<!-- x -->34", "12&#51;4", "12<?x?>34"):
        assert "abîmé" in refused(package(f'<row r="1"><c r="A1"><v>{inside}</v></c></row>'))
    text = read(package('<row r="1"><c r="A1" t="str"><f>B1</f><v>R&amp;D</v></c></row>'))
    assert text.grids[0].rows[0] == ["R&D"]


def test_an_error_that_only_new_programs_know_does_not_refuse_the_file(tmp_path: Path) -> None:
    data = rewritten(all_files()["erreurs et formules.xlsx"], lambda text: text.replace("#DIV/0!", "#SPILL!"))
    grid = read(stored(tmp_path, data, "a.xlsx")).grids[0]
    assert grid.errors == {(1, 2): "#SPILL!"}
    assert grid.value(1, 2) == "#SPILL!"
