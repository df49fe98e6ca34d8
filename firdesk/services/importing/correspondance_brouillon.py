"""The choice of columns while a person makes it: where it begins, one change at a time, what it lacks, what it reads.

Immutable, so that a change is undone by going back to the draft before it; nothing is planned nor written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal, NamedTuple

from firdesk.domain import money
from firdesk.domain.problem import Refus
from firdesk.services.importing import correspondance as colonnes
from firdesk.services.importing import correspondance_apprise as apprises_
from firdesk.services.importing import correspondance_proposition as propositions
from firdesk.services.importing import correspondance_reconnue as reconnue
from firdesk.services.importing import lecture
from firdesk.services.importing.correspondance import ECHANTILLON, LIBRE, MONTANTS, OPERATEUR, Choisies
from firdesk.services.importing.correspondance_apprise import Apprise
from firdesk.services.importing.lecture import REJET, Lu
from firdesk.services.importing.lignes import split
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import PROFILS, Genre, Profil
from firdesk.services.importing.recognise import Reconnu, achever
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.tables import bornes, cotes
from firdesk.services.progress import Silent
from firdesk.sheets.cell import Grid, Value, Workbook, column_name

Surete = Literal["sur", "doute", "choisi"]
#: Rows of the sheet shown: all those above the header, and some below.
SOUS_ENTETE = 24
#: Columns shown of a very wide sheet.
LARGEUR = 120


class Case(NamedTuple):
    """What one column becomes, how sure that is, and why."""

    champ: str
    surete: Surete
    raison: str


@dataclass(frozen=True, slots=True)
class Brouillon:
    """``entete`` is a 0-based row of the sheet, ``cases`` by index in its rows, ``depart`` what headers alone gave."""

    feuille: str
    entete: int
    genre: str
    cases: Mapping[int, Case]
    textes: Mapping[str, str] = field(default_factory=dict)
    nom: str = ""
    exercice: int | None = None
    depart: frozenset[str] = frozenset()
    #: Letters of a column of the table, where several stand side by side.
    colonne: str | None = None

    @property
    def profil(self) -> Profil:
        return colonnes.genre_de(self.genre)

    @property
    def libre(self) -> bool:
        """Whether it is a workbook of the office, not a known export."""
        return self.genre not in PROFILS

    @property
    def choisies(self) -> Choisies:
        return Choisies({case.champ: index for index, case in self.cases.items()}, self.textes)

    def index_de(self, champ: str) -> int | None:
        """The column that has a field."""
        return self.choisies.positions.get(champ)

    def poser(self, index: int, champ: str) -> "Brouillon":
        """Give a column a field, taken from the column that had it; an empty one takes the column's field away."""
        if (self.cases[index].champ if index in self.cases else "") == champ:
            return self
        kept = {i: case for i, case in self.cases.items() if i != index and case.champ != champ}
        if champ:
            kept[index] = Case(champ, "choisi", "choisi par vous")
        textes = {c: t for c, t in self.textes.items() if c != champ}
        return replace(self, cases=dict(sorted(kept.items())), textes=textes)

    def texte(self, champ: str, text: str) -> "Brouillon":
        """One value for the whole file, in the place of a column; empty: none."""
        textes = {c: t for c, t in self.textes.items() if c != champ}
        if not text:
            return replace(self, textes=textes)
        kept = {i: case for i, case in self.cases.items() if case.champ != champ}
        return replace(self, cases=kept, textes={**textes, champ: text})


@dataclass(frozen=True, slots=True)
class Apercu:
    """What a draft reads: ``manquants`` in plain words, lines under the header, amounts that cannot be read."""

    manquants: tuple[str, ...]
    lignes: int
    montant: str = ""
    illisibles: int = 0
    premier: str = ""
    echantillon: bool = False
    exercice: int | None = None
    source_exercice: str = ""
    totaux: int = 0
    #: Whether the lines were counted one by one, not only in the sample.
    exact: bool = True

    @property
    def phrase(self) -> str:
        """``2 512 lignes lues · 1 total servant de contrôle · 12 montants illisibles``."""
        many = "s" if self.lignes > 1 else ""
        said = f"{'' if self.exact else 'environ '}{money.nombre(self.lignes)} ligne{many} lue{many}"
        if self.totaux:
            said += f" · {self.totaux} tota{'ux' if self.totaux > 1 else 'l'} servant de contrôle"
        if not self.montant:
            return said
        if not self.illisibles:
            return f"{said} · tous les montants lisibles"
        plural = "s" if self.illisibles > 1 else ""
        among = f" dans les {money.nombre(ECHANTILLON)} premières" if self.echantillon else ""
        return f"{said} · {money.nombre(self.illisibles)} montant{plural} illisible{plural}{among} ({self.premier})"


