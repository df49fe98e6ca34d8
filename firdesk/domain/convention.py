"""The act that binds the agency and an operator: decision, convention, market; its years, and what follows it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from firdesk.domain.echeancier import Echeancier
from firdesk.domain.jour import is_day
from firdesk.domain.problem import Problem, Severity, texts_with_nul

NATURES = {
    "decision": "Décision attributive",
    "arrete": "Arrêté",
    "convention": "Convention",
    "avenant": "Avenant",
    "cpom": "CPOM",
    "contrat": "Contrat individuel",
    "marche": "Marché",
}
ETATS = {
    "en_cours": "En cours",
    "a_renouveler": "À renouveler",
    "echue": "Échue",
}
#: How long before its end an act is to be renewed, in days.
PREAVIS = 183


@dataclass(frozen=True, slots=True)
class AnneeConvention:
    """AE that the act foresees for one exercice, in cents."""

    exercice: int
    montant: int
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Convention:
    """One act; days ISO or empty. ``parent_id`` is the act that an avenant changes.

    ``duree_engagement`` is the number of years the beneficiary must stay (CRAI: 5), 0 where there is no such duty.
    """

    nature: str
    numero: str
    operateur_id: int
    objet: str = ""
    signee_le: str = ""
    debut: str = ""
    fin: str = ""
    parent_id: int | None = None
    duree_engagement: int = 0
    note: str = ""
    id: int | None = None
    annees: tuple[AnneeConvention, ...] = field(default=())

    @property
    def montant(self) -> int:
        """AE of all its years, in cents."""
        return sum(a.montant for a in self.annees)

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving, and what deserves a look."""
        found: list[Problem] = []
        if self.nature not in NATURES:
            found.append(Problem("nature", f"« {self.nature} » n'est pas une nature d'acte connue."))
        if not self.numero.strip():
            found.append(Problem("numero", "Donner le numéro de l'acte : c'est par lui qu'on le retrouve."))
        if not self.operateur_id:
            found.append(Problem("operateur", "Choisir l'opérateur avec qui l'acte est passé."))
        for name, label in (("signee_le", "signature"), ("debut", "début"), ("fin", "fin")):
            day = getattr(self, name)
            if day and not is_day(day):
                found.append(Problem(name, f"« {day} » n'est pas une date du calendrier ({label})."))
        if self.debut and self.fin and self.fin < self.debut:
            found.append(Problem("fin", "La fin précède le début : corriger l'une des deux dates."))
        if self.nature == "avenant" and self.parent_id is None:
            found.append(Problem("parent", "Dire de quel acte c'est l'avenant.", Severity.ALERTE))
        if self.parent_id is not None and self.parent_id == self.id:
            found.append(Problem("parent", "Un acte ne peut pas être son propre avenant."))
        if len({a.exercice for a in self.annees}) != len(self.annees):
            found.append(Problem("annees", "Un exercice figure deux fois : réunir ses montants sur une ligne."))
        return (*found, *texts_with_nul(self))


@dataclass(frozen=True, slots=True)
class Suivi:
    """An act with its avenants, and what happened on the allocations bound to any of them.

    ``jour`` is the ISO day from which its state is judged; ``nombre`` counts the allocations.
    """

    convention: Convention
    operateur: str
    avenants: tuple[Convention, ...]
    nombre: int
    echeancier: Echeancier
    jour: str

    @property
    def actes(self) -> tuple[Convention, ...]:
        """The act, then its avenants in the order they were signed."""
        return (self.convention, *sorted(self.avenants, key=lambda a: (a.signee_le or a.debut, a.id or 0)))

    @property
    def montants(self) -> dict[int, int]:
        """AE that the act and its avenants foresee, by exercice, in cents."""
        found: dict[int, int] = {}
        for annee in (x for acte in self.actes for x in acte.annees):
            found[annee.exercice] = found.get(annee.exercice, 0) + annee.montant
        return dict(sorted(found.items()))

    @property
    def montant(self) -> int:
        return sum(self.montants.values())

    @property
    def debut(self) -> str:
        return min((a.debut for a in self.actes if a.debut), default="")

    @property
    def fin(self) -> str:
        """The end that the latest act gives, or that of the duty where it lasts longer."""
        told = [a.fin for a in self.actes if a.fin]
        return max([*told[-1:], *(fin_engagement(a) for a in self.actes)], default="")

    @property
    def etat(self) -> str:
        """A key of :data:`ETATS`; an act without end is under way."""
        if not self.fin:
            return "en_cours"
        if self.fin < self.jour:
            return "echue"
        soon = date.fromisoformat(self.fin) - timedelta(days=PREAVIS) <= date.fromisoformat(self.jour)
        return "a_renouveler" if soon else "en_cours"

    @property
    def a_retirer(self) -> int:
        """AE that will not be paid: what is left once the act has ended, or once all it foresees is paid; in cents."""
        left = self.echeancier.reste_a_payer
        paid = 0 < self.montant <= self.echeancier.cp
        return left if left > 0 and (self.etat == "echue" or paid) else 0


def fin_engagement(convention: Convention) -> str:
    """The day until which the beneficiary must stay, ISO; empty where there is no such duty."""
    if not (convention.duree_engagement and convention.debut):
        return ""
    first = date.fromisoformat(convention.debut)
    year = first.year + convention.duree_engagement
    try:
        last = first.replace(year=year)
    except ValueError:  # 29 February
        last = date(year, 3, 1)
    return (last - timedelta(days=1)).isoformat()
