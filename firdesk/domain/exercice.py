"""Exercices: open or closed, and how one compares with the one before at constant scope."""

from dataclasses import dataclass

from firdesk.domain import money
from firdesk.domain.problem import Problem, texts_with_nul

ANNEES = (2000, 2100)
STATUTS = {"ouvert": "Ouvert", "clos": "Clos"}
SENS = {"entree": "Entre dans le FIR", "sortie": "Sort du FIR"}
GENRES = {"destination": "Destination", "theme": "Thème"}


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

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        first, last = ANNEES
        if first <= self.annee <= last:
            return tuple(texts_with_nul(self))
        return (Problem("annee", f"{self.annee} n'est pas un exercice : écrire une année de {first} à {last}."),)


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

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving; whether the codes exist is asked of the nomenclature."""
        found: list[Problem] = []
        if self.genre not in GENRES:
            found.append(Problem("genre", f"« {self.genre} » n'est ni une destination ni un thème."))
        if not self.code_avant:
            found.append(Problem("code_avant", f"Dire le code que l'exercice {self.exercice - 1} utilisait."))
        if self.code_avant and self.code_avant == self.code_apres:
            found.append(Problem("code_apres", "Le même code des deux côtés : aucun passage n'est à écrire."))
        return (*found, *texts_with_nul(self))


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

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if self.sens not in SENS:
            found.append(Problem("sens", f"« {self.sens} » n'est ni une entrée ni une sortie."))
        if not self.libelle.strip():
            found.append(Problem("libelle", "Nommer ce qui entre dans le FIR ou en sort."))
        if not 0 < self.montant <= money.LIMIT:
            found.append(Problem("montant", "Écrire le montant concerné, au-dessus de zéro : 1 250 000,00."))
        if not (self.destination or self.theme or self.dispositif):
            found.append(Problem("destination", "Dire la destination, le thème ou le dispositif concerné."))
        return (*found, *texts_with_nul(self))
