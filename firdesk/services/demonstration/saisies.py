"""What no export knows, entered as the delegate would: budget versions, a theme, recurring credits, a note."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.services.demonstration.campagne import DESTINATION_INCONNUE
from firdesk.services.session import Session

#: Code, date, label, and how far from the first vote to the last one each version is.
VERSIONS = {
    2024: (
        ("BI", "2023-12-14", "Budget initial", 0.0),
        ("BR1", "2024-06-20", "Budget rectificatif n° 1", 0.5),
        ("BR2", "2024-11-28", "Budget rectificatif n° 2", 1.0),
    ),
    2025: (
        ("BI", "2024-12-12", "Budget initial", 0.0),
        ("BR1", "2025-05-22", "Budget rectificatif n° 1", 0.35),
        ("BR2", "2025-09-25", "Budget rectificatif n° 2", 0.75),
        ("BR3", "2025-12-11", "Budget rectificatif n° 3", 1.0),
    ),
}


def saisir(session: Session, rng: Random) -> None:
    """Each fact is one operation of the history, one of them undone."""
    for exercice, versions in VERSIONS.items():
        _budgets(session, exercice, versions, rng)
    inconnue = _trouver(session, Filtre(exercice=2025, destinations=(DESTINATION_INCONNUE,)))
    for a in inconnue:
        with session.operation(f"Choisir le thème « Parcours Santé des jeunes » de l'allocation {a.reference}"):
            session.allocations.update(replace(a, theme="JEUNES", theme_choisi=True))
    cyber = _trouver(session, Filtre(exercice=2025, texte="Postes de secours cyber"))
    _caractere(session, "Déclarer pérennes les postes de secours cyber", cyber, "perenne")
    session.undo()
    _caractere(session, "Déclarer non reconductibles les postes de secours cyber", cyber, "non_reconductible")
    for texte, libelle in (
        ("dotation socle", "Déclarer pérennes les dotations socle des DAC"),
        ("GEM - fonctionnement", "Déclarer pérennes les dotations des GEM"),
    ):
        _caractere(session, libelle, _trouver(session, Filtre(exercice=2025, texte=texte)), "perenne")
    with session.operation("Préciser le périmètre régional de plusieurs opérateurs"):
        for operateur in session.operateurs.all():
            if "d'Audevrane" in operateur.nom:
                session.operateurs.update(replace(operateur, perimetre="regional"))
    for a in _trouver(session, Filtre(exercice=2025, destinations=("MI2-3-28",)))[:1]:
        with session.operation(f"Annoter l'allocation {a.reference}"):
            session.allocations.update(replace(a, note="Reliquat : à solder avant la clôture.", canal="guichet"))


def _budgets(session: Session, exercice: int, versions: Sequence[tuple[str, str, str, float]], rng: Random) -> None:
    """The last version opens what SIBC shows as opened; the first ones less, on most lines."""
    snapshot = session.budgets.instantanes(exercice)[0].id
    last = [
        LigneBudget(x.destination, x.enveloppe, x.ae_ouvertes or 0, x.cp_ouverts or 0)
        for _, x in session.budgets.lignes_execution(snapshot).values()
        if x.ae_ouvertes or x.cp_ouverts
    ]
    first = [0.0 if x.destination == DESTINATION_INCONNUE else rng.uniform(0.78, 1.02) for x in last]
    for ordre, (code, day, label, share) in enumerate(versions, start=1):
        factors = [f + (1 - f) * share for f in first]
        lines = [_part(x, f) for x, f in zip(last, factors, strict=True) if f]
        with session.operation(f"Saisir le {code} {exercice}"):
            session.budgets.add_version(VersionBudget(exercice, code, ordre, f"{label} {exercice}", day), lines)


def _part(line: LigneBudget, factor: float) -> LigneBudget:
    if factor == 1.0:
        return line
    return replace(line, ae=int(line.ae * factor / 100_00) * 100_00, cp=int(line.cp * factor / 100_00) * 100_00)


def _trouver(session: Session, filtre: Filtre) -> list[Allocation]:
    found = (session.allocations.get(number) for number in session.allocations.ids(filtre))
    return [a for a in found if a is not None]


def _caractere(session: Session, libelle: str, allocations: Sequence[Allocation], caractere: str) -> None:
    with session.operation(libelle):
        for a in allocations:
            session.allocations.update(replace(a, caractere=caractere))
