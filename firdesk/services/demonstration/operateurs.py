"""Operators that do not exist: invented names in the five real départements, identifiers valid but never given.

A SIREN in ``2100…`` would be a commune of a département 00; a FINESS whose third figure is 9 is given nowhere here.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from stdnum import luhn

from firdesk import paths
from firdesk.domain.identifiants import DEPARTEMENTS_REGION, siret_arrondi

MARQUE = "(fictif)"
#: Hospitals and bodies of a whole département weigh more or less than one ordinary operator.
_TAILLES = {"CHU": 5.0, "CLINIQUE": 0.6, "ESPIC": 0.7, "EPSM": 1.2, "DEPARTEMENT": 1.3}
_POIDS = {"59": 1.35, "02": 0.62, "60": 0.7, "62": 1.0, "80": 0.75}
_PESES = {"CHU", "CH", "CLINIQUE", "ESPIC", "EPSM", "SAMU", "PDSA", "CPAM", "DEPARTEMENT", "DAC"}
_TERRITOIRES = {"02": "Aisne", "59": "Métropole - Flandres", "60": "Oise", "62": "Pas-de-Calais", "80": "Somme"}


@dataclass(frozen=True, slots=True)
class Beneficiaire:
    """One operator as both exports show it; ``taille`` weighs its share of a scheme."""

    nom: str
    genre: str
    departement: str
    identifiant: str
    siret: str
    siren: str
    type: str
    categorie: str
    statut: str
    secteur: str
    prive: bool
    territoire: str
    taille: float


def exemples(name: str) -> list[dict[str, str]]:
    """The lines of ``resources/samples/<name>.csv`` (``;``, UTF-8)."""
    file = paths.RESOURCES / "samples" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def inventer(rng: Random) -> list[Beneficiaire]:
    """Some six hundred operators, the same for the same ``rng``; three of them bear a planted anomaly."""
    found: list[Beneficiaire] = []
    noms = _Noms(rng)
    for genre in exemples("operateurs"):
        for departement in DEPARTEMENTS_REGION:
            for _ in range(int(genre[departement])):
                found.append(_operateur(genre, departement, len(found), noms, rng))
    return _fausser(found)


def _operateur(genre: dict[str, str], departement: str, rank: int, noms: "_Noms", rng: Random) -> Beneficiaire:
    code = genre["genre"]
    siren = _cle(f"2100{rank * 137 % 10000:04d}")
    siret = "" if code == "MED" and rank % 2 else _cle(f"{siren}0001")
    finess = _cle(f"{departement}9{rank * 89 % 100000:05d}")
    hopital = code in {"CH", "CLINIQUE", "ESPIC", "EPSM"}
    return Beneficiaire(
        nom=f"{noms.compose(genre['modele'], departement)} {MARQUE}",
        genre=code,
        departement=departement,
        identifiant=finess if genre["finess"] == "oui" else f"H{1665400000000 + rank * 7919173}",
        siret=siret,
        siren=siret[:9],
        type=genre["type"],
        categorie=genre["categorie"],
        statut=genre["statut"],
        secteur=genre["secteur"],
        prive=genre["droit"] == "prive",
        territoire=_TERRITOIRES[departement],
        taille=_TAILLES.get(code, 1.0)
        * (_POIDS[departement] if code in _PESES else 1.0)
        * (rng.lognormvariate(0, 0.4) if hopital else 1.0),
    )


def _cle(body: str) -> str:
    return body + str(luhn.calc_check_digit(body))


class _Noms:
    """Names never given twice, made of communes, evocations and persons that do not exist."""

    def __init__(self, rng: Random) -> None:
        lists: dict[str, list[str]] = {}
        for line in exemples("noms"):
            lists.setdefault(line["sorte"] + line["departement"], []).append(line["valeur"])
        self._communes = {d: lists[f"commune{d}"] for d in DEPARTEMENTS_REGION}
        self._evocations = _melange([f"{a} {b}" for a in lists["nom"] for b in lists["complement"]], rng)
        self._personnes = _melange([f"{a} {b}" for a in lists["prenom"] for b in lists["personne"]], rng)
        self._places: dict[str, Iterator[str]] = {}

    def compose(self, modele: str, departement: str) -> str:
        """One more name after a model such as ``CH {de}``."""
        if "{evocation}" in modele:
            return modele.format(evocation=next(self._evocations))
        if "{personne}" in modele:
            return modele.format(personne=next(self._personnes))
        if "{de}" in modele:
            places = self._places.setdefault(modele + departement, iter(self._communes[departement]))
            return modele.format(de=_de(next(places)))
        return modele.format(departement=DEPARTEMENTS_REGION[departement])


def _melange(names: list[str], rng: Random) -> Iterator[str]:
    rng.shuffle(names)
    return iter(names)


def _de(commune: str) -> str:
    return f"d'{commune}" if commune[0] in "AEIOUÉÈ" else f"de {commune}"


def _fausser(operateurs: list[Beneficiaire]) -> list[Beneficiaire]:
    """Plant the three anomalies of identity (docs/demonstration.md): key, rounding, FINESS of elsewhere."""
    faux = next(i for i, o in enumerate(operateurs) if o.genre == "EHPADA" and o.departement == "60")
    ailleurs = next(i for i, o in enumerate(operateurs) if o.genre == "EHPAD" and o.departement == "62")
    arrondi = next(
        i
        for i, o in enumerate(operateurs)
        if o.genre == "ASSO" and o.departement == "80" and siret_arrondi(o.siret[:6] + "00000000")
    )
    changed = list(operateurs)
    key = operateurs[faux].siret
    changed[faux] = replace(operateurs[faux], siret=key[:-1] + str((int(key[-1]) + 4) % 10))
    changed[arrondi] = replace(operateurs[arrondi], siret=operateurs[arrondi].siret[:6] + "00000000")
    changed[ailleurs] = replace(operateurs[ailleurs], identifiant=_cle("5999" + operateurs[ailleurs].identifiant[4:8]))
    return changed
