"""Writing a plan: one operation, whole or not at all, that one undo takes back."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from firdesk.domain.lot import Constat, Lot
from firdesk.domain.money import nombre
from firdesk.domain.problem import Refus
from firdesk.services import exercices
from firdesk.services.importing import collector, decisions, paiements_ecriture
from firdesk.services.importing.correspondance_apprise import retenir
from firdesk.services.importing.ecriture import ecrire
from firdesk.services.importing.etat import latest_operation
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import Famille
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session

#: Above this share of rejected lines a file is refused as a whole, unless the user insists…
SEUIL_REJETS = 0.05
#: …but a couple of bad lines never refuse a short file.
REJETS_TOLERES = 2


@dataclass(frozen=True, slots=True)
class LotImporte(Lot):
    """The lot just written, with its rejects and its payments without an allocation."""

    rejets: tuple[Constat, ...] = ()
    orphelins: tuple[Constat, ...] = ()


def execute(session: Session, plan: Plan, progress: Progress | None = None, *, insister: bool = False) -> Lot:
    """Write what the plan says; ``Refus`` (too many rejects, nothing to import, base changed) writes nothing.

    ``Annulation`` raised by ``progress`` leaves the base as it was.
    """
    told = progress or Silent()
    _refuse(session, plan, insister=insister)
    en_masse = told if len(plan.nouvelles) > session.allocations.count() else None
    with collector.at_rest(), session.operation(label(plan), nature="import", en_masse=en_masse):
        lot = _write(session, plan, told)
        told.check()
    return lot


def label(plan: Plan) -> str:
    """``Importer 2025_engagements_exporter.csv (2 512 lignes)``."""
    return f"Importer {plan.fichier} ({nombre(plan.lues)} ligne{'s' if plan.lues > 1 else ''})"


def _refuse(session: Session, plan: Plan, *, insister: bool) -> None:
    exercices.refuser_clos(session, plan.exercices)
    if plan.operation != latest_operation(session):
        raise Refus("La base a changé depuis que cet import a été préparé : le préparer à nouveau.")
    kept = plan.lues - plan.rejetees
    if plan.rejetees and not kept:
        raise Refus(
            f"« {plan.fichier} » : les {nombre(plan.lues)} lignes sont rejetées, rien n'est importé. {_first(plan)}"
        )
    many = plan.rejetees > REJETS_TOLERES and plan.rejetees > SEUIL_REJETS * plan.lues
    if many and not insister:
        raise Refus(
            f"« {plan.fichier} » : {nombre(plan.rejetees)} lignes sur {nombre(plan.lues)} sont rejetées, plus de "
            f"{SEUIL_REJETS:.0%} : rien n'est importé. Corriger le fichier, ou importer quand même le reste. "
            + _first(plan)
        )


def _first(plan: Plan) -> str:
    if not plan.rejets:
        return ""
    c = plan.rejets[0]
    return f"Premier rejet : feuille « {c.feuille} », {c.cellule}, lu « {c.lu} », attendu {c.attendu}. {c.remede}"


def _write(session: Session, plan: Plan, progress: Progress) -> LotImporte:
    if plan.famille is not Famille.PAIEMENTS:  # the year of a payment needs no nomenclature
        for annee in plan.exercices:
            session.nomenclatures.open_exercice(annee)
    for annee, code, libelle in plan.destinations_nouvelles:
        session.nomenclatures.add_destination(annee, code, libelle)
    lot = _lot(plan)
    number = session.imports.add_lot(lot)
    if plan.a_retenir is not None:
        retenir(session, plan.a_retenir)
    if plan.famille is Famille.EXECUTION:
        session.imports.add_constats(number, plan.constats)
        _write_snapshots(session, plan, number)
    elif plan.famille is Famille.PAIEMENTS:
        paiements_ecriture.ecrire(session, plan, number, progress)
    else:
        ecrire(session, plan, number, progress)
    profil = plan.profil if plan.a_retenir is None else plan.a_retenir.nom
    session.imports.retenir(profil, decisions.memorables(plan))
    values = {f.name: getattr(lot, f.name) for f in fields(Lot) if f.name != "id"}
    return LotImporte(**values, id=number, rejets=plan.rejets, orphelins=plan.orphelines)


def _lot(plan: Plan) -> Lot:
    kept = plan.a_retenir
    return Lot(
        fichier=plan.fichier,
        sha256=plan.sha256,
        taille=plan.taille,
        feuille=plan.feuille,
        profil=plan.profil,
        importe_le=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        exercices=", ".join(map(str, plan.exercices)),
        lues=plan.lues,
        nouvelles=len(plan.nouvelles),
        modifiees=len(plan.modifiees),
        inchangees=plan.inchangees,
        disparues=len(plan.disparues),
        rejetees=plan.rejetees,
        ignorees=plan.ignorees_lignes,
        reparees=plan.reparees,
        total_fichier=plan.total_fichier,
        total_importe=plan.total_importe,
        total_ignore=plan.total_ignore,
        total_rejete=plan.total_rejete,
        orphelines=len(plan.orphelines),
        chemin=plan.chemin,
        reglages=(plan.reglages if kept is None else replace(plan.reglages, profil=kept.nom)).to_json(),
        mesure=plan.mesure,
        notifie_avant=plan.notifie_avant,
        notifie_apres=plan.notifie_apres,
    )


def _write_snapshots(session: Session, plan: Plan, lot: int) -> None:
    for snapshot in plan.instantanes:
        number = snapshot.instantane_id
        if number is None:
            number = session.budgets.add_instantane(snapshot.exercice, snapshot.date, lot)
        session.budgets.add_lignes_execution(number, (replace(x, lot=lot) for x in snapshot.ajouts))
        for ligne, values in snapshot.changements:
            session.budgets.update_ligne_execution(ligne, replace(values, lot=lot))
        for ligne in snapshot.retraits:
            session.budgets.delete_ligne_execution(ligne)
