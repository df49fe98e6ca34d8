"""Notified against engaged, destination by destination: what explains the gap, and what nothing explains; in cents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from firdesk.domain import money
from firdesk.domain.problem import Problem, texts_with_nul

#: What may make engaged and notified differ, in the order they are told.
NATURES = {
    "sibc_seul": "Seulement dans SIBC (commande publique, guichet, fonctionnement)",
    "allocations_seules": "Seulement dans les allocations",
    "autres_campagnes": "Engagé sur des allocations d'autres campagnes",
    "pluriannuel": "Pluriannuel : engagé au-delà du notifié",
    "engage_non_notifie": "Engagé, pas encore notifié",
    "engage_partiel": "Engagé en partie seulement",
    "autre_exercice": "Notifié, engagé sur un autre exercice",
    "retraits": "Retraits d'engagement de l'exercice",
    "decide_non_notifie": "Décidé, pas encore notifié",
    "notifie_non_engage": "Notifié, pas encore engagé",
    "notifie_sans_ej": "Notifié, sans EJ",
    "pluriannuel_prevu": "Pluriannuel : échéances des exercices suivants",
}
#: Those that SIBC may or may not hold: counted only where they bring the two sides nearer.
POSSIBLES = ("decide_non_notifie", "notifie_sans_ej", "pluriannuel_prevu")


@dataclass(frozen=True, slots=True)
class Explication:
    """A part of the gap (engaged − notified) and how many allocations it comes from."""

    nature: str
    montant: int
    nombre: int

    @property
    def libelle(self) -> str:
        return NATURES[self.nature]


@dataclass(frozen=True, slots=True)
class Note:
    """What the user knows of the gap of a destination: a part of it, signed as the gap, and why."""

    exercice: int
    destination: str
    texte: str
    montant: int
    id: int | None = None

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if not self.destination:
            found.append(Problem("destination", "Choisir la destination que cette note explique."))
        if not self.texte.strip():
            found.append(Problem("texte", "Dire en quelques mots ce qui explique ce montant."))
        if not self.montant:
            found.append(Problem("montant", "Écrire la part de l'écart que cette note explique, par exemple 1 250,00."))
        if abs(self.montant) > money.LIMIT:
            found.append(Problem("montant", "Ce montant dépasse ce que le fichier peut porter."))
        return (*found, *texts_with_nul(self))


@dataclass(frozen=True, slots=True)
class Destination:
    """One line: what each side says; ``engage`` and ``paye`` are zero where the source has nothing on this code.

    ``connue`` is whether anything says what was engaged in the exercice at all: without it there is no gap.
    """

    destination: str
    libelle: str
    notifie: int
    engage: int
    paye: int
    ae_ouvertes: int
    cp_ouverts: int
    connue: bool = True
    explications: tuple[Explication, ...] = ()
    pistes: tuple[Explication, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def ecart(self) -> int:
        return self.engage - self.notifie if self.connue else 0

    @property
    def explique(self) -> int:
        """What the program and the user explain together."""
        return sum(x.montant for x in self.explications) + sum(n.montant for n in self.notes)

    @property
    def inexplique(self) -> int:
        return self.ecart - self.explique

    @property
    def rapprochee(self) -> bool:
        return self.connue and self.inexplique == 0


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """Every destination of an exercice; ``situation`` is the day of the SIBC snapshot, empty without one.

    ``source`` says where engaged and paid come from (``sibc``, ``mouvements``, ``aucune``), ``version`` what opened.
    """

    exercice: int
    source: str
    situation: str
    version: str
    lignes: tuple[Destination, ...] = field(default=())

    @property
    def connue(self) -> bool:
        return self.source != "aucune"

    @property
    def rapprochees(self) -> int:
        return sum(x.rapprochee for x in self.lignes)

    @property
    def a_expliquer(self) -> int:
        """What is left to explain, gap by gap: what lacks here makes up for nothing there."""
        return sum(abs(x.inexplique) for x in self.lignes)

    @property
    def total(self) -> Destination:
        """The sum of the lines."""
        return Destination(
            "",
            "Total",
            notifie=sum(x.notifie for x in self.lignes),
            engage=sum(x.engage for x in self.lignes),
            paye=sum(x.paye for x in self.lignes),
            ae_ouvertes=sum(x.ae_ouvertes for x in self.lignes),
            cp_ouverts=sum(x.cp_ouverts for x in self.lignes),
            connue=self.connue,
            explications=additionner(e for x in self.lignes for e in x.explications),
            pistes=additionner(e for x in self.lignes for e in x.pistes),
            notes=tuple(n for x in self.lignes for n in x.notes),
        )


def additionner(explications: Iterable[Explication]) -> tuple[Explication, ...]:
    """One line a nature, in the order of :data:`NATURES`."""
    sums: dict[str, tuple[int, int]] = {}
    for x in explications:
        amount, count = sums.get(x.nature, (0, 0))
        sums[x.nature] = amount + x.montant, count + x.nombre
    return tuple(Explication(nature, *sums[nature]) for nature in NATURES if nature in sums)


def expliquer(
    ecart: int, connues: Sequence[Explication], possibles: Sequence[Explication]
) -> tuple[tuple[Explication, ...], tuple[Explication, ...]]:
    """(counted, merely possible). What is known is counted; of the possible ones, those that leave the least.

    The fewer are taken where two choices leave as much, so that a gap of zero is never explained by anything.
    """
    rest = ecart - sum(x.montant for x in connues)
    choices = [c for n in range(len(possibles) + 1) for c in combinations(possibles, n)]
    taken = min(choices, key=lambda c: abs(rest - sum(x.montant for x in c)))
    return (*connues, *taken), tuple(x for x in possibles if x not in taken)