def commencer(
    workbook: Workbook, reglages: Reglages, plan: Plan | None, apprises: Sequence[Apprise]
) -> Brouillon | None:
    """The draft to show first: the plan's columns, else a proposal; ``None`` for a workbook without rows."""
    if plan is not None:
        return _du_plan(workbook, reglages, plan, apprises)
    genre = reglages.profil if reglages.profil in PROFILS else LIBRE.nom
    try:
        grid = reconnue.feuille(workbook, reglages)
    except Refus:
        return None
    row = reglages.entete
    side = reglages.colonne or _cote(grid, propositions.trouver_entete(grid) if row is None else row - 1)
    year = reglages.exercice
    return proposer(workbook, grid.name, apprises, genre=genre or "", entete=row, colonne=side, exercice=year)


def _cote(grid: Grid, entete: int) -> str | None:
    """A column of the first table under a header row where several, each whole, stand side by side."""
    runs = cotes(grid, entete)
    if len(runs) < 2:
        return None
    found = [(a, propositions.proposer(grid, entete, bornes=(a, b)).positions) for a, b in runs]
    whole = [a for a, there in found if there.keys() & set(OPERATEUR) and there.keys() & set(MONTANTS)]
    return column_name(grid.first_column + whole[0]) if len(whole) > 1 else None


def proposer(
    workbook: Workbook,
    feuille: str,
    apprises: Sequence[Apprise],
    *,
    genre: str = LIBRE.nom,
    entete: int | None = None,
    colonne: str | None = None,
    exercice: int | None = None,
) -> Brouillon:
    """What each column of a sheet, or of one of its tables, would become; ``entete`` as a spreadsheet numbers it."""
    grid = grille(workbook, feuille)
    profil = colonnes.genre_de(genre)
    row = propositions.trouver_entete(grid) if entete is None else entete - 1
    same = [a for a in apprises if a.genre == profil.nom]
    room = bornes(grid, row, colonne)
    made = propositions.proposer(grid, row, [a.appris() for a in same], profil, room)
    cases = {
        c.index: Case(c.champ, "sur" if c.sure else "doute", c.raison)
        for c in made.colonnes
        if c.champ and c.index < LARGEUR
    }
    near = apprises_.proche(same, apprises_.entetes_de(grid, row, room), seule=reconnue.seule(grid, row, room))
    textes = {c: t for c, t in near.textes.items() if c not in made.positions} if near else {}
    return Brouillon(feuille, row, profil.nom, cases, textes, near.nom if near else "", exercice, colonne=colonne)


def _du_plan(workbook: Workbook, reglages: Reglages, plan: Plan, apprises: Sequence[Apprise]) -> Brouillon:
    known = plan.a_retenir or next((a for a in apprises if a.nom == (plan.reglages.profil or plan.profil)), None)
    learned = known is not None and plan.a_retenir is None
    genre = known.genre if known else plan.profil
    grid = grille(workbook, plan.feuille)
    surete: Surete = "choisi" if plan.a_retenir is not None else "sur"
    raison = "choisi la dernière fois" if learned else "choisi par vous" if plan.a_retenir else "nom de colonne"
    letters = {column_name(grid.first_column + i): i for i in range(colonnes.largeur(grid))}
    cases = {letters[x]: Case(champ, surete, raison) for champ, x in plan.lettres.items() if x in letters}
    return Brouillon(
        plan.feuille,
        plan.ligne_entete - 1,
        genre,
        dict(sorted(cases.items())),
        dict(known.textes) if known else {},
        known.nom if known else "",
        reglages.exercice,
        frozenset(plan.lettres),
        reglages.colonne,
    )


def grille(workbook: Workbook, feuille: str) -> Grid:
    """The sheet of that name."""
    return next(g for g in workbook.grids if g.name == feuille)


def meme_table(one: Brouillon, other: Brouillon) -> bool:
    """Whether two drafts read the same table of a workbook."""
    return (one.feuille, one.entete, one.colonne) == (other.feuille, other.entete, other.colonne)


