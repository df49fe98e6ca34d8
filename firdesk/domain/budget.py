"""What was opened: versions of the budget and snapshots of its execution, in cents."""

from collections.abc import Iterator
from dataclasses import dataclass

from firdesk.domain.jour import is_day
from firdesk.domain.money import LIMIT
from firdesk.domain.problem import Problem, Severity, texts_with_nul


@dataclass(frozen=True, slots=True)
class LigneBudget:
    """AE and CP opened for a destination × enveloppe."""

    destination: str
    enveloppe: str
    ae: int
    cp: int

    @property
    def cle(self) -> tuple[str, str]:
        return self.destination, self.enveloppe

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving, and what deserves a look."""
        found: list[Problem] = []
        if not self.destination:
            found.append(Problem("destination", "Choisir la destination de la nomenclature (ex. : MI2-3-8)."))
        for name, label in (("ae", "AE"), ("cp", "CP")):
            cents = getattr(self, name)
            if abs(cents) > LIMIT:
                found.append(Problem(name, "Ce montant dépasse ce que le fichier peut porter."))
            elif cents < 0:
                told = f"{label} de {self.destination} au-dessous de zéro : vérifier le montant."
                found.append(Problem(name, told, Severity.ALERTE))
        return (*found, *texts_with_nul(self))


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

    @property
    def nom(self) -> str:
        """``BR1 2025``."""
        return f"{self.code} {self.exercice}"

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if not self.code:
            found.append(Problem("code", "Donner un code à la version (ex. : BI, BR1)."))
        elif len(self.code) > 12:
            found.append(Problem("code", f"« {self.code} » est trop long : douze caractères au plus (ex. : BR1)."))
        found += _day(self.date)
        return (*found, *texts_with_nul(self))


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

    @property
    def de(self) -> tuple[str, str]:
        return self.de_destination, self.de_enveloppe

    @property
    def vers(self) -> tuple[str, str]:
        return self.vers_destination, self.vers_enveloppe

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        for name, destination in (("de", self.de_destination), ("vers", self.vers_destination)):
            if not destination:
                found.append(Problem(name, "Choisir une ligne du budget."))
        if self.de_destination and self.de == self.vers:
            found.append(Problem("vers", "Choisir deux lignes différentes : celle-ci est déjà celle de départ."))
        for name, label in (("ae", "les AE"), ("cp", "les CP")):
            if not 0 <= getattr(self, name) <= LIMIT:
                found.append(Problem(name, f"Écrire {label} sans signe : le sens est celui du virement."))
        if not self.ae and not self.cp:
            found.append(Problem("ae", "Indiquer ce qui est viré, en AE, en CP ou les deux."))
        if not self.motif:
            found.append(Problem("motif", "Dire pourquoi : le motif d'un virement est obligatoire."))
        found += _day(self.date)
        return (*found, *texts_with_nul(self))


def _day(date: str) -> Iterator[Problem]:
    if date and not is_day(date):
        yield Problem("date", f"« {date} » n'est pas une date du calendrier.")


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
