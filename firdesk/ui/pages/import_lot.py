"""One import after it was written: the same figures for ever, what was said of its cells, the way to undo it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.domain.lot import Constat, Lot
from firdesk.ui.kit import style
from firdesk.ui.kit.text import ElidedText, button
from firdesk.ui.pages import import_tables
from firdesk.ui.pages.import_bilan import Bilan
from firdesk.ui.pages.import_onglets import Onglet, Onglets

GENRES = (
    ("rejet", "Rejets", "Lignes laissées hors de la base : corriger le fichier, puis l'importer à nouveau."),
    (
        "orpheline",
        "En attente",
        "Paiements sans allocation : importer ce fichier à nouveau quand l'allocation existera les rattache.",
    ),
    ("alerte", "À vérifier", "Importé quand même."),
    ("reparation", "Réparations", "Appliquées : la valeur juste était prouvée."),
    ("ignoree", "Ignorées", "Laissées de côté, avec leur raison."),
)


class PageLot(QWidget):
    """Figures at the right, findings at the left."""

    back = Signal()
    lines_asked = Signal(int)
    cancelled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lot: Lot | None = None
        self.constats = Onglets("Ce qui a été dit des cellules")
        self.bilan = Bilan("Ce qui a été écrit")
        self.voir = button("Voir les lignes", "principal", lambda: self._emit(self.lines_asked))
        self.annuler = button("Annuler cet import", "danger", lambda: self._emit(self.cancelled))
        self.bilan.add_buttons(self.annuler, self.voir)
        self.retour = button("Tous les imports", "lien", self.back.emit, icon="arrow-left-line")
        self._head = ElidedText("", "corps", "faible")
        head = QHBoxLayout()
        head.setSpacing(style.MARGIN)
        head.addWidget(self.retour)
        head.addWidget(self._head, 1)
        body = QHBoxLayout()
        body.setSpacing(style.WIDE)
        body.addWidget(self.constats, 5)
        body.addWidget(self.bilan, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(head)
        layout.addLayout(body, 1)
        self.setFocusProxy(self.voir)

    def show_lot(self, lot: Lot, constats: Sequence[Constat]) -> None:
        """Show a lot and its findings."""
        self.lot = lot
        size = f"{money.nombre(max(1, lot.taille // 1024))} Ko"
        self._head.setText(f"importé le {french_date(lot.importe_le)} · {size} · empreinte {lot.sha256[:12]}")
        self.bilan.show_lot(lot)
        tabs = []
        for genre, title, phrase in GENRES:
            found = [c for c in constats if c.genre == genre]
            if found:
                tabs.append(Onglet(genre, title, len(found), lambda f=found: import_tables.constats(f, self), phrase))  # type: ignore[misc]
        self.constats.set_tabs(tabs, "Rien à signaler : toutes les cellules ont été lues sans réserve.")

    def _emit(self, signal: object) -> None:
        if self.lot is not None and self.lot.id is not None:
            signal.emit(self.lot.id)  # type: ignore[attr-defined]
