"""The guide, in a window of its own that stays beside the work: a list of pages, the page, a word to look for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QToolButton, QVBoxLayout, QWidget

from firdesk.ui.dialogs.guide_vue import PAGES, Vue
from firdesk.ui.kit import style
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, hairline

WIDTH, HEIGHT, LIST = 1040, 720, 184


def installed() -> bool:
    """Whether this copy of the program has its guide."""
    return all(page.fichier.is_file() for page in PAGES)


def show(parent: QWidget, page: str = "") -> "Guide":
    """Open the guide at a page, the first one without."""
    dialog = Guide(parent)
    dialog.go(page)
    dialog.show()
    return dialog


class Chercher(QLineEdit):
    """A word to look for in the page: Enter the next one, Maj+Enter the one before."""

    #: whether to look backward
    asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "recherche")
        self.setPlaceholderText("Chercher (Ctrl+F)")
        self.setAccessibleName("Chercher dans la page du guide")
        self.setClearButtonEnabled(True)
        self.addAction(style.icon("search-line"), QLineEdit.ActionPosition.LeadingPosition)
        for made, name in zip(self.findChildren(QToolButton), ("Effacer la recherche", "Chercher"), strict=False):
            made.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            event.accept()
        else:
            super().keyPressEvent(event)


class Guide(QDialog):
    """Pages at the left, the one chosen at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Guide de FIRDesk")
        self.resize(WIDTH, HEIGHT)
        self.liste = QListWidget()
        self.liste.setAccessibleName("Pages du guide")
        self.liste.setFont(style.font("corps"))
        self.liste.addItems([page.titre for page in PAGES])
        self.vue, self.recherche = Vue(), Chercher()
        self.trouve = Text("", "petit", "faible", wrap=True)
        self.liste.currentRowChanged.connect(lambda row: self.vue.show_page(PAGES[row]))
        self.vue.asked.connect(self.go)
        self.recherche.asked.connect(self.look_for)
        self.recherche.textEdited.connect(lambda _text: self.trouve.setText(""))
        shortcut(QKeySequence.StandardKey.Find, self, self._ask)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(style.MARGIN, style.WIDE, style.MARGIN, style.MARGIN)
        left.setSpacing(style.SPACE)
        for widget in (self.recherche, self.trouve, hairline(), self.liste):
            left.addWidget(widget, 1 if widget is self.liste else 0)
        column = QWidget()
        column.setFixedWidth(LIST)
        column.setLayout(left)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(column)
        layout.addWidget(self.vue, 1)
        self.liste.setFocus()

    def go(self, page: str = "", anchor: str = "") -> None:
        """Show a page (the first one where the key is none of theirs), at a heading where it is told."""
        row = next((i for i, p in enumerate(PAGES) if p.cle == page), 0)
        self.liste.setCurrentRow(row)
        if anchor:
            self.vue.show_heading(anchor)

    def look_for(self, backward: bool = False) -> bool:
        """Look for the word typed, around the end of the page; whether it is there."""
        text = self.recherche.text().strip()
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        found = bool(text) and self.vue.find(text, flags)
        if text and not found:
            before = self.vue.textCursor()
            self.vue.moveCursor(QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start)
            found = self.vue.find(text, flags)
            if not found:
                self.vue.setTextCursor(before)
        self.trouve.setText("" if found or not text else f"« {text} » n'est pas dans cette page.")
        return found

    def _ask(self) -> None:
        self.recherche.setFocus()
        self.recherche.selectAll()
