"""Making one operator of two: whom, what of each fiche stays, what will move; one operation that a message undoes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.operateur import NATURES_ALIAS, Alias
from firdesk.domain.problem import Refus
from firdesk.services import operateurs
from firdesk.services.operateurs import Apercu, Doublon
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.fusion_fiches import Fiches
from firdesk.ui.kit import style
from firdesk.ui.kit.form import Field, Recherche, Row
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.allocation_fields import about

WIDTH, HEIGHT = 940, 660
#: How many doubles are proposed; the others come when these are settled.
PROPOSES = 50


class FusionOperateurs(QDialog):
    """Two operators to choose, their fiches, what would be done, and doing it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._doublons: Sequence[Doublon] = ()
        self._seen: Apercu | None = None
        self._closed = False
        self.setWindowTitle("Fusionner deux opérateurs")
        self.resize(WIDTH, HEIGHT)
        self.doublons = QComboBox()
        self.doublons.activated.connect(self._doublon_chosen)
        self.garder, self.absorber = self._recherche(), self._recherche()
        self.echanger = button("Échanger", "secondaire", self.exchange, icon="arrow-left-right-line")
        self.fiches = Fiches()
        self.fiches.chosen.connect(self._tell)
        self.effet = Text("", "corps", wrap=True)
        self._alias = QVBoxLayout()
        self._alias.setSpacing(style.HALF)
        self.fusionner = button("Fusionner", "principal", self.merge)
        self.distinguer = button("Ce sont deux opérateurs", "secondaire", self.tell_apart)
        self.fermer = button("Fermer", "secondaire", self.reject)
        self._lay_out()
        QShortcut(QKeySequence("Ctrl+Return"), self, self.merge)
        self._look()

    def _recherche(self) -> Recherche:
        made = Recherche(self._search, placeholder="Nom, SIRET, FINESS ou commune")
        made.edited.connect(self._look)
        return made

    def _lay_out(self) -> None:
        first = Field(Row("Opérateur à garder", self.garder, "garder"))
        second = Field(Row("Opérateur à absorber", self.absorber, "absorber"))
        self.echanger.setToolTip("Garder l'autre opérateur")
        whom = QHBoxLayout()
        whom.setSpacing(style.MARGIN)
        whom.addWidget(first, 1)
        whom.addWidget(self.echanger, 0, Qt.AlignmentFlag.AlignBottom)
        whom.addWidget(second, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(style.WIDE, style.MARGIN, style.WIDE, style.MARGIN)
        column.setSpacing(style.MARGIN)
        column.addWidget(self.fiches)
        column.addLayout(self._alias)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        frame = QFrame()
        frame.setProperty("kind", "carte")
        around = QVBoxLayout(frame)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(scroll)
        foot = QHBoxLayout()
        foot.setSpacing(style.SPACE)
        foot.addWidget(self.distinguer)
        foot.addStretch()
        foot.addWidget(self.fermer)
        foot.addWidget(self.fusionner)
        self.fusionner.setToolTip("Ctrl+Entrée")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.WIDE, style.PAGE_MARGIN, style.WIDE)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(Text("Fusionner deux opérateurs", "titre"))
        layout.addWidget(Field(Row("Doublons probables", self.doublons, "doublons")))
        layout.addLayout(whom)
        layout.addWidget(frame, 1)
        layout.addWidget(self.effet)
        layout.addLayout(foot)

    # Whom

    def start(self, garder: int | None = None) -> None:
        """Open, with the operator to keep where it is known, and look for likely doubles meanwhile."""
        self._set(self.garder, garder)
        self._look()
        self.open()
        (self.garder if garder is None else self.absorber).setFocus()
        self.look_for_doubles()

    def look_for_doubles(self) -> None:
        self._show_doubles(None)
        session = self._session
        self._bridge.run("Recherche des doublons", lambda _: operateurs.doublons(session), self._show_doubles)

    def _show_doubles(self, found: Sequence[Doublon] | None) -> None:
        if self._closed:
            return
        self._doublons = found or ()
        count = len(self._doublons)
        many = f"{money.nombre(count)} doublon{'s' * (count > 1)} probable{'s' * (count > 1)} : en choisir un"
        title = "Recherche en cours…" if found is None else many if count else "Aucun doublon probable dans la base"
        self.doublons.clear()
        self.doublons.addItem(title)
        for d in self._doublons[:PROPOSES]:
            self.doublons.addItem(f"{d.premier.nom}  ⟷  {d.second.nom} ({d.motif})")
        self.doublons.setEnabled(bool(count))
        self.doublons.setAccessibleDescription(title)

    def _doublon_chosen(self, place: int) -> None:
        if 0 < place <= len(self._doublons):
            found = self._doublons[place - 1]
            self.show_pair(found.premier.id or 0, found.second.id or 0)

    def show_pair(self, garder: int, absorber: int) -> None:
        """Put two operators side by side."""
        self._set(self.garder, garder)
        self._set(self.absorber, absorber)
        self._look()

    def exchange(self) -> None:
        """Keep the other one."""
        first, second = _number(self.garder), _number(self.absorber)
        self._set(self.garder, second)
        self._set(self.absorber, first)
        self._look()

    def _set(self, field: Recherche, number: int | None) -> None:
        found = self._session.operateurs.find(number) if number else None
        field.set_value(found.id if found else None, found.nom if found else "")

    def _search(self, text: str) -> list[tuple[int, str, str]]:
        found = self._session.operateurs.search(text, limit=12)
        return [(o.id or 0, o.nom, " · ".join(about(o))) for o in found]

    # What would be done

    def _look(self) -> None:
        """Two operators chosen are shown side by side; the reason where they cannot be."""
        first, second = _number(self.garder), _number(self.absorber)
        self._seen, told = None, ""
        if first and second:
            try:
                self._seen = operateurs.apercu(self._session, first, second)
            except Refus as refusal:
                told = refusal.message
        self.fiches.show_pair(self._seen)
        self._show_aliases(first)
        for made in (self.fusionner, self.distinguer):
            made.setEnabled(self._seen is not None)
        self.echanger.setEnabled(bool(first or second))
        self.effet.setText(told)
        self._tell()

    def _tell(self) -> None:
        if self._seen is None:
            return
        seen = self._seen
        seen = operateurs.apercu(self._session, seen.garder.id or 0, seen.absorber.id or 0, self.fiches.choix())
        self.effet.setText(effet(seen))

    def _show_aliases(self, owner: int | None) -> None:
        while (item := self._alias.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        aliases = self._session.operateurs.aliases(owner) if owner else []
        if aliases:
            self._alias.addWidget(Text("Alias de l'opérateur à garder", "fort"))
        for alias in aliases:
            self._alias.addWidget(self._alias_row(alias))

    def _alias_row(self, alias: Alias) -> QWidget:
        said = dire(alias)
        take = button("Retirer", "lien", partial(self.remove_alias, alias))
        take.setAccessibleName(f"Retirer l'alias {said}")
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Text(said))
        row.addWidget(take)
        row.addStretch()
        return made

    def alias_buttons(self) -> list[QPushButton]:
        """What takes each alias shown away."""
        items = [self._alias.itemAt(i) for i in range(self._alias.count())]
        rows = [row for item in items if item is not None and (row := item.widget()) is not None]
        return [b for row in rows for b in row.findChildren(QPushButton)]

    # Doing it

    def merge(self) -> None:
        """Make one of the two and close; the message bar gives them back."""
        if self._seen is None:
            return
        first, second = self._seen.garder, self._seen.absorber
        choix = self.fiches.choix()
        done = self._bridge.perform(
            lambda: operateurs.fusionner(self._session, first.id or 0, second.id or 0, choix),
            done=f"Fusionné : « {second.nom} » avec « {first.nom} ».",
        )
        if done is not None:
            self.accept()

    def tell_apart(self) -> None:
        """Remember that they are two: they are proposed no more."""
        if self._seen is None:
            return
        first, second = self._seen.garder, self._seen.absorber
        self._bridge.perform(
            lambda: operateurs.distinguer(self._session, first.id or 0, second.id or 0),
            done=f"Retenu : « {first.nom} » et « {second.nom} » sont deux opérateurs.",
        )
        self._set(self.garder, None)
        self._set(self.absorber, None)
        self._look()
        self.effet.setText(f"Retenu : « {first.nom} » et « {second.nom} » sont deux opérateurs.")
        self.look_for_doubles()

    def remove_alias(self, alias: Alias) -> None:
        """Let a name or identifier mean this operator no more."""
        self._bridge.perform(
            lambda: operateurs.retirer_alias(self._session, alias), done=f"Retiré : alias {dire(alias)}."
        )
        self._look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, and nothing else: no merge by a stray key."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton) and focused.isEnabled():
                focused.click()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        self._closed = True
        super().done(result)


