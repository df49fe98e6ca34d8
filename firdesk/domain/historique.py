"""Operations as the history shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; ``annulee`` when a later one undid it, ``cible`` the operation it undid or redid."""

    id: int
    libelle: str
    nature: str
    faite_le: str
    auteur: str
    cible: int | None
    annulee: bool
    lignes: int

    @property
    def annulable(self) -> bool:
        return self.nature in {"saisie", "import"} and not self.annulee


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A later operation that keeps another one from being undone.

    ``references`` are the first allocations that both concern, ``nombre`` how many there are (or rows, where none is
    an allocation). ``retablir`` names what undoing the obstacle would bring back, where it is itself an undo.
    """

    operation: Operation
    references: tuple[str, ...]
    nombre: int
    retablir: str = ""

    @property
    def annulable(self) -> bool:
        return self.operation.nature != "systeme"


@dataclass(frozen=True, slots=True)
class Modification:
    """One row changed by an operation: values before and after, by column; empty before when it was created."""

    table: str
    ligne: int
    avant: dict[str, object]
    apres: dict[str, object]

    @property
    def champs(self) -> list[str]:
        """The columns whose value differs."""
        names = self.apres or self.avant
        return [n for n in names if self.avant.get(n) != self.apres.get(n)]
