"""Figures and lines to Excel or CSV; every total written is the sum of the lines written above it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from firdesk.domain.allocation import Filtre, Somme
from firdesk.domain.budget import MESURES_EXECUTION, Comparaison, LigneComparee
from firdesk.domain.dispositif import DONT_COMPRIS, Dont
from firdesk.domain.jour import french_date
from firdesk.domain.money import parts
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import LIBELLES_AXES, LIBELLES_VALEURS, Axe, Synthese, Valeur
from firdesk.domain.territoire import LIBELLES_PAR, REGION, Par
from firdesk.services import donts, syntheses, territoires
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session
from firdesk.services.syntheses import Croise
from firdesk.sheets.writer import Column, SheetSpec, write_csv, write_xlsx

_PAGE = 1000
_CODED = {Axe.MISSION, Axe.DESTINATION, Axe.THEME, Axe.DEPARTEMENT, Axe.ENVELOPPE}
_LINES = [
    Column("Référence", "texte"),
    Column("Exercice", "entier"),
    Column("Opérateur", "texte"),
    Column("Département", "texte"),
    Column("Mission", "texte"),
    Column("Destination", "texte"),
    Column("Thème", "texte"),
    Column("Enveloppe", "texte"),
    Column("Objet", "texte"),
    Column("EJ", "texte"),
    Column("Date de notification", "date"),
    Column("Saisi", "montant"),
    Column("Notifié", "montant"),
    Column("AE engagée", "montant"),
    Column("CP payé", "montant"),
]


def export(
    session: Session,
    path: Path,
    *,
    axes: Sequence[Axe] = (),
    exercice: int | None = None,
    mesure: Valeur = Valeur.NOTIFIE,
    progress: Progress | None = None,
) -> None:
    """Write a table along ``axes``, or every allocation when there is none, as ``.xlsx`` or ``.csv``.

    Shares are those of ``mesure``.
    """
    if axes:
        since = mesure is Valeur.RESTE_A_PAYER
        synthese = syntheses.table(session, axes, exercice, origine=since)
        write(path, [_synthese_sheet(synthese, mesure, donts.de(session, synthese))])
    else:
        export_allocations(session, path, Filtre(exercice=exercice), progress)


def export_allocations(session: Session, path: Path, filtre: Filtre, progress: Progress | None = None) -> None:
    """Write the allocations of a filter."""
    told = progress or Silent()
    ids = session.allocations.ids(filtre)
    rows: list[tuple[object, ...]] = []
    for start in range(0, len(ids), _PAGE):
        told.check()
        told.report(start, len(ids), "Écriture des allocations")
        for x in session.allocations.page(ids[start : start + _PAGE]):
            rows.append(
                (
                    x.reference, x.exercice, x.operateur, x.departement, x.mission, x.destination, x.theme, x.enveloppe,
                    x.objet, x.ej, day(x.date_notification), x.saisi, x.notifie, x.engage,
                    x.paye,
                )
            )  # fmt: skip
    sums = Somme(len(rows), *(sum(int(str(r[i] or 0)) for r in rows) for i in (11, 12, 13, 14)))
    total = ("Total", *[None] * 10, sums.saisi, sums.notifie, sums.engage, sums.paye)
    year = f" {filtre.exercice}" if filtre.exercice else ""
    write(path, [SheetSpec("Allocations", _LINES, rows, total, f"Allocations{year}")])


def export_croise(path: Path, croise: Croise) -> None:
    """Write a crossed table as the page shows it: a column for each key of the second axis, the total, the share."""
    rows_axe, columns_axe = croise.axes
    names = [f"{code} {label}" if columns_axe in _CODED else label for code, label in croise.colonnes]
    columns = [Column(f"Code {LIBELLES_AXES[rows_axe].lower()}", "texte")] if rows_axe in _CODED else []
    width = len(columns) + 1
    columns += [Column(LIBELLES_AXES[rows_axe], "texte"), *(Column(n, "montant") for n in names)]
    columns += [Column("Total", "montant"), Column("Part", "pourcent")]
    shares = parts([x.total for x in croise.lignes], decimals=2)
    rows = [
        (*([x.cle] if rows_axe in _CODED else []), x.libelle, *x.valeurs, x.total, part)
        for x, part in zip(croise.lignes, shares, strict=True)
    ]
    total = ("Total", *[None] * (width - 1), *croise.totaux, croise.total, 100 if croise.total else 0)
    year = f" {croise.exercice}" if croise.exercice else ""
    axes = " et ".join(LIBELLES_AXES[a].lower() for a in croise.axes)
    title = f"{LIBELLES_VALEURS[croise.mesure]} par {axes}{year}"
    notes = _told("Exécution SIBC", croise.source, croise.source_date)
    write(path, [SheetSpec("Synthèse", columns, rows, total, title, notes)])


def export_territoire(path: Path, synthese: Synthese, par: Par) -> None:
    """Write the départements, by seat or by place of action."""
    sheet = _synthese_sheet(synthese)
    sheet.title = f"{sheet.title} ({LIBELLES_PAR[par].lower()})"
    sheet.notes = (*sheet.notes, *((territoires.NOTE,) if par is Par.LIEU else ()))
    write(path, [sheet])


def export_situations(path: Path, comparaison: Comparaison) -> None:
    """Write two SIBC snapshots side by side: line by line, then by mission."""
    a, b = (french_date(x.date) for x in (comparaison.avant, comparaison.apres))
    title = f"Situations SIBC {comparaison.exercice} : {a} et {b}"
    sheets = [
        _situations_sheet("Par destination", title, comparaison.lignes, detail=True),
        _situations_sheet("Par mission", title, comparaison.missions, detail=False),
    ]
    write(path, sheets)


def _situations_sheet(name: str, title: str, lines: Sequence[LigneComparee], *, detail: bool) -> SheetSpec:
    heads = ("Destination", "Enveloppe", "Libellé", "Statut") if detail else ("Code", "Mission")
    columns = [Column(text, "texte") for text in heads]
    for _, label in MESURES_EXECUTION:
        columns += [Column(f"{label} {when}", "montant") for when in ("avant", "après", "écart")]
    rows: list[tuple[object, ...]] = []
    for x in lines:
        names = (x.destination, x.enveloppe, x.libelle, x.statut) if detail else (x.destination, x.libelle)
        amounts: list[int | None] = []
        for i in range(len(MESURES_EXECUTION)):
            amounts += [side[i] if side is not None else None for side in (x.avant, x.apres)] + [x.ecart(i)]
        rows.append((*names, *amounts))
    width = len(heads)
    sums = [sum(int(str(row[j] or 0)) for row in rows) for j in range(width, len(columns))]
    return SheetSpec(name, columns, rows, ("Total", *[None] * (width - 1), *sums), title)


#: Amounts of which a column is written only where one of them is not nil.
_RARE = (Valeur.SAISI, Valeur.RETIRE, Valeur.REPRIS, Valeur.PREVU)


def _synthese_sheet(
    synthese: Synthese, mesure: Valeur = Valeur.NOTIFIE, inside: Mapping[str, Sequence[Dont]] | None = None
) -> SheetSpec:
    """``inside`` are the « dont » of each line: a column of their own, which no total counts."""
    compris = inside or {}
    columns: list[Column] = []
    for axe in synthese.axes:
        if axe in _CODED:
            columns.append(Column(f"Code {LIBELLES_AXES[axe].lower()}", "texte"))
        columns.append(Column(LIBELLES_AXES[axe], "texte"))
    width = len(columns)
    told = [Valeur.NOTIFIE] + ([Valeur.ENGAGE, Valeur.PAYE] if synthese.source != "aucune" else [])
    told += [v for v in _RARE if any(x.valeur(v) for x in synthese.lignes)]
    if synthese.exercice is None or mesure is Valeur.RESTE_A_PAYER:
        told.append(Valeur.RESTE_A_PAYER)  # never said of one year alone
    columns.append(Column("Allocations", "entier"))
    columns += [Column(LIBELLES_VALEURS[v], "montant") for v in told]
    columns.append(Column(f"Part : {LIBELLES_VALEURS[mesure].lower()}", "pourcent"))
    columns += [Column("Dont (compris)", "montant")] if compris else []
    apart = (None,) if compris else ()
    rows: list[tuple[object, ...]] = []
    shares = synthese.parts(mesure, decimals=2)
    for x, part in zip(synthese.lignes, shares, strict=True):
        names: list[object] = []
        for axe, key, label in zip(synthese.axes, x.cle, x.libelle, strict=True):
            names += ["" if key == REGION else key, label] if axe in _CODED else [label]
        rows.append((*names, x.nombre, *(x.valeur(v) for v in told), part, *apart))
        for d in compris.get(x.cle[0], ()):
            blank = [None] * (len(columns) - 1 - len(names))
            rows.append((*names[:-1], f"    dont {d.libelle}", *blank, d.montant))
    t = synthese.total
    amounts = [t.valeur(v) for v in told]
    total = ("Total", *[None] * (width - 1), t.nombre, *amounts, sum(shares), *apart)
    names_of = " et ".join(LIBELLES_AXES[a].lower() for a in synthese.axes)
    year = f" {synthese.exercice}" if synthese.exercice else ""
    title = f"Synthèse par {names_of}{year}"
    notes = _told("AE engagée et CP payé : exécution SIBC", synthese.source, synthese.source_date)
    notes += (DONT_COMPRIS,) if compris else ()
    return SheetSpec("Synthèse", columns, rows, total, title, notes)


def _told(what: str, source: str, day: str) -> tuple[str, ...]:
    """Where engaged and paid come from, where a snapshot says them."""
    others = ", mouvements des allocations pour les exercices sans situation" if source == "mixte" else ""
    return (f"{what} au {french_date(day)}{others}.",) if source in ("sibc", "mixte") else ()


def day(iso: str) -> date | None:
    """What a column of dates holds: a day of the calendar, or nothing."""
    return date.fromisoformat(iso) if iso else None


def write(path: Path, sheets: list[SheetSpec]) -> None:
    """Write sheets as ``.xlsx``, the first of them as ``.csv``; ``Refus`` for another kind of file."""
    match path.suffix.lower():
        case ".xlsx":
            write_xlsx(path, sheets)
        case ".csv":
            rows = [*sheets[0].rows, sheets[0].total] if sheets[0].total else sheets[0].rows
            write_csv(path, sheets[0].columns, rows)
        case other:
            raise Refus(f"« {path.name} » : écrire un fichier .xlsx ou .csv (lu : « {other or 'sans extension'} »).")
