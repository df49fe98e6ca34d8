"""Pages of several tabs: each tab is a small page of its own, made when first looked at, refreshed when it is shown."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from firdesk.services.session import Changes
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import tab_keys
from firdesk.ui.page import Page


class Volet(QWidget):
    """Subclasses give ``key``, ``title``, ``tables`` and :meth:`refresh`."""

    key: str = ""
    title: str = ""
    #: tables whose change makes the tab stale; empty means any
    tables: frozenset[str] = frozenset()

    #: what the right of the status bar says of this tab
    status_changed = Signal(str)
    subtitle_changed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.session = bridge.session
        self.status = self.subtitle = ""
        self.stale = True

    def refresh(self) -> None:
        """Read everything shown again."""
        raise NotImplementedError

    def accept(self, argument: object) -> None:
        """Show what another page asked for."""

    def leave(self) -> bool:
        """``False`` keeps the user here (something typed is not saved)."""
        return True

    def present(self) -> None:
        """Look as when in use, for the pictures of the guide."""

    def set_status(self, text: str) -> None:
        self.status = text
        self.status_changed.emit(text)

    def set_subtitle(self, text: str) -> None:
        self.subtitle = text
        self.subtitle_changed.emit(text)


class PageAVolets(Page):
    """Subclasses give ``classes``, the tabs in order; Ctrl+Page suivante and Ctrl+Page précédente move among them.

    Another page navigates to a tab with its key, or with (key, what to show there).
    """

    classes: tuple[type[Volet], ...] = ()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._made: dict[str, Volet] = {}
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName(f"Volets de la page {self.title}")
        for arrow, name in zip(self.bar.findChildren(QToolButton), ("précédents", "suivants"), strict=False):
            arrow.setAccessibleName(f"Volets {name}")
        for volet in self.classes:
            self.bar.addTab(volet.title)
        self.stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        self.bar.currentChanged.connect(self._show)
        tab_keys(self, self.bar)

    @property
    def volet(self) -> Volet:
        """The tab shown."""
        return self.make(self.classes[max(0, self.bar.currentIndex())].key)

    def make(self, key: str) -> Volet:
        """A tab by its key, made now if it was never shown."""
        if key not in self._made:
            made = next(c for c in self.classes if c.key == key)(self.bridge)
            made.status_changed.connect(lambda text, v=made: self._said(v, text, self.set_status))
            made.subtitle_changed.connect(lambda text, v=made: self._said(v, text, self.set_subtitle))
            self._made[key] = made
            self.stack.addWidget(made)
        return self._made[key]

    def go(self, key: str) -> None:
        """Show a tab."""
        self.bar.setCurrentIndex([c.key for c in self.classes].index(key))

    @property
    def views(self) -> tuple[str, ...]:
        return tuple(c.key for c in self.classes)

    def show_view(self, key: str) -> None:
        self.go(key)

    def refresh(self) -> None:
        for volet in self._made.values():
            volet.stale = True
        self._freshen()

    def accept(self, argument: object) -> None:
        key, wanted = argument if isinstance(argument, tuple) else (argument, None)
        if key in self.views:
            self.go(str(key))
            # The tab that stays because of what is typed in it is not the one asked.
            if wanted is not None and self.volet.key == key:
                self.ensure_fresh()
                self.volet.accept(wanted)
                self._freshen()

    @property
    def place(self) -> object:
        return self.volet.key

    def leave(self) -> bool:
        return self.volet.leave()

    def present(self) -> None:
        self.volet.present()

    def _changed(self, changes: Changes) -> None:
        for volet in self._made.values():
            if not volet.tables or volet.tables & changes.tables:
                volet.stale = True
        if self.isVisible():
            self._freshen()

    def ensure_fresh(self) -> None:
        super().ensure_fresh()
        self._freshen()

    def _show(self, index: int) -> None:
        before = self.stack.currentWidget()
        wanted = self.make(self.classes[index].key)
        if isinstance(before, Volet) and before is not wanted and not before.leave():
            self.bar.blockSignals(True)
            self.go(before.key)
            self.bar.blockSignals(False)
            return
        self._freshen()
        if not self.bar.hasFocus():
            wanted.setFocus()

    def _freshen(self) -> None:
        volet = self.volet
        self.stack.setCurrentWidget(volet)
        lead_focus(self, volet)
        if volet.stale:
            volet.stale = False
            volet.refresh()
        self.set_subtitle(volet.subtitle)
        self.set_status(volet.status)

    def _said(self, volet: Volet, text: str, say: Callable[[str], None]) -> None:
        if volet is self.stack.currentWidget():
            say(text)
