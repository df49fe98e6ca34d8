"""The printed tables: figures into the data of a template, then pages; the preview is the document itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from firdesk.domain import money
from firdesk.domain.dispositif import DONT_COMPRIS, Dont
from firdesk.domain.jour import french_date
from firdesk.domain.nomenclature import mission_de
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe, Ligne, Synthese
from firdesk.domain.territoire import REGION, Par
from firdesk.services import donts, territoires
from firdesk.services.session import Session
from firdesk.sheets.writer import beside
from firdesk.typesetting import pages as typesetting

TEMPLATE = "synthese"
DEMONSTRATION = "Données de démonstration fictives, calées sur le Bilan 2025 publié"


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """A report of the list: its name on the command line, its title, the axis it is cut along."""

    nom: str
    titre: str
    description: str
    axe: Axe
    par: Par = Par.SIEGE


REPORTS = {
    spec.nom: spec
    for spec in (
        ReportSpec(
            "themes", "Allocations par thème", "Les 26 grandes thématiques, du plus au moins financé", Axe.THEME
        ),
        ReportSpec("missions", "Allocations par mission", "Les cinq missions, avec AE et CP", Axe.MISSION),
        ReportSpec("departements", "Allocations par département", "Selon le siège de l'opérateur", Axe.DEPARTEMENT),
        ReportSpec(
            "departements-lieu",
            "Allocations par département d'action",
            "Selon le lieu d'action, la région entière à part",
            Axe.DEPARTEMENT,
            Par.LIEU,
        ),
        ReportSpec("destinations", "Allocations par destination", "La nomenclature, par mission", Axe.DESTINATION),
    )
}


def pdf(session: Session, name: str, exercice: int) -> bytes:
    """The report as a tagged PDF/UA-1 file."""
    return typesetting.pdf(TEMPLATE, data(session, name, exercice))


def pages(session: Session, name: str, exercice: int, *, ppi: int = 144) -> list[bytes]:
    """The same pages as PNG images, for the preview and for the printer."""
    return typesetting.png(TEMPLATE, data(session, name, exercice), ppi=ppi)


def write(session: Session, name: str, exercice: int, path: Path) -> None:
    """Write the PDF beside its target, then move it into place."""
    content = pdf(session, name, exercice)
    with beside(path) as draft:
        draft.write_bytes(content)


def data(session: Session, name: str, exercice: int) -> dict[str, object]:
    """What the template prints; every amount is formatted here, totals are sums of the lines."""
    spec = _spec(name)
    synthese = figures(session, name, exercice)
    today = date.today()  # noqa: DTZ011 - the date printed is the user's own day
    table = _TABLES[spec.axe](session, synthese)
    return {
        "titre": f"{spec.titre} en {exercice}",
        "sous_titre": _subtitle(session, exercice),
        "base": session.path.stem,
        "exercice": str(exercice),
        "edite_le": today.strftime("%d/%m/%Y"),
        "date": today.isoformat(),
        "bandeau": DEMONSTRATION if session.demonstration else None,
        "orientation": "portrait",
        "chiffres": _figures(session, synthese, exercice),
        "barres": _bars(synthese) if spec.axe in {Axe.MISSION, Axe.DEPARTEMENT} else None,
        "notes": [
            *_source_notes(synthese),
            *((territoires.NOTE,) if spec.par is Par.LIEU else ()),
            *((DONT_COMPRIS,) if donts.de(session, synthese) else ()),
            *_publication_notes(session, spec.axe, synthese),
        ],
        **table,
    }


def figures(session: Session, name: str, exercice: int) -> Synthese:
    """The lines of the table that a report prints."""
    spec = _spec(name)
    if spec.par is Par.LIEU:
        return territoires.table(session, spec.par, exercice)
    return session.syntheses.par((spec.axe,), exercice)


def _spec(name: str) -> ReportSpec:
    if name not in REPORTS:
        raise Refus(f"Il n'y a pas de rapport « {name} ». Rapports connus : {', '.join(REPORTS)}.")
    return REPORTS[name]


def _column(title: str, kind: str) -> dict[str, object]:
    return {"titre": title, "genre": kind, "largeur": None}


def _row(cells: list[str], kind: str = "ligne", indent: int = 0) -> dict[str, object]:
    return {"cellules": cells, "genre": kind, "retrait": indent}


def _ranked_table(
    synthese: Synthese,
    names: list[str],
    cells: Callable[[Ligne], list[str]],
    inside: Mapping[str, Sequence[Dont]],
) -> dict[str, object]:
    """Lines from the most to the least funded with their share; ``cells`` fills the columns called ``names``.

    The « dont » of a line stand under it, in a column of their own that no total counts.
    """
    ranked = sorted(zip(synthese.lignes, synthese.parts(), strict=True), key=lambda x: -x[0].notifie)
    write, total = _writer(synthese), synthese.total
    share = money.pourcent(100) if total.notifie else "—"
    apart = [""] if inside else []
    rows = []
    for x, p in ranked:
        rows.append(_row([*cells(x), money.nombre(x.nombre), write(x.notifie), *apart, money.pourcent(p)]))
        rows += [_dont_row(d, len(names) - 1, ["", ""], [""], write) for d in inside.get(x.cle[0], ())]
    return {
        "colonnes": [
            *(_column(name, "texte") for name in names),
            _column("Allocations", "entier"),
            _column("Notifié", "montant"),
            *([_column("Dont", "montant")] if inside else []),
            _column("Part", "pourcent"),
        ],
        "lignes": rows,
        "total": [*[""] * (len(names) - 1), "Total", money.nombre(total.nombre), write(total.notifie), *apart, share],
    }


def _dont_row(
    dont: Dont, place: int, before: list[str], after: list[str], write: Callable[[int], str]
) -> dict[str, object]:
    """An amount told inside the line above: its name set back, its amount apart."""
    return _row([*[""] * place, f"— dont {dont.libelle}", *before, write(dont.montant), *after], indent=1)


def _theme_table(session: Session, synthese: Synthese) -> dict[str, object]:
    return _ranked_table(synthese, ["Thème"], lambda x: [x.libelle[0]], donts.de(session, synthese))


def _department_table(session: Session, synthese: Synthese) -> dict[str, object]:
    return _ranked_table(
        synthese, ["Code", "Département"], lambda x: ["" if x.cle[0] == REGION else x.cle[0], x.libelle[0]], {}
    )


def _mission_table(session: Session, synthese: Synthese) -> dict[str, object]:
    amounts = _amounts(synthese)
    return {
        "colonnes": [
            _column("Mission", "texte"),
            _column("Allocations", "entier"),
            _column("Notifié", "montant"),
            _column("AE engagées", "montant"),
            _column("CP payés", "montant"),
        ],
        "lignes": [
            _row([f"{x.cle[0]} · {x.libelle[0]}" if x.cle[0] else x.libelle[0], *amounts(x)]) for x in synthese.lignes
        ],
        "total": ["Total", *amounts(synthese.total)],
    }


def _destination_table(session: Session, synthese: Synthese) -> dict[str, object]:
    """Destinations under their mission, with a sub-total each."""
    missions, amounts = session.nomenclatures.missions(), _amounts(synthese)
    inside, write = donts.de(session, synthese), _writer(synthese)
    apart = [""] if inside else []
    rows: list[dict[str, object]] = []
    groups: dict[str, list[Ligne]] = {}
    for line in synthese.lignes:
        groups.setdefault(mission_de(line.cle[0]) or "", []).append(line)
    for mission in sorted(groups):
        lines = groups[mission]
        name = f"Mission {mission} · {missions.get(mission, '')}" if mission else "Sans mission"
        rows.append(_row([name, "", "", "", "", "", *apart], "groupe"))
        for x in lines:
            rows.append(_row([x.cle[0], x.libelle[0], *amounts(x), *apart], indent=1))
            rows += [_dont_row(d, 1, [""] * 4, [], write) for d in inside.get(x.cle[0], ())]
        added = replace(synthese, lignes=tuple(lines)).total
        rows.append(_row(["", "Sous-total", *amounts(added), *apart], "sous_total"))
    return {
        "orientation": "paysage",
        "colonnes": [
            _column("Code", "texte"),
            _column("Destination", "texte"),
            _column("Allocations", "entier"),
            _column("Notifié", "montant"),
            _column("AE engagées", "montant"),
            _column("CP payés", "montant"),
            *([_column("Dont", "montant")] if inside else []),
        ],
        "lignes": rows,
        "total": ["", "Total", *amounts(synthese.total), *apart],
    }


_TABLES: dict[Axe, Callable[[Session, Synthese], dict[str, object]]] = {
    Axe.THEME: _theme_table,
    Axe.MISSION: _mission_table,
    Axe.DEPARTEMENT: _department_table,
    Axe.DESTINATION: _destination_table,
}


def _writer(synthese: Synthese) -> Callable[[int], str]:
    """How the amounts of one table are written: all with cents as soon as one of them has some."""
    amounts = [a for x in synthese.lignes for a in (x.notifie, x.ae_engagee, x.cp_paye)]
    return partial(money.euros, decimals=any(a % 100 for a in amounts))


def _amounts(synthese: Synthese) -> Callable[[Ligne], list[str]]:
    """The count and the three amounts of a line, written as the whole table is."""
    write, unknown = _writer(synthese), synthese.source == "aucune"

    def cells(line: Ligne) -> list[str]:
        engaged = ["—", "—"] if unknown else [write(line.ae_engagee), write(line.cp_paye)]
        return [money.nombre(line.nombre), write(line.notifie), *engaged]

    return cells


def _subtitle(session: Session, exercice: int) -> str:
    versions, snapshots = session.budgets.versions(exercice), session.budgets.instantanes(exercice)
    parts = ["Montants notifiés, en euros"]
    if versions:
        parts.append(f"budget : {versions[-1].code}")
    if snapshots:
        parts.append(f"exécution SIBC au {french_date(snapshots[0].date)}")
    return " · ".join(parts)


def _figures(session: Session, synthese: Synthese, exercice: int) -> list[dict[str, str]]:
    total = synthese.total
    figures = [
        {
            "libelle": "Notifié",
            "valeur": money.euros(total.notifie, decimals=False),
            "detail": f"{money.nombre(total.nombre)} allocations",
        }
    ]
    situations, executed = session.budgets.situations(exercice), bool(session.budgets.instantanes(exercice))
    for label, used, opened, what in (
        ("AE engagées", sum(s.ae_engagees for s in situations), sum(s.ae_ouvertes for s in situations), "AE ouvertes"),
        ("CP payés", sum(s.cp_payes for s in situations), sum(s.cp_ouverts for s in situations), "CP ouverts"),
    ):
        if opened and (executed or used):  # nothing told is not nothing engaged
            rate = money.pourcent(100 * used / opened)
            figures.append(
                {"libelle": label, "valeur": money.euros(used, decimals=False), "detail": f"{rate} des {what}"}
            )
    return figures


def _bars(synthese: Synthese) -> dict[str, object] | None:
    biggest = max((x.notifie for x in synthese.lignes), default=0)
    if biggest <= 0:
        return None
    ranked = sorted(synthese.lignes, key=lambda x: -x.notifie)
    told = ", ".join(f"{x.libelle[0]} {money.millions(x.notifie)}" for x in ranked)
    return {
        "titre": "Notifié",
        "alt": f"Diagramme en barres du montant notifié : {told}.",
        "lignes": [
            {"libelle": x.libelle[0], "valeur": money.millions(x.notifie), "part": max(0.0, x.notifie / biggest)}
            for x in ranked
        ],
    }


def _source_notes(synthese: Synthese) -> list[str]:
    if not set(synthese.axes) <= {Axe.MISSION, Axe.DESTINATION}:
        return []
    if synthese.source in ("sibc", "mixte"):
        return [f"AE engagées et CP payés : exécution SIBC au {french_date(synthese.source_date)}."]
    if synthese.source == "aucune":
        return ["AE engagées et CP payés : aucune exécution SIBC n'est importée pour cet exercice."]
    return ["AE engagées et CP payés : mouvements saisis ou importés sur les allocations."]


def _publication_notes(session: Session, axe: Axe, synthese: Synthese) -> list[str]:
    """Say where the total differs from the one the published report prints."""
    notes = []
    for row in session.nomenclatures.publications(synthese.exercice, str(axe)):
        printed = int(row["total_imprime_eur"]) * 100
        gap = printed - synthese.total.notifie
        if gap and abs(gap) <= 100_00:
            side = "inférieur" if gap < 0 else "supérieur"
            notes.append(
                f"Le total imprimé dans « {row['source']} » est {money.euros(printed)}, {side} de "
                f"{money.euros(abs(gap))} à la somme des lignes ; le tableau imprime la somme."
            )
    return notes
