"""The columns of a table once its header is found: what the user chose over what the headers say, and what is told.

Works on indices of the rows; the cells below are read elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firdesk.domain.problem import Refus
from firdesk.services.importing import lecture
from firdesk.services.importing.champs import Profil
from firdesk.services.importing.entetes import Colonne
from firdesk.services.importing.lecture import QUESTION, REJET, Lu, Valeur
from firdesk.services.importing.plan import Question
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.synonymes import AJOUTEES
from firdesk.services.importing.tables import Candidat, manquants
from firdesk.sheets.cell import column_index, column_name


@dataclass(slots=True)
class Choisies:
    """Column of the profile → index, values for the whole file, and what was asked and told on the way."""

    positions: dict[str, int]
    constantes: dict[str, Valeur] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def choisir(best: Candidat, profil: Profil, reglages: Reglages) -> Choisies:
    """The columns to read: those of the headers, then the answers, then the mapping set by hand."""
    found = Choisies(dict(best.signature.positions))
    for code, others in best.signature.doubles.items():
        if code not in reglages.correspondance:
            _double(best, profil, code, others, reglages.decisions, found)
    _par_les_mains(best, profil, reglages.correspondance, found)
    _compris(best, profil, reglages.correspondance, found)
    _masquees(best, profil, reglages, found)
    if missing := manquants(profil, {*found.positions, *found.constantes}, reglages):
        raise Refus(
            f"Feuille « {best.grid.name} », en-têtes de la ligne {_ligne(best)} : sans {', '.join(missing)}, "
            f"un fichier {profil.nom} ne peut pas être lu. Donner une colonne à chacun, puis recommencer."
        )
    return found


def _ligne(best: Candidat) -> int:
    return best.grid.first_row + best.entete.ligne + 1


def lettres(best: Candidat, index: int) -> str:
    """The letters of a column from its index in the rows."""
    return column_name(best.grid.first_column + index)


def _nommee(best: Candidat, index: int) -> str:
    text = " ".join(best.entete.texte(index).split())
    return f"« {text} » ({lettres(best, index)})" if text else f"colonne {lettres(best, index)}, sans en-tête"


def _double(
    best: Candidat, profil: Profil, code: str, others: list[int], decisions: Mapping[str, str], found: Choisies
) -> None:
    """Several columns could be one field: the first is read unless another is chosen."""
    indices = [found.positions[code], *others]
    choix = tuple((lettres(best, i), f"Lire {_nommee(best, i)}") for i in indices)
    key, default = f"colonne:{code}", choix[0][0]
    answer = decisions.get(key, default)
    if answer not in dict(choix):
        answer = default
    found.positions[code] = indices[[c for c, _ in choix].index(answer)]
    name = profil.champ(code).entete
    titre = f"{name} : {len(indices)} colonnes possibles"
    detail = f"{', '.join(_nommee(best, i) for i in indices)} : seule {answer} est lue, les autres sont laissées."
    found.questions.append(
        Question(key, titre, detail, best.nombre, choix, default, answer, groupe="Choisir la colonne")
    )


def _par_les_mains(best: Candidat, profil: Profil, correspondance: Mapping[str, str], found: Choisies) -> None:
    """The mapping set by hand: letters, ``=`` and a value for the whole file, or nothing to leave a field out."""
    known = {c.code: c for c in profil.champs}
    for code, text in correspondance.items():
        if code not in known:
            raise Refus(f"« {code} » n'est pas un champ de {profil.nom} : choisir parmi {', '.join(known)}.")
        found.positions.pop(code, None)
        if text.startswith("="):
            read = lecture.READERS[known[code].genre](text[1:].strip())
            if isinstance(read, Lu) and read.genre in (REJET, QUESTION):
                raise Refus(f"{known[code].entete} : lu « {text[1:].strip()} », attendu {read.attendu}.")
            found.constantes[code] = read.valeur if isinstance(read, Lu) else read
        elif text.strip():
            index = _index(best, text.strip().upper(), known[code].entete)
            for other in [c for c, i in found.positions.items() if i == index]:
                del found.positions[other]
            found.positions[code] = index


def _index(best: Candidat, letters: str, entete: str) -> int:
    grid = best.grid
    index = column_index(letters) - grid.first_column if letters.isascii() and letters.isalpha() else -1
    if not 0 <= index < grid.width:
        raise Refus(
            f"Il n'y a pas de colonne « {letters} » dans la feuille « {grid.name} » pour « {entete} » : choisir de "
            f"{column_name(grid.first_column)} à {column_name(grid.first_column + grid.width - 1)}."
        )
    return index


def _compris(best: Candidat, profil: Profil, by_hand: Mapping[str, str], found: Choisies) -> None:
    """Say which headers were not met word for word nor by a name that means nothing else."""
    for code in [*best.signature.vagues, *best.signature.proches]:
        if code not in by_hand and (index := found.positions.get(code)) is not None:
            found.notes.append(
                f"{_nommee(best, index)} compris comme « {profil.champ(code).entete} » : à vérifier avant d'importer."
            )


def _masquees(best: Candidat, profil: Profil, reglages: Reglages, found: Choisies) -> None:
    """Hidden columns that would be read: read unless the user leaves them aside; the others are only told."""
    grid = best.grid
    hidden = {c - grid.first_column for c in grid.hidden_columns}
    read = {code: i for code, i in found.positions.items() if i in hidden}
    left = [i for i in best.entete.indices if i in hidden and i not in read.values() and best.debut <= i < best.apres]
    if left:
        found.notes.append(f"Colonnes masquées non reprises : {', '.join(_nommee(best, i) for i in left)}.")
    if not read:
        return
    names = ", ".join(f"« {profil.champ(code).entete} » ({lettres(best, i)})" for code, i in read.items())
    choix = (("importer", "Lire les colonnes masquées"), ("ignorer", "Les laisser de côté"))
    answer = reglages.decisions.get("colonnes_masquees", "importer")
    detail = f"{names} : lues comme les autres, sauf si vous choisissez de les laisser de côté."
    titre = "Colonnes masquées dans la feuille"
    found.questions.append(Question("colonnes_masquees", titre, detail, len(read), choix, "importer", answer))
    if answer == "ignorer":
        for code in read:
            del found.positions[code]


def decrire(best: Candidat, profil: Profil, positions: Mapping[str, int]) -> tuple[tuple[Colonne, ...], list[str]]:
    """Every column of the table as shown, and what is said of those left out or absent."""
    by_index = {index: code for code, index in positions.items()}
    colonnes, unnamed = [], []
    for index in sorted({*range(best.debut, best.apres), *by_index}):
        text, code = " ".join(best.entete.texte(index).split()), by_index.get(index, "")
        if text or code:
            libelle = profil.champ(code).entete if code else ""
            colonnes.append(Colonne(lettres(best, index), text, code, libelle))
        elif any(index < len(row) and row[index] not in (None, "", " ") for row in _below(best)):
            unnamed.append(lettres(best, index))
    notes = []
    unused = [f"« {c.entete} » ({c.lettre})" for c in colonnes if not c.champ]
    if unused:
        notes.append(f"Colonnes inconnues, non reprises : {', '.join(unused)}.")
    if unnamed:
        notes.append(f"Colonnes sans en-tête, non reprises : {', '.join(unnamed)}.")
    absent = [c.entete for c in profil.champs if c.code not in positions and c.code not in AJOUTEES]
    if absent:
        notes.append(f"Colonnes absentes, laissées telles quelles dans la base : {', '.join(absent)}.")
    return tuple(colonnes), notes


def _below(best: Candidat) -> list[list[object]]:
    start = best.entete.ligne + 1
    return [list(best.sondage.row(i)) for i in range(start, start + 9)]
