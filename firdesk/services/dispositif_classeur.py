"""The schemes of an exercice as a workbook: amounts and ceilings, what is inside, what is beside, indicators."""

from pathlib import Path

from firdesk.domain import indicateur
from firdesk.domain.dispositif import DONT_COMPRIS, GENRES
from firdesk.services import dispositifs, donts
from firdesk.services.exporting import write
from firdesk.services.session import Session
from firdesk.sheets.writer import Column, SheetSpec

_HORS = "Les cofinancements et les montants hors FIR ne sont dans aucun total du FIR."


def ecrire(session: Session, path: Path, exercice: int) -> None:
    """Write the workbook; the total of the first sheet is the sum of its lines."""
    sheets = [_schemes(session, exercice), _inside(session, exercice), _beside(session, exercice)]
    write(path, [*sheets, _indicators(session)])


def _schemes(session: Session, exercice: int) -> SheetSpec:
    themes, lines = session.nomenclatures.themes(), dispositifs.liste(session, exercice)
    texts = [Column(t, "texte") for t in ("Code", "Dispositif", "Décrit", "Thème", "Destination")]
    amounts = ("Notifié", "AE engagée", "CP payé", "Plafond AE", "Disponible AE", "Plafond CP", "Disponible CP")
    columns = [*texts, Column("Allocations", "entier"), *(Column(t, "montant") for t in amounts)]
    rows = [
        (
            x.code, x.dispositif.libelle, "oui" if x.decrit else "non", themes.get(x.dispositif.theme, ""),
            x.dispositif.destination, x.nombre, x.notifie, x.engage, x.paye, x.plafond.ae if x.plafond else None,
            x.disponible, x.plafond.cp if x.plafond else None, x.disponible_cp,
        )
        for x in lines
    ]  # fmt: skip
    sums = [sum(getattr(x, name) for x in lines) for name in ("nombre", "notifie", "engage", "paye")]
    total = ("Total", *[None] * 4, *sums, *[None] * 4)
    return SheetSpec("Dispositifs", columns, rows, total, f"Dispositifs {exercice}", (DONT_COMPRIS, _HORS))


def _inside(session: Session, exercice: int) -> SheetSpec:
    themes, held = session.nomenclatures.themes(), donts.Contenants(session, exercice)
    columns = [Column(t, "texte") for t in ("Dispositif", "Thème", "Destination", "Dont")]
    columns += [Column("Montant", "montant"), Column("Dans un montant de", "montant"), Column("Note", "texte")]
    rows = [
        (
            d.dispositif,
            themes.get(d.theme, ""),
            d.destination,
            d.libelle,
            d.montant,
            held.de(d),
            d.note,
        )
        for d in session.dispositifs.donts(exercice)
    ]
    return SheetSpec("Dont", columns, rows, None, f"Montants « dont » {exercice}", (DONT_COMPRIS,))


def _beside(session: Session, exercice: int) -> SheetSpec:
    columns = [Column(t, "texte") for t in ("Dispositif", "Allocation", "Genre", "Financeur")]
    columns += [Column("Quantité", "texte"), Column("Montant", "montant"), Column("Note", "texte")]
    rows = []
    for c in session.dispositifs.cofinancements(exercice):
        found = session.allocations.get(c.allocation_id) if c.allocation_id is not None else None
        code = c.dispositif or (found.dispositif if found is not None else "")
        reference = found.reference if found is not None else ""
        quantity = indicateur.ecrit(c.quantite * 10) if c.quantite else ""
        rows.append((code, reference, GENRES[c.genre], c.financeur, quantity, c.montant, c.note))
    return SheetSpec("Financements", columns, rows, None, f"Autres financements {exercice}", (_HORS,))


def _indicators(session: Session) -> SheetSpec:
    columns = [Column(t, "texte") for t in ("Dispositif", "Indicateur", "Unité")]
    columns += [Column("Exercice", "entier"), Column("Année", "entier")]
    columns += [Column(t, "texte") for t in ("Valeur", "Cible", "Tendance", "Source")]
    rows = []
    for i in session.indicateurs.all():
        told = {t.valeur.exercice: indicateur.dite(i, t) for t in indicateur.tendances(i)}
        rows += [
            (
                i.dispositif, i.libelle, i.unite, v.exercice, v.annee, indicateur.ecrit(v.valeur),
                indicateur.ecrit(v.cible), told.get(v.exercice, ""), v.source,
            )
            for v in i.valeurs
        ]  # fmt: skip
    return SheetSpec("Indicateurs", columns, rows, None, "Indicateurs des dispositifs")
