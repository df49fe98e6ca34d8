"""The table of a workbook of the office: by the columns chosen for it, or by those chosen last time for its headers.

What would have to be asked is refused, saying what lacks and what could be answered.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from firdesk.domain.problem import Refus
from firdesk.services.importing import correspondance as colonnes
from firdesk.services.importing import correspondance_apprise as apprises_
from firdesk.services.importing import correspondance_proposition as propositions
from firdesk.services.importing.correspondance import LIBRE, TITRES, Bornes, Choisies
from firdesk.services.importing.correspondance_apprise import Apprise
from firdesk.services.importing.entetes import sonder
from firdesk.services.importing.profiles import PROFILS, Profil
from firdesk.services.importing.recognise import Reconnu, recognise
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.tables import autour, bornes, candidats, cotes
from firdesk.sheets.cell import Grid, Workbook, column_name, shown

#: How many headers below a table are looked at to know where it ends.
_REGARDES = 10


@dataclass(frozen=True, slots=True)
class Reconnaissance:
    """The table, the choices in force, and the mapping to keep with the import (``None``: it is kept already)."""

    table: Reconnu
    reglages: Reglages
    a_retenir: Apprise | None = None


def table_de(workbook: Workbook, reglages: Reglages, apprises: Sequence[Apprise]) -> Reconnaissance:
    """The table of any workbook: as chosen, as learned, else as an export is known; ``Refus`` says what lacks."""
    found = reconnaitre(workbook, reglages, apprises)
    if found is not None:
        return found
    try:
        return Reconnaissance(recognise(workbook, reglages), reglages)
    except Refus as refusal:
        if reglages.profil is not None or not any(g.rows for g in workbook.grids):
            raise
        more = a_completer(workbook, reglages, apprises)
        raise Refus(f"{refusal.message} {more.message}", detail=refusal.detail) from refusal


def reconnaitre(workbook: Workbook, reglages: Reglages, apprises: Sequence[Apprise]) -> Reconnaissance | None:
    """The table that the choices, or the mappings of the base, make of a workbook; ``None`` if they say nothing.

    ``Refus`` when they say something that cannot be done.
    """
    named = next((a for a in apprises if a.nom == reglages.profil), None)
    if reglages.correspondance:
        return _chosen(workbook, reglages, apprises, named)
    if reglages.profil == LIBRE.nom:
        raise a_completer(workbook, reglages, apprises)
    if reglages.profil in PROFILS:
        return None
    for grid, row, room, apprise, choix in _met(
        workbook, reglages, [named] if named else apprises, near=named is not None
    ):
        return _with(workbook, reglages, grid, row, room, apprise, choix)
    if named:
        raise Refus(
            f"« {workbook.name} » n'a pas les colonnes de la correspondance « {named.nom} » : il faut "
            f"{', '.join(f'« {name} »' for name in named.champs.values())}."
        )
    return None


def a_completer(workbook: Workbook, reglages: Reglages, apprises: Sequence[Apprise]) -> Refus:
    """Why a workbook cannot be read without a person: what is proposed, ready to be given, and what lacks."""
    grid = feuille(workbook, reglages)
    entete = _header(grid, reglages)
    room = bornes(grid, entete, reglages.colonne)
    proposed = propositions.proposer(grid, entete, [a.appris() for a in apprises], bornes=room)
    year = reglages.exercice or (colonnes.exercice_du_titre(grid, entete, workbook.name) or (None,))[0]
    missing = colonnes.manquants(LIBRE, Choisies(proposed.positions, {}), year)
    pairs = proposed.correspondance(grid)
    told = [f"« {workbook.name} » n'est pas un export connu : dire ce que sont ses colonnes."]
    if pairs:
        read = ", ".join(
            f"{c.lettre} « {c.entete} » : {LIBRE.champ(c.champ).entete}" for c in proposed.colonnes if c.champ
        )
        told.append(f"Feuille « {grid.name} », en-tête en ligne {entete + 1}, proposé : {read}.")
    if missing:
        told.append(f"Il manque : {' ; '.join(missing)}.")
    given = ",".join(f"{champ}={lettre}" for champ, lettre in pairs.items())
    told.append(f'En ligne de commande : --correspondance "{given or "nom=B,notifie=F"}".')
    return Refus(" ".join(told))


def feuille(workbook: Workbook, reglages: Reglages) -> Grid:
    """The sheet that was chosen, else the likeliest one; ``Refus`` when there is none."""
    if reglages.feuille is None:
        found = propositions.feuille(workbook)
        if found is None:
            raise Refus(f"« {workbook.name} » ne contient aucune ligne : vérifier que le fichier n'est pas vide.")
        return found
    chosen = next((g for g in workbook.grids if g.name == reglages.feuille and g.rows), None)
    if chosen is None:
        known = ", ".join(f"« {g.name} »" for g in workbook.grids if g.rows)
        raise Refus(f"« {workbook.name} » n'a pas de feuille « {reglages.feuille} » : choisir parmi {known}.")
    return chosen


def _header(grid: Grid, reglages: Reglages) -> int:
    """The header row that was chosen (0-based), else the likeliest one."""
    if reglages.entete is None:
        return propositions.trouver_entete(grid)
    row = reglages.entete - 1
    if not grid.first_row <= row <= grid.last_row:
        raise Refus(
            f"La feuille « {grid.name} » n'a pas de ligne {reglages.entete} : elle va de {grid.first_row + 1} à "
            f"{grid.last_row + 1}."
        )
    return row


def _met(
    workbook: Workbook, reglages: Reglages, apprises: Sequence[Apprise], *, near: bool
) -> Iterator[tuple[Grid, int, Bornes, Apprise, Choisies]]:
    """Where the headers of a mapping are; with ``near``, where its columns are at least."""
    if not apprises:
        return
    grids = (
        [feuille(workbook, reglages)] if reglages.feuille else [g for g in workbook.grids if g.rows and not g.hidden]
    )
    for grid in grids:
        first, width = grid.first_row, colonnes.largeur(grid)
        rows = [reglages.entete - 1] if reglages.entete else range(first, first + min(TITRES, len(grid.rows)))
        for row in rows:
            for room in _places(grid, row, reglages.colonne):
                here = propositions.noms_de_colonnes(colonnes.entetes(grid, row, room), width)
                place = apprises_.signature(apprises_.entetes_de(grid, row, room))
                for apprise in sorted(apprises, key=lambda a: a.signature != place):
                    if near or apprises_.identique(apprise, here):
                        choix = apprise.choisies(here)
                        if choix is not None:
                            yield grid, row, room, apprise, choix


def _places(grid: Grid, row: int, colonne: str | None) -> list[Bornes]:
    """Where a table may be under a header row: the one that was chosen, else the whole row, then each one of it."""
    if colonne:
        return [bornes(grid, row, colonne)]
    runs = cotes(grid, row)
    return [None, *runs] if len(runs) > 1 else [None]


def _with(
    workbook: Workbook,
    reglages: Reglages,
    grid: Grid,
    row: int,
    room: Bornes,
    apprise: Apprise,
    choix: Choisies,
) -> Reconnaissance:
    """A table by a mapping of the base."""
    table = _table(workbook, reglages, apprise.profil, grid, row, choix, apprise.espace, room)
    table = replace(table, notes=(f"Correspondance « {apprise.nom} » reconnue à ses en-têtes.", *table.notes))
    return Reconnaissance(table, replace(reglages, profil=apprise.nom))


def _chosen(
    workbook: Workbook, reglages: Reglages, apprises: Sequence[Apprise], named: Apprise | None
) -> Reconnaissance:
    """A table by the columns that were given, and the mapping to remember."""
    base = colonnes.genre_de(named.genre if named else reglages.profil or "")
    grid = feuille(workbook, reglages)
    own: dict[str, int] = {}
    if base.nom in PROFILS:
        row, own = _own(grid, base, reglages)
    else:
        row = _header(grid, reglages)
    choix = colonnes.choisies(base, grid, reglages.correspondance, own)
    room = _etendues(bornes(grid, row, reglages.colonne), choix)
    here = apprises_.entetes_de(grid, row, room)
    alone = seule(grid, row, room)
    same = named or apprises_.proche([a for a in apprises if a.genre == base.nom], here, seule=alone)
    taken = {a.nom for a in apprises}
    given = reglages.profil if reglages.profil not in (None, base.nom) else None
    if same is not None and named is None and given and same.signature != apprises_.signature(here):
        same = None  # another name: another workbook of the same make
    if same is not None:
        nom, espace, number = same.nom, same.espace, same.id
    else:
        nom, number = given or apprises_.nom_du_fichier(workbook.name, taken), None
        seed = hashlib.sha256(f"{nom}\n{apprises_.signature(here)}".encode()).hexdigest()[:8]
        espace = "" if base.nom in PROFILS else f"libre:{seed}"
    headers = colonnes.entetes(grid, row, room)
    names_ = propositions.noms_de_colonnes(headers, colonnes.largeur(grid))
    champs = {champ: names_[index] for champ, index in choix.positions.items()}
    kept = {c: t for c, t in choix.textes.items() if c != "campagne"}
    entetes = here + tuple(name for name in names_[len(here) :] if name in champs.values())
    texts = [" ".join(shown(value).split()) for value in headers]
    libelles = {name: text for name, text in zip(names_, texts, strict=False) if text}
    apprise = Apprise(nom, base.nom, entetes, champs, kept, espace, number, libelles)
    table = _table(workbook, reglages, apprise.profil, grid, row, choix, espace, room)
    chosen = reglages if base.nom in PROFILS else replace(reglages, profil=nom)
    return Reconnaissance(table, chosen, apprise)


def seule(grid: Grid, row: int, room: Bornes) -> bool:
    """Whether no table beside this one has the same headers: each would be taken for the other."""
    if room is None:
        return True
    own = _noms(grid, row, room)
    return all(_noms(grid, row, run) != own for run in cotes(grid, row) if run[1] <= room[0] or room[1] <= run[0])


def _noms(grid: Grid, row: int, room: Bornes) -> tuple[str, ...]:
    return tuple(name for name in apprises_.entetes_de(grid, row, room) if not name.startswith("#"))


def _etendues(room: Bornes, choix: Choisies) -> Bornes:
    """The columns of a table, with those chosen outside it."""
    if room is None or not choix.positions:
        return room
    return min(room[0], *choix.positions.values()), max(room[1], *(i + 1 for i in choix.positions.values()))


def _own(grid: Grid, profil: Profil, reglages: Reglages) -> tuple[int, dict[str, int]]:
    """The header row of an export, and the columns that its own headers give."""
    found = candidats(sonder(grid), [profil], reglages)
    if not found:
        return _header(grid, reglages), {}
    best = max(found, key=lambda c: (len(c.signature.positions), c.signature.exact, c.entete.sure, -c.entete.ligne))
    return grid.first_row + best.entete.ligne, dict(best.signature.positions)


def _table(
    workbook: Workbook,
    reglages: Reglages,
    profil: Profil,
    grid: Grid,
    row: int,
    choix: Choisies,
    espace: str,
    room: Bornes,
) -> Reconnu:
    """The table, once nothing lacks; the year of the whole file is the one chosen, else the one its titles say."""
    if profil.nom in PROFILS and (known := _known(workbook, reglages, profil, grid, row, choix)) is not None:
        return known
    year = reglages.exercice
    notes: tuple[str, ...] = ()
    if "campagne" not in {*choix.positions, *choix.textes} and not year and profil.nom not in PROFILS:
        said = colonnes.exercice_du_titre(grid, row, workbook.name)
        if said is not None:
            year, notes = said[0], (f"Exercice {said[0]}, {said[1]}.",)
    missing = colonnes.manquants(profil, choix, year)
    if missing:
        where = f"feuille « {grid.name} », en-tête en ligne {row + 1}"
        raise Refus(f"« {workbook.name} » ({where}) : il manque {' ; '.join(missing)}.")
    made = colonnes.monter(profil, grid, row, choix, exercice=year, espace=espace, bornes=room)
    made = finir(made) if profil.nom not in PROFILS else made
    return replace(made, notes=(*notes, *made.notes)) if notes else made


def finir(table: Reconnu) -> Reconnu:
    """A table of the office, without what stands under the headers of another one of the office below it."""
    grid = table.grid
    around = autour(grid, table.ligne_entete, table.positions.values())
    for index in around.autres[:_REGARDES]:
        row = grid.first_row + index
        header = propositions.proposer(grid, row, bornes=(around.debut, around.apres)).colonnes
        if sum(1 for c in header if c.champ and c.raison.startswith("nom de colonne")) >= 2:
            return replace(table, fin=row)
    return table


def _known(
    workbook: Workbook, reglages: Reglages, profil: Profil, grid: Grid, row: int, choix: Choisies
) -> Reconnu | None:
    """The table of an export with the very columns chosen, where its own recognition finds it: ends, neighbours."""
    letters = {champ: column_name(grid.first_column + index) for champ, index in choix.positions.items()}
    letters |= {champ: f"={text}" for champ, text in choix.textes.items()}
    whole = {champ.code: letters.get(champ.code, "") for champ in profil.champs}
    wanted = replace(reglages, profil=profil.nom, feuille=grid.name, entete=row + 1, correspondance=whole)
    try:
        return recognise(workbook, wanted)
    except Refus:
        return None
