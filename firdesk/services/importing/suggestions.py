"""What to ask of the operators that nothing certain designates: those of the base that they look like.

Never blocks: without an answer the operator is a new one. Told « Nouvel opérateur », the pair is remembered as two.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from firdesk.domain import money
from firdesk.domain.identifiants import affiche_siret
from firdesk.domain.operateur import MontantsAnnuels, Operateur
from firdesk.services.importing.operateurs import NOUVEAU, Annuaire, Inconnu, tous
from firdesk.services.importing.plan import Question
from firdesk.services.operateurs_proches import proches

_LONGUEUR = 48
Montants = Mapping[int, Sequence[MontantsAnnuels]]


class Propositions(NamedTuple):
    """The questions, and the pairs (new, known) that the user told apart."""

    questions: tuple[Question, ...] = ()
    distincts: tuple[tuple[int, int], ...] = ()


def proposer(
    annuaire: Annuaire,
    montants: Callable[[Sequence[int]], Montants],
    feuille: str,
    adresse: Callable[[int], str],
) -> Propositions:
    """Ask of each unknown operator that looks like some of the base; nothing when none does.

    ``montants`` gives what operators had, ``adresse`` the cell of a row (0-based) of that ``feuille``.
    """
    inconnus = list(annuaire.inconnus.values())
    if not inconnus or not annuaire.connus:
        return Propositions()
    found = []
    for inconnu, near in zip(inconnus, proches([i.fiche for i in inconnus], annuaire.connus), strict=True):
        known = [annuaire.connus[p.place] for p in near]
        if inconnu.ref > 0 and inconnu.ref not in [o.id for o in known]:
            known.append(next(o for o in annuaire.connus if o.id == inconnu.ref))
        if known:
            found.append((inconnu, known))
    if not found:
        return Propositions()
    found.sort(key=lambda pair: -pair[0].lignes)
    sums = montants(sorted({o.id or 0 for _, known in found for o in known}))
    questions = tuple(_question(i, known, sums, (feuille, adresse(i.numero))) for i, known in found)
    distincts = tuple(
        (i.ref, o.id or 0)
        for i, known in found
        if i.ref < 0 and annuaire.reponse(i.question, i.fiche) == NOUVEAU
        for o in known
    )
    return Propositions(questions, distincts)


def _question(inconnu: Inconnu, known: Sequence[Operateur], sums: Montants, where: tuple[str, str]) -> Question:
    fiche = inconnu.fiche
    where_from = f"du département {fiche.departement}" if fiche.departement else "sans département"
    many = "un opérateur connu" if len(known) == 1 else f"{len(known)} opérateurs connus"
    told = [f"Feuille « {where[0]} », {where[1]}. {', '.join(_marques(fiche)) or 'Sans identifiant'}."]
    told += [f"{o.nom} : {decrire(o, sums.get(o.id or 0, ()))}." for o in known]
    told.append("Un autre opérateur de la base : saisir son SIRET, son FINESS ou son nom.")
    choix = [(str(o.id), f"C'est {_court(o.nom)}{_ou(o)}") for o in known]
    return Question(
        id=inconnu.question,
        titre=f"« {fiche.nom} » ressemble à {many}",
        detail="\n".join(told),
        lignes=inconnu.lignes,
        choix=(*choix, (NOUVEAU, "Nouvel opérateur")),
        defaut=NOUVEAU,
        reponse=inconnu.reponse,
        saisie=True,
        groupe=f"Opérateurs {where_from} qui ressemblent à un opérateur connu",
        tous=tous(fiche),
        lu=fiche.nom,
        cellule=where[1],
    )


def decrire(o: Operateur, sums: Sequence[MontantsAnnuels]) -> str:
    """``62300 Lens, SIRET 266 209 …, département 62 ; 2025 : 12 lignes, 1 234 567,00 € notifiés``."""
    place = " ".join(t for t in (o.code_postal, o.commune) if t) or o.territoire
    told = ", ".join(t for t in (place, *_marques(o)) if t) or "sans identifiant"
    if not sums:
        return f"{told} ; aucune ligne"
    last = sums[0]
    lines = f"{money.nombre(last.nombre)} ligne{'s' * (last.nombre > 1)}"
    return f"{told} ; {last.exercice} : {lines}, {money.euros(last.notifie, decimals=True)} notifiés"


def _marques(o: Operateur) -> list[str]:
    """The identifiers and the département, each with its name."""
    found = [f"SIRET {affiche_siret(o.siret)}"] if o.siret else [f"SIREN {o.siren}"] if o.siren else []
    found += [f"FINESS {o.finess}"] if o.finess else []
    found += [f"code {o.code_interne}"] if o.code_interne else []
    return found + ([f"département {o.departement}"] if o.departement else [])


def _ou(o: Operateur) -> str:
    """Where it is, after its name."""
    place = o.commune or o.departement
    return f" ({place})" if place else ""


def _court(nom: str) -> str:
    return nom if len(nom) <= _LONGUEUR else nom[: _LONGUEUR - 1] + "…"
