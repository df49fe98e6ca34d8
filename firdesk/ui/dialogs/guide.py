"""The guide, in a window of its own that stays beside the work."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from firdesk import paths

FILE = paths.HELP / "guide.md"
WIDTH, HEIGHT = 760, 720


def show(parent: QWidget) -> QDialog:
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Guide de FIRDesk")
    dialog.resize(WIDTH, HEIGHT)
    browser = QTextBrowser()
    browser.setAccessibleName("Guide")
    browser.setOpenExternalLinks(True)
    browser.setSearchPaths([str(paths.HELP)])
    browser.document().setBaseUrl(QUrl.fromLocalFile(f"{paths.HELP}/"))
    browser.setMarkdown(FILE.read_text(encoding="utf-8"))
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(browser)
    dialog.show()
    return dialog
