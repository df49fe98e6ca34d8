"""The lines of a plan written down: operators, allocations, amounts with their cells, and what was said of the file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import compress, islice, repeat
from typing import Any

from firdesk.domain.execution import Mouvement, Nature
from firdesk.services.importing.disparues import GARDER, RETIRER
from firdesk.services.importing.engagements import ej
from firdesk.services.importing.lignes import STEP
from firdesk.services.importing.plan import NATURES, Disparue, LigneLue, Montant, Plan, PlannedLine
from firdesk.services.progress import Progress
from firdesk.services.session import Session
from firdesk.sheets.cell import Value, shown
from firdesk.store.allocations import Importee

#: Kinds of cells that are never equal to one another (1 is, to 1.0 and to True, of which the texts may differ).
_ALONE = {float, str}
#: Lines, column by column.
_Columns = Mapping[str, Sequence[Any]]


def ecrire(session: Session, plan: Plan, lot: int, progress: Progress) -> None:
    """New rows all at once, then changes to old ones, which refer to the lines just written; inside an operation."""
    for operateur in plan.operateurs_completes:
        session.operateurs.update(operateur)
    first = session.imports.next_ligne()
    with session.imports.en_masse(progress.check, nouvelles=len(plan.nouvelles)):
        refs = session.operateurs.add_many(plan.operateurs_nouveaux)
        _nouvelles(session, plan, lot, refs, first, progress)
        session.imports.add_lignes(_autres(plan, lot, first + len(plan.nouvelles)))
        session.imports.add_constats(lot, plan.constats)
        progress.check()
        progress.report(len(plan.nouvelles), len(plan.nouvelles), "Écriture de l'historique et des cumuls")
    for alias in plan.alias:
        number = _number(alias.operateur_id, refs)
        session.operateurs.add_alias(number, alias.nature, alias.valeur, alias.departement)
    for new, known in plan.distincts:
        session.operateurs.distinguer(_number(new, refs), known)
    total = len(plan.modifiees) + len(plan.disparues)
    for done, line in enumerate(plan.modifiees):
        if done % (STEP // 5) == 0:
            progress.check()
            progress.report(done, total, "Mise à jour des lignes modifiées")
        _modifier(session, plan, line, first + len(plan.nouvelles) + done)
    first_gone = first + len(plan.nouvelles) + len(plan.modifiees) + len(plan.lignes_inchangees)
    today = datetime.now(UTC).astimezone().date().isoformat()
    for done, gone in enumerate(plan.disparues):
        if done % (STEP // 5) == 0:
            progress.check()
            progress.report(len(plan.modifiees) + done, total, "Lignes disparues")
        _disparue(session, gone, first_gone + done, today)


def _nouvelles(session: Session, plan: Plan, lot: int, refs: Sequence[int], first: int, progress: Progress) -> None:
    """Each thousand lines with its allocations, its place in the file and its amounts."""
    following = {e: session.allocations.next_number(e) for e in plan.exercices}
    colonnes = [(nature, plan.lettres.get(champ, "")) for champ, nature in NATURES.items()]
    lines = iter(plan.nouvelles)
    done = 0
    while chunk := list(islice(lines, STEP)):
        progress.check()
        progress.report(done, len(plan.nouvelles), "Écriture des nouvelles lignes")
        lignes = _columns(PlannedLine, chunk)
        sources = list(map(_source, chunk))
        lues = {**_columns(LigneLue, sources), "ej": list(map(ej, sources))}
        numbers = session.allocations.add_importees(_allocations(lignes, lues, refs, following))
        ids = range(first + done, first + done + len(chunk))
        said = repeat(lot), repeat(plan.feuille), lignes["ligne"], repeat("nouvelle")
        session.imports.add_lignes(zip(ids, *said, numbers, strict=False))
        for filled, rows in _mouvements(lignes, lues, ids, numbers):
            session.allocations.add_mouvements_importes([*compress(colonnes, filled)], rows)
        done += len(chunk)


def _number(ref: int, refs: Sequence[int]) -> int:
    """The number of an operator of the plan, where ``refs`` are those just written."""
    return ref if ref > 0 else refs[-1 - ref]


def _allocations(lignes: _Columns, lues: _Columns, refs: Sequence[int], following: dict[int, int]) -> list[Importee]:
    """The allocations of new lines, numbered from ``following`` on, which moves on."""
    numeros = []
    for exercice in lignes["exercice"]:
        numeros.append(following[exercice])
        following[exercice] += 1
    columns = (
        lignes["exercice"],
        numeros,
        [_number(ref, refs) for ref in lignes["operateur_ref"]],
        lignes["destination"],
        [code or None for code in lignes["theme"]],
        [code or None for code in lignes["enveloppe"]],
        lues["action"],
        *(lues[field] for field in Importee._fields[7:-1]),
        lignes["cle"],
    )
    return list(map(Importee._make, zip(*columns, strict=True)))


def _columns(kind: type[PlannedLine] | type[LigneLue], rows: Sequence[tuple[Any, ...]]) -> _Columns:
    return dict(zip(kind._fields, zip(*rows, strict=True), strict=True))


def _source(line: PlannedLine) -> LigneLue:
    if line.source is None:
        raise ValueError(f"line {line.ligne} was not read from an export of engagements")
    return line.source


def _mouvements(
    lignes: _Columns, lues: _Columns, ids: Sequence[int], allocations: Sequence[int]
) -> Iterator[tuple[tuple[bool, ...], Iterable[tuple[object, ...]]]]:
    """The amounts that are not zero, of the lines that have them in the same columns together."""
    amounts = [lues[champ] for champ in NATURES]
    bruts = list(zip(*lues["bruts"], strict=True))
    said = lignes["exercice"], lues["date_notification"], lues["notification"]
    same = allocations, *said, ids, lignes["ligne"]
    patterns = list(zip(*(map(bool, column) for column in amounts), strict=True))
    for filled in dict.fromkeys(patterns):
        if not any(filled):
            continue
        columns = [*same, *compress(amounts, filled)]
        raw = [*compress(bruts, filled)]
        chosen = [pattern == filled for pattern in patterns]
        if not all(chosen):
            columns = [list(compress(column, chosen)) for column in columns]
            raw = [tuple(compress(column, chosen)) for column in raw]
        yield filled, zip(*columns, *_textes(raw), strict=True)


def _textes(columns: Sequence[Sequence[Value]]) -> Iterator[list[str]]:
    """The texts of columns of cells. Equal ones are common in a line: their text is made once."""
    texts = {v: montre(v) for v in {v for column in columns for v in column if v.__class__ in _ALONE}}
    return ([texts[v] if v.__class__ in _ALONE else montre(v) for v in column] for column in columns)


def montre(raw: Value) -> str:
    """The text of a cell as it is kept."""
    return shown(raw).replace("\0", "␀")


def _autres(plan: Plan, lot: int, number: int) -> Iterator[tuple[int, int, str, int, str, int | None]]:
    for line in plan.modifiees:
        yield number, lot, plan.feuille, line.ligne, "modifiee", line.allocation_id or 0
        number += 1
    for row, allocation in plan.lignes_inchangees:
        yield number, lot, plan.feuille, row, "inchangee", allocation
        number += 1
    for gone in plan.disparues:
        yield number, lot, plan.feuille, 0, "disparue", gone.allocation_id
        number += 1


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


def _disparue(session: Session, gone: Disparue, ligne: int, today: str) -> None:
    """Leave it, mark it, or take back what imports gave it by opposite mouvements, so that its history stays."""
    if gone.choix == GARDER:
        return
    session.allocations.assign(gone.allocation_id, {"statut": "disparue"})
    if gone.choix == RETIRER:
        for nature, cents in gone.importes:
            move = Mouvement(nature, gone.exercice, -cents, today, origine="import", ligne=ligne)
            session.allocations.add_mouvement(gone.allocation_id, move)


def _modifier(session: Session, plan: Plan, line: PlannedLine, ligne: int) -> None:
    number = line.allocation_id or 0
    if line.ecritures:
        session.allocations.assign(number, line.ecritures)
    amounts: Mapping[Nature, Montant] = {a.nature: a for a in plan.montants(line)}
    for retouche in line.retouches:
        for typed in retouche.a_retirer:
            session.allocations.delete_mouvement(typed)
        amount = amounts.get(NATURES[retouche.champ])
        if amount is None:
            if retouche.mouvement is not None:
                session.allocations.delete_mouvement(retouche.mouvement)
        elif retouche.mouvement is not None:
            session.allocations.relire_mouvement(_mouvement(line, amount, ligne, retouche.mouvement))
        else:
            session.allocations.add_mouvement(number, _mouvement(line, amount, ligne))
