"""What the views of the exercices share: a refresh, something for the status bar, whether they let the user go."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.room import Room


class Vue(Room, QWidget):
    """Subclasses give :meth:`refresh`."""

    #: what the right of the status bar says
    told = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge, self.session = bridge, bridge.session

    def refresh(self) -> None:
        """Read everything shown again."""
        raise NotImplementedError

    def leave(self) -> bool:
        """``False`` keeps the user here (something typed is not saved)."""
        return True


def annees(combo: QComboBox, years: list[int], wanted: int) -> None:
    """Fill a list of years and choose one; what was chosen stays where it still is."""
    kept = combo.currentData()
    combo.clear()
    for year in years:
        combo.addItem(str(year), year)
    place = combo.findData(kept if kept in years else wanted)
    combo.setCurrentIndex(max(0, place))
