"""The plan of a SIBC export: a snapshot of the budget's execution at a date, compared and never added.

Lines are those of ``SG1 = FIR``, added up by destination code × enveloppe: labels are cut and vary. The totals
shown are those of *EJ validés*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from firdesk.domain import money
from firdesk.domain.execution import LigneExecution
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.controle import Controle
from firdesk.services.importing.etat import Etat
from firdesk.services.importing.lecture import ALERTE, Destination
from firdesk.services.importing.lignes import STEP, Decoupe, Rangees, read
from firdesk.services.importing.plan import ChangedField, Disparue, PlannedLine, SnapshotPlan
from firdesk.services.importing.profiles import fold
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.progress import Progress
from firdesk.sheets.cell import Value

AMOUNTS = ("ae_ouvertes", "cp_ouverts", "ej_valides", "decaissements")
_LABELS = ("AE ouvertes", "CP ouverts", "EJ validés", "Décaissements CP")
_OVERRUNS = (
    (2, 0, "EJ validés supérieurs aux AE ouvertes"),
    (3, 1, "Décaissements supérieurs aux CP ouverts"),
    (3, 2, "Décaissements supérieurs aux EJ validés"),
)


class LigneSibc(NamedTuple):
    """One row read; amounts in cents, ``None`` where the cell is empty."""

    numero: int
    exercice: int
    sg1: str
    code3: Destination | None
    rang3: str
    code2: Destination | None
    rang2: str
    enveloppe: str
    ae_ouvertes: int | None
    cp_ouverts: int | None
    ej_valides: int | None
    decaissements: int | None

    @property
    def montants(self) -> tuple[int | None, ...]:
        return self[-len(AMOUNTS) :]  # type: ignore[return-value]


_Groupe = dict[tuple[str, str], tuple[LigneExecution, list[LigneSibc]]]


@dataclass(slots=True)
class LectureSibc:
    """The rows of the FIR by exercice, then by (code, folded enveloppe); sums of *EJ validés*."""

    groupes: dict[int, _Groupe] = field(default_factory=dict)
    gardees: int = 0
    rejetees: int = 0
    ignorees: int = 0
    total_importe: int = 0
    total_ignore: int = 0
    total_rejete: int = 0

    @property
    def exercices(self) -> list[int]:
        return sorted(self.groupes)


@dataclass(slots=True)
class TriSibc:
    """The grouped lines sorted, and what to write."""

    nouvelles: list[PlannedLine] = field(default_factory=list)
    modifiees: list[PlannedLine] = field(default_factory=list)
    inchangees: int = 0
    disparues: list[Disparue] = field(default_factory=list)
    instantanes: list[SnapshotPlan] = field(default_factory=list)
    destinations: dict[tuple[int, str], str] = field(default_factory=dict)
    avant: int = 0
    apres: int = 0


def lire(
    table: Reconnu, decoupe: Decoupe, constats: Constats, controle: Controle, exercice: int | None, progress: Progress
) -> LectureSibc:
    """Read the rows and add up those of the FIR that share a destination and an enveloppe."""
    found = LectureSibc()
    hidden = constats.masquees_ecartees()
    fields = LigneSibc._fields[1:]
    of_fir, others = _of_fir(table, decoupe.donnees)
    for number, values, _ in read(table, others, fields, Constats(table, constats.decisions), progress):
        ligne = LigneSibc(number, *values)  # type: ignore[arg-type]
        controle.ajouter(number, ligne.montants)
        remede = "Seules les lignes SG1 = FIR sont importées (DG : fonctionnement de l'agence)."
        _ignore(found, constats, ligne, "sg1", remede)
    for number, values, rejected in read(table, of_fir, fields, constats, progress):
        ligne = LigneSibc(number, *values)  # type: ignore[arg-type]
        if not ligne.exercice and exercice and not rejected:
            ligne = ligne._replace(exercice=exercice)
        controle.ajouter(number, ligne.montants)
        if number in hidden:
            _ignore(found, constats, ligne, "sg1", "Ligne masquée, laissée de côté comme demandé.")
            continue
        missing = False
        if not rejected:
            ligne, missing = _completer(ligne, constats)
        where = ligne.code3 or ligne.code2
        if exercice and ligne.exercice and ligne.exercice != exercice:
            _ignore(found, constats, ligne, "exercice", f"Ligne d'un autre exercice que {exercice}, laissée de côté.")
        elif rejected or missing:
            found.rejetees += 1
            found.total_rejete += ligne.ej_valides or 0
        elif where is not None:
            found.gardees += 1
            found.total_importe += ligne.ej_valides or 0
            _add(table, found.groupes.setdefault(ligne.exercice, {}), ligne, where)
            _warn(ligne, constats)
    return found


_Rows = list[tuple[int, list[Value]]]


def _of_fir(table: Reconnu, rows: Rangees) -> tuple[_Rows, _Rows]:
    """The rows of the FIR, then the others, of which nothing but the amounts is judged."""
    column = table.positions["sg1"]
    kept: _Rows = []
    others: _Rows = []
    for number, row in rows:
        value = row[column] if column < len(row) else None
        (kept if str(value or "").strip().upper() == "FIR" else others).append((number, row))
    return kept, others


def _ignore(found: LectureSibc, constats: Constats, ligne: LigneSibc, champ: str, remede: str) -> None:
    found.ignorees += 1
    found.total_ignore += ligne.ej_valides or 0
    constats.grouper("ignoree", ligne.numero, champ, "", remede)


def _completer(ligne: LigneSibc, constats: Constats) -> tuple[LigneSibc, bool]:
    """What was typed for the empty cells that make a line one, and whether one is still missing."""
    missing = False
    if not ligne.exercice:
        found = constats.manque(ligne.numero, "exercice", "une année (2025)")
        missing |= found.rejete
        ligne = ligne._replace(exercice=found.valeur)  # type: ignore[arg-type]
    if (ligne.code3 or ligne.code2) is None:
        found = constats.manque(ligne.numero, "code2", "un code de destination (MI2-3)")
        missing |= found.rejete
        ligne = ligne._replace(code2=found.valeur)  # type: ignore[arg-type]
    return ligne, missing


def _add(table: Reconnu, groupe: _Groupe, ligne: LigneSibc, where: Destination) -> None:
    key = (where.code, fold(ligne.enveloppe))
    cell = table.adresse(ligne.numero, "ej_valides")
    if key not in groupe:
        libelle = where.libelle or (ligne.rang3 if ligne.code3 else ligne.rang2) or ligne.rang2
        line = _line(where.code, libelle, ligne.enveloppe, ligne.montants, cell)
        groupe[key] = (line, [ligne])
        return
    line, members = groupe[key]
    members.append(ligne)
    sums = [_plus(getattr(line, name), cents) for name, cents in zip(AMOUNTS, ligne.montants, strict=True)]
    groupe[key] = (_line(line.destination, line.libelle, line.enveloppe, sums, f"{line.cellule}, {cell}"), members)


def _line(code: str, libelle: str, enveloppe: str, amounts: Sequence[int | None], cellule: str) -> LigneExecution:
    return LigneExecution(code, libelle, enveloppe, amounts[0], amounts[1], amounts[2], amounts[3], cellule)


def _plus(a: int | None, b: int | None) -> int | None:
    """Empty beside empty stays empty, which is not zero."""
    return b if a is None else a if b is None else a + b


def _warn(ligne: LigneSibc, constats: Constats) -> None:
    """At this grain more consumed than opened is normal: said once for all lines, never refused."""
    amounts = ligne.montants
    for more, less, text in _OVERRUNS:
        a, b = amounts[more], amounts[less]
        if a is not None and b is not None and a > b:
            constats.grouper(ALERTE, ligne.numero, AMOUNTS[more], "", f"{text} : fréquent à ce grain.", lu="")


def trier(
    lecture: LectureSibc, etat: Etat, jours: Mapping[int, str], constats: Constats, progress: Progress
) -> TriSibc:
    """Compare with the snapshot of the date of each exercice, where there is one."""
    tri = TriSibc()
    names = {fold(text): code for code, label in etat.enveloppes.items() for text in (label, code)}
    for annee in lecture.exercices:
        known, jour = etat.instantanes.get(annee, {}), jours[annee]
        number, total = known.get(jour, (None, 0))
        before = etat.lignes_execution.get(number, {}) if number is not None else {}
        left = {(code, fold(enveloppe)): pair for (code, enveloppe), pair in before.items()}
        added, changed = [], []
        for done, (line, members) in enumerate(lecture.groupes[annee].values()):
            if done % STEP == 0:
                progress.check()
            enveloppe = names.get(fold(line.enveloppe), line.enveloppe)
            line = replace(line, enveloppe=enveloppe)  # noqa: PLW2901
            _destination(annee, line, members[0], etat, tri, constats)
            pair = left.pop((line.destination, fold(enveloppe)), None)
            if pair is None:
                added.append(line)
                tri.nouvelles.append(_planned(annee, line, members))
            elif changes := _changes(pair[1], line):
                changed.append((pair[0], line))
                tri.modifiees.append(_planned(annee, line, members)._replace(champs=changes))
            else:
                tri.inchangees += 1
        tri.disparues += [
            Disparue(0, code, line.enveloppe, line.ej_valides or 0) for (code, _), (_, line) in left.items()
        ]
        gone = tuple(pair[0] for pair in left.values())
        tri.instantanes.append(SnapshotPlan(annee, jour, number, tuple(added), tuple(changed), gone))
        latest = total if number is not None else known[max(known)][1] if known else 0
        tri.avant += latest
        tri.apres += sum(line.ej_valides or 0 for line, _ in lecture.groupes[annee].values())
    return tri


def _destination(
    annee: int, line: LigneExecution, ligne: LigneSibc, etat: Etat, tri: TriSibc, constats: Constats
) -> None:
    key = (annee, line.destination)
    if line.destination in etat.destinations[annee] or key in tri.destinations:
        return
    remede = f"Destination {line.destination} ajoutée à l'exercice {annee} et signalée comme inconnue."
    constats.grouper(ALERTE, ligne.numero, "code3" if ligne.code3 else "code2", "un code de la nomenclature", remede)
    tri.destinations[key] = line.libelle


def _planned(annee: int, line: LigneExecution, members: list[LigneSibc]) -> PlannedLine:
    return PlannedLine(
        ligne=members[0].numero + 1,
        reference=line.destination,
        operateur="",
        destination=line.destination,
        libelle=" · ".join(t for t in (line.libelle, line.enveloppe) if t),
        montant=line.ej_valides or 0,
        exercice=annee,
    )


def _changes(before: LigneExecution, after: LigneExecution) -> tuple[ChangedField, ...]:
    """The amounts that differ; an empty one and 0,00 € are not the same."""
    found = []
    for name, label in zip(AMOUNTS, _LABELS, strict=True):
        a, b = getattr(before, name), getattr(after, name)
        if a != b:
            found.append(ChangedField(name, label, _euros(a), _euros(b), a, b))
    return tuple(found)


def _euros(cents: int | None) -> str:
    return "" if cents is None else money.euros(cents, decimals=True)


def enveloppes_lues(groupes: Mapping[int, _Groupe]) -> int:
    """How many destination × enveloppe lines the rows were added up into."""
    return sum(len(groupe) for groupe in groupes.values())
