"""One card for each question, or for each group of questions that one mend settles; once answered, the way back."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.services.importing import decisions
from firdesk.services.importing.lu import GARDER, REJETER
from firdesk.services.importing.plan import Question
from firdesk.ui.kit import style
from firdesk.ui.kit.flow import FlowLayout
from firdesk.ui.kit.text import ButtonKind, ElidedText, Icon, Text, button, hairline
from firdesk.ui.pages.import_saisie import Saisie

CHOICE_WIDTH = 232
RETENU = "Retenu de la dernière fois"
#: How many values of a group are shown one by one.
MONTRES = 40
#: Why a typed text cannot be taken, empty when it can.
Refus = Callable[[Question, str], str]


class Carte(QFrame):
    """The frame that questions and groups share: an icon, words, a column of buttons."""

    answered = Signal(str, str)
    #: ids of the questions to ask again
    taken_back = Signal(list)

    def __init__(self, questions: Sequence[Question], *, done: bool, current: bool) -> None:
        super().__init__()
        self.questions = tuple(questions)
        self.done = done
        self._current = current
        self.setProperty("kind", "carte")
        self.setProperty("choisie", "true" if current else "false")
        self.words = QVBoxLayout()
        self.words.setSpacing(style.HALF)
        self._choices: list[QPushButton] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        icon = Icon("check-line", "succes") if done else Icon("question-line", "alerte")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.MARGIN, style.WIDE, style.MARGIN)
        layout.setSpacing(style.MARGIN)
        layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self.words, 1)
        layout.addLayout(self._column)

    @property
    def question(self) -> Question:
        """The only question, or the first of the group."""
        return self.questions[0]

    @property
    def lignes(self) -> int:
        return sum(q.lignes for q in self.questions)

    def buttons(self) -> list[QPushButton]:
        """The choices, or the way back."""
        return list(self._choices)

    def say(self, title: str, detail: str) -> None:
        self.words.addWidget(Text(title, "fort", wrap=True))
        self.words.addWidget(Text(detail, "petit", "faible", wrap=True))
        state = "répondu" if self.done else "à décider"
        self.setAccessibleName(f"{title}, {state}")
        self.setAccessibleDescription(detail)

    def offer(self, ident: str, choices: Sequence[tuple[str, str]], name: str) -> None:
        """The first choice is the main one of the card that is looked at."""
        for place, (code, label) in enumerate(choices):
            first: ButtonKind = "principal" if self._current else "secondaire"
            self._add(label, "lien" if place else first, partial(self.answered.emit, ident, code), name)

    def say_default(self, choices: Sequence[tuple[str, str]]) -> None:
        """What applies when nobody answers."""
        if default := dict(choices).get(self.question.defaut):
            self.words.addWidget(Text(f"Sans réponse : {default[0].lower()}{default[1:]}.", "petit", "faible"))

    def offer_way_back(self, name: str) -> None:
        said = answer_text(self.questions)
        self.words.addWidget(Text(said, wrap=True))
        if any(q.retenue for q in self.questions):
            self.words.addWidget(Text(f"{RETENU} : « revenir » pour changer.", "petit", "accent"))
        idents = sorted({i for q in self.questions for i in (q.id, q.tous) if i})
        self._add("Fait · revenir", "secondaire", partial(self.taken_back.emit, idents), name)

    def close_column(self) -> None:
        self._column.addStretch()
        self.words.addStretch()

    def _add(self, text: str, kind: ButtonKind, run: Callable[[], object], name: str) -> None:
        made = button(text, kind, run)
        made.setMinimumWidth(CHOICE_WIDTH)
        made.setMaximumWidth(CHOICE_WIDTH)
        made.setText(made.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, CHOICE_WIDTH - 2 * style.WIDE))
        made.setToolTip(text)
        made.setAccessibleName(f"{text} : {name}")
        self._choices.append(made)
        self._column.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)


class QuestionCard(Carte):
    """One question: its choices as buttons, and where it may be typed, a field."""

    def __init__(self, question: Question, refus: Refus, *, done: bool, current: bool) -> None:
        super().__init__([question], done=done, current=current)
        self.saisie: Saisie | None = None
        self.say(question.titre, f"{lines(question.lignes)} · {question.detail}")
        if done:
            self.offer_way_back(question.titre)
        else:
            self.offer(question.id, choix(question), question.titre)
            self.say_default(choix(question))
            if question.saisie:
                self.saisie = Saisie(question.titre, partial(refus, question))
                self.saisie.typed.connect(lambda text: self.answered.emit(question.id, f"={text}"))
                self.words.addWidget(self.saisie)
        self.close_column()


class GroupCard(Carte):
    """Several values that one mend settles: one answer for all, or value by value."""

    #: id of the group whose values are to be shown or hidden
    opened = Signal(str, bool)

    def __init__(
        self, questions: Sequence[Question], refus: Refus, *, done: bool, current: bool, expanded: bool
    ) -> None:
        super().__init__(questions, done=done, current=current)
        self._refus = refus
        self.saisies: list[Saisie] = []
        first = self.question
        values = ", ".join(f"« {q.lu} »" for q in self.questions[:3]) + ("…" if len(self.questions) > 3 else "")
        self.say(first.groupe, f"{lines(self.lignes)}, {money.nombre(len(self.questions))} valeurs : {values}")
        if done:
            self.offer_way_back(first.groupe)
        else:
            common = decisions.choix_communs(self.questions)
            ordered = sorted(common, key=lambda c: c[0] not in _PROPOSES)
            shown = [(code, f"{label} · les {money.nombre(self.lignes)}") for code, label in ordered]
            if not first.defaut:
                shown.append((REJETER, f"Rejeter les {money.nombre(self.lignes)} lignes"))
            self.offer(first.tous, shown, first.groupe)
            self.say_default(common)
        self.detail = button("", "lien", lambda: self.opened.emit(first.tous, not expanded))
        self.detail.setText("Masquer les valeurs" if expanded else "Décider valeur par valeur")
        self.detail.setAccessibleName(f"{self.detail.text()} : {first.groupe}")
        self.words.addWidget(self.detail, 0, Qt.AlignmentFlag.AlignLeft)
        if expanded:
            for question in self.questions[:MONTRES]:
                self._value(question)
            if len(self.questions) > MONTRES:
                left = money.nombre(len(self.questions) - MONTRES)
                self.words.addWidget(Text(f"et {left} autres, décidées ensemble.", "petit", "faible"))
        self.close_column()

    def _value(self, question: Question) -> None:
        """One value of the group: what was read and where, its own choices, a field."""
        self.words.addWidget(hairline())
        said = f"« {question.lu} » · {lines(question.lignes)}, {question.cellule}"
        if question.reponse not in ("", question.defaut):
            said += f" · {answer_label(question)}"
        self.words.addWidget(ElidedText(said))
        _, _, more = question.detail.partition("\n")
        if more:
            self.words.addWidget(Text(more, "petit", "faible", wrap=True))
        row = QWidget()
        flow = FlowLayout(row, style.MARGIN)
        for code, label in choix(question):
            short = "Garder tel quel" if code == GARDER else label
            made = button(short, "lien", partial(self.answered.emit, question.id, code))
            made.setAccessibleName(f"{label} : {question.lu}")
            flow.addWidget(made)
        self.words.addWidget(row)
        if question.saisie:
            saisie = Saisie(question.lu, partial(self._refus, question))
            saisie.typed.connect(partial(self._typed, question.id))
            self.saisies.append(saisie)
            self.words.addWidget(saisie)

    def _typed(self, ident: str, text: str) -> None:
        self.answered.emit(ident, f"={text}")


#: The choices that a group proposes first.
_PROPOSES = ("completer", "reparer")


def choix(question: Question) -> tuple[tuple[str, str], ...]:
    """The choices of a question, the default first, and the way out where it has none."""
    found = sorted(question.choix, key=lambda c: c[0] != question.defaut)
    if not question.defaut and all(code != REJETER for code, _ in found):
        found.append((REJETER, "Rejeter la ligne" if question.lignes == 1 else "Rejeter ces lignes"))
    return tuple(found)


def answer_text(questions: Sequence[Question]) -> str:
    """What was answered, in words; several answers of a group are counted."""
    given = {answer_label(q) for q in questions}
    if len(given) == 1:
        return given.pop()
    codes = {q.reponse for q in questions}
    common = dict(decisions.choix_communs(questions))
    if len(codes) == 1 and (label := common.get(codes.pop())):
        return label
    return f"{len(given)} réponses différentes"


def answer_label(question: Question) -> str:
    answer = question.reponse
    if answer.startswith("="):
        return f"Saisi : « {answer[1:]} »"
    return dict(choix(question)).get(answer, "Rejeter ces lignes" if answer == REJETER else answer)


def grouped(questions: Sequence[Question]) -> list[list[Question]]:
    """The questions in order, those that one answer settles together."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.tous or question.id, []).append(question)
    return list(found.values())


def lines(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' if count > 1 else ''}"


def make(
    questions: Sequence[Question], refus: Refus, *, done: bool, current: bool, expanded: bool
) -> "QuestionCard | GroupCard":
    """The card of one question or of a group."""
    if len(questions) == 1:
        return QuestionCard(questions[0], refus, done=done, current=current)
    return GroupCard(questions, refus, done=done, current=current, expanded=expanded)


def clear(layout: QVBoxLayout) -> None:
    """Take every widget away."""
    while (item := layout.takeAt(0)) is not None:
        widget: QWidget | None = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
