"""The list of operators as a workbook; the total written is the sum of its lines."""

from collections.abc import Sequence
from pathlib import Path

from firdesk.domain import money
from firdesk.domain.operateur import PERIMETRES
from firdesk.services.exporting import write
from firdesk.services.operateur_fiche import LigneOperateur
from firdesk.sheets.writer import Column, SheetSpec


def ecrire(path: Path, lignes: Sequence[LigneOperateur], exercice: int) -> None:
    """Write these operators with their sums of the exercice and of the one before."""
    texts = ("Opérateur", "SIRET", "FINESS", "Commune", "Département", "Secteur", "Périmètre")
    columns = [*(Column(t, "texte") for t in texts), Column("Allocations", "entier")]
    columns += [Column(f"Notifié {exercice}", "montant"), Column(f"Notifié {exercice - 1}", "montant")]
    columns.append(Column("Part", "pourcent"))
    shares = money.parts([x.notifie for x in lignes], decimals=2)
    rows = []
    for x, share in zip(lignes, shares, strict=True):
        o = x.operateur
        names = (o.nom, o.siret, o.finess, o.commune, o.departement, o.secteur, PERIMETRES[o.perimetre])
        rows.append((*names, x.nombre, x.notifie, x.avant, share))
    before = [x.avant for x in lignes if x.avant is not None]
    count, notified = sum(x.nombre for x in lignes), sum(x.notifie for x in lignes)
    sums = (count, notified, sum(before) if before else None, 100 if notified else 0)
    total = ("Total", *[None] * (len(texts) - 1), *sums)
    write(path, [SheetSpec("Opérateurs", columns, rows, total, f"Opérateurs {exercice}")])
