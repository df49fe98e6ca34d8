"""Is the base what it claims to be: five checks, each with what it found."""

from dataclasses import dataclass

from firdesk.services.session import Session
from firdesk.store import verifications


@dataclass(frozen=True, slots=True)
class Controle:
    """One check; sound when it found nothing."""

    nom: str
    libelle: str
    constats: tuple[str, ...]


def verify(session: Session) -> list[Controle]:
    """Run every check; the file is only read."""
    checks = (
        ("integrite", "Intégrité du fichier", verifications.integrity),
        ("cles", "Liens entre les tables", verifications.foreign_keys),
        ("schema", "Structure attendue", verifications.schema),
        ("journal", "Journal complet", verifications.journal_complete),
        ("cumuls", "Cumuls égaux au recalcul", verifications.summaries),
    )
    return [Controle(name, label, tuple(check(session.base))) for name, label, check in checks]
