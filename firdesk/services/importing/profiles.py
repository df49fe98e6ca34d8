"""The known exports by name, and what their headers stand for.

Knows nothing of sheets: :mod:`recognise` looks for these columns in one.
"""

from functools import cache

from firdesk.services.importing.champs import Champ, Famille, Genre, Profil, fold
from firdesk.services.importing.profils.hapi import HAPI
from firdesk.services.importing.profils.paiements import PAIEMENTS
from firdesk.services.importing.profils.scdl import SCDL
from firdesk.services.importing.profils.sibc import SIBC
from firdesk.services.importing.profils.starsfir import STARSFIR

__all__ = ["CLE", "PROFILS", "Champ", "Famille", "Genre", "Profil", "fold", "names", "signes", "vague_names"]

PROFILS: dict[str, Profil] = {p.nom: p for p in (STARSFIR, HAPI, SIBC, PAIEMENTS, SCDL)}

#: Columns that make the natural key of a line (DOMAIN §2.2): without them a second import would double it.
CLE = ("campagne", "code_ars", "ej", "notification", "identifiant")


@cache
def names(profil: str) -> dict[str, tuple[str, bool]]:
    """Folded header → (column code, whether it is the export's own header) for one profile."""
    found: dict[str, tuple[str, bool]] = {}
    for champ in PROFILS[profil].champs:
        for autre in champ.autres:
            found.setdefault(fold(autre), (champ.code, False))
    for champ in PROFILS[profil].champs:
        found[fold(champ.entete)] = (champ.code, True)
    return found


@cache
def vague_names(profil: str) -> dict[str, str]:
    """Folded header → column code, for names that may mean something else."""
    return {fold(v): champ.code for champ in PROFILS[profil].champs for v in champ.vagues}


@cache
def signes(profil: str) -> frozenset[str]:
    """The folded headers of which one must be there, empty where any table may be this export."""
    return frozenset(fold(text) for text in PROFILS[profil].signes)
