"""The mappings that the base remembers: listed with their use, and one of them to look at and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from firdesk.domain.problem import Invalide
from firdesk.services.importing import correspondance_apprise as apprises
from firdesk.services.importing.correspondance import genre_de
from firdesk.services.importing.correspondance_apprise import Apprise, Usage
from firdesk.services.importing.profiles import PROFILS
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.choix import Choix
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import ElidedText, Text, button
from firdesk.ui.pages.import_correspondance_choix import ChampPropose, ChoixChamp
from firdesk.ui.pages.import_tables import fit

COLONNES = (
    ColumnSpec("nom", "Correspondance", width=200, stretch=True),
    ColumnSpec("champs", "Champs repris", width=320, stretch=True),
    ColumnSpec("genre", "Lue comme", width=120),
    ColumnSpec("imports", "Imports", "entier", 76),
    ColumnSpec("dernier", "Dernier", "date", 104),
)
CHAMPS = (
    ColumnSpec("entete", "En-tête du fichier", width=280, stretch=True, sortable=False),
    ColumnSpec("champ", "Devient", "etat", 280, stretch=True, sortable=False),
)
#: Rows of the list before it scrolls.
LIGNES = 4


class ProfilsAppris(Room, QWidget):
    """The list, under that of the imports; nothing while there is none."""

    opened = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._usages: Sequence[Usage] = ()
        self.model = SimpleTableModel(COLONNES, (), self)
        self.table = DataTable(self.model, name="Correspondances apprises")
        self.table.activated.connect(self._open)
        self.table.set_context_menu(self._menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(Text("Correspondances apprises", "sous_titre"))
        layout.addWidget(self.table)
        layout.addWidget(Text("Entrée ou double-clic : la voir, la renommer, la changer", "petit", "faible"))
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        """Read them again."""
        self._usages = apprises.usages(self._bridge.session)
        self.setVisible(bool(self._usages))
        self.model.set_rows(
            [(u.apprise.nom, u.colonnes, u.apprise.genre, u.imports, u.dernier[:10]) for u in self._usages]
        )
        fit(self.table, len(self._usages), LIGNES)

    def _open(self, row: int) -> None:
        self.opened.emit(self._usages[row].apprise.id or 0)

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if len(rows) == 1:
            apprise = self._usages[rows[0]].apprise
            menu.addAction("Voir et changer", lambda: self.opened.emit(apprise.id or 0))
            menu.addAction("Oublier", lambda: oublier(self._bridge, apprise))


def oublier(bridge: Bridge, apprise: Apprise) -> None:
    """Forget a mapping; the message carries *Annuler*."""
    told = f"Correspondance « {apprise.nom} » oubliée : ses prochains fichiers demanderont leurs colonnes."
    bridge.perform(lambda: apprises.oublier(bridge.session, apprise.id or 0), done=told)


class PageProfil(Room, QWidget):
    """One mapping: its name, each header with its field, the destination of the whole file; every change at once."""

    back = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._usage: Usage | None = None
        self._row = 0
        self.nom = QLineEdit()
        self.nom.setAccessibleName("Nom de la correspondance")
        self.nom.setFont(style.font("corps"))
        self.nom.setFixedWidth(360)
        self.nom.editingFinished.connect(self._rename)
        self.faits = ElidedText("", "petit", "faible")
        self.model = SimpleTableModel(CHAMPS, (), self)
        self.table = DataTable(self.model, name="Colonnes de la correspondance")
        self.table.activated.connect(self._ask)
        self.table.view.installEventFilter(self)
        self.destination = Choix("Aucune")
        self.destination.setAccessibleName("Destination pour tout le fichier")
        self.destination.setMaximumWidth(420)
        self.destination.edited.connect(self._destination_picked)
        if (line := self.destination.lineEdit()) is not None:
            line.editingFinished.connect(self._destination_edited)
        self._destination_label = Text("Destination pour tout le fichier", "corps", "faible")
        self._destination_label.setBuddy(self.destination)
        self.choix = ChoixChamp(self)
        self.choix.chosen.connect(self._put)
        self.choix.closed.connect(self.table.setFocus)
        self.retour = button("Retour aux imports", "lien", self.back.emit)
        self.oublier = button("Oublier cette correspondance", "danger", self._forget)
        self._lay_out()
        self.setFocusProxy(self.table)

    def _lay_out(self) -> None:
        card = Card("Correspondance apprise")
        card.add_action(self.oublier)
        named = QHBoxLayout()
        label = Text("Nom", "corps", "faible")
        label.setBuddy(self.nom)
        for widget in (label, self.nom):
            named.addWidget(widget)
        named.addStretch(1)
        fixed = QHBoxLayout()
        for part in (self._destination_label, self.destination):
            fixed.addWidget(part)
        fixed.addStretch(1)
        card.body.addLayout(named)
        card.body.addWidget(self.faits)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(Text("Entrée : choisir le champ · Suppr : ne plus reprendre la colonne", "petit", "faible"))
        card.body.addLayout(fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.retour, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(card, 1)

    def show_profil(self, number: int) -> bool:
        """Show a mapping as it is now; ``False`` when it is no more."""
        found = [u for u in apprises.usages(self._bridge.session) if u.apprise.id == number]
        if not found:
            return False
        usage = self._usage = found[0]
        apprise, profil = usage.apprise, genre_de(usage.apprise.genre)
        if not self.nom.hasFocus() or self.nom.text() != apprise.nom:
            self.nom.setText(apprise.nom)
        times = f"{usage.imports} import{'s' if usage.imports > 1 else ''} en vigueur"
        last = (
            f", le dernier le {usage.dernier[8:10]}/{usage.dernier[5:7]}/{usage.dernier[:4]}" if usage.dernier else ""
        )
        self.faits.setText(f"Lue comme {apprise.genre} · {times}{last}")
        by_name = {name: champ for champ, name in apprise.champs.items()}
        rows = []
        for name in apprise.entetes:
            champ = by_name.get(name, "")
            said = ("accent", profil.champ(champ).entete) if champ else ("faible", "non reprise")
            rows.append((apprise.libelles.get(name) or name.lstrip("#") or "sans en-tête", said))
        self.model.set_rows(rows)
        libre = apprise.genre not in PROFILS
        for part in (self._destination_label, self.destination):
            part.setVisible(libre and "mesure3" not in apprise.champs)
        years = self._bridge.session.nomenclatures.exercices()
        known = self._bridge.session.nomenclatures.destinations(years[0]) if years else []
        self.destination.set_items([(d.code, f"{d.code} {d.libelle}") for d in known])
        self.destination.set_code(apprise.textes.get("mesure3"))
        return True

    # What the user changes

    def _rename(self) -> None:
        usage, text = self._usage, " ".join(self.nom.text().split())
        if usage is None or text == usage.apprise.nom:
            return
        number = usage.apprise.id or 0
        self._perform(lambda: apprises.renommer(self._bridge.session, number, text), "Correspondance renommée.")
        self.show_profil(number)

    def _put(self, champ: str) -> None:
        usage = self._usage
        if usage is None:
            return
        apprise = usage.apprise
        name = apprise.entetes[self._row]
        champs = {c: n for c, n in apprise.champs.items() if n != name and c != champ}
        textes = {c: t for c, t in apprise.textes.items() if c != champ}
        if champ:
            champs[champ] = name
        self._change(champs, textes)
        self.table.setFocus()

    def _destination_picked(self) -> None:
        """A whole entry of the list; a text still being typed may be the beginning of another code."""
        if self.destination.currentText() == self.destination.itemText(self.destination.currentIndex()):
            self._destination_edited()

    def _destination_edited(self) -> None:
        if self._usage is None:
            return
        try:
            code = self.destination.code()
        except Invalide:
            return
        textes = {c: t for c, t in self._usage.apprise.textes.items() if c != "mesure3"}
        if code and code != self._usage.apprise.textes.get("mesure3"):
            self._change(dict(self._usage.apprise.champs), {**textes, "mesure3": code})

    def _change(self, champs: dict[str, str], textes: dict[str, str]) -> None:
        if self._usage is None:
            return
        number = self._usage.apprise.id or 0
        told = f"Correspondance « {self._usage.apprise.nom} » changée pour les prochains imports."
        self._perform(lambda: apprises.modifier(self._bridge.session, number, champs, textes), told)

    def _forget(self) -> None:
        if self._usage is not None:
            oublier(self._bridge, self._usage.apprise)

    def _perform(self, action: Callable[[], object], told: str) -> None:
        self._bridge.perform(action, done=told)

    def _ask(self, row: int) -> None:
        usage = self._usage
        if usage is None:
            return
        self._row = row
        apprise, profil = usage.apprise, genre_de(usage.apprise.genre)
        champs = [ChampPropose("", "Ne pas reprendre cette colonne")]
        champs += [
            ChampPropose(
                c.code, c.entete, apprise.libelles.get(apprise.champs[c.code], "") if c.code in apprise.champs else ""
            )
            for c in profil.champs
        ]
        current = next((c for c, n in apprise.champs.items() if n == apprise.entetes[row]), "")
        view = self.table.view
        place = view.visualRect(view.currentIndex())
        place.moveTo(view.viewport().mapToGlobal(place.topLeft()))
        self.choix.open_at(place, champs, current)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        index = self.table.view.currentIndex()
        if pressed and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete and index.isValid():
            self._row = index.row()
            self._put("")
            return True
        return super().eventFilter(watched, event)
