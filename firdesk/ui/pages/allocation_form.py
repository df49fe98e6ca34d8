"""The form beside the table: one allocation, its draft while it is typed, what is wrong with it, saving it.

A draft only holds what the user changed, laid over the line as the base has it now: undoing something else while
typing loses neither.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from firdesk.domain.allocation import Allocation
from firdesk.domain.convention import Convention
from firdesk.domain.execution import Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Problem
from firdesk.services import allocations, conventions, provenance
from firdesk.services.allocations import NATURES_SAISIES, Brouillon
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import provenance as dialog
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import INSET, Card, Note
from firdesk.ui.kit.shortcuts import escape, shortcut
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import Text, button, hairline, icon_button
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.kit.unsaved import Unsaved
from firdesk.ui.pages.allocation_cloture import Cloture
from firdesk.ui.pages.allocation_fields import AllocationFields, Values, applied, values_of
from firdesk.ui.pages.operateur_form import OperateurForm

#: What the amounts of a field are made of, for their provenance.
_MADE_OF = {
    Nature.ENGAGEMENT: (Nature.ENGAGEMENT, Nature.RETRAIT),
    Nature.PAIEMENT: (Nature.PAIEMENT, Nature.REPRISE),
}


class AllocationForm(Card):
    """Shows a line or a new one; ``dirty`` while something typed is not saved."""

    #: number of the allocation saved, and whether the user wants the next one
    saved = Signal(int, bool)
    #: the user gave up what was typed (and, for a new line, the line)
    abandoned = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._bridge, self._session = bridge, bridge.session
        self._loaded: Brouillon | None = None
        self._copied = self._tried = False
        self._touched: set[str] = set()
        self._destination = ""
        self.sheet = QScrollArea(self)
        self._inside = QWidget(self.sheet)
        self.operateur_form = OperateurForm(self._session, self._inside)
        self.operateur_form.hide()
        self.fields = AllocationFields(bridge, self.operateur_form, self._inside)
        self.cloture = Cloture(bridge, self.fields)
        self.warning = Unsaved()
        self.provenance = Note("", "accent")
        self.revert_button = icon_button("arrow-go-back-line", "Annuler les modifications (Échap)", self.revert)
        self.more = icon_button("more-2-fill", "Autres actions")
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.save_button = button("Enregistrer", "principal", self.save)
        self.save_button.setToolTip("Enregistrer (Ctrl+S)")
        self._lay_out()
        self._connect()
        self.clear()

    def _lay_out(self) -> None:
        self.add_action(self.revert_button)
        self.add_action(self.more)
        rows = QVBoxLayout(self._inside)
        rows.setContentsMargins(0, 0, INSET, 0)
        rows.setSpacing(style.SPACE)
        rows.addWidget(self.fields)
        rows.addStretch(1)
        self.sheet.setWidgetResizable(True)
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sheet.setWidget(self._inside)
        self.footer = QWidget()
        foot = QHBoxLayout(self.footer)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(Text("Ctrl+Entrée : enregistrer et suivant", "petit", "faible"), 1)
        foot.addWidget(self.save_button)
        self.nothing = EmptyState("cursor-line", "Aucune ligne choisie", "En choisir une, ou en créer une (Ctrl+N).")
        self.line = hairline()
        for widget in (self.cloture, self.warning, self.provenance, self.sheet, self.nothing, self.line, self.footer):
            self.body.addWidget(widget, int(widget in (self.sheet, self.nothing)))

    def _connect(self) -> None:
        self.fields.edited.connect(self._edited)
        self.fields.operateur.create_requested.connect(self._create_operateur)
        self.fields.convention.create_requested.connect(self._create_convention)
        self.operateur_form.submitted.connect(self._operateur_submitted)
        self.operateur_form.cancelled.connect(self._close_operateur_form)
        self.provenance.action.connect(lambda: self.provenance.set_note(""))
        self.warning.save.clicked.connect(self.save)
        self.warning.abandon.clicked.connect(self.revert)
        escape(self, self.revert)
        shortcut(dialog.TOUCHE, self, self._explain_focused)
        UndoKeys(self)

    # What is shown

    @property
    def number(self) -> int | None:
        """The allocation shown, ``None`` for a new one or none at all."""
        return self._loaded.allocation.id if self._loaded is not None else None

    @property
    def creating(self) -> bool:
        return self._loaded is not None and self._loaded.allocation.id is None

    @property
    def dirty(self) -> bool:
        return self._loaded is not None and (
            self._copied or bool(self._changes()) or bool(self.fields.input_problems())
        )

    def load(self, number: int) -> None:
        """Show an allocation as the base has it; what was being typed is forgotten."""
        draft = allocations.brouillon(self._session, number)
        if draft is None:
            self.clear()
        else:
            self._show(draft)

    def start(self, exercice: int) -> None:
        """A blank line, the cursor in its operator."""
        self._show(Brouillon(Allocation(exercice, 0, ""), dict.fromkeys(NATURES_SAISIES)))
        self.fields.operateur.setFocus()

    def start_copy(self, number: int) -> None:
        """A new line like another one, not saved yet."""
        draft = allocations.brouillon(self._session, number)
        if draft is not None:
            self._show(allocations.duplicate(draft))
            self._copied = True
            self._judge()
            self.fields.textes["objet"].setFocus()

    def clear(self) -> None:
        """No line at all."""
        self._loaded = None
        self._forget_typing()
        self.set_title("", "")
        self.cloture.follow(0)
        self._set_open(False)

    def rebase(self) -> None:
        """Read the line again under what is being typed; a line that is gone leaves a draft to save anew."""
        if self._loaded is None or self.creating:
            return
        fresh = allocations.brouillon(self._session, self.number or 0)
        if fresh is None:
            self.clear()
            return
        typed = self._changes()
        unread = {p.field for p in self.fields.input_problems()}
        self._loaded = fresh
        shown = {k: v for k, v in values_of(fresh).items() if k not in typed and k not in unread}
        current = self.fields.values()
        self.fields.set_values({k: v for k, v in shown.items() if current.get(k, self) != v})
        self._entitle()
        self._judge()

    def _show(self, draft: Brouillon) -> None:
        self._forget_typing()
        self._loaded = draft
        self.fields.set_exercice(draft.allocation.exercice)
        self.fields.set_values(values_of(draft))
        self._set_open(True)
        self._entitle()
        self._judge()
        self.sheet.verticalScrollBar().setValue(0)

    def _forget_typing(self) -> None:
        self._copied = self._tried = False
        self._touched = set()
        self.warning.hide()
        self.provenance.set_note("")
        self.operateur_form.hide()

    def _set_open(self, shown: bool) -> None:
        for widget in (self.sheet, self.footer, self.line, self.more, self.revert_button):
            widget.setVisible(shown)
        self.nothing.setVisible(not shown)

    def _entitle(self) -> None:
        if self._loaded is None:
            return
        a = self._loaded.allocation
        self.cloture.follow(a.exercice)
        if a.id is None:
            self.set_title("Nouvelle allocation", f"exercice {a.exercice}, pas encore enregistrée")
        else:
            self.set_title(f"Allocation {a.reference}", provenance.origine(self._session, a.id))
        self.fields.engagements.show_allocation(a)
        for nature, field in self.fields.montants.items():
            field.setToolTip("\n".join(self._phrases(nature)))

    # What is typed

    def _changes(self) -> Values:
        if self._loaded is None:
            return {}
        before = values_of(self._loaded)
        return {k: v for k, v in self.fields.values().items() if v != before[k]}

    def draft(self) -> Brouillon | None:
        """The line with what was typed."""
        return applied(self._loaded, self._changes()) if self._loaded is not None else None

    def _edited(self, key: str) -> None:
        draft = self.draft()
        if draft is None:
            return
        self._touched.add(key)
        before = self._destination
        self.fields.follow(key, before)
        self._judge()

    def _judge(self) -> None:
        """Show what is to be said of the draft, and what can be done with it."""
        draft = self.draft()
        if draft is None:
            return
        self._destination = draft.allocation.destination
        self.fields.show_problems(self._told(draft))
        self.fields.tell(draft.allocation)
        dirty = self.dirty
        self.save_button.setEnabled((dirty or self.creating) and not self.cloture.closed)
        self.revert_button.setEnabled(dirty or self.creating)
        if not dirty:
            self.warning.hide()

    def _told(self, draft: Brouillon) -> list[Problem]:
        """Of a new line, nothing is said of a field before the user came to it or tried to save."""
        found = allocations.problems(self._session, draft)
        unread = {p.field for p in self.fields.input_problems()}
        quiet = self.creating and not self._tried and not self._copied
        near = [p for p in found if p.field == "destination" and not p.blocking]
        return [p for p in found if p.field not in unread and (not quiet or p.field in self._touched or p in near)]

    # What is done

    def save(self, then_next: bool = False) -> bool:
        """Write the draft in one operation; ``False`` where a problem prevents it, shown beside its field."""
        draft = self.draft()
        if draft is None:
            return False
        if not self.dirty and not self.creating:
            self.saved.emit(self.number or 0, then_next)
            return True
        self._tried = True
        unread = self.fields.input_problems()
        found = [*unread, *self._told(draft)]
        if any(p.blocking for p in found):
            self.fields.show_problems(found)
            self.fields.focus_first_problem()
            return False
        number = self._bridge.perform(lambda: self._write(draft))
        if number is None:
            return False
        saved = self._session.allocations.get(number)
        reference = saved.reference if saved is not None else ""
        text = f"Enregistré : allocation {reference}"
        self._bridge.message.emit("succes", text, "Annuler (Ctrl+Z)", self._bridge.undo)
        self.saved.emit(number, then_next)
        return True

    def _write(self, draft: Brouillon) -> int:
        number = allocations.save(self._session, draft)
        self.load(number)
        return number

    def revert(self) -> None:
        """Give up what was typed; the message gives it back."""
        if self._loaded is None or not (self.dirty or self.creating):
            return
        kept, typed, copied = self._loaded, self._changes(), self._copied
        if kept.allocation.id is None:
            self.clear()
        else:
            self._show(kept)
        if typed or copied:
            text = "Modifications abandonnées." if kept.allocation.id else "Nouvelle allocation abandonnée."
            self._bridge.message.emit("info", text, "Reprendre", lambda: self._resume(kept, typed, copied))
        self.abandoned.emit()

    def _resume(self, loaded: Brouillon, typed: Values, copied: bool) -> None:
        if self.dirty:
            return
        self._show(loaded)
        self._copied = copied
        self.fields.set_values(typed)
        self._touched = set(typed)
        self._judge()

    def warn_unsaved(self) -> None:
        """Say that something typed is not saved, with what can be done about it."""
        self.warning.show()
        self.warning.save.setFocus()

    def explain(self, natures: tuple[Nature, ...] = ()) -> None:
        """Show the cell each amount comes from, and what it was before; all of them unless ``natures`` says which."""
        if self.number is not None and self._loaded is not None:
            wanted = [made for n in natures for made in _MADE_OF.get(n, (n,))]
            found = provenance.de_allocation(self._session, self.number, wanted)
            titre = f"D'où viennent les montants de l'allocation {self._loaded.allocation.reference}"
            dialog.show(self._bridge, self, titre, found)

    def _explain_focused(self) -> None:
        self.explain(tuple(n for n, field in self.fields.montants.items() if field.hasFocus()))

    def _phrases(self, nature: Nature) -> list[str]:
        if self._loaded is None:
            return []
        return provenance.phrases(self._session, self._loaded.allocation, _MADE_OF.get(nature, (nature,)))

    # Operator on the fly

    def _create_operateur(self, name: str) -> None:
        self.operateur_form.start(name)

    def _operateur_submitted(self, operateur: Operateur) -> None:
        number = self._bridge.perform(
            lambda: allocations.create_operateur(self._session, operateur), done=f"Créé : {operateur.nom}"
        )
        if number is not None:
            self.operateur_form.hide()
            self.fields.set_values({"operateur": number})
            self._edited("operateur")
            self.fields.choix["destination"].setFocus()

    def _close_operateur_form(self) -> None:
        self.operateur_form.hide()
        self.fields.operateur.setFocus()

    # Act on the fly

    def _create_convention(self, numero: str) -> None:
        """An act with its number, the operator and the nature of the line; the rest is typed on its own page."""
        draft = self.draft()
        if draft is None:
            return
        a = draft.allocation
        nature = conventions.NATURE_DE.get(a.type_decision, "convention")
        made = Convention(nature, numero, a.operateur_id)
        number = self._bridge.perform(
            lambda: conventions.save(self._session, made),
            done=f"Créé : {conventions.nom(made)}, à compléter dans Conventions",
        )
        if number is not None:
            self.fields.set_values({"convention": number})
            self._edited("convention")
