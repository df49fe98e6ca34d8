"""What an import left behind: its figures and what it had to say of single cells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lot:
    """One import of one sheet; counts of lines, totals in cents.

    ``chemin`` is where the file was, ``reglages`` the choices made (JSON), ``orphelines`` payments whose commitment
    is in no allocation. ``mesure`` names the amount of the exercices that the import changed, from ``notifie_avant``
    to ``notifie_apres``; empty for an import older than that.
    """

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
    total_ignore: int = 0
    total_rejete: int = 0
    orphelines: int = 0
    chemin: str = ""
    reglages: str = "{}"
    mesure: str = ""
    notifie_avant: int = 0
    notifie_apres: int = 0
    id: int | None = None

    @property
    def total_lu(self) -> int:
        """What was read, added up line by line."""
        return self.total_importe + self.total_ignore + self.total_rejete

    @property
    def ecart(self) -> int:
        """What the file holds and the base did not take, in cents."""
        return self.total_fichier - self.total_importe


@dataclass(frozen=True, slots=True)
class Suivi:
    """An import as the history knows it, in force or taken back.

    ``operation`` wrote it (``None`` where the history does not say), ``annulation`` is the one that took it back.
    """

    lot: Lot
    operation: int | None
    auteur: str = ""
    annule_le: str = ""
    annulation: int | None = None

    @property
    def en_vigueur(self) -> bool:
        return self.annulation is None


@dataclass(frozen=True, slots=True)
class Constat:
    """What was found in one cell: ``genre`` is ``rejet``, ``reparation``, ``alerte``, ``ignoree``, ``orpheline``,
    or ``decision`` for what was asked (``lu``) and answered (``attendu``) before the import.
    """

    genre: str
    feuille: str
    cellule: str
    lu: str
    attendu: str
    remede: str
