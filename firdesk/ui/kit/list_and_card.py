"""A list with its tools at the left, at the right the card of what is chosen in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSplitter, QVBoxLayout, QWidget

from firdesk.ui.kit import style
from firdesk.ui.kit.entry import lead_focus


def list_beside_card(
    page: QWidget, tools: QLayout, table: QWidget, card: QWidget, widths: tuple[int, int]
) -> QSplitter:
    """Lay out a page: the list takes the room, the card is moved between two widths; the focus is the table's."""
    left = QWidget()
    column = QVBoxLayout(left)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(style.SPACE)
    column.addLayout(tools)
    column.addWidget(table, 1)
    card.setMinimumWidth(widths[0])
    card.setMaximumWidth(widths[1])
    split = QSplitter(Qt.Orientation.Horizontal)
    split.setHandleWidth(style.MARGIN)
    split.setChildrenCollapsible(False)
    split.addWidget(left)
    split.addWidget(card)
    split.setStretchFactor(0, 1)
    split.setSizes([10 * widths[1], widths[1]])  # the card as wide as it may be, until the user says otherwise
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(split)
    lead_focus(page, table)
    return split
