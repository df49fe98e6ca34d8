"""How the cells of each kind of column are read, each distinct value once.

A cell that means what it shows gives its plain value; any other gives :class:`Lu`, which says what was made of
it. Readers are pure.
"""

from collections.abc import Callable, Sequence

from firdesk.domain.encodage import decode_deux_fois
from firdesk.services.importing.lecture_identifiants import (
    code_ars,
    code_possible,
    code_postal,
    departement,
    destination,
    identifiant,
    siren,
    siret,
)
from firdesk.services.importing.lecture_montants import exercice, montant
from firdesk.services.importing.lecture_textes import jour, libelle, libelles_ordinaires, ordinaires, plain, texte
from firdesk.services.importing.lu import (
    ALERTE,
    GARDER,
    QUESTION,
    REJET,
    REPARATION,
    REPARER,
    Choix,
    Destination,
    Lecture,
    Lu,
    Valeur,
)
from firdesk.services.importing.profiles import Genre
from firdesk.sheets.cell import Value

__all__ = [
    "ALERTE",
    "QUESTION",
    "READERS",
    "REJET",
    "REPARATION",
    "Cache",
    "Choix",
    "Destination",
    "Lecture",
    "Lu",
    "Valeur",
    "code_ars",
    "code_possible",
    "code_postal",
    "departement",
    "destination",
    "exercice",
    "identifiant",
    "jour",
    "libelle",
    "montant",
    "plain",
    "siren",
    "siret",
    "texte",
    "without_nul",
]

#: The question that settles the double-encoded accents of a whole file.
ACCENTS = "accents"

READERS: dict[Genre, Callable[[Value], Lecture]] = {
    Genre.TEXTE: texte,
    Genre.LIBELLE: libelle,
    Genre.MONTANT: montant,
    Genre.DATE: jour,
    Genre.EXERCICE: exercice,
    Genre.DEPARTEMENT: departement,
    Genre.CODE_POSTAL: code_postal,
    Genre.SIRET: siret,
    Genre.SIREN: siren,
    Genre.IDENTIFIANT: identifiant,
    Genre.CODE_ARS: code_ars,
    Genre.DESTINATION: destination,
    Genre.CODE_POSSIBLE: code_possible,
}


#: Values kept by a reader: beyond, a column holds a text of its own on every line.
_CACHED = 10_000


#: How many new texts are worth looking at together, and how it is told that they stand for themselves.
_PLUSIEURS = 20
_ORDINAIRES: dict[Callable[[Value], Lecture], Callable[[Sequence[str]], bool]] = {
    texte: ordinaires,
    libelle: libelles_ordinaires,
}


class Cache(dict[Value, Lecture]):
    """A reader that reads each distinct value once; booleans must have become text before (``True == 1``)."""

    def __init__(self, reader: Callable[[Value], Lecture]) -> None:
        super().__init__()
        self._reader = reader

    def colonne(self, values: Sequence[Value]) -> list[Lecture]:
        """What each of these cells means; texts that stand for themselves are told all at once."""
        if ordinary := _ORDINAIRES.get(self._reader):
            new = [v for v in set(values) if v not in self and v.__class__ is str]
            if len(new) >= _PLUSIEURS and ordinary(new):
                self._room()
                self.update(zip(new, new, strict=True))
        return list(map(self.__getitem__, values))

    def _room(self) -> None:
        if len(self) > _CACHED:
            self.clear()

    def __missing__(self, value: Value) -> Lecture:
        self._room()
        # Most texts are plain: neither accents encoded twice nor NUL can be in them.
        plainly = not isinstance(value, str) or (value.isascii() and "\0" not in value)
        read = self[value] = self._reader(value) if plainly else with_accents(self._reader, value)
        return read


def with_accents(reader: Callable[[Value], Lecture], value: Value) -> Lecture:
    """Read a cell; where its accents were encoded twice, one question of the whole file says which text counts."""
    meant = decode_deux_fois(value) if isinstance(value, str) and not value.isascii() else None
    if meant is None:
        return without_nul(reader, value)
    as_is, repaired = without_nul(reader, value), without_nul(reader, meant)
    if isinstance(repaired, Lu) and repaired.genre == REJET:
        return as_is
    choices = [Choix(REPARER, "Réparer tout le fichier", _value(repaired))]
    if not isinstance(as_is, Lu) or as_is.genre != REJET:
        choices.append(Choix(GARDER, "Garder tel quel", _value(as_is)))
    remede = "Une seule réponse répare tous les textes du fichier."
    return Lu(_value(as_is), QUESTION, f"« {meant} »", remede, tuple(choices), GARDER, question=ACCENTS)


def _value(read: Lecture) -> Valeur:
    return read.valeur if isinstance(read, Lu) else read


def without_nul(reader: Callable[[Value], Lecture], value: Value) -> Lecture:
    """Read a cell; NUL characters, which no base can hold, are taken out and it is said."""
    if not isinstance(value, str) or "\0" not in value:
        return reader(value)
    if reader is montant:
        return Lu(None, REJET, "un montant", "Un caractère nul est au milieu des chiffres : corriger la cellule.")
    read = reader(value.replace("\0", ""))
    if isinstance(read, Lu) and read.genre in (REJET, QUESTION):
        return read
    return Lu(_value(read), ALERTE, "un texte sans caractère nul", "Caractères nuls retirés : vérifier le texte.")
