"""Thousands of damaged files: a figure that the file does not hold is never read, and nothing worse happens."""

import json
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from firdesk.domain.problem import Refus
from firdesk.sheets.assembly import Assembly
from firdesk.sheets.cell import Workbook
from firdesk.sheets.limits import cap_memory
from firdesk.sheets.process import read
from tests.sheets import independent
from tests.sheets.mutations import mutate, originals

NAMES = sorted(originals())
#: Damaged files of each kind in each of the :data:`ROUNDS`.
SEEDS, ROUNDS = 100, 3
#: Of these, so many go through the whole of what the program does.
WHOLE = 12
SLOWEST = 5.0
ROOT = Path(__file__).parents[2]


class Child:
    """The reader in a process of its own, started again when a file has killed it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.sheets.mutant_reader"]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        cap_memory(process, 1 << 30)
        self.answers: queue.Queue[bytes] = queue.Queue()

        def listen() -> None:
            assert process.stdout is not None
            for line in iter(process.stdout.readline, b""):
                self.answers.put(line)
            self.answers.put(b"")

        self.thread = threading.Thread(target=listen, daemon=True)
        self.thread.start()
        return process

    def ask(self, name: str, data: bytes) -> tuple[str, str, Workbook | None]:
        """What became of the file: ``lu``, ``refus``, ``bogue``, ``mort`` (the child) or ``lent``."""
        if self.process is None:
            self.process = self.start()
        assert self.process.stdin is not None
        path = self.folder / name
        path.write_bytes(data)
        self.process.stdin.write(json.dumps(str(path)).encode() + b"\n")
        self.process.stdin.flush()
        try:
            line = self.answers.get(timeout=SLOWEST)
        except queue.Empty:
            self.stop()
            return "lent", "", None
        if not line:
            self.stop()
            return "mort", "", None
        answer, text = json.loads(line)
        return answer, text, assembled(path.with_name(name + ".lu")) if answer == "lu" else None

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.thread.join()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except BrokenPipeError:
                        continue
            self.process = None


def assembled(path: Path) -> Workbook:
    assembly = Assembly()
    for line in path.read_bytes().splitlines(keepends=True):
        assembly.add(line)
    assert assembly.workbook is not None
    return assembly.workbook


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    child = Child(tmp_path)
    yield child
    child.stop()


def invented(workbook: Workbook, data: bytes, name: str) -> list[str]:
    """Figures read that the file does not hold, or not there; figures that it holds and that are not read."""
    if name.endswith("csv"):
        return torn(workbook, data)
    binary = name.endswith(("xls", "xlsb"))
    known = None if binary else independent.figures(data, name)
    anywhere = independent.literals(data) if known is None and not binary else set()
    found = []
    for grid in workbook.grids:
        for row, values in grid.numbered():
            for column, value in enumerate(values, grid.first_column):
                if isinstance(value, bool) or not isinstance(value, int | float):
                    continue
                if binary:
                    sound = independent.encoded(value, data)
                elif known is None:
                    sound = value in anywhere
                else:
                    sound = value in known.get(grid.name, {}).get((row, column), ())
                if not sound:
                    found.append(f"{grid.name} {grid.address(row, column)} {value!r}")
    return found + lost(workbook, known or {})


def lost(workbook: Workbook, known: dict[str, independent.Figures]) -> list[str]:
    """Figures of the file that are nowhere in what is read."""
    grids = {grid.name: grid for grid in workbook.grids}
    return [
        f"{name} {position} perdu"
        for name, cells in known.items()
        for position in cells
        if name not in grids or (grids[name].value(*position) is None and position not in grids[name].uncached)
    ]


def torn(workbook: Workbook, data: bytes) -> list[str]:
    """A text file is cut at its delimiters and nowhere else: nothing lost, nothing added, nothing moved."""
    assert workbook.encoding is not None
    assert workbook.delimiter is not None
    text = data.decode(workbook.encoding, "replace").removeprefix("\ufeff")
    first = re.split("\r\n|\n|\r", text)[0]
    if re.fullmatch(r'"?sep=."?\s*', first, re.IGNORECASE):
        text = text[len(first) :]
    cut = str.maketrans("", "", '"\r\n' + workbook.delimiter)
    read = "".join(str(value) for row in workbook.grids[0].rows for value in row).translate(cut)
    mixed = any("deux encodages" in note for note in workbook.notes)
    return [] if mixed or read == text.translate(cut) else [f"{read!r} au lieu de {text.translate(cut)!r}"]


def french(message: str) -> bool:
    return (
        "Traceback" not in message
        and "\n" not in message
        and message.startswith("Le fichier «")
        and message.endswith(".")
    )


@pytest.mark.parametrize("part", range(ROUNDS))
@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_as_they_are_or_refused(child: Child, name: str, part: int) -> None:
    faults = []
    for seed in range(part * SEEDS, (part + 1) * SEEDS):
        data = mutate(name, seed)
        answer, text, workbook = child.ask(name, data)
        if answer in ("bogue", "lent") or (text and not french(text)):
            faults.append((seed, answer, text))
        elif workbook is not None and (wrong := invented(workbook, data, name)):
            faults.append((seed, "inventé", str(wrong[:3])))
    assert faults == []


@pytest.mark.parametrize("name", NAMES)
def test_the_program_says_one_french_sentence_of_a_damaged_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    faults = []
    for seed in range(1_000_000, 1_000_000 + WHOLE):
        data = mutate(name, seed)
        path.write_bytes(data)
        try:
            faults += invented(read(path), data, name)
        except Refus as refus:
            faults += [] if french(refus.message) else [refus.message]
        faults += [] if path.read_bytes() == data else [f"{seed} changed"]
    assert faults == []
