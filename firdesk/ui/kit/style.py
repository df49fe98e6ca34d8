"""Colours, sizes, fonts and icons: the only place that names any of them.

Everything painted reads :func:`current` at paint time; everything made of widgets follows the generated style
sheet. Nothing else in the program sets a colour, a font or a size in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from string import Template
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QWidget

from firdesk import paths
from firdesk.ui.kit.icons import icon, icon_pixmap

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

__all__ = [
    "CLAIR",
    "GRID",
    "SOMBRE",
    "Role",
    "Theme",
    "Tone",
    "color",
    "current",
    "font",
    "icon",
    "icon_pixmap",
    "install",
    "set_tone",
    "themed",
    "tone_color",
]

ThemeName = Literal["clair", "sombre", "systeme"]
Role = Literal["titre", "sous_titre", "corps", "fort", "petit", "etiquette", "entete", "chiffre", "montant", "total"]
Tone = Literal["normal", "faible", "accent", "succes", "alerte", "erreur"]

#: Spacing, all on an 8-pixel grid (half a step inside dense groups).
GRID = 8
HALF = 4
SPACE = 8
MARGIN = 12
WIDE = 16
PAGE_MARGIN = 24
RADIUS = 8
#: Heights.
ROW = 30
HEADER = 32
FOOTER = 34
FIELD = 32
ICON = 16
BAR = 10


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of named colours; ``texte`` on ``fond``, ``surface`` and ``cadre`` is always readable."""

    nom: str
    fond: str  # behind the cards of a page
    cadre: str  # menu bar, rail, status bar
    surface: str  # cards, tables, panels
    champ: str  # inside of an input field
    survol: str  # under the pointer
    bord: str  # outline of cards and fields
    filet: str  # hairline between rows
    texte: str
    texte_faible: str
    accent: str
    accent_survol: str
    accent_texte: str  # on a surface filled with accent
    accent_doux: str  # chips, active rail entry, chosen step
    selection: str
    succes: str
    succes_fond: str
    alerte: str
    alerte_fond: str
    erreur: str
    erreur_fond: str
    barre: str  # ranked bars of charts
    barre_douce: str  # second series
    desactive: str
    desactive_texte: str
    ombre: str


CLAIR = Theme(
    nom="clair",
    fond="#f6f7f9",
    cadre="#eef0f4",
    surface="#ffffff",
    champ="#ffffff",
    survol="#f1f3f7",
    bord="#dfe3ea",
    filet="#e7eaef",
    texte="#1b2130",
    texte_faible="#5b6475",
    accent="#2f5bd3",
    accent_survol="#264cb4",
    accent_texte="#ffffff",
    accent_doux="#e6ecfb",
    selection="#e6ecfb",
    succes="#16703f",
    succes_fond="#e3f4ea",
    alerte="#9a5200",
    alerte_fond="#fff2df",
    erreur="#b3261e",
    erreur_fond="#fdeceb",
    barre="#5a7fe0",
    barre_douce="#8fb0f0",
    desactive="#e4e8ef",
    desactive_texte="#6b7383",
    ombre="#000000",
)
SOMBRE = Theme(
    nom="sombre",
    fond="#14171d",
    cadre="#181b22",
    surface="#1b1f27",
    champ="#1f242d",
    survol="#232833",
    bord="#2c323d",
    filet="#272d37",
    texte="#e7eaf0",
    texte_faible="#9aa4b5",
    accent="#8fb0ff",
    accent_survol="#a9c2ff",
    accent_texte="#14171d",
    accent_doux="#24304d",
    selection="#24304d",
    succes="#6fce9c",
    succes_fond="#1a3327",
    alerte="#f2b155",
    alerte_fond="#3a2d18",
    erreur="#f2918a",
    erreur_fond="#3d2123",
    barre="#7d9ff5",
    barre_douce="#43598f",
    desactive="#2a303b",
    desactive_texte="#8b94a5",
    ombre="#000000",
)

#: Role -> (pixels, weight, tabular figures).
_ROLES: dict[str, tuple[int, int, bool]] = {
    "titre": (20, 620, False),
    "sous_titre": (14, 600, False),
    "corps": (13, 400, False),
    "fort": (13, 600, False),
    "petit": (12, 400, False),
    "etiquette": (11, 600, False),
    "entete": (12, 520, False),
    "chiffre": (20, 620, True),
    "montant": (13, 400, True),
    "total": (13, 600, True),
}


class _Themed(QObject):
    changed = Signal()


_notifier = _Themed()
#: ``style.themed.connect(slot)``: the theme has changed, painted widgets repaint.
themed = _notifier.changed

_current = CLAIR
_follow_system = False
_family = ""
_fonts: dict[str, QFont] = {}


