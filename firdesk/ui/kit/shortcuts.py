"""Keys of one widget: heard there (and in what it holds), never in the rest of the window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QTabBar, QWidget


def shortcut(
    keys: str | QKeySequence | QKeySequence.StandardKey,
    parent: QWidget,
    run: Callable[[], object],
    *,
    alone: bool = False,
) -> QShortcut:
    """Run on these keys when ``parent`` or a widget inside it has the focus; ``alone``: ``parent`` itself.

    PySide forgets the context given beside a callable, and listens in the whole window: it is set afterwards.
    """
    context = Qt.ShortcutContext
    made = QShortcut(QKeySequence(keys), parent)
    made.setContext(context.WidgetShortcut if alone else context.WidgetWithChildrenShortcut)
    made.activated.connect(run)
    return made


def escape(parent: QWidget, run: Callable[[], object]) -> QShortcut:
    """Run on Escape inside ``parent``; a list of propositions, which hears the key after it, is closed first."""

    def escaped() -> None:
        shown = QApplication.activePopupWidget()
        if shown is not None:
            shown.hide()
        else:
            run()

    return shortcut("Esc", parent, escaped)


def tab_keys(parent: QWidget, bar: QTabBar) -> None:
    """Ctrl+Page suivante and Ctrl+Page précédente move among the tabs that may be opened, round and round."""

    def step(by: int) -> None:
        here, count = bar.currentIndex(), bar.count()
        others = ((here + by * far) % count for far in range(1, count))
        bar.setCurrentIndex(next((place for place in others if bar.isTabEnabled(place)), here))

    shortcut("Ctrl+PgDown", parent, lambda: step(1))
    shortcut("Ctrl+PgUp", parent, lambda: step(-1))
    bar.setToolTip("Ctrl+Page suivante, Ctrl+Page précédente")
