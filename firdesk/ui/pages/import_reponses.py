"""The answers given to an import under way: who answered what, taking back, what is still asked, what is rejected.

Knows plans and choices; how a plan is made again is for whoever inherits.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject

from firdesk.domain import money
from firdesk.domain.lot import Constat
from firdesk.services.importing.execute import REJETS_TOLERES, SEUIL_REJETS
from firdesk.services.importing.plan import Plan, Question
from firdesk.services.importing.reglages import Reglages


class Reponses(QObject):
    """Questions of ``plan`` answered in ``reglages``."""

    plan: Plan | None
    reglages: Reglages

    def _forget_answers(self) -> None:
        self._acceptees: frozenset[str] = frozenset()
        self._avant: list[Mapping[str, str]] = []
        #: groups whose values are shown one by one
        self.depliees: frozenset[str] = frozenset()

    def replan(self, **changes: Any) -> None:
        """Make the plan again with other choices."""
        raise NotImplementedError

    # Answering

    def answer(self, question: str, choix: str) -> None:
        """Decide for all the lines of a question, or of a group of them."""
        self._decide({**self.reglages.decisions, question: choix})

    def take_back(self, *questions: str) -> None:
        """Ask again, whatever was answered here, accepted, or remembered from an earlier import."""
        self._acceptees -= set(questions)
        kept = {i for q in self.toutes if q.retenue for i in (q.id, q.tous)}
        left = {k: v for k, v in self.reglages.decisions.items() if k not in questions}
        self._decide({**left, **{i: "" for i in questions if i in kept}})

    def undo_answer(self) -> None:
        """Take back the latest answer (or the latest taking back)."""
        if self._avant:
            self.replan(decisions=self._avant.pop())

    @property
    def peut_defaire(self) -> bool:
        return bool(self._avant)

    def _decide(self, decisions: Mapping[str, str]) -> None:
        self._avant.append(self.reglages.decisions)
        self.replan(decisions=decisions)

    # What is asked

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.plan.questions if self.plan is not None else ()

    @property
    def toutes(self) -> tuple[Question, ...]:
        """The questions, then the rejects and repairs that an answer changes."""
        return self.questions + (self.plan.remedes if self.plan is not None else ())

    def repondue(self, question: Question) -> bool:
        """Whether somebody answered: now, in an earlier import, or by going on with what applies otherwise."""
        if question.bloquante:
            return bool(question.reponse)
        answers = self.reglages.decisions
        given = answers.get(question.id) or answers.get(question.tous)
        return bool(given) or question.retenue or question.id in self._acceptees

    @property
    def a_decider(self) -> tuple[Question, ...]:
        """The questions nobody has answered."""
        return tuple(q for q in self.questions if not self.repondue(q))

    def accept_defaults(self) -> None:
        """Go on with the defaults of the questions left alone; the plan is already made with them."""
        self._acceptees |= {q.id for q in self.a_decider if q.defaut}

    @property
    def bloquantes(self) -> tuple[Question, ...]:
        """Those among them that have no answer of their own."""
        return tuple(q for q in self.a_decider if q.bloquante)

    @property
    def rejets(self) -> tuple[Constat, ...]:
        """The rejects but those that only wait for an answer."""
        if self.plan is None:
            return ()
        return tuple(c for c in self.plan.rejets if c.cellule not in self.plan.en_attente)

    @property
    def rejetees(self) -> int:
        """How many lines are rejected whatever the answers."""
        if self.plan is None or not self.plan.en_attente:
            return self.plan.rejetees if self.plan is not None else 0
        return len({c.cellule.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for c in self.rejets})

    # What is rejected

    @property
    def trop_de_rejets(self) -> bool:
        """Whether writing needs to be asked for twice, as too many lines are rejected."""
        plan, rejected = self.plan, self.rejetees
        if plan is None or rejected >= plan.lues:
            return False
        return rejected > REJETS_TOLERES and rejected > SEUIL_REJETS * plan.lues

    @property
    def seuil_depasse(self) -> str:
        """What there is to say before writing when too many lines are rejected; empty when they are few."""
        plan = self.plan
        if plan is None or not self.trop_de_rejets:
            return ""
        rejected = self.rejetees
        share, most = money.pourcent(100 * rejected / plan.lues), money.pourcent(100 * SEUIL_REJETS, decimals=0)
        return (
            f"{money.nombre(rejected)} lignes sur {money.nombre(plan.lues)} sont rejetées, soit {share} : au-dessus de "
            f"{most}, le fichier est refusé en entier, sauf si vous choisissez « Importer quand même »."
        )