def apercu(workbook: Workbook, brouillon: Brouillon, plan: Plan | None = None) -> Apercu:
    """Read a sample of the lines as the draft says; counted by ``plan`` where the draft is what it planned."""
    grid = grille(workbook, brouillon.feuille)
    below = max(0, len(grid.rows) - (brouillon.entete - grid.first_row + 1))
    year, where = brouillon.exercice, ""
    if year is None and brouillon.index_de("campagne") is None:
        year, where = colonnes.exercice_du_titre(grid, brouillon.entete, workbook.name) or (None, "")
    missing = colonnes.manquants(_read_as(brouillon), brouillon.choisies, year)
    amount = next((c for c in (*MONTANTS, brouillon.profil.total) if brouillon.index_de(c) is not None), "")
    rows, totals = _sample(workbook, brouillon)
    bad, first = _illisibles(grid, rows, brouillon.index_de(amount) if amount else None)
    lines, cut = len(rows), below > ECHANTILLON
    if plan is not None:
        lines = plan.lues
        totals = len({"".join(filter(str.isdigit, x.adresse)) for x in plan.controle_totaux}) if cut else totals
    elif cut:
        lines += below - ECHANTILLON
    label = brouillon.profil.champ(amount).entete if amount else ""
    exact = plan is not None or not cut
    return Apercu(missing, lines, label, bad, first, cut, year, where, totals, exact)


def _read_as(brouillon: Brouillon) -> Profil:
    profil = brouillon.profil
    return profil if profil.nom in PROFILS else LIBRE


def _sample(workbook: Workbook, brouillon: Brouillon) -> tuple[list[tuple[int, list[Value]]], int]:
    """The first rows that planning would take for lines, with their numbers, and how many it takes for totals."""
    grid = grille(workbook, brouillon.feuille)
    last = brouillon.entete + ECHANTILLON
    held = list(islice(grid.rows, last - grid.first_row + 1))
    merged = tuple(m for m in grid.merged if m[2] <= last)
    head = replace(grid, rows=held, merged=merged)
    positions = dict(brouillon.choisies.positions)
    if not positions:
        below = enumerate(held[brouillon.entete - grid.first_row + 1 :], brouillon.entete + 1)
        return [(n, row) for n, row in below if sum(1 for v in row if v not in (None, "")) > 1], 0
    table = Reconnu(brouillon.profil, head, brouillon.entete, positions, ())
    found = split(achever(workbook, reconnue.finir(table) if brouillon.libre else table, Reglages()), Silent())
    return list(found.donnees), len(found.totaux)


def _illisibles(grid: Grid, rows: Iterable[tuple[int, list[Value]]], column: int | None) -> tuple[int, str]:
    """How many amounts of a column cannot be read, and the first of them."""
    cache = lecture.Cache(lecture.montant)
    bad, first = 0, ""
    for number, row in rows:
        value = row[column] if column is not None and column < len(row) else None
        read = None if value is None or isinstance(value, bool) else cache[value]
        if isinstance(read, Lu) and read.genre == REJET and column is not None:
            bad += 1
            place = (number, grid.first_column + column)
            first = first or f"{grid.address(*place)} « {grid.raw(*place)} »"
    return bad, first


def reglages(workbook: Workbook, brouillon: Brouillon) -> dict[str, Any]:
    """The choices that the draft makes, to plan with."""
    grid = grille(workbook, brouillon.feuille)
    given = {case.champ: column_name(grid.first_column + index) for index, case in brouillon.cases.items()}
    given |= {champ: f"={text}" for champ, text in brouillon.textes.items()}
    if not brouillon.libre:
        given |= {champ: "" for champ in sorted(brouillon.depart) if champ not in given}
    profil = brouillon.genre if not brouillon.libre else brouillon.nom or None
    return {
        "profil": profil,
        "feuille": brouillon.feuille,
        "entete": brouillon.entete + 1,
        "colonne": brouillon.colonne,
        "correspondance": given,
        "exercice": brouillon.exercice,
    }


def lignes(workbook: Workbook, brouillon: Brouillon) -> list[tuple[int, list[str]]]:
    """The first rows as a person sees them: number shown by a spreadsheet, texts."""
    grid = grille(workbook, brouillon.feuille)
    last = max(brouillon.entete - grid.first_row + 1 + SOUS_ENTETE, SOUS_ENTETE)
    width = min(colonnes.largeur(grid), LARGEUR)
    found = []
    for number, row in enumerate(islice(grid.rows, last), grid.first_row):
        columns = range(min(width, len(row)))
        texts = [" ".join(grid.raw(number, grid.first_column + j).split()) for j in columns]
        found.append((number + 1, texts + [""] * (width - len(texts))))
    return found


def lettres(workbook: Workbook, brouillon: Brouillon) -> list[str]:
    """The letters of the columns shown."""
    grid = grille(workbook, brouillon.feuille)
    return [column_name(grid.first_column + j) for j in range(min(colonnes.largeur(grid), LARGEUR))]


def est_montant(champ: str, brouillon: Brouillon) -> bool:
    """Whether a field is an amount, to be shown at the right."""
    return any(c.code == champ and c.genre is Genre.MONTANT for c in brouillon.profil.champs)
