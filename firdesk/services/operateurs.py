"""The operators of a base: what they had, which look like doubles, and making one of two; each change one operation.

Two operators become one only here and only when asked; undoing the operation makes them two again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from firdesk.domain import money
from firdesk.domain.identifiants import compact, siret_valide
from firdesk.domain.operateur import LIBELLES, NATURES_ALIAS, Alias, MontantsAnnuels, Operateur
from firdesk.domain.operateur_nom import lire_nom
from firdesk.domain.problem import Refus
from firdesk.services.operateurs_proches import paires
from firdesk.services.session import Session

#: The fields of a fiche that a merge chooses one by one, in the order they are shown, with their labels.
CHAMPS = LIBELLES
_VIDES = {"", "inconnu"}
#: What tells operators apart in a list.
_IDENTITE = ("siret", "finess", "code_interne", "departement", "commune")
GARDER, ABSORBER = "garder", "absorber"


@dataclass(frozen=True, slots=True)
class Apercu:
    """What merging would do: the fiche that stays, what moves to it, what becomes an alias.

    ``montants`` are those of the absorbed operator, the latest exercice first; ``differents`` the fields to choose.
    """

    garder: Operateur
    absorber: Operateur
    fiche: Operateur
    differents: tuple[str, ...]
    montants: tuple[MontantsAnnuels, ...]
    alias: tuple[Alias, ...]

    @property
    def nombre(self) -> int:
        return sum(m.nombre for m in self.montants)

    @property
    def notifie(self) -> int:
        return sum(m.notifie for m in self.montants)


@dataclass(frozen=True, slots=True)
class Doublon:
    """Two operators of the base that may be one; ``score`` up to 100, ``motif`` says why in words."""

    premier: Operateur
    second: Operateur
    score: int
    motif: str


def apercu(session: Session, garder: int, absorber: int, choix: Mapping[str, str] | None = None) -> Apercu:
    """What :func:`fusionner` would do with these choices (field → ``garder`` or ``absorber``); writes nothing."""
    kept, gone = _deux(session, garder, absorber)
    fiche = _completee(kept, gone, choix or {})
    known = session.operateurs.aliases()
    differents = tuple(c for c in CHAMPS if _contraires(getattr(kept, c), getattr(gone, c)))
    montants = tuple(session.operateurs.montants([absorber]).get(absorber, ()))
    return Apercu(kept, gone, fiche, differents, montants, tuple(_alias(kept, gone, fiche, known)))


def fusionner(session: Session, garder: int, absorber: int, choix: Mapping[str, str] | None = None) -> Operateur:
    """Make one operator of two in one operation; returns the fiche that stays.

    Everything that referred to the absorbed one refers to the other; its name and identifiers become aliases. A field
    without a choice keeps the value of ``garder``, or takes the other's where it has none. ``Refus`` when one of them
    does not exist.
    """
    seen = apercu(session, garder, absorber, choix)
    with session.operation(f"Fusionner « {seen.absorber.nom} » avec « {seen.garder.nom} »"):
        session.operateurs.move(absorber, garder)
        for alias in seen.alias:
            session.operateurs.add_alias(garder, alias.nature, alias.valeur, alias.departement)
        if seen.fiche != seen.garder:
            session.operateurs.update(seen.fiche)
        session.operateurs.delete(absorber)
    return seen.fiche


def distinguer(session: Session, one: int, other: int) -> None:
    """Remember in one operation that two operators that look alike are two."""
    first, second = _deux(session, one, other)
    with session.operation(f"Distinguer « {first.nom} » de « {second.nom} »"):
        session.operateurs.distinguer(one, other)


def retirer_alias(session: Session, alias: Alias) -> None:
    """Let a name or an identifier mean this operator no more, in one operation."""
    if alias.id is None or alias not in session.operateurs.aliases(alias.operateur_id):
        raise Refus(f"L'alias « {alias.valeur} » n'existe plus.")
    owner = session.operateurs.get(alias.operateur_id)
    with session.operation(f"Retirer l'alias « {alias.valeur} » de « {owner.nom} »"):
        session.operateurs.remove_alias(alias.id)


def doublons(session: Session) -> list[Doublon]:
    """The pairs that look like one operator and that nobody told apart, the likeliest first."""
    known = session.operateurs.all()
    apart = session.operateurs.distincts()
    found = []
    for a, b, score in paires(known):
        one, other = known[a], known[b]
        if (one.id or 0, other.id or 0) not in apart:
            found.append(Doublon(one, other, score, _motif(one, other)))
    return found


def resoudre(session: Session, texte: str) -> Operateur:
    """The one operator that a number, an identifier, a name or an alias designates; ``Refus`` for none or several."""
    operateurs = session.operateurs.all()
    if texte.isdecimal() and (found := [o for o in operateurs if o.id == int(texte)]):
        return found[0]
    code, name = compact(texte), texte.strip().casefold()
    owners = {a.operateur_id for a in session.operateurs.aliases() if a.valeur.casefold() in {name, code.casefold()}}
    found = [o for o in operateurs if code in (o.siret, o.finess, o.code_interne) or o.nom.casefold() == name] or [
        o for o in operateurs if o.id in owners
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refus(f"Aucun opérateur « {texte} » : donner son numéro, son SIRET, son FINESS ou son nom exact.")
    names = ", ".join(f"n° {o.id} « {o.nom} »" for o in found[:5])
    raise Refus(f"« {texte} » désigne {len(found)} opérateurs ({names}) : donner le numéro.")


def en_json(session: Session) -> list[dict[str, object]]:
    """Every operator with its identifiers, aliases, number of lines and sums by exercice, in cents."""
    sums = session.operateurs.montants()
    by_owner: dict[int, list[Alias]] = {}
    for alias in session.operateurs.aliases():
        by_owner.setdefault(alias.operateur_id, []).append(alias)
    return [
        {
            "numero": o.id,
            **{c: getattr(o, c) for c in CHAMPS},
            "alias": [
                {"nature": a.nature, "valeur": a.valeur, "departement": a.departement}
                for a in by_owner.get(o.id or 0, ())
            ],
            "exercices": [
                {
                    "exercice": m.exercice,
                    "nombre": m.nombre,
                    "notifie_centimes": m.notifie,
                    "ae_engagee_centimes": m.engage,
                    "cp_paye_centimes": m.paye,
                }
                for m in sums.get(o.id or 0, ())
            ],
        }
        for o in session.operateurs.all()
    ]


def en_lignes(session: Session) -> Iterator[str]:
    """The same as text to read: a line for each operator, its sums and its aliases under it."""
    sums = session.operateurs.montants()
    aliases = session.operateurs.aliases()
    for o in session.operateurs.all():
        marks = [f"{CHAMPS[c]} {v}" for c in _IDENTITE if (v := getattr(o, c))]
        yield " · ".join([f"{o.id:>5}  {o.nom}", *marks])
        for m in sums.get(o.id or 0, ()):
            yield f"       {m.exercice} : {_lignes(m.nombre)}, {money.euros(m.notifie, decimals=True)} notifiés"
        for alias in aliases:
            if alias.operateur_id == o.id:
                where = f" ({alias.departement})" if alias.departement else ""
                yield f"       alias : {NATURES_ALIAS[alias.nature]} « {alias.valeur} »{where}"


def doublons_json(session: Session) -> list[dict[str, object]]:
    """The likely doubles, by number and name."""
    return [
        {
            "premier": {"numero": d.premier.id, "nom": d.premier.nom},
            "second": {"numero": d.second.id, "nom": d.second.nom},
            "score": d.score,
            "motif": d.motif,
        }
        for d in doublons(session)
    ]


def _lignes(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' * (count > 1)}"


def _deux(session: Session, one: int, other: int) -> tuple[Operateur, Operateur]:
    if one == other:
        raise Refus("Choisir deux opérateurs différents.")
    return _existant(session, one), _existant(session, other)


def _existant(session: Session, number: int) -> Operateur:
    found = session.operateurs.find(number)
    if found is None:
        raise Refus(f"L'opérateur n° {number} n'existe plus.")
    return found


def _contraires(kept: str, gone: str) -> bool:
    return kept != gone and kept not in _VIDES and gone not in _VIDES


def _completee(kept: Operateur, gone: Operateur, choix: Mapping[str, str]) -> Operateur:
    """The fiche that stays; its SIREN follows its SIRET."""
    values: dict[str, str] = {}
    for champ in CHAMPS:
        own, other = getattr(kept, champ), getattr(gone, champ)
        default = ABSORBER if own in _VIDES else GARDER
        values[champ] = other if choix.get(champ, default) == ABSORBER and other not in _VIDES else own
    if siret_valide(values["siret"]):
        values["siren"] = values["siret"][:9]
    return replace(kept, **values)  # type: ignore[arg-type]


def _alias(kept: Operateur, gone: Operateur, fiche: Operateur, known: Sequence[Alias]) -> list[Alias]:
    """The names and identifiers of both that the fiche does not bear any more, and that nothing means yet."""
    there = {(a.nature, a.valeur, a.departement) for a in known}
    found: list[Alias] = []
    for nature in NATURES_ALIAS:
        for o in (kept, gone):
            value, where = getattr(o, nature), o.departement if nature == "nom" else ""
            borne = value == getattr(fiche, nature) and (nature != "nom" or where in {"", fiche.departement})
            if value and not borne and (nature, value, where) not in there:
                there.add((nature, value, where))
                found.append(Alias(nature, value, kept.id or 0, where))
    return found


def _motif(one: Operateur, other: Operateur) -> str:
    told = []
    if one.finess and one.finess == other.finess:
        told.append("même FINESS")
    if one.siret and one.siret == other.siret:
        told.append("même SIRET")
    elif (one.siren or one.siret[:9]) and (one.siren or one.siret[:9]) == (other.siren or other.siret[:9]):
        told.append("même SIREN")
    if one.nom.casefold() == other.nom.casefold():
        told.append("même nom")
    else:
        told.append("même nom autrement écrit" if lire_nom(one.nom) == lire_nom(other.nom) else "nom proche")
    if one.departement and one.departement == other.departement:
        told.append("même département")
    return ", ".join(told)
