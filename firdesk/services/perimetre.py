"""Two exercices at constant scope, and what makes it: how codes follow each other, what entered the FIR and left it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import LIBELLES_MESURES, Mesure
from firdesk.domain.exercice import SENS, Evenement
from firdesk.domain.jour import french_date
from firdesk.domain.nomenclature import rang
from firdesk.domain.perimetre import (
    NON_REPARTI,
    ComparaisonExercices,
    LigneComparee,
    comparer,
    evenements_par_code,
    heritiers,
)
from firdesk.domain.problem import Refus, require
from firdesk.domain.synthese import Axe, Synthese, Valeur
from firdesk.services import exercices
from firdesk.services.exporting import write
from firdesk.services.session import Session
from firdesk.sheets.writer import Column, SheetSpec

AXES = {"theme": Axe.THEME, "destination": Axe.DESTINATION}
LIBELLES = {"theme": "Thème", "destination": "Destination"}
MESURES = {"notifie": Mesure.NOTIFIE, "engage": Mesure.ENGAGE, "paye": Mesure.PAYE}


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Two exercices compared, and the changes of scope that the comparison sets apart."""

    tableau: ComparaisonExercices
    evenements: tuple[Evenement, ...]


def comparer_exercices(session: Session, avant: int, apres: int, axe: str, mesure: str) -> Comparaison:
    """``avant`` carried to the codes of ``apres``; ``Refus`` where one side does not know the measure on the axis."""
    if avant >= apres:
        raise Refus("Donner d'abord l'exercice le plus ancien, puis le plus récent : 2025 2026.")
    for annee in (avant, apres):
        exercices.exiger(session, annee)
    sides = [session.syntheses.par((AXES[axe],), annee) for annee in (avant, apres)]
    unknown = [str(s.exercice) for s in sides if s.source == "aucune" and s.lignes]
    if mesure != "notifie" and unknown:
        what = LIBELLES_MESURES[MESURES[mesure]]
        where = "par thème" if axe == "theme" else "par destination"
        raise Refus(
            f"{what} {where} : rien ne la dit en {' et '.join(unknown)}. Comparer le notifié"
            + (", ou comparer par destination (SIBC)." if axe == "theme" else ", ou importer une situation SIBC.")
        )
    passages = session.exercices.passages(axe)
    evenements = session.exercices.evenements(avant, apres)
    to_last = {year: heritiers(passages, year, apres) for year in range(avant, apres + 1)}
    lines = comparer(
        _amounts(sides[0], mesure),
        _amounts(sides[1], mesure),
        to_last[avant],
        evenements_par_code(evenements, "sortie", axe, to_last),
        evenements_par_code(evenements, "entree", axe, to_last),
    )
    table = ComparaisonExercices(
        avant, apres, axe, mesure, _source(sides[0]), _source(sides[1]), _labelled(session, lines, sides, axe)
    )
    return Comparaison(table, tuple(evenements))


def _amounts(side: Synthese, mesure: str) -> dict[str, int]:
    return {x.cle[0]: x.valeur(Valeur(mesure)) for x in side.lignes}


def _source(side: Synthese) -> str:
    if side.source == "sibc":
        return f"SIBC au {french_date(side.source_date)}"
    return "mouvements des allocations" if side.source == "mouvements" else "inconnu"


def _labelled(
    session: Session, lines: Sequence[LigneComparee], sides: Sequence[Synthese], axe: str
) -> tuple[LigneComparee, ...]:
    """Lines named as in the later exercice, else the earlier one, in the order of codes; what is not placed last."""
    labels = {x.cle[0]: x.libelle[0] for side in sides for x in side.lignes}
    if axe == "destination":
        for side in sides:
            labels |= {d.code: d.libelle for d in session.nomenclatures.destinations(side.exercice or 0)}
    else:
        labels |= session.nomenclatures.themes()
    labels[NON_REPARTI] = "Périmètre non réparti"
    themes = list(session.nomenclatures.themes())

    def order(x: LigneComparee) -> tuple[object, ...]:
        place = rang(x.cle) if axe == "destination" else (themes.index(x.cle) if x.cle in themes else len(themes),)
        return (x.cle == NON_REPARTI, place, x.cle)

    return tuple(replace(x, libelle=labels.get(x.cle, x.cle)) for x in sorted(lines, key=order))


def filtre(found: ComparaisonExercices, line: LigneComparee | None, *, apres: bool) -> Filtre:
    """The allocations behind one side of a line; ``None`` is the total."""
    year = found.apres if apres else found.avant
    if line is None:
        return Filtre(exercice=year)
    codes = (line.cle,) if apres else line.codes or (line.cle,)
    if found.axe == "theme":
        return Filtre(exercice=year, themes=codes)
    return Filtre(exercice=year, destinations=codes)


# Changes of scope


