"""Saying of which scheme many allocations are: a filter, how many it means, one operation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.problem import Invalide
from firdesk.services import dispositifs
from firdesk.services.dispositifs import Affectation
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.form import Choix, Form, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, button

WIDTH = 560


class AffectationDispositif(QDialog):
    """The filter and, as one types, what it would do."""

    def __init__(self, bridge: Bridge, parent: QWidget, code: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Affecter des allocations à un dispositif")
        self.setMinimumWidth(WIDTH)
        self._bridge, self._session = bridge, bridge.session
        self.apercu: Affectation | None = None
        self.dispositif, self.theme, self.destination = Choix(), Choix(), Choix()
        self.mots = TexteEdit("groupe entraide")
        self.remplacer = QCheckBox("Changer aussi celles qui ont déjà un autre dispositif")
        self.form = Form()
        self.form.add_row("Dispositif", self.dispositif, key="dispositif")
        self.form.add_section(f"Allocations de {bridge.exercice} dont")
        self.form.add_row("le thème est", self.theme, key="theme")
        self.form.add_row("la destination est", self.destination, key="destination")
        help = "Tous ces mots, dans l'ordre qu'on veut, avec ou sans accents."
        self.form.add_row("l'objet contient", self.mots, key="mots", help=help)
        self.form.add_widget(self.remplacer)
        self.effet = Text("", "corps", wrap=True)
        self.affecter = button("Affecter", "principal", self.assign)
        self._lay_out()
        self._fill(code)
        self.form.edited.connect(lambda _: self.look())
        self.remplacer.toggled.connect(self.look)
        shortcut("Ctrl+Return", self, self.assign)
        self.look()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(style.SPACE)
        foot.addStretch()
        foot.addWidget(button("Fermer", "secondaire", self.reject))
        foot.addWidget(self.affecter)
        self.affecter.setToolTip("Ctrl+Entrée")
        self.affecter.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.PAGE_MARGIN, style.WIDE, style.PAGE_MARGIN, style.WIDE)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(Text("Affecter des allocations à un dispositif", "titre"))
        layout.addWidget(self.form)
        layout.addWidget(self.effet)
        layout.addStretch()
        layout.addLayout(foot)

    def _fill(self, code: str) -> None:
        year, names = self._bridge.exercice, self._session.nomenclatures
        known = dispositifs.liste(self._session, year)
        labels = [
            (x.code, x.code if x.dispositif.libelle == x.code else f"{x.code} · {x.dispositif.libelle}") for x in known
        ]
        self.dispositif.set_items(labels)
        self.dispositif.set_code(code or None)
        self.theme.set_items([*names.themes().items()])
        self.destination.set_items([(d.code, f"{d.code} {d.libelle}") for d in names.destinations(year)])
        chosen = next((x.dispositif for x in known if x.code == code), None)
        if chosen is not None:
            self.theme.set_code(chosen.theme or None)
            self.destination.set_code(chosen.destination or None)

    def look(self) -> None:
        """Count what would be done, and say it."""
        self.apercu = None
        try:
            code = self.dispositif.code() or ""
            themes, places = ([c] if (c := field.code()) else [] for field in (self.theme, self.destination))
            words = self.mots.value()
        except Invalide:
            self._say("Choisir dans les listes.")
            return
        if not code:
            self._say("Choisir le dispositif.")
        elif not (themes or places or words):
            self._say("Dire quelles allocations : un thème, une destination ou des mots de leur objet.")
        else:
            self.apercu = dispositifs.apercu(
                self._session,
                self._bridge.exercice,
                code,
                themes=themes,
                destinations=places,
                mots=words,
                remplacer=self.remplacer.isChecked(),
            )
            self._say(_told(self.apercu, code))

    def _say(self, text: str) -> None:
        count = len(self.apercu.ids) if self.apercu is not None else 0
        self.affecter.setEnabled(count > 0)
        many = f" {money.nombre(count)} allocation{'s' * (count > 1)}"
        self.affecter.setText(f"Affecter{many if count else ''}")
        self.effet.setText(text)

    def assign(self) -> None:
        """Write it; the message gives it back."""
        found = self.apercu
        if found is None or not found.ids:
            return
        code = self.dispositif.code() or ""
        many = f"{money.nombre(len(found.ids))} allocation{'s' * (len(found.ids) > 1)}"
        said = f"Affecté : {many} au dispositif « {code} »"
        if self._bridge.perform(lambda: dispositifs.affecter(self._session, found.ids, code), done=said) is not None:
            self.accept()


def _told(found: Affectation, code: str) -> str:
    count = len(found.ids)
    if count:
        told = [f"{money.nombre(count)} allocation{'s' * (count > 1)}, {money.euros(found.notifie)} notifiés"]
    else:
        told = ["Aucune allocation à affecter"]
    if found.deja:
        told.append(f"{money.nombre(found.deja)} déjà au dispositif « {code} »")
    if found.autres:
        told.append(f"{money.nombre(found.autres)} laissée{'s' * (found.autres > 1)} à un autre dispositif")
    return " · ".join(told) + "."
