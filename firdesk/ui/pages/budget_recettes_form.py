"""One recette typed in: its four parts that must add up, what it is reserved for, what was collected of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Problem
from firdesk.domain.recette import NATURES, PARTS, SOURCES, Recette
from firdesk.services import recettes
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import INSET, Card
from firdesk.ui.kit.form import Choix, DateEdit, Form, MontantEdit, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import Text, button, hairline
from firdesk.ui.pages.budget_flechages import Flechages

_AMOUNTS = ("montant", *(name for name, _ in PARTS), "encaisse")


class RecetteForm(Card):
    """Shows a recette or a new one; ``dirty`` while something typed is not saved."""

    saved = Signal(int)
    abandoned = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._bridge, self._session = bridge, bridge.session
        self._loaded: Recette | None = None
        self._tried = self._fongible_typed = False
        self.nature, self.source, self.reprise = Choix(), Choix(), Choix()
        self.nature.set_items(list(NATURES.items()), empty=None)
        self.source.set_items(list(SOURCES.items()), empty=None)
        self.numero, self.libelle = TexteEdit(), TexteEdit()
        self.date, self.encaissee_le = DateEdit(), DateEdit()
        self.montants = {name: MontantEdit() for name in _AMOUNTS}
        self.flechages = Flechages(self._session, self.montants[PARTS[-1][0]])
        self.form = Form()
        self.enregistrer = button("Enregistrer", "principal", self.save)
        self.enregistrer.setToolTip("Enregistrer (Ctrl+S)")
        self.renoncer = button("Renoncer", "lien", self.revert)
        self.nothing = EmptyState("cursor-line", "Aucune recette choisie", "En choisir une, ou en saisir une (Ctrl+N).")
        self._lay_out()
        self.form.edited.connect(self._edited)
        for keys in ("Ctrl+S", "Ctrl+Return", "Ctrl+Enter"):
            shortcut(keys, self, self.save)
        shortcut("Esc", self, self.revert)
        self.clear()

    def _lay_out(self) -> None:
        form = self.form
        form.add_pair(("Nature", self.nature, "nature"), ("Source", self.source, "source"))
        form.add_pair(("Numéro", self.numero, "numero"), ("Date", self.date, "date"))
        form.add_row("Libellé", self.libelle, key="libelle")
        form.add_row("Reprise recouvrée", self.reprise, key="mouvement_id")
        form.add_row("Montant", self.montants["montant"], key="montant")
        self.ecart = Text("", "petit", "faible", wrap=True)
        form.add_widget(self.ecart)
        form.add_pair(*[(label, self.montants[name], name) for name, label in PARTS[:2]])
        form.add_pair(*[(label, self.montants[name], name) for name, label in PARTS[2:]])
        form.add_row("Fléché vers", self.flechages, key="flechages")
        form.add_pair(
            ("Encaissé", self.montants["encaisse"], "encaisse"), ("Encaissée le", self.encaissee_le, "encaissee_le")
        )
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, INSET, 0)
        rows.addWidget(form)
        rows.addStretch(1)
        self.sheet = QScrollArea(self)
        self.sheet.setWidgetResizable(True)
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sheet.setWidget(inside)
        self.footer = QWidget()
        foot = QHBoxLayout(self.footer)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(style.SPACE)
        foot.addWidget(self.renoncer)
        foot.addStretch()
        foot.addWidget(self.enregistrer)
        self.line = hairline()
        for widget in (self.sheet, self.nothing, self.line, self.footer):
            self.body.addWidget(widget, int(widget in (self.sheet, self.nothing)))

    # What is shown

    @property
    def number(self) -> int | None:
        return self._loaded.id if self._loaded is not None else None

    @property
    def dirty(self) -> bool:
        return self._loaded is not None and (self._unreadable() or self.draft() != self._loaded)

    def load(self, recette: Recette) -> None:
        """Show a recette as the base has it."""
        self._show(recette)

    def start(self, exercice: int) -> None:
        """A blank recette, the cursor in its nature."""
        self._show(Recette(exercice, "arrete_initial", "assurance_maladie", 0))
        self.nature.setFocus(Qt.FocusReason.TabFocusReason)

    def clear(self) -> None:
        """No recette at all."""
        self._loaded = None
        self.set_title("", "")
        self._set_open(False)

    def _show(self, recette: Recette) -> None:
        self._loaded, self._tried = recette, False
        new = recette.id is None
        self._fongible_typed = not new
        self.nature.set_code(recette.nature)
        self.source.set_code(recette.source)
        self.numero.set_value(recette.numero)
        self.libelle.set_value(recette.libelle)
        self.date.set_iso(recette.date or None)
        self.encaissee_le.set_iso(recette.encaissee_le or None)
        for name, widget in self.montants.items():
            cents = getattr(recette, name)
            widget.set_cents(cents if cents or (name == "montant" and not new) else None)
        self.flechages.set_exercice(recette.exercice)
        self.flechages.set_value(recette.flechages)
        self._fill_reprises(recette)
        told = f"exercice {recette.exercice}" + (", pas encore enregistrée" if new else "")
        self.set_title("Nouvelle recette" if new else recettes.nom(recette), told)
        self._set_open(True)
        self._judge()
        self.sheet.verticalScrollBar().setValue(0)

    def _fill_reprises(self, recette: Recette) -> None:
        """The reprises a titre may recover: those of the exercice that no other titre recovers."""
        titre = self.nature.code() == "titre"
        self.form.field("mouvement_id").setVisible(titre)
        if not titre:
            return
        found = [
            r
            for r in self._session.recettes.reprises(recette.exercice)
            if r.recette is None or r.id == recette.mouvement_id
        ]
        items = [
            (
                str(r.id),
                f"{r.allocation} {r.operateur} · {money.euros(r.montant)}"
                + (f" · {french_date(r.date)}" if r.date else ""),
            )
            for r in found
        ]
        kept = self.reprise.code() if not self.reprise.problem() else None
        self.reprise.set_items(items, empty="Aucune")
        self.reprise.set_code(kept or (str(recette.mouvement_id) if recette.mouvement_id else None))
        help_text = "" if items else f"Aucune reprise n'est saisie sur les allocations en {recette.exercice}."
        self.form.set_help("mouvement_id", help_text)

    def _set_open(self, shown: bool) -> None:
        for widget in (self.sheet, self.footer, self.line):
            widget.setVisible(shown)
        self.nothing.setVisible(not shown)

    # What is typed

    def draft(self) -> Recette:
        """The recette with what was typed; the fields must be readable."""
        assert self._loaded is not None  # noqa: S101 - a recette is shown
        amounts = {name: widget.cents() or 0 for name, widget in self.montants.items()}
        nature = self.nature.code() or ""
        reprise = self.reprise.code() if nature == "titre" else None
        return replace(
            self._loaded,
            nature=nature,
            source=self.source.code() or "",
            numero=self.numero.value(),
            date=self.date.iso() or "",
            libelle=self.libelle.value(),
            encaissee_le=self.encaissee_le.iso() or "",
            mouvement_id=int(reprise) if reprise else None,
            flechages=self.flechages.value(),
            **amounts,
        )

    def _unreadable(self) -> bool:
        return bool(self.form.input_problems())

    def _edited(self, key: str) -> None:
        if self._loaded is None:
            return
        if key == "fongible":
            self._fongible_typed = bool(self.montants["fongible"].text().strip())
        if key == "nature" and not self.nature.problem():
            self._fill_reprises(self._loaded)
            if self.nature.code() == "titre" and self._loaded.id is None:
                self.source.set_code("ressources_propres")
        if not self._fongible_typed and not self._unreadable():
            rest = recettes.remettre_parts(self.draft()).fongible
            self.montants["fongible"].set_cents(rest or None)
        self._judge()

    def _judge(self) -> None:
        """Say what the parts leave, what deserves a look, and what can be done."""
        if self._loaded is None:
            return
        self.enregistrer.setEnabled(self.dirty or self._loaded.id is None)
        self.renoncer.setVisible(self.dirty or self._loaded.id is None)
        if self._unreadable():
            return
        draft = self.draft()
        gap = draft.montant - draft.parts
        told = "Les quatre parts égalent le montant." if draft.montant or draft.parts else ""
        if gap:
            told = (
                f"Écart {money.euros(gap)} : reste à répartir."
                if gap > 0
                else f"Écart {money.euros(gap)} : parts en trop."
            )
        self.ecart.setText(told)
        style.set_tone(self.ecart, "alerte" if gap else "succes")
        quiet = not self._tried and self._loaded.id is None
        found = () if quiet else recettes.problems(self._session, draft)
        # The gap between the parts is told beside them already.
        self._tell([p for p in found if p.field != "parts" or self._tried])

    def _tell(self, problems: Iterable[Problem]) -> None:
        """Each problem beside its field; that of the parts, which have no field of their own, beside the first."""
        self.form.show_problems([replace(p, field=PARTS[0][0]) if p.field == "parts" else p for p in problems])

    # What is done

    def save(self) -> bool:
        """Write the recette in one operation; ``False`` where a problem prevents it, shown beside its field."""
        if self._loaded is None:
            return False
        self._tried = True
        unread = self.form.input_problems()
        draft = self.draft() if not unread else self._loaded
        found: list[Problem] = list(unread) or list(recettes.problems(self._session, draft))
        if not unread and self.montants["montant"].cents() is None:
            found.append(Problem("montant", "Écrire le montant de la recette."))
        if any(p.blocking for p in found):
            self._tell(found)
            self.form.focus_first_problem()
            return False
        number = self._bridge.perform(
            lambda: recettes.enregistrer(self._session, draft), done=f"Enregistré : {recettes.nom(draft)}."
        )
        if number is None:
            return False
        self.saved.emit(number)
        return True

    def revert(self) -> None:
        """Give up what was typed; for a new recette, the recette too."""
        loaded = self._loaded
        if loaded is None:
            return
        if loaded.id is None:
            self.clear()
        else:
            self._show(loaded)
        self.abandoned.emit()
