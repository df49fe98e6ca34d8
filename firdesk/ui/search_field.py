"""The search of the top bar (Ctrl+K): pages, commands, themes, destinations, operators, or plain text."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from firdesk.ui.kit import style
from firdesk.ui.kit.completion import KEY_ROLE, Completer, Suggestion
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.text import text_width

PLACEHOLDER = "Chercher partout : opérateur, thème, EJ…"
EACH = 5


class Found(NamedTuple):
    """One answer: what it is called, what it is, and what choosing it does."""

    title: str
    kind: str
    run: Callable[[], object]


#: Answers for a text; sources are asked in order.
Source = Callable[[str], Iterable[Found]]


def matching(text: str, titles: Iterable[tuple[str, Found]], limit: int = EACH) -> list[Found]:
    """Those whose words hold every word of ``text``, best beginnings first."""
    words = fold(text).split()
    kept = [(fold(searched), found) for searched, found in titles]
    kept = [(searched, found) for searched, found in kept if all(w in searched for w in words)]
    kept.sort(key=lambda pair: not pair[0].startswith(" ".join(words)))
    return [found for _, found in kept][:limit]


class SearchField(QLineEdit):
    """Suggestions while typing; Enter takes the first, or the one chosen with the arrows."""

    #: the user is done here, and what had the focus is gone: the page takes it
    left = Signal()

    def __init__(self, sources: Sequence[Source], find: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources, self._find = sources, find
        self._found: list[Found] = []
        self._before: QWidget | None = None
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName("Chercher partout")
        self.setAccessibleDescription("Pages, commandes, opérateurs, thèmes, destinations ; Entrée pour ouvrir")
        self.setProperty("kind", "recherche")
        self.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._completer = Completer(self)
        self._completer.setWidget(self)
        self._completer.activated[QModelIndex].connect(self._chosen)  # type: ignore[index]
        self.textEdited.connect(self.suggest)

    def suggestions(self) -> list[str]:
        """The titles proposed at this moment."""
        return self._completer.suggestions()

    @Slot(str)
    def suggest(self, text: str) -> None:
        """Fill and open the list for a text; an empty one proposes pages and commands."""
        body = text.strip()
        self._found = [found for source in self._sources for found in source(body)]
        if body:
            self._found.insert(self._place(body), self._plain(body))
        self._completer.suggest([Suggestion(i, f.title, f.kind) for i, f in enumerate(self._found)])
        if self._found:
            self._completer.list.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def open(self) -> None:
        """What Ctrl+K does; the focus goes back where it was once something is chosen, or by Escape."""
        focused = QApplication.focusWidget()
        if focused is not self:
            self._before = focused
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self.suggest(self.text())

    def run_chosen(self) -> None:
        """What Enter does: the entry chosen with the arrows, else the first."""
        if not self._completer.list.isVisible():
            self.suggest(self.text())
        place = max(0, self._completer.list.currentIndex().row())
        if place < len(self._found):
            self._run(self._found[place])

    def _plain(self, text: str) -> Found:
        return Found(f"Chercher « {text} » dans les allocations", "Allocations", lambda: self._find(text))

    def _place(self, text: str) -> int:
        """The plain search comes first unless a page or a command is called just so."""
        first = self._found[0] if self._found else None
        named = first is not None and first.kind in ("Page", "Commande") and fold(first.title).startswith(fold(text))
        return 1 if named else 0

    @Slot(QModelIndex)
    def _chosen(self, index: QModelIndex) -> None:
        self._run(self._found[int(index.data(KEY_ROLE))])

    def _run(self, found: Found) -> None:
        self._completer.list.hide()
        self._give_back()
        found.run()

    def _give_back(self) -> None:
        before, self._before = self._before, None
        self.clear()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        else:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # The completer passes keys on here first, and does nothing more with the one that is taken.
            self.run_chosen()
        elif event.key() == Qt.Key.Key_Down and not self._completer.list.isVisible():
            self.suggest(self.text())
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self._give_back()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.clear()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text() or self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = text_width("Ctrl K", "petit") + 2 * style.SPACE
        room = QRect(self.width() - wide - style.SPACE, (self.height() - 20) // 2, wide, 20)
        if room.left() < text_width(PLACEHOLDER) + 40:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.color("cadre"))
        painter.drawRoundedRect(room, 4, 4)
        painter.setFont(style.font("petit"))
        painter.setPen(style.color("texte_faible"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), "Ctrl K")
