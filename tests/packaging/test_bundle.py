"""The stand-alone program: built by PyInstaller from the spec, then started as a user would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(1800)]

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "packaging"
UNWANTED = ("sql", "network", "qml", "quick", "designer", "virtualkeyboard")
EXECUTABLE = "firdesk-cli.exe" if sys.platform == "win32" else "firdesk"


@pytest.fixture(scope="module")
def bundle() -> Path:
    """The folder of a freshly built program."""
    shutil.rmtree(BUILD, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    places = ["--distpath", str(BUILD / "dist"), "--workpath", str(BUILD / "work"), "firdesk.spec"]
    built = subprocess.run([*command, *places], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return BUILD / "dist" / "firdesk"


def start(bundle: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the bundled program in an empty folder, with an empty home and without this Python."""
    kept = {"SYSTEMROOT", "PATH", "TEMP", "TMP", "LANG", "LC_ALL"}
    env = {name: value for name, value in os.environ.items() if name in kept}
    env |= {"HOME": str(folder), "USERPROFILE": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    env |= {"QT_QPA_PLATFORM": "offscreen"}
    command = [str(bundle / EXECUTABLE), *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=600, check=False)


def test_checks_itself(bundle: Path, tmp_path: Path) -> None:
    result = start(bundle, tmp_path, "autotest")
    assert result.returncode == 0, result.stdout + result.stderr


def test_works_where_it_is_moved(bundle: Path, tmp_path: Path) -> None:
    """The user copies the folder anywhere, accents and spaces included."""
    place = tmp_path / "Données de l'été"
    shutil.copytree(bundle, place, symlinks=True)
    result = start(place, tmp_path, "nouveau", "essai.firdesk")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (tmp_path / "essai.firdesk").stat().st_size > 0


def test_is_one_folder(bundle: Path) -> None:
    """One file would unpack itself at each start."""
    assert (bundle / "_internal" / "base_library.zip").is_file()
    assert (bundle / EXECUTABLE).stat().st_size < 40_000_000


def test_carries_no_second_sqlite_nor_network(bundle: Path) -> None:
    qt = [path for path in bundle.rglob("*") if "qt" in path.name.lower() and ".so" in path.name]
    qt += [path for path in bundle.rglob("*.dll") if "qt" in path.name.lower()]
    assert qt
    assert [path.name for path in qt if any(word in path.name.lower() for word in UNWANTED)] == []
    assert not list(bundle.rglob("sqldrivers"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ldd")
def test_each_qt_library_finds_the_others(bundle: Path) -> None:
    """Leaving out Qt libraries must not orphan one that stays."""
    orphans = []
    for path in (bundle / "_internal" / "PySide6").rglob("*.so*"):
        listing = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False).stdout
        lacking = [line.split()[0] for line in listing.splitlines() if "not found" in line]
        orphans += [f"{path.name}: {name}" for name in lacking if name.startswith(("libQt6", "libpyside", "libicu"))]
    assert orphans == []


@pytest.mark.parametrize("folder", ["resources", "db", "docs/guide"])
def test_carries_all_data(bundle: Path, folder: str) -> None:
    def names(root: Path) -> set[str]:
        return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}

    assert names(bundle / "_internal" / "firdesk" / "_data" / folder) == names(ROOT / folder)


def test_carries_font_translation_and_licence(bundle: Path) -> None:
    inside = bundle / "_internal"
    assert (inside / "fontpkg_inter" / "files" / "Inter[opsz,wght].ttf").is_file()
    assert {path.name for path in inside.rglob("*.qm")} == {"qt_fr.qm", "qtbase_fr.qm"}
    assert (inside / "LICENSE").is_file()
