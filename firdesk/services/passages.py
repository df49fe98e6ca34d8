"""How the codes of an exercice follow those of the one before: proposed from labels, typed, pasted, read in a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from firdesk.domain.exercice import GENRES, Passage
from firdesk.domain.nomenclature import code_destination, mission_de, rang
from firdesk.domain.operateur import sans_accents
from firdesk.domain.problem import Problem, Refus, require
from firdesk.domain.synthese import Axe
from firdesk.services import exercices
from firdesk.services.importing import run
from firdesk.services.session import Session

#: From which likeness of labels (0-100) an heir is proposed; another mission costs this much.
SEUIL, _AUTRE_MISSION = 72, 15
_TITRES = {"code avant", "avant", "ancien code"}
Row = tuple[int, Sequence[object]]
_AXES = {"destination": Axe.DESTINATION, "theme": Axe.THEME}


@dataclass(frozen=True, slots=True)
class Ligne:
    """One code of the exercice before that is gone or carried; ``score`` is the likeness of what is proposed.

    ``ecrit`` is whether the passage is in the base; a proposal is only shown.
    """

    passage: Passage
    libelle_avant: str
    libelle_apres: str
    ecrit: bool
    score: int = 0


def lignes(session: Session, exercice: int, genre: str) -> list[Ligne]:
    """The passages written, then a proposal for each code that vanished; empty without an exercice before."""
    before, after = _codes(session, exercice - 1, genre), _codes(session, exercice, genre)
    written = {p.code_avant: p for p in session.exercices.passages(genre, exercice=exercice)}
    made = [Ligne(p, before.get(c, ""), after.get(p.code_apres, ""), True) for c, p in written.items()]
    gone = {c: before[c] for c in before.keys() - after.keys() - written.keys()}
    appeared = {c: after[c] for c in after.keys() - before.keys()}
    for code, label in gone.items():
        heir, score = _heir(code, label, appeared, genre)
        made.append(Ligne(Passage(exercice, genre, code, heir), label, after.get(heir, ""), False, score))
    return sorted(made, key=lambda x: (rang(x.passage.code_avant), x.passage.code_avant))


def _codes(session: Session, annee: int, genre: str) -> dict[str, str]:
    """Codes and labels of a year: its nomenclature, or the themes that bear amounts in it."""
    if genre == "destination":
        return {d.code: d.libelle for d in session.nomenclatures.destinations(annee)}
    return {x.cle[0]: x.libelle[0] for x in session.syntheses.par((_AXES[genre],), annee).lignes if x.cle[0]}


def _heir(code: str, label: str, candidates: dict[str, str], genre: str) -> tuple[str, int]:
    """The candidate whose label is the most alike, empty where none is enough."""
    labels = {c: sans_accents(t) for c, t in candidates.items()}
    near = process.extract(
        sans_accents(label), labels, scorer=fuzz.token_sort_ratio, processor=default_process, limit=5
    )
    apart = {c: genre == "destination" and mission_de(code) != mission_de(c) for c in candidates}
    scores = [(score - _AUTRE_MISSION * apart[other], other) for _, score, other in near]
    score, heir = max(scores, default=(0.0, ""))
    return (heir, round(score)) if score >= SEUIL else ("", 0)


def ecrire(session: Session, passages: Sequence[Passage]) -> int:
    """Write passages in one operation, in the place of those their codes had; how many differ from the base."""
    require(p for x in passages for p in controler(session, x))
    known = {(p.exercice, p.genre, p.code_avant): p for p in session.exercices.passages()}
    changed = [x for x in passages if not _same(known.get((x.exercice, x.genre, x.code_avant)), x)]
    if changed:
        first = changed[0]
        what = f"{first.code_avant}" if len(changed) == 1 else f"{len(changed)} codes"
        with session.operation(f"Écrire le passage de {what} vers {first.exercice}"):
            for passage in changed:
                session.exercices.put_passage(passage)
    return len(changed)


def _same(before: Passage | None, x: Passage) -> bool:
    return before is not None and (before.code_apres, before.motif) == (x.code_apres, x.motif)


def supprimer(session: Session, passages: Iterable[Passage]) -> None:
    """Take passages away, in one operation."""
    gone = [p for p in passages if p.id]
    if gone:
        what = gone[0].code_avant if len(gone) == 1 else f"{len(gone)} codes"
        with session.operation(f"Supprimer le passage de {what} vers {gone[0].exercice}"):
            for passage in gone:
                session.exercices.delete_passage(passage.id or 0)


def controler(session: Session, x: Passage) -> tuple[Problem, ...]:
    """What prevents writing a passage, its codes looked for in both exercices."""
    found = list(x.problems())
    if found or x.genre not in GENRES:
        return tuple(found)
    exercices.exiger(session, x.exercice)
    for field, code, annee in (("code_avant", x.code_avant, x.exercice - 1), ("code_apres", x.code_apres, x.exercice)):
        known = session.nomenclatures.themes() if x.genre == "theme" else _codes(session, annee, x.genre)
        if code and code not in known:
            what = "un thème connu" if x.genre == "theme" else f"dans la nomenclature {annee}"
            found.append(Problem(field, f"« {code} » n'est pas {what} : vérifier le code."))
    return tuple(found)


def lire(session: Session, exercice: int, genre: str, rows: Iterable[Row]) -> tuple[list[Passage], list[str]]:
    """Passages read in numbered rows of code_avant, code_apres, motif; a sentence for each row that is refused."""
    read: list[Passage] = []
    refused: list[str] = []
    given: dict[str, int] = {}
    for number, row in rows:
        cells = [str(v).strip() if v is not None else "" for v in (*row, None, None, None)[:3]]
        if not any(cells) or sans_accents(cells[0]).replace("_", " ") in _TITRES:
            continue
        before, after = (code(session, genre, text) for text in cells[:2])
        passage = Passage(exercice, genre, before, after, cells[2])
        told = [p.message for p in controler(session, passage)]
        if before in given:
            told.append(f"« {before} » est déjà donné ligne {given[before]} : garder l'une des deux.")
        if told:
            refused.append(f"Ligne {number}, lu « {' ; '.join(cells).strip(' ;')} » : {told[0]}")
        else:
            read.append(passage)
            given[before] = number
    return read, refused


def code(session: Session, genre: str, text: str) -> str:
    """A code as the base writes it; a theme may be given by its label."""
    if genre == "destination":
        return code_destination(text) or text
    wanted = sans_accents(text)
    return next((c for c, t in session.nomenclatures.themes().items() if wanted in (c.lower(), sans_accents(t))), text)


def coller(session: Session, exercice: int, genre: str, text: str) -> tuple[int, list[str]]:
    """Write what a spreadsheet put on the clipboard; (how many changed, what is refused)."""
    lines = enumerate(text.splitlines(), start=1)
    rows: list[Row] = [(n, line.split("\t" if "\t" in line else ";")) for n, line in lines]
    return _write_read(session, exercice, genre, rows)


def importer(session: Session, exercice: int, genre: str, path: Path) -> tuple[int, list[str]]:
    """Write the passages of the first sheet of a workbook or of a CSV file."""
    workbook = run.scan(path)
    if not workbook.grids:
        raise Refus(f"« {path.name} » ne contient aucune feuille : attendu code_avant, code_apres, motif.")
    return _write_read(session, exercice, genre, [(n + 1, row) for n, row in workbook.grids[0].numbered()])


def _write_read(session: Session, exercice: int, genre: str, rows: Iterable[Row]) -> tuple[int, list[str]]:
    exercices.exiger(session, exercice)
    read, refused = lire(session, exercice, genre, rows)
    if not read and not refused:
        raise Refus("Aucun passage lu : attendu trois colonnes, code_avant, code_apres et motif.")
    return ecrire(session, read), refused
