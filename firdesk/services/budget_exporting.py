"""The budget as workbooks: execution, two versions side by side, recettes; every total is the sum of its lines."""

from collections.abc import Sequence
from pathlib import Path

from firdesk.domain.budget_execution import Execution, LigneExecutee, missions
from firdesk.domain.budget_versions import ComparaisonVersions, EcartVersion
from firdesk.domain.jour import french_date
from firdesk.domain.recette import NATURES, PARTS, SOURCES
from firdesk.services import budget_execution, budgets, recettes
from firdesk.services.exporting import day, write
from firdesk.services.session import Session
from firdesk.sheets.writer import Column, SheetSpec

_EXECUTION = [
    Column("AE ouvertes", "montant"),
    Column("Notifié", "montant"),
    Column("AE engagées", "montant"),
    Column("AE disponibles", "montant"),
    Column("Taux AE", "pourcent"),
    Column("CP ouverts", "montant"),
    Column("CP payés", "montant"),
    Column("CP disponibles", "montant"),
    Column("Taux CP", "pourcent"),
]


def export_execution(session: Session, path: Path, found: Execution) -> None:
    """Write the lines, then their sums by destination, by mission and by canal."""
    labels, names = session.nomenclatures.missions(), budgets.libelles(session, found.exercice)
    enveloppes = session.nomenclatures.enveloppes()
    notes = (
        f"Ouvert : {budget_execution.etalon_dit(found.etalon)}.",
        f"Consommé : {budget_execution.source_dite(found)}.",
    )
    title = f"Exécution du budget {found.exercice}"

    def sheet(name: str, heads: Sequence[str], rows: list[tuple[object, ...]]) -> SheetSpec:
        total = ("Total", *[None] * (len(heads) - 1), *_amounts(found, found.total))
        return SheetSpec(name, [*(Column(h, "texte") for h in heads), *_EXECUTION], rows, total, title, notes)

    def of(x: LigneExecutee) -> tuple[object, ...]:
        return (labels.get(x.mission, "Sans mission"), x.destination, names.get(x.destination, ""))

    sheets = [
        sheet(
            "Par destination",
            ("Mission", "Destination", "Libellé"),
            [(*of(x), *_amounts(found, x)) for x in found.destinations],
        ),
        sheet(
            "Par enveloppe",
            ("Mission", "Destination", "Libellé", "Enveloppe"),
            [(*of(x), enveloppes.get(x.enveloppe, x.enveloppe), *_amounts(found, x)) for x in found.lignes],
        ),
        sheet(
            "Par mission",
            ("Code", "Mission"),
            [
                (x.mission, labels.get(x.mission, "Sans mission"), *_amounts(found, x))
                for x, _ in missions(found.lignes)
            ],
        ),
    ]
    if found.canaux:
        what = "CP payés" if found.mesure_canaux == "paye" else "Notifié"
        rows = [(x.libelle, x.montant) for x in found.canaux]
        total = ("Total", sum(x.montant for x in found.canaux))
        sheets.append(SheetSpec("Par canal", [Column("Canal", "texte"), Column(what, "montant")], rows, total, title))
    write(path, sheets)


def _amounts(found: Execution, x: LigneExecutee) -> tuple[object, ...]:
    """One value a column; what nobody knows stays empty."""
    names = ("ae", "notifie", "engage", "disponible_ae", "taux_ae", "cp", "paye", "disponible_cp", "taux_cp")
    return tuple(getattr(x, name) if found.dit(name) else None for name in names)


def export_version(session: Session, path: Path, exercice: int, number: int) -> None:
    """Write a version: what was voted, the virements, what is opened; then the virements one by one."""
    version = budgets.par_numero(session, exercice, number)
    names, enveloppes = budgets.libelles(session, exercice), session.nomenclatures.enveloppes()
    voted = {x.cle: x for x in session.budgets.lignes(number)}
    rows: list[tuple[object, ...]] = []
    for x in session.budgets.lignes_virees(number):
        v = voted.get(x.cle)
        ae, cp = (v.ae, v.cp) if v is not None else (0, 0)
        head = (x.destination, names.get(x.destination, ""), enveloppes.get(x.enveloppe, x.enveloppe))
        rows.append((*head, ae, cp, x.ae - ae, x.cp - cp, x.ae, x.cp))
    heads = [Column(t, "texte") for t in ("Destination", "Libellé", "Enveloppe")]
    amounts = ("AE votées", "CP votés", "Virements AE", "Virements CP", "AE ouvertes", "CP ouverts")
    total = ("Total", None, None, *(sum(int(str(r[i])) for r in rows) for i in range(3, 9)))
    title = f"{version.libelle or version.nom}" + (f" du {french_date(version.date)}" if version.date else "")
    sheets = [SheetSpec(version.code, [*heads, *(Column(t, "montant") for t in amounts)], rows, total, title)]
    moved = [(day(v.date), *v.de, *v.vers, v.ae, v.cp, v.motif) for v in session.budgets.virements(number)]
    if moved:
        columns = [
            Column("Date", "date"),
            *(Column(t, "texte") for t in ("De la destination", "De l'enveloppe", "Vers la destination")),
            Column("Vers l'enveloppe", "texte"),
            Column("AE", "montant"),
            Column("CP", "montant"),
            Column("Motif", "texte"),
        ]
        sums = ("Total", *[None] * 4, sum(m[5] for m in moved), sum(m[6] for m in moved), None)
        sheets.append(SheetSpec("Virements", columns, moved, sums, f"Virements du {version.nom}"))
    write(path, sheets)


