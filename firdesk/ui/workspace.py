"""One open base on screen: the rail, the top bar, the page looked at, the message bar.

Pages are made when first shown, the one that takes longest shortly after the base opened; a page knows the others only
through the bridge.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain.allocation import Filtre
from firdesk.domain.convention import NATURES
from firdesk.domain.problem import Refus
from firdesk.services.session import Changes, Session
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import Jobs
from firdesk.ui.kit.message_bar import MessageBar
from firdesk.ui.kit.text import ElidedText, Icon
from firdesk.ui.page import Page
from firdesk.ui.rail import Rail
from firdesk.ui.search_field import Found, SearchField, matching
from firdesk.ui.top_bar import TopBar

#: The page made ahead, and how long after the base opened.
_AHEAD, _IDLE_MS = "allocations", 600
DEMONSTRATION = "Données de démonstration fictives, calées sur le Bilan 2025 publié"


class Banner(QFrame):
    """A thin line across the top that says what kind of base this is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setAccessibleName(text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.HALF, style.PAGE_MARGIN, style.HALF)
        layout.setSpacing(style.SPACE)
        layout.addWidget(Icon("information-line", "accent"))
        layout.addWidget(ElidedText(text, "petit"), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), style.color("accent_doux"))


class Workspace(QWidget):
    """Built when a base opens, thrown away when it closes."""

    #: left part of the status bar, and right part
    saved = Signal(str)
    status_changed = Signal(str)
    #: another page is shown, or the history moved: menus look again
    moved = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        exercice: int,
        pages: Sequence[type[Page]],
        commands: Callable[[], Iterable[Found]],
        parent: QWidget | None = None,
        *,
        dossier: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.bridge = Bridge(session, jobs, exercice, self, dossier=dossier)
        self.page_classes = tuple(pages)
        self._commands = commands
        self._pages: dict[str, Page] = {}
        self._left: list[tuple[str, object, int]] = []
        self.rail = Rail()
        self.rail.set_pages([(p.key, p.title, p.icon) for p in pages])
        self.rail.chosen.connect(self.go)
        self.search = SearchField([self._find_page, self._find_command, self._find_noun], self.find_text)
        self.search.left.connect(self._enter_page)
        self.top_bar = TopBar(self.search)
        self.stack = QStackedWidget()
        self.messages = MessageBar()
        self._lay_out(session)
        bridge = self.bridge
        self.top_bar.exercice_chosen.connect(bridge.set_exercice)
        bridge.navigate.connect(self.go)
        bridge.message.connect(self.messages.show_message)
        bridge.exercice_changed.connect(self._show_exercices)
        bridge.changed.connect(self._base_changed)
        self._show_exercices()
        self._ahead = QTimer(self, interval=_IDLE_MS, singleShot=True)
        self._ahead.timeout.connect(self._make_ahead)
        self._ahead.start()

    @Slot()
    def _make_ahead(self) -> None:
        """Make the page with the most fields while nothing else is asked, so that it opens at once."""
        if self.bridge.jobs.running:
            self._ahead.start()
        elif self.isVisible() and any(p.key == _AHEAD for p in self.page_classes):
            self.page(_AHEAD)

    def _lay_out(self, session: Session) -> None:
        self.banner = Banner(DEMONSTRATION)
        self.banner.setVisible(session.demonstration)
        content = QVBoxLayout()
        content.setContentsMargins(style.PAGE_MARGIN, style.MARGIN, style.PAGE_MARGIN, style.MARGIN)
        content.setSpacing(style.MARGIN)
        content.addWidget(self.top_bar)
        content.addWidget(self.stack, 1)
        content.addWidget(self.messages)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.banner)
        right.addLayout(content, 1)
        layout.addLayout(right, 1)

    # Pages

    @property
    def current(self) -> Page | None:
        """The page shown."""
        page = self.stack.currentWidget()
        return page if isinstance(page, Page) else None

    def page(self, key: str) -> Page:
        """A page by its key, made now if it was never shown."""
        if key not in self._pages:
            made = next(p for p in self.page_classes if p.key == key)(self.bridge)
            made.subtitle_changed.connect(self._subtitle_changed)
            made.status_changed.connect(self._status_changed)
            self._pages[key] = made
            self.stack.addWidget(made)
        return self._pages[key]

    @Slot(str)
    @Slot(str, object)
    def go(self, key: str, argument: object = None) -> bool:
        """Show a page; ``False`` where the one shown keeps the user, or there is no such page."""
        if all(p.key != key for p in self.page_classes):
            return False
        before = self.current
        if before is not None and before.key != key and not before.leave():
            self.rail.set_current(before.key)
            return False
        page = self.page(key)
        self.rail.set_current(key)
        left = (before.key, before.place, self.bridge.exercice) if before is not None else None
        try:
            if argument is not None:
                page.accept(argument)
            page.ensure_fresh()
        except Refus as refusal:
            self.bridge.fail(refusal)
        self.stack.setCurrentWidget(page)
        self.top_bar.set_page(page.title, page.subtitle)
        self.status_changed.emit(page.status)
        if before is not page:
            page.setFocus()
        if left is not None and left[:2] != (page.key, page.place):
            self._left.append(left)
        self.moved.emit()
        return True

    @property
    def may_go_back(self) -> bool:
        """Whether another page (or tab) was looked at before."""
        return bool(self._left)

    def back(self) -> None:
        """The page looked at before, under the exercice it was looked at."""
        if not self._left:
            return
        key, place, year = self._left[-1]
        before = self._left[:-1]
        if self.current is not None and self.current.leave():
            self.bridge.set_exercice(year)
            self.go(key, place)
            self._left = before
            self.moved.emit()

    @Slot()
    def _enter_page(self) -> None:
        if self.current is not None:
            self.current.setFocus()

    def find_text(self, text: str) -> None:
        """Show the allocations that hold a text."""
        self.bridge.navigate.emit("allocations", Filtre(exercice=self.bridge.exercice, texte=text))

    def leave(self) -> bool:
        """Whether the page shown lets the base close."""
        return self.current is None or self.current.leave()

    @Slot(str)
    def _subtitle_changed(self, text: str) -> None:
        if self.sender() is self.current:
            self.top_bar.set_subtitle(text)

    @Slot(str)
    def _status_changed(self, text: str) -> None:
        if self.sender() is self.current:
            self.status_changed.emit(text)

    # The base

    @Slot()
    def _show_exercices(self) -> None:
        years = self.bridge.session.nomenclatures.exercices()
        self.top_bar.set_exercices(years, self.bridge.exercice)
        self.moved.emit()

    @Slot(object)
    def _base_changed(self, changes: Changes) -> None:
        if not changes.tables or "exercice" in changes.tables:
            self._show_exercices()
        label = changes.libelle
        if label.startswith("Annuler : "):
            self.saved.emit(f"Annulé : {label.removeprefix('Annuler : ')} · Rétablir (Ctrl+Y)")
        elif label.startswith("Rétablir : "):
            self.saved.emit(f"Rétabli : {label.removeprefix('Rétablir : ')} · Annuler (Ctrl+Z)")
        else:
            self.saved.emit(f"Enregistré : {label} · Annuler (Ctrl+Z)")
        self.moved.emit()

    # Search

    def _find_page(self, text: str) -> list[Found]:
        titles = [(p.title, Found(p.title, "Page", partial(self.go, p.key))) for p in self.page_classes]
        return matching(text, titles, limit=len(titles))

    def _find_command(self, text: str) -> list[Found]:
        return matching(text, [(f.title, f) for f in self._commands()])

    def _find_noun(self, text: str) -> list[Found]:
        if not text:
            return []
        session, year = self.bridge.session, self.bridge.exercice

        def opens(filtre: Filtre) -> Callable[[], object]:
            return lambda: self.bridge.navigate.emit("allocations", filtre)

        themes = [
            (label, Found(label, "Thème", opens(Filtre(exercice=year, themes=(code,)))))
            for code, label in session.nomenclatures.themes().items()
        ]
        destinations = [
            (
                f"{d.code} {d.libelle}",
                Found(f"{d.code} {d.libelle}", "Destination", opens(Filtre(exercice=year, destinations=(d.code,)))),
            )
            for d in session.nomenclatures.destinations(year)
        ]
        operateurs = [
            Found(
                o.nom, " · ".join(("Opérateur", o.commune)).rstrip(" ·"), opens(Filtre(None, operateurs=(o.id or 0,)))
            )
            for o in session.operateurs.search(text, limit=5)
        ]
        schemes = [
            (f"{code} {label}", Found(label, "Dispositif", partial(self.bridge.navigate.emit, "dispositifs", code)))
            for code, label in session.dispositifs.codes().items()
        ]
        actes = [
            Found(c.numero, NATURES[c.nature], partial(self.bridge.navigate.emit, "conventions", c.id))
            for c in session.conventions.search(text, limit=5)
        ]
        return [*operateurs, *actes, *matching(text, schemes), *matching(text, themes), *matching(text, destinations)]
