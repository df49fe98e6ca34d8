"""Opening, refusing, locking and creating the file; every refusal leaves it as it was."""

import getpass
import os
import platform
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.store import database, migrations
from firdesk.store.database import Base

Child = Callable[..., "subprocess.Popen[str]"]

OPEN = """
import sys
from pathlib import Path
from firdesk.domain.problem import Refus
from firdesk.store import database
try:
    base = database.open_base(Path(sys.argv[1]))
except Refus as refus:
    print(refus.message)
else:
    print("ouverte", flush=True)
    sys.stdin.readline()
    base.close()
"""


def _patch(file: Path, offset: int, data: bytes) -> None:
    body = bytearray(file.read_bytes())
    body[offset : offset + len(data)] = data
    file.write_bytes(body)


def _refusal(path: Path) -> str:
    with pytest.raises(Refus) as caught:
        database.open_base(path)
    return caught.value.message


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("trusted_schema", 0),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("locking_mode", "exclusive"),
        ("journal_mode", "truncate"),
        ("synchronous", 3),
        ("temp_store", 2),
        ("secure_delete", 1),
        ("cell_size_check", 1),
        ("cache_size", -49152),
        ("application_id", 0x46495244),
    ],
)
def test_each_setting_reads_back(base: Base, pragma: str, expected: object) -> None:
    assert base.conn.execute(f"PRAGMA {pragma}").fetchone()[0] == expected


def test_no_memory_map_is_used(base: Base) -> None:
    row = base.conn.execute("PRAGMA mmap_size").fetchone()
    assert row is None or row[0] == 0


@pytest.mark.parametrize("content", [b"", b"bonjour", b"x" * 5000, b"SQLite format 3\x00"])
def test_a_file_that_is_no_base_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.firdesk"
    path.write_bytes(content)
    assert "n'est pas une base FIRDesk" in _refusal(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_another_sqlite_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "autre.db"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE t (x)")
    conn.close()
    before = path.read_bytes()
    assert "pas une base FIRDesk" in _refusal(path)
    assert path.read_bytes() == before


def test_a_directory_is_refused(tmp_path: Path) -> None:
    assert "est un dossier" in _refusal(tmp_path)


def test_a_missing_file_is_refused_and_not_created(tmp_path: Path) -> None:
    assert "n'existe pas" in _refusal(tmp_path / "absente.firdesk")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_format_is_refused_untouched(file: Path) -> None:
    _patch(file, 60, (migrations.latest() + 1).to_bytes(4, "big"))
    before = file.read_bytes()
    assert "version plus récente" in _refusal(file)
    assert file.read_bytes() == before
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_a_base_cut_short_is_refused_in_french(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])
    assert "abîmée" in _refusal(file)


def test_a_base_with_a_spoiled_first_page_is_refused_in_french(file: Path) -> None:
    _patch(file, 100, b"\xff" * 2000)
    assert "abîmée" in _refusal(file)


def test_a_second_process_is_told_who_where_and_since_when(base: Base, child: Child) -> None:
    said = child(OPEN, base.path).communicate(timeout=30)[0]
    assert f"« {base.path.name} » est déjà ouverte par {getpass.getuser()} sur le poste {platform.node()}" in said
    assert "depuis le" in said


def test_a_base_held_by_another_process_is_refused_until_it_closes(file: Path, child: Child) -> None:
    holder = child(OPEN, file)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ouverte\n"
    assert "déjà ouverte par" in _refusal(file)
    holder.communicate("\n", timeout=30)
    database.open_base(file).close()


def test_opening_twice_in_one_process_is_refused_and_keeps_the_lock(base: Base, child: Child) -> None:
    assert "déjà ouverte dans cette fenêtre" in _refusal(base.path)
    link = base.path.with_name("lien.firdesk")
    link.symlink_to(base.path)
    assert "déjà ouverte dans cette fenêtre" in _refusal(link)
    assert "déjà ouverte par" in child(OPEN, base.path).communicate(timeout=30)[0]


def test_a_refused_opener_leaves_the_name_of_the_holder(base: Base, child: Child) -> None:
    child(OPEN, base.path).communicate(timeout=30)
    assert "déjà ouverte par" in child(OPEN, base.path).communicate(timeout=30)[0]


@pytest.mark.skipif(os.name == "nt", reason="rights are POSIX here")
@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "message"),
    [
        (0o444, 0o777, "est en lecture seule ou inaccessible"),
        (0o000, 0o777, "ne peut pas être lue"),
        (0o666, 0o555, "est en lecture seule ou inaccessible"),
        (0o666, 0o000, "ne peut pas être lue"),
    ],
)
def test_without_the_rights_on_the_file_or_its_folder_opening_is_refused(
    file: Path, child: Child, file_mode: int, folder_mode: int, message: str
) -> None:
    for folder in list(file.parents)[:-2]:
        folder.chmod(folder.stat().st_mode | 0o055)
    file.chmod(file_mode)
    file.parent.chmod(folder_mode)
    # What the program reads of itself is read first: another user may not see the folder it is run from.
    first = "import os, sqlite_utils\nfrom firdesk.store import migrations\nmigrations.latest()\n"
    nobody = OPEN.replace("try:", f"{first}if os.geteuid() == 0:\n    os.seteuid(65534)\ntry:", 1)
    said = child(nobody, file).communicate("\n", timeout=30)
    file.parent.chmod(0o777)
    assert message in said[0], said


