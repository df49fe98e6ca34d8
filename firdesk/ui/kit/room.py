"""A part of the window that hands the focus it is given to one of its fields, and lets Tab meet all of them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class Room:
    """Before a widget among the bases of a page, a tab, a card of many fields.

    With a focus proxy of Qt, Tab jumps from what comes before the room to the proxy: what is placed above it in the
    room could not be reached.
    """

    _taker: QWidget | None = None

    def setFocusProxy(self, taker: QWidget, /) -> None:
        """Say who takes the focus that the room is given."""
        self._taker = taker

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason, /) -> None:
        if self._taker is not None:
            self._taker.setFocus(reason)
