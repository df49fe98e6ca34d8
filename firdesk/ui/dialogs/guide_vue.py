"""One page of the guide: its Markdown with room between the lines, its pictures in the width of the view.

Opens nothing but the pages of the guide.
"""

import re
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QBrush,
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from firdesk import paths
from firdesk.ui.kit import style

#: Pictures are drawn again once the width stays the same this long.
PAUSE = 80
#: Height of a line, in hundredths of its font's.
LINE = 122.0
#: What stands for a picture in the text of a block.
PICTURE = "\ufffc"


class PageGuide(NamedTuple):
    """One page: its key, its name in the list, its file."""

    cle: str
    titre: str
    fichier: Path


PAGES = (
    PageGuide("debut", "Prendre en main", paths.HELP / "guide.md"),
    PageGuide("importer", "Importer", paths.GUIDE / "importer.md"),
    PageGuide("budget", "Suivre le budget", paths.GUIDE / "budget.md"),
)


def ancre(title: str) -> str:
    """What a link to a heading says after its ``#``, as web sites that show the same page make it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


class Vue(QTextBrowser):
    """One page of the guide, its pictures never wider than the view."""

    #: the key of another page, and the heading in it
    asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDocumentMargin(style.PAGE_MARGIN)
        self._page = PAGES[0]
        self._pictures: dict[str, QImage] = {}
        self._drawn = 0
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._redraw)
        style.themed.connect(self._redraw)
        self.anchorClicked.connect(self._follow)

    def show_page(self, page: PageGuide) -> None:
        """Show a page from its beginning."""
        self._page = page
        self._fill()
        self.verticalScrollBar().setValue(0)
        self.setAccessibleName(f"Guide : {page.titre}")

    def show_heading(self, anchor: str) -> bool:
        """Bring a heading to the top of the view; whether the page has it."""
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and ancre(block.text()) == anchor:
                self.setTextCursor(QTextCursor(block))
                place = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(int(place))
                return True
            block = block.next()
        return False

    def pictures(self) -> int:
        """How many pictures of the page were found."""
        return sum(not p.isNull() for p in self._pictures.values())

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        url = name if isinstance(name, QUrl) else QUrl(name)
        file = (self._page.fichier.parent / url.path()).resolve()
        if url.isRelative() and file.is_relative_to(paths.ROOT.resolve()):
            picture = self._pictures.setdefault(str(file), QImage(str(file)))
            return self._fitting(picture)
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._room() != self._drawn and self._pictures:
            self._pause.start()

    def _fill(self) -> None:
        self._pictures.clear()
        self._drawn = self._room()
        self.setMarkdown(self._page.fichier.read_text(encoding="utf-8"))
        _dress(self.document())

    def _redraw(self) -> None:
        """The same page in another width, where one was reading."""
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self._fill()
        bar.setValue(round(share * bar.maximum()))

    def _room(self) -> int:
        return self.viewport().width() - 2 * style.PAGE_MARGIN

    def _fitting(self, picture: QImage) -> QImage:
        ratio = self.devicePixelRatioF()
        width = round(self._room() * ratio)
        if picture.isNull() or picture.width() <= width or width <= 0:
            return picture
        made = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        made.setDevicePixelRatio(ratio)
        return made

    def _follow(self, url: QUrl) -> None:
        """Go where a link says, among the pages only."""
        if not url.isRelative():
            return
        anchor = url.fragment(QUrl.ComponentFormattingOption.FullyDecoded)
        if not url.path():
            self.show_heading(anchor)
            return
        file = (self._page.fichier.parent / url.path()).resolve()
        for page in PAGES:
            if page.fichier.resolve() == file:
                self.asked.emit(page.cle, anchor)


def _dress(document: QTextDocument) -> None:
    """Give blocks and tables the room and the colours that Markdown has no word for."""
    cursor = QTextCursor(document)
    block = document.begin()
    after_code = False
    while block.isValid():
        made = QTextBlockFormat(block.blockFormat())
        cursor.setPosition(block.position())
        _space(made, in_table=cursor.currentTable() is not None, in_list=block.textList() is not None)
        if PICTURE in block.text():
            made.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
        code = made.hasProperty(QTextFormat.Property.BlockCodeFence)
        if after_code and not code:
            made.setTopMargin(max(made.topMargin(), style.MARGIN))
        after_code = code
        cursor.setBlockFormat(made)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            table = frame.format().toTableFormat()
            table.setBorderBrush(QBrush(style.color("bord")))
            table.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            table.setBorderCollapse(True)
            table.setCellPadding(style.HALF + 2)
            table.setTopMargin(style.SPACE)
            table.setBottomMargin(style.MARGIN)
            frame.setFormat(table)


def _space(made: QTextBlockFormat, *, in_table: bool, in_list: bool) -> None:
    if made.hasProperty(QTextFormat.Property.BlockCodeFence):
        made.setNonBreakableLines(False)
        made.setBackground(style.color("fond"))
        made.setTextIndent(-style.PAGE_MARGIN)
        made.setLeftMargin(style.PAGE_MARGIN + style.SPACE)
        return
    made.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if in_table:
        return
    made.setTopMargin(style.PAGE_MARGIN if made.headingLevel() > 1 else 0)
    made.setBottomMargin(style.HALF if in_list else style.MARGIN if not made.headingLevel() else style.SPACE)
