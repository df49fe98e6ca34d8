"""What enters the FIR and leaves it: a table of the changes of scope, a form beside it."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.exercice import SENS, Evenement
from firdesk.services import perimetre
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.form import Choix, Form, MontantEdit, TexteEdit, TexteLong
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.budget_exercices_vue import Vue, annees

_COLUMNS = (
    ColumnSpec("sens", "Sens", "etat", 152),
    ColumnSpec("libelle", "Libellé", width=140, stretch=True),
    ColumnSpec("ou", "Destination, thème", width=168),
    ColumnSpec("contrepartie", "Contrepartie", width=112),
    ColumnSpec("montant", "Montant", "montant", 120),
)
_WIDTH = 380


class PerimetreVue(Vue):
    """Enter takes a change up in the form, Suppr takes it away."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.evenements: list[Evenement] = []
        self._loaded: Evenement | None = None
        self._annee = 0
        self._reading = False
        self.exercice = QComboBox()
        self.exercice.setAccessibleName("Exercice du changement de périmètre")
        self.new_button = button("Nouveau", "secondaire", self.start, icon="add-line")
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Changements de périmètre")
        self.card = Card("Nouveau changement", " ")
        self.form = Form()
        self.sens, self.destination, self.theme = Choix(), Choix(), Choix()
        self.libelle, self.montant = TexteEdit("Ce qui entre ou sort"), MontantEdit()
        self.dispositif, self.note = TexteEdit(), TexteLong(lines=2)
        self.contrepartie = TexteEdit("Qui finance avant ou après")
        self.new_button.setToolTip("Nouveau changement (Ctrl+N)")
        self.save_button = button("Enregistrer", "principal", self.save)
        self.save_button.setToolTip("Enregistrer (Ctrl+S)")
        self.cancel_button = button("Renoncer", "lien", self.revert)
        self._lay_out()
        self.exercice.activated.connect(lambda _: self._year_chosen())
        self.table.selection_changed.connect(lambda _: self._follow())
        self.table.activated.connect(lambda _: self.libelle.setFocus(Qt.FocusReason.TabFocusReason))
        self.table.set_context_menu(self._fill_menu)
        shortcut("Del", self.table.view, self.delete, alone=True)
        shortcut("Esc", self.card, self.revert)
        shortcut("Ctrl+S", self, self.save)
        shortcut("Ctrl+N", self, self.start)
        self._show(None)

    def _lay_out(self) -> None:
        form = self.form
        form.add_pair(("Sens", self.sens, "sens"), ("Montant", self.montant, "montant"))
        form.add_row("Libellé", self.libelle, key="libelle")
        form.add_row("Destination", self.destination, key="destination")
        form.add_pair(("Thème", self.theme, "theme"), ("Dispositif", self.dispositif, "dispositif"))
        form.add_row("Contrepartie", self.contrepartie, key="contrepartie")
        form.add_row("Note", self.note, key="note")
        self.sens.set_items(list(SENS.items()), empty=None)
        self.theme.set_items(list(self.session.nomenclatures.themes().items()))
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        label = Text("Exercice", "petit", "faible")
        label.setBuddy(self.exercice)
        for widget in (label, self.exercice):
            tools.addWidget(widget)
        tools.addStretch()
        tools.addWidget(self.new_button)
        left = QVBoxLayout()
        left.setSpacing(style.MARGIN)
        left.addLayout(tools)
        left.addWidget(self.table, 1)
        self.card.setFixedWidth(_WIDTH)
        self.card.add(form)
        self.card.body.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        self.card.body.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(left, 1)
        layout.addWidget(self.card)
        lead_focus(self, self.table)

    # What is shown

    @property
    def annee(self) -> int:
        """The exercice shown."""
        return self._annee

    @property
    def dirty(self) -> bool:
        """Whether something typed is not saved."""
        return bool(self.form.input_problems()) or self._typed() != (self._loaded or self._blank())

    def refresh(self) -> None:
        annees(self.exercice, self.session.nomenclatures.exercices(), self.bridge.exercice)
        if not self._annee:
            self._annee = int(self.exercice.currentData() or 0)
            self._show(None)
        self._fill()

    def _year_chosen(self) -> None:
        """Another exercice, unless something typed about this one is not saved."""
        if not self.leave():
            self.exercice.setCurrentIndex(self.exercice.findData(self._annee))
            return
        self._annee = int(self.exercice.currentData() or 0)
        self._show(None)
        self._fill()

    def _fill(self) -> None:
        kept, typing = self._loaded, self.dirty
        self.evenements = self.session.exercices.evenements(self.annee - 1, self.annee)
        self._reading = True
        self.model.set_rows([self._row(e) for e in self.evenements])
        self._reading = False
        known = self.session.nomenclatures.destinations(self.annee - 1) + self.session.nomenclatures.destinations(
            self.annee
        )
        self.destination.set_items(list({d.code: f"{d.code} {d.libelle}" for d in known}.items()))
        if self.evenements:
            self.table.set_state("donnees")
            sums = {s: sum(e.montant for e in self.evenements if e.sens == s) for s in SENS}
            net = money.euros(sums["entree"] - sums["sortie"])
            self.table.set_totals({"montant": net}, "Entrées − sorties")
        else:
            self.table.set_totals({}, "")
            text = f"Rien n'entre dans le FIR ni n'en sort en {self.annee}."
            self.table.set_state("vide", text, "Ajouter un changement", self.start)
        if typing:
            self._stay()
        else:
            self._show(next((e for e in self.evenements if kept is not None and e.id == kept.id), None))
            if self._loaded is None and self.evenements:
                self.table.select([0], current=0)
        count = len(self.evenements)
        self.told.emit(f"{count} changement{'s' * (count > 1)} de périmètre en {self.annee}")

    def _row(self, e: Evenement) -> tuple[object, ...]:
        theme = self.session.nomenclatures.themes().get(e.theme, e.theme)
        where = " · ".join(t for t in (e.destination, theme, e.dispositif) if t)
        tone = "succes" if e.sens == "entree" else "alerte"
        return ((tone, SENS[e.sens]), e.libelle, where, e.contrepartie, e.montant)

    def _blank(self) -> Evenement:
        return Evenement(self.annee, "sortie", "", 0)

    def _show(self, evenement: Evenement | None) -> None:
        self._loaded = evenement
        e = evenement or self._blank()
        self.card.set_title("Changement de périmètre" if evenement else "Nouveau changement", f"exercice {self.annee}")
        self.sens.set_code(e.sens)
        self.montant.set_cents(e.montant or None)
        for field, text in (
            (self.libelle, e.libelle), (self.dispositif, e.dispositif), (self.contrepartie, e.contrepartie),
        ):  # fmt: skip
            field.set_value(text)
        self.note.set_value(e.note)
        self.destination.set_code(e.destination or None)
        self.theme.set_code(e.theme or None)
        self.form.clear_problems()

    def _follow(self) -> None:
        row = self.table.current_id()
        if self._reading or row is None or row >= len(self.evenements):
            return
        if not self.dirty:
            self._show(self.evenements[row])
        # A key moves the cursor, then the selection: going back to the line typed is done after each.
        elif self._loaded is None or self.evenements[row].id != self._loaded.id or row not in self.table.selected_ids():
            self._stay()
            self.leave()

    def _stay(self) -> None:
        """The line of what is being typed selected again, none for a new one."""
        number = self._loaded.id if self._loaded is not None else 0
        places = [i for i, e in enumerate(self.evenements) if e.id == number]
        self._reading = True
        self.table.view.setCurrentIndex(QModelIndex())
        self.table.select(places, current=places[0] if places else None)
        self._reading = False

    # What the user does

    def start(self) -> None:
        """A blank form, the cursor in its direction."""
        if self.leave():
            self._show(None)
            self.sens.setFocus(Qt.FocusReason.TabFocusReason)

    def save(self) -> None:
        """Write the change in one operation; what prevents it is shown beside its field."""
        unread = self.form.input_problems()
        typed = self._typed() if not unread else self._blank()
        found = unread or list(typed.problems())
        self.form.show_problems(found)
        if any(p.blocking for p in found):
            self.form.focus_first_problem()
            return
        number = self.bridge.perform(lambda: self._write(typed))
        if number is not None:
            said = f"Enregistré : {typed.libelle}"
            self.bridge.message.emit("succes", said, "Annuler (Ctrl+Z)", self.bridge.undo)
            places = [i for i, e in enumerate(self.evenements) if e.id == number]
            self.table.select(places, current=places[0] if places else None)
            self.table.setFocus()

    def _write(self, typed: Evenement) -> int:
        number = perimetre.ecrire_evenement(self.session, typed)
        self._show(None)
        return number

    def delete(self) -> None:
        """Take the change selected away; the message gives it back."""
        row = self.table.current_id()
        if not self.leave():
            return
        if row is not None:
            gone = self.evenements[row]
            self.bridge.perform(lambda: self._erase(gone), done=f"Supprimé : {gone.libelle}")

    def _erase(self, gone: Evenement) -> None:
        perimetre.supprimer_evenement(self.session, gone)
        self._show(None)

    def revert(self) -> None:
        """Give up what was typed."""
        self._show(self._loaded)
        self.table.setFocus()

    def leave(self) -> bool:
        if not self.dirty:
            return True
        text = "Ce changement de périmètre n'est pas enregistré."
        self.bridge.message.emit("alerte", text, "Enregistrer", self.save)
        return False

    def _typed(self) -> Evenement:
        unread = {p.field for p in self.form.input_problems()}
        return Evenement(
            self.annee,
            self.sens.code() or "" if "sens" not in unread else "",
            self.libelle.value(),
            (self.montant.cents() or 0) if "montant" not in unread else 0,
            (self.destination.code() or "") if "destination" not in unread else "",
            (self.theme.code() or "") if "theme" not in unread else "",
            self.dispositif.value(),
            self.contrepartie.value(),
            self.note.value(),
            self._loaded.id if self._loaded is not None else None,
        )

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        menu.addAction("Nouveau changement\tCtrl+N", self.start)
        if ids:
            menu.addAction("Modifier\tEntrée", self.libelle.setFocus)
            menu.addAction("Supprimer\tSuppr", self.delete)
