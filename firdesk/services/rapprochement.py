"""The rapprochement of an exercice: both sides read, the gap explained, notes written, all of it to Excel and JSON."""

from pathlib import Path

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.budget import LigneBudget
from firdesk.domain.execution import Mesure
from firdesk.domain.jour import french_date
from firdesk.domain.nomenclature import rang
from firdesk.domain.problem import Refus, require
from firdesk.domain.rapprochement import POSSIBLES, Destination, Explication, Note, Rapprochement, expliquer
from firdesk.domain.synthese import Axe, Ligne
from firdesk.services import provenance
from firdesk.services.exporting import write
from firdesk.services.session import Session
from firdesk.sheets.writer import Column, SheetSpec

#: Beyond so many lines, an explanation opens all those of its destination.
_LIGNES_MAX = 5_000
SOURCES = {
    "sibc": "AE et CP : SIBC au {0}",
    "mouvements": "AE et CP : mouvements des allocations",
    "aucune": "AE et CP inconnus : importer une situation SIBC",
}


def rapprocher(session: Session, exercice: int) -> Rapprochement:
    """Every destination that one side or the other knows, in the order of codes."""
    if session.exercices.get(exercice) is None:
        raise Refus(f"L'exercice {exercice} n'est pas ouvert dans cette base.")
    executed = session.syntheses.par((Axe.DESTINATION,), exercice)
    source = executed.source if executed.engage_connu else "aucune"
    lines = {x.cle[0]: x for x in executed.lignes}
    notified = session.rapprochements.notifies(exercice)
    version, opened = ouverts(session, exercice)
    found = session.rapprochements.explications(exercice, sibc=source == "sibc")
    notes: dict[str, list[Note]] = {}
    for note in session.rapprochements.notes(exercice):
        notes.setdefault(note.destination, []).append(note)
    labels = {d.code: d.libelle for d in session.nomenclatures.destinations(exercice)}
    made = []
    for code in sorted({*lines, *notified, *opened, *notes}, key=lambda c: (rang(c), c)):
        line = lines.get(code, Ligne((code,), (), 0, 0, 0, 0))
        cents, count = notified.get(code, (0, 0))
        connues, pistes = _explications(source, line.ae_engagee, cents, count, found.get(code, []))
        made.append(
            Destination(
                code,
                labels.get(code, code),
                cents,
                line.ae_engagee,
                line.cp_paye,
                *opened.get(code, (0, 0)),
                source != "aucune",
                connues,
                pistes,
                tuple(notes.get(code, ())),
            )
        )
    told = executed.source_date if source == "sibc" else ""
    return Rapprochement(exercice, source, told, version, tuple(x for x in made if _shown(x)))


def _shown(x: Destination) -> bool:
    return any((x.notifie, x.engage, x.paye, x.ae_ouvertes, x.cp_ouverts, x.notes, x.explications, x.pistes))


def ouverts(session: Session, exercice: int) -> tuple[str, dict[str, tuple[int, int]]]:
    """What opened credits are read from, and AE and CP by destination: the last version with its virements, else the
    snapshot's own.
    """
    versions = session.budgets.versions(exercice)
    if versions:
        lines = list(session.budgets.lignes_virees(versions[-1].id or 0))
        told = versions[-1].code
    else:
        snapshots = session.budgets.instantanes(exercice)
        known = session.budgets.lignes_execution(snapshots[0].id).values() if snapshots else ()
        lines = [LigneBudget(x.destination, x.enveloppe, x.ae_ouvertes or 0, x.cp_ouverts or 0) for _, x in known]
        told = "SIBC" if lines else ""
    sums: dict[str, tuple[int, int]] = {}
    for y in lines:
        ae, cp = sums.get(y.destination, (0, 0))
        sums[y.destination] = ae + y.ae, cp + y.cp
    return told, sums


def _explications(
    source: str, engaged: int, notified: int, count: int, found: list[Explication]
) -> tuple[tuple[Explication, ...], tuple[Explication, ...]]:
    gap = engaged - notified
    if source == "aucune":
        return (), ()
    if source == "mouvements":
        return tuple(found), ()
    if not engaged and notified:
        return (Explication("allocations_seules", gap, count),), ()
    if not count and not notified and engaged:
        others = [x for x in found if x.nature == "autres_campagnes"]
        rest = gap - sum(x.montant for x in others)
        return (*others, Explication("sibc_seul", rest, 0)) if rest else tuple(others), ()
    return expliquer(gap, [x for x in found if x.nature not in POSSIBLES], [x for x in found if x.nature in POSSIBLES])


def filtre(session: Session, found: Rapprochement, destination: str, nature: str = "") -> Filtre:
    """The allocations of a destination, those of an explanation only where ``nature`` is given."""
    wanted = Filtre(exercice=found.exercice, destinations=(destination,))
    if not nature or nature in ("sibc_seul", "allocations_seules"):
        return wanted
    ids = session.rapprochements.lignes(found.exercice, destination, nature)
    if not 0 < len(ids) <= _LIGNES_MAX:
        return wanted
    year = None if nature == "autres_campagnes" else found.exercice
    return Filtre(exercice=year, destinations=(destination,), lignes=tuple(ids))


def cellules(session: Session, found: Rapprochement, destination: str) -> list[provenance.LigneProvenance]:
    """The cells of SIBC behind what was engaged and paid on a destination."""
    mesures = (Mesure.ENGAGE, Mesure.PAYE)
    return provenance.de_l_execution(session, found.exercice, {Axe.DESTINATION: destination}, mesures)


