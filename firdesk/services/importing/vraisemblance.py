"""What is possible and yet unlikely in the lines of a file: amounts below zero, dates far from their campagne.

Warns, and asks only where the rest of the file makes a mistake likely; refuses nothing by itself.
"""

from collections.abc import Sequence
from datetime import date

from firdesk.domain.identifiants import departement_du_code_postal
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.lu import ALERTE, REJETER, REPARATION
from firdesk.services.importing.plan import NATURES, LigneLue
from firdesk.sheets.packed import Packed

#: The question about amounts below zero.
NEGATIFS = "negatifs"
IMPORTER = "importer"
_AMOUNTS = tuple(NATURES)
#: A few amounts below zero among this many above, or this share of them, look like a mistake.
_ASSEZ, _PEU = 10, 0.05
_CHOIX = ((IMPORTER, "Importer tels quels"), (REJETER, "Rejeter ces lignes"))
_DETAIL = "Tous les autres montants sont positifs : un retrait, ou un signe de trop ?"


def negatif(ligne: LigneLue) -> str:
    """The first column whose amount is below zero, empty when there is none."""
    for champ, value in zip(_AMOUNTS, ligne[-1 - len(_AMOUNTS) : -1], strict=True):
        if isinstance(value, int) and value < 0:
            return champ
    return ""


def rejette_les_negatifs(constats: Constats) -> bool:
    """Whether the user chose to reject the lines with an amount below zero."""
    return constats.decisions.get(NEGATIFS) == REJETER


def ecarte(ligne: LigneLue, constats: Constats) -> bool:
    """Reject a line with an amount below zero where the user chose so."""
    if not rejette_les_negatifs(constats) or not (champ := negatif(ligne)):
        return False
    _ask(constats, ligne.numero, champ)
    constats.rejeter(ligne.numero, champ, "un montant positif", "Montant négatif, rejeté comme demandé.")
    return True


def dire(lignes: Packed[LigneLue], constats: Constats) -> None:
    """Say what is unlikely in the lines kept, and ask about a few amounts below zero among many above."""
    below: list[tuple[int, str]] = []
    lines = 0
    for bunch in lignes.bunches():
        lines += len(bunch)
        if not douteuses(bunch):
            continue
        for x in bunch:
            if champ := negatif(x):
                below.append((x.numero, champ))
                remede = "Montant négatif importé tel quel : vérifier qu'il s'agit d'un retrait."
                constats.grouper(ALERTE, x.numero, champ, "un montant positif", remede)
            if _loin(x.date_notification, x.campagne):
                day = date.fromisoformat(x.date_notification)
                remede = f"Le {day:%d/%m/%Y} est loin de la campagne {x.campagne} : date gardée, à vérifier."
                constats.grouper(ALERTE, x.numero, "date_notification", f"une date de {x.campagne}", remede)
    if below and lines - len(below) >= _ASSEZ and len(below) <= max(2, _PEU * lines):
        for number, champ in below:
            _ask(constats, number, champ)


def douteuses(lignes: Sequence[LigneLue]) -> bool:
    """Whether there is anything to say of these lines."""
    amounts = [[getattr(x, champ) for x in lignes] for champ in _AMOUNTS]
    if any(min((cents for cents in column if isinstance(cents, int)), default=0) < 0 for column in amounts):
        return True
    return any(_loin(day, annee) for day, annee in {(x.date_notification, x.campagne) for x in lignes})


def _loin(day: str, annee: int) -> bool:
    return bool(day) and abs(int(day[:4]) - annee) > 1


def situer(ligne: LigneLue, constats: Constats) -> LigneLue:
    """The département of the column, or of the postal code where the user says so: asked when the two disagree."""
    own, code = ligne.departement, ligne.code_postal
    postal = departement_du_code_postal(code) if own and code else None
    if not postal or postal == own:
        return ligne
    titre = f"Département {own} et code postal {code} ne s'accordent pas"
    choix = (("colonne", f"{own}, celui de la colonne"), ("postal", f"{postal}, celui du code postal"))
    ident, detail = f"lieu:{own} {code}", "L'un des deux est faux."
    answer = constats.demander(ligne.numero, "code_postal", ident, titre, detail, choix, "colonne")
    if answer == "postal":
        constats.grouper(REPARATION, ligne.numero, "code_postal", f"« {own} »", f"Département {postal}, comme choisi.")
        return ligne._replace(departement=postal)
    constats.grouper(ALERTE, ligne.numero, "code_postal", f"un code postal du {own}", f"Département {own} gardé.")
    return ligne


def _ask(constats: Constats, number: int, champ: str) -> None:
    constats.demander(number, champ, NEGATIFS, "Quelques montants négatifs", _DETAIL, _CHOIX, IMPORTER)
