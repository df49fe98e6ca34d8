"""The name of an operator taken apart to find those that look like it: what it is, and what only it is called.

Finer than :func:`operateur.nom_normalise`, which is stored and proves two names equal; this proves nothing, it is
computed in memory to propose. Knows nothing of how two names are compared.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from firdesk.domain.operateur import sans_accents


class NomLu(NamedTuple):
    """``genres``: what kind of body the name says it is. ``mots``: the words of its own, sorted. ``nombres``: figures.

    >>> lire_nom("C.H. de Saint-Quentin")
    NomLu(genres=frozenset({'hopital'}), mots=('quentin', 'saint'), nombres=())
    """

    genres: frozenset[str]
    mots: tuple[str, ...]
    nombres: tuple[str, ...]

    @property
    def propre(self) -> str:
        """The words of its own as one text: the same for names inverted, abbreviated or with another legal form."""
        return " ".join(self.mots)


#: Kind of body → every way it is written, small words left out.
_GENRES = {
    "chu": "chu|chru|centre hospitalier universitaire|centre hospitalier regional universitaire|hopital universitaire",
    "hopital": "ch|chi|chg|centre hospitalier|centre hospitalier intercommunal|centre hospitalier general|hopital|"
    "hopitaux|groupe hospitalier|gh|groupement hospitalier",
    "psychiatrie": "epsm|chs|etablissement public sante mentale|centre hospitalier specialise|epsmd",
    "clinique": "clinique|polyclinique",
    "ehpad": "ehpad|etablissement hebergement personnes agees dependantes|maison retraite|mapad|mrs",
    "autonomie": "residence autonomie|foyer logement|ehpa",
    "ccas": "ccas|centre communal action sociale",
    "cias": "cias|centre intercommunal action sociale",
    "msp": "msp|maison sante pluriprofessionnelle|maison sante pluridisciplinaire|maison sante|mspu",
    "centre_sante": "cds|centre sante|centre municipal sante|cms",
    "cpts": "cpts|communaute professionnelle territoriale sante",
    "dac": "dac|dispositif appui coordination|pta|plateforme territoriale appui",
    "clic": "clic|centre local information coordination",
    "gcs": "gcs|groupement cooperation sanitaire",
    "gcsms": "gcsms|groupement cooperation sociale medico sociale|groupement cooperation social medico social",
    "gem": "gem|groupe entraide mutuelle|groupement entraide mutuelle",
    "csapa": "csapa|centre soins accompagnement prevention addictologie",
    "caarud": "caarud",
    "ssiad": "ssiad|service soins infirmiers domicile",
    "had": "had|hospitalisation domicile",
    "esat": "esat|cat|etablissement service aide travail|etablissement services aide travail",
    "ime": "ime|institut medico educatif",
    "sessad": "sessad",
    "samsah": "samsah",
    "mas": "mas|maison accueil specialisee",
    "fam": "fam|foyer accueil medicalise",
    "mda": "mda|maison adolescents|maison departementale adolescents",
    "mdph": "mdph|maison departementale personnes handicapees",
    "cpam": "cpam|caisse primaire assurance maladie",
    "carsat": "carsat|caisse assurance retraite sante travail",
    "msa": "msa|mutualite sociale agricole",
    "urps": "urps|union regionale professionnels sante",
    "samu": "samu|service aide medicale urgente",
    "commune": "mairie|ville|commune",
    "epci": "communaute communes|communaute agglomeration|communaute urbaine|cc|ca|cu|metropole",
    "departement": "conseil departemental|departement|conseil general",
    "universite": "universite",
    "lycee": "lycee|lp|lycee professionnel",
    "association": "association|asso|assoc|assos|ass|asbl|association loi 1901|asso loi 1901|loi 1901",
}
GENRES = tuple(_GENRES)
#: Legal forms: they come and go from one file to the next.
_FORMES = (
    "sas|sasu|sarl|sa|eurl|scop|scic|sci|scp|scm|snc|selarl|selas|sisa|gip|groupement interet public|gie|"
    "fondation|fond|societe interprofessionnelle soins ambulatoires|etablissement public|ep|gestion"
)
#: Said of many and left out of others: they tell nobody apart.
_VAINS = "residence|site|siege|antenne|etablissement|n|no|numero|num"
_ABREGES = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "dr": "docteur",
    "pr": "professeur",
    "hosp": "hospitalier",
    "univ": "universitaire",
    "gal": "general",
}
_PETITS = frozenset("de du des la le les l d et en pour a au aux sur sous par dans".split())


def _phrases() -> dict[tuple[str, ...], str]:
    found = {tuple(p.split()): genre for genre, texts in _GENRES.items() for p in texts.split("|")}
    return found | {tuple(p.split()): "" for p in (*_FORMES.split("|"), *_VAINS.split("|"))}


_INITIALES = re.compile(r"\b(?:[a-z]\.)+[a-z]\b\.?")
_PHRASES = _phrases()
_LONGEST = max(map(len, _PHRASES))


@lru_cache(maxsize=20_000)
def lire_nom(nom: str) -> NomLu:
    """Take a name apart; words of its own are kept back where nothing else would remain."""
    plain = _INITIALES.sub(lambda m: m.group().replace(".", "") + " ", sans_accents(nom))
    words = [_ABREGES.get(w, w) for w in re.findall(r"[a-z]+|\d+", plain) if w not in _PETITS]
    genres: set[str] = set()
    kept: list[str] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(_LONGEST, 0, -1) if tuple(words[at : at + n]) in _PHRASES), 0)
        if not size:
            kept.append(words[at])
        elif genre := _PHRASES[tuple(words[at : at + size])]:
            genres.add(genre)
        at += size or 1
    if len(genres) > 1:
        genres.discard("association")  # so is the legal form of many a body that says what else it is
    mots = sorted(w for w in kept if not w.isdigit())
    nombres = sorted({w.lstrip("0") or "0" for w in kept if w.isdigit()})
    if not (genres or mots or nombres):
        mots = sorted(w for w in words if not w.isdigit()) or sorted(plain.split())
    return NomLu(frozenset(genres), tuple(mots), tuple(nombres))
