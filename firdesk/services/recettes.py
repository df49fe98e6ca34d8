"""What comes in: arrêtés, titres and other recettes, what they are reserved for and what was consumed; the balance."""

from collections.abc import Sequence
from dataclasses import replace

from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Invalide, Problem, Refus, Severity, require
from firdesk.domain.recette import NATURES, PARTS, SOURCES, Cumul, Equilibre, Recette, Suivi, comptees, cumuler
from firdesk.domain.synthese import Axe, Ligne
from firdesk.services.session import Session
from firdesk.store.recettes import Reprise

__all__ = ["Reprise"]


def liste(session: Session, exercice: int, au: str = "") -> tuple[Recette, ...]:
    """The recettes of an exercice, those of a day and before where ``au`` (ISO) says one."""
    return comptees(session.recettes.de(exercice), au)


def nom(recette: Recette) -> str:
    """« Arrêté initial n° 2025-12 »."""
    number = f" n° {recette.numero}" if recette.numero else ""
    return f"{NATURES.get(recette.nature, 'Recette')}{number}"


def problems(session: Session, draft: Recette) -> tuple[Problem, ...]:
    """What is to be said of a recette before it is saved."""
    found = list(draft.problems())
    same = [
        r
        for r in session.recettes.de(draft.exercice)
        if draft.numero and (r.numero, r.nature, r.source) == (draft.numero, draft.nature, draft.source)
    ]
    if any(r.id != draft.id for r in same):
        named = f"{nom(draft)} ({SOURCES.get(draft.source, draft.source)})"
        told = f"{named} est déjà saisi : vérifier que ce n'est pas un doublon."
        found.append(Problem("numero", told, Severity.ALERTE))
    if draft.mouvement_id is not None and draft.nature != "titre":
        found.append(Problem("mouvement_id", "Seul un titre de recettes recouvre une reprise."))
    return tuple(found)


def enregistrer(session: Session, draft: Recette) -> int:
    """Create or update a recette and its fléchages in one operation; returns its number."""
    require(problems(session, draft))
    if draft.id is None:
        with session.operation(f"Saisir la recette {draft.exercice} : {nom(draft)}"):
            session.nomenclatures.open_exercice(draft.exercice)
            return session.recettes.add(draft)
    before = session.recettes.get(draft.id)
    if before is None:
        raise Refus("Cette recette n'existe plus.")
    if before != draft:
        with session.operation(f"Modifier la recette {draft.exercice} : {nom(draft)}"):
            session.recettes.update(draft)
    return draft.id


def supprimer(session: Session, recettes: Sequence[Recette]) -> None:
    """Delete recettes and their fléchages in one operation."""
    if not recettes:
        return
    first = recettes[0]
    told = nom(first) if len(recettes) == 1 else f"{len(recettes)} recettes"
    with session.operation(f"Supprimer la recette {first.exercice} : {told}"):
        for r in recettes:
            session.recettes.delete(r.id or 0)


def encaisser(session: Session, choisies: Sequence[Recette], jour: str) -> None:
    """Say that the whole of these recettes was collected on a day (ISO), in one operation."""
    if choisies:
        told = nom(choisies[0]) if len(choisies) == 1 else f"{len(choisies)} recettes"
        with session.operation(f"Encaisser la recette {choisies[0].exercice} : {told}"):
            for r in choisies:
                session.recettes.update(replace(r, encaisse=r.montant, encaissee_le=jour))


def fixer_report(session: Session, exercice: int, cents: int) -> None:
    """Write the cash carried over from the exercice before."""
    if abs(cents) > money.LIMIT:
        raise Invalide((Problem("report", "Ce montant dépasse ce que le fichier peut porter."),))
    if session.recettes.report(exercice) != cents:
        with session.operation(f"Fixer le report de trésorerie {exercice}"):
            session.nomenclatures.open_exercice(exercice)
            session.recettes.set_report(exercice, cents)


def remettre_parts(draft: Recette) -> Recette:
    """The same recette, its fongible part being what the three others leave of the amount."""
    others = draft.parts - draft.fongible
    return replace(draft, fongible=draft.montant - others)


def cumul(session: Session, exercice: int, au: str = "") -> Cumul:
    """The recettes of an exercice added up at a day."""
    return cumuler(session.recettes.de(exercice), au)