def test_a_file_kept_by_a_write_ahead_log_is_taken_back(file: Path, check: Callable[[Base], None]) -> None:
    conn = sqlite3.connect(file)
    assert conn.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    conn.close()
    base = database.open_base(file)
    assert base.conn.execute("PRAGMA journal_mode").fetchone() == ("truncate",)
    check(base)
    base.close()


def test_a_stray_lock_file_of_a_dead_process_stops_nobody(file: Path) -> None:
    database.lock_file(file).write_text("{", encoding="utf-8")
    database.open_base(file).close()
    assert not database.lock_file(file).exists()


def test_closing_leaves_nothing_beside_the_file_and_may_be_repeated(base: Base) -> None:
    with base.operation("Essai"):
        base.conn.execute("UPDATE theme SET libelle = 'x'")
    base.close()
    base.close()
    assert [p.name for p in base.path.parent.iterdir()] == [base.path.name]


def test_a_second_close_does_not_erase_the_next_holders_name(base: Base, child: Child) -> None:
    base.close()
    again = database.open_base(base.path)
    base.close()
    assert database.lock_file(again.path).exists()
    again.close()


@pytest.mark.parametrize(
    "name", ["avec espaces.firdesk", "été à l'œuvre.firdesk", "a#b?c%20d&e=f.firdesk", "100%.firdesk", "日本.firdesk"]
)
def test_a_file_of_any_name_is_created_and_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "dossier é#?% 1"
    folder.mkdir()
    database.create(folder / name, lambda base: None)
    base = database.open_base(folder / name)
    assert base.path.name == name
    base.close()
    assert [p.name for p in folder.iterdir()] == [name]


def test_creating_refuses_to_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "a.firdesk"
    path.write_bytes(b"important")
    with pytest.raises(Refus, match="existe déjà"):
        database.create(path, lambda base: None)
    assert path.read_bytes() == b"important"


def test_creating_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="n'existe pas"):
        database.create(tmp_path / "nulle part" / "a.firdesk", lambda base: None)


def test_creating_under_a_name_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refus, match="ne peut pas être créée"):
        database.create(tmp_path / ("a" * 300 + ".firdesk"), lambda base: None)


def test_a_creation_that_fails_leaves_no_half_made_file(tmp_path: Path) -> None:
    def fail(base: Base) -> None:
        with base.operation("Créer", nature="systeme"):
            base.conn.execute("INSERT INTO exercice (annee) VALUES (2025)")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.create(tmp_path / "a.firdesk", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_stray_journal_of_the_same_name_forbids_creating(tmp_path: Path) -> None:
    """SQLite would play it into the new file."""
    stray = tmp_path / "a.firdesk-journal"
    stray.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    with pytest.raises(Refus, match="déplacée pendant une écriture"):
        database.create(tmp_path / "a.firdesk", lambda base: None)
    assert list(tmp_path.iterdir()) == [stray]


def test_a_full_disk_is_said_in_french_and_loses_nothing(base: Base, check: Callable[[Base], None]) -> None:
    base.conn.execute(f"PRAGMA max_page_count = {base.conn.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(Refus, match="disque est plein"), base.operation("Trop"):
        base.conn.executemany(
            "INSERT INTO theme (code, libelle, ordre) VALUES (?, ?, 0)", [(f"t{i}", "x" * 1000) for i in range(500)]
        )
    base.conn.execute("PRAGMA max_page_count = 1000000")
    assert base.conn.execute("SELECT COUNT(*) FROM theme").fetchone() == (2,)
    with base.operation("Après"):
        base.conn.execute("INSERT INTO theme (code, libelle, ordre) VALUES ('t', 't', 0)")
    check(base)


def test_creating_on_a_full_disk_is_said_in_french(tmp_path: Path) -> None:
    def fill(base: Base) -> None:
        base.conn.execute(f"PRAGMA max_page_count = {base.conn.execute('PRAGMA page_count').fetchone()[0]}")
        with base.operation("Créer", nature="systeme"):
            base.conn.execute("INSERT INTO theme (code, libelle, ordre) VALUES ('t', ?, 0)", ("x" * 100000,))

    with pytest.raises(Refus, match="disque est plein"):
        database.create(tmp_path / "a.firdesk", fill)
    assert list(tmp_path.iterdir()) == []
