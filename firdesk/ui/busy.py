"""While a job runs the window repaints but takes no order, except from the progress panel."""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from firdesk.ui.kit.jobs import Jobs
from firdesk.ui.kit.progress_panel import ProgressPanel

_T = QEvent.Type
_ORDERS = frozenset(
    {
        _T.KeyPress,
        _T.KeyRelease,
        _T.ShortcutOverride,
        _T.MouseButtonPress,
        _T.MouseButtonRelease,
        _T.MouseButtonDblClick,
        _T.ContextMenu,
        _T.Drop,
        _T.DragEnter,
        _T.InputMethod,
    }
)


class Busy(QObject):
    """Swallows what the user does to ``window`` from the start of a job to its end; the focus stays where it was.

    Disabling the widgets would lose the focus and turn the page grey at each undo of a tenth of a second.
    """

    def __init__(self, window: QWidget, jobs: Jobs, panel: ProgressPanel) -> None:
        super().__init__(window)
        self._window, self._panel = window, panel
        jobs.busy.connect(self._start)
        jobs.idle.connect(self._stop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == _T.Shortcut:
            # Sent to an action or a shortcut, not to a widget: none may run, whoever owns it.
            return not isinstance(watched, QWidget) or not self._panel.isAncestorOf(watched)
        if event.type() not in _ORDERS or not isinstance(watched, QWidget):
            return False
        if watched is self._panel or self._panel.isAncestorOf(watched):
            return False
        return watched.window() is self._window

    @Slot()
    def _start(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    @Slot()
    def _stop(self) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
