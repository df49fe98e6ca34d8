"""Where the program's own files are; nothing else knows.

Installed (wheel or bundle) they lie in ``firdesk/_data``, in a checkout at the root of the repository.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent

MIGRATIONS = ROOT / "db" / "migrations"
RESOURCES = ROOT / "resources"
REFERENCE = RESOURCES / "reference"
REPORTS = RESOURCES / "reports"
STYLES = RESOURCES / "styles"
HELP = RESOURCES / "help"
GUIDE = ROOT / "docs" / "guide"


def font_file() -> Path:
    """The variable Inter font (upright) shipped by its own package: window, captures and PDF share it."""
    import fontpkg_inter

    return Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"


def icon_fonts() -> Path:
    """The folder of the Remix icon font and its table of names, both from qtawesome, which is not imported."""
    if (ROOT / "icons").is_dir():
        return ROOT / "icons"
    from importlib.util import find_spec

    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("qtawesome is not installed")
    return Path(spec.submodule_search_locations[0]) / "fonts"


def user_data_dir() -> Path:
    """The folder of this user's settings, recent files and failure reports (created on demand)."""
    from platformdirs import user_data_path

    return user_data_path("FIRDesk", appauthor=False, ensure_exists=True)
