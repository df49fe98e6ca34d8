"""Two exercices at constant scope: codes of one carried to the other, what entered and left the FIR set apart.

Pure sums of cents by code: carrying over never makes nor loses any.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from firdesk.domain.exercice import Evenement, Passage

#: The line of what a change of scope does not place on the axis compared.
NON_REPARTI = "non réparti"


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """One code of the later exercice in both, in cents; ``codes`` are those it had in the earlier one."""

    cle: str
    libelle: str
    avant: int
    sorties: int
    apres: int
    entrees: int
    codes: tuple[str, ...] = ()

    @property
    def avant_constant(self) -> int:
        """What was there before, without what left the FIR since."""
        return self.avant - self.sorties

    @property
    def apres_constant(self) -> int:
        """What is there now, without what entered the FIR since."""
        return self.apres - self.entrees

    @property
    def ecart(self) -> int:
        return self.apres - self.avant

    @property
    def ecart_constant(self) -> int:
        return self.apres_constant - self.avant_constant

    @property
    def evolution(self) -> Decimal | None:
        return evolution(self.avant, self.apres)

    @property
    def evolution_constante(self) -> Decimal | None:
        return evolution(self.avant_constant, self.apres_constant)


@dataclass(frozen=True, slots=True)
class ComparaisonExercices:
    """Lines along ``axe`` (``destination`` or ``theme``) for one measure; totals are the sums of the lines."""

    avant: int
    apres: int
    axe: str
    mesure: str
    source_avant: str
    source_apres: str
    lignes: tuple[LigneComparee, ...]

    @property
    def total(self) -> LigneComparee:
        sums = (sum(getattr(x, name) for x in self.lignes) for name in ("avant", "sorties", "apres", "entrees"))
        return LigneComparee("", "Total", *sums)


def evolution(avant: int, apres: int) -> Decimal | None:
    """In percents; ``None`` from nothing."""
    return Decimal(apres - avant) * 100 / abs(avant) if avant else None


def heritiers(passages: Iterable[Passage], avant: int, apres: int) -> Mapping[str, str]:
    """Code of the exercice ``avant`` → its code in ``apres``, year after year; a code that has no heir keeps its own.

    The passages of a year are read at once: a code that takes the place of another one is not carried twice.
    """
    by_year: dict[int, dict[str, str]] = {}
    for p in passages:
        if avant < p.exercice <= apres:
            by_year.setdefault(p.exercice, {})[p.code_avant] = p.code_apres or p.code_avant
    codes = {code for table in by_year.values() for code in table}
    found = {}
    for code in codes:
        carried = code
        for year in sorted(by_year):
            carried = by_year[year].get(carried, carried)
        found[code] = carried
    return found


def transposer(montants: Mapping[str, int], heirs: Mapping[str, str]) -> dict[str, int]:
    """Amounts under the codes of the later exercice: those of several codes with one heir are added up."""
    carried: dict[str, int] = {}
    for code, cents in montants.items():
        heir = heirs.get(code, code)
        carried[heir] = carried.get(heir, 0) + cents
    return carried


def comparer(
    avant: Mapping[str, int],
    apres: Mapping[str, int],
    heirs: Mapping[str, str],
    sorties: Mapping[str, int],
    entrees: Mapping[str, int],
) -> list[LigneComparee]:
    """One line for each code of the later exercice, unlabelled; sorties and entrées are already under its codes."""
    carried = transposer(avant, heirs)
    origins: dict[str, list[str]] = {}
    for code in avant:
        origins.setdefault(heirs.get(code, code), []).append(code)
    keys = {*carried, *apres, *sorties, *entrees}
    lines = [
        LigneComparee(
            key,
            key,
            carried.get(key, 0),
            sorties.get(key, 0),
            apres.get(key, 0),
            entrees.get(key, 0),
            tuple(sorted(origins.get(key, ()))),
        )
        for key in keys
    ]
    return [x for x in lines if x.avant or x.apres or x.sorties or x.entrees]


def evenements_par_code(
    evenements: Sequence[Evenement], sens: str, axe: str, heirs_of: Mapping[int, Mapping[str, str]]
) -> dict[str, int]:
    """Sums of what left or entered under the codes of the later exercice; ``heirs_of`` carries a year's codes to it.

    The code of a sortie is that of the exercice before it, the code of an entrée that of its own.
    """
    sums: dict[str, int] = {}
    for e in evenements:
        if e.sens == sens:
            code = (e.destination if axe == "destination" else e.theme) or NON_REPARTI
            year = e.exercice - (sens == "sortie")
            key = heirs_of[year].get(code, code)
            sums[key] = sums.get(key, 0) + e.montant
    return sums
