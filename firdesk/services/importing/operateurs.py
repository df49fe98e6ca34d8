"""Whose line is it: SIRET, FINESS, internal code, alias, then the same name in the same département.

Two operators are never merged silently: contradictory identifiers make two operators, and it is said; a name that
only looks like another's is left to :mod:`suggestions`, and merged where the user answered that it is the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

from firdesk.domain.identifiants import departement_du_code_postal, finess_valide, siren_valide, siret_valide
from firdesk.domain.operateur import NATURES_ALIAS, Alias, Operateur, nom_normalise
from firdesk.services.importing.etat import Etat
from firdesk.services.importing.plan import LigneLue
from firdesk.services.operateurs_proches import noms_proches, se_ressemblent

#: Called with the row, the column concerned and what there is to say (attendu, remede).
Signaler = Callable[[int, str, str, str], None]

#: The answer that makes a new operator of a name that looks like a known one.
NOUVEAU = "nouveau"
_IDENTIFIERS = ("siret", "finess", "code_interne")
_COMPLETED = (
    "siret",
    "siren",
    "finess",
    "code_interne",
    "departement",
    "code_postal",
    "commune",
    "territoire",
    "type",
    "categorie",
    "statut_juridique",
    "secteur",
)


#: What designates the operator of a line.
_MARQUES = attrgetter("identifiant", "siret", "nom", "departement", "code_postal", "commune")

_normalise = lru_cache(maxsize=50_000)(nom_normalise)
_siret_valide = lru_cache(maxsize=50_000)(siret_valide)


@dataclass(slots=True)
class Inconnu:
    """An operator that nothing certain designates: how the file calls it, its first row, what was decided of it."""

    question: str
    fiche: Operateur
    ref: int
    numero: int
    reponse: str
    lignes: int = 0


class Annuaire:
    """The operators of the base and those that this file brings; a reference below zero is a new one.

    ``decisions`` answers the questions of :mod:`suggestions`, by their ids.
    """

    def __init__(self, etat: Etat, signaler: Signaler, decisions: Mapping[str, str] | None = None) -> None:
        self._departements = etat.departements
        self._signaler = signaler
        self._decisions = decisions or {}
        self.connus: list[Operateur] = list(etat.operateurs)
        self.fiches: dict[int, Operateur] = {}
        self.nouveaux: list[int] = []
        self.completes: set[int] = set()
        self.alias: list[Alias] = []
        self.inconnus: dict[str, Inconnu] = {}
        self._of_new: dict[int, Inconnu] = {}
        self._index: dict[tuple[str, str], list[int]] = {}
        self._names: dict[str, list[Alias]] = {}
        self._seen: dict[tuple[str, ...], tuple[int, Inconnu | None]] = {}
        self._checked: set[tuple[int, str]] = set()
        for operateur in etat.operateurs:
            self._enter(operateur.id or 0, operateur)
        for alias in etat.alias:
            self._enter_alias(alias)

    def trouver(self, ligne: LigneLue) -> int:
        """The operator of a line, created when nobody corresponds."""
        key = _MARQUES(ligne)
        found = self._seen.get(key)
        if found is None:
            fiche = self._fiche(ligne)
            ref = self._match(fiche, ligne)
            if ref is None:
                inconnu = self._decide(fiche, ligne)
                found = inconnu.ref, inconnu
            else:
                self._complete(ref, fiche, ligne)
                found = ref, self._of_new.get(ref)
            self._seen[key] = found
            self.verifier(found[0], ligne)
        ref, asked = found
        if asked is not None:
            asked.lignes += 1
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
        seat = departement_du_code_postal(x.code_postal) or ""
        departement = departement or (seat if seat in self._departements else "")
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
            code_postal=x.code_postal,
            commune=x.commune,
        )

    # What is certain

    def _match(self, fiche: Operateur, ligne: LigneLue) -> int | None:
        if _siret_valide(fiche.siret):
            refs = self._with("siret", fiche.siret)
            if (ref := self._compatible(refs, fiche)) is not None:
                return ref
            self._say_other(ligne, "siret", refs, "autre nom et autre identifiant")
        for nature in ("finess", "code_interne"):
            refs = self._with(nature, getattr(fiche, nature))
            same = [r for r in refs if not self._other_siren(r, fiche)]
            if same:
                return next((r for r in same if self._called(r, fiche)), same[0])
            self._say_other(ligne, nature, refs, "autre SIREN")
        name = _normalise(fiche.nom)
        if ref := self._named([a.operateur_id for a in self._names.get(name, ()) if self._there(a, fiche)], fiche):
            return ref
        refs = self._index.get(("nom", f"{name}|{fiche.departement}"), [])
        if (ref := self._named(refs, fiche)) is not None:
            return ref
        if len(refs) == 1:
            differ = next(n for n in _IDENTIFIERS if self._differ(refs[0], fiche, n))
            self._say_other(ligne, "nom", refs, f"autre {NATURES_ALIAS[differ]}")
        return None if fiche.departement or refs else self._somewhere(name, fiche, ligne)

    def _somewhere(self, name: str, fiche: Operateur, ligne: LigneLue) -> int | None:
        """The only operator of that name, where the file does not say of which département."""
        refs = self._index.get(("nom", name), [])
        if len(refs) != 1 or self._named(refs, fiche) is None:
            return None
        known = self.fiches[refs[0]]
        remede = f"Sans département dans le fichier : « {known.nom} » ({known.departement}), seul de ce nom."
        self._signaler(ligne.numero, "nom", "le département de l'opérateur", remede)
        return refs[0]

    def _with(self, nature: str, value: str) -> list[int]:
        return self._index.get((nature, value), []) if value else []

    def _compatible(self, refs: list[int], fiche: Operateur) -> int | None:
        """Among those of one SIRET: the same identifier first, else one that nothing but a spelling contradicts."""
        for ref in refs:
            if self._same(ref, fiche, "finess") or self._same(ref, fiche, "code_interne"):
                return ref
        for ref in refs:
            others = self._differ(ref, fiche, "finess") or self._differ(ref, fiche, "code_interne")
            if not others or self._called(ref, fiche):
                return ref
        return None

    def _named(self, refs: list[int], fiche: Operateur) -> int | None:
        """The one operator of that name whose identifiers agree; none when two could be meant."""
        agree = [r for r in dict.fromkeys(refs) if not any(self._differ(r, fiche, n) for n in _IDENTIFIERS)]
        if len(agree) <= 1:
            return agree[0] if agree else None
        same = [r for r in agree if all(getattr(self.fiches[r], n) == getattr(fiche, n) for n in _IDENTIFIERS)]
        return same[0] if same else None

    def _there(self, alias: Alias, fiche: Operateur) -> bool:
        """Whether a name may be meant where the line is: the same name elsewhere is somebody else's."""
        if alias.departement or not fiche.departement:
            return alias.departement == fiche.departement
        return self.fiches[alias.operateur_id].departement in {"", fiche.departement}

    def _called(self, ref: int, fiche: Operateur) -> bool:
        name = _normalise(fiche.nom)
        return _normalise(self.fiches[ref].nom) == name or any(
            a.operateur_id == ref and self._there(a, fiche) for a in self._names.get(name, ())
        )

    def _same(self, ref: int, fiche: Operateur, nature: str) -> bool:
        return ref in self._with(nature, getattr(fiche, nature))

    def _differ(self, ref: int, fiche: Operateur, nature: str) -> bool:
        known, value = getattr(self.fiches[ref], nature), getattr(fiche, nature)
        return bool(known and value) and known != value and not self._same(ref, fiche, nature)

    def _other_siren(self, ref: int, fiche: Operateur) -> bool:
        known, siren = _siren(self.fiches[ref]), _siren(fiche)
        return bool(known and siren) and known != siren and not self._same(ref, fiche, "siret")

    def _say_other(self, ligne: LigneLue, champ: str, refs: list[int], why: str) -> None:
        if not refs:
            return
        column = "identifiant" if champ in {"finess", "code_interne"} else champ
        what = NATURES_ALIAS[champ]
        remede = f"Même {what} que « {self.fiches[refs[0]].nom} », {why} : opérateur distinct, à vérifier."
        self._signaler(ligne.numero, column, f"un {what} propre à cet opérateur", remede)

    # What is not

    def _decide(self, fiche: Operateur, ligne: LigneLue) -> Inconnu:
        """The operator the user said it is, else a new one."""
        question = self._question(fiche)
        ref = self._chosen(self.reponse(question, fiche), fiche, ligne)
        if ref is not None:
            inconnu = Inconnu(question, fiche, ref, ligne.numero, str(ref))
            self._complete(ref, fiche, ligne)
            if not self._called(ref, fiche) or fiche.departement != self.fiches[ref].departement:
                self._add_alias(Alias("nom", fiche.nom, ref, fiche.departement))
        else:
            ref = -1 - len(self.nouveaux)
            self.nouveaux.append(ref)
            self._enter(ref, fiche)
            inconnu = self._of_new[ref] = Inconnu(question, fiche, ref, ligne.numero, NOUVEAU)
        self.inconnus[question] = inconnu
        return inconnu

    def reponse(self, question: str, fiche: Operateur) -> str:
        """What the user answered, for it alone or for all of its département; empty when nothing was."""
        return self._decisions.get(question) or self._decisions.get(tous(fiche), "")

    def _question(self, fiche: Operateur) -> str:
        marks = [m for m in (fiche.siret, fiche.finess, fiche.code_interne, fiche.departement) if m]
        short = f"operateur:{fiche.nom}|{marks[0]}" if marks else f"operateur:{fiche.nom}"
        return f"operateur:{fiche.nom}|{'|'.join(marks)}" if short in self.inconnus else short

    def _chosen(self, answer: str, fiche: Operateur, ligne: LigneLue) -> int | None:
        """The operator of the base that an answer means; one that does not look like the name is no answer."""
        if answer.startswith("="):
            text = answer[1:].strip()
            name = self._index.get(("nom", _normalise(text)), [])
            refs = next((r for n in _IDENTIFIERS if (r := self._with(n, text.replace(" ", "")))), name)
            known = [r for r in refs if r > 0]
            if len(known) != 1:
                whom = "plusieurs opérateurs" if known else "aucun opérateur"
                remede = f"« {text} » ne désigne {whom} de la base : nouvel opérateur."
                self._signaler(ligne.numero, "nom", "un SIRET, un FINESS, un code ou un nom de la base", remede)
            return known[0] if len(known) == 1 else None
        ref = int(answer) if answer.isdecimal() else 0
        return ref if ref > 0 and ref in self.fiches and se_ressemblent(fiche, self.fiches[ref]) else None

    # What is known

    def _enter(self, ref: int, fiche: Operateur) -> None:
        self.fiches[ref] = fiche
        for nature in _IDENTIFIERS:
            if value := getattr(fiche, nature):
                self._index.setdefault((nature, value), []).append(ref)
        name = _normalise(fiche.nom)
        for key in (name, f"{name}|{fiche.departement}"):
            self._index.setdefault(("nom", key), []).append(ref)

    def _enter_alias(self, alias: Alias) -> None:
        if alias.nature == "nom":
            self._names.setdefault(_normalise(alias.valeur), []).append(alias)
        else:
            self._index.setdefault((alias.nature, alias.valeur), []).append(alias.operateur_id)

    def _add_alias(self, alias: Alias) -> None:
        self.alias.append(alias)
        self._enter_alias(alias)

    def _complete(self, ref: int, fiche: Operateur, ligne: LigneLue) -> None:
        """Fill what was unknown of a matched operator; a second identifier or spelling becomes an alias."""
        known = self.fiches[ref]
        missing = {n: v for n in _COMPLETED if (v := getattr(fiche, n)) and not getattr(known, n)}
        proved = self._same(ref, fiche, "siret") or self._same(ref, fiche, "finess")
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
                self._add_alias(Alias(nature, value, ref))
        if proved and ligne.nom and not self._called(ref, fiche):
            self._renamed(ref, fiche, ligne)

    def _renamed(self, ref: int, fiche: Operateur, ligne: LigneLue) -> None:
        """A known identifier under another name: a spelling is kept in mind, anything else is said."""
        known, name = self.fiches[ref], _normalise(fiche.nom)
        if not noms_proches(known.nom, fiche.nom):
            remede = f"Identifiant connu sous le nom « {known.nom} » : rattaché à cet opérateur, à vérifier."
            self._signaler(ligne.numero, "nom", f"« {known.nom} »", remede)
        elif not self._index.get(("nom", name)):
            self._add_alias(Alias("nom", fiche.nom, ref, fiche.departement))


def tous(fiche: Operateur) -> str:
    """The question whose answer holds for the operators of one département that have none of their own."""
    return f"operateur:*{fiche.departement}"


def _siren(o: Operateur) -> str:
    if _siret_valide(o.siret):
        return o.siret[:9]
    return o.siren if siren_valide(o.siren) else ""
