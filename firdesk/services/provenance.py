"""Where a line and each of its amounts come from, said in one sentence each or as rows with what was before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import LIBELLES_NATURES, Etape, Mesure, Mouvement, Nature, Provenance
from firdesk.domain.nomenclature import mission_de
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe
from firdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class LigneProvenance:
    """One row: an amount (cents, ``None`` once taken away), its cell where it has one, the operation that wrote it.

    ``actuelle`` tells what is in force from what was there before.
    """

    quoi: str
    montant: int | None
    actuelle: bool
    le: str
    operation: int | None = None
    libelle: str = ""
    lieu: Provenance | None = None

    @property
    def phrase(self) -> str:
        """« Feuille « Engagements », F42, lu « 12 450,00 € », importé le 12/01/2026 depuis 2025_engagements.csv »."""
        if self.lieu is None:
            verb = "saisi" if self.montant is not None else "supprimé"
            said = f"{verb} le {_day(self.le)}" if self.le else "saisi ici"
        elif not self.lieu.cellule:
            said = f"retiré le {_day(self.le)}, ligne absente de {self.lieu.fichier}"
        else:
            sheet = f"feuille « {self.lieu.feuille} », " if self.lieu.feuille else ""
            read = f", lu « {self.lieu.lu} »" if self.lieu.lu else ""
            said = f"{sheet}{self.lieu.cellule}{read}, importé le {_day(self.le)} depuis {self.lieu.fichier}"
        return said[:1].upper() + said[1:]


def de_reference(session: Session, reference: str) -> list[LigneProvenance]:
    """Every amount of an allocation by its reference (``2025-0412``), each followed by what it was before."""
    return de_allocation(session, numero_de(session, reference))


def numero_de(session: Session, reference: str) -> int:
    """The number in the base of the allocation of a reference; ``Refus`` where there is none."""
    read = re.fullmatch(r"([0-9]{4})-([0-9]{1,9})", reference.strip())
    found = session.provenances.allocation(int(read[1]), int(read[2])) if read else None
    if found is None:
        raise Refus(f"Il n'y a pas d'allocation « {reference} » : la référence s'écrit 2025-0412.")
    return found


def de_allocation(session: Session, number: int, natures: Sequence[Nature] = ()) -> list[LigneProvenance]:
    """The amounts of an allocation (those of ``natures`` where given), each followed by what it was before."""
    found: list[LigneProvenance] = []
    for mouvement in session.provenances.des_mouvements(number):
        etapes = session.provenances.du_mouvement(mouvement)
        if etapes and (not natures or etapes[0].nature in natures):
            found += _origines(etapes)
    return found


def de_mouvement(session: Session, number: int) -> list[LigneProvenance]:
    """One amount, even deleted since, and what it was before."""
    return _origines(session.provenances.du_mouvement(number))


#: What a SIBC file says under the name of each measure.
_SIBC = {Mesure.ENGAGE: ("EJ validés", "ej_valides"), Mesure.PAYE: ("Décaissements CP", "decaissements")}


def de_l_execution(
    session: Session,
    exercice: int | None,
    cles: Mapping[Axe, str | None] = MappingProxyType({}),
    mesures: Sequence[Mesure] = tuple(_SIBC),
) -> list[LigneProvenance]:
    """The lines of the latest SIBC snapshots behind a figure, each with its row of the file.

    ``cles`` are the mission, destination or exercice of the figure (``None``: all of them).
    """
    mission, destination, year = (cles.get(a) for a in (Axe.MISSION, Axe.DESTINATION, Axe.EXERCICE))
    years = [int(year)] if year else [exercice] if exercice else session.nomenclatures.exercices()
    found = []
    for annee in years:
        for x, lieu in session.provenances.de_l_execution(annee):
            if mission is not None and (mission_de(x.destination) or "") != mission:
                continue
            if destination is not None and x.destination != destination:
                continue
            name = f"{x.destination} · {x.enveloppe}" if x.enveloppe else x.destination
            for what, column in (_SIBC[m] for m in mesures):
                if (cents := getattr(x, column)) is not None:
                    le = lieu.importe_le if lieu else ""
                    found.append(LigneProvenance(f"{name} · {what}", cents, True, le, lieu=lieu))
    return found


def _origines(etapes: Sequence[Etape]) -> list[LigneProvenance]:
    found = []
    for place, e in enumerate(etapes):
        quoi = f"{LIBELLES_NATURES[e.nature]} {e.exercice}"
        le = e.lieu.importe_le if e.lieu is not None else e.faite_le
        found.append(LigneProvenance(quoi, e.montant, place == 0, le, e.operation, e.libelle, e.lieu))
    return found


def as_json(origines: Sequence[LigneProvenance]) -> list[dict[str, object]]:
    """The rows of ``provenance --json``: amounts in cents."""
    return [
        {
            "quoi": o.quoi,
            "montant_centimes": o.montant,
            "actuelle": o.actuelle,
            "le": o.le,
            "operation": o.operation,
            "fichier": o.lieu.fichier if o.lieu else None,
            "sha256": o.lieu.sha256 if o.lieu else None,
            "feuille": o.lieu.feuille if o.lieu else None,
            "cellule": o.lieu.cellule if o.lieu else None,
            "lu": o.lieu.lu if o.lieu else None,
            "lot": o.lieu.lot if o.lieu else None,
        }
        for o in origines
    ]


def origine(session: Session, number: int) -> str:
    """« importée de StarsFIR le 18/11/2025, modifiée ici » or « saisie le 18/11/2025 »."""
    found = session.allocations.origine(number)
    if found.importee_le:
        told = f"importée de {found.profil} le {_day(found.importee_le)}"
        return told + (", modifiée ici" if found.modifiee_le > found.importee_le else "")
    told = f"saisie le {_day(found.creee_le)}" if found.creee_le else "saisie ici"
    changed = _day(found.modifiee_le) if found.modifiee_le else ""
    return told + (f", modifiée le {changed}" if changed and changed != _day(found.creee_le) else "")


def phrases(session: Session, allocation: Allocation, natures: tuple[Nature, ...]) -> list[str]:
    """One sentence a mouvement of these natures: the cell it was read from, or that it was typed."""
    moves = [m for m in allocation.mouvements if m.nature in natures]
    return [phrase(m, session.allocations.provenance(m.id) if m.id else None) for m in moves]


def phrase(mouvement: Mouvement, provenance: Provenance | None) -> str:
    """« Feuille « Engagements », AG42, lu « 12 450,00 € », importé le 18/11/2025 de 2025_engagements.csv »."""
    amount = f"{LIBELLES_NATURES[mouvement.nature]} : {money.euros(mouvement.montant, decimals=True)}"
    dated = f", du {_day(mouvement.date)}" if mouvement.date else ""
    if provenance is None:
        told = "saisi ici" if mouvement.origine == "saisie" else "importé, cellule non conservée"
        return f"{amount}{dated} — {told}"
    if not provenance.cellule:
        return f"{amount} — retiré, ligne absente de {provenance.fichier} importé le {_day(provenance.importe_le)}"
    sheet = f"feuille « {provenance.feuille} », " if provenance.feuille else ""
    read = f", lu « {provenance.lu} »" if provenance.lu else ""
    changed = ", modifié ici depuis" if _differs(mouvement, provenance) else ""
    return (
        f"{amount}{dated} — {sheet}{provenance.cellule}{read}, importé le {_day(provenance.importe_le)} "
        f"depuis {provenance.fichier}{changed}"
    )


def _differs(mouvement: Mouvement, provenance: Provenance) -> bool:
    read = money.parse(provenance.lu)
    return isinstance(read, int) and read != mouvement.montant


def _day(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""
