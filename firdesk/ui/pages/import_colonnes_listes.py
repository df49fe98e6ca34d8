"""The lists above the first rows of a file: what they hold, how they stand in a row."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text

SEPARATEURS = (("Point-virgule ;", ";"), ("Virgule ,", ","), ("Tabulation", "\t"), ("Barre |", "|"))
ENCODAGES = (
    ("UTF-8", "utf-8"),
    ("UTF-8 avec marque", "utf-8-sig"),
    ("Windows (cp1252)", "cp1252"),
    ("Latin-1", "latin-1"),
    ("UTF-16", "utf-16"),
)


def avec(entries: Sequence[tuple[str, str]], value: str | None) -> list[tuple[str, object]]:
    """The entries, and the value of the file if it is none of them."""
    known: list[tuple[str, object]] = list(entries)
    return known if value is None or any(data == value for _, data in known) else [*known, (value, value)]


def rangee(*combos: QComboBox, stretch: bool = True) -> QHBoxLayout:
    """Lists in a row, each after its label."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(style.SPACE)
    for combo in combos:
        label = Text(combo.accessibleName(), "corps", "faible")
        label.setBuddy(combo)
        made.addWidget(label)
        made.addWidget(combo)
        made.addSpacing(style.SPACE)
    if stretch:
        made.addStretch(1)
    return made


def liste(name: str, width: int) -> QComboBox:
    """A list with its accessible name."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.setFixedWidth(width)
    return made


def remplir(combo: QComboBox, entries: Sequence[tuple[str, object]], chosen: object) -> None:
    """Replace what a list holds."""
    combo.clear()
    for label, data in entries:
        combo.addItem(label, data)
    combo.setCurrentIndex(max(0, next((i for i, (_, data) in enumerate(entries) if data == chosen), 0)))
