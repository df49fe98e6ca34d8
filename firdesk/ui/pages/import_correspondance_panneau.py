"""Beside the rows of a file: what a mapping needs, the fields to drag, what is read so far, and the way on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from firdesk.domain.problem import Invalide
from firdesk.services.importing.correspondance import MONTANTS, OPERATEUR
from firdesk.services.importing.correspondance_brouillon import Apercu, Brouillon
from firdesk.services.importing.profiles import Champ
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.choix import Choix
from firdesk.ui.kit.text import ElidedText, Icon, Text, button, hairline
from firdesk.ui.pages.import_correspondance_choix import ChampPropose, ListeChamps

WIDTH = 304
#: What every workbook must say: label, fields that say it, how to give it otherwise.
BESOINS = (
    ("Opérateur", OPERATEUR, "une colonne"),
    ("Montant", MONTANTS, "une colonne"),
    ("Exercice", ("campagne",), "une colonne, ou à choisir"),
    ("Destination", ("mesure3",), "une colonne, ou ici :"),
)


class Besoin:
    """One thing that is needed: an icon, what it is, where it comes from."""

    def __init__(self, label: str) -> None:
        self.icon = Icon("checkbox-circle-line")
        self.label = Text(label, "corps", "faible")
        self.value = ElidedText("", "corps")

    def show(self, text: str, *, good: bool) -> None:
        self.icon.set_icon("checkbox-circle-line" if good else "error-warning-line", "succes" if good else "alerte")
        self.value.setText(text)
        style.set_tone(self.value, "normal" if good else "alerte")
        said = "" if good else "il manque "
        self.value.setAccessibleName(f"{self.label.text()} : {said}{text}")

    def set_visible(self, shown: bool) -> None:
        for widget in (self.icon, self.label, self.value):
            widget.setVisible(shown)


class Panneau(Card):
    """What is needed, fields, feedback, name, buttons."""

    #: a destination for the whole file, empty for none
    destination_chosen = Signal(str)
    named = Signal(str)
    #: a field to put on the current column
    champ_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Champs", "Glisser un champ sur une colonne", parent=parent)
        self.setFixedWidth(WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.besoins = {label: Besoin(label) for label, _, _ in BESOINS}
        self._needed = QGridLayout()
        self._needed.setHorizontalSpacing(style.SPACE)
        self._needed.setVerticalSpacing(6)
        self._needed.setColumnStretch(2, 1)
        for row, besoin in enumerate(self.besoins.values()):
            for column, widget in enumerate((besoin.icon, besoin.label, besoin.value)):
                self._needed.addWidget(widget, row, column)
        self._destinations: Sequence[tuple[str, str]] = ()
        self.destination = Choix("Destination pour tout le fichier")
        self.destination.setAccessibleName("Destination pour tout le fichier")
        self.destination.edited.connect(self._destination_edited)
        self.liste = ListeChamps().draggable()
        self.liste.setAccessibleName("Champs à poser sur une colonne")
        self.liste.itemActivated.connect(lambda _: self.champ_asked.emit(self.liste.code()))
        self.phrase = Text("", "petit", "faible", wrap=True)
        self.nom = QLineEdit()
        self.nom.setAccessibleName("Nom de la correspondance")
        self.nom.setFont(style.font("corps"))
        self.nom.textEdited.connect(lambda text: self.named.emit(text.strip()))
        self._nom_label = Text("Retenue sous le nom", "petit", "faible")
        self._nom_label.setBuddy(self.nom)
        self.retour = button("Retour", "lien")
        self.continuer = button("Continuer", "principal")
        foot = QHBoxLayout()
        foot.addWidget(self.retour)
        foot.addStretch(1)
        foot.addWidget(self.continuer)
        self.body.addLayout(self._needed)
        self.body.addWidget(self.destination)
        self.body.addWidget(hairline())
        self.body.addWidget(self.liste, 1)
        self.body.addWidget(hairline())
        self.body.addWidget(self.phrase)
        self.body.addWidget(self._nom_label)
        self.body.addWidget(self.nom)
        self.body.addLayout(foot)

    def set_destinations(self, destinations: Sequence[tuple[str, str]]) -> None:
        """The codes that may be chosen for the whole file."""
        if destinations != self._destinations:
            self._destinations = destinations
            self.destination.set_items(destinations)

    def show_draft(self, brouillon: Brouillon, apercu: Apercu, lettres: Sequence[str], name: str) -> None:
        """Show where each thing comes from; ``name`` is what the mapping will be called unless told otherwise."""
        libre = brouillon.libre
        for label, champs, otherwise in BESOINS:
            self.besoins[label].set_visible(libre)
            self._tell(self.besoins[label], brouillon, apercu, lettres, champs, otherwise)
        self.destination.setVisible(libre and brouillon.index_de("mesure3") is None)
        if self.destination.isVisibleTo(self) and not self.destination.hasFocus():
            self.destination.set_code(brouillon.textes.get("mesure3"))
        self.liste.set_champs(champs_de(brouillon, lettres))
        good = not apercu.manquants
        more = "" if good or libre else f"\nIl manque {' ; '.join(apercu.manquants)}."
        self.phrase.setText(apercu.phrase + more)
        style.set_tone(self.phrase, "alerte" if apercu.illisibles or more else "faible")
        for widget in (self._nom_label, self.nom):
            widget.setVisible(libre)
        self.nom.setPlaceholderText(name)
        if self.nom.text() != brouillon.nom and not self.nom.hasFocus():
            self.nom.setText(brouillon.nom)
        self.continuer.setEnabled(good)
        self.continuer.setToolTip("" if good else f"Il manque {' ; '.join(apercu.manquants)}")

    def _tell(
        self,
        besoin: Besoin,
        brouillon: Brouillon,
        apercu: Apercu,
        lettres: Sequence[str],
        champs: Sequence[str],
        otherwise: str,
    ) -> None:
        profil = brouillon.profil
        places = [(c, i) for c in champs if (i := brouillon.index_de(c)) is not None and i < len(lettres)]
        if places:
            named = [f"{lettres[i]} · {profil.champ(c).entete}" for c, i in places]
            besoin.show(", ".join(named), good=True)
        elif champs == ("campagne",) and apercu.exercice:
            besoin.show(f"{apercu.exercice}{', ' if apercu.source_exercice else ''}{apercu.source_exercice}", good=True)
        elif fixed := next((brouillon.textes[c] for c in champs if c in brouillon.textes), ""):
            besoin.show(f"{fixed} pour tout le fichier", good=True)
        else:
            besoin.show(otherwise, good=False)

    def _destination_edited(self) -> None:
        try:
            self.destination_chosen.emit(self.destination.code() or "")
        except Invalide:
            self.destination_chosen.emit("")


def champs_de(brouillon: Brouillon, lettres: Sequence[str]) -> list[ChampPropose]:
    """The fields of the draft's profile, those still needed first."""
    where: Mapping[str, int] = brouillon.choisies.positions

    def needed(champ: Champ) -> bool:
        if not brouillon.libre:
            return champ.requis
        return any(champ.code in champs and not where.keys() & set(champs) for _, champs, _ in BESOINS[:2])

    made = []
    for champ in brouillon.profil.champs:
        index = where.get(champ.code)
        place = lettres[index] if index is not None and index < len(lettres) else ""
        made.append(ChampPropose(champ.code, champ.entete, place, needed(champ)))
    return made
