"""A list that unfolds, named for those who do not see it, as wide as its longest entry."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox


def combo_box(name: str, items: Iterable[tuple[str, object]] = ()) -> QComboBox:
    """A list of ``items``, each a label and the value it stands for."""
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    for label, value in items:
        made.addItem(label, value)
    return made
