"""Both themes are readable, and changing theme reaches everything painted."""

import re
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from firdesk import paths
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.charts import RankedBars
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable

TEXTS_ON = [
    *((t, g) for t in ("texte", "texte_faible") for g in ("fond", "cadre", "surface", "champ", "survol")),
    *((t, g) for t in ("texte", "texte_faible", "accent") for g in ("accent_doux", "selection", "surface", "fond")),
    ("accent_texte", "accent"),
    ("accent_texte", "accent_survol"),
    ("desactive_texte", "surface"),
    *((t, g) for t in ("succes", "alerte", "erreur") for g in ("surface", "fond", "selection", f"{t}_fond")),
    *(("texte", f"{g}_fond") for g in ("succes", "alerte", "erreur")),
]


def contrast(one: str, other: str) -> float:
    def luminance(name: str) -> float:
        colour = QColor(name)
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [style.CLAIR, style.SOMBRE], ids=lambda t: t.nom)
@pytest.mark.parametrize(("text", "ground"), TEXTS_ON)
def test_every_text_can_be_read_on_its_ground(theme: style.Theme, text: str, ground: str) -> None:
    if (text, ground) == ("desactive_texte", "surface"):
        assert contrast(getattr(theme, text), getattr(theme, ground)) >= 3
    else:
        assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [style.CLAIR, style.SOMBRE], ids=lambda t: t.nom)
def test_bars_stand_out_from_their_card(theme: style.Theme) -> None:
    assert contrast(theme.barre, theme.surface) >= 3
    assert contrast(theme.accent, theme.surface) >= 3


@pytest.mark.parametrize("theme", [style.CLAIR, style.SOMBRE], ids=lambda t: t.nom)
def test_the_style_sheet_names_no_colour_of_its_own(theme: style.Theme) -> None:
    source = (paths.STYLES / "firdesk.qss").read_text("utf-8")
    assert re.findall(r":[^;{]*#[0-9a-fA-F]{3,6}", source) == []
    assert "$" not in style.sheet(theme)


@pytest.mark.parametrize("theme", [style.CLAIR, style.SOMBRE], ids=lambda t: t.nom)
def test_the_drawings_use_the_colours_of_the_theme(theme: style.Theme) -> None:
    known = {getattr(theme, n) for n in ("texte_faible", "accent_texte")}
    for drawing in paths.STYLES.glob(f"*-{theme.nom}.svg"):
        assert set(re.findall("#[0-9a-f]{6}", drawing.read_text("utf-8"))) <= known


def test_changing_theme_tells_painted_widgets_and_repaints_labels(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel("Texte")
    qtbot.addWidget(label)
    label.show()
    with qtbot.waitSignal(style.themed):
        style.install(qapp, "sombre")
    assert style.current() is style.SOMBRE
    assert label.palette().color(label.foregroundRole()) == QColor(style.SOMBRE.texte)


def test_the_system_theme_is_followed_live(qapp: QApplication) -> None:
    style.install(qapp, "systeme")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert style.current() is style.SOMBRE
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert style.current() is style.CLAIR


def test_a_chosen_theme_ignores_the_system(qapp: QApplication) -> None:
    style.install(qapp, "sombre")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert style.current() is style.SOMBRE


def test_semi_bold_comes_from_the_axis_of_the_font() -> None:
    assert style.font("fort").variableAxisValue(QFont.Tag("wght")) == 600
    assert style.font("corps").weight() == QFont.Weight.Normal
    assert style.font("corps").family().startswith("Inter")


def test_only_amounts_have_tabular_figures() -> None:
    tag = QFont.Tag("tnum")
    assert [r for r in ("corps", "petit", "montant", "chiffre", "total") if style.font(r).isFeatureSet(tag)] == [
        "montant",
        "chiffre",
        "total",
    ]


def test_an_icon_takes_the_colour_of_the_theme_in_force(qapp: QApplication) -> None:
    icon = style.icon("ri.add-line", "texte")

    def darkest() -> int:
        image: QImage = icon.pixmap(16, 16).toImage()
        points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return min(c.lightness() for c in points if c.alpha() > 200)

    light = darkest()
    style.install(qapp, "sombre")
    assert light < 80 < darkest()


def test_an_unknown_icon_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        style.icon("ri.no-such-icon")


def test_importing_the_kit_loads_neither_pyqtgraph_nor_qtawesome() -> None:
    modules = "charts, table_view, form, cards, message_bar, chips, steps, progress_panel"
    code = (
        f"import sys; from firdesk.ui.kit import {modules};"
        "print([m for m in ('pyqtgraph', 'numpy', 'qtawesome', 'qtpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=paths.ROOT)
    assert done.stdout.strip() == "[]"


def test_a_theme_change_after_widgets_are_gone_reaches_nobody(qapp: QApplication) -> None:
    gone: list[QWidget] = [DataTable(SimpleTableModel(())), RankedBars("Thèmes"), Card("Titre")]
    chart = gone[1]
    assert isinstance(chart, RankedBars)
    chart.plot()
    for widget in gone:
        widget.deleteLater()
    gone.clear()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    style.install(qapp, "sombre")
    assert style.current() is style.SOMBRE
