"""Workbooks of the office: the fields a column may become, and the table that a choice of columns makes.

Any sheet with an operator and an amount is read as an export is; what to propose is decided elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from firdesk.domain.nomenclature import code_destination
from firdesk.domain.problem import Refus
from firdesk.services.importing import lecture
from firdesk.services.importing.lecture import QUESTION, REJET, Lu, Valeur
from firdesk.services.importing.profiles import PROFILS, Champ, Famille, Genre, Profil, fold
from firdesk.services.importing.recognise import Colonne, Reconnu
from firdesk.sheets.cell import Grid, Value, column_name, shown

T, L, M = Genre.TEXTE, Genre.LIBELLE, Genre.MONTANT


def _c(code: str, entete: str, genre: Genre = T, *autres: str) -> Champ:
    return Champ(code, entete, genre, False, autres)


LIBRE = Profil(
    nom="Classeur libre",
    libelle="Classeur libre",
    famille=Famille.ENGAGEMENTS,
    champs=(
        _c(
            "nom", "Opérateur", L, "Structure", "Nom de la structure", "Porteur", "Nom du porteur", "Promoteur",
            "Bénéficiaire", "Nom du bénéficiaire", "Association", "Établissement", "Nom de l'établissement",
            "Organisme", "Raison sociale", "Nom opérateur", "Nom", "Gestionnaire", "Porteur de projet", "Titulaire",
        ),
        _c("notifie", "Montant notifié", M, "Montant accordé", "Accordé", "Montant attribué", "Attribué",
           "Montant alloué", "Alloué", "Subvention accordée", "Montant de la subvention", "Notifié",
           "Financement accordé", "Montant décidé", "Montant FIR", "Financement FIR", "Montant retenu",
           "Crédits notifiés", "Crédits alloués", "Dotation", "Montant financé"),
        _c("campagne", "Exercice", Genre.EXERCICE, "Année", "Campagne", "Année de campagne", "Exercice budgétaire"),
        _c("mesure3", "Destination", Genre.DESTINATION, "Code destination", "Code nomenclature", "Nomenclature",
           "Destination FIR", "Mesure", "Mesure N3", "Code mesure", "Imputation", "Ligne FIR", "Code FIR"),
        _c("siret", "SIRET", Genre.SIRET, "N° SIRET", "Code SIRET", "Numéro SIRET"),
        _c("siren", "SIREN", Genre.SIREN, "N° SIREN", "Code SIREN"),
        _c("identifiant", "N° FINESS ou code", Genre.IDENTIFIANT, "FINESS", "N° FINESS", "Code FINESS", "FINESS ET",
           "FINESS EJ", "FINESS géographique", "FINESS juridique", "Identifiant", "ID bénéficiaire", "Code opérateur",
           "Code interne"),
        _c("departement", "Département", Genre.DEPARTEMENT, "Dpt", "Dept", "Dép", "Code département", "Dépt",
           "N° département"),
        _c("code_postal", "Code postal", Genre.CODE_POSTAL, "CP", "Code postal du siège", "Code postal de l'opérateur"),
        _c("commune", "Commune", L, "Ville", "Localité", "Commune du siège", "Siège", "Nom de la commune"),
        _c("territoire", "Territoire", L, "Territoire administratif", "Arrondissement", "Zone", "Bassin"),
        _c("type", "Type d'opérateur", L, "Type de bénéficiaire", "Type de structure", "Type"),
        _c("statut_juridique", "Statut juridique", L, "Statut"),
        _c("secteur", "Secteur", L, "Secteur de rattachement", "Secteur d'activité"),
        _c("theme", "Thème", L, "Thématique", "Grande thématique", "Axe"),
        _c("sous_enveloppe", "Enveloppe", L, "Sous-enveloppe", "Type de crédits"),
        _c("action", "Objet", L, "Action", "Intitulé de l'action", "Projet", "Intitulé du projet", "Intitulé",
           "Libellé de l'action", "Nom du projet", "Nom de l'action", "Description", "Libellé", "Dispositif"),
        _c("ej", "N° d'EJ", T, "EJ", "N° EJ", "Engagement juridique", "Numéro d'EJ", "N° de l'EJ",
           "N° d'engagement"),
        _c("notification", "N° de notification", T, "Notification", "N° notification"),
        _c("decision", "N° de décision", T, "Décision", "N° de convention", "Convention", "N° d'arrêté", "Arrêté",
           "N° de DA", "Référence", "Réf"),
        _c("type_decision", "Type de décision", T, "Type d'acte", "Nature de l'acte"),
        _c("date_notification", "Date de notification", Genre.DATE, "Date notification", "Date de décision", "Date",
           "Date de la convention", "Date de signature", "Notifié le"),
        _c("payeur", "Payeur", L, "Organisme payeur"),
        _c("projet", "N° de projet", T, "N° de dossier", "Numéro de dossier", "Dossier"),
        _c("motivation", "Commentaire", T, "Commentaires", "Observations", "Observation", "Remarques", "Remarque",
           "Motivation", "Notes"),
        _c("demande", "Montant demandé", M, "Demandé", "Montant sollicité", "Subvention demandée", "Demande"),
        _c("saisi", "Montant saisi", M, "Saisi", "Montant proposé", "Proposé", "Proposition", "Montant instruit"),
        _c("validation_inter", "Validation intermédiaire", M, "Montant validation intermédiaire"),
        _c("validation", "Montant validé", M, "Validé", "Validation finale", "Montant validation finale"),
        _c("engage", "Montant engagé (AE)", M, "Montant engagé", "Engagé", "AE", "AE engagée", "Engagement"),
        _c("cle", "Clé de la ligne", T, "Clé", "ID", "Identifiant de ligne", "N° de ligne", "ID ligne"),
    ),
    un_parmi=(),
    identite=("campagne", "nom", "identifiant", "siret", "mesure3", "action", "cle", "ej"),
    total="notifie",
)  # fmt: skip

#: Which amount the totals of a workbook count: the first of these that it has.
MONTANTS = ("notifie", "validation", "engage", "saisi", "validation_inter", "demande")
OPERATEUR = ("nom", "identifiant")
#: What the user may call a field on the command line beside its code and its label.
_SURNOMS = {
    "operateur": "nom",
    "montant": "notifie",
    "destination": "mesure3",
    "exercice": "campagne",
    "objet": "action",
    "finess": "identifiant",
}
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
#: Between the name of a group of columns and that of one of them.
GROUPE = " / "
#: How many rows of a sheet may come before the header.
TITRES = 60
#: How many rows are looked at to know what columns hold.
ECHANTILLON = 2000


#: The columns of one table among several side by side: index of its first, index after its last.
Bornes = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Choisies:
    """A choice of columns: field → index in the rows, and values typed for the whole file."""

    positions: Mapping[str, int]
    textes: Mapping[str, str]


def genre_de(nom: str) -> Profil:
    """The profile whose fields a mapping has: an export, or any workbook."""
    return PROFILS.get(nom, LIBRE)


def code_du_champ(profil: Profil, text: str) -> str:
    """The code of a field from its code, its label or a usual name; ``Refus`` lists them when there is none."""
    wanted = fold(text)
    for champ in profil.champs:
        if wanted in (fold(champ.code), fold(champ.entete)):
            return champ.code
    found = _SURNOMS.get(wanted, "")
    if any(c.code == found for c in profil.champs):
        return found
    known = ", ".join(f"{c.code} ({c.entete})" for c in profil.champs)
    raise Refus(f"« {text} » n'est pas un champ de {profil.libelle} : choisir parmi {known}.")


def choisies(profil: Profil, grid: Grid, correspondance: Mapping[str, str], own: Mapping[str, int]) -> Choisies:
    """Read ``{"nom": "B", "mesure3": "=MI2-3-8"}``; ``own`` are the columns that the headers of an export give.

    An empty text takes a field away. ``Refus`` for a field or a column that does not exist, or a column given twice.
    """
    given = {code_du_champ(profil, name): text for name, text in correspondance.items()}
    positions = {code: index for code, index in own.items() if code not in given}
    textes: dict[str, str] = {}
    for code, text in given.items():
        if text.startswith("="):
            if profil.champ(code).genre is M:
                raise Refus(f"« {profil.champ(code).entete} » est un montant : il vient d'une colonne.")
            textes[code] = text[1:].strip()
        elif text.strip():
            index = _index(text) - grid.first_column
            if not 0 <= index < largeur(grid) and not 0 <= index < grid.width:
                last = column_name(grid.first_column + grid.width - 1)
                raise Refus(
                    f"Il n'y a pas de colonne « {text} » dans la feuille « {grid.name} » pour le champ "
                    f"« {profil.champ(code).entete} » : choisir de {column_name(grid.first_column)} à {last}."
                )
            for other in [c for c, i in positions.items() if i == index]:
                if other in given:
                    names = f"« {profil.champ(other).entete} » et « {profil.champ(code).entete} »"
                    raise Refus(f"La colonne {text.upper()} est donnée deux fois, pour {names} : en choisir une autre.")
                del positions[other]
            positions[code] = index
    return Choisies(positions, textes)


def _index(letters: str) -> int:
    """The 0-based index of a column from its letters, ``-1`` for anything else."""
    if not re.fullmatch(r"[A-Za-z]{1,3}", letters.strip()):
        return -1
    index = 0
    for letter in letters.strip().upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def constantes(profil: Profil, textes: Mapping[str, str]) -> dict[str, Valeur]:
    """The values typed for the whole file, read as cells are; ``Refus`` for one that cannot be read."""
    found: dict[str, Valeur] = {}
    for code, text in textes.items():
        champ = profil.champ(code)
        read = lecture.READERS[champ.genre](text)
        if isinstance(read, Lu):
            if read.genre in (REJET, QUESTION):
                raise Refus(f"{champ.entete} pour tout le fichier : lu « {text} », attendu {read.attendu}.")
            read = read.valeur
        if read not in (None, ""):
            found[code] = read
    return found


def manquants(profil: Profil, choix: Choisies, exercice: int | None) -> tuple[str, ...]:
    """What a mapping lacks before anything can be read, in plain words."""
    if profil.nom in PROFILS:
        there = {*choix.positions, *choix.textes, *([profil.identite[0]] if exercice else [])}
        absent = [c.entete for c in profil.champs if c.requis and c.code not in there]
        groups = [group for group in profil.un_parmi if not there.intersection(group)]
        absent += [" » ou « ".join(profil.champ(code).entete for code in group) for group in groups]
        return tuple(f"la colonne « {name} »" for name in absent)
    have = {*choix.positions, *choix.textes}
    found = []
    if not have.intersection(OPERATEUR):
        found.append("l'opérateur (une colonne avec son nom)")
    if not any(c in choix.positions for c in MONTANTS):
        found.append("le montant (une colonne)")
    if "mesure3" not in have:
        found.append("la destination (une colonne, ou une seule pour tout le fichier)")
    if "campagne" not in have and not exercice:
        found.append("l'exercice (une colonne, ou une année pour tout le fichier)")
    return tuple(found)


def monter(
    profil: Profil,
    grid: Grid,
    entete: int,
    choix: Choisies,
    *,
    exercice: int | None = None,
    espace: str = "",
    bornes: Bornes = None,
) -> Reconnu:
    """The table that a complete mapping makes; ``entete`` is the 0-based row of the sheet."""
    total = next((c for c in MONTANTS if c in choix.positions), profil.total) if _libre(profil) else profil.total
    by_index = {index: code for code, index in choix.positions.items()}
    colonnes = []
    for index, value in enumerate(entetes(grid, entete, bornes)):
        text = " ".join(shown(value).split())
        champ = by_index.get(index, "")
        if text or champ:
            libelle = profil.champ(champ).entete if champ else ""
            colonnes.append(Colonne(column_name(grid.first_column + index), text, champ, libelle))
    notes = []
    unused = [f"« {c.entete} » ({c.lettre})" for c in colonnes if not c.champ]
    if unused:
        notes.append(f"Colonnes non reprises : {', '.join(unused)}.")
    values = constantes(profil, choix.textes)
    notes += [f"{profil.champ(code).entete} pour tout le fichier : {choix.textes[code]}." for code in values]
    if exercice and "campagne" not in choix.positions:
        values.setdefault("campagne", exercice)
    return Reconnu(
        replace(profil, total=total), grid, entete, dict(choix.positions), tuple(colonnes), tuple(notes), values, espace
    )


def _libre(profil: Profil) -> bool:
    return profil.nom not in PROFILS


def ligne(grid: Grid, row: int) -> list[Value]:
    """A row of the sheet by its 0-based number, empty outside."""
    index = row - grid.first_row
    return list(grid.rows[index]) if 0 <= index < len(grid.rows) else []


def largeur(grid: Grid) -> int:
    """How many columns the first rows of a sheet have; a long sheet is not gone through for it."""
    return max(map(len, islice(grid.rows, ECHANTILLON)), default=0)


def entetes(grid: Grid, row: int, bornes: Bornes = None) -> list[Value]:
    """The headers of a row as :func:`_entetes` reads them; empty outside ``bornes``, where other tables stand."""
    cells = _entetes(grid, row)
    if bornes is None:
        return cells
    first, after = bornes
    return [value if first <= index < after else None for index, value in enumerate(cells)]


def _entetes(grid: Grid, row: int) -> list[Value]:
    """The headers of a row, each with the group that the row above gives it, if it has several (``Montants / Net``)."""
    cells = ligne(grid, row)
    above = ligne(grid, row - 1)
    if sum(1 for value in above if value not in (None, "")) < 2:
        return cells  # a title, not groups
    first = grid.first_column
    cells += [None] * (max([len(above), *(m[3] - first + 1 for m in grid.merged if m[0] == row - 1)]) - len(cells))
    for r1, c1, r2, c2 in grid.merged:
        if not row - 1 <= r2 <= row or r1 > row - 1 or c1 < first:
            continue
        if r1 < row <= r2 and c1 - first < len(cells) and cells[c1 - first] is None:
            cells[c1 - first] = grid.value(r1, c1)
        group = shown(grid.value(r1, c1)).strip() if r1 == r2 == row - 1 and c1 < c2 else ""
        for index in range(c1 - first, min(c2 - first + 1, len(cells))):
            if group and (own := shown(cells[index]).strip()):
                cells[index] = f"{group}{GROUPE}{own}"
    return cells


def exercice_du_titre(grid: Grid, entete: int, fichier: str) -> tuple[int, str] | None:
    """The one year that the title lines say, else the name of the sheet, else that of the file; and where."""
    titles = [
        (shown(value), grid.address(row, grid.first_column + j))
        for row in range(grid.first_row, min(entete, grid.first_row + TITRES))
        for j, value in enumerate(ligne(grid, row))
        if isinstance(value, str)
    ]
    places = [[(text, f"lu dans le titre, {cell}") for text, cell in titles]]
    places += [[(grid.name, "lu dans le nom de la feuille")], [(fichier, "lu dans le nom du fichier")]]
    for texts in places:
        years = {int(y): where for text, where in texts for y in _YEAR.findall(_DAY.sub("", text))}
        if len(years) == 1:
            return next(iter(years.items()))
        if years:
            return None
    return None


def ressemble_a_un_code(value: Value) -> bool:
    """Whether a cell holds a destination code that could not be a mere number or an address."""
    if not isinstance(value, str) or not re.match(r"\s*(MI\s*\d|BA\s*-\s*PAI|\d\s*[-.]\s*\d)", value, re.IGNORECASE):
        return False
    return code_destination(value) is not None
