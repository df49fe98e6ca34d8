"""One import after it was written: the same figures for ever, what was said and decided, the way to undo it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.execution import LigneExecution
from firdesk.domain.historique import Obstacle
from firdesk.domain.jour import french_date
from firdesk.domain.lot import Constat, Lot, Suivi
from firdesk.services.importing.lots import Choix
from firdesk.services.importing.rejets import GENRES as REJETES
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages import import_liste, import_lot_tables, import_tables
from firdesk.ui.pages.import_bilan import Bilan
from firdesk.ui.pages.import_lines import LinesModel
from firdesk.ui.pages.import_obstacles import Obstacles
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
FIN = "Tout le fichier a été lu sans réserve."


class Fiche(Card):
    """Which file it was, where, by whom it was imported; every name whole."""

    #: the operation to look at in the history
    operation_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._operation: int | None = None
        self._texts = {name: Text("", wrap=True) for name in ("Fichier", "Emplacement", "Empreinte", "Import")}
        self.historique = button("Voir dans l'historique", "lien", self._ask)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.MARGIN)
        grid.setVerticalSpacing(style.HALF)
        grid.setColumnStretch(1, 1)
        for row, (name, text) in enumerate(self._texts.items()):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = Text(name, "petit", "faible")
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            last = row == len(self._texts) - 1
            grid.addWidget(text, row, 1, 1, 1 if last else 2)
        grid.addWidget(self.historique, len(self._texts) - 1, 2)
        self._texts["Fichier"].setFont(style.font("fort"))
        self._texts["Empreinte"].setFont(style.font("petit"))
        self.body.addLayout(grid)

    def show_suivi(self, suivi: Suivi) -> None:
        """Say all that identifies an import."""
        lot = suivi.lot
        size = f"{money.nombre(max(1, lot.taille // 1024))} Ko"
        by = f" par {suivi.auteur}" if suivi.auteur else ""
        number = f" · opération n° {suivi.operation}" if suivi.operation else ""
        told = {
            "Fichier": f"{import_liste.source(lot.fichier, lot.feuille)} · {size}",
            "Emplacement": _breakable(lot.chemin) or "inconnu",
            "Empreinte": f"SHA-256 {lot.sha256}",
            "Import": f"{lot.profil}, exercice {lot.exercices}, le {french_date(lot.importe_le)}{by}{number}",
        }
        for name, text in told.items():
            self._texts[name].setText(text)
            self._texts[name].setAccessibleName(f"{name} : {text}")
        self._operation = suivi.operation
        self.historique.setVisible(suivi.operation is not None)

    def text(self, name: str) -> str:
        """What the card says of a name."""
        return self._texts[name].text()

    def _ask(self) -> None:
        if self._operation is not None:
            self.operation_asked.emit(self._operation)


class PageLot(Room, QWidget):
    """The file above, figures at the right, findings and choices at the left."""

    back = Signal()
    lines_asked = Signal(int)
    cancelled = Signal(int)
    #: an import undone, to do again (``Suivi``)
    restored = Signal(object)
    rejects_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.suivi: Suivi | None = None
        self.constats = Onglets("Ce qui a été lu et décidé")
        self.obstacles = Obstacles()
        self.fiche = Fiche()
        self.bilan = Bilan("Ce qui a été écrit")
        self.etat = Note("")
        self.voir = button("Voir les lignes", "principal", lambda: self._emit(self.lines_asked))
        self.annuler = button("Annuler cet import", "danger", lambda: self._emit(self.cancelled))
        self.bilan.add_buttons(self.annuler, self.voir)
        self.retour = button("Tous les imports", "lien", self.back.emit, icon="arrow-left-line")
        self.rejets = button("Exporter les rejets…", "secondaire", self.rejects_asked.emit, icon="file-excel-2-line")
        self.rejets.setToolTip("Une copie de votre fichier, les cellules rejetées en couleur et commentées")
        self.etat.action.connect(self._restore)
        self.obstacles.closed.connect(self.hide_obstacles)
        self._lay_out()
        self.setFocusProxy(self.voir)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(style.MARGIN)
        head.addWidget(self.retour)
        head.addStretch(1)
        head.addWidget(self.rejets)
        self._left = QStackedWidget()
        self._left.addWidget(self.constats)
        self._left.addWidget(self.obstacles)
        left = QVBoxLayout()
        left.setSpacing(style.MARGIN)
        left.addWidget(self.fiche)
        left.addWidget(self._left, 1)
        body = QHBoxLayout()
        body.setSpacing(style.WIDE)
        body.addLayout(left, 5)
        body.addWidget(self.bilan, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(head)
        layout.addWidget(self.etat)
        layout.addLayout(body, 1)

    @property
    def lot(self) -> Lot | None:
        return self.suivi.lot if self.suivi is not None else None

    def show_lot(
        self,
        suivi: Suivi,
        constats: Sequence[Constat],
        choix: Sequence[Choix],
        lignes: Sequence[LigneExecution] = (),
    ) -> None:
        """Show an import, its findings and the choices made; ``lignes`` are what it wrote of the budget's execution."""
        if self.suivi != suivi:
            self.hide_obstacles()
        self.suivi = suivi
        lot = suivi.lot
        undone = f"Import annulé le {french_date(suivi.annule_le)}. Ce qu'il avait écrit n'est plus dans la base."
        self.etat.set_note("" if suivi.en_vigueur else undone, "alerte", "Rétablir")
        self.fiche.show_suivi(suivi)
        self.bilan.set_title("Ce qui a été écrit" if suivi.en_vigueur else "Ce qui avait été écrit")
        self.bilan.show_lot(lot)
        wrote = not lignes and bool(lot.nouvelles or lot.modifiees or lot.inchangees)
        self.voir.setVisible(suivi.en_vigueur and wrote)
        self.annuler.setVisible(suivi.en_vigueur and suivi.operation is not None)
        self.rejets.setVisible(any(c.genre in REJETES for c in constats))
        self.setFocusProxy(self.voir if suivi.en_vigueur and wrote else self.retour)
        self.constats.set_tabs([*_tabs(constats, choix, self), *_execution(lignes, self)], FIN)

    def show_obstacles(self, found: Sequence[Obstacle]) -> None:
        """Say what keeps the import shown from being undone."""
        if self.suivi is not None:
            self.obstacles.show_obstacles(self.suivi.lot.fichier, found)
            self._left.setCurrentWidget(self.obstacles)
            self.obstacles.setFocus()

    def hide_obstacles(self) -> None:
        self._left.setCurrentWidget(self.constats)

    @property
    def blocked(self) -> bool:
        """Whether what stands in the way of undoing is shown."""
        return self._left.currentWidget() is self.obstacles

    def _restore(self) -> None:
        self.restored.emit(self.suivi)

    def _emit(self, signal: object) -> None:
        if self.lot is not None and self.lot.id is not None:
            signal.emit(self.lot.id)  # type: ignore[attr-defined]


