"""What an import does to the notified amounts, along one axis: before, after, gap, adding up to the plan's totals.

A sheet of payments changes CP payé instead. Reads a plan and the base; the budget's execution has no operator and no
theme, so it is cut by mission only.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from firdesk.domain.execution import LigneExecution
from firdesk.domain.nomenclature import mission_de
from firdesk.domain.operateur import sans_accents
from firdesk.domain.synthese import Axe
from firdesk.services.importing.plan import NOTIFIE, Disparue, Plan, PlannedLine, SnapshotPlan
from firdesk.services.importing.profiles import Famille
from firdesk.services.session import Session
from firdesk.store.syntheses import Place

#: The axes along which the differences are told.
AXES = (Axe.MISSION, Axe.THEME, Axe.OPERATEUR)


class LigneEcart(NamedTuple):
    """One mission, theme or operator; amounts in cents."""

    cle: str
    libelle: str
    avant: int
    apres: int

    @property
    def ecart(self) -> int:
        return self.apres - self.avant


@dataclass(frozen=True, slots=True)
class Ecarts:
    """The lines along an axis; the sums are those of the lines."""

    axe: Axe
    lignes: tuple[LigneEcart, ...]

    @property
    def avant(self) -> int:
        return sum(x.avant for x in self.lignes)

    @property
    def apres(self) -> int:
        return sum(x.apres for x in self.lignes)


@dataclass(slots=True)
class _Sommes:
    """Amounts by key of one axis."""

    avant: dict[str, int] = field(default_factory=dict)
    apres: dict[str, int] = field(default_factory=dict)

    def before(self, key: str, cents: int) -> None:
        self.avant[key] = self.avant.get(key, 0) + cents
        self.after(key, cents)

    def after(self, key: str, cents: int) -> None:
        self.apres[key] = self.apres.get(key, 0) + cents


def par(session: Session, plan: Plan, axe: Axe) -> Ecarts:
    """Before and after along one of :data:`AXES`."""
    return tous(session, plan)[axe]


def tous(session: Session, plan: Plan) -> dict[Axe, Ecarts]:
    """The same along every one of :data:`AXES`, the lines of the plan read once."""
    sums = {axe: _Sommes() for axe in AXES}
    if plan.famille is Famille.EXECUTION:
        for before, after, code in _execution(session, plan.instantanes):
            sums[Axe.MISSION].before(code, before)
            sums[Axe.MISSION].after(code, after - before)
    elif plan.famille is Famille.PAIEMENTS:
        _paiements(session, plan, sums)
    else:
        _before(session, plan.exercices, sums)
        _after(session, plan, sums)
    labels = _labels(session, plan)
    return {axe: Ecarts(axe, tuple(_lines(axe, sums[axe], labels[axe]))) for axe in AXES}


def revoir(
    session: Session, found: Mapping[Axe, Ecarts], avant: Iterable[Disparue], apres: Iterable[Disparue]
) -> dict[Axe, Ecarts]:
    """The same tables once other choices were made about the vanished lines, in the order they were."""
    gaps = {a.allocation_id: a.retrait - b.retrait for a, b in zip(avant, apres, strict=True) if a.retrait != b.retrait}
    places = session.syntheses.places(list(gaps))
    sums = {axe: _Sommes() for axe in AXES}
    for number, cents in gaps.items():
        place = places[number]
        _add(sums, place.destination, place.theme, place.operateur, cents)
    return {axe: Ecarts(axe, tuple(_revised(table, sums[axe].apres))) for axe, table in found.items()}


def _revised(table: Ecarts, gaps: dict[str, int]) -> Iterator[LigneEcart]:
    for x in table.lignes:
        gap = gaps.pop(x.cle, 0)
        yield x._replace(apres=x.apres + gap) if gap else x
    yield from (LigneEcart(key, key, 0, gap) for key, gap in gaps.items() if gap)


def as_json(ecarts: Ecarts) -> list[dict[str, object]]:
    """The lines for ``importer --json``."""
    return [
        {
            "cle": x.cle,
            "libelle": x.libelle,
            "avant_centimes": x.avant,
            "apres_centimes": x.apres,
            "ecart_centimes": x.ecart,
        }
        for x in ecarts.lignes
    ]


def _before(session: Session, exercices: Iterable[int], sums: Mapping[Axe, _Sommes]) -> None:
    for annee in exercices:
        for destination, theme, cents in session.syntheses.notifie_par_destination_et_theme(annee):
            sums[Axe.MISSION].before(_mission(destination), cents)
            sums[Axe.THEME].before(theme, cents)
        for operateur, cents in session.syntheses.notifie_par_operateur(annee):
            sums[Axe.OPERATEUR].before(str(operateur), cents)


def _after(session: Session, plan: Plan, sums: Mapping[Axe, _Sommes]) -> None:
    for (destination, theme, operateur), cents in plan.gains.items():
        _add(sums, destination, theme, operateur, cents)
    gone = {x.allocation_id: x.retrait for x in plan.disparues if x.retrait}
    touched = [line.allocation_id or 0 for line in plan.modifiees]
    places = session.syntheses.places([*touched, *gone])
    for number, cents in gone.items():
        place = places[number]
        _add(sums, place.destination, place.theme, place.operateur, -cents)
    for line in plan.modifiees:
        _move(sums, line, places[line.allocation_id or 0])


def _move(sums: Mapping[Axe, _Sommes], line: PlannedLine, place: Place) -> None:
    """Take away what the line was worth where it was, and add what it will be worth where it will be."""
    changed = next((c for c in line.champs if c.champ == NOTIFIE), None)
    delta = (changed.apres_cents or 0) - (changed.avant_cents or 0) if changed else 0
    writes = line.ecritures or {}
    theme = writes.get("theme", place.theme) or ""
    if theme == place.theme:
        if delta:
            _add(sums, place.destination, theme, place.operateur, delta)
        return
    _add(sums, place.destination, place.theme, place.operateur, -place.notifie)
    _add(sums, place.destination, theme, place.operateur, place.notifie + delta)


def _add(sums: Mapping[Axe, _Sommes], destination: str, theme: str, operateur: int, cents: int) -> None:
    sums[Axe.MISSION].after(_mission(destination), cents)
    sums[Axe.THEME].after(theme, cents)
    sums[Axe.OPERATEUR].after(str(operateur), cents)


def _execution(session: Session, snapshots: Iterable[SnapshotPlan]) -> Iterator[tuple[int, int, str]]:
    """(before, after, mission) of the lines of each snapshot, compared with that date's or the latest one."""
    for snapshot in snapshots:
        number = snapshot.instantane_id
        known = {i.id: i.date for i in session.budgets.instantanes(snapshot.exercice)}
        latest = number if number is not None else max(known, key=lambda i: known[i], default=None)
        before = dict(session.budgets.lignes_execution(latest).values()) if latest is not None else {}
        after: list[LigneExecution] = list(snapshot.ajouts)
        if number is not None:
            kept = {**before, **dict(snapshot.changements)}
            after += [line for i, line in kept.items() if i not in snapshot.retraits]
        yield from ((line.ej_valides or 0, 0, _mission(line.destination)) for line in before.values())
        yield from ((0, line.ej_valides or 0, _mission(line.destination)) for line in after)


