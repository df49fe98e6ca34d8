"""One operator at a glance: by exercice, its share of the FIR, its acts, what it must have; and the list of all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from firdesk.domain import money
from firdesk.domain.convention import NATURES
from firdesk.domain.identifiants import siret_valide
from firdesk.domain.operateur import LIBELLES, Alias, Operateur, nom_normalise, sans_accents
from firdesk.domain.perimetre import evolution
from firdesk.domain.problem import Invalide, Problem, Refus, Severity, require
from firdesk.domain.synthese import Axe
from firdesk.services.session import Session
from firdesk.store.operateur_fiches import Acte, Cumul

#: Above this sum in a year, all lines of the SIREN together, a private body needs a convention: key, cents, source.
SEUIL_CONVENTION = ("seuil_convention", 23_000_00, "loi 2000-321 art. 10 et décret 2001-495")
_TYPES = {"A": "Arrêté", "DA": "Décision", "C": "Convention"}
_RIEN = Cumul(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class LigneOperateur:
    """An operator in the list: its sums of the exercice and of the one before (``None``: not in the base), in cents."""

    operateur: Operateur
    nombre: int
    notifie: int
    avant: int | None
    engage: int
    paye: int

    @property
    def evolution(self) -> Decimal | None:
        """Percent since the exercice before; ``None`` from nothing."""
        return evolution(self.avant or 0, self.notifie)


@dataclass(frozen=True, slots=True)
class Fiche:
    """Everything told of an operator; ``part_*`` are its notified amount and the whole it is a share of, in cents."""

    operateur: Operateur
    exercice: int
    alias: tuple[Alias, ...]
    historique: tuple[Cumul, ...]
    part_departement: tuple[int, int]
    part_region: tuple[int, int]
    actes: tuple[Acte, ...]
    controles: tuple[Problem, ...]

    @property
    def reste_a_payer(self) -> int | None:
        """Engaged − withdrawn − paid since the origin, in cents; ``None`` where nothing engaged was ever written."""
        if not any(c.engage for c in self.historique):
            return None
        return sum(c.engage - c.retire - c.paye for c in self.historique)


def liste(session: Session, exercice: int) -> list[LigneOperateur]:
    """Every operator, by name."""
    now = session.operateur_fiches.cumuls(exercice)
    known = exercice - 1 in session.nomenclatures.exercices()
    before = session.operateur_fiches.cumuls(exercice - 1) if known else {}
    found = []
    for o in session.operateurs.all(par_nom=True):
        c, past = now.get(o.id or 0, _RIEN), before.get(o.id or 0)
        found.append(
            LigneOperateur(o, c.nombre, c.notifie, (past.notifie if past else 0) if known else None, c.engage, c.paye)
        )
    return found


def filtrer(session: Session, lignes: Sequence[LigneOperateur], texte: str) -> list[LigneOperateur]:
    """Those whose name, alias, identifiers or town hold every word of a text, accents ignored."""
    words = sans_accents(texte).split()
    aliases: dict[int, str] = {}
    for alias in session.operateurs.aliases():
        aliases[alias.operateur_id] = f"{aliases.get(alias.operateur_id, '')} {alias.valeur}"
    found = []
    for x in lignes:
        o = x.operateur
        names = f"{o.nom} {o.commune} {o.siret} {o.siren} {o.finess} {o.code_interne} {aliases.get(o.id or 0, '')}"
        text = f"{sans_accents(names)} {nom_normalise(o.nom)}"
        if all(w in text for w in words):
            found.append(x)
    return found


def fiche(session: Session, number: int, exercice: int) -> Fiche:
    """Everything told of an operator; ``Refus`` where it is gone."""
    o = session.operateurs.find(number)
    if o is None:
        raise Refus(f"L'opérateur n° {number} n'existe plus.")
    years = session.operateur_fiches.historique(number)
    own = next((c.notifie for c in years if c.exercice == exercice), 0)
    seats = session.syntheses.par((Axe.DEPARTEMENT,), exercice)
    near = sum(x.notifie for x in seats.lignes if x.cle[0] == o.departement)
    return Fiche(
        o, exercice, tuple(session.operateurs.aliases(number)), tuple(years), (own, near), (own, seats.total.notifie),
        tuple(session.operateur_fiches.actes(number)), tuple(controles(session, o, exercice)),
    )  # fmt: skip


def controles(session: Session, o: Operateur, exercice: int) -> list[Problem]:
    """What deserves a look: a private body above the threshold, all lines of its SIREN, without a convention.

    Nothing is said of an operator whose sector is unknown except that it is.
    """
    cents, source = session.operateur_fiches.parametre(*SEUIL_CONVENTION)
    siren = o.siren or (o.siret[:9] if siret_valide(o.siret) else "")
    same = session.operateur_fiches.siren(siren) if siren else [o.id or 0]
    sums = session.operateur_fiches.cumuls(exercice)
    total = sum(sums[n].notifie for n in same if n in sums)
    if total <= cents or o.secteur == "Public":
        return []
    acts = [
        *session.operateur_fiches.conventions_en_cours(same, exercice),
        *session.operateur_fiches.conventions_des_lignes(same, exercice),
    ]
    if acts:
        return []
    whom = f"le SIREN {siren} ({len(same)} opérateurs)" if len(same) > 1 else "cet opérateur"
    told = f"{money.euros(total)} notifiés en {exercice} à {whom} et aucune convention"
    rule = f"au-dessus de {money.euros(cents)}, un organisme privé doit en avoir une ({source})."
    if not o.secteur:
        text = f"{told} : {rule} Son secteur n'est pas renseigné : le vérifier."
        return [Problem("convention", text, Severity.ALERTE)]
    return [Problem("convention", f"{told} : {rule}", Severity.ALERTE)]


def enregistrer(session: Session, operateur: Operateur) -> None:
    """Change the identity of an operator in one operation; ``Invalide`` with what prevents it."""
    o = operateur.cleaned()
    if siret_valide(o.siret):
        o = replace(o, siren=o.siret[:9])
    require(o.problems())
    before = session.operateurs.find(o.id or 0)
    if before is None:
        raise Refus("Cet opérateur n'existe plus.")
    if before != o:
        with session.operation(f"Modifier l'opérateur « {before.nom} »"):
            session.operateurs.update(o)


def ajouter_alias(session: Session, operateur: int, nature: str, valeur: str) -> None:
    """Let another name or identifier mean this operator, in one operation."""
    owner, text = session.operateurs.get(operateur), " ".join(valeur.split())
    if not text:
        raise Invalide((Problem("alias", "Écrire le nom ou l'identifiant que porte aussi cet opérateur."),))
    taken = [a for a in session.operateurs.aliases() if a.nature == nature and a.valeur.casefold() == text.casefold()]
    if taken:
        other = session.operateurs.get(taken[0].operateur_id)
        raise Invalide((Problem("alias", f"« {text} » désigne déjà « {other.nom} » : retirer d'abord cet alias."),))
    with session.operation(f"Ajouter l'alias « {text} » à « {owner.nom} »"):
        session.operateurs.add_alias(operateur, nature, text)


def nature_dite(acte: Acte) -> str:
    """What an act is called."""
    names = NATURES if acte.source == "convention" else _TYPES
    return names.get(acte.nature, acte.nature or "Acte")


def en_json(found: Fiche) -> dict[str, object]:
    """``operateurs --fiche --json``."""
    return {
        "numero": found.operateur.id,
        **{c: getattr(found.operateur, c) for c in LIBELLES},
        "exercice": found.exercice,
        "alias": [{"nature": a.nature, "valeur": a.valeur, "departement": a.departement} for a in found.alias],
        "exercices": [
            {
                "exercice": c.exercice,
                "nombre": c.nombre,
                "notifie_centimes": c.notifie,
                "ae_engagee_centimes": c.engage,
                "cp_paye_centimes": c.paye,
            }
            for c in found.historique
        ],
        "reste_a_payer_centimes": found.reste_a_payer,
        "part_departement": _share(*found.part_departement),
        "part_region": _share(*found.part_region),
        "actes": [
            {
                "source": a.source,
                "nature": nature_dite(a),
                "numero": a.numero,
                "exercice": a.exercice,
                "nombre": a.nombre,
                "notifie_centimes" if a.source == "allocation" else "montant_centimes": a.notifie,
            }
            for a in found.actes
        ],
        "controles": [p.message for p in found.controles],
    }


def en_lignes(found: Fiche) -> Sequence[str]:
    """The same as text to read."""
    o = found.operateur
    lines = [f"{o.nom} · {' '.join(x for x in (o.siret or o.finess, o.commune, o.departement) if x)}"]
    lines += [
        f"  {c.exercice} : {c.nombre} allocation{'s' * (c.nombre > 1)}, notifié {money.euros(c.notifie, decimals=True)}"
        for c in found.historique
    ]
    share = _share(*found.part_region)
    lines.append(f"  Part du FIR {found.exercice} : {money.pourcent(share, decimals=2)}" if share is not None else "")
    lines += [f"  {nature_dite(a)} {a.numero} ({a.exercice})" for a in found.actes]
    return [x for x in (*lines, *(f"  À vérifier : {p.message}" for p in found.controles)) if x]


def _share(own: int, whole: int) -> float | None:
    return round(100 * own / whole, 4) if whole else None
