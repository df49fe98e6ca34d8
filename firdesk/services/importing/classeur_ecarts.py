"""The differences of an import as a workbook: amounts along each axis, then every line; totals add up their sheet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from firdesk.domain.lot import Constat
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import LIBELLES_AXES, Axe
from firdesk.services.importing import bilan, disparues
from firdesk.services.importing.ecarts import Ecarts
from firdesk.services.importing.plan import Plan
from firdesk.services.progress import Progress, Silent
from firdesk.sheets.writer import Column, SheetSpec, write_xlsx

_LIGNE, _OPERATEUR, _REFERENCE = Column("Ligne", "entier"), Column("Opérateur", "texte"), Column("Référence", "texte")
_CONFLIT = {"garder": "Correction gardée", "fichier": "Valeur du fichier"}


def ecrire(path: Path, plan: Plan, ecarts: Mapping[Axe, Ecarts], progress: Progress | None = None) -> None:
    """Write ``path`` (.xlsx); ``Refus`` where it cannot be replaced, ``Annulation`` leaves it as it was."""
    if path.suffix.lower() != ".xlsx":
        raise Refus(f"« {path.name} » : les différences s'écrivent dans un classeur .xlsx.")
    told = progress or Silent()
    total = len(plan.nouvelles) + sum(len(x.champs) for x in plan.modifiees) + len(plan.disparues)

    def on_row(done: int) -> None:
        told.check()
        told.report(done, total, "Écriture des différences")

    write_xlsx(path, [*_axes(plan, ecarts), *_lignes(plan), *_rares(plan)], on_row=on_row)


def _notes(plan: Plan) -> tuple[str, ...]:
    told = (f"{plan.fichier}, feuille « {plan.feuille} »" if plan.feuille else plan.fichier, bilan.phrase(plan))
    more = [bilan.partage(plan)] + [f"{bilan.exact(p.montant)} : {p.texte}" for p in bilan.parts(plan)]
    return (*told, *more, *([plan.partiel] if plan.partiel else []))


def _axes(plan: Plan, ecarts: Mapping[Axe, Ecarts]) -> Iterator[SheetSpec]:
    for axe, found in ecarts.items():
        if not found.lignes:
            continue
        name = LIBELLES_AXES[axe]
        columns = [Column(name, "texte"), *(Column(f"{plan.mesure} {when}", "montant") for when in ("avant", "après"))]
        rows = [(x.libelle, x.avant, x.apres, x.ecart) for x in found.lignes]
        total = ("Total", found.avant, found.apres, found.apres - found.avant)
        title = f"{plan.mesure} avant et après l'import, par {name.lower()}"
        yield SheetSpec(f"Par {name.lower()}", [*columns, Column("Écart", "montant")], rows, total, title, _notes(plan))


def _lignes(plan: Plan) -> Iterator[SheetSpec]:
    amount = Column(plan.mesure, "montant")
    new = [_LIGNE, _OPERATEUR, Column("Objet", "texte"), Column("Destination", "texte"), amount]
    total = ("Total", None, None, None, sum(x.montant for x in plan.nouvelles))
    rows = ((x.ligne, x.operateur, x.libelle, x.destination, x.montant) for x in plan.nouvelles)
    yield SheetSpec("Nouvelles", new, rows, total, "Lignes absentes de la base")
    changed = [
        _LIGNE,
        _OPERATEUR,
        _REFERENCE,
        Column("Champ", "texte"),
        Column("Avant", "texte"),
        Column("Après", "texte"),
        Column("Montant avant", "montant"),
        Column("Montant après", "montant"),
        Column("Écart", "montant"),
    ]
    yield SheetSpec("Modifiées", changed, _champs(plan), None, "Champs modifiés, avant et après")
    gone = [_OPERATEUR, _REFERENCE, amount, Column("Décision", "texte"), Column("Remarque", "texte")]
    lines = [(x.operateur, x.reference, x.montant, disparues.CHOIX.get(x.choix), x.remarque) for x in plan.disparues]
    end = ("Total", None, sum(x.montant for x in plan.disparues), None, None)
    yield SheetSpec("Disparues", gone, lines, end, "Lignes de la base absentes du fichier")


def _champs(plan: Plan) -> Iterator[Sequence[Any]]:
    for line in plan.modifiees:
        for c in line.champs:
            amounts: tuple[int | None, ...] = (c.avant_cents, c.apres_cents, None)
            if c.avant_cents is not None or c.apres_cents is not None:
                amounts = (*amounts[:2], (c.apres_cents or 0) - (c.avant_cents or 0))
                yield line.ligne, line.operateur, line.reference, c.libelle, None, None, *amounts
            else:
                yield line.ligne, line.operateur, line.reference, c.libelle, c.avant, c.apres, *amounts


def _rares(plan: Plan) -> Iterator[SheetSpec]:
    if plan.conflits:
        titles = ("Champ", "Dernier import", "Corrigé à la main", "Dans le fichier", "Décision")
        rows = [
            (x.ligne, x.operateur, x.reference, x.libelle, x.importe, x.base, x.fichier, _CONFLIT.get(x.choix))
            for x in plan.conflits
        ]
        columns = [_LIGNE, _OPERATEUR, _REFERENCE, *(Column(t, "texte") for t in titles)]
        yield SheetSpec("Conflits", columns, rows, None, "Valeurs corrigées à la main que le fichier contredit")
    found: Iterable[tuple[str, tuple[Constat, ...]]] = (("Rejetées", plan.rejets), ("Ignorées", plan.ignorees))
    for name, constats in found:
        if constats:
            columns = [Column(t, "texte") for t in ("Cellule", "Lu", "Attendu", "Que faire")]
            yield SheetSpec(name, columns, [(c.cellule, c.lu, c.attendu, c.remede) for c in constats])
