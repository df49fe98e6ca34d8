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
class Virement:
    """AE and CP moved from one line of a version to another, in cents, never negative; ``motif`` says why."""

    version_id: int
    de_destination: str
    de_enveloppe: str
    vers_destination: str
    vers_enveloppe: str
    ae: int
    cp: int
    motif: str
    date: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Instantane:
    """A SIBC export: what was opened, engaged and paid at a date; compared with others, never added.

    ``lot`` is the import that made it, ``None`` where it was typed or undone, ``fichier`` its file.
    """

    exercice: int
    date: str
    id: int
    ae_ouvertes: int
    cp_ouverts: int
    ej_valides: int
    decaissements: int
    lignes: int = 0
    fichier: str = ""
    lot: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Opened against engaged and paid for one mission or for all."""

    cle: str
    libelle: str
    ae_ouvertes: int
    cp_ouverts: int
    ae_engagees: int
    cp_payes: int


Montants = tuple[int | None, int | None, int | None, int | None]

#: The amounts of a snapshot, in the order of :data:`Montants`: name, label.
MESURES_EXECUTION = (
    ("ae_ouvertes", "AE ouvertes"),
    ("cp_ouverts", "CP ouverts"),
    ("ej_valides", "EJ validés"),
    ("decaissements", "Décaissements"),
)


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """One destination × enveloppe (or one mission) in two snapshots; ``None`` on the side where it is not."""

    destination: str
    enveloppe: str
    libelle: str
    mission: str
    avant: Montants | None
    apres: Montants | None

    @property
    def statut(self) -> str:
        """``apparue``, ``disparue``, ``modifiee`` or ``inchangee``."""
        if self.avant is None or self.apres is None:
            return "apparue" if self.avant is None else "disparue"
        return "inchangee" if self.avant == self.apres else "modifiee"

    def montant(self, place: int, *, apres: bool) -> int:
        """One amount of one side, nothing counting as zero."""
        side = self.apres if apres else self.avant
        return (side[place] or 0) if side is not None else 0

    def ecart(self, place: int) -> int:
        return self.montant(place, apres=True) - self.montant(place, apres=False)


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Two snapshots of an exercice side by side; totals are the sums of the lines."""

    avant: Instantane
    apres: Instantane
    lignes: tuple[LigneComparee, ...]
    missions: tuple[LigneComparee, ...]

    @property
    def exercice(self) -> int:
        return self.apres.exercice

    def total(self, place: int, *, apres: bool) -> int:
        return sum(x.montant(place, apres=apres) for x in self.lignes)

    def ecart(self, place: int) -> int:
        return self.total(place, apres=True) - self.total(place, apres=False)
