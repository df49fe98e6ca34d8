"""What the program is, and whose work it stands on."""

import platform
from importlib import metadata

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QGridLayout, QWidget

import firdesk
from firdesk.ui.dialogs.sheet import Sheet
from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text, hairline

LICENCES = (
    ("PySide6-Essentials", "Qt et PySide6", "LGPL 3"),
    ("sqlite-utils", "sqlite-utils", "Apache 2.0"),
    ("pyqtgraph", "pyqtgraph", "MIT"),
    ("typst", "Typst", "Apache 2.0"),
    ("XlsxWriter", "XlsxWriter", "BSD 2"),
    ("openpyxl", "openpyxl", "MIT"),
    ("python-calamine", "python-calamine", "MIT"),
    ("rapidfuzz", "RapidFuzz", "MIT"),
    ("python-stdnum", "python-stdnum", "LGPL 2.1"),
    ("qtawesome", "QtAwesome, icônes Remix Icon", "MIT, Apache 2.0"),
    ("fontpkg-inter", "Police Inter", "OFL 1.1"),
)


def show(parent: QWidget) -> Sheet:
    sheet = Sheet(parent, "À propos de FIRDesk")
    sheet.line(f"FIRDesk {firdesk.__version__} · licence MIT")
    sheet.line(
        "Suivi local du fonds d'intervention régional. Aucune donnée ne quitte ce poste : le programme n'utilise pas "
        "le réseau."
    )
    sheet.line(f"Python {platform.python_version()} · Qt {qVersion()}", "faible")
    sheet.body.addWidget(hairline())
    grid = QGridLayout()
    grid.setHorizontalSpacing(style.PAGE_MARGIN)
    grid.setVerticalSpacing(style.HALF)
    grid.setColumnStretch(0, 1)
    for row, (package, name, licence) in enumerate(LICENCES):
        grid.addWidget(Text(name, "petit"), row, 0)
        grid.addWidget(Text(_version(package), "petit", "faible"), row, 1)
        grid.addWidget(Text(licence, "petit", "faible"), row, 2)
    sheet.body.addLayout(grid)
    sheet.open()
    return sheet


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
