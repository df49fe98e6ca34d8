"""Tables of figures along one or two axes; totals are sums of lines, never read elsewhere."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from firdesk.domain.execution import LIBELLES_MESURES, Mesure
from firdesk.domain.money import parts


class Axe(StrEnum):
    """What a table can be cut along (names of the command line)."""

    MISSION = "mission"
    DESTINATION = "destination"
    THEME = "theme"
    DEPARTEMENT = "departement"
    OPERATEUR = "operateur"
    ENVELOPPE = "enveloppe"
    EXERCICE = "exercice"
    CARACTERE = "caractere"
    DISPOSITIF = "dispositif"
    CANAL = "canal"
    CONVENTION = "convention"


LIBELLES_AXES = {
    Axe.MISSION: "Mission",
    Axe.DESTINATION: "Destination",
    Axe.THEME: "Thème",
    Axe.DEPARTEMENT: "Département",
    Axe.OPERATEUR: "Opérateur",
    Axe.ENVELOPPE: "Enveloppe",
    Axe.EXERCICE: "Exercice",
    Axe.CARACTERE: "Caractère",
    Axe.DISPOSITIF: "Dispositif",
    Axe.CANAL: "Canal",
    Axe.CONVENTION: "Convention",
}


class Valeur(StrEnum):
    """What a table can be about (names of the command line): the measures added up, and what is left to pay."""

    NOTIFIE = "notifie"
    ENGAGE = "engage"
    PAYE = "paye"
    SAISI = "saisi"
    RETIRE = "retire"
    REPRIS = "repris"
    PREVU = "prevu"
    RESTE_A_PAYER = "reste_a_payer"


LIBELLES_VALEURS: dict[Valeur, str] = {
    **{v: LIBELLES_MESURES[Mesure(v.value)] for v in Valeur if v is not Valeur.RESTE_A_PAYER},
    Valeur.RESTE_A_PAYER: "Reste à payer",
}
_ATTRIBUTS = {Valeur.ENGAGE: "ae_engagee", Valeur.PAYE: "cp_paye"}
#: What an exercice alone cannot say: unknown where neither a snapshot nor a mouvement says what was engaged and paid.
EXECUTEES = frozenset({Valeur.ENGAGE, Valeur.PAYE, Valeur.RESTE_A_PAYER})


@dataclass(frozen=True, slots=True)
class Ligne:
    """One combination of keys: codes, labels, number of allocations and amounts in cents.

    ``paye_planifie`` is what, of ``cp_paye``, was paid on commitments that have payments planned.
    ``reste_ailleurs`` is what the exercices left out of the other amounts leave to pay: that is never said of one year.
    """

    cle: tuple[str, ...]
    libelle: tuple[str, ...]
    nombre: int
    notifie: int
    ae_engagee: int
    cp_paye: int
    saisi: int = 0
    retire: int = 0
    repris: int = 0
    prevu: int = 0
    paye_planifie: int = 0
    reste_ailleurs: int = 0

    @property
    def reste_a_payer(self) -> int:
        """What is left to pay of what was committed, since the origin where every exercice is counted."""
        return self.ae_engagee - self.retire - self.cp_paye + self.reste_ailleurs

    def valeur(self, valeur: Valeur) -> int:
        """One amount by its name."""
        return int(getattr(self, _ATTRIBUTS.get(valeur, str(valeur))))


@dataclass(frozen=True, slots=True)
class Synthese:
    """Lines along ``axes``; ``source`` says whether engaged and paid come from SIBC, mouvements or nowhere.

    ``mixte``: from SIBC for the exercices that have a snapshot, from mouvements for the others; never both added.
    """

    axes: tuple[Axe, ...]
    exercice: int | None
    lignes: tuple[Ligne, ...]
    source: str = "mouvements"
    source_date: str = ""

    @property
    def engage_connu(self) -> bool:
        """Whether anything says what was engaged: payments alone do not."""
        return self.source == "sibc" or any(x.ae_engagee for x in self.lignes)

    @property
    def total(self) -> Ligne:
        """The sum of the lines."""
        return Ligne(
            cle=(),
            libelle=("Total",),
            nombre=sum(x.nombre for x in self.lignes),
            notifie=sum(x.notifie for x in self.lignes),
            ae_engagee=sum(x.ae_engagee for x in self.lignes),
            cp_paye=sum(x.cp_paye for x in self.lignes),
            saisi=sum(x.saisi for x in self.lignes),
            retire=sum(x.retire for x in self.lignes),
            repris=sum(x.repris for x in self.lignes),
            prevu=sum(x.prevu for x in self.lignes),
            paye_planifie=sum(x.paye_planifie for x in self.lignes),
            reste_ailleurs=sum(x.reste_ailleurs for x in self.lignes),
        )

    def parts(self, valeur: Valeur = Valeur.NOTIFIE, *, decimals: int = 1) -> list[Decimal]:
        """Share of each line in the total of one amount (what was notified), adding up to 100 exactly."""
        return parts([x.valeur(valeur) for x in self.lignes], decimals=decimals)
