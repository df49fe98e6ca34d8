"""The five steps of an import around their panel; shows where the import is, never runs the work itself."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.services.importing import decisions
from firdesk.services.importing.plan import Question
from firdesk.services.session import Session
from firdesk.ui.export_path import ask_path
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.steps import Steps
from firdesk.ui.kit.text import button
from firdesk.ui.pages.import_bilan import Bilan
from firdesk.ui.pages.import_colonnes import Colonnes
from firdesk.ui.pages.import_decider import Decider
from firdesk.ui.pages.import_differences import Differences
from firdesk.ui.pages.import_en_cours import ImportEnCours

ETAPES = ("Fichier", "En-tête et colonnes", "À décider", "Différences", "Écriture")
FICHIER, COLONNES, DECIDER, DIFFERENCES, ECRITURE = range(5)
SUITE = ("Continuer", "Continuer", "Voir les différences", "Importer", "Importer")


class Assistant(Room, QWidget):
    """Steps, the page of the step, the panel with *Retour* and the way on."""

    #: the user wants another file than this one
    other_file = Signal()
    #: the rejects of the plan, in a copy of the file
    rejects_asked = Signal()

    def __init__(self, encours: ImportEnCours, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._encours, self._session = encours, session
        self._frais = True
        #: read again from the step of the columns, to come back to it
        self._relu = False
        #: state, step and whether all is decided, as shown last
        self._vu: tuple[str, int, bool] = ("", -1, False)
        self.steps = Steps(ETAPES)
        self.rejets = button("Exporter les rejets…", "lien", self.rejects_asked.emit, icon="file-excel-2-line")
        self.abandonner = button("Abandonner", "lien", encours.give_up)
        self.fichier, self.ecriture = EmptyState(), EmptyState()
        self.colonnes, self.decider = Colonnes(session), Decider(self._pourquoi_pas)
        self.differences = Differences()
        self.bilan = Bilan("Ce qui sera écrit")
        #: why writing was refused, and the way to go on all the same
        self.refus = Note("")
        self.retour = button("Retour", "lien", self.back)
        self.suite = button("Continuer", "principal", self.forward)
        self.bilan.add_buttons(self.retour, self.suite)
        self.stack = QStackedWidget()
        for shown in (self.fichier, self.colonnes, self.decider, self.differences, self.ecriture):
            self.stack.addWidget(shown)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(style.MARGIN)
        head.addWidget(self.steps, 1)
        head.addWidget(self.rejets)
        head.addWidget(self.abandonner)
        body = QHBoxLayout()
        body.setSpacing(style.WIDE)
        body.addWidget(self.stack, 5)
        body.addWidget(self.bilan, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.WIDE)
        layout.addLayout(head)
        layout.addWidget(self.refus)
        layout.addLayout(body, 1)
        self.setFocusProxy(self.suite)

    def _connect(self) -> None:
        encours = self._encours
        self.steps.step_clicked.connect(self.go)
        self.refus.action.connect(self._insist)
        self.colonnes.profil_chosen.connect(encours.choose_profil)
        self.colonnes.feuille_chosen.connect(encours.choose_feuille)
        self.colonnes.table_chosen.connect(encours.choose_table)
        self.colonnes.exercice_chosen.connect(encours.choose_exercice)
        self.colonnes.applied.connect(self._plan_columns)
        self.colonnes.reread.connect(self._read_again)
        self.colonnes.panneau.continuer.clicked.connect(self.forward)
        self.colonnes.panneau.retour.clicked.connect(self.back)
        self.decider.answered.connect(encours.answer)
        self.decider.taken_back.connect(lambda questions: encours.take_back(*questions))
        self.decider.undone.connect(encours.undo_answer)
        self.differences.decided.connect(encours.decide)
        self.differences.export_asked.connect(self._export)
        self.bilan.lines_asked.connect(self._show_lines)

    def _pourquoi_pas(self, question: Question, text: str) -> str:
        return decisions.refus(self._session, question, text)

    # Where one is

    @property
    def etape(self) -> int:
        return self.steps.current()

    def show_import(self) -> None:
        """Show the import as it is now, on the step that it calls for."""
        encours = self._encours
        if encours.etat == "lecture":
            self._frais = True
        self._show_plan()
        self._show_states()
        self.go(self._step())
        self._take_focus()
        if encours.etat == "pret":
            self._frais = self._relu = False

    def _step(self) -> int:
        encours = self._encours
        if encours.etat == "ecriture":
            return ECRITURE
        if encours.plan is None:
            return FICHIER if encours.workbook is None else COLONNES
        if self._relu:
            return COLONNES
        if self._frais:
            return DECIDER if encours.questions else DIFFERENCES
        return min(self.etape, DIFFERENCES)

    def shown_steps(self) -> list[tuple[int, str]]:
        """The steps that the present state of the import has something to show of, with a name for each."""
        named = [(COLONNES, "colonnes"), (DECIDER, "decider"), (DIFFERENCES, "differences")]
        return named if self._encours.plan is not None else named[:1] if self._encours.workbook is not None else []

    def go(self, step: int) -> None:
        """Show a step."""
        encours = self._encours
        ready = encours.etat == "pret"
        self.steps.set_current(step)
        self.stack.setCurrentIndex(step)
        self.bilan.setVisible(ready and step != COLONNES)
        self.refus.setVisible(ready and step == DIFFERENCES and bool(self.refus.accessibleName()))
        self.abandonner.setVisible(encours.etat != "ecriture")
        self.rejets.setVisible(ready and step >= DECIDER and encours.plan is not None and bool(encours.plan.rejets))
        self.suite.setText(SUITE[step])
        self.suite.setEnabled(ready and (step < DECIDER or not encours.bloquantes))
        self.suite.setVisible(step > FICHIER)
        self.suite.setToolTip(_hint(step, waiting=bool(encours.bloquantes)))
        self.retour.setVisible(step > FICHIER)

    def _export(self) -> None:
        """Ask for a file and write the differences in it."""
        plan = self._encours.plan
        if plan is None:
            return
        proposed = self._session.path.with_name(f"Différences {Path(plan.fichier).stem}.xlsx")
        if path := ask_path(self, "Exporter les différences", proposed):
            self._encours.export(path)

    def _show_lines(self, cle: str) -> None:
        """The findings behind a part of the total that is left out."""
        self.go(DIFFERENCES)
        self.differences.go({"ignoree": "ignorees", "rejet": "rejetees"}.get(cle, cle))
        self.differences.setFocus()

    def _insist(self) -> None:
        if self._encours.trop_de_rejets:
            self._encours.write(insister=True)
        else:
            self._encours.replan()

    def back(self) -> None:
        self.go(max(FICHIER, self.etape - 1))

    def forward(self) -> None:
        """To the next step; from the differences, write."""
        if self.etape == COLONNES and self.colonnes.apply():
            return
        if not self.suite.isEnabled():
            return
        if self.etape == DIFFERENCES:
            self._encours.write()
            return
        if self.etape == DECIDER:
            self._encours.accept_defaults()
            self._show_plan()
        self.go(self.etape + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what the button with the focus says, else what the main button says."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            else:
                self.forward()
        else:
            super().keyPressEvent(event)

    def _take_focus(self) -> None:
        """Put the focus on what comes next; a step shown again leaves it to whom has it."""
        etat, decided = self._encours.etat, self.etape == DECIDER and not self._encours.a_decider
        moved, self._vu = (etat, self.etape, decided) != self._vu, (etat, self.etape, decided)
        if not moved or not self.isVisible():
            return
        if etat == "pret" and self.etape == COLONNES:
            self.colonnes.setFocus()
        elif etat == "pret":
            if self.etape != DECIDER or not self.decider.focus_first():
                self.suite.setFocus()
        elif self.etape == COLONNES:
            self.colonnes.setFocus()
        elif buttons := self.fichier.buttons():
            buttons[0].show()  # a layout shows what was just put in it only later, and focus goes to what is seen
            buttons[0].setFocus()

    def _plan_columns(self, choices: Mapping[str, Any]) -> None:
        self._frais = True
        self._encours.replan(**choices)

    def _read_again(self, choices: Mapping[str, Any]) -> None:
        self._relu = True
        self._encours.reread(**choices)

    # What is shown

    def _show_plan(self) -> None:
        encours, plan = self._encours, self._encours.plan
        if encours.workbook is not None:
            self.colonnes.show_import(encours)
        if plan is None or encours.etat != "pret":
            return
        self.decider.show_import(encours)
        self.differences.show_plan(plan, encours.ecarts)
        self.bilan.show_plan(plan, sum(q.lignes for q in encours.a_decider), encours.rejetees)
        known = self._session.imports.known(plan.sha256)
        self.bilan.warn(f"Ce même fichier a déjà été importé le {french_date(known.importe_le)}." if known else "")
        refused = encours.refus_ecriture
        again = "Importer quand même" if encours.trop_de_rejets else "Recalculer"
        self.refus.set_note(refused.message if refused is not None else encours.seuil_depasse, "alerte", again)

    def _show_states(self) -> None:
        encours = self._encours
        name = encours.chemin.name
        other: tuple[str, Callable[[], object]] = ("Choisir un autre fichier", self.other_file.emit)
        if encours.etat == "lecture":
            self.fichier.set_content(
                "loader-4-line", f"Lecture de {name}", "Le fichier est lu à part ; la base n'est pas touchée."
            )
        elif encours.etat == "interrompu":
            self.fichier.set_content(
                "pause-circle-line",
                "Lecture interrompue",
                f"{name} n'a pas été importé. La base n'a pas changé.",
                [("Lire à nouveau", encours.read), other],
            )
        elif encours.etat == "refus" and encours.refus is not None:
            self.fichier.set_content(
                "close-circle-line",
                f"{name} n'a pas pu être lu",
                encours.refus.message,
                [other, ("Lire à nouveau", encours.read)],
                tone="erreur",
            )
        elif encours.workbook is not None:
            book = encours.workbook
            size = f"{money.nombre(max(1, book.size // 1024))} Ko"
            sheets = f"{len(book.grids)} feuille{'s' if len(book.grids) > 1 else ''}"
            self.fichier.set_content(
                "checkbox-circle-line",
                f"{name} est lu",
                f"{size}, {sheets}, empreinte {book.sha256[:12]}.",
                [("Continuer", self.forward), other],
                tone="succes",
            )
        plan = encours.plan
        if plan is not None:
            self.ecriture.set_content(
                "save-3-line",
                f"Écriture de {plan.fichier}",
                "Une seule opération : entière ou pas du tout. L'annuler laisse la base comme elle était.",
            )


def _hint(step: int, *, waiting: bool) -> str:
    if step >= DECIDER and waiting:
        return "Répondre d'abord aux questions qui n'ont pas de réponse par défaut"
    return "Importer (Entrée)" if step == DIFFERENCES else ""
