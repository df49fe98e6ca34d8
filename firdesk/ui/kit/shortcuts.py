"""Keys of one widget: heard there (and in what it holds), never in the rest of the window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


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