def ecrire_evenement(session: Session, evenement: Evenement) -> int:
    """Write a change of scope, or write it again; one operation. ``Invalide`` with what prevents it."""
    exercices.exiger(session, evenement.exercice)
    require(evenement.problems())
    verb = "Modifier" if evenement.id else "Ajouter"
    way = "l'entrée" if evenement.sens == "entree" else "la sortie"
    with session.operation(f"{verb} {way} de périmètre {evenement.exercice} « {evenement.libelle} »"):
        if evenement.id:
            session.exercices.update_evenement(evenement)
            return evenement.id
        return session.exercices.add_evenement(evenement)


def supprimer_evenement(session: Session, evenement: Evenement) -> None:
    """Take a change of scope away, in one operation."""
    with session.operation(f"Supprimer le changement de périmètre {evenement.exercice} « {evenement.libelle} »"):
        session.exercices.delete_evenement(evenement.id or 0)


# Told

_MONTANTS = ("avant", "sorties", "avant_constant", "apres", "entrees", "apres_constant", "ecart_constant", "ecart")


def as_json(found: Comparaison) -> dict[str, object]:
    """``comparer --json``: amounts in cents, evolutions in percents (``null`` from nothing)."""
    table = found.tableau
    return {
        "avant": table.avant,
        "apres": table.apres,
        "par": table.axe,
        "mesure": table.mesure,
        "sources": {"avant": table.source_avant, "apres": table.source_apres},
        "lignes": [
            {"cle": x.cle, "libelle": x.libelle, "codes_avant": list(x.codes), **_amounts_json(x)} for x in table.lignes
        ],
        "total": _amounts_json(table.total),
    }


def _amounts_json(x: LigneComparee) -> dict[str, object]:
    made: dict[str, object] = {f"{name}_centimes": getattr(x, name) for name in _MONTANTS}
    made["evolution_constante"] = _rate(x.evolution_constante)
    made["evolution"] = _rate(x.evolution)
    return made


def _rate(value: Decimal | None) -> float | None:
    return round(float(value), 2) if value is not None else None


def dite(found: Comparaison) -> list[str]:
    """``comparer``: a line each, at constant scope then as published."""
    t = found.tableau
    made = [titre(t)]
    made.append(f"{'':<52}{f'{t.avant} constant':>20}{f'{t.apres} constant':>20}{'Écart':>20}{'Évolution':>11}")
    for x in (*t.lignes, t.total):
        rate = x.evolution_constante
        amounts = (x.avant_constant, x.apres_constant, x.ecart_constant)
        cells = "".join(f"{money.euros(c):>20}" for c in amounts)
        name = f"{x.cle} {x.libelle}" if t.axe == "destination" and x.cle else x.libelle
        made.append(f"{name[:50]:<52}{cells}{money.pourcent(rate) if rate is not None else '':>11}")
    return made


def titre(t: ComparaisonExercices) -> str:
    """« Notifié par thème, 2024 et 2025 à périmètre constant »."""
    what = LIBELLES_MESURES[MESURES[t.mesure]]
    return f"{what} par {LIBELLES[t.axe].lower()}, {t.avant} et {t.apres} à périmètre constant"


def exporter(path: Path, found: Comparaison) -> None:
    """A workbook: the lines at both scopes with their total, then the changes of scope."""
    t = found.tableau
    titles = (
        f"{t.avant} publié", "Sorties du FIR", f"{t.avant} constant", f"{t.apres} publié", "Entrées dans le FIR",
        f"{t.apres} constant", "Écart constant", "Écart courant",
    )  # fmt: skip
    columns = [Column("Code", "texte"), Column(LIBELLES[t.axe], "texte"), Column(f"Codes {t.avant}", "texte")]
    columns += [Column(title, "montant") for title in titles]
    columns += [Column("Évolution constante", "pourcent"), Column("Évolution courante", "pourcent")]
    rows = [(x.cle, x.libelle, ", ".join(x.codes), *_cells(x)) for x in t.lignes]
    notes = (f"{t.avant} : {t.source_avant} ; {t.apres} : {t.source_apres}.",) if t.mesure != "notifie" else ()
    events = [
        (e.exercice, SENS[e.sens], e.libelle, e.destination, e.theme, e.dispositif, e.contrepartie, e.note, e.montant)
        for e in found.evenements
    ]
    heads = ("Sens", "Libellé", "Destination", "Thème", "Dispositif", "Contrepartie", "Note")
    event_columns = [Column("Exercice", "entier"), *(Column(h, "texte") for h in heads), Column("Montant", "montant")]
    sheets = [
        SheetSpec("Comparaison", columns, rows, ("Total", None, None, *_cells(t.total)), titre(t), notes),
        SheetSpec("Périmètre", event_columns, events, None, "Changements de périmètre"),
    ]
    write(path, sheets)


def _cells(x: LigneComparee) -> tuple[object, ...]:
    return (*(getattr(x, name) for name in _MONTANTS), x.evolution_constante, x.evolution)
