"""The échéancier and what is left to pay along an axis: for the page, the workbook and the command line alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from firdesk.domain.echeancier import Annee, Echeancier, de_annees, somme
from firdesk.domain.synthese import Axe
from firdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class LigneEcheancier:
    """The years of one key of the axis."""

    cle: str
    libelle: str
    echeancier: Echeancier


@dataclass(frozen=True, slots=True)
class Echeanciers:
    """Lines along an axis seen from ``exercice``; the total is their sum.

    ``source``: where engaged and paid come from, as a :class:`~firdesk.domain.synthese.Synthese` says it.
    """

    axe: Axe
    exercice: int
    lignes: tuple[LigneEcheancier, ...]
    source: str
    source_date: str

    @property
    def total(self) -> Echeancier:
        return somme(self.exercice, (x.echeancier for x in self.lignes))

    @property
    def annees(self) -> tuple[int, ...]:
        """The years in which something was paid before ``exercice``, or is planned from it on."""
        return tuple(sorted({year for x in self.lignes for year in x.echeancier.echeances}))


@dataclass(frozen=True, slots=True)
class LigneOrigine:
    """What is left to pay of one key by year of its allocations, in cents."""

    cle: str
    libelle: str
    restes: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.restes.values())


@dataclass(frozen=True, slots=True)
class Origines:
    """What is left to pay along an axis, by year of origin; read from the mouvements of allocations."""

    axe: Axe
    lignes: tuple[LigneOrigine, ...]

    @property
    def annees(self) -> tuple[int, ...]:
        return tuple(sorted({year for x in self.lignes for year in x.restes}))

    @property
    def restes(self) -> dict[int, int]:
        """The sum of the lines by year."""
        return {year: sum(x.restes.get(year, 0) for x in self.lignes) for year in self.annees}

    @property
    def total(self) -> int:
        return sum(x.total for x in self.lignes)


def par(session: Session, axe: Axe, exercice: int) -> Echeanciers:
    """The échéancier of every key of an axis; those without AE, CP nor payment planned are left out.

    Read from the mouvements, which know of which year each commitment is; from the snapshots of SIBC where no
    commitment was ever written.
    """
    axes = (Axe.EXERCICE,) if axe is Axe.EXERCICE else (axe, Axe.EXERCICE)
    synthese = session.syntheses.par(axes, execution=False)
    if not any(x.ae_engagee for x in synthese.lignes):
        synthese = session.syntheses.par(axes)
    years: dict[str, list[Annee]] = {}
    labels: dict[str, str] = {}
    for x in synthese.lignes:
        year = int(x.cle[-1])
        free = x.cp_paye - x.paye_planifie if year == exercice else 0
        annee = Annee(year, x.ae_engagee, x.retire, x.cp_paye, x.prevu, free)
        years.setdefault(x.cle[0], []).append(annee)
        labels[x.cle[0]] = x.libelle[0]
    lines = []
    for key, found in years.items():
        e = de_annees(exercice, found)
        if any((a.engage, a.retire, a.paye, a.prevu) != (0, 0, 0, 0) for a in e.annees):
            lines.append(LigneEcheancier(key, labels[key], e))
    return Echeanciers(axe, exercice, tuple(lines), synthese.source, synthese.source_date)


def origines(session: Session, axe: Axe) -> Origines:
    """What is left to pay by year of the allocations; keys that owe nothing are left out."""
    lines, restes = session.syntheses.reste_par_campagne(axe)
    return Origines(axe, tuple(LigneOrigine(x.cle[0], x.libelle[0], restes[x.cle[0]]) for x in lines))


def as_json(found: Echeanciers) -> dict[str, object]:
    """``echeancier --json``: amounts in cents; AE net of every withdrawal, since the origin."""
    return {
        "exercice": found.exercice,
        "axe": str(found.axe),
        "execution": {"source": found.source, "date": found.source_date},
        "annees": list(found.annees),
        "lignes": [
            {"cle": x.cle, "libelle": x.libelle} | echeancier_json(x.echeancier, found.annees) for x in found.lignes
        ],
        "total": echeancier_json(found.total, found.annees),
    }


def echeancier_json(e: Echeancier, annees: tuple[int, ...]) -> dict[str, object]:
    """One échéancier, every year of ``annees`` told."""
    return {
        "ae_engagee_centimes": e.ae,
        "cp_paye_centimes": e.cp,
        "reste_a_payer_centimes": e.reste_a_payer,
        "echeances": {str(year): e.du(year) for year in annees},
        "a_planifier_centimes": e.a_planifier,
    }
