"""What the small grids of a scheme share: cells edited in place, a row to add under them, texts read or refused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHBoxLayout, QWidget

from firdesk.domain import indicateur, money
from firdesk.domain.problem import Invalide, Problem
from firdesk.services.session import Session
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.form import MontantEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable


def grid(model: SimpleTableModel, name: str, delete: Callable[[], object]) -> DataTable:
    """A table whose cells are typed in place; Suppr takes the row away."""
    table = DataTable(model, name=name)
    trigger = QAbstractItemView.EditTrigger
    table.view.setEditTriggers(trigger.EditKeyPressed | trigger.AnyKeyPressed)
    table.activated.connect(lambda _: table.view.edit(table.view.currentIndex()))
    table.view.setToolTip("F2 ou Entrée : modifier · Suppr : retirer")
    shortcut(QKeySequence("Del"), table.view, delete, alone=True)
    table.setMinimumHeight(style.HEADER + 2 * style.ROW + 4)
    return table


def escape(parent: QWidget, clear: Callable[[], bool], leave: Callable[[], object]) -> None:
    """Escape closes a list of propositions, else gives up what ``clear`` finds typed, else leaves."""

    def escaped() -> None:
        # A shortcut hears the key before the list of propositions does.
        shown = QApplication.activePopupWidget()
        if shown is not None:
            shown.hide()
        elif not clear():
            leave()

    shortcut("Esc", parent, escaped)


def row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets side by side, the first one taking the room left."""
    made = QHBoxLayout()
    made.setSpacing(style.SPACE)
    for place, widget in enumerate(widgets):
        made.addWidget(widget, int(place == 0))
    return made


def amount(field: MontantEdit) -> int:
    """The cents typed; ``Invalide`` for an empty field or a text that is no amount."""
    found = field.cents()
    if found is None:
        raise Invalide((Problem("montant", "Donner le montant."),))
    return found


def cents(text: str) -> int:
    """The cents of a cell; ``Invalide`` for an empty one or a text that is no amount."""
    try:
        found = money.parse_strict(text)
    except ValueError as error:
        raise Invalide((Problem("montant", str(error)),)) from error
    if found is None:
        raise Invalide((Problem("montant", "Donner le montant, ou supprimer la ligne (Suppr)."),))
    return found


def number(text: str) -> int | None:
    """The thousandths of a cell; ``Invalide`` for a text that is no number."""
    try:
        return indicateur.lire(text)
    except ValueError as error:
        raise Invalide((Problem("quantite", str(error)),)) from error


def done(bridge: Bridge, session: Session, write: Callable[[], object], said: str) -> bool:
    """Run a change and tell it; whether something was written."""
    before = session.operations.next_undo()
    bridge.perform(write, done=said)
    return session.operations.next_undo() != before
