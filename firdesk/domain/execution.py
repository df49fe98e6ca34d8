"""What a mouvement means: nine natures of money that never share a column, six measures added from them."""

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """Natures of a mouvement (DOMAIN §3: seven amounts, validation and AE each in two steps)."""

    DEMANDE = "demande"
    SAISIE = "saisie"
    VALIDATION_INTER = "validation_inter"
    VALIDATION = "validation"
    NOTIFICATION = "notification"
    ENGAGEMENT = "engagement"
    RETRAIT = "retrait"
    PAIEMENT = "paiement"
    REPRISE = "reprise"


class Mesure(StrEnum):
    """Figures added up from mouvements; the names are the columns of the summaries."""

    DEMANDE = "demande"
    SAISI = "saisi"
    VALIDE = "valide"
    NOTIFIE = "notifie"
    ENGAGE = "engage"
    PAYE = "paye"


#: Each measure as signed natures: AE engagée = engagements − retraits, CP payé = paiements − reprises.
COMPOSITION: dict[Mesure, dict[Nature, int]] = {
    Mesure.DEMANDE: {Nature.DEMANDE: 1},
    Mesure.SAISI: {Nature.SAISIE: 1},
    Mesure.VALIDE: {Nature.VALIDATION: 1},
    Mesure.NOTIFIE: {Nature.NOTIFICATION: 1},
    Mesure.ENGAGE: {Nature.ENGAGEMENT: 1, Nature.RETRAIT: -1},
    Mesure.PAYE: {Nature.PAIEMENT: 1, Nature.REPRISE: -1},
}

LIBELLES_MESURES = {
    Mesure.DEMANDE: "Demandé",
    Mesure.SAISI: "Saisi",
    Mesure.VALIDE: "Validé",
    Mesure.NOTIFIE: "Notifié",
    Mesure.ENGAGE: "AE engagée",
    Mesure.PAYE: "CP payé",
}

LIBELLES_NATURES = {
    Nature.DEMANDE: "Demandé",
    Nature.SAISIE: "Saisi",
    Nature.VALIDATION_INTER: "Validation intermédiaire",
    Nature.VALIDATION: "Validé",
    Nature.NOTIFICATION: "Notifié",
    Nature.ENGAGEMENT: "Engagement (AE)",
    Nature.RETRAIT: "Retrait d'engagement",
    Nature.PAIEMENT: "Paiement (CP)",
    Nature.REPRISE: "Reprise",
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
    """One amount of one nature, in cents; ``date`` ISO or empty."""

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