def suivi(session: Session, exercice: int, au: str = "") -> tuple[Suivi, ...]:
    """One row a theme or destination that something is reserved to, all recettes of the day together.

    What was consumed is that of the whole exercice: mouvements and SIBC say no less.
    """
    aimed: dict[tuple[str, str], int] = {}
    for r in liste(session, exercice, au):
        for f in r.flechages:
            aimed[f.theme, f.destination] = aimed.get((f.theme, f.destination), 0) + f.montant
    if not aimed:
        return ()
    themes = session.syntheses.par((Axe.THEME,), exercice)
    destinations = session.syntheses.par((Axe.DESTINATION,), exercice)
    executed = bool(session.budgets.instantanes(exercice))
    labels = session.nomenclatures.themes()
    named = {d.code: d.libelle for d in session.nomenclatures.destinations(exercice)}
    found = []
    for (theme, destination), cents in aimed.items():
        if theme:
            mine = [x for x in themes.lignes if x.cle[0] == theme]
            consumed, measure = _consomme(mine, sibc=False)
            found.append(Suivi(theme, "", labels.get(theme, theme), cents, consumed, measure))
        else:
            mine = [x for x in destinations.lignes if sous(x.cle[0], destination)]
            consumed, measure = _consomme(mine, sibc=executed)
            found.append(Suivi("", destination, named.get(destination, destination), cents, consumed, measure))
    order = {code: i for i, code in enumerate(labels)}
    return tuple(sorted(found, key=lambda x: (not x.theme, order.get(x.theme, -1), x.destination)))


def sous(code: str, destination: str) -> bool:
    """Whether a code is that of a destination or of one under it."""
    return code == destination or code.startswith(f"{destination}-")


def _consomme(lines: Sequence[Ligne], *, sibc: bool) -> tuple[int, str]:
    engaged = sum(x.ae_engagee for x in lines)
    if sibc:
        return engaged, "engagé (SIBC)"
    return (engaged, "engagé") if engaged else (sum(x.notifie for x in lines), "notifié")


def equilibre(session: Session, exercice: int, au: str = "") -> tuple[Equilibre, str]:
    """The balance of an exercice, and where what was engaged and paid comes from (French).

    At a day, the latest SIBC snapshot of that day or before; mouvements are those of the whole exercice.
    """
    added = cumul(session, exercice, au)
    came = added.total if added.nombre else None
    report = session.recettes.report(exercice)
    snapshots = session.budgets.instantanes(exercice)
    for x in snapshots:
        if not au or x.date <= au:
            return Equilibre(came, report, x.ej_valides, x.decaissements), f"SIBC au {french_date(x.date)}"
    if snapshots:
        return Equilibre(came, report, None, None), f"aucune situation SIBC au {french_date(au)}"
    engaged, paid = session.recettes.decaisse(exercice)
    if not engaged and not paid:
        return Equilibre(came, report, None, None), "engagé et payé inconnus"
    return Equilibre(came, report, engaged, paid), "mouvements des allocations"


def as_json(session: Session, exercice: int, au: str = "") -> dict[str, object]:
    """``recettes --json``: amounts in cents."""
    added = cumul(session, exercice, au)
    balance, source = equilibre(session, exercice, au)
    return {
        "exercice": exercice,
        "au": au or None,
        "recettes": [_json(r) for r in liste(session, exercice, au)],
        "flechages": [
            {
                "theme": x.theme or None,
                "destination": x.destination or None,
                "libelle": x.libelle,
                "fleche_centimes": x.fleche,
                "consomme_centimes": x.consomme,
                "mesure": x.mesure,
                "reste_centimes": x.reste,
            }
            for x in suivi(session, exercice, au)
        ],
        "total": {
            "recettes_centimes": added.total,
            "deleguees_centimes": added.deleguees,
            "propres_centimes": added.propres,
            "encaisse_centimes": added.encaisse,
            "nombre": added.nombre,
            "sans_date": added.sans_date,
        }
        | {f"{name}_centimes": cents for (name, _), cents in zip(PARTS, added.parts, strict=True)},
        "equilibre": {
            "source": source,
            "report_centimes": balance.report,
            "ae_engagees_centimes": balance.engage,
            "cp_decaisses_centimes": balance.decaisse,
            "tresorerie_centimes": balance.tresorerie,
            "ae_moins_recettes_centimes": balance.engage_sans_recette,
        },
    }


def _json(r: Recette) -> dict[str, object]:
    told: dict[str, object] = {name: getattr(r, name) for name in ("nature", "numero", "date", "source", "libelle")}
    told |= {"montant_centimes": r.montant} | {f"{name}_centimes": getattr(r, name) for name, _ in PARTS}
    told |= {"encaisse_centimes": r.encaisse, "encaissee_le": r.encaissee_le}
    told["flechages"] = [
        {
            "theme": f.theme or None,
            "destination": f.destination or None,
            "libelle": f.libelle,
            "montant_centimes": f.montant,
        }
        for f in r.flechages
    ]
    return told
