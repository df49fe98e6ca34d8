"""What versions of a budget become: lines after virements, provisional twelfths, two versions side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from firdesk.domain.budget import LigneBudget, VersionBudget, Virement
from firdesk.domain.nomenclature import mission_de, rang

Cle = tuple[str, str]


def appliquer(lignes: Iterable[LigneBudget], virements: Iterable[Virement]) -> tuple[LigneBudget, ...]:
    """The lines with their virements, in the order of codes; AE and CP of the whole are those of ``lignes``.

    A virement may reach a line that the version does not open: it appears with what it receives.
    """
    sums: dict[Cle, list[int]] = {}
    for x in lignes:
        row = sums.setdefault(x.cle, [0, 0])
        row[0] += x.ae
        row[1] += x.cp
    for v in virements:
        for cle, sign in ((v.de, -1), (v.vers, 1)):
            row = sums.setdefault(cle, [0, 0])
            row[0] += sign * v.ae
            row[1] += sign * v.cp
    return tuple(LigneBudget(*cle, *sums[cle]) for cle in sorted(sums, key=ordre))


def ordre(cle: Cle) -> tuple[tuple[int, ...], Cle]:
    """Sort key of a (destination, enveloppe)."""
    return rang(cle[0]), cle


def negatives(lignes: Iterable[LigneBudget]) -> tuple[LigneBudget, ...]:
    """The lines whose AE or CP are below zero: a warning, never a refusal."""
    return tuple(x for x in lignes if x.ae < 0 or x.cp < 0)


def douziemes(lignes: Iterable[LigneBudget], mois: int) -> tuple[LigneBudget, ...]:
    """What may be used up to the month ``mois`` (1 to 12) while no budget is adopted (CSP art. R1435).

    One twelfth a month of each line, rounded down to the cent: December opens the whole.
    """
    if not 1 <= mois <= 12:
        raise ValueError(f"not a month: {mois}")
    return tuple(LigneBudget(x.destination, x.enveloppe, x.ae * mois // 12, x.cp * mois // 12) for x in lignes)


@dataclass(frozen=True, slots=True)
class EcartVersion:
    """AE and CP of one line (or one mission) in two versions; ``None`` on the side where it is not."""

    destination: str
    enveloppe: str
    mission: str
    avant: tuple[int, int] | None
    apres: tuple[int, int] | None

    def montant(self, place: int, *, apres: bool) -> int:
        """AE (0) or CP (1) of one side, nothing counting as zero."""
        side = self.apres if apres else self.avant
        return side[place] if side is not None else 0

    def ecart(self, place: int) -> int:
        return self.montant(place, apres=True) - self.montant(place, apres=False)

    @property
    def change(self) -> bool:
        return self.avant != self.apres


@dataclass(frozen=True, slots=True)
class ComparaisonVersions:
    """Two versions side by side, virements included; missions and totals are sums of the lines."""

    avant: VersionBudget
    apres: VersionBudget
    lignes: tuple[EcartVersion, ...]

    @property
    def missions(self) -> tuple[EcartVersion, ...]:
        """The sums of the lines of each mission, in order; lines without mission last."""
        grouped = groupby(sorted(self.lignes, key=lambda x: x.mission or "~"), key=lambda x: x.mission)
        return tuple(_somme(mission, list(lines)) for mission, lines in grouped)

    @property
    def total(self) -> EcartVersion:
        return _somme("", self.lignes)


def comparer(
    avant: VersionBudget, lignes_avant: Sequence[LigneBudget], apres: VersionBudget, lignes_apres: Sequence[LigneBudget]
) -> ComparaisonVersions:
    """Two versions line by line, in the order of codes."""
    before = {x.cle: (x.ae, x.cp) for x in lignes_avant}
    after = {x.cle: (x.ae, x.cp) for x in lignes_apres}
    lines = [
        EcartVersion(*cle, mission_de(cle[0]) or "", before.get(cle), after.get(cle))
        for cle in sorted(before.keys() | after.keys(), key=ordre)
    ]
    return ComparaisonVersions(avant, apres, tuple(lines))


def _somme(mission: str, lines: Sequence[EcartVersion]) -> EcartVersion:
    sides = [
        (sum(x.montant(0, apres=side) for x in lines), sum(x.montant(1, apres=side) for x in lines))
        for side in (False, True)
    ]
    known = [any((x.apres if side else x.avant) is not None for x in lines) for side in (False, True)]
    before, after = (s if k else None for s, k in zip(sides, known, strict=True))
    return EcartVersion("", "", mission, before, after)
