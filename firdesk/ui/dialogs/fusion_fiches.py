"""Two fiches of operators side by side: what is the same, what only one says, and a choice where they differ.

Knows nothing of merging: it shows a preview and tells the choices.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from firdesk.domain.identifiants import affiche_siret
from firdesk.domain.operateur import PERIMETRES, Operateur
from firdesk.services.operateurs import ABSORBER, CHAMPS, GARDER, Apercu
from firdesk.ui.kit import style
from firdesk.ui.kit.text import ElidedText, Text, hairline

IDENTIQUE, SEUL_GARDE, SEUL_ABSORBE, DIFFERENT = "identique", "déjà connu", "complète la fiche", "à choisir"
VIDE = "Choisir deux opérateurs ci-dessus, ou un doublon probable : leurs fiches s'affichent ici côte à côte."
_UNKNOWN = {"", "inconnu"}


class Fiches(QWidget):
    """A row for each field that one of the two fills."""

    #: a field was chosen from the other fiche
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, style.SPACE, 0)
        self._grid.setHorizontalSpacing(style.WIDE)
        self._grid.setVerticalSpacing(style.HALF)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._groups: dict[str, QButtonGroup] = {}
        self._states: dict[str, str] = {}

    def show_pair(self, seen: Apercu | None) -> None:
        """Show two fiches with the value of the first one chosen everywhere; ``None`` empties."""
        self._clear()
        if seen is None:
            self._grid.addWidget(Text(VIDE, "corps", "faible", wrap=True), 0, 0, 1, 4)
            return
        heads = ("Champ", "À garder", "À absorber", "")
        for column, text in enumerate(heads):
            self._grid.addWidget(Text(text, "entete", "faible"), 0, column)
        self._grid.addWidget(hairline(), 1, 0, 1, 4)
        row = 2
        for champ, label in CHAMPS.items():
            own, other = _shown(seen.garder, champ), _shown(seen.absorber, champ)
            if own or other:
                self._add(row, champ, label, own, other, choose=champ in seen.differents and champ != "siren")
                row += 1
        self._grid.setRowStretch(row, 1)

    def choix(self) -> dict[str, str]:
        """The fields taken from the absorbed fiche; the SIREN follows the SIRET."""
        return {champ: ABSORBER for champ, group in self._groups.items() if group.checkedId() == 1}

    def etats(self) -> dict[str, str]:
        """What is said of each field shown."""
        return dict(self._states)

    def radios(self, champ: str) -> list[QRadioButton]:
        """The two values of a field to choose from, the kept fiche's first."""
        return [b for b in self._groups[champ].buttons() if isinstance(b, QRadioButton)]

    def _add(self, row: int, champ: str, label: str, own: str, other: str, *, choose: bool) -> None:
        if own == other:
            state = IDENTIQUE
        elif not other:
            state = SEUL_GARDE
        elif not own:
            state = SEUL_ABSORBE
        else:
            state = DIFFERENT if choose else "suit le SIRET"
        self._states[champ] = state
        self._grid.addWidget(Text(label, "petit", "faible"), row, 0)
        if choose:
            group = self._groups[champ] = QButtonGroup(self)
            for place, (value, whose) in enumerate(((own, GARDER), (other, ABSORBER))):
                made = QRadioButton(value)
                made.setAccessibleName(f"{label} : {value}, de la fiche à {whose}")
                made.setToolTip(value)
                made.setChecked(place == 0)
                group.addButton(made, place)
                self._grid.addWidget(made, row, 1 + place)
            group.idToggled.connect(lambda _id, on: self.chosen.emit() if on else None)
        else:
            for place, value in enumerate((own, other)):
                self._grid.addWidget(ElidedText(value or "—", "corps", "normal" if value else "faible"), row, 1 + place)
        told = Text(state, "petit", "alerte" if state == DIFFERENT else "faible")
        told.setAccessibleName(f"{label} : {state}")
        self._grid.addWidget(told, row, 3, Qt.AlignmentFlag.AlignLeft)

    def _clear(self) -> None:
        for group in self._groups.values():
            group.deleteLater()
        self._groups, self._states = {}, {}
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _shown(operateur: Operateur, champ: str) -> str:
    value = str(getattr(operateur, champ))
    if value in _UNKNOWN:
        return ""
    if champ == "siret":
        return affiche_siret(value)
    return PERIMETRES[value] if champ == "perimetre" else value
