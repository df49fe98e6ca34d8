"""Échéanciers, what is left to pay by origin and acts, to Excel or CSV; totals are sums of the lines above."""

from collections.abc import Sequence
from pathlib import Path

from firdesk.domain.convention import ETATS, NATURES, Suivi
from firdesk.domain.jour import french_date
from firdesk.domain.synthese import LIBELLES_AXES, Axe
from firdesk.services.echeanciers import Echeanciers, Origines
from firdesk.services.exporting import write
from firdesk.sheets.writer import Column, SheetSpec

_CODED = {Axe.MISSION, Axe.DESTINATION, Axe.THEME, Axe.DEPARTEMENT, Axe.ENVELOPPE}


def export_echeanciers(path: Path, found: Echeanciers) -> None:
    """One line a key: AE, CP, what is left to pay, each year, the balance to plan."""
    years = found.annees
    rows: list[tuple[object, ...]] = []
    for x in found.lignes:
        e = x.echeancier
        names = _names(found.axe, x.cle, x.libelle)
        rows.append((*names, e.ae, e.cp, e.reste_a_payer, *(e.du(y) for y in years), e.a_planifier))
    told = [f"{year} {'payé' if year < found.exercice else 'prévu'}" for year in years]
    amounts = ("AE engagée", "CP payé", "Reste à payer", *told, "À planifier")
    title = f"Échéancier des CP par {LIBELLES_AXES[found.axe].lower()}, vu de {found.exercice}"
    notes = ["AE depuis l'origine, retraits déduits ; échéances et solde à planifier égalent l'AE."]
    if found.source in ("sibc", "mixte"):
        notes.append(f"AE et CP des exercices qui ont une situation SIBC : au {french_date(found.source_date)}.")
    write(path, [_sheet("Échéancier", _heads(found.axe), amounts, rows, title, notes)])


def export_origines(path: Path, found: Origines) -> None:
    """One line a key: what is left to pay, then of each year of origin."""
    years = found.annees
    rows = [(*_names(found.axe, x.cle, x.libelle), x.total, *(x.restes.get(y, 0) for y in years)) for x in found.lignes]
    amounts = ("Reste à payer", *(f"Origine {year}" for year in years))
    title = f"Reste à payer par {LIBELLES_AXES[found.axe].lower()} et année d'origine"
    write(path, [_sheet("Reste à payer", _heads(found.axe), amounts, rows, title, ())])


def export_conventions(path: Path, found: Sequence[Suivi], exercice: int) -> None:
    """One line an act, its avenants rolled up into it."""
    due = [exercice + i for i in range(1, 4)]
    heads = ("Numéro", "Nature", "Opérateur", "Objet", "Signée le", "Début", "Fin", "État", "Avenants")
    amounts: tuple[str, ...] = ("AE prévue par l'acte", "AE engagée", "CP payé", "Reste à payer")
    amounts += (*(f"Dû en {year}" for year in due), "À planifier", "À retirer")
    rows: list[tuple[object, ...]] = []
    for s in found:
        c, e = s.convention, s.echeancier
        days = [french_date(day) for day in (c.signee_le, s.debut, s.fin)]
        names = (c.numero, NATURES[c.nature], s.operateur, c.objet, *days, ETATS[s.etat])
        avenants = ", ".join(a.numero for a in s.actes[1:])
        cents = (s.montant, e.ae, e.cp, e.reste_a_payer, *(e.du(y) for y in due), e.a_planifier, s.a_retirer)
        rows.append((*names, avenants, *cents))
    title = f"Conventions, vues de {exercice}"
    write(path, [_sheet("Conventions", heads, amounts, rows, title, ())])


def _sheet(
    name: str,
    heads: Sequence[str],
    amounts: Sequence[str],
    rows: Sequence[tuple[object, ...]],
    title: str,
    notes: Sequence[str],
) -> SheetSpec:
    columns = [Column(text, "texte") for text in heads] + [Column(text, "montant") for text in amounts]
    sums = [sum(int(str(row[i] or 0)) for row in rows) for i in range(len(heads), len(columns))]
    total = ("Total", *[None] * (len(heads) - 1), *sums)
    return SheetSpec(name, columns, rows, total, title, tuple(notes))


def _heads(axe: Axe) -> tuple[str, ...]:
    label = LIBELLES_AXES[axe]
    return (f"Code {label.lower()}", label) if axe in _CODED else (label,)


def _names(axe: Axe, cle: str, libelle: str) -> tuple[str, ...]:
    return (cle, libelle) if axe in _CODED else (libelle,)
