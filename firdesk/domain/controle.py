"""What deserves a look in the money of an exercice: warnings, never refusals. Pure rules over a few figures, in cents.

Each rule has its source (DOMAIN: CSP L1435-9 and L1435-10, arrêté du 22 juin 2018); thresholds are given.
"""

from dataclasses import dataclass
from typing import NamedTuple

#: What may be carried over of unused AE, in ten-thousandths of the AE authorised (arrêté du 22 juin 2018).
REPORT_AE = 300
#: Sums notified lapse on 31 December of the n-th exercice after their notification (CSP art. L1435-10).
PRESCRIPTION = 3


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
