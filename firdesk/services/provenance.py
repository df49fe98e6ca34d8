"""Where a line and each of its amounts come from, said in one sentence each."""

from dataclasses import dataclass
from datetime import datetime

from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.execution import LIBELLES_NATURES, Mouvement, Nature, Provenance
from firdesk.services.session import Session


def origine(session: Session, number: int) -> str:
    """« importée de StarsFIR le 18/11/2025, modifiée ici » or « saisie le 18/11/2025 »."""
    found = session.allocations.origine(number)
    if found.importee_le:
        told = f"importée de {found.profil} le {_day(found.importee_le)}"
        return told + (", modifiée ici" if found.modifiee_le > found.importee_le else "")
    told = f"saisie le {_day(found.creee_le)}" if found.creee_le else "saisie ici"
    changed = _day(found.modifiee_le) if found.modifiee_le else ""
    return told + (f", modifiée le {changed}" if changed and changed != _day(found.creee_le) else "")


@dataclass(frozen=True, slots=True)
class Versement:
    """One payment of an allocation: below zero where money came back; ``phrase`` says its provenance."""

    date: str
    montant: int
    reference: str
    cellule: str
    phrase: str


def versements(session: Session, allocation: Allocation) -> list[Versement]:
    """The payments of an allocation and what came back, by date."""
    found = []
    for m in allocation.mouvements:
        if m.nature not in (Nature.PAIEMENT, Nature.REPRISE):
            continue
        origin = session.allocations.provenance(m.id) if m.id else None
        where = f"{origin.fichier}, {m.cellule}" if origin is not None else "saisi ici"
        cents = -m.montant if m.nature is Nature.REPRISE else m.montant
        found.append(Versement(m.date or str(m.exercice), cents, m.reference, where, phrase(m, origin)))
    return sorted(found, key=lambda x: x.date)


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
        f"de {provenance.fichier}{changed}"
    )


def _differs(mouvement: Mouvement, provenance: Provenance) -> bool:
    read = money.parse(provenance.lu)
    return isinstance(read, int) and read != mouvement.montant


def _day(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%d/%m/%Y") if iso else ""
