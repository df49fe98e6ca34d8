"""The filters of the allocations: what can be asked, the chip that says it, the list one ticks values in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from firdesk.domain.allocation import AVANCEMENTS, CANAUX, CARACTERES, STATUTS, Filtre
from firdesk.domain.identifiants import DEPARTEMENTS_REGION
from firdesk.domain.territoire import LIBELLE_REGION, REGION
from firdesk.services import dispositifs
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.chips import Chip
from firdesk.ui.kit.folding import fold

Values = list[tuple[Any, str]]
_KEY = int(Qt.ItemDataRole.UserRole)
_WIDTH = 320
_HEIGHT = 340


@dataclass(frozen=True, slots=True)
class Critere:
    """One criterion: the field of ``Filtre``, its name, its values (code, label) in an exercice."""

    field: str
    nom: str
    values: Callable[[Session, int], Values]


def _missions(session: Session, _: int) -> Values:
    return [(c, f"{c} {t}") for c, t in session.nomenclatures.missions().items()]


def _destinations(session: Session, exercice: int) -> Values:
    return [(d.code, f"{d.code} {d.libelle}") for d in session.nomenclatures.destinations(exercice)]


def _themes(session: Session, _: int) -> Values:
    return [*session.nomenclatures.themes().items(), ("", "Sans thème")]


def _departements(session: Session, _: int) -> Values:
    known = session.nomenclatures.departements()
    near = [c for c in DEPARTEMENTS_REGION if c in known]
    return [(c, f"{c} {known[c]}") for c in [*near, *(c for c in known if c not in near)]] + [("", "Sans département")]


def _lieux(session: Session, exercice: int) -> Values:
    return [*_departements(session, exercice), (REGION, LIBELLE_REGION)]


def _enveloppes(session: Session, _: int) -> Values:
    return [*session.nomenclatures.enveloppes().items(), ("", "Sans enveloppe")]


def _dispositifs(session: Session, exercice: int) -> Values:
    known = [(x.code, x.dispositif.libelle) for x in dispositifs.liste(session, exercice)]
    return [*known, ("", "Sans dispositif")]


def _operateurs(session: Session, _: int) -> Values:
    return list(session.operateurs.noms().items())


def _conventions(session: Session, _: int) -> Values:
    acts = [c for c in session.conventions.all() if c.parent_id is None]
    names = session.conventions.operateurs()
    return [*((c.id, f"{c.numero} · {names.get(c.operateur_id, '')}") for c in acts), (0, "Sans convention")]


CRITERES = (
    Critere("missions", "Mission", _missions),
    Critere("destinations", "Destination", _destinations),
    Critere("themes", "Thème", _themes),
    Critere("departements", "Département", _departements),
    Critere("lieux", "Lieu d'action", _lieux),
    Critere("operateurs", "Opérateur", _operateurs),
    Critere("enveloppes", "Enveloppe", _enveloppes),
    Critere("dispositifs", "Dispositif", _dispositifs),
    Critere("conventions", "Convention", _conventions),
    Critere("canaux", "Canal", lambda *_: list(CANAUX.items())),
    Critere("caracteres", "Caractère", lambda *_: list(CARACTERES.items())),
    Critere("avancements", "Avancement", lambda *_: list(AVANCEMENTS.items())),
    Critere("statuts", "Statut", lambda *_: list(STATUTS.items())),
)


def critere(field: str) -> Critere | None:
    return next((c for c in CRITERES if c.field == field), None)


def chips(session: Session, filtre: Filtre, exercice: int) -> list[Chip]:
    """One chip a criterion in force: its values when few, else how many."""
    made = []
    if filtre.exercice is None:
        made.append(Chip("exercice", "Tous les exercices"))
    for c in CRITERES:
        wanted = getattr(filtre, c.field)
        if wanted:
            made.append(Chip(c.field, f"{c.nom} : {_said(session, c, wanted, filtre.exercice or exercice)}"))
    for number in filtre.lots:
        lot = session.imports.lot(number)
        made.append(Chip("lots", f"Import : {lot.fichier if lot else number}"))
    if filtre.lignes:
        count = len(filtre.lignes)
        made.append(Chip("lignes", f"{count} ligne{'s' * (count > 1)} d'un écart"))
    if filtre.texte:
        made.append(Chip("texte", f"Texte : {filtre.texte}"))
    return made


def _said(session: Session, c: Critere, wanted: Sequence[Any], exercice: int) -> str:
    if c.field == "operateurs":
        found = [(n, session.operateurs.find(n)) for n in wanted[:2]]
        names = [o.nom if o else f"opérateur n° {n}, disparu" for n, o in found]
    else:
        labels = dict(c.values(session, exercice))
        names = [labels.get(code, str(code)) for code in wanted[:2]]
    if len(wanted) > 2:
        return f"{len(wanted)} valeurs"
    return " ou ".join(n if len(n) <= 32 else n[:31] + "…" for n in names)


def without(filtre: Filtre, field: str, exercice: int) -> Filtre:
    """The filter with one criterion less."""
    empty: Any = {"texte": "", "exercice": exercice}.get(field, ())
    return replace(filtre, **{field: empty})


class FilterPopup(QFrame):
    """First the criteria, then the values of one, found by typing and ticked with the space bar."""

    #: field of ``Filtre`` and the values ticked
    changed = Signal(str, tuple)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._session = session
        self._critere: Critere | None = None
        self._ticked: list[Any] = []
        self._filtre, self._exercice = Filtre(), 0
        self.setProperty("kind", "carte")
        self.search = QLineEdit()
        self.search.setProperty("kind", "recherche")
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.SPACE, style.SPACE, style.SPACE, style.SPACE)
        layout.setSpacing(style.HALF)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.resize(_WIDTH, _HEIGHT)
        self.search.textEdited.connect(self._narrow)
        self.list.itemClicked.connect(self._clicked)
        self.list.installEventFilter(self)
        self.search.installEventFilter(self)

    def open(self, filtre: Filtre, exercice: int, where: QPoint, field: str = "") -> None:
        """Show the criteria (or the values of ``field``) at a place of the screen."""
        self._filtre, self._exercice = filtre, exercice
        chosen = critere(field)
        if chosen is None:
            self._show_criteria()
        else:
            self.show_values(chosen)
        self.move(where)
        self.show()
        self.search.setFocus()

    def _show_criteria(self) -> None:
        self._critere = None
        self.search.setPlaceholderText("Filtrer par…")
        self.search.setAccessibleName("Critère du filtre")
        self._fill([(c.field, c.nom) for c in CRITERES])

    def show_values(self, chosen: Critere) -> None:
        """Propose the values of a criterion, those in force ticked and first."""
        self._critere = chosen
        self._ticked = list(getattr(self._filtre, chosen.field))
        values = chosen.values(self._session, self._exercice)
        values.sort(key=lambda v: v[0] not in self._ticked)
        self.search.clear()
        self.search.setPlaceholderText(f"{chosen.nom}…")
        self.search.setAccessibleName(f"Chercher : {chosen.nom}")
        self.list.setAccessibleName(f"Valeurs : {chosen.nom}")
        self._fill(values)

    def _fill(self, values: Values) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for code, label in values:
            item = QListWidgetItem(label)
            item.setData(_KEY, code)
            item.setToolTip(label)
            if self._critere is not None:
                # Ticked by us: a click anywhere on the line counts once.
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
                ticked = code in self._ticked
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)

    def _narrow(self, text: str) -> None:
        words = fold(text).split()
        first = -1
        for place in range(self.list.count()):
            item = self.list.item(place)
            shown = all(w in fold(item.text()) for w in words)
            item.setHidden(not shown)
            first = place if shown and first < 0 else first
        self.list.setCurrentRow(first)

    def toggle(self, item: QListWidgetItem) -> None:
        """Tick or untick one value; the table follows at once."""
        if self._critere is None:
            return
        code = item.data(_KEY)
        if code in self._ticked:
            self._ticked.remove(code)
        else:
            self._ticked.append(code)
        item.setCheckState(Qt.CheckState.Checked if code in self._ticked else Qt.CheckState.Unchecked)
        self.changed.emit(self._critere.field, tuple(self._ticked))

    def _clicked(self, item: QListWidgetItem) -> None:
        if self._critere is None:
            self._enter(item)
        else:
            self.toggle(item)

    def _enter(self, item: QListWidgetItem) -> None:
        chosen = critere(str(item.data(_KEY)))
        if chosen is not None:
            self.show_values(chosen)
            self.search.setFocus()

    def choose(self) -> None:
        """What Enter does: open the criterion, or tick the value and close."""
        item = self.list.currentItem()
        if item is None or item.isHidden():
            return
        if self._critere is None:
            self._enter(item)
            return
        if item.data(_KEY) not in self._ticked and (self.search.text() or not self._ticked):
            self.toggle(item)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose()
        elif watched is self.search and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif watched is self.list and key == Qt.Key.Key_Space and (item := self.list.currentItem()) is not None:
            self.toggle(item)
        else:
            return super().eventFilter(watched, event)
        return True

    def _step(self, by: int) -> None:
        place = self.list.currentRow() + by
        while 0 <= place < self.list.count() and self.list.item(place).isHidden():
            place += by
        if 0 <= place < self.list.count():
            self.list.setCurrentRow(place)
