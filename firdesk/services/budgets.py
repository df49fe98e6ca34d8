"""Versions of the budget: made, renamed, typed in, moved between lines, compared; each change is one operation."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from firdesk.domain import money
from firdesk.domain.budget import LigneBudget, VersionBudget, Virement
from firdesk.domain.budget_versions import Cle, ComparaisonVersions, appliquer, comparer, negatives
from firdesk.domain.problem import Invalide, Problem, Refus, Severity, require
from firdesk.services.session import Session


def version(session: Session, exercice: int, code: str) -> VersionBudget:
    """A version by its code, whatever its case; ``Refus`` names those there are."""
    known = session.budgets.versions(exercice)
    for x in known:
        if x.code.casefold() == code.strip().casefold():
            return x
    told = f"il y a {', '.join(x.code for x in known)}" if known else "il n'y en a aucune"
    raise Refus(f"Aucune version « {code} » du budget {exercice} : {told}.")


def par_numero(session: Session, exercice: int, number: int) -> VersionBudget:
    """A version by its number; ``Refus`` if it is gone."""
    for x in session.budgets.versions(exercice):
        if x.id == number:
            return x
    raise Refus("Cette version du budget n'existe plus.")


def proposee(session: Session, exercice: int) -> VersionBudget:
    """The next vote: BI first, then BR1, BR2…"""
    codes = {x.code.upper() for x in session.budgets.versions(exercice)}
    if not codes:
        return VersionBudget(exercice, "BI", 1, f"Budget initial {exercice}")
    n = next(i for i in range(1, len(codes) + 2) if f"BR{i}" not in codes)
    return VersionBudget(exercice, f"BR{n}", len(codes) + 1, f"Budget rectificatif n° {n} {exercice}")


def problems(session: Session, draft: VersionBudget) -> tuple[Problem, ...]:
    """What is to be said of a version before it is saved."""
    found = list(draft.problems())
    known = session.budgets.versions(draft.exercice)
    if any(x.code.casefold() == draft.code.casefold() and x.id != draft.id for x in known):
        found.append(Problem("code", f"Il y a déjà une version {draft.code} en {draft.exercice}."))
    if not draft.date:
        found.append(Problem("date", "Sans date, le vote n'est pas situé dans l'année.", Severity.ALERTE))
    return tuple(found)


def creer(session: Session, draft: VersionBudget, lignes: Iterable[LigneBudget] = ()) -> int:
    """Add a version after the others, with these lines; returns its number."""
    require(problems(session, draft))
    rank = rang_suivant(session, draft.exercice)
    with session.operation(f"Créer le {draft.nom}"):
        session.nomenclatures.open_exercice(draft.exercice)
        return session.budgets.add_version(replace(draft, ordre=rank), _utiles(lignes))


def rang_suivant(session: Session, exercice: int) -> int:
    """The place after the last version."""
    return max((x.ordre for x in session.budgets.versions(exercice)), default=0) + 1


def modifier(session: Session, draft: VersionBudget) -> None:
    """Write the code, label and date of a version."""
    require(problems(session, draft))
    before = par_numero(session, draft.exercice, draft.id or 0)
    if (before.code, before.libelle, before.date) != (draft.code, draft.libelle, draft.date):
        with session.operation(f"Modifier le {before.nom}"):
            session.budgets.update_version(replace(draft, ordre=before.ordre))


def deplacer(session: Session, exercice: int, number: int, pas: int) -> None:
    """Put a version one place earlier (-1) or later (+1): the last one is the yardstick."""
    known = session.budgets.versions(exercice)
    place = next((i for i, x in enumerate(known) if x.id == number), -1)
    if place < 0 or not 0 <= place + pas < len(known):
        return
    known.insert(place + pas, known.pop(place))
    with session.operation(f"Changer la place du {known[place + pas].nom}"):
        for ordre, x in enumerate(known, start=1):
            if x.ordre != ordre:
                session.budgets.update_version(replace(x, ordre=ordre))


def supprimer(session: Session, exercice: int, number: int) -> None:
    """Delete a version with its lines and its virements."""
    with session.operation(f"Supprimer le {par_numero(session, exercice, number).nom}"):
        session.budgets.delete_version(number)


def lignes_sibc(session: Session, exercice: int, date: str = "") -> tuple[LigneBudget, ...]:
    """What a SIBC snapshot (the latest unless ``date``) shows as opened; ``Refus`` where there is none."""
    for x in session.budgets.instantanes(exercice):
        if date in ("", x.date):
            return _utiles(
                LigneBudget(y.destination, y.enveloppe, y.ae_ouvertes or 0, y.cp_ouverts or 0)
                for _, y in session.budgets.lignes_execution(x.id).values()
            )
    raise Refus(f"Aucune situation SIBC de {exercice} : importer une exécution SIBC (page Imports).")


# Lines


def ecrire(session: Session, cible: VersionBudget, lignes: Sequence[LigneBudget], libelle: str = "") -> int:
    """Write the lines that differ, in one operation; how many did. The other lines are left alone."""
    require(p for x in lignes for p in x.problems())
    par_numero(session, cible.exercice, cible.id or 0)
    before = {x.cle: x for x in session.budgets.lignes(cible.id or 0)}
    changed = [x for x in lignes if before.get(x.cle) != x]
    if changed:
        only = f" : {changed[0].destination}" if len(changed) == 1 else f" : {money.nombre(len(changed))} lignes"
        with session.operation(libelle or f"Modifier le {cible.nom}{only}"):
            session.budgets.put_lignes(cible.id or 0, changed)
    return len(changed)


def ecrire_cellule(session: Session, cible: VersionBudget, cle: Cle, colonne: str, texte: str) -> int:
    """Write the text typed in the ``ae`` or ``cp`` of a line; ``Invalide`` for a text that is no single amount."""
    try:
        cents = money.parse_strict(texte)
    except ValueError as error:
        raise Invalide((Problem(colonne, str(error)),)) from error
    if cents is None:
        told = "Une ligne ouverte a un montant : écrire 0, ou supprimer la ligne (Suppr)."
        raise Invalide((Problem(colonne, told),))
    known = {x.cle: x for x in session.budgets.lignes(cible.id or 0)}
    line = known.get(cle, LigneBudget(*cle, 0, 0))
    return ecrire(session, cible, [replace(line, ae=cents) if colonne == "ae" else replace(line, cp=cents)])


def supprimer_lignes(session: Session, cible: VersionBudget, cles: Sequence[Cle]) -> None:
    """Take lines out of a version."""
    what = f"la ligne {cles[0][0]}" if len(cles) == 1 else f"{money.nombre(len(cles))} lignes"
    with session.operation(f"Retirer {what} du {cible.nom}"):
        session.budgets.delete_lignes(cible.id or 0, cles)


# Virements


def problems_virement(session: Session, draft: Virement) -> tuple[Problem, ...]:
    """What is to be said of a virement; a line that it would leave below zero is a warning."""
    found = list(draft.problems())
    if any(p.blocking for p in found):
        return tuple(found)
    before = session.budgets.lignes_virees(draft.version_id)
    known = {x.cle: x for x in before}
    after = {x.cle: x for x in appliquer(before, [draft])}[draft.de]
    opened = known.get(draft.de, LigneBudget(*draft.de, 0, 0))
    for name, label in (("ae", "AE"), ("cp", "CP")):
        left = getattr(after, name)
        if left < 0 and left < getattr(opened, name):
            told = f"La ligne {draft.de_destination} aurait {money.euros(left)} de {label} : elle en ouvre moins."
            found.append(Problem(name, told, Severity.ALERTE))
    return tuple(found)


def virer(session: Session, cible: VersionBudget, draft: Virement) -> int:
    """Move AE and CP from a line to another, in one operation; returns its number."""
    require(problems_virement(session, draft))
    par_numero(session, cible.exercice, cible.id or 0)
    with session.operation(f"Virer de {draft.de_destination} à {draft.vers_destination} ({cible.nom})"):
        return session.budgets.add_virement(draft)


def annuler_virement(session: Session, cible: VersionBudget, number: int) -> None:
    """Take a virement back."""
    found = next((v for v in session.budgets.virements(cible.id or 0) if v.id == number), None)
    if found is None:
        raise Refus("Ce virement n'existe plus.")
    label = f"Supprimer le virement de {found.de_destination} à {found.vers_destination} ({cible.nom})"
    with session.operation(label):
        session.budgets.delete_virement(number)


def alertes(session: Session, cible: VersionBudget) -> tuple[str, ...]:
    """What deserves a look in a version, one sentence each."""
    below = negatives(session.budgets.lignes_virees(cible.id or 0))
    return tuple(
        f"{x.destination}{f' · {x.enveloppe}' if x.enveloppe else ''} : "
        f"AE {money.euros(x.ae)}, CP {money.euros(x.cp)}, au-dessous de zéro."
        for x in below
    )


# Two versions


def comparaison(session: Session, avant: VersionBudget, apres: VersionBudget) -> ComparaisonVersions:
    """Two versions side by side, virements included."""
    if avant.id == apres.id:
        raise Refus("Choisir deux versions différentes : une version ne se compare pas à elle-même.")
    sides = [session.budgets.lignes_virees(x.id or 0) for x in (avant, apres)]
    return comparer(avant, sides[0], apres, sides[1])


def libelles(session: Session, exercice: int) -> dict[str, str]:
    """The label of each destination of an exercice, that of SIBC for a code outside the nomenclature."""
    found = {}
    for x in session.budgets.instantanes(exercice)[:1]:
        found = {y.destination: y.libelle for _, y in session.budgets.lignes_execution(x.id).values()}
    return found | {d.code: d.libelle for d in session.nomenclatures.destinations(exercice) if d.libelle != d.code}


def _utiles(lignes: Iterable[LigneBudget]) -> tuple[LigneBudget, ...]:
    return tuple(x for x in lignes if x.ae or x.cp)
