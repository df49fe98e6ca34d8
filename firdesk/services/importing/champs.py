"""What a column of a known export is: its name, how its cells are read; and what makes a profile of several columns.

Knows no export of its own (:mod:`profils` has them) and nothing of sheets.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from firdesk.domain.encodage import decode_deux_fois
from firdesk.domain.operateur import sans_accents


class Genre(StrEnum):
    """How the cells of a column are read."""

    TEXTE = "texte"
    LIBELLE = "libelle"
    MONTANT = "montant"
    DATE = "date"
    EXERCICE = "exercice"
    DEPARTEMENT = "departement"
    CODE_POSTAL = "code_postal"
    SIRET = "siret"
    SIREN = "siren"
    IDENTIFIANT = "identifiant"
    CODE_ARS = "code_ars"
    DESTINATION = "destination"
    CODE_POSSIBLE = "code_possible"


class Famille(StrEnum):
    """What a line is: one allocation, one destination of the budget's execution, or one payment."""

    ENGAGEMENTS = "engagements"
    EXECUTION = "execution"
    PAIEMENTS = "paiements"


@dataclass(frozen=True, slots=True)
class Champ:
    """One column: our name, the export's header, other headers it has been given.

    ``vagues`` are names that may mean something else: understood where nothing better is there, and always told.
    """

    code: str
    entete: str
    genre: Genre = Genre.TEXTE
    requis: bool = False
    autres: tuple[str, ...] = ()
    vagues: tuple[str, ...] = ()


#: The parts of a natural key beside the campagne.
Cle = tuple[tuple[str, ...], ...]
#: Agency, EJ (in HAPI its number in the former tool stands in), notification, destination, operator (DOMAIN §2.2).
CLE_EXPORT: Cle = (
    ("code_ars",),
    ("ej", "pep_engagement"),
    ("notification",),
    ("destination",),
    ("identifiant", "siret", "nom"),
)


@dataclass(frozen=True, slots=True)
class Profil:
    """One export; of each group in ``un_parmi`` at least one column must be there, ``identite`` tells lines
    from totals (the year or the date first, then what only a real line holds).

    ``cle`` is the natural key of a line: for each part the columns of which the first filled one is taken, or a
    constant after ``=``. A profile that is not ``automatique`` is only used when it is chosen; so is one that has
    ``signes`` where none of these headers is met. ``annee`` is the date that gives the campagne, which has no column.
    """

    nom: str
    libelle: str
    famille: Famille
    champs: tuple[Champ, ...]
    un_parmi: tuple[tuple[str, ...], ...]
    identite: tuple[str, ...]
    total: str
    cle: Cle = CLE_EXPORT
    automatique: bool = True
    signes: tuple[str, ...] = ()
    annee: str = ""

    def champ(self, code: str) -> Champ:
        return next(c for c in self.champs if c.code == code)

    @property
    def montants(self) -> tuple[Champ, ...]:
        return tuple(c for c in self.champs if c.genre is Genre.MONTANT)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """A header without case, accents, line breaks nor punctuation: ``N° de l'EJ`` → ``n de l ej``."""
    plain = sans_accents((decode_deux_fois(text) or text).replace("º", "").replace("°", "").replace("\u2019", "'"))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def champ(code: str, entete: str, genre: Genre = Genre.TEXTE, *autres: str, requis: bool = False) -> Champ:
    """A column as the profiles write it."""
    return Champ(code, entete, genre, requis, autres)


T, L, M = Genre.TEXTE, Genre.LIBELLE, Genre.MONTANT
