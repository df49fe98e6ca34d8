"""Where an exercice will land: what is certain, what is planned, what last year's recurring base may still bring.

Amounts in cents, shares in ten-thousandths; low, central and high are sums of their parts, to the cent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from firdesk.domain.dispositif import PART_ENTIERE
from firdesk.domain.problem import Problem

#: A destination and a theme.
Cellule = tuple[str, str]
#: Name, label and what it weighs.
PARTS = (
    ("part_decide", "Part du décidé, non notifié", "de ce qui est décidé et pas encore notifié"),
    ("part_notifie", "Part du notifié, non engagé", "de ce qui est notifié et pas encore engagé"),
    ("part_base", "Part de la base reconduite", "de la base pérenne de l'an passé pas encore renouvelée"),
)


class Montants(NamedTuple):
    """Cents of one cell: notified, of which recurring, of which not said to be one-off; decided and neither notified
    nor engaged on its own line, of which not said to be one-off.
    """

    notifie: int = 0
    perenne: int = 0
    reconductible: int = 0
    decide: int = 0
    decide_reconductible: int = 0


@dataclass(frozen=True, slots=True)
class Parametres:
    """The share of each part that is expected to come true; ``source`` says where the shares come from."""

    part_decide: int = PART_ENTIERE
    part_notifie: int = PART_ENTIERE
    part_base: int = PART_ENTIERE
    source: str = ""

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        return tuple(
            Problem(name, f"{label} : écrire un pourcentage de 0 à 100, par exemple 80.")
            for name, label, _ in PARTS
            if not 0 <= getattr(self, name) <= PART_ENTIERE
        )


@dataclass(frozen=True, slots=True)
class Ligne:
    """One theme or destination; ``ouvert`` is ``None`` where nothing was opened at that grain.

    ``engage`` is ``None`` where what was engaged is not known: what is certain is then what was notified.
    ``decide`` is what was decided and neither notified nor engaged on its own line, ``base_suivante`` what the
    recurring lines of the exercice already carry into the next one.
    """

    cle: str
    libelle: str
    notifie: int
    engage: int | None
    decide: int
    base: int
    base_suivante: int
    ouvert: int | None = None
    parametres: Parametres = Parametres()

    @property
    def acquis(self) -> int:
        return self.notifie if self.engage is None else self.engage

    @property
    def non_engage(self) -> int:
        """What was notified and is not engaged yet."""
        return max(0, self.notifie - self.acquis)

    @property
    def non_notifie(self) -> int:
        """What was decided and not notified, less what is engaged above notified: it may already hold it."""
        return max(0, self.decide - max(0, self.acquis - self.notifie))

    @property
    def prevu(self) -> int:
        p = self.parametres
        return part(self.non_notifie, p.part_decide) + part(self.non_engage, p.part_notifie)

    @property
    def bas(self) -> int:
        return self.acquis

    @property
    def central(self) -> int:
        return self.acquis + self.prevu

    @property
    def haut(self) -> int:
        return self.central + part(self.base, self.parametres.part_base)

    @property
    def marge(self) -> int | None:
        """What the central scenario leaves of the opened credits, below zero where it goes over."""
        return self.ouvert - self.central if self.ouvert is not None else None


@dataclass(frozen=True, slots=True)
class Total:
    """The sums of the lines; ``ouvert`` and ``marge`` are ``None`` where no line has any."""

    acquis: int
    prevu: int
    base: int
    bas: int
    central: int
    haut: int
    base_suivante: int
    ouvert: int | None
    marge: int | None


@dataclass(frozen=True, slots=True)
class Atterrissage:
    """Every theme or destination of an exercice; ``source`` says what ``acquis`` is (``sibc``, ``mouvements``,
    ``notifie``).
    """

    exercice: int
    axe: str
    source: str
    source_date: str
    version: str
    parametres: Parametres
    lignes: tuple[Ligne, ...]

    @property
    def total(self) -> Total:
        lines = self.lignes
        known = any(x.ouvert is not None for x in lines)
        return Total(
            acquis=sum(x.acquis for x in lines),
            prevu=sum(x.prevu for x in lines),
            base=sum(x.base for x in lines),
            bas=sum(x.bas for x in lines),
            central=sum(x.central for x in lines),
            haut=sum(x.haut for x in lines),
            base_suivante=sum(x.base_suivante for x in lines),
            ouvert=sum(x.ouvert or 0 for x in lines) if known else None,
            marge=sum(x.marge or 0 for x in lines) if known else None,
        )


def part(cents: int, share: int) -> int:
    """A share of an amount, to the nearest cent, half a cent away from zero."""
    sign = -1 if cents < 0 else 1
    return sign * ((abs(cents) * share * 2 + PART_ENTIERE) // (2 * PART_ENTIERE))


def base_non_renouvelee(base: Mapping[Cellule, int], renouvele: Mapping[Cellule, int]) -> dict[Cellule, int]:
    """What is left of last year's recurring base in the cells where this year has less, never below zero."""
    left = {cell: cents - max(0, renouvele.get(cell, 0)) for cell, cents in base.items()}
    return {cell: cents for cell, cents in left.items() if cents > 0}


def par_axe(cellules: Mapping[Cellule, int], axe: str) -> dict[str, int]:
    """Sums by destination or by theme."""
    sums: dict[str, int] = {}
    for (destination, theme), cents in cellules.items():
        key = destination if axe == "destination" else theme
        sums[key] = sums.get(key, 0) + cents
    return sums
