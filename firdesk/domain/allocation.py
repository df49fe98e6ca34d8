"""The line the delegate knows: one decision to fund one operator for one action."""

from dataclasses import dataclass, field, replace

from firdesk.domain import money
from firdesk.domain.execution import Mouvement
from firdesk.domain.jour import is_day
from firdesk.domain.problem import Problem, Severity, texts_with_nul

CARACTERES = {
    "inconnu": "Non précisé",
    "perenne": "Pérenne",
    "non_reconductible": "Non reconductible",
}
CANAUX = {
    "operateur": "Opérateur",
    "commande_publique": "Commande publique",
    "guichet": "Guichet",
}
STATUTS = {"active": "Active", "disparue": "Disparue du dernier export"}
AVANCEMENTS = {
    "a_notifier": "À notifier",
    "notifie": "Notifiée",
    "engage": "Engagée (AE)",
    "paye": "Payée (CP)",
    "reste_a_payer": "Reste à payer",
    "paye_au_dela": "Payé au-delà de l'engagé",
    "paye_sans_engagement": "Payé sans engagement",
    "echeance_impayee": "Échéance passée impayée",
}


@dataclass(frozen=True, slots=True)
class Allocation:
    """A decision with the money that moved on it; codes are those of the reference tables, empty when unknown."""

    exercice: int
    operateur_id: int
    destination: str
    theme: str = ""
    enveloppe: str = ""
    dispositif: str = ""
    objet: str = ""
    caractere: str = "inconnu"
    canal: str = "operateur"
    ej: str = ""
    notification: str = ""
    decision: str = ""
    type_decision: str = ""
    date_notification: str = ""
    payeur: str = ""
    motivation: str = ""
    projet: str = ""
    code_ars: str = ""
    cle: str = ""
    statut: str = "active"
    theme_choisi: bool = False
    note: str = ""
    convention_id: int | None = None
    numero: int = 0
    id: int | None = None
    mouvements: tuple[Mouvement, ...] = field(default=())

    @property
    def reference(self) -> str:
        """``2025-0412``, the name of the line on screen and on paper."""
        return f"{self.exercice}-{self.numero:04d}"

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving, and what deserves a look; the same for form, import and command line."""
        found: list[Problem] = []
        if not self.operateur_id:
            found.append(Problem("operateur", "Choisir l'opérateur qui reçoit le financement."))
        if not self.destination:
            found.append(Problem("destination", "Choisir la destination de la nomenclature (ex. : MI2-3-8)."))
        if not 2000 <= self.exercice <= 2100:
            found.append(Problem("exercice", f"{self.exercice} n'est pas un exercice (de 2000 à 2100)."))
        if self.caractere not in CARACTERES:
            found.append(Problem("caractere", f"« {self.caractere} » n'est pas un caractère connu."))
        if self.canal not in CANAUX:
            found.append(Problem("canal", f"« {self.canal} » n'est pas un canal connu."))
        if self.date_notification and not is_day(self.date_notification):
            found.append(
                Problem("date_notification", f"« {self.date_notification} » n'est pas une date du calendrier.")
            )
        if not self.theme:
            found.append(Problem("theme", "Sans thème, la ligne sera comptée à part.", Severity.ALERTE))
        for m in self.mouvements:
            if abs(m.montant) > money.LIMIT:
                found.append(Problem("montant", "Ce montant dépasse ce que le fichier peut porter."))
            if m.date and not is_day(m.date):
                found.append(Problem("montant", f"« {m.date} » n'est pas une date du calendrier."))
        return (*found, *texts_with_nul(replace(self, mouvements=())))


@dataclass(frozen=True, slots=True)
class LigneAllocation:
    """One row of the table: labels resolved, amounts in cents, ``None`` when nothing was written of that kind."""

    id: int
    reference: str
    exercice: int
    operateur: str
    departement: str
    destination: str
    mission: str
    theme: str
    enveloppe: str
    objet: str
    ej: str
    date_notification: str
    saisi: int | None
    notifie: int | None
    engage: int | None
    paye: int | None
    statut: str
    caractere: str


@dataclass(frozen=True, slots=True)
class Filtre:
    """Which allocations: every criterion given must hold; ``texte`` looks in operator, object, EJ and codes.

    ``""`` inside a tuple stands for "not set" (no theme, no département…). ``avancements`` are keys of
    ``AVANCEMENTS``: how far the money went. ``lieux`` are départements where the money acts, or ``region``.
    ``lignes`` are allocations by number, chosen by another page.
    """

    exercice: int | None = None
    missions: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    enveloppes: tuple[str, ...] = ()
    operateurs: tuple[int, ...] = ()
    caracteres: tuple[str, ...] = ()
    dispositifs: tuple[str, ...] = ()
    canaux: tuple[str, ...] = ()
    conventions: tuple[int, ...] = ()
    lieux: tuple[str, ...] = ()
    statuts: tuple[str, ...] = ()
    avancements: tuple[str, ...] = ()
    lots: tuple[int, ...] = ()
    lignes: tuple[int, ...] = ()
    texte: str = ""

    @property
    def empty(self) -> bool:
        return self == Filtre(exercice=self.exercice)


@dataclass(frozen=True, slots=True)
class Somme:
    """Count and sums of a set of allocations, in cents."""

    nombre: int = 0
    saisi: int = 0
    notifie: int = 0
    engage: int = 0
    paye: int = 0


@dataclass(frozen=True, slots=True)
class Origine:
    """Where an allocation comes from: when it was created, the profile and day of its last import, its last edit.

    Moments are ISO, empty when there was none.
    """

    creee_le: str = ""
    profil: str = ""
    importee_le: str = ""
    modifiee_le: str = ""