def _tabs(constats: Sequence[Constat], choix: Sequence[Choix], parent: QWidget) -> list[Onglet]:
    tabs = []
    for genre, title, phrase in GENRES:
        found = [c for c in constats if c.genre == genre]
        if found:
            tabs.append(Onglet(genre, title, len(found), _of(found, parent), phrase))
    phrase = "Ce qui a été reconnu ou choisi avant d'écrire, et les réponses données."
    tabs.append(
        Onglet("choix", "Choix", len(choix), lambda: import_lot_tables.choix(choix, parent), phrase, compte=False)
    )
    return tabs


def _of(found: Sequence[Constat], parent: QWidget) -> Callable[[], LinesModel]:
    if found[0].genre == "orpheline":
        return lambda: import_tables.orphelines(found, parent)
    return lambda: import_tables.constats(found, parent)


def _execution(lignes: Sequence[LigneExecution], parent: QWidget) -> list[Onglet]:
    if not lignes:
        return []
    phrase = "Ce que cet import a écrit de l'exécution du budget, par destination et enveloppe."
    return [Onglet("lignes", "Lignes", len(lignes), lambda: import_lot_tables.execution(lignes, parent), phrase)]


def _breakable(path: str) -> str:
    """A path that may be cut between its folders."""
    return path.replace("/", "/\u200b").replace("\\", "\\\u200b")
