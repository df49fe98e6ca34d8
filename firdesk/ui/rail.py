"""The left rail: one entry a page, icon and word, the current one in the accent."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from firdesk.ui.kit import style

WIDTH = 200


class _Entry(QToolButton):
    def __init__(self, title: str, icon: str, shortcut: str) -> None:
        super().__init__()
        self.setText(f"  {title}")
        self.setAccessibleName(title)
        self.setToolTip(f"{title} ({shortcut})")
        self.setProperty("kind", "rail")
        self.setIcon(style.icon(icon, "texte_faible", on="accent"))
        self.setIconSize(QSize(style.ICON, style.ICON))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setCheckable(True)
        self.setFont(style.font("corps"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(36)
        self.toggled.connect(lambda on: self.setFont(style.font("fort" if on else "corps")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Rail(QFrame):
    """Says ``chosen(key)``; the window answers with :meth:`set_current`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Pages")
        self._entries: dict[str, _Entry] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(style.SPACE, style.MARGIN, style.SPACE, style.MARGIN)
        self._layout.setSpacing(style.HALF)
        self._layout.addStretch()

    def set_pages(self, pages: Sequence[tuple[str, str, str]]) -> None:
        """``(key, title, icon)`` from top to bottom."""
        for place, (key, title, icon) in enumerate(pages):
            entry = _Entry(title, icon, f"Ctrl+{(place + 1) % 10}")
            entry.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._entries[key] = entry
            self._group.addButton(entry)
            self._layout.insertWidget(place, entry)

    def set_current(self, key: str) -> None:
        """Show which page is looked at; Tab comes to its entry, arrows go to the others."""
        self._entries[key].setChecked(True)
        for other, entry in self._entries.items():
            entry.setFocusPolicy(Qt.FocusPolicy.TabFocus if other == key else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entries: list[QWidget] = list(self._entries.values())
        here = QApplication.focusWidget()
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and here in entries:
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            entries[(entries.index(here) + by) % len(entries)].setFocus()
        else:
            super().keyPressEvent(event)

    def entry(self, key: str) -> QToolButton:
        return self._entries[key]
