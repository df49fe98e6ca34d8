"""The guide in the program: every page, picture and link of it is there, by keyboard too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from firdesk import paths
from firdesk.ui.dialogs import guide
from firdesk.ui.dialogs.guide import Guide
from firdesk.ui.dialogs.guide_vue import PAGES, PageGuide
from firdesk.ui.main_window import page_classes

MOST = 4_000_000
_PICTURES = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
_LINKS = re.compile(r"(?<!!)\[[^\]]*\]\(([^)]+)\)")


def text(page: PageGuide) -> str:
    return page.fichier.read_text(encoding="utf-8")


def pictures(page: PageGuide) -> list[Path]:
    return [page.fichier.parent / name for name in _PICTURES.findall(text(page))]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Guide]:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = guide.show(window)
    qtbot.waitExposed(dialog)
    yield dialog
    window.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.cle)
def test_every_page_shows_its_title_and_all_its_pictures(shown: Guide, page: PageGuide) -> None:
    shown.go(page.cle)
    assert shown.vue.document().begin().text() == text(page).splitlines()[0].removeprefix("# ")
    assert shown.vue.pictures() == len(pictures(page))
    assert shown.vue.document().size().width() <= shown.vue.viewport().width()


def test_pictures_exist_are_described_and_stay_small() -> None:
    every = [p for page in PAGES for p in pictures(page)]
    assert every
    assert [p for p in every if not p.is_file()] == []
    kept = {p.resolve() for p in (paths.GUIDE / "images").iterdir()}
    assert kept == {p.resolve() for p in every}
    assert sum(p.stat().st_size for p in kept) < MOST
    assert not any("![](" in text(page) for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.cle)
def test_every_link_leads_to_a_heading_of_a_page(shown: Guide, page: PageGuide) -> None:
    links = _LINKS.findall(text(page))
    assert links
    for link in links:
        file, _, anchor = link.partition("#")
        wanted = (page.fichier.parent / file).resolve() if file else page.fichier.resolve()
        shown.go(page.cle)
        shown.vue.anchorClicked.emit(QUrl(link))
        assert PAGES[shown.liste.currentRow()].fichier.resolve() == wanted, link
        assert not anchor or shown.vue.show_heading(anchor), link


def test_a_heading_of_another_page_is_brought_to_the_top(shown: Guide) -> None:
    shown.go("debut")
    shown.vue.anchorClicked.emit(QUrl("../../docs/guide/importer.md#les-paiements"))
    assert shown.liste.currentRow() == 1
    assert shown.vue.textCursor().block().text() == "Les paiements"
    assert shown.vue.verticalScrollBar().value() > 0


def test_pages_about_money_open_the_guide_to_the_budget() -> None:
    told = {page.key for page in page_classes() if page.guide == "budget"}
    assert told == {"budget", "conventions", "dispositifs", "operateurs"}
    assert {page.guide for page in page_classes()} - {""} <= {page.cle for page in PAGES}


def test_nothing_outside_is_followed(shown: Guide) -> None:
    shown.vue.anchorClicked.emit(QUrl("https://example.org/"))
    shown.vue.anchorClicked.emit(QUrl("../../README.md"))
    assert shown.liste.currentRow() == 0


def test_pages_are_chosen_and_searched_by_keyboard(shown: Guide) -> None:
    assert shown.liste.hasFocus()
    QTest.keyClick(shown.liste, Qt.Key.Key_Down)
    assert shown.vue.accessibleName() == "Guide : Importer"
    QTest.keyClick(shown.liste, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert shown.recherche.hasFocus()
    QTest.keyClicks(shown.recherche, "prorata")
    QTest.keyClick(shown.recherche, Qt.Key.Key_Return)
    first = shown.vue.textCursor().position()
    assert shown.vue.textCursor().selectedText() == "prorata"
    QTest.keyClick(shown.recherche, Qt.Key.Key_Return)
    assert shown.vue.textCursor().selectedText() == "prorata"
    QTest.keyClick(shown.recherche, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert shown.vue.textCursor().position() == first or text(PAGES[1]).count("prorata") == 1
    shown.recherche.setText("ornithorynque")
    QTest.keyClick(shown.recherche, Qt.Key.Key_Return)
    assert shown.trouve.text() == "« ornithorynque » n'est pas dans cette page."


def test_pictures_follow_the_width_of_the_view(shown: Guide, qtbot: QtBot) -> None:
    shown.go("importer")
    shown.resize(720, 600)
    qtbot.waitUntil(lambda: shown.vue.document().size().width() <= shown.vue.viewport().width())
    assert shown.vue.pictures() == len(pictures(PAGES[1]))


def test_the_guide_is_packaged() -> None:
    root = Path(__file__).resolve().parents[3]
    assert '"docs/guide" = "firdesk/_data/docs/guide"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert '"firdesk/_data/docs/guide"' in (root / "firdesk.spec").read_text(encoding="utf-8")
