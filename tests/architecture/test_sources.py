"""Rules of size and naming that no linter knows."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = sorted((ROOT / "firdesk").rglob("*.py"))
SOURCES = [*PROGRAM, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
VAGUE_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "managers"}
MIGRATION = re.compile(r"\d{4}(_[a-z0-9]+){2,}\.sql")


def relative(path: Path) -> str:
    """The name of a file in the repository."""
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_too_long() -> None:
    assert {relative(path): lines(path) for path in SOURCES if lines(path) > LONGEST_MODULE} == {}


def test_no_function_is_too_long() -> None:
    long = {}
    for path in PROGRAM:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{relative(path)}:{node.name}"] = length
    assert long == {}


def test_module_names_say_what_is_inside() -> None:
    stems = {relative(path): path.stem.removeprefix("test_") for path in SOURCES}
    vague = [name for name, stem in stems.items() if stem == "base" or VAGUE_WORDS & set(stem.split("_"))]
    assert vague == []


@pytest.mark.parametrize("path", [path for path in PROGRAM if path.stat().st_size], ids=relative)
def test_module_opens_with_a_short_docstring(path: Path) -> None:
    opening = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert opening, "no docstring"
    assert len(opening.split("\n\n")[0].splitlines()) <= 3


def test_identifiers_carry_no_accent() -> None:
    accented = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and not token.string.isascii():
                accented.add(f"{relative(path)}:{token.start[0]} {token.string}")
    assert accented == set()


def test_migrations_are_numbered_without_gap_and_named_by_verb_and_object() -> None:
    names = sorted(path.name for path in (ROOT / "db" / "migrations").iterdir())
    assert [name for name in names if not MIGRATION.fullmatch(name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_measures_can_be_imported() -> None:
    """``peer*`` modules run in the environment of the peers: they are compiled only."""
    for path in sorted((ROOT / "bench").rglob("*.py")):
        compile(path.read_text(encoding="utf-8"), str(path), "exec")
    names = [
        relative(path).removesuffix(".py").replace("/", ".")
        for path in sorted((ROOT / "bench").rglob("*.py"))
        if not path.stem.startswith(("peer", "__"))
    ]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    command = [sys.executable, "-c", code, *names]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