def current() -> Theme:
    """The theme in force."""
    return _current


def color(name: str) -> QColor:
    """A named colour of the theme in force."""
    return QColor(getattr(_current, name))


@contextmanager
def painted_as(theme: Theme) -> Iterator[None]:
    """Paint in another theme for a moment (a chart exported for a document); widgets are left alone."""
    global _current  # noqa: PLW0603 - put back at once
    before, _current = _current, theme
    try:
        yield
    finally:
        _current = before


def shades(count: int) -> list[QColor]:
    """Colours of the series of a stack, from the accent to the palest: order tells them apart as much as they do."""
    first, last = color("accent"), color("accent_doux")
    steps = [i / max(1, count) for i in range(count)]
    return [
        QColor.fromRgbF(
            first.redF() + (last.redF() - first.redF()) * t,
            first.greenF() + (last.greenF() - first.greenF()) * t,
            first.blueF() + (last.blueF() - first.blueF()) * t,
        )
        for t in steps
    ]


def tone_color(tone: Tone) -> QColor:
    """The text colour of a tone."""
    name = {"normal": "texte", "faible": "texte_faible"}.get(tone, tone)
    return color(name)


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Give a label or button a tone through the style sheet, so that it follows the theme."""
    if widget.property("tone") == tone:
        return
    widget.setProperty("tone", tone)
    repolish(widget)


def repolish(widget: QWidget) -> None:
    """Make the style sheet look again at the dynamic properties of ``widget``."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def font(role: Role) -> QFont:
    """The font of a role. Weights are an axis of the variable font: ``setWeight`` would only smear it."""
    if role not in _fonts:
        pixels, weight, tabular = _ROLES[role]
        made = QFont(_family) if _family else QFont()
        made.setPixelSize(pixels)
        made.setVariableAxis(QFont.Tag("wght"), weight)
        made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if tabular:
            made.setFeature(QFont.Tag("tnum"), 1)
        _fonts[role] = made
    return QFont(_fonts[role])


def install(app: QApplication, theme: ThemeName = "systeme") -> None:
    """Load the font, set style, palette and sheet; may be called again to change theme."""
    global _follow_system  # noqa: PLW0603 - one application, one theme
    hints = app.styleHints()
    if not _family:
        _load_font()
        app.setStyle("Fusion")
        hints.colorSchemeChanged.connect(_system_changed)
    _follow_system = theme == "systeme"
    if theme == "systeme":
        hints.unsetColorScheme()
        chosen = _system_theme(hints.colorScheme())
    else:
        chosen = CLAIR if theme == "clair" else SOMBRE
        hints.setColorScheme(Qt.ColorScheme.Light if chosen is CLAIR else Qt.ColorScheme.Dark)
    app.setFont(font("corps"))
    _apply(app, chosen)


def sheet(theme: Theme) -> str:
    """The style sheet of ``theme``, from ``resources/styles/firdesk.qss``."""
    values = asdict(theme) | {"styles": paths.STYLES.as_posix()}
    return Template((paths.STYLES / "firdesk.qss").read_text("utf-8")).substitute(values)


def _load_font() -> None:
    global _family  # noqa: PLW0603 - loaded once per process
    number = QFontDatabase.addApplicationFont(str(paths.font_file()))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    _family = families[0] if families else QFont().family()
    _fonts.clear()


def _system_theme(scheme: Qt.ColorScheme) -> Theme:
    return SOMBRE if scheme is Qt.ColorScheme.Dark else CLAIR


def _system_changed(scheme: Qt.ColorScheme) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    if _follow_system and isinstance(app, QApplication) and _system_theme(scheme) is not _current:
        _apply(app, _system_theme(scheme))


def _apply(app: QApplication, theme: Theme) -> None:
    global _current  # noqa: PLW0603 - one application, one theme
    if theme is _current and app.styleSheet():
        return
    _current = theme
    app.setPalette(_palette(theme))
    app.setStyleSheet(sheet(theme))
    themed.emit()


def _palette(theme: Theme) -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    pairs = {
        role.Window: theme.fond,
        role.WindowText: theme.texte,
        role.Base: theme.champ,
        role.AlternateBase: theme.survol,
        role.Text: theme.texte,
        role.Button: theme.surface,
        role.ButtonText: theme.texte,
        role.BrightText: theme.erreur,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.texte,
        role.PlaceholderText: theme.texte_faible,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.accent_texte,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.survol,
        role.Midlight: theme.filet,
        role.Mid: theme.bord,
        role.Dark: theme.bord,
        role.Shadow: theme.ombre,
    }
    for key, value in pairs.items():
        palette.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.desactive_texte))
    return palette
