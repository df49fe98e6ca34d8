"""The small forms of the versions: a version made or renamed, a line opened; Enter saves, Escape gives up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.problem import Problem
from firdesk.services import budget_collage, budgets
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.enter_key import EnterKey
from firdesk.ui.kit.form import Choix, DateEdit, Form, MontantEdit, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, button

VIDE = "vide"


class Encart(QFrame):
    """A note that holds a form; subclasses give its rows and :meth:`submit`."""

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "encart")
        self.titre = Text("", "fort")
        self.form = Form()
        self._proposed: list[str] = []
        self.valider = button("", "secondaire", self.submit)
        buttons = QHBoxLayout()
        buttons.addWidget(self.valider)
        buttons.addWidget(button("Renoncer", "lien", self.give_up))
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.MARGIN, style.MARGIN, style.MARGIN)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.titre)
        layout.addWidget(self.form)
        layout.addLayout(buttons)
        shortcut("Ctrl+S", self, self.submit)
        shortcut("Esc", self, self.give_up)
        self.hide()

    @property
    def dirty(self) -> bool:
        """Whether something typed is not saved."""
        return not self.isHidden() and self._texts() != self._proposed

    def _open(self) -> None:
        """Show what is proposed: what is typed from now on differs."""
        self.form.clear_problems()
        self.show()
        self._proposed = self._texts()

    def _texts(self) -> list[str]:
        return [field.text().strip() for field in self.form.findChildren(QLineEdit)]

    def submit(self) -> None:
        """Hand the value over, or show what prevents it."""
        raise NotImplementedError

    def give_up(self) -> None:
        """Close without saving anything."""
        self.hide()
        self.cancelled.emit()

    def _judged(self, problems: Sequence[Problem]) -> bool:
        """Whether nothing prevents saving; shows what there is to say."""
        self.form.show_problems(problems)
        if any(p.blocking for p in problems):
            self.form.focus_first_problem()
            return False
        return True


class VersionForm(Encart):
    """Code, day and label of a version; for a new one, where its lines come from."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.draft = VersionBudget(0, "", 0)
        self.code, self.date, self.libelle, self.source = TexteEdit("BR1"), DateEdit(), TexteEdit(), Choix()
        self.form.add_pair(
            ("Code", self.code, "code"),
            ("Date du vote", self.date, "date"),
            ("Libellé", self.libelle, "libelle"),
            ("Lignes", self.source, "source"),
        )
        EnterKey(self.form, self.submit)

    def start(self, exercice: int) -> None:
        """A new version, proposed with the lines of the last one."""
        self._show(budgets.proposee(self._session, exercice))
        self.titre.setText(f"Nouvelle version du budget {exercice}")
        self.valider.setText("Créer la version")
        self.source.set_items(self._sources(exercice), empty=None)
        self.source.setCurrentIndex(0)
        self.form.field("source").show()
        self._open()
        self.code.setFocus()
        self.code.selectAll()

    def edit(self, version: VersionBudget) -> None:
        """Change an existing one."""
        self._show(version)
        self.titre.setText(f"Modifier le {version.nom}")
        self.valider.setText("Enregistrer")
        self.form.field("source").hide()
        self._open()
        self.code.setFocus()

    def _show(self, draft: VersionBudget) -> None:
        self.draft = draft
        self.code.set_value(draft.code)
        self.date.set_iso(draft.date or None)
        self.libelle.set_value(draft.libelle)

    def _sources(self, exercice: int) -> list[tuple[str, str]]:
        found = []
        versions = self._session.budgets.versions(exercice) or self._session.budgets.versions(exercice - 1)
        for x in reversed(versions):
            found.append((f"version:{x.exercice}:{x.id}", f"Copie du {x.nom}, virements compris"))
        for y in self._session.budgets.instantanes(exercice):
            if y.ae_ouvertes or y.cp_ouverts:
                found.append(
                    (f"sibc:{exercice}:{y.date}", f"Ouvert selon SIBC au {'/'.join(reversed(y.date.split('-')))}")
                )
        return [*found, (VIDE, "Aucune : version vide")]

    def lignes(self) -> tuple[LigneBudget, ...]:
        """The lines that a new version starts with."""
        kind, _, rest = (self.source.code() or VIDE).partition(":")
        year, _, which = rest.partition(":")
        if kind == "version":
            return self._session.budgets.lignes_virees(int(which))
        return budgets.lignes_sibc(self._session, int(year), which) if kind == "sibc" else ()

    def submit(self) -> None:
        unread = self.form.input_problems()
        if unread:
            self._judged(unread)
            return
        draft = replace(self.draft, code=self.code.value(), date=self.date.iso() or "", libelle=self.libelle.value())
        if self._judged(budgets.problems(self._session, draft)):
            self.submitted.emit(draft)


class LigneForm(Encart):
    """A line to open in a version: destination, enveloppe, AE and CP."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.destination, self.enveloppe = Choix(), Choix()
        self.ae, self.cp = MontantEdit(), MontantEdit()
        self.form.add_pair(
            ("Destination", self.destination, "destination"),
            ("Enveloppe", self.enveloppe, "enveloppe"),
            ("AE", self.ae, "ae"),
            ("CP", self.cp, "cp"),
        )
        self.valider.setText("Ouvrir la ligne")
        self.version: VersionBudget | None = None
        EnterKey(self.form, self.submit)

    def start(self, version: VersionBudget) -> None:
        """A blank line of a version."""
        self.version = version
        self.titre.setText(f"Nouvelle ligne du {version.nom}")
        nomenclatures = self._session.nomenclatures
        self.destination.set_items(
            [(d.code, f"{d.code} {d.libelle}") for d in nomenclatures.destinations(version.exercice)]
        )
        known = nomenclatures.enveloppes()
        others = sorted(budget_collage.enveloppes_connues(self._session, version.exercice) - known.keys())
        self.enveloppe.set_items([*known.items(), *((n, n) for n in others)], empty="")
        self.destination.set_code(None)
        self.ae.set_cents(None)
        self.cp.set_cents(None)
        self._open()
        self.destination.setFocus()

    def submit(self) -> None:
        if self.version is None:
            return
        unread = self.form.input_problems()
        if unread:
            self._judged(unread)
            return
        ae, cp = self.ae.cents(), self.cp.cents()
        line = LigneBudget(self.destination.code() or "", self.enveloppe.code() or "", ae or 0, cp or 0)
        found = list(line.problems())
        for name, cents in (("ae", ae), ("cp", cp)):
            if cents is None:
                found.append(Problem(name, "Écrire un montant, 0 si rien n'est ouvert."))
        if any(x.cle == line.cle for x in self._session.budgets.lignes(self.version.id or 0)):
            found.append(Problem("destination", "Cette ligne est déjà ouverte : modifier ses montants (F2)."))
        if self._judged(found):
            self.submitted.emit(line)
