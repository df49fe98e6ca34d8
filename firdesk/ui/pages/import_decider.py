"""The step where the user decides: what blocks, what only wants a look, what was rejected, repaired, doubtful.

Blocking and non-blocking are never in one list; every answer can be taken back.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.lot import Constat
from firdesk.services.importing.lu import REJET, REPARATION
from firdesk.services.importing.plan import Question
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import ElidedText, Text, button
from firdesk.ui.pages import import_question, import_tables
from firdesk.ui.pages.import_en_cours import ImportEnCours
from firdesk.ui.pages.import_question import GroupCard, QuestionCard, Refus, clear, grouped, lines
from firdesk.ui.pages.import_remedes import Remedes

Card = QuestionCard | GroupCard
#: How many cards are shown at once in a list.
CARTES = 50


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


class Cartes(QWidget):
    """The cards of one kind of questions under a title; nothing at all when there are none."""

    answered = Signal(str, str)
    taken_back = Signal(list)
    opened = Signal(str, bool)

    def __init__(self, sentence: str, refus: Refus) -> None:
        super().__init__()
        self._refus = refus
        self.cards: list[Card] = []
        self.titre = Text("", "sous_titre")
        self._rule = ElidedText(sentence, "petit", "faible")
        self._rule.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._encore = Text("", "petit", "faible")
        self._list = QVBoxLayout()
        self._list.setSpacing(style.MARGIN)
        head = QHBoxLayout()
        head.addWidget(self.titre)
        head.addWidget(self._rule, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(head)
        layout.addLayout(self._list)
        layout.addWidget(self._encore)

    def show_questions(self, title: str, questions: Sequence[Question], encours: ImportEnCours, current: str) -> None:
        """``current`` is the id of the question that the main button of the page answers."""
        typed = {q.id: card.saisie.text() for card in self.cards if isinstance(card, QuestionCard) and card.saisie
                 for q in card.questions}  # fmt: skip
        clear(self._list)
        self.cards = []
        self.setVisible(bool(questions))
        self.titre.setText(title)
        groups = [(all(encours.repondue(q) for q in group), group) for group in grouped(questions)]
        if len(groups) > CARTES:  # what is left to decide first, the rest as room is made
            groups.sort(key=lambda pair: pair[0])
        left = money.nombre(max(0, len(groups) - CARTES))
        self._encore.setText(f"et {left} autres, montrées au fur et à mesure des réponses.")
        self._encore.setVisible(len(groups) > CARTES)
        for done, group in groups[:CARTES]:
            card = import_question.make(
                group,
                self._refus,
                done=done,
                current=any(q.id == current for q in group),
                expanded=group[0].tous in encours.depliees,
            )
            card.answered.connect(self.answered)
            card.taken_back.connect(self.taken_back)
            if isinstance(card, GroupCard):
                card.opened.connect(self.opened)
            elif card.saisie is not None:
                card.saisie.set_text(typed.get(card.question.id, ""))
            self._list.addWidget(card)
            self.cards.append(card)


class Decider(QWidget):
    """Everything that deserves a decision or a look."""

    answered = Signal(str, str)
    taken_back = Signal(list)
    undone = Signal()

    def __init__(self, refus: Refus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._encours: ImportEnCours | None = None
        self.titre = Text("", "sous_titre")
        self.defaire = button("Annuler la dernière réponse", "lien", self.undone.emit)
        self.seuil = Note("")
        self.bloquantes = Cartes("une réponse vaut pour toutes les valeurs égales", refus)
        self.autres = Cartes("rien n'est bloqué : sans réponse, le choix indiqué s'applique", refus)
        self.rejets = Remedes(
            "Lignes rejetées", "Saisir la bonne valeur ici, ou corriger le fichier et le lire à nouveau.", refus
        )
        self.autres_rejets = Section("Autres rejets", "À corriger dans le fichier.")
        self.reparations = Remedes(
            "Réparations certaines", "Appliquées : la valeur juste est prouvée. Chacune peut être refusée.", refus
        )
        self.alertes = Section("À vérifier", "Importé quand même.")
        for part in (self.bloquantes, self.autres, self.rejets, self.reparations):
            part.answered.connect(self.answered)
            part.taken_back.connect(self.taken_back)
        for cards in (self.bloquantes, self.autres):
            cards.opened.connect(self._unfold)
        self._lay_out()

    def _lay_out(self) -> None:
        self._tete = QWidget()
        head = QHBoxLayout(self._tete)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.titre)
        head.addStretch(1)
        head.addWidget(self.defaire)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(style.WIDE, style.MARGIN, style.WIDE, style.MARGIN)
        column.setSpacing(style.MARGIN)
        column.addWidget(self._tete)
        column.addWidget(self.bloquantes)
        column.addWidget(self.autres)
        column.addWidget(self.seuil)
        for part in (self.rejets, self.autres_rejets, self.reparations, self.alertes):
            column.addWidget(part)
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
        self._encours = encours
        had_focus = self.isAncestorOf(self.focusWidget() or self) and self.focusWidget() is not None
        place = self._scroll.verticalScrollBar().value()
        waiting = encours.a_decider
        blocking = [q for q in encours.questions if q.bloquante]
        others = [q for q in encours.questions if not q.bloquante]
        left = encours.bloquantes
        current = (left or waiting)[0].id if waiting else ""
        self.titre.setText("" if encours.questions else "Rien à décider")
        self.titre.setVisible(not encours.questions)
        self._tete.setVisible(not encours.questions or encours.peut_defaire)
        self.defaire.setVisible(encours.peut_defaire)
        self.bloquantes.show_questions(_section("À décider avant d'importer", left), blocking, encours, current)
        asked = [q for q in waiting if not q.bloquante]
        self.autres.show_questions(_section("À confirmer", asked), others, encours, current)
        self.seuil.set_note(encours.seuil_depasse)
        rejects = [q for q in plan.remedes if q.genre == REJET]
        self.rejets.show_questions(rejects)
        self.autres_rejets.show_constats(_others(encours.rejets, rejects))
        self.reparations.show_questions([q for q in plan.remedes if q.genre == REPARATION])
        asked_of = {q.cellule for q in encours.questions if q.cellule}
        self.alertes.show_constats([c for c in plan.alertes if c.cellule not in asked_of])
        self._scroll.verticalScrollBar().setValue(place)
        if had_focus:
            self.focus_first()

    def cards(self) -> list[Card]:
        return self.bloquantes.cards + self.autres.cards

    def focus_first(self) -> bool:
        """Give the focus to the first choice of the first question without an answer."""
        for card in self.cards():
            if card.property("choisie") == "true":
                card.buttons()[0].setFocus()
                self._scroll.ensureWidgetVisible(card)
                return True
        return False

    def _unfold(self, group: str, shown: bool) -> None:
        if self._encours is None:
            return
        self._encours.depliees = self._encours.depliees | {group} if shown else self._encours.depliees - {group}
        self.show_import(self._encours)
        for card in self.cards():
            if isinstance(card, GroupCard) and card.question.tous == group:
                card.detail.setFocus()


def _section(title: str, waiting: Sequence[Question]) -> str:
    if not waiting:
        return f"{title} · tout est décidé"
    count = len(grouped(waiting))
    return f"{title} · {count} question{'s' if count > 1 else ''}, {lines(sum(q.lignes for q in waiting))}"


def _others(rejets: Sequence[Constat], rejects: Sequence[Question]) -> list[Constat]:
    """The rejects that no answer mends."""
    mended: dict[str, list[str]] = {}
    for question in rejects:
        mended.setdefault(question.lu, []).append(question.titre)
    return [c for c in rejets if not any(c.attendu in titre for titre in mended.get(c.lu.strip(), ()))]
