"""Money that comes in: arrêtés and titres de recettes, their protected parts, what they are reserved for."""

from dataclasses import dataclass, field

from firdesk.domain.jour import is_day
from firdesk.domain.money import euros
from firdesk.domain.problem import Problem, texts_with_nul

NATURES = {
    "arrete_initial": "Arrêté initial",
    "arrete_complementaire": "Arrêté complémentaire",
    "arrete_final": "Arrêté final",
    "titre": "Titre de recettes",
    "autre": "Autre recette",
}
SOURCES = {
    "assurance_maladie": "Assurance maladie",
    "cnsa": "CNSA",
    "fongibilite": "Fongibilité",
    "ressources_propres": "Ressources propres",
}
#: The parts that add up to the amount: name, label (CSP art. L1435-9).
PARTS = (
    ("fongible", "Fongible"),
    ("protege_prevention", "Protégé prévention"),
    ("protege_medico_social", "Protégé médico-social"),
    ("sanctuarise", "Sanctuarisé"),
)


@dataclass(frozen=True, slots=True)
class Flechage:
    """A part of a recette reserved to one theme or one destination (never both), in cents."""

    montant: int
    theme: str = ""
    destination: str = ""
    libelle: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Recette:
    """One line of an arrêté (one source), a titre or another income; cents, days ISO or empty.

    ``encaisse`` is what was collected; ``mouvement_id`` the reprise that a titre recovers.
    """

    exercice: int
    nature: str
    source: str
    montant: int
    numero: str = ""
    date: str = ""
    libelle: str = ""
    fongible: int = 0
    protege_prevention: int = 0
    protege_medico_social: int = 0
    sanctuarise: int = 0
    encaisse: int = 0
    encaissee_le: str = ""
    mouvement_id: int | None = None
    id: int | None = None
    flechages: tuple[Flechage, ...] = field(default=())

    @property
    def parts(self) -> int:
        """What its four parts add up to, in cents."""
        return self.fongible + self.protege_prevention + self.protege_medico_social + self.sanctuarise

    @property
    def a_encaisser(self) -> int:
        return self.montant - self.encaisse

    def problems(self) -> tuple[Problem, ...]:
        """What prevents saving."""
        found: list[Problem] = []
        if self.nature not in NATURES:
            found.append(Problem("nature", f"« {self.nature} » n'est pas une nature de recette connue."))
        if self.source not in SOURCES:
            found.append(Problem("source", f"« {self.source} » n'est pas une source connue."))
        for name in ("date", "encaissee_le"):
            day = getattr(self, name)
            if day and not is_day(day):
                found.append(Problem(name, f"« {day} » n'est pas une date du calendrier."))
        if self.parts != self.montant:
            gap = euros(self.montant - self.parts, decimals=True)
            found.append(
                Problem("parts", f"Les quatre parts n'égalent pas le montant (écart {gap}) : corriger l'une d'elles.")
            )
        told = sum(f.montant for f in self.flechages)
        if abs(told) > abs(self.montant):
            over = euros(told - self.montant, decimals=True)
            found.append(Problem("flechages", f"Le fléchage dépasse la recette de {over} : le réduire."))
        if any(bool(f.theme) == bool(f.destination) for f in self.flechages):
            found.append(Problem("flechages", "Flécher vers un thème ou vers une destination, l'un des deux."))
        return (*found, *texts_with_nul(self))
