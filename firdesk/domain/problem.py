"""What is wrong with a value, said in French to the person who can mend it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Severity(StrEnum):
    """An ``ERREUR`` prevents saving, an ``ALERTE`` never does."""

    ERREUR = "erreur"
    ALERTE = "alerte"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one field; ``message`` is a whole French sentence that says how to mend it."""

    field: str
    message: str
    severity: Severity = Severity.ERREUR

    @property
    def blocking(self) -> bool:
        return self.severity is Severity.ERREUR


def texts_with_nul(value: "DataclassInstance") -> Iterator[Problem]:
    """One error for each text that holds U+0000: the journal of the file could not keep what follows it."""
    for field in fields(value):
        if "\x00" in str(getattr(value, field.name)):
            yield Problem(field.name, "Ce texte contient un caractère nul, invisible : le retaper.")


class Refus(Exception):
    """A request the program refuses, with a French message for the user (never a bug)."""

    def __init__(self, message: str, *, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Invalide(Refus):
    """A value that cannot be saved: carries its problems so that a form can show each beside its field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(p.message for p in problems))
        self.problems = problems


def require(found: Iterable[Problem]) -> None:
    """``Invalide`` with the errors of these problems, where there is any: warnings prevent nothing."""
    if blocking := tuple(p for p in found if p.blocking):
        raise Invalide(blocking)


class Annulation(Exception):
    """The user cancelled a long task: nothing was changed."""
