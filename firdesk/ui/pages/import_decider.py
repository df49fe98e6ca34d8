"""The step where the user decides: one card for each question, then what was rejected, repaired and doubtful."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.lot import Constat
from firdesk.services.importing.plan import Question
from firdesk.ui.kit import style
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import ButtonKind, ElidedText, Icon, Text, button
from firdesk.ui.pages import import_tables
from firdesk.ui.pages.import_en_cours import ImportEnCours

REJETER = "rejeter"
CHOICE_WIDTH = 232


class QuestionCard(QFrame):
    """A question with its choices as buttons; once answered, the answer and the way back."""

    answered = Signal(str, str)
    taken_back = Signal(str)

    def __init__(self, question: Question, answer: str | None, *, current: bool) -> None:
        super().__init__()
        self.question = question
        self.setProperty("kind", "carte")
        self.setProperty("choisie", "true" if current else "false")
        done = answer is not None
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(2)
        words = QVBoxLayout()
        words.setSpacing(style.HALF)
        words.addWidget(Text(question.titre, "fort", wrap=True))
        words.addWidget(Text(f"{lines(question.lignes)} · {question.detail}", "corps", "faible", wrap=True))
        choices = dict(choix(question))
        if done:
            words.addWidget(Text(choices.get(answer or "", answer or "")))
            self._add("Fait · revenir", "secondaire", lambda: self.taken_back.emit(question.id))
        else:
            if question.defaut:
                words.addWidget(
                    Text(f"Sans réponse : {choices.get(question.defaut, question.defaut)}", "petit", "faible")
                )
            for place, (code, label) in enumerate(choices.items()):
                kind: ButtonKind = "principal" if current else "secondaire"
                self._add(label, "lien" if place else kind, partial(self.answered.emit, question.id, code))
        self._buttons.addStretch()
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.MARGIN, style.WIDE, style.MARGIN)
        layout.setSpacing(style.MARGIN)
        icon = Icon("check-line", "succes") if done else Icon("question-line", "alerte")
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addLayout(self._buttons)
        state = "répondu" if done else "à décider"
        self.setAccessibleName(f"{question.titre}, {state}")
        self.setAccessibleDescription(question.detail)

    def buttons(self) -> list[QPushButton]:
        """The choices, or the way back."""
        return self.findChildren(QPushButton)

    def _add(self, text: str, kind: ButtonKind, run: Callable[[], object]) -> None:
        made = button(text, kind, run)
        made.setMinimumWidth(CHOICE_WIDTH)
        made.setToolTip(text)
        made.setAccessibleName(f"{text} : {self.question.titre}")
        self._buttons.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)


class Section(QWidget):
    """A title with a count and a table as high as its rows; nothing at all when there is none."""

    def __init__(self, title: str, sentence: str = "") -> None:
        super().__init__()
        self._title = title
        self._head = Text("", "sous_titre")
        self.table = DataTable(name=title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.SPACE, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self._head)
        if sentence:
            layout.addWidget(Text(sentence, "petit", "faible", wrap=True))
        layout.addWidget(self.table)

    def show_constats(self, found: Sequence[Constat]) -> None:
        self.setVisible(bool(found))
        self._head.setText(f"{self._title} · {money.nombre(len(found))}")
        self.table.set_model(import_tables.constats(found, self))
        import_tables.fit(self.table, len(found))


class Decider(QWidget):
    """Everything that deserves a decision or a look; what blocks and what does not are never mixed."""

    answered = Signal(str, str)
    taken_back = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[QuestionCard] = []
        self._title = Text("", "sous_titre")
        self._rule = ElidedText("une réponse vaut pour toutes les valeurs égales", "petit", "faible")
        self._rule.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._questions = QVBoxLayout()
        self._questions.setSpacing(style.MARGIN)
        self.rejets = Section("Lignes rejetées", "Elles ne seront pas importées tant que le fichier n'est pas corrigé.")
        self.reparations = Section("Réparations certaines", "Appliquées : la valeur juste est prouvée.")
        self.alertes = Section("À vérifier", "Importé quand même.")
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._rule, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(style.WIDE, style.MARGIN, style.WIDE, style.MARGIN)
        column.setSpacing(style.MARGIN)
        column.addLayout(head)
        column.addLayout(self._questions)
        for section in (self.rejets, self.reparations, self.alertes):
            column.addWidget(section)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        frame = QFrame()
        frame.setProperty("kind", "carte")
        around = QVBoxLayout(frame)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(self._scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def show_import(self, encours: ImportEnCours) -> None:
        """Questions with their answers, then the findings."""
        plan = encours.plan
        if plan is None:
            return
        had_focus = self.isAncestorOf(self.focusWidget() or self) and self.focusWidget() is not None
        waiting = encours.a_decider
        self._tell(encours.questions, waiting)
        for old in self._cards:
            self._questions.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cards = []
        for question in encours.questions:
            current = bool(waiting) and question is waiting[0]
            card = QuestionCard(question, encours.reglages.decisions.get(question.id), current=current)
            card.answered.connect(self.answered)
            card.taken_back.connect(self.taken_back)
            self._questions.addWidget(card)
            self._cards.append(card)
        self.rejets.show_constats(encours.rejets)
        self.reparations.show_constats(plan.reparations)
        self.alertes.show_constats(plan.alertes)
        if had_focus:
            self.focus_first()

    def cards(self) -> list[QuestionCard]:
        return list(self._cards)

    def focus_first(self) -> bool:
        """Give the focus to the first choice of the first question without an answer."""
        for card in self._cards:
            if card.property("choisie") == "true":
                card.buttons()[0].setFocus()
                self._scroll.ensureWidgetVisible(card)
                return True
        return False

    def _tell(self, questions: Sequence[Question], waiting: Sequence[Question]) -> None:
        self._rule.setVisible(bool(questions))
        if not questions:
            self._title.setText("Rien à décider")
        elif not waiting:
            self._title.setText("Tout est décidé")
        else:
            groups = f"{len(waiting)} groupe{'s' if len(waiting) > 1 else ''}"
            self._title.setText(f"À décider · {groups}, {lines(sum(q.lignes for q in waiting))}")


def choix(question: Question) -> tuple[tuple[str, str], ...]:
    """The choices of a question, the default first, and the way out where it has none."""
    found = sorted(question.choix, key=lambda c: c[0] != question.defaut)
    if not question.defaut and all(code != REJETER for code, _ in found):
        found.append((REJETER, "Rejeter la ligne" if question.lignes == 1 else "Rejeter ces lignes"))
    return tuple(found)


def lines(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' if count > 1 else ''}"
