"""What reading one cell gives: a plain value, or a value with what must be said, chosen or asked of it.

Plain data; who reads is in :mod:`lecture`, who remembers and answers in :mod:`constats`.
"""

from typing import NamedTuple

REPARATION, ALERTE, REJET, QUESTION = "reparation", "alerte", "rejet", "question"

#: Codes of the choices that several readers share.
REPARER, GARDER, VIDE, REJETER = "reparer", "garder", "vide", "rejeter"


class Destination(NamedTuple):
    """A code and the label beside it in the cell."""

    code: str
    libelle: str


class Choix(NamedTuple):
    """One answer to a question, and the value it gives; ``rejeter`` gives none."""

    code: str
    libelle: str
    valeur: "Valeur" = None


class Groupe(NamedTuple):
    """A mend that holds for many different values: a short name for its answer, and a title."""

    code: str
    titre: str


class Lu(NamedTuple):
    """A value with what must be said of it.

    A ``question`` with no ``defaut`` rejects the line unless answered, a ``rejet`` unless a text is typed in its
    place; a ``reparation`` is made unless refused. ``question`` names what one answer settles for the whole file.
    """

    valeur: "Valeur"
    genre: str
    attendu: str
    remede: str
    choix: tuple[Choix, ...] = ()
    defaut: str = ""
    groupe: Groupe | None = None
    question: str = ""


Valeur = str | int | Destination | None
Lecture = Valeur | Lu


def repare(valeur: Valeur, montre: str, pourquoi: str, garder: Choix, groupe: Groupe) -> Lu:
    """A repair that is certain, with the way to refuse it."""
    choix = (Choix(REPARER, montre, valeur), garder)
    return Lu(valeur, REPARATION, f"« {montre} »", pourquoi, choix, REPARER, groupe)
