"""What an import left behind: its figures and what it had to say of single cells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lot:
    """One import of one sheet; counts of lines, totals in cents. ``annule`` is only known from the history."""

    fichier: str
    sha256: str
    taille: int
    feuille: str
    profil: str
    importe_le: str
    exercices: str
    lues: int
    nouvelles: int
    modifiees: int
    inchangees: int
    disparues: int
    rejetees: int
    ignorees: int
    reparees: int
    total_fichier: int
    total_importe: int
    id: int | None = None

    @property
    def ecart(self) -> int:
        """What the file holds and the base did not take, in cents."""
        return self.total_fichier - self.total_importe


@dataclass(frozen=True, slots=True)
class Constat:
    """What was found in one cell: ``genre`` is ``rejet``, ``reparation``, ``alerte`` or ``ignoree``."""

    genre: str
    feuille: str
    cellule: str
    lu: str
    attendu: str
    remede: str
