"""Writing a plan: one operation, whole or not at all, that one undo takes back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice

from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.lot import Constat, Lot
from firdesk.domain.money import nombre
from firdesk.domain.problem import Refus
from firdesk.services.importing import collector
from firdesk.services.importing.engagements import ej
from firdesk.services.importing.etat import latest_operation
from firdesk.services.importing.lignes import STEP
from firdesk.services.importing.plan import NATURES, LigneLue, Montant, Plan, PlannedLine
from firdesk.services.importing.profiles import Famille
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session

#: Above this share of rejected lines a file is refused as a whole, unless the user insists…
SEUIL_REJETS = 0.05
#: …but a couple of bad lines never refuse a short file.
REJETS_TOLERES = 2


@dataclass(frozen=True, slots=True)
class LotImporte(Lot):
    """The lot just written, with its rejects."""

    rejets: tuple[Constat, ...] = ()


def execute(session: Session, plan: Plan, progress: Progress | None = None, *, insister: bool = False) -> Lot:
    """Write what the plan says; ``Refus`` (too many rejects, nothing to import, base changed) writes nothing.

    ``Annulation`` raised by ``progress`` leaves the base as it was.
    """
    told = progress or Silent()
    _refuse(session, plan, insister=insister)
    with collector.at_rest(), session.operation(label(plan), nature="import"):
        lot = _write(session, plan, told)
        told.check()
    return lot


def label(plan: Plan) -> str:
    """``Importer 2025_engagements_exporter.csv (2 512 lignes)``."""
    return f"Importer {plan.fichier} ({nombre(plan.lues)} ligne{'s' if plan.lues > 1 else ''})"


def _refuse(session: Session, plan: Plan, *, insister: bool) -> None:
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
    for annee in plan.exercices:
        session.nomenclatures.open_exercice(annee)
    for annee, code, libelle in plan.destinations_nouvelles:
        session.nomenclatures.add_destination(annee, code, libelle)
    lot = _lot(plan)
    number = session.imports.add_lot(lot)
    if plan.famille is Famille.EXECUTION:
        session.imports.add_constats(number, _constats(plan))
        _write_snapshots(session, plan, number)
    else:
        _write_allocations(session, plan, number, progress)
    values = {f.name: getattr(lot, f.name) for f in fields(Lot) if f.name != "id"}
    return LotImporte(**values, id=number, rejets=plan.rejets)


def _lot(plan: Plan) -> Lot:
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
        chemin=plan.chemin,
        reglages=plan.reglages.to_json(),
    )


def _constats(plan: Plan) -> tuple[Constat, ...]:
    return plan.rejets + plan.reparations + plan.alertes + plan.ignorees


def _write_allocations(session: Session, plan: Plan, lot: int, progress: Progress) -> None:
    """New rows all at once, then changes to old ones, which refer to the lines just written."""
    for operateur in plan.operateurs_completes:
        session.operateurs.update(operateur)
    first_line = session.imports.next_ligne()
    changed_line = first_line + len(plan.nouvelles)
    with session.imports.en_masse(progress.check):
        refs = session.operateurs.add_many(plan.operateurs_nouveaux)
        numbers: list[int] = []
        _add_new(session, plan, refs, numbers, progress)
        session.imports.add_lignes(_lines(plan, lot, first_line, numbers))
        _add_mouvements(session, plan, numbers, first_line, progress)
        session.imports.add_constats(lot, _constats(plan))
        progress.report(len(numbers), len(numbers), "Écriture de l'historique et des cumuls")
    for ref, nature, value in plan.alias:
        session.operateurs.add_alias(ref if ref > 0 else refs[-1 - ref], nature, value)
    total = len(plan.modifiees) + len(plan.disparues)
    for done, line in enumerate(plan.modifiees):
        if done % (STEP // 5) == 0:
            progress.check()
            progress.report(done, total, "Mise à jour des lignes modifiées")
        _update(session, plan, line, changed_line + done)
    for done, gone in enumerate(plan.disparues):
        if done % (STEP // 5) == 0:
            progress.check()
        session.allocations.assign(gone.allocation_id, {"statut": "disparue"})


def _add_new(session: Session, plan: Plan, refs: Sequence[int], numbers: list[int], progress: Progress) -> None:
    total = len(plan.nouvelles)
    following = {e: session.allocations.next_number(e) for e in plan.exercices}
    lines = iter(plan.nouvelles)
    while chunk := list(islice(lines, 5 * STEP)):
        progress.check()
        progress.report(len(numbers), total, "Écriture des nouvelles lignes")
        batch = []
        for line in chunk:
            ref = line.operateur_ref
            batch.append(_allocation(line, ref if ref > 0 else refs[-1 - ref], following[line.exercice]))
            following[line.exercice] += 1
        numbers += session.allocations.add_many(batch)


def _allocation(line: PlannedLine, operateur: int, numero: int) -> Allocation:
    x = _source(line)
    return Allocation(
        exercice=line.exercice,
        numero=numero,
        operateur_id=operateur,
        destination=line.destination,
        theme=line.theme,
        enveloppe=line.enveloppe,
        objet=x.action,
        ej=ej(x),
        notification=x.notification,
        decision=x.decision,
        type_decision=x.type_decision,
        date_notification=x.date_notification,
        payeur=x.payeur,
        motivation=x.motivation,
        projet=x.projet,
        code_ars=x.code_ars,
        cle=line.cle,
    )


def _source(line: PlannedLine) -> LigneLue:
    if line.source is None:
        raise ValueError(f"line {line.ligne} was not read from an export of engagements")
    return line.source


def _lines(plan: Plan, lot: int, first: int, numbers: Sequence[int]) -> Iterator[tuple[int, int, str, int, str, int]]:
    number = first
    for line, allocation in zip(plan.nouvelles, numbers, strict=True):
        yield number, lot, plan.feuille, line.ligne, "nouvelle", allocation
        number += 1
    for line in plan.modifiees:
        yield number, lot, plan.feuille, line.ligne, "modifiee", line.allocation_id or 0
        number += 1
    for row, allocation in plan.lignes_inchangees:
        yield number, lot, plan.feuille, row, "inchangee", allocation
        number += 1
    for gone in plan.disparues:
        yield number, lot, plan.feuille, 0, "disparue", gone.allocation_id
        number += 1


def _add_mouvements(session: Session, plan: Plan, numbers: Sequence[int], first: int, progress: Progress) -> None:
    pairs = enumerate(zip(plan.nouvelles, numbers, strict=True), first)
    while chunk := list(islice(pairs, 5 * STEP)):
        progress.check()
        progress.report(chunk[0][0] - first, len(numbers), "Écriture des montants")
        session.allocations.add_mouvements(
            (allocation, _mouvement(line, amount, ligne))
            for ligne, (line, allocation) in chunk
            for amount in plan.montants(line)
        )


def _mouvement(line: PlannedLine, amount: Montant, ligne: int, number: int | None = None) -> Mouvement:
    x = _source(line)
    notified = amount.nature is Nature.NOTIFICATION
    return Mouvement(
        nature=amount.nature,
        exercice=line.exercice,
        montant=amount.cents,
        date=x.date_notification if notified else "",
        reference=x.notification if notified else "",
        origine="import",
        cellule=amount.cellule,
        brut=amount.brut,
        ligne=ligne,
        id=number,
    )


def _update(session: Session, plan: Plan, line: PlannedLine, ligne: int) -> None:
    number = line.allocation_id or 0
    if line.ecritures:
        session.allocations.assign(number, line.ecritures)
    amounts = {a.nature: a for a in plan.montants(line)}
    for retouche in line.retouches:
        for typed in retouche.a_retirer:
            session.allocations.delete_mouvement(typed)
        amount = amounts.get(NATURES[retouche.champ])
        if amount is None:
            if retouche.mouvement is not None:
                session.allocations.delete_mouvement(retouche.mouvement)
        elif retouche.mouvement is not None:
            session.allocations.update_mouvement(_mouvement(line, amount, ligne, retouche.mouvement))
        else:
            session.allocations.add_mouvement(number, _mouvement(line, amount, ligne))


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