# Notes


def noter(session: Session, note: Note) -> int:
    """Write a note, or write it again; one operation. ``Invalide`` with what prevents it."""
    require(note.problems())
    if note.exercice not in session.nomenclatures.exercices():
        raise Refus(f"L'exercice {note.exercice} n'est pas ouvert : l'ouvrir d'abord (page Budget, Exercices).")
    verb = "Modifier l'explication de" if note.id else "Expliquer"
    with session.operation(f"{verb} l'écart {note.exercice} de {note.destination}"):
        if note.id:
            session.rapprochements.update_note(note)
            return note.id
        return session.rapprochements.add_note(note)


def supprimer_note(session: Session, note: Note) -> None:
    """Take a note away, in one operation."""
    with session.operation(f"Supprimer une explication de l'écart {note.exercice} de {note.destination}"):
        session.rapprochements.delete_note(note.id or 0)


# Told


def source_dite(found: Rapprochement) -> str:
    """Where engaged, paid and opened come from."""
    told = SOURCES[found.source].format(french_date(found.situation))
    return told + (f" · ouvert : {found.version}" if found.version else " · aucun budget saisi")


def as_json(found: Rapprochement) -> dict[str, object]:
    """``rapprochement --json``; what nothing says is ``null``."""
    return {
        "exercice": found.exercice,
        "situation": found.situation or None,
        "source": found.source,
        "version": found.version or None,
        "lignes": [_line_json(x) for x in found.lignes],
        "rapprochees": found.rapprochees,
        "total": {k: v for k, v in _line_json(found.total).items() if k not in ("destination", "libelle", "notes")},
    }


def _line_json(x: Destination) -> dict[str, object]:
    return {
        "destination": x.destination,
        "libelle": x.libelle,
        "notifie_centimes": x.notifie,
        "ae_ouvertes_centimes": x.ae_ouvertes,
        "ae_engagee_centimes": x.engage if x.connue else None,
        "cp_ouverts_centimes": x.cp_ouverts,
        "cp_paye_centimes": x.paye if x.connue else None,
        "ecart_centimes": x.ecart if x.connue else None,
        "explications": [_explication_json(e) for e in x.explications],
        "pistes": [_explication_json(e) for e in x.pistes],
        "inexplique_centimes": x.inexplique if x.connue else None,
        "notes": [{"texte": n.texte, "montant_centimes": n.montant} for n in x.notes],
    }


def _explication_json(x: Explication) -> dict[str, object]:
    return {"nature": x.nature, "libelle": x.libelle, "montant_centimes": x.montant, "nombre": x.nombre}


def dite(found: Rapprochement) -> list[str]:
    """``rapprochement``: a line a destination, then the total and what is left."""
    made = [f"Rapprochement {found.exercice} · {source_dite(found)}"]
    made.append(f"{'Destination':<12}{'Notifié':>20}{'AE engagée':>20}{'Écart':>18}{'Inexpliqué':>18}")
    for x in (*found.lignes, found.total):
        amounts = (x.notifie, x.engage, x.ecart, x.inexplique)
        cells = [money.euros(c) if x.connue or i == 0 else "—" for i, c in enumerate(amounts)]
        made.append(f"{x.destination or 'Total':<12}{cells[0]:>20}{cells[1]:>20}{cells[2]:>18}{cells[3]:>18}")
    return made


_COLONNES = [
    Column("Destination", "texte"),
    Column("Libellé", "texte"),
    Column("AE ouvertes", "montant"),
    Column("Notifié", "montant"),
    Column("AE engagée", "montant"),
    Column("CP ouverts", "montant"),
    Column("CP payé", "montant"),
    Column("Écart", "montant"),
    Column("Expliqué", "montant"),
    Column("Inexpliqué", "montant"),
]
_DETAIL = [
    Column("Destination", "texte"),
    Column("Libellé", "texte"),
    Column("Explication", "texte"),
    Column("Origine", "texte"),
    Column("Allocations", "entier"),
    Column("Montant", "montant"),
]


def exporter(path: Path, found: Rapprochement) -> None:
    """A workbook: a sheet of destinations, a sheet of what explains their gaps; totals are sums of the lines."""
    notes = (source_dite(found), "Écart = AE engagée − notifié ; inexpliqué = écart − explications.")
    title = f"Rapprochement par destination {found.exercice}"
    rows = [_row(x) for x in found.lignes]
    detail = [row for x in found.lignes for row in _detail(x)]
    total = ("Total", None, None, None, None, sum(int(str(r[-1])) for r in detail))
    sheets = [
        SheetSpec("Rapprochement", _COLONNES, rows, ("Total", None, *_row(found.total)[2:]), title, notes),
        SheetSpec("Explications", _DETAIL, detail, total, f"Explications des écarts {found.exercice}"),
    ]
    write(path, sheets)


def _row(x: Destination) -> tuple[object, ...]:
    known = (x.engage, x.paye, x.ecart, x.explique, x.inexplique) if x.connue else (None,) * 5
    return (x.destination, x.libelle, x.ae_ouvertes, x.notifie, known[0], x.cp_ouverts, *known[1:])


def _detail(x: Destination) -> list[tuple[object, ...]]:
    head = (x.destination, x.libelle)
    made: list[tuple[object, ...]] = [(*head, e.libelle, "calculée", e.nombre, e.montant) for e in x.explications]
    made += [(*head, n.texte, "note", None, n.montant) for n in x.notes]
    if x.inexplique:
        made.append((*head, "Inexpliqué", "reste", None, x.inexplique))
    return made