def effet(seen: Apercu) -> str:
    """What merging would do, in words."""
    a, b = seen.garder.nom, seen.absorber.nom
    count = seen.nombre
    if count:
        years = ", ".join(f"{m.exercice} : {money.nombre(m.nombre)}" for m in seen.montants)
        what = f"{money.nombre(count)} allocation{'s' * (count > 1)}"
        verb = "passent" if count > 1 else "passe"
        moved = f"{what} ({years}), {money.euros(seen.notifie, decimals=True)} notifiés, {verb} de « {b} » à « {a} »."
    else:
        moved = f"« {b} » n'a aucune allocation."
    alias = ", ".join(dire(x) for x in seen.alias)
    kept = f" Restent connus comme alias : {alias}." if alias else ""
    return f"{moved}{kept} La fiche « {b} » disparaît ; la fusion s'annule comme toute opération."


def dire(alias: Alias) -> str:
    """``SIRET 266…``, ``Nom « Hôpital de Lens » (62)``."""
    value = f"« {alias.valeur} »" if alias.nature == "nom" else alias.valeur
    where = f" ({alias.departement})" if alias.departement else ""
    return f"{NATURES_ALIAS[alias.nature]} {value}{where}"


def show(parent: QWidget, bridge: Bridge, garder: int | None = None) -> FusionOperateurs:
    dialog = FusionOperateurs(bridge, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.start(garder)
    return dialog


def _number(field: Recherche) -> int | None:
    return None if field.problem() else field.id()
