"""The four steps of an import, for the window, the command line and the demonstration: scan, plan, execute, summary."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from firdesk.domain.jour import french_date
from firdesk.domain.lot import Constat, Lot
from firdesk.domain.problem import Annulation, Refus
from firdesk.services.importing import (
    collector,
    correspondance_apprise,
    correspondance_reconnue,
    datation,
    engagements,
    etat,
    instantanes,
    libelles,
    paiements,
    scdl,
    suggestions,
    vraisemblance,
)
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.controle import Controle
from firdesk.services.importing.dossier import Dossier
from firdesk.services.importing.execute import LotImporte, execute
from firdesk.services.importing.lignes import split
from firdesk.services.importing.plan import NATURES, Plan
from firdesk.services.importing.profiles import Famille
from firdesk.services.importing.profils.scdl import SCDL
from firdesk.services.importing.recognise import achever
from firdesk.services.importing.reglages import Reglages
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session
from firdesk.sheets import process
from firdesk.sheets.cell import Workbook

__all__ = ["Plan", "Reglages", "Workbook", "execute", "plan", "scan", "summary"]

AUCUN = Reglages()


def scan(path: Path, progress: Progress | None = None, reglages: Reglages = AUCUN) -> Workbook:
    """Read a file in a child process; ``Refus`` when it cannot be read, ``Annulation`` when the user gave up."""
    told = progress or Silent()

    def cancelled() -> bool:
        try:
            told.check()
        except Annulation:
            return True
        return False

    def on_progress(done: int, total: int | None) -> None:
        told.report(done, total, f"Lecture de « {path.name} »")

    try:
        return process.read(
            path,
            on_progress=on_progress,
            cancelled=cancelled,
            delimiter=reglages.separateur,
            encoding=reglages.encodage,
        )
    except process.Annule as error:
        raise Annulation from error


def plan(
    session: Session,
    workbook: Workbook,
    reglages: Reglages = AUCUN,
    progress: Progress | None = None,
) -> Plan:
    """What importing this workbook would do; the base is read, nothing is written.

    ``Refus`` when no table is recognised.
    """
    told = progress or Silent()
    found = correspondance_reconnue.table_de(workbook, reglages, correspondance_apprise.toutes(session))
    reglages = found.reglages
    table = achever(workbook, found.table, reglages)
    if table.profil.nom == SCDL.nom:
        table = scdl.destiner(table, reglages)
    table = libelles.retrouver(session, table, reglages.exercice)
    decoupe = split(table, told)
    if not decoupe.donnees:
        raise Refus(
            f"« {workbook.name} » : aucune ligne sous les en-têtes de la feuille « {table.grid.name} » "
            f"(ligne {table.ligne_entete + 1}). Vérifier que l'export n'est pas vide."
        )
    constats = Constats(table, reglages.decisions, session.imports.decisions(table.profil.nom))
    if table.profil.nom == SCDL.nom:
        scdl.verifier(table, decoupe.donnees, constats)
    with collector.at_rest():
        made = _PLANS[table.profil.famille](session, Dossier(workbook, table, decoupe, constats, reglages), told)
    return replace(made, a_retenir=found.a_retenir) if found.a_retenir is not None else made


def _plan_engagements(session: Session, dossier: Dossier, told: Progress) -> Plan:
    table, decoupe, constats, reglages = dossier.table, dossier.decoupe, dossier.constats, dossier.reglages
    controle = Controle(table, decoupe.totaux, tuple(NATURES))
    lecture = engagements.lire(table, decoupe, constats, controle, reglages.exercice, told)
    state = etat.load(session, lecture.exercices)
    tri = engagements.trier(table, lecture, state, constats, told)
    if lecture.douteuses:
        vraisemblance.dire(lecture.lignes, constats)
    trouves = controle.finir(constats)
    annuaire = tri.annuaire
    proposes = suggestions.proposer(
        annuaire, session.operateurs.montants, table.grid.name, lambda numero: table.adresse(numero, "nom")
    )
    return Plan(
        **dossier.commun(),
        exercices=tuple(lecture.exercices),
        nouvelles=tri.nouvelles,
        gains=tri.gains,
        modifiees=tri.modifiees,
        inchangees=len(tri.inchangees),
        lignes_inchangees=tuple(tri.inchangees),
        disparues=tri.absentes.lignes,
        partiel=tri.absentes.partiel,
        rejetees=lecture.rejetees,
        ignorees_lignes=lecture.ignorees,
        conflits=tri.conflits,
        confirmees=tri.comparaison.confirmees if tri.comparaison else 0,
        questions=dossier.questions(len(tri.conflits), *engagements.questions(tri, reglages.decisions))
        + proposes.questions,
        operateurs_nouveaux=annuaire.operateurs(),
        operateurs_completes=tuple(annuaire.fiches[ref] for ref in sorted(annuaire.completes)),
        alias=tuple(annuaire.alias),
        distincts=proposes.distincts,
        destinations_nouvelles=tuple((annee, code, text) for (annee, code), text in tri.destinations.items()),
        motifs=engagements.motifs(lecture, tri),
        total_importe=tri.total_importe,
        total_ignore=lecture.total_ignore + (tri.comparaison.conserve if tri.comparaison else 0),
        total_rejete=lecture.total_rejete,
        notifie_avant=state.notifie,
        notifie_apres=state.notifie + tri.delta,
        controle_totaux=trouves,
        notes=dossier.notes(),
        operation=state.operation,
    )


def _plan_execution(session: Session, dossier: Dossier, told: Progress) -> Plan:
    table, decoupe, constats, reglages = dossier.table, dossier.decoupe, dossier.constats, dossier.reglages
    controle = Controle(table, decoupe.totaux, instantanes.AMOUNTS)
    lecture = instantanes.lire(table, decoupe, constats, controle, reglages.exercice, told)
    state = etat.load(session, lecture.exercices, execution=True)
    dates = datation.dater(session, dossier.workbook, lecture.exercices, reglages.date, constats.decisions)
    tri = instantanes.trier(lecture, state, dates.jours, constats, told)
    trouves = controle.finir(constats)
    grouped = instantanes.enveloppes_lues(lecture.groupes)
    notes = (
        f"Situation au {' et au '.join(french_date(j) for j in sorted(set(dates.jours.values())))}, "
        f"date {dates.origine}.",
        f"{lecture.gardees} lignes du FIR regroupées en {grouped} lignes par destination et enveloppe.",
        "Total contrôlé : EJ validés.",
    )
    return Plan(
        **dossier.commun(),
        exercices=tuple(lecture.exercices),
        nouvelles=tuple(tri.nouvelles),
        modifiees=tuple(tri.modifiees),
        inchangees=tri.inchangees,
        disparues=tuple(tri.disparues),
        rejetees=lecture.rejetees,
        ignorees_lignes=lecture.ignorees,
        questions=(*dates.questions, *dossier.questions(0)),
        destinations_nouvelles=tuple((annee, code, text) for (annee, code), text in tri.destinations.items()),
        instantanes=tuple(tri.instantanes),
        total_importe=lecture.total_importe,
        total_ignore=lecture.total_ignore,
        total_rejete=lecture.total_rejete,
        notifie_avant=tri.avant,
        notifie_apres=tri.apres,
        controle_totaux=trouves,
        notes=dossier.notes() + notes,
        operation=state.operation,
    )


def _plan_paiements(session: Session, dossier: Dossier, told: Progress) -> Plan:
    table, decoupe, constats, reglages = dossier.table, dossier.decoupe, dossier.constats, dossier.reglages
    controle = Controle(table, decoupe.totaux, (table.profil.total,))
    lecture = paiements.lire(table, decoupe, constats, controle, reglages.exercice, told)
    state = paiements.charger(session, lecture)
    tri = paiements.trier(table, lecture, state, constats, told)
    paye = sum(state.paye.get(annee, 0) for annee in tri.exercices)
    trouves = controle.finir(constats)
    return Plan(
        **dossier.commun(),
        exercices=tuple(sorted(tri.exercices)),
        nouvelles=tuple(tri.nouvelles),
        modifiees=tuple(tri.modifiees),
        inchangees=tri.inchangees_nombre,
        lignes_inchangees=tuple(tri.inchangees),
        disparues=tuple(tri.disparues),
        rejetees=lecture.rejetees,
        ignorees_lignes=lecture.ignorees + tri.ignores,
        conflits=tuple(tri.conflits),
        questions=(*dossier.questions(len(tri.conflits)), *tri.questions),
        paiements=tuple(tri.prevus),
        mouvements_retires=tuple(tri.retires),
        orphelines=tuple(tri.orphelines),
        total_importe=tri.total_importe,
        total_ignore=lecture.total_ignore + tri.total_ignore,
        total_rejete=lecture.total_rejete,
        notifie_avant=paye,
        notifie_apres=paye + tri.delta,
        ecarts_payes=tuple(tri.deltas.items()),
        controle_totaux=trouves,
        notes=dossier.notes() + paiements.notes(tri),
        operation=state.operation,
    )


_PLANS = {
    Famille.ENGAGEMENTS: _plan_engagements,
    Famille.EXECUTION: _plan_execution,
    Famille.PAIEMENTS: _plan_paiements,
}


def summary(plan_or_lot: Plan | Lot, rejets: Sequence[Constat] | None = None) -> dict[str, object]:
    """The object of ``importer --json``; a lot read back from the base needs its ``rejets``."""
    x = plan_or_lot
    if isinstance(x, Plan):
        number, exercices, ignorees = None, list(x.exercices), x.ignorees_lignes
        counts = (len(x.nouvelles), len(x.modifiees), x.inchangees, len(x.disparues))
        found: Sequence[Constat] = x.rejets
    else:
        number, exercices, ignorees = x.id, [int(e) for e in re.findall(r"\d+", x.exercices)], x.ignorees
        counts = (x.nouvelles, x.modifiees, x.inchangees, x.disparues)
        found = x.rejets if isinstance(x, LotImporte) else ()

    def cells(constats: Sequence[Constat]) -> list[dict[str, str]]:
        names = ("feuille", "cellule", "lu", "attendu", "remede")
        return [{name: getattr(c, name) for name in names} for c in constats]

    return {
        "lot": number,
        "profil": x.profil,
        "exercices": exercices,
        "lues": x.lues,
        **dict(zip(("nouvelles", "modifiees", "inchangees", "disparues"), counts, strict=True)),
        "rejetees": x.rejetees,
        "ignorees": ignorees,
        "reparees": x.reparees,
        "total_fichier_centimes": x.total_fichier,
        "total_importe_centimes": x.total_importe,
        "rejets": cells(found if rejets is None else rejets),
        "orphelines": len(x.orphelines) if isinstance(x, Plan) else x.orphelines,
        "orphelins": cells(x.orphelines if isinstance(x, Plan) else x.orphelins if isinstance(x, LotImporte) else ()),
    }
