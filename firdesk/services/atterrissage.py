"""The landing of an exercice by theme or destination, its rule in words, its parameters; to Excel and JSON."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.atterrissage import (
    PARTS,
    Atterrissage,
    Cellule,
    Ligne,
    Montants,
    Parametres,
    Total,
    base_non_renouvelee,
    par_axe,
)
from firdesk.domain.dispositif import PART_ENTIERE
from firdesk.domain.jour import french_date
from firdesk.domain.perimetre import heritiers
from firdesk.domain.problem import require
from firdesk.domain.synthese import Ligne as LigneSynthese
from firdesk.services import exercices, rapprochement
from firdesk.services.exporting import write
from firdesk.services.perimetre import AXES, LIBELLES
from firdesk.services.session import Session
from firdesk.sheets.writer import Column, SheetSpec

ACQUIS = {
    "sibc": "engagé (EJ validés de SIBC au {0})",
    "mouvements": "engagé (mouvements des allocations)",
    "notifie": "notifié, faute d'engagé connu par {1}",
}
SOURCE_PAR_DEFAUT = "valeurs du programme : tout ce qui est prévu se réalise"


def atterrir(session: Session, exercice: int, axe: str) -> Atterrissage:
    """Low, central and high for each key of ``axe`` (``theme`` or ``destination``)."""
    exercices.exiger(session, exercice)
    table = session.syntheses.par((AXES[axe],), exercice)
    known = table.engage_connu
    lines = {x.cle[0]: x for x in table.lignes}
    cells = session.atterrissages.cellules(exercice)
    notified = par_axe({cell: x.notifie for cell, x in cells.items()}, axe)
    decided = par_axe({cell: x.decide for cell, x in cells.items()}, axe)
    base = par_axe(_base(session, exercice, cells), axe)
    following = par_axe({cell: x.perenne for cell, x in cells.items()}, axe)
    version, opened = rapprochement.ouverts(session, exercice) if axe == "destination" else ("", {})
    parametres = session.atterrissages.parametres()
    labels = _labels(session, exercice, axe)
    made = []
    for code in _ordered({*lines, *notified, *decided, *base, *following, *opened}, labels):
        line = lines.get(code, LigneSynthese((code,), (), 0, 0, 0, 0))
        made.append(
            Ligne(
                code,
                labels.get(code) or (line.libelle or (code or "Sans thème",))[0],
                notified.get(code, 0),
                line.ae_engagee if known else None,
                decided.get(code, 0),
                base.get(code, 0),
                following.get(code, 0),
                opened.get(code, (0, 0))[0] if version else None,
                parametres,
            )
        )
    shown = tuple(x for x in made if any((x.notifie, x.engage, x.decide, x.base, x.base_suivante, x.ouvert)))
    source = table.source if known else "notifie"
    return Atterrissage(exercice, axe, source, table.source_date, version, parametres, shown)


def _base(session: Session, exercice: int, cells: Mapping[Cellule, Montants]) -> dict[Cellule, int]:
    """The recurring base of the year before, under this year's codes, less what this year already has in the cell."""
    heirs = {g: heritiers(session.exercices.passages(g), exercice - 1, exercice) for g in ("destination", "theme")}
    carried: dict[Cellule, int] = {}
    for (d, t), cents in session.atterrissages.perennes(exercice - 1).items():
        cell = heirs["destination"].get(d, d), heirs["theme"].get(t, t)
        carried[cell] = carried.get(cell, 0) + cents
    return base_non_renouvelee(carried, {cell: x.reconductible + x.decide_reconductible for cell, x in cells.items()})


def _labels(session: Session, exercice: int, axe: str) -> dict[str, str]:
    if axe == "theme":
        return session.nomenclatures.themes()
    return {d.code: d.libelle for d in session.nomenclatures.destinations(exercice)}


def _ordered(keys: set[str], labels: dict[str, str]) -> list[str]:
    places = {code: i for i, code in enumerate(labels)}
    return sorted(keys, key=lambda k: (places.get(k, len(places)), k))


