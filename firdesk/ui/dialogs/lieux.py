"""The places of action of one allocation, or the same for several; one operation that a message undoes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.services import territoires
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.allocation_lieux import LieuxEdit

WIDTH, HEIGHT = 620, 440


class Lieux(QDialog):
    """The widget that edits places, and saving them."""

    def __init__(self, bridge: Bridge, parent: QWidget, allocations: Sequence[int]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Lieux d'action")
        self.setMinimumSize(WIDTH, HEIGHT)
        self._bridge, self._session, self._allocations = bridge, bridge.session, list(allocations)
        self.lieux = LieuxEdit(self._session)
        self.enregistrer = button("Enregistrer", "principal", self.save)
        self.enregistrer.setToolTip("Ctrl+Entrée")
        self.enregistrer.setDefault(True)
        self._lay_out()
        seats = {territoires.siege(self._session, n) for n in self._allocations[:500]}
        self.lieux.set_siege(next(iter(seats)) if len(seats) == 1 else "")
        self.lieux.set_lieux(self._session.lieux.de(self._allocations[0]) if self._allocations else ())
        self.lieux.edited.connect(self._grow)
        shortcut("Ctrl+Return", self, self.save)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(style.SPACE)
        foot.addStretch()
        foot.addWidget(button("Fermer", "secondaire", self.reject))
        foot.addWidget(self.enregistrer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.WIDE, style.PAGE_MARGIN, style.WIDE)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(Text("Lieux d'action", "titre"))
        layout.addWidget(Text(self._whom(), "corps", "faible", wrap=True))
        layout.addWidget(self.lieux)
        layout.addStretch()
        layout.addLayout(foot)

    def _whom(self) -> str:
        count = len(self._allocations)
        if count != 1:
            return f"{money.nombre(count)} allocations recevront les mêmes lieux, ceux de la première au départ."
        found = self._session.allocations.get(self._allocations[0])
        if found is None:
            return ""
        owner = self._session.operateurs.get(found.operateur_id)
        return " · ".join(x for x in (f"Allocation {found.reference}", owner.nom, found.objet) if x)

    def _grow(self) -> None:
        self.resize(self.width(), max(HEIGHT, self.sizeHint().height()))

    def save(self) -> None:
        """Write the places; the message gives the former ones back."""
        if self.lieux.problem():
            self.lieux.show_problem()
            return
        wanted = self.lieux.lieux()
        before = self._session.operations.next_undo()
        self._bridge.perform(
            lambda: territoires.enregistrer(self._session, self._allocations, wanted),
            done="Lieux d'action enregistrés" if wanted else "Rendu au siège de l'opérateur",
        )
        if self._session.operations.next_undo() != before:
            self.accept()


def show(bridge: Bridge, parent: QWidget, allocations: Sequence[int]) -> Lieux:
    """Open over the window of ``parent``."""
    dialog = Lieux(bridge, parent.window(), allocations)
    dialog.open()
    (dialog.lieux.lignes[0].departement if dialog.lieux.lignes else dialog.lieux.ajouter).setFocus()
    return dialog
