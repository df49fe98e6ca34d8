"""The identity of a scheme, its ceiling of the exercice and its rule of cofinancement, typed and saved together."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.dispositif import PART_ENTIERE, Dispositif, Plafond
from firdesk.domain.problem import Invalide, Problem
from firdesk.services import dispositifs
from firdesk.services.dispositifs import LigneDispositif
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import INSET
from firdesk.ui.kit.fields import PourcentEdit
from firdesk.ui.kit.form import Choix, Form, MontantEdit, TexteEdit, TexteLong
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, button


class DispositifForm(QWidget):
    """``dirty`` while something typed is not saved; Ctrl+S saves, Escape gives up."""

    #: the code saved
    saved = Signal(str)
    #: what was typed was given up
    abandoned = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._session = bridge, bridge.session
        self._avant, self._exercice = "", bridge.exercice
        self._loaded = Dispositif("", "")
        self._ligne: LigneDispositif | None = None
        self.code, self.libelle, self.unite = (
            TexteEdit("GEM"),
            TexteEdit("Groupes d'entraide mutuelle"),
            TexteEdit("ETP"),
        )
        self.theme, self.destination = Choix(), Choix()
        self.plafond_ae, self.plafond_cp, self.plafond_unite = MontantEdit(), MontantEdit(), MontantEdit()
        for field in (self.plafond_ae, self.plafond_cp, self.plafond_unite):
            field.setPlaceholderText("—")
        self.part_max, self.note = PourcentEdit(), TexteLong(lines=2)
        self.save_button = button("Enregistrer", "principal", self.save)
        self.save_button.setToolTip("Enregistrer (Ctrl+S)")
        self.form = Form()
        self._add_rows()
        self._lay_out()
        self.form.edited.connect(lambda _: self._judge())
        shortcut("Ctrl+S", self, self.save)
        shortcut("Esc", self, self._escape)

    def _add_rows(self) -> None:
        self.form.add_row("Libellé", self.libelle, key="libelle")
        self.form.add_pair(("Code", self.code, "code"), ("Thème proposé", self.theme, "theme"))
        self.form.add_row("Destination proposée", self.destination, key="destination")
        self._ceilings = self.form.add_section("Plafond")
        self.form.add_pair(
            ("Plafond en AE", self.plafond_ae, "plafond_ae"), ("Plafond en CP", self.plafond_cp, "plafond_cp")
        )
        self.form.add_section("Règle de cofinancement")
        self.form.add_pair(
            ("Part du FIR, au plus", self.part_max, "part_max"),
            ("Au plus par unité", self.plafond_unite, "plafond_unite"),
            ("Unité", self.unite, "unite"),
        )
        self.form.add_row("Note", self.note, key="note")

    def _lay_out(self) -> None:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, INSET, 0)
        rows.addWidget(self.form)
        rows.addStretch(1)
        sheet = QScrollArea()
        sheet.setWidgetResizable(True)
        sheet.setFrameShape(QFrame.Shape.NoFrame)
        sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet.setWidget(inside)
        foot = QHBoxLayout()
        foot.addWidget(Text("Échap : abandonner", "petit", "faible"), 1)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(sheet, 1)
        layout.addLayout(foot)

    # What is shown

    def load(self, ligne: LigneDispositif, exercice: int) -> None:
        """Show a scheme; one that is not described yet is proposed under the name its lines bear."""
        self._ligne, self._avant = ligne, ligne.code if ligne.decrit else ""
        self._show(ligne.dispositif, exercice)

    def start(self, exercice: int) -> None:
        """A new scheme, the cursor in its first field."""
        self._ligne, self._avant = None, ""
        self._show(Dispositif("", ""), exercice)
        self.libelle.setFocus()

    def _show(self, d: Dispositif, exercice: int) -> None:
        self._loaded, self._exercice = d, exercice
        self._ceilings.setText(f"Plafond {exercice}")
        names = self._session.nomenclatures
        self.theme.set_items(list(names.themes().items()))
        self.destination.set_items([(x.code, f"{x.code} {x.libelle}") for x in names.destinations(exercice)])
        self.code.set_value(d.code)
        self.libelle.set_value(d.libelle)
        self.theme.set_code(d.theme or None)
        self.destination.set_code(d.destination or None)
        ceiling = d.plafond(exercice)
        self.plafond_ae.set_cents(ceiling.ae if ceiling else None)
        self.plafond_cp.set_cents(ceiling.cp if ceiling else None)
        self.part_max.set_part(d.part_max)
        self.plafond_unite.set_cents(d.plafond_unite or None)
        self.unite.set_value(d.unite)
        self.note.set_value(d.note)
        self._judge()

    @property
    def creating(self) -> bool:
        """Whether saving would describe a new scheme."""
        return not self._avant

    @property
    def dirty(self) -> bool:
        if self.form.input_problems():
            return True
        try:
            return self.value() != self._loaded
        except Invalide:
            return True

    def value(self) -> Dispositif:
        """The scheme as typed; ``Invalide`` where a field has no value, or one of the two ceilings lacks."""
        ae, cp = self.plafond_ae.cents(), self.plafond_cp.cents()
        if (ae is None) != (cp is None):
            lacking = "plafond_cp" if cp is None else "plafond_ae"
            raise Invalide((Problem(lacking, "Donner les deux plafonds (le même deux fois s'il n'y en a qu'un)."),))
        others = tuple(p for p in self._loaded.plafonds if p.exercice != self._exercice)
        kept = self._loaded.plafond(self._exercice)
        own = (Plafond(self._exercice, ae, cp, kept.id if kept else None),) if ae is not None and cp is not None else ()
        return replace(
            self._loaded,
            code=self.code.value(),
            libelle=self.libelle.value(),
            theme=self.theme.code() or "",
            destination=self.destination.code() or "",
            part_max=self.part_max.part() or (PART_ENTIERE if not self.part_max.text().strip() else 0),
            plafond_unite=self.plafond_unite.cents() or 0,
            unite=self.unite.value(),
            note=self.note.value(),
            plafonds=tuple(sorted((*others, *own), key=lambda p: p.exercice)),
        )

    def _judge(self) -> None:
        """What can be saved follows what is typed."""
        self.form.clear_problems()
        self.save_button.setEnabled(self.dirty or (self.creating and self._ligne is not None))
        line = self._ligne
        describing = "Décrire ce dispositif" if line is not None else "Créer le dispositif"
        self.save_button.setText(describing if self.creating else "Enregistrer")
        told = ""
        if line is not None and line.plafond is not None:
            left = line.disponible or 0
            told = f"disponible {money.euros(left)}"
        self.form.set_help("plafond_ae", told)
        paid = line is not None and line.plafond is not None
        self.form.set_help(
            "plafond_cp",
            f"payé {money.euros(line.paye)}, reste {money.euros(line.disponible_cp or 0)}" if line and paid else "",
        )

    # What is done

    def save(self) -> bool:
        """Write the scheme in one operation; ``False`` where a problem prevents it, shown beside its field."""
        found = self.form.input_problems()
        try:
            wanted = None if found else self.value()
        except Invalide as invalid:
            found, wanted = list(invalid.problems), None
        if wanted is not None:
            found = list(wanted.problems())
        if wanted is None or any(p.blocking for p in found):
            self.form.show_problems(found)
            self.form.focus_first_problem()
            return False
        before = self._avant
        said = f"Enregistré : dispositif « {wanted.code} »"
        code = self._bridge.perform(lambda: dispositifs.enregistrer(self._session, wanted, before), done=said)
        if code is None:
            return False
        self._avant, self._loaded = code, replace(wanted, code=code)
        self.saved.emit(code)
        return True

    def _escape(self) -> None:
        # A shortcut hears the key before the list of propositions does: Escape first closes that.
        shown = QApplication.activePopupWidget()
        if shown is not None:
            shown.hide()
        else:
            self.revert()

    def revert(self) -> None:
        """Give up what was typed."""
        self._show(self._loaded, self._exercice)
        self.abandoned.emit()
