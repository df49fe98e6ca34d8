"""A page of the left rail: refreshed when what it shows changed and it is visible, else marked stale."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from firdesk.services.session import Changes
from firdesk.ui.bridge import Bridge


class Page(QWidget):
    """Subclasses give ``key``, ``title``, ``icon``, ``tables`` and :meth:`refresh`."""

    key: str = ""
    title: str = ""
    icon: str = ""
    #: the page of the guide that speaks of this one
    guide: str = ""
    #: tables whose change makes the page stale; empty means any
    tables: frozenset[str] = frozenset()

    subtitle_changed = Signal(str)
    #: what the right of the status bar says of this page
    status_changed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.session = bridge.session
        self._stale = True
        self._subtitle = ""
        self._status = ""
        bridge.changed.connect(self._changed)
        bridge.exercice_changed.connect(self._outdated)

    @property
    def subtitle(self) -> str:
        return self._subtitle

    @property
    def status(self) -> str:
        return self._status

    def set_subtitle(self, text: str) -> None:
        self._subtitle = text
        self.subtitle_changed.emit(text)

    def set_status(self, text: str) -> None:
        self._status = text
        self.status_changed.emit(text)

    def refresh(self) -> None:
        """Read everything shown again."""
        raise NotImplementedError

    def accept(self, argument: object) -> None:
        """Show what another page asked for (a filter, a lot…); called before the page is shown."""

    @property
    def place(self) -> object:
        """What :meth:`accept` takes to show again what is shown now; ``None`` where the page keeps it by itself."""
        return None

    def leave(self) -> bool:
        """Called before another page is shown; ``False`` keeps this one (something typed is not saved)."""
        return True

    @property
    def loading(self) -> bool:
        """Whether something shown is still being prepared (by a job, say)."""
        return False

    @property
    def views(self) -> tuple[str, ...]:
        """The tabs of a page that has some, by key."""
        return ()

    def show_view(self, key: str) -> None:
        """Show one of them."""

    def present(self) -> None:
        """Look as when in use (a line chosen, say), for the pictures of the guide."""

    def ensure_fresh(self) -> None:
        """Refresh now if something changed while the page was hidden."""
        if self._stale:
            self._stale = False
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ensure_fresh()

    def _changed(self, changes: Changes) -> None:
        if not self.tables or self.tables & changes.tables:
            self._outdated()

    def _outdated(self) -> None:
        self._stale = True
        if self.isVisible():
            self.ensure_fresh()
