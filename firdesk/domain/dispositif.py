"""A named scheme: its ceiling, its cofinancing, what is told inside or beside its amounts, its indicators."""

from dataclasses import dataclass, field

SENS = {"hausse": "À augmenter", "baisse": "À réduire", "neutre": "Sans cible de sens"}
GENRES = {"cofinancement": "Cofinancement", "hors_fir": "Hors FIR"}
#: Shares are kept in ten-thousandths, values of indicators in thousandths.
PART_ENTIERE = 10_000
MILLIEME = 1_000


@dataclass(frozen=True, slots=True)
class Plafond:
    """The ceiling of a scheme for one exercice, in cents."""

    exercice: int
    ae: int
    cp: int
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Dispositif:
    """A scheme; ``part_max`` is the largest share that the FIR pays (ten-thousandths).

    ``plafond_unite`` is the most it pays for one ``unite`` (CLS: half, at most 30 000 € for one ETP), 0 for no limit.
    """

    code: str
    libelle: str
    theme: str = ""
    destination: str = ""
    part_max: int = PART_ENTIERE
    plafond_unite: int = 0
    unite: str = ""
    note: str = ""
    id: int | None = None
    plafonds: tuple[Plafond, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Dont:
    """An amount inside another one, shown under it and never added (FLCA: 3,1 M€ of 5,6 M€); in cents."""

    exercice: int
    libelle: str
    montant: int
    theme: str = ""
    destination: str = ""
    dispositif: str = ""
    note: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Cofinancement:
    """What another body pays beside the FIR, never in its totals; ``quantite`` in hundredths of the scheme's unit."""

    exercice: int
    genre: str
    financeur: str
    montant: int
    allocation_id: int | None = None
    dispositif: str = ""
    quantite: int = 0
    note: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class ValeurIndicateur:
    """What an indicator is said to be in the report of ``exercice``: a value of ``annee``, a target, in thousandths."""

    exercice: int
    annee: int
    valeur: int | None
    cible: int | None = None
    source: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Indicateur:
    """What a scheme is judged by, with its values by exercice, oldest first."""

    dispositif: str
    libelle: str
    unite: str = ""
    sens: str = "hausse"
    id: int | None = None
    valeurs: tuple[ValeurIndicateur, ...] = field(default=())
