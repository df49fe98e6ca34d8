"""Exercices: open or closed, and how one compares with the one before at constant scope."""

from dataclasses import dataclass

STATUTS = {"ouvert": "Ouvert", "clos": "Clos"}
SENS = {"entree": "Entre dans le FIR", "sortie": "Sort du FIR"}


@dataclass(frozen=True, slots=True)
class Exercice:
    """One budget year; ``report`` is the cash carried over from the year before, in cents, ``motif`` why it was last
    closed or reopened.
    """

    annee: int
    statut: str = "ouvert"
    report: int = 0
    motif: str = ""

    @property
    def clos(self) -> bool:
        return self.statut == "clos"


@dataclass(frozen=True, slots=True)
class Passage:
    """What a code of the exercice before (``code_avant``) is called in ``exercice``; ``genre`` is ``destination`` or
    ``theme``. An empty ``code_apres`` is a code that has no heir.
    """

    exercice: int
    genre: str
    code_avant: str
    code_apres: str
    motif: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Evenement:
    """A scheme that enters the FIR in ``exercice`` or leaves it; ``montant`` is what it weighed or weighs, in cents."""

    exercice: int
    sens: str
    libelle: str
    montant: int
    destination: str = ""
    theme: str = ""
    dispositif: str = ""
    contrepartie: str = ""
    note: str = ""
    id: int | None = None
