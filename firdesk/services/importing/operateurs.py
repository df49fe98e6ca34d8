"""Whose line is it: SIRET, FINESS, internal code, alias, then the same name in the same département.

Two operators are never merged silently: contradictory identifiers make two operators, and it is said.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from firdesk.domain.identifiants import finess_valide, siret_valide
from firdesk.domain.operateur import Operateur, nom_normalise
from firdesk.services.importing.etat import Etat
from firdesk.services.importing.plan import LigneLue

#: Called with the row, the column concerned and what there is to say (attendu, remede).
Signaler = Callable[[int, str, str, str], None]

_IDENTIFIERS = ("siret", "finess", "code_interne")
_COMPLETED = (
    "siret",
    "siren",
    "finess",
    "code_interne",
    "departement",
    "territoire",
    "type",
    "categorie",
    "statut_juridique",
    "secteur",
)


_normalise = lru_cache(maxsize=50_000)(nom_normalise)
_siret_valide = lru_cache(maxsize=50_000)(siret_valide)


class Annuaire:
    """The operators of the base and those that this file brings; a reference below zero is a new one."""

    def __init__(self, etat: Etat, signaler: Signaler) -> None:
        self._departements = etat.departements
        self._signaler = signaler
        self.fiches: dict[int, Operateur] = {}
        self.nouveaux: list[int] = []
        self.completes: set[int] = set()
        self.alias: list[tuple[int, str, str]] = []
        self._index: dict[tuple[str, str], list[int]] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._checked: set[tuple[int, str]] = set()
        for operateur in etat.operateurs:
            self._enter(operateur.id or 0, operateur)
        for nature, value, ref in etat.alias:
            key = _normalise(value) if nature == "nom" else value
            self._index.setdefault(("alias " + nature, key), []).append(ref)

    def trouver(self, ligne: LigneLue) -> int:
        """The operator of a line, created when nobody corresponds."""
        key = (ligne.identifiant, ligne.siret, ligne.nom, ligne.departement)
        ref = self._seen.get(key)
        if ref is None:
            fiche = self._fiche(ligne)
            ref = self._match(fiche, ligne)
            if ref is None:
                ref = -1 - len(self.nouveaux)
                self.nouveaux.append(ref)
                self._enter(ref, fiche)
            else:
                self._complete(ref, fiche, ligne)
            self._seen[key] = ref
        self.verifier(ref, ligne)
        return ref

    def verifier(self, ref: int, ligne: LigneLue) -> None:
        """Say that the file and the base (or an earlier line) disagree on where an operator is."""
        if not ligne.departement or (ref, ligne.departement) in self._checked:
            return
        self._checked.add((ref, ligne.departement))
        known = self.fiches[ref].departement
        if known and known != ligne.departement:
            attendu = f"« {known} », département de cet opérateur"
            remede = f"{self.fiches[ref].nom} reste en {known} : corriger sa fiche si le fichier a raison."
            self._signaler(ligne.numero, "departement", attendu, remede)

    def operateurs(self) -> tuple[Operateur, ...]:
        """The new operators, complete, in the order of their references."""
        return tuple(self.fiches[ref] for ref in self.nouveaux)

    def _fiche(self, x: LigneLue) -> Operateur:
        is_finess = len(x.identifiant) == 9 and (x.identifiant.isdigit() or finess_valide(x.identifiant))
        departement = x.departement if x.departement in self._departements else ""
        if x.departement and not departement:
            remede = "Département absent de la liste : laissé vide."
            self._signaler(x.numero, "departement", "un département de la liste", remede)
        return Operateur(
            nom=x.nom or x.identifiant,
            siret=x.siret,
            siren=x.siren or (x.siret[:9] if _siret_valide(x.siret) else ""),
            finess=x.identifiant if is_finess else "",
            code_interne="" if is_finess else x.identifiant,
            departement=departement,
            type=x.type,
            categorie=x.categorie,
            statut_juridique=x.statut_juridique,
            secteur=x.secteur,
            territoire=x.territoire,
        )

    def _match(self, fiche: Operateur, ligne: LigneLue) -> int | None:
        if _siret_valide(fiche.siret):
            refs = self._with("siret", fiche.siret)
            if (ref := self._compatible(refs, fiche)) is not None:
                return ref
            if refs:
                other = self.fiches[refs[0]].nom
                remede = f"Même SIRET que « {other} », autre nom et autre identifiant : opérateur distinct, à vérifier."
                self._signaler(ligne.numero, "siret", "un SIRET propre à cet opérateur", remede)
        for nature in ("finess", "code_interne"):
            refs = self._with(nature, getattr(fiche, nature))
            if refs:
                return refs[0]
        name = _normalise(fiche.nom)
        if ref := self._named(self._index.get(("alias nom", name), []), fiche):
            return ref
        return self._named(self._index.get(("nom", f"{name}|{fiche.departement}"), []), fiche)

    def _with(self, nature: str, value: str) -> list[int]:
        if not value:
            return []
        return [*self._index.get((nature, value), []), *self._index.get(("alias " + nature, value), [])]

    def _compatible(self, refs: list[int], fiche: Operateur) -> int | None:
        """Among those of one SIRET: the same identifier first, else one that nothing but a spelling contradicts."""
        for ref in refs:
            if self._same(ref, fiche, "finess") or self._same(ref, fiche, "code_interne"):
                return ref
        name = _normalise(fiche.nom)
        for ref in refs:
            known = self.fiches[ref]
            others = self._differ(known, fiche, "finess") or self._differ(known, fiche, "code_interne")
            if not others or _normalise(known.nom) == name:
                return ref
        return None

    def _named(self, refs: list[int], fiche: Operateur) -> int | None:
        """The one operator of that name whose identifiers agree; none when two could be meant."""
        agree = [r for r in refs if not any(self._differ(self.fiches[r], fiche, n) for n in _IDENTIFIERS)]
        if len(agree) <= 1:
            return agree[0] if agree else None
        same = [r for r in agree if all(getattr(self.fiches[r], n) == getattr(fiche, n) for n in _IDENTIFIERS)]
        return same[0] if same else None

    def _same(self, ref: int, fiche: Operateur, nature: str) -> bool:
        value = getattr(fiche, nature)
        return bool(value) and ref in self._with(nature, value)

    @staticmethod
    def _differ(known: Operateur, fiche: Operateur, nature: str) -> bool:
        a, b = getattr(known, nature), getattr(fiche, nature)
        return bool(a) and bool(b) and a != b

    def _enter(self, ref: int, fiche: Operateur) -> None:
        self.fiches[ref] = fiche
        for nature in _IDENTIFIERS:
            if value := getattr(fiche, nature):
                self._index.setdefault((nature, value), []).append(ref)
        self._index.setdefault(("nom", f"{_normalise(fiche.nom)}|{fiche.departement}"), []).append(ref)

    def _complete(self, ref: int, fiche: Operateur, ligne: LigneLue) -> None:
        """Fill what was unknown of a matched operator; a second identifier becomes an alias."""
        known = self.fiches[ref]
        missing = {n: v for n in _COMPLETED if (v := getattr(fiche, n)) and not getattr(known, n)}
        if missing:
            self.fiches[ref] = replace(known, **missing)
            for nature in _IDENTIFIERS:
                if nature in missing:
                    self._index.setdefault((nature, missing[nature]), []).append(ref)
            if ref > 0:
                self.completes.add(ref)
                what = ", ".join(f"{n.replace('_', ' ')} {v}" for n, v in missing.items())
                self._signaler(ligne.numero, "nom", f"« {known.nom} »", f"Fiche complétée : {what}.")
        for nature in _IDENTIFIERS:
            value = getattr(fiche, nature)
            usable = value and (nature != "siret" or _siret_valide(value))
            if usable and getattr(known, nature) and ref not in self._with(nature, value):
                self.alias.append((ref, nature, value))
                self._index.setdefault(("alias " + nature, value), []).append(ref)
