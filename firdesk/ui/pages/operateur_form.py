"""The small form that creates an operator while an allocation is being typed, or changes one that is known."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import identifiants
from firdesk.domain.operateur import PERIMETRES, SECTEURS, Operateur
from firdesk.domain.problem import Problem, Severity
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.form import Choix, Form, TexteEdit
from firdesk.ui.kit.text import Text, button


class OperateurForm(QFrame):
    """Name, identifiers and town; Enter creates (or saves), Escape gives up."""

    #: the operator to create or to save, without blocking problem
    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: Operateur | None = None
        self.setProperty("kind", "encart")
        self.nom, self.siret, self.finess = TexteEdit(), TexteEdit("14 chiffres"), TexteEdit("9 caractères")
        self.commune, self.departement = TexteEdit(), Choix()
        self.departement.set_items([(c, f"{c} {t}") for c, t in session.nomenclatures.departements().items()])
        self.form = Form()
        self.form.add_row("Nom de l'opérateur", self.nom, key="nom")
        self.form.add_pair(("SIRET", self.siret, "siret"), ("FINESS", self.finess, "finess"))
        self.form.add_pair(("Commune", self.commune, "commune"), ("Département", self.departement, "departement"))
        self.secteur, self.perimetre = Choix(), Choix()
        self.secteur.set_items([(s, s) for s in SECTEURS])
        self.perimetre.set_items(list(PERIMETRES.items()), empty=None)
        self._known_only = self.form.add_pair(
            ("Secteur", self.secteur, "secteur"), ("Périmètre", self.perimetre, "perimetre")
        )
        self.form.edited.connect(lambda _: self._judge())
        self.create_button = button("Créer l'opérateur", "secondaire", self.submit)
        buttons = QHBoxLayout()
        buttons.addWidget(self.create_button)
        buttons.addWidget(button("Renoncer", "lien", self.cancelled.emit))
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.MARGIN, style.MARGIN, style.MARGIN)
        layout.setSpacing(style.SPACE)
        self._title = Text("Nouvel opérateur", "fort")
        layout.addWidget(self._title)
        layout.addWidget(self.form)
        layout.addLayout(buttons)
        self._set_known(None)
        for widget in (self.nom, self.siret, self.finess, self.commune, self.departement, self.secteur, self.perimetre):
            widget.installEventFilter(self)

    def start(self, name: str) -> None:
        """Open with a name; one that is a SIRET or a FINESS goes to its own field."""
        self._set_known(None)
        code = identifiants.compact(name)
        siret, finess = identifiants.siret_valide(code), identifiants.finess_valide(code)
        self.nom.set_value("" if siret or finess else name)
        self.siret.set_value(code if siret else "")
        self.finess.set_value(code if finess else "")
        self.commune.set_value("")
        self.departement.set_code(None)
        self.form.clear_problems()
        self.show()
        (self.siret if self.nom.value() else self.nom).setFocus()

    def load(self, operateur: Operateur) -> None:
        """Show an operator to change; what the form does not show stays as it is."""
        self._set_known(operateur)
        for field, value in (
            (self.nom, operateur.nom),
            (self.siret, operateur.siret),
            (self.finess, operateur.finess),
            (self.commune, operateur.commune),
        ):
            field.set_value(value)
        self.departement.set_code(operateur.departement or None)
        known = [*SECTEURS, *([operateur.secteur] if operateur.secteur not in ("", *SECTEURS) else [])]
        self.secteur.set_items([(s, s) for s in known])
        self.secteur.set_code(operateur.secteur or None)
        self.perimetre.set_code(operateur.perimetre)
        self._judge()
        self.show()

    def _judge(self) -> None:
        self.form.show_problems(self._alerts())
        self.create_button.setEnabled(self._known is None or self.dirty)

    @property
    def dirty(self) -> bool:
        """Whether the operator shown was changed here and not saved."""
        if self._known is None:
            return False
        return bool(self.form.input_problems()) or self.operateur() != self._known

    def _set_known(self, operateur: Operateur | None) -> None:
        self._known = operateur
        self._title.setVisible(operateur is None)
        self.create_button.setEnabled(True)
        self.create_button.setText("Créer l'opérateur" if operateur is None else "Enregistrer")
        for field in self._known_only:
            field.setVisible(operateur is not None)

    def operateur(self) -> Operateur:
        if self._known is not None:
            changed = replace(
                self._known,
                siret=identifiants.compact(self.siret.value()),
                finess=identifiants.compact(self.finess.value()),
                commune=self.commune.value(),
                departement=self.departement.code() or "",
                secteur=self.secteur.code() or "",
                perimetre=self.perimetre.code() or "inconnu",
            )
            return replace(changed, nom=self.nom.value())
        made = Operateur(
            self.nom.value(),
            siret=self.siret.value(),
            finess=self.finess.value(),
            commune=self.commune.value(),
            departement=self.departement.code() or "",
        )
        return replace(made.cleaned(), nom=self.nom.value())

    def submit(self) -> None:
        """Hand the operator over, or show what prevents it."""
        unread = self.form.input_problems()
        problems = tuple(unread) or self.operateur().problems()
        self.form.show_problems(problems)
        if any(p.blocking for p in problems):
            self.form.focus_first_problem()
        else:
            self.submitted.emit(self.operateur())

    def _alerts(self) -> list[Problem]:
        if self.form.input_problems():
            return []
        made = self.operateur()
        found = [p for p in made.problems() if not p.blocking]
        for field, code in (("siret", made.siret), ("finess", made.finess)):
            near = self._session.operateurs.search(code, limit=3) if len(code) >= 9 else []
            own = self._known.id if self._known is not None else None
            same = next((o for o in near if getattr(o, field) == code and o.id != own), None)
            if same is not None:
                mend = "le choisir plutôt que le créer" if self._known is None else "les fusionner peut-être"
                text = f"C'est déjà le {field.upper()} de « {same.nom} » : {mend}."
                found.append(Problem(field, text, Severity.ALERTE))
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and not event.modifiers():
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.submit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.cancelled.emit()
                return True
        return super().eventFilter(watched, event)
