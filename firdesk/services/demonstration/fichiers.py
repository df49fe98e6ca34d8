"""The finance files of the demonstration, written in a folder; the same bytes of CSV each time."""

from pathlib import Path
from random import Random

from firdesk.services.demonstration import campagne, execution, exports, operateurs, paiements
from firdesk.services.progress import Progress, Silent

#: In the order of their import: the latest names and identifiers first.
NOMS = (
    exports.STARSFIR,
    execution.FICHIERS[2025],
    exports.HAPI,
    execution.FICHIERS[2024],
    paiements.FICHIERS[2024],
    paiements.FICHIERS[2025],
)


def write_files(folder: Path, progress: Progress | None = None) -> tuple[Path, ...]:
    """Invent operators and decisions and write the files; returns their paths in the order of :data:`NOMS`."""
    told = progress or Silent()
    told.report(0, 4, "Invention des opérateurs et des décisions")
    known = operateurs.inventer(alea("operateurs"))
    chosen = campagne.choisir(campagne.dispositifs(), known, alea("choix"))
    decided: dict[int, list[campagne.Decision]] = {}
    for done, exercice in enumerate((2025, 2024), start=1):
        told.check()
        told.report(done, 4, f"Écriture des fichiers de l'exercice {exercice}")
        rng = alea(str(exercice))
        decisions = decided[exercice] = campagne.decider(exercice, chosen, rng)
        if exercice == 2025:
            exports.write_starsfir(folder / exports.STARSFIR, decisions, rng)
        else:
            exports.write_hapi(folder / exports.HAPI, decisions, rng)
        lines = execution.postes(exercice, decisions, rng)
        execution.write_sibc(folder / execution.FICHIERS[exercice], exercice, lines, rng)
    told.report(3, 4, "Écriture des paiements")
    soldes = paiements.soldes(decided[2024], decided[2025])
    for exercice, decisions in decided.items():
        paiements.write(folder / paiements.FICHIERS[exercice], exercice, decisions, soldes)
    return tuple(folder / name for name in NOMS)


def alea(sujet: str) -> Random:
    """Chance that is the same each time, apart for each subject."""
    return Random(f"FIRDesk, démonstration, {sujet}")  # noqa: S311 - no secret here
