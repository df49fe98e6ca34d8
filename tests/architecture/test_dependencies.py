"""What the requirement files pin, what pyproject asks for and what the documentation says agree."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("run", "dev", "bench")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
# A second SQLite, a second Qt or pandas would change how the program behaves.
UNWANTED = {
    "pandas",
    "apsw",
    "pysqlite3",
    "pyside6",
    "pyside6-addons",
    "pyqt5",
    "pyqt6",
    "duckdb",
    "matplotlib",
}


def entries(name: str) -> Iterator[tuple[Requirement, list[str]]]:
    """The requirements of one list, each with its options."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            wanted, *options = re.split(r"\s+(?=--)", line.strip())
            yield Requirement(wanted), options


def pins(name: str) -> dict[str, set[str]]:
    """Pinned versions by name: markers may ask for several."""
    found: dict[str, set[str]] = {}
    for requirement, _ in entries(name):
        found.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier)[2:])
    return found


def declared(extra: str = "") -> list[Requirement]:
    """What pyproject asks for: the program, one of its extras or a group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if extra == "bench":
        return [Requirement(text) for text in project["dependency-groups"]["bench"]]
    body = project["project"]
    return [Requirement(text) for text in (body["optional-dependencies"][extra] if extra else body["dependencies"])]


@pytest.mark.parametrize("name", LISTS)
def test_each_requirement_is_pinned_and_hashed(name: str) -> None:
    for requirement, options in entries(name):
        assert [item.operator for item in requirement.specifier] == ["=="], str(requirement)
        assert options, str(requirement)
        assert all(HASH.fullmatch(option) for option in options), str(requirement)


@pytest.mark.parametrize("name", LISTS)
def test_no_list_names_an_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"http|://|index.url|find-links|trusted-host|@", text)


@pytest.mark.parametrize(("extra", "name"), [("", "run"), ("", "dev"), ("dev", "dev"), ("bench", "bench")])
def test_lists_answer_pyproject(extra: str, name: str) -> None:
    pinned = pins(name)
    for requirement in declared(extra):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement} is not in {name}.txt"
        assert all(requirement.specifier.contains(version) for version in versions), str(requirement)


def test_lists_agree_with_each_other() -> None:
    run, dev = pins("run"), pins("dev")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["run", "dev"])
def test_nothing_unwanted_enters_the_environment(name: str) -> None:
    assert UNWANTED & pins(name).keys() == set()


def test_pyside_6_12_is_refused() -> None:
    """6.12.0 on Python 3.11 loses references to ``None`` and aborts the process."""
    wanted = next(item for item in declared() if item.name == "PySide6-Essentials")
    assert not wanted.specifier.contains("6.12.0")
    assert wanted.specifier.contains("6.11.3")


def test_each_dependency_is_justified() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = {canonicalize_name(name) for name in re.findall(r"^\| ([A-Za-z0-9._-]+) \|", page, re.MULTILINE)}
    wanted = {canonicalize_name(item.name) for extra in ("", "dev", "bench") for item in declared(extra)}
    assert wanted - rows == set()
    assert {name for name in rows if name not in wanted | pins("dev").keys() and name != "package"} == set()
