"""What an SCDL file does not say, asked once for all its lines, and what its format asks of each line.

The format has no destination: one is typed for the file, unless « dispositifAide » holds a code.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from firdesk.domain import identifiants
from firdesk.domain.operateur import sans_accents
from firdesk.services.importing import lecture
from firdesk.services.importing.champs import Genre
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.lecture import ALERTE, Lu
from firdesk.services.importing.lignes import Rangees
from firdesk.services.importing.litiges import Litige, below
from firdesk.services.importing.lu import REJETER
from firdesk.services.importing.plan import Question
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.importing.reglages import Reglages
from firdesk.sheets.cell import Value, shown

DESTINATION = "destination"
_NATURES = {"aide en numeraire", "aide en nature"}
_PERIODE = re.compile(r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?")


def destiner(table: Reconnu, reglages: Reglages) -> Reconnu:
    """The table with the destination typed for its lines, or with the question that asks for it."""
    if "mesure3" in table.constantes:
        return table
    lacking = dict(_sans_code(table))
    if not lacking:
        return table
    answer = reglages.decisions.get(DESTINATION, "")
    read = lecture.destination(answer.removeprefix("=")) if answer else None
    code = None if isinstance(read, Lu) else read
    detail = "Ce format ne la donne pas : écrire celle de toutes les lignes ; le thème et la mission suivent."
    count = len(lacking)
    question = Question(
        DESTINATION,
        f"Destination de {count} ligne{'s' if count > 1 else ''}",
        detail,
        count,
        (),
        "",
        answer if code or answer == REJETER else "",
        saisie=True,
        groupe="Destination du fichier",
        relecture=Genre.DESTINATION,
    )
    asked = replace(table, questions=(*table.questions, question))
    if code is not None:
        return replace(asked, constantes={**table.constantes, "mesure3": code})
    remede = "Donner la destination du fichier, ou écrire un code dans « dispositifAide »."
    litige = Litige(DESTINATION, ("=",), "mesure3", "un code de destination (MI2-3-8)", remede)
    silent = {number: litige for number, text in lacking.items() if not text}
    return replace(asked, litiges={**silent, **table.litiges})


def _sans_code(table: Reconnu) -> list[tuple[int, str]]:
    """The rows whose « dispositifAide » holds no code, with what it holds."""
    place, amount = table.positions.get("mesure3"), table.positions["notifie"]
    reader = lecture.READERS[Genre.CODE_POSSIBLE]
    found = []
    for number, raw in below(table.grid, table.ligne_entete, table.fin):
        row = table.lue(number, raw)
        value = row[place] if place is not None and place < len(row) else None
        if amount < len(row) and row[amount] not in (None, "") and reader(value) is None:
            found.append((number, shown(value).strip()))
    return found


def verifier(table: Reconnu, rows: Rangees, constats: Constats) -> None:
    """Say where a line is not what the format asks; nothing is refused for it."""
    checks = [(code, table.positions[code], *check) for code, check in _CHECKS.items() if code in table.positions]
    for number, row in rows:
        for code, place, good, attendu, remede in checks:
            value = row[place] if place < len(row) else None
            if not good(value):
                constats.grouper(ALERTE, number, code, attendu, remede)
        who = [row[i] for c in ("siret", "identifiant") if (i := table.positions.get(c)) is not None and i < len(row)]
        if not any(shown(v).strip() for v in who):
            remede = "Opérateur reconnu à son nom seul : le vérifier."
            constats.grouper(ALERTE, number, "siret", "un SIRET ou un numéro RNA", remede)


def _text(value: Value) -> str:
    return " ".join(shown(value).split())


def _nature(value: Value) -> bool:
    parts = [sans_accents(part.strip()) for part in _text(value).split(";")]
    return bool(parts) and all(part in _NATURES for part in parts)


def _part(value: Value) -> bool:
    try:
        return 0.01 <= float(_text(value).replace(",", ".")) <= 1
    except ValueError:
        return False


_KEPT = "Gardé tel quel : vérifier avec l'organisme qui publie."
_CHECKS: dict[str, tuple[Callable[[Value], bool], str, str]] = {
    "attribuant": (lambda v: identifiants.siret_valide(identifiants.compact(_text(v))), "un SIRET", _KEPT),
    "identifiant": (lambda v: not _text(v) or identifiants.rna_valide(_text(v)), "W et neuf chiffres", _KEPT),
    "action": (lambda v: 0 < len(_text(v)) <= 256, "un objet de 256 caractères au plus", _KEPT),
    "nature": (_nature, "« aide en numéraire », « aide en nature », ou les deux séparées par ;", _KEPT),
    "conditions": (lambda v: 0 < len(_text(v)) <= 256, "les conditions en 256 caractères au plus", _KEPT),
    "periode": (lambda v: bool(_PERIODE.fullmatch(_text(v))), "AAAA-MM-JJ, ou deux dates séparées par /", _KEPT),
    "rae": (lambda v: len(_text(v)) <= 5, "cinq caractères au plus", _KEPT),
    "notification_ue": (lambda v: _text(v).lower() in ("oui", "non"), "« oui » ou « non »", _KEPT),
    "part": (_part, "une part entre 0,01 et 1", "Une part, pas un pourcentage : 0,5 pour la moitié."),
}
