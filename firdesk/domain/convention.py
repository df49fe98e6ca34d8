"""The act that binds the agency and an operator: decision, convention, market; its years, and what follows it."""

from dataclasses import dataclass, field

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
