"""The sheet where one mouvement of an allocation is typed or changed; the program says which withdrawal it is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.problem import Problem
from firdesk.services import engagements, provenance
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.saisie import Saisie
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.form import Choix, DateEdit, Form, MontantEdit, TexteEdit

#: Years proposed around those of the base.
_BEFORE, _AFTER = 2, 6


class MouvementSheet(Saisie):
    """``mouvement`` without ``id`` is a new one; what is wrong is said under its field, a warning never refuses."""

    def __init__(self, bridge: Bridge, parent: QWidget, allocation: Allocation, mouvement: Mouvement) -> None:
        title = "Modifier le mouvement" if mouvement.id else "Nouveau mouvement"
        super().__init__(parent, title, f"Allocation {allocation.reference}", self.save)
        self._bridge, self._session = bridge, bridge.session
        self._allocation, self._before = allocation, mouvement
        self._own_year = mouvement.id is not None
        self.nature, self.exercice = Choix(), Choix()
        self.montant, self.date = MontantEdit(), DateEdit()
        self.ej, self.reference, self.piece = TexteEdit(), TexteEdit(), TexteEdit()
        self.imported = Note("", "alerte")
        self.form = Form()
        self.form.add_pair(("Nature", self.nature, "nature"), ("Montant", self.montant, "montant"))
        self.form.add_pair(("Date", self.date, "date"), ("Exercice", self.exercice, "exercice"))
        self.form.add_pair(("EJ et poste", self.ej, "ej"), ("N° de pièce", self.piece, "piece"))
        self.form.add_row("Référence", self.reference, key="reference")
        self.body.addWidget(self.imported)
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self._fill(allocation, mouvement)
        self.form.edited.connect(self._edited)
        self._judge(quiet=not mouvement.id)

    def _fill(self, allocation: Allocation, m: Mouvement) -> None:
        self.nature.set_items([(str(n), label) for n, label in engagements.LIBELLES.items()], empty=None)
        self.nature.set_code(str(engagements.nature_dite(m.nature)))
        known = {*self._session.nomenclatures.exercices(), allocation.exercice, m.exercice}
        years = range(min(known) - _BEFORE, max(known) + _AFTER)
        self.exercice.set_items([(str(y), str(y)) for y in years], empty=None)
        self.exercice.set_code(str(m.exercice))
        self.montant.set_cents(m.montant or None)
        self.date.set_iso(m.date or None)
        self.ej.set_value(m.ej)
        self.ej.setPlaceholderText(allocation.ej or "E2024000477_01")
        self.reference.set_value(m.reference)
        self.piece.set_value(m.piece)
        self.form.set_help("ej", "vide : celui de l'allocation" if allocation.ej else "")
        told = ""
        if m.id and m.origine == "import":
            told = provenance.phrase(m, self._session.allocations.provenance(m.id))
            told += ". L'enregistrer autrement le corrige à la main ; il gardera cette provenance."
        self.imported.set_note(told, "alerte")
        # As the tab key does: what is proposed is selected, typing replaces it.
        (self.montant if m.id else self.nature).setFocus(Qt.FocusReason.TabFocusReason)

    def mouvement(self) -> Mouvement | None:
        """What is typed, ``None`` where a field cannot be read."""
        if self.form.input_problems():
            return None
        return replace(
            self._before,
            nature=Nature(self.nature.code() or str(self._before.nature)),
            exercice=int(self.exercice.code() or self._before.exercice),
            montant=self.montant.cents() or 0,
            date=self.date.iso() or "",
            ej=self.ej.value(),
            reference=self.reference.value(),
            piece=self.piece.value(),
        )

    def save(self) -> None:
        """Write in one operation and close, or say what prevents it."""
        for field in (self.montant, self.date):
            field.settle()
        typed = self.mouvement()
        unread = self.form.input_problems()
        if typed is None or any(p.blocking for p in self._problems(typed)):
            self.form.show_problems([*unread, *(self._problems(typed) if typed is not None else ())])
            self.form.focus_first_problem()
            return
        session, number = self._session, self._allocation.id or 0
        name = engagements.libelle(typed.nature)
        what = f"{name} de l'allocation {self._allocation.reference}"
        if typed.id is None:
            done = self._bridge.perform(lambda: engagements.ajouter(session, number, typed), done=f"Ajouté : {what}")
        else:
            done = self._bridge.perform(
                lambda: engagements.modifier(session, number, typed, corriger=True), done=f"Modifié : {what}"
            )
        if done is not None:
            self.accept()

    def _problems(self, typed: Mouvement) -> tuple[Problem, ...]:
        return engagements.problems(self._session, self._allocation.id or 0, typed, corriger=True)

    def _edited(self, key: str) -> None:
        if key == "exercice":
            self._own_year = True
        if key == "date" and not self._own_year and not self.date.problem() and (day := self.date.iso()):
            self.exercice.set_code(day[:4])
        self._judge(quiet=not self.montant.text().strip())

    def _judge(self, *, quiet: bool = False) -> None:
        """Of a new one, nothing is said before its amount is typed."""
        typed = self.mouvement()
        told = "" if typed is None else self._about(typed)
        self.form.set_help("nature", told)
        self.form.show_problems([] if typed is None or quiet else self._problems(typed))

    def _about(self, typed: Mouvement) -> str:
        match engagements.nature_dite(typed.nature):
            case Nature.RETRAIT:
                found = engagements.nature_du_retrait(self._session, self._allocation, typed)
                if found is Nature.RETRAIT_ANTERIEUR:
                    return "sur un engagement antérieur : baisse son reste à payer, ne rend pas de crédits"
                return f"rend les crédits à l'exercice {typed.exercice}"
            case Nature.ECHEANCE:
                return f"CP prévu en {typed.exercice}"
        return ""


def show(bridge: Bridge, parent: QWidget, allocation: Allocation, mouvement: Mouvement) -> MouvementSheet:
    """Open the sheet over the window of ``parent``."""
    sheet = MouvementSheet(bridge, parent.window(), allocation, mouvement)
    sheet.open()
    return sheet
