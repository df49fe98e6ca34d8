"""Rejected cells that a typed value mends, certain repairs that may be refused: one row each, edited in place."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.services.importing import decisions
from firdesk.services.importing.lu import REJETER, REPARER
from firdesk.services.importing.plan import Question
from firdesk.ui.kit import style
from firdesk.ui.kit.text import ElidedText, Text, button, hairline
from firdesk.ui.pages.import_question import RETENU, Refus, answer_label, clear, grouped
from firdesk.ui.pages.import_saisie import Saisie

#: How many rows are shown at first, and more at each asking.
ROWS = 12
CELL, READ = 72, 116


class Remedes(QWidget):
    """A title with a count, what may be done for all, and a row for each value; nothing when there is none."""

    answered = Signal(str, str)
    taken_back = Signal(list)

    def __init__(self, title: str, sentence: str, refus: Refus) -> None:
        super().__init__()
        self._titre, self._refus = title, refus
        self._shown = ROWS
        self._questions: tuple[Question, ...] = ()
        self.saisies: dict[str, Saisie] = {}
        self.boutons: dict[str, QPushButton] = {}
        self.titre = Text("", "sous_titre")
        self.phrase = Text(sentence, "petit", "faible", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(style.HALF)
        self.encore = button("", "lien", self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.SPACE, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self.titre)
        layout.addWidget(self.phrase)
        layout.addLayout(self._rows)
        layout.addWidget(self.encore, 0, Qt.AlignmentFlag.AlignLeft)

    def show_questions(self, questions: Sequence[Question]) -> None:
        """Show them in the order of the file."""
        self._questions = tuple(questions)
        self.setVisible(bool(questions))
        self.titre.setText(f"{self._titre} · {money.nombre(sum(q.lignes for q in questions))}")
        self._fill()

    def questions(self) -> tuple[Question, ...]:
        return self._questions

    def _more(self) -> None:
        self._shown += 4 * ROWS
        self._fill()

    def _fill(self) -> None:
        typed = {ident: saisie.text() for ident, saisie in self.saisies.items() if saisie.text()}
        clear(self._rows)
        self.saisies, self.boutons = {}, {}
        for group in grouped(self._questions):
            if len(group) > 1:
                self._group(group)
        for question in self._questions[: self._shown]:
            self._rows.addWidget(self._row(question))
            self._rows.addWidget(hairline())
        for ident, text in typed.items():
            if ident in self.saisies:
                self.saisies[ident].set_text(text)
        left = len(self._questions) - self._shown
        self.encore.setText(f"Afficher les {money.nombre(left)} suivantes")
        self.encore.setVisible(left > 0)

    def _group(self, group: Sequence[Question]) -> None:
        """One line for what may be done with all the values of a mend."""
        first = group[0]
        line = QHBoxLayout()
        line.setSpacing(style.MARGIN)
        line.addWidget(ElidedText(f"{first.groupe} · {money.nombre(len(group))} valeurs", "petit", "faible"), 1)
        answers = {q.reponse for q in group}
        for code, label in decisions.choix_communs(group):
            if answers != {code}:
                made = button(f"Toutes : {label[0].lower()}{label[1:]}", "lien")
                made.clicked.connect(partial(self._answer, first.tous, code))
                made.setAccessibleName(f"{made.text()} : {first.groupe}")
                line.addWidget(made)
                self.boutons[f"{first.tous}={code}"] = made
        row = QWidget()
        row.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        self._rows.addWidget(row)

    def _row(self, question: Question) -> QWidget:
        row = QWidget()
        row.setAccessibleName(question.titre)
        grid = QGridLayout(row)
        grid.setContentsMargins(0, style.HALF, 0, style.HALF)
        grid.setHorizontalSpacing(style.MARGIN)
        grid.setVerticalSpacing(0)
        cell = Text(question.cellule, tone="accent")
        read = Text(_short(question.lu) or "vide", tone="erreur" if question.reponse == REJETER else "normal")
        read.setToolTip(question.lu)
        grid.setColumnMinimumWidth(0, CELL)
        grid.setColumnMinimumWidth(1, READ)
        grid.addWidget(cell, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(read, 0, 1, Qt.AlignmentFlag.AlignTop)
        many = f" · {money.nombre(question.lignes)} cellules" if question.lignes > 1 else ""
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(f"{_said(question)}{many}", tone=_tone(question), wrap=True))
        words.addWidget(Text(question.detail.partition(". ")[2], "petit", "faible", wrap=True))
        if question.retenue:
            words.addWidget(Text(RETENU, "petit", "accent"))
        grid.addLayout(words, 0, 2)
        grid.addWidget(self._acts(question), 0, 3, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        return row

    def _acts(self, question: Question) -> QWidget:
        acts = QWidget()
        column = QVBoxLayout(acts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if question.reponse not in ("", question.defaut):
            idents = [i for i in (question.id, question.tous) if i]
            back = button("Revenir", "lien", partial(self.taken_back.emit, idents))
            back.setAccessibleName(f"Revenir : {question.titre}")
            self.boutons[question.id] = back
            column.addWidget(back, 0, Qt.AlignmentFlag.AlignRight)
            return acts
        if question.saisie and question.genre != "reparation":
            saisie = Saisie(question.titre, partial(self._refus, question))
            saisie.typed.connect(partial(self._typed, question.id))
            self.saisies[question.id] = saisie
            column.addWidget(saisie)
        for code, label in question.choix:
            if code not in (REPARER, REJETER):
                made = button(label, "lien", partial(self.answered.emit, question.id, code))
                made.setAccessibleName(f"{label} : {question.titre}")
                self.boutons[f"{question.id}={code}"] = made
                column.addWidget(made, 0, Qt.AlignmentFlag.AlignRight)
        return acts

    def _answer(self, ident: str, code: str, _checked: bool = False) -> None:
        self.answered.emit(ident, code)

    def _typed(self, ident: str, text: str) -> None:
        self.answered.emit(ident, f"={text}")


def _said(question: Question) -> str:
    """What becomes of the cell: what is expected of a reject, what a repair made of it."""
    if question.reponse == REJETER:
        header, _, expected = question.titre.partition(" : ")
        return f"{header} : attendu {expected.partition(', attendu ')[2]}"
    if question.reponse == REPARER:
        return f"→ {dict(question.choix)[REPARER]}"
    return answer_label(question)


def _tone(question: Question) -> style.Tone:
    return "normal" if question.reponse == REJETER else "succes" if question.reponse != "" else "alerte"


def _short(text: str, most: int = 18) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