def filtre(found: Atterrissage, cle: str | None, *, perennes: bool = False) -> Filtre:
    """The allocations of a line (``None``: of all), its recurring ones only where asked."""
    caracteres = ("perenne",) if perennes else ()
    if cle is None:
        return Filtre(exercice=found.exercice, caracteres=caracteres)
    if found.axe == "theme":
        return Filtre(exercice=found.exercice, themes=(cle,), caracteres=caracteres)
    return Filtre(exercice=found.exercice, destinations=(cle,), caracteres=caracteres)


def enregistrer(session: Session, parametres: Parametres) -> None:
    """Keep the shares and where they come from, in one operation; ``Invalide`` with what prevents it."""
    require(parametres.problems())
    if parametres != session.atterrissages.parametres():
        with session.operation("Modifier les paramètres de l'atterrissage"):
            session.atterrissages.put_parametres(parametres)


def regle(found: Atterrissage) -> str:
    """The rule of the figures, in words."""
    p = found.parametres
    acquis = ACQUIS[found.source].format(french_date(found.source_date), LIBELLES[found.axe].lower())
    shares = {name: money.pourcent(getattr(p, name) * 100 / PART_ENTIERE, decimals=0) for name, _, _ in PARTS}
    planned = f"{shares['part_decide']} {PARTS[0][2]}"
    if found.source != "notifie":
        planned += f" (au-delà de ce que l'engagé couvre déjà) et {shares['part_notifie']} {PARTS[1][2]}"
    return (
        f"Bas : acquis, c'est-à-dire {acquis}. Central : bas, plus {planned}. "
        f"Haut : central, plus {shares['part_base']} {PARTS[2][2]} dans la même destination et le même thème."
    )


# Told

_MONTANTS = ("acquis", "prevu", "base", "bas", "central", "haut", "ouvert", "marge", "base_suivante")


def as_json(found: Atterrissage) -> dict[str, object]:
    """``atterrissage --json``: amounts in cents, ``null`` where nothing says them."""
    return {
        "exercice": found.exercice,
        "par": found.axe,
        "acquis": found.source,
        "situation": found.source_date or None,
        "version": found.version or None,
        "regle": regle(found),
        "parametres": {f.name: getattr(found.parametres, f.name) for f in fields(Parametres)},
        "lignes": [{"cle": x.cle, "libelle": x.libelle, **_amounts_json(x)} for x in found.lignes],
        "total": _amounts_json(found.total),
    }


def _amounts_json(x: Ligne | Total) -> dict[str, object]:
    return {f"{name}_centimes": getattr(x, name) for name in _MONTANTS}


def dite(found: Atterrissage) -> list[str]:
    """``atterrissage``: the rule, a line each, the total."""
    made = [f"Atterrissage {found.exercice} par {LIBELLES[found.axe].lower()}", regle(found)]
    made.append(f"{'':<52}{'Bas':>20}{'Central':>20}{'Haut':>20}{'Ouvert':>20}")
    rows: list[tuple[str, Ligne | Total]] = [
        (f"{x.cle} {x.libelle}" if found.axe == "destination" else x.libelle, x) for x in found.lignes
    ]
    for name, x in [*rows, ("Total", found.total)]:
        opened = money.euros(x.ouvert) if x.ouvert is not None else "—"
        amounts = "".join(f"{money.euros(c):>20}" for c in (x.bas, x.central, x.haut))
        made.append(f"{name[:50]:<52}{amounts}{opened:>20}")
    return made


_TITRES = (
    "Acquis", "Encore prévu", "Base non renouvelée", "Bas", "Central", "Haut", "AE ouvertes", "Marge (central)",
    "Base de l'exercice suivant",
)  # fmt: skip


def exporter(path: Path, found: Atterrissage) -> None:
    """A workbook: one line each, the total, the rule above."""
    columns = [Column("Code", "texte"), Column(LIBELLES[found.axe], "texte"), *(Column(t, "montant") for t in _TITRES)]
    rows = [(x.cle, x.libelle, *(getattr(x, n) for n in _MONTANTS)) for x in found.lignes]
    total = ("Total", None, *(getattr(found.total, n) for n in _MONTANTS))
    title = f"Atterrissage {found.exercice} par {LIBELLES[found.axe].lower()}"
    notes = (regle(found), f"Source des parts : {found.parametres.source or SOURCE_PAR_DEFAUT}.")
    write(path, [SheetSpec("Atterrissage", columns, rows, total, title, notes)])
