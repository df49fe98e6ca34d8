"""The card of one act beside the list: the act itself, its avenants, its allocations, its years."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from firdesk.domain.convention import ETATS, NATURES, Convention, Suivi
from firdesk.domain.jour import french_date
from firdesk.services import conventions
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import INSET, Card
from firdesk.ui.kit.choix import Choix
from firdesk.ui.kit.shortcuts import escape
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import button, hairline, icon_button
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.kit.unsaved import Unsaved
from firdesk.ui.pages.convention_allocations import AnneesDeLActe, Rattachees
from firdesk.ui.pages.convention_form import ConventionFields

VOLETS = ("Acte", "Allocations", "Échéancier")


class Fiche(Card):
    """Shows an act or a new one; ``dirty`` while something typed is not saved."""

    #: the number of the act saved
    saved = Signal(int)
    abandoned = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._bridge, self._session = bridge, bridge.session
        self._suivi: Suivi | None = None
        self._act: Convention | None = None
        self.actes = Choix()
        self.bar = QTabBar()
        self.stack = QStackedWidget()
        self.fields = ConventionFields(self._session)
        self.rattachees, self.annees = Rattachees(bridge), AnneesDeLActe()
        self.warning = Unsaved()
        self.revert_button = icon_button("arrow-go-back-line", "Annuler les modifications (Échap)", self.revert)
        self.save_button = button("Enregistrer", "principal", self.save)
        self.save_button.setToolTip("Enregistrer (Ctrl+S)")
        self.avenant_button = button("Nouvel avenant", "lien", self.start_avenant)
        self.avenant_button.setToolTip("Nouvel avenant de cet acte (Ctrl+D)")
        self.nothing = EmptyState(
            "cursor-line", "Aucune convention choisie", "En choisir une, ou en créer une (Ctrl+N)."
        )
        self._lay_out()
        self._connect()
        self.show_suivi(None)

    def _lay_out(self) -> None:
        self.add_action(self.revert_button)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName("Volets de la convention")
        self.bar.setToolTip("Ctrl+Page suivante, Ctrl+Page précédente : l'un après l'autre")
        for title in VOLETS:
            self.bar.addTab(title)
        self.actes.setAccessibleName("Acte montré")
        sheet, inside = QScrollArea(), QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, INSET, 0)
        rows.setSpacing(style.SPACE)
        rows.addWidget(self.actes)
        rows.addWidget(self.fields)
        rows.addStretch(1)
        sheet.setWidgetResizable(True)
        sheet.setFrameShape(QFrame.Shape.NoFrame)
        sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet.setWidget(inside)
        for volet in (sheet, self.rattachees, self.annees):
            self.stack.addWidget(volet)
        self.footer = QWidget()
        foot = QHBoxLayout(self.footer)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.avenant_button)
        foot.addStretch()
        foot.addWidget(self.save_button)
        self.line = hairline()
        for widget in (self.warning, self.bar, self.stack, self.nothing, self.line, self.footer):
            self.body.addWidget(widget, int(widget in (self.stack, self.nothing)))

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._show_volet)
        self.actes.edited.connect(self._act_chosen)
        self.fields.edited.connect(lambda _: self._judge())
        self.warning.save.clicked.connect(self.save)
        self.warning.abandon.clicked.connect(self.revert)
        escape(self, self.revert)
        UndoKeys(self)

    # What is shown

    @property
    def number(self) -> int | None:
        """The main act shown, ``None`` for a new one or none at all."""
        return self._suivi.convention.id if self._suivi is not None else None

    @property
    def dirty(self) -> bool:
        return self._act is not None and self.fields.changed

    def show_suivi(self, suivi: Suivi | None) -> None:
        """Show an act as the base has it; the avenant looked at stays where it still is."""
        before = self._act.id if self._act is not None else None
        self._suivi = suivi
        acts = suivi.actes if suivi is not None else ()
        self._load(next((a for a in acts if a.id == before), acts[0] if acts else None))
        self._follow()

    def follow(self, suivi: Suivi) -> None:
        """What is bound to the act changed while something is typed in it."""
        self._suivi = suivi
        self._follow()

    def start(self) -> None:
        """A blank act, the cursor in its number."""
        self._suivi = None
        self._load(Convention("convention", "", 0))
        self._follow()
        self.bar.setCurrentIndex(0)
        self.fields.numero.setFocus(Qt.FocusReason.TabFocusReason)

    def start_avenant(self) -> None:
        """A blank avenant of the act shown."""
        s = self._suivi
        if s is None or self.dirty:
            return
        c = s.convention
        numero = f"{c.numero}-A{len(s.avenants) + 1}"
        self._load(Convention("avenant", numero, c.operateur_id, objet=c.objet, parent_id=c.id))
        self._entitle()
        self.bar.setCurrentIndex(0)
        self.fields.numero.setFocus(Qt.FocusReason.TabFocusReason)

    def edit(self) -> None:
        """The cursor in the act."""
        if self._act is not None:
            self.bar.setCurrentIndex(0)
            self.fields.numero.setFocus(Qt.FocusReason.TabFocusReason)

    def step(self, by: int) -> None:
        """Another part of the act, the cursor in it."""
        enabled = [i for i in range(self.bar.count()) if self.bar.isTabEnabled(i)]
        if self._act is None or self.bar.currentIndex() not in enabled:
            return
        place = enabled[(enabled.index(self.bar.currentIndex()) + by) % len(enabled)]
        self.bar.setCurrentIndex(place)
        (self.fields.numero, self.rattachees.search, self.annees.table)[place].setFocus()

    def _load(self, act: Convention | None) -> None:
        self._act = act
        self.warning.hide()
        if act is not None:
            self.fields.load(act, self._bridge.exercice)
        for widget in (self.bar, self.stack, self.line, self.footer, self.revert_button):
            widget.setVisible(act is not None)
        self.nothing.setVisible(act is None)
        self._show_volet()
        self._judge()

    def _follow(self) -> None:
        s = self._suivi
        acts = s.actes if s is not None else ()
        self.actes.setVisible(len(acts) > 1)
        names = [(str(a.id), f"{NATURES[a.nature]} {a.numero}") for a in acts]
        self.actes.set_items(names, empty=None)
        self.actes.set_code(str(self._act.id) if self._act is not None else None)
        self.rattachees.show_suivi(s)
        self.annees.show_suivi(s)
        self._entitle()
        for place, enabled in ((1, s is not None), (2, s is not None)):
            self.bar.setTabEnabled(place, enabled)
        self.bar.setTabText(1, f"Allocations ({s.nombre})" if s is not None and s.nombre else VOLETS[1])

    def _entitle(self) -> None:
        s, act = self._suivi, self._act
        if act is None:
            self.set_title("", "")
        elif act.id is None:
            self.set_title("Nouvel avenant" if act.parent_id else "Nouvelle convention", "pas encore enregistrée")
        elif s is not None:
            end = f" · jusqu'au {french_date(s.fin)}" if s.fin else ""
            self.set_title(conventions.nom(s.convention), f"{ETATS[s.etat].lower()}{end} · {s.operateur}")

    def _act_chosen(self) -> None:
        s, code = self._suivi, None if self.actes.problem() else self.actes.code()
        wanted = next((a for a in s.actes if str(a.id) == code), None) if s is not None else None
        if wanted is None or (self._act is not None and wanted.id == self._act.id):
            return
        if self.dirty:
            self.warn_unsaved()
            self.actes.set_code(str(self._act.id) if self._act is not None else None)
        else:
            self._load(wanted)

    def _show_volet(self) -> None:
        place = max(0, self.bar.currentIndex())
        self.stack.setCurrentIndex(place)
        shown = self._act is not None and place == 0
        self.footer.setVisible(shown)
        self.line.setVisible(shown)

    def _judge(self) -> None:
        """Show what is to be said of what is typed; of a new act nothing before something is."""
        act, dirty = self._act, self.dirty
        new = act is not None and act.id is None
        self.save_button.setEnabled(dirty or new)
        self.revert_button.setEnabled(dirty or new)
        self.avenant_button.setVisible(act is not None and not new and act.parent_id is None)
        if not dirty:
            self.warning.hide()
        if act is None or self.fields.unread():
            return
        self.fields.tell()
        found = conventions.problems(self._session, self.fields.convention())
        self.fields.show_problems([p for p in found if not (new and p.blocking)])

    # What is done

    def save(self) -> bool:
        """Write the act in one operation; ``False`` where a problem prevents it, shown beside its field."""
        if self._act is None or not (self.dirty or self._act.id is None):
            return True
        unread = self.fields.unread()
        found = unread or list(conventions.problems(self._session, self.fields.convention()))
        if any(p.blocking for p in found):
            self.bar.setCurrentIndex(0)
            self.fields.show_problems(found)
            self.fields.focus_first_problem()
            return False
        typed = self.fields.convention()
        number = self._bridge.perform(lambda: self._write(typed))
        if number is None:
            return False
        said = f"Enregistré : {conventions.nom(typed)}"
        self._bridge.message.emit("succes", said, "Annuler (Ctrl+Z)", self._bridge.undo)
        self.saved.emit(number)
        return True

    def _write(self, typed: Convention) -> int:
        number = conventions.save(self._session, typed)
        # The base tells its pages next: nothing typed is left by then.
        written = self._session.conventions.get(number)
        if written is not None:
            self._load(written)
        return number

    def revert(self) -> None:
        """Give up what was typed; the message gives it back."""
        kept = self._act
        if kept is None or not (self.dirty or kept.id is None):
            return
        if self.dirty and not self.fields.unread():
            typed = self.fields.convention()
            new = "Nouvel avenant abandonné." if kept.parent_id else "Nouvelle convention abandonnée."
            told = "Modifications abandonnées." if kept.id else new
            self._bridge.message.emit("info", told, "Reprendre", lambda: self._resume(kept, typed))
        self._act = None
        self.show_suivi(self._suivi)
        self.abandoned.emit()

    def _resume(self, kept: Convention, typed: Convention) -> None:
        """What was given up, on the act it was typed in."""
        if self.dirty:
            return
        if (number := kept.parent_id or kept.id) is not None:
            self.saved.emit(number)
        else:
            self._suivi = None
        self._load(kept)
        self._follow()
        self.fields.fill(typed, self._bridge.exercice)
        self._judge()
        self.edit()

    def warn_unsaved(self) -> None:
        """Say that something typed is not saved, with what can be done about it."""
        self.warning.show()
        self.warning.save.setFocus()
