"""Money that comes in: arrêtés and titres de recettes, their protected parts, what they are reserved for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from firdesk.domain.jour import is_day
from firdesk.domain.money import LIMIT, euros
from firdesk.domain.problem import Problem, Severity, texts_with_nul

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

    def encaisse_au(self, au: str) -> int:
        """What was collected at a day (ISO), all of it without a day."""
        return self.encaisse if not au or (self.encaissee_le and self.encaissee_le <= au) else 0

    @property
    def propre(self) -> bool:
        """Whether it is the agency's own money rather than delegated by an arrêté."""
        return self.source == "ressources_propres"

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
        if abs(self.montant) > LIMIT:
            found.append(Problem("montant", "Ce montant dépasse ce que le fichier peut porter."))
        if self.encaisse and not self.encaissee_le:
            told = "Sans date d'encaissement, ce montant ne compte pas dans un cumul à une date."
            found.append(Problem("encaissee_le", told, Severity.ALERTE))
        if self.encaissee_le and not self.encaisse:
            found.append(Problem("encaisse", "Indiquer le montant encaissé à cette date, ou effacer la date."))
        if abs(self.encaisse) > abs(self.montant):
            over = euros(abs(self.encaisse) - abs(self.montant), decimals=True)
            told = f"L'encaissé dépasse la recette de {over} : vérifier le montant."
            found.append(Problem("encaisse", told, Severity.ALERTE))
        if not self.date:
            told = "Sans date, la recette ne compte que dans le cumul de l'année entière."
            found.append(Problem("date", told, Severity.ALERTE))
        aimed = sum(f.montant for f in self.flechages)
        if abs(aimed) > abs(self.montant):
            over = euros(abs(aimed) - abs(self.montant), decimals=True)
            found.append(Problem("flechages", f"Le fléchage dépasse la recette de {over} : le réduire."))
        if any(bool(f.theme) == bool(f.destination) for f in self.flechages):
            found.append(Problem("flechages", "Flécher vers un thème ou vers une destination, l'un des deux."))
        return (*found, *texts_with_nul(self))


@dataclass(frozen=True, slots=True)
class Cumul:
    """Recettes added up at a day (``au`` ISO, empty: the whole exercice), in cents.

    ``sans_date`` counts those that no day places: left out of a cumul at a day.
    """

    au: str
    deleguees: int
    propres: int
    encaisse: int
    parts: tuple[int, ...]
    nombre: int
    sans_date: int = 0

    @property
    def total(self) -> int:
        return self.deleguees + self.propres


def comptees(recettes: Iterable[Recette], au: str = "") -> tuple[Recette, ...]:
    """The recettes dated at the latest of a day; all of them without a day."""
    return tuple(r for r in recettes if not au or (r.date and r.date <= au))


def cumuler(recettes: Iterable[Recette], au: str = "") -> Cumul:
    """The recettes of an exercice added up at a day; what was collected later is not collected yet."""
    every = tuple(recettes)
    kept = comptees(every, au)
    return Cumul(
        au,
        deleguees=sum(r.montant for r in kept if not r.propre),
        propres=sum(r.montant for r in kept if r.propre),
        encaisse=sum(r.encaisse_au(au) for r in kept),
        parts=tuple(sum(getattr(r, name) for r in kept) for name, _ in PARTS),
        nombre=len(kept),
        sans_date=sum(not r.date for r in every) if au else 0,
    )


@dataclass(frozen=True, slots=True)
class Suivi:
    """What was reserved to one theme or one destination, and what was consumed there.

    ``consomme`` is what was engaged at that grain where something says it, else what was notified: ``mesure`` says
    which. A destination counts with those under it.
    """

    theme: str
    destination: str
    libelle: str
    fleche: int
    consomme: int
    mesure: str

    @property
    def reste(self) -> int:
        return self.fleche - self.consomme


@dataclass(frozen=True, slots=True)
class Equilibre:
    """The balance of an exercice: ``None`` where no recette is known, or nothing says what was engaged or paid.

    ``decaisse`` is gross: what was recovered from operators is a recette, not a payment less.
    """

    recettes: int | None
    report: int
    engage: int | None
    decaisse: int | None

    @property
    def tresorerie(self) -> int | None:
        """Recettes + report − CP décaissés."""
        if self.recettes is None or self.decaisse is None:
            return None
        return self.recettes + self.report - self.decaisse

    @property
    def engage_sans_recette(self) -> int | None:
        """AE engagées − recettes: above zero, more was committed than came in."""
        return self.engage - self.recettes if self.engage is not None and self.recettes is not None else None
