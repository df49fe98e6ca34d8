"""A named scheme: its ceiling, its cofinancing, what is told inside or beside its amounts, its indicators."""

from dataclasses import dataclass, field

from firdesk.domain import money
from firdesk.domain.problem import Problem, Severity, texts_with_nul

SENS = {"hausse": "À augmenter", "baisse": "À réduire", "neutre": "Sans cible de sens"}
GENRES = {"cofinancement": "Cofinancement", "hors_fir": "Hors FIR"}
#: What every table that shows some says of them.
DONT_COMPRIS = "Les montants « dont » sont compris dans ceux qui les précèdent\u00a0: aucun total ne les ajoute."
#: Shares are kept in ten-thousandths, values of indicators in thousandths.
PART_ENTIERE = 10_000
MILLIEME = 1_000
#: A quantity is kept in hundredths.
CENTIEME = 100
QUANTITE_MAX = 100_000_000


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

    def plafond(self, exercice: int) -> Plafond | None:
        """The ceiling of an exercice, ``None`` where there is none."""
        return next((p for p in self.plafonds if p.exercice == exercice), None)

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving, and what deserves a look."""
        found: list[Problem] = []
        if not self.code.strip():
            found.append(Problem("code", "Donner le code du dispositif : c'est lui que portent les allocations."))
        if not self.libelle.strip():
            found.append(Problem("libelle", "Donner le libellé du dispositif."))
        if not 1 <= self.part_max <= PART_ENTIERE:
            found.append(Problem("part_max", "La part maximale du FIR va de 0,01 à 100 %."))
        if self.plafond_unite < 0:
            found.append(Problem("plafond_unite", "Un plafond par unité ne peut pas être négatif."))
        if self.plafond_unite and not self.unite.strip():
            text = "Dire de quelle unité il s'agit (ETP, contrat…)."
            found.append(Problem("unite", text, Severity.ALERTE))
        if any(p.ae < 0 or p.cp < 0 for p in self.plafonds):
            found.append(Problem("plafond_ae", "Un plafond ne peut pas être négatif."))
        if len({p.exercice for p in self.plafonds}) != len(self.plafonds):
            found.append(Problem("plafond_ae", "Un exercice a deux plafonds : en garder un."))
        return (*found, *texts_with_nul(self))


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

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if not self.libelle.strip():
            found.append(Problem("libelle", "Dire de quoi il s'agit (ex. : fonds de lutte contre les addictions)."))
        if not (self.theme or self.destination or self.dispositif):
            found.append(Problem("theme", "Dire dans quoi ce montant est compris : thème, destination ou dispositif."))
        if abs(self.montant) > money.LIMIT:
            found.append(Problem("montant", "Ce montant dépasse ce que le fichier peut porter."))
        return (*found, *texts_with_nul(self))

    def depassement(self, contenant: int) -> Problem | None:
        """An alert where this amount exceeds the one it is told to be inside, in cents."""
        if self.montant <= contenant:
            return None
        over = money.euros(self.montant - contenant, decimals=False)
        held = money.euros(contenant, decimals=False)
        text = f"« dont {self.libelle} » dépasse de {over} le montant qui le contient ({held}) : vérifier les deux."
        return Problem("montant", text, Severity.ALERTE)


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

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if self.genre not in GENRES:
            found.append(Problem("genre", f"« {self.genre} » n'est pas un genre de financement connu."))
        if not self.financeur.strip():
            found.append(Problem("financeur", "Donner le nom du financeur."))
        if self.montant < 0:
            found.append(Problem("montant", "Un financement ne peut pas être négatif."))
        if not 0 <= self.quantite <= QUANTITE_MAX:
            found.append(Problem("quantite", "La quantité va de 0 à 1 000 000."))
        if self.allocation_id is None and not self.dispositif:
            found.append(Problem("dispositif", "Rattacher ce financement à un dispositif ou à une allocation."))
        return (*found, *texts_with_nul(self))


@dataclass(frozen=True, slots=True)
class ValeurIndicateur:
    """What an indicator is said to be in the report of ``exercice``: a value of ``annee``, a target, in thousandths."""

    exercice: int
    annee: int
    valeur: int | None
    cible: int | None = None
    source: str = ""
    id: int | None = None

    @property
    def vide(self) -> bool:
        """Whether it says nothing that can be kept."""
        return self.valeur is None and self.cible is None


@dataclass(frozen=True, slots=True)
class Indicateur:
    """What a scheme is judged by, with its values by exercice, oldest first."""

    dispositif: str
    libelle: str
    unite: str = ""
    sens: str = "hausse"
    id: int | None = None
    valeurs: tuple[ValeurIndicateur, ...] = field(default=())

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if not self.libelle.strip():
            found.append(Problem("libelle", "Donner le nom de l'indicateur (ex. : patients vus)."))
        if not self.dispositif:
            found.append(Problem("dispositif", "Un indicateur appartient à un dispositif décrit."))
        if self.sens not in SENS:
            found.append(Problem("sens", f"« {self.sens} » n'est pas un sens connu."))
        for v in self.valeurs:
            if not 1990 <= v.annee <= 2100:
                found.append(Problem("annee", f"{v.annee} n'est pas une année (de 1990 à 2100)."))
        return (*found, *texts_with_nul(self))


def fir_maximal(regle: Dispositif, autres: int, quantite: int) -> int | None:
    """The most the FIR may pay, in cents, given the other funders (cents) and the quantity (hundredths of the unit).

    ``None`` where the scheme sets no limit. Half of the cost means no more than what the others pay (CLS: at most
    30 000 € for one ETP besides).
    """
    limits: list[int] = []
    if regle.part_max < PART_ENTIERE:
        limits.append(autres * regle.part_max // (PART_ENTIERE - regle.part_max))
    if regle.plafond_unite:
        limits.append(regle.plafond_unite * quantite // CENTIEME)
    return min(limits, default=None)
