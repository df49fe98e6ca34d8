"""The state of the base that a plan is compared with, read once so that planning itself is a pure function."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import LigneExecution
from firdesk.domain.operateur import Alias, Operateur
from firdesk.services.session import Session
from firdesk.store.imports import Connue
from firdesk.store.nomenclatures import nomenclature_de

__all__ = ["Connue", "Etat", "MontantConnu", "load"]


@dataclass(slots=True)
class MontantConnu:
    """What an allocation holds of one nature: ``importe`` its imported mouvement, ``saisis`` the typed ones.

    ``contres`` are the mouvements that took an imported amount away, ``importe_cents`` what is left of it.
    """

    total: int = 0
    importe: int | None = None
    saisis: tuple[int, ...] = ()
    contres: tuple[int, ...] = ()
    importe_cents: int = 0


@dataclass(slots=True)
class Etat:
    """What is known before an import; ``connues`` by natural key without its occurrence number.

    ``destinations`` gives the enveloppe of each code of an exercice, ``libelles`` its label.
    """

    exercices: set[int] = field(default_factory=set)
    destinations: dict[int, dict[str, str | None]] = field(default_factory=dict)
    libelles: dict[int, dict[str, str]] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    themes_par_destination: dict[str, str] = field(default_factory=dict)
    enveloppes: dict[str, str] = field(default_factory=dict)
    departements: set[str] = field(default_factory=set)
    operateurs: list[Operateur] = field(default_factory=list)
    alias: list[Alias] = field(default_factory=list)
    connues: dict[str, list[Connue]] = field(default_factory=dict)
    montants: dict[int, dict[str, MontantConnu]] = field(default_factory=dict)
    corrections: dict[int, dict[str, str | int | None]] = field(default_factory=dict)
    instantanes: dict[int, dict[str, tuple[int, int]]] = field(default_factory=dict)
    lignes_execution: dict[int, dict[tuple[str, str], tuple[int, LigneExecution]]] = field(default_factory=dict)
    notifie: int = 0
    operation: int = 0


def load(session: Session, exercices: Sequence[int], *, execution: bool = False) -> Etat:
    """Read what an import of these exercices needs to know; ``execution`` for the budget's snapshots."""
    names = session.nomenclatures
    etat = Etat(
        exercices=set(names.exercices()),
        themes=names.themes(),
        themes_par_destination=names.themes_par_destination(),
        enveloppes=names.enveloppes(),
        departements=set(names.departements()),
        operation=latest_operation(session),
    )
    for annee in exercices:
        if annee in etat.exercices:
            known = names.destinations(annee)
            etat.destinations[annee] = {d.code: d.enveloppe for d in known}
            etat.libelles[annee] = {d.code: d.libelle for d in known}
        else:
            lines = nomenclature_de(annee)
            etat.destinations[annee] = {k: x["enveloppe"] or None for k, x in lines.items()}
            etat.libelles[annee] = {k: x["libelle"] for k, x in lines.items()}
    if execution:
        _load_snapshots(session, exercices, etat)
    else:
        _load_allocations(session, exercices, etat)
    return etat


def libelles_de(session: Session, annees: Sequence[int]) -> dict[int, dict[str, str]]:
    """The labels of the destinations of these exercices, open or not."""
    known = set(session.nomenclatures.exercices())
    return {
        annee: {d.code: d.libelle for d in session.nomenclatures.destinations(annee)}
        if annee in known
        else {code: x["libelle"] for code, x in nomenclature_de(annee).items()}
        for annee in annees
    }


def latest_operation(session: Session) -> int:
    """The number of the latest operation: a plan is only good for the base it was made from."""
    recent = session.operations.recent(limit=1)
    return recent[0].id if recent else 0


def _load_snapshots(session: Session, exercices: Sequence[int], etat: Etat) -> None:
    for annee in exercices:
        snapshots = session.budgets.instantanes(annee)
        etat.instantanes[annee] = {i.date: (i.id, i.ej_valides) for i in snapshots}
        for snapshot in snapshots:
            etat.lignes_execution[snapshot.id] = session.budgets.lignes_execution(snapshot.id)


def _load_allocations(session: Session, exercices: Sequence[int], etat: Etat) -> None:
    etat.operateurs = session.operateurs.all()
    etat.alias = session.operateurs.aliases()
    for connue in session.imports.connues(exercices):
        etat.connues.setdefault(connue.cle.rpartition("#")[0], []).append(connue)
    for allocation, mouvement, nature, cents, typed in session.imports.montants_connus(exercices):
        known = etat.montants.setdefault(allocation, {}).setdefault(nature, MontantConnu())
        known.total += cents
        if typed:
            known.saisis += (mouvement,)
            continue
        known.importe_cents += cents
        if known.importe is None:
            known.importe = mouvement
        else:
            known.contres += (mouvement,)
    etat.notifie = sum(session.allocations.somme(Filtre(exercice=annee)).notifie for annee in exercices)
    if etat.connues:
        etat.corrections = session.imports.corrections()
