"""When the CP of a commitment are paid and planned to be: proposals, planning anew, figures at any grain; in cents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import lcm

from firdesk.domain.money import euros, repartir
from firdesk.domain.problem import Invalide, Problem

#: Part of the AE paid on signature where the act says nothing else, in percent.
ACOMPTE = 70


@dataclass(frozen=True, slots=True)
class Annee:
    """What moved in one exercice: committed (withdrawals of the year off), withdrawn later, paid, planned.

    ``libre`` is what was paid on commitments that have no plan at all.
    """

    exercice: int
    engage: int = 0
    retire: int = 0
    paye: int = 0
    prevu: int = 0
    libre: int = 0

    def __add__(self, other: "Annee") -> "Annee":
        return Annee(
            self.exercice,
            self.engage + other.engage,
            self.retire + other.retire,
            self.paye + other.paye,
            self.prevu + other.prevu,
            self.libre + other.libre,
        )


@dataclass(frozen=True, slots=True)
class Echeancier:
    """The years of one commitment, or of any sum of them, seen from ``exercice``.

    A year before it counts what was paid, the others what is planned, the year itself also what was paid on
    commitments without a plan; ``a_planifier`` is the balance, below zero where more is planned than committed. So
    échéances and balance always add up to the AE, at any grain.
    """

    exercice: int
    annees: tuple[Annee, ...] = ()

    @property
    def ae(self) -> int:
        """AE committed since the origin, every withdrawal off."""
        return sum(a.engage - a.retire for a in self.annees)

    @property
    def cp(self) -> int:
        """CP paid since the origin, what came back off."""
        return sum(a.paye for a in self.annees)

    @property
    def reste_a_payer(self) -> int:
        return self.ae - self.cp

    @property
    def echeances(self) -> dict[int, int]:
        """CP by year: paid before ``exercice``, planned from it on; years at zero left out."""
        told = {a.exercice: self._compte(a) for a in self.annees}
        return {year: cents for year, cents in sorted(told.items()) if cents}

    def _compte(self, a: Annee) -> int:
        if a.exercice == self.exercice:
            return a.prevu + (a.libre if self.planifie else a.paye)
        return a.paye if a.exercice < self.exercice else a.prevu

    @property
    def a_planifier(self) -> int:
        return self.ae - sum(self.echeances.values())

    @property
    def deja_paye(self) -> int:
        """What of the balance is no longer to be planned: already paid in ``exercice`` beyond its échéances."""
        beyond = sum(a.paye - self._compte(a) for a in self.annees if a.exercice == self.exercice)
        return max(0, min(self.a_planifier, beyond))

    @property
    def planifie(self) -> bool:
        """Whether any payment is planned."""
        return any(a.prevu for a in self.annees)

    def du(self, annee: int) -> int:
        """CP of one year, 0 where nothing is told of it."""
        return self.echeances.get(annee, 0)

    def apres(self, annee: int) -> int:
        """CP planned after a year."""
        return sum(cents for year, cents in self.echeances.items() if year > annee)


def somme(exercice: int, echeanciers: Iterable[Echeancier]) -> Echeancier:
    """The years of all of them added up."""
    return de_annees(exercice, (a for e in echeanciers for a in e.annees))


def de_annees(exercice: int, annees: Iterable[Annee]) -> Echeancier:
    """One échéancier of years in any order, several of the same exercice added up."""
    found: dict[int, Annee] = {}
    for a in annees:
        found[a.exercice] = found[a.exercice] + a if a.exercice in found else a
    return Echeancier(exercice, tuple(found[year] for year in sorted(found)))


# Proposals: each adds up to the AE to the cent


def parts_egales(ae: int, annees: Sequence[int]) -> dict[int, int]:
    """The same amount each year, cents left over on the first ones."""
    return dict(zip(annees, repartir(ae, [1] * len(annees)), strict=True))


def prorata(ae: int, debut: str, fin: str) -> dict[int, int]:
    """In proportion to the months of each year between two days (ISO, both included); a part of a month by its days.

    Raises ``Invalide`` where the end comes before the beginning.
    """
    first, last = date.fromisoformat(debut), date.fromisoformat(fin)
    if last < first:
        raise Invalide((Problem("fin", "La fin précède le début : corriger l'une des deux dates."),))
    months: dict[int, Fraction] = {}
    day = first
    while day <= last:
        end = _end_of_month(day)
        held = min(end, last)
        months[day.year] = months.get(day.year, Fraction(0)) + Fraction((held - day).days + 1, end.day)
        day = end + timedelta(days=1)
    scale = lcm(*(m.denominator for m in months.values()))
    return dict(zip(months, repartir(ae, [int(m * scale) for m in months.values()]), strict=True))


def acompte_et_solde(ae: int, annee: int, annee_solde: int, *, pourcent: int = ACOMPTE) -> dict[int, int]:
    """A part of the AE in one year, what is left in another one."""
    if not 0 <= pourcent <= 100:
        raise Invalide((Problem("pourcent", f"{pourcent} n'est pas une part : de 0 à 100 %."),))
    if annee == annee_solde:
        return {annee: ae}
    first, last = repartir(ae, [pourcent, 100 - pourcent])
    return {annee: first, annee_solde: last}


def libre(ae: int, montants: Mapping[int, int | None]) -> dict[int, int]:
    """Amounts typed; the one year left empty (``None``) takes what is left.

    Raises ``Invalide`` where they do not add up to the AE, or where several years are empty.
    """
    known = {year: cents for year, cents in montants.items() if cents is not None}
    left = ae - sum(known.values())
    empty = [year for year in montants if year not in known]
    if len(empty) == 1:
        return {**known, empty[0]: left}
    if empty or left:
        told = f"il reste {euros(left, decimals=True)} à répartir" if left >= 0 else f"{euros(-left)} de trop"
        raise Invalide((Problem("echeances", f"Les échéances n'égalent pas l'AE de {euros(ae)} : {told}."),))
    return known


def _end_of_month(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


# When reality differs


def replanifier(ae: int, prevu: Mapping[int, int], paye: Mapping[int, int], exercice: int) -> dict[int, int]:
    """The échéances once reality has moved: they add up to ``ae`` again (net of every withdrawal).

    Years before ``exercice`` become what was paid in them. The rest is spread over the years still planned in
    proportion to their amounts, none below what is already paid in it as long as another can take it off;
    all of it falls on ``exercice`` where none is planned any more. A plan that holds is given back unchanged.
    """
    past = {year: cents for year, cents in paye.items() if year < exercice and cents}
    ahead = {year: cents for year, cents in prevu.items() if year >= exercice and cents}
    if not ahead:
        ahead[exercice] = 0
    ahead |= {year: 0 for year, cents in paye.items() if year >= exercice and cents and year not in ahead}
    made = past | _spread(ae - sum(past.values()), ahead, paye)
    return {year: cents for year, cents in sorted(made.items()) if cents}


def _spread(rest: int, weights: Mapping[int, int], floors: Mapping[int, int]) -> dict[int, int]:
    """``rest`` in proportion to weights; the years that would get less than their floor get it, the others the rest."""
    held: dict[int, int] = {}
    while True:
        free = [year for year in weights if year not in held]
        shares = dict(zip(free, repartir(rest - sum(held.values()), [weights[year] for year in free]), strict=True))
        low = [year for year in free if shares[year] < floors.get(year, 0)]
        if not low or len(low) == len(free):
            return held | shares
        held |= {year: floors.get(year, 0) for year in low}
