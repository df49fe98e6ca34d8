"""What each column of an unknown workbook would become, how sure that is and why; a person confirms it.

Names first, then contents, then what was chosen for the same headers before; nothing is imported from here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz

from firdesk.services.importing.correspondance import GROUPE, LIBRE, MONTANTS, TITRES, Bornes, entetes, ligne
from firdesk.services.importing.correspondance_contenus import Contenu, contenus
from firdesk.services.importing.profiles import PROFILS, Genre, Profil, fold, names
from firdesk.sheets.cell import MARKS_SHEET, Grid, Value, Workbook, column_name, shown

#: From here on a column needs no second look.
SUR = 0.85
_LEAST = 0.4
#: Two workbooks that share this part of their headers are likely the same one.
PROCHE = 0.8
#: Words that say nothing of what a column holds.
_EMPTY = {
    "en",
    "euro",
    "euros",
    "eur",
    "n",
    "no",
    "numero",
    "code",
    "de",
    "du",
    "des",
    "la",
    "le",
    "l",
    "d",
    "les",
    "total",
}
#: Names that could be several things: proposed, to be looked at.
_VAGUE = {"montant": "notifie", "montants": "notifie", "somme": "notifie", "subvention": "notifie", "eur": "notifie",
          "euros": "notifie", "total": "notifie", "credits": "notifie", "financement": "notifie"}  # fmt: skip
_SAID = {
    Genre.SIRET: "SIRET valides",
    Genre.SIREN: "SIREN valides",
    Genre.IDENTIFIANT: "FINESS valides",
    Genre.DESTINATION: "codes de destination",
    Genre.DEPARTEMENT: "départements",
    Genre.CODE_POSTAL: "codes postaux",
    Genre.EXERCICE: "années",
    Genre.DATE: "dates",
    Genre.MONTANT: "montants lisibles",
}
#: Fields that the contents alone suggest: share that is needed, how much it is worth.
_CONTENTS: dict[str, tuple[float, float]] = {
    "siret": (0.8, 0.9),
    "mesure3": (0.8, 0.88),
    "identifiant": (0.8, 0.86),
    "siren": (0.9, 0.86),
    "campagne": (0.95, 0.6),
    "departement": (0.95, 0.6),
    "date_notification": (0.9, 0.5),
    "notifie": (0.9, 0.45),
}


class Appris(NamedTuple):
    """What was chosen for one workbook before: header (as :func:`noms_de_colonnes` names it) → field or nothing."""

    nom: str
    champs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ColonneProposee:
    """One column: ``champ`` is empty where nothing is proposed; ``raison`` says why, for a person."""

    index: int
    lettre: str
    entete: str
    champ: str = ""
    confiance: float = 0.0
    raison: str = ""

    @property
    def sure(self) -> bool:
        """Whether it needs no second look."""
        return self.confiance >= SUR


@dataclass(frozen=True, slots=True)
class Proposition:
    """The header row (0-based row of the sheet) and what each column would become."""

    entete: int
    colonnes: tuple[ColonneProposee, ...]

    @property
    def positions(self) -> dict[str, int]:
        """Field → index in the rows of the grid."""
        return {c.champ: c.index for c in self.colonnes if c.champ}

    def correspondance(self, grid: Grid) -> dict[str, str]:
        """As :class:`Reglages` holds it: field → letters."""
        return {champ: column_name(grid.first_column + index) for champ, index in self.positions.items()}


def noms_de_colonnes(row: Sequence[Value], width: int) -> list[str]:
    """A name for each column that a move does not change: its folded header, numbered where it comes again."""
    seen: Counter[str] = Counter()
    found = []
    for index in range(width):
        name = fold(shown(row[index])) if index < len(row) else ""
        seen[name] += 1
        found.append(f"{name}#{seen[name]}" if not name or seen[name] > 1 else name)
    return found


def trouver_entete(grid: Grid) -> int:
    """The likeliest header row of a sheet (0-based): names that are known, many short texts, no figures."""
    best, best_score = grid.first_row, -1.0
    for index, row in enumerate(grid.rows[:TITRES]):
        texts = [v for v in row if isinstance(v, str) and v.strip()]
        figures = sum(1 for v in row if v is not None and not isinstance(v, str))
        known = sum(1 for text in texts if _known(fold(text)))
        short = sum(1 for text in texts if len(text) <= 60)
        score = 3.0 * known + short - 2.0 * figures - 0.01 * index
        if len(texts) > 1 and score > best_score:
            best, best_score = grid.first_row + index, score
    return best


def feuille(workbook: Workbook) -> Grid | None:
    """The sheet to begin with: the visible one whose header says most, then the longest."""
    filled = [g for g in workbook.grids if g.rows and not g.name.startswith(MARKS_SHEET)]

    def score(grid: Grid) -> tuple[bool, int, int]:
        header = ligne(grid, trouver_entete(grid))
        known = sum(1 for v in header if isinstance(v, str) and _known(fold(v)))
        return not grid.hidden, known, len(grid.rows)

    return max(filled, key=score, default=None)


def proposer(
    grid: Grid, entete: int, appris: Iterable[Appris] = (), profil: Profil = LIBRE, bornes: Bornes = None
) -> Proposition:
    """Give each column the field it most likely holds, no field twice; an export known by name keeps its own."""
    header = entetes(grid, entete, bornes)
    columns = contenus(grid, entete)
    if bornes is not None:
        columns = [x if bornes[0] <= i < bornes[1] else Contenu() for i, x in enumerate(columns)]
    noms = noms_de_colonnes(header, len(columns))
    scores = []
    alike = _by_likeness(appris, noms)
    for index, (nom, contenu) in enumerate(zip(noms, columns, strict=True)):
        learned = _learned(alike, nom, profil)
        if learned is not None:
            scores.append((*learned, index))
            continue
        own = shown(header[index]).rpartition(GROUPE)[2] if index < len(header) else ""
        read = _scores({nom.partition("#")[0], fold(own)}, contenu, profil)
        scores += [(score, champ, raison, index) for champ, (score, raison) in read.items()]
    chosen = _deal(scores)
    if profil is LIBRE and not any(champ == "nom" for _, champ, _ in chosen.values()):
        _guess_operator(columns, chosen)
    made = []
    for index, contenu in enumerate(columns):
        text = " ".join(shown(header[index]).split()) if index < len(header) else ""
        score, champ, raison = chosen.get(index, (0.0, "", ""))
        if champ or text or contenu.remplies:
            lettre = column_name(grid.first_column + index)
            made.append(ColonneProposee(index, lettre, text, champ, score, raison))
    return Proposition(entete, tuple(made))


def _learned(alike: Sequence[Appris], nom: str, profil: Profil) -> tuple[float, str, str] | None:
    """What was chosen for a header in the workbook most alike that has it; it may be nothing."""
    for rank, x in enumerate(alike):
        champ = x.champs.get(nom)
        if champ is not None and (not champ or any(c.code == champ for c in profil.champs)):
            return 2.0 - rank / 100, champ, "choisi la dernière fois" if champ else "laissé de côté la dernière fois"
    return None


def _deal(scores: list[tuple[float, str, str, int]]) -> dict[int, tuple[float, str, str]]:
    """Column → (confidence, field, reason): the best pairs first, each column and each field once."""
    chosen: dict[int, tuple[float, str, str]] = {}
    taken: set[str] = set()
    for score, champ, raison, index in sorted(scores, key=lambda s: (-s[0], s[3])):
        guessed = score <= _CONTENTS["notifie"][1] and champ == "notifie" and taken.intersection(MONTANTS)
        if score < _LEAST or index in chosen or champ in taken or guessed:
            continue
        chosen[index] = (min(score, 1.0), champ, raison)
        if champ:
            taken.add(champ)
    return chosen


def _by_likeness(appris: Iterable[Appris], noms: Sequence[str]) -> list[Appris]:
    """Those that share headers with the file, the most alike first."""
    here = set(noms)
    shared = [(ressemblance(here, set(x.champs)), x) for x in appris]
    return [x for share, x in sorted(shared, key=lambda pair: -pair[0]) if share >= PROCHE]


def ressemblance(here: Set[str], there: Set[str]) -> float:
    """The share of the headers of two workbooks that they have in common."""
    return len(here & there) / max(1, len(here), len(there))


def _guess_operator(columns: Sequence[Contenu], chosen: dict[int, tuple[float, str, str]]) -> None:
    """Of the columns left, the one with the most distinct texts may hold the names."""
    texts = [
        (len(c.distincts), -i)
        for i, c in enumerate(columns)
        if i not in chosen and c.part(Genre.LIBELLE) >= 0.8 and c.longueur >= 4 * c.remplies
    ]
    if texts:
        chosen[-max(texts)[1]] = (0.45, "nom", "contenu : des noms, à vérifier")


def _scores(noms: Set[str], contenu: Contenu, profil: Profil) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    for champ in profil.champs:
        score, raison = max(_by_name(nom, champ.code, profil) for nom in noms)
        share = contenu.part(champ.genre)
        if score:
            score, raison = _tempered(score, raison, champ.genre, share, contenu)
        if champ.code in _CONTENTS and contenu.remplies >= 3:
            needed, worth = _CONTENTS[champ.code]
            told = f"contenu : {share:.0%} de {_SAID[champ.genre]}".replace("%", "\u00a0%")
            alone = champ.code != "notifie" or not _code_like(contenu)
            if share >= needed and worth > score and alone:
                score, raison = worth, told if worth >= SUR else f"{told}, à vérifier"
        if score >= _LEAST:
            found[champ.code] = (score, raison)
    return found


def _code_like(contenu: Contenu) -> bool:
    """Whether figures are rather identifiers, years or départements than amounts."""
    codes = (Genre.SIRET, Genre.SIREN, Genre.IDENTIFIANT, Genre.EXERCICE, Genre.DEPARTEMENT, Genre.CODE_POSTAL)
    return any(contenu.part(genre) >= 0.8 for genre in codes)


def _tempered(score: float, raison: str, genre: Genre, share: float, contenu: Contenu) -> tuple[float, str]:
    """A name that the cells contradict is a doubt."""
    if not contenu.remplies:
        return score * 0.9, f"{raison} ; colonne vide"
    if genre in _SAID and genre is not Genre.IDENTIFIANT and share < 0.5:
        told = f"{share:.0%}".replace("%", "\u00a0%")
        return score * 0.6, f"{raison}, mais {told} de {_SAID[genre]}"
    figures = contenu.part(Genre.MONTANT) > 0.9 and contenu.part(Genre.LIBELLE) < 0.1
    if genre is Genre.LIBELLE and figures:
        return score * 0.5, f"{raison}, mais des nombres"
    return score, raison


def _by_name(header: str, code: str, profil: Profil) -> tuple[float, str]:
    """How well a header names a field: word for word, but for empty words, nearly, or in part."""
    if not header:
        return 0.0, ""
    known = _synonyms(profil.nom if profil.nom in PROFILS else "").get(code, {})
    if header in known:
        return 1.0, "nom de colonne"
    bare = _bare(header)
    if bare and bare in known.values():
        return 0.97, "nom de colonne"
    if _VAGUE.get(bare or header) == code:
        return 0.7, "nom de colonne, à vérifier"
    best, name = 0.0, ""
    words = set(bare.split())
    for full, short in known.items():
        ratio = fuzz.ratio(bare, short) / 100 if short else 0.0
        score = 0.8 * ratio if ratio >= 0.8 and len(short) > 3 else 0.0
        there = set(short.split())
        if there and there < words and len(short) > 3:
            score = max(score, 0.5 + 0.25 * len(there) / len(words))
        if score > best:
            best, name = score, full
    return best, f"nom proche de « {name} », à vérifier"


@cache
def _synonyms(nom: str) -> dict[str, dict[str, str]]:
    """Field → folded name → the same without its empty words."""
    if nom:
        found: dict[str, dict[str, str]] = {}
        for folded, (code, _) in names(nom).items():
            found.setdefault(code, {})[folded] = _bare(folded)
        return found
    found = {c.code: {fold(t): _bare(fold(t)) for t in (c.entete, *c.autres)} for c in LIBRE.champs}
    taken = {name for known in found.values() for name in known}
    for export in ("StarsFIR", "HAPI"):
        for folded, (code, _) in names(export).items():
            if code in found and folded not in taken:
                found[code][folded] = _bare(folded)
    return found


def _bare(folded: str) -> str:
    words = [w for w in folded.split() if w not in _EMPTY and not (len(w) == 4 and w.isdigit() and w.startswith("20"))]
    return " ".join(words)


@cache
def _all_names() -> frozenset[str]:
    found = {name for known in _synonyms("").values() for pair in known.items() for name in pair if name}
    return frozenset(found | set(_VAGUE))


def _known(folded: str) -> bool:
    return folded in _all_names() or _bare(folded) in _all_names()
