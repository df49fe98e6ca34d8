"""What a mouvement means: natures of money that never share a column, the measures added up from them."""

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """Natures of a mouvement: money decided, committed, paid, and planned to be paid.

    A ``RETRAIT_ANTERIEUR`` takes back a commitment of an earlier exercice: it lowers what is left to pay on it and
    gives no credits back to any year. An ``ECHEANCE`` is CP planned for its exercice.
    """

    DEMANDE = "demande"
    SAISIE = "saisie"
    VALIDATION_INTER = "validation_inter"
    VALIDATION = "validation"
    NOTIFICATION = "notification"
    ENGAGEMENT = "engagement"
    RETRAIT = "retrait"
    RETRAIT_ANTERIEUR = "retrait_anterieur"
    PAIEMENT = "paiement"
    REPRISE = "reprise"
    ECHEANCE = "echeance"


class Mesure(StrEnum):
    """Figures added up from mouvements; the names are the columns of the summaries."""

    DEMANDE = "demande"
    SAISI = "saisi"
    VALIDE = "valide"
    NOTIFIE = "notifie"
    ENGAGE = "engage"
    PAYE = "paye"
    RETIRE = "retire"
    REPRIS = "repris"
    PREVU = "prevu"
    RETRAIT = "retrait"


#: Each measure as signed natures: AE engagée = engagements − retraits, CP payé = paiements − reprises. What is left to
#: pay, since the origin, is engagé − retiré − payé.
COMPOSITION: dict[Mesure, dict[Nature, int]] = {
    Mesure.DEMANDE: {Nature.DEMANDE: 1},
    Mesure.SAISI: {Nature.SAISIE: 1},
    Mesure.VALIDE: {Nature.VALIDATION: 1},
    Mesure.NOTIFIE: {Nature.NOTIFICATION: 1},
    Mesure.ENGAGE: {Nature.ENGAGEMENT: 1, Nature.RETRAIT: -1},
    Mesure.PAYE: {Nature.PAIEMENT: 1, Nature.REPRISE: -1},
    Mesure.RETIRE: {Nature.RETRAIT_ANTERIEUR: 1},
    Mesure.REPRIS: {Nature.REPRISE: 1},
    Mesure.PREVU: {Nature.ECHEANCE: 1},
    Mesure.RETRAIT: {Nature.RETRAIT: 1},
}

LIBELLES_MESURES = {
    Mesure.DEMANDE: "Demandé",
    Mesure.SAISI: "Saisi",
    Mesure.VALIDE: "Validé",
    Mesure.NOTIFIE: "Notifié",
    Mesure.ENGAGE: "AE engagée",
    Mesure.PAYE: "CP payé",
    Mesure.RETIRE: "Retiré sur exercices antérieurs",
    Mesure.REPRIS: "Repris",
    Mesure.PREVU: "CP prévu",
    Mesure.RETRAIT: "Retraits d'engagement",
}

LIBELLES_NATURES = {
    Nature.DEMANDE: "Demandé",
    Nature.SAISIE: "Saisi",
    Nature.VALIDATION_INTER: "Validation intermédiaire",
    Nature.VALIDATION: "Validé",
    Nature.NOTIFICATION: "Notifié",
    Nature.ENGAGEMENT: "Engagement (AE)",
    Nature.RETRAIT: "Retrait d'engagement",
    Nature.RETRAIT_ANTERIEUR: "Retrait sur exercice antérieur",
    Nature.PAIEMENT: "Paiement (CP)",
    Nature.REPRISE: "Reprise",
    Nature.ECHEANCE: "Échéance (CP prévu)",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """The cell an amount came from; ``lu`` is what the cell showed."""

    fichier: str
    sha256: str
    feuille: str
    cellule: str
    lu: str
    importe_le: str
    lot: int


@dataclass(frozen=True, slots=True)
class Etape:
    """What one operation wrote of one amount: ``lieu`` is its cell, ``None`` where it was typed.

    ``montant`` in cents, ``None`` where the amount was taken away.
    """

    nature: Nature
    exercice: int
    montant: int | None
    operation: int
    libelle: str
    faite_le: str
    lieu: Provenance | None = None


@dataclass(frozen=True, slots=True)
class Mouvement:
    """One amount of one nature, in cents; ``date`` ISO or empty.

    ``ej`` is the item of the commitment where it is not the allocation's own, ``piece`` the number of the document.
    """

    nature: Nature
    exercice: int
    montant: int
    date: str = ""
    reference: str = ""
    origine: str = "saisie"
    cellule: str = ""
    brut: str = ""
    ligne: int | None = None
    id: int | None = None
    ej: str = ""
    piece: str = ""


@dataclass(frozen=True, slots=True)
class PosteEJ:
    """One item of a commitment on one allocation: ``ej`` as it is written there, amounts in cents since the origin."""

    ej: str
    allocation: int
    reference: str
    operateur: str
    destination: str
    ae: int = 0
    cp: int = 0

    @property
    def reste_a_payer(self) -> int:
        return self.ae - self.cp


#: What each nature adds to the AE and to the CP of a commitment, since its origin.
EFFETS = {
    Nature.ENGAGEMENT: (1, 0),
    Nature.RETRAIT: (-1, 0),
    Nature.RETRAIT_ANTERIEUR: (-1, 0),
    Nature.PAIEMENT: (0, 1),
    Nature.REPRISE: (0, -1),
}


@dataclass(frozen=True, slots=True)
class LigneExecution:
    """One destination × enveloppe of a SIBC snapshot, in cents; ``None`` where the cell was empty.

    ``cellule`` is that of *EJ validés* (several, joined with commas, where rows were added up), ``lot`` its import.
    """

    destination: str
    libelle: str
    enveloppe: str
    ae_ouvertes: int | None
    cp_ouverts: int | None
    ej_valides: int | None
    decaissements: int | None
    cellule: str = ""
    lot: int | None = None
