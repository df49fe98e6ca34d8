"""Tables of figures along one or two axes; totals are sums of lines, never read elsewhere."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

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


LIBELLES_AXES = {
    Axe.MISSION: "Mission",
    Axe.DESTINATION: "Destination",
    Axe.THEME: "Thème",
    Axe.DEPARTEMENT: "Département",
    Axe.OPERATEUR: "Opérateur",
    Axe.ENVELOPPE: "Enveloppe",
    Axe.EXERCICE: "Exercice",
    Axe.CARACTERE: "Caractère",
}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One combination of keys: codes, labels, number of allocations and amounts in cents."""

    cle: tuple[str, ...]
    libelle: tuple[str, ...]
    nombre: int
    notifie: int
    ae_engagee: int
    cp_paye: int
    saisi: int = 0


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
        )

    def parts(self, *, decimals: int = 1) -> list[Decimal]:
        """Share of each line in the notified total, adding up to 100 exactly."""
        return parts([x.notifie for x in self.lignes], decimals=decimals)
