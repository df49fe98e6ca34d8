"""The rule of the landing in words, and its shares, which the user may change."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from firdesk.domain.atterrissage import PARTS, Atterrissage, Parametres
from firdesk.services import atterrissage
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.form import Form, Row, TexteEdit
from firdesk.ui.kit.pourcent import PourcentEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, button


class Regle(Card):
    """Enter in a share keeps them all; Escape gives them back."""

    #: the user is done here
    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Règle de calcul", "", parent)
        self._bridge, self._session = bridge, bridge.session
        self._kept = Parametres()
        self.phrase = Text("", "petit", wrap=True)
        self.form = Form()
        self.parts = {name: PourcentEdit() for name, _, _ in PARTS}
        self.source = TexteEdit(atterrissage.SOURCE_PAR_DEFAUT)
        rows = [Row(label, self.parts[name], name) for name, label, _ in PARTS]
        self.form.add_pair(*rows, Row("Source de ces parts", self.source, "source"))
        self.save_button = button("Enregistrer", "secondaire", self.save)
        self.cancel_button = button("Renoncer", "lien", self.give_up)
        self.add_action(self.cancel_button)
        self.add_action(self.save_button)
        self.add(self.phrase)
        self.add(self.form)
        self.form.edited.connect(lambda _: self._judge())
        for field in (*self.parts.values(), self.source):
            field.returnPressed.connect(self.save)
        shortcut("Esc", self, self.give_up)
        self.revert()

    @property
    def dirty(self) -> bool:
        """Whether a share typed is not kept yet."""
        return bool(self.form.input_problems()) or self._typed() != self._kept

    def show_rule(self, found: Atterrissage) -> None:
        """The rule of these figures; what is being typed stays."""
        self.phrase.setText(atterrissage.regle(found))
        typing = self.dirty
        self._kept = found.parametres
        if not typing:
            self.revert()
        self._judge()

    def revert(self) -> None:
        """The shares kept in the file."""
        for name, field in self.parts.items():
            field.set_part(getattr(self._kept, name))
        self.source.set_value(self._kept.source)
        self.form.clear_problems()
        self._judge()

    def give_up(self) -> None:
        """Forget what is being typed and go back to the figures."""
        self.revert()
        self.left.emit()

    def save(self) -> None:
        """Keep the shares, in one operation."""
        unread = self.form.input_problems()
        self.form.show_problems(unread)
        if unread:
            self.form.focus_first_problem()
            return
        typed = self._typed()
        self._bridge.perform(
            lambda: atterrissage.enregistrer(self._session, typed), done="Enregistré : parts de l'atterrissage"
        )
        self._judge()
        if not self.dirty:
            self.left.emit()

    def leave(self) -> bool:
        """Whether nothing typed would be lost; else says so."""
        if not self.dirty:
            return True
        self._bridge.message.emit("alerte", "Les parts modifiées ne sont pas enregistrées.", "Enregistrer", self.save)
        return False

    def _typed(self) -> Parametres:
        return Parametres(**{name: field.part() for name, field in self.parts.items()}, source=self.source.value())

    def _judge(self) -> None:
        dirty = self.dirty
        self.save_button.setVisible(dirty)
        self.cancel_button.setVisible(dirty)