def _paiements(session: Session, plan: Plan, sums: Mapping[Axe, _Sommes]) -> None:
    """CP payé of the exercices of the file, and what it does to that of each allocation."""
    for annee in plan.exercices:
        for destination, theme, cents in session.paiements.par_destination_et_theme(annee):
            sums[Axe.MISSION].before(_mission(destination), cents)
            sums[Axe.THEME].before(theme, cents)
        for operateur, cents in session.paiements.par_operateur(annee):
            sums[Axe.OPERATEUR].before(str(operateur), cents)
    places = session.syntheses.places([number for number, _ in plan.ecarts_payes])
    for number, cents in plan.ecarts_payes:
        place = places[number]
        _add(sums, place.destination, place.theme, place.operateur, cents)


def _mission(destination: str) -> str:
    return mission_de(destination) or ""


def _labels(session: Session, plan: Plan) -> dict[Axe, dict[str, str]]:
    missions = {code: f"{code} · {text}" for code, text in session.nomenclatures.missions().items()}
    operateurs: dict[str, str] = {}
    if plan.famille is not Famille.EXECUTION:
        operateurs = {str(number): name for number, name in session.operateurs.noms().items()}
        operateurs |= {str(-1 - i): o.nom for i, o in enumerate(plan.operateurs_nouveaux)}
    return {
        Axe.MISSION: missions | {"": "Sans mission"},
        Axe.THEME: session.nomenclatures.themes() | {"": "Sans thème"},
        Axe.OPERATEUR: operateurs,
    }


def _lines(axe: Axe, sums: _Sommes, labels: Mapping[str, str]) -> list[LigneEcart]:
    """In the order of the nomenclature; operators by what changes most, then by name."""
    found = [
        LigneEcart(key, labels.get(key, key), before, after)
        for key, after in sums.apres.items()
        if (before := sums.avant.get(key, 0)) or after
    ]
    if axe is Axe.OPERATEUR:
        return sorted(found, key=lambda x: (-abs(x.ecart), sans_accents(x.libelle), x.cle))
    order = {key: i for i, key in enumerate(labels)}
    return sorted(found, key=lambda x: (order.get(x.cle, len(order)), x.cle))
