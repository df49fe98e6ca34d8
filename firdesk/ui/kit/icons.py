"""Icons from the Remix font that qtawesome ships, painted in the colour of the theme in force.

The font is read from the package's folder without importing qtawesome: its import and first icon load some
fourteen fonts and cost 0.4 s at start-up, one font and its table of names 9 ms. An icon holds no colour: it
repaints itself in the new one when the theme changes.
"""

from __future__ import annotations

import json
from functools import cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from firdesk.paths import icon_fonts


@cache
def _code_points() -> dict[str, str]:
    table = json.loads(next(icon_fonts().glob("remixicon-charmap-*.json")).read_text("utf-8"))
    return {name: chr(int(code, 16)) for name, code in table.items()}


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(next(icon_fonts().glob("remixicon-[0-9]*.ttf"))))
    return QFontDatabase.applicationFontFamilies(number)[0]


def glyph(name: str) -> str:
    """The character of ``name`` (``ri.add-line`` or ``add-line``); ``KeyError`` for an unknown name."""
    return _code_points()[name.removeprefix("ri.")]


def paint_icon(painter: QPainter, rect: QRectF, name: str, colour: QColor) -> None:
    """Paint one icon centred in ``rect``."""
    made = QFont(_family())
    made.setPixelSize(max(1, round(min(rect.width(), rect.height()))))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    painter.save()
    painter.setFont(made)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyph(name))
    painter.restore()


class _Engine(QIconEngine):
    def __init__(self, name: str, colour: str, on: str) -> None:
        super().__init__()
        self._name, self._colour, self._on = name, colour, on

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        from firdesk.ui.kit import style

        wanted = self._on if state is QIcon.State.On else self._colour
        if mode is QIcon.Mode.Disabled:
            wanted = "desactive_texte"
        paint_icon(painter, QRectF(rect), self._name, style.color(wanted))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._on)


def icon(name: str, colour: str = "texte_faible", *, on: str = "") -> QIcon:
    """An icon by its Remix name, in a named colour of the theme (``on`` when checked)."""
    glyph(name)
    return QIcon(_Engine(name, colour, on or colour))


def icon_pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """A picture of ``size`` logical pixels for a label, in the colour of the theme in force."""
    from firdesk.ui.kit import style

    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_icon(painter, QRectF(0, 0, size, size), name, style.color(colour))
    painter.end()
    return made
