"""Prepare a machine for the Makefile: virtual environment, Qt's system libraries, packaging tools, display.

Runs on a bare Python 3.11 (standard library only) and knows nothing of the program itself.
"""
# ruff: noqa: S603, S607 - every command line is written here

from __future__ import annotations

import ctypes
import importlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APT_LINE = "apt-get install -y --no-install-recommends"
# What PySide6's wheels expect of the system: names of Debian 12, which later releases still provide.
QT_PACKAGES = """
    libcups2 libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libwayland-client0 libwayland-cursor0
    libwayland-egl1 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
    libxkbcommon-x11-0 libxkbcommon0 libzstd1
"""
QT_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtPrintSupport", "QtSvg", "QtOpenGL", "QtOpenGLWidgets")
QT_PROBES = ("libEGL.so.1", "libGL.so.1", "libglib-2.0.so.0", "libxkbcommon.so.0", "libdbus-1.so.3")
WINDOWLESS = {"offscreen", "minimal", "vnc"}


def say(french: str, english: str) -> None:
    """Print one message in both languages on stderr."""
    sys.stderr.write(f"{french}\n({english})\n")


def run(*command: str | Path) -> bool:
    """Run a command with its output shown; True when it succeeds."""
    return subprocess.run([str(part) for part in command], check=False).returncode == 0


def succeeds(*command: str | Path) -> bool:
    """Run a command in silence; True when it succeeds."""
    words = [str(part) for part in command]
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def install_packages(packages: list[str], reason: tuple[str, str]) -> bool:
    """Install Debian packages when this user may, otherwise print the line to type; True when installed."""
    french, english = reason
    if shutil.which("apt-get") is None:
        say(
            f"{french} Installez l'équivalent de ces paquets Debian : {' '.join(packages)}",
            f"{english} Install the equivalent of the Debian packages above",
        )
        return False
    if os.geteuid() != 0:
        line = f"sudo apt-get update && sudo {APT_LINE} {' '.join(packages)}"
        say(
            f"{french} Tapez cette ligne, puis relancez la commande :",
            f"{english} Type this line, then run the command again",
        )
        sys.stderr.write(f"\n    {line}\n\n")
        return False
    say(f"{french} Installation en cours.", f"{english} Installing them")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=env, check=False)  # offline, the lists at hand may do
    command = [*APT_LINE.split(), "-qq", *packages]
    done = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        say(f"{done.stdout}\nL'installation a échoué : {' '.join(command)}", "Installing packages failed")
    return done.returncode == 0


def venv_python(folder: Path) -> Path:
    """The interpreter of a virtual environment, on any platform."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip_for(folder: Path) -> list[str | Path]:
    """The command that installs into a virtual environment: its pip or this Python's; empty if none."""
    python = venv_python(folder)
    if not succeeds(python, "-c", "import sys; assert sys.version_info >= (3, 11)"):
        return []
    if succeeds(python, "-m", "pip", "--version"):
        return [python, "-m", "pip"]
    outside = succeeds(sys.executable, "-m", "pip", "--version")  # Debian's python3-pip without python3-venv
    return [sys.executable, "-m", "pip", "--python", python] if outside else []


def create_venv(folder: Path) -> bool:
    """Create a virtual environment, with pip where this Python brings it."""
    make = (sys.executable, "-m", "venv", "--clear")
    if succeeds(sys.executable, "-c", "import ensurepip, venv"):
        return run(*make, folder)
    if succeeds(sys.executable, "-m", "pip", "--version"):
        return run(*make, "--without-pip", folder)
    reason = ("Python ne sait pas créer d'environnement.", "Python cannot create virtual environments.")
    packages = [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]
    if not all(map(loads, QT_PROBES)):  # likely as bare for Qt: ask once
        packages += QT_PACKAGES.split()
    return install_packages(packages, reason) and run(*make, folder)


def prepare(requirements: str, folder: Path) -> bool:
    """Make ``folder`` hold exactly-pinned requirements (``run``, ``dev`` or ``bench``)."""
    pip = pip_for(folder) or (create_venv(folder) and pip_for(folder))
    if not pip:
        return False
    quietly = ("install", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore")
    if run(*pip, *quietly, "--require-hashes", "-r", ROOT / "requirements" / f"{requirements}.txt"):
        return True
    say("L'installation des dépendances a échoué, voir ci-dessus.", "Installing dependencies failed")
    return False


def has_display() -> bool:
    """True when the environment promises a screen (no attempt to open it)."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in WINDOWLESS:
        return False
    return not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def load_qt(window: bool) -> None:
    """Import what the program uses of Qt, and with ``window`` load the X11 plugin; raises."""
    for name in QT_MODULES:
        importlib.import_module(f"PySide6.{name}")
    if window and sys.platform.startswith("linux"):
        package = importlib.import_module("PySide6").__file__ or ""
        ctypes.CDLL(str(Path(package).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"))


def check_qt(window: bool) -> bool:
    """Load Qt in a process of its own; when a system library lacks, install it or say how."""
    probe = [sys.executable, __file__, "load-qt", *(["window"] if window else [])]
    for attempt in range(2):
        found = subprocess.run(probe, capture_output=True, text=True, check=False)
        if found.returncode == 0:
            return True
        missing = (found.stderr.strip().splitlines() or ["?"])[-1]
        if not sys.platform.startswith("linux") or attempt:
            say(f"Qt ne se charge pas : {missing}", "Qt does not load, see above")
            return False
        reason = (
            f"Il manque à Qt des bibliothèques du système : {missing}.",
            "Qt lacks system libraries.",
        )
        if not install_packages(QT_PACKAGES.split(), reason):
            return False
    return False


def open_display() -> None:
    """Open a connection to the screen; Qt aborts the process when it cannot."""
    gui = importlib.import_module("PySide6.QtGui")
    gui.QGuiApplication([]).quit()


def display_works() -> bool:
    """True when a window can really be shown."""
    return has_display() and succeeds(sys.executable, __file__, "open-display")


def check_packaging() -> bool:
    """See to what PyInstaller needs beyond pip: binutils and a shared libpython (Linux only)."""
    if not sys.platform.startswith("linux"):
        return True
    needed = [] if shutil.which("objdump") and shutil.which("objcopy") else ["binutils"]
    library = str(sysconfig.get_config_var("INSTSONAME") or "")
    shared = bool(sysconfig.get_config_var("Py_ENABLE_SHARED")) or ".so" in library
    if shared and not loads(library):
        needed.append(f"libpython{sys.version_info.major}.{sys.version_info.minor}")
    reason = ("Il manque des outils pour l'empaquetage.", "Packaging tools are missing.")
    return not needed or install_packages(needed, reason)


def loads(library: str) -> bool:
    """True when the dynamic linker finds a library, by name or in this Python's own folder."""
    folder = sysconfig.get_config_var("LIBDIR") or ""
    for candidate in (library, str(Path(folder) / library)):
        try:
            ctypes.CDLL(candidate)
        except OSError:
            continue
        return True
    return False


def main(arguments: list[str]) -> int:
    """Dispatch; exit status 0 when the machine is ready."""
    match arguments:
        case ["venv", requirements, folder]:
            return not prepare(requirements, Path(folder))
        case ["qt"]:
            return not check_qt(window=has_display())
        case ["packaging"]:
            return not (check_qt(window=True) and check_packaging())
        case ["display"]:
            return not display_works()
        case ["load-qt", *window]:
            load_qt(bool(window))
        case ["open-display"]:
            open_display()
        case _:
            say("Usage : environment.py venv LISTE DOSSIER | qt | packaging | display", "see the Makefile")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
