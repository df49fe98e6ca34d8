"""The child process: whatever it does, the parent says one sentence, and in time."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from firdesk.domain.problem import Refus
from firdesk.sheets.cell import Workbook
from firdesk.sheets.process import Annule, child_command, read

Packager = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "suivi de l'été.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("A")
        for row in range(1200):
            sheet.write_row(row, 0, [f"ligne {row}", row, row / 8])
    return path


def child(tmp_path: Path, code: str) -> list[str]:
    """A command that runs some Python instead of the reader."""
    script = tmp_path / "enfant.py"
    script.write_text(code, encoding="utf-8")
    return [sys.executable, "-S", "-P", str(script)]


def refused(path: Path, command: list[str], **options: float) -> Refus:
    with pytest.raises(Refus) as caught:
        read(path, command=command, **options)  # type: ignore[arg-type]
    message = caught.value.message
    assert message.startswith(f"Le fichier «\u00a0{path.name}\u00a0» n'a pas pu être lu\u00a0: ")
    assert "\n" not in message
    assert "Traceback" not in message
    return caught.value


def test_a_workbook_comes_back_whole_from_the_child(book: Path) -> None:
    workbook = read(book)
    assert workbook.name == "suivi de l'été.xlsx"
    assert [len(g.rows) for g in workbook.grids] == [1200]
    assert workbook.grids[0].rows[1199] == ["ligne 1199", 1199, 1199 / 8]


def test_a_csv_file_is_read_with_what_the_user_chose(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("é|b;c\n".encode("cp437"))
    workbook = read(path, delimiter="|", encoding="cp437")
    assert workbook.grids[0].rows == [["é", "b;c"]]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"encoding": "utf-16"}, "encodage"),
        ({"encoding": "ascii"}, "encodage"),
        ({"encoding": "inconnu"}, "encodage"),
        ({"encoding": "base64"}, "encodage"),
        ({"encoding": "a\0b"}, "encodage"),
        ({"delimiter": ";;"}, "séparateur"),
        ({"delimiter": "\n"}, "séparateur"),
        ({"delimiter": "\ud800"}, "séparateur"),
    ],
)
def test_a_wrong_choice_for_a_csv_file_gives_one_sentence(tmp_path: Path, options: dict[str, str], word: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Opérateur;Montant\nGuéret;12\n", encoding="utf-8")
    with pytest.raises(Refus, match=word) as caught:
        read(path, **options)  # type: ignore[arg-type]
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message


def test_the_child_is_found_from_any_folder(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(book.parent)
    assert read(book.name).kind == "xlsx"


def test_the_frozen_program_calls_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command("a.xlsx") == [sys.executable, "lire-classeur", "a.xlsx"]


def test_a_refusal_of_the_child_is_the_refusal_of_the_parent(tmp_path: Path) -> None:
    path = tmp_path / "rapport.xlsx"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(Refus, match="PDF"):
        read(path)


def test_a_parser_that_aborts_the_child_gives_one_sentence(package: Packager) -> None:
    """Cells out of order escape the pre-flight and make the parser ask for terabytes."""
    rows = '<row r="1"><c r="XFD1048576"><v>1</v></c><c r="A1"><v>1</v></c></row>'
    with pytest.raises(Refus, match="mémoire"):
        read(package(rows))


def test_progress_is_told_in_the_calling_thread(book: Path) -> None:
    told: list[tuple[int, int | None]] = []
    threads = set()

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))
        threads.add(threading.current_thread())

    read(book, on_progress=progress)
    assert told[-1] == (1200, 1200)
    assert threads == {threading.current_thread()}


def test_a_child_that_hangs_is_ended_at_the_deadline(tmp_path: Path, book: Path) -> None:
    start = time.monotonic()
    refus = refused(book, child(tmp_path, "import time; time.sleep(60)"), deadline=0.3)
    assert "plus de" in refus.message
    assert time.monotonic() - start < 10


def test_a_child_that_babbles_without_end_is_ended_at_the_deadline(tmp_path: Path, book: Path) -> None:
    code = "import sys\nwhile True: sys.stdout.write('{\"lignes\": []}\\n')"
    refused(book, child(tmp_path, code), deadline=0.3)


def test_a_child_that_aborts_gives_one_sentence_and_its_code(tmp_path: Path, book: Path) -> None:
    refus = refused(book, child(tmp_path, "import os; os.abort()"))
    assert "interrompu" in refus.message
    assert "code" in refus.detail


@pytest.mark.skipif(sys.platform != "linux", reason="the cap is set otherwise there")
def test_a_child_that_eats_all_memory_is_stopped_by_the_cap(tmp_path: Path, book: Path) -> None:
    refus = refused(book, child(tmp_path, "a = []\nwhile True: a.append(bytearray(1 << 24))"), memory_mb=200)
    assert "mémoire" in refus.message


@pytest.mark.parametrize(
    "output",
    [
        "bonjour",
        "[1, 2]",
        '{"autre": 1}',
        '{"lignes": 3}',
        '{"lignes": [1]}\\n{"feuille": "A", "ligne": 0, "colonne": 0}',
        '{"d": "31/12/2025"}',
        "[" * 100_000,
        "",
    ],
)
def test_a_child_that_writes_nonsense_gives_one_sentence(tmp_path: Path, book: Path, output: str) -> None:
    refused(book, child(tmp_path, f"print('{output}')"))


def test_a_child_that_stops_half_way_is_not_taken_for_a_short_file(tmp_path: Path, book: Path) -> None:
    code = "import subprocess, sys\nout = subprocess.run(sys.argv[1:], stdout=-1).stdout\n"
    code += "sys.stdout.buffer.write(b''.join(out.splitlines(keepends=True)[:-1]))"
    refused(book, [*child(tmp_path, code), *child_command(book)])


def test_a_bug_of_the_reader_is_told_as_a_sentence_with_its_trace_aside(tmp_path: Path, book: Path) -> None:
    refus = refused(book, child(tmp_path, "raise ValueError('bogue')"))
    assert "bogue" in refus.detail


def test_a_reader_that_cannot_start_gives_one_sentence(book: Path) -> None:
    refused(book, ["/nulle/part/python"])


def test_cancelling_ends_the_child_at_once(tmp_path: Path, book: Path) -> None:
    pid_file = tmp_path / "pid"
    code = f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    asked: list[float] = []

    def cancelled() -> bool:
        if pid_file.exists() and pid_file.read_text() and not asked:
            asked.append(time.monotonic())
        return bool(asked)

    with pytest.raises(Annule):
        read(book, command=child(tmp_path, code), cancelled=cancelled)
    assert time.monotonic() - asked[0] < 10
    if sys.platform == "linux":
        assert not Path(f"/proc/{pid_file.read_text()}").exists()


def test_two_threads_read_at_the_same_time(tmp_path: Path, book: Path) -> None:
    other = tmp_path / "autre.csv"
    other.write_text("a;b\n1;2\n", encoding="utf-8")
    results: dict[Path, Workbook] = {}

    def work(path: Path) -> None:
        results[path] = read(path)

    threads = [threading.Thread(target=work, args=(p,)) for p in (book, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results[book].kind == "xlsx"
    assert results[other].kind == "csv"


def test_the_child_starts_with_next_to_nothing() -> None:
    code = "import sys, firdesk.sheets.reader; print(*sys.modules)"
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"PySide6", "sqlite3", "openpyxl", "xlsxwriter", "numpy", "click", "python_calamine"}
