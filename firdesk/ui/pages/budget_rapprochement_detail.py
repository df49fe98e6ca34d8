"""What explains the gap of one destination: what the program found, what the user wrote, what is left; and the note."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.rapprochement import Destination, Explication, Note, Rapprochement
from firdesk.services import rapprochement
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.form import Form, MontantEdit, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button

_COLUMNS = (
    ColumnSpec("libelle", "Explication", width=200, stretch=True, sortable=False),
    ColumnSpec("etat", "Compte", "etat", 164, sortable=False),
    ColumnSpec("nombre", "Lignes", "entier", 76, sortable=False),
    ColumnSpec("montant", "Montant", "montant", 132, sortable=False),
)
_FORM_WIDTH = 300
_HEIGHT = 264
_ETATS = {
    "explication": ("succes", "Compté"),
    "piste": ("faible", "Piste, non comptée"),
    "note": ("accent", "Votre note"),
}


class Detail(Card):
    """Enter on an explanation opens its allocations; F2 takes a note up again or retains what is merely possible;
    Suppr takes a note away.
    """

    #: nature of the explanation whose allocations are wanted, empty for all those of the destination
    allocations_asked = Signal(str)
    cellules_asked = Signal()
    #: the user is done here
    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", " ", parent)
        self._bridge, self._session = bridge, bridge.session
        self._line: Destination | None = None
        self._exercice = 0
        self._rows: list[Explication | Note] = []
        self._note: Note | None = None
        self.allocations = button("Allocations", "lien", lambda: self.allocations_asked.emit(""))
        self.cellules = button("Cellules de SIBC", "lien", self.cellules_asked.emit)
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Explications de l'écart")
        self.form = Form()
        self.montant, self.texte = MontantEdit(), TexteEdit("Ce qui explique ce montant")
        self.form.add_row("Part de l'écart expliquée", self.montant, key="montant")
        self.form.add_row("Explication", self.texte, key="texte")
        self.save_button = button("Enregistrer", "principal", self.save)
        self.cancel_button = button("Renoncer", "lien", self.give_up)
        self.setMaximumHeight(_HEIGHT)
        self._lay_out()
        self.table.activated.connect(self._activate)
        self.table.set_context_menu(self._fill_menu)
        shortcut("Del", self.table.view, self.delete, alone=True)
        shortcut("F2", self.table.view, self.take_up, alone=True)
        shortcut("Esc", self, self.give_up)
        for field in (self.montant, self.texte):
            field.returnPressed.connect(self.save)

    def _lay_out(self) -> None:
        self.add_action(self.allocations)
        self.add_action(self.cellules)
        right = QWidget()
        right.setFixedWidth(_FORM_WIDTH)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.SPACE)
        self.heading = Text("Expliquer cet écart", "fort")
        column.addWidget(self.heading)
        column.addWidget(self.form)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        buttons.addStretch()
        column.addLayout(buttons)
        column.addStretch(1)
        self._right = right
        row = QHBoxLayout()
        row.setSpacing(style.WIDE)
        row.addWidget(self.table, 1)
        row.addWidget(right, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row, 1)

    # What is shown

    @property
    def dirty(self) -> bool:
        """Whether something typed is not saved."""
        typed = (self.montant.text().strip(), self.texte.value())
        return self._line is not None and typed != self._proposed()

    @property
    def destination(self) -> str:
        """The code of the destination explained, empty for none."""
        return self._line.destination if self._line is not None else ""

    def show_line(self, found: Rapprochement | None, line: Destination | None) -> None:
        """The gap of a destination; what is being typed about the same one stays."""
        same = self._line is not None and line is not None and self._line.destination == line.destination
        typing = same and self.dirty
        typed = (self.montant.text(), self.texte.text())
        self._line = line if found is not None and found.connue else None
        self._exercice = found.exercice if found is not None else 0
        self.cellules.setVisible(found is not None and found.source == "sibc")
        self.allocations.setVisible(line is not None)
        self._right.setVisible(self._line is not None)
        self._entitle(found, line)
        self._fill()
        if typing:
            self.montant.setText(typed[0])
            self.texte.setText(typed[1])
        else:
            self._propose(None)

    def _entitle(self, found: Rapprochement | None, line: Destination | None) -> None:
        if line is None or found is None:
            self.set_title("Choisir une destination", "Ce qui explique son écart se lira ici.")
            return
        engaged, notified, gap, paid, opened = (
            money.euros(cents) for cents in (line.engage, line.notifie, line.ecart, line.paye, line.cp_ouverts)
        )
        said = f"Engagé {engaged} − notifié {notified} = écart {gap} · CP payé {paid} sur {opened} ouverts"
        told = said if line.connue else "Rien ne dit encore ce qui est engagé : importer une situation SIBC."
        self.set_title(f"{line.destination} · {line.libelle}", told)

    def _fill(self) -> None:
        line = self._line
        if line is None:
            self._rows = []
            self.model.set_rows([])
            self.table.set_totals({}, "")
            self.table.set_state("vide", "Pas d'écart à expliquer.")
            return
        kinds: list[tuple[str, Explication | Note]] = [("explication", x) for x in line.explications]
        kinds += [("note", n) for n in line.notes]
        kinds += [("piste", x) for x in line.pistes]
        self._rows = [x for _, x in kinds]
        self.model.set_rows([_row(kind, x) for kind, x in kinds])
        self.table.set_totals({"montant": line.inexplique}, "Reste inexpliqué")
        if kinds:
            self.table.set_state("donnees")
            self.table.select([0], current=0)
        else:
            text = "Rien dans les allocations n'explique cet écart." if line.ecart else "Aucun écart."
            self.table.set_state("vide", text)

    def _proposed(self) -> tuple[str, str]:
        if self._note is not None:
            return money.euros(self._note.montant), self._note.texte
        rest = self._line.inexplique if self._line is not None else 0
        return (money.euros(rest) if rest else "", "")

    def _propose(self, note: Note | None) -> None:
        """The note to change, or a new one for what is left."""
        self._note = note
        amount, text = self._proposed()
        self.montant.setText(amount)
        self.texte.set_value(text)
        self.form.clear_problems()
        self.heading.setText("Modifier la note" if note else "Expliquer cet écart")
        self.save_button.setText("Enregistrer")

    # What the user does

    def start(self) -> None:
        """The cursor in the note, the whole rest proposed."""
        if self._line is not None:
            self.texte.setFocus()

    def save(self) -> None:
        """Write the note in one operation; what prevents it is shown beside its field."""
        line = self._line
        if line is None:
            return
        self.montant.settle()
        unread = self.form.input_problems()
        if unread:
            self.form.show_problems(unread)
            self.form.focus_first_problem()
            return
        number = self._note.id if self._note is not None else None
        note = Note(self._exercice, line.destination, self.texte.value(), self.montant.cents() or 0, number)
        found = note.problems()
        self.form.show_problems(found)
        if any(p.blocking for p in found):
            self.form.focus_first_problem()
            return
        said = f"Expliqué : {money.euros(note.montant)} sur {note.destination}"
        if self._bridge.perform(lambda: self._write(note), done=said) is not None:
            self.left.emit()

    def _write(self, note: Note) -> int:
        number = rapprochement.noter(self._session, note)
        self._forget()
        return number

    def delete(self) -> None:
        """Take away the note under the cursor; the message gives it back. Another one being typed stays."""
        note = self._current()
        if isinstance(note, Note):
            said = f"Note supprimée sur {note.destination}"
            self._bridge.perform(lambda: self._erase(note), done=said)

    def _erase(self, note: Note) -> None:
        rapprochement.supprimer_note(self._session, note)
        if self._note is not None and self._note.id == note.id:
            self._forget()

    def retenir(self) -> None:
        """Take a possible explanation up as a note."""
        x = self._current()
        if isinstance(x, Explication) and self.leave():
            self._propose(None)
            self.montant.set_cents(x.montant)
            self.texte.set_value(x.libelle)
            self.texte.setFocus()

    def take_up(self) -> None:
        """The note under the cursor to change, or a possible explanation to retain."""
        x = self._current()
        if isinstance(x, Note):
            self._activate(0)
        elif self._line is not None and x in self._line.pistes:
            self.retenir()

    def give_up(self) -> None:
        """Forget what is being typed and go back to the destinations."""
        self._propose(None)
        self.left.emit()

    def leave(self) -> bool:
        """Whether nothing typed would be lost; else says so."""
        if not self.dirty or not self.texte.value():
            return True
        self._bridge.message.emit("alerte", "Cette note n'est pas enregistrée.", "Enregistrer", self.save)
        return False

    def _forget(self) -> None:
        """What is written is no longer being typed."""
        self._note = None
        amount, text = self._proposed()
        self.montant.setText(amount)
        self.texte.set_value(text)

    def _current(self) -> Explication | Note | None:
        row = self.table.current_id()
        return self._rows[row] if row is not None and row < len(self._rows) else None

    def _activate(self, _row: object) -> None:
        x = self._current()
        if isinstance(x, Note):
            if self.leave():
                self._propose(x)
                self.texte.setFocus()
        elif x is not None:
            self.allocations_asked.emit(x.nature)

    def _fill_menu(self, menu: QMenu, _ids: list[int]) -> None:
        x = self._current()
        if isinstance(x, Note):
            menu.addAction("Modifier la note\tF2", lambda: self._activate(0))
            menu.addAction("Supprimer la note\tSuppr", self.delete)
        elif x is not None:
            menu.addAction("Voir ces allocations\tEntrée", lambda: self._activate(0))
            if self._line is not None and x in self._line.pistes:
                menu.addAction("Retenir comme explication\tF2", self.retenir)


def _row(kind: str, x: Explication | Note) -> tuple[object, ...]:
    if isinstance(x, Note):
        return (x.texte, _ETATS[kind], None, x.montant)
    return (x.libelle, _ETATS[kind], x.nombre or None, x.montant)
