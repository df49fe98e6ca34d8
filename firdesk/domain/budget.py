"""What was opened: versions of the budget and snapshots of its execution, in cents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LigneBudget:
    """AE and CP opened for a destination × enveloppe."""

    destination: str
    enveloppe: str
    ae: int
    cp: int


@dataclass(frozen=True, slots=True)
class VersionBudget:
    """One vote: BI, BR1…; the one of highest ``ordre`` is the yardstick."""

    exercice: int
    code: str
    ordre: int
    libelle: str = ""
    date: str = ""
    id: int | None = None
    ae: int = 0
    cp: int = 0


@dataclass(frozen=True, slots=True)
class Instantane:
    """A SIBC export: what was opened, engaged and paid at a date; compared with others, never added."""

    exercice: int
    date: str
    id: int
    ae_ouvertes: int
    cp_ouverts: int
    ej_valides: int
    decaissements: int


@dataclass(frozen=True, slots=True)
class Situation:
    """Opened against engaged and paid for one mission or for all."""

    cle: str
    libelle: str
    ae_ouvertes: int
    cp_ouverts: int
    ae_engagees: int
    cp_payes: int
