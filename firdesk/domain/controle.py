"""What deserves a look in the money of an exercice: warnings, never refusals. Pure rules over a few figures, in cents.

Each rule has its source (DOMAIN: CSP L1435-9 and L1435-10, arrêté du 22 juin 2018); thresholds are given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from firdesk.domain.allocation import Filtre

#: What may be carried over of unused AE, in ten-thousandths of the AE authorised (arrêté du 22 juin 2018).
REPORT_AE = 300
#: Sums notified lapse on 31 December of the n-th exercice after their notification (CSP art. L1435-10).
PRESCRIPTION = 3


#: The parts of recettes that pay for one purpose only: their name, the enveloppe that may use them, what they are for.
PROTEGEES = (
    ("protege_prevention", "PREVENTION", "prévention"),
    ("protege_medico_social", "MEDICO-SOCIAL", "médico-social"),
)
#: How grave an alert is, gravest first.
GRAVITES = {"grave": "Grave", "alerte": "À vérifier", "info": "À savoir"}
REGLES = {
    "credits_depasses": "Crédits dépassés",
    "plafond_dispositif": "Plafond de dispositif dépassé",
    "flechage_depasse": "Fléchage dépassé",
    "cp_sans_ae": "CP sans AE",
    "paye_sans_engagement": "Payé sans engagement",
    "paye_au_dela": "Payé au-delà de l'engagé",
    "part_protegee": "Part protégée entamée",
    "ae_non_reportables": "AE non reportables",
    "prescription": "Prescription",
    "echeance_impayee": "Échéance passée impayée",
    "cofinancement": "Montants « dont » et cofinancements",
    "ligne_disparue": "Lignes disparues",
    "destination_inconnue": "Destinations inconnues",
    "sans_theme": "Lignes sans thème",
    "cloture": "Avant de clore",
}


@dataclass(frozen=True, slots=True)
class Alerte:
    """A warning: which of ``REGLES``, how grave (``GRAVITES``), a sentence without its full stop, cents at stake.

    Behind it the lines of ``filtre``, as many as ``lignes``, or a ``page`` with its argument. ``source`` is what the
    rule says or is judged against.
    """

    regle: str
    gravite: str
    texte: str
    montant: int = 0
    filtre: Filtre | None = None
    page: tuple[str, object] | None = None
    lignes: int = 0
    source: str = ""


def ordonner(alertes: Iterable[Alerte]) -> list[Alerte]:
    """Gravest first, then the largest amount."""
    order = list(GRAVITES)
    return sorted(alertes, key=lambda a: (order.index(a.gravite), -a.montant))


class Poste(NamedTuple):
    """Opened against used, for one destination, one mission or the whole; cents."""

    cle: str
    libelle: str
    ae_ouvertes: int
    ae_engagees: int
    cp_ouverts: int
    cp_payes: int


@dataclass(frozen=True, slots=True)
class Depassement:
    """Credits used above what was opened; ``credits`` is ``AE`` or ``CP``."""

    poste: Poste
    credits: str
    montant: int


def depassements(postes: list[Poste]) -> list[Depassement]:
    """AE engaged or CP paid above the opened, largest first; a line where nothing is opened counts too."""
    found = []
    for p in postes:
        for credits_, used, opened in (("AE", p.ae_engagees, p.ae_ouvertes), ("CP", p.cp_payes, p.cp_ouverts)):
            if used > opened:
                found.append(Depassement(p, credits_, used - opened))
    return sorted(found, key=lambda d: -d.montant)


def cp_sans_ae(postes: list[Poste]) -> list[Poste]:
    """Lines where CP are opened or paid though no AE ever was."""
    return [p for p in postes if (p.cp_ouverts or p.cp_payes) and not (p.ae_ouvertes or p.ae_engagees)]


def ae_non_reportables(ouvertes: int, engagees: int, part: int = REPORT_AE) -> int:
    """Unused AE that may not be carried over: beyond ``part`` ten-thousandths of those authorised."""
    unused = max(0, ouvertes - engagees)
    return max(0, unused - ouvertes * part // 10_000)


def atteinte_protegee(recettes: int, protege: int, engage_ailleurs: int) -> int:
    """What other purposes took of a protected part: their commitments beyond the money that is not protected."""
    return max(0, engage_ailleurs - (recettes - protege))


def prescription(campagne: int, annees: int = PRESCRIPTION) -> str:
    """ISO day when what was notified in ``campagne`` and never paid lapses."""
    return f"{campagne + annees}-12-31"