def export_comparaison(session: Session, path: Path, found: ComparaisonVersions) -> None:
    """Write two versions side by side, line by line and by mission."""
    names, labels = budgets.libelles(session, found.apres.exercice), session.nomenclatures.missions()
    enveloppes = session.nomenclatures.enveloppes()
    columns = [
        Column(f"{what} {side}", "montant")
        for what in ("AE", "CP")
        for side in (found.avant.code, found.apres.code, "écart")
    ]
    title = f"Budget {found.apres.exercice} : {found.avant.code} et {found.apres.code}, virements compris"

    def sheet(name: str, heads: Sequence[str], rows: list[tuple[object, ...]]) -> SheetSpec:
        total = ("Total", *[None] * (len(heads) - 1), *_sides(found.total))
        return SheetSpec(name, [*(Column(h, "texte") for h in heads), *columns], rows, total, title)

    lines: list[tuple[object, ...]] = [
        (x.destination, names.get(x.destination, ""), enveloppes.get(x.enveloppe, x.enveloppe), *_sides(x))
        for x in found.lignes
    ]
    by_mission: list[tuple[object, ...]] = [
        (x.mission, labels.get(x.mission, "Sans mission"), *_sides(x)) for x in found.missions
    ]
    write(
        path,
        [
            sheet("Par ligne", ("Destination", "Libellé", "Enveloppe"), lines),
            sheet("Par mission", ("Code", "Mission"), by_mission),
        ],
    )


def _sides(x: EcartVersion) -> tuple[int | None, ...]:
    found: list[int | None] = []
    for place in (0, 1):
        found += [side[place] if side is not None else None for side in (x.avant, x.apres)] + [x.ecart(place)]
    return tuple(found)


def export_recettes(session: Session, path: Path, exercice: int, au: str = "") -> None:
    """Write the recettes, what they are reserved for, and the balance."""
    when = f" au {french_date(au)}" if au else ""
    added = recettes.cumul(session, exercice, au)
    lines = recettes.liste(session, exercice, au)
    heads = [Column(t, "texte") for t in ("Nature", "Numéro", "Source", "Libellé")]
    amounts = ["Montant", *(label for _, label in PARTS), "Encaissé"]
    columns = [*heads, Column("Date", "date"), *(Column(t, "montant") for t in amounts), Column("Encaissée le", "date")]
    rows = [
        (
            NATURES[r.nature], r.numero, SOURCES[r.source], r.libelle, day(r.date), r.montant,
            *(getattr(r, name) for name, _ in PARTS), r.encaisse_au(au), day(r.encaissee_le),
        )
        for r in lines
    ]  # fmt: skip
    total = ("Total", *[None] * 4, added.total, *added.parts, added.encaisse, None)
    title = f"Recettes {exercice}{when}"
    aimed = recettes.suivi(session, exercice, au)
    suivi = SheetSpec(
        "Fléchages",
        [
            *(Column(t, "texte") for t in ("Thème ou destination", "Libellé")),
            Column("Fléché", "montant"),
            Column("Consommé", "montant"),
            Column("Mesure", "texte"),
            Column("Reste", "montant"),
        ],
        [(x.theme or x.destination, x.libelle, x.fleche, x.consomme, x.mesure, x.reste) for x in aimed],
        ("Total fléché", None, sum(x.fleche for x in aimed), None, None, None),
        f"Fléchages {exercice}{when}",
        ("Un montant consommé peut l'être à la fois sous un thème et sous une destination : il ne s'additionne pas.",),
    )
    balance, source = recettes.equilibre(session, exercice, au)
    figures = [
        ("Recettes déléguées", added.deleguees),
        ("Ressources propres", added.propres),
        ("Recettes", balance.recettes),
        ("Report de trésorerie", balance.report),
        ("CP décaissés", balance.decaisse),
        ("Recettes + report − CP décaissés", balance.tresorerie),
        ("AE engagées", balance.engage),
        ("AE engagées − recettes", balance.engage_sans_recette),
    ]
    two = [Column("Équilibre", "texte"), Column("Montant", "montant")]
    sheets = [
        SheetSpec("Recettes", columns, rows, total, title),
        suivi,
        SheetSpec("Équilibre", two, figures, None, f"Équilibre {exercice}{when}", (f"Exécution : {source}.",)),
    ]
    write(path, sheets)
