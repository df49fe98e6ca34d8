"""Opened against notified, engaged and paid, line by line; missions and totals are sums of lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from firdesk.domain.budget import LigneBudget
from firdesk.domain.budget_versions import Cle, ordre
from firdesk.domain.nomenclature import mission_de


@dataclass(frozen=True, slots=True)
class Consomme:
    """What was notified, engaged and paid somewhere, in cents."""

    notifie: int = 0
    engage: int = 0
    paye: int = 0


@dataclass(frozen=True, slots=True)
class Etalon:
    """What execution is judged against: a version of the budget, what SIBC opened, provisional twelfths, or nothing.

    ``nature`` is ``version``, ``sibc``, ``douziemes`` or ``aucun``; ``code`` the version's, of ``exercice``; ``mois``
    the number of twelfths.
    """

    nature: str
    exercice: int = 0
    code: str = ""
    libelle: str = ""
    date: str = ""
    mois: int = 0


@dataclass(frozen=True, slots=True)
class LigneExecutee:
    """One destination × enveloppe, one destination or one mission, in cents."""

    destination: str
    enveloppe: str
    mission: str
    ae: int = 0
    cp: int = 0
    notifie: int = 0
    engage: int = 0
    paye: int = 0

    @property
    def disponible_ae(self) -> int:
        return self.ae - self.engage

    @property
    def disponible_cp(self) -> int:
        return self.cp - self.paye

    @property
    def taux_ae(self) -> float | None:
        """Percents of the AE opened, ``None`` where none are."""
        return 100 * self.engage / self.ae if self.ae else None

    @property
    def taux_cp(self) -> float | None:
        return 100 * self.paye / self.cp if self.cp else None

    @property
    def depasse(self) -> bool:
        """Whether more was engaged or paid than opened: a warning, never a refusal."""
        return self.engage > self.ae or self.paye > self.cp


@dataclass(frozen=True, slots=True)
class Canal:
    """What went through one canal, in cents; an empty ``code`` is what no allocation tells the canal of."""

    code: str
    libelle: str
    montant: int


@dataclass(frozen=True, slots=True)
class Execution:
    """The execution of an exercice. ``source`` says where engaged and paid come from: ``sibc``, ``mouvements`` or
    ``aucune``; ``mesure_canaux`` what the canaux add up: ``paye`` or ``notifie``.
    """

    exercice: int
    etalon: Etalon
    source: str
    source_date: str
    lignes: tuple[LigneExecutee, ...]
    canaux: tuple[Canal, ...] = ()
    mesure_canaux: str = "paye"

    @property
    def connue(self) -> bool:
        """Whether anything says what was engaged and paid."""
        return self.source != "aucune"

    @property
    def engage_connu(self) -> bool:
        """Whether anything says what was engaged: payments alone do not."""
        return self.source == "sibc" or (self.connue and any(x.engage for x in self.lignes))

    def dit(self, nom: str) -> bool:
        """Whether anything says an amount or a rate of a line, by its name (``engage``, ``taux_cp``…)."""
        if nom in ("engage", "disponible_ae", "taux_ae"):
            return self.engage_connu
        return self.connue or nom not in ("paye", "disponible_cp", "taux_cp")

    @property
    def total(self) -> LigneExecutee:
        return somme(self.lignes)

    @property
    def destinations(self) -> tuple[LigneExecutee, ...]:
        """The sums of the lines of each destination."""
        grouped = groupby(self.lignes, key=lambda x: x.destination)
        return tuple(somme(list(lines), destination=code) for code, lines in grouped)


def missions(lignes: Iterable[LigneExecutee]) -> tuple[tuple[LigneExecutee, tuple[LigneExecutee, ...]], ...]:
    """Each mission (the sum of its lines) with its lines, in order; lines without mission come last."""
    grouped = groupby(sorted(lignes, key=lambda x: x.mission or "~"), key=lambda x: x.mission)
    kept = [(mission, tuple(lines)) for mission, lines in grouped]
    return tuple((replace(somme(lines), mission=mission), lines) for mission, lines in kept)


def somme(lignes: Sequence[LigneExecutee], destination: str = "") -> LigneExecutee:
    """The sum of some lines, named after their destination where they share one."""
    amounts = {n: sum(getattr(x, n) for x in lignes) for n in ("ae", "cp", "notifie", "engage", "paye")}
    return LigneExecutee(destination, "", mission_de(destination) or "", **amounts)


def executer(
    ouvert: Iterable[LigneBudget], execute: Mapping[Cle, Consomme], alloue: Mapping[Cle, Consomme]
) -> tuple[LigneExecutee, ...]:
    """The lines of an execution, in the order of codes.

    ``execute`` is told with the enveloppes of the budget (SIBC); ``alloue`` with those of allocations, which are
    others: an amount goes to the line of its own enveloppe, else to the only line of its destination, else to a line
    without enveloppe, for nothing says which.
    """
    lines = {x.cle: LigneExecutee(*x.cle, mission_de(x.destination) or "", x.ae, x.cp) for x in ouvert}
    for source in (execute, _places(alloue, {*lines, *execute})):
        for cle, x in source.items():
            before = lines.get(cle) or LigneExecutee(*cle, mission_de(cle[0]) or "")
            lines[cle] = replace(
                before,
                notifie=before.notifie + x.notifie,
                engage=before.engage + x.engage,
                paye=before.paye + x.paye,
            )
    return tuple(lines[cle] for cle in sorted(lines, key=ordre))


def _places(alloue: Mapping[Cle, Consomme], connues: set[Cle]) -> dict[Cle, Consomme]:
    """The amounts of allocations by the lines of the budget."""
    enveloppes: dict[str, list[str]] = {}
    for destination, enveloppe in connues:
        enveloppes.setdefault(destination, []).append(enveloppe)
    placed: dict[Cle, Consomme] = {}
    for (destination, enveloppe), x in alloue.items():
        own = enveloppes.get(destination, [])
        chosen = enveloppe if enveloppe in own else own[0] if len(own) == 1 else ""
        y = placed.get((destination, chosen), Consomme())
        placed[destination, chosen] = Consomme(y.notifie + x.notifie, y.engage + x.engage, y.paye + x.paye)
    return placed
